/* The listing: external symbol dictionary, source and object code, relocation dictionary,
 * cross-reference, and what was wrong. */
#include "cms/asm/internal.h"

#define SOURCE_COLUMN 40 /* where the statement begins, with the carriage control in 0 */

static void put(struct assembler *a, const char *line)
{
    if (a->options->list)
        a->host->list(a->host->context, line);
}

static void heading(struct assembler *a, const char *columns)
{
    char line[ASM_LINE + 1];

    a->page++;
    fmt(line, sizeof(line), "1%-8s%-86.86s PAGE %4u", a->deck, a->title, a->page);
    put(a, line);
    fmt(line, sizeof(line), "0%s", columns);
    put(a, line);
    put(a, " ");
    a->line = 4;
}

static const char columns_source[] = "  LOC  OBJECT CODE    ADDR1 ADDR2  STMT   SOURCE STATEMENT";

static void put_line(struct assembler *a, const char *line, const char *columns)
{
    if (!a->options->list)
        return;
    if (!a->page || a->line >= a->options->lines)
        heading(a, columns);
    put(a, line);
    a->line++;
}

void asm_eject(struct assembler *a)
{
    a->line = a->options->lines;
}

void asm_space(struct assembler *a, unsigned lines)
{
    if (!(a->print & PRINT_ON))
        return;
    for (unsigned i = 0; i < lines && a->line < a->options->lines; i++)
        put_line(a, " ", columns_source);
}

void asm_list_title(struct assembler *a, struct slice text)
{
    memset(a->title, 0, sizeof(a->title));
    memcpy(a->title, text.at, text.length < sizeof(a->title) ? text.length : sizeof(a->title) - 1);
    asm_eject(a);
}

static void hex(char *to, uint32_t value, unsigned digits)
{
    char text[12];

    fmt(text, sizeof(text), "%08X", value);
    memcpy(to, text + 8 - digits, digits);
}

/* Location, code and addresses, up to the source. */
static void left_half(struct assembler *a, const struct record *r, char *line, bool code_only)
{
    static const char digits[] = "0123456789ABCDEF";
    bool is_data = !r || !r->code || r->code->kind != OP_MACHINE;
    unsigned at = 8, n = a->listed_length < 8 ? a->listed_length : 8;

    memset(line, ' ', SOURCE_COLUMN);
    for (unsigned i = 0; i < n; i++) {
        line[at++] = digits[a->listed[i] >> 4];
        line[at++] = digits[a->listed[i] & 15];
        if (!is_data && i % 2 && i < 5)
            at++;
    }
    if (code_only)
        return;
    if (a->has_address1)
        hex(line + 23, a->address1, 5);
    if (a->has_address2)
        hex(line + 29, a->address2, 5);
    if (r && (r->flags & R_VALUE))
        hex(line + 28, r->value, 6);
}

static bool has_location(const struct record *r)
{
    if (!r->code)
        return false;
    if (r->code->kind == OP_MACHINE)
        return true;
    switch (r->code->code) {
    case D_CSECT:
    case D_START:
    case D_DSECT:
    case D_COM:
    case D_DC:
    case D_DS:
    case D_CCW:
    case D_CNOP:
    case D_LTORG:
    case D_ORG:
        return r->section != NULL;
    default:
        return false;
    }
}

/* A generated statement's fields in the usual columns. */
static void generated(const struct record *r, char *text, size_t size)
{
    fmt(text, size, "%-8.*s %-5.*s %.*s", (int)r->label.length, r->label.at,
        (int)r->operation.length, r->operation.at, (int)r->operands.length, r->operands.at);
}

/* The code of a long constant so far, when PRINT DATA is on. */
void asm_list_data(struct assembler *a)
{
    char line[ASM_LINE + 1];
    struct record *r = a->record;

    if (!(a->print & PRINT_ON) || (r->flags & R_SILENT)) {
        a->listed_length = 0;
        return;
    }
    if (!a->listed_before) {
        a->listed_before = true;
        asm_list_statement(a, r);
    } else {
        left_half(a, r, line, true);
        hex(line + 1, a->listed_location, 6);
        line[8 + 16] = 0;
        put_line(a, line, columns_source);
    }
    a->listed_location += a->listed_length;
    a->listed_length = 0;
}

static void source_lines(struct assembler *a, const struct record *r, char *line)
{
    char text[2 * TEXT_MAX];
    const struct line *card = r->line;

    if (!card) {
        generated(r, text, sizeof(text));
        size_t length = strlen(text);
        for (size_t at = 0;; at += 56) { /* continued in column 16, as on cards */
            unsigned first = at ? 15 : 0, width = at ? 56 : 71;
            fmt(line + SOURCE_COLUMN + first, ASM_LINE - SOURCE_COLUMN - first, "%.*s", (int)width,
                text + at);
            put_line(a, line, columns_source);
            if (!at)
                at = 15;
            memset(line, ' ', SOURCE_COLUMN + 15);
            if (at + 56 >= length)
                return;
        }
    }
    for (unsigned i = 0; i < r->cards && card; i++, card = card->next) {
        fmt(line + SOURCE_COLUMN, ASM_LINE - SOURCE_COLUMN, "%.*s", (int)card->length, card->text);
        put_line(a, line, columns_source);
        memset(line, ' ', SOURCE_COLUMN);
    }
}

void asm_list_statement(struct assembler *a, const struct record *r)
{
    char line[ASM_LINE + 1], number[8];

    memset(line, 0, sizeof(line));
    left_half(a, r, line, false);
    if (has_location(r))
        hex(line + 1, r->section->origin + r->location, 6);
    fmt(number, sizeof(number), "%5u", r->number);
    memcpy(line + 34, number, 5);
    line[39] = r->flags & R_GENERATED ? '+' : ' ';
    source_lines(a, r, line);
}

static void diagnostics(struct assembler *a, const struct record *r)
{
    char text[VALUE_MAX + 100], line[ASM_LINE + 1], shown[300];

    if (!r->errors)
        return;
    a->result->flagged++;
    if (r->line)
        fmt(shown, sizeof(shown), "%5u %.*s", r->number, (int)r->line->length, r->line->text);
    else {
        generated(r, text, sizeof(text));
        fmt(shown, sizeof(shown), "%5u+%.*s", r->number, 80, text);
    }
    a->host->type(a->host->context, shown);
    for (const struct diagnostic *d = r->errors; d; d = d->next) {
        asm_message_text(d, text, sizeof(text));
        a->host->type(a->host->context, text);
        fmt(line, sizeof(line), "  *** %.100s", text);
        put_line(a, line, columns_source);
    }
}

static bool is_listing_control(const struct record *r)
{
    return r->code && r->code->kind == OP_ASSEMBLER && !r->errors &&
           (r->code->code == D_TITLE || r->code->code == D_EJECT || r->code->code == D_SPACE);
}

void asm_list_record(struct assembler *a, const struct record *r)
{
    bool silent = (r->flags & R_SILENT) && !r->errors;

    if (!silent && !is_listing_control(r)) {
        if (!a->listed_before)
            asm_list_statement(a, r);
        else if (a->listed_length)
            asm_list_data(a);
    }
    diagnostics(a, r);
}

void asm_list_literal(struct assembler *a, const struct record *r, const struct literal *l)
{
    char line[ASM_LINE + 1];

    if (!(a->print & PRINT_ON))
        return;
    memset(line, 0, sizeof(line));
    a->has_address1 = a->has_address2 = false;
    left_half(a, NULL, line, false);
    hex(line + 1, l->section->origin + l->location, 6);
    fmt(line + SOURCE_COLUMN, ASM_LINE - SOURCE_COLUMN, "               =%.*s", (int)l->text.length,
        l->text.at);
    put_line(a, line, columns_source);
}

void asm_list_esd(struct assembler *a)
{
    static const char *const names[] = {[SECTION_CSECT] = "SD",
                                        [SECTION_PRIVATE] = "PC",
                                        [SECTION_COMMON] = "CM",
                                        [SECTION_EXTERN] = "ER",
                                        [SECTION_WEAK] = "WX"};
    static const char head[] = " SYMBOL   TYPE  ID   ADDR  LENGTH LDID";
    char line[ASM_LINE + 1];

    if (!a->options->esd)
        return;
    for (const struct section *s = a->sections; s; s = s->next) {
        if (!s->esdid)
            continue;
        if (s->kind == SECTION_EXTERN || s->kind == SECTION_WEAK)
            fmt(line, sizeof(line), "  %-8s  %s  %04X", s->name, names[s->kind], s->esdid);
        else
            fmt(line, sizeof(line), "  %-8s  %s  %04X %06X %06X", s->name, names[s->kind], s->esdid,
                s->origin, s->end);
        put_line(a, line, head);
    }
    for (const struct symbol *s = a->entries; s; s = s->entry_next) {
        if (!s->defined || !s->section)
            continue;
        fmt(line, sizeof(line), "  %-8s  LD       %06X        %04X", s->name,
            s->section->origin + s->value, s->section->esdid);
        put_line(a, line, head);
    }
    asm_eject(a);
}

static void list_relocations(struct assembler *a)
{
    static const char head[] = " POS.ID  REL.ID  FLAGS  ADDRESS";
    char line[ASM_LINE + 1];

    if (!a->options->rld || !a->object.relocations)
        return;
    asm_eject(a);
    for (const struct relocation *r = a->object.relocations; r; r = r->next) {
        fmt(line, sizeof(line), "   %04X    %04X    %02X    %06X", r->p, r->r, r->flags,
            r->address);
        put_line(a, line, head);
    }
}

/* Merge sort of a list of symbols, by name. */
static struct symbol *sort(struct symbol *list)
{
    struct symbol *half = list, *sorted = NULL, **last = &sorted;

    if (!list || !list->entry_next)
        return list;
    for (struct symbol *fast = list->entry_next; fast && fast->entry_next;
         fast = fast->entry_next->entry_next)
        half = half->entry_next;
    struct symbol *right = half->entry_next;
    half->entry_next = NULL;
    struct symbol *left = sort(list);
    right = sort(right);
    while (left || right) {
        struct symbol **from =
            !right || (left && strcmp(left->name, right->name) <= 0) ? &left : &right;
        *last = *from;
        *from = (*from)->entry_next;
        last = &(*last)->entry_next;
    }
    *last = NULL;
    return sorted;
}

static void list_symbols(struct assembler *a)
{
    static const char head[] = " SYMBOL    LEN    VALUE   DEFN   REFERENCES";
    char line[ASM_LINE + 1];
    struct symbol *all = NULL;

    if (!a->options->xref)
        return;
    for (unsigned i = 0; i < HASH_SIZE; i++)
        for (struct symbol *s = a->symbols[i]; s; s = s->next)
            if (s->defined && (a->options->xref_all || s->references)) {
                s->entry_next = all; /* the entry list has served */
                all = s;
            }
    if (!all)
        return;
    asm_eject(a);
    for (struct symbol *s = sort(all); s; s = s->entry_next) {
        size_t n = fmt(line, sizeof(line), "  %-8s %5u %08X %5u  ", s->name, s->length,
                       s->value + (s->section ? s->section->origin : 0), s->statement);
        for (const struct reference *r = s->references; r; r = r->next) {
            if (n > 110) {
                put_line(a, line, head);
                n = fmt(line, sizeof(line), "%33s", "");
            }
            n += fmt(line + n, sizeof(line) - n, " %5u", r->statement);
        }
        put_line(a, line, head);
    }
}

void asm_list_end(struct assembler *a)
{
    char line[ASM_LINE + 1];

    list_relocations(a);
    list_symbols(a);
    asm_eject(a);
    if (a->result->flagged)
        fmt(line, sizeof(line), " %u STATEMENT%s FLAGGED IN THIS ASSEMBLY, %d WAS HIGHEST SEVERITY",
            a->result->flagged, a->result->flagged == 1 ? "" : "S", a->result->severity);
    else
        fmt(line, sizeof(line), " NO STATEMENTS FLAGGED IN THIS ASSEMBLY");
    put_line(a, line, "                    DIAGNOSTICS AND STATISTICS");
    a->host->type(a->host->context, line + 1);
    fmt(line, sizeof(line), " %u CARDS READ, %u MEMBERS, %u STATEMENTS", a->result->cards,
        a->result->members, a->result->statements);
    put_line(a, line, "");
}

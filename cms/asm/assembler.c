/* The assembler's two passes. */
#include "cms/asm/internal.h"

void asm_default_options(struct asm_options *options)
{
    memset(options, 0, sizeof(*options));
    options->list = options->esd = options->rld = options->xref = true;
    options->deck = options->align = options->statement_numbers = true;
    options->upper = true;
    options->lines = 55;
    str_copy(options->date, "01/01/00", sizeof(options->date));
    str_copy(options->time, "00.00", sizeof(options->time));
}

/* A new numbered statement; it becomes the current one. */
struct record *asm_record(struct assembler *a, const struct statement *s,
                          const struct operation *code)
{
    struct record *r = asm_alloc(a, sizeof(*r));

    r->number = ++a->number;
    r->line = s->line;
    r->cards = (uint16_t)s->cards;
    r->label = s->label;
    r->operation = s->operation;
    r->operands = s->operands;
    r->remark = s->remark;
    r->code = code;
    r->section = a->current;
    r->location = a->current ? a->current->location : 0;
    r->errors = a->orphan.errors; /* what reading it brought up */
    a->orphan.errors = NULL;
    if (a->call->macro)
        r->flags |= R_GENERATED;
    *a->last = r;
    a->last = &r->next;
    a->record = r;
    return r;
}

/* The field with its variable symbols replaced. */
static bool generate(struct assembler *a, struct slice *field, unsigned size)
{
    unsigned length;
    char *to = a->scratch[1];

    if (!memchr(field->at, '&', field->length))
        return true;
    bool good = asm_substitute(a, *field, to, size, &length);
    *field = asm_keep(a, to, length);
    return good;
}

static void note(struct assembler *a, struct statement *s)
{
    struct slice rest, operand;
    int32_t severity = 1;
    bool is_comment = false;
    char text[VALUE_MAX + 1];
    unsigned n = 0;

    asm_record(a, s, NULL);
    if (!generate(a, &s->operands, TEXT_MAX))
        return;
    a->record->operands = s->operands;
    a->record->line = a->call->macro ? NULL : s->line;
    rest = s->operands;
    asm_operand(&rest, &operand);
    if (rest.at) {
        const char *p = operand.at;
        is_comment = slice_is(operand, "*");
        if (!operand.length)
            severity = 1;
        else if (!is_comment && !asm_self_defining(a, &p, p + operand.length, &severity))
            asm_error(a, M_BAD_FIELD, operand);
        operand = rest;
    }
    for (unsigned i = 1; i + 1 < operand.length && n < VALUE_MAX; i++) {
        text[n++] = operand.at[i];
        if ((operand.at[i] == '\'' || operand.at[i] == '&') && operand.at[i + 1] == operand.at[i])
            i++;
    }
    if (operand.length < 2 || operand.at[0] != '\'')
        asm_error(a, M_SYNTAX, operand);
    asm_note(a, (unsigned)severity, is_comment, text, n);
}

/* The operations of the macro language.  True if it was one. */
static bool language(struct assembler *a, struct statement *s, const struct operation *code)
{
    if (!code || code->kind != OP_ASSEMBLER || code->code < D_MACRO)
        return false;
    if (code->code == D_MNOTE) {
        note(a, s);
        return true;
    }
    struct record *before = a->record;
    if (!a->call->macro)
        asm_record(a, s, NULL);
    else
        a->record = NULL; /* it gets a line of the listing only if something is wrong with it */
    switch (code->code) {
    case D_MACRO:
        asm_define_macro(a, a->call->macro ? NULL : &a->next_line, a->call->macro != NULL);
        break;
    case D_MEND:
    case D_MEXIT:
        if (a->call->macro)
            asm_end_macro(a);
        else
            asm_error_text(a, M_ORDER, "");
        break;
    default:
        asm_conditional(a, s, (enum directive)code->code);
    }
    if (!a->record && a->orphan.errors)
        asm_record(a, s, NULL)->line = NULL;
    else if (!a->record)
        a->record = before;
    return true;
}

static void machine(struct assembler *a, struct record *r)
{
    asm_align(a, 2);
    struct section *s = asm_current(a);
    r->section = s;
    r->location = s->location;
    r->size = asm_instruction_size(r->code);
    asm_define(a, r->label, r->location, s, r->size, 'I');
    asm_find_literals(a, r->operands);
    r->pool = a->pool;
    asm_advance(a, r->size);
}

/* A statement of the program proper: a machine or assembler instruction or a macro call. */
static void ordinary(struct assembler *a, struct statement *s, const struct operation *code)
{
    struct statement g = *s;
    bool generated = a->call->macro != NULL || memchr(s->label.at, '&', s->label.length) ||
                     memchr(s->operation.at, '&', s->operation.length);
    struct record *r = asm_record(a, s, NULL);

    bool good = generate(a, &g.label, TEXT_MAX) && generate(a, &g.operation, TEXT_MAX) &&
                generate(a, &g.operands, TEXT_MAX);
    r->label = g.label;
    r->operation = g.operation;
    r->operands = g.operands;
    if (generated || g.operands.at != s->operands.at)
        r->line = NULL;
    if (a->call->macro && g.label.length && g.label.at[0] == '.')
        r->label = g.label = (struct slice){"", 0};
    if (!good)
        return;
    if (!code)
        code = asm_operation(a, g.operation);
    if (!code && asm_library_macro(a, g.operation))
        code = asm_operation(a, g.operation);
    if (!code || (code->kind == OP_ASSEMBLER && code->code >= D_MACRO)) {
        asm_error(a, M_UNDEFINED_OPERATION, g.operation);
        return;
    }
    if (code->kind == OP_MACRO) {
        if (g.label.length && g.label.at[0] == '.')
            g.label.length = 0;
        asm_call_macro(a, code->macro, g.label, g.operands);
        return;
    }
    r->code = code;
    if (code->kind == OP_MACHINE)
        machine(a, r);
    else
        asm_directive(a, r);
}

static bool next(struct assembler *a, struct statement *s, const struct operation **code)
{
    *code = NULL;
    while (a->call->macro) {
        struct model *m = a->call->at;
        if (m) {
            *s = m->statement;
            *code = m->code;
            a->call->at = m->next;
            return true;
        }
        asm_end_macro(a);
    }
    a->record = NULL;
    return asm_read_statement(a, &a->next_line, s);
}

static void first_pass(struct assembler *a)
{
    struct statement s;
    const struct operation *code;

    while (!a->ended && asm_room(a, ASM_RESERVE) && next(a, &s, &code)) {
        if (s.comment || s.macro_comment) {
            asm_record(a, &s, NULL);
            continue;
        }
        if (!code && !memchr(s.operation.at, '&', s.operation.length))
            code = asm_operation(a, s.operation);
        if (!s.operation.length) {
            asm_record(a, &s, NULL);
            asm_error_text(a, M_UNDEFINED_OPERATION, "");
        } else if (!language(a, &s, code)) {
            ordinary(a, &s, code);
        }
    }
    if (a->ended || a->out_of_storage)
        return;
    struct slice end = {"END", 3};
    memset(&s, 0, sizeof(s));
    s.label.at = s.operands.at = s.remark.at = "";
    s.operation = end;
    struct record *r = asm_record(a, &s, asm_operation(a, end));
    asm_error_text(a, M_NO_END, "");
    asm_directive(a, r);
}

/* Sections lie behind each other, on doublewords, from START's operand on. */
static void place_sections(struct assembler *a)
{
    uint32_t at = a->start;

    for (struct section *s = a->sections; s; s = s->next)
        if (s->kind == SECTION_CSECT || s->kind == SECTION_PRIVATE) {
            s->origin = at;
            at = (at + s->end + 7) & ~7u;
        }
}

static bool precedes_text(const struct record *r)
{
    if (!r->code)
        return true;
    switch (r->code->kind == OP_ASSEMBLER ? r->code->code : D_END) {
    case D_PUNCH:
    case D_REPRO:
    case D_TITLE:
    case D_PRINT:
    case D_EJECT:
    case D_SPACE:
        return true;
    default:
        return false;
    }
}

static void second_pass(struct assembler *a)
{
    bool started = false;

    for (struct record *r = a->first; r; r = r->next) {
        a->record = r;
        a->listed_length = 0;
        a->listed_before = a->has_address1 = a->has_address2 = false;
        if (!(a->print & PRINT_ON) || ((r->flags & R_GENERATED) && !(a->print & PRINT_GEN)))
            if (!r->errors)
                r->flags |= R_SILENT;
        if (!started && !precedes_text(r)) {
            asm_object_start(a);
            started = true;
        }
        a->current = r->section;
        if (r->section) {
            r->section->location = r->location;
            a->listed_location = r->section->origin + r->location;
        }
        if (r->code && r->code->kind == OP_MACHINE)
            asm_instruction(a, r);
        else if (r->code && r->code->kind == OP_ASSEMBLER)
            asm_emit_directive(a, r);
        asm_list_record(a, r);
        if (r->pool && (r->code->code == D_LTORG || r->code->code == D_END) &&
            r->code->kind == OP_ASSEMBLER)
            asm_emit_literals(a, r);
    }
}

static void check_entries(struct assembler *a)
{
    for (struct symbol *s = a->entries; s; s = s->entry_next) {
        if (s->defined && s->section && s->section->esdid && s->section->kind <= SECTION_PRIVATE)
            continue;
        a->record = a->first;
        asm_error(a, M_ENTRY, (struct slice){s->name, (unsigned)strlen(s->name)});
    }
}

int assemble(const struct asm_host *host, const struct asm_options *options,
             struct asm_result *result)
{
    struct assembler *a = host->memory(host->context, sizeof(*a));

    memset(result, 0, sizeof(*result));
    if (!a)
        return result->severity = 16;
    memset(a, 0, sizeof(*a));
    a->host = host;
    a->options = options;
    a->result = result;
    a->last = &a->first;
    a->next_line = a->last_line = &a->lines;
    a->last_entry = &a->entries;
    a->call = &a->open;
    a->open.actr = ACTR_DEFAULT;
    a->begin = 1;
    a->end = 71;
    a->resume = 16;
    a->print = PRINT_ON | PRINT_GEN;
    a->pool = asm_alloc(a, sizeof(*a->pool));
    asm_operations(a);
    if (!a->out_of_storage)
        first_pass(a);
    result->statements = a->number;
    if (!a->out_of_storage) {
        a->second = true;
        place_sections(a);
        check_entries(a);
        asm_list_esd(a);
        second_pass(a);
        if (!a->out_of_storage) {
            asm_object_end(a);
            asm_list_end(a);
        }
    }
    if (a->out_of_storage)
        result->severity = 16;
    return result->severity;
}

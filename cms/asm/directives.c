/* Assembler instructions: what the first pass does for each (places, symbols, sections). */
#include "cms/asm/internal.h"

static void section_start(struct assembler *a, struct record *r, enum section_kind kind)
{
    struct slice name = r->label;

    if (name.length && name.at[0] == '.')
        name.length = 0;
    if (name.length && !asm_is_symbol(name)) {
        asm_error(a, M_INVALID_SYMBOL, name);
        return;
    }
    if (!name.length && kind == SECTION_DSECT) {
        asm_error_text(a, M_NO_LABEL, "");
        return;
    }
    if (!name.length && kind == SECTION_CSECT)
        kind = SECTION_PRIVATE;
    struct symbol *s = name.length ? asm_symbol(a, name, true) : NULL;
    if (s && s->defined && !(s->type == 'J' && s->section && s->section->kind == kind)) {
        asm_error(a, M_SECTION, name);
        return;
    }
    struct section *section = asm_section(a, name, kind);
    asm_enter_section(a, section);
    r->section = section;
    r->location = section->location;
    if (s && !s->defined)
        asm_define(a, name, 0, section, 1, 'J');
}

static void start(struct assembler *a, struct record *r)
{
    const char *p = r->operands.at, *end = p + r->operands.length;
    int32_t origin = 0;

    for (const struct section *s = a->sections; s; s = s->next)
        if (s->kind == SECTION_CSECT || s->kind == SECTION_PRIVATE) {
            asm_error_text(a, M_ORDER, "");
            break;
        }
    if (p < end && asm_absolute(a, &p, end, &origin) && origin >= 0 && origin <= 0xffffff)
        a->start = ((uint32_t)origin + 7) & ~7u;
    section_start(a, r, SECTION_CSECT);
}

static void entries(struct assembler *a, struct slice rest)
{
    struct slice name;

    while (asm_operand(&rest, &name) && asm_room(a, ASM_RESERVE)) {
        if (!asm_is_symbol(name)) {
            asm_error(a, M_INVALID_SYMBOL, name);
            continue;
        }
        struct symbol *s = asm_symbol(a, name, true);
        if (s->entry)
            continue;
        s->entry = true;
        *a->last_entry = s;
        a->last_entry = &s->entry_next;
    }
}

static void externals(struct assembler *a, struct slice rest, enum section_kind kind)
{
    struct slice name;

    while (asm_operand(&rest, &name) && asm_room(a, ASM_RESERVE)) {
        if (!asm_is_symbol(name)) {
            asm_error(a, M_INVALID_SYMBOL, name);
            continue;
        }
        asm_define(a, name, 0, asm_section(a, name, kind), 1, kind == SECTION_WEAK ? '$' : 'T');
    }
}

/* NAME EQU value[,length[,type]] */
static void equate(struct assembler *a, struct record *r)
{
    struct slice rest = r->operands, operand;
    struct value v;
    int32_t length = 0, type = 0;
    const char *p;

    if (!asm_operand(&rest, &operand) || !operand.length) {
        asm_error_text(a, M_MISSING_OPERAND, "");
        return;
    }
    p = operand.at;
    a->previous_only = true;
    bool good = asm_expression(a, &p, operand.at + operand.length, &v) && !v.undefined;
    if (good && p != operand.at + operand.length)
        asm_error(a, M_SYNTAX, operand);
    if (good)
        length = (int32_t)v.length;
    if (good && asm_operand(&rest, &operand) && operand.length) {
        p = operand.at;
        good = asm_absolute(a, &p, operand.at + operand.length, &length);
    }
    if (good && asm_operand(&rest, &operand) && operand.length) {
        p = operand.at;
        if (operand.length > 3 && operand.at[0] == 'C' && operand.at[1] == '\'')
            type = operand.at[2];
        else
            good = asm_absolute(a, &p, operand.at + operand.length, &type);
    }
    a->previous_only = false;
    if (!good)
        return;
    struct section *section = asm_simple_section(&v);
    if (v.terms && !section) {
        asm_error(a, M_RELOCATABILITY, r->operands);
        return;
    }
    r->flags |= R_VALUE;
    r->value = (uint32_t)v.value;
    if (!r->label.length)
        asm_error_text(a, M_NO_LABEL, "");
    asm_define(a, r->label, (uint32_t)v.value - (section ? section->origin : 0), section,
               (uint32_t)length, type ? (char)type : 'U');
}

/* ORG [address]: in this section; alone behind everything there is in it. */
static void origin(struct assembler *a, struct record *r)
{
    struct section *s = asm_current(a);
    const char *p = r->operands.at, *end = p + r->operands.length;
    struct value v;

    asm_define(a, r->label, s->location, s, 1, 'U');
    if (p == end || *p == ',') {
        s->location = s->end;
    } else {
        a->previous_only = true;
        bool good = asm_expression(a, &p, end, &v) && !v.undefined;
        a->previous_only = false;
        if (!good)
            return;
        if (asm_simple_section(&v) != s || (uint32_t)v.value > 0xffffff) {
            asm_error_text(a, M_ORG, "");
            return;
        }
        s->location = (uint32_t)v.value;
        if (s->location > s->end)
            s->end = s->location;
    }
    r->flags |= R_VALUE;
    r->value = s->location;
}

/* CNOP byte,word: no-operations up to a place in a word or doubleword. */
static void conditional_no_operation(struct assembler *a, struct record *r)
{
    const char *p = r->operands.at, *end = p + r->operands.length;
    int32_t byte = 0, word = 0;

    a->previous_only = true;
    bool good = asm_absolute(a, &p, end, &byte) && p < end && *p++ == ',' &&
                asm_absolute(a, &p, end, &word);
    a->previous_only = false;
    if (!good || (word != 4 && word != 8) || byte % 2 || byte < 0 || byte >= word) {
        asm_error(a, M_BAD_FIELD, r->operands);
        return;
    }
    asm_align(a, 2);
    struct section *s = asm_current(a);
    r->location = s->location;
    asm_define(a, r->label, s->location, s, 1, 'I');
    while ((int32_t)(s->location & (uint32_t)(word - 1)) != byte && s->location < 0xfffff0)
        asm_advance(a, 2);
    r->size = s->location - r->location;
}

static void synonym(struct assembler *a, struct record *r)
{
    struct operation *to, *from = asm_operation(a, r->operands);

    if (!asm_is_symbol(r->label)) {
        asm_error_text(a, M_NO_LABEL, "");
        return;
    }
    if (r->operands.length && !from) {
        asm_error(a, M_UNDEFINED_OPERATION, r->operands);
        return;
    }
    to = asm_add_operation(a, r->label);
    struct operation *next = to->next;
    if (from) {
        struct operation copy = *from;
        memcpy(copy.name, to->name, sizeof(copy.name));
        *to = copy;
    } else { /* without operand the code is unknown from now on */
        memset(to->name, ' ', 1);
    }
    to->next = next;
}

/* ICTL begin[,end[,continue]] */
static void input_format(struct assembler *a, struct record *r)
{
    int32_t column[3] = {1, 71, 16};
    const char *p = r->operands.at, *end = p + r->operands.length;
    unsigned n = 0;
    bool good = true;

    while (good && n < 3 && p < end) {
        good = *p == ',' || asm_absolute(a, &p, end, &column[n]);
        n++;
        if (good && p < end)
            good = *p++ == ',';
    }
    if (n == 2 || column[1] == 80)
        column[2] = column[1] == 80 ? 0 : column[2];
    if (!good || column[0] < 1 || column[0] > 40 || column[1] < 41 || column[1] > 80 ||
        column[1] < column[0] + 5 || (column[2] && column[2] <= column[0]) || column[2] > 40) {
        asm_error(a, M_BAD_FIELD, r->operands);
        return;
    }
    a->begin = (uint8_t)column[0];
    a->end = (uint8_t)column[1];
    a->resume = (uint8_t)column[2];
}

/* ISEQ left,right; without operands checking ends. */
static void input_sequence(struct assembler *a, struct record *r)
{
    int32_t left = 0, right = 0;
    const char *p = r->operands.at, *end = p + r->operands.length;

    a->sequence_to = a->sequence[0] = 0;
    if (p == end)
        return;
    if (!asm_absolute(a, &p, end, &left) || p == end || *p++ != ',' ||
        !asm_absolute(a, &p, end, &right) || p != end || left < 1 || right < left ||
        right > ASM_CARD) {
        asm_error(a, M_BAD_FIELD, r->operands);
        return;
    }
    a->sequence_from = (uint8_t)left;
    a->sequence_to = (uint8_t)right;
}

static void end_of_program(struct assembler *a, struct record *r)
{
    a->ended = true;
    if (!a->pool->first)
        return;
    for (struct section *s = a->sections; s; s = s->next)
        if (s->kind == SECTION_CSECT || s->kind == SECTION_PRIVATE) {
            asm_enter_section(a, s);
            break;
        }
    asm_place_literals(a, r);
}

static void copy(struct assembler *a, struct record *r)
{
    if (a->call->macro)
        asm_error_text(a, M_EXECUTED, "COPY");
    else if (!asm_insert_member(a, a->next_line, r->operands))
        asm_error(a, M_NO_MEMBER, r->operands);
}

static void repro(struct assembler *a, struct record *r)
{
    struct line *line = asm_line(a, a->next_line);

    if (!line || a->call->macro) {
        asm_error_text(a, M_EXECUTED, "REPRO");
        return;
    }
    a->next_line = &line->next;
    r->remark = (struct slice){line->text, line->length};
}

static void title(struct assembler *a, struct record *r)
{
    if (r->label.length && r->label.at[0] != '.' && !a->deck[0])
        memcpy(a->deck, r->label.at, r->label.length < NAME_MAX_ ? r->label.length : NAME_MAX_);
}

/* Statements that take storage: alignment, and the name at the aligned place. */
static void storage(struct assembler *a, struct record *r)
{
    switch (r->code->code) {
    case D_DC:
    case D_DS:
        r->location = asm_current(a)->location;
        asm_define_constants(a, r->operands, r->code->code == D_DS, r->label);
        r->section = asm_current(a);
        r->size = r->section->location - r->location;
        break;
    case D_CCW:
        asm_align(a, 8);
        r->section = asm_current(a);
        r->location = r->section->location;
        asm_define(a, r->label, r->location, r->section, 8, 'W');
        asm_find_literals(a, r->operands);
        r->pool = a->pool;
        asm_advance(a, r->size = 8);
        break;
    case D_LTORG:
        asm_align(a, 8);
        asm_define(a, r->label, asm_current(a)->location, asm_current(a), 1, 'U');
        asm_place_literals(a, r);
        break;
    default:
        conditional_no_operation(a, r);
        r->section = asm_current(a);
    }
}

void asm_directive(struct assembler *a, struct record *r)
{
    switch (r->code->code) {
    case D_CSECT:
        section_start(a, r, SECTION_CSECT);
        break;
    case D_START:
        start(a, r);
        break;
    case D_DSECT:
        section_start(a, r, SECTION_DSECT);
        break;
    case D_COM:
        section_start(a, r, SECTION_COMMON);
        break;
    case D_ENTRY:
        entries(a, r->operands);
        break;
    case D_EXTRN:
        externals(a, r->operands, SECTION_EXTERN);
        break;
    case D_WXTRN:
        externals(a, r->operands, SECTION_WEAK);
        break;
    case D_USING: /* may name the location counter */
        r->section = asm_current(a);
        r->location = r->section->location;
        asm_define(a, r->label, r->location, r->section, 1, 'U');
        break;
    case D_EQU:
        equate(a, r);
        break;
    case D_ORG:
        origin(a, r);
        break;
    case D_DC:
    case D_DS:
    case D_CCW:
    case D_LTORG:
    case D_CNOP:
        storage(a, r);
        break;
    case D_TITLE:
        title(a, r);
        break;
    case D_REPRO:
        repro(a, r);
        break;
    case D_OPSYN:
        synonym(a, r);
        break;
    case D_ICTL:
        input_format(a, r);
        break;
    case D_ISEQ:
        input_sequence(a, r);
        break;
    case D_COPY:
        copy(a, r);
        break;
    case D_END:
        end_of_program(a, r);
        break;
    default: /* the listing's, and USING's: second pass */
        break;
    }
}

/* The statements of conditional assembly: declarations, SETx, branches. */
#include "cms/asm/internal.h"

static void declare(struct assembler *a, struct slice rest, enum directive d)
{
    static const struct {
        enum directive directive;
        enum variable_type type;
        bool global;
    } kinds[] = {{D_GBLA, VAR_A, true},  {D_GBLB, VAR_B, true},  {D_GBLC, VAR_C, true},
                 {D_LCLA, VAR_A, false}, {D_LCLB, VAR_B, false}, {D_LCLC, VAR_C, false}};
    struct slice operand;
    const char *name;
    size_t length;
    int32_t dimension = 0;
    unsigned k = 0, count;

    while (kinds[k].directive != d)
        k++;
    while (asm_operand(&rest, &operand) && !a->out_of_storage) {
        const char *p = operand.at, *end = p + operand.length;
        dimension = 0;
        if (p < end && *p == '&')
            p++;
        if (!asm_variable_name(&p, end, &name, &length) ||
            (p < end && *p == '(' && !asm_subscript(a, &p, end, &dimension, 1, &count)) ||
            p != end || dimension < 0 || dimension > ARRAY_MAX)
            asm_error(a, M_VARIABLE, operand);
        else
            asm_declare(a, name, length, kinds[k].type, (unsigned)dimension, kinds[k].global);
    }
}

/* The variable in a SETx statement's name field, and which element of it. */
static struct variable *target(struct assembler *a, struct slice label, enum variable_type type,
                               uint32_t *index)
{
    const char *p = label.at, *end = p + label.length, *name;
    size_t length;
    int32_t subscript = 1;
    unsigned count;

    if (p == end || *p++ != '&' || !asm_variable_name(&p, end, &name, &length)) {
        asm_error(a, M_VARIABLE, label);
        return NULL;
    }
    struct variable *v = asm_variable(a, name, length);
    if (!v && !asm_argument(a, name, length)) /* undeclared: local, as later assemblers do */
        v = asm_declare(a, name, length, type, 0, false);
    if (!v || v->type != type) {
        asm_error(a, M_VARIABLE, label);
        return NULL;
    }
    if (v->dimension && (p == end || !asm_subscript(a, &p, end, &subscript, 1, &count)))
        subscript = 0;
    if (p != end || subscript < 1 || subscript > (v->dimension ? v->dimension : 1)) {
        asm_error(a, M_SUBSCRIPT, label);
        return NULL;
    }
    *index = (uint32_t)subscript - 1;
    return v;
}

static void set(struct assembler *a, const struct statement *s, enum variable_type type)
{
    char text[VALUE_MAX];
    unsigned length;
    uint32_t index;
    int32_t value;
    const char *p = s->operands.at, *end = p + s->operands.length;
    struct variable *v = target(a, s->label, type, &index);

    if (!v)
        return;
    if (p == end) {
        asm_error_text(a, M_MISSING_OPERAND, "");
    } else if (type == VAR_C) {
        if (asm_character(a, &p, end, text, sizeof(text), &length)) {
            if (p != end)
                asm_error(a, M_CHARACTER, s->operands);
            v->text[index] = asm_keep(a, text, length);
        }
    } else if (type == VAR_B ? asm_logical(a, &p, end, &value)
                             : asm_arithmetic(a, &p, end, &value)) {
        if (p != end)
            asm_error(a, type == VAR_B ? M_LOGICAL : M_ARITHMETIC, s->operands);
        v->number[index] = value;
    }
}

/* Counts a branch; at zero the macro, or the rest of the program, is left out. */
static bool count_branch(struct assembler *a)
{
    if (a->call->actr-- > 0)
        return true;
    asm_error_text(a, M_ACTR, "");
    if (a->call->macro)
        a->call->at = NULL;
    else
        a->ended = true;
    return false;
}

static bool same(struct slice x, struct slice y)
{
    return x.length == y.length && !memcmp(x.at, y.at, x.length);
}

static void go_in_macro(struct assembler *a, struct slice symbol)
{
    struct model *m = a->call->macro->first;

    for (; m; m = m->next)
        if (same(m->statement.label, symbol)) {
            a->call->at = m;
            return;
        }
    if (!same(a->call->macro->end, symbol))
        asm_error(a, M_SEQUENCE_SYMBOL, symbol);
    a->call->at = NULL;
}

static void first_words(const struct assembler *a, const struct line *line, struct slice *label,
                        struct slice *operation)
{
    unsigned n = a->begin - 1u, start = n;

    while (n < line->length && line->text[n] != ' ')
        n++;
    *label = (struct slice){line->text + start, n > start ? n - start : 0};
    while (n < line->length && line->text[n] == ' ')
        n++;
    start = n;
    while (n < line->length && line->text[n] != ' ')
        n++;
    *operation = (struct slice){line->text + start, n - start};
}

/* In the open code the lines from the first to the last are searched, definitions left out. */
static void go_in_open_code(struct assembler *a, struct slice symbol)
{
    unsigned depth = 0;
    struct slice label, operation;

    for (struct line **at = &a->lines, *line; (line = asm_line(a, at)); at = &line->next) {
        if (line->length < a->begin)
            continue;
        first_words(a, line, &label, &operation);
        if (slice_is(operation, "MACRO"))
            depth++;
        else if (slice_is(operation, "MEND") && depth)
            depth--;
        else if (!depth && same(label, symbol)) {
            a->next_line = at;
            return;
        }
    }
    asm_error(a, M_SEQUENCE_SYMBOL, symbol);
}

void asm_go(struct assembler *a, struct slice sequence)
{
    if (sequence.length < 2 || sequence.at[0] != '.')
        asm_error(a, M_SEQUENCE_SYMBOL, sequence);
    else if (!count_branch(a))
        return;
    else if (a->call->macro)
        go_in_macro(a, sequence);
    else
        go_in_open_code(a, sequence);
}

/* AIF (logical).SYMBOL[,(logical).SYMBOL]... */
static void branch_if(struct assembler *a, struct slice rest)
{
    struct slice operand;
    int32_t value;

    while (asm_operand(&rest, &operand)) {
        const char *p = operand.at, *end = p + operand.length;
        while (p < end && *p == ' ')
            p++;
        if (p == end || *p != '(') {
            asm_error(a, M_LOGICAL, operand);
            return;
        }
        p++;
        if (!asm_logical(a, &p, end, &value))
            return;
        while (p < end && *p == ' ')
            p++;
        if (p == end || *p++ != ')') {
            asm_error(a, M_LOGICAL, operand);
            return;
        }
        if (value) {
            asm_go(a, (struct slice){p, (unsigned)(end - p)});
            return;
        }
    }
}

/* AGO .SYMBOL, or AGO (n).SYMBOL1,.SYMBOL2,... */
static void branch(struct assembler *a, struct slice rest)
{
    const char *p = rest.at, *end = p + rest.length;
    int32_t n = 1;
    unsigned count;
    struct slice operand;

    if (p < end && *p == '(') {
        if (!asm_subscript(a, &p, end, &n, 1, &count))
            return;
        rest = (struct slice){p, (unsigned)(end - p)};
    }
    for (int32_t i = 1; asm_operand(&rest, &operand); i++)
        if (i == n) {
            asm_go(a, operand);
            return;
        }
}

/* Does a statement of conditional assembly; false if d is none. */
bool asm_conditional(struct assembler *a, const struct statement *s, enum directive d)
{
    int32_t value;
    const char *p = s->operands.at, *end = p + s->operands.length;

    switch (d) {
    case D_ANOP:
        break;
    case D_AIF:
        branch_if(a, s->operands);
        break;
    case D_AGO:
        branch(a, s->operands);
        break;
    case D_ACTR:
        if (asm_arithmetic(a, &p, end, &value))
            a->call->actr = value;
        break;
    case D_SETA:
    case D_SETB:
    case D_SETC:
        set(a, s, d == D_SETA ? VAR_A : d == D_SETB ? VAR_B : VAR_C);
        break;
    case D_GBLA:
    case D_GBLB:
    case D_GBLC:
    case D_LCLA:
    case D_LCLB:
    case D_LCLC:
        declare(a, s->operands, d);
        break;
    default:
        return false;
    }
    return true;
}

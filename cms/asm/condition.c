/* Expressions of conditional assembly: arithmetic (SETA), logical (SETB, AIF) and character (SETC).
 * GC33-4010, "Conditional Assembly Language". */
#include "cms/asm/internal.h"

#define NEST_MAX 40 /* parentheses in parentheses; keeps recursion short on CMS's stack */

static void skip_blanks(const char **at, const char *end)
{
    while (*at < end && **at == ' ')
        ++*at;
}

static bool wrong(struct assembler *a, enum asm_message m, const char *at, const char *end)
{
    asm_error(a, m, (struct slice){at, end - at > 16 ? 16 : (unsigned)(end - at)});
    return false;
}

/* A SETA or SETB symbol's own value, with its sign; false if it is something else. */
static bool number_symbol(struct assembler *a, const char **at, const char *end, int32_t *value,
                          bool *good)
{
    const char *p = *at, *name;
    size_t n;
    int32_t index = 1;
    unsigned count;

    if (!asm_variable_name(&p, end, &name, &n) || asm_argument(a, name, n))
        return false;
    struct variable *v = asm_variable(a, name, n);
    if (!v || v->type == VAR_C)
        return false;
    *good =
        !v->dimension || (p < end && *p == '(' && asm_subscript(a, &p, end, &index, 1, &count) &&
                          index >= 1 && index <= v->dimension);
    if (!*good)
        asm_error(a, M_SUBSCRIPT, (struct slice){name, (unsigned)n});
    *value = *good ? v->number[index - 1] : 0;
    *at = p;
    return true;
}

/* The text an attribute belongs to: a variable symbol's value or an ordinary symbol. */
static bool attribute_operand(struct assembler *a, const char **at, const char *end, char *out,
                              unsigned *length)
{
    if (*at < end && **at == '&') {
        ++*at;
        return asm_variable_value(a, at, end, out, VALUE_MAX, length);
    }
    const char *start = *at;
    while (*at < end && (asm_symbol_char(**at) || **at == '*'))
        ++*at;
    *length = (unsigned)(*at - start);
    memcpy(out, start, *length < VALUE_MAX ? *length : VALUE_MAX);
    return *length && *length <= VALUE_MAX;
}

static bool attribute(struct assembler *a, const char **at, const char *end, int32_t *value)
{
    char kind = **at, text[VALUE_MAX];
    unsigned length;
    const char *start = *at;

    *at += 2;
    const char *p = *at;
    /* N'&SYSLIST is the number of positional operands. */
    if (kind == 'N' && end - p >= 8 && !memcmp(p, "&SYSLIST", 8) &&
        (end - p == 8 || (p[8] != '(' && !asm_symbol_char(p[8])))) {
        *at += 8;
        *value = (int32_t)a->call->positional;
        return true;
    }
    if (!attribute_operand(a, at, end, text, &length))
        return wrong(a, M_ARITHMETIC, start, end);
    if (kind == 'K') {
        *value = (int32_t)length;
    } else if (kind == 'N') {
        *value = (int32_t)asm_sublist_count((struct slice){text, length});
    } else {
        struct slice name = {text, length};
        struct symbol *s = asm_is_symbol(name) ? asm_look_ahead(a, name) : NULL;
        if (!s)
            asm_error(a, M_UNDEFINED_SYMBOL, name);
        *value = !s ? 1 : kind == 'L' ? (int32_t)s->length : 0;
    }
    return true;
}

static bool primary(struct assembler *a, const char **at, const char *end, int32_t *value,
                    unsigned depth)
{
    char text[VALUE_MAX];
    unsigned length;
    bool good;
    const char *start = *at;

    *value = 0;
    if (start == end || depth > NEST_MAX)
        return wrong(a, M_ARITHMETIC, start, end);
    if (*start == '&') {
        ++*at;
        if (number_symbol(a, at, end, value, &good))
            return good;
        if (!asm_variable_value(a, at, end, text, sizeof(text), &length))
            return false;
        const char *p = text;
        bool minus = length && *p == '-';
        if (minus)
            p++;
        if (!asm_self_defining(a, &p, text + length, value) || p != text + length)
            return wrong(a, M_ARITHMETIC, text, text + length);
        if (minus)
            *value = -*value;
        return true;
    }
    if (end - start > 2 && start[1] == '\'' && strchr("LKNIS", *start))
        return attribute(a, at, end, value);
    return asm_self_defining(a, at, end, value) || wrong(a, M_ARITHMETIC, start, end);
}

static int32_t divide(int32_t x, int32_t y) /* by zero is zero */
{
    if (!y)
        return 0;
    return y == -1 ? (int32_t)(0u - (uint32_t)x) : x / y;
}

static bool sum(struct assembler *a, const char **at, const char *end, int32_t *value,
                unsigned depth);

static bool factor(struct assembler *a, const char **at, const char *end, int32_t *value,
                   unsigned depth)
{
    bool minus = false;

    skip_blanks(at, end);
    for (; *at < end && (**at == '-' || **at == '+'); ++*at)
        minus ^= **at == '-';
    if (*at < end && **at == '(') {
        const char *start = (*at)++;
        if (depth > NEST_MAX || !sum(a, at, end, value, depth + 1))
            return false;
        skip_blanks(at, end);
        if (*at == end || **at != ')')
            return wrong(a, M_ARITHMETIC, start, end);
        ++*at;
    } else if (!primary(a, at, end, value, depth)) {
        return false;
    }
    if (minus)
        *value = (int32_t)(0u - (uint32_t)*value);
    return true;
}

static bool product(struct assembler *a, const char **at, const char *end, int32_t *value,
                    unsigned depth)
{
    int32_t right;

    if (!factor(a, at, end, value, depth))
        return false;
    while (*at < end && (**at == '*' || **at == '/')) {
        char op = *(*at)++;
        if (!factor(a, at, end, &right, depth))
            return false;
        *value = op == '*' ? (int32_t)((uint32_t)*value * (uint32_t)right) : divide(*value, right);
    }
    return true;
}

static bool sum(struct assembler *a, const char **at, const char *end, int32_t *value,
                unsigned depth)
{
    int32_t right;

    if (!product(a, at, end, value, depth))
        return false;
    while (*at < end && (**at == '+' || **at == '-')) {
        char op = *(*at)++;
        if (!product(a, at, end, &right, depth))
            return false;
        *value = op == '+' ? (int32_t)((uint32_t)*value + (uint32_t)right)
                           : (int32_t)((uint32_t)*value - (uint32_t)right);
    }
    return true;
}

bool asm_arithmetic(struct assembler *a, const char **at, const char *end, int32_t *value)
{
    *value = 0;
    return sum(a, at, end, value, 0);
}

/* 'text'(start,length): what is between the quotes at *at, with variables replaced. */
static bool string(struct assembler *a, const char **at, const char *end, char *out, unsigned size,
                   unsigned *length)
{
    const char *start = ++*at;
    unsigned n = 0;
    int32_t part[2];
    unsigned count;

    for (;; ++*at) { /* the closing quote */
        if (*at == end)
            return wrong(a, M_CHARACTER, start, end);
        if (**at == '\'') {
            if (*at + 1 == end || (*at)[1] != '\'')
                break;
            ++*at;
        }
    }
    if (!asm_substitute(a, (struct slice){start, (unsigned)(*at - start)}, out, size, length))
        return false;
    ++*at;
    for (unsigned i = 0; i < *length; i++) { /* two quotes stand for one */
        if (out[i] == '\'' && i + 1 < *length && out[i + 1] == '\'')
            i++;
        out[n++] = out[i];
    }
    *length = n;
    if (*at < end && **at == '(') {
        if (!asm_subscript(a, at, end, part, 2, &count) || count != 2)
            return wrong(a, M_CHARACTER, start, end);
        if (part[0] < 1 || part[1] < 0 || (uint32_t)part[0] > n) {
            *length = 0;
            if (part[1] != 0)
                asm_error_text(a, M_SUBSCRIPT, "");
            return part[1] == 0;
        }
        *length = n - (uint32_t)part[0] + 1 < (uint32_t)part[1] ? n - (uint32_t)part[0] + 1
                                                                : (uint32_t)part[1];
        memmove(out, out + part[0] - 1, *length);
    }
    return true;
}

bool asm_character(struct assembler *a, const char **at, const char *end, char *out, unsigned size,
                   unsigned *length)
{
    unsigned more;
    char type[VALUE_MAX];
    int32_t times;

    *length = 0;
    for (;;) {
        const char *start = *at;
        times = 1;
        if (*at < end && **at == '(') { /* duplication factor */
            unsigned count;
            if (!asm_subscript(a, at, end, &times, 1, &count))
                return false;
        }
        if (end - *at > 2 && **at == 'T' && (*at)[1] == '\'') {
            *at += 2;
            if (!attribute_operand(a, at, end, type, &more))
                return wrong(a, M_CHARACTER, start, end);
            if (*length < size)
                out[(*length)++] = asm_type_of(a, (struct slice){type, more});
        } else if (*at < end && **at == '\'') {
            if (!string(a, at, end, out + *length, size - *length, &more))
                return false;
            for (; times > 1 && *length + 2 * more <= size; times--) {
                memcpy(out + *length + more, out + *length, more);
                *length += more;
            }
            if (times > 0)
                *length += more;
            if (times > 1 && more)
                return wrong(a, M_CHARACTER, start, end);
        } else {
            return wrong(a, M_CHARACTER, start, end);
        }
        if (*at == end || (**at != '.' && **at != '\''))
            return true;
        if (**at == '.')
            ++*at;
    }
}

/* Relations, in the order of their names below; bits: less, equal, greater. */
static bool relation(const char **at, const char *end, unsigned *accepts)
{
    static const struct {
        char name[3];
        uint8_t accepts;
    } relations[] = {{"EQ", 2}, {"NE", 5}, {"LT", 4}, {"LE", 6}, {"GT", 1}, {"GE", 3}};
    const char *p = *at;

    skip_blanks(&p, end);
    if (end - p < 3)
        return false;
    for (size_t i = 0; i < 6; i++)
        if (!memcmp(p, relations[i].name, 2) && !asm_symbol_char(p[2])) {
            *accepts = relations[i].accepts;
            *at = p + 2;
            skip_blanks(at, end);
            return true;
        }
    return false;
}

static bool word(const char **at, const char *end, const char *name)
{
    const char *p = *at;
    size_t n = strlen(name);

    skip_blanks(&p, end);
    if ((size_t)(end - p) < n || memcmp(p, name, n) ||
        ((size_t)(end - p) > n && asm_symbol_char(p[n])))
        return false;
    *at = p + n;
    skip_blanks(at, end);
    return true;
}

static bool is_character(const char *at, const char *end)
{
    return at < end && (*at == '\'' || (end - at > 2 && *at == 'T' && at[1] == '\''));
}

/* A parenthesis opens an arithmetic expression if arithmetic goes on behind the closing one. */
static bool arithmetic_parenthesis(const char *at, const char *end)
{
    unsigned depth = 0;
    bool quoted = false;
    const char *start = at;
    unsigned accepts;

    for (; at < end; at++) {
        if (*at == '\'')
            quoted =
                !quoted && asm_quote_starts(start, (unsigned)(at - start), (unsigned)(end - start));
        else if (!quoted && *at == '(')
            depth++;
        else if (!quoted && *at == ')' && --depth == 0)
            break;
    }
    if (at == end)
        return false;
    at++;
    return (at < end && strchr("+-*/", *at)) || relation(&at, end, &accepts);
}

static int compare_text(struct assembler *a, const char *x, unsigned n, const char *y, unsigned m)
{
    if (n != m) /* the shorter one is less, whatever it says */
        return n < m ? -1 : 1;
    for (unsigned i = 0; i < n; i++)
        if (x[i] != y[i])
            return asm_ebcdic(a, x[i]) < asm_ebcdic(a, y[i]) ? -1 : 1;
    return 0;
}

static bool comparison(struct assembler *a, const char **at, const char *end, int32_t *value)
{
    char left[VALUE_MAX], right[VALUE_MAX];
    unsigned n, m, accepts;
    int32_t x, y;
    int order;
    const char *start = *at;

    if (is_character(*at, end)) {
        if (!asm_character(a, at, end, left, sizeof(left), &n))
            return false;
        if (!relation(at, end, &accepts) || !is_character(*at, end))
            return wrong(a, M_LOGICAL, start, end);
        if (!asm_character(a, at, end, right, sizeof(right), &m))
            return false;
        order = compare_text(a, left, n, right, m);
    } else {
        if (!asm_arithmetic(a, at, end, &x))
            return false;
        if (!relation(at, end, &accepts)) {
            *value = x != 0;
            return true;
        }
        if (!asm_arithmetic(a, at, end, &y))
            return false;
        order = x < y ? -1 : x > y;
    }
    *value = (accepts & (order < 0 ? 4u : order == 0 ? 2u : 1u)) != 0;
    return true;
}

static bool disjunction(struct assembler *a, const char **at, const char *end, int32_t *value,
                        unsigned depth);

static bool term(struct assembler *a, const char **at, const char *end, int32_t *value,
                 unsigned depth)
{
    bool negate = false;

    skip_blanks(at, end);
    while (word(at, end, "NOT"))
        negate = !negate;
    const char *start = *at;
    if (*at < end && **at == '(' && !arithmetic_parenthesis(*at, end)) {
        ++*at;
        if (depth > NEST_MAX || !disjunction(a, at, end, value, depth + 1))
            return false;
        skip_blanks(at, end);
        if (*at == end || **at != ')')
            return wrong(a, M_LOGICAL, start, end);
        ++*at;
    } else if (!comparison(a, at, end, value)) {
        return false;
    }
    if (negate)
        *value = !*value;
    return true;
}

static bool conjunction(struct assembler *a, const char **at, const char *end, int32_t *value,
                        unsigned depth)
{
    int32_t right;

    if (!term(a, at, end, value, depth))
        return false;
    while (word(at, end, "AND")) {
        if (!term(a, at, end, &right, depth))
            return false;
        *value = *value && right;
    }
    return true;
}

static bool disjunction(struct assembler *a, const char **at, const char *end, int32_t *value,
                        unsigned depth)
{
    int32_t right;

    if (!conjunction(a, at, end, value, depth))
        return false;
    while (word(at, end, "OR")) {
        if (!conjunction(a, at, end, &right, depth))
            return false;
        *value = *value || right;
    }
    return true;
}

/* A logical expression, with the parentheses around it or (SETB 1) without. */
bool asm_logical(struct assembler *a, const char **at, const char *end, int32_t *value)
{
    *value = 0;
    return disjunction(a, at, end, value, 0);
}

/* Variable symbols: SET symbols, macro parameters and system variables; and the replacement of them
 * in statements.  GC33-4010, "The Macro Language". */
#include "cms/asm/internal.h"

static struct variable *find(struct variable *const *table, const char *name, size_t length)
{
    struct variable *v = table[asm_hash(name, length, VAR_HASH)];

    while (v &&
           !(strncmp(v->name, name, length) == 0 && (length == NAME_MAX_ || v->name[length] == 0)))
        v = v->next;
    return v;
}

struct variable *asm_variable(struct assembler *a, const char *name, size_t length)
{
    struct variable *v = find(a->call->variables, name, length);

    return v && v->global ? v->global : v;
}

static struct variable *make(struct assembler *a, struct variable **table, const char *name,
                             size_t length, enum variable_type type, unsigned dimension)
{
    unsigned h = asm_hash(name, length, VAR_HASH);
    struct variable *v = asm_alloc(a, sizeof(*v));
    size_t count = dimension ? dimension : 1;

    memcpy(v->name, name, length);
    v->type = (uint8_t)type;
    v->dimension = (uint16_t)dimension;
    if (type == VAR_C)
        v->text = asm_alloc(a, count * sizeof(*v->text));
    else
        v->number = asm_alloc(a, count * sizeof(*v->number));
    v->next = table[h];
    table[h] = v;
    return v;
}

/* LCLx and GBLx.  NULL after an error. */
struct variable *asm_declare(struct assembler *a, const char *name, size_t length,
                             enum variable_type type, unsigned dimension, bool global)
{
    struct slice detail = {name, (unsigned)length};
    struct variable *v, *g;

    if (!asm_room(a, (dimension + 1) * sizeof(struct slice) + ASM_RESERVE))
        return NULL;
    if (find(a->call->variables, name, length) || asm_argument(a, name, length)) {
        asm_error(a, M_DECLARED, detail);
        return NULL;
    }
    if (!global)
        return make(a, a->call->variables, name, length, type, dimension);
    g = find(a->globals, name, length);
    if (g && (g->type != type || g->dimension != dimension)) {
        asm_error(a, M_DECLARED, detail);
        return NULL;
    }
    if (!g)
        g = make(a, a->globals, name, length, type, dimension);
    v = make(a, a->call->variables, name, length, type, 0);
    v->global = g;
    return v;
}

/* The name behind an ampersand. */
bool asm_variable_name(const char **at, const char *end, const char **name, size_t *length)
{
    const char *p = *at;

    if (p == end || !asm_symbol_start(*p))
        return false;
    while (p < end && asm_symbol_char(*p))
        p++;
    *name = *at;
    *length = (size_t)(p - *at);
    *at = p;
    return *length <= NAME_MAX_;
}

/* "(expression[,expression])" at *at.  False, after a message, if it is no good. */
bool asm_subscript(struct assembler *a, const char **at, const char *end, int32_t *values,
                   unsigned most, unsigned *count)
{
    *count = 0;
    do {
        ++*at; /* the parenthesis, or the comma */
        if (*count == most || !asm_arithmetic(a, at, end, &values[*count])) {
            asm_error_text(a, M_SUBSCRIPT, "");
            return false;
        }
        ++*count;
    } while (*at < end && **at == ',');
    if (*at == end || **at != ')') {
        asm_error_text(a, M_SUBSCRIPT, "");
        return false;
    }
    ++*at;
    return true;
}

/* Element n (from 1) of a sublist "(A,B,C)"; what is no list is its own element 1. */
bool asm_sublist(struct slice text, unsigned n, struct slice *element)
{
    *element = (struct slice){"", 0};
    if (text.length < 2 || text.at[0] != '(' || text.at[text.length - 1] != ')') {
        if (n == 1)
            *element = text;
        return n == 1;
    }
    struct slice rest = {text.at + 1, text.length - 2}, operand;
    for (unsigned i = 1; asm_operand(&rest, &operand); i++)
        if (i == n) {
            *element = operand;
            return true;
        }
    return false;
}

unsigned asm_sublist_count(struct slice text)
{
    unsigned n = 0;

    if (!text.length)
        return 0;
    if (text.length < 2 || text.at[0] != '(' || text.at[text.length - 1] != ')')
        return 1;
    struct slice rest = {text.at + 1, text.length - 2}, operand;
    while (asm_operand(&rest, &operand))
        n++;
    return n;
}

/* The operand a parameter stands for, found by its name; NULL if it is none. */
struct argument *asm_argument(struct assembler *a, const char *name, size_t length)
{
    struct argument *x = a->call->arguments;

    for (; x; x = x->next)
        if (x->parameter && !strncmp(x->parameter->name, name, length) &&
            (length == NAME_MAX_ || !x->parameter->name[length]))
            return x;
    return NULL;
}

static struct slice positional(struct assembler *a, unsigned position)
{
    for (struct argument *x = a->call->arguments; x; x = x->next)
        if (x->position == position && !(x->parameter && x->parameter->keyword))
            return x->text;
    return (struct slice){"", 0};
}

static bool put(char *out, unsigned size, unsigned *length, const char *text, size_t n)
{
    *length = n < size ? (unsigned)n : size;
    memcpy(out, text, *length);
    return n <= size;
}

static bool is_name(const char *name, size_t length, const char *wanted)
{
    return strlen(wanted) == length && !memcmp(name, wanted, length);
}

static bool system_variable(struct assembler *a, const char *name, size_t length, char *out,
                            unsigned size, unsigned *n)
{
    char number[12];

    if (is_name(name, length, "SYSNDX") && a->call->macro) {
        fmt(number, sizeof(number), "%04u", a->call->index);
        return put(out, size, n, number, strlen(number));
    }
    if (is_name(name, length, "SYSECT") && a->call->macro)
        return put(out, size, n, a->call->section, strlen(a->call->section));
    if (is_name(name, length, "SYSPARM"))
        return put(out, size, n, a->options->sysparm ? a->options->sysparm : "",
                   a->options->sysparm ? strlen(a->options->sysparm) : 0);
    if (is_name(name, length, "SYSDATE"))
        return put(out, size, n, a->options->date, strlen(a->options->date));
    if (is_name(name, length, "SYSTIME"))
        return put(out, size, n, a->options->time, strlen(a->options->time));
    asm_error(a, M_VARIABLE, (struct slice){name, (unsigned)length});
    return false;
}

static bool set_symbol(struct assembler *a, const struct variable *v, uint32_t index, char *out,
                       unsigned size, unsigned *n)
{
    char number[12];

    if (v->type == VAR_C)
        return put(out, size, n, v->text[index].at ? v->text[index].at : "", v->text[index].length);
    /* The sign does not come along: GC33-4010, SETA. */
    int32_t value = v->number[index];
    fmt(number, sizeof(number), "%u", value < 0 ? 0u - (uint32_t)value : (uint32_t)value);
    return put(out, size, n, number, strlen(number));
}

static bool parameter(struct assembler *a, struct slice text, const char **at, const char *end,
                      char *out, unsigned size, unsigned *n)
{
    int32_t subscripts[4];
    unsigned count;

    if (*at < end && **at == '(') {
        if (!asm_subscript(a, at, end, subscripts, 4, &count))
            return false;
        for (unsigned i = 0; i < count; i++)
            asm_sublist(text, subscripts[i] < 1 ? 0 : (unsigned)subscripts[i], &text);
    }
    return put(out, size, n, text.at, text.length);
}

static bool syslist(struct assembler *a, const char **at, const char *end, char *out, unsigned size,
                    unsigned *n)
{
    int32_t subscripts[4];
    unsigned count;

    *n = 0;
    if (!a->call->macro || *at == end || **at != '(') {
        asm_error_text(a, M_SUBSCRIPT, "SYSLIST");
        return false;
    }
    if (!asm_subscript(a, at, end, subscripts, 4, &count))
        return false;
    struct slice text = positional(a, subscripts[0] < 0 ? ~0u : (unsigned)subscripts[0]);
    for (unsigned i = 1; i < count; i++)
        asm_sublist(text, subscripts[i] < 1 ? 0 : (unsigned)subscripts[i], &text);
    return put(out, size, n, text.at, text.length);
}

bool asm_variable_value(struct assembler *a, const char **at, const char *end, char *out,
                        unsigned size, unsigned *length)
{
    const char *name;
    size_t n;
    int32_t index = 1;
    unsigned count;

    *length = 0;
    if (!asm_variable_name(at, end, &name, &n)) {
        asm_error(a, M_VARIABLE, (struct slice){*at, *at < end ? 1 : 0});
        return false;
    }
    struct argument *x = asm_argument(a, name, n);
    if (x)
        return parameter(a, x->text, at, end, out, size, length);
    struct variable *v = asm_variable(a, name, n);
    if (v) {
        if (v->dimension) {
            if (*at == end || **at != '(' || !asm_subscript(a, at, end, &index, 1, &count) ||
                index < 1 || index > v->dimension) {
                asm_error(a, M_SUBSCRIPT, (struct slice){name, (unsigned)n});
                return false;
            }
        }
        return set_symbol(a, v, (uint32_t)index - 1, out, size, length);
    }
    if (is_name(name, n, "SYSLIST"))
        return syslist(a, at, end, out, size, length);
    return system_variable(a, name, n, out, size, length);
}

bool asm_substitute(struct assembler *a, struct slice in, char *out, unsigned size,
                    unsigned *length)
{
    const char *p = in.at, *end = in.at + in.length;
    unsigned n = 0, more;
    bool good = true;

    while (p < end && n < size) {
        if (*p != '&') {
            out[n++] = *p++;
        } else if (p + 1 < end && p[1] == '&') { /* one ampersand is meant, by DC or MNOTE */
            if (n + 2 > size)
                break;
            out[n++] = *p++;
            out[n++] = *p++;
        } else {
            p++;
            good = asm_variable_value(a, &p, end, out + n, size - n, &more) && good;
            n += more;
            if (p < end && *p == '.')
                p++;
        }
    }
    *length = n;
    if (p < end) {
        asm_error_text(a, M_TOO_LONG, "");
        good = false;
    }
    return good;
}

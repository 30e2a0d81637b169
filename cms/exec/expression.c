/* Assignments: values, sums, the built-in functions; and comparisons. */
#include "cms/exec/internal.h"

#include "lib/fmt.h"
#include "lib/str.h"

/* A built-in function works on the tokens from `at` on and gives a value of at most eight
 * characters (the rest is cut, as in every token). */
static int do_concat(struct exec *e, int at, char *value)
{
    size_t n = 0;
    value[0] = 0;
    for (; at < e->token_count; at++) {
        str_copy(value + n, e->tokens[at].text, 9 - n);
        n += strlen(value + n);
    }
    return EXEC_OK;
}

static int do_datatype(struct exec *e, int at, char *value)
{
    int number;
    if (e->token_count - at > 1)
        return EXEC_FUNCTION;
    bool numeric = at < e->token_count && exec_number(e->tokens[at].text, &number);
    str_copy(value, numeric ? "NUM" : "CHAR", 9);
    return EXEC_OK;
}

static int do_length(struct exec *e, int at, char *value)
{
    if (e->token_count - at > 1)
        return EXEC_FUNCTION;
    size_t n = at < e->token_count ? strlen(e->tokens[at].text) : 0;
    fmt(value, 9, "%u", (unsigned)n);
    return EXEC_OK;
}

static int do_literal(struct exec *e, int at, char *value)
{
    if (e->token_count - at != 1)
        return EXEC_FUNCTION;
    str_copy(value, e->tokens[at].text, 9);
    return EXEC_OK;
}

static int do_substr(struct exec *e, int at, char *value)
{
    int start, length = 8;
    int count = e->token_count - at;
    if (count < 2 || count > 3 || !exec_number(e->tokens[at + 1].text, &start) ||
        (count == 3 && !exec_number(e->tokens[at + 2].text, &length)) || start < 1 || length < 0)
        return EXEC_FUNCTION;
    const char *text = e->tokens[at].text;
    value[0] = 0;
    if (start <= (int)strlen(text))
        str_copy(value, text + start - 1, (size_t)(length < 8 ? length : 8) + 1);
    return EXEC_OK;
}

static const struct function {
    const char *name;
    int (*compute)(struct exec *e, int at, char *value);
} functions[] = {
    {"&CONCAT", do_concat}, {"&DATATYPE", do_datatype}, {"&DATATYP", do_datatype},
    {"&LENGTH", do_length}, {"&LITERAL", do_literal},   {"&SUBSTR", do_substr},
};

static const struct function *find_function(const char *word)
{
    return exec_find_word(word, functions, sizeof *functions, sizeof functions / sizeof *functions);
}

bool exec_is_function(const char *word)
{
    return find_function(word) != NULL;
}

/* In an assignment the hexadecimal digits behind X' are replaced by a decimal number. */
static int take_hexadecimal(struct exec *e, int at)
{
    uint32_t value;

    for (; at < e->token_count; at++) {
        char *text = e->tokens[at].text;
        if (str_equal(text, "&LITERAL"))
            return EXEC_OK;
        if (!exec_is_hexadecimal(text))
            continue;
        if (!str_hex(text + 2, &value))
            return EXEC_CONVERSION;
        fmt(text, sizeof e->tokens[at].text, "%u", (unsigned)value);
    }
    return EXEC_OK;
}

/* number { + | - } number ... */
static int sum(struct exec *e, int at, char *value)
{
    int total, number;
    if (!exec_number(e->tokens[at].text, &total))
        return EXEC_CONVERSION;
    for (at++; at + 1 < e->token_count; at += 2) {
        const char *op = e->tokens[at].text;
        if (op[1] || (*op != '+' && *op != '-'))
            return EXEC_ASSIGNMENT;
        if (!exec_number(e->tokens[at + 1].text, &number))
            return EXEC_CONVERSION;
        total = *op == '+' ? total + number : total - number;
    }
    if (at != e->token_count)
        return EXEC_ASSIGNMENT;
    if (total > 99999999 || total < -9999999)
        return EXEC_CONVERSION;
    fmt(value, 9, "%d", total);
    return EXEC_OK;
}

static int evaluate(struct exec *e, int at, char *value)
{
    value[0] = 0;
    if (at == e->token_count)
        return EXEC_OK;
    const struct function *f = find_function(e->tokens[at].text);
    if (f)
        return f->compute(e, at + 1, value);
    if (e->token_count - at == 1) {
        str_copy(value, e->tokens[at].text, 9);
        return EXEC_OK;
    }
    return sum(e, at, value);
}

int exec_assign(struct exec *e)
{
    char value[9];
    int error = exec_substitute_token(e, &e->tokens[0], 1);
    e->assigning = true;
    if (!error)
        error = exec_substitute(e, 2);
    e->assigning = false;
    if (!error && e->hexadecimal)
        error = take_hexadecimal(e, 2);
    if (!error)
        error = evaluate(e, 2, value);
    if (!error)
        error = exec_variable_set(e, e->tokens[0].text + 1, value);
    return error;
}

enum comparison { LESS = 1, EQUAL = 2, GREATER = 4 };

static const struct {
    const char *op;
    int true_for;
} comparisons[] = {
    {"EQ", EQUAL},
    {"=", EQUAL},
    {"NE", LESS | GREATER},
    {"^=", LESS | GREATER},
    {"LT", LESS},
    {"<", LESS},
    {"LE", LESS | EQUAL},
    {"<=", LESS | EQUAL},
    {"^>", LESS | EQUAL},
    {"GT", GREATER},
    {">", GREATER},
    {"GE", GREATER | EQUAL},
    {">=", GREATER | EQUAL},
    {"^<", GREATER | EQUAL},
};

int exec_compare(const char *a, const char *op, const char *b, bool *result)
{
    int x, y, order;
    char plain[3] = {op[0], op[0] ? op[1] : 0, 0};
    if (strlen(op) > 2)
        return EXEC_CONDITION;
    /* The not sign of either code page. */
    if (plain[0] == '\xac' || plain[0] == '\xb0')
        plain[0] = '^';
    if (exec_number(a, &x) && exec_number(b, &y))
        order = x < y ? LESS : x > y ? GREATER : EQUAL;
    else {
        int c = strcmp(a, b);
        order = c < 0 ? LESS : c > 0 ? GREATER : EQUAL;
    }
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++)
        if (str_equal(plain, comparisons[i].op)) {
            *result = (comparisons[i].true_for & order) != 0;
            return EXEC_OK;
        }
    return EXEC_CONDITION;
}

/* Variables: those of the user, of any length and case, are records one behind the other in a pool;
 * a new value goes to its end.  Arguments are there, too: their names begin with the subroutine's
 * depth.  The others are computed when they are asked for. */
#include "cms/exec2/internal.h"

#include "lib/fmt.h"
#include "lib/str.h"

/* A record: lengths of name and value, name, value. */
enum { HEADER = 2 };

static uint8_t *find(struct exec2 *e, const char *name, size_t length)
{
    uint8_t *at = e->pool, *end = e->pool + e->pool_used;

    for (; at < end; at += HEADER + at[0] + at[1])
        if (at[0] == length && !memcmp(at + HEADER, name, length))
            return at;
    return NULL;
}

static void drop(struct exec2 *e, uint8_t *at)
{
    size_t size = (size_t)HEADER + at[0] + at[1];
    size_t behind = (size_t)(e->pool + e->pool_used - at) - size;

    memmove(at, at + size, behind);
    e->pool_used -= (uint32_t)size;
}

static int set(struct exec2 *e, const char *name, const char *value)
{
    size_t n = strlen(name), v = strlen(value);
    uint8_t *at = find(e, name, n);

    if (at && at[1] == v) {
        memcpy(at + HEADER + n, value, v);
        return EXEC2_OK;
    }
    if (at)
        drop(e, at);
    if (e->pool_used + HEADER + n + v > EXEC2_POOL)
        return EXEC2_STORAGE;
    at = e->pool + e->pool_used;
    at[0] = (uint8_t)n;
    at[1] = (uint8_t)v;
    memcpy(at + HEADER, name, n);
    memcpy(at + HEADER + n, value, v);
    e->pool_used += (uint32_t)(HEADER + n + v);
    return EXEC2_OK;
}

static bool get(struct exec2 *e, const char *name, char *value)
{
    const uint8_t *at = find(e, name, strlen(name));

    value[0] = 0;
    if (!at)
        return false;
    memcpy(value, at + HEADER + at[0], at[1]);
    value[at[1]] = 0;
    return true;
}

/* No name that is written begins with a character below the blank. */
static void argument_name(const struct exec2 *e, uint32_t number, char name[8])
{
    name[0] = (char)(e->depth + 1);
    fmt(name + 1, 7, "%u", (unsigned)number);
}

/* ---- predefined ---- */

static void get_return_code(struct exec2 *e, char *value)
{
    fmt(value, EXEC2_WORD, "%d", e->return_code);
}

static void get_index(struct exec2 *e, char *value)
{
    fmt(value, EXEC2_WORD, "%u", (unsigned)e->frames[e->depth].arguments);
}

static void get_line(struct exec2 *e, char *value)
{
    fmt(value, EXEC2_WORD, "%u", (unsigned)e->line);
}

static void get_from(struct exec2 *e, char *value)
{
    fmt(value, EXEC2_WORD, "%u", (unsigned)e->frames[e->depth].from);
}

static void get_depth(struct exec2 *e, char *value)
{
    fmt(value, EXEC2_WORD, "%d", e->level);
}

static void get_arguments(struct exec2 *e, char *value)
{
    str_copy(value, e->argument_string, EXEC2_WORD);
}

static void get_blank(struct exec2 *e, char *value)
{
    str_copy(value, " ", EXEC2_WORD);
}

static const struct predefined {
    const char *name;
    void (*get)(struct exec2 *e, char *value);
} predefined[] = {
    {"RC", get_return_code}, {"RETCODE", get_return_code}, {"INDEX", get_index}, {"N", get_index},
    {"LINE", get_line},      {"LINENUM", get_line},        {"FROM", get_from},   {"LINK", get_from},
    {"DEPTH", get_depth},    {"ARGSTRING", get_arguments}, {"BLANK", get_blank},
};

static const struct predefined *find_predefined(const char *name)
{
    for (size_t i = 0; i < sizeof predefined / sizeof *predefined; i++)
        if (!strcmp(predefined[i].name, name))
            return &predefined[i];
    return NULL;
}

bool exec2_variable_get(struct exec2 *e, const char *name, char *value)
{
    uint32_t number;
    char argument[8];

    value[0] = 0;
    if (str_decimal(name, &number)) {
        if (!number) {
            str_copy(value, e->name, EXEC2_WORD);
            return true;
        }
        argument_name(e, number, argument);
        return number <= EXEC2_WORDS && get(e, argument, value);
    }
    if (get(e, name, value)) /* also one of the predefined that was set */
        return true;
    const struct predefined *p = find_predefined(name);
    if (p) {
        p->get(e, value);
        return true;
    }
    return e->host->fact(e->host->common.context, name, value, EXEC2_WORD);
}

int exec2_assign_variable(struct exec2 *e, const char *name, const char *value)
{
    uint32_t number;
    int32_t code;
    char argument[8];

    if (!*name)
        return EXEC2_NAME;
    if (str_decimal(name, &number)) {
        if (!number || number > e->frames[e->depth].arguments)
            return EXEC2_UNSET_ARGUMENT;
        argument_name(e, number, argument);
        return set(e, argument, value);
    }
    const struct predefined *p = find_predefined(name);
    if (p && p->get == get_return_code) {
        int error = exec2_number(value, &code);
        e->return_code = error ? e->return_code : code;
        return error;
    }
    return p ? EXEC2_NAME : set(e, name, value);
}

int exec2_variable_set(struct exec2 *e, const char *name, const char *value)
{
    return exec2_assign_variable(e, name, value);
}

void exec2_drop_arguments(struct exec2 *e)
{
    char name[8];

    for (uint32_t i = 1; i <= e->frames[e->depth].arguments; i++) {
        argument_name(e, i, name);
        uint8_t *at = find(e, name, strlen(name));
        if (at)
            drop(e, at);
    }
    e->frames[e->depth].arguments = 0;
}

int exec2_set_arguments(struct exec2 *e, const struct exec2_statement *s, int first)
{
    char name[8];
    int error = EXEC2_OK;

    exec2_drop_arguments(e);
    for (int i = first; i < s->count && !error; i++) {
        e->frames[e->depth].arguments++;
        argument_name(e, e->frames[e->depth].arguments, name);
        error = set(e, name, exec2_word(s, i));
    }
    return error;
}

void exec2_dump(struct exec2 *e, void (*show)(struct exec2 *e, const char *name, const char *value))
{
    char name[EXEC2_WORD], value[EXEC2_WORD];

    for (const uint8_t *at = e->pool; at < e->pool + e->pool_used; at += HEADER + at[0] + at[1]) {
        if (at[HEADER] <= EXEC2_DEPTH)
            continue;
        memcpy(name, at + HEADER, at[0]);
        name[at[0]] = 0;
        memcpy(value, at + HEADER + at[0], at[1]);
        value[at[1]] = 0;
        show(e, name, value);
    }
}

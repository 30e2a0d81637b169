/* Variables: the user's, the arguments, and those with a meaning of their own. */
#include "cms/exec/internal.h"

#include "lib/fmt.h"
#include "lib/str.h"

static struct exec_variable *find(struct exec *e, const char *name)
{
    char field[8];
    str_pad(field, name, sizeof field);
    str_upcase(field, sizeof field);
    for (int i = 0; i < e->variable_count; i++)
        if (!memcmp(e->variables[i].name, field, sizeof field))
            return &e->variables[i];
    return NULL;
}

/* The special variables that the interpreter itself knows: how each is read.  Names are cut
 * like every token: &READFLAG is written, READFLA is what arrives. */
static void get_retcode(struct exec *e, char *value, size_t size)
{
    fmt(value, size, "%d", e->return_code);
}

static void get_index(struct exec *e, char *value, size_t size)
{
    fmt(value, size, "%d", e->argument_count);
}

static void get_linenum(struct exec *e, char *value, size_t size)
{
    fmt(value, size, "%u", (unsigned)e->line);
}

static void get_global(struct exec *e, char *value, size_t size)
{
    fmt(value, size, "%d", e->level);
}

/* &GLOBALn: n, or -1. */
static int global_number(const char *name)
{
    char general[] = "GLOBAL";
    size_t n = sizeof general - 1;
    char last = strlen(name) == n + 1 ? name[n] : ' ';
    if (!str_is_digit(last))
        return -1;
    for (size_t i = 0; i < n; i++)
        if (str_upper(name[i]) != general[i])
            return -1;
    return last - '0';
}

static void get_exec(struct exec *e, char *value, size_t size)
{
    str_copy(value, e->name, size);
}

static void get_readflag(struct exec *e, char *value, size_t size)
{
    str_copy(value, e->host->stack_is_empty(e->host->context) ? "CONSOLE" : "STACK", size);
}

static const struct special {
    const char *name;
    void (*get)(struct exec *e, char *value, size_t size);
} specials[] = {
    {"RETCODE", get_retcode}, {"INDEX", get_index}, {"LINENUM", get_linenum},
    {"GLOBAL", get_global},   {"EXEC", get_exec},   {"READFLA", get_readflag},
};

int exec_variable_get(struct exec *e, const char *name, char *value, size_t size)
{
    uint32_t number;
    value[0] = 0;
    if (str_decimal(name, &number)) {
        if (number <= (uint32_t)e->argument_count)
            str_copy(value, e->arguments[number].text, size);
        return EXEC_OK;
    }
    /* &$ and &* stand for the arguments in conditions and are replaced there. */
    if (str_equal(name, "$") || str_equal(name, "*")) {
        fmt(value, size, "&%s", name);
        return EXEC_OK;
    }
    struct exec_variable *v = find(e, name);
    if (v) {
        str_copy(value, v->value, size);
        return EXEC_OK;
    }
    int content, global = global_number(name);
    if (global >= 0) {
        e->host->global(e->host->context, global, &content, false);
        fmt(value, size, "%d", content);
        return EXEC_OK;
    }
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (str_equal(name, specials[i].name)) {
            specials[i].get(e, value, size);
            return EXEC_OK;
        }
    e->host->special(e->host->context, name, value, size);
    return EXEC_OK;
}

int exec_variable_set(struct exec *e, const char *name, const char *value)
{
    uint32_t number;
    if (!*name || str_equal(name, "$") || str_equal(name, "*"))
        return EXEC_SPECIAL_VARIABLE;
    if (str_decimal(name, &number)) {
        if (number > EXEC_ARGUMENTS)
            return EXEC_TOO_MANY_ARGUMENTS;
        while (e->argument_count < (int)number)
            e->arguments[++e->argument_count].text[0] = 0;
        str_copy(e->arguments[number].text, value, sizeof e->arguments[number].text);
        return EXEC_OK;
    }
    if (str_equal(name, "RETCODE")) {
        return exec_number(value, &e->return_code) ? EXEC_OK : EXEC_CONVERSION;
    }
    int content, global = global_number(name);
    if (global >= 0) {
        if (!exec_number(value, &content))
            return EXEC_CONVERSION;
        e->host->global(e->host->context, global, &content, true);
        return EXEC_OK;
    }
    for (size_t i = 1; i < sizeof specials / sizeof *specials; i++)
        if (str_equal(name, specials[i].name))
            return EXEC_SPECIAL_VARIABLE;
    struct exec_variable *v = find(e, name);
    if (!v) {
        if (e->variable_count == EXEC_VARIABLES)
            return EXEC_TOO_MANY_ARGUMENTS;
        v = &e->variables[e->variable_count++];
        str_pad(v->name, name, sizeof v->name);
        str_upcase(v->name, sizeof v->name);
    }
    str_copy(v->value, value, sizeof v->value);
    return EXEC_OK;
}

int exec_set_arguments(struct exec *e, int first)
{
    int n = e->token_count - first;
    if (n > EXEC_ARGUMENTS)
        return EXEC_TOO_MANY_ARGUMENTS;
    for (int i = 1; i <= n; i++) {
        e->arguments[i] = e->tokens[first + i - 1];
        if (!strcmp(e->arguments[i].text, "%"))
            e->arguments[i].text[0] = 0;
    }
    e->argument_count = n;
    return EXEC_OK;
}

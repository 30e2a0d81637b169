/* The control statements, one function and one row of the table each; everything else is an
 * assignment or a command. */
#include "cms/exec2/internal.h"

#include "cms/exec/internal.h"
#include "lib/fmt.h"
#include "lib/str.h"

typedef int statement(struct exec2 *e, struct exec2_statement *s, int at);

static void type(struct exec2 *e, const char *text)
{
    e->host->common.type(e->host->common.context, text);
}

static void punch(struct exec2 *e, const char *text)
{
    e->host->common.punch(e->host->common.context, text);
}

static void stack_fifo(struct exec2 *e, const char *text)
{
    e->host->common.stack(e->host->common.context, text, false);
}

static void stack_lifo(struct exec2 *e, const char *text)
{
    e->host->common.stack(e->host->common.context, text, true);
}

static bool is(const struct exec2_statement *s, int i, const char *word)
{
    return str_equal(exec2_word(s, i), word);
}

/* All words from `at` on, substituted and joined into e->output. */
static int text_of(struct exec2 *e, struct exec2_statement *s, int at)
{
    int error = exec2_substitute(e, s, at, s->count);

    return error ? error : exec2_join(s, at, e->output, EXEC2_WORD);
}

/* ---- commands ---- */

static int after_command(struct exec2 *e, const char *text)
{
    char answer[24], action[EXEC2_WORD];

    if (e->return_code && e->trace == EXEC2_TRACE_ERR)
        type(e, text);
    if (e->return_code && e->trace != EXEC2_TRACE_OFF) {
        fmt(answer, sizeof answer, "+++(%d)+++", e->return_code);
        type(e, answer);
    }
    if (!e->return_code || !e->error_action[0] || e->in_error_action)
        return EXEC2_OK;
    str_copy(action, e->error_action, sizeof action);
    e->in_error_action = true;
    int error = exec2_statement(e, action);
    e->in_error_action = false;
    return error ? EXEC2_ERROR_ACTION : EXEC2_OK;
}

/* Words `at` and up, substituted, as a line for CMS, or for `environment` if it has a name. */
static int run_line(struct exec2 *e, const struct exec2_statement *s, int at,
                    const char *environment)
{
    char text[EXEC2_WORD];
    int error = exec2_join(s, at, text, sizeof text);

    if (error || !text[0])
        return error;
    if (e->trace >= EXEC2_TRACE_ON)
        type(e, text);
    void *context = e->host->common.context;
    e->return_code = *environment ? e->host->subcommand(context, environment, text)
                                  : e->host->common.command(context, text);
    return after_command(e, text);
}

static int do_command(struct exec2 *e, struct exec2_statement *s, int at)
{
    int error = exec2_substitute(e, s, at, s->count);

    return error ? error : run_line(e, s, at, "");
}

static int environment_of(const struct exec2_statement *s, int at, char name[9])
{
    if (!*exec2_word(s, at))
        return EXEC2_MISSING;
    str_copy(name, exec2_word(s, at), 9);
    return EXEC2_OK;
}

static int do_subcommand(struct exec2 *e, struct exec2_statement *s, int at)
{
    char name[9];
    int error = exec2_substitute(e, s, at, s->count);

    if (!error)
        error = environment_of(s, at, name);
    return error ? error : run_line(e, s, at + 1, name);
}

/* &PRESUME [&COMMAND | &SUBCOMMAND environment] */
static int do_presume(struct exec2 *e, struct exec2_statement *s, int at)
{
    if (at >= s->count || is(s, at, "&COMMAND")) {
        e->environment[0] = 0;
        return EXEC2_OK;
    }
    if (!is(s, at, "&SUBCOMMAND"))
        return EXEC2_ARGUMENT;
    int error = exec2_substitute(e, s, at + 1, s->count);
    return error ? error : environment_of(s, at + 1, e->environment);
}

/* The action is kept as it is written, and substituted when it is taken. */
static int do_error(struct exec2 *e, struct exec2_statement *s, int at)
{
    str_copy(e->error_action, exec2_raw(s, at), sizeof e->error_action);
    return EXEC2_OK;
}

/* ---- arguments and variables ---- */

static int do_args(struct exec2 *e, struct exec2_statement *s, int at)
{
    int error = exec2_substitute(e, s, at, s->count);

    return error ? error : exec2_set_arguments(e, s, at);
}

/* The name that word i, a variable, has: what is behind its ampersand, substituted. */
static int variable_name(struct exec2 *e, struct exec2_statement *s, int i, const char **name)
{
    int error = *exec2_word(s, i) == '&' ? exec2_substitute_word(e, s, i, 1) : EXEC2_NAME;

    *name = exec2_word(s, i) + (error ? 0 : 1);
    return error;
}

static int upper(struct exec2 *e, const char *name)
{
    char value[EXEC2_WORD];

    exec2_variable_get(e, name, value);
    str_upcase(value, strlen(value));
    return exec2_assign_variable(e, name, value);
}

static void show(struct exec2 *e, const char *name, const char *value)
{
    fmt(e->output, sizeof e->output, "&%s = %s", name, value);
    type(e, e->output);
}

static int show_one(struct exec2 *e, const char *name)
{
    char value[EXEC2_WORD];

    exec2_variable_get(e, name, value);
    show(e, name, value);
    return EXEC2_OK;
}

/* ARGS, or VARS and names: each by `one`. */
static int each(struct exec2 *e, struct exec2_statement *s, int at,
                int (*one)(struct exec2 *e, const char *name))
{
    char number[12];
    const char *name;
    int error = EXEC2_OK;

    if (is(s, at, "ARGS")) {
        for (uint32_t i = 1; i <= e->frames[e->depth].arguments && !error; i++) {
            fmt(number, sizeof number, "%u", (unsigned)i);
            error = one(e, number);
        }
        return error;
    }
    if (!is(s, at, "VARS"))
        return EXEC2_ARGUMENT;
    for (int i = at + 1; i < s->count && !error; i++) {
        error = variable_name(e, s, i, &name);
        if (!error)
            error = one(e, name);
    }
    return error;
}

static int do_upper(struct exec2 *e, struct exec2_statement *s, int at)
{
    return each(e, s, at, upper);
}

/* VARS alone: all of them. */
static int do_dump(struct exec2 *e, struct exec2_statement *s, int at)
{
    if (is(s, at, "VARS") && at + 1 >= s->count) {
        exec2_dump(e, show);
        return EXEC2_OK;
    }
    return each(e, s, at, show_one);
}

static int do_case(struct exec2 *e, struct exec2_statement *s, int at)
{
    if (!is(s, at, "U") && !is(s, at, "M"))
        return EXEC2_ARGUMENT;
    e->mixed_case = is(s, at, "M");
    return EXEC2_OK;
}

/* ---- lines of the program, and lines for the terminal and the stack ---- */

/* A count: a number from 0 on, * is very many. */
static int count_of(const struct exec2_statement *s, int at, uint32_t *count)
{
    int32_t number = 1;
    int error = EXEC2_OK;

    if (!strcmp(exec2_word(s, at), "*")) {
        *count = UINT32_MAX;
        return EXEC2_OK;
    }
    if (at < s->count)
        error = exec2_number(exec2_word(s, at), &number);
    *count = (uint32_t)number;
    return error ? error : number < 0 ? EXEC2_ARGUMENT : EXEC2_OK;
}

/* The lines that follow: so many of them, or up to that with a label. */
static int block(struct exec2 *e, struct exec2_statement *s, int at,
                 void (*take)(struct exec2 *e, const char *text))
{
    char text[EXEC2_WORD];
    uint32_t count = UINT32_MAX, label = UINT32_MAX;
    int error = exec2_substitute(e, s, at, s->count);

    if (error)
        return error;
    if (*exec2_word(s, at) == '-') {
        error = exec2_find(e, exec2_word(s, at), &label);
        if (!error && label <= e->line)
            error = EXEC2_LABEL;
    } else {
        error = count_of(s, at, &count);
    }
    for (; !error && count && e->next < label; count--) {
        error = exec2_fetch(e, e->next, text);
        if (error < 0)
            return *exec2_word(s, at) == '*' ? EXEC2_OK : EXEC2_ARGUMENT;
        if (!error) {
            take(e, text);
            e->next++;
        }
    }
    return error;
}

static int do_begtype(struct exec2 *e, struct exec2_statement *s, int at)
{
    return block(e, s, at, type);
}

static int do_begpunch(struct exec2 *e, struct exec2_statement *s, int at)
{
    return block(e, s, at, punch);
}

/* &BEGSTACK [n|*|-label] [FIFO|LIFO] */
static int do_begstack(struct exec2 *e, struct exec2_statement *s, int at)
{
    bool lifo = is(s, s->count - 1, "LIFO");

    if (s->count > at && (lifo || is(s, s->count - 1, "FIFO")))
        s->count--;
    return block(e, s, at, lifo ? stack_lifo : stack_fifo);
}

/* All lines are in storage as far as there is room. */
static int do_buffer(struct exec2 *e, struct exec2_statement *s, int at)
{
    uint32_t lines;
    int error = exec2_substitute(e, s, at, s->count);

    return error ? error : count_of(s, at, &lines);
}

static int do_type(struct exec2 *e, struct exec2_statement *s, int at)
{
    int error = text_of(e, s, at);

    if (!error)
        type(e, e->output);
    return error;
}

static int do_punch(struct exec2 *e, struct exec2_statement *s, int at)
{
    int error = text_of(e, s, at);

    if (!error)
        punch(e, e->output);
    return error;
}

static int do_stack(struct exec2 *e, struct exec2_statement *s, int at)
{
    bool lifo = is(s, at, "LIFO");
    int error = text_of(e, s, lifo || is(s, at, "FIFO") ? at + 1 : at);

    if (!error)
        e->host->common.stack(e->host->common.context, e->output, lifo);
    return error;
}

void exec2_read_line(struct exec2 *e, char text[EXEC2_WORD])
{
    e->host->common.read(e->host->common.context, text, EXEC2_WORD);
    if (!e->mixed_case)
        str_upcase(text, strlen(text));
}

/* Each variable gets a word, empty when there are no more. */
static int read_variables(struct exec2 *e, const struct exec2_statement *names, int at)
{
    char line[EXEC2_WORD], word[EXEC2_WORD], name[EXEC2_WORD];
    const char *p = line;
    int error = EXEC2_OK;

    exec2_read_line(e, line);
    for (int i = at; i < names->count && !error; i++) {
        str_copy(name, exec2_word(names, i), sizeof name);
        if (!str_word(&p, word, sizeof word))
            word[0] = 0;
        error = name[0] == '&' ? exec2_assign_variable(e, name + 1, word) : EXEC2_NAME;
    }
    return error;
}

/* &READ [n | * | ARGS | STRING &v | VARS &v ...] */
static int do_read(struct exec2 *e, struct exec2_statement *s, int at)
{
    char line[EXEC2_WORD];
    const char *name;
    uint32_t count;
    int error = EXEC2_OK;

    if (is(s, at, "ARGS")) {
        exec2_read_line(e, line);
        error = exec2_split(s, line);
        return error ? error : exec2_set_arguments(e, s, 0);
    }
    bool string = is(s, at, "STRING");
    if (string || is(s, at, "VARS")) {
        for (int i = at + 1; i < s->count && !error; i++)
            error = variable_name(e, s, i, &name);
        if (error || !string)
            return error ? error : read_variables(e, s, at + 1);
        exec2_read_line(e, line);
        return at + 1 < s->count ? exec2_assign_variable(e, exec2_word(s, at + 1) + 1, line)
                                 : EXEC2_MISSING;
    }
    error = exec2_substitute(e, s, at, s->count);
    if (!error)
        error = count_of(s, at, &count);
    if (!error)
        e->lines_to_read = count;
    return error;
}

/* ---- where it goes on ---- */

static int do_goto(struct exec2 *e, struct exec2_statement *s, int at)
{
    uint32_t line;
    int error = exec2_substitute(e, s, at, s->count);

    if (!error)
        error = exec2_find(e, exec2_word(s, at), &line);
    if (!error)
        exec2_goto(e, line);
    return error;
}

static int do_skip(struct exec2 *e, struct exec2_statement *s, int at)
{
    int32_t lines = 1;
    int error = exec2_substitute(e, s, at, s->count);

    if (!error && at < s->count)
        error = exec2_number(exec2_word(s, at), &lines);
    if (error)
        return error;
    int64_t to = (int64_t)e->line + lines + (lines >= 0);
    if (to < 1 || to > INT32_MAX)
        return EXEC2_ARGUMENT;
    exec2_goto(e, (uint32_t)to);
    return EXEC2_OK;
}

static int do_call(struct exec2 *e, struct exec2_statement *s, int at)
{
    uint32_t line;
    int error = exec2_substitute(e, s, at, s->count);

    if (!error)
        error = exec2_find(e, exec2_word(s, at), &line);
    if (!error)
        error = exec2_enter(e, line);
    return error ? error : exec2_set_arguments(e, s, at + 1);
}

static int do_return(struct exec2 *e, struct exec2_statement *s, int at)
{
    int error = text_of(e, s, at);

    if (error)
        return error;
    str_copy(e->returned, e->output, sizeof e->returned);
    return exec2_leave(e);
}

static int do_exit(struct exec2 *e, struct exec2_statement *s, int at)
{
    int32_t code = 0;
    int error = exec2_substitute(e, s, at, s->count);

    if (!error && *exec2_word(s, at))
        error = exec2_number(exec2_word(s, at), &code);
    e->exit_code = code;
    e->ended = !error;
    return error;
}

int exec2_condition(struct exec2 *e, struct exec2_statement *s, int *at, bool *result)
{
    bool one, both = false;

    *result = false;
    for (;; ++*at) {
        int error = exec2_substitute(e, s, *at, *at + 3);
        if (!error && *at + 3 > s->count)
            error = EXEC2_CONDITION;
        if (!error &&
            exec_compare(exec2_word(s, *at), exec2_word(s, *at + 1), exec2_word(s, *at + 2), &one))
            error = EXEC2_CONDITION;
        if (error)
            return error;
        *result = both ? *result && one : *result || one;
        *at += 3;
        both = is(s, *at, "&AND");
        if (!both && !is(s, *at, "&OR"))
            return EXEC2_OK;
    }
}

/* &LOOP n|-label m|*|&WHILE condition|&UNTIL condition */
static int do_loop(struct exec2 *e, struct exec2_statement *s, int at)
{
    uint32_t last, lines;
    struct exec2_loop *loop = &e->loops[e->loop_count];
    bool condition = is(s, at + 1, "&WHILE") || is(s, at + 1, "&UNTIL");
    int error = exec2_substitute(e, s, at, condition ? at + 1 : s->count);

    if (error)
        return error;
    if (e->loop_count == EXEC2_LOOPS)
        return EXEC2_STORAGE;
    if (*exec2_word(s, at) == '-') {
        error = exec2_find(e, exec2_word(s, at), &last);
        if (!error && last <= e->line)
            error = EXEC2_LABEL;
    } else {
        error = count_of(s, at, &lines);
        if (!error && (!lines || lines > INT32_MAX))
            error = EXEC2_LOOP;
        last = e->line + lines;
    }
    *loop = (struct exec2_loop){.first = e->line + 1, .last = last, .depth = (uint8_t)e->depth};
    if (condition) {
        loop->until = is(s, at + 1, "&WHILE") ? EXEC2_WHILE : EXEC2_UNTIL;
        str_copy(loop->condition, exec2_raw(s, at + 2), sizeof loop->condition);
    } else if (!error) {
        error = at + 1 < s->count ? count_of(s, at + 1, &loop->left) : EXEC2_LOOP;
    }
    if (error)
        return error;
    e->loop_count++;
    e->next = last + 1; /* from there it is turned for the first time, too */
    return EXEC2_OK;
}

static int do_trace(struct exec2 *e, struct exec2_statement *s, int at)
{
    static const struct {
        const char *word;
        enum exec2_trace trace;
    } words[] = {{"OFF", EXEC2_TRACE_OFF},
                 {"ERR", EXEC2_TRACE_ERR},
                 {"ON", EXEC2_TRACE_ON},
                 {"ALL", EXEC2_TRACE_ALL}};
    int error = exec2_substitute(e, s, at, s->count);

    if (error || at >= s->count)
        return error;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is(s, at, words[i].word)) {
            e->trace = words[i].trace;
            return EXEC2_OK;
        }
    return EXEC2_ARGUMENT;
}

/* ---- */

static const struct control_word {
    const char *name;
    statement *run;
} control_words[] = {
    {"&ARGS", do_args},         {"&BEGPUNCH", do_begpunch},
    {"&BEGSTACK", do_begstack}, {"&BEGTYPE", do_begtype},
    {"&BUFFER", do_buffer},     {"&CALL", do_call},
    {"&CASE", do_case},         {"&COMMAND", do_command},
    {"&DUMP", do_dump},         {"&ERROR", do_error},
    {"&EXIT", do_exit},         {"&GOTO", do_goto},
    {"&LOOP", do_loop},         {"&PRESUME", do_presume},
    {"&PUNCH", do_punch},       {"&READ", do_read},
    {"&RETURN", do_return},     {"&SKIP", do_skip},
    {"&STACK", do_stack},       {"&SUBCOMMAND", do_subcommand},
    {"&TRACE", do_trace},       {"&TYPE", do_type},
    {"&UPPER", do_upper},
};

static int assign(struct exec2 *e, struct exec2_statement *s, int at)
{
    char value[EXEC2_WORD], target[EXEC2_WORD];
    const char *name;
    int error = variable_name(e, s, at, &name);

    if (error)
        return error;
    str_copy(target, name, sizeof target);
    error = exec2_evaluate(e, s, at + 2, value);
    return error || e->ended ? error : exec2_assign_variable(e, target, value);
}

/* What is neither: a command, whose name may be in a variable. */
static int presumed(struct exec2 *e, struct exec2_statement *s, int at)
{
    char value[EXEC2_WORD];

    if (*exec2_word(s, at) == '&' && !strchr(exec2_word(s, at) + 1, '&') &&
        !exec2_variable_get(e, exec2_word(s, at) + 1, value))
        return EXEC2_CONTROL_WORD;
    int error = exec2_substitute(e, s, at, s->count);
    return error ? error : run_line(e, s, at, e->environment);
}

/* Behind a condition that is true the rest is a statement in its turn. */
static int execute(struct exec2 *e, struct exec2_statement *s, int at)
{
    while (at < s->count && is(s, at, "&IF")) {
        bool yes = false;
        at++;
        int error = exec2_condition(e, s, &at, &yes);
        if (error || !yes)
            return error;
    }
    if (at >= s->count)
        return EXEC2_OK;
    if (*exec2_word(s, at) == '&') {
        if (!strcmp(exec2_word(s, at + 1), "="))
            return assign(e, s, at);
        const struct control_word *word =
            exec_find_word(exec2_word(s, at), control_words, sizeof *control_words,
                           sizeof control_words / sizeof *control_words);
        if (word)
            return word->run(e, s, at + 1);
    }
    return presumed(e, s, at);
}

int exec2_statement(struct exec2 *e, const char *line)
{
    struct exec2_statement *s = &e->statements[e->nesting];
    int error = exec2_split(s, line);

    if (error || !s->count || *exec2_word(s, 0) == '*')
        return error;
    if (e->trace == EXEC2_TRACE_ALL || e->host->common.traced(e->host->common.context)) {
        fmt(e->output, sizeof e->output, "%u. %s", (unsigned)e->line, line);
        type(e, e->output);
    }
    return execute(e, s, *exec2_word(s, 0) == '-' ? 1 : 0);
}

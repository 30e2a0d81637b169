/* The control statements, one function and one row of the table each. */
#include "cms/exec/internal.h"

#include "lib/fmt.h"
#include "lib/str.h"

static void type(struct exec *e, const char *text)
{
    e->host->type(e->host->context, text);
}

static const char *token(const struct exec *e, int i)
{
    return i < e->token_count ? e->tokens[i].text : "";
}

/* Runs the CMS command in e->tokens from `first` on, typing it as &CONTROL says. */
static int run_command(struct exec *e, int first)
{
    char line[EXEC_LINE];
    if (first >= e->token_count)
        return EXEC_OK;
    str_copy(line, exec_join(e, first), sizeof line);
    if (e->control >= EXEC_CONTROL_CMS || e->host->traced(e->host->context))
        type(e, line);
    e->return_code = e->host->command(e->host->context, line);
    if (e->return_code) {
        char answer[24];
        if (e->control == EXEC_CONTROL_ERROR)
            type(e, line);
        fmt(answer, sizeof answer, "+++ R(%05d) +++", e->return_code);
        if (e->control != EXEC_CONTROL_OFF)
            type(e, answer);
    }
    if (e->time_each) {
        e->host->times(e->host->context, line, sizeof line);
        type(e, line);
    }
    if (e->return_code && e->error_action[0] && !e->in_error_action) {
        e->in_error_action = true;
        str_copy(line, e->error_action, sizeof line);
        int error = exec_statement(e, line);
        e->in_error_action = false;
        return error ? EXEC_ERROR_ACTION : EXEC_OK;
    }
    return EXEC_OK;
}

static int do_args(struct exec *e)
{
    int error = exec_substitute(e, 1);
    return error ? error : exec_set_arguments(e, 1);
}

/* Copies the lines up to &END to `take`; without ALL only their first 72 columns. */
static int block(struct exec *e, bool all, void (*take)(struct exec *e, const char *text))
{
    for (uint32_t n = e->next;; n++) {
        char first[9];
        const char *p;
        int error = exec_fetch(e, n);
        if (error < 0)
            return EXEC_SYNTAX;
        if (error)
            return error;
        p = e->text;
        if (str_word(&p, first, sizeof first) && str_equal(first, "&END")) {
            e->next = n + 1;
            return EXEC_OK;
        }
        if (!all && strlen(e->text) > 72)
            e->text[72] = 0;
        take(e, e->text);
    }
}

static void stack_fifo(struct exec *e, const char *text)
{
    e->host->stack(e->host->context, text, false);
}

static void stack_lifo(struct exec *e, const char *text)
{
    e->host->stack(e->host->context, text, true);
}

static void punch(struct exec *e, const char *text)
{
    e->host->punch(e->host->context, text);
}

static int do_begpunch(struct exec *e)
{
    return block(e, str_equal(token(e, 1), "ALL"), punch);
}

static int do_begtype(struct exec *e)
{
    return block(e, str_equal(token(e, 1), "ALL"), type);
}

static int do_begstack(struct exec *e)
{
    bool lifo = false, all = false;
    for (int i = 1; i < e->token_count; i++) {
        if (str_equal(token(e, i), "LIFO"))
            lifo = true;
        else if (str_equal(token(e, i), "ALL"))
            all = true;
        else if (!str_equal(token(e, i), "FIFO"))
            return EXEC_SYNTAX;
    }
    return block(e, all, lifo ? stack_lifo : stack_fifo);
}

static int do_continue(struct exec *e)
{
    return EXEC_OK;
}

static int do_control(struct exec *e)
{
    static const struct {
        const char *word;
        enum exec_control control;
    } words[] = {{"OFF", EXEC_CONTROL_OFF},
                 {"ERROR", EXEC_CONTROL_ERROR},
                 {"CMS", EXEC_CONTROL_CMS},
                 {"ALL", EXEC_CONTROL_ALL}};
    int error = exec_substitute(e, 1);
    for (int i = 1; i < e->token_count && !error; i++) {
        const char *word = token(e, i);
        bool known = false;
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (str_equal(word, words[k].word)) {
                e->control = words[k].control;
                known = true;
            }
        if (known || str_equal(word, "PACK")) /* lines are shown with single blanks: as with PACK */
            continue;
        if (str_equal(word, "TIME") || str_equal(word, "NOTIME"))
            e->time_each = str_equal(word, "TIME");
        else if (str_equal(word, "MSG") || str_equal(word, "NOMSG"))
            e->host->quiet(e->host->context, str_equal(word, "NOMSG"));
        else
            error = EXEC_SYNTAX;
    }
    return error;
}

static int do_emsg(struct exec *e)
{
    char line[EXEC_LINE];
    int error = exec_substitute(e, 1);
    if (error)
        return error;
    fmt(line, sizeof line, "DMS%.*s%s", 3, e->name, exec_join(e, 1));
    type(e, line);
    return EXEC_OK;
}

/* The action is kept as it is written and substituted when it is taken. */
static int do_error(struct exec *e)
{
    str_copy(e->error_action, exec_join(e, 1), sizeof e->error_action);
    if (str_equal(e->error_action, "&CONTINUE"))
        e->error_action[0] = 0;
    return EXEC_OK;
}

static int do_exit(struct exec *e)
{
    int error = exec_substitute(e, 1);
    if (error)
        return error;
    e->exit_code = 0;
    if (e->token_count > 1 && !exec_number(token(e, 1), &e->exit_code))
        return EXEC_CONVERSION;
    e->ended = true;
    return EXEC_OK;
}

static int do_goto(struct exec *e)
{
    uint32_t line;
    int error = exec_substitute(e, 1);
    if (error)
        return error;
    const char *target = token(e, 1);
    if (str_equal(target, "TOP"))
        return exec_goto(e, 1);
    if (*target == '-') {
        error = exec_find_label(e, target, e->line + 1, &line);
        return error ? error : exec_goto(e, line);
    }
    return str_decimal(target, &line) && line ? exec_goto(e, line) : EXEC_GOTO_ERROR;
}

/* Only the condition is substituted here: the statement behind it is one of its own. */
static int do_if(struct exec *e)
{
    bool yes = false;
    for (int i = 1; i < 4 && i < e->token_count;) {
        int error = exec_substitute_token(e, &e->tokens[i], 0);
        if (error)
            return error;
        if (e->tokens[i].text[0])
            i++;
        else
            exec_drop_tokens(e, i, 1);
    }
    int error = exec_condition(e, 1, &yes);
    if (error || !yes)
        return error;
    if (e->token_count < 5)
        return EXEC_SYNTAX;
    char line[EXEC_LINE];
    str_copy(line, exec_join(e, 4), sizeof line);
    return exec_statement(e, line);
}

/* &LOOP n|-label m|condition */
static int do_loop(struct exec *e)
{
    uint32_t lines, last;
    int times;
    if (e->loop_count == EXEC_LOOPS)
        return EXEC_LOOP_DEPTH;
    struct exec_loop *loop = &e->loops[e->loop_count];
    int error = exec_substitute_token(e, &e->tokens[1], 0);
    if (error)
        return error;
    loop->first = e->line + 1;
    if (token(e, 1)[0] == '-') {
        error = exec_find_label(e, token(e, 1), loop->first, &last);
        if (error || last < loop->first)
            return EXEC_GOTO_ERROR;
    } else if (str_decimal(token(e, 1), &lines))
        last = e->line + lines;
    else
        return EXEC_SYNTAX;
    loop->last = last;
    loop->has_condition = e->token_count > 3;
    if (loop->has_condition) {
        bool done;
        if (strlen(exec_join(e, 2)) >= sizeof loop->condition)
            return EXEC_TOO_MANY_TOKENS;
        str_copy(loop->condition, e->output, sizeof loop->condition);
        error = exec_substitute(e, 2);
        if (!error)
            error = exec_condition(e, 2, &done);
        if (error || done) {
            e->next = last + 1;
            return error;
        }
    } else {
        error = exec_substitute(e, 2);
        if (error || !exec_number(token(e, 2), &times) || times < 0)
            return error ? error : EXEC_SYNTAX;
        if (!times) {
            e->next = last + 1;
            return EXEC_OK;
        }
        loop->left = (uint32_t)times - 1;
    }
    e->loop_count++;
    return EXEC_OK;
}

static int do_punch(struct exec *e)
{
    int error = exec_substitute(e, 1);
    if (!error)
        punch(e, exec_join(e, 1));
    return error;
}

static int read_variables(struct exec *e)
{
    struct exec_token names[EXEC_TOKENS];
    int count = e->token_count - 2, error = EXEC_OK;
    memcpy(names, e->tokens + 2, sizeof *names * (size_t)count);
    e->host->read(e->host->context, e->text, sizeof e->text);
    error = exec_tokenize(e, e->text);
    for (int i = 0; i < count && !error; i++) {
        const char *value = token(e, i);
        error = exec_substitute_token(e, &names[i], 1);
        if (!error && names[i].text[0] != '&')
            error = EXEC_SYNTAX;
        if (!error)
            error = exec_variable_set(e, names[i].text + 1, strcmp(value, "%") ? value : "");
    }
    return error;
}

/* &READ n | ARGS | VARS &v1 &v2 ... */
static int do_read(struct exec *e)
{
    int count = 1, error = EXEC_OK;
    if (str_equal(token(e, 1), "VARS"))
        return read_variables(e);
    if (str_equal(token(e, 1), "ARGS")) {
        e->host->read(e->host->context, e->text, sizeof e->text);
        error = exec_tokenize(e, e->text);
        return error ? error : exec_set_arguments(e, 0);
    }
    error = exec_substitute(e, 1);
    if (e->token_count > 1 && (!exec_number(token(e, 1), &count) || count < 0))
        return error ? error : EXEC_SYNTAX;
    if (!error)
        e->lines_to_read += (uint32_t)count;
    return error;
}

static int do_skip(struct exec *e)
{
    int lines = 1;
    int error = exec_substitute(e, 1);
    if (error)
        return error;
    if (e->token_count > 1 && !exec_number(token(e, 1), &lines))
        return EXEC_SYNTAX;
    if (lines < 0 && (uint32_t)-lines >= e->line)
        return EXEC_GOTO_ERROR;
    return lines < 0 ? exec_goto(e, e->line - (uint32_t)-lines)
                     : exec_goto(e, e->line + 1 + (uint32_t)lines);
}

static int do_space(struct exec *e)
{
    int lines = 1;
    int error = exec_substitute(e, 1);
    if (error)
        return error;
    if (e->token_count > 1 && (!exec_number(token(e, 1), &lines) || lines < 0))
        return EXEC_SYNTAX;
    for (; lines > 0; lines--)
        type(e, "");
    return EXEC_OK;
}

static int do_stack(struct exec *e)
{
    int at = 1, error = exec_substitute(e, 1);
    bool lifo = str_equal(token(e, 1), "LIFO");
    if (error)
        return error;
    if (e->token_count == 2 && (str_equal(token(e, 1), "HT") || str_equal(token(e, 1), "RT"))) {
        e->host->typing(e->host->context, str_equal(token(e, 1), "RT"));
        return EXEC_OK;
    }
    if (lifo || str_equal(token(e, 1), "FIFO"))
        at = 2;
    e->host->stack(e->host->context, exec_join(e, at), lifo);
    return EXEC_OK;
}

static int do_time(struct exec *e)
{
    char line[EXEC_LINE];
    const char *word = token(e, 1);
    if (str_equal(word, "ON") || str_equal(word, "OFF"))
        e->time_each = str_equal(word, "ON");
    else if (!*word || str_equal(word, "TYPE")) {
        e->host->times(e->host->context, line, sizeof line);
        type(e, line);
    } else if (str_equal(word, "RESET"))
        e->host->reset_times(e->host->context);
    else
        return EXEC_SYNTAX;
    return EXEC_OK;
}

static int do_type(struct exec *e)
{
    int error = exec_substitute(e, 1);
    if (!error)
        type(e, exec_join(e, 1));
    return error;
}

static int do_hex(struct exec *e)
{
    if (!str_equal(token(e, 1), "ON") && !str_equal(token(e, 1), "OFF"))
        return EXEC_SYNTAX;
    e->hexadecimal = str_equal(token(e, 1), "ON");
    return EXEC_OK;
}

static int do_end(struct exec *e)
{
    return EXEC_SYNTAX;
}

static const struct control_word {
    const char *name;
    int (*run)(struct exec *e);
} control_words[] = {
    {"&ARGS", do_args},         {"&BEGPUNCH", do_begpunch},
    {"&BEGPUNC", do_begpunch},  {"&BEGSTACK", do_begstack},
    {"&BEGSTAC", do_begstack},  {"&BEGTYPE", do_begtype},
    {"&CONTINUE", do_continue}, {"&CONTINU", do_continue},
    {"&CONTROL", do_control},   {"&EMSG", do_emsg},
    {"&END", do_end},           {"&ERROR", do_error},
    {"&EXIT", do_exit},         {"&GOTO", do_goto},
    {"&HEX", do_hex},           {"&IF", do_if},
    {"&LOOP", do_loop},         {"&PUNCH", do_punch},
    {"&READ", do_read},         {"&SKIP", do_skip},
    {"&SPACE", do_space},       {"&STACK", do_stack},
    {"&TIME", do_time},         {"&TYPE", do_type},
};

static const struct control_word *find_control_word(const char *word)
{
    return exec_find_word(word, control_words, sizeof *control_words,
                          sizeof control_words / sizeof *control_words);
}

bool exec_is_control_word(const char *word)
{
    return find_control_word(word) != NULL;
}

int exec_condition(struct exec *e, int at, bool *result)
{
    const char *a = token(e, at), *op = token(e, at + 1), *b = token(e, at + 2);
    bool any = !strcmp(a, "&$"), all = !strcmp(a, "&*");
    if (e->token_count < at + 3)
        return EXEC_CONDITION;
    if (!any && !all)
        return exec_compare(a, op, b, result);
    *result = all;
    for (int i = 1; i <= e->argument_count; i++) {
        bool one;
        int error = exec_compare(e->arguments[i].text, op, b, &one);
        if (error)
            return error;
        if (one != all)
            *result = one;
    }
    return EXEC_OK;
}

int exec_statement(struct exec *e, const char *text)
{
    int error = exec_tokenize(e, text);
    if (error || !e->token_count || e->tokens[0].text[0] == '*')
        return error;
    if (e->tokens[0].text[0] == '-') {
        exec_drop_tokens(e, 0, 1);
        if (!e->token_count)
            return EXEC_OK;
    }
    bool all = e->control == EXEC_CONTROL_ALL || e->host->traced(e->host->context);
    if (all && e->tokens[0].text[0] == '&')
        type(e, exec_join(e, 0));
    if (e->tokens[0].text[0] == '&') {
        if (e->token_count > 1 && !strcmp(e->tokens[1].text, "="))
            return exec_assign(e);
        const struct control_word *word = find_control_word(e->tokens[0].text);
        if (word)
            return word->run(e);
    }
    /* A word with an ampersand that is none of ours may hold a command's name. */
    bool variable = e->tokens[0].text[0] == '&';
    error = exec_substitute(e, 0);
    if (!error && variable && e->token_count && e->tokens[0].text[0] == '&')
        error = EXEC_CONTROL_WORD;
    return error ? error : run_command(e, 0);
}

/* The interpreter's loop: lines, labels, loops, and the message that ends an EXEC in error. */
#include "cms/exec/internal.h"

#include "lib/fmt.h"
#include "lib/str.h"

int exec_fetch(struct exec *e, uint32_t number)
{
    int n = e->host->line(e->host->context, number, e->text, sizeof e->text);
    if (n == EXEC_LINE_END)
        return -1;
    if (n < 0)
        return EXEC_READ_ERROR;
    while (n > 0 && e->text[n - 1] == ' ')
        n--;
    e->text[n] = 0;
    return EXEC_OK;
}

/* A jump ends the loops it leaves. */
int exec_goto(struct exec *e, uint32_t number)
{
    while (e->loop_count) {
        const struct exec_loop *loop = &e->loops[e->loop_count - 1];
        if (number >= loop->first && number <= loop->last + 1)
            break;
        e->loop_count--;
    }
    e->next = number;
    return EXEC_OK;
}

static bool line_has_label(struct exec *e, const char *label)
{
    const char *p = e->text;
    char first[EXEC_LINE];
    if (!str_word(&p, first, sizeof first))
        return false;
    first[8] = 0;
    return str_equal(first, label);
}

/* Searches from line `from` to the end, then from the top. */
int exec_find_label(struct exec *e, const char *label, uint32_t from, uint32_t *line)
{
    uint32_t n = from;
    bool again = false;
    for (;;) {
        int error = exec_fetch(e, n);
        if (error > 0)
            return error;
        if (!error && line_has_label(e, label)) {
            *line = n;
            return EXEC_OK;
        }
        if (error < 0) {
            if (again)
                return EXEC_GOTO_ERROR;
            again = true;
            n = 1;
        } else if (again && n >= from)
            return EXEC_GOTO_ERROR;
        else
            n++;
    }
}

/* Behind the last line of a loop: once more, or out of it. */
static int close_loops(struct exec *e)
{
    while (e->loop_count) {
        struct exec_loop *loop = &e->loops[e->loop_count - 1];
        if (e->next != loop->last + 1)
            return EXEC_OK;
        if (loop->has_condition) {
            bool done;
            int error = exec_tokenize(e, loop->condition);
            if (!error)
                error = exec_substitute(e, 0);
            if (!error)
                error = exec_condition(e, 0, &done);
            if (error)
                return error;
            if (!done) {
                e->next = loop->first;
                return EXEC_OK;
            }
        } else if (loop->left) {
            loop->left--;
            e->next = loop->first;
            return EXEC_OK;
        }
        e->loop_count--;
    }
    return EXEC_OK;
}

static const struct {
    enum exec_error error;
    const char *text;
} messages[] = {
    {EXEC_FILE_NOT_FOUND, "FILE NOT FOUND"},
    {EXEC_GOTO_ERROR, "&SKIP OR &GOTO ERROR"},
    {EXEC_BAD_FORMAT, "BAD FILE FORMAT"},
    {EXEC_TOO_MANY_ARGUMENTS, "TOO MANY ARGUMENTS"},
    {EXEC_LOOP_DEPTH, "MAX DEPTH OF LOOP NESTING EXCEEDED"},
    {EXEC_READ_ERROR, "ERROR READING FILE"},
    {EXEC_SYNTAX, "INVALID SYNTAX"},
    {EXEC_CONDITION, "INVALID FORM OF CONDITION"},
    {EXEC_ASSIGNMENT, "INVALID ASSIGNMENT"},
    {EXEC_SPECIAL_VARIABLE, "MISUSE OF SPECIAL VARIABLE"},
    {EXEC_ERROR_ACTION, "ERROR IN &ERROR ACTION"},
    {EXEC_CONVERSION, "CONVERSION ERROR"},
    {EXEC_TOO_MANY_TOKENS, "TOO MANY TOKENS IN STATEMENT"},
    {EXEC_FUNCTION, "MISUSE OF BUILT-IN FUNCTION"},
    {EXEC_LOOP_EOF, "EOF FOUND IN LOOP"},
    {EXEC_CONTROL_WORD, "INVALID CONTROL WORD"},
};

static void complain(struct exec *e, int error)
{
    const char *text = "";
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if ((int)messages[i].error == error)
            text = messages[i].text;
    fmt(e->output, sizeof e->output, "DMSEXT072E ERROR IN EXEC FILE %s, LINE %u - %s", e->name,
        (unsigned)e->line, text);
    e->host->type(e->host->context, e->output);
}

/* A statement of &READ's; a jump gives up those that are left. */
static int run_read_line(struct exec *e)
{
    char line[EXEC_LINE];
    uint32_t next = e->next;

    e->lines_to_read--;
    e->host->read(e->host->context, line, sizeof line);
    int error = exec_statement(e, line);
    if (e->next != next)
        e->lines_to_read = 0;
    return error;
}

/* A line of the file; EXEC_OK behind the last one, too, with e->ended. */
static int run_line(struct exec *e)
{
    char line[EXEC_LINE];
    int error = close_loops(e);

    if (error)
        return error;
    e->line = e->next;
    e->next = e->line + 1;
    error = exec_fetch(e, e->line);
    if (error < 0) {
        e->ended = true;
        return e->loop_count ? EXEC_LOOP_EOF : EXEC_OK;
    }
    if (error)
        return error;
    str_copy(line, e->text, sizeof line);
    return exec_statement(e, line);
}

static int run_lines(struct exec *e)
{
    int error = EXEC_OK;

    e->next = 1;
    while (!e->ended && !error && !e->host->halted(e->host->context))
        error = e->lines_to_read ? run_read_line(e) : run_line(e);
    return error;
}

int exec_run(struct exec *e, const struct exec_host *host, const char *name, int level,
             const char *arguments)
{
    memset(e, 0, sizeof *e);
    e->host = host;
    e->name = name;
    e->level = level;
    e->control = EXEC_CONTROL_CMS;
    e->hexadecimal = true;
    str_copy(e->arguments[0].text, name, sizeof e->arguments[0].text);
    int error = exec_tokenize(e, arguments);
    if (!error)
        error = exec_set_arguments(e, 0);
    if (!error)
        error = run_lines(e);
    if (error)
        complain(e, error);
    return error ? error : e->exit_code;
}

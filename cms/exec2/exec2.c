/* The interpreter's loop: lines, labels, loops, subroutines, and the message that ends a program in
 * error. */
#include "cms/exec2/internal.h"

#include "lib/fmt.h"
#include "lib/str.h"

int exec2_fetch(struct exec2 *e, uint32_t number, char *text)
{
    int n = e->host->common.line(e->host->common.context, number, text, EXEC2_WORD);

    if (n == EXEC_LINE_END)
        return -1;
    return n < 0 ? EXEC2_READ : EXEC2_OK;
}

/* A jump ends the loops of its subroutine that it leaves. */
void exec2_goto(struct exec2 *e, uint32_t number)
{
    while (e->loop_count) {
        const struct exec2_loop *loop = &e->loops[e->loop_count - 1];
        if (loop->depth != e->depth || (number >= loop->first && number <= loop->last + 1))
            break;
        e->loop_count--;
    }
    e->next = number;
}

static bool has_label(const char *text, const char *label)
{
    char first[EXEC2_WORD];

    return str_word(&text, first, sizeof first) && !strcmp(first, label);
}

/* Labels are looked for from the next line on to the end, then from the top. */
int exec2_find(struct exec2 *e, const char *target, uint32_t *line)
{
    char text[EXEC2_WORD];
    bool again = false;

    if (*target != '-')
        return str_decimal(target, line) && *line ? EXEC2_OK : EXEC2_LABEL;
    for (uint32_t n = e->line + 1;; n++) {
        int error = again && n > e->line ? -1 : exec2_fetch(e, n, text);
        if (error > 0)
            return error;
        if (!error && has_label(text, target)) {
            *line = n;
            return EXEC2_OK;
        }
        if (error < 0 && again)
            return EXEC2_LABEL;
        if (error < 0) {
            again = true;
            n = 0;
        }
    }
}

int exec2_enter(struct exec2 *e, uint32_t line)
{
    if (e->depth == EXEC2_DEPTH)
        return EXEC2_STORAGE;
    e->frames[++e->depth] = (struct exec2_frame){.from = e->line};
    e->next = line;
    return EXEC2_OK;
}

int exec2_leave(struct exec2 *e)
{
    if (!e->depth)
        return EXEC2_CONTEXT;
    exec2_drop_arguments(e);
    while (e->loop_count && e->loops[e->loop_count - 1].depth == e->depth)
        e->loop_count--;
    e->next = e->frames[e->depth].from + 1;
    e->depth--;
    return EXEC2_OK;
}

/* Once more?  The condition is looked at before each execution. */
static int again(struct exec2 *e, struct exec2_loop *loop, bool *more)
{
    struct exec2_statement *s = &e->statements[e->nesting];
    bool is = false;
    int at = 0;

    if (loop->until == EXEC2_COUNT) {
        *more = loop->left > 0;
        if (loop->left && loop->left != UINT32_MAX)
            loop->left--;
        return EXEC2_OK;
    }
    int error = exec2_split(s, loop->condition);
    if (!error)
        error = exec2_condition(e, s, &at, &is);
    *more = is == (loop->until == EXEC2_WHILE);
    return error;
}

/* Behind the last line of a loop, or at its beginning (where next is its first line). */
static int turn_loops(struct exec2 *e)
{
    while (e->loop_count) {
        struct exec2_loop *loop = &e->loops[e->loop_count - 1];
        bool more;
        if (loop->depth != e->depth || e->next != loop->last + 1)
            return EXEC2_OK;
        int error = again(e, loop, &more);
        if (error)
            return error;
        if (more) {
            e->next = loop->first;
            return EXEC2_OK;
        }
        e->loop_count--;
    }
    return EXEC2_OK;
}

/* A statement of &READ's; a jump gives up those that are left. */
static int run_read_line(struct exec2 *e)
{
    char text[EXEC2_WORD];
    uint32_t next = e->next;

    e->lines_to_read--;
    exec2_read_line(e, text);
    int error = exec2_statement(e, text);
    if (e->next != next)
        e->lines_to_read = 0;
    return error;
}

/* A line of the file; behind the last one the program ends. */
static int run_line(struct exec2 *e)
{
    char text[EXEC2_WORD];
    int error = turn_loops(e);

    if (error)
        return error;
    e->line = e->next;
    e->next = e->line + 1;
    error = exec2_fetch(e, e->line, text);
    if (error < 0) {
        e->ended = true;
        bool in_loop = e->loop_count && e->loops[e->loop_count - 1].last >= e->line;
        return in_loop ? EXEC2_LOOP_END : EXEC2_OK;
    }
    return error ? error : exec2_statement(e, text);
}

int exec2_run_lines(struct exec2 *e, int depth)
{
    int error = EXEC2_OK;

    while (!e->ended && e->depth >= depth && !error) {
        e->ended = e->host->common.halted(e->host->common.context);
        if (!e->ended)
            error = e->lines_to_read ? run_read_line(e) : run_line(e);
    }
    return error;
}

static const struct {
    enum exec2_error error;
    const char *text;
} messages[] = {
    {EXEC2_NO_FILE, "FILE NOT FOUND"},
    {EXEC2_TOO_LONG, "WORD OR STATEMENT TOO LONG"},
    {EXEC2_CONTROL_WORD, "INVALID CONTROL WORD"},
    {EXEC2_LABEL, "LABEL NOT FOUND"},
    {EXEC2_NAME, "INVALID VARIABLE NAME"},
    {EXEC2_CONDITION, "INVALID FORM OF CONDITION"},
    {EXEC2_ASSIGNMENT, "INVALID ASSIGNMENT"},
    {EXEC2_MISSING, "MISSING ARGUMENT"},
    {EXEC2_ARGUMENT, "INVALID ARGUMENT"},
    {EXEC2_CONVERSION, "CONVERSION ERROR"},
    {EXEC2_OVERFLOW, "NUMERIC OVERFLOW"},
    {EXEC2_FUNCTION, "INVALID FUNCTION NAME"},
    {EXEC2_LOOP_END, "END OF FILE FOUND IN LOOP"},
    {EXEC2_DIVISION, "DIVISION BY ZERO"},
    {EXEC2_LOOP, "INVALID LOOP CONDITION"},
    {EXEC2_ERROR_ACTION, "ERROR RETURN DURING &ERROR ACTION"},
    {EXEC2_UNSET_ARGUMENT, "ASSIGNMENT TO UNSET ARGUMENT"},
    {EXEC2_CONTEXT, "STATEMENT OUT OF CONTEXT"},
    {EXEC2_STORAGE, "INSUFFICIENT STORAGE AVAILABLE"},
    {EXEC2_READ, "FILE READ ERROR"},
};

static void complain(struct exec2 *e, int error)
{
    const char *text = "";

    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if ((int)messages[i].error == error)
            text = messages[i].text;
    fmt(e->output, sizeof e->output, "DMSEXE085E ERROR IN %s EXEC, LINE %u - %s", e->name,
        (unsigned)e->line, text);
    e->host->common.type(e->host->common.context, e->output);
}

bool exec2_is_program(const struct exec_host *host)
{
    char text[EXEC2_WORD], first[EXEC2_WORD];

    for (uint32_t n = 1; host->line(host->context, n, text, sizeof text) >= 0; n++) {
        const char *p = text;
        if (str_word(&p, first, sizeof first) && first[0] != '*')
            return str_equal(first, "&TRACE");
    }
    return false;
}

int exec2_run(struct exec2 *e, const struct exec2_host *host, const char *name, int level,
              const char *arguments)
{
    memset(e, 0, sizeof *e);
    e->host = host;
    e->name = name;
    e->argument_string = arguments;
    e->level = level;
    e->next = 1;
    int error = exec2_split(&e->statements[0], arguments);
    if (!error)
        error = exec2_set_arguments(e, &e->statements[0], 0);
    if (!error)
        error = exec2_run_lines(e, 0);
    if (error)
        complain(e, error);
    return error ? error : e->exit_code;
}

/* The two EXEC languages: any text as a program.  Byte 0 chooses the language; a program runs for
 * so many statements at most; what it reads is its own text once more. */
#include "cms/exec2/exec2.h"
#include "lib/str.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STATEMENTS = 2000, LINES = 300 };

struct program {
    const char *line[LINES];
    size_t length[LINES];
    uint32_t lines, next_read;
    int statements;
};

static int line(void *context, uint32_t number, char *text, size_t size)
{
    const struct program *p = context;
    if (number > p->lines)
        return EXEC_LINE_END;
    size_t n = p->length[number - 1] < size ? p->length[number - 1] : size - 1;
    memcpy(text, p->line[number - 1], n);
    text[n] = 0;
    return (int)strlen(text);
}

static int command(void *context, const char *text)
{
    return (int)strlen(text) % 3;
}

static int subcommand(void *context, const char *environment, const char *text)
{
    return (int)(strlen(environment) + strlen(text)) % 3;
}

static void type(void *context, const char *text)
{
    ((struct program *)context)->statements += (int)(strlen(text) > EXEC_LINE);
}

static void read_line(void *context, char *text, size_t size)
{
    struct program *p = context;
    text[0] = 0;
    if (p->lines)
        line(p, p->next_read++ % p->lines + 1, text, size);
}

static bool stack_is_empty(void *context)
{
    return false;
}

static void stack(void *context, const char *text, bool lifo)
{
}

static bool special(void *context, const char *name, char *value, size_t size)
{
    if (strcmp(name, "TIME") != 0)
        return false;
    str_copy(value, "12:00:00", size);
    return true;
}

static void global(void *context, int n, int *value, bool set)
{
    *value = n;
}

static void times(void *context, char *text, size_t size)
{
    str_copy(text, "T=0", size);
}

static void reset_times(void *context)
{
}

static void on_or_off(void *context, bool on)
{
}

static bool traced(void *context)
{
    return ((struct program *)context)->statements & 64;
}

static bool halted(void *context)
{
    return ++((struct program *)context)->statements > STATEMENTS;
}

static void split(struct program *p, const char *text, size_t size)
{
    for (size_t at = 0; at < size && p->lines < LINES; p->lines++) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t n = end ? (size_t)(end - text) - at : size - at;
        p->line[p->lines] = text + at;
        p->length[p->lines] = n;
        at += n + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct exec first;
    static struct exec2 second;
    struct program p = {.lines = 0};

    if (!size)
        return 0;
    split(&p, (const char *)data + 1, size - 1);
    struct exec_host host = {.context = &p,
                             .line = line,
                             .command = command,
                             .type = type,
                             .read = read_line,
                             .stack_is_empty = stack_is_empty,
                             .stack = stack,
                             .punch = type,
                             .special = special,
                             .global = global,
                             .times = times,
                             .reset_times = reset_times,
                             .quiet = on_or_off,
                             .typing = on_or_off,
                             .traced = traced,
                             .halted = halted};
    if (data[0] & 1) {
        exec_run(&first, &host, "FUZZ", 1, "one two three");
        return 0;
    }
    struct exec2_host host2 = {host, subcommand, special};
    exec2_is_program(&host);
    exec2_run(&second, &host2, "FUZZ", 1, "one two three");
    return 0;
}

/* A host for the EXEC interpreters that records what they do: typed ("T:"), ran ("C:"), stacked
 * ("F:", "L:"), punched ("P:"), and the settings. */
#ifndef TESTS_UNIT_EXEC_STAGE_H
#define TESTS_UNIT_EXEC_STAGE_H

#include "cms/exec/exec.h"
#include "lib/str.h"

#include <stdio.h>

struct stage {
    const char *lines[40];
    const char *input[8];
    int next_input;
    char log[4096];
    int globals[10];
    bool traced;
};

static void note(struct stage *s, const char *kind, const char *text)
{
    size_t n = strlen(s->log);
    snprintf(s->log + n, sizeof s->log - n, "%s%s\n", kind, text);
}

static int line(void *c, uint32_t n, char *text, size_t size)
{
    struct stage *s = c;
    if (n > 40 || !s->lines[n - 1])
        return EXEC_LINE_END;
    str_copy(text, s->lines[n - 1], size);
    return (int)strlen(text);
}

static int command(void *c, const char *text)
{
    note(c, "C:", text);
    return !strncmp(text, "FAIL", 4) ? 28 : 0;
}

static void type(void *c, const char *text)
{
    note(c, "T:", text);
}

static void read_line(void *c, char *text, size_t size)
{
    struct stage *s = c;
    const char *in = s->input[s->next_input];
    str_copy(text, in ? in : "", size);
    if (in)
        s->next_input++;
}

static bool stack_is_empty(void *c)
{
    return true;
}

static void stack(void *c, const char *text, bool lifo)
{
    note(c, lifo ? "L:" : "F:", text);
}

static void punch(void *c, const char *text)
{
    note(c, "P:", text);
}

static bool special(void *c, const char *name, char *value, size_t size)
{
    if (!str_equal(name, "DISKA"))
        return false;
    str_copy(value, "A", size);
    return true;
}

static void global(void *c, int n, int *value, bool set)
{
    struct stage *s = c;
    if (set)
        s->globals[n] = *value;
    *value = s->globals[n];
}

static void times(void *c, char *text, size_t size)
{
    str_copy(text, "T=0", size);
}

static void reset_times(void *c)
{
    note(c, "RT:", "");
}

static void quiet(void *c, bool on)
{
    note(c, "Q:", on ? "on" : "off");
}

static void typing(void *c, bool on)
{
    note(c, "HT:", on ? "on" : "off");
}

static bool traced(void *c)
{
    const struct stage *s = c;
    return s->traced;
}

static bool halted(void *c)
{
    return false;
}

static inline struct exec_host stage_host(struct stage *s)
{
    return (struct exec_host){.context = s,
                              .line = line,
                              .command = command,
                              .type = type,
                              .read = read_line,
                              .stack_is_empty = stack_is_empty,
                              .stack = stack,
                              .punch = punch,
                              .special = special,
                              .global = global,
                              .times = times,
                              .reset_times = reset_times,
                              .quiet = quiet,
                              .typing = typing,
                              .traced = traced,
                              .halted = halted};
}

#endif

/* main() of a C program: its arguments are the words of the line as it was typed. */
#include "cms/kit/cms.h"
#include "cms/libc/internal.h"

#include <stdlib.h>

#define ARGUMENTS 64
#define EXITS     32

int main(int argc, char **argv);

static void (*exits[EXITS])(void);
static int exit_count;

int atexit(void (*function)(void))
{
    if (exit_count == EXITS)
        return 1;
    exits[exit_count++] = function;
    return 0;
}

void exit(int code)
{
    while (exit_count)
        exits[--exit_count]();
    streams_close();
    cms_exit(code);
}

static int from_line(const struct cms_call *call, char *text, char **argv)
{
    int argc = 1;

    memcpy(text, call->line, call->length);
    text[call->length] = 0;
    for (char *p = text; *p && argc < ARGUMENTS;) {
        while (*p == ' ')
            p++;
        if (!*p)
            break;
        argv[argc++] = p;
        while (*p && *p != ' ')
            p++;
        if (*p)
            *p++ = 0;
    }
    return argc;
}

static int from_tokens(const struct cms_call *call, char *text, char **argv)
{
    int argc = 1;

    for (; argc < call->tokens && argc < ARGUMENTS && argc * 9 < CMS_LINE_MAX; argc++) {
        argv[argc] = text;
        str_unpad(text, call->token[argc], 8);
        text += 9;
    }
    return argc;
}

int command_main(const struct cms_call *call)
{
    static char name[9], text[CMS_LINE_MAX + 9];
    static char *argv[ARGUMENTS + 1];

    str_unpad(name, call->token[0], 8);
    argv[0] = name;
    int argc = call->line ? from_line(call, text, argv) : from_tokens(call, text, argv);
    exit(main(argc, argv));
}

/* Runs a command of the host's (one of Hercules' tools, mostly) and keeps what it says. */
#ifndef TESTS_UNIT_RUN_COMMAND_H
#define TESTS_UNIT_RUN_COMMAND_H

#include <check.h>
#include <stdio.h>
#include <string.h>

static char said[16384]; /* the last command's output and messages; what is more is left out */

/* `format` has up to two %s; returns the command's status as wait(2) gives it. */
static inline int run(const char *format, const char *a, const char *b)
{
    char command[256];
    snprintf(command, sizeof command, format, a, b);
    strncat(command, " 2>&1", sizeof command - strlen(command) - 1);
    FILE *f = popen(command, "r");
    ck_assert(f != NULL);
    size_t n = fread(said, 1, sizeof said - 1, f);
    said[n] = 0;
    while (fread(command, 1, sizeof command, f) > 0)
        ;
    return pclose(f);
}

#endif

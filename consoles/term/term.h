/* The full-screen terminal: 3270s and lines, in tabs.  `datbox term` (tools/term.c) is its only
 * user. */
#ifndef CONSOLES_TERM_TERM_H
#define CONSOLES_TERM_TERM_H

#include "consoles/term/macro.h"
#include "consoles/term/session.h"

struct term_options {
    struct host_name host;
    const char *authorities; /* PEM file of who is trusted with TLS; NULL: the system's */
    bool trust_all;
    const char *macro; /* file, or NULL */
    const char *trace; /* file for the first session, or NULL */
    bool fit;          /* the screen's alternate size is what fits into the window */
    bool no_mouse, no_help;
    struct session_options session; /* rows 0: the largest model that fits */
};

/* Takes the terminal until the user quits.  Returns the exit status: 0, or 1 with a message on
 * stderr. */
int term_run(const struct term_options *options);

#endif

/* Scripts: what script.c (reading and waiting) and script_line.c (console lines) share.
 * A script is event-driven: its lines are executed from an event of the machine until one
 * has to wait; what it waits for schedules the event again. */
#ifndef S370_OPERATOR_SCRIPT_H
#define S370_OPERATOR_SCRIPT_H

#include "s370/operator/internal.h"

#include <stdio.h>

#define SCRIPT_DEPTH     8        /* scripts that call scripts */
#define EXPECT_SECONDS   30       /* machine time, unless the command says other */
#define TRY_NS           10000000 /* machine time between tries of a command */
#define TRIES            3000
#define HOST_SECONDS     180        /* host time, under the virtual clock */
#define SCRIPT_TEXT_MOST (1u << 20) /* kept of what a console printed */

struct uv_timer_s;

/* A console that scripts have to do with. */
struct script_line {
    struct script_line *next;
    struct script *script;
    uint16_t device;
    bool connected; /* the script itself sits there */
    char *text;     /* printed since the last expect */
    size_t length, size;
    FILE *transcript;
    struct operator_screen *screen; /* NULL: it is a line */
};

struct script_frame {
    char *name, *text, *at;
    unsigned line;
};

enum script_wait {
    SCRIPT_GOES,
    SCRIPT_WAITS_STOP,   /* for the CPU to stop */
    SCRIPT_WAITS_EXPECT, /* for a text */
};

struct script {
    struct oper *o;
    bool ends_machine;
    struct script_frame frames[SCRIPT_DEPTH];
    unsigned depth; /* 0: none is running */
    enum script_wait wait;
    struct script_line *expect_line;
    char expect[256];
    uint32_t seconds;
    bool again; /* the command that was executed last has to be done once more */
    unsigned tries;
    char *kept_line;      /* ... this one */
    struct event go;      /* executes the next lines */
    struct event timeout; /* of what is waited for */
    struct uv_timer_s *host_timeout;
    struct script_line *lines;
};

/* The operator's script state, made when first needed. */
struct script *script_of(struct oper *o);
/* What was waited for has come: the script goes on at the current machine time. */
void script_resume(struct script *s);

/* The console's row, made and tapped when first named; NULL with a message if the device is
 * no console. */
struct script_line *script_line(struct script *s, const char *device);
/* Takes the text out of what was printed, with all before it.  False if it isn't there. */
bool script_line_match(struct script_line *l, const char *text, size_t from);
/* Prints what the console printed since the last expect. */
void script_line_show(struct script_line *l);
/* Taps all consoles, so that a later expect sees what they printed from the beginning. */
void script_tap_all(struct script *s);
void script_lines_free(struct script *s);

/* script_screen.c: the same for a 3270.  What it shows now is what can be expected of it. */
bool script_screen_open(struct script_line *l);
bool script_screen_match(struct script_line *l, const char *text);
void script_screen_show(struct script_line *l);
bool script_screen_type(struct script_line *l, const char *text);
bool script_screen_connect(struct script_line *l, const char *model);
void script_screen_free(struct script_line *l);

#endif

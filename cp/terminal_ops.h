/* Between cp/terminal.c, which has what all terminals share, and the kinds of terminals:
 * cp/typewriter.c and cp/screen.c. */
#ifndef CP_TERMINAL_OPS_H
#define CP_TERMINAL_OPS_H

#include "cp/terminal.h"

/* None of these sleeps. */
struct terminal_ops {
    const char *name; /* "LINE", "GRAF" */
    /* Longest line of output that needs no second row: TERMINAL LINESIZE at LOGON. */
    unsigned (*line_size)(const struct terminal *t);
    /* Starts what is due, if the terminal is free. */
    void (*advance)(struct terminal *t);
    /* Unsolicited status, other than a loss that is certain: true if the connection is lost. */
    bool (*arrived)(struct terminal *t, uint8_t status);
    /* The request is over: true if it says that the connection is lost. */
    bool (*ended)(struct terminal *t);
    /* Ends a request that waits for the person. */
    void (*hurry)(struct terminal *t);
    /* The connection is lost, nothing is active. */
    void (*forget)(struct terminal *t);
    /* The logo, where nobody is logged on; NULL: it is written as lines. */
    void (*greet)(struct terminal *t);
};

extern const struct terminal_ops typewriter_ops, screen_ops;

struct output_line {
    struct list link;
    uint16_t size; /* of this block, for cp_free */
    uint8_t length;
    uint8_t flags; /* enum terminal_flag */
    char text[];
};

/* Starts a channel program; ops->ended is called when it is over. */
void terminal_start(struct terminal *t, const struct ccw *program);
/* The first line of the queue has been written. */
void terminal_drop_line(struct terminal *t);
/* A line has been typed: it goes to the VM, which is interactive now. */
void terminal_typed(struct terminal *t, const void *line, size_t length);
/* The VM's task has something to look at. */
void terminal_notify(struct terminal *t);

#endif

/* A person's seat at the guest's console, which the operator's consoles have in common, as lines
 * (line.c) and on the whole screen (term/console.c). */
#ifndef CONSOLES_SEAT_H
#define CONSOLES_SEAT_H

#include <stdbool.h>
#include <stdint.h>

struct line;
struct line_backend;
struct machine;

struct seat {
    struct machine *m;
    uint16_t device; /* the guest's console, usually 009 */
    const struct line_backend *backend;
    void *context;
    bool connected;
    bool leaving; /* the end was asked for once; any other key takes that back */
};

/* Sits down, if the machine has the console and nobody sits there. */
void seat_take(struct seat *s);
/* The line to type at; NULL with a message if there is none. */
struct line *seat_line(struct seat *s);
/* The machine wants nobody at its console any more, or the person leaves. */
void seat_leave(struct seat *s);
/* Ctrl-D: ends the machine if it has stopped, or if it is asked for twice. */
void seat_end(struct seat *s);

#endif

/* The operator's console on the whole screen of a terminal: the machine's state above (or beside,
 * in a wide window), the guest's console 3215, and the operator's commands with their answers. */
#ifndef CONSOLES_TERM_CONSOLE_H
#define CONSOLES_TERM_CONSOLE_H

#include <stdint.h>

struct machine;
struct oper;
struct full_console;

struct full_console_options {
    uint16_t device;     /* the guest's console, usually 009 */
    const char *history; /* as the line console's, or NULL; not copied */
};

/* Takes the terminal and the machine's messages.  NULL with a message on stderr if this is no
 * terminal for it. */
struct full_console *full_console_create(struct machine *m, struct oper *o,
                                         const struct full_console_options *options);
void full_console_destroy(struct full_console *c);

#endif

/* The operator's console in the terminal that datbox was started from: lines with editing
 * and history (libedit), or plain lines where standard input is no terminal.
 *
 * What is typed goes to the guest's console device.  A line that begins with ! is a command
 * for the machine's operator.  With panel_commands it is the other way: lines are operator
 * commands, and a line that begins with / goes to the guest's console. */
#ifndef CONSOLES_LINE_H
#define CONSOLES_LINE_H

#include <stdbool.h>
#include <stdint.h>

struct machine;
struct oper;
struct line_console;

struct line_console_options {
    uint16_t device; /* the guest's console, usually 009 */
    bool panel_commands;
    const char *history; /* file that keeps the lines across sessions, or NULL; not copied */
};

/* Takes standard input and output, and the machine's messages.  Never NULL. */
struct line_console *line_console_create(struct machine *m, struct oper *o,
                                         const struct line_console_options *options);
/* Gives the terminal back in the state it was in. */
void line_console_destroy(struct line_console *c);

#endif

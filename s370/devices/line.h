/* A console line: what stands between a 3215-type device (s370/devices/dev_3215.c) and
 * whoever sits at it: the operator's terminal, a telnet connection, a script.  The device
 * owns the line; a backend of consoles/ (or the script) attaches itself to it. All text
 * is ISO 8859-1 on this side; the device translates.
 *
 * States as the device's program sees them.  A backend that connects gives unsolicited
 * device end; one that drops gives attention with unit check (intervention required).  A
 * finished line while no READ is active gives attention, and the line is kept for the
 * next READ; break gives attention with unit exception. */
#ifndef S370_DEVICES_LINE_H
#define S370_DEVICES_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct line;
struct machine;

struct line_backend {
    /* The device writes text (with '\n' for new line and '\r'; may lack a newline at its
     * end: a prompt, or a password mask with '\b'). */
    void (*write)(void *context, const char *text, size_t length);
    /* A READ began: the keyboard is unlocked. `hidden`: do not echo (the last write ended
     * in as many backspaces as it had graphics: a password mask). */
    void (*read_started)(void *context, bool hidden);
    void (*read_ended)(void *context);
    void (*bell)(void *context);
    /* The machine wants the connection closed (console disabled, machine ends). */
    void (*hang_up)(void *context);
    /* There is room again after line_input had refused a line.  Comes in the middle of the
     * device's work: deliver the line later, from an event.  May be NULL. */
    void (*room)(void *context);
};

/* Attaches; false if somebody is there already. */
bool line_connect(struct line *line, const struct line_backend *backend, void *context);
void line_disconnect(struct line *line);
bool line_is_connected(const struct line *line);

/* The backend delivers a finished line (no newline).  False if too many lines wait for a
 * READ already: it was not taken. */
bool line_input(struct line *line, const char *text, size_t length);
/* The attention (break) key. */
void line_attention(struct line *line);

/* The line of a 3215 device by address, or NULL if it is none. */
struct line *line_of_device(struct machine *m, unsigned address);
/* The first 3215 that is open for telnet (type without -C option), not connected; or NULL. */
struct line *line_find_free(struct machine *m);

/* Everything a line has written, for scripts: called for each write, NULL to end. */
void line_set_tap(struct line *line, void (*tap)(void *context, const char *text, size_t length),
                  void *context);
/* Every line that is typed and taken, for who records sessions. */
void line_watch_input(struct line *line,
                      void (*watch)(void *context, const char *text, size_t length), void *context);

#endif

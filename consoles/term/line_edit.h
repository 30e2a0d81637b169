/* A line being typed, with the lines that were typed before it: the input of line mode, and the
 * terminal's own command line. */
#ifndef CONSOLES_TERM_LINE_EDIT_H
#define CONSOLES_TERM_LINE_EDIT_H

#include "consoles/term/keys.h"

#define EDIT_MOST    512 /* characters */
#define EDIT_HISTORY 200 /* lines */

struct line_edit {
    char32_t text[EDIT_MOST];
    unsigned length, cursor;
    char32_t *history[EDIT_HISTORY]; /* each ends with a zero; the oldest first */
    unsigned count;
    unsigned back;            /* so many lines back is the one shown; 0: a new one */
    char32_t kept[EDIT_MOST]; /* the new one meanwhile */
    unsigned kept_length;
};

/* Zero-initialize. */
void line_edit_free(struct line_edit *e); /* the history */
void line_edit_clear(struct line_edit *e);
/* False: the line is full. */
bool line_edit_type(struct line_edit *e, char32_t character);
/* Moves and erases.  False: not an action of this. */
bool line_edit_do(struct line_edit *e, enum action action);
/* Puts the line into the history, unless it is empty or the last one again. */
void line_edit_remember(struct line_edit *e);
/* The line as UTF-8; `to` has room for 4 * EDIT_MOST + 1 bytes.  Returns its length. */
size_t line_edit_utf8(const struct line_edit *e, char *to);

#endif

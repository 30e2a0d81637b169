/* Lines that were typed in earlier sessions, in the file of the line console (libedit's format), so
 * that both have the same. */
#ifndef CONSOLES_TERM_HISTORY_H
#define CONSOLES_TERM_HISTORY_H

#include "consoles/term/line_edit.h"

/* Adds the file's lines to the history.  A file that is missing or of another kind adds none. */
void history_load(struct line_edit *e, const char *path);
/* Writes all lines. */
void history_save(const struct line_edit *e, const char *path);

#endif

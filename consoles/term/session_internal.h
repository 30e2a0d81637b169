/* Between session.c and keyboard.c. */
#ifndef CONSOLES_TERM_SESSION_INTERNAL_H
#define CONSOLES_TERM_SESSION_INTERNAL_H

#include "consoles/term/session.h"

/* The host may have unlocked the keyboard: what was typed ahead is done now. */
void keyboard_unlocked(struct session *s);
/* Lines for the trace. */
void trace_note(struct session *s, const char *what);
void trace_screen(struct session *s);

#endif

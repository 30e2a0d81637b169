/* Between session.c and keyboard.c. */
#ifndef CONSOLES_TERM_SESSION_INTERNAL_H
#define CONSOLES_TERM_SESSION_INTERNAL_H

#include "consoles/term/session.h"

/* The host may have unlocked the keyboard: what was typed ahead is done now. */
void keyboard_unlocked(struct session *s);
/* Shows text of the host itself on the screen, and unlocks the keyboard for an answer. */
void keyboard_host_text(struct session *s, const uint8_t *text, size_t n);
/* Lines for the trace. */
void trace_note(struct session *s, const char *what);
void trace_screen(struct session *s);

#endif

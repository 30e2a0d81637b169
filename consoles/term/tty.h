/* The terminal that a person sits at, by ncurses: keys in, characters with colours out.  Only
 * tty.c sees curses.h, whose names (KEY_ENTER) are also those of a 3270's keys. */
#ifndef CONSOLES_TERM_TTY_H
#define CONSOLES_TERM_TTY_H

#include "consoles/term/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Colours in the order of the 3270's attribute values F1 to F7. */
enum tty_colour {
    COLOUR_DEFAULT,
    COLOUR_BLUE,
    COLOUR_RED,
    COLOUR_PINK,
    COLOUR_GREEN,
    COLOUR_TURQUOISE,
    COLOUR_YELLOW,
    COLOUR_WHITE,
    COLOUR_BLACK,
    COLOURS
};

struct tty_style {
    uint8_t foreground, background; /* enum tty_colour */
    bool bold, reverse, underline, blink, dim;
};

struct tty_input {
    tty_key key;
    bool pasted;          /* belongs to what the terminal pastes */
    unsigned row, column; /* of TTY_MOUSE_DOWN and TTY_MOUSE_UP */
};

/* There is one terminal.  NULL, or what is wrong (static text). */
const char *tty_open(bool mouse);
void tty_close(void);
/* The job is stopped, as by Ctrl-Z, and goes on some time later. */
void tty_suspend(void);
/* The window has another size now. */
void tty_resized(void);

unsigned tty_rows(void);
unsigned tty_columns(void);

void tty_clear(void);
/* What lies outside of the window is left out. */
void tty_put(unsigned row, unsigned column, char32_t character, struct tty_style style);
/* ISO 8859-1 or UTF-8 text; returns the column behind it. */
unsigned tty_text(unsigned row, unsigned column, const char *utf8, struct tty_style style);
/* What stands there, without its style. */
char32_t tty_at(unsigned row, unsigned column);
void tty_reverse(unsigned row, unsigned column);
void tty_cursor(unsigned row, unsigned column, bool block); /* block: overwrites */
void tty_hide_cursor(void);
void tty_show(void);
void tty_redraw(void); /* all of it, also what should be there already */
void tty_bell(void);
/* Gives text to the clipboard of the person's desktop (OSC 52), if the terminal does that. */
void tty_clipboard(const char *utf8, size_t length);

/* Esc is a key by itself, as in a dialogue that it leaves; else it stands for Alt, and the key that
 * follows, however late, is with Alt. */
void tty_escape_alone(bool alone);
bool tty_escape_waits(void);

/* The next key.  False: there is none now. */
bool tty_read(struct tty_input *input);
/* The terminal does not exist any more (its window was closed). */
bool tty_is_gone(void);
/* A descriptor that is readable when a key has come.  It is the event loop's to make non-blocking:
 * standard input is shared with standard output, and with whoever started us. */
int tty_descriptor(void);

#endif

/* The keys of a terminal of today, what they are called, and what they do: the table of
 * bindings, which a macro file may change.  Pure functions and tables; ncurses is not seen. */
#ifndef CONSOLES_TERM_KEYS_H
#define CONSOLES_TERM_KEYS_H

#include "consoles/screen.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

/* A character (controls are 1 to 31), or one of enum tty_special; either with TTY_ALT. */
typedef uint32_t tty_key;

#define TTY_ALT     0x1000000u
#define TTY_SPECIAL 0x200000u /* above all characters */

enum tty_special {
    TTY_F1 = TTY_SPECIAL,
    TTY_F24 = TTY_F1 + 23,
    TTY_UP,
    TTY_DOWN,
    TTY_LEFT,
    TTY_RIGHT,
    TTY_HOME,
    TTY_END,
    TTY_PAGE_UP,
    TTY_PAGE_DOWN,
    TTY_INSERT,
    TTY_DELETE,
    TTY_BACKSPACE,
    TTY_BACKTAB,
    TTY_SHIFT_UP,
    TTY_SHIFT_DOWN,
    TTY_SHIFT_LEFT,
    TTY_SHIFT_RIGHT,
    TTY_CTRL_LEFT,
    TTY_CTRL_RIGHT,
    TTY_CTRL_PAGE_UP,
    TTY_CTRL_PAGE_DOWN,
    TTY_MOUSE_DOWN,
    TTY_MOUSE_UP,
    TTY_SPECIAL_END
};

#define TTY_CTRL(letter) ((tty_key)((letter)&0x1f))
#define TTY_TAB          ((tty_key)'\t')
#define TTY_ENTER        ((tty_key)'\r')
#define TTY_ESCAPE       ((tty_key)0x1b)

/* A character as UTF-8; returns how many bytes. */
size_t utf8_encode(char32_t character, char to[4]);

#define TTY_NAME 24
/* "F3", "Shift-F1", "Ctrl-K", "Alt-c", "PageUp", "a" ... */
void tty_key_name(tty_key key, char name[TTY_NAME]);
/* The same the other way, without regard to case except of letters behind "Alt-"; 0: none. */
tty_key tty_key_named(const char *name);

/* What a key can be made to do.  Up to KEYS it is a key of the 3270 (enum screen_key). */
enum action {
    ACTION_ATTENTION = KEYS,
    ACTION_FIELD_EXIT,   /* erases to the end of the field, and goes to the next */
    ACTION_RUBOUT,       /* erases the character before the cursor */
    ACTION_END_OF_FIELD, /* behind the last character of the field */
    ACTION_PF,           /* asks for the number */
    ACTION_SEND,         /* line mode: the line is finished */
    ACTION_OLDER,        /* ... the line before in the history */
    ACTION_NEWER,
    ACTION_WORD_LEFT,
    ACTION_WORD_RIGHT,
    ACTION_ERASE_LINE,
    ACTION_ERASE_WORD,
    ACTION_ERASE_REST,
    ACTION_PAGE_BACK, /* looks at what was printed before */
    ACTION_PAGE_ON,
    ACTION_SEARCH,
    ACTION_KEYPAD,  /* shows all keys */
    ACTION_COMMAND, /* a command line for the terminal itself */
    ACTION_MARK,    /* begins to mark text that is to be copied */
    ACTION_PASTE,
    ACTION_NEW,
    ACTION_NEXT,
    ACTION_PREVIOUS,
    ACTION_CLOSE,
    ACTION_HELP, /* help line on or off */
    ACTION_REDRAW,
    ACTION_SUSPEND,
    ACTION_QUIT,
    ACTIONS,
    ACTION_NONE
};

/* "PF3", "ERASE-EOF", "FIELD-EXIT", "SEARCH", "NONE" ...; ACTIONS if there is none of that name. */
enum action action_named(const char *name);
void action_name(enum action action, char name[TTY_NAME]);
/* What it is for, in a few words for who does not know it. */
const char *action_help(enum action action);

enum key_mode { MODE_DISPLAY = 1, MODE_LINE = 2, MODE_BOTH = 3 };

struct binding {
    tty_key key;
    uint8_t modes;
    uint8_t action;
};

#define BINDINGS_MOST 256

struct bindings {
    struct binding rows[BINDINGS_MOST];
    unsigned count;
};

void bindings_default(struct bindings *b);
/* False if the table is full.  ACTION_NONE takes the key's meaning away. */
bool bindings_set(struct bindings *b, tty_key key, unsigned modes, enum action action);
/* ACTION_NONE if the key has no meaning (a character is typed then). */
enum action bindings_find(const struct bindings *b, tty_key key, enum key_mode mode);
/* The first key of an action, for help; 0: none. */
tty_key bindings_key(const struct bindings *b, enum action action, enum key_mode mode);

#endif

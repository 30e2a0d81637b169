/* The screen and keyboard of a 3270 display station: what a 3277 to 3279 of any model does
 * with the records of its data stream, and what its keys send.  A function of what it is
 * given only; codes are the host's EBCDIC.  Source: GA23-0059, "3270 Information Display
 * System: Data Stream Programmer's Reference". */
#ifndef CONSOLES_SCREEN_H
#define CONSOLES_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCREEN_CELLS_MOST 16383
/* The longest record that a screen of `cells` sends: each with its attributes. */
#define SCREEN_RECORD_MOST(cells) ((size_t)(cells)*16 + 64)

/* Field attribute (six bits). */
#define FIELD_PROTECTED  0x20
#define FIELD_NUMERIC    0x10
#define FIELD_SKIP       0x30 /* protected and numeric: the cursor skips it */
#define FIELD_INTENSITY  0x0c
#define FIELD_HIGH       0x08
#define FIELD_NONDISPLAY 0x0c
#define FIELD_MODIFIED   0x01

enum screen_attribute {
    ATTRIBUTE_FOREGROUND,
    ATTRIBUTE_BACKGROUND,
    ATTRIBUTE_HIGHLIGHT,
    ATTRIBUTE_CHARSET, /* CHARSET_GRAPHIC: as if GE stood before each character */
    ATTRIBUTES
};
#define CHARSET_GRAPHIC 0xf1

struct screen_cell {
    uint8_t code;                 /* 0: null; not for a field attribute */
    bool is_field;                /* a field attribute stands here */
    bool graphic;                 /* GE: the code is of the graphic (APL) set */
    uint8_t field;                /* its six bits */
    uint8_t extended[ATTRIBUTES]; /* of the field or the character; 0: default */
};

enum screen_lock {
    SCREEN_UNLOCKED,
    SCREEN_LOCKED,    /* by a key that calls the host, until the host restores the keyboard */
    SCREEN_INHIBITED, /* an operator's error, until RESET */
};

enum screen_reply_mode { REPLY_FIELD, REPLY_EXTENDED, REPLY_CHARACTER };

struct screen {
    unsigned rows, columns, cells_in_use;
    unsigned alternate_rows, alternate_columns;
    bool extended;
    unsigned cursor, address; /* buffer address */
    uint8_t aid;              /* of the last key; AID_NONE after restore */
    enum screen_lock lock;
    bool insert;
    unsigned alarms, errors; /* counted: alarms sounded, records that could not be done */
    enum screen_reply_mode reply_mode;
    bool reply_attributes[ATTRIBUTES];
    uint8_t character[ATTRIBUTES]; /* set by SA */
    struct screen_cell *cells;
};

enum screen_key {
    KEY_ENTER,
    KEY_CLEAR,
    KEY_PA1,
    KEY_PA2,
    KEY_PA3,
    KEY_PF1,
    KEY_PF24 = KEY_PF1 + 23,
    KEY_SYSREQ,
    KEY_TAB,
    KEY_BACKTAB,
    KEY_NEWLINE,
    KEY_HOME,
    KEY_UP,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_DELETE,
    KEY_BACKSPACE,
    KEY_ERASE_EOF,
    KEY_ERASE_INPUT,
    KEY_INSERT,
    KEY_RESET,
    KEY_DUP,
    KEY_FIELD_MARK,
    KEY_CURSOR_SELECT, /* or the light pen at the cursor */
    KEYS
};

/* Where a record for the host goes: SCREEN_RECORD_MOST bytes, length 0 for none. */
struct screen_answer {
    uint8_t *bytes;
    size_t length, size;
};

/* Rows and columns are those of the alternate size; NULL if there is no storage. */
struct screen *screen_create(unsigned rows, unsigned columns, bool extended);
void screen_free(struct screen *s);

/* Does a record of the host: command (enum display_code) and data.  False if it can't be
 * done (counted in errors); what came before the error is done. */
bool screen_execute(struct screen *s, const uint8_t *record, size_t length,
                    struct screen_answer *answer);

/* Presses a key.  Those that call the host make a record. */
void screen_press(struct screen *s, enum screen_key key, struct screen_answer *answer);
/* Types a character; the keyboard locks if it can't stand there. */
void screen_type(struct screen *s, uint8_t code);
/* A key's name: "ENTER", "PF3", "ERASE-EOF", ...; KEYS if there is none of that name. */
enum screen_key screen_key_named(const char *name);
const char *screen_key_name(enum screen_key key); /* not of PF keys */

/* The field attribute that `at` belongs to (or is), or NULL: unformatted. */
struct screen_cell *screen_field(const struct screen *s, unsigned at);
/* One row as ISO 8859-1 text, without trailing blanks, ended by a zero; `to` has room for
 * columns + 1 bytes.  Fields that aren't displayed are blank.  code page: 37 or 1047. */
void screen_row(const struct screen *s, unsigned row, unsigned code_page, char *to);
/* The character that a code stands for on a code page. */
char screen_character(uint8_t code, unsigned code_page);
/* The Unicode character that a cell (no field attribute) shows; of the graphic set, too. */
uint32_t screen_symbol(const struct screen_cell *cell, unsigned code_page);

/* --- between the files of the screen --- */
void screen_clear(struct screen *s);
void screen_set_size(struct screen *s, bool alternate);
bool screen_orders(struct screen *s, const uint8_t *data, size_t length);
bool screen_write(struct screen *s, uint8_t command, const uint8_t *data, size_t length);
void screen_erase_cell(struct screen_cell *cell);
void screen_erase_unprotected(struct screen *s);
bool screen_structured(struct screen *s, const uint8_t *data, size_t length,
                       struct screen_answer *answer);
void screen_read_buffer(const struct screen *s, struct screen_answer *answer);
void screen_read_modified(const struct screen *s, bool all, struct screen_answer *answer);
void screen_put(struct screen_answer *answer, const void *bytes, size_t n);
/* The first position of the next unprotected field behind `at`, or -1. */
int screen_next_unprotected(const struct screen *s, unsigned at);
enum screen_attribute screen_attribute_of(uint8_t type); /* ATTRIBUTES: unknown */
uint8_t screen_attribute_type(enum screen_attribute attribute);

#endif

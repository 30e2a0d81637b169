/* The 3270 data stream as CP and programs of CMS speak it: the orders that write a screen, what a
 * key brings, and what a terminal says of itself.  Portable; no state between calls.
 * Source: GA23-0059, "3270 Information Display System: Data Stream Programmer's Reference". */
#ifndef LIB_DATASTREAM_H
#define LIB_DATASTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ds_order {
    ORDER_SF = 0x1d,
    ORDER_SFE = 0x29,
    ORDER_SBA = 0x11,
    ORDER_IC = 0x13,
    ORDER_SA = 0x28,
    ORDER_RA = 0x3c,
    ORDER_GE = 0x08,
};

/* Write control character. */
enum ds_wcc { WCC_ALARM = 0x04, WCC_RESTORE = 0x02 };

/* Field attributes. */
enum ds_attribute {
    FIELD_MODIFIED = 0x01,
    FIELD_HIGH = 0x08,
    FIELD_HIDDEN = 0x0c,
    FIELD_PROTECTED = 0x20,
    FIELD_SKIP = 0x30, /* protected, and the cursor passes over it */
};

/* Attention identifiers: X'F1' to X'F9', X'7A' to X'7C', X'C1' to X'C9', X'4A' to X'4C' are the PF
 * keys. */
enum ds_aid {
    AID_NONE = 0x60,
    AID_STRUCTURED = 0x88,
    AID_ENTER = 0x7d,
    AID_PA1 = 0x6c,
    AID_PA2 = 0x6e,
    AID_PA3 = 0x6b,
    AID_CLEAR = 0x6d,
};
/* 1 to 24; 0: no PF key. */
unsigned ds_pf_key(uint8_t aid);

struct ds_size {
    uint16_t rows, columns;
    bool extended; /* takes structured fields and character attributes */
    uint8_t flags; /* as DIAGNOSE 8C gives them: enum ds_feature */
};
enum ds_feature { DS_COLOUR = 0x80, DS_HIGHLIGHT = 0x40, DS_14_BIT = 0x01 };

static inline unsigned ds_cells(const struct ds_size *d)
{
    return (unsigned)d->rows * d->columns;
}
/* Erase/Write or Erase/Write Alternate: which one gives this size? */
static inline bool ds_is_alternate(const struct ds_size *d)
{
    return d->rows != 24 || d->columns != 80;
}

/* The model of the 3278 that has this size: 2 to 5; 2 for sizes that none has. */
unsigned ds_model(const struct ds_size *d);

/* --- writing --- */

/* Where the orders go.  What does not fit is left out: `room` is for the caller to look at. */
struct ds_stream {
    uint8_t *bytes;
    size_t used, size;
    unsigned cells; /* of the screen: how addresses are written */
};

static inline size_t ds_room(const struct ds_stream *s)
{
    return s->size - s->used;
}
/* WCC; the first byte of a write. */
void ds_put_wcc(struct ds_stream *s, uint8_t wcc);
void ds_put_address(struct ds_stream *s, unsigned at);
void ds_put_field(struct ds_stream *s, unsigned at, uint8_t attribute);
/* The same in a colour and with highlighting (0: default), where the terminal has some. */
enum ds_colour {
    COLOUR_BLUE = 0xf1,
    COLOUR_RED = 0xf2,
    COLOUR_PINK = 0xf3,
    COLOUR_GREEN = 0xf4,
    COLOUR_TURQUOISE = 0xf5,
    COLOUR_YELLOW = 0xf6,
    COLOUR_WHITE = 0xf7,
};
enum ds_highlight {
    HIGHLIGHT_BLINK = 0xf1,
    HIGHLIGHT_REVERSE = 0xf2,
    HIGHLIGHT_UNDERLINE = 0xf4,
    HIGHLIGHT_BRIGHT = 0xf8,
};
void ds_put_coloured(struct ds_stream *s, unsigned at, uint8_t attribute, uint8_t colour,
                     uint8_t highlight);
/* Text as it is to be seen: codes that are none of characters become blanks. */
void ds_put_text(struct ds_stream *s, const char *text, size_t length);
/* Nulls from the present address up to `to` (which is behind it). */
void ds_put_nulls(struct ds_stream *s, unsigned to);
void ds_put_cursor(struct ds_stream *s, unsigned at);
/* Character attributes from here on; both 0: as the field says. */
void ds_put_look(struct ds_stream *s, uint8_t colour, uint8_t highlight);

/* The same for text that a guest gives with fields in it (X'1D' and an attribute), in place. */
void ds_clean(uint8_t *text, size_t length);

/* --- reading --- */

struct ds_key {
    uint8_t aid;
    unsigned cursor;
    const uint8_t *text; /* of the first field that was changed */
    size_t length;
};
/* Takes a READ MODIFIED's record apart; false if it is none. */
bool ds_parse_key(const uint8_t *record, size_t length, struct ds_key *key);

/* Takes a READ BUFFER's record apart: the characters that are to be seen, in `cells`; blanks for
 * attributes, hidden fields, nulls and what the record does not have. */
void ds_parse_buffer(const uint8_t *record, size_t length, uint8_t *cells, size_t count);

/* Query, as a WRITE STRUCTURED FIELD sends it, and what its answer says of the size and the
 * features.  False: the answer is not to be understood, *to is as it was. */
extern const uint8_t ds_query[5];
bool ds_parse_query(const uint8_t *record, size_t length, struct ds_size *to);

#endif

/* The 3270 data stream as CP speaks it: where the parts of the VM screen are, the orders that
 * write them, what a key brings, and what a terminal says of itself.  Portable; no state
 * between calls.  Source: GA23-0059, "3270 Information Display System: Data Stream Programmer's
 * Reference"; the screen is that of GC20-1810, "VM/370: Terminal User's Guide".
 *
 *     rows 1 to n-2     output area; its last cell is the attribute of the input area
 *     row  n-1          input area ...
 *     row  n            ... to 21 cells before the end; attribute and text of the status area */
#ifndef CP_TEXT_DISPLAY_H
#define CP_TEXT_DISPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISPLAY_STATUS_SIZE 20
#define DISPLAY_INPUT_MOST  240 /* characters of the input area on any screen */

enum display_order {
    ORDER_SF = 0x1d,
    ORDER_SBA = 0x11,
    ORDER_IC = 0x13,
    ORDER_SA = 0x28,
    ORDER_RA = 0x3c,
};

/* Write control character. */
enum display_wcc { WCC_ALARM = 0x04, WCC_RESTORE = 0x02 };

/* Field attributes. */
enum display_attribute {
    FIELD_MODIFIED = 0x01,
    FIELD_HIGH = 0x08,
    FIELD_HIDDEN = 0x0c,
    FIELD_PROTECTED = 0x20,
    FIELD_SKIP = 0x30, /* protected, and the cursor passes over it */
};

/* Attention identifiers: X'F1' to X'F9', X'7A' to X'7C', X'C1' to X'C9', X'4A' to X'4C' are the PF
 * keys. */
enum display_aid {
    AID_NONE = 0x60,
    AID_STRUCTURED = 0x88,
    AID_ENTER = 0x7d,
    AID_PA1 = 0x6c,
    AID_PA2 = 0x6e,
    AID_PA3 = 0x6b,
    AID_CLEAR = 0x6d,
};
/* 1 to 24; 0: no PF key. */
unsigned display_pf_key(uint8_t aid);

struct display_size {
    uint16_t rows, columns;
    bool extended; /* takes structured fields and character attributes */
    uint8_t flags; /* as DIAGNOSE 8C gives them: enum display_feature */
};
enum display_feature { DISPLAY_COLOUR = 0x80, DISPLAY_HIGHLIGHT = 0x40, DISPLAY_14_BIT = 0x01 };

/* --- where --- */

static inline unsigned display_cells(const struct display_size *d)
{
    return (unsigned)d->rows * d->columns;
}
static inline unsigned display_output_rows(const struct display_size *d)
{
    return d->rows - 2u;
}
static inline unsigned display_input_at(const struct display_size *d)
{
    return display_output_rows(d) * d->columns;
}
/* The cell behind the input area: the attribute of what follows. */
static inline unsigned display_input_end(const struct display_size *d)
{
    unsigned end = display_cells(d) - DISPLAY_STATUS_SIZE - 1;
    unsigned most = display_input_at(d) + DISPLAY_INPUT_MOST;
    return end < most ? end : most;
}
/* Erase/Write or Erase/Write Alternate: which one gives this size? */
static inline bool display_is_alternate(const struct display_size *d)
{
    return d->rows != 24 || d->columns != 80;
}

/* --- writing --- */

/* Where the orders go.  What does not fit is left out: `room` is for the caller to look at. */
struct display_stream {
    uint8_t *bytes;
    size_t used, size;
    unsigned cells; /* of the screen: how addresses are written */
};

static inline size_t display_room(const struct display_stream *s)
{
    return s->size - s->used;
}
/* WCC; the first byte of a write. */
void display_put_wcc(struct display_stream *s, uint8_t wcc);
void display_put_address(struct display_stream *s, unsigned at);
void display_put_field(struct display_stream *s, unsigned at, uint8_t attribute);
/* Text as it is to be seen: codes that are none of characters become blanks. */
void display_put_text(struct display_stream *s, const char *text, size_t length);
/* Nulls from the present address up to `to` (which is behind it). */
void display_put_nulls(struct display_stream *s, unsigned to);
void display_put_cursor(struct display_stream *s, unsigned at);
/* Character attributes from here on: bright, or as the field says. */
void display_put_bright(struct display_stream *s, bool bright);

/* The same for text that a guest gives with fields in it (X'1D' and an attribute), in place. */
void display_clean(uint8_t *text, size_t length);

/* --- reading --- */

struct display_key {
    uint8_t aid;
    unsigned cursor;
    const uint8_t *text; /* of the first field that was changed */
    size_t length;
};
/* Takes a READ MODIFIED's record apart; false if it is none. */
bool display_parse_key(const uint8_t *record, size_t length, struct display_key *key);

/* Query, as a WRITE STRUCTURED FIELD sends it, and what its answer says of the size and the
 * features.  False: the answer is not to be understood, *to is as it was. */
extern const uint8_t display_query[5];
bool display_parse_query(const uint8_t *record, size_t length, struct display_size *to);

#endif

/* LINEDIT's substitution: a text in which each row of two or more periods is replaced by a value.
 * Portable.  VM/370 CMS Command and Macro Reference (GC20-1818), LINEDIT. */
#ifndef CMS_OS_LINEDIT_H
#define CMS_OS_LINEDIT_H

#include "lib/be.h"

#include <stddef.h>

enum linedit_kind {
    LINEDIT_HEX = 0,
    LINEDIT_DEC = 1,
    LINEDIT_CHAR = 2,
    LINEDIT_CHAR8 = 3, /* groups of 8 characters, a blank behind each */
    LINEDIT_HEX4 = 4,  /* groups of 8 digits */
    LINEDIT_KIND = 0x0f,
    LINEDIT_AT = 0x80, /* `value` is the value's address */
};
enum linedit_flag { LINEDIT_DOT = 0x80, LINEDIT_COMPRESS = 0x40, LINEDIT_COUNTED = 0x20 };
enum linedit_disposition {
    LINEDIT_TYPE,
    LINEDIT_NONE,
    LINEDIT_PRINT,
    LINEDIT_CPCOMM,
    LINEDIT_ERRMSG,
};

struct linedit_value {
    uint8_t kind, zero;
    be16 length; /* of CHAR: 0: as many as there are periods */
    be32 value;
};
LAYOUT(struct linedit_value, 8);

/* What R1 points to; the values follow. */
struct linedit_list {
    uint8_t flags;
    be24 text; /* COUNTED: its first byte is its length */
    uint8_t disposition, count;
    be16 length;
    be32 buffer; /* NONE: gets a byte with the length, and the text */
};
LAYOUT(struct linedit_list, 12);

#define LINEDIT_MOST 130

/* The edited text, at most LINEDIT_MOST characters; its length.  `fetch` gives the storage at an
 * address.
 */
size_t linedit_fill(char to[LINEDIT_MOST], const char *text, size_t length, uint8_t flags,
                    const struct linedit_value *values, unsigned count,
                    const uint8_t *(*fetch)(void *context, uint32_t address), void *context);

#endif

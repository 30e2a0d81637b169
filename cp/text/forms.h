/* Forms control buffers and character sets of printers, by the names of VM/370's (DMKFCB, DMKUCS);
 * and where a form is, for virtual printers.  Portable.  Sources: GA24-3543 (3211), "Forms Control
 * Buffer"; Planning and System Generation Guide, "Forms Control Buffer". */
#ifndef CP_TEXT_FORMS_H
#define CP_TEXT_FORMS_H

#include <stdbool.h>
#include <stdint.h>

#define FORMS_LINES     180
#define FORMS_UCS_BYTES 512

struct forms {
    uint8_t lines; /* of the form; 0: there is no buffer */
    uint8_t line;  /* under the hammers, from 0 */
    bool eight;    /* lines an inch; else six */
    uint8_t channel[FORMS_LINES];
};

/* What spacing has come to or passed. */
enum forms_hole {
    FORMS_CHANNEL_9 = 1,
    FORMS_CHANNEL_12 = 2,
};

/* FCB1 (66 lines of 6 an inch), FCB8 (68 of 8).  False: there is no such buffer. */
bool forms_named(struct forms *f, const char *name);
/* The buffer as a program loads it: a byte for each line, channel in its low half, X'10' in the
 * first for 8 lines an inch, in another for the last line; before them an index, if the printer may
 * have one.  False, and no change: it is none. */
bool forms_load(struct forms *f, const uint8_t *bytes, unsigned length, bool may_index);
/* ... and to load it: returns the length, at most FORMS_LINES. */
unsigned forms_image(const struct forms *f, uint8_t *bytes);
/* Moves the form as bits 0 to 4 of the command say: bits of enum forms_hole. */
unsigned forms_move(struct forms *f, uint8_t command);

/* A set of characters for a 1403 or 3203 (AN, HN, PN, TN) or a 3211 (A11, H11, P11, T11), repeated
 * over `length` bytes, in the compilation's own character set.  False: there is none of this name
 * for this printer. */
bool forms_characters(const char *name, bool is_3211, uint8_t *bytes, unsigned length);

#endif

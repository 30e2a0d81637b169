/* Operands of CP commands: words, addresses, sizes, ranges.  Portable; they parse and say
 * whether it was well-formed, the commands say what was wrong.
 * Source: CP Command Reference for General Users, GC20-1820. */
#ifndef CP_TEXT_OPERANDS_H
#define CP_TEXT_OPERANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USERID_SIZE 9 /* eight characters and a zero */
#define WORD_SIZE   18

/* A virtual or real device address: one to four hexadecimal digits, at most FFF. */
bool operand_device(const char *word, uint32_t *address);
/* cuu or cuu-cuu. */
bool operand_device_range(const char *word, uint32_t *first, uint32_t *last);

/* Storage size: nnnnnK or nnM, in bytes; rounded up to 4K as DEFINE STORAGE does. */
bool operand_storage(const char *word, uint32_t *bytes);

/* A userid: one to eight of letters, digits, $ # @ - and _ ; upcased to USERID_SIZE bytes. */
bool operand_userid(const char *word, char *userid);

/* ON or OFF. */
bool operand_on_off(const char *word, bool *on);

/* A list or range of DISPLAY: first[-last|:last|-END|.count], with `end` for END and for an
 * open range.  The numbers are hexadecimal. */
struct operand_range {
    uint32_t first, last;
    bool to_end;
};
bool operand_range(const char *word, struct operand_range *range);

/* A keyword with its shortest abbreviation, the rest for the caller. */
struct keyword {
    const char *name;
    uint8_t least;
    uint8_t value;
};
/* The row of `word` in a table ended by a row without name; NULL if there is none. */
const struct keyword *keyword_find(const struct keyword *table, const char *word);

#endif

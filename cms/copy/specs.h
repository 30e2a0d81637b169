/* What COPYFILE is told at the terminal: specifications, which say where parts of a record go, and
 * translations of characters.  Portable.  Source: CMS Command and Macro Reference (GC20-1818),
 * "COPYFILE". */
#ifndef CMS_COPY_SPECS_H
#define CMS_COPY_SPECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPECS_MAX    20
#define SPECS_TEXT   512
#define SPECS_COLUMN 65535 /* highest */

struct specs {
    unsigned count;
    struct {
        int32_t text;              /* where in `strings` it is, or -1: columns of the record */
        uint32_t from, length, to; /* columns from 1 */
    } spec[SPECS_MAX];
    uint32_t used;
    char strings[SPECS_TEXT];
};

enum specs_error { SPECS_OK, SPECS_BAD, SPECS_TOO_MANY, SPECS_NO_ROOM };

/* Adds a line "source column source column ...".  Sources: m-n, n, a string between two equal
 * characters that are no letters or digits, or H and hexadecimal digits.  *more: the line ends with
 * "++", another follows.  On an error *at points to where it is. */
enum specs_error specs_add(struct specs *s, const char *line, bool *more, const char **at);

/* The last column that they write. */
uint32_t specs_width(const struct specs *s);
/* Puts the parts of the record to their places in `to`, `size` bytes; what is not there is left
 * out. Returns the last column written, at least 1. */
uint32_t specs_apply(const struct specs *s, const char *record, uint32_t length, char *to,
                     uint32_t size);

/* Adds a line "from to from to ...": characters, or two hexadecimal digits each. */
enum specs_error trans_add(uint8_t table[256], const char *line, bool *more, const char **at);

#endif

/* Terminals of today speak UTF-8; console lines are ISO 8859-1. */
#ifndef CONSOLES_UTF8_H
#define CONSOLES_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Writes `n` characters as UTF-8; `to` needs 2 * n bytes.  Returns how many it took. */
size_t utf8_from_latin1(char *to, const char *from, size_t n);

/* A decoder that takes one byte at a time.  Zero-initialize. */
struct utf8_decoder {
    uint32_t value;
    unsigned missing;
};
/* The character that `byte` completes (above 255: one that a console line can't carry), or
 * -1 if more bytes are needed.  A byte that is no UTF-8 is taken as ISO 8859-1. */
int32_t utf8_decode(struct utf8_decoder *d, uint8_t byte);

#endif

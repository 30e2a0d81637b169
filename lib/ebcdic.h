/* EBCDIC, code page 1047, against ISO 8859-1, one to one in both directions.
 * X'15' (new line) goes with LF, as on 3215 consoles and in CP's buffers.
 * Source: IBM "Code page 01047"; X'15' and X'25' exchanged. */
#ifndef LIB_EBCDIC_H
#define LIB_EBCDIC_H

#include <stddef.h>
#include <stdint.h>

uint8_t ebcdic_to_latin1(uint8_t c);
uint8_t latin1_to_ebcdic(uint8_t c);

/* A character of code page 1047 in code page 037, which has six others in each other's places ([ ]
 * ^ and three more), and back: it is the same exchange.  Source: IBM "Code page 00037". */
uint8_t ebcdic_page_037(uint8_t c);

/* `to` and `from` may be the same. */
void ebcdic_from_latin1(void *to, const void *from, size_t n);
void latin1_from_ebcdic(void *to, const void *from, size_t n);

/* Fields of EBCDIC text, filled with blanks on the right (zeros count as blanks), from and to
 * strings of the compilation's character set.  `text` needs size + 1 bytes. */
void ebcdic_put_field(uint8_t *field, const char *text, size_t size);
void ebcdic_get_field(char *text, const uint8_t *field, size_t size);

#endif

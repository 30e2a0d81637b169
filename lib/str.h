/* Strings and memory for both sides.  On the host the memory functions are the C
 * library's; for System/370 lib/memory.c defines them.  The str_ functions work on
 * the compilation's own character set (EBCDIC 1047 on the target), so 'A' means A
 * on both sides, but letters are contiguous on neither: use the functions here. */
#ifndef LIB_STR_H
#define LIB_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef TARGET
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strcpy(char *to, const char *from);
#else
#include <string.h>
#endif

char str_upper(char c);
char str_lower(char c);
bool str_is_alpha(char c);
bool str_is_digit(char c);
bool str_is_alnum(char c);
bool str_is_space(char c);
void str_upcase(char *s, size_t n);

/* Compares without regard to case. */
bool str_equal(const char *a, const char *b);

/* True if `word` is an abbreviation of `name` of at least `least` characters, without
 * regard to case ("Q", "QU", ... of "QUERY" with least 1). */
bool str_abbrev(const char *word, const char *name, size_t least);

/* Copies at most size-1 characters and always ends the copy with a zero. */
void str_copy(char *to, const char *from, size_t size);

/* Fixed fields, filled with blanks on the right. */
void str_pad(char *field, const char *from, size_t size);            /* from a string, cut */
void str_unpad(char *to, const char *field, size_t size);            /* to needs size+1 bytes */
bool str_field_equal(const char *field, const char *s, size_t size); /* exact, blanks ignored */

/* Whole-string numbers.  False, and *value untouched, if `s` is empty, has another
 * character, or is too large for 32 bits. */
bool str_hex(const char *s, uint32_t *value);
bool str_decimal(const char *s, uint32_t *value);

/* Takes the next blank-delimited word from *line into word (cut to size-1 characters)
 * and moves *line behind it and its blanks.  False if there is none. */
bool str_word(const char **line, char *word, size_t size);

#endif

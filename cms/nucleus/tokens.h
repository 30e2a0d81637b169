/* A command line as CMS passes it to programs: tokens of 8 characters.  Portable. */
#ifndef CMS_NUCLEUS_TOKENS_H
#define CMS_NUCLEUS_TOKENS_H

#include <stddef.h>

/* Tokens of the longest line (255 characters, all parentheses) and the fence. */
#define TOKENS_MAX 256

/* Blank-delimited words become tokens: upper case, filled with blanks, longer ones cut; "(" and
 * ")" are tokens of their own.  Behind the last one is a fence of 8 x X'FF'.  At most
 * `max` tokens with the fence, the rest of the line is dropped.  Returns how many, without
 * the fence. Source: VM/370 System Programmer's Guide, "CMS command processing". */
int tokenize(const char *line, size_t length, char (*tokens)[8], int max);

/* Where in the line the arguments begin: behind the first word and its blanks. */
size_t tokens_arguments(const char *line, size_t length);

#endif

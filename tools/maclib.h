/* A MACLIB made on the host from files of macros and copy code. */
#ifndef TOOLS_MACLIB_H
#define TOOLS_MACLIB_H

#include <stdbool.h>

/* Writes `library` (80-byte records in EBCDIC, as CMS has it) from text files; NAME.copy becomes a
 * member NAME, everything else must be macro definitions.  False after a message. */
bool maclib_make(const char *library, char **files, int count);

#endif

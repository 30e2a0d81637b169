/* Line editing of what a user typed: the logical line end, character delete, line delete
 * and escape characters of TERMINAL.  Portable; no state between lines.
 * Source: VM/370 Terminal User's Guide, "Logical line editing symbols". */
#ifndef CP_TEXT_LINEDIT_H
#define CP_TEXT_LINEDIT_H

#include <stdbool.h>
#include <stddef.h>

/* A character that is 0 is switched off (TERMINAL ... OFF).  `tab` becomes X'05', a tab. */
struct linedit {
    char line_end, char_delete, line_delete, escape, tab;
};

/* '#', '@', cent sign (X'4A' in code page 1047), '"'. */
#define LINEDIT_CENT ((char)(sizeof(char) && 'A' == 0xc1 ? 0x4a : 0xa2))
#define LINEDIT_DEFAULT                                                                            \
    {                                                                                              \
        '#', '@', LINEDIT_CENT, '"', 0                                                             \
    }

/* Edits the n characters of `in` to `out` (n + 1 bytes are enough; may be `in`) and returns
 * the length of the result.  Logical lines are separated by a zero character, and one ends
 * the result.  A left bracket deletes the line too, where the cent sign does, since
 * terminals of today have no cent sign. */
size_t linedit(const struct linedit *edit, const char *in, size_t n, char *out);

/* For an edited line that begins with a logical line end and the word CP ("#CP ..."):
 * the text after that word (empty for "#CP" alone).  NULL for every other line. */
const char *linedit_cp_escape(const char *edited, size_t n);

#endif

/* Channel programs on which a random run, or the manual, has put a finger: each is run here and on
 * Hercules, on two tracks of its own.  What the manual says is expected of ours; where Hercules
 * does something else that is expected of it, too, so that the list stays true. */
#ifndef TESTS_IO_NAMED_H
#define TESTS_IO_NAMED_H

#include <stdbool.h>
#include <stdint.h>

struct named {
    const char *name;
    const char *types; /* "2311 2314", or NULL: all */
    /* Steps COMMAND:DATA (hexadecimal; zeros behind it) or COMMAND=COUNT, or only COMMAND; before a
     * search ^ for a loop.  In data @ is CCHH of the first track, + of the second. */
    const char *program;
    uint32_t outcome; /* ours: unit status, sense bytes 0 and 1 */
    bool unlike;      /* Hercules ends otherwise, or reads other data */
};

extern const struct named named_cases[];
extern const unsigned named_count;

#endif

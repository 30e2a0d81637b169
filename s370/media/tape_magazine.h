/* The magazine of an automatic loader: a text file that names tapes, one on a line with its
 * options, in the order in which they are mounted.
 *
 *     # a comment
 *     first.aws
 *     "name with blanks.het" ro
 *
 * Relative names begin at the file's own directory. */
#ifndef S370_MEDIA_TAPE_MAGAZINE_H
#define S370_MEDIA_TAPE_MAGAZINE_H

#include <stddef.h>

#define MAGAZINE_WORDS 5 /* of a line: the tape and its options */

struct tape_magazine;

/* Reads the file.  NULL with `message` filled in: it cannot be read, a line is too long, or it
 * names no tape. */
struct tape_magazine *tape_magazine_open(const char *path, char *message, size_t size);
void tape_magazine_close(struct tape_magazine *m); /* NULL is allowed */
/* The words of the next tape, which stay until the call after; returns how many, 0 behind the last
 * one. */
int tape_magazine_next(struct tape_magazine *m, char *words[MAGAZINE_WORDS]);
const char *tape_magazine_path(const struct tape_magazine *m);
/* How many tapes are left. */
unsigned tape_magazine_left(const struct tape_magazine *m);

#endif

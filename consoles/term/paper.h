/* The paper of a line-mode session: what was printed, line by line, as far back as it is kept;
 * the last line is the one being printed.  Characters are Unicode. */
#ifndef CONSOLES_TERM_PAPER_H
#define CONSOLES_TERM_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

#define PAPER_WIDTH_MOST 1024 /* characters; a longer line goes on in the next */

struct paper_line {
    char32_t *text;
    unsigned length, size;
};

struct paper {
    struct paper_line *lines; /* a ring */
    unsigned most, first, count;
    unsigned column;  /* where the next character goes */
    uint64_t dropped; /* lines that are not kept any more: number of the first kept one */
};

/* NULL: no storage. */
struct paper *paper_create(unsigned lines_most);
void paper_free(struct paper *p);

/* Prints a character; newline, return, backspace, tab and form feed move.  Other controls are
 * left out.  Without storage characters are lost. */
void paper_put(struct paper *p, char32_t character);
void paper_clear(struct paper *p);

/* Line n, 0 the oldest kept; count - 1 is being printed. */
const struct paper_line *paper_line(const struct paper *p, unsigned n);

/* The nearest line with the text (no regard to case of ASCII letters) from line `from` on towards
 * older (or newer) ones, or -1; *column where. */
int paper_search(const struct paper *p, const char32_t *text, unsigned length, int from, bool older,
                 unsigned *column);

/* A search that goes on from match to match, in a window that shows up to `back` lines above the
 * end of the paper. */
struct paper_match {
    bool found;
    uint64_t line; /* in lines ever printed */
    unsigned column, length;
};

/* The next match from the last one, or from the last line shown, towards older (or newer) lines;
 * *back is set so that it can be seen.  False: there is none, nothing is changed. */
bool paper_find(const struct paper *p, struct paper_match *match, unsigned *back,
                const char32_t *text, unsigned length, bool older);

#endif

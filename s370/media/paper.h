/* Continuous forms in a printer, as a text file: a line feed for each space, a form feed for
 * a skip to channel 1, a carriage return to print over the same line.  The carriage tape (or
 * forms control buffer) says which lines of the form have channels. */
#ifndef S370_MEDIA_PAPER_H
#define S370_MEDIA_PAPER_H

#include "s370/media/output.h"

#include <stdbool.h>
#include <stdint.h>

#define PAPER_LINES_MAX 180
#define PAPER_CHANNELS  12

struct paper {
    uint8_t channel[PAPER_LINES_MAX + 1]; /* by line, from 1: its channel, or 0 */
    unsigned lines;                       /* of the form */
    unsigned line;                        /* under the hammers, from 1 */
    bool printed;                         /* there is text on this line */
    bool crlf;
};

/* What a motion has passed or come to by spacing. */
enum paper_hole {
    PAPER_NO_HOLE,
    PAPER_CHANNEL_9,
    PAPER_CHANNEL_12,
};

/* A form of 66 lines with the standard tape: channel 1 at line 1, 2 to 8 at 7, 13, ..., 43,
 * 10 at 49, 11 at 55, 12 at 61, 9 at 63. */
void paper_init(struct paper *p);
/* The control of a line: one byte per line, low half the channel; the last line has X'10'.
 * False (and no change) if it is not such a list. */
bool paper_load(struct paper *p, const uint8_t *fcb, unsigned length);

/* `text` is ISO 8859-1. */
void paper_print(struct paper *p, struct output *o, const char *text, unsigned length);
enum paper_hole paper_space(struct paper *p, struct output *o, unsigned lines);
/* False: no line has this channel; the form has not moved. */
bool paper_skip(struct paper *p, struct output *o, unsigned channel);

#endif

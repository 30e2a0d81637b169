/* Continuous forms in a printer, as a text file: a line feed for each space, a form feed where a
 * skip goes over to the next form, a carriage return to print over the same line.  The carriage
 * tape (or forms control buffer) says which lines of the form have channels. Sources: GA24-3312
 * (2821), "Carriage Control"; GA24-3543 (3211), "Forms Control Buffer". */
#ifndef S370_MEDIA_PAPER_H
#define S370_MEDIA_PAPER_H

#include "s370/media/output.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAPER_LINES_MAX 256
#define PAPER_CHANNELS  12

struct paper {
    uint16_t channels[PAPER_LINES_MAX + 1]; /* by line, from 1: bit n is channel n */
    unsigned lines;                         /* of the form */
    unsigned line;                          /* under the hammers, from 1 */
    int indent;                             /* columns to the right, negative: to the left */
    bool printed;                           /* there is text on this line */
    bool written;                           /* a line, perhaps of blanks, was printed here */
    bool crlf;
};

/* What spacing has passed or come to. */
enum paper_hole {
    PAPER_CHANNEL_9 = 1,
    PAPER_CHANNEL_12 = 2,
};

/* A form of 66 lines with the standard tape: channel 1 at line 1, 2 to 8 at 7, 13, ..., 43,
 * 10 at 49, 11 at 55, 12 at 61, 9 at 63. */
void paper_init(struct paper *p);
/* The same with another number of lines and another tape: "standard", "std2" (channel 9 at 49, 10
 * at 55, 11 at 61, 12 at 63), "hardware" (channel 1 only), or a list CHANNEL:LINE,...; NULL is the
 * standard tape, as far as the form goes. NULL, or `message` filled in. */
const char *paper_set_form(struct paper *p, unsigned lines, const char *tape, char *message,
                           size_t size);

/* The contents of a forms control buffer of at most `most` lines: for each line a byte, in its low
 * half the channel; X'10' in the first means 8 lines an inch, in another the last line.  Before
 * them, if `indexed`, there may be an index: X'80' or X'C0' (to the left) and 1 to 31.  False
 * (and no change): it is not such a list. */
bool paper_load(struct paper *p, const uint8_t *fcb, unsigned length, unsigned most, bool indexed);

/* Saves or restores the form and where it is. */
struct saved;
void paper_saved(struct paper *p, struct saved *s);

/* `text` is ISO 8859-1. */
void paper_print(struct paper *p, struct output *o, const char *text, unsigned length);
/* Bits of enum paper_hole. */
unsigned paper_space(struct paper *p, struct output *o, unsigned lines);
/* False: no line has this channel; the form has not moved. */
bool paper_skip(struct paper *p, struct output *o, unsigned channel);
/* As bits 0 to 4 of a printer's command say: a skip to a channel, or so many spaces, whose enum
 * paper_hole go to *holes.  False: as above. */
bool paper_move(struct paper *p, struct output *o, uint8_t command, unsigned *holes);

#endif

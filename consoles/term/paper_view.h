/* Draws a part of a paper, with a line being typed behind what was printed last, into a box of the
 * window. */
#ifndef CONSOLES_TERM_PAPER_VIEW_H
#define CONSOLES_TERM_PAPER_VIEW_H

#include "consoles/term/line_edit.h"
#include "consoles/term/paper.h"

struct paper_box {
    unsigned row, column, rows, columns;
};

/* The last line shown is `back` lines above the end; typed: NULL if it is hidden.  False: the
 * place where is typed is not shown; else it is at *row, *column. */
bool paper_draw(const struct paper *p, const struct paper_box *box, unsigned back,
                const struct line_edit *typed, const struct paper_match *match, unsigned *row,
                unsigned *column);

#endif

/* Draws paper; see paper_view.h.  Long lines go on in the next row; a text that is shorter than its
 * box begins at its top. */
#include "consoles/term/paper_view.h"

#include "consoles/term/tty.h"

#include <string.h>

static unsigned rows_of(unsigned length, unsigned columns)
{
    return length == 0 ? 1 : (length + columns - 1) / columns;
}

/* A line from window row `row` on, which may be above the box. */
static void draw_line(const struct paper_box *box, const char32_t *text, unsigned length, int row,
                      const struct paper_match *match)
{
    static const struct tty_style plain = {0}, marked = {.reverse = true};
    for (unsigned i = 0; i < length; i++) {
        int at = row + (int)(i / box->columns);
        bool found = match && i >= match->column && i < match->column + match->length;
        if (at >= (int)box->row && at < (int)(box->row + box->rows))
            tty_put((unsigned)at, box->column + i % box->columns, text[i], found ? marked : plain);
    }
}

/* The line being printed, up to where it is printed, with what is typed. */
static unsigned last_line(const struct paper *p, const struct line_edit *typed, char32_t *text)
{
    const struct paper_line *line = paper_line(p, p->count - 1);
    unsigned n = p->column < line->length ? p->column : line->length;
    memcpy(text, line->text ? line->text : text, n * sizeof *text);
    if (typed) {
        memcpy(text + n, typed->text, typed->length * sizeof *text);
        n += typed->length;
    }
    return n;
}

bool paper_draw(const struct paper *p, const struct paper_box *box, unsigned back,
                const struct line_edit *typed, const struct paper_match *match, unsigned *row,
                unsigned *column)
{
    char32_t text[PAPER_WIDTH_MOST + EDIT_MOST];
    unsigned length = last_line(p, typed, text), total = 0, columns = box->columns;
    unsigned last_rows = rows_of(length + 1, columns); /* with the cursor */
    unsigned end = p->count - (back < p->count ? back : p->count - 1);
    if (columns == 0)
        return false;
    for (unsigned n = end; n-- > 0 && total < box->rows;)
        total += n == p->count - 1 ? last_rows : rows_of(paper_line(p, n)->length, columns);
    int at = (int)(box->row + (total < box->rows ? total : box->rows));
    bool shown = end == p->count;
    for (unsigned n = end; n-- > 0 && at > (int)box->row;) {
        const struct paper_line *line = paper_line(p, n);
        bool found = match && match->found && match->line == p->dropped + n;
        bool last = n == p->count - 1;
        at -= (int)(last ? last_rows : rows_of(line->length, columns));
        draw_line(box, last ? text : line->text, last ? length : line->length, at,
                  found ? match : NULL);
        if (last) {
            unsigned cursor = length - (typed ? typed->length - typed->cursor : 0);
            *row = (unsigned)at + cursor / columns;
            *column = box->column + cursor % columns;
            shown = at + (int)(cursor / columns) >= (int)box->row;
        }
    }
    return shown;
}

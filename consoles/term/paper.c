/* The paper of a line-mode session; see paper.h. */
#include "consoles/term/paper.h"

#include <stdlib.h>
#include <string.h>

struct paper *paper_create(unsigned lines_most)
{
    struct paper *p = calloc(1, sizeof *p);
    if (p)
        p->lines = calloc(lines_most, sizeof *p->lines);
    if (!p || !p->lines) {
        free(p);
        return NULL;
    }
    p->most = lines_most;
    p->count = 1;
    return p;
}

void paper_free(struct paper *p)
{
    if (!p)
        return;
    for (unsigned i = 0; i < p->most; i++)
        free(p->lines[i].text);
    free(p->lines);
    free(p);
}

static struct paper_line *line_at(const struct paper *p, unsigned n)
{
    return &p->lines[(p->first + n) % p->most];
}

const struct paper_line *paper_line(const struct paper *p, unsigned n)
{
    return line_at(p, n);
}

static void next_line(struct paper *p)
{
    p->column = 0;
    if (p->count < p->most) {
        p->count++;
    } else {
        p->first = (p->first + 1) % p->most;
        p->dropped++;
    }
    line_at(p, p->count - 1)->length = 0;
}

static void print(struct paper *p, char32_t character)
{
    if (p->column == PAPER_WIDTH_MOST)
        next_line(p);
    struct paper_line *line = line_at(p, p->count - 1);
    if (p->column >= line->size) {
        unsigned size = line->size ? 2 * line->size : 80;
        while (size <= p->column)
            size *= 2;
        char32_t *text = realloc(line->text, size * sizeof *text);
        if (!text)
            return;
        line->text = text;
        line->size = size;
    }
    while (line->length <= p->column)
        line->text[line->length++] = ' ';
    line->text[p->column++] = character;
}

void paper_put(struct paper *p, char32_t character)
{
    switch (character) {
    case '\n':
    case '\f':
        next_line(p);
        break;
    case '\r':
        p->column = 0;
        break;
    case '\b':
        p->column -= p->column > 0;
        break;
    case '\t':
        do
            print(p, ' ');
        while (p->column % 8);
        break;
    default:
        if (character >= ' ' && (character < 0x7f || character >= 0xa0))
            print(p, character);
        break;
    }
}

void paper_clear(struct paper *p)
{
    p->dropped += p->count;
    p->count = 1;
    p->column = 0;
    line_at(p, 0)->length = 0;
}

static char32_t lower(char32_t c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static bool found_at(const struct paper_line *line, unsigned at, const char32_t *text,
                     unsigned length)
{
    unsigned i = 0;
    while (i < length && lower(line->text[at + i]) == lower(text[i]))
        i++;
    return i == length;
}

int paper_search(const struct paper *p, const char32_t *text, unsigned length, int from, bool older,
                 unsigned *column)
{
    for (int n = from; n >= 0 && n < (int)p->count; n += older ? -1 : 1) {
        const struct paper_line *line = line_at(p, (unsigned)n);
        for (unsigned at = 0; at + length <= line->length; at++) {
            if (found_at(line, at, text, length)) {
                *column = at;
                return n;
            }
        }
    }
    return -1;
}

bool paper_find(const struct paper *p, struct paper_match *match, unsigned *back,
                const char32_t *text, unsigned length, bool older)
{
    int last = (int)p->count - 1, from = last - (int)*back;
    unsigned column;
    if (match->found)
        from = (int)((int64_t)match->line - (int64_t)p->dropped) + (older ? -1 : 1);
    int n = length ? paper_search(p, text, length, from, older, &column) : -1;
    if (n < 0)
        return false;
    *match = (struct paper_match){true, p->dropped + (uint64_t)n, column, length};
    *back = last - n > 2 ? (unsigned)(last - n - 2) : 0; /* with some lines below it */
    return true;
}

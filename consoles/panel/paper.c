/* The printer's paper: what arrives at the end of the printer's output file.  Lines, form
 * feeds and carriage returns are as s370/media/paper.c writes them. */
#include "consoles/panel/panel.h"

#include <stdio.h>
#include <string.h>

static void next_line(struct paper *paper)
{
    paper->next = (paper->next + 1) % PAPER_LINES;
    paper->total++;
    paper->column = 0;
    if (paper->lag < PAPER_LINES)
        paper->lag++;
    memset(paper->lines[paper->next], ' ', PAPER_COLUMNS);
    paper->lines[paper->next][PAPER_COLUMNS] = 0;
}

static void print(struct paper *paper, char c)
{
    switch (c) {
    case '\n':
        next_line(paper);
        break;
    case '\f':
        next_line(paper);
        memset(paper->lines[paper->next], '-', PAPER_COLUMNS); /* the perforation */
        next_line(paper);
        break;
    case '\r':
        paper->column = 0;
        break;
    default:
        if (paper->column < PAPER_COLUMNS && c != ' ')
            paper->lines[paper->next][paper->column] = c;
        paper->column++;
    }
}

void paper_read(struct paper *paper)
{
    char bytes[4096];
    FILE *f = paper->path ? fopen(paper->path, "re") : NULL;
    if (!f)
        return;
    fseek(f, 0, SEEK_END);
    long end = ftell(f);
    if (paper->position < 0) { /* what was printed before: the last pages only */
        for (unsigned i = 0; i < PAPER_LINES; i++)
            next_line(paper);
        paper->position = end > 16384 ? end - 16384 : 0;
    }
    if (end < paper->position) /* another file, or emptied */
        paper->position = 0;
    fseek(f, paper->position, SEEK_SET);
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0) {
        for (size_t i = 0; i < n; i++)
            print(paper, bytes[i]);
        paper->position += (long)n;
    }
    fclose(f);
}

const char *paper_line(const struct paper *paper, unsigned i)
{
    return paper->lines[(paper->next + 1 + i) % PAPER_LINES];
}

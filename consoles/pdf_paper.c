/* A page is kept as a grid of cells and drawn when it is full: see pdf_paper.h. */
#include "consoles/pdf_paper.h"

#include <errno.h>
#include <hpdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Points: 72 to the inch. */
#define PAGE_WIDTH   1071.0f /* 14 7/8 inches */
#define PAGE_HEIGHT  792.0f  /* 11 inches */
#define LINE_HEIGHT  12.0f
#define COLUMN_WIDTH 7.2f
#define LEFT         ((PAGE_WIDTH - PDF_PAPER_COLUMNS * COLUMN_WIDTH) / 2)
#define BAR_LINES    3
#define HOLE_RADIUS  5.5f
#define HOLES        22 /* half an inch apart */

#define OVERPRINTS 3 /* characters in one place */

struct cell {
    char c[OVERPRINTS]; /* 0: nothing */
    bool bold;
};

struct pdf_paper {
    HPDF_Doc pdf;
    HPDF_Font font, bold;
    bool bars;
    bool used; /* something was printed since the last page was drawn */
    unsigned line, column, pages;
    char error[128]; /* the first one of libharu */
    struct cell page[PDF_PAPER_LINES][PDF_PAPER_COLUMNS];
};

static void note_error(HPDF_STATUS error, HPDF_STATUS detail, void *context)
{
    struct pdf_paper *p = context;
    if (!p->error[0])
        snprintf(p->error, sizeof p->error, "PDF error %04X (%u)", (unsigned)error,
                 (unsigned)detail);
}

struct pdf_paper *pdf_paper_new(bool bars)
{
    struct pdf_paper *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->bars = bars;
    p->pdf = HPDF_New(note_error, p);
    if (!p->pdf) {
        free(p);
        return NULL;
    }
    HPDF_SetCompressionMode(p->pdf, HPDF_COMP_ALL);
    p->font = HPDF_GetFont(p->pdf, "Courier", "ISO8859-15");
    p->bold = HPDF_GetFont(p->pdf, "Courier-Bold", "ISO8859-15");
    return p;
}

static void draw_bars(HPDF_Page page)
{
    HPDF_Page_SetRGBFill(page, 0.85f, 0.95f, 0.85f);
    for (unsigned line = 0; line < PDF_PAPER_LINES; line += 2 * BAR_LINES)
        HPDF_Page_Rectangle(page, LEFT - COLUMN_WIDTH,
                            PAGE_HEIGHT - (float)(line + BAR_LINES) * LINE_HEIGHT,
                            PAGE_WIDTH - 2 * (LEFT - COLUMN_WIDTH), BAR_LINES * LINE_HEIGHT);
    HPDF_Page_Fill(page);
    HPDF_Page_SetRGBFill(page, 0.75f, 0.75f, 0.75f);
    for (unsigned i = 0; i < HOLES; i++) {
        float y = PAGE_HEIGHT - 18.0f - 36.0f * (float)i;
        HPDF_Page_Circle(page, 18.0f, y, HOLE_RADIUS);
        HPDF_Page_Circle(page, PAGE_WIDTH - 18.0f, y, HOLE_RADIUS);
    }
    HPDF_Page_Fill(page);
}

/* Draws one layer of overprints of a line in one weight. */
static void draw_layer(struct pdf_paper *p, HPDF_Page page, unsigned line, unsigned layer,
                       bool bold)
{
    char text[PDF_PAPER_COLUMNS + 1];
    unsigned last = 0;
    for (unsigned i = 0; i < PDF_PAPER_COLUMNS; i++) {
        const struct cell *cell = &p->page[line][i];
        bool mine = cell->c[layer] && cell->bold == bold;
        text[i] = mine ? cell->c[layer] : ' ';
        if (mine)
            last = i + 1;
    }
    if (!last)
        return;
    text[last] = 0;
    HPDF_Page_SetFontAndSize(page, bold ? p->bold : p->font, 12);
    HPDF_Page_TextOut(page, LEFT, PAGE_HEIGHT - (float)(line + 1) * LINE_HEIGHT + 3, text);
}

static void finish_page(struct pdf_paper *p)
{
    HPDF_Page page = HPDF_AddPage(p->pdf);
    p->pages++;
    if (page) {
        HPDF_Page_SetWidth(page, PAGE_WIDTH);
        HPDF_Page_SetHeight(page, PAGE_HEIGHT);
        if (p->bars)
            draw_bars(page);
        HPDF_Page_SetRGBFill(page, 0.1f, 0.1f, 0.1f);
        HPDF_Page_BeginText(page);
        for (unsigned line = 0; line < PDF_PAPER_LINES; line++)
            for (unsigned layer = 0; layer < OVERPRINTS; layer++) {
                draw_layer(p, page, line, layer, false);
                draw_layer(p, page, line, layer, true);
            }
        HPDF_Page_EndText(page);
    }
    memset(p->page, 0, sizeof p->page);
    p->line = p->column = 0;
    p->used = false;
}

static void put_character(struct pdf_paper *p, char c)
{
    p->used = true;
    if (p->column >= PDF_PAPER_COLUMNS)
        return;
    struct cell *cell = &p->page[p->line][p->column++];
    if (c == ' ')
        return;
    for (unsigned i = 0; i < OVERPRINTS; i++) {
        if (cell->c[i] == c) {
            cell->bold = true;
            return;
        }
        if (!cell->c[i]) {
            cell->c[i] = c;
            return;
        }
    }
}

void pdf_paper_print(struct pdf_paper *p, const char *text, size_t length)
{
    for (; length; text++, length--)
        switch (*text) {
        case '\n':
            p->used = true;
            p->column = 0;
            if (++p->line == PDF_PAPER_LINES)
                finish_page(p);
            break;
        case '\r':
            p->column = 0;
            break;
        case '\f':
            /* The first skip of a file finds new paper already. */
            if (p->used)
                finish_page(p);
            break;
        default:
            put_character(p, *text);
        }
}

bool pdf_paper_save(struct pdf_paper *p, const char *path, char *why, size_t size)
{
    if (p->used || !p->pages)
        finish_page(p);
    if (p->error[0]) {
        snprintf(why, size, "%s", p->error);
        return false;
    }
    errno = 0;
    if (HPDF_SaveToFile(p->pdf, path) == HPDF_OK)
        return true;
    snprintf(why, size, "%s", errno ? strerror(errno) : p->error);
    return false;
}

unsigned pdf_paper_pages(const struct pdf_paper *p)
{
    return p->pages;
}

void pdf_paper_free(struct pdf_paper *p)
{
    HPDF_Free(p->pdf);
    free(p);
}

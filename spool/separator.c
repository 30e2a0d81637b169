/* Separator pages and cards. */
#include "spool/separator.h"

#include "lib/fmt.h"
#include "lib/str.h"

#include <stdbool.h>

/* 1403 commands: GA24-3312, "Commands". */
enum {
    WRITE_SPACE_1 = 0x09,
    WRITE_SPACE_2 = 0x11,
    SPACE_3 = 0x1b,
    SKIP_TO_1 = 0x8b,
};

#define GLYPH_ROWS 7

/* Block letters of 5 by 7 dots; a row is 5 bits, the leftmost in bit 16. */
static const struct glyph {
    char character;
    uint8_t row[GLYPH_ROWS];
} glyphs[] = {
    {'A', {14, 17, 17, 31, 17, 17, 17}}, {'B', {30, 17, 17, 30, 17, 17, 30}},
    {'C', {14, 17, 16, 16, 16, 17, 14}}, {'D', {30, 17, 17, 17, 17, 17, 30}},
    {'E', {31, 16, 16, 30, 16, 16, 31}}, {'F', {31, 16, 16, 30, 16, 16, 16}},
    {'G', {14, 17, 16, 23, 17, 17, 14}}, {'H', {17, 17, 17, 31, 17, 17, 17}},
    {'I', {14, 4, 4, 4, 4, 4, 14}},      {'J', {7, 2, 2, 2, 2, 18, 12}},
    {'K', {17, 18, 20, 24, 20, 18, 17}}, {'L', {16, 16, 16, 16, 16, 16, 31}},
    {'M', {17, 27, 21, 21, 17, 17, 17}}, {'N', {17, 25, 21, 21, 19, 17, 17}},
    {'O', {14, 17, 17, 17, 17, 17, 14}}, {'P', {30, 17, 17, 30, 16, 16, 16}},
    {'Q', {14, 17, 17, 17, 21, 18, 13}}, {'R', {30, 17, 17, 30, 20, 18, 17}},
    {'S', {15, 16, 16, 14, 1, 1, 30}},   {'T', {31, 4, 4, 4, 4, 4, 4}},
    {'U', {17, 17, 17, 17, 17, 17, 14}}, {'V', {17, 17, 17, 17, 17, 10, 4}},
    {'W', {17, 17, 17, 21, 21, 27, 17}}, {'X', {17, 17, 10, 4, 10, 17, 17}},
    {'Y', {17, 17, 10, 4, 4, 4, 4}},     {'Z', {31, 1, 2, 4, 8, 16, 31}},
    {'0', {14, 17, 19, 21, 25, 17, 14}}, {'1', {4, 12, 4, 4, 4, 4, 14}},
    {'2', {14, 17, 1, 6, 8, 16, 31}},    {'3', {30, 1, 1, 14, 1, 1, 30}},
    {'4', {2, 6, 10, 18, 31, 2, 2}},     {'5', {31, 16, 30, 1, 1, 17, 14}},
    {'6', {14, 16, 16, 30, 17, 17, 14}}, {'7', {31, 1, 2, 4, 8, 8, 8}},
    {'8', {14, 17, 17, 14, 17, 17, 14}}, {'9', {14, 17, 17, 15, 1, 1, 14}},
    {'$', {4, 15, 20, 14, 5, 30, 4}},    {'#', {10, 10, 31, 10, 31, 10, 10}},
    {'@', {14, 17, 23, 21, 22, 16, 15}}, {'-', {0, 0, 0, 31, 0, 0, 0}},
    {'_', {0, 0, 0, 0, 0, 0, 31}},       {'+', {0, 4, 4, 31, 4, 4, 0}},
    {':', {0, 4, 0, 0, 4, 0, 0}},
};

static const struct glyph *glyph_of(char c)
{
    for (size_t i = 0; i < sizeof glyphs / sizeof glyphs[0]; i++)
        if (glyphs[i].character == c)
            return &glyphs[i];
    return NULL;
}

/* A word of up to 10 characters, each 10 columns wide and 2 apart, printed in itself. */
static int block_letters(const char *word, spool_line *line, void *context)
{
    char text[SPOOL_PRINT_WIDTH + 1];
    for (unsigned row = 0; row < GLYPH_ROWS; row++) {
        size_t n = 6;
        memset(text, ' ', sizeof text);
        for (const char *c = word; *c && n + 12 <= SPOOL_PRINT_WIDTH; c++, n += 12) {
            const struct glyph *g = glyph_of(*c);
            for (unsigned column = 0; g && column < 10; column++)
                if (g->row[row] >> (4 - column / 2) & 1)
                    text[n + column] = *c;
        }
        while (n && text[n - 1] == ' ')
            n--;
        text[n] = 0;
        int end = line(context, WRITE_SPACE_1, text);
        if (end)
            return end;
    }
    return line(context, SPACE_3, "");
}

static void rule(char *text)
{
    memset(text, '*', SPOOL_PRINT_WIDTH);
    text[SPOOL_PRINT_WIDTH] = 0;
}

int spool_separator_page(const struct spool_file *f, unsigned copy, const char *system,
                         spool_line *line, void *context)
{
    char text[SPOOL_PRINT_WIDTH + 1], number[8];
    int end;
    rule(text);
    if ((end = line(context, SKIP_TO_1, "")) || (end = line(context, WRITE_SPACE_1, text)) ||
        (end = line(context, WRITE_SPACE_2, text)) ||
        (end = block_letters(f->owner, line, context)))
        return end;
    fmt(number, sizeof number, "%04d", (int)f->id);
    if (f->name[0]) {
        if ((end = block_letters(f->name, line, context)) ||
            (end = block_letters(f->type, line, context)))
            return end;
    } else if ((end = block_letters(number, line, context))) {
        return end;
    }
    fmt(text, sizeof text, "      USERID %-8s   ORIGIN %-8s   DISTRIBUTION %-8s   SYSTEM %s",
        f->owner, f->origin, f->dist, system);
    if ((end = line(context, WRITE_SPACE_2, text)))
        return end;
    fmt(text, sizeof text,
        "      SPOOL FILE %s   TYPE %s   CLASS %c   RECORDS %06d   COPY %d OF %d", number,
        spool_kind_name(f->kind), f->class, (int)f->records, (int)copy,
        (int)(copy + f->copies - 1));
    if ((end = line(context, WRITE_SPACE_2, text)))
        return end;
    fmt(text, sizeof text, "      FILE NAME %-12s %-12s   CREATION DATE %s %s", f->name, f->type,
        f->date, f->time);
    if ((end = line(context, WRITE_SPACE_2, text)))
        return end;
    if (f->tag[0]) {
        fmt(text, sizeof text, "      TAG %s", f->tag);
        if ((end = line(context, WRITE_SPACE_2, text)))
            return end;
    }
    rule(text);
    if ((end = line(context, WRITE_SPACE_1, text)) || (end = line(context, WRITE_SPACE_1, text)))
        return end;
    return line(context, SKIP_TO_1, "");
}

int spool_trailer_page(const struct spool_file *f, unsigned copy, spool_line *line, void *context)
{
    char text[SPOOL_PRINT_WIDTH + 1];
    int end = line(context, SKIP_TO_1, "");
    if (end)
        return end;
    fmt(text, sizeof text, "****  END OF SPOOL FILE %04d   USERID %-8s   CLASS %c   COPY %d  ****",
        (int)f->id, f->owner, f->class, (int)copy);
    if ((end = line(context, WRITE_SPACE_1, text)))
        return end;
    return line(context, SKIP_TO_1, "");
}

void spool_separator_card(char card[80], const struct spool_file *f)
{
    char text[81];
    fmt(text, sizeof text, "**** %-8s %-8s FILE %04d CLASS %c %-8.8s %-8.8s %s %s", f->owner,
        f->dist, (int)f->id, f->class, f->name, f->type, f->date, f->time);
    str_pad(card, text, 80);
}

/* Reading listings and cutting them into spool files: see listing.h. */
#include "tools/listing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULE_WIDTH 132
#define TRAILER    "****  END OF SPOOL FILE "

char *listing_read(const char *program, const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0, n = 0;
    *length = 0;
    errno = f ? 0 : errno;
    while (f && !errno) {
        char *more = realloc(text, size += 131072);
        if (!more)
            break;
        text = more;
        n = fread(text + *length, 1, size - *length - 1, f);
        if (!n)
            break;
        *length += n;
    }
    if (errno || !text) {
        fprintf(stderr, "%s: %s: %s\n", program, path, strerror(errno));
        free(text);
        text = NULL;
    } else {
        text[*length] = 0;
    }
    if (f)
        fclose(f);
    return text;
}

static bool is_rule(const char *line, size_t n)
{
    if (n != RULE_WIDTH)
        return false;
    while (n && line[n - 1] == '*')
        n--;
    return n == 0;
}

static void append(struct piece *p, const char *text, size_t n)
{
    p->text = realloc(p->text, p->length + n + 2);
    if (!p->text)
        abort();
    memcpy(p->text + p->length, text, n);
    p->length += n;
    p->text[p->length++] = '\n';
    p->text[p->length] = 0;
    p->lines++;
}

static struct piece *new_piece(struct piece ***tail)
{
    struct piece *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    **tail = p;
    *tail = &p->next;
    return p;
}

/* The next line of *at without its newline, carriage return and leading form feeds. */
static bool next_line(const char **at, const char *end, const char **line, size_t *n)
{
    if (*at >= end)
        return false;
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    if (!stop)
        stop = end;
    *line = *at;
    *n = (size_t)(stop - *at);
    *at = stop + 1;
    while (*n && ((*line)[*n - 1] == '\r' || (*line)[*n - 1] == ' '))
        (*n)--;
    return true;
}

static void skip_form_feeds(const char **line, size_t *n)
{
    while (*n && **line == '\f') {
        (*line)++;
        (*n)--;
    }
}

/* Where the cutting of paper is: in the separator page after so many of its four rules, in a spool
 * file's text behind the fourth, or outside (0). */
struct cutter {
    struct piece *first, **tail, *piece;
    int rules;
};

/* A separator begins on new paper; other rules are the user's own text. */
static bool take_rule(struct cutter *c, bool new_page)
{
    if (c->rules == 4 && !new_page)
        return false;
    if (c->rules == 4 || !c->rules) {
        c->piece = new_piece(&c->tail);
        c->rules = 0;
    }
    c->rules++;
    return true;
}

static void take_separator_text(struct piece *p, const char *line, size_t n)
{
    char copy[RULE_WIDTH + 1];
    snprintf(copy, sizeof copy, "%.*s", (int)n, line);
    sscanf(copy, " USERID %15s", p->owner);
    sscanf(copy, " SPOOL FILE %u", &p->spool_id);
    /* The names of a file without one are blank, and the date follows. */
    if (sscanf(copy, " FILE NAME %15s %15s", p->name, p->type) == 2 && !strcmp(p->name, "CREATION"))
        p->name[0] = p->type[0] = 0;
}

/* A line of a spool file; its first one begins at the top of the form anyway. */
static void take_line(struct piece *p, const char *line, size_t n)
{
    if (!p->lines)
        skip_form_feeds(&line, &n);
    if (p->lines || n)
        append(p, line, n);
}

struct piece *listing_whole(const char *text, size_t length)
{
    struct piece *first = NULL, **tail = &first, *p = new_piece(&tail);
    const char *at = text, *line;
    size_t n;
    while (next_line(&at, text + length, &line, &n))
        take_line(p, line, n);
    return first;
}

struct piece *listing_cut_paper(const char *text, size_t length)
{
    struct cutter c = {.first = NULL};
    const char *at = text, *line;
    size_t n;
    c.tail = &c.first;
    while (next_line(&at, text + length, &line, &n)) {
        const char *bare = line;
        size_t bare_length = n;
        skip_form_feeds(&bare, &bare_length);
        if (is_rule(bare, bare_length) && take_rule(&c, bare != line || line == text))
            continue;
        if (c.rules && c.rules < 4)
            take_separator_text(c.piece, bare, bare_length);
        else if (c.rules == 4 && bare_length > sizeof TRAILER &&
                 !strncmp(bare, TRAILER, sizeof TRAILER - 1))
            c.rules = 0;
        else if (c.rules == 4)
            take_line(c.piece, line, n);
    }
    return c.first;
}

/* Cuts the cards at the separator cards. */
struct piece *listing_cut_cards(const char *text, size_t length)
{
    struct piece *first = NULL, **tail = &first, *p = NULL;
    const char *at = text, *line;
    size_t n;
    while (next_line(&at, text + length, &line, &n)) {
        char owner[16], dist[16], word[8], class[4];
        char copy[RULE_WIDTH + 1];
        unsigned id;
        snprintf(copy, sizeof copy, "%.*s", (int)n, line);
        if (!strncmp(copy, "**** ", 5)) {
            p = new_piece(&tail);
            /* The distribution code may be blank. */
            if (sscanf(copy, "**** %15s %15s FILE %u CLASS %3s %15s %15s", owner, dist, &id, class,
                       p->name, p->type) != 6)
                sscanf(copy, "**** %15s %7s %u CLASS %3s %15s %15s", owner, word, &id, class,
                       p->name, p->type);
        } else if (p)
            append(p, line, n);
    }
    return first;
}

void listing_free(struct piece *p)
{
    while (p) {
        struct piece *next = p->next;
        free(p->text);
        free(p);
        p = next;
    }
}

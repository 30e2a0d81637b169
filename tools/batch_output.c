/* The end of `datbox batch`: one stream of paper and one of cards become files of the jobs.
 * CP puts a separator page before each spool file and a trailer behind it, a separator card
 * before each deck (spool/separator.c); the monitor names files after the job: NAME CONSOLE
 * is what the job typed, NAME LISTING what it printed, NAME PUNCH what it punched. */
#include "tools/batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULE_WIDTH 132

/* One spool file's text, cut out of a stream. */
struct piece {
    struct piece *next;
    char name[16], type[16];
    char *text;
    size_t length;
    unsigned lines;
};

static char *read_all(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0;
    *length = 0;
    if (!f) {
        fprintf(stderr, "datbox batch: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    for (;;) {
        if (size - *length < 65536)
            text = realloc(text, size = size * 2 + 131072);
        size_t n = text ? fread(text + *length, 1, size - *length - 1, f) : 0;
        if (!n)
            break;
        *length += n;
    }
    fclose(f);
    if (text)
        text[*length] = 0;
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

/* Cuts the paper at its separators. */
static struct piece *cut_paper(const char *text, size_t length)
{
    struct piece *first = NULL, **tail = &first, *p = NULL;
    const char *at = text, *line;
    size_t n;
    int rules = 0; /* of the separator page: two before its text, two behind */
    while (next_line(&at, text + length, &line, &n)) {
        const char *bare = line;
        size_t bare_length = n;
        skip_form_feeds(&bare, &bare_length);
        if (is_rule(bare, bare_length)) {
            if (rules == 4 || !rules) {
                p = new_piece(&tail);
                rules = 0;
            }
            rules++;
        } else if (rules && rules < 4 && p) {
            char copy[RULE_WIDTH + 1];
            snprintf(copy, sizeof copy, "%.*s", (int)bare_length, bare);
            sscanf(copy, " FILE NAME %15s %15s", p->name, p->type);
        } else if (rules == 4 && p && bare_length > 25 &&
                   !strncmp(bare, "****  END OF SPOOL FILE ", 24)) {
            p = NULL;
            rules = 0;
        } else if (rules == 4 && p) {
            if (p->lines || bare_length)
                append(p, p->lines ? line : bare, p->lines ? n : bare_length);
        }
    }
    return first;
}

/* Cuts the cards at the separator cards. */
static struct piece *cut_cards(const char *text, size_t length)
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

static void free_pieces(struct piece *p)
{
    while (p) {
        struct piece *next = p->next;
        free(p->text);
        free(p);
        p = next;
    }
}

/* The n-th piece of this name and type (from 0). */
static const struct piece *find(const struct piece *p, const char *name, const char *type,
                                unsigned n)
{
    for (; p; p = p->next)
        if (!strcmp(p->name, name) && !strcmp(p->type, type) && !n--)
            return p;
    return NULL;
}

static bool write_file(const char *directory, const char *name, unsigned number, const char *suffix,
                       const struct piece *const *pieces, size_t count)
{
    char path[4096], ordinal[16] = "";
    if (number)
        snprintf(ordinal, sizeof ordinal, ".%u", number + 1);
    snprintf(path, sizeof path, "%s/%s%s.%s", directory, name, ordinal, suffix);
    FILE *f = fopen(path, "wb");
    bool ok = f != NULL;
    for (size_t i = 0; i < count && ok; i++)
        if (pieces[i])
            ok = fwrite(pieces[i]->text, 1, pieces[i]->length, f) == pieces[i]->length;
    if (f && fclose(f))
        ok = false;
    if (!ok)
        fprintf(stderr, "datbox batch: %s: %s\n", path, strerror(errno));
    return ok;
}

/* How many jobs before this one have its name. */
static unsigned ordinal_of(const struct batch_job *jobs, size_t at)
{
    unsigned n = 0;
    for (size_t i = 0; i < at; i++)
        n += !strcmp(jobs[i].job.name, jobs[at].job.name);
    return n;
}

bool batch_divide(struct batch_job *jobs, size_t count, const char *printer, const char *punch,
                  const char *directory)
{
    size_t paper_length, card_length;
    char *paper_text = read_all(printer, &paper_length);
    char *card_text = read_all(punch, &card_length);
    bool ok = paper_text && card_text;
    struct piece *paper = ok ? cut_paper(paper_text, paper_length) : NULL;
    struct piece *cards = ok ? cut_cards(card_text, card_length) : NULL;
    for (size_t i = 0; i < count && ok; i++) {
        unsigned n = ordinal_of(jobs, i);
        const char *name = jobs[i].job.name;
        const struct piece *listing[] = {find(paper, name, "CONSOLE", n),
                                         find(paper, name, "LISTING", n)};
        const struct piece *deck = find(cards, name, "PUNCH", n);
        for (int k = 0; k < 2; k++)
            jobs[i].lines += listing[k] ? listing[k]->lines : 0;
        jobs[i].cards = deck ? deck->lines : 0;
        ok = write_file(directory, name, n, "listing", listing, 2) &&
             (!deck || write_file(directory, name, n, "punch", &deck, 1));
    }
    free_pieces(paper);
    free_pieces(cards);
    free(paper_text);
    free(card_text);
    return ok;
}

/* The end of `datbox batch`: one stream of paper and one of cards become files of the jobs.
 * CP puts a separator page before each spool file and a trailer behind it, a separator card
 * before each deck (spool/separator.c); the monitor names files after the job: NAME CONSOLE
 * is what the job typed, NAME LISTING what it printed, NAME PUNCH what it punched. */
#include "tools/batch.h"
#include "tools/listing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* How many jobs before this one have its name: in the order of the decks. */
static unsigned ordinal_of(const struct batch *b, size_t at)
{
    unsigned n = 0;
    for (size_t i = 0; i < at; i++)
        n += !strcmp(b->jobs[i].job.name, b->jobs[at].job.name);
    return n;
}

/* How many of that name have ended before it in its system: so its output comes. */
static unsigned output_of(const struct batch *b, unsigned system, const struct batch_job *job)
{
    unsigned n = 0;
    for (size_t i = 0; i < b->job_count; i++)
        n += b->decks[b->jobs[i].deck].system == system && b->jobs[i].order < job->order &&
             !strcmp(b->jobs[i].job.name, job->job.name);
    return n;
}

static bool write_job(const struct batch *b, unsigned system, size_t i, const struct piece *paper,
                      const struct piece *cards)
{
    struct batch_job *job = &b->jobs[i];
    unsigned n = output_of(b, system, job), ordinal = ordinal_of(b, i);
    const char *name = job->job.name;
    const struct piece *listing[] = {find(paper, name, "CONSOLE", n),
                                     find(paper, name, "LISTING", n)};
    const struct piece *deck = find(cards, name, "PUNCH", n);
    for (int k = 0; k < 2; k++)
        job->lines += listing[k] ? listing[k]->lines : 0;
    job->cards = deck ? deck->lines : 0;
    return write_file(b->directory, name, ordinal, "listing", listing, 2) &&
           (!deck || write_file(b->directory, name, ordinal, "punch", &deck, 1));
}

bool batch_divide(const struct batch *b, unsigned system, const char *printer, const char *punch)
{
    size_t paper_length, card_length;
    char *paper_text = listing_read("datbox batch", printer, &paper_length);
    char *card_text = listing_read("datbox batch", punch, &card_length);
    bool ok = paper_text && card_text;
    struct piece *paper = ok ? listing_cut_paper(paper_text, paper_length) : NULL;
    struct piece *cards = ok ? listing_cut_cards(card_text, card_length) : NULL;
    for (size_t i = 0; i < b->job_count && ok; i++)
        if (b->decks[b->jobs[i].deck].system == system)
            ok = write_job(b, system, i, paper, cards);
    listing_free(paper);
    listing_free(cards);
    free(paper_text);
    free(card_text);
    return ok;
}

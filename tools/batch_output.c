/* The end of `datbox batch`: one stream of paper and one of cards become files of the jobs.
 * CP puts a separator page before each spool file and a trailer behind it, a separator card
 * before each deck (spool/separator.c); the monitor names files after the job: NAME CONSOLE
 * is what the job typed, NAME LISTING what it printed, NAME PUNCH what it punched. */
#include "tools/batch.h"
#include "tools/listing.h"

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

static bool write_file(const struct batch *b, size_t job, const char *suffix,
                       const struct piece *const *pieces, size_t count)
{
    char path[4096], name[64];
    snprintf(name, sizeof name, "%s.%s", b->jobs[job].output, suffix);
    FILE *f = batch_open_file(b, name, path, sizeof path);
    if (!f)
        return false;
    for (size_t i = 0; i < count; i++)
        if (pieces[i])
            fwrite(pieces[i]->text, 1, pieces[i]->length, f);
    return batch_close_file(f, path);
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
    unsigned n = output_of(b, system, job);
    const char *name = job->job.name;
    const struct piece *listing[] = {find(paper, name, "CONSOLE", n),
                                     find(paper, name, "LISTING", n)};
    const struct piece *deck = find(cards, name, "PUNCH", n);
    for (int k = 0; k < 2; k++)
        job->lines += listing[k] ? listing[k]->lines : 0;
    job->cards = deck ? deck->lines : 0;
    return write_file(b, i, "listing", listing, 2) &&
           (!deck || write_file(b, i, "punch", &deck, 1));
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
        if (b->jobs[i].ended && b->decks[b->jobs[i].deck].system == system)
            ok = write_job(b, system, i, paper, cards);
    listing_free(paper);
    listing_free(cards);
    free(paper_text);
    free(card_text);
    return ok;
}

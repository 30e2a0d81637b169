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

bool batch_write_job(const struct batch *b, size_t job, const struct piece *log,
                     const struct piece *paper, const struct piece *cards)
{
    struct batch_job *j = &b->jobs[job];
    const struct piece *listing[] = {log, paper};
    j->lines = (log ? log->lines : 0) + (paper ? paper->lines : 0);
    j->cards = cards ? cards->lines : 0;
    return write_file(b, job, "listing", listing, 2) &&
           (!cards || write_file(b, job, "punch", &cards, 1));
}

bool batch_job_result(struct batch_job *job, const char *text, unsigned *files)
{
    struct batch_job j = *job;
    unsigned seconds;
    if (sscanf(text, "JOB %*15s ENDED RC %d CPU %u.%3u SIO %u READS %u WRITES %u FILES %u", &j.rc,
               &seconds, &j.cpu, &j.start_io, &j.page_reads, &j.page_writes, files) != 7)
        return false;
    j.cpu += seconds * 1000;
    *job = j;
    return true;
}

static bool write_job(const struct batch *b, unsigned system, size_t i, const struct piece *paper,
                      const struct piece *cards)
{
    const char *name = b->jobs[i].job.name;
    unsigned n = output_of(b, system, &b->jobs[i]);
    return batch_write_job(b, i, find(paper, name, "CONSOLE", n), find(paper, name, "LISTING", n),
                           find(cards, name, "PUNCH", n));
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

/* What the files of `datbox batch` share: decks, jobs, and what became of them. */
#ifndef TOOLS_BATCH_H
#define TOOLS_BATCH_H

#include "s370/machine.h"
#include "spool/batch/job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define BATCH_MACHINES_MAX 8
#define BATCH_SYSTEMS_MAX  64
#define BATCH_TASKS_MAX    4096

struct batch_deck {
    const char *path;
    char class;        /* A to Z, 0 to 9: of the batch machines that may take it */
    uint32_t priority; /* 0 to 99: a higher one goes first */
    uint64_t arrival;  /* machine time since the batch machines were ready, ns */
    size_t first_job, job_count;
    unsigned system; /* that runs it */
    bool fed;
};

/* Times are machine time since the batch machines were ready, in ns. */
struct batch_job {
    struct job job;
    char output[24]; /* its files are called so: NAME, the second one of a name NAME.2 */
    uint32_t deck;   /* its number */
    bool started, ended;
    uint8_t machine; /* that ran it: the number in its system */
    uint32_t order;  /* how many had ended before it in its system */
    uint64_t start, end;
    int rc;
    unsigned cpu; /* virtual CPU time, ms */
    unsigned lines, cards, start_io, page_reads, page_writes;
};

struct batch {
    struct batch_deck *decks;
    size_t deck_count;
    struct batch_job *jobs; /* shared by the systems' processes */
    size_t job_count;
    const char *directory; /* of the results */
    const char *volumes;   /* where the volumes are */
    enum clock_mode clock;
    int timed_io; /* 1, 0, or -1: as the clock suggests */
    uint32_t systems, machines;
    uint32_t task;            /* 0: all systems run here; else this one only, its number from 1 */
    const char *collect;      /* the directory with the tasks' results, or NULL */
    const char *submit;       /* where a running system listens for us, HOST:PORT, or NULL */
    char node[9], to_node[9]; /* what we are called there, and it */
    const char *classes[BATCH_MACHINES_MAX]; /* that a batch machine takes; NULL: all */
    bool verbose;                            /* the operators' consoles go to our output */
};

/* --- tools/batch_manifest.c --- */

/* Called for each line that names a deck; false ends it. */
typedef bool batch_take_deck(void *context, const char *path, const struct batch_deck *deck);

/* Reads a manifest: lines of `DECK [class=X] [priority=N] [at=SECONDS]`, comments begin with `#`.
 * A deck's path is relative to the manifest's.  False with a message in `message` that names the
 * line; or if `take` was false (the message is empty then). */
bool batch_manifest(const char *path, char *text, batch_take_deck *take, void *context,
                    char *message, size_t size);
/* One word behind a deck's path; NULL, or what is wrong with it. */
const char *batch_deck_option(struct batch_deck *deck, const char *word);

/* --- tools/batch_system.c --- */

/* The userid of the n-th batch machine. */
const char *batch_machine_name(unsigned n);
/* Does the n-th machine take jobs of this class? */
bool batch_machine_takes(const struct batch *b, unsigned n, char class);
/* Runs the decks of this system and divides its output; an exit status. */
int batch_system_run(const struct batch *b, unsigned number);

/* --- tools/batch_output.c --- */

/* Divides what the printer and the punch of a system made into its jobs' files DIR/NAME.listing
 * and DIR/NAME.punch, and counts lines and cards.
 * False with a message if a file can't be read or written. */
bool batch_divide(const struct batch *b, unsigned system, const char *printer, const char *punch);

struct piece;
/* Writes one job's files, log and paper into one, and counts lines and cards; each may be NULL. */
bool batch_write_job(const struct batch *b, size_t job, const struct piece *log,
                     const struct piece *paper, const struct piece *cards);
/* Takes what a batch machine says of a job that has ended: "JOB X ENDED RC n CPU s SIO n READS n
 * WRITES n FILES n".  *files: how many it has made beside its log.  False: the text is another one.
 */
bool batch_job_result(struct batch_job *job, const char *text, unsigned *files);

/* --- tools/batch_submit.c --- */

/* Sends the decks to a running system, and writes what comes back; an exit status. */
int batch_submit(struct batch *b);

/* --- tools/batch_collect.c --- */

/* DIR/run.json: which task of how many this was, and how many jobs they all have. */
bool batch_task_report(const struct batch *b);
/* Brings the results of tasks, in directories of b->collect, together; an exit status. */
int batch_collect(struct batch *b);

/* --- tools/batch_report.c --- */

/* Makes the directory of the results if it is not there; false with a message. */
bool batch_make_directory(const char *path);
/* An output file in b->directory, its path in `path`; NULL with a message. */
FILE *batch_open_file(const struct batch *b, const char *name, char *path, size_t size);
/* False with a message if it was not written whole. */
bool batch_close_file(FILE *f, const char *path);
/* Is the job one of those that this task runs, or that were collected? */
bool batch_job_is_here(const struct batch *b, const struct batch_job *job);
/* Prints a line for each job, and one for all, with the speed if host_seconds is not 0.  False if
 * one of them has not ended well. */
bool batch_summary(const struct batch *b, double host_seconds);

/* DIR/jobs.json, a line for each job; DIR/queue.svg, how many waited and ran over time.  False
 * with a message if one can't be written. */
bool batch_report(const struct batch *b);

#endif

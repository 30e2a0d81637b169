/* `datbox batch --task I/N` is one system of N that run apart from each other, as the tasks of an
 * array job do; `datbox batch --collect DIR` brings their results together: the same files and
 * numbers as `--systems N` on one host.
 *
 * Beside its jobs.json a task leaves run.json, which says how many tasks and jobs there are in all,
 * so that a task that is missing is noticed. */
#include "tools/batch.h"
#include "tools/listing.h"
#include "tools/tools.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOBS_MOST 1000000

bool batch_task_report(const struct batch *b)
{
    char path[PATH_MAX];
    FILE *f = batch_open_file(b, "run.json", path, sizeof path);
    if (!f)
        return false;
    fprintf(f, "{\"task\":%u,\"tasks\":%u,\"jobs\":%zu}\n", (unsigned)b->task, (unsigned)b->systems,
            b->job_count);
    return batch_close_file(f, path);
}

/* What is being collected. */
struct collection {
    struct batch *batch;
    char folder[PATH_MAX];            /* the task's */
    bool seen[BATCH_TASKS_MAX], good; /* tasks, from 0 */
};

static bool wrong(struct collection *c, const char *path, const char *what)
{
    fprintf(stderr, "datbox batch: %s: %s\n", path, what);
    c->good = false;
    return false;
}

/* --- run.json --- */

static bool make_room(struct batch *b, int jobs)
{
    b->jobs = calloc((size_t)jobs, sizeof *b->jobs);
    b->decks = calloc((size_t)jobs, sizeof *b->decks);
    b->job_count = b->deck_count = (size_t)jobs;
    return b->jobs && b->decks;
}

static bool take_run(struct collection *c, const char *path, json_t *run)
{
    struct batch *b = c->batch;
    int task, tasks, jobs;
    if (json_unpack(run, "{si si si}", "task", &task, "tasks", &tasks, "jobs", &jobs) ||
        tasks < 1 || tasks > BATCH_TASKS_MAX || task < 1 || task > tasks || jobs < 1 ||
        jobs > JOBS_MOST)
        return wrong(c, path, "this does not say which task of how many it is");
    if (!b->jobs && !make_room(b, jobs))
        return wrong(c, path, "no memory for its jobs");
    if (!b->systems)
        b->systems = (uint32_t)tasks;
    if (b->systems != (uint32_t)tasks || b->job_count != (size_t)jobs)
        return wrong(c, path, "this is a task of another run than the one before");
    if (c->seen[task - 1])
        return wrong(c, path, "this task was collected from another directory already");
    return c->seen[task - 1] = true;
}

/* --- jobs.json --- */

static uint64_t nanoseconds(double seconds)
{
    return seconds > 0 && seconds < 1e9 ? (uint64_t)(seconds * 1e9 + 0.5) : 0;
}

static bool machine_number(const char *name, uint8_t *number)
{
    for (unsigned n = 0; n < BATCH_MACHINES_MAX; n++)
        if (!strcmp(batch_machine_name(n), name)) {
            *number = (uint8_t)n;
            return true;
        }
    return false;
}

/* One line becomes a job, and a deck of its own. */
static struct batch_job *take_job(struct batch *b, json_t *line)
{
    const char *name, *output, *user, *account, *path, *class, *machine;
    double cpu, arrived, started, ended;
    int number, priority, system, rc, lines, cards, sio, reads, writes;
    uint8_t where;
    if (json_unpack(line, "{si ss ss ss ss ss ss si si ss si sF sF sF sF si si si si si}", "number",
                    &number, "job", &name, "output", &output, "user", &user, "account", &account,
                    "deck", &path, "class", &class, "priority", &priority, "system", &system,
                    "machine", &machine, "rc", &rc, "cpu", &cpu, "arrived", &arrived, "started",
                    &started, "ended", &ended, "lines", &lines, "cards", &cards, "sio", &sio,
                    "page_reads", &reads, "page_writes", &writes) ||
        number < 1 || (size_t)number > b->job_count || b->jobs[number - 1].ended || system < 1 ||
        (uint32_t)system > b->systems || !machine_number(machine, &where) ||
        strlen(output) >= sizeof b->jobs->output || strchr(output, '/'))
        return NULL;
    struct batch_job *j = &b->jobs[number - 1];
    struct batch_deck *d = &b->decks[number - 1];
    snprintf(j->job.name, sizeof j->job.name, "%s", name);
    strcpy(j->output, output);
    snprintf(j->job.userid, sizeof j->job.userid, "%s", user);
    snprintf(j->job.account, sizeof j->job.account, "%s", account);
    *d = (struct batch_deck){.path = strdup(path),
                             .class = *class,
                             .priority = (uint32_t)priority,
                             .arrival = nanoseconds(arrived),
                             .system = (unsigned)system - 1};
    j->deck = (uint32_t)number - 1;
    j->machine = where;
    j->rc = rc;
    j->cpu = (unsigned)(cpu * 1000 + 0.5);
    j->start = nanoseconds(started);
    j->end = nanoseconds(ended);
    j->lines = (unsigned)lines;
    j->cards = (unsigned)cards;
    j->start_io = (unsigned)sio;
    j->page_reads = (unsigned)reads;
    j->page_writes = (unsigned)writes;
    j->ended = d->path != NULL;
    return j->ended ? j : NULL;
}

/* A listing, or cards. */
static bool copy_file(const struct collection *c, const struct batch_job *job, const char *type)
{
    char from[PATH_MAX + 80], to[PATH_MAX], name[sizeof job->output + 16];
    size_t length;
    snprintf(name, sizeof name, "%s.%s", job->output, type);
    snprintf(from, sizeof from, "%s/%s", c->folder, name);
    char *text = listing_read("datbox batch", from, &length);
    FILE *f = text ? batch_open_file(c->batch, name, to, sizeof to) : NULL;
    if (f)
        fwrite(text, 1, length, f);
    free(text);
    return f && batch_close_file(f, to);
}

static void take_jobs(struct collection *c)
{
    char path[PATH_MAX + 16], message[64], *line = NULL;
    size_t size = 0;
    unsigned number = 0;
    snprintf(path, sizeof path, "%s/jobs.json", c->folder);
    FILE *f = fopen(path, "rb");
    if (!f) {
        wrong(c, path, strerror(errno));
        return;
    }
    while (getline(&line, &size, f) >= 0) {
        json_t *job = json_loads(line, 0, NULL);
        snprintf(message, sizeof message, "line %u is no job of this run", ++number);
        const struct batch_job *taken = take_job(c->batch, job);
        if (!taken)
            wrong(c, path, message);
        else
            c->good &=
                copy_file(c, taken, "listing") && (!taken->cards || copy_file(c, taken, "punch"));
        json_decref(job);
    }
    free(line);
    fclose(f);
}

static void take_task(struct collection *c)
{
    char path[PATH_MAX + 16];
    json_error_t error;
    snprintf(path, sizeof path, "%s/run.json", c->folder);
    json_t *run = json_load_file(path, 0, &error);
    if (!run)
        wrong(c, path, error.text);
    else if (take_run(c, path, run))
        take_jobs(c);
    json_decref(run);
}

static int tasks_only(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* All directories with a run.json, in the order of their names. */
static void take_tasks(struct collection *c)
{
    struct dirent **entries;
    char path[PATH_MAX];
    int n = scandir(c->batch->collect, &entries, tasks_only, versionsort);
    if (n < 0)
        wrong(c, c->batch->collect, strerror(errno));
    for (int i = 0; i < n; i++) {
        int long_name = snprintf(c->folder, sizeof c->folder, "%s/%s", c->batch->collect,
                                 entries[i]->d_name) >= (int)sizeof c->folder;
        snprintf(path, sizeof path, "%.*s/run.json", PATH_MAX - 16, c->folder);
        if (!long_name && !access(path, F_OK))
            take_task(c);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

/* Nothing may be missing without a word. */
static void count_tasks(struct collection *c)
{
    const struct batch *b = c->batch;
    char what[80];
    size_t jobs = 0;
    for (size_t i = 0; i < b->job_count; i++)
        jobs += b->jobs[i].ended;
    for (uint32_t i = 0; i < b->systems; i++) {
        snprintf(what, sizeof what, "there is no result of task %u of %u", (unsigned)i + 1,
                 (unsigned)b->systems);
        if (!c->seen[i])
            wrong(c, b->collect, what);
    }
    snprintf(what, sizeof what, "of %zu jobs %zu have ended", b->job_count, jobs);
    if (jobs != b->job_count)
        wrong(c, b->collect, what);
}

int batch_collect(struct batch *b)
{
    static struct collection c;
    c.batch = b;
    c.good = true;
    b->systems = 0;
    if (!batch_make_directory(b->directory))
        return STATUS_FAILED;
    take_tasks(&c);
    if (!b->systems) {
        wrong(&c, b->collect, "there are no results of tasks (--task) in its directories");
        return STATUS_FAILED;
    }
    count_tasks(&c);
    c.good &= batch_report(b);
    c.good &= batch_summary(b, 0);
    return c.good ? STATUS_OK : STATUS_FAILED;
}

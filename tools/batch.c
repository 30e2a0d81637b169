/* datbox batch DECK...: runs decks as jobs in private copies of the system, several side by side if
 * wanted, each in a process of its own (tools/batch_system.c).  Here are the decks and what becomes
 * of the jobs. */
#include "tools/batch.h"

#include "lib/str.h"
#include "tools/datadir.h"
#include "tools/listing.h"
#include "tools/tools.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int usage(void)
{
    fprintf(
        stderr,
        "usage: datbox batch DECK|FOLDER... [--manifest FILE] [-o DIR] [--systems N | --task I/N]\n"
        "                    [--machines N] [--classes A,BC,...] [--clock host|virtual]\n"
        "                    [--io timed|immediate] [--volumes DIR] [--verbose]\n"
        "       datbox batch DECK|FOLDER... [--manifest FILE] [-o DIR] --submit HOST:PORT\n"
        "                    --nodes HERE,THERE [--verbose]\n"
        "       datbox batch --collect DIR [-o DIR]\n");
    return STATUS_USAGE;
}

/* --- decks --- */

static void *more(void *at, size_t count, size_t size)
{
    void *bigger = realloc(at, (count + 1) * size);
    if (!bigger) {
        fprintf(stderr, "datbox batch: no memory\n");
        exit(STATUS_FAILED);
    }
    memset((char *)bigger + count * size, 0, size);
    return bigger;
}

static void take_job(struct batch *b, const char *card)
{
    b->jobs = more(b->jobs, b->job_count, sizeof *b->jobs);
    b->jobs[b->job_count].deck = (uint32_t)b->deck_count;
    job_begin(&b->jobs[b->job_count].job, card);
    b->job_count++;
}

/* Takes the jobs of a deck; false with a message if it is none. */
static bool add_deck(void *context, const char *path, const struct batch_deck *like)
{
    struct batch *b = context;
    char card[1024];
    size_t before = b->job_count;
    struct job none = {.rc = 0};
    FILE *from = fopen(path, "rb");
    if (!from) {
        fprintf(stderr, "datbox batch: %s: %s\n", path, strerror(errno));
        return false;
    }
    while (fgets(card, sizeof card, from)) {
        size_t n = strlen(card);
        while (n && (card[n - 1] == '\n' || card[n - 1] == '\r' || card[n - 1] == ' '))
            card[--n] = 0;
        if (job_card(&none, false, card) == CARD_JOB)
            take_job(b, card);
    }
    fclose(from);
    if (b->job_count == before) {
        fprintf(stderr,
                "datbox batch: %s: there is no /JOB card: begin the deck with "
                "\"/JOB userid account name\"\n",
                path);
        return false;
    }
    b->decks = more(b->decks, b->deck_count, sizeof *b->decks);
    struct batch_deck *deck = &b->decks[b->deck_count++];
    *deck = *like;
    deck->path = strdup(path);
    deck->first_job = before;
    deck->job_count = b->job_count - before;
    return deck->path != NULL;
}

static int no_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* All files of a folder, in the order of their names. */
static bool add_folder(struct batch *b, const char *path, const struct batch_deck *like)
{
    struct dirent **entries;
    char name[PATH_MAX];
    struct stat st;
    bool ok = true;
    int n = scandir(path, &entries, no_hidden, alphasort);
    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (ok && !stat(name, &st) && S_ISREG(st.st_mode))
            ok = add_deck(b, name, like);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    if (n < 0)
        fprintf(stderr, "datbox batch: %s: %s\n", path, strerror(errno));
    return n >= 0 && ok;
}

static bool add_argument(struct batch *b, const char *path)
{
    static const struct batch_deck plain = {.class = 'A'};
    struct stat st;
    bool folder = !stat(path, &st) && S_ISDIR(st.st_mode);
    return folder ? add_folder(b, path, &plain) : add_deck(b, path, &plain);
}

static bool add_manifest(struct batch *b, const char *path)
{
    char message[PATH_MAX + 200];
    size_t length;
    char *text = listing_read("datbox batch", path, &length);
    bool ok = text && batch_manifest(path, text, add_deck, b, message, sizeof message);
    if (text && !ok && *message)
        fprintf(stderr, "datbox batch: %s\n", message);
    free(text);
    return ok;
}

/* In the order in which they arrive the decks go to one system after the other. */
static void deal_decks(struct batch *b)
{
    uint64_t after = 0;
    for (size_t dealt = 0; dealt < b->deck_count;) {
        uint64_t next = UINT64_MAX;
        for (size_t i = 0; i < b->deck_count; i++) {
            struct batch_deck *d = &b->decks[i];
            if (d->arrival == after)
                d->system = (unsigned)(dealt++ % b->systems);
            else if (d->arrival > after && d->arrival < next)
                next = d->arrival;
        }
        after = next;
    }
}

/* Each deck must have a machine that takes it. */
static bool check_classes(const struct batch *b)
{
    for (size_t i = 0; i < b->deck_count; i++) {
        bool taken = false;
        for (unsigned n = 0; n < b->machines; n++)
            taken |= batch_machine_takes(b, n, b->decks[i].class);
        if (!taken) {
            fprintf(stderr, "datbox batch: %s: no batch machine takes class %c\n", b->decks[i].path,
                    b->decks[i].class);
            return false;
        }
    }
    return true;
}

/* A job's files have its name, but no points and slashes; the second one of a name gets a number.
 */
static void name_output(struct batch *b)
{
    for (size_t i = 0; i < b->job_count; i++) {
        str_copy(b->jobs[i].output, b->jobs[i].job.name, sizeof b->jobs->output);
        for (char *c = b->jobs[i].output; *c; c++)
            if (*c == '/' || *c == '.')
                *c = '_';
    }
    for (size_t i = b->job_count; i--;) {
        struct batch_job *j = &b->jobs[i];
        unsigned ordinal = 1;
        for (size_t k = 0; k < i; k++)
            ordinal += !strcmp(b->jobs[k].output, j->output);
        if (ordinal > 1)
            snprintf(j->output + strlen(j->output), 12, ".%u", ordinal);
    }
}

/* --- the systems --- */

/* The jobs go into storage that all processes share. */
static bool share_jobs(struct batch *b)
{
    size_t size = b->job_count * sizeof *b->jobs;
    void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        fprintf(stderr, "datbox batch: no memory for %zu jobs\n", b->job_count);
        return false;
    }
    memcpy(shared, b->jobs, size);
    free(b->jobs);
    b->jobs = shared;
    return true;
}

/* A process for each; STATUS_OK if all of them ended well.  A task is one system, in this process.
 */
static int run_systems(const struct batch *b)
{
    int status = STATUS_OK, how;
    if (b->task)
        return batch_system_run(b, b->task - 1);
    unsigned running = 0;
    for (unsigned n = 0; n < b->systems; n++) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0)
            exit(batch_system_run(b, n));
        if (child < 0) {
            fprintf(stderr, "datbox batch: system %u: %s\n", n + 1, strerror(errno));
            status = STATUS_FAILED;
        } else {
            running++;
        }
    }
    for (; running; running--)
        if (wait(&how) < 0 || !WIFEXITED(how) || WEXITSTATUS(how))
            status = STATUS_FAILED;
    return status;
}

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int run_batch(struct batch *b)
{
    if ((!b->submit && !check_classes(b)) || !batch_make_directory(b->directory))
        return STATUS_FAILED;
    if (!b->task && b->systems > b->deck_count)
        b->systems = (uint32_t)b->deck_count;
    deal_decks(b);
    name_output(b);
    if (!share_jobs(b))
        return STATUS_FAILED;
    double begun = seconds_now();
    int status = b->submit ? batch_submit(b) : run_systems(b);
    if (!batch_report(b) || (b->task && !batch_task_report(b)))
        status = STATUS_FAILED;
    if (!batch_summary(b, seconds_now() - begun))
        status = STATUS_FAILED;
    munmap(b->jobs, b->job_count * sizeof *b->jobs);
    return status;
}

/* The classes of one machine after the other, with commas between them. */
static int take_classes(struct batch *b, char *words)
{
    char *word;
    for (unsigned n = 0; (word = strsep(&words, ",")); n++) {
        bool good = n < BATCH_MACHINES_MAX && *word;
        str_upcase(word, strlen(word));
        for (const char *c = word; *c; c++)
            good = good && str_is_alnum(*c);
        if (!good) {
            fprintf(stderr,
                    "datbox batch: --classes: letters and digits for up to %d machines, with "
                    "commas between them\n",
                    BATCH_MACHINES_MAX);
            return STATUS_USAGE;
        }
        b->classes[n] = word;
    }
    return -1;
}

static int take_number(const char *word, uint32_t most, uint32_t *number)
{
    if (str_decimal(word, number) && *number >= 1 && *number <= most)
        return -1;
    fprintf(stderr, "datbox batch: %s: a number from 1 to %u is wanted\n", word, (unsigned)most);
    return STATUS_USAGE;
}

/* Which task of how many this is: "2/4". */
static int take_task(struct batch *b, const char *word)
{
    char first[8] = "";
    const char *slash = strchr(word, '/');
    if (slash && (size_t)(slash - word) < sizeof first)
        memcpy(first, word, (size_t)(slash - word));
    if (slash && str_decimal(slash + 1, &b->systems) && b->systems >= 1 &&
        b->systems <= BATCH_TASKS_MAX && str_decimal(first, &b->task) && b->task >= 1 &&
        b->task <= b->systems)
        return -1;
    fprintf(stderr, "datbox batch: --task %s: the task's number and how many there are, as 2/4\n",
            word);
    return STATUS_USAGE;
}

/* What we are called, and what the system is to which we send. */
static int take_nodes(struct batch *b, char *word)
{
    char *comma = strchr(word, ',');
    size_t n = comma ? (size_t)(comma - word) : 0;
    if (n < 1 || n >= sizeof b->node || !comma[1] || strlen(comma + 1) >= sizeof b->to_node) {
        fprintf(stderr,
                "datbox batch: --nodes %s: this node's name and the other one's, as HOST,ALPHA\n",
                word);
        return STATUS_USAGE;
    }
    *comma = 0;
    str_copy(b->node, word, sizeof b->node);
    str_copy(b->to_node, comma + 1, sizeof b->to_node);
    str_upcase(b->node, n);
    str_upcase(b->to_node, strlen(b->to_node));
    return -1;
}

/* -1, or the exit status with which the program ends at once. */
static int take_option(struct batch *b, int option, char *word)
{
    switch (option) {
    case 'o':
        b->directory = word;
        return -1;
    case 'm':
        return add_manifest(b, word) ? -1 : STATUS_FAILED;
    case 's':
        return take_number(word, BATCH_SYSTEMS_MAX, &b->systems);
    case 'n':
        return take_number(word, BATCH_MACHINES_MAX, &b->machines);
    case 'k':
        return take_classes(b, word);
    case 't':
        return take_task(b, word);
    case 'S':
        b->submit = word;
        return -1;
    case 'N':
        return take_nodes(b, word);
    case 'C':
        b->collect = word;
        return -1;
    case 'V':
        b->verbose = true;
        return -1;
    case 'v':
        b->volumes = word;
        return -1;
    case 'c':
        b->clock = *word == 'h' ? CLOCK_HOST : CLOCK_VIRTUAL;
        return !strcmp(word, "host") || !strcmp(word, "virtual") ? -1 : usage();
    case 'i':
        b->timed_io = *word == 't';
        return !strcmp(word, "timed") || !strcmp(word, "immediate") ? -1 : usage();
    default:
        return usage();
    }
}

int batch_main(int argc, char **argv)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'},  {"manifest", required_argument, NULL, 'm'},
        {"systems", required_argument, NULL, 's'}, {"machines", required_argument, NULL, 'n'},
        {"classes", required_argument, NULL, 'k'}, {"clock", required_argument, NULL, 'c'},
        {"io", required_argument, NULL, 'i'},      {"volumes", required_argument, NULL, 'v'},
        {"task", required_argument, NULL, 't'},    {"collect", required_argument, NULL, 'C'},
        {"submit", required_argument, NULL, 'S'},  {"nodes", required_argument, NULL, 'N'},
        {"verbose", no_argument, NULL, 'V'},       {NULL, 0, NULL, 0}};
    static struct batch b = {.clock = CLOCK_HOST, .timed_io = -1, .systems = 1, .machines = 1};
    char built[4096];
    int option, status;
    while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1)
        if ((status = take_option(&b, option, optarg)) >= 0)
            return status;
    for (; optind < argc; optind++)
        if (!add_argument(&b, argv[optind]))
            return STATUS_FAILED;
    if (!b.directory)
        b.directory = b.collect ? b.collect : ".";
    if (b.collect && !b.deck_count)
        return batch_collect(&b);
    if (!b.deck_count || b.collect || (b.submit && (b.task || b.systems > 1)))
        return usage();
    if (b.submit && !b.node[0]) {
        fprintf(stderr, "datbox batch: --submit wants --nodes HERE,THERE: what both are called\n");
        return STATUS_USAGE;
    }
    datadir_built_volumes(built, sizeof built);
    if (!b.volumes)
        b.volumes = built;
    return run_batch(&b);
}

/* datbox batch DECK...: boots a private copy of the system (its volumes copied on write, in
 * memory), puts the decks into the real card reader for CMSBATCH, listens at the operator's
 * console until each job has ended and all is printed, and divides paper and cards into the
 * jobs' files.  Everything in between is done by the machine, CP and CMS. */
#include "tools/batch.h"

#include "lib/str.h"
#include "s370/config.h"
#include "s370/devices/line.h"
#include "s370/machine.h"
#include "tools/datadir.h"
#include "tools/tools.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONSOLE 0x009

/* Machine time between two looks at the output queues, ns. */
#define LOOK_AGAIN UINT64_C(200000000)

struct batch {
    struct batch_job *jobs;
    size_t count, ended;
    const char *directory; /* of the results */
    const char *volumes;   /* where the volumes are */
    enum clock_mode clock;
    int timed_io;        /* 1, 0, or -1: as the clock suggests */
    char work[32];       /* directory for decks, paper and cards */
    char decks[1 << 16]; /* the reader's arguments: quoted paths of the decks */
    struct machine *machine;
    struct line *console;
    struct event look; /* time to ask for the output queues */
    bool verbose;      /* the operator's console goes to our output */
    bool paper_done, leaving;
    char text[512]; /* what the console has printed since its last new line */
    size_t length;
};

static int usage(void)
{
    fprintf(stderr,
            "usage: datbox batch DECK... [-o DIR] [--clock host|virtual] [--io timed|immediate] "
            "[--volumes DIR] [--verbose]\n");
    return STATUS_USAGE;
}

/* ---- decks ---- */

static bool take_job(struct batch *b, const char *path, const char *card)
{
    struct batch_job *jobs = realloc(b->jobs, (b->count + 1) * sizeof *jobs);
    if (!jobs)
        return false;
    b->jobs = jobs;
    memset(&jobs[b->count], 0, sizeof *jobs);
    jobs[b->count].deck = path;
    job_begin(&jobs[b->count].job, card);
    b->count++;
    return true;
}

/* Copies a deck behind an ID card; false with a message if it is no job. */
static bool copy_deck(struct batch *b, const char *path, FILE *from, FILE *to)
{
    char card[1024];
    size_t before = b->count;
    struct job none = {.rc = 0};
    fprintf(to, "USERID CMSBATCH\n");
    while (fgets(card, sizeof card, from)) {
        size_t n = strlen(card);
        fputs(card, to);
        while (n && (card[n - 1] == '\n' || card[n - 1] == '\r' || card[n - 1] == ' '))
            card[--n] = 0;
        if (job_card(&none, false, card) == CARD_JOB && !take_job(b, path, card))
            return false;
    }
    if (b->count == before) {
        fprintf(stderr,
                "datbox batch: %s: there is no /JOB card: begin the deck with "
                "\"/JOB userid account name\"\n",
                path);
        return false;
    }
    return true;
}

static bool add_deck(struct batch *b, const char *path, unsigned number)
{
    char copy[64];
    size_t n = strlen(b->decks);
    FILE *from = fopen(path, "rb");
    if (!from) {
        fprintf(stderr, "datbox batch: %s: %s\n", path, strerror(errno));
        return false;
    }
    snprintf(copy, sizeof copy, "%s/%u.deck", b->work, number);
    FILE *to = fopen(copy, "wb");
    bool ok = to && copy_deck(b, path, from, to);
    fclose(from);
    if (!to || fclose(to)) {
        fprintf(stderr, "datbox batch: %s: %s\n", copy, strerror(errno));
        ok = false;
    }
    snprintf(b->decks + n, sizeof b->decks - n, " %s", copy);
    return ok;
}

/* ---- the console ---- */

static void type(struct batch *b, const char *text)
{
    line_input(b->console, text, strlen(text));
}

static void look(struct machine *m, struct event *event)
{
    struct batch *b = (struct batch *)((char *)event - offsetof(struct batch, look));
    type(b, b->paper_done ? "QUERY PUNCH ALL" : "QUERY PRINTER ALL");
}

static void look_later(struct batch *b)
{
    event_schedule(&b->machine->events, &b->look, machine_now(b->machine) + LOOK_AGAIN);
}

static struct batch_job *first_not(struct batch *b, bool ended)
{
    for (size_t i = 0; i < b->count; i++)
        if (ended ? !b->jobs[i].ended : !b->jobs[i].started)
            return &b->jobs[i];
    return NULL;
}

/* One line of the operator's console: the monitor's messages say how the jobs go. */
static void console_line(struct batch *b, const char *text)
{
    char name[16];
    struct batch_job *job;
    const char *at = strstr(text, "JOB ");
    if (b->verbose)
        printf("| %s\n", text);
    if (at && sscanf(at, "JOB %15s OF", name) == 1 && strstr(at, " STARTED") &&
        (job = first_not(b, false))) {
        job->started = true;
        printf("%s started\n", job->job.name);
    } else if (at && strstr(at, " ENDED RC ") && (job = first_not(b, true))) {
        sscanf(at, "JOB %15s ENDED RC %d CPU %15s", name, &job->rc, job->cpu);
        job->started = job->ended = true;
        printf("%s ended\n", job->job.name);
        if (++b->ended == b->count)
            look_later(b);
    } else if (b->ended == b->count && !b->leaving && strstr(text, "NO PRT FILES")) {
        b->paper_done = true;
        look(b->machine, &b->look);
    } else if (b->ended == b->count && !b->leaving && strstr(text, "NO PUN FILES")) {
        b->leaving = true;
        type(b, "SHUTDOWN");
    } else if (b->ended == b->count && !b->leaving &&
               (strstr(text, "ORIGINID") || strstr(text, "OWNERID")))
        look_later(b); /* there are files: the title of the list */
    fflush(stdout);
}

static void console_write(void *context, const char *text, size_t length)
{
    struct batch *b = context;
    for (; length; text++, length--) {
        if (*text != '\n' && b->length + 1 < sizeof b->text) {
            b->text[b->length++] = *text;
            continue;
        }
        b->text[b->length] = 0;
        b->length = 0;
        console_line(b, b->text);
    }
}

static void console_ignore(void *context)
{
}

static void console_read(void *context, bool hidden)
{
}

static const struct line_backend console_backend = {.write = console_write,
                                                    .read_started = console_read,
                                                    .read_ended = console_ignore,
                                                    .bell = console_ignore,
                                                    .hang_up = console_ignore};

/* ---- the machine ---- */

static void complain(void *context, const char *text)
{
    fprintf(stderr, "datbox batch: %s\n", text);
}

static void say_nothing(void *context, const char *text)
{
}

static void state_changed(void *context, enum cpu_state state)
{
    struct batch *b = context;
    if (state == CPU_RUNNING || state == CPU_WAIT)
        return;
    if (!b->leaving)
        fprintf(stderr,
                "datbox batch: the system stopped before the jobs ended; its last words: %s\n",
                b->text);
    machine_quit(b->machine, b->leaving ? STATUS_OK : STATUS_FAILED);
}

static struct config *configure(struct batch *b)
{
    static char text[sizeof b->decks + 8192];
    snprintf(text, sizeof text,
             "MAINSIZE 16\n0009 3215-C\n000C 3505%s eof\n000D 3525 %s/punch\n"
             "000E 1403 %s/paper\n0150 3350 %s/dbxres.3350 cow\n0151 3350 %s/dbxcms.3350 cow\n"
             "0152 3350 %s/dbxusr.3350 cow\n",
             b->decks, b->work, b->work, b->volumes, b->volumes, b->volumes);
    return config_read(text, "batch", "/", NULL, complain, NULL);
}

static int run_machine(struct batch *b)
{
    const char *message;
    int status = STATUS_FAILED;
    struct config *config = configure(b);
    if (!config)
        return STATUS_FAILED;
    b->machine = machine_create(config->storage_size, b->clock);
    if (!b->machine) {
        config_free(config);
        return STATUS_FAILED;
    }
    b->machine->message = complain;
    b->machine->timed_io = b->timed_io < 0 ? b->clock == CLOCK_VIRTUAL : b->timed_io;
    if (config_attach(config, b->machine)) {
        b->machine->message = say_nothing;
        b->machine->state_changed = state_changed;
        b->machine->state_context = b;
        b->look.happen = look;
        b->console = line_of_device(b->machine, CONSOLE);
        line_connect(b->console, &console_backend, b);
        message = machine_ipl(b->machine, 0x150, true);
        if (message)
            complain(NULL, message);
        else
            status = machine_run(b->machine);
        line_disconnect(b->console);
    }
    machine_destroy(b->machine);
    config_free(config);
    return status;
}

/* ---- results ---- */

static int summary(const struct batch *b)
{
    int status = STATUS_OK;
    printf("%-8s %-5s %8s %7s %6s\n", "JOB", "RC", "CPU", "LINES", "CARDS");
    for (size_t i = 0; i < b->count; i++) {
        const struct batch_job *j = &b->jobs[i];
        printf("%-8s %05d %8s %7u %6u\n", j->job.name, j->rc, j->cpu, j->lines, j->cards);
        if (j->rc)
            status = STATUS_FAILED;
    }
    return status;
}

static void remove_work(const struct batch *b, unsigned decks)
{
    char path[64];
    for (unsigned i = 0; i < decks; i++) {
        snprintf(path, sizeof path, "%s/%u.deck", b->work, i);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/paper", b->work);
    unlink(path);
    snprintf(path, sizeof path, "%s/punch", b->work);
    unlink(path);
    rmdir(b->work);
}

static int run_batch(struct batch *b, int count, char **paths)
{
    char printer[64], punch[64];
    for (int i = 0; i < count; i++)
        if (!add_deck(b, paths[i], (unsigned)i))
            return STATUS_FAILED;
    if (mkdir(b->directory, 0777) && errno != EEXIST) {
        fprintf(stderr, "datbox batch: %s: %s\n", b->directory, strerror(errno));
        return STATUS_FAILED;
    }
    int status = run_machine(b);
    if (status)
        return status;
    snprintf(printer, sizeof printer, "%s/paper", b->work);
    snprintf(punch, sizeof punch, "%s/punch", b->work);
    if (!batch_divide(b->jobs, b->count, printer, punch, b->directory))
        return STATUS_FAILED;
    return summary(b);
}

int batch_main(int argc, char **argv)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'}, {"clock", required_argument, NULL, 'c'},
        {"io", required_argument, NULL, 'i'},     {"volumes", required_argument, NULL, 'v'},
        {"verbose", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0}};
    static struct batch b = {.directory = ".", .clock = CLOCK_HOST, .timed_io = -1};
    int option;
    while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
        if (option == 'o')
            b.directory = optarg;
        else if (option == 'V')
            b.verbose = true;
        else if (option == 'v')
            b.volumes = optarg;
        else if (option == 'c' && (!strcmp(optarg, "host") || !strcmp(optarg, "virtual")))
            b.clock = *optarg == 'h' ? CLOCK_HOST : CLOCK_VIRTUAL;
        else if (option == 'i' && (!strcmp(optarg, "timed") || !strcmp(optarg, "immediate")))
            b.timed_io = *optarg == 't';
        else
            return usage();
    }
    if (optind == argc)
        return usage();
    char built[4096];
    datadir_built_volumes(built, sizeof built);
    if (!b.volumes)
        b.volumes = built;
    strcpy(b.work, "/tmp/datbox-batch-XXXXXX");
    if (!mkdtemp(b.work)) {
        fprintf(stderr, "datbox batch: %s: %s\n", b.work, strerror(errno));
        return STATUS_FAILED;
    }
    int status = run_batch(&b, argc - optind, argv + optind);
    remove_work(&b, (unsigned)(argc - optind));
    free(b.jobs);
    return status;
}

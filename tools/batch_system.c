/* One system of `datbox batch`: its volumes are copied on write, in memory.  This is its machine's
 * operator: when a batch machine is ready, or has ended a deck's jobs, the next deck that has
 * arrived goes into the card reader for it; when all jobs have ended and all is printed, the system
 * is shut down.  Everything in between is done by the machine, CP and CMS. */
#include "tools/batch.h"

#include "lib/str.h"
#include "s370/config.h"
#include "s370/devices/line.h"
#include "s370/io/device.h"
#include "s370/machine.h"
#include "tools/tools.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONSOLE 0x009
#define READER  0x00c

#define MONITOR       "CMSBATCH" /* is logged on by the system */
#define MACHINE_READY "BATCH MACHINE READY"

/* Machine time between two looks at the output queues, ns. */
#define LOOK_AGAIN UINT64_C(200000000)

/* A batch machine as its operator sees it. */
struct batch_machine {
    bool ready;
    struct batch_deck *deck; /* that it works on, or NULL */
    size_t jobs_left;        /* of the deck, that have not ended */
    struct batch_job *job;   /* that it runs */
};

struct system {
    const struct batch *batch;
    unsigned number;
    size_t jobs, ended;
    struct batch_machine machines[BATCH_MACHINES_MAX];
    char work[32]; /* directory for decks, paper and cards */
    unsigned decks_fed;
    struct machine *machine;
    struct line *console;
    struct event look; /* time to ask for the output queues */
    struct event feed; /* time to look for a deck that goes in */
    bool up;           /* the monitor has said that it is ready */
    bool running;      /* the batch machines are ready: since `zero` */
    uint64_t zero;
    bool paper_done, leaving, failed;
    char text[512]; /* what the console has printed since its last new line */
    size_t length;
};

const char *batch_machine_name(unsigned n)
{
    static const char *const names[BATCH_MACHINES_MAX] = {"BATCH1", "BATCH2", "BATCH3", "BATCH4",
                                                          "BATCH5", "BATCH6", "BATCH7", "BATCH8"};
    return names[n];
}

bool batch_machine_takes(const struct batch *b, unsigned n, char class)
{
    return !b->classes[n] || strchr(b->classes[n], class);
}

static uint64_t now(const struct system *s)
{
    return machine_now(s->machine) - s->zero;
}

static void type(struct system *s, const char *text)
{
    line_input(s->console, text, strlen(text));
}

static void give_up(struct system *s, const char *path, const char *why)
{
    fprintf(stderr, "datbox batch: %s: %s\n", path, why);
    s->failed = true;
    machine_quit(s->machine, STATUS_FAILED);
}

/* --- decks go in --- */

/* Copies a deck behind an ID card for the batch machine. */
static bool copy_deck(const char *from_path, const char *to_path, const char *user)
{
    char card[1024];
    FILE *from = fopen(from_path, "rb"), *to = from ? fopen(to_path, "wb") : NULL;
    bool ok = to != NULL;
    if (ok)
        fprintf(to, "USERID %s\n", user);
    while (ok && fgets(card, sizeof card, from))
        ok = fputs(card, to) >= 0;
    if (to && fclose(to))
        ok = false;
    if (from)
        fclose(from);
    return ok;
}

static void feed_deck(struct system *s, unsigned n, struct batch_deck *deck)
{
    char copy[64], *arguments[] = {copy, (char[]){"eof"}};
    struct device *reader = device_find(s->machine, READER);
    snprintf(copy, sizeof copy, "%s/%u.deck", s->work, s->decks_fed++);
    if (!copy_deck(deck->path, copy, batch_machine_name(n))) {
        give_up(s, deck->path, strerror(errno));
        return;
    }
    const char *wrong = reader->type->ops->mount(reader, 2, arguments);
    unlink(copy); /* it is read whole */
    if (wrong) {
        give_up(s, deck->path, wrong);
        return;
    }
    deck->fed = true;
    s->machines[n].deck = deck;
    s->machines[n].jobs_left = deck->job_count;
}

/* The deck that goes to a machine next: of those of its classes that have arrived the one with the
 * highest priority, then the one that came first.  *soonest: when another one will arrive. */
static struct batch_deck *next_deck(const struct system *s, unsigned n, uint64_t *soonest)
{
    struct batch_deck *best = NULL;
    for (size_t i = 0; i < s->batch->deck_count; i++) {
        struct batch_deck *d = &s->batch->decks[i];
        if (d->fed || d->system != s->number || !batch_machine_takes(s->batch, n, d->class))
            continue;
        if (d->arrival > now(s)) {
            if (d->arrival < *soonest)
                *soonest = d->arrival;
        } else if (!best || d->priority > best->priority ||
                   (d->priority == best->priority && d->arrival < best->arrival)) {
            best = d;
        }
    }
    return best;
}

static void feed(struct machine *m, struct event *event)
{
    struct system *s = (struct system *)((char *)event - offsetof(struct system, feed));
    uint64_t soonest = UINT64_MAX;
    for (unsigned n = 0; n < s->batch->machines && !s->failed; n++) {
        if (!s->machines[n].ready || s->machines[n].deck)
            continue;
        struct batch_deck *deck = next_deck(s, n, &soonest);
        if (deck)
            feed_deck(s, n, deck);
    }
    if (soonest != UINT64_MAX)
        event_schedule(&m->events, &s->feed, s->zero + soonest);
}

static void feed_now(struct system *s)
{
    event_schedule(&s->machine->events, &s->feed, machine_now(s->machine));
}

/* --- the console --- */

static void look(struct machine *m, struct event *event)
{
    struct system *s = (struct system *)((char *)event - offsetof(struct system, look));
    type(s, s->paper_done ? "QUERY PUNCH ALL" : "QUERY PRINTER ALL");
}

static void look_later(struct system *s)
{
    event_schedule(&s->machine->events, &s->look, machine_now(s->machine) + LOOK_AGAIN);
}

static void progress(const struct system *s, const char *name, const char *what)
{
    if (s->batch->systems > 1)
        printf("[%u] ", s->number + 1);
    printf("%s %s\n", name, what);
}

static void log_on(struct system *s, unsigned n)
{
    char command[32];
    snprintf(command, sizeof command, "AUTOLOG %s", batch_machine_name(n));
    type(s, command);
}

/* They are logged on one after the other. */
static void machine_ready(struct system *s, unsigned n)
{
    s->machines[n].ready = true;
    if (n + 1 < s->batch->machines) {
        log_on(s, n + 1);
        return;
    }
    s->running = true;
    s->zero = machine_now(s->machine);
    feed_now(s);
}

static void job_started(struct system *s, struct batch_machine *m)
{
    if (!m->deck || !m->jobs_left)
        return;
    m->job = &s->batch->jobs[m->deck->first_job + m->deck->job_count - m->jobs_left];
    m->job->started = true;
    m->job->machine = (uint8_t)(m - s->machines);
    m->job->start = now(s);
    progress(s, m->job->job.name, "started");
}

static void job_ended(struct system *s, struct batch_machine *m, const char *text)
{
    struct batch_job *job = m->job;
    if (!job || job->ended)
        return;
    unsigned files;
    if (!batch_job_result(job, text, &files))
        return;
    job->ended = true;
    job->order = (uint32_t)s->ended++;
    job->end = now(s);
    progress(s, job->job.name, "ended");
    if (!--m->jobs_left)
        m->deck = NULL;
    if (s->ended == s->jobs)
        look_later(s);
    else
        feed_now(s);
}

/* A message of a batch machine: they say how the jobs go. */
static void machine_said(struct system *s, unsigned n, const char *text)
{
    struct batch_machine *m = &s->machines[n];
    if (!strcmp(text, MACHINE_READY) && !m->ready)
        machine_ready(s, n);
    else if (strstr(text, " STARTED"))
        job_started(s, m);
    else if (strstr(text, " ENDED RC "))
        job_ended(s, m, text);
}

/* True if it is a message of the batch facility. */
static bool take_message(struct system *s, const char *text)
{
    char name[16] = "";
    const char *from = strstr(text, "MSG FROM "), *said = from ? strchr(from, ':') : NULL;
    if (!said || sscanf(from + 9, "%15[A-Z0-9]", name) != 1)
        return false;
    said += strspn(said, ": ");
    if (!strcmp(name, MONITOR)) {
        if (!strcmp(said, MACHINE_READY) && !s->up)
            log_on(s, 0);
        return s->up = true;
    }
    for (unsigned n = 0; n < s->batch->machines; n++)
        if (!strcmp(name, batch_machine_name(n))) {
            machine_said(s, n, said);
            return true;
        }
    return false;
}

/* One line of the operator's console. */
static void console_line(struct system *s, const char *text)
{
    if (s->batch->verbose)
        printf("| %s\n", text);
    if (!take_message(s, text) && s->jobs == s->ended && !s->leaving) {
        if (strstr(text, "NO PRT FILES")) {
            s->paper_done = true;
            look(s->machine, &s->look);
        } else if (strstr(text, "NO PUN FILES")) {
            s->leaving = true;
            type(s, "SHUTDOWN");
        } else if (strstr(text, "ORIGINID") || strstr(text, "OWNERID")) {
            look_later(s); /* there are files: the title of the list */
        }
    }
    fflush(stdout);
}

static void console_write(void *context, const char *text, size_t length)
{
    struct system *s = context;
    for (; length; text++, length--) {
        if (*text != '\n' && s->length + 1 < sizeof s->text) {
            s->text[s->length++] = *text;
            continue;
        }
        s->text[s->length] = 0;
        s->length = 0;
        console_line(s, s->text);
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

/* --- the machine --- */

static void complain(void *context, const char *text)
{
    fprintf(stderr, "datbox batch: %s\n", text);
}

static void say_nothing(void *context, const char *text)
{
}

static void state_changed(void *context, enum cpu_state state)
{
    struct system *s = context;
    if (state == CPU_RUNNING || state == CPU_WAIT)
        return;
    if (!s->leaving)
        fprintf(stderr,
                "datbox batch: the system stopped before the jobs ended; its last words: %s\n",
                s->text);
    machine_quit(s->machine, s->leaving ? STATUS_OK : STATUS_FAILED);
}

static struct config *configure(const struct system *s)
{
    char text[8192];
    const char *volumes = s->batch->volumes;
    snprintf(text, sizeof text,
             "MAINSIZE 16\n0009 3215-C\n000C 3505\n000D 3525 %s/punch\n000E 1403 %s/paper\n"
             "0150 3350 %s/dbxres.3350 cow\n0151 3350 %s/dbxcms.3350 cow\n"
             "0152 3350 %s/dbxusr.3350 cow\n",
             s->work, s->work, volumes, volumes, volumes);
    return config_read(text, "batch", "/", NULL, complain, NULL);
}

static int run_machine(struct system *s)
{
    int status = STATUS_FAILED;
    struct config *config = configure(s);
    if (!config)
        return STATUS_FAILED;
    s->machine = machine_create(config->storage_size, s->batch->clock);
    if (!s->machine) {
        config_free(config);
        return STATUS_FAILED;
    }
    s->machine->message = complain;
    s->machine->timed_io =
        s->batch->timed_io < 0 ? s->batch->clock == CLOCK_VIRTUAL : s->batch->timed_io;
    if (config_attach(config, s->machine)) {
        s->machine->message = say_nothing;
        s->machine->state_changed = state_changed;
        s->machine->state_context = s;
        s->look.happen = look;
        s->feed.happen = feed;
        s->console = line_of_device(s->machine, CONSOLE);
        line_connect(s->console, &console_backend, s);
        const char *message = machine_ipl(s->machine, 0x150, true);
        if (message)
            complain(NULL, message);
        else
            status = machine_run(s->machine);
        line_disconnect(s->console);
    }
    machine_destroy(s->machine);
    config_free(config);
    return status;
}

int batch_system_run(const struct batch *b, unsigned number)
{
    static struct system s; /* a process runs one */
    char printer[64], punch[64];
    s.batch = b;
    s.number = number;
    for (size_t i = 0; i < b->deck_count; i++)
        if (b->decks[i].system == number)
            s.jobs += b->decks[i].job_count;
    if (!s.jobs) /* a task for which no deck was left */
        return STATUS_OK;
    strcpy(s.work, "/tmp/datbox-batch-XXXXXX");
    if (!mkdtemp(s.work)) {
        fprintf(stderr, "datbox batch: %s: %s\n", s.work, strerror(errno));
        return STATUS_FAILED;
    }
    int status = run_machine(&s);
    snprintf(printer, sizeof printer, "%s/paper", s.work);
    snprintf(punch, sizeof punch, "%s/punch", s.work);
    if (!batch_divide(b, number, printer, punch))
        status = STATUS_FAILED;
    unlink(printer);
    unlink(punch);
    rmdir(s.work);
    return status;
}

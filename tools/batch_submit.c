/* `datbox batch --submit HOST:PORT`: the decks go to a running system as jobs, over NJE, and what
 * they print and punch comes back the same way.  This program is a node of the network then, with
 * spool/rscs's link and the machine's TCPNJE, as a line of RSCS has them.
 *
 * Each deck comes from a user of its own at this node, to whom the batch machine's messages and
 * output go: so it does not matter in which order they come, and what an earlier run has left over
 * there is not taken for this one's.  A batch
 * machine's log ends with what the job has used, and how many more files it has made; a message
 * that was lost with the line is not missed. */
#include "tools/batch.h"
#include "tools/listing.h"
#include "tools/tools.h"

#include "lib/ebcdic.h"
#include "lib/str.h"
#include "s370/arch/ccw.h"
#include "s370/media/deck.h"
#include "s370/media/paper.h"
#include "s370/media/tcpnje.h"
#include "spool/rscs/link.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#define PATIENCE    30 /* seconds for the other node to sign on at first */
#define FAREWELL    5  /* seconds for the other node to close the line */
#define TICK        1  /* seconds */
#define SILENCE     60 /* seconds after which a node that must speak is taken for lost */
#define CARD        80u
#define TOD_OF_1970 UINT64_C(0x7d91048bca000000)

/* A spool file that has come. */
struct received {
    struct received *next;
    struct rscs_file file;
    struct paper paper;
    struct output text;
    struct piece *piece; /* as lines; the only one of its list */
};

struct submission {
    bool sent, complete;
    struct deck *cards;          /* while they go */
    struct received *files;      /* that have come back */
    size_t started, ended;       /* jobs of it, as messages say */
    size_t logs, others, wanted; /* files: logs, others that have come and that the logs speak of */
};

struct submitter {
    struct batch *batch;
    uv_loop_t *loop;
    uv_timer_t tick;
    struct tcpnje *line;
    struct rscs_link link;
    struct submission *decks; /* as many as the batch has */
    size_t complete;          /* decks whose output is here */
    uint32_t sending[NJE_STREAMS];
    struct received *coming[RSCS_INCOMING];
    bool signed_on;    /* once */
    unsigned waited;   /* seconds, for that */
    bool over, failed; /* the loop ends */
    bool leaving;      /* all is here: the session ends, and the other side is to close the line */
    unsigned left;     /* seconds for which it has not */
    uint64_t run;      /* its number, as users have it */
    uint64_t zero;     /* when the session began, ns of the loop's clock */
    uint64_t entered;  /* TOD clock: when the decks came into the network, also if they go again */
};

static uint64_t now(const struct submitter *s)
{
    return uv_hrtime() - s->zero;
}

static void finish(struct submitter *s)
{
    s->over = true;
    uv_stop(s->loop);
}

static void give_up(struct submitter *s, const char *why)
{
    fprintf(stderr, "datbox batch: %s: %s\n", s->batch->submit, why);
    s->failed = true;
    finish(s);
}

/* --- users: J, three letters or digits of the run, four of the deck's number --- */

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static void put_digits(char *to, int count, uint64_t value)
{
    while (count--) {
        to[count] = digits[value % 36];
        value /= 36;
    }
}

static void user_of(const struct submitter *s, size_t deck, char user[9])
{
    user[0] = 'J';
    put_digits(user + 1, 3, s->run);
    put_digits(user + 4, 4, deck);
    user[8] = 0;
}

/* The deck of a user of this node; NULL: there is no such user. */
static struct submission *submission_of(struct submitter *s, const char *user, size_t *deck)
{
    char own[9];
    size_t n = 0;
    for (const char *c = user; *c && c < user + 8; c++) {
        const char *digit = strchr(digits, *c);
        n = c < user + 4 ? 0 : 36 * n + (size_t)(digit ? digit - digits : 0);
    }
    user_of(s, n, own);
    if (n >= s->batch->deck_count || strcmp(user, own) != 0)
        return NULL;
    *deck = n;
    return &s->decks[n];
}

/* --- decks go out --- */

/* Of those that have arrived the one of the highest priority. */
static bool choose_deck(const struct submitter *s, size_t *number)
{
    const struct batch_deck *decks = s->batch->decks, *best = NULL;
    for (size_t i = 0; i < s->batch->deck_count; i++)
        if (!s->decks[i].sent && decks[i].arrival <= now(s) &&
            (!best || decks[i].priority > best->priority)) {
            best = &decks[i];
            *number = i;
        }
    return best != NULL;
}

static bool next_file(void *context, unsigned stream, struct rscs_file *f)
{
    struct submitter *s = context;
    static const struct deck_options options = {.truncate = true, .pad = true};
    char message[512];
    size_t number;
    if (!choose_deck(s, &number))
        return false;
    const struct batch_deck *d = &s->batch->decks[number];
    struct submission *sub = &s->decks[number];
    sub->cards = deck_open(d->path, &options, message, sizeof message);
    if (!sub->cards) {
        give_up(s, message);
        return false;
    }
    sub->sent = true;
    s->sending[stream] = (uint32_t)number;
    memset(f, 0, sizeof *f);
    f->id = f->number = (uint16_t)(number + 1);
    f->class = d->class;
    f->copies = 1;
    f->priority = (uint16_t)(RSCS_PRIORITY_MOST - d->priority);
    f->records = (uint32_t)sub->cards->count;
    f->entered = s->entered;
    str_copy(f->name, s->batch->jobs[d->first_job].job.name, sizeof f->name);
    str_copy(f->type, RSCS_JOB, sizeof f->type);
    str_copy(f->to_node, s->link.node, sizeof f->to_node);
    str_copy(f->to_user, RSCS_JOB, sizeof f->to_user);
    str_copy(f->from_node, s->link.local, sizeof f->from_node);
    user_of(s, number, f->from_user);
    return true;
}

static int read_card(void *context, unsigned stream, struct rscs_record *r)
{
    struct submitter *s = context;
    struct deck *deck = s->decks[s->sending[stream]].cards;
    struct card card;
    if (!deck_next(deck, &card))
        return 0;
    r->command = 0x01;
    r->length = CARD;
    return card_to_ebcdic(&card, r->data) ? 1 : -1;
}

static void stop_sending(struct submitter *s, unsigned stream)
{
    struct submission *sub = &s->decks[s->sending[stream]];
    deck_free(sub->cards);
    sub->cards = NULL;
}

static void sent(void *context, unsigned stream)
{
    struct submitter *s = context;
    const struct batch_deck *d = &s->batch->decks[s->sending[stream]];
    printf("%s sent\n", d->path);
    fflush(stdout);
    stop_sending(s, stream);
}

static void unsent(void *context, unsigned stream, const char *why)
{
    struct submitter *s = context;
    stop_sending(s, stream);
    if (why)
        give_up(s, why);
    else
        s->decks[s->sending[stream]].sent = false;
}

/* --- what the jobs say --- */

static struct batch_job *job_of(const struct submitter *s, size_t deck, size_t n)
{
    return &s->batch->jobs[s->batch->decks[deck].first_job + n];
}

static void note_machine(struct batch_job *job, const char *name)
{
    for (unsigned n = 0; n < BATCH_MACHINES_MAX; n++)
        if (!strcmp(name, batch_machine_name(n)))
            job->machine = (uint8_t)n;
}

static void message(void *context, const struct nje_nmr *n)
{
    struct submitter *s = context;
    size_t deck, count;
    struct submission *sub = submission_of(s, n->user, &deck);
    if (!sub)
        return;
    count = s->batch->decks[deck].job_count;
    if (!strncmp(n->text, "JOB ", 4) && strstr(n->text, " STARTED") && sub->started < count) {
        struct batch_job *job = job_of(s, deck, sub->started++);
        job->started = true;
        job->start = now(s);
        note_machine(job, n->sender);
        printf("%s started\n", job->job.name);
    } else if (!strncmp(n->text, "JOB ", 4) && strstr(n->text, " ENDED RC ") &&
               sub->ended < count) {
        struct batch_job *job = job_of(s, deck, sub->ended++);
        job->end = now(s);
        printf("%s ended\n", job->job.name);
    } else if (s->batch->verbose || strstr(n->text, "DMTAXS103E")) {
        printf("%s: %s\n", s->batch->decks[deck].path, n->text);
    }
    fflush(stdout);
}

/* --- output comes in --- */

static enum rscs_take begin(void *context, unsigned stream, const struct rscs_file *f)
{
    struct submitter *s = context;
    size_t deck;
    struct submission *sub = submission_of(s, f->to_user, &deck);
    if (!sub)
        return RSCS_REFUSE;
    if (sub->complete) /* the system was lost and has run it again */
        return RSCS_SKIP;
    for (const struct received *r = sub->files; r; r = r->next)
        if (r->file.number == f->number && r->file.entered == f->entered &&
            !strcmp(r->file.from_node, f->from_node))
            return RSCS_SKIP;
    struct received *r = calloc(1, sizeof *r);
    if (!r)
        return RSCS_REFUSE;
    r->file = *f;
    paper_init(&r->paper);
    s->coming[stream] = r;
    return RSCS_TAKE;
}

static void write_line(struct received *r, const struct rscs_record *record)
{
    char text[RSCS_RECORD];
    unsigned holes;
    for (unsigned i = 0; i < record->length; i++) {
        uint8_t c = ebcdic_to_latin1(record->data[i]);
        text[i] = (char)(c < 0x20 || (c >= 0x7f && c < 0xa0) ? ' ' : c); /* on no chain */
    }
    if (!(record->command & 0x02)) /* else it is carriage control alone */
        paper_print(&r->paper, &r->text, text, record->length);
    paper_move(&r->paper, &r->text, record->command, &holes);
}

static bool write_record(void *context, unsigned stream, const struct rscs_record *record)
{
    struct submitter *s = context;
    struct received *r = s->coming[stream];
    char card[RSCS_RECORD];
    if (r->file.print) {
        write_line(r, record);
        return true;
    }
    for (unsigned i = 0; i < record->length; i++)
        card[i] = (char)ebcdic_to_latin1(record->data[i]);
    output_put(&r->text, card, record->length);
    output_put(&r->text, "\n", 1);
    return true;
}

static void received_free(struct received *r)
{
    if (!r)
        return;
    free(r->text.bytes);
    listing_free(r->piece);
    free(r);
}

static void abandon(void *context, unsigned stream)
{
    struct submitter *s = context;
    received_free(s->coming[stream]);
    s->coming[stream] = NULL;
}

static bool is_log(const struct received *r)
{
    return !strcmp(r->file.type, "CONSOLE");
}

/* In the order in which they were begun: a job's log comes before what it prints and punches. */
static void keep(struct submission *sub, struct received *r)
{
    struct received **at = &sub->files;
    while (*at && ((*at)->file.entered < r->file.entered ||
                   ((*at)->file.entered == r->file.entered && !is_log(r))))
        at = &(*at)->next;
    r->next = *at;
    *at = r;
}

/* What the last line of a log says of the job. */
static bool read_log(const struct received *log, struct batch_job *job, unsigned *files)
{
    char line[133];
    const char *end = log->piece->text + log->piece->length, *begin;
    while (end > log->piece->text) {
        begin = end - 1;
        while (begin > log->piece->text && begin[-1] != '\n')
            begin--;
        snprintf(line, sizeof line, "%.*s", (int)(end - 1 - begin), begin);
        if (batch_job_result(job, line, files))
            return true;
        end = begin;
    }
    return false;
}

/* All of a deck is here: each job's log, and the files behind it. */
static bool divide(struct submitter *s, size_t deck)
{
    struct submission *sub = &s->decks[deck];
    struct batch_job *job = NULL;
    const struct piece *log = NULL, *paper = NULL, *cards = NULL;
    size_t number = 0;
    unsigned files;
    bool good = true;
    for (struct received *r = sub->files; r; r = r->next) {
        if (is_log(r) && number == s->batch->decks[deck].job_count)
            break;
        if (is_log(r)) {
            job = job_of(s, deck, number++);
            log = r->piece;
            paper = cards = NULL;
            read_log(r, job, &files);
            if (!job->started)
                job->start = s->batch->decks[deck].arrival;
            if (!job->end)
                job->end = now(s);
            job->started = job->ended = true;
        } else if (r->file.print) {
            paper = r->piece;
        } else {
            cards = r->piece;
        }
        if (job && (!r->next || is_log(r->next)))
            good &= batch_write_job(s->batch, (size_t)(job - s->batch->jobs), log, paper, cards);
    }
    while (sub->files) {
        struct received *r = sub->files;
        sub->files = r->next;
        received_free(r);
    }
    return good;
}

static bool end_of_file(void *context, unsigned stream)
{
    struct submitter *s = context;
    struct received *r = s->coming[stream];
    struct batch_job said = {.rc = 0};
    size_t deck = 0;
    unsigned files = 0;
    struct submission *sub = submission_of(s, r->file.to_user, &deck);
    s->coming[stream] = NULL;
    r->piece = listing_whole(r->text.bytes, r->text.length);
    if (is_log(r)) {
        sub->logs++;
        if (read_log(r, &said, &files))
            sub->wanted += files;
    } else {
        sub->others++;
    }
    keep(sub, r);
    if (sub->logs < s->batch->decks[deck].job_count || sub->others < sub->wanted)
        return true;
    if (!divide(s, deck))
        give_up(s, "the output cannot be written");
    sub->complete = true;
    if (++s->complete == s->batch->deck_count) {
        s->leaving = true;
        rscs_link_sign_off(&s->link);
    }
    return true;
}

/* --- the line --- */

static void pump(struct submitter *s)
{
    static uint8_t block[NJE_BLOCK_MAX];
    size_t n;
    while (!s->over && tcpnje_is_up(s->line) && tcpnje_may_send(s->line) &&
           (n = rscs_link_send(&s->link, block)) != 0)
        if (!tcpnje_send(s->line, block, n))
            return;
    if (s->over || !s->link.broken)
        return;
    if (s->leaving)
        return;
    rscs_link_down(&s->link);
    tcpnje_enable(s->line, false);
    tcpnje_enable(s->line, true);
}

static void signed_on(void *context)
{
    struct submitter *s = context;
    if (!s->signed_on)
        s->zero = uv_hrtime();
    s->signed_on = true;
    printf("connected to %s\n", s->link.node);
    fflush(stdout);
}

static void say(void *context, const char *text)
{
    struct submitter *s = context;
    if (s->batch->verbose || s->link.broken)
        printf("| %s\n", text);
}

static const struct rscs_link_calls link_calls = {next_file, read_card,    sent,        unsent,
                                                  begin,     write_record, end_of_file, abandon,
                                                  message,   signed_on,    say};

static void came_up(void *context)
{
    struct submitter *s = context;
    rscs_link_up(&s->link);
    pump(s);
}

static void went_down(void *context)
{
    struct submitter *s = context;
    if (s->leaving)
        finish(s);
    rscs_link_down(&s->link);
    if (!s->over)
        tcpnje_enable(s->line, true);
}

static void arrived(void *context)
{
    struct submitter *s = context;
    const uint8_t *block;
    size_t length;
    while (!s->over && (block = tcpnje_first(s->line, &length)) != NULL) {
        rscs_link_receive(&s->link, block, length);
        tcpnje_drop_first(s->line);
        pump(s);
    }
}

static void drained(void *context)
{
    pump(context);
}

static void line_message(void *context, const char *text)
{
    struct submitter *s = context;
    if (s->signed_on)
        fprintf(stderr, "datbox batch: %s: %s\n", s->batch->submit, text);
    else
        give_up(s, text);
}

static const struct tcpnje_calls line_calls = {came_up, went_down, arrived, drained, line_message};

static void tick(uv_timer_t *timer)
{
    struct submitter *s = timer->data;
    char why[120];
    if (!s->signed_on && ++s->waited > PATIENCE) {
        snprintf(why, sizeof why,
                 "node %s has not signed on for %d seconds; is its link to %s started?",
                 s->link.node, PATIENCE, s->link.local);
        give_up(s, why);
        return;
    }
    if (s->leaving && ++s->left > FAREWELL) {
        finish(s);
        return;
    }
    if (s->link.state != RSCS_DOWN)
        rscs_link_tick(&s->link, TICK);
    pump(s);
}

static bool run(struct submitter *s)
{
    static uv_loop_t loop;
    signal(SIGPIPE, SIG_IGN); /* a line that the other side closes is its loss, not our end */
    char why[256];
    struct tcpnje_options options = {.connect = s->batch->submit};
    if (uv_loop_init(&loop))
        return false;
    s->loop = &loop;
    str_copy(options.local, s->link.local, sizeof options.local);
    str_copy(options.remote, s->link.node, sizeof options.remote);
    s->line = tcpnje_create(&loop, &options, NULL, &line_calls, s, why, sizeof why);
    if (!s->line) {
        fprintf(stderr, "datbox batch: --submit: %s\n", why);
        return false;
    }
    uv_timer_init(&loop, &s->tick);
    s->tick.data = s;
    uv_timer_start(&s->tick, tick, TICK * 1000, TICK * 1000);
    tcpnje_enable(s->line, true);
    uv_run(&loop, UV_RUN_DEFAULT);
    rscs_link_down(&s->link);
    tcpnje_destroy(s->line);
    uv_close((uv_handle_t *)&s->tick, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    return !s->failed;
}

int batch_submit(struct batch *b)
{
    static struct submitter s;
    s.batch = b;
    s.zero = uv_hrtime();
    s.run = (uint64_t)time(NULL);
    s.entered = TOD_OF_1970 + (s.run * 1000000 << 12);
    s.decks = calloc(b->deck_count, sizeof *s.decks);
    s.link.calls = &link_calls;
    s.link.context = &s;
    s.link.streams = 1;
    s.link.timeout = SILENCE;
    str_copy(s.link.local, b->node, sizeof s.link.local);
    str_copy(s.link.node, b->to_node, sizeof s.link.node);
    bool good = s.decks && run(&s);
    for (size_t i = 0; i < b->deck_count && s.decks; i++)
        while (s.decks[i].files) {
            struct received *r = s.decks[i].files;
            s.decks[i].files = r->next;
            received_free(r);
        }
    free(s.decks);
    return good ? STATUS_OK : STATUS_FAILED;
}

/* Proves: two links at the ends of a line that breaks again and again, at any block, bring each
 * file to the other side once, whole and as it was, both ways and over several streams; messages
 * pass; what a partner may not do ends the session with a reason; TAGs, headers and the
 * configuration's statements say what spool/rscs's headers do.  Seven streams are used at once each
 * way; long records travel in segments; a stream that the partner stops waits, alone; one that is
 * silent, or begins anew in the middle, loses nothing. */
#include "spool/rscs/config.h"
#include "spool/rscs/link.h"
#include "tests/unit/hex.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES   40
#define RECORDS 120

/* A file as its site keeps it. */
struct kept {
    struct rscs_file file;
    unsigned record_count, read;
    struct rscs_record records[RECORDS];
    bool taken, gone; /* by a stream; the partner has it */
};

/* One end: what waits, what has come, and the link. */
struct site {
    struct rscs_link link;
    struct kept *out[FILES], *in[2 * FILES], *open[RSCS_INCOMING], *sending[NJE_STREAMS];
    unsigned out_count, in_count;
    bool refuses;
    char said[4096], message[256];
};

static struct site sites[2];
static unsigned most_at_once[2]; /* streams in use */

static bool next_file(void *context, unsigned stream, struct rscs_file *f)
{
    struct site *s = context;
    for (unsigned i = 0; i < s->out_count; i++) {
        struct kept *k = s->out[i];
        if (k->taken || k->gone)
            continue;
        k->taken = true;
        k->read = 0;
        s->sending[stream] = k;
        *f = k->file;
        return true;
    }
    return false;
}

static int read_record(void *context, unsigned stream, struct rscs_record *r)
{
    struct kept *k = ((struct site *)context)->sending[stream];
    if (k->read == k->record_count)
        return 0;
    *r = k->records[k->read++];
    return 1;
}

static void sent(void *context, unsigned stream)
{
    struct kept *k = ((struct site *)context)->sending[stream];
    k->gone = true;
    k->taken = false;
}

static void unsent(void *context, unsigned stream, const char *why)
{
    ((struct site *)context)->sending[stream]->taken = why != NULL; /* held */
}

static enum rscs_take begin(void *context, unsigned stream, const struct rscs_file *f)
{
    struct site *s = context;
    char key[RSCS_KEY], other[RSCS_KEY];
    rscs_file_key(key, f);
    if (s->refuses)
        return RSCS_REFUSE;
    for (unsigned i = 0; i < s->in_count; i++) {
        rscs_file_key(other, &s->in[i]->file);
        if (!strcmp(key, other))
            return RSCS_SKIP;
    }
    s->open[stream] = calloc(1, sizeof *s->open[stream]);
    s->open[stream]->file = *f;
    return RSCS_TAKE;
}

static bool write_record(void *context, unsigned stream, const struct rscs_record *r)
{
    struct kept *k = ((struct site *)context)->open[stream];
    if (k->record_count == RECORDS)
        return false;
    k->records[k->record_count++] = *r;
    return true;
}

static bool end(void *context, unsigned stream)
{
    struct site *s = context;
    s->in[s->in_count++] = s->open[stream];
    s->open[stream] = NULL;
    return true;
}

static void abandon(void *context, unsigned stream)
{
    struct site *s = context;
    free(s->open[stream]);
    s->open[stream] = NULL;
}

static void message(void *context, const struct nje_nmr *n)
{
    struct site *s = context;
    snprintf(s->message, sizeof s->message, "%s(%s) to %s: %s", n->from_node, n->sender, n->user,
             n->text);
}

static void signed_on(void *context)
{
}

static void say(void *context, const char *text)
{
    struct site *s = context;
    size_t n = strlen(s->said);
    snprintf(s->said + n, sizeof s->said - n, "%s\n", text);
}

static const struct rscs_link_calls calls = {next_file, read_record,  sent, unsent,
                                             begin,     write_record, end,  abandon,
                                             message,   signed_on,    say};

static void setup(void)
{
    static const char *const names[] = {"ALPHA", "BETA"};
    memset(sites, 0, sizeof sites);
    memset(most_at_once, 0, sizeof most_at_once);
    for (int i = 0; i < 2; i++) {
        struct rscs_link *l = &sites[i].link;
        l->calls = &calls;
        l->context = &sites[i];
        l->streams = 1;
        strcpy(l->local, names[i]);
        strcpy(l->node, names[1 - i]);
    }
}

static void teardown(void)
{
    for (int i = 0; i < 2; i++) {
        for (unsigned n = 0; n < sites[i].out_count; n++)
            free(sites[i].out[n]);
        for (unsigned n = 0; n < sites[i].in_count; n++)
            free(sites[i].in[n]);
        for (unsigned n = 0; n < RSCS_INCOMING; n++)
            free(sites[i].open[n]);
    }
}

/* A deck or a listing of some length, each different. */
static void add_file(int i, unsigned number)
{
    struct site *s = &sites[i];
    struct kept *k = calloc(1, sizeof *k);
    k->file = (struct rscs_file){.id = (uint16_t)number,
                                 .print = number & 1,
                                 .class = 'B',
                                 .copies = 2,
                                 .priority = 10,
                                 .number = (uint16_t)number,
                                 .entered = UINT64_C(0xd000000000000000) + number};
    strcpy(k->file.name, "REPORT");
    strcpy(k->file.type, "LISTING");
    strcpy(k->file.distribution, "BIN1");
    strcpy(k->file.from_node, s->link.local);
    strcpy(k->file.from_user, "CMSUSER");
    strcpy(k->file.to_node, s->link.node);
    strcpy(k->file.to_user, number % 6 ? "STUDENT1" : RSCS_JOB); /* every sixth is a job */
    if (rscs_is_job(&k->file)) {
        k->file.class = 'A';
        k->file.copies = 1;
        k->file.priority = RSCS_PRIORITY;
        memset(k->file.distribution, 0, sizeof k->file.distribution);
        memset(k->file.type, 0, sizeof k->file.type);
        strcpy(k->file.type, RSCS_JOB);
    }
    k->record_count = k->file.records = number * 7 % RECORDS;
    for (unsigned r = 0; r < k->record_count; r++) {
        k->records[r].command = k->file.print ? (r % 9 ? 0x09 : 0x8b) : 0x01;
        k->records[r].length = (uint16_t)(k->file.print ? (r % 9 ? (r * 11) % 133 : 0) : 80);
        for (unsigned c = 0; c < k->records[r].length; c++)
            k->records[r].data[c] = (uint8_t)(c % 3 ? 0xc1 + (r + c + number) % 9 : 0x40);
    }
    s->out[s->out_count++] = k;
}

/* The blocks on their way to site i. */
static struct {
    uint8_t bytes[NJE_BLOCK_MAX];
    size_t length;
} line[2];

static void count_streams(void)
{
    for (int i = 0; i < 2; i++) {
        unsigned n = 0;
        for (unsigned s = 0; s < NJE_STREAMS; s++)
            n += sites[i].link.senders[s].state == RSCS_DATA;
        if (n > most_at_once[i])
            most_at_once[i] = n;
    }
}

/* Runs both ends until nothing moves; after `most` blocks the line breaks. The number of blocks. */
static unsigned run_line(unsigned most)
{
    unsigned blocks = 0;
    bool moved = true;
    for (int i = 0; i < 2; i++)
        rscs_link_up(&sites[i].link);
    while (moved) {
        moved = false;
        for (int i = 0; i < 2; i++) {
            struct site *to = &sites[1 - i];
            line[1 - i].length = rscs_link_send(&sites[i].link, line[1 - i].bytes);
            if (!line[1 - i].length)
                continue;
            moved = true;
            if (blocks++ == most) /* this one is lost with the line */
                return blocks;
            rscs_link_receive(&to->link, line[1 - i].bytes, line[1 - i].length);
            count_streams();
        }
    }
    return blocks;
}

static void drop_line(void)
{
    for (int i = 0; i < 2; i++)
        rscs_link_down(&sites[i].link);
}

static void all_arrived(int from)
{
    struct site *to = &sites[1 - from];
    ck_assert_uint_eq(to->in_count, sites[from].out_count);
    for (unsigned i = 0; i < sites[from].out_count; i++) {
        struct kept *k = sites[from].out[i], *got = NULL;
        for (unsigned n = 0; n < to->in_count; n++)
            if (to->in[n]->file.number == k->file.number)
                got = to->in[n];
        ck_assert(k->gone && got != NULL);
        ck_assert_uint_eq(got->record_count, k->record_count);
        for (unsigned n = 0; n < k->record_count; n++) {
            const struct rscs_record *a = &got->records[n], *b = &k->records[n];
            ck_assert(a->command == b->command && a->length == b->length);
            ck_assert(!memcmp(a->data, b->data, a->length));
        }
        k->file.id = 0;
        ck_assert(!memcmp(&got->file, &k->file, sizeof k->file));
    }
}

/* --- tests --- */

START_TEST(both_ways)
{
    unsigned streams[] = {1, 3, 7};
    sites[0].link.streams = (uint8_t)streams[_i];
    sites[1].link.streams = (uint8_t)streams[2 - _i];
    for (unsigned n = 1; n <= FILES; n++)
        add_file((int)n & 1, n);
    run_line(100000);
    ck_assert(sites[0].link.state == RSCS_SIGNED_ON && sites[1].link.state == RSCS_SIGNED_ON);
    ck_assert(rscs_link_is_idle(&sites[0].link) && rscs_link_is_idle(&sites[1].link));
    all_arrived(0);
    all_arrived(1);
    ck_assert_msg(strstr(sites[0].said, "SENT: FILE 0002 ON LINK TO BETA") != NULL, "%s",
                  sites[0].said);
}
END_TEST

/* Long files, so that none ends before the last one has begun. */
START_TEST(seven_streams)
{
    sites[0].link.streams = sites[1].link.streams = 7;
    for (unsigned n = 1; n <= FILES; n++) {
        add_file((int)n & 1, n);
        struct kept *k = sites[n & 1].out[sites[n & 1].out_count - 1];
        while (k->record_count < RECORDS) {
            k->records[k->record_count] = k->records[0];
            k->records[k->record_count].command = k->file.print ? 0x09 : 0x01;
            k->records[k->record_count].length = 80;
            memset(k->records[k->record_count].data, 0, 80);
            for (unsigned c = 0; c < 80; c++)
                k->records[k->record_count].data[c] = (uint8_t)(0x81 + (c * 7 + n) % 9);
            k->file.records = ++k->record_count;
        }
    }
    run_line(100000);
    all_arrived(0);
    all_arrived(1);
    ck_assert_uint_eq(most_at_once[0], 7);
    ck_assert_uint_eq(most_at_once[1], 7);
}
END_TEST

/* The line breaks behind each number of blocks in turn. */
START_TEST(broken_line)
{
    sites[0].link.streams = sites[1].link.streams = 2;
    for (unsigned n = 1; n <= FILES; n++)
        add_file((int)n & 1, n);
    unsigned most = 0;
    while (run_line(most) > most) {
        drop_line();
        most = most < 12 ? most + 1 : 1 + (most * 5) % 37;
        if (sites[0].in_count + sites[1].in_count == FILES)
            most = 100000;
    }
    all_arrived(0);
    all_arrived(1);
}
END_TEST

START_TEST(messages)
{
    struct nje_nmr n = {.flags = NJE_NMR_USER,
                        .level = NJE_NMR_LEVEL,
                        .type = NJE_NMR_DELIVERED,
                        .to_node = "BETA",
                        .user = "STUDENT1",
                        .from_node = "ALPHA",
                        .sender = "CMSUSER",
                        .text = "Hello there"};
    ck_assert(!rscs_link_message(&sites[0].link, &n)); /* nobody is there */
    run_line(1000);
    ck_assert(rscs_link_message(&sites[0].link, &n));
    uint8_t block[NJE_BLOCK_MAX];
    size_t length = rscs_link_send(&sites[0].link, block);
    ck_assert(rscs_link_receive(&sites[1].link, block, length));
    ck_assert_str_eq(sites[1].message, "ALPHA(CMSUSER) to STUDENT1: Hello there");
    ck_assert(rscs_link_receive(&sites[1].link, block, length)); /* the same block again */
    for (unsigned i = 0; i < RSCS_MESSAGES; i++)
        ck_assert(rscs_link_message(&sites[0].link, &n));
    ck_assert(!rscs_link_message(&sites[0].link, &n));
    rscs_link_sign_off(&sites[0].link);
    while ((length = rscs_link_send(&sites[0].link, block)))
        rscs_link_receive(&sites[1].link, block, length);
    ck_assert(sites[1].link.broken && strstr(sites[1].said, "ALPHA HAS SIGNED OFF"));
}
END_TEST

/* A partner that does not take a file: it stays, held, and others go. */
START_TEST(refused)
{
    add_file(0, 3);
    sites[1].refuses = true;
    run_line(1000);
    ck_assert(!sites[0].out[0]->gone && sites[0].out[0]->taken && !sites[1].in_count);
    ck_assert(rscs_link_is_idle(&sites[0].link) && rscs_link_is_idle(&sites[1].link));
    sites[1].refuses = false;
    add_file(0, 4);
    drop_line();
    run_line(1000);
    ck_assert(sites[0].out[1]->gone && sites[1].in_count == 1);
    /* Flushed while it is sent. */
    add_file(0, 17);
    uint8_t block[NJE_BLOCK_MAX];
    size_t length;
    for (int i = 0; i < 6 && sites[0].link.senders[0].state < RSCS_DATA; i++) {
        if ((length = rscs_link_send(&sites[0].link, block)))
            rscs_link_receive(&sites[1].link, block, length);
        if ((length = rscs_link_send(&sites[1].link, block)))
            rscs_link_receive(&sites[0].link, block, length);
    }
    ck_assert(sites[0].link.senders[0].state == RSCS_DATA);
    rscs_link_flush(&sites[0].link, 0, "FLUSHED");
    while ((length = rscs_link_send(&sites[0].link, block)))
        rscs_link_receive(&sites[1].link, block, length);
    ck_assert(!sites[0].out[2]->gone && sites[1].in_count == 1 && !sites[1].open[0]);
}
END_TEST

/* The partner's part of the enquiry and the signon, and its permission for the first stream. */
static void permit(struct site *s, unsigned fcs)
{
    uint8_t block[NJE_BLOCK_MAX], record[NJE_CONTROL_MAX];
    struct nje_control c = {.kind = NJE_SIGNON_RESPONSE, .node = "BETA", .buffer_size = 4096};
    struct nje_writer w;
    rscs_link_up(&s->link);
    nje_put_ack(block);
    ck_assert(rscs_link_receive(&s->link, block, 3));
    nje_write_start(&w, block, sizeof block);
    nje_write_plain(&w, record, nje_control_put(record, &c));
    ck_assert(rscs_link_receive(&s->link, block, nje_write_end(&w, NJE_BCB_RESET, NJE_FCS_OPEN)));
    while (rscs_link_send(&s->link, block))
        ; /* enquiry, signon, the request */
    nje_write_start(&w, block, sizeof block);
    nje_write_record(&w, NJE_RCB_PERMIT, 0x99, "", 0);
    ck_assert(rscs_link_receive(&s->link, block, nje_write_end(&w, 0x80, fcs)));
}

/* A line of 255 bytes, with its carriage control one more than a record holds: in two segments, as
 * SA32-0988 has them; and back.  A foreign one in three is folded. */
START_TEST(spanned)
{
    struct kept *k;
    uint8_t block[NJE_BLOCK_MAX];
    struct nje_reader r;
    struct nje_record record;
    add_file(0, 1);
    k = sites[0].out[0];
    k->record_count = k->file.records = 1;
    k->records[0] = (struct rscs_record){.command = 0x09, .length = 255};
    for (unsigned i = 0; i < 255; i++)
        k->records[0].data[i] = (uint8_t)(i + 1);
    permit(&sites[0], NJE_FCS_OPEN);
    size_t n = rscs_link_send(&sites[0].link, block);
    ck_assert(nje_read_start(&r, block, n) == NJE_BLOCK_DATA);
    do
        ck_assert(nje_read_record(&r, &record) == NJE_RECORD);
    while (record.srcb >= NJE_SRCB_JOB_HEADER);
    ck_assert_uint_eq(record.srcb, 0x98);
    is_hex(record.data, 8, "FD 0100 09 01020304"); /* 253, then 256, the control, 252 bytes */
    ck_assert_uint_eq(record.length, 256);
    ck_assert(nje_read_record(&r, &record) == NJE_RECORD && record.srcb == 0x9c);
    is_hex(record.data, record.length, "03 FDFEFF");
    drop_line();
    run_line(1000);
    struct kept *got = sites[1].in[0];
    ck_assert_uint_eq(got->record_count, 2); /* 150 columns is what a printer has */
    ck_assert(got->records[0].length == 150 && got->records[0].command == 0x09);
    ck_assert(got->records[1].length == 105 && got->records[1].data[104] == 0xff);
}
END_TEST

/* Three segments without carriage control, to a punch. */
START_TEST(spanned_cards)
{
    static const uint8_t srcb[] = {0x88, 0x84, 0x8c};
    uint8_t data[NJE_RECORD_MAX];
    struct rscs_link *l = &sites[1].link;
    struct nje_job job = {.id = 1, .origin_node = "ALPHA", .origin_user = "U"};
    struct nje_data_set d = {.node = "BETA", .user = "V", .number = 1, .flags = NJE_DATA_SET_PUNCH};
    uint8_t header[NJE_DATA_SET];
    struct nje_record r = {.rcb = 0x99, .srcb = NJE_SRCB_JOB_HEADER};
    l->receivers[0].permitted = true;
    r.length = (uint16_t)nje_segment_put(r.data, header, nje_job_put(header, &job), 0);
    rscs_take_record(l, 0, &r);
    r.srcb = NJE_SRCB_DATA_SET;
    r.length = (uint16_t)nje_segment_put(r.data, header, nje_data_set_put(header, &d), 0);
    rscs_take_record(l, 0, &r);
    for (unsigned i = 0; i < 3; i++) {
        unsigned head = i ? 1 : 3, n = i == 2 ? 10 : 253;
        memset(data, (int)(0xc1 + i), sizeof data);
        data[0] = (uint8_t)n;
        if (!i)
            data[1] = 2, data[2] = 4; /* 516 */
        r.srcb = srcb[i];
        r.length = (uint16_t)(head + n);
        memcpy(r.data, data, r.length);
        rscs_take_record(l, 0, &r);
    }
    struct kept *k = sites[1].open[0];
    ck_assert_uint_eq(k->record_count, 7); /* 516 bytes: six cards and 36 columns */
    ck_assert(k->records[3].length == 80 && k->records[6].length == 36);
    ck_assert(k->records[3].data[12] == 0xc1 && k->records[3].data[13] == 0xc2);
    ck_assert(k->records[6].data[25] == 0xc2 && k->records[6].data[26] == 0xc3);
    rscs_take_record(l, 0, &r); /* another last one, of nothing */
    ck_assert(strstr(sites[1].said, "WITHOUT WHAT BELONGS IN FRONT OF IT") && !sites[1].open[0]);
}
END_TEST

/* The partner stops one stream: the other one goes on, and messages. */
START_TEST(stopped_stream)
{
    uint8_t block[NJE_BLOCK_MAX];
    struct nje_writer w;
    add_file(0, 1);
    permit(&sites[0], NJE_FCS_OPEN & ~0x0001u);
    ck_assert_uint_eq(sites[0].link.senders[0].state, RSCS_JOB_HEADER);
    struct nje_nmr n = {.flags = NJE_NMR_USER, .to_node = "BETA", .from_node = "ALPHA"};
    ck_assert(rscs_link_message(&sites[0].link, &n));
    ck_assert_uint_gt(rscs_link_send(&sites[0].link, block), 5);
    ck_assert_uint_eq(block[5], NJE_RCB_NMR);
    ck_assert_uint_eq(rscs_link_send(&sites[0].link, block), 0);
    nje_write_start(&w, block, sizeof block);
    ck_assert(rscs_link_receive(&sites[0].link, block,
                                nje_write_end(&w, 0x81, NJE_FCS_OPEN & ~NJE_FCS_CONSOLE)));
    ck_assert(rscs_link_message(&sites[0].link, &n)); /* that one waits now */
    ck_assert_uint_gt(rscs_link_send(&sites[0].link, block), 5);
    ck_assert_uint_eq(block[5], 0x99);
}
END_TEST

/* One that accepts the session, or a file, and says no more. */
START_TEST(silent)
{
    struct site *s = &sites[0];
    uint8_t block[NJE_BLOCK_MAX];
    add_file(0, 1);
    s->link.timeout = 60;
    rscs_link_up(&s->link);
    ck_assert(rscs_link_is_waiting(&s->link) && rscs_link_tick(&s->link, 59));
    ck_assert(!rscs_link_tick(&s->link, 1) && s->link.broken);
    ck_assert_msg(strstr(s->said, "SESSION WITH BETA IS BROKEN: IT IS SILENT"), "%s", s->said);
    permit(s, NJE_FCS_OPEN);
    while (rscs_link_send(&s->link, block))
        ;
    ck_assert_uint_eq(s->link.senders[0].state, RSCS_WAITING);
    ck_assert(rscs_link_tick(&s->link, 50));
    ck_assert(rscs_link_receive(&s->link, block, nje_put_ack(block))); /* slow is not silent */
    ck_assert(rscs_link_tick(&s->link, 50) && !rscs_link_tick(&s->link, 50));
    rscs_link_down(&s->link);
    ck_assert(!s->out[0]->gone && !s->out[0]->taken); /* it waits for the next session */
    run_line(1000);
    ck_assert(s->out[0]->gone && !rscs_link_is_waiting(&s->link));
    ck_assert(rscs_link_tick(&s->link, 1000)); /* nothing to say is no silence */
}
END_TEST

/* An enquiry in the middle: the partner was started anew while the line stayed. */
START_TEST(begun_anew)
{
    uint8_t block[NJE_BLOCK_MAX];
    size_t n;
    for (int i = 0; i < 2; i++) {
        teardown();
        setup();
        add_file(i, 4);
        add_file(1 - i, 10);
        run_line(9);
        ck_assert(sites[0].link.state == RSCS_SIGNED_ON && !sites[i].out[0]->gone);
        rscs_link_down(&sites[1 - i].link);
        rscs_link_up(&sites[1 - i].link);
        for (bool moved = true; moved;) {
            moved = false;
            for (int k = 0; k < 2; k++)
                if ((n = rscs_link_send(&sites[k].link, block))) {
                    rscs_link_receive(&sites[1 - k].link, block, n);
                    moved = true;
                }
        }
        ck_assert(strstr(sites[i].said, "BEGINS ANEW"));
        all_arrived(0);
        all_arrived(1);
    }
}
END_TEST

START_TEST(nonsense)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *why;
    } cases[] = {
        {"\x10\x02\x80\x8f\xcf\x99\x80\xc1\xc1\x00\x00", 11, "IT HAS NOT SIGNED ON"},
        {"\x10\x02\x83\x8f\xcf\x00", 6, "A BLOCK IS MISSING"},
        {"\x10\x02\xa0\x8f\xcf\x99\x80\xff\x00", 9, "A RECORD IS WRONG"},
        {"\x10\x02\xa0\x8f\xcf\xf0\xc9\x05\xc1\xc2\x00", 11, "A CONTROL RECORD IS WRONG"},
        {"\x3d\xff", 2, "IT HAS NOT UNDERSTOOD"},
        {"HELLO", 5, "WHAT CAME IS NO BLOCK"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rscs_link_up(&sites[1].link);
        sites[1].said[0] = 0;
        ck_assert(!rscs_link_receive(&sites[1].link, cases[i].bytes, cases[i].length));
        ck_assert_msg(strstr(sites[1].said, cases[i].why) != NULL, "%s", sites[1].said);
        ck_assert(!rscs_link_receive(&sites[1].link, cases[i].bytes, cases[i].length));
        rscs_link_down(&sites[1].link);
    }
    strcpy(sites[1].link.password, "SECRET");
    run_line(100);
    ck_assert(strstr(sites[1].said, "THE LINE PASSWORD IS WRONG"));
    drop_line();
    strcpy(sites[0].link.password, "SECRET");
    run_line(100);
    ck_assert(sites[1].link.state == RSCS_SIGNED_ON);
    drop_line();
    strcpy(sites[0].link.local, "GAMMA");
    run_line(100);
    ck_assert(strstr(sites[1].said, "THE PARTNER HAS ANOTHER NAME"));
}
END_TEST

START_TEST(tags)
{
    struct rscs_file f = {.transit = true,
                          .number = 0x12,
                          .entered = UINT64_C(0xd6a1b2c3d4e5f607),
                          .priority = 7,
                          .to_node = "BETA",
                          .to_user = "USER",
                          .from_node = "ALPHA",
                          .from_user = "CMSUSER"},
                     got = {.id = 0};
    char tag[NJE_TAG + 1], key[RSCS_KEY];
    rscs_tag_put(tag, &f);
    ck_assert_str_eq(tag, "BETA USER 7 < ALPHA CMSUSER 0012 D6A1B2C3D4E5F607");
    rscs_file_key(key, &f);
    ck_assert_str_eq(key, "ALPHA 0012 D6A1B2C3D4E5F607");
    ck_assert(rscs_tag_get(&got, tag, true) && !memcmp(&got, &f, sizeof f));
    f.arrived = true;
    rscs_tag_put(tag, &f);
    memset(&got, 0, sizeof got);
    ck_assert_str_eq(tag, "ALPHA CMSUSER 7 > BETA USER 0012 D6A1B2C3D4E5F607");
    ck_assert(rscs_tag_get(&got, tag, true) && !memcmp(&got, &f, sizeof f));
    ck_assert(rscs_tag_get(&got, "beta user", false));
    ck_assert(!strcmp(got.to_node, "BETA") && got.priority == RSCS_PRIORITY);
    ck_assert(rscs_tag_get(&got, "beta", false) && !strcmp(got.to_user, "SYSTEM"));
    ck_assert(rscs_tag_get(&got, "B U 100 x", false) && got.priority == RSCS_PRIORITY);
    ck_assert(!rscs_tag_get(&got, "", false) && !rscs_tag_get(&got, "ABCDEFGHI U", false));
    ck_assert(!rscs_tag_get(&got, "B U 1", true) && !rscs_tag_get(&got, "B U 1 < A U 1 123", true));
}
END_TEST

START_TEST(configuration)
{
    static const char *const bad[] = {"LINK A",
                                      "LOCAL",
                                      "LOCAL ABCDEFGHI",
                                      "LINKDEFINE X",
                                      "LINKDEFINE X LINE 0",
                                      "LINKDEFINE X LINE 030 STREAMS 8",
                                      "LINKDEFINE X LINE 030 COLOUR RED",
                                      "LINKDEFINE BETA LINE 031",
                                      "LINKDEFINE X LINE 031 TYPE SNA",
                                      "LINKDEFINE X LINE 031 TIMEOUT 0",
                                      "LINKDEFINE X LINE 031 NOSEP",
                                      "LINKDEFINE X TYPE PRINTER LINE 00F STREAMS 2",
                                      "ROUTE OMEGA OFF",
                                      "ROUTE",
                                      "ROUTE C BETA",
                                      "ROUTE C TO NOWHERE",
                                      "AUTH",
                                      "AUTH A ON B"};
    struct rscs_config c = {.local = ""};
    ck_assert(!rscs_configure(&c, "* comment") && !rscs_configure(&c, ""));
    ck_assert(!rscs_configure(&c, "local alpha"));
    ck_assert(!rscs_configure(&c, "LINKDEFINE BETA LINE 030 STREAMS 3 PASSWORD XYZ AST"));
    ck_assert(!rscs_configure(&c, "LINKDEFINE GAMLINK TYPE NJE NODE GAMMA LINE 031"));
    ck_assert(!rscs_configure(&c, "ROUTE DELTA TO GAMLINK"));
    ck_assert(!rscs_configure(&c, "ROUTE * TO BETA") && !rscs_configure(&c, "AUTH OPERATOR"));
    ck_assert(!rscs_configure(&c, "AUTH MAINT AT BETA"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(rscs_configure(&c, bad[i]) != NULL, "%s", bad[i]);
    ck_assert(!rscs_configure(&c, "LINKDEFINE PRT1 TYPE PRINTER LINE 00F NOSEP"));
    ck_assert(!rscs_configure(&c, "LINKDEFINE CT TYPE CTCA LINE 500 TIMEOUT 30"));
    ck_assert(c.links[2].type == RSCS_PRINTER && !c.links[2].separate);
    ck_assert(c.links[3].type == RSCS_CTCA && c.links[3].timeout == 30);
    ck_assert(c.links[1].type == RSCS_NJE && c.links[1].timeout == RSCS_TIMEOUT);
    ck_assert(c.links[0].line == 0x30 && c.links[0].streams == 3 && c.links[0].start);
    ck_assert_int_eq(rscs_route(&c, "ALPHA"), RSCS_HERE);
    ck_assert_int_eq(rscs_route(&c, "beta"), 0);
    ck_assert_int_eq(rscs_route(&c, "GAMMA"), 1);
    ck_assert_int_eq(rscs_route(&c, "DELTA"), 1);
    ck_assert_int_eq(rscs_route(&c, "OMEGA"), 0);
    ck_assert(rscs_is_authorized(&c, "ALPHA", "OPERATOR"));
    ck_assert(!rscs_is_authorized(&c, "BETA", "OPERATOR"));
    ck_assert(rscs_is_authorized(&c, "BETA", "MAINT") && !rscs_is_authorized(&c, "ALPHA", "MAINT"));
    ck_assert(!rscs_configure(&c, "ROUTE DELTA OFF"));
    ck_assert_int_eq(rscs_route(&c, "DELTA"), 0); /* as all others */
    ck_assert_int_eq(rscs_route(&c, "GAMMA"), 1);
    rscs_delete_link(&c, 0);
    ck_assert_int_eq(rscs_route(&c, "OMEGA"), RSCS_NOWHERE);
    ck_assert_int_eq(rscs_find_link(&c, "GAMLINK"), 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("rscs");
    TCase *t = tcase_create("rscs");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, both_ways, 0, 3);
    tcase_add_test(t, seven_streams);
    tcase_add_test(t, broken_line);
    tcase_add_test(t, messages);
    tcase_add_test(t, refused);
    tcase_add_test(t, spanned);
    tcase_add_test(t, spanned_cards);
    tcase_add_test(t, stopped_stream);
    tcase_add_test(t, silent);
    tcase_add_test(t, begun_anew);
    tcase_add_test(t, nonsense);
    tcase_add_test(t, tags);
    tcase_add_test(t, configuration);
    suite_add_tcase(s, t);
    return run_suite(s);
}

/* Files that go out: a request, and when it is permitted the job header, the data set header, the
 * records, the trailer and the end, as much of it as a block holds at a time. */
#include "spool/rscs/link.h"

#include "lib/be.h"
#include "lib/str.h"

static uint8_t rcb_of(const struct rscs_sender *s, unsigned stream)
{
    return nje_stream_rcb(rscs_is_job(&s->file) ? NJE_RCB_SYSIN : NJE_RCB_SYSOUT, stream + 1);
}

/* --- what the partner says of them --- */

static void begin_header(struct rscs_sender *s, enum rscs_sending state)
{
    struct nje_job job;
    struct nje_data_set d;
    struct nje_trailer trailer = {.class = 'A', .lines = s->records, .cards = s->records};
    rscs_headers_put(&s->file, &job, &d);
    s->state = state;
    s->segment = 0;
    if (state == RSCS_JOB_HEADER)
        s->header_length = (uint16_t)nje_job_put(s->header, &job);
    else if (state == RSCS_DATA_SET)
        s->header_length = (uint16_t)nje_data_set_put(s->header, &d);
    else
        s->header_length = (uint16_t)nje_trailer_put(s->header, &trailer);
}

void rscs_permitted(struct rscs_link *l, unsigned stream)
{
    struct rscs_sender *s = &l->senders[stream];
    if (s->state != RSCS_REQUESTED)
        return;
    rscs_say(l, "SENDING: FILE %04u TO %s, REC %06u", (unsigned)s->file.id, s->file.to_node,
             (unsigned)s->file.records);
    begin_header(s, RSCS_JOB_HEADER);
}

static void give_back(struct rscs_link *l, unsigned stream, const char *why)
{
    l->senders[stream].state = RSCS_IDLE;
    l->calls->unsent(l->context, stream, why);
}

void rscs_cancelled(struct rscs_link *l, unsigned stream)
{
    static const char why[] = "THE PARTNER DOES NOT TAKE IT";
    struct rscs_sender *s = &l->senders[stream];
    if (s->state == RSCS_IDLE)
        return;
    if (s->state == RSCS_REQUESTED || s->state == RSCS_WAITING)
        give_back(l, stream, why);
    else
        rscs_link_flush(l, stream, why);
}

void rscs_completed(struct rscs_link *l, unsigned stream)
{
    struct rscs_sender *s = &l->senders[stream];
    if (s->state != RSCS_WAITING)
        return;
    s->state = RSCS_IDLE;
    rscs_say(l, "SENT: FILE %04u ON LINK TO %s", (unsigned)s->file.id, l->node);
    l->calls->sent(l->context, stream);
}

void rscs_link_flush(struct rscs_link *l, unsigned stream, const char *why)
{
    struct rscs_sender *s = &l->senders[stream];
    if (s->state == RSCS_IDLE || s->state == RSCS_ABORTING)
        return;
    s->why = why;
    s->state = RSCS_ABORTING;
}

void rscs_senders_lost(struct rscs_link *l)
{
    for (unsigned i = 0; i < NJE_STREAMS; i++)
        if (l->senders[i].state != RSCS_IDLE)
            give_back(l, i, l->senders[i].state == RSCS_ABORTING ? l->senders[i].why : NULL);
}

void rscs_request_files(struct rscs_link *l)
{
    for (unsigned i = 0; i < l->streams && !l->draining; i++) {
        struct rscs_sender *s = &l->senders[i];
        if (s->state != RSCS_IDLE)
            continue;
        memset(s, 0, sizeof *s);
        if (!l->calls->next_file(l->context, i, &s->file))
            return;
        s->state = RSCS_REQUESTED;
        rscs_control(l, NJE_RCB_REQUEST, rcb_of(s, i));
    }
}

/* --- blocks are filled --- */

/* A header's segments; false: the block is full. */
static bool fill_header(struct rscs_sender *s, unsigned stream, struct nje_writer *w, uint8_t srcb)
{
    uint8_t segment[NJE_RECORD_MAX];
    size_t n;
    while ((n = nje_segment_put(segment, s->header, s->header_length, s->segment)) != 0) {
        if (!nje_write_record(w, rcb_of(s, stream), srcb, segment, n))
            return false;
        s->segment++;
    }
    return true;
}

#define RECORD_MOST  255u /* with its carriage control, behind the byte that says so */
#define SEGMENT_HEAD 3u   /* the first one's: its length, and that of the record */

/* The next segment of a record that is too long for one. */
static bool put_segment(struct rscs_sender *s, unsigned stream, struct nje_writer *w)
{
    uint8_t bytes[NJE_RECORD_MAX], srcb = s->file.print ? NJE_SRCB_MACHINE : NJE_SRCB_PLAIN;
    size_t total = s->record.length + s->file.print, at = 1, left = s->record.length - s->offset;
    bool first = !s->offset;
    if (first) {
        store_be16(bytes + 1, total);
        at = SEGMENT_HEAD;
        if (s->file.print)
            bytes[at++] = s->record.command;
    }
    size_t n = left < NJE_RECORD_MAX - at ? left : NJE_RECORD_MAX - at;
    memcpy(bytes + at, s->record.data + s->offset, n);
    bytes[0] = (uint8_t)(at + n - (first ? SEGMENT_HEAD : 1));
    srcb |= first ? NJE_SPANNED_FIRST : n == left ? NJE_SPANNED_LAST : NJE_SPANNED_MIDDLE;
    if (!nje_write_record(w, rcb_of(s, stream), srcb, bytes, at + n))
        return false;
    s->offset = (uint16_t)(s->offset + n);
    return true;
}

/* Cards go without carriage control, lines with the machine's, which is their command.  False: what
 * is left of it must wait for the next block. */
static bool put_record(struct rscs_sender *s, unsigned stream, struct nje_writer *w)
{
    uint8_t bytes[NJE_RECORD_MAX];
    bool print = s->file.print;
    size_t n = s->record.length;
    if (n + print > RECORD_MOST) {
        while (s->offset < n)
            if (!put_segment(s, stream, w))
                return false;
        return true;
    }
    bytes[0] = (uint8_t)(n + print);
    bytes[1] = s->record.command;
    memcpy(bytes + 1 + print, s->record.data, n);
    return nje_write_record(w, rcb_of(s, stream), print ? NJE_SRCB_MACHINE : NJE_SRCB_PLAIN, bytes,
                            n + 1 + print);
}

/* False: the block is full, or the file has come to its end or cannot be read. */
static bool fill_data(struct rscs_link *l, unsigned stream, struct nje_writer *w)
{
    struct rscs_sender *s = &l->senders[stream];
    if (!s->have_record) {
        int more = l->calls->read(l->context, stream, &s->record);
        if (more < 0) {
            rscs_link_flush(l, stream, "IT CANNOT BE READ");
            return false;
        }
        if (!more) {
            begin_header(s, RSCS_TRAILER);
            return false;
        }
        s->offset = 0;
    }
    s->have_record = !put_record(s, stream, w);
    s->records += !s->have_record;
    return !s->have_record;
}

static void after_job_header(struct rscs_sender *s)
{
    if (rscs_is_job(&s->file))
        s->state = RSCS_DATA;
    else
        begin_header(s, RSCS_DATA_SET);
}

void rscs_fill(struct rscs_link *l, unsigned stream, struct nje_writer *w)
{
    struct rscs_sender *s = &l->senders[stream];
    const uint8_t abort_record[] = {rcb_of(s, stream), NJE_SRCB_PLAIN, 0x40};
    if (!nje_fcs_permits(l->fcs, rcb_of(s, stream)))
        return;
    if (s->state == RSCS_JOB_HEADER && fill_header(s, stream, w, NJE_SRCB_JOB_HEADER))
        after_job_header(s);
    if (s->state == RSCS_DATA_SET && fill_header(s, stream, w, NJE_SRCB_DATA_SET))
        s->state = RSCS_DATA;
    while (s->state == RSCS_DATA && fill_data(l, stream, w))
        ;
    if (s->state == RSCS_TRAILER && fill_header(s, stream, w, NJE_SRCB_JOB_TRAILER))
        s->state = RSCS_END;
    if (s->state == RSCS_END && nje_write_record(w, rcb_of(s, stream), NJE_SRCB_PLAIN, "", 0))
        s->state = RSCS_WAITING;
    if (s->state == RSCS_ABORTING && nje_write_plain(w, abort_record, sizeof abort_record))
        give_back(l, stream, s->why);
}

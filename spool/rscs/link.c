/* The session of a link: enquiry, signon, blocks in their order, controls and messages.
 *
 * Both sides ask (SOH ENQ) when the line is there, since neither knows who has called.  The one
 * whose node's name is lower signs on; the other one answers. */
#include "spool/rscs/link.h"

#include "lib/str.h"

#define SEQUENCE 15 /* of block numbers: the mask */

void rscs_say(struct rscs_link *l, const char *format, ...)
{
    char text[133];
    va_list args;
    va_start(args, format);
    vfmt(text, sizeof text, format, args);
    va_end(args);
    l->calls->say(l->context, text);
}

static bool is_primary(const struct rscs_link *l)
{
    return strcmp(l->local, l->node) < 0;
}

static bool break_session(struct rscs_link *l, const char *why)
{
    rscs_say(l, "SESSION WITH %s IS BROKEN: %s", l->node, why);
    l->broken = true;
    l->why = why;
    return false;
}

/* --- the line --- */

void rscs_link_up(struct rscs_link *l)
{
    l->state = RSCS_OPENING;
    l->why = NULL;
    l->broken = l->ack = l->signon = l->response = l->signoff = false;
    l->asked = l->unanswered = false;
    l->enquiry = true;
    l->silent = 0;
    l->fcs = NJE_FCS_OPEN;
    l->session++;
    l->next_out = l->next_in = 0;
    l->control_count = l->message_count = 0;
    l->buffer = NJE_BLOCK_MIN;
}

void rscs_link_down(struct rscs_link *l)
{
    l->state = RSCS_DOWN;
    rscs_senders_lost(l);
    rscs_receivers_lost(l);
}

bool rscs_link_is_idle(const struct rscs_link *l)
{
    for (unsigned s = 0; s < RSCS_INCOMING; s++)
        if ((s < NJE_STREAMS && l->senders[s].state != RSCS_IDLE) || l->receivers[s].permitted)
            return false;
    return true;
}

void rscs_link_sign_off(struct rscs_link *l)
{
    l->signoff = true;
}

bool rscs_link_is_waiting(const struct rscs_link *l)
{
    return l->state == RSCS_OPENING ||
           (l->state == RSCS_SIGNED_ON && (l->unanswered || !rscs_link_is_idle(l)));
}

bool rscs_link_tick(struct rscs_link *l, uint32_t seconds)
{
    if (!rscs_link_is_waiting(l) || l->broken)
        return !l->broken;
    l->silent += seconds;
    if (!l->timeout || l->silent < l->timeout)
        return true;
    return break_session(l, "IT IS SILENT");
}

/* --- sending --- */

void rscs_control(struct rscs_link *l, enum nje_rcb rcb, uint8_t srcb)
{
    if (l->control_count == RSCS_CONTROLS) {
        break_session(l, "IT ASKS FOR MORE THAN CAN BE ANSWERED");
        return;
    }
    l->controls[l->control_count].rcb = (uint8_t)rcb;
    l->controls[l->control_count++].srcb = srcb;
}

bool rscs_link_message(struct rscs_link *l, const struct nje_nmr *n)
{
    if (l->state != RSCS_SIGNED_ON || l->message_count == RSCS_MESSAGES)
        return false;
    unsigned at = (l->first_message + l->message_count++) % RSCS_MESSAGES;
    l->messages[at].length = (uint8_t)nje_nmr_put(l->messages[at].bytes, n);
    return true;
}

static size_t put_signon(struct rscs_link *l, uint8_t *block, uint8_t kind)
{
    struct nje_control c = {.kind = kind, .qualifier = 1, .buffer_size = RSCS_BUFFER};
    uint8_t record[NJE_CONTROL_MAX];
    struct nje_writer w;
    str_copy(c.node, l->local, sizeof c.node);
    str_copy(c.line_password, l->password, sizeof c.line_password);
    nje_write_start(&w, block, NJE_BLOCK_MAX);
    nje_write_plain(&w, record, nje_control_put(record, &c));
    l->next_out = 0;
    return nje_write_end(&w, NJE_BCB_RESET, NJE_FCS_OPEN);
}

static void put_controls(struct rscs_link *l, struct nje_writer *w)
{
    unsigned n = 0;
    while (n < l->control_count &&
           nje_write_record(w, l->controls[n].rcb, l->controls[n].srcb, "", 0))
        n++;
    l->control_count -= n;
    memmove(l->controls, l->controls + n, l->control_count * sizeof *l->controls);
}

static void put_messages(struct rscs_link *l, struct nje_writer *w)
{
    while (l->message_count &&
           nje_write_record(w, NJE_RCB_NMR, 0, l->messages[l->first_message].bytes,
                            l->messages[l->first_message].length)) {
        l->first_message = (l->first_message + 1) % RSCS_MESSAGES;
        l->message_count--;
    }
}

/* A block is about one thing: controls, messages, or one stream's file, each of them in turn
 * (SA32-0988, "Function Control Sequence"). */
static void fill_block(struct rscs_link *l, struct nje_writer *w)
{
    put_controls(l, w);
    if (w->empty && nje_fcs_permits(l->fcs, NJE_RCB_NMR))
        put_messages(l, w);
    for (unsigned i = 0; i < NJE_STREAMS && w->empty; i++) {
        rscs_fill(l, l->turn, w);
        l->turn = (l->turn + 1) % NJE_STREAMS;
    }
}

static size_t put_data(struct rscs_link *l, uint8_t *block)
{
    static const uint8_t signoff[] = {NJE_RCB_CONTROL, NJE_SIGNOFF};
    struct nje_writer w;
    nje_write_start(&w, block, l->buffer);
    fill_block(l, &w);
    if (l->signoff && w.empty && nje_write_plain(&w, signoff, sizeof signoff)) {
        l->signoff = false;
        l->broken = true; /* behind this block */
        l->why = "DRAINED";
    }
    if (w.empty)
        return 0;
    l->ack = false;
    uint8_t bcb = (uint8_t)(NJE_BCB_COUNTED | l->next_out);
    l->next_out = (l->next_out + 1) & SEQUENCE;
    return nje_write_end(&w, bcb, NJE_FCS_OPEN);
}

/* True once: the thing is to be sent now. */
static bool take(bool *wanted)
{
    bool was = *wanted;
    *wanted = false;
    return was;
}

/* What is answered, if only by an acknowledgement. */
static size_t next_block(struct rscs_link *l, uint8_t *block)
{
    if (take(&l->enquiry))
        return nje_put_enquiry(block);
    if (take(&l->signon))
        return put_signon(l, block, NJE_SIGNON);
    if (take(&l->response))
        return put_signon(l, block, NJE_SIGNON_RESPONSE);
    if (l->state != RSCS_SIGNED_ON || l->fcs & NJE_FCS_WAIT)
        return 0;
    rscs_request_files(l);
    return put_data(l, block);
}

size_t rscs_link_send(struct rscs_link *l, uint8_t *block)
{
    if (l->state == RSCS_DOWN || l->broken)
        return 0;
    size_t n = next_block(l, block);
    if (n) {
        l->unanswered = true;
        return n;
    }
    return take(&l->ack) ? nje_put_ack(block) : 0;
}

/* --- receiving --- */

static bool signed_on(struct rscs_link *l, const struct nje_control *c)
{
    if (!str_equal(c->node, l->node))
        return break_session(l, "THE PARTNER HAS ANOTHER NAME");
    if (l->password[0] && strcmp(c->line_password, l->password) != 0)
        return break_session(l, "THE LINE PASSWORD IS WRONG");
    if (c->buffer_size < NJE_BLOCK_MIN)
        return break_session(l, "ITS BUFFER IS TOO SMALL");
    l->buffer = c->buffer_size < RSCS_BUFFER ? c->buffer_size : RSCS_BUFFER;
    if (l->state != RSCS_SIGNED_ON) {
        l->state = RSCS_SIGNED_ON;
        l->calls->signed_on(l->context);
    }
    return true;
}

static bool take_control(struct rscs_link *l, const struct nje_record *r)
{
    struct nje_control c;
    if (!nje_control_get(&c, r->data, r->length))
        return break_session(l, "A CONTROL RECORD IS WRONG");
    switch (c.kind) {
    case NJE_SIGNON:
        l->response = true;
        return signed_on(l, &c);
    case NJE_SIGNON_RESPONSE:
        return signed_on(l, &c);
    case NJE_SIGNOFF:
        rscs_say(l, "%s HAS SIGNED OFF", l->node);
        l->broken = true;
        l->why = "IT HAS SIGNED OFF";
        return false;
    default: /* of nodes elsewhere: routes are the configuration's here */
        return true;
    }
}

static void take_message(struct rscs_link *l, const struct nje_record *r)
{
    struct nje_nmr n;
    if (nje_nmr_get(&n, r->data, r->length))
        l->calls->message(l->context, &n);
}

/* Records that are about a stream name it by its RCB in their SRCB. */
static bool take_stream_control(struct rscs_link *l, const struct nje_record *r)
{
    static void (*const actions[])(struct rscs_link *, unsigned) = {
        [NJE_RCB_REQUEST >> 4] = rscs_requested, /* by a file that comes in */
        [NJE_RCB_PERMIT >> 4] = rscs_permitted,
        [NJE_RCB_CANCEL >> 4] = rscs_cancelled,
        [NJE_RCB_COMPLETE >> 4] = rscs_completed,
    };
    bool sysin;
    unsigned stream = nje_stream_number(r->srcb, &sysin), action = r->rcb >> 4;
    if (action >= sizeof actions / sizeof *actions || !actions[action])
        return true; /* READY: this side is always ready to ask again */
    if (!stream)
        return break_session(l, "A CONTROL RECORD NAMES NO STREAM");
    if (r->rcb == NJE_RCB_REQUEST)
        rscs_requested(l, stream - 1 + (sysin ? NJE_STREAMS : 0));
    else if (rscs_is_job(&l->senders[stream - 1].file) == sysin)
        actions[action](l, stream - 1);
    return true;
}

static bool take_record(struct rscs_link *l, const struct nje_record *r)
{
    bool sysin;
    unsigned stream = nje_stream_number(r->rcb, &sysin);
    if (r->rcb == NJE_RCB_CONTROL)
        return take_control(l, r);
    if (r->rcb == NJE_RCB_BCB_ERROR)
        return break_session(l, "IT MISSES A BLOCK");
    if (l->state != RSCS_SIGNED_ON)
        return break_session(l, "IT HAS NOT SIGNED ON");
    if (r->rcb == NJE_RCB_NMR)
        take_message(l, r);
    else if (!(r->rcb & 0x0f))
        return take_stream_control(l, r);
    else if (stream)
        rscs_take_record(l, stream - 1 + (sysin ? NJE_STREAMS : 0), r);
    return true;
}

/* Is this block the next one?  *again: it was here already. */
static bool is_next(struct rscs_link *l, uint8_t bcb, bool *again)
{
    uint8_t number = bcb & SEQUENCE, kind = bcb & 0xf0;
    *again = false;
    if (kind == NJE_BCB_IGNORE)
        return true;
    if (kind == NJE_BCB_RESET) {
        l->next_in = number;
        return true;
    }
    *again = number == ((l->next_in - 1) & SEQUENCE);
    if (*again)
        return true;
    bool next = number == l->next_in;
    l->next_in = (number + 1) & SEQUENCE;
    return next;
}

static bool take_block(struct rscs_link *l, struct nje_reader *reader)
{
    struct nje_record record;
    enum nje_record_result result;
    bool again;
    if (!is_next(l, reader->bcb, &again))
        return break_session(l, "A BLOCK IS MISSING");
    l->fcs = reader->fcs;
    l->ack = true;
    if (again)
        return true;
    while ((result = nje_read_record(reader, &record)) == NJE_RECORD)
        if (!take_record(l, &record) || l->broken)
            return false;
    return result == NJE_RECORDS_END || break_session(l, "A RECORD IS WRONG");
}

/* The partner has lost the session, though not the line. */
static void begin_anew(struct rscs_link *l)
{
    rscs_say(l, "%s BEGINS ANEW", l->node);
    rscs_link_down(l);
    rscs_link_up(l);
}

bool rscs_link_receive(struct rscs_link *l, const void *block, size_t length)
{
    struct nje_reader reader;
    if (l->state == RSCS_DOWN || l->broken)
        return false;
    l->unanswered = false;
    l->silent = 0;
    switch (nje_read_start(&reader, block, length)) {
    case NJE_BLOCK_ENQUIRY:
        if (l->state == RSCS_SIGNED_ON)
            begin_anew(l);
        l->ack |= !is_primary(l);
        return true;
    case NJE_BLOCK_ACK:
        l->signon |= l->state == RSCS_OPENING && !l->asked;
        l->asked = true;
        return true;
    case NJE_BLOCK_DATA:
        return take_block(l, &reader);
    case NJE_BLOCK_NAK:
        return break_session(l, "IT HAS NOT UNDERSTOOD");
    default:
        return break_session(l, "WHAT CAME IS NO BLOCK");
    }
}

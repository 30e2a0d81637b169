/* A link over a channel-to-channel adapter, real or virtual: blocks as on a binary-synchronous
 * line. Who has one announces it by CONTROL and, chained to it, WRITEs it; the other side gets
 * attention, senses the command and READs.  If both announce at once the adapter lets one through,
 * and the other one reads first.
 *
 * The enquiry is announced in basic mode, in which it waits for a partner who is not there yet; the
 * rest in extended mode, so that one who has gone is noticed.  While there is nothing to say an
 * acknowledgement goes from time to time, to see that. */
#include "spool/cms/rscs/rscs.h"

enum {
    WRITE = 0x01,
    READ = 0x02,
    CONTROL = 0x07,
    SENSE_COMMAND = 0x14,
    BASIC = 0x43,
    EXTENDED = 0xc3
};

#define TICK  2  /* seconds */
#define RETRY 5  /* after the partner was lost */
#define TAKES 8  /* in vain, one behind the other: the partner reads, too */
#define ALIVE 30 /* between two acknowledgements that only show that all is well */

static void send(struct circuit *c)
{
    uint8_t mode = c->link.state == RSCS_OPENING ? BASIC : EXTENDED;
    line_trace(c, "SENT", c->outgoing, c->outgoing_length);
    ccw_set(&c->ccws[0], mode, c->outgoing, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, 1);
    ccw_set(&c->ccws[1], CONTROL, c->outgoing, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, 1);
    ccw_set(&c->ccws[2], WRITE, c->outgoing, CCW_SUPPRESS_LENGTH, c->outgoing_length);
    line_start_io(c, c->ccws, LINE_WRITING);
}

/* The partner has something. */
static void take(struct circuit *c)
{
    ccw_set(&c->ccws[0], SENSE_COMMAND, &c->sensed, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, 1);
    ccw_set(&c->ccws[1], READ, c->block, CCW_SUPPRESS_LENGTH, NJE_BLOCK_MAX);
    line_start_io(c, c->ccws, LINE_TAKING);
}

/* The partner is lost; another session is tried for later. */
static void drop(struct circuit *c)
{
    line_lost(c);
    c->outgoing_length = 0;
    c->waited = 0;
    if (c->wanted)
        c->state = LINE_ENABLING;
    else
        line_ended(c);
}

/* Sends what there is, else does nothing until there is, or the partner has something. */
static void go_on(struct circuit *c)
{
    if (c->link.broken) {
        drop(c);
        return;
    }
    if (c->link.draining && rscs_link_is_idle(&c->link) && !c->link.signoff)
        rscs_link_sign_off(&c->link);
    if (c->outgoing_session != c->link.session)
        c->outgoing_length = 0;
    if (!c->outgoing_length)
        c->outgoing_length = rscs_link_send(&c->link, c->outgoing);
    c->outgoing_session = c->link.session;
    c->waited = 0;
    if (c->outgoing_length)
        send(c);
    else
        c->state = LINE_READING;
}

static void begin(struct circuit *c)
{
    rscs_link_up(&c->link);
    go_on(c);
}

static void start(struct circuit *c)
{
    if (!c->outgoing && !(c->outgoing = cms_alloc(NJE_BLOCK_MAX))) {
        rscs_operator("DMTCMX205E NO STORAGE FOR LINK %s", line_config(c)->name);
        c->wanted = false;
        return;
    }
    cms_start_io(line_config(c)->line, NULL); /* its attention is wanted from now on */
    begin(c);
}

static void work(struct circuit *c)
{
    if (c->state == LINE_READING)
        go_on(c);
}

static void stop(struct circuit *c, bool at_once)
{
    if (c->state == LINE_ENABLING)
        line_ended(c);
    else if (at_once || c->link.state == RSCS_OPENING)
        c->link.broken = true;
    if (c->state == LINE_READING)
        go_on(c);
    else if (c->link.broken && (c->state == LINE_WRITING || c->state == LINE_TAKING))
        line_halt(c, LINE_DROPPING);
}

/* The block is the partner's; or the partner's own came first, and this one waits. */
static void written(struct circuit *c, const struct cms_event *e)
{
    bool all = (e->last_ccw & 0x00ffffff) == (uint32_t)&c->ccws[3] &&
               (e->unit_status & UNIT_DEVICE_END) && !(e->unit_status & UNIT_BUSY);
    if (all)
        c->outgoing_length = 0;
    if (!all || (e->unit_status & UNIT_ATTENTION))
        take(c);
    else
        go_on(c);
}

static void taken(struct circuit *c, const struct cms_event *e)
{
    size_t n = NJE_BLOCK_MAX - e->residual;
    if ((e->last_ccw & 0x00ffffff) != (uint32_t)&c->ccws[2]) { /* an attention was before it */
        if (c->takes++ < TAKES)
            take(c);
        else
            drop(c);
        return;
    }
    c->takes = 0;
    c->state = LINE_WORKING;
    line_trace(c, "GOT ", c->block, n);
    rscs_link_receive(&c->link, c->block, n);
    if (e->unit_status & UNIT_ATTENTION)
        take(c);
    else
        go_on(c);
}

static void event(struct circuit *c, const struct cms_event *e)
{
    bool failed = (e->unit_status & UNIT_CHECK) || e->channel_status;
    bool attention = e->unit_status & UNIT_ATTENTION;
    if (c->state == LINE_STOPPED)
        return;
    /* It tells of a command whose answer is under way already. */
    if (e->unit_status == UNIT_ATTENTION && !e->channel_status &&
        (c->state == LINE_WRITING || c->state == LINE_TAKING))
        return;
    if (c->state == LINE_DROPPING || failed)
        drop(c);
    else if (c->state == LINE_WRITING)
        written(c, e);
    else if (c->state == LINE_TAKING)
        taken(c, e);
    else if (attention && c->state == LINE_ENABLING) { /* the partner is there again */
        rscs_link_up(&c->link);
        take(c);
    } else if (attention)
        take(c);
}

static uint32_t patience(const struct circuit *c)
{
    if (c->state == LINE_STOPPED)
        return 0;
    if (c->state == LINE_WRITING && c->link.state == RSCS_OPENING)
        return 0; /* the partner may come, whenever that is */
    return c->state == LINE_ENABLING || c->state == LINE_TAKING || rscs_link_is_waiting(&c->link)
               ? TICK
               : ALIVE;
}

static void tick(struct circuit *c, uint32_t seconds)
{
    if (!patience(c))
        return;
    c->waited += seconds;
    bool silent = !rscs_link_tick(&c->link, seconds);
    if (c->state == LINE_TAKING && c->waited >= RETRY) /* what was announced does not come */
        silent = true;
    if (c->state == LINE_ENABLING) {
        if (c->waited >= RETRY)
            begin(c);
    } else if (c->state == LINE_READING) {
        c->link.ack |= c->waited >= ALIVE;
        go_on(c);
    } else if (silent && (c->state == LINE_WRITING || c->state == LINE_TAKING)) {
        line_halt(c, LINE_DROPPING);
    }
}

const struct line_kind line_ctca = {start, stop, event, work, patience, tick};

/* A link over a binary-synchronous line, a 2703: ENABLE until the partner is there, then a READ
 * that waits behind a PREPARE, halted when there is something to write.  A line that is lost is
 * enabled anew. */
#include "spool/cms/rscs/rscs.h"

enum { WRITE = 0x01, READ = 0x02, PREPARE = 0x06, ENABLE = 0x27, DISABLE = 0x2f };

static void start(struct circuit *c, uint8_t command, uint32_t count, enum line_state state)
{
    ccw_set(&c->ccws[0], command, c->block, CCW_SUPPRESS_LENGTH, count);
    line_start_io(c, c->ccws, state);
}

static void enable(struct circuit *c)
{
    start(c, ENABLE, 1, LINE_ENABLING);
}

static void drop(struct circuit *c)
{
    line_lost(c);
    start(c, DISABLE, 1, LINE_DROPPING);
}

/* Sends what there is, else listens. */
static void go_on(struct circuit *c)
{
    if (c->link.broken) {
        drop(c);
        return;
    }
    if (c->link.draining && rscs_link_is_idle(&c->link) && !c->link.signoff)
        rscs_link_sign_off(&c->link);
    size_t n = rscs_link_send(&c->link, c->block);
    if (n) {
        line_trace(c, "SENT", c->block, n);
        start(c, WRITE, n, LINE_WRITING);
        return;
    }
    ccw_set(&c->ccws[0], PREPARE, c->block, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, 1);
    ccw_set(&c->ccws[1], READ, c->block, CCW_SUPPRESS_LENGTH, NJE_BLOCK_MAX);
    line_start_io(c, c->ccws, LINE_READING);
}

static void work(struct circuit *c)
{
    if (c->state == LINE_READING) /* else it is looked for anyway when the line is free */
        line_halt(c, LINE_HALTING);
}

static void stop(struct circuit *c, bool at_once)
{
    if (c->state == LINE_ENABLING || (at_once && c->state == LINE_READING))
        line_halt(c, LINE_DROPPING);
    else if (at_once)
        c->link.broken = true;
    else
        work(c);
}

/* The line was dropped; the partner may come again. */
static void dropped(struct circuit *c)
{
    if (c->link.state != RSCS_DOWN || c->ccws[0].command != DISABLE)
        drop(c);
    else if (c->wanted)
        enable(c);
    else
        line_ended(c);
}

/* A READ ended, or was halted in its PREPARE. */
static void have_read(struct circuit *c, const struct cms_event *e)
{
    bool was_read = (e->last_ccw & 0x00ffffff) == (uint32_t)&c->ccws[2];
    c->state = LINE_WORKING;
    if (was_read) {
        size_t n = NJE_BLOCK_MAX - e->residual;
        line_trace(c, "GOT ", c->block, n);
        rscs_link_receive(&c->link, c->block, n);
    }
    go_on(c);
}

static void event(struct circuit *c, const struct cms_event *e)
{
    bool failed = (e->unit_status & UNIT_CHECK) || e->channel_status;
    switch (c->state) {
    case LINE_DROPPING:
        dropped(c);
        return;
    case LINE_ENABLING:
        if (failed) {
            drop(c);
            return;
        }
        rscs_link_up(&c->link);
        go_on(c);
        return;
    case LINE_WRITING:
        if (failed)
            drop(c);
        else
            go_on(c);
        return;
    case LINE_READING:
    case LINE_HALTING:
        if (failed)
            drop(c);
        else
            have_read(c, e);
        return;
    default:
        return;
    }
}

#define TICK 2 /* seconds */

static uint32_t patience(const struct circuit *c)
{
    return rscs_link_is_waiting(&c->link) ? TICK : 0;
}

static void tick(struct circuit *c, uint32_t seconds)
{
    if (!rscs_link_tick(&c->link, seconds) &&
        (c->state == LINE_READING || c->state == LINE_WRITING))
        line_halt(c, LINE_DROPPING);
}

const struct line_kind line_bsc = {enable, stop, event, work, patience, tick};

/* A link's line, a 2703: ENABLE until the partner is there, then a READ that waits behind a
 * PREPARE, halted when there is something to write.  A line that is lost is enabled anew. */
#include "spool/cms/rscs/rscs.h"

enum { WRITE = 0x01, READ = 0x02, PREPARE = 0x06, ENABLE = 0x27, DISABLE = 0x2f };

static void set(struct ccw *ccw, uint8_t command, const void *at, uint8_t flags, uint32_t count)
{
    ccw->command = command;
    put24(&ccw->address, (uint32_t)at);
    ccw->flags = flags | CCW_SUPPRESS_LENGTH;
    ccw->unused = 0;
    put16(&ccw->count, count);
}

static void start(struct circuit *c, enum line_state state)
{
    unsigned line = c->rscs->config.links[c->number].line;
    int rc = cms_start_io(line, c->ccws);
    c->state = state;
    if (!rc)
        return;
    rscs_operator("DMTAXM200I I/O ERROR %03X: LINE IS NOT OPERATIONAL", line);
    c->state = LINE_STOPPED;
    c->wanted = false;
}

static void enable(struct circuit *c)
{
    set(&c->ccws[0], ENABLE, c->block, 0, 1);
    start(c, LINE_ENABLING);
}

static void disable(struct circuit *c)
{
    set(&c->ccws[0], DISABLE, c->block, 0, 1);
    start(c, LINE_DROPPING);
}

static void drop(struct circuit *c)
{
    const struct rscs_link_config *l = &c->rscs->config.links[c->number];
    if (c->link.state != RSCS_DOWN)
        rscs_tell("DMTNJE143I LINK %s LINE %03X DISCONNECTED", l->name, l->line);
    rscs_link_down(&c->link);
    disable(c);
}

/* TRACE: the beginning of a block, as it is on the line. */
static void trace(const struct circuit *c, const char *way, size_t length)
{
    char hex[65];
    size_t n = length < 32 ? length : 32;
    if (!c->traced)
        return;
    for (size_t i = 0; i < n; i++)
        fmt(hex + 2 * i, 3, "%02X", c->block[i]);
    hex[2 * n] = 0;
    rscs_operator("%s %s %04X: %s", c->rscs->config.links[c->number].name, way, (unsigned)length,
                  hex);
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
        trace(c, "SENT", n);
        set(&c->ccws[0], WRITE, c->block, 0, n);
        start(c, LINE_WRITING);
        return;
    }
    set(&c->ccws[0], PREPARE, c->block, CCW_CHAIN_COMMAND, 1);
    set(&c->ccws[1], READ, c->block, 0, NJE_BLOCK_MAX);
    start(c, LINE_READING);
}

void line_work(struct circuit *c)
{
    if (c->state != LINE_READING)
        return; /* it is looked for anyway when the line is free */
    cms_halt_io(c->rscs->config.links[c->number].line);
    c->state = LINE_HALTING;
}

void line_start(struct circuit *c)
{
    struct rscs_link_config *l = &c->rscs->config.links[c->number];
    struct rscs_link *link = &c->link;
    c->wanted = true;
    link->draining = false;
    if (c->state != LINE_STOPPED)
        return;
    str_copy(link->local, c->rscs->config.local, sizeof link->local);
    str_copy(link->node, l->node, sizeof link->node);
    str_copy(link->password, l->password, sizeof link->password);
    link->streams = l->streams;
    link->calls = &circuit_calls;
    link->context = c;
    rscs_cp("ATTACH %03X TO * AS %03X", l->line, l->line);
    rscs_operator("DMTNJE141I LINE %03X READY FOR CONNECTION TO LINK %s", l->line, l->name);
    enable(c);
}

void line_stop(struct circuit *c, bool at_once)
{
    c->wanted = false;
    c->link.draining = true;
    if (c->state == LINE_ENABLING || (at_once && c->state == LINE_READING)) {
        cms_halt_io(c->rscs->config.links[c->number].line);
        c->state = LINE_DROPPING;
    } else if (at_once) {
        c->link.broken = true;
    } else {
        line_work(c);
    }
}

/* The line was dropped; the partner may come again. */
static void dropped(struct circuit *c)
{
    if (c->link.state != RSCS_DOWN || c->ccws[0].command != DISABLE) {
        drop(c);
    } else if (c->wanted) {
        enable(c);
    } else {
        c->state = LINE_STOPPED;
        rscs_operator("DMTNJE570I LINK %s NOW DEACTIVATED", c->rscs->config.links[c->number].name);
    }
}

/* A READ ended, or was halted in its PREPARE. */
static void have_read(struct circuit *c, const struct cms_event *e)
{
    bool was_read = (e->last_ccw & 0x00ffffff) == (uint32_t)&c->ccws[2];
    c->state = LINE_WORKING;
    if (was_read) {
        size_t n = NJE_BLOCK_MAX - e->residual;
        trace(c, "GOT ", n);
        rscs_link_receive(&c->link, c->block, n);
    }
    go_on(c);
}

void line_event(struct circuit *c, const struct cms_event *e)
{
    bool failed = (e->unit_status & UNIT_CHECK) || e->channel_status;
    switch (c->state) {
    case LINE_STOPPED:
    case LINE_WORKING:
        return;
    case LINE_DROPPING:
        dropped(c);
        return;
    case LINE_ENABLING:
        if (failed) {
            disable(c);
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
    }
}

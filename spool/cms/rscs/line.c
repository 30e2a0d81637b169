/* A link's line, of whatever kind: its device, what is said of it, and who looks after it. */
#include "spool/cms/rscs/rscs.h"

#define ALREADY_DEFINED 122 /* CP's return code */

static const struct line_kind *kind_of(const struct circuit *c)
{
    static const struct line_kind *const kinds[RSCS_LINK_TYPES] = {
        [RSCS_NJE] = &line_bsc, [RSCS_CTCA] = &line_ctca, [RSCS_PRINTER] = &line_printer};
    return kinds[line_config(c)->type];
}

const struct rscs_link_config *line_config(const struct circuit *c)
{
    return &c->rscs->config.links[c->number];
}

bool line_attach(const struct circuit *c)
{
    unsigned line = line_config(c)->line;
    int rc = rscs_cp("ATTACH %03X TO * AS %03X", line, line);
    return !rc || rc == ALREADY_DEFINED;
}

bool line_start_io(struct circuit *c, const struct ccw *ccws, enum line_state state)
{
    unsigned line = line_config(c)->line;
    c->state = state;
    c->waited = 0;
    if (!cms_start_io(line, ccws))
        return true;
    rscs_operator("DMTAXM200I I/O ERROR %03X: LINE IS NOT OPERATIONAL", line);
    rscs_link_down(&c->link);
    c->wanted = false;
    c->state = LINE_STOPPED;
    return false;
}

void line_halt(struct circuit *c, enum line_state state)
{
    cms_halt_io(line_config(c)->line);
    c->state = state;
}

/* The operator is told once of what a partner does again and again, as it is called again. */
void line_lost(struct circuit *c)
{
    const struct rscs_link_config *l = line_config(c);
    bool was_connected = c->link.state == RSCS_SIGNED_ON;
    const char *why = c->link.why ? c->link.why : "THE LINE IS LOST";
    if (was_connected || (c->link.why && c->link.why != c->told))
        rscs_tell("DMTNJE143I LINK %s LINE %03X DISCONNECTED: %s", l->name, l->line, why);
    c->told = was_connected ? NULL : c->link.why;
    rscs_link_down(&c->link);
}

void line_ended(struct circuit *c)
{
    c->state = LINE_STOPPED;
    rscs_operator("DMTNJE570I LINK %s NOW DEACTIVATED", line_config(c)->name);
}

void line_trace(const struct circuit *c, const char *way, const uint8_t *block, size_t length)
{
    char hex[65];
    size_t n = length < 32 ? length : 32;
    if (!c->traced)
        return;
    for (size_t i = 0; i < n; i++)
        fmt(hex + 2 * i, 3, "%02X", block[i]);
    hex[2 * n] = 0;
    rscs_operator("%s %s %04X: %s", line_config(c)->name, way, (unsigned)length, hex);
}

void line_start(struct circuit *c)
{
    const struct rscs_link_config *l = line_config(c);
    struct rscs_link *link = &c->link;
    c->wanted = true;
    link->draining = false;
    if (c->state != LINE_STOPPED)
        return;
    str_copy(link->local, c->rscs->config.local, sizeof link->local);
    str_copy(link->node, l->node, sizeof link->node);
    str_copy(link->password, l->password, sizeof link->password);
    link->streams = l->streams;
    link->timeout = l->timeout;
    link->calls = &circuit_calls;
    link->context = c;
    line_attach(c);
    rscs_operator("DMTNJE141I LINE %03X READY FOR CONNECTION TO LINK %s", l->line, l->name);
    kind_of(c)->start(c);
}

void line_stop(struct circuit *c, bool at_once)
{
    c->wanted = false;
    c->link.draining = true;
    kind_of(c)->stop(c, at_once);
}

void line_event(struct circuit *c, const struct cms_event *e)
{
    kind_of(c)->event(c, e);
}

void line_work(struct circuit *c)
{
    kind_of(c)->work(c);
}

uint32_t line_patience(const struct circuit *c)
{
    return kind_of(c)->patience(c);
}

void line_tick(struct circuit *c, uint32_t seconds)
{
    kind_of(c)->tick(c, seconds);
}

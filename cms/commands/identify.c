/* IDENTIFY [(STACK|FIFO|LIFO|TYPE]: who, where and when, in one line. */
#include "cms/kit/cms.h"

#define MODULE "IDE"

enum { STACK, FIFO, LIFO, TYPE, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [STACK] = {"STACK", 5}, [FIFO] = {"FIFO", 4}, [LIFO] = {"LIFO", 4}, [TYPE] = {"TYPE", 4}};

static const char *const days[] = {"SUNDAY",   "MONDAY", "TUESDAY", "WEDNESDAY",
                                   "THURSDAY", "FRIDAY", "SATURDAY"};

int command_main(const struct cms_call *call)
{
    struct cms_identity id;
    struct cms_clock now;
    char line[CMS_LINE_MAX];
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (cms_operands_end(call) > 1)
        return cms_bad_operand(MODULE, call->token[1]);
    cms_identify(&id);
    cms_clock(&now);
    size_t n = fmt(line, sizeof(line), "%-8s AT %-8s VIA %-8s %.8s %.8s %-6s %s", id.userid,
                   id.node, id.rscs, now.date, now.time, id.zone, days[now.weekday]);
    if (found[STACK] || found[FIFO] || found[LIFO])
        cms_stack(line, n, found[LIFO] ? STACK_LIFO : STACK_FIFO);
    if (found[TYPE] || !(found[STACK] || found[FIFO] || found[LIFO]))
        cms_write(line, n);
    return RC_OK;
}

/* NUCXMAP [name] [(STACK FIFO LIFO]: which nucleus extensions there are. */
#include "cms/kit/cms.h"
#include "cms/kit/scblock.h"

#define MODULE "NXM"

enum { STACK, FIFO, LIFO, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [STACK] = {"STACK", 5}, [FIFO] = {"FIFO", 4}, [LIFO] = {"LIFO", 4}};

int command_main(const struct cms_call *call)
{
    struct scblock s;
    char line[CMS_LINE_MAX];
    const char *found[OPTIONS];
    bool any = false, one = cms_operands_end(call) > 1 && !cms_token_is(call, 1, "*");
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    bool stack = found[STACK] || found[FIFO] || found[LIFO];
    for (uint32_t i = 0; cms_extension(i, &s); i++) {
        if (one && memcmp(s.name, call->token[1], 8))
            continue;
        if (!any && !stack)
            cms_printf("NAME     ENTRY  USERWORD  ORIGIN BYTES   ATTRIBUTES");
        any = true;
        size_t n = fmt(line, sizeof(line), "%.8s %06X %08X  %06X %06X %s%s", s.name, s.entry,
                       s.user, s.origin, s.length, s.flags & SCBLOCK_SYSTEM ? " SYSTEM" : "",
                       s.flags & SCBLOCK_SERVICE ? " SERVICE" : "");
        if (stack)
            cms_stack(line, n, found[LIFO] ? STACK_LIFO : STACK_FIFO);
        else
            cms_write(line, n);
    }
    if (any)
        return RC_OK;
    if (one)
        return cms_error(RC_NOT_FOUND, "DMS" MODULE "616W %.8s DOES NOT EXIST", call->token[1]);
    return cms_error(RC_NOT_FOUND, "DMS" MODULE "617I NO NUCLEUS EXTENSIONS");
}

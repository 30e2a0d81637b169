/* SVCTRACE: while it is on, each supervisor call is shown to the nucleus extension of that name,
 * which prints it (cms/commands/svctrace.c).  Its own calls are not traced. */
#include "cms/kit/svctrace.h"
#include "cms/nucleus/nucleus.h"

static const char tracer[9] = "SVCTRACE";

static bool in_tracer(void)
{
    return !memcmp(nuc.program, tracer, 8);
}

/* Under CP what has been written so far is printed. */
static void close_printer(void)
{
    static const char line[] = "CLOSE 00E";
    uint32_t ignored;

    cp_command(line, sizeof(line) - 1, NULL, 0, &ignored);
}

void trace_off(void)
{
    bool was_on = nuc.sw.svc_trace != SVC_TRACE_OFF;

    nuc.sw.svc_trace = SVC_TRACE_OFF;
    if (was_on && !in_tracer())
        close_printer();
}

static void show(const struct interrupt_frame *frame, unsigned svc, uint32_t phase, uint32_t number)
{
    struct {
        char name[8], word[8];
        uint8_t fence[8];
        struct svc_trace trace;
    } list;
    const struct scblock *s = resident_find(RESIDENT_EXTENSION, tracer);

    if (!s) {
        nuc.sw.svc_trace = SVC_TRACE_OFF; /* it was dropped */
        return;
    }
    memcpy(list.name, tracer, 8);
    memcpy(list.word, "TRACE   ", 8);
    memset(list.fence, 0xff, 8);
    list.trace.phase = phase;
    list.trace.number = number;
    list.trace.depth = nuc.levels;
    list.trace.svc = svc;
    memcpy(list.trace.r, frame->r, sizeof(list.trace.r));
    memcpy(list.trace.psw, frame->psw, sizeof(list.trace.psw));
    resident_enter(s, 0, (uint32_t)CALL_SERVICE << 24 | (uint32_t)&list);
    if (nuc.sw.svc_trace == SVC_TRACE_OFF) /* HO while it printed */
        close_printer();
}

uint32_t trace_call(const struct interrupt_frame *frame, unsigned svc)
{
    if (nuc.sw.svc_trace != SVC_TRACE_ON || in_tracer())
        return 0;
    uint32_t number = ++nuc.svc_count;
    show(frame, svc, SVC_TRACE_CALL, number);
    return number;
}

void trace_return(const struct interrupt_frame *frame, unsigned svc, uint32_t number)
{
    if (!number || nuc.sw.svc_trace != SVC_TRACE_ON)
        return;
    show(frame, svc, SVC_TRACE_RETURN, number);
}

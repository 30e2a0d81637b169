/* OS/360's supervisor calls: OSSIM MODULE does them (cms/kit/simulation.h).  The nucleus brings it
 * into storage when a program makes the first one, so that those who do not need it do not pay for
 * it, and gives it what belongs to it: calls, program checks, the alarm, the program's end. */
#include "cms/nucleus/nucleus.h"
#include "s370/arch/codes.h"

/* The parameter list, in the program's storage. */
struct simulation_list {
    char name[8];
    uint8_t fence[8];
    struct os_call call;
};

static bool load(void)
{
    struct simulation *s = &nuc.os;
    struct cms_fileid id;
    struct cms_fileinfo info;
    struct loaded l;

    memcpy(id.fn, "OSSIM   ", 8);
    memcpy(id.ft, "MODULE  ", 8);
    memcpy(id.fm, "S ", 2);
    if (file_find(&id, &info) || load_module(&info.id, false, &l))
        return false;
    s->list = storage_get(sizeof(*s->list), OWNER_PROGRAM);
    if (!s->list) {
        storage_free((void *)l.origin, l.size);
        return false;
    }
    memcpy(s->list->name, id.fn, 8);
    memset(s->list->fence, 0xff, 8);
    s->entry = l.entry;
    s->origin = l.origin;
    s->size = l.size;
    s->level = nuc.levels;
    return true;
}

static enum os_answer enter(unsigned function, struct interrupt_frame *frame)
{
    struct os_call *call = &nuc.os.list->call;

    call->function = function;
    memcpy(call->r, frame->r, sizeof(call->r));
    memcpy(call->psw, frame->psw, sizeof(call->psw));
    call->return_at = (uint32_t)return_svc;
    call->begin = nuc.os.origin;
    call->end = nuc.os.origin + nuc.os.size;
    nuc.os.busy = true;
    int answer = enter_program(nuc.os.entry, nuc.os.list->name, 0,
                               (uint32_t)CALL_SIMULATION << 24 | (uint32_t)nuc.os.list);
    nuc.os.busy = false;
    if (answer == OS_DONE) {
        memcpy(frame->r, call->r, sizeof(call->r));
        memcpy(frame->psw, call->psw, sizeof(call->psw));
        if (frame->psw[1] & PSW_WAIT)
            clock_wait_begins();
    }
    return (enum os_answer)answer;
}

bool simulation_svc(unsigned number, struct interrupt_frame *frame)
{
    /* Its own calls are CMS's; one of OS's from within ends in a message. */
    if (!nuc.os.entry && !load())
        return false;
    switch (enter(number, frame)) {
    case OS_DONE:
        return true;
    case OS_GIVE_UP:
        nuc.sw.typing_halted = 0;
        if (!debug_after_abend(frame))
            abend_give_up();
        return true;
    default:
        return false;
    }
}

static bool inside(const struct interrupt_frame *frame)
{
    uint32_t at = load_be24(frame->psw + 5);

    return nuc.os.busy || at < MODULE_USER_AREA || at - nuc.os.origin < nuc.os.size;
}

bool simulation_program_check(struct interrupt_frame *frame)
{
    if (!nuc.os.entry || inside(frame))
        return false;
    switch (enter(OS_PROGRAM_CHECK, frame)) {
    case OS_DONE:
        return true;
    default:
        return false;
    }
}

/* A moment when the program itself does not run is no moment for its exit. */
#define ALARM_AGAIN_US 1000

void simulation_alarm(struct interrupt_frame *frame)
{
    if (!nuc.os.entry) {
        clock_alarm(0);
        return;
    }
    if (inside(frame)) {
        clock_alarm_in(ALARM_AGAIN_US);
        return;
    }
    clock_alarm(0);
    if (enter(OS_ALARM, frame) == OS_GIVE_UP)
        nuc.halt_program = true;
}

void simulation_end(void)
{
    struct interrupt_frame frame;

    if (!nuc.os.entry || nuc.os.busy || nuc.os.level <= nuc.levels)
        return;
    memset(&frame, 0, sizeof(frame));
    nuc.os.level = 0;
    enter(OS_END, &frame);
    clock_alarm(0);
    storage_free(nuc.os.list, sizeof(*nuc.os.list));
    storage_free((void *)nuc.os.origin, nuc.os.size);
    memset(&nuc.os, 0, sizeof(nuc.os));
}

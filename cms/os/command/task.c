/* Going somewhere and coming back: what a routine of the program, called by the simulation, returns
 * to (SVC 3), abnormal ends, and the exits for program interruptions and abnormal ends. */
#include "cms/os/command/os.h"

bool context_call(struct os_call *c, enum context_kind kind, uint32_t routine)
{
    if (os.depth == CONTEXTS)
        return false;
    struct context *x = &os.contexts[os.depth++];
    x->kind = (uint8_t)kind;
    memcpy(x->r, c->r, sizeof(x->r));
    memcpy(x->psw, c->psw, sizeof(x->psw));
    c->r[14] = (uint32_t)context_return;
    c->r[15] = routine;
    os_go(c, routine);
    return true;
}

/* SPIE's exit has returned: registers 14 to 2 and the PSW as they are in the PIE now. */
static void after_spie(struct os_call *c, const struct context *x)
{
    memcpy(c->psw, x->psw, sizeof(c->psw));
    /* The exit may choose where to go on, condition code and program mask. */
    memcpy(c->psw + 4, os.pie.psw + 4, 4);
    c->r[14] = get32(os.pie.r14);
    c->r[15] = get32(os.pie.r15);
    c->r[0] = get32(os.pie.r0);
    c->r[1] = get32(os.pie.r1);
    c->r[2] = get32(os.pie.r2);
}

static void type_abend(uint32_t code, uint32_t at)
{
    unsigned system = code >> 12 & 0xfff, user = code & 0xfff;

    if (system)
        cms_error(0, "DMSABN148T SYSTEM ABEND %03X CALLED FROM %06X.", system, at);
    else
        cms_error(0, "DMSSAB155T USER ABEND %04u CALLED FROM %06X.", user, at);
}

/* STAE's exit says in R15: 4 retry at R0; else the end. */
static enum os_answer after_stae(struct os_call *c, const struct context *x)
{
    if (c->r[15] != 4) {
        type_abend(x->r[1], load_be24(x->psw + 5) - 2);
        return OS_GIVE_UP;
    }
    uint32_t retry = os_address(c->r[0]);
    os.depth = 0;
    c->r[1] = (uint32_t)os.stae_work;
    c->r[15] = retry;
    c->r[14] = c->return_at;
    os_go(c, retry);
    return OS_DONE;
}

enum os_answer os_exit(struct os_call *c)
{
    uint32_t r0 = c->r[0], r1 = c->r[1], r15 = c->r[15];

    if (!os.depth) { /* the program itself ends so */
        os_go(c, c->return_at);
        return OS_DONE;
    }
    const struct context *x = &os.contexts[--os.depth];
    switch (x->kind) {
    case CONTEXT_SPIE:
        after_spie(c, x);
        return OS_DONE;
    case CONTEXT_STAE:
        return after_stae(c, x);
    default:
        break;
    }
    memcpy(c->r, x->r, sizeof(c->r));
    memcpy(c->psw, x->psw, sizeof(c->psw));
    if (x->kind == CONTEXT_LINK) {
        c->r[0] = r0;
        c->r[1] = r1;
        c->r[15] = r15;
    }
    return x->kind == CONTEXT_OPEN ? open_go_on(c) : OS_DONE;
}

/* What STAE's exit finds: OS/VS1 Supervisor Services, "STAE work area". */
static void fill_work_area(const struct os_call *c)
{
    uint32_t *w = os.stae_work;

    memset(w, 0, sizeof(os.stae_work));
    w[0] = os.stae_list;
    w[1] = c->r[1];
    memcpy(&w[2], c->psw, sizeof(c->psw));
    memcpy(&w[4], c->psw, sizeof(c->psw));
    memcpy(&w[6], c->r, sizeof(c->r));
}

#define NO_IO_ACTIVE 8

/* R1: dump and step flags, system code (12 bits), user code (12). */
enum os_answer os_abend(struct os_call *c)
{
    uint32_t exit = os.stae_exit, at = os_caller(c);

    os.stae_exit = 0;
    /* An access method's: what counts is the program that called it. */
    if (at - c->begin < c->end - c->begin)
        at = os.caller;
    if (!exit) {
        type_abend(c->r[1], at);
        return OS_GIVE_UP;
    }
    fill_work_area(c);
    os_go(c, at + 2);
    if (!context_call(c, CONTEXT_STAE, exit))
        return OS_GIVE_UP;
    c->r[0] = NO_IO_ACTIVE;
    c->r[1] = (uint32_t)os.stae_work;
    return OS_DONE;
}

enum os_answer abend_system(struct os_call *c, unsigned code)
{
    c->r[1] = (uint32_t)code << 12;
    return os_abend(c);
}

enum { STAE_CREATE = 0, STAE_CANCEL = 4, STAE_OVERLAY = 8 };

/* R0: what to do; R1 -> exit, its parameters.  One exit at a time. */
enum os_answer os_stae(struct os_call *c)
{
    const uint32_t *list = (const uint32_t *)os_address(c->r[1]);
    uint32_t what = c->r[0];

    c->r[15] = 0;
    if (what == STAE_CANCEL || !os_address(c->r[1])) {
        c->r[15] = os.stae_exit ? 0 : 8;
        os.stae_exit = 0;
        return OS_DONE;
    }
    if (what != STAE_CREATE && what != STAE_OVERLAY)
        return OS_NOT_MINE;
    os.stae_exit = os_address(list[0]);
    os.stae_list = os_address(list[1]);
    return OS_DONE;
}

/* The program mask of what is interrupted is the PICA's. */
enum os_answer os_spie(struct os_call *c)
{
    struct pica *before = os.pica;

    os.pica = (struct pica *)os_address(c->r[1]);
    c->psw[4] = (uint8_t)((c->psw[4] & 0xf0) | (os.pica ? os.pica->mask & 0x0f : 0));
    c->r[1] = (uint32_t)before;
    return OS_DONE;
}

enum os_answer os_program_check(struct os_call *c)
{
    unsigned code = load_be16(c->psw + 2);
    bool in_exit = os.depth && os.contexts[os.depth - 1].kind == CONTEXT_SPIE;

    if (!os.pica || in_exit || code > 15 || !(get16(os.pica->interruptions) & 0x8000u >> code))
        return OS_NOT_MINE;
    put32(&os.pie.pica, (uint32_t)os.pica);
    memcpy(os.pie.psw, c->psw, sizeof(c->psw));
    put32(&os.pie.r14, c->r[14]);
    put32(&os.pie.r15, c->r[15]);
    put32(&os.pie.r0, c->r[0]);
    put32(&os.pie.r1, c->r[1]);
    put32(&os.pie.r2, c->r[2]);
    if (!context_call(c, CONTEXT_SPIE, get24(os.pica->exit)))
        return OS_NOT_MINE;
    c->r[1] = (uint32_t)&os.pie;
    return OS_DONE;
}

/* STIMER's time is over: its exit, between two instructions of the program. */
enum os_answer os_alarm(struct os_call *c)
{
    uint32_t routine = os.alarm_exit;

    os.alarm = 0;
    os.alarm_exit = 0;
    if (!routine)
        return OS_DONE;
    return context_call(c, CONTEXT_ALARM, routine) ? OS_DONE : OS_GIVE_UP;
}

/* Start types: see cp/recover.h.  Source: VM/370 Operator's Guide, GC20-1806, "Starting the
 * system". */
#include "cp/recover.h"

#include "cp/commands/state.h"
#include "cp/lowstor.h"
#include "cp/spool/cpspool.h"
#include "cp/sysres.h"
#include "cp/text/clock.h"
#include "cp/text/operands.h"
#include "lib/str.h"

#define CONSOLE_READ 0x0a /* 3215: read inquiry */
#define PARM_SIZE    48   /* what the loader leaves of the registers */

/* An answer, or a PARM. */
struct answer {
    bool ask;     /* PROMPT */
    bool shut;    /* SHUTDOWN */
    bool restart; /* RESTART: CP itself has given the PARM, after a failure or for SHUTDOWN REIPL */
    bool drain;
    enum start_kind kind;
};

static const char *const names[] = {"WARM", "CKPT", "FORCE", "COLD"};

/* [COLD|WARM|CKPT|FORCE] [DRAIN], SHUTDOWN, or PROMPT; false if it is none of these. */
static bool parse(const char *text, struct answer *answer)
{
    char word[WORD_SIZE];
    bool known = false;
    while (str_word(&text, word, sizeof word)) {
        known = false;
        for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
            if (str_abbrev(word, names[i], 2)) {
                answer->kind = i;
                known = true;
            }
        if (str_abbrev(word, "DRAIN", 2))
            known = answer->drain = true;
        else if (str_abbrev(word, "SHUTDOWN", 4))
            known = answer->shut = true;
        else if (str_equal(word, "PROMPT"))
            known = answer->ask = true;
        else if (str_equal(word, "RESTART"))
            known = answer->restart = true;
        if (!known)
            return false;
    }
    return known;
}

static enum start_kind usual(void)
{
    return get32(cp.sysres->state) == SYSRES_SHUT ? START_WARM : START_CKPT;
}

/* What the registers had at IPL is a PARM if it reads like one. */
static struct answer from_parm(void)
{
    char parm[PARM_SIZE + 1];
    struct answer answer = {.kind = usual()};
    memcpy(parm, low_ipl_gr, PARM_SIZE);
    parm[PARM_SIZE] = 0;
    if (!parse(parm, &answer))
        answer = (struct answer){.kind = usual()};
    return answer;
}

static bool read_line(char *line, size_t size)
{
    struct rdev *console = cp.console_address ? rdev_find(cp.console_address) : NULL;
    struct ioreq request;
    struct ccw ccw;
    if (!console)
        return false;
    ccw_set(&ccw, CONSOLE_READ, line, CCW_SUPPRESS_LENGTH, (uint16_t)(size - 1));
    rio_run(console, &ccw, &request);
    if (request.cc || request.csw.unit_status & UNIT_CHECK)
        return false;
    line[size - 1 - get16(request.csw.count)] = 0;
    return true;
}

/* Asks until the answer is one.  Without a console nobody can: CP does what it would have done. */
static struct answer ask(void)
{
    char line[WORD_SIZE * 2], time[CLOCK_TIME_SIZE];
    for (;;) {
        struct answer answer = {.kind = START_WARM};
        clock_format_time(time, tod_now());
        early_printf("%s START ((COLD|WARM|CKPT|FORCE) (DRAIN))|(SHUTDOWN):", time);
        if (!read_line(line, sizeof line))
            return (struct answer){.kind = usual()};
        if (!*line || parse(line, &answer))
            return answer;
        early_printf("DMKCPI002E INVALID OPERAND - %s", line);
    }
}

/* True if the system is up with it. */
static bool start(const struct answer *answer)
{
    if (answer->kind == START_WARM && get32(cp.sysres->state) != SYSRES_SHUT) {
        early_printf("DMKWRM920W NO WARM START DATA; CKPT START FOR RETRY");
        return false;
    }
    if (spool_load(answer->kind))
        return true;
    early_printf("THESE SPOOL FILES CANNOT BE RESTORED; FORCE START FOR RETRY LOSES THEM");
    return false;
}

static void restore_held(void)
{
    for (uint32_t i = 0; i < get32(cp.sysres->held_count); i++) {
        char userid[USERID_SIZE];
        str_unpad(userid, cp.sysres->held[i].userid, 8);
        spool_hold(userid, cp.sysres->held[i].kinds);
    }
}

void recover(void)
{
    struct answer answer = from_parm();
    spool_init_state();
    if (answer.restart)
        early_printf("datbox CP SYSTEM RESTART");
    if (answer.ask)
        answer = ask();
    while (!answer.shut && !start(&answer))
        answer = ask();
    if (answer.shut) {
        early_printf("DMKCPI961W SYSTEM SHUTDOWN COMPLETE");
        halt_machine(PANIC_SHUTDOWN);
    }
    cp.start_kind = answer.kind;
    if (answer.kind == START_WARM)
        restore_held();
    sysres_write(SYSRES_RUNNING);
    spool_begin(names[answer.kind], answer.drain);
}

_Static_assert(SYSRES_LINES == LOGMSG_LINES && LOGMSG_SIZE == 80, "a LOGMSG fits into the record");

void recover_logmsg(void)
{
    if (cp.start_kind != START_WARM)
        return;
    cp.commands->logmsg_tod = get64(cp.sysres->logmsg_tod);
    for (int i = 0; i < LOGMSG_LINES; i++)
        str_copy(cp.commands->logmsg[i], cp.sysres->logmsg[i], LOGMSG_SIZE);
}

bool recover_save(void)
{
    struct sysres *s = cp.sysres;
    uint32_t held = 0;
    put64(&s->logmsg_tod, cp.commands->logmsg_tod);
    memcpy(s->logmsg, cp.commands->logmsg, sizeof s->logmsg);
    LIST_EACH(it, &cp.spool->held)
    {
        const struct held_user *h = LIST_ENTRY(it, struct held_user, link);
        if (held == SYSRES_HELD)
            break;
        str_pad(s->held[held].userid, h->userid, 8);
        s->held[held++].kinds = h->kinds;
    }
    put32(&s->held_count, held);
    return sysres_write(SYSRES_SHUT);
}

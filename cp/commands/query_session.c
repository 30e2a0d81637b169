/* QUERY of users, times and settings. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/session.h"
#include "cp/text/operands.h"
#include "lib/str.h"

static const char *on_off(bool on)
{
    return on ? "ON " : "OFF";
}

int query_logmsg(struct vmblok *vm, const char *operands)
{
    if (!cp.commands->logmsg_tod)
        cp_printf(vm, "THERE IS NO LOGMSG");
    else
        session_logmsg(vm);
    return 0;
}

/* "CMSUSER  - 0C0", or DSC for the disconnected. */
static size_t name_and_line(char *to, size_t size, const struct vmblok *vm)
{
    char line[8] = "DSC", name[USERID_SIZE];
    if (vm->terminal)
        fmt(line, sizeof line, "%03X", vm->terminal->rdev->address);
    if (vm->logged_on)
        str_copy(name, vm->userid, sizeof name);
    else
        fmt(name, sizeof name, "LOGON%s", line);
    return fmt(to, size, "%-8s - %s", name, line);
}

int query_names(struct vmblok *vm, const char *operands)
{
    char line[80];
    size_t used = 0;
    unsigned n = 0;
    LIST_EACH(it, &cp.vms)
    {
        struct vmblok *user = LIST_ENTRY(it, struct vmblok, link);
        if (!user->logged_on && !user->terminal)
            continue;
        if (n && n % 4 == 0) {
            cp_printf(vm, "%s,", line);
            used = 0;
        }
        if (used)
            used += fmt(line + used, sizeof line - used, ", ");
        used += name_and_line(line + used, sizeof line - used, user);
        n++;
    }
    cp_printf(vm, "%s", line);
    return 0;
}

int query_users(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE], line[24];
    if (!str_word(&operands, word, sizeof word)) {
        cp_printf(vm, "%03u USERS, %03u DIALED, 000 NET", (unsigned)cp.commands->users,
                  terminals_dialed());
        return 0;
    }
    if (!operand_userid(word, userid))
        return error_userid(vm, "CQG");
    struct vmblok *user = vm_find(userid);
    if (!user)
        return error_not_logged_on(vm, "CQG", userid);
    name_and_line(line, sizeof line, user);
    cp_printf(vm, "%s", line);
    return 0;
}

int query_time(struct vmblok *vm, const char *operands)
{
    char stamp[CLOCK_STAMP_SIZE];
    clock_format_stamp(stamp, tod_now());
    cp_printf(vm, "TIME IS %s", stamp);
    session_times(vm);
    return 0;
}

int query_set(struct vmblok *vm, const char *operands)
{
    const struct vm_settings *set = &vm->set;
    const char *emsg = set->emsg_code   ? (set->emsg_text ? "ON " : "CODE")
                       : set->emsg_text ? "TEXT"
                                        : "OFF";
    const char *timer = vm->options & OPTION_REALTIMER ? "REAL" : on_off(set->timer);
    cp_printf(vm, "MSG %s, WNG %s, EMSG %s, ACNT %s, RUN %s", on_off(set->msg), on_off(set->wng),
              emsg, on_off(set->acnt), on_off(set->run));
    cp_printf(vm, "LINEDIT %s, TIMER %s, ISAM %s, ECMODE %s", on_off(set->linedit), timer,
              on_off(vm->options & OPTION_ISAM), on_off(vm->options & OPTION_ECMODE));
    cp_printf(vm, "ASSIST OFF, PAGEX %s, AUTOPOLL OFF", on_off(set->pagex));
    cp_printf(vm, "IMSG %s, SMSG %s, AFFINITY NONE, NOTRAN OFF", on_off(set->imsg),
              on_off(set->smsg));
    return 0;
}

static const char *shown(char *to, uint8_t c)
{
    str_copy(to, "OFF", 4);
    if (c) {
        to[0] = (char)c;
        to[1] = 0;
    }
    return to;
}

int query_terminal(struct vmblok *vm, const char *operands)
{
    const struct vm_settings *set = &vm->set;
    char a[4], b[4], c[4], d[4], e[4], size[8] = "OFF";
    if (set->linesize)
        fmt(size, sizeof size, "%03u", set->linesize);
    cp_printf(vm, "LINEND %s, LINEDEL %s, CHARDEL %s, ESCAPE %s, TABCHAR %s",
              shown(a, set->lineend), shown(b, set->linedel), shown(c, set->chardel),
              shown(d, set->escape), shown(e, set->tabchar));
    cp_printf(vm, "LINESIZE %s, ATTN OFF, APL OFF, TEXT OFF, MODE %s", size,
              set->attn_vm ? "VM" : "CP");
    cp_printf(vm, "MORE %03u %03u, HOLD %s, HILIGHT %s, TIMESTAMP %s", set->more_first,
              set->more_second, on_off(set->hold), on_off(set->hilight), on_off(set->timestamp));
    cp_printf(vm, "CONMODE %s, BREAKIN %s", set->conmode_3270 ? "3270" : "3215",
              set->breakin_guest ? "GUESTCTL" : "IMMED");
    return 0;
}

int query_userid(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "%s", vm->userid);
    return 0;
}

int query_priv(struct vmblok *vm, const char *operands)
{
    char letters[9], *to = letters;
    for (int i = 0; i < 8; i++)
        if (vm->classes & CLASS_BIT(i))
            *to++ = CLASS_LETTERS[i];
    *to = 0;
    cp_printf(vm, "PRIVILEGE CLASSES %s", letters);
    return 0;
}

int query_cplevel(struct vmblok *vm, const char *operands)
{
    char stamp[CLOCK_STAMP_SIZE];
    clock_format_stamp(stamp, cp.ipl_tod);
    cp_printf(vm, "datbox CP, IPL AT %s", stamp);
    return 0;
}

int query_cpuid(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "CPUID = FF%06X%04X0000", (unsigned)vm->serial & 0xffffff, vm->cpu_id);
    return 0;
}

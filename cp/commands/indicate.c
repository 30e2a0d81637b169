/* INDICATE: the load of the system, and what a user uses. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/guest.h"
#include "cp/text/operands.h"
#include "lib/str.h"

/* Of 100, without a 64-bit division. */
static unsigned percent(uint64_t part, uint64_t whole)
{
    while (whole >= 1 << 24) {
        whole >>= 1;
        part >>= 1;
    }
    return whole ? (unsigned)((uint32_t)part * 100 / (uint32_t)whole) : 0;
}

static int indicate_load(struct vmblok *vm)
{
    unsigned queues[QUEUE_COUNT] = {0};
    LIST_EACH(it, &cp.vms)
    {
        struct task *task = LIST_ENTRY(it, struct vmblok, link)->task;
        if (task && task->state != TASK_SLEEPING)
            queues[task->queue]++;
    }
    uint64_t up = tod_now() - cp.ipl_tod;
    cp_printf(vm, "CPU-%03u%% Q1-%02u Q2-%02u STORAGE-%03u%% RATIO-1.0",
              percent(up - cp.idle_time, up), queues[QUEUE_1], queues[QUEUE_2],
              percent(cp.frame_count - cp.frames_free, cp.frame_count));
    return 0;
}

static int indicate_user(struct vmblok *vm, struct vmblok *user)
{
    char virtual[CLOCK_CPU_SIZE], total[CLOCK_CPU_SIZE];
    uint32_t resident, on_disk;
    guest_page_counts(user, &resident, &on_disk);
    clock_format_cpu(virtual, user->virtual_time >> TOD_MICROSECONDS);
    clock_format_cpu(total, user->task->total >> TOD_MICROSECONDS);
    cp_printf(vm, "USERID=%-8s PAGES: RES-%04u DISK-%04u READS=%06u WRITES=%06u", user->userid,
              (unsigned)resident, (unsigned)on_disk, (unsigned)user->count.page_reads,
              (unsigned)user->count.page_writes);
    cp_printf(vm, "VTIME=%s TTIME=%s SIO=%06u RDR-%06u PRT-%06u PCH-%06u", virtual, total,
              (unsigned)user->count.sio, (unsigned)user->count.cards_read,
              (unsigned)user->count.lines_printed, (unsigned)user->count.cards_punched);
    cp_printf(vm, "SIMULATED: PRIV-%06u DIAG-%06u SVC-%06u", (unsigned)user->count.privops,
              (unsigned)user->count.diagnoses, (unsigned)user->count.svcs);
    return 0;
}

int command_indicate(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    struct vmblok *user = vm;
    if (!str_word(&operands, word, sizeof word) || str_abbrev(word, "LOAD", 4))
        return indicate_load(vm);
    if (!str_abbrev(word, "USER", 4))
        return error_operand(vm, "IND", word);
    if (str_word(&operands, word, sizeof word) && !str_equal(word, "*")) {
        if (!(vm->classes & CLASS_E))
            return error_operand(vm, "IND", word);
        if (!operand_userid(word, userid))
            return error_userid(vm, "IND");
        user = vm_find(userid);
        if (!user)
            return error_not_logged_on(vm, "IND", userid);
    }
    return indicate_user(vm, user);
}

/* Working sets, the eligible list, shares of the CPU: see cp/sched.h. */
#include "cp/sched.h"

#include "cp/monitor/monitor.h"
#include "cp/state.h"
#include "cp/text/clock.h"

/* A newcomer gets in if so many eighths of his working set fit: some of it may be a guess. */
#define FIT_EIGHTHS 6
/* What SET FAVORED promises is measured over about so long. */
#define SHARE_PERIOD TOD_MILLISECONDS(2000)
/* How long past the deadline of a user is who did not get his share: before queue 1, too. */
#define LONG_PAST TOD_MILLISECONDS(5000)

uint32_t sched_room(void)
{
    uint32_t ours = cp.frames_cp + cp.frame_reserve + cp.frames_locked;
    return ours < cp.frame_count ? cp.frame_count - ours : 0;
}

bool sched_admit(struct vmblok *vm)
{
    if (vm->in_set)
        return true;
    if (cp.set_pages && !vm->favored &&
        cp.set_pages + vm->working_set * FIT_EIGHTHS / 8 > sched_room()) {
        vm->eligible = true;
        cp.eligible++;
        MONITOR_CALL(MONITOR_SCHEDULE, SCHEDULE_ELIGIBLE, vm);
        task_sleep(vm);
        vm->eligible = false;
        cp.eligible--;
        return false;
    }
    vm->brought = 0;
    vm->in_set = vm->working_set ? vm->working_set : 1;
    cp.set_pages += vm->in_set;
    MONITOR_CALL(MONITOR_SCHEDULE, SCHEDULE_ADD, vm);
    return true;
}

/* There may be room for one of those that wait. */
static void wake_eligible(void)
{
    LIST_EACH(it, &cp.vms)
    {
        struct vmblok *vm = LIST_ENTRY(it, struct vmblok, link);
        if (vm->eligible)
            task_wake(vm);
    }
}

void sched_drop(struct vmblok *vm)
{
    if (!vm->in_set)
        return;
    cp.set_pages -= vm->in_set;
    vm->in_set = 0;
    /* What came in has been used; what is there may have been.  Under pressure only the first says
     * much. */
    uint32_t used = vm->resident > vm->brought ? vm->resident : vm->brought;
    vm->working_set = used > vm->working_set ? used : (vm->working_set + used + 1) / 2;
    MONITOR_CALL(MONITOR_SCHEDULE, SCHEDULE_DROP, vm);
    MONITOR_CALL(MONITOR_SYSPROF, SYSPROF_DROP, vm);
    if (cp.eligible)
        wake_eligible();
}

void sched_page_in(struct vmblok *vm)
{
    if (!vm->in_set)
        return;
    if (++vm->brought > vm->in_set && vm->in_set < sched_room()) {
        vm->in_set++;
        cp.set_pages++;
    }
    if (cp.set_pages <= sched_room() || cp.set_pages == vm->in_set || vm->favored)
        return;
    sched_drop(vm);
    /* How much it needs has not shown yet: more than it has got. */
    vm->working_set = 2 * vm->working_set < sched_room() ? 2 * vm->working_set : sched_room();
}

void sched_leave(const struct task *task)
{
    if (task->vm && task->state == TASK_SLEEPING && !task->vm->page_wait)
        sched_drop(task->vm);
}

/* Has it got less CPU time than SET FAVORED promises?  Begins a new measurement now and then. */
static bool lacks_share(struct vmblok *vm)
{
    uint64_t now = tod_now(), passed = now - vm->share_from,
             used = vm->task->total - vm->share_total;
    bool lacks = (uint32_t)(used >> TOD_MICROSECONDS) * 100 <
                 (uint32_t)(passed >> TOD_MICROSECONDS) * vm->favored_share;
    if (passed > SHARE_PERIOD) {
        vm->share_from = now;
        vm->share_total = vm->task->total;
    }
    return lacks && passed < 2 * SHARE_PERIOD;
}

uint64_t sched_deadline(const struct task *task)
{
    struct vmblok *vm = task->vm;
    if (!vm)
        return tod_now() + TOD_MILLISECONDS(4) * 50;
    if (vm->favored_share && vm->task == task && lacks_share(vm))
        return tod_now() - LONG_PAST;
    return tod_now() + TOD_MILLISECONDS(4) * vm->priority + vm->usage;
}

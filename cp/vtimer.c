/* Virtual timers.  The interval timer and the CPU timer run with the guest's CPU time; with
 * OPTION REALTIMER also while it waits.  The TOD clock is the machine's: STCK is not
 * privileged. */
#include "cp/guest.h"
#include "cp/state.h"
#include "cp/vmrun.h"
#include "s370/arch/control.h"
#include "s370/arch/lowcore.h"
#include "s370/arch/psw.h"

#define INTERVAL_TIMER ((uint32_t)offsetof(struct lowcore, interval_timer))
#define TICK           (UINT64_C(1000000) * TOD_MICROSECOND / 300) /* of bit 23, in TOD units */

/* Takes whole ticks of 1/300 second from the word at 50. */
static void interval_update(struct vmblok *vm)
{
    uint32_t ticks = (uint32_t)(vm->interval_residue / TICK), value;
    vm->interval_residue -= ticks * TICK;
    if (!vm->set.timer || !guest_read32(vm, INTERVAL_TIMER, &value))
        return;
    uint32_t next = value - (ticks << 8);
    if ((int32_t)value >= 0 && (int32_t)next < 0)
        vm->pending_timer = true;
    guest_write32(vm, INTERVAL_TIMER, next);
}

static void clock_expired(struct clock_request *request)
{
    vm_post(LIST_ENTRY(request, struct vmblok, clock), WORK_TIMER);
}

/* Asks to be called when the next timer is due that can interrupt this guest. */
static void arm(struct vmblok *vm)
{
    uint64_t now = tod_now(), when = UINT64_MAX;
    uint32_t value;
    if (vm->cr[0] & CR0_COMPARATOR_MASK && vm->clock_comparator >= now)
        when = vm->clock_comparator;
    if (vm->psw & PSW_WAIT && vm->options & OPTION_REALTIMER) {
        if (vm->set.timer && guest_read32(vm, INTERVAL_TIMER, &value) && (int32_t)value >= 0) {
            uint64_t due = now + ((value >> 8) + 1) * TICK;
            when = due < when ? due : when;
        }
        if (vm->cr[0] & CR0_CPU_TIMER_MASK && !(vm->cpu_timer >> 63) && now + vm->cpu_timer < when)
            when = now + vm->cpu_timer;
    }
    vm->clock.expired = clock_expired;
    if (when == UINT64_MAX)
        clock_cancel(&vm->clock);
    else if (vm->clock.when != when || list_empty(&vm->clock.link))
        clock_request(&vm->clock, when + 1);
}

void vm_timers_update(struct vmblok *vm)
{
    if (vm->waiting_since) {
        uint64_t now = tod_now();
        if (vm->options & OPTION_REALTIMER) {
            vm->interval_residue += now - vm->waiting_since;
            vm->cpu_timer -= now - vm->waiting_since;
        }
        vm->waiting_since = 0;
    }
    if (vm->interval_residue >= TICK)
        interval_update(vm);
    if (vm->psw & PSW_WAIT || vm->cr[0] & CR0_COMPARATOR_MASK)
        arm(vm);
}

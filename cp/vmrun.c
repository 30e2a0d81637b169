/* The life of a virtual machine's task: work that was posted, CP commands while it is in
 * console function mode, otherwise the guest, trap by trap. */
#include "cp/vmrun.h"

#include "cp/command.h"
#include "cp/guest.h"
#include "cp/lowstor.h"
#include "cp/monitor/monitor.h"
#include "cp/pagex.h"
#include "cp/privop.h"
#include "cp/s370.h"
#include "cp/saved.h"
#include "cp/sched.h"
#include "cp/shadow.h"
#include "cp/state.h"
#include "cp/terminal.h"
#include "cp/trap.h"
#include "cp/vconsole.h"
#include "cp/vdev.h"
#include "s370/arch/codes.h"
#include "s370/arch/psw.h"

/* CPU time in one go.  A guest in queue 1 is there for what a person waits for: after
 * QUEUE_1_TIME it is not interactive any more, but goes on in queue 2. */
#define SLICE_1      TOD_MILLISECONDS(20)
#define SLICE_2      TOD_MILLISECONDS(100)
#define QUEUE_1_TIME TOD_MILLISECONDS(200)

void vm_post(struct vmblok *vm, uint8_t work)
{
    vm->work |= work;
    task_wake(vm);
}

void vm_interactive(struct vmblok *vm)
{
    vm->queue1_left = QUEUE_1_TIME;
    vm->slice = 0;
    if (vm->task)
        task_set_queue(vm->task, QUEUE_1);
}

/* --- running --- */

/* The real PSW for a virtual one: the guest's key, condition code, program mask and address;
 * EC mode, translation on, problem state, enabled. */
static uint64_t run_psw(const struct vmblok *vm)
{
    uint64_t psw = vm->psw;
    uint64_t cc = psw & PSW_EC ? PSW_EC_CC(psw) : PSW_BC_CC(psw);
    uint64_t mask = psw & PSW_EC ? PSW_EC_MASK(psw) : PSW_BC_MASK(psw);
    return PSW_EC | PSW_EC_TRANSLATE | PSW_EC_IO | PSW_EXTERNAL | PSW_PROBLEM | PSW_MCHECK |
           (psw & PSW_KEY) | cc << 44 | mask << 40 | (psw & PSW_ADDRESS);
}

/* ... and back: what the guest's instructions can have changed. */
static void take_psw(struct vmblok *vm)
{
    uint64_t run = vm->regs.run_psw;
    if (vm->psw & PSW_EC)
        vm->psw = (vm->psw & ~(UINT64_C(0x3f) << 40)) | (run & UINT64_C(0x3f) << 40);
    else
        vm->psw = (vm->psw & ~(UINT64_C(0x3f) << 24)) | (run >> 16 & UINT64_C(0x3f) << 24);
    vm_set_address(vm, (uint32_t)run);
}

static enum trap run(struct vmblok *vm)
{
    uint64_t budget = vm->slice;
    if (!(vm->cpu_timer >> 63) && vm->cpu_timer < budget)
        budget = vm->cpu_timer;
    vm->regs.run_psw = run_psw(vm);
    vm->regs.run_cr8 = vm->cr[8];
    per_enter(vm);
    uint32_t cr1 = vm->regs.run_cr1;
    vm->regs.run_cr0 = TRAP_CR0;
    if (shadow_needed(vm)) {
        vm->regs.run_cr0 = shadow_cr0(vm);
        vm->regs.run_cr1 = shadow_cr1(vm);
    }
    vm->regs.run_cr0 |= vm->cr[0] & CR0_LOW_PROTECTION;
    task_charge();
    MONITOR_CALL(MONITOR_INSTSIM, INSTSIM_EXIT, vm);
    s370_spt(budget);
    cp.charge_from = budget;
    enum trap trap = run_guest(&vm->regs);
    uint64_t used = task_charge();
    exits_next(vm, EXIT_PROGRAM, used);
    vm->regs.run_cr1 = cr1;
    vm->virtual_time += used;
    cp.virtual_time += used;
    cp.exits++;
    vm->cpu_timer -= used;
    vm->interval_residue += used;
    vm->usage += used;
    vm->slice = used < vm->slice ? vm->slice - used : 0;
    if (vm->task->queue == QUEUE_1)
        vm->queue1_left = used < vm->queue1_left ? vm->queue1_left - used : 0;
    take_psw(vm);
    return trap;
}

/* --- traps --- */

/* A guest page is not in a frame, or not in the shadow tables.  The machine nullified the
 * instruction: with the page there it is simply done again. */
static void page_fault(struct vmblok *vm, uint32_t ilc)
{
    uint32_t address = get32(lowcore.translation_address) & 0x00ffffff;
    uint32_t resident = vm->resident;
    int code = 0;
    bool failed = false;
    if (pagex_fault(vm, address, ilc)) {
        vm->exits.reason = EXIT_PAGE;
        return;
    }
    vm->page_wait = true;
    if (shadow_needed(vm))
        code = shadow_fault(vm, address);
    else if (!guest_page_exists(vm, PAGE_OF(address)))
        code = PGM_ADDRESSING;
    else
        failed = !guest_page_in(vm, address);
    vm->page_wait = false;
    if (!code)
        vm->exits.reason = shadow_needed(vm) && vm->resident == resident ? EXIT_SHADOW : EXIT_PAGE;
    if (failed && vm->work & (WORK_FORCE | WORK_CLEAR))
        return; /* it will not go on */
    if (failed) {
        cp_printf(vm, "DMKPTR410W CP ENTERED; PAGING ERROR AT %06X", (unsigned)address);
        vm->cp_mode = true;
        return;
    }
    if (!code) {
        vm->per.pending = 0; /* the instruction is done again */
        return;
    }
    if (code == PGM_SEGMENT || code == PGM_PAGE)
        vm->translation_address = address; /* nullified: the PSW is at the instruction */
    else
        vm_set_address(vm, vm_address(vm) + ilc);
    vm_program(vm, (uint32_t)code, ilc);
}

static void trap_program(struct vmblok *vm)
{
    uint32_t code = get16(lowcore.pgm_code), ilc = lowcore.pgm_ilc & 6u;
    if (code & PGM_PER) {
        code &= ~(uint32_t)PGM_PER;
        per_event(vm, get16(lowcore.per_code) >> 8, get32(lowcore.per_address), code);
    }
    switch (code) {
    case 0: /* nothing but PER */
        break;
    case PGM_SEGMENT:
    case PGM_PAGE:
        page_fault(vm, ilc);
        break;
    case PGM_PRIVILEGED:
        if (!(vm->psw & PSW_PROBLEM))
            privop(vm, ilc);
        else
            vm_program(vm, privop_exists(vm, ilc) ? code : PGM_OPERATION, ilc);
        break;
    case PGM_SPECIAL_OPERATION:
        /* In real problem state only an instruction of the dual-address-space facility can cause
         * it: CP leaves its control registers zero.  Virtual machines do not have the facility. */
        vm_program(vm, PGM_OPERATION, ilc);
        break;
    case PGM_MONITOR: {
        uint32_t class_word = get16(lowcore.monitor_class), number = get32(lowcore.monitor_code);
        guest_write(vm, (uint32_t)offsetof(struct lowcore, monitor_class),
                    (uint8_t *)&class_word + 2, 2);
        guest_write32(vm, (uint32_t)offsetof(struct lowcore, monitor_code), number);
        vm_program(vm, code, ilc);
        break;
    }
    default:
        vm_program(vm, code, ilc);
        break;
    }
    per_finish(vm, ilc);
}

static void trap_svc(struct vmblok *vm)
{
    uint32_t ilc = lowcore.svc_ilc & 6u;
    vm->exits.reason = EXIT_SVC;
    if (low_per) {
        low_per = 0;
        per_event(vm, get16(lowcore.per_code) >> 8, get32(lowcore.per_address), 0);
    }
    vm_svc(vm, get16(lowcore.svc_code), ilc);
    per_finish(vm, ilc);
}

static void handle(struct vmblok *vm, enum trap trap)
{
    switch (trap) {
    case TRAP_PROGRAM:
        trap_program(vm);
        break;
    case TRAP_SVC:
        trap_svc(vm);
        break;
    case TRAP_EXTERNAL: /* the clock comparator; or the CPU timer: the slice is over */
    case TRAP_IO:
        vm->exits.reason = trap == TRAP_IO ? EXIT_IO : EXIT_TIMER;
        trap_interruption(trap);
        break;
    }
}

/* --- the loop --- */

/* What its user types is no exit of the guest's. */
static void enter_console(struct vmblok *vm)
{
    if (vm->exits.reason == EXIT_CONSOLE)
        return;
    task_charge();
    MONITOR_CALL(MONITOR_INSTSIM, INSTSIM_EXIT, vm);
    exits_next(vm, EXIT_CONSOLE, 0);
}

static void do_work(struct vmblok *vm)
{
    uint8_t work = vm->work;
    vm->work = 0;
    if (work & WORK_FORCE)
        vm_force(vm);
    if (work & WORK_CLEAR) {
        vm_reset_clear(vm);
        cp_printf(vm, "DMKPGT401E CP ENTERED; PAGING SPACE IS FULL, STORAGE CLEARED");
        vm->cp_mode = true;
    }
    if (work & WORK_ALTERED)
        saved_tell_altered(vm);
    if (work & WORK_TERMINAL) {
        enter_console(vm);
        terminal_work(vm);
    }
    if (work & WORK_CONSOLE)
        vconsole_sent(vm);
    if (work & WORK_DEVICE)
        vdev_work(vm);
    if (work & WORK_STOP)
        vm->cp_mode = true;
}

static bool is_disabled(const struct vmblok *vm)
{
    uint64_t io = vm->psw & PSW_EC ? PSW_EC_IO : PSW_BC_IO;
    return !(vm->psw & (io | PSW_EXTERNAL));
}

/* The virtual wait state: until work or an interruption comes. */
static void wait(struct vmblok *vm)
{
    if (is_disabled(vm)) {
        uint64_t psw = vm->psw;
        cp_printf(vm, "DMKDSP450W CP ENTERED; DISABLED WAIT PSW '%08X %08X'", (unsigned)(psw >> 32),
                  (unsigned)psw);
        vm->cp_mode = true;
        return;
    }
    vm->usage /= 2;
    vm->waiting_since = tod_now();
    task_sleep(vm);
}

/* A new time slice; lets others go first. */
static void next_slice(struct vmblok *vm)
{
    if (vm->task->queue == QUEUE_1 && !vm->queue1_left)
        task_set_queue(vm->task, QUEUE_2);
    bool interactive = vm->task->queue == QUEUE_1;
    vm->usage /= 2;
    sched_drop(vm);
    task_yield();
    vm->slice = interactive ? SLICE_1 : SLICE_2;
}

/* DIAGNOSE 70: once in each turn at the CPU. */
static void store_clocks(struct vmblok *vm)
{
    uint64_t clocks[2] = {vm->virtual_time, tod_now()};
    if (!vm->has_clock_area || vm->clocks_turn == vm->task->turn)
        return;
    vm->clocks_turn = vm->task->turn;
    guest_write(vm, vm->clock_area, clocks, sizeof clocks);
}

/* Without tables the machine would translate with whatever lies at 0. */
static bool has_tables(struct vmblok *vm)
{
    if (vm->segment_table && (!shadow_needed(vm) || shadow_cr1(vm)))
        return true;
    cp_printf(vm, "DMKDSP455W CP ENTERED; NO STORAGE FOR TRANSLATION TABLES");
    vm->cp_mode = true;
    return false;
}

void vm_main(void *argument)
{
    struct vmblok *vm = argument;
    for (;;) {
        if (vm->work) {
            do_work(vm);
            continue;
        }
        if (vm->cp_mode) {
            enter_console(vm);
            console_function(vm);
            continue;
        }
        vm_timers_update(vm);
        vm_deliver(vm);
        if (vm->cp_mode || vm->work)
            continue;
        if (vm->psw & PSW_WAIT) {
            wait(vm);
            continue;
        }
        /* After a pause much may have come: look again. */
        if (!vm->slice)
            next_slice(vm);
        else if (task_should_yield())
            task_yield();
        else if (has_tables(vm) && sched_admit(vm)) {
            store_clocks(vm);
            handle(vm, run(vm));
        }
    }
}

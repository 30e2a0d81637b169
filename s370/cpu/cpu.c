/* The CPU from outside: creation, resets, states, and the turn of cpu_run: interruptions
 * that are due, then a loop over instructions (fast.c, or watched.c with hooks and PER)
 * until the count is used up or something needs attention. */
#include "s370/cpu/internal.h"

#include "s370/io/channel.h"
#include "s370/machine.h"

#include <stdlib.h>
#include <string.h>

static struct code_cache *cache_create(struct machine *m, const struct storage *storage)
{
    struct code_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    cache->machine = m;
    cache->blocks = calloc(storage->size / STORAGE_BLOCK, sizeof *cache->blocks);
    if (cache->blocks)
        return cache;
    free(cache);
    return NULL;
}

struct cpu *cpu_create(struct machine *m, struct storage *storage, unsigned address)
{
    struct cpu *cpu = calloc(1, sizeof *cpu);
    if (!cpu)
        return NULL;
    cpu->cache = address ? m->cpus[0]->cache : cache_create(m, storage);
    if (!cpu->cache) {
        free(cpu);
        return NULL;
    }
    cpu->blocks = cpu->cache->blocks;
    cpu->address = address;
    cpu->machine = m;
    cpu->facilities = address ? m->cpus[0]->facilities : FACILITY_COMPILER;
    cpu->stopped = true;
    gate_init(&cpu->gate, storage);
    storage->code_changed = code_changed;
    storage->code_cpu = cpu->cache;
    /* The clock asks for the instruction count, so the CPU must be known from here on: the
     * first reset, which reads the clock, is the machine's (cpu_reset at power-on). */
    cpu->timers_due = UINT64_MAX;
    cpu->r.cr[0] = CR0_RESET;
    cpu->r.cr[2] = CR2_RESET;
    cpu->r.cr[14] = CR14_RESET;
    cpu->r.cr[15] = CR15_RESET;
    psw_load(cpu, 0);
    return cpu;
}

void cpu_destroy(struct cpu *cpu)
{
    if (!cpu)
        return;
    if (cpu->address == 0) {
        code_drop_all(cpu->cache);
        free(cpu->cache->blocks);
        free(cpu->cache);
    }
    free(cpu);
}

void cpu_purge_all(struct cpu *cpu)
{
    const struct machine *m = cpu->machine;
    for (unsigned n = 0; n < m->cpu_count; n++)
        gate_purge(&m->cpus[n]->gate);
}

void cpu_reset(struct cpu *cpu, bool clear_registers)
{
    gate_purge(&cpu->gate);
    cpu->key_pending = cpu->interval_pending = false;
    cpu->emergency_pending = cpu->malfunction_pending = 0;
    cpu->checks = (struct machine_check){0};
    cpu->call_pending = false;
    cpu->check_stop = false;
    if (!clear_registers)
        return;
    memset(cpu->r.cr, 0, sizeof cpu->r.cr);
    cpu->r.cr[0] = CR0_RESET;
    cpu->r.cr[2] = CR2_RESET;
    cpu->r.cr[14] = CR14_RESET;
    cpu->r.cr[15] = CR15_RESET;
    cpu->gate.prefix = 0;
    timers_reset(cpu);
    psw_load(cpu, 0);
    psw_set_space(cpu);
    timers_look(cpu);
}

uint64_t cpu_instructions(const struct cpu *cpu)
{
    return cpu->end_count - (uint64_t)cpu->left;
}

/* Makes the loop stop after `count` more instructions. */
static void set_left(struct cpu *cpu, uint64_t count)
{
    cpu->end_count = cpu_instructions(cpu) + count;
    cpu->left = (int64_t)count;
}

void cpu_break(struct cpu *cpu)
{
    cpu->broken = true;
    cpu_look(cpu);
}

bool run_result(struct cpu *cpu, int result, unsigned ilc)
{
    switch (result) {
    case R_AGAIN:
        cpu->ia = (cpu->ia - 2 * ilc) & ADDRESS_MASK;
        return true;
    case R_SYNC:
    case R_ADDRESS:
        return false;
    case R_SPACE_SWITCH:
        interrupt_program(cpu, PGM_SPACE_SWITCH, ilc);
        return false;
    case R_PSW:
        if (cpu->watch.load_psw)
            cpu->watch.load_psw(cpu->watch.context, cpu);
        return false;
    case R_SVC:
        interrupt_svc(cpu, ilc);
        return false;
    case R_FETCH:
        /* What could not be fetched counts as read, except by a nullifying exception. */
        cpu->ia = (cpu->ia + 2 * cpu->fetch_ilc) & ADDRESS_MASK;
        interrupt_program(cpu, (unsigned)cpu->fetch_code, cpu->fetch_ilc);
        return false;
    default:
        interrupt_program(cpu, (unsigned)result, ilc);
        return false;
    }
}

/* How many instructions may pass before the timers must be looked at. */
static uint64_t until_timers(const struct cpu *cpu)
{
    const struct machine *m = cpu->machine;
    if (m->clock != CLOCK_VIRTUAL || cpu->timers_due == UINT64_MAX)
        return UINT64_MAX;
    uint64_t now = machine_now(m);
    if (now >= cpu->timers_due)
        return 0;
    return (cpu->timers_due - now + VIRTUAL_NS_PER_INSTRUCTION - 1) / VIRTUAL_NS_PER_INSTRUCTION;
}

enum cpu_exit cpu_run(struct cpu *cpu, uint64_t limit)
{
    uint64_t end = cpu_instructions(cpu) + limit;
    cpu->broken = false;
    while (!cpu->stopped) {
        cpu->look = false;
        if (!until_timers(cpu))
            timers_look(cpu);
        bool ready = interrupt_pending(cpu);
        uint64_t done = cpu_instructions(cpu);
        if (cpu->broken || done >= end)
            return CPU_EXIT_LIMIT;
        if (!ready) {
            set_left(cpu, 1); /* the clock moves even in a loop of bad PSWs or interruptions */
            cpu->left = 0;
            continue;
        }
        if (psw_waits(cpu))
            return CPU_EXIT_WAIT;
        uint64_t timers = until_timers(cpu);
        set_left(cpu, timers < end - done ? timers : end - done);
        if (cpu->watched || psw_records(cpu))
            watched_run(cpu);
        else
            fast_run(cpu);
        set_left(cpu, 0);
    }
    return CPU_EXIT_STOP;
}

enum cpu_state cpu_get_state(const struct cpu *cpu)
{
    if (cpu->stopped)
        return CPU_STOPPED;
    if (!psw_waits(cpu) || cpu->psw_bad)
        return CPU_RUNNING;
    return psw_allows_external(cpu) || psw_io_masks(cpu) ? CPU_WAIT : CPU_DISABLED_WAIT;
}

void cpu_start(struct cpu *cpu)
{
    if (cpu->check_stop) /* a reset ends it */
        return;
    cpu->stopped = false;
    cpu->looping = 0;
    timers_run(cpu, true);
}

void cpu_stop(struct cpu *cpu)
{
    timers_run(cpu, false);
    cpu->stopped = true;
    cpu_break(cpu);
}

bool cpu_is_check_stopped(const struct cpu *cpu)
{
    return cpu->check_stop;
}

uint64_t cpu_psw(const struct cpu *cpu)
{
    return psw_assemble(cpu, 0, 0);
}

uint32_t cpu_prefix(const struct cpu *cpu)
{
    return cpu->gate.prefix;
}

void cpu_set_prefix(struct cpu *cpu, uint32_t prefix)
{
    cpu->gate.prefix = prefix;
    gate_purge(&cpu->gate);
    timers_look(cpu);
}

/* A CPU that executes SIGNAL PROCESSOR is neither stopped nor checked, but who asks may be
 * another one. */
static uint32_t signal_status(const struct cpu *cpu)
{
    return (cpu->call_pending ? SIGNAL_STATUS_CALL_PENDING : 0) |
           (cpu->stopped ? SIGNAL_STATUS_STOPPED : 0) |
           (cpu->check_stop ? SIGNAL_STATUS_CHECK_STOP : 0);
}

unsigned cpu_signal(struct cpu *cpu, unsigned order, unsigned from, uint32_t *status)
{
    bool reset = order >= SIGNAL_INITIAL_PROGRAM_RESET && order != SIGNAL_STOP_AND_STORE;
    *status = 0;
    if (cpu->check_stop && order != SIGNAL_SENSE && !reset) {
        *status = SIGNAL_STATUS_CHECK_STOP;
        return 1;
    }
    switch (order) {
    case SIGNAL_SENSE:
        *status = signal_status(cpu);
        return *status ? 1 : 0;
    case SIGNAL_EXTERNAL_CALL:
        *status = signal_status(cpu) & SIGNAL_STATUS_CALL_PENDING;
        if (!cpu->call_pending)
            cpu->call_from = (uint8_t)from;
        cpu->call_pending = true;
        break;
    case SIGNAL_EMERGENCY:
        cpu->emergency_pending |= (uint8_t)(1u << from);
        break;
    case SIGNAL_START:
        cpu_start(cpu);
        break;
    case SIGNAL_STOP:
        cpu_stop(cpu);
        break;
    case SIGNAL_RESTART:
        cpu_restart(cpu);
        break;
    case SIGNAL_STOP_AND_STORE:
        cpu_stop(cpu);
        cpu_store_status(cpu);
        break;
    case SIGNAL_INITIAL_PROGRAM_RESET:
    case SIGNAL_PROGRAM_RESET:
        channels_reset(cpu->machine);
        cpu_stop(cpu);
        cpu_reset(cpu, order == SIGNAL_INITIAL_PROGRAM_RESET);
        break;
    case SIGNAL_INITIAL_CPU_RESET:
    case SIGNAL_CPU_RESET:
        cpu_stop(cpu);
        cpu_reset(cpu, order == SIGNAL_INITIAL_CPU_RESET);
        break;
    default:
        *status = SIGNAL_STATUS_INVALID_ORDER;
        break;
    }
    cpu_look(cpu);
    return *status ? 1 : 0;
}

bool cpu_load_psw(struct cpu *cpu, uint64_t psw)
{
    psw_load(cpu, psw);
    cpu_look(cpu);
    return !cpu->psw_bad;
}

struct cpu_state_regs *cpu_regs(struct cpu *cpu)
{
    return &cpu->r;
}

void cpu_set_cr(struct cpu *cpu, unsigned n, uint32_t value)
{
    cpu->r.cr[n & 15] = value;
    psw_set_space(cpu);
    cpu_look(cpu);
}

void cpu_interrupt_key(struct cpu *cpu)
{
    cpu->key_pending = true;
    cpu_look(cpu);
}

/* The CPU ends, and the others hear of it. */
static void check_stop(struct cpu *cpu)
{
    const struct machine *m = cpu->machine;
    cpu_stop(cpu);
    cpu->check_stop = true;
    for (unsigned n = 0; n < m->cpu_count; n++) {
        if (m->cpus[n] == cpu)
            continue;
        m->cpus[n]->malfunction_pending |= (uint8_t)(1u << cpu->address);
        cpu_look(m->cpus[n]);
    }
}

void cpu_machine_check(struct cpu *cpu, const struct machine_check *check)
{
    bool exigent = check->bits & MCIC_EXIGENT;
    if (exigent && !psw_allows_mcheck(cpu) && (cpu->r.cr[14] & CR14_CHECK_STOP)) {
        check_stop(cpu);
        return;
    }
    struct machine_check *pending = &cpu->checks;
    pending->bits |= check->bits;
    if (check->bits & MCIC_EXTERNAL_CODE)
        pending->external = check->external;
    if (check->bits & MCIC_FAILING_ADDRESS)
        pending->address = check->address;
    if (check->bits & MCIC_REGION_CODE)
        pending->region = check->region;
    if (check->bits & MCIC_SUBCLASSES & ~interrupt_mcheck_due(cpu))
        pending->bits |= MCIC_DELAYED;
    cpu_look(cpu);
}

void cpu_io_pending(struct cpu *cpu)
{
    const struct machine *m = cpu->machine;
    for (unsigned n = 0; n < m->cpu_count; n++) {
        m->cpus[n]->io_pending = true; /* found out at the next look if there is none any more */
        cpu_look(m->cpus[n]);
    }
}

void cpu_set_watch(struct cpu *cpu, const struct cpu_watch *watch)
{
    memset(&cpu->watch, 0, sizeof cpu->watch);
    if (watch)
        cpu->watch = *watch;
    cpu->watched = cpu->watch.instruction != NULL;
    cpu->resume = false; /* this hook has not been asked yet */
    cpu_look(cpu);
}

void cpu_set_storage_watches(struct cpu *cpu, bool by_operator, struct gate_watch *watches,
                             unsigned count)
{
    gate_set_watches(&cpu->gate, by_operator ? GATE_OPERATOR : GATE_DEBUGGER, watches, count);
}

void cpu_set_facility(struct cpu *cpu, enum cpu_facility facility, bool on)
{
    const struct machine *m = cpu->machine;
    for (unsigned n = 0; n < m->cpu_count; n++) {
        uint8_t *facilities = &m->cpus[n]->facilities;
        *facilities = (uint8_t)(on ? *facilities | facility : *facilities & ~facility);
    }
    code_drop_all(cpu->cache);
}

int cpu_translate(const struct cpu *cpu, uint32_t virtual_address, uint32_t *real)
{
    return gate_translate(&cpu->gate, virtual_address, real);
}

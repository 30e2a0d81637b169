/* The CPU in a saved state: registers, PSW, pending conditions, timers.  The translation
 * lookaside buffer and decoded code are not in it; saving forgets the entries of the first, so
 * that a program that relies on stale ones goes on in the same way as when it is restored. */
#include "s370/cpu/internal.h"

#include "s370/machine.h"
#include "s370/saved.h"

/* More than this and sums of times could overflow: 146 years, in ns and instructions. */
#define TIME_MOST  (UINT64_C(1) << 62)
#define COUNT_MOST (UINT64_C(1) << 55)

static void saved_registers(struct cpu *cpu, struct saved *s)
{
    for (unsigned i = 0; i < 16; i++)
        saved_u32(s, &cpu->r.gr[i]);
    for (unsigned i = 0; i < 16; i++)
        saved_u32(s, &cpu->r.cr[i]);
    for (unsigned i = 0; i < 4; i++)
        saved_u64(s, &cpu->r.fpr[i]);
}

static void saved_pending(struct cpu *cpu, struct saved *s)
{
    saved_bool(s, &cpu->key_pending);
    saved_bool(s, &cpu->interval_pending);
    saved_u64(s, &cpu->checks.bits);
    saved_u32(s, &cpu->checks.external);
    saved_u32(s, &cpu->checks.address);
    saved_u32(s, &cpu->checks.region);
    saved_u8(s, &cpu->malfunction_pending);
    saved_u8(s, &cpu->emergency_pending);
    saved_bool(s, &cpu->call_pending);
    saved_u8(s, &cpu->call_from);
}

static void saved_timers(struct cpu *cpu, struct saved *s, uint64_t now)
{
    saved_u64(s, &cpu->comparator);
    saved_u64(s, &cpu->cpu_timer);
    saved_u64(s, &cpu->cpu_timer_at);
    saved_u64(s, &cpu->interval_at);
    saved_bool(s, &cpu->timers_run);
    saved_bool(s, &cpu->comparator_due);
    saved_bool(s, &cpu->cpu_timer_due);
    saved_u64(s, &cpu->timers_due);
    if (cpu->cpu_timer_at > now || cpu->interval_at > now || now > TIME_MOST) {
        saved_refuse(s, "a timer of CPU %u was set in the future", cpu->address);
        cpu->cpu_timer_at = cpu->interval_at = 0;
    }
}

void cpu_saved(struct cpu *cpu, struct saved *s, uint64_t now)
{
    uint64_t psw = cpu_psw(cpu), executed = cpu_instructions(cpu);
    uint32_t prefix = cpu->gate.prefix, size = cpu->gate.storage->size;
    saved_registers(cpu, s);
    saved_u64(s, &psw);
    prefix = saved_limited(s, prefix, size - 4096, "the prefix");
    saved_u64(s, &executed);
    saved_bool(s, &cpu->stopped);
    saved_bool(s, &cpu->check_stop);
    saved_u8(s, &cpu->facilities);
    saved_pending(cpu, s);
    saved_timers(cpu, s, now);
    gate_purge(&cpu->gate);
    if (!s->reading)
        return;
    if (executed > COUNT_MOST || prefix % 4096 || cpu->call_from >= CPUS_MAX) {
        saved_refuse(s, "CPU %u has an impossible count, prefix or signal", cpu->address);
        executed = prefix = cpu->call_from = 0;
    }
    cpu->stopped |= cpu->check_stop;
    cpu->gate.prefix = prefix;
    cpu->left = 0;
    cpu->end_count = executed;
    cpu->resume = false;
    cpu->io_pending = true; /* whether one is, it finds out */
    psw_load(cpu, psw);
    psw_set_space(cpu);
    code_drop_all(cpu->cache);
    cpu_break(cpu);
}

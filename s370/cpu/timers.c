/* Interval timer, clock comparator, CPU timer and STORE CLOCK.  All follow machine time;
 * nothing counts by itself: timers_look brings location 80 and the pending conditions up
 * to date, and says (cpu->timers_due) when it must be called next.
 * GA22-7000, "Timing Facilities". */
#include "s370/cpu/internal.h"

#include "s370/machine.h"

#define INTERVAL_TIMER 0x50u

/* One second in TOD clock units. */
#define UNITS_PER_SECOND UINT64_C(4096000000)

/* A TOD unit is 1/4096 microsecond: 512 of them are 125 ns. */
static uint64_t units_of(uint64_t ns)
{
    return ns / 125 * 512 + ns % 125 * 512 / 125;
}

/* Rounded up, so that after that time the units have passed. */
static uint64_t ns_of(uint64_t units)
{
    return units / 512 * 125 + (units % 512 * 125 + 511) / 512;
}

/* The interval timer's steps of 1/300 second since power-on. */
static uint64_t ticks_of(uint64_t ns)
{
    return ns / 10000000 * 3 + ns % 10000000 * 3 / 10000000;
}

static uint64_t ns_of_tick(uint64_t tick)
{
    return (tick * 10000000 + 2) / 3;
}

static int32_t interval_value(const struct cpu *cpu)
{
    return (int32_t)load_be32(low_storage(cpu, INTERVAL_TIMER));
}

/* Bit 23 falls by one with each tick; the step from positive to negative is the request. */
static void step_interval(struct cpu *cpu, uint64_t now)
{
    uint64_t ticks = ticks_of(now) - ticks_of(cpu->interval_at);
    cpu->interval_at = now;
    if (!ticks)
        return;
    int32_t old = interval_value(cpu);
    int32_t new = (int32_t)((uint32_t)old - (uint32_t)(ticks << 8));
    if (old >= 0 && (int64_t)old - (int64_t)(ticks << 8) < 0)
        cpu->interval_pending = true;
    uint8_t bytes[4];
    store_be32(bytes, (uint32_t) new);
    (void)storage_poke(cpu->gate.storage, storage_absolute(cpu->gate.prefix, INTERVAL_TIMER), bytes,
                       4);
}

static uint64_t cpu_timer_at(const struct cpu *cpu, uint64_t now)
{
    return cpu->timers_run ? cpu->cpu_timer - units_of(now - cpu->cpu_timer_at) : cpu->cpu_timer;
}

uint64_t timers_get_cpu_timer(const struct cpu *cpu)
{
    return cpu_timer_at(cpu, machine_now(cpu->machine));
}

void timers_set_cpu_timer(struct cpu *cpu, uint64_t value)
{
    cpu->cpu_timer = value;
    cpu->cpu_timer_at = machine_now(cpu->machine);
    timers_look(cpu);
}

/* When the conditions that are not there yet will come; `cr0` chooses by its mask bits. */
static uint64_t next_condition(const struct cpu *cpu, uint64_t now, uint32_t cr0)
{
    uint64_t next = UINT64_MAX;
    if ((cr0 & CR0_COMPARATOR_MASK) && !cpu->comparator_due) {
        uint64_t units = cpu->comparator - machine_tod_at(cpu->machine, now);
        uint64_t when = now + ns_of(units + 1);
        if (units < UINT64_MAX / 2 && when < next)
            next = when;
    }
    if (!cpu->timers_run)
        return next;
    if ((cr0 & CR0_CPU_TIMER_MASK) && !cpu->cpu_timer_due) {
        uint64_t when = now + ns_of(cpu_timer_at(cpu, now) + 1);
        if (when < next)
            next = when;
    }
    int32_t interval = interval_value(cpu);
    if ((cr0 & CR0_INTERVAL_MASK) && interval >= 0 && !cpu->interval_pending) {
        uint64_t when = ns_of_tick(ticks_of(cpu->interval_at) + (uint64_t)(interval >> 8) + 1);
        if (when < next)
            next = when;
    }
    return next;
}

void timers_look(struct cpu *cpu)
{
    uint64_t now = machine_now(cpu->machine);
    if (cpu->timers_run)
        step_interval(cpu, now);
    cpu->comparator_due = machine_tod_at(cpu->machine, now) > cpu->comparator;
    cpu->cpu_timer_due = cpu_timer_at(cpu, now) >> 63;
    cpu->timers_due = next_condition(cpu, now, UINT32_MAX);
}

void timers_run(struct cpu *cpu, bool run)
{
    if (run == cpu->timers_run)
        return;
    if (run) {
        cpu->interval_at = cpu->cpu_timer_at = machine_now(cpu->machine);
        cpu->timers_run = true;
        timers_look(cpu);
    } else {
        timers_look(cpu);
        cpu->cpu_timer = timers_get_cpu_timer(cpu);
        cpu->timers_run = false;
    }
}

void timers_reset(struct cpu *cpu)
{
    cpu->comparator = 0;
    cpu->cpu_timer = 0;
    cpu->cpu_timer_at = machine_now(cpu->machine);
}

/* No two values are equal, and none is smaller than one before, unless the clock was set. */
uint64_t timers_store_clock(struct cpu *cpu)
{
    uint64_t tod = machine_tod(cpu->machine);
    uint64_t *last = &cpu->machine->last_clock;
    if (tod <= *last && *last - tod < UNITS_PER_SECOND)
        tod = *last + 1;
    *last = tod;
    return tod;
}

void cpu_timers_update(struct cpu *cpu)
{
    timers_look(cpu);
}

uint64_t cpu_timers_next(const struct cpu *cpu)
{
    if (!psw_allows_external(cpu))
        return UINT64_MAX;
    return next_condition(cpu, machine_now(cpu->machine), cpu->r.cr[0]);
}

/* Single steps and breakpoints: the instruction hook, which the CPU calls before each
 * instruction while one of them is on. */
#include "s370/operator/gdb_internal.h"

#include "lib/str.h"
#include "s370/arch/psw.h"

#include <stdio.h>

static bool is_breakpoint(const struct oper *o, uint32_t address)
{
    for (unsigned i = 0; i < o->breakpoint_count; i++)
        if (o->breakpoints[i] == address)
            return true;
    return false;
}

/* True stops the CPU before the instruction at `address`.  Whether the CPU asks about the
 * first instruction after a start depends on how it came to stop; the count of executed
 * instructions doesn't. */
static bool before_instruction(void *context, struct cpu *cpu, uint32_t address)
{
    struct oper *o = context;
    uint64_t executed = cpu_instructions(cpu) - o->started_at;
    if (trace_wants_instructions(o))
        trace_instruction(o, address);
    if (o->insns)
        insn_trace_begin(o, cpu, address);
    if (gdb_before_instruction(o->gdb, cpu, address))
        return true;
    if (compare_stops(o)) {
        o->stepping = false;
        return true;
    }
    if ((o->stepping && executed >= o->steps) || (executed > 0 && is_breakpoint(o, address))) {
        o->stepping = false;
        return true;
    }
    if (o->stepping && executed > 0)
        operator_show_psw(o, "         ");
    return false;
}

void operator_watch(struct oper *o)
{
    bool instructions = o->stepping || o->step_always || o->breakpoint_count ||
                        trace_wants_instructions(o) || o->insns || compare_wants_instructions(o) ||
                        gdb_wants_instructions(o->gdb);
    o->watch.instruction = instructions ? before_instruction : NULL;
    bool tracing = trace_hooks(o);
    for (unsigned n = 0; n < o->m->cpu_count; n++)
        cpu_set_watch(o->m->cpus[n], o->watch.instruction || tracing ? &o->watch : NULL);
}

bool command_step(struct oper *o, int argc, char **argv)
{
    uint32_t n = 1;
    if (argc > 2 || (argc == 2 && (!str_decimal(argv[1], &n) || n == 0)))
        return operator_error(o, "s wants a number of instructions");
    if (o->m->loading)
        return operator_error(o, "an IPL is going on");
    o->stepping = true;
    o->steps = n;
    operator_start_cpu(o);
    return true;
}

bool command_step_on(struct oper *o, int argc, char **argv)
{
    o->step_always = true;
    o->stepping = true;
    o->steps = 0;
    operator_watch(o);
    return true;
}

bool command_step_off(struct oper *o, int argc, char **argv)
{
    o->step_always = o->stepping = false;
    operator_watch(o);
    return true;
}

bool command_step_query(struct oper *o, int argc, char **argv)
{
    machine_message(o->m, "single step is %s", o->step_always ? "on" : "off");
    return true;
}

bool command_breakpoint(struct oper *o, int argc, char **argv)
{
    uint32_t address;
    if (argc == 1) {
        for (unsigned i = 0; i < o->breakpoint_count; i++) {
            char name[80];
            operator_symbol(o, o->breakpoints[i], name, sizeof name);
            machine_message(o->m, "breakpoint %06X %s", o->breakpoints[i], name);
        }
        if (!o->breakpoint_count)
            machine_message(o->m, "there are no breakpoints");
        return true;
    }
    if (!operator_address(o, argv[1], &address) || address > PSW_ADDRESS)
        return operator_error(o, "b %s: that is no address, nor a symbol", argv[1]);
    if (is_breakpoint(o, address))
        return true;
    if (o->breakpoint_count == BREAKPOINTS)
        return operator_error(o, "there are %d breakpoints already: b- ADDRESS removes one",
                              BREAKPOINTS);
    o->breakpoints[o->breakpoint_count++] = address;
    operator_watch(o);
    return true;
}

bool command_breakpoint_off(struct oper *o, int argc, char **argv)
{
    uint32_t address;
    if (argc == 1) {
        o->breakpoint_count = 0;
        operator_watch(o);
        return true;
    }
    if (!operator_address(o, argv[1], &address) || !is_breakpoint(o, address))
        return operator_error(o, "b- %s: there is no breakpoint at that address", argv[1]);
    unsigned kept = 0;
    for (unsigned i = 0; i < o->breakpoint_count; i++)
        if (o->breakpoints[i] != address)
            o->breakpoints[kept++] = o->breakpoints[i];
    o->breakpoint_count = kept;
    operator_watch(o);
    return true;
}

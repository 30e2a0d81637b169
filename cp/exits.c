/* Exits counted, and what they would not cost on the bare machine: see cp/exits.h. */
#include "cp/exits.h"

#include "cp/s370.h"
#include "cp/vmblok.h"

void exits_next(struct vmblok *vm, enum exit_reason reason, uint64_t outside)
{
    struct exits *exits = &vm->exits;
    uint64_t total = vm->task->total, time = total - exits->from - outside;
    exits->times[exits->reason]++;
    exits->time[exits->reason] += time;
    if (exits->reason == EXIT_PRIVILEGED) {
        exits->kind_times[exits->kind]++;
        exits->kind_time[exits->kind] += time;
    }
    exits->own = outside;
    exits->reason = (uint8_t)reason;
    exits->from = total;
}

void exits_privileged(struct vmblok *vm, unsigned kind)
{
    vm->exits.reason = EXIT_PRIVILEGED;
    vm->exits.kind = (uint8_t)kind;
}

const char *exits_name(unsigned reason)
{
    static const char *const names[EXIT_REASONS] = {
        [EXIT_PRIVILEGED] = "PRIV", [EXIT_PAGE] = "PAGED",      [EXIT_SHADOW] = "SHADOW",
        [EXIT_SVC] = "SVC",         [EXIT_PROGRAM] = "PROGRAM", [EXIT_IO] = "I/O",
        [EXIT_TIMER] = "TIMER",     [EXIT_CONSOLE] = "CONSOLE",
    };
    return names[reason];
}

/* --- the bare machine --- */

/* CPU time of the loop with a privileged instruction in each round, or without. */
static uint64_t loop_time(bool with_instruction)
{
    uint8_t mask;
    uint64_t from = s370_stpt();
    for (unsigned i = 0; i < EXITS_ROUNDS; i++)
        if (with_instruction)
            __asm__ volatile("stnsm %0,0xff" : "=Q"(mask));
        else
            __asm__ volatile("");
    return from - s370_stpt();
}

uint64_t exits_privileged_time(void)
{
    uint64_t empty = loop_time(false), full = loop_time(true);
    return full > empty ? full - empty : 0;
}

uint64_t exits_bare_time(const struct vmblok *vm, uint64_t privileged)
{
    const uint32_t *times = vm->exits.times;
    return vm->virtual_time +
           privileged * (times[EXIT_PRIVILEGED] + times[EXIT_SVC]) / EXITS_ROUNDS;
}

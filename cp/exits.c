/* Exits counted: see cp/exits.h. */
#include "cp/exits.h"

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
    exits->reason = (uint8_t)reason;
    exits->from = total;
}

void exits_privileged(struct vmblok *vm, unsigned kind)
{
    vm->exits.reason = EXIT_PRIVILEGED;
    vm->exits.kind = (uint8_t)kind;
}

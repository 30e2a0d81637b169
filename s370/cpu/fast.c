/* The fast interpreter. */
#include "s370/cpu/internal.h"

void code_changed(void *context, uint32_t address, uint32_t length)
{
}

void code_drop_all(struct cpu *cpu)
{
}

void fast_run(struct cpu *cpu)
{
    watched_run(cpu);
}

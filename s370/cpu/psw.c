/* The PSW in both formats, and what follows from it for storage access and masks. */
#include "s370/cpu/internal.h"

void psw_set_space(struct cpu *cpu)
{
    bool translate = cpu->ec && (cpu->system_mask & 0x04);
    cpu->gate.secondary = cpu->secondary;
    gate_set_space(&cpu->gate, translate, cpu->r.cr[0], psw_table(cpu));
}

uint32_t psw_io_masks(const struct cpu *cpu)
{
    bool others = cpu->system_mask & 0x02;
    if (cpu->ec)
        return others ? cpu->r.cr[2] : 0;
    uint32_t masks = (uint32_t)(cpu->system_mask & 0xfc) << 24;
    return others ? masks | (cpu->r.cr[2] & 0x03ffffff) : masks;
}

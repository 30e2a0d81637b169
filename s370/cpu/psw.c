/* The PSW in both formats, and what follows from it for storage access and masks. */
#include "s370/cpu/internal.h"

void psw_set_space(struct cpu *cpu)
{
    bool translate = !(~cpu->psw_left & PSW_LEFT(PSW_EC | PSW_EC_TRANSLATE));
    cpu->gate.secondary = psw_is_secondary(cpu);
    gate_set_space(&cpu->gate, translate, cpu->r.cr[0], psw_table(cpu));
}

void psw_check(struct cpu *cpu, uint64_t psw)
{
    bool secondary = cpu->facilities & FACILITY_DUAL_SPACE;
    uint64_t zeros = secondary ? PSW_EC_ZERO & ~PSW_EC_SECONDARY : PSW_EC_ZERO;
    cpu->psw_bad = (psw & PSW_EC) && (psw & zeros);
    cpu->bad_psw = psw;
    if (!secondary)
        psw_change(cpu, PSW_EC_SECONDARY, 0);
}

uint32_t psw_io_masks(const struct cpu *cpu)
{
    bool others = cpu->psw_left & PSW_LEFT(PSW_EC_IO);
    if (psw_is_ec(cpu))
        return others ? cpu->r.cr[2] : 0;
    uint32_t masks = cpu->psw_left & 0xfc000000;
    return others ? masks | (cpu->r.cr[2] & 0x03ffffff) : masks;
}

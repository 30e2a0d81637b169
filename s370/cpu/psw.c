/* The PSW in both formats, and what follows from it for storage access and masks. */
#include "s370/cpu/internal.h"

uint64_t psw_assemble(const struct cpu *cpu, uint32_t code, unsigned ilc)
{
    if (cpu->psw_bad)
        return cpu->bad_psw;
    uint64_t state = (uint64_t)(cpu->ec << 3 | cpu->mcheck << 2 | cpu->wait << 1 | cpu->problem);
    uint64_t psw = (uint64_t)cpu->system_mask << 56 | (uint64_t)cpu->gate.key << 52 | state << 48 |
                   (cpu->ia & PSW_ADDRESS);
    uint64_t cc = cc_get(cpu), mask = cpu->program_mask;
    if (cpu->ec)
        return psw | (uint64_t)cpu->secondary << 47 | cc << 44 | mask << 40;
    return psw | (uint64_t)(code & 0xffff) << 32 | (uint64_t)ilc << 30 | cc << 28 | mask << 24;
}

void psw_set_space(struct cpu *cpu)
{
    bool translate = cpu->ec && (cpu->system_mask & 0x04);
    cpu->gate.secondary = cpu->secondary;
    gate_set_space(&cpu->gate, translate, cpu->r.cr[0], psw_table(cpu));
}

void psw_load(struct cpu *cpu, uint64_t psw)
{
    cpu->system_mask = (uint8_t)(psw >> 56);
    cpu->ec = (psw & PSW_EC) != 0;
    cpu->mcheck = (psw & PSW_MCHECK) != 0;
    cpu->wait = (psw & PSW_WAIT) != 0;
    cpu->problem = (psw & PSW_PROBLEM) != 0;
    cpu->ia = psw & PSW_ADDRESS;
    cc_set(cpu, cpu->ec ? PSW_EC_CC(psw) : PSW_BC_CC(psw));
    cpu->program_mask = cpu->ec ? PSW_EC_MASK(psw) : PSW_BC_MASK(psw);
    uint64_t zero = PSW_EC_ZERO;
    if (cpu->facilities & FACILITY_DUAL_SPACE)
        zero &= ~PSW_EC_SECONDARY;
    cpu->psw_bad = cpu->ec && (psw & zero);
    cpu->bad_psw = psw;
    gate_set_key(&cpu->gate, psw >> 52 & 15);
    /* The control registers have not changed: those who change them set the space. */
    bool secondary = cpu->ec && (psw & PSW_EC_SECONDARY & ~zero);
    if (cpu->gate.translate != (cpu->ec && (cpu->system_mask & 0x04)) ||
        cpu->secondary != secondary) {
        cpu->secondary = secondary;
        psw_set_space(cpu);
    }
}

uint32_t psw_io_masks(const struct cpu *cpu)
{
    bool others = cpu->system_mask & 0x02;
    if (cpu->ec)
        return others ? cpu->r.cr[2] : 0;
    uint32_t masks = (uint32_t)(cpu->system_mask & 0xfc) << 24;
    return others ? masks | (cpu->r.cr[2] & 0x03ffffff) : masks;
}

/* The PSW swap, for interruption.c and, of the kinds that are frequent, the fast loop: what it
 * stores, and the exchange itself.  GA22-7000, "Interruptions". */
#ifndef S370_CPU_SWAP_H
#define S370_CPU_SWAP_H

#include "s370/arch/lowcore.h"
#include "s370/cpu/internal.h"

#define AT(field) ((uint32_t)offsetof(struct lowcore, field))

/* Storage by the interruption, in the first block: no protection, but a change of the block.  Low
 * storage is there on every machine. */
static inline __attribute__((always_inline)) void interrupt_store(struct cpu *cpu, uint32_t at,
                                                                  uint64_t value, uint32_t length)
{
    struct storage *s = cpu->gate.storage;
    uint32_t prefix = cpu->gate.prefix, block = prefix / STORAGE_BLOCK;
    uint8_t *p = s->main + prefix + at;
    if (__builtin_expect(s->code_lines[block] & storage_line_bits(at, length), 0))
        s->code_changed(s->code_cpu, prefix + at, length);
    s->keys[block] |= KEY_REFERENCE | KEY_CHANGE;
    if (length == 8)
        store_be64(p, value);
    else if (length == 4)
        store_be32(p, (uint32_t)value);
    else if (length == 2)
        store_be16(p, (uint16_t)value);
    else
        while (length--)
            *p++ = (uint8_t)(value >> 8 * length);
}

/* Where a class has its PSWs, and in the EC mode its word of length and code. */
struct swap_places {
    uint32_t old_at, new_at, word_at;
};

/* Supervisor call and program interruption as they are mostly: nobody watches, decoded code does
 * not lie in the places, and the new PSW is usual.  False: nothing is done. */
static inline __attribute__((always_inline)) bool
interrupt_quickly(struct cpu *cpu, struct swap_places at, uint32_t code, unsigned ilc)
{
    struct storage *s = cpu->gate.storage;
    uint32_t prefix = cpu->gate.prefix, block = prefix / STORAGE_BLOCK;
    uint32_t lines = storage_line_bits(at.old_at, 8) | storage_line_bits(at.word_at, 4);
    uint8_t *low = s->main + prefix;
    uint64_t psw = load_be64(low + at.new_at);
    if (!psw_is_usual(cpu, psw) || (s->code_lines[block] & lines) || cpu->watch.interruption)
        return false;
    s->keys[block] |= KEY_REFERENCE | KEY_CHANGE;
    if (psw_is_ec(cpu))
        store_be32(low + at.word_at, ilc << 17 | code);
    store_be64(low + at.old_at, psw_assemble(cpu, code, ilc));
    psw_load_usual(cpu, psw);
    return true;
}

#define SVC_PLACES     ((struct swap_places){AT(svc_old), AT(svc_new), AT(svc_unused)})
#define PROGRAM_PLACES ((struct swap_places){AT(pgm_old), AT(pgm_new), AT(pgm_unused)})

#endif

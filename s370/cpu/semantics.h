/* What the bodies of the instructions (sem_*.inc) are written in.  The file that includes
 * them has defined before:
 *   FLAVOR(name)     the name of a body in this compilation
 *   NEXT_ADDRESS()   logical address after the current instruction
 *   RELATIVE()       the target of a relative operand
 *   COLD()           what follows is rare or long: the fast loop's threads leave it, from the
 *                    beginning, to the function; so nothing must have been changed before
 *   BRANCH(target)   ends the body: the next instruction is at `target`
 *   BODY(name), LONG_BODY(name)   what a body is: short ones become part of the fast loop's
 *                    threads, all others are functions
 *   SAME_AS(name)    the body goes on as another one
 *   INDEX            contents of the index register
 *   GATE(access)     the gate's function for an access
 *   STORE1..8, SPAN_STORE   stores (the watched loop notes them for PER)
 *   SPAN_PROBE, STORED      the two halves of SPAN_STORE, where it is not certain that the operand
 *                    is stored: access to it, and that this address and length have been
 *   ALTERED(mask)    general registers (bits as in CR9 16-31) that the table's attributes do not
 *                    name, or do not always: their contents are replaced
 *   EXECUTES(address, insn, number)   EXECUTE goes on with this target
 *   JUMPED()         a branch has been made that ends with R_ADDRESS
 *
 * Rules for a body: check and fetch everything that may fault first (TRY returns the
 * program interruption code), compute, store, write registers, set the condition code
 * last.  So an instruction that faults has changed nothing. */
#ifndef S370_CPU_SEMANTICS_H
#define S370_CPU_SEMANTICS_H

#include "s370/cpu/hfp.h"
#include "s370/cpu/internal.h"

#define GR(n) cpu->r.gr[n]
#define R1    cpu->r.gr[i->r1]
#define R2    cpu->r.gr[i->r2]
#define R3    cpu->r.gr[i->r2] /* RS format: the right register field */

#define TRY(access)                                                                                \
    do {                                                                                           \
        int fault_ = (access);                                                                     \
        if (__builtin_expect(fault_, 0))                                                           \
            return fault_;                                                                         \
    } while (0)

#define PRIVILEGED()                                                                               \
    do {                                                                                           \
        if (psw_is_problem(cpu))                                                                   \
            return PGM_PRIVILEGED;                                                                 \
    } while (0)

/* Base and index: cpu->r.gr[NO_REGISTER] is zero. */
#define EA1 ((GR(i->b1) + i->d1) & ADDRESS_MASK)
#define EA2 ((GR(i->b2) + i->d2) & ADDRESS_MASK)
#define EAX ((GR(i->b2) + INDEX + i->d2) & ADDRESS_MASK)

#define FETCH1(address, value)            TRY(GATE(fetch1)(&cpu->gate, address, value))
#define FETCH2(address, value)            TRY(GATE(fetch2)(&cpu->gate, address, value))
#define FETCH4(address, value)            TRY(GATE(fetch4)(&cpu->gate, address, value))
#define FETCH8(address, value)            TRY(GATE(fetch8)(&cpu->gate, address, value))
#define SPAN_FETCH(address, length, span) TRY(GATE(span_fetch)(&cpu->gate, address, length, span))

/* Fixed-point overflow: condition code 3, and an interruption if the mask says so.  The
 * result has been stored before. */
#define FIXED_OVERFLOW()                                                                           \
    do {                                                                                           \
        cc_set(cpu, 3);                                                                            \
        return cpu->program_mask & PMASK_FIXED_OVERFLOW ? PGM_FIXED_OVERFLOW : R_OK;               \
    } while (0)

#define EVEN(r)                                                                                    \
    do {                                                                                           \
        if ((r)&1)                                                                                 \
            return PGM_SPECIFICATION;                                                              \
    } while (0)

#define ALIGNED(address, bytes)                                                                    \
    do {                                                                                           \
        if ((address) % (bytes))                                                                   \
            return PGM_SPECIFICATION;                                                              \
    } while (0)

static inline uint64_t pair_get(const struct cpu *cpu, unsigned r)
{
    return (uint64_t)cpu->r.gr[r] << 32 | cpu->r.gr[r + 1];
}

static inline void pair_set(struct cpu *cpu, unsigned r, uint64_t value)
{
    cpu->r.gr[r] = (uint32_t)(value >> 32);
    cpu->r.gr[r + 1] = (uint32_t)value;
}

#endif

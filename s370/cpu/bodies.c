/* Every instruction's body as a function.  The threads of the fast loop (fast.c) leave to these
 * what is long or rare: whatever does not hit the TLB, faults, crosses a block's end, is the
 * target of EXECUTE.  cpu->ia is the address of the next instruction. */
#include "dat/translate.h"
#include "s370/cpu/semantics.h"
#include "s370/io/channel.h"
#include "s370/machine.h"

#define FLAVOR(name)    full_##name
#define GATE(access)    gate_##access
#define BODY(name)      static int FLAVOR(name)(struct cpu * cpu, const struct insn *i)
#define LONG_BODY(name) BODY(name)
#define NEXT_ADDRESS()  cpu->ia
#define RELATIVE()      ((cpu->ia - 2u * i->length + (uint32_t)i->imm) & ADDRESS_MASK)
#define SAME_AS(name)   return FLAVOR(name)(cpu, i)
#define INDEX           GR(i->r2)
#define COLD()          ((void)0)
#define BRANCH(target)                                                                             \
    do {                                                                                           \
        cpu->ia = (target);                                                                        \
        return R_BRANCHED;                                                                         \
    } while (0)

#define STORE1(address, value)            TRY(gate_store1(&cpu->gate, address, value))
#define STORE2(address, value)            TRY(gate_store2(&cpu->gate, address, value))
#define STORE4(address, value)            TRY(gate_store4(&cpu->gate, address, value))
#define STORE8(address, value)            TRY(gate_store8(&cpu->gate, address, value))
#define SPAN_STORE(address, length, span) TRY(gate_span_store(&cpu->gate, address, length, span))
#define SPAN_PROBE(address, length, span) SPAN_STORE(address, length, span)

/* Program event recording runs in the watched loop only. */
#define STORED(address, length)         ((void)0)
#define ALTERED(mask)                   ((void)0)
#define EXECUTES(address, insn, number) ((void)0)
#define JUMPED()                        ((void)0)

#include "s370/cpu/bodies.inc"

insn_body *const *const functions = full_bodies;

insn_body *function_of(const struct cpu *cpu, unsigned number)
{
    return full_body_of(cpu, number);
}

/* The plain interpreter: fetches and decodes each instruction when it comes to it.  It
 * runs while somebody watches (trace, breakpoints) or program event recording is on, and
 * is the fast loop's measure; both execute the same bodies. */
#include "dat/translate.h"
#include "s370/cpu/semantics.h"
#include "s370/io/channel.h"
#include "s370/machine.h"

#define FLAVOR(name)    watched_##name
#define NEXT_ADDRESS()  cpu->ia
#define GATE(access)    gate_##access
#define BODY(name)      static int FLAVOR(name)(struct cpu * cpu, const struct insn *i)
#define LONG_BODY(name) BODY(name)
#define RELATIVE()      ((cpu->ia - 2u * i->length + (uint32_t)i->imm) & ADDRESS_MASK)
#define SAME_AS(name)   return FLAVOR(name)(cpu, i)
#define INDEX           GR(i->r2)
#define COLD()          ((void)0)
#define BRANCH(target)                                                                             \
    do {                                                                                           \
        cpu->ia = (target);                                                                        \
        cpu->per_events |= PER_BRANCH;                                                             \
        return R_OK;                                                                               \
    } while (0)

/* Events as in CR9 and location 96. */
#define PER_BRANCH   0x80
#define PER_FETCH    0x40
#define PER_STORE    0x20
#define PER_REGISTER 0x10

/* CR10 to CR11, or if that is the smaller, around the end of storage. */
static bool in_range(const struct cpu *cpu, uint32_t address)
{
    uint32_t start = cpu->r.cr[10] & ADDRESS_MASK, end = cpu->r.cr[11] & ADDRESS_MASK;
    return start <= end ? address >= start && address <= end : address >= start || address <= end;
}

/* Notes a store for PER.  Operands are short: looking at each byte is no loss. */
static void stored(struct cpu *cpu, uint32_t address, uint32_t length)
{
    for (uint32_t k = 0; k < length; k++) {
        if (in_range(cpu, (address + k) & ADDRESS_MASK))
            cpu->per_events |= PER_STORE;
    }
}

/* Registers that the instruction alters by its description, as a mask like CR9 16-31. */
static uint32_t altered(const struct insn *insn, unsigned number)
{
    unsigned attributes = insn_table[number].attributes;
    uint32_t mask = 0;
    if (attributes & (A_R1 | A_PAIR | A_RANGE))
        mask |= 0x8000u >> insn->r1;
    if (attributes & A_PAIR)
        mask |= 0x8000u >> ((insn->r1 + 1) & 15);
    if (attributes & A_RANGE) {
        for (unsigned r = insn->r1; r != insn->r2; r = (r + 1) & 15)
            mask |= 0x8000u >> ((r + 1) & 15);
    }
    return mask;
}

/* EXECUTE's target is fetched too, and it is the target that alters registers. */
static void executes(struct cpu *cpu, uint32_t address, const struct insn *insn, unsigned number)
{
    if (in_range(cpu, address))
        cpu->per_events |= PER_FETCH;
    cpu->per_registers |= altered(insn, number);
    cpu->per_number = number;
}

#define STORE(bytes, address, value)                                                               \
    do {                                                                                           \
        uint32_t at_ = (address);                                                                  \
        TRY(gate_store##bytes(&cpu->gate, at_, value));                                            \
        stored(cpu, at_, bytes);                                                                   \
    } while (0)
#define STORE1(address, value)            STORE(1, address, value)
#define STORE2(address, value)            STORE(2, address, value)
#define STORE4(address, value)            STORE(4, address, value)
#define STORE8(address, value)            STORE(8, address, value)
#define SPAN_PROBE(address, length, span) TRY(gate_span_store(&cpu->gate, address, length, span))
#define SPAN_STORE(address, length, span)                                                          \
    do {                                                                                           \
        uint32_t at_ = (address), length_ = (length);                                              \
        SPAN_PROBE(at_, length_, span);                                                            \
        stored(cpu, at_, length_);                                                                 \
    } while (0)
#define STORED(address, length)         stored(cpu, address, length)
#define ALTERED(mask)                   (cpu->per_registers |= (mask)&0xffffu)
#define EXECUTES(address, insn, number) executes(cpu, address, insn, number)
#define JUMPED()                        (cpu->per_events |= PER_BRANCH)

#include "s370/cpu/bodies.inc"

/* Fetches the instruction at cpu->ia.  Returns R_OK, or R_FETCH with code and ILC set. */
static int fetch(struct cpu *cpu, uint8_t *bytes)
{
    struct span span;
    cpu->fetch_ilc = 1;
    cpu->fetch_code = PGM_SPECIFICATION;
    if (cpu->ia & 1)
        return R_FETCH;
    cpu->fetch_code = gate_span_fetch(&cpu->gate, cpu->ia, 2, &span);
    if (cpu->fetch_code)
        return R_FETCH;
    span_read(&span, bytes);
    unsigned halfwords = insn_halfwords(bytes[0]);
    if (halfwords == 1)
        return R_OK;
    cpu->fetch_ilc = halfwords;
    cpu->fetch_code =
        gate_span_fetch(&cpu->gate, (cpu->ia + 2) & ADDRESS_MASK, 2 * halfwords - 2, &span);
    if (cpu->fetch_code)
        return R_FETCH;
    span_read(&span, bytes + 2);
    return R_OK;
}

/* Whether the operation has been completed that gave `result`: a program interruption may also
 * follow a result that is there.  GA22-7000, "Types of Instruction Ending". */
static bool is_completed(int result, unsigned number)
{
    switch (result) {
    case PGM_FIXED_OVERFLOW:
    case PGM_DECIMAL_OVERFLOW:
    case PGM_EXPONENT_OVERFLOW:
    case PGM_EXPONENT_UNDERFLOW:
    case PGM_SIGNIFICANCE:
    case PGM_MONITOR:
        return true;
    case PGM_FIXED_DIVIDE:
        return number == I_cvb;
    case PGM_SPECIFICATION: /* the mask is stored, and what is loaded makes the PSW invalid */
        return number == I_ssm || number == I_stnsm || number == I_stosm;
    default:
        return result <= 0;
    }
}

/* The events of the instruction that `wanted` asks for: what CR9 held when it began, as a LOAD
 * CONTROL of CR9 to CR11 is recorded under the old ones.  Whether a register's old value is put
 * into it again makes no difference. */
static unsigned per_select(const struct cpu *cpu, uint32_t wanted, const uint32_t *before,
                           bool completed)
{
    unsigned events = cpu->per_events & PER_FETCH;
    if (completed) {
        uint32_t mask = cpu->per_registers;
        for (unsigned r = 0; r < 16; r++)
            mask |= before[r] != cpu->r.gr[r] ? 0x8000u >> r : 0;
        if (mask & wanted & 0xffff)
            events |= PER_REGISTER;
        /* The area is that of fetches and stores: a branch counts wherever it leads. */
        events |= cpu->per_events & (PER_BRANCH | PER_STORE);
    }
    return events & wanted >> 24;
}

/* Program event recording of one instruction that gave `result`.  An event joins the
 * program interruption that the instruction causes, or makes one; the supervisor call
 * and the PSW are completed first, and have left the old mask with `per` set. */
static bool finish(struct cpu *cpu, int result, unsigned ilc, unsigned events, uint32_t address)
{
    if (!events)
        return result == R_OK || run_result(cpu, result, ilc);
    cpu->per_code = events;
    cpu->per_address = address;
    if (result == R_SPACE_SWITCH || (result == R_ADDRESS && cpu->switched))
        result = PGM_SPACE_SWITCH; /* a PER event makes one of every switch */
    if (result > 0) {
        interrupt_program(cpu, (unsigned)result | PGM_PER, ilc);
        return false;
    }
    if (result != R_OK)
        (void)run_result(cpu, result, ilc);
    /* LPSW and SVC may have brought an invalid PSW: one code for both, and then no ILC. */
    bool bad = cpu->psw_bad;
    interrupt_program(cpu, bad ? PGM_PER | PGM_SPECIFICATION : PGM_PER, bad ? 0 : ilc);
    return false;
}

/* One instruction.  False: leave the loop. */
static bool step(struct cpu *cpu)
{
    uint8_t bytes[6];
    uint32_t address = cpu->ia, wanted = cpu->r.cr[9], before[16];
    cpu->gate.fetches_code = true;
    int result = fetch(cpu, bytes);
    cpu->gate.fetches_code = false;
    if (result != R_OK)
        return run_result(cpu, result, 0);
    struct insn insn;
    unsigned number = insn_find(bytes);
    insn_decode(&insn, bytes, number);
    unsigned ilc = insn.length;
    bool per = psw_records(cpu);
    if (per)
        memcpy(before, cpu->r.gr, sizeof before);
    cpu->per_events = per && in_range(cpu, address) ? PER_FETCH : 0;
    cpu->per_registers = altered(&insn, number);
    cpu->per_number = number;
    cpu->ia = (cpu->ia + 2 * ilc) & ADDRESS_MASK;
    result = watched_body_of(cpu, number)(cpu, &insn);
    unsigned events = 0;
    if (per)
        events = per_select(cpu, wanted, before, is_completed(result, cpu->per_number));
    return finish(cpu, result, ilc, events, address);
}

void watched_run(struct cpu *cpu)
{
    while (cpu->left > 0) {
        if (cpu->watch.instruction && !cpu->resume &&
            cpu->watch.instruction(cpu->watch.context, cpu, cpu->ia)) {
            cpu->resume = true;
            cpu_stop(cpu);
            return;
        }
        cpu->resume = false;
        cpu->left--;
        if (!step(cpu))
            return;
    }
}

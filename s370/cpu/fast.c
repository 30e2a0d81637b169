/* The fast interpreter.  Each block of storage (2048 bytes) that is executed gets a table
 * with one record per halfword; a record is decoded when the program first comes to it
 * and holds the thread to execute and its operands.  A store into a block that has such a
 * table (dat/gate.c asks storage->code) makes the records over the changed bytes
 * undecoded again: so a program may modify its very next instruction, and channels may
 * read in new programs.
 *
 * A thread is a body and what follows it: it ends with a jump to the next record's thread
 * (a call in tail position, which the compiler makes into a jump), so there is no loop that all
 * instructions share, and the host predicts each jump by itself.  The record `i` and the
 * number of instructions `left` until something must be looked at travel in registers.  Where
 * the compiler makes no such jumps (sanitizers, no optimization), threads return to the loop
 * in fast_run.
 *
 * Threads hold only what is usual, so that they need no stack frame and call nothing: an access
 * must hit the TLB, the body must be short.  Otherwise the body gives R_COLD before it has
 * changed anything, and the thread `cold` calls the same instruction's function (bodies.c).
 *
 * An instruction that sets the condition code is mostly followed by a branch on it.  For these
 * there are threads of two bodies, which test whether the next record is still that branch.
 *
 * The address of a record follows from the block's logical address; cpu->ia is brought up to
 * date where it is asked for.  Three kinds of record are no instructions and are not counted:
 * undecoded ones, those behind the end of a block (leave), and `outside`, when there is no
 * block (cpu->block is NULL) and cpu->ia says where to go. */
#include "dat/translate.h"
#include "s370/cpu/semantics.h"
#include "s370/cpu/swap.h"
#include "s370/io/channel.h"
#include "s370/machine.h"

#include <stdio.h>
#include <stdlib.h>

#define SLOTS (STORAGE_BLOCK / 2)

/* More tables than this are not kept (about 50 megabytes of the host's). */
#define BLOCKS_MAX 2048u

struct code_block {
    uint32_t real; /* address of the block */
    /* The last instruction may reach up to two halfwords beyond the block. */
    struct insn insns[SLOTS + 3];
};

static insn_thread enter, leave;
static insn_thread cold __attribute__((noinline)), far __attribute__((noinline)),
    unusual __attribute__((noinline)), supervisor_call __attribute__((noinline)),
    unusual_call __attribute__((noinline)), program_check __attribute__((noinline)),
    unusual_check __attribute__((noinline)), new_psw __attribute__((noinline)),
    tell_psw __attribute__((noinline)), look __attribute__((noinline));
static const struct insn outside = {.execute = enter};

static inline uint32_t address_of(const struct cpu *cpu, const struct insn *i)
{
    uint32_t slot = (uint32_t)(i - cpu->block->insns);
    return (cpu->block_address + 2 * slot) & ADDRESS_MASK;
}

/* --- the bodies as parts of threads --- */

#define FLAVOR(name)   hot_##name
#define GATE(access)   gate_try_##access
#define NEXT_ADDRESS() address_of(cpu, i + i->length)
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(DATBOX_LOOP)
#define JUMPING 1 /* the compiler makes jumps of calls at a thread's end */
#define PART    static inline __attribute__((always_inline))
#else
#define JUMPING 0
#define PART    static inline
#endif

/* `indexed` is constant in each thread: most addresses have no index, and need not look for one. */
#define BODY(name)    PART int hot_##name(struct cpu *cpu, const struct insn *i, const bool indexed)
#define SAME_AS(name) return hot_##name(cpu, i, indexed)
#define INDEX         (indexed ? GR(i->r2) : 0)
/* Another function has the same text (bodies.c); here it is left out. */
#define LONG_BODY(name)                                                                            \
    BODY(name)                                                                                     \
    {                                                                                              \
        return R_COLD;                                                                             \
    }                                                                                              \
    static inline __attribute__((unused)) int unused_##name(struct cpu *cpu, const struct insn *i, \
                                                            const bool indexed)
/* A record has the operand from the beginning of its block. */
#define RELATIVE() ((cpu->block_address + (uint32_t)i->imm) & ADDRESS_MASK)
/* What follows in a body is left to the function. */
#define COLD() return R_COLD
#define BRANCH(target)                                                                             \
    do {                                                                                           \
        cpu->ia = (target);                                                                        \
        return R_BRANCHED;                                                                         \
    } while (0)

#define STORE1(address, value)            TRY(GATE(store1)(&cpu->gate, address, value))
#define STORE2(address, value)            TRY(GATE(store2)(&cpu->gate, address, value))
#define STORE4(address, value)            TRY(GATE(store4)(&cpu->gate, address, value))
#define STORE8(address, value)            TRY(GATE(store8)(&cpu->gate, address, value))
#define SPAN_STORE(address, length, span) TRY(GATE(span_store)(&cpu->gate, address, length, span))
#define SPAN_PROBE(address, length, span) SPAN_STORE(address, length, span)

/* Program event recording runs in the watched loop only. */
#define STORED(address, length)         ((void)0)
#define ALTERED(mask)                   ((void)0)
#define EXECUTES(address, insn, number) ((void)0)
#define JUMPED()                        ((void)0)

#define hot_body_of function_of
#define PARTS_ONLY
#include "s370/cpu/bodies.inc"

/* --- threads --- */

#if defined(__clang__)
#define JUMP __attribute__((musttail)) return
#else
#define JUMP return
#endif

#if JUMPING
#define GO(i, left) JUMP(i)->execute(cpu, i, left)
#else
/* The next thread is fast_run's to call. */
#define GO(i, remaining)                                                                           \
    do {                                                                                           \
        cpu->next = (i);                                                                           \
        cpu->left = (remaining);                                                                   \
        return R_BRANCHED;                                                                         \
    } while (0)
#endif

/* Goes on with record `i`.  The count is tested as a borrow, which the host does in one step. */
#define DISPATCH(i, left)                                                                          \
    do {                                                                                           \
        uint64_t rest_;                                                                            \
        if (__builtin_expect(__builtin_sub_overflow((uint64_t)(left), 1u, &rest_), 0))             \
            JUMP pause_at(cpu, i, 0);                                                              \
        GO(i, (int64_t)rest_);                                                                     \
    } while (0)

/* The count is used up before record `i`. */
static __attribute__((noinline)) int pause_at(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->left = 0;
    if (cpu->block)
        cpu->ia = address_of(cpu, i);
    return R_OK;
}

/* What follows a body that gave `result`, in the thread of an instruction of this length. */
#define AFTER(result, halfwords)                                                                   \
    do {                                                                                           \
        if (__builtin_expect((result) == R_OK, 1)) {                                               \
            i += (halfwords);                                                                      \
            DISPATCH(i, left);                                                                     \
        }                                                                                          \
        if ((result) == R_BRANCHED) {                                                              \
            uint32_t offset_ = cpu->ia ^ cpu->block_address;                                       \
            if (__builtin_expect(offset_ & ~(STORAGE_BLOCK - 2), 0))                               \
                JUMP far(cpu, i, left);                                                            \
            i = cpu->block->insns + offset_ / 2;                                                   \
            DISPATCH(i, left);                                                                     \
        }                                                                                          \
        if ((result) == R_COLD)                                                                    \
            JUMP cold(cpu, i, left);                                                               \
        if ((result) == R_SVC)                                                                     \
            JUMP supervisor_call(cpu, i, left);                                                    \
        if ((result) == R_PSW)                                                                     \
            JUMP new_psw(cpu, i, left);                                                            \
        cpu->result = (result);                                                                    \
        JUMP unusual(cpu, i, left);                                                                \
    } while (0)

/* Lengths in halfwords, by the groups of insn.def. */
#define LENGTH_ONE(code) ((code) < 0x40 ? 1 : (code) < 0xc0 ? 2 : 3)
#define LENGTH_01(code)  1
#define LENGTH_A7(code)  2
#define LENGTH_B2(code)  2
#define LENGTH_B9(code)  2
#define LENGTH_C0(code)  3
#define LENGTH_E3(code)  3
#define LENGTH_E5(code)  3
#define LENGTH_EB(code)  3

#define THREAD(function, name, halfwords, indexed)                                                 \
    static int function(struct cpu *cpu, const struct insn *i, int64_t left)                       \
    {                                                                                              \
        int result = hot_##name(cpu, i, indexed);                                                  \
        AFTER(result, halfwords);                                                                  \
    }

#define INSN(group, code, name, mnemonic, format, attributes)                                      \
    THREAD(thread_##name, name, LENGTH_##group(code), true)
#include "s370/arch/insn.def"
#undef INSN

/* The same without an index register; where an instruction has none anyway, the compiler finds
 * out that the two are one. */
#if JUMPING
#define PLAIN(name) plain_##name
#define INSN(group, code, name, mnemonic, format, attributes)                                      \
    THREAD(plain_##name, name, LENGTH_##group(code), false)
#include "s370/arch/insn.def"
#undef INSN
#else
#define PLAIN(name) thread_##name
#endif

static insn_thread *const threads[INSN_COUNT] = {
    [I_none] = cold,
#define INSN(group, code, name, mnemonic, format, attributes) [I_##name] = thread_##name,
#include "s370/arch/insn.def"
#undef INSN
};

static insn_thread *const plain_threads[INSN_COUNT] = {
    [I_none] = cold,
#define INSN(group, code, name, mnemonic, format, attributes) [I_##name] = PLAIN(name),
#include "s370/arch/insn.def"
#undef INSN
};

/* --- branches within a block --- */

/* A relative branch whose target lies in its own block needs no addresses: the target's
 * record is as far from this one.  `choose_thread` puts these in place of the threads, and the
 * distance of the records, in bytes of the host, in place of the operand. */

static inline const struct insn *target_of(const struct insn *i)
{
    return (const struct insn *)((const char *)i + i->imm);
}

static int near_always(struct cpu *cpu, const struct insn *i, int64_t left)
{
    i = target_of(i);
    DISPATCH(i, left);
}

/* The condition code is one that the mask selects. */
PART bool selects(const struct cpu *cpu, unsigned mask)
{
    return mask & 8 >> cc_get(cpu);
}

static int near_brc(struct cpu *cpu, const struct insn *i, int64_t left)
{
    i = selects(cpu, i->r1) ? target_of(i) : i + 2;
    DISPATCH(i, left);
}

static int near_brcl(struct cpu *cpu, const struct insn *i, int64_t left)
{
    i = selects(cpu, i->r1) ? target_of(i) : i + 3;
    DISPATCH(i, left);
}

static int near_brct(struct cpu *cpu, const struct insn *i, int64_t left)
{
    i = --R1 ? target_of(i) : i + 2;
    DISPATCH(i, left);
}

/* --- a test and the branch on it --- */

/* Instructions that are often followed by a branch on condition, and their lengths. */
/* clang-format off */
#define TESTS(DO)                                                                                  \
    DO(ltr, 1) DO(lcr, 1) DO(cr, 1) DO(clr, 1) DO(ar, 1) DO(sr, 1) DO(alr, 1) DO(slr, 1)           \
    DO(nr, 1) DO(or, 1) DO(xr, 1) DO(c, 2) DO(cl, 2) DO(ch, 2) DO(a, 2) DO(s, 2) DO(al, 2)         \
    DO(sl, 2) DO(n, 2) DO(o, 2) DO(x, 2) DO(tm, 2) DO(cli, 2) DO(ni, 2) DO(oi, 2) DO(sra, 2)       \
    DO(ahi, 2) DO(chi, 2) DO(tml, 2) DO(icm, 2) DO(clm, 2) DO(clc, 3) DO(oc, 3)
/* clang-format on */

#define PAIRS(name, halfwords)                                                                     \
    static int name##_bc(struct cpu *cpu, const struct insn *i, int64_t left)                      \
    {                                                                                              \
        int result = hot_##name(cpu, i, true);                                                     \
        if (result != R_OK || i[halfwords].execute != PLAIN(bc) || !left)                          \
            AFTER(result, halfwords);                                                              \
        left--;                                                                                    \
        i += halfwords;                                                                            \
        result = hot_bc(cpu, i, false);                                                            \
        AFTER(result, 2);                                                                          \
    }                                                                                              \
    static int name##_brc(struct cpu *cpu, const struct insn *i, int64_t left)                     \
    {                                                                                              \
        int result = hot_##name(cpu, i, true);                                                     \
        if (result != R_OK || i[halfwords].execute != near_brc || !left)                           \
            AFTER(result, halfwords);                                                              \
        left--;                                                                                    \
        i += halfwords;                                                                            \
        i = selects(cpu, i->r1) ? target_of(i) : i + 2;                                            \
        DISPATCH(i, left);                                                                         \
    }
TESTS(PAIRS)

static insn_thread *const with_bc[INSN_COUNT] =
    {
#define ROW(name, halfwords) [I_##name] = name##_bc,
        TESTS(ROW)
#undef ROW
},
                          *const with_brc[INSN_COUNT] = {
#define ROW(name, halfwords) [I_##name] = name##_brc,
                              TESTS(ROW)
#undef ROW
};

/* --- decoding --- */

/* A relative branch gets the distance of its target's record, and its thread; NULL if it is no
 * such branch or goes elsewhere. */
static insn_thread *choose_near(struct insn *insn, uint32_t slot)
{
    int64_t target = (int64_t)slot + insn->imm / 2;
    insn_thread *thread;
    switch (insn->number) {
    case I_brc:
        thread = insn->r1 == 15 ? near_always : near_brc;
        break;
    case I_brcl:
        thread = insn->r1 == 15 ? near_always : near_brcl;
        break;
    case I_brct:
        thread = near_brct;
        break;
    default:
        return NULL;
    }
    if (target < 0 || target >= SLOTS)
        return NULL;
    insn->imm = insn->imm / 2 * (int32_t)sizeof *insn;
    return thread;
}

/* What to execute for the instruction decoded in `slot`, which `bytes` follow. */
static insn_thread *choose_thread(const struct cpu *cpu, struct insn *insn, uint32_t slot,
                                  const uint8_t *bytes)
{
    if (!insn_is_installed(cpu, insn->number))
        insn->number = I_none;
    insn_thread *thread = choose_near(insn, slot);
    if (thread)
        return thread;
    if (insn_table[insn->number].attributes & A_RELATIVE)
        insn->imm += (int32_t)(2 * slot);
    /* The branch has four bytes; of a longer instruction there may be no more in storage. */
    if (with_bc[insn->number] && slot + insn->length + 2 <= SLOTS &&
        insn_halfwords(bytes[0]) == 2) {
        unsigned next = insn_find(bytes);
        if (next == I_bc)
            return with_bc[insn->number];
        if (next == I_brc)
            return with_brc[insn->number];
    }
    unsigned format = insn_table[insn->number].format;
    bool may_have_index = format == F_RX || format == F_MX || format == F_RXE;
    if (may_have_index && insn->r2 == NO_REGISTER)
        return plain_threads[insn->number];
    return threads[insn->number];
}

/* Stores into these bytes of a block must be told from now on. */
static void note_lines(struct storage *s, uint32_t block, uint32_t offset, uint32_t length)
{
    for (uint32_t at = offset; at < offset + length && at < STORAGE_BLOCK; at += 2)
        s->code_lines[block / STORAGE_BLOCK] |= UINT32_C(1) << at / CODE_LINE;
}

static insn_thread cross;

/* Decodes the record at `i`, and executes it. */
static int decode(struct cpu *cpu, const struct insn *i, int64_t left)
{
    struct code_block *block = cpu->block;
    uint32_t slot = (uint32_t)(i - block->insns);
    struct insn *insn = &block->insns[slot];
    const uint8_t *bytes = cpu->gate.storage->main + block->real + 2 * slot;
    unsigned halfwords = insn_halfwords(bytes[0]);
    if (slot + halfwords > SLOTS) {
        insn->length = (uint8_t)halfwords;
        insn->execute = cross;
    } else {
        insn_decode(insn, bytes, insn_find(bytes));
        insn->execute = choose_thread(cpu, insn, slot, bytes + 2 * halfwords);
    }
    note_lines(cpu->gate.storage, block->real, 2 * slot, 2u * halfwords);
    GO(i, left);
}

static void reset(struct code_block *block, uint32_t first, uint32_t last)
{
    for (uint32_t slot = first; slot <= last; slot++)
        block->insns[slot].execute = decode;
}

static struct code_block *create(struct cpu *cpu, uint32_t number)
{
    if (cpu->cache->count >= BLOCKS_MAX)
        code_drop_all(cpu->cache);
    struct code_block *block = calloc(1, sizeof *block);
    if (!block) {
        fprintf(stderr, "datbox: the host has no memory for decoded instructions\n");
        abort();
    }
    block->real = number * STORAGE_BLOCK;
    reset(block, 0, SLOTS - 1);
    for (uint32_t slot = SLOTS; slot < SLOTS + 3; slot++)
        block->insns[slot].execute = leave;
    cpu->blocks[number] = block;
    cpu->cache->count++;
    cpu->gate.storage->code[number] = 1;
    cpu_purge_all(cpu); /* entries that allow stores without notice */
    return block;
}

/* --- from block to block --- */

/* The record of cpu->ia, or `outside` if it cannot be fetched from without ado. */
static inline const struct insn *look_up(struct cpu *cpu)
{
    uint32_t target = cpu->ia;
    const uint8_t *host = gate_hit_fetch(&cpu->gate, target, 2);
    cpu->block = NULL;
    if (!host || (target & 1))
        return &outside;
    uint32_t real = (uint32_t)(host - cpu->gate.storage->main);
    struct code_block *block = cpu->blocks[real / STORAGE_BLOCK];
    if (!block)
        return &outside;
    cpu->block = block;
    cpu->block_address = target & BLOCK_MASK;
    return block->insns + target % STORAGE_BLOCK / 2;
}

/* A branch to cpu->ia, which is in another block. */
static int far(struct cpu *cpu, const struct insn *i, int64_t left)
{
    i = look_up(cpu);
    DISPATCH(i, left);
}

/* The program has run over the end of its block. */
static int leave(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->ia = address_of(cpu, i);
    i = look_up(cpu);
    GO(i, left);
}

static int fetch_fault(struct cpu *cpu, uint32_t address, int code, unsigned ilc)
{
    cpu->ia = address;
    cpu->fetch_code = code;
    cpu->fetch_ilc = ilc;
    return R_FETCH;
}

/* Finds the block of cpu->ia, or why there is none. */
static int find_block(struct cpu *cpu)
{
    struct span span;
    uint32_t target = cpu->ia;
    if (target & 1)
        return fetch_fault(cpu, target, PGM_SPECIFICATION, 1);
    int fault = gate_span_fetch(&cpu->gate, target, 2, &span);
    if (fault)
        return fetch_fault(cpu, target, fault, 1);
    uint32_t number = (uint32_t)(span.first - cpu->gate.storage->main) / STORAGE_BLOCK;
    struct code_block *block = cpu->blocks[number];
    if (!block)
        block = create(cpu, number);
    cpu->block = block;
    cpu->block_address = target & BLOCK_MASK;
    return R_OK;
}

/* From outside: goes to cpu->ia, or finds out why it cannot. */
static int enter(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->result = find_block(cpu);
    if (cpu->result != R_OK)
        JUMP unusual(cpu, &outside, left);
    i = cpu->block->insns + cpu->ia % STORAGE_BLOCK / 2;
    GO(i, left);
}

/* --- what threads leave to functions --- */

/* Nothing that a new PSW may have enabled or asked for: the threads can go on.  (Who stops or
 * watches the CPU also sets cpu->left to zero.) */
static inline bool nothing_enabled(const struct cpu *cpu)
{
    return !(cpu->io_pending | (cpu->checks.bits != 0) | psw_allows_external(cpu));
}

static inline bool quiet(struct cpu *cpu)
{
    return !psw_waits(cpu) && !psw_records(cpu) && !cpu->psw_bad &&
           (nothing_enabled(cpu) || !interrupt_is_due(cpu));
}

/* Does what cpu->result asks for after record `i`, with cpu->ia at the next instruction; returns
 * the record to go on with, or NULL to leave. */
static inline const struct insn *finish(struct cpu *cpu, const struct insn *i)
{
    int result = cpu->result;
    if (result == R_OK)
        return i + i->length;
    if (result == R_AGAIN)
        return i;
    if (result != R_BRANCHED) {
        if (result != R_PSW || cpu->watch.load_psw)
            (void)run_result(cpu, result, i->length);
        if (result == R_SYNC || !quiet(cpu))
            return NULL;
    }
    return look_up(cpu);
}

/* A thread's body gave a result that is rare: cpu->result. */
static int unusual(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->left = left;
    if (cpu->result != R_FETCH)
        cpu->ia = address_of(cpu, i + i->length);
    if (cpu->result > 0)
        JUMP program_check(cpu, i, left);
    i = finish(cpu, i);
    if (!i)
        return R_OK;
    left = cpu->left;
    DISPATCH(i, left);
}

/* Goes on under a new PSW, if nothing must be done before. */
static int look(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->left = left;
    if (!quiet(cpu))
        return R_OK;
    left = cpu->left;
    i = look_up(cpu);
    DISPATCH(i, left);
}

/* The same under a usual one, which often leads back into the block. */
#define GO_ON(left)                                                                                \
    do {                                                                                           \
        uint32_t offset_ = cpu->ia ^ cpu->block_address;                                           \
        if (!nothing_enabled(cpu))                                                                 \
            JUMP look(cpu, i, left);                                                               \
        if (offset_ & ~(STORAGE_BLOCK - 2))                                                        \
            JUMP far(cpu, i, left);                                                                \
        i = cpu->block->insns + offset_ / 2;                                                       \
        DISPATCH(i, left);                                                                         \
    } while (0)

static int unusual_call(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->left = left;
    interrupt_svc(cpu, i->length);
    JUMP look(cpu, i, cpu->left);
}

static int supervisor_call(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->ia = address_of(cpu, i + 1);
    if (!interrupt_quickly(cpu, SVC_PLACES, cpu->svc_code, 1))
        JUMP unusual_call(cpu, i, left);
    GO_ON(left);
}

static int tell_psw(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->left = left;
    cpu->watch.load_psw(cpu->watch.context, cpu);
    JUMP look(cpu, i, cpu->left);
}

/* A usual PSW has been loaded. */
static int new_psw(struct cpu *cpu, const struct insn *i, int64_t left)
{
    if (cpu->watch.load_psw)
        JUMP tell_psw(cpu, i, left);
    GO_ON(left);
}

/* A program interruption: cpu->result, with cpu->ia behind the instruction. */
static int program_check(struct cpu *cpu, const struct insn *i, int64_t left)
{
    if (cpu->result >= PGM_SEGMENT ||
        !interrupt_quickly(cpu, PROGRAM_PLACES, (uint32_t)cpu->result, i->length))
        JUMP unusual_check(cpu, i, left);
    GO_ON(left);
}

static int unusual_check(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->left = left;
    interrupt_program(cpu, (unsigned)cpu->result, i->length);
    JUMP look(cpu, i, cpu->left);
}

/* The function of the instruction does what the thread could not. */
static int cold(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->left = left;
    cpu->ia = address_of(cpu, i + i->length);
    cpu->result = functions[i->number](cpu, i);
    if (cpu->result > 0)
        JUMP program_check(cpu, i, cpu->left);
    i = finish(cpu, i);
    if (!i)
        return R_OK;
    left = cpu->left;
    DISPATCH(i, left);
}

/* The bytes of the instruction at `i`, which crosses the end of its block: fetched anew
 * each time, because the next block may be another one then. */
static int execute_crossing(struct cpu *cpu, const struct insn *i)
{
    const struct code_block *block = cpu->block;
    uint32_t slot = (uint32_t)(i - block->insns), inside = STORAGE_BLOCK - 2 * slot;
    uint32_t address = address_of(cpu, i);
    uint8_t bytes[6];
    struct span span;
    memcpy(bytes, cpu->gate.storage->main + block->real + 2 * slot, inside);
    int fault = gate_span_fetch(&cpu->gate, (address + inside) & ADDRESS_MASK,
                                2u * i->length - inside, &span);
    if (fault)
        return fetch_fault(cpu, address, fault, i->length);
    span_read(&span, bytes + inside);
    struct insn insn;
    unsigned number = insn_find(bytes);
    insn_decode(&insn, bytes, number);
    cpu->ia = address_of(cpu, i + i->length);
    return function_of(cpu, number)(cpu, &insn);
}

static int cross(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->left = left;
    cpu->result = execute_crossing(cpu, i);
    if (cpu->result > 0)
        JUMP program_check(cpu, i, cpu->left);
    i = finish(cpu, i);
    if (!i)
        return R_OK;
    left = cpu->left;
    DISPATCH(i, left);
}

/* --- changed code --- */

/* Records that begin up to two halfwords before the changed bytes include some of them. */
void code_changed(void *context, uint32_t address, uint32_t length)
{
    struct code_cache *cache = context;
    uint32_t last_byte = address + length - 1;
    for (uint32_t n = address / STORAGE_BLOCK; n <= last_byte / STORAGE_BLOCK; n++) {
        struct code_block *block = cache->blocks[n];
        if (!block)
            continue;
        uint32_t start = n * STORAGE_BLOCK;
        uint32_t first = address > start ? (address - start) / 2 : 0;
        uint32_t last = last_byte - start < STORAGE_BLOCK ? (last_byte - start) / 2 : SLOTS - 1;
        reset(block, first > 2 ? first - 2 : 0, last);
    }
}

void code_drop_all(struct code_cache *cache)
{
    struct machine *m = cache->machine;
    for (uint32_t n = 0; n < m->storage.size / STORAGE_BLOCK; n++) {
        free(cache->blocks[n]);
        cache->blocks[n] = NULL;
        m->storage.code[n] = 0;
        m->storage.code_lines[n] = 0;
    }
    cache->count = 0;
    for (unsigned n = 0; n < m->cpu_count; n++)
        m->cpus[n]->block = NULL;
}

/* --- the loop --- */

void fast_run(struct cpu *cpu)
{
    if (cpu->left <= 0)
        return;
    cpu->block = NULL;
    int result = outside.execute(cpu, &outside, cpu->left - 1);
    while (result == R_BRANCHED)
        result = cpu->next->execute(cpu, cpu->next, cpu->left);
}

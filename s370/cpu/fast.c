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
 * number of instructions `left` until something must be looked at travel in registers; `left`
 * goes to struct cpu where a body may ask for it (A_OUTSIDE, A_PRIVILEGED).  Where the compiler
 * makes no such jumps (sanitizers, no optimization), threads return to the loop in fast_run.
 *
 * cpu->next is the record after the current one in bodies that need its address or branch, and
 * with the block's logical address it is the instruction address; cpu->ia is brought up to
 * date when the loop is left.  Three kinds of record are no instructions and are not counted:
 * undecoded ones, those behind the end of a block (leave), and `outside`, when there is no
 * block (cpu->block is NULL) and cpu->ia says where to go. */
#include "dat/translate.h"
#include "s370/cpu/semantics.h"
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

static insn_thread enter;
static const struct insn outside = {.execute = enter};

static inline uint32_t address_of_next(const struct cpu *cpu)
{
    uint32_t slot = (uint32_t)(cpu->next - cpu->block->insns);
    return (cpu->block_address + 2 * slot) & ADDRESS_MASK;
}

static int go_far(struct cpu *cpu, uint32_t target);

static inline int go_to(struct cpu *cpu, uint32_t target)
{
    uint32_t offset = target ^ cpu->block_address;
    if (__builtin_expect(!(offset & ~(STORAGE_BLOCK - 2)), 1)) {
        cpu->next = cpu->block->insns + offset / 2;
        return R_BRANCHED;
    }
    return go_far(cpu, target);
}

#define FLAVOR(name)   fast_##name
#define NEXT_ADDRESS() address_of_next(cpu)
#define BODY_INLINE    __attribute__((always_inline))
#define BRANCH(target) return go_to(cpu, target)

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

/* --- threads --- */

#if defined(__clang__)
#define JUMP __attribute__((musttail)) return
#else
#define JUMP return
#endif

#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(DATBOX_LOOP)
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

/* Goes on with record `i`. */
#define DISPATCH(i, left)                                                                          \
    do {                                                                                           \
        if (__builtin_expect(--(left) < 0, 0))                                                     \
            JUMP pause_at(cpu, i, (left) + 1);                                                     \
        GO(i, left);                                                                               \
    } while (0)

static void bring_up_to_date(struct cpu *cpu)
{
    if (cpu->block)
        cpu->ia = address_of_next(cpu);
}

/* The count is used up before record `i`. */
static __attribute__((noinline)) int pause_at(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->next = i;
    cpu->left = left;
    bring_up_to_date(cpu);
    return R_OK;
}

/* Nothing that a new PSW may have enabled or asked for: the threads can go on. */
static inline bool quiet(struct cpu *cpu)
{
    return !(cpu->wait | cpu->stopped | cpu->look | cpu->watched) &&
           !(cpu->ec && (cpu->system_mask & 0x40)) &&
           !((cpu->psw_bad | cpu->io_pending | (cpu->mcheck_pending != 0) |
              psw_allows_external(cpu)) &&
             interrupt_is_due(cpu));
}

/* A body gave something else than R_OK, which no thread handles itself: does what is to be
 * done and returns the record to go on with, or NULL to leave. */
static __attribute__((noinline)) const struct insn *finish(struct cpu *cpu, const struct insn *i,
                                                           int result)
{
    if (result != R_PSW && result != R_FETCH && result != R_ADDRESS && result != R_SPACE_SWITCH) {
        cpu->next = i + i->length;
        bring_up_to_date(cpu);
    }
    (void)run_result(cpu, result, i->length);
    if (result == R_SYNC || !quiet(cpu))
        return NULL;
    (void)go_far(cpu, cpu->ia);
    return cpu->next;
}

/* The end of a thread whose body gave such a result. */
#define FINISH(result)                                                                             \
    do {                                                                                           \
        cpu->left = left;                                                                          \
        i = finish(cpu, i, result);                                                                \
        if (!i)                                                                                    \
            return R_OK;                                                                           \
        left = cpu->left;                                                                          \
        DISPATCH(i, left);                                                                         \
    } while (0)

/* After a body: `halfwords` is the instruction's length. */
#define AFTER(result, halfwords)                                                                   \
    do {                                                                                           \
        if (__builtin_expect((result) == R_OK, 1)) {                                               \
            i += (halfwords);                                                                      \
            DISPATCH(i, left);                                                                     \
        }                                                                                          \
        if ((result) == R_BRANCHED) {                                                              \
            i = cpu->next;                                                                         \
            DISPATCH(i, left);                                                                     \
        }                                                                                          \
        if ((result) == R_AGAIN)                                                                   \
            DISPATCH(i, left);                                                                     \
        FINISH(result);                                                                            \
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

#define INSN(group, code, name, mnemonic, format, attributes)                                      \
    static int thread_##name(struct cpu *cpu, const struct insn *i, int64_t left)                  \
    {                                                                                              \
        const unsigned attributes_ = (attributes), halfwords = LENGTH_##group(code);               \
        const bool out = attributes_ & (A_OUTSIDE | A_PRIVILEGED);                                 \
        if (out)                                                                                   \
            cpu->left = left;                                                                      \
        if (out || (attributes_ & (A_BRANCH | A_RELATIVE)))                                        \
            cpu->next = i + halfwords;                                                             \
        int result = fast_##name(cpu, i);                                                          \
        if (out)                                                                                   \
            left = cpu->left;                                                                      \
        AFTER(result, halfwords);                                                                  \
    }
#include "s370/cpu/insn.def"
#undef INSN

static int thread_none(struct cpu *cpu, const struct insn *i, int64_t left)
{
    FINISH(PGM_OPERATION);
}

static insn_thread *const threads[INSN_COUNT] = {
    [I_none] = thread_none,
#define INSN(group, code, name, mnemonic, format, attributes) [I_##name] = thread_##name,
#include "s370/cpu/insn.def"
#undef INSN
};

/* --- branches within a block --- */

/* A relative branch whose target lies in its own block needs no addresses: the target's
 * record is as far from this one.  `decode` puts these in place of the threads. */

static int near_always(struct cpu *cpu, const struct insn *i, int64_t left)
{
    i += i->imm / 2;
    DISPATCH(i, left);
}

static int near_brc(struct cpu *cpu, const struct insn *i, int64_t left)
{
    i += i->r1 & 8 >> cc_get(cpu) ? i->imm / 2 : i->length;
    DISPATCH(i, left);
}

static int near_brct(struct cpu *cpu, const struct insn *i, int64_t left)
{
    i += --R1 ? i->imm / 2 : i->length;
    DISPATCH(i, left);
}

/* What to execute for the instruction decoded in `slot`. */
static insn_thread *choose_thread(const struct cpu *cpu, const struct insn *i, uint32_t slot,
                                  unsigned number)
{
    if (!insn_is_installed(cpu, number))
        number = I_none;
    int64_t target = (int64_t)slot + i->imm / 2;
    if (target < 0 || target >= SLOTS)
        return threads[number];
    if (number == I_brc || number == I_brcl)
        return i->r1 == 15 ? near_always : near_brc;
    return number == I_brct ? near_brct : threads[number];
}

/* --- records that are no instructions --- */

static int fetch_fault(struct cpu *cpu, uint32_t address, int code, unsigned ilc)
{
    cpu->ia = address;
    cpu->fetch_code = code;
    cpu->fetch_ilc = ilc;
    return R_FETCH;
}

/* The bytes of the instruction at `i`, which crosses the end of its block: fetched anew
 * each time, because the next block may be another one then. */
static int execute_crossing(struct cpu *cpu, const struct insn *i)
{
    const struct code_block *block = cpu->block;
    uint32_t slot = (uint32_t)(i - block->insns), inside = STORAGE_BLOCK - 2 * slot;
    uint32_t address = (cpu->block_address + 2 * slot) & ADDRESS_MASK;
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
    return fast_body_of(cpu, number)(cpu, &insn);
}

static int cross(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->next = i + i->length;
    cpu->left = left;
    int result = execute_crossing(cpu, i);
    left = cpu->left;
    AFTER(result, i->length);
}

/* Stores into these bytes of a block must be told from now on. */
static void note_lines(struct storage *s, uint32_t block, uint32_t offset, uint32_t length)
{
    for (uint32_t at = offset; at < offset + length && at < STORAGE_BLOCK; at += 2)
        s->code_lines[block / STORAGE_BLOCK] |= UINT32_C(1) << at / CODE_LINE;
}

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
        unsigned number = insn_find(bytes);
        insn_decode(insn, bytes, number);
        insn->execute = choose_thread(cpu, insn, slot, number);
    }
    note_lines(cpu->gate.storage, block->real, 2 * slot, 2u * halfwords);
    GO(i, left);
}

/* The program has run over the end of its block. */
static int leave(struct cpu *cpu, const struct insn *i, int64_t left)
{
    cpu->next = i;
    (void)go_far(cpu, address_of_next(cpu));
    i = cpu->next;
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

/* Continues in another block, if it can be fetched from without ado. */
static int go_far(struct cpu *cpu, uint32_t target)
{
    const uint8_t *host = gate_hit_fetch(&cpu->gate, target, 2);
    cpu->ia = target;
    cpu->block = NULL;
    cpu->next = &outside;
    if (!host || (target & 1))
        return R_BRANCHED;
    uint32_t real = (uint32_t)(host - cpu->gate.storage->main);
    struct code_block *block = cpu->blocks[real / STORAGE_BLOCK];
    if (block) {
        cpu->block = block;
        cpu->block_address = target & BLOCK_MASK;
        cpu->next = block->insns + target % STORAGE_BLOCK / 2;
    }
    return R_BRANCHED;
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
    cpu->next = block->insns + target % STORAGE_BLOCK / 2;
    return R_OK;
}

/* From outside: goes to cpu->ia, or finds out why it cannot. */
static int enter(struct cpu *cpu, const struct insn *i, int64_t left)
{
    int result = find_block(cpu);
    if (result != R_OK)
        FINISH(result);
    i = cpu->next;
    GO(i, left);
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

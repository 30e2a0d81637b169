/* The fast interpreter.  Each block of storage (2048 bytes) that is executed gets a table
 * with one record per halfword; a record is decoded when the program first comes to it
 * and holds the body to call and its operands.  A store into a block that has such a
 * table (dat/gate.c asks storage->code) makes the records over the changed bytes
 * undecoded again: so a program may modify its very next instruction, and channels may
 * read in new programs.
 *
 * cpu->next is the record of the next instruction, and with the block's logical address
 * it is the instruction address; cpu->ia is brought up to date when the loop is left.
 * Three kinds of record are no instructions and are not counted: undecoded ones, those
 * behind the end of a block (leave), and `outside`, when there is no block (cpu->block
 * is NULL) and cpu->ia says where to go. */
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

static insn_body enter;
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
#define BRANCH(target) return go_to(cpu, target)

#define STORE1(address, value)            TRY(gate_store1(&cpu->gate, address, value))
#define STORE2(address, value)            TRY(gate_store2(&cpu->gate, address, value))
#define STORE4(address, value)            TRY(gate_store4(&cpu->gate, address, value))
#define STORE8(address, value)            TRY(gate_store8(&cpu->gate, address, value))
#define SPAN_STORE(address, length, span) TRY(gate_span_store(&cpu->gate, address, length, span))

#include "s370/cpu/bodies.inc"

/* --- branches within a block --- */

/* A relative branch whose target lies in its own block needs no addresses: the target's
 * record is as far from this one.  `decode` puts these in place of the bodies. */

static int near_always(struct cpu *cpu, const struct insn *i)
{
    cpu->next = i + i->imm / 2;
    return R_BRANCHED;
}

static int near_brc(struct cpu *cpu, const struct insn *i)
{
    return i->r1 & 8 >> cc_get(cpu) ? near_always(cpu, i) : R_OK;
}

static int near_brct(struct cpu *cpu, const struct insn *i)
{
    return --R1 ? near_always(cpu, i) : R_OK;
}

/* What to execute for the instruction decoded in `slot`. */
static insn_body *choose_body(const struct cpu *cpu, const struct insn *i, uint32_t slot,
                              unsigned number)
{
    insn_body *body = fast_body_of(cpu, number);
    int64_t target = (int64_t)slot + i->imm / 2;
    if (target < 0 || target >= SLOTS)
        return body;
    if (body == fast_brc || body == fast_brcl)
        return i->r1 == 15 ? near_always : near_brc;
    return body == fast_brct ? near_brct : body;
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
static int cross(struct cpu *cpu, const struct insn *i)
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

/* Decodes the record at `i`, and executes it. */
static int decode(struct cpu *cpu, const struct insn *i)
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
        insn->execute = choose_body(cpu, insn, slot, number);
    }
    cpu->next = insn + insn->length;
    return insn->execute(cpu, insn);
}

/* The program has run over the end of its block. */
static int leave(struct cpu *cpu, const struct insn *i)
{
    cpu->left++;
    cpu->next = i;
    return go_far(cpu, address_of_next(cpu));
}

static void reset(struct code_block *block, uint32_t first, uint32_t last)
{
    for (uint32_t slot = first; slot <= last; slot++)
        block->insns[slot].execute = decode;
}

static struct code_block *create(struct cpu *cpu, uint32_t number)
{
    if (cpu->block_count >= BLOCKS_MAX)
        code_drop_all(cpu);
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
    cpu->block_count++;
    cpu->gate.storage->code[number] = 1;
    gate_purge(&cpu->gate); /* entries that allow stores without notice */
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

/* From outside: goes to cpu->ia, or finds out why it cannot. */
static int enter(struct cpu *cpu, const struct insn *i)
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
    cpu->left++;
    cpu->block = block;
    cpu->block_address = target & BLOCK_MASK;
    cpu->next = block->insns + target % STORAGE_BLOCK / 2;
    return R_BRANCHED;
}

/* --- changed code --- */

/* Records that begin up to two halfwords before the changed bytes include some of them. */
void code_changed(void *context, uint32_t address, uint32_t length)
{
    struct cpu *cpu = context;
    uint32_t last_byte = address + length - 1;
    for (uint32_t n = address / STORAGE_BLOCK; n <= last_byte / STORAGE_BLOCK; n++) {
        struct code_block *block = cpu->blocks[n];
        if (!block)
            continue;
        uint32_t start = n * STORAGE_BLOCK;
        uint32_t first = address > start ? (address - start) / 2 : 0;
        uint32_t last = last_byte - start < STORAGE_BLOCK ? (last_byte - start) / 2 : SLOTS - 1;
        reset(block, first > 2 ? first - 2 : 0, last);
    }
}

void code_drop_all(struct cpu *cpu)
{
    for (uint32_t n = 0; n < cpu->gate.storage->size / STORAGE_BLOCK; n++) {
        free(cpu->blocks[n]);
        cpu->blocks[n] = NULL;
        cpu->gate.storage->code[n] = 0;
    }
    cpu->block_count = 0;
    cpu->block = NULL;
}

/* --- the loop --- */

static void bring_up_to_date(struct cpu *cpu)
{
    if (cpu->block)
        cpu->ia = address_of_next(cpu);
}

/* Which record comes next is kept in `i`, a register of the host: only a branch makes the loop read
 * cpu->next, which would have to wait for the store before it. */
void fast_run(struct cpu *cpu)
{
    cpu->block = NULL;
    cpu->next = &outside;
    const struct insn *i = cpu->next;
    while (cpu->left > 0) {
        cpu->left--;
        cpu->next = i + i->length;
        int result = i->execute(cpu, i);
        if (__builtin_expect(result == R_OK, 1)) {
            i += i->length; /* set by now, if the record has just been decoded */
            continue;
        }
        if (__builtin_expect(result == R_BRANCHED, 1)) {
            i = cpu->next;
            continue;
        }
        if (result == R_AGAIN) {
            cpu->next = i;
            continue;
        }
        if (result != R_PSW && result != R_FETCH)
            bring_up_to_date(cpu);
        (void)run_result(cpu, result, i->length);
        return;
    }
    bring_up_to_date(cpu);
}

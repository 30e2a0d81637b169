/* Comparing two results.  What the manual leaves open is named here. */
#include "tests/differential/differential.h"

#include "s370/arch/codes.h"
#include "s370/cpu/cpu.h"

#include <stdio.h>
#include <string.h>

/* What both results hold that need not be the same is made zero. */
static void forget(struct result *ours, struct result *theirs, size_t from, size_t length)
{
    memset((uint8_t *)ours + from, 0, length);
    memset((uint8_t *)theirs + from, 0, length);
}

#define FORGET(field, at, length) forget(a, b, offsetof(struct result, field) + (at), length)

static bool is_ec(const struct result *x)
{
    return x->old[1] & 8;
}

static unsigned length_code(const struct result *x)
{
    return is_ec(x) ? x->low[13] >> 1 : x->old[4] >> 6;
}

static unsigned exception(const struct result *x)
{
    return x->class != 2 ? 0 : is_ec(x) ? load_be16(x->low + 14) : load_be16(x->old + 2);
}

/* "Instruction-Length Code": of an instruction that cannot be fetched it may be 1, 2 or 3; ours is
 * 1, that of Hercules 2, or in a sequence the one of before.  The address in the old PSW follows
 * from it, but for translation. */
static void forget_length(struct result *x)
{
    unsigned code = exception(x);
    uint32_t back = code == PGM_SEGMENT || code == PGM_PAGE ? 0 : 2 * length_code(x);
    store_be32(x->old + 4, load_be32(x->old + 4) - back);
    if (is_ec(x))
        x->low[13] = 0;
    else
        x->old[4] &= 0x3f;
}

static bool is_fetch(unsigned code)
{
    return code == PGM_PROTECTION || code == PGM_ADDRESSING || code == PGM_SPECIFICATION ||
           code == PGM_SEGMENT || code == PGM_PAGE || code == PGM_TRANSLATION;
}

/* The row that is executed, perhaps by EXECUTE, with its first bytes. */
static unsigned executed_code(const struct record *r, unsigned row, uint8_t *code)
{
    memcpy(code, row == I_ex ? r->target : r->code, 8);
    if (row != I_ex)
        return row;
    if (r->code[1] >> 4)
        code[1] |= r->registers[4 * (r->code[1] >> 4) + 3];
    return insn_find(code);
}

static unsigned executed(const struct record *r, unsigned row)
{
    uint8_t code[8];
    return executed_code(r, row, code);
}

/* LOAD CONTROL of CR0 or CR1 with translation on. */
static bool changes_translation(const struct record *r, unsigned row, const struct result *x)
{
    uint8_t code[8];
    if (executed_code(r, row, code) != I_lctl || !is_ec(x) || !(x->old[0] & 4))
        return false;
    unsigned first = code[1] >> 4, last = code[1] & 15;
    return first <= 1 || last < first;
}

/* The eight bytes of data at the operand of an instruction of the format S. */
static void forget_time(const struct record *r, unsigned row, struct result *a, struct result *b)
{
    const uint8_t *p = (row == I_ex ? r->target : r->code) + 2;
    uint32_t base = p[0] >> 4 ? load_be32(r->registers + 4 * (p[0] >> 4)) : 0;
    uint32_t offset = ((base + (load_be16(p) & 0xfff)) & 0xffffff) - DATA;
    if (offset > DATA_SIZE)
        return;
    uint32_t end = offset + 8 < DATA_SIZE ? offset + 8 : DATA_SIZE;
    FORGET(data, offset, end - offset);
    if (end > 256) { /* the other frame in place of page 6 */
        uint32_t from = offset > 256 ? offset : 256;
        FORGET(data, from + 256, end - from);
    }
}

static void forget_key_bits(struct result *a, struct result *b, uint8_t bits)
{
    for (unsigned k = 0; k < KEY_COUNT; k++) {
        a->keys[k] &= (uint8_t)~bits;
        b->keys[k] &= (uint8_t)~bits;
    }
}

/* The parts of the old PSW that hold the condition code. */
static void forget_cc(struct result *a, struct result *b)
{
    unsigned at = is_ec(a) ? 2 : 4;
    a->old[at] &= 0xcf;
    b->old[at] &= 0xcf;
}

static bool has_two_operands(unsigned number)
{
    unsigned format = insn_table[number].format;
    return format == F_SS1 || format == F_SS2 || format == F_SSR || number == I_mvcl ||
           number == I_clcl;
}

static bool is_operand(unsigned code)
{
    return (code != PGM_SPECIFICATION && is_fetch(code)) || code == PGM_DATA ||
           code == PGM_DECIMAL_DIVIDE;
}

static void leave_open(const struct record *r, unsigned row, struct result *a, struct result *b)
{
    unsigned code = exception(a), number = executed(r, row);
    unsigned ours = length_code(a), theirs = length_code(b);
    if (is_fetch(code) && ((theirs == 2 && (ours == 1 || ours == 3)) || r->sequence ||
                           (r->link && theirs == 3 && ours == 1))) {
        forget_length(a);
        forget_length(b);
    }
    /* "Clock Comparator": how many bits it has depends on the model. */
    FORGET(comparator, 7, 1);
    /* "Monitor Call": class and code are stored in both modes; by Hercules in the EC mode only. */
    if (code == PGM_MONITOR && !is_ec(a)) {
        FORGET(low, 20, 2);
        FORGET(low, 28, 4);
    }
    /* "Assigned Storage Locations", 144: bits 20-31 are not defined. */
    if (code == PGM_SEGMENT || code == PGM_PAGE) {
        a->low[18] &= 0xf0;
        b->low[18] &= 0xf0;
        FORGET(low, 19, 1);
        if (has_two_operands(number) || r->sequence) /* either may be the one */
            FORGET(low, 16, 3);
    }
    /* "Instruction-Length Code": 2 for all that EXECUTE executes; Hercules has the target's in the
     * BC mode. */
    if (row == I_ex && code && !is_ec(a) && ours == 2) {
        a->old[4] &= 0x3f;
        b->old[4] &= 0x3f;
    }
    /* "Reference Recording": what was looked at before the exception was found; Hercules sets the
     * change bit too. */
    if (is_operand(code))
        forget_key_bits(a, b, 0x06);
    /* "Reference Recording": what lies behind the first unequal byte. */
    if (number == I_clc || number == I_clm || number == I_trt || number == I_clcl)
        forget_key_bits(a, b, 0x04);
    /* "Types of Instruction Ending": terminated, the result field is unpredictable. */
    if (code && (number == I_ed || number == I_edmk)) {
        FORGET(data, 0, sizeof a->data);
        FORGET(registers, 4, 4);
    }
    /* "Move Long", "Compare Logical Long": interrupted, the condition code is unpredictable. */
    if (code && (number == I_mvcl || number == I_clcl))
        forget_cc(a, b);
    /* "Reset Reference Bit" is of a block of 2K bytes; Hercules takes both of a 4K block. */
    if (number == I_rrb) {
        forget_key_bits(a, b, 0x04);
        forget_cc(a, b);
    }
    /* "Reference Recording": of a block that was looked at before its key was set Hercules does not
     * see it again. */
    for (unsigned k = 0; k < KEY_COUNT && r->link; k++)
        b->keys[k] |= a->keys[k] & 0x04;
    if (number == I_stck || number == I_stpt || number == I_stckc)
        forget_time(r, row, a, b);
}

/* "Multiple Program-Interruption Conditions": these are of one priority. */
static bool may_choose(const struct result *a, const struct result *b)
{
    unsigned ours = exception(a), theirs = exception(b);
    return ours != theirs && is_operand(ours) && is_operand(theirs);
}

bool same(const struct record *r, unsigned row, const struct result *ours,
          const struct result *theirs)
{
    struct result a = *ours, b = *theirs;
    unsigned number = executed(r, row);
    if (may_choose(&a, &b))
        return true;
    /* "Access Exceptions": what lies behind the byte that decides need not be accessible. */
    if ((number == I_clc || number == I_clm || number == I_trt) &&
        !exception(&a) != !exception(&b) && is_operand(exception(&a) + exception(&b)))
        return true;
    /* "Instruction Fetch": LOAD CONTROL of CR0 and CR1 discards what was fetched ahead when
     * translation is on; Hercules keeps it.  tests/unit/test_cpu_named.c has the case. */
    if (r->link && changes_translation(r, row, ours) &&
        (ours->class != theirs->class || exception(&a) != exception(&b)))
        return true;
    leave_open(r, row, &a, &b);
    return !memcmp(&a, &b, sizeof a);
}

/* Mode, masks, condition code: all of an old PSW that matters when it is loaded again elsewhere. */
static uint64_t state_of(const struct result *x)
{
    return load_be64(x->old) &
           (is_ec(x) ? UINT64_C(0xffffffffff000000) : UINT64_C(0xffff00003f000000));
}

bool left_unlike(const struct result *ours, const struct result *theirs)
{
    return state_of(ours) != state_of(theirs) ||
           memcmp(ours->floating, theirs->floating, sizeof ours->floating + sizeof ours->control) ||
           memcmp(ours->keys, theirs->keys, KEY_COUNT) ||
           memcmp(ours->data, theirs->data, sizeof ours->data);
}

static void show(const char *who, const uint8_t *registers, const uint8_t *floating)
{
    printf("  %-8s", who);
    for (unsigned i = 0; i < 16; i++)
        printf("%s%08X", i % 8 ? " " : i ? "\n          " : "", load_be32(registers + 4 * i));
    for (unsigned i = 0; i < 4; i++)
        printf("%s%016llX", i ? " " : "\n          ",
               (unsigned long long)load_be64(floating + 8 * i));
    printf("\n");
}

static void differ(const char *what, const uint8_t *ours, const uint8_t *theirs, unsigned length,
                   unsigned unit)
{
    for (unsigned k = 0, printed = 0; k < length; k += unit) {
        if (!memcmp(ours + k, theirs + k, unit) || ++printed > 8)
            continue;
        printf("    %s+%X: ours ", what, k);
        for (unsigned n = 0; n < unit; n++)
            printf("%02X", ours[k + n]);
        printf(", hercules ");
        for (unsigned n = 0; n < unit; n++)
            printf("%02X", theirs[k + n]);
        printf("\n");
    }
}

void report(uint32_t n, const struct record *r, unsigned row, const struct result *ours,
            const struct result *theirs)
{
    char text[80], target[80] = "";
    disassemble(r->code, load_be32(&r->slot), text, sizeof text);
    if (row == I_ex)
        disassemble(r->target, TARGET, target, sizeof target);
    printf("%u: %s%s  %s psw %016llX cr0 %08X cr1 %08X keys", n, r->link ? "linked: " : "", text,
           target, (unsigned long long)load_be64(r->psw), load_be32(r->control),
           load_be32(r->control + 4));
    for (unsigned k = 0; k < KEY_COUNT; k++)
        printf(" %02X", r->keys[k]);
    printf("\n");
    show("before", r->registers, r->floating);
    differ("class", &ours->class, &theirs->class, 1, 1);
    differ("old psw", ours->old, theirs->old, 8, 8);
    differ("gr", ours->registers, theirs->registers, 64, 4);
    differ("fpr", ours->floating, theirs->floating, 32, 8);
    differ("cr", ours->control, theirs->control, 64, 4);
    differ("comparator", ours->comparator, theirs->comparator, 8, 8);
    differ("location 80", ours->low, theirs->low, 32, 4);
    differ("keys", ours->keys, theirs->keys, KEY_COUNT, 1);
    differ("data", ours->data, theirs->data, sizeof ours->data, 4);
}

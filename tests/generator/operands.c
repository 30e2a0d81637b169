/* Instructions and their operands, by the kinds of tests/reference/rows.def. */
#include "tests/generator/generator.h"

#include "lib/be.h"

#include <string.h>

static const struct {
    uint8_t first, code; /* first byte 0: a code of one byte */
    uint8_t group;
} codes[INSN_COUNT] = {
#define GROUP_ONE 0
#define GROUP_01  0x01
#define GROUP_A7  0xa7
#define GROUP_B2  0xb2
#define GROUP_B9  0xb9
#define GROUP_C0  0xc0
#define GROUP_E3  0xe3
#define GROUP_E5  0xe5
#define GROUP_EB  0xeb
#define INSN(group, code, name, mnemonic, format, attributes)                                      \
    [I_##name] = {GROUP_##group ? GROUP_##group : (code), code, GROUP_##group},
#include "s370/arch/insn.def"
#undef INSN
};

static const char *const kinds[INSN_COUNT] = {
#define ROW(name, kinds, exceptions, ccs) [I_##name] = kinds,
#include "tests/reference/rows.def"
#undef ROW
};

const char *row_kinds(unsigned row)
{
    return kinds[row];
}

unsigned some_row(void)
{
    for (;;) {
        unsigned row = 1 + below(INSN_COUNT - 1);
        if (ref_covers(row))
            return row;
    }
}

/* --- addresses --- */

uint32_t edge_address(struct test *t, uint32_t length)
{
    uint32_t size = t->world->size, edge, address;
    switch (below(16)) {
    case 0: /* low storage, and where its protection ends */
        edge = chance(50) ? 0x200 : below(0x200);
        break;
    case 1: /* around the end of the addresses */
        edge = 0x1000000;
        break;
    case 2: /* the end of storage */
        edge = size <= 0x1000000 ? size : 0x1000000;
        break;
    case 3:
        edge = chance(50) ? 0x10000 : 0x100000;
        break;
    case 4:
    case 5:
    case 6:
    case 7: /* blocks, pages */
        edge = 0x800 * (2 + below(20));
        break;
    default:
        edge = 0x1800 + below(0x7000);
        break;
    }
    /* The operand begins before the edge and ends behind it, or just touches it. */
    address = edge - (chance(70) ? below(length + 2) : chance(50) ? length : 0);
    if (t->place_count < 8)
        t->places[t->place_count++] = (address + (chance(50) ? 0 : length - 1)) & ADDRESS;
    return address & ADDRESS;
}

static unsigned some_register(const struct test *t)
{
    for (unsigned tries = 0;; tries++) {
        unsigned n = 1 + below(15);
        if (!(t->used & 1u << n) || tries > 40)
            return n;
    }
}

/* A base register and a displacement (and an index) that lead to `address`. */
static void aim(struct test *t, uint8_t *field, uint8_t *index, uint32_t address)
{
    uint32_t displacement = chance(20) ? (chance(50) ? 0 : 4095) : below(4096), x = 0;
    if (address < 4096 && chance(50)) { /* no base at all */
        store_be16(field, address);
        if (index)
            *index &= 0xf0;
        return;
    }
    if (index) {
        *index &= 0xf0;
        if (chance(40)) {
            unsigned n = some_register(t);
            *index |= (uint8_t)n;
            t->used |= 1u << n;
            x = t->gr[n];
        }
    }
    unsigned base = some_register(t);
    if (index && (*index & 15) == base) { /* both the same: no way to aim */
        *index &= 0xf0;
        x = 0;
    }
    t->gr[base] = ((address - displacement - x) & ADDRESS) | (chance(50) ? 0 : random32() << 24);
    t->used |= 1u << base;
    store_be16(field, base << 12 | displacement);
}

void aim_operand(struct test *t, uint8_t *field, uint32_t address)
{
    aim(t, field, NULL, address & ADDRESS);
}

/* --- what operands hold --- */

static void put_number(struct test *t, uint32_t at, unsigned bytes, uint64_t value)
{
    uint8_t b[8];
    store_be64(b, value);
    put_logical(t, at, b + 8 - bytes, bytes);
}

static void put_psw(struct test *t, uint32_t at)
{
    uint64_t psw = edge_double();
    if (chance(70)) { /* valid in the EC mode */
        psw = (psw & UINT64_C(0x47f73fff00ffffff)) | UINT64_C(1) << 51;
        psw &= ~UINT64_C(0xff00000000);
        if (chance(15))
            psw |= UINT64_C(1) << (24 + below(16));
    }
    put_number(t, at, 8, psw & ~(UINT64_C(1) << 62)); /* no program event recording */
}

/* Digits and signs for editing. */
static void put_digits(struct test *t, uint32_t at)
{
    uint8_t b[160];
    unsigned zeros = below(4) * 4, bad = chance(8);
    for (unsigned k = 0; k < sizeof b; k++) {
        unsigned left = k < zeros || chance(30) ? 0 : below(10);
        unsigned right = chance(15) ? 10 + below(6) : k < zeros || chance(30) ? 0 : below(10);
        if (bad && chance(3))
            left = 10 + below(6);
        b[k] = (uint8_t)(left << 4 | right);
    }
    put_logical(t, at, b, sizeof b);
}

static void put_pattern(struct test *t, uint32_t at, unsigned length)
{
    static const uint8_t characters[] = {0x20, 0x20, 0x20, 0x20, 0x20,
                                         0x21, 0x22, 0x6b, 0x4b, 0x40};
    uint8_t b[256];
    unsigned plain = chance(30);
    for (unsigned k = 0; k < length; k++)
        b[k] = plain ? 0x20 : characters[below(sizeof characters)];
    if (chance(80))
        b[0] = 0x40;
    put_logical(t, at, b, length);
}

/* Numbers that are those of the register, or nearly. */
static uint64_t like_register(const struct test *t, unsigned r1, unsigned bytes)
{
    uint64_t pair = (uint64_t)t->gr[r1] << 32 | t->gr[(r1 + 1) & 15];
    uint64_t value = bytes == 8 ? pair : t->gr[r1];
    if (bytes < 4)
        value = (uint16_t)value;
    return chance(30) ? value + (chance(50) ? 1 : UINT64_MAX) : value;
}

/* The register's number or its opposite, another with its exponent, or anything. */
static uint64_t float_like(const struct test *t, unsigned r1)
{
    uint64_t value = t->fpr[r1 / 2 % 4], other = edge_float();
    if (chance(20))
        return value ^ (uint64_t)below(2) << 63;
    if (chance(25))
        return (other & UINT64_C(0x80ffffffffffffff)) | (value & UINT64_C(0x7f00000000000000));
    return other;
}

/* Fills an operand of kind `kind` at `at`. */
static void fill(struct test *t, char kind, uint32_t at, unsigned length, unsigned r1)
{
    uint8_t b[256];
    switch (kind) {
    case 'B':
    case 'H':
    case 'h':
    case 'W':
    case 'w':
    case 'D':
    case 'd':
        put_number(t, at, length,
                   chance(kind == 'w' || kind == 'd' ? 45 : 20) ? like_register(t, r1, length)
                   : length == 8                                ? edge_double()
                                                                : edge_word());
        break;
    case 'R':
    case 'r':
        for (unsigned k = 0; k < 16; k++)
            put_number(t, at + 4 * k, 4, edge_word());
        break;
    case 'E':
        put_number(t, at, 4, float_like(t, r1) >> 32);
        break;
    case 'F':
        put_number(t, at, 8, float_like(t, r1));
        break;
    case 'P':
        edge_decimal(b, length);
        put_logical(t, at, b, length);
        break;
    case 'S':
        put_psw(t, at);
        break;
    case 'T':
        put_pattern(t, at, length);
        break;
    case 'U': /* a table that finds little, or anything */
        if (chance(60)) {
            memset(b, 0, sizeof b);
            for (unsigned k = below(12); k; k--)
                b[below(256)] = (uint8_t)random32();
            put_logical(t, at, b, sizeof b);
        }
        break;
    default:
        break;
    }
}

static uint32_t aligned(uint32_t address, unsigned bytes)
{
    return chance(85) ? address & ~(bytes - 1) & ADDRESS : address;
}

/* A storage operand: its address, filled. */
static uint32_t operand(struct test *t, char kind, unsigned length, unsigned r1)
{
    uint32_t at;
    if (kind == 'U')
        length = 256;
    if (kind == 'w' || kind == 'd' || kind == 'h' || kind == 'r' || kind == 'S')
        at = aligned(edge_address(t, length), kind == 'h' ? 2 : kind == 'w' || kind == 'r' ? 4 : 8);
    else if (kind == 'B' && chance(4))
        at = random32() & ADDRESS;
    else
        at = edge_address(t, length);
    fill(t, kind, at, length, r1);
    return at;
}

static unsigned length_of_kind(char kind)
{
    switch (kind) {
    case 'H':
    case 'h':
        return 2;
    case 'W':
    case 'w':
    case 'E':
        return 4;
    case 'D':
    case 'd':
    case 'F':
    case 'S':
        return 8;
    default:
        return 1;
    }
}

/* --- formats --- */

/* The byte with two registers: pairs are mostly even, floating-point registers mostly valid. */
static uint8_t registers(const struct test *t, unsigned row, const char *kind)
{
    unsigned attributes = insn_table[row].attributes;
    unsigned byte = random32() & 0xff;
    bool pairs = (attributes & A_PAIR) || kind[0] == 'L' || kind[0] == 'l' || row == I_cds ||
                 insn_table[row].format == F_SHIFT;
    if (pairs && chance(88))
        byte &= row == I_cds || kind[0] == 'L' || kind[0] == 'l' ? 0xee : 0xef;
    if ((attributes & A_FLOAT) && chance(93)) {
        bool extended1 = row == I_mxr || row == I_axr || row == I_sxr || row == I_dxr ||
                         row == I_mxdr || row == I_mxd;
        bool extended2 =
            row == I_mxr || row == I_axr || row == I_sxr || row == I_dxr || row == I_lrdr;
        byte &= (extended1 ? 0x40 : 0x60) | (extended2 ? 0x04 : 0x06);
    }
    return (uint8_t)byte;
}

static void build_ss(struct test *t, unsigned row, const char *kind)
{
    uint8_t *p = t->bytes;
    unsigned format = insn_table[row].format, length1, length2;
    if (format == F_SS1) {
        p[1] = chance(45) ? (uint8_t)below(16) : chance(15) ? 255 : (uint8_t)random32();
        length1 = length2 = p[1] + 1u;
    } else {
        p[1] = (uint8_t)random32();
        if ((row == I_mp || row == I_dp) && chance(92)) {
            unsigned l2 = below(8), l1 = l2 + 1 + below(15 - l2);
            p[1] = (uint8_t)(l1 << 4 | l2);
        }
        length1 = (p[1] >> 4) + 1u;
        length2 = (p[1] & 15) + 1u;
        if (format == F_SSR && chance(92))
            p[1] = (uint8_t)((p[1] & 0xf0) | below(10));
    }
    uint32_t at1 = operand(t, kind[0], length1, 0), at2;
    if (format == F_SSR) {
        at2 = random32();
    } else if (kind[1] == 'Q') {
        at2 = chance(50) ? random32() : (uint32_t)(t->psw >> 48);
    } else if (kind[0] == 'T') {
        at2 = edge_address(t, length1 / 2 + 1);
        put_digits(t, at2);
    } else {
        at2 = operand(t, kind[1], length2, 0);
        if (chance(30) && kind[1] != 'U' && kind[0] != 'A') { /* overlapping */
            at2 = chance(50) ? at1 + below(40) - 20 : at1 + length1 - length2;
            fill(t, kind[1], at2, length2, 0);
        }
    }
    /* The same numbers and strings, with one difference. */
    if (chance(35) && (row == I_clc || row == I_cp || row == I_sp)) {
        for (unsigned k = 0; k < length1 && k < length2; k++)
            put_number(t, at2 + length2 - 1 - k, 1, get_logical(t, at1 + length1 - 1 - k));
        if (chance(60))
            put_number(t, at2 + below(length2), 1, random32());
    }
    if (row == I_mp && chance(80)) /* room for the product */
        for (unsigned k = 0; k < length2 && k + 1 < length1; k++)
            put_number(t, at1 + k, 1, 0);
    if (row == I_dp && chance(60)) /* a dividend that is small enough */
        for (unsigned k = 0; k < length2 && k + 1 < length1; k++)
            put_number(t, at1 + k, 1, 0);
    aim(t, p + 2, NULL, at1);
    aim(t, p + 4, NULL, at2);
}

/* Addresses and lengths in registers. */
static void build_long(struct test *t, uint8_t pairs, char kind)
{
    unsigned r1 = pairs >> 4, r2 = pairs & 15;
    uint32_t lengths[2];
    for (unsigned k = 0; k < 2; k++) {
        unsigned how = below(10);
        lengths[k] = how < 3   ? below(4)
                     : how < 8 ? below(600)
                     : how < 9 ? below(5000)
                               : below(12000);
    }
    if (chance(30))
        lengths[1] = lengths[0];
    uint32_t high = kind == 'l' ? 0 : random32() << 24;
    uint32_t at1 = edge_address(t, lengths[0] % 300 + 1),
             at2 = edge_address(t, lengths[1] % 300 + 1);
    if (chance(30))
        at2 = at1 + below(2 * lengths[0] + 4) - lengths[0];
    if (chance(40)) { /* equal at the beginning */
        for (unsigned k = 0; k < 700; k++)
            put_number(t, at2 + k, 1, get_logical(t, at1 + k));
        if (chance(50))
            put_number(t, at2 + below(300), 1, random32());
    }
    t->gr[r1] = at1 | (chance(50) ? random32() << 24 : 0);
    t->gr[(r1 + 1) & 15] = lengths[0] | high;
    t->gr[r2] = (at2 & ADDRESS) | (chance(50) ? random32() << 24 : 0);
    t->gr[(r2 + 1) & 15] = lengths[1] | (kind == 'l' ? 0 : random32() << 24);
    t->used |= 1u << r1 | 2u << r1 | 1u << r2 | 2u << r2;
}

/* Strings that end with the byte in register 0. */
static void build_strings(struct test *t, unsigned r1, unsigned r2)
{
    uint8_t end = (uint8_t)random32(), text[400];
    uint32_t length = chance(50) ? below(20) : below(380);
    t->gr[0] = end | (chance(95) ? 0 : 0x100u << below(24));
    uint32_t at1 = edge_address(t, length + 1), at2 = edge_address(t, length + 1);
    random_bytes(text, sizeof text);
    for (unsigned k = 0; k < sizeof text; k++)
        text[k] = text[k] == end ? (uint8_t)(end + 1) : text[k];
    text[length] = end;
    put_logical(t, at2, text, length + 1);
    if (chance(60))
        text[below(length + 1)] = (uint8_t)(chance(50) ? end : random32());
    put_logical(t, at1, text, length + 1);
    t->gr[r1] = at1 | (chance(50) ? random32() << 24 : 0);
    t->gr[r2] = at2 | (chance(50) ? random32() << 24 : 0);
    t->used |= 1u | 1u << r1 | 1u << r2;
}

static void build_srst(struct test *t, unsigned r1, unsigned r2)
{
    build_strings(t, r1, r2);
    if (r1 != r2)
        t->gr[r1] = (t->gr[r2] + below(400)) & ADDRESS;
}

static void build_registers(struct test *t, unsigned row, const char *kind, uint8_t *byte)
{
    *byte = registers(t, row, kind);
    unsigned r1 = *byte >> 4, r2 = *byte & 15;
    if (kind[0] == 'L' || kind[0] == 'l')
        build_long(t, *byte, kind[0]);
    if (kind[1] == 'K') /* a block by its real address */
        t->gr[r2] = (edge_address(t, 1) & (chance(92) ? ~15u : ~0u)) |
                    (row == I_ssk || row == I_isk || chance(10) ? random32() << 24 : 0);
    if (row == I_iske && chance(80)) { /* both keys of its block the same */
        uint32_t real = t->gr[r2] & 0xfff000, block = ref_absolute(&t->world->r, real) / REF_BLOCK;
        if (block + 1 < t->world->size / REF_BLOCK)
            t->world->image_keys[block + 1] =
                (t->world->image_keys[block] & 0xf8) | (t->world->image_keys[block + 1] & 6);
    }
    if (kind[0] == 'Y') {
        if (row == I_srst)
            build_srst(t, r1, r2);
        else
            build_strings(t, r1, r2);
    }
    if (kind[1] == 'G') {
        t->gr[r1] = chance(80) ? PAGE_TABLES + 0x400 * below(4) : edge_address(t, 2);
        t->gr[r1] |= random32() & 0xff000007;
        t->gr[r2] = edge_address(t, 1) | random32() << 24;
    }
    /* Operands that are equal, or opposite. */
    if (kind[0] == '-' && kind[1] == '-' && r1 != r2 && chance(15))
        t->gr[r1] = chance(50) ? t->gr[r2] : 0u - t->gr[r2];
    if ((insn_table[row].attributes & A_FLOAT) && chance(10))
        t->fpr[r1 / 2 % 4] = t->fpr[r2 / 2 % 4] ^ (uint64_t)below(2) << 63;
    if (row == I_slbr && r1 != r2 && chance(8)) { /* zero, with a borrow */
        t->gr[r1] = 0;
        t->gr[r2] = UINT32_MAX;
    }
    if ((row == I_dr || row == I_dlr) && chance(60))
        t->gr[r1] = row == I_dlr ? below(10) : (uint32_t)((int32_t)t->gr[(r1 + 1) & 15] >> 31);
    if (kind[0] == '-' && kind[1] == '-' && insn_table[row].attributes & A_BRANCH && chance(90))
        t->gr[r2] = edge_address(t, 2) & (chance(90) ? ~1u : ~0u);
}

/* The address in RX, RS, S, SI and their like. */
static void build_one(struct test *t, unsigned row, const char *kind, bool indexed)
{
    uint8_t *p = t->bytes;
    unsigned r1 = p[1] >> 4, r3 = p[1] & 15;
    uint32_t at;
    if (insn_table[row].format == F_RXE)
        r3 = 0;
    switch (kind[1]) {
    case 'A':
        at = edge_address(t, 2) & (chance(90) ? ~1u : ~0u);
        break;
    case 'N':
        at = chance(50) ? below(64) : random32();
        break;
    case 'Q':
        at = random32();
        break;
    case 'V':
        at = edge_address(t, 1);
        break;
    case 'R':
    case 'r':
        at = operand(t, kind[1], 4 * (((r3 - r1) & 15) + 1), r1);
        break;
    case 'M':
        at = operand(t, 'B', r3 ? (unsigned)__builtin_popcount(r3) : 1, r1);
        for (unsigned k = 0, n = 0; k < 4 && chance(60); k++) { /* equal to the register */
            if (r3 & 8 >> k)
                put_number(t, at + n++, 1, t->gr[r1] >> (24 - 8 * k));
        }
        if (chance(20))
            put_number(t, at, 4, 0);
        break;
    case 'P':
        at = operand(t, 'P', 8, r1);
        if (chance(50)) { /* small enough for a register */
            uint8_t b[8] = {0};
            edge_decimal(b + 2, 6);
            put_logical(t, at, b, 8);
        }
        break;
    default:
        at = operand(t, kind[1], length_of_kind(kind[1]), r1);
        break;
    }
    if (row == I_d && chance(60))
        t->gr[r1] = (uint32_t)((int32_t)t->gr[(r1 + 1) & 15] >> 31);
    if (row == I_dl && chance(60))
        t->gr[r1] = below(10);
    aim(t, p + 2, indexed ? p + 1 : NULL, at);
}

static void put_code(struct test *t, unsigned row)
{
    uint8_t *p = t->bytes;
    memset(p, 0, 6);
    p[0] = codes[row].first;
    t->length = p[0] < 0x40 ? 2 : p[0] < 0xc0 ? 4 : 6;
    switch (codes[row].group) {
    case 0:
        break;
    case 0xa7:
    case 0xc0:
        p[1] = codes[row].code;
        break;
    case 0xe3:
    case 0xeb:
        p[5] = codes[row].code;
        break;
    default:
        p[1] = codes[row].code;
        break;
    }
}

static void build(struct test *t, unsigned row)
{
    uint8_t *p = t->bytes;
    const char *kind = kinds[row];
    put_code(t, row);
    if (insn_table[row].attributes & A_DUAL) {
        spaces_build(t, row);
        return;
    }
    switch (insn_table[row].format) {
    case F_RR:
    case F_R1ONLY:
    case F_MR:
        build_registers(t, row, kind, &p[1]);
        break;
    case F_I8:
        p[1] = (uint8_t)random32();
        break;
    case F_RX:
    case F_MX:
    case F_RXE:
        p[1] = registers(t, row, kind);
        build_one(t, row, kind, true);
        break;
    case F_RS:
    case F_RSM:
    case F_SHIFT:
    case F_RSE:
        p[1] = registers(t, row, kind);
        if (kind[0] == 'l')
            build_long(t, p[1], 'l');
        build_one(t, row, kind[0] == 'l' ? "-N" : kind, false);
        break;
    case F_SI:
        p[1] = chance(30) ? (uint8_t)(chance(50) ? 0 : 0x80) : (uint8_t)random32();
        if (row == I_mc && chance(80))
            p[1] &= 0x0f;
        build_one(t, row, kind, false);
        break;
    case F_S:
        if (!codes[row].group) /* not looked at, but for SIOF and its like */
            p[1] = (uint8_t)random32();
        build_one(t, row, kind, false);
        break;
    case F_SS1:
    case F_SS2:
    case F_SSR:
    case F_SSE:
        if (insn_table[row].format == F_SSE)
            break;
        build_ss(t, row, kind);
        break;
    case F_RRE:
    case F_RRE1:
        build_registers(t, row, kind, &p[3]);
        break;
    case F_RI:
        p[1] |= (uint8_t)(random32() & 0xf0);
        store_be16(p + 2, edge_word() & 0xffff);
        break;
    case F_RIR:
    case F_MI:
        p[1] |= (uint8_t)(random32() & 0xf0);
        store_be16(p + 2, edge_word() & 0xffff);
        break;
    case F_RSI:
        p[1] = (uint8_t)random32();
        store_be16(p + 2, edge_word() & 0xffff);
        break;
    case F_RIL:
    case F_MIL:
        p[1] |= (uint8_t)(random32() & 0xf0);
        store_be32(p + 2, edge_word());
        break;
    default:
        break;
    }
    if (row == I_tprot) {
        aim(t, p + 2, NULL, edge_address(t, 1));
        aim(t, p + 4, NULL, chance(40) ? (uint32_t)(t->psw >> 48) : random32());
    }
}

/* EXECUTE of another row, or of itself; a part of the second byte comes from R1. */
static void build_execute(struct test *t)
{
    uint8_t target[6];
    unsigned row = some_row();
    if (row == I_ex && chance(90))
        row = I_mvc;
    if (row != I_ex)
        build(t, row);
    else
        put_code(t, row);
    memcpy(target, t->bytes, 6);
    unsigned length = t->length, r1 = chance(40) ? 0 : some_register(t);
    if (r1 && !(t->used & 1u << r1)) {
        uint8_t mask = (uint8_t)random32();
        t->gr[r1] = (t->gr[r1] & 0xffffff00) | (target[1] & (uint8_t)~mask);
        target[1] &= mask;
        t->used |= 1u << r1;
    } else {
        r1 = 0;
    }
    uint32_t at = edge_address(t, length) & (chance(93) ? ~1u : ~0u);
    put_logical(t, at, target, length);
    put_code(t, I_ex);
    t->bytes[1] = (uint8_t)(r1 << 4);
    aim(t, t->bytes + 2, t->bytes + 1, at);
}

/* Program event recording, of an area around the instruction or an operand. */
static void ask_for_events(struct test *t)
{
    uint32_t middle = chance(40) || !t->place_count ? t->ia : t->places[below(t->place_count)];
    t->psw |= UINT64_C(1) << 62;
    t->cr[9] = below(16) << 28 | (chance(50) ? 0xffff : random32() & 0xffff);
    t->cr[10] = (middle - below(20)) & (chance(50) ? 0xffffff : 0xffffffff);
    t->cr[11] = middle + below(20) - (chance(15) ? 40 : 0);
    if (chance(20)) { /* all of it */
        t->cr[10] = 0;
        t->cr[11] = 0xffffff;
    }
}

/* Where the instruction itself lies. */
static void choose_place(struct test *t)
{
    uint32_t at = 0x2000 + 2 * below(0x2800);
    if (chance(12))
        at = 0x800 * (4 + below(12)) - 2 * (1 + below(3));
    else if (chance(3))
        at = 0x1000000 - 2 * (1 + below(3));
    else if (chance(2))
        at |= 1;
    else if (chance(2))
        at = edge_address(t, t->length);
    if (t->dat && chance(60)) /* in a segment of its own, so that it can be fetched */
        at = (at + 0x100000 * (1 + below(14))) & ADDRESS;
    t->ia = at;
    t->psw |= at;
}

void operands_build(struct test *t, unsigned row)
{
    t->steps = 1;
    if (row == I_ex)
        build_execute(t);
    else
        build(t, row);
    choose_place(t);
    if ((t->psw >> 51 & 1) && !(insn_table[row].attributes & A_INTERRUPTIBLE) && chance(20))
        ask_for_events(t);
    put_logical(t, t->ia, t->bytes, t->length);
}

static bool fits_in_sequence(unsigned row)
{
    return !(insn_table[row].attributes & (A_PRIVILEGED | A_INTERRUPTIBLE | A_DUAL)) &&
           row != I_stck;
}

/* Each takes what registers the others have left: what one leaves in a register is the next one's
 * operand, or, now and then, its address. */
void operands_build_sequence(struct test *t, unsigned row)
{
    uint8_t code[6 * 12], first[6];
    unsigned length = 0, first_length = 0;
    t->steps = 2 + below(10);
    for (unsigned k = 0; k < t->steps; k++) {
        if (k) {
            do
                row = some_row();
            while (!fits_in_sequence(row));
        }
        if (row == I_ex)
            build_execute(t);
        else
            build(t, row);
        if (!k) {
            memcpy(first, t->bytes, 6);
            first_length = t->length;
        }
        memcpy(code + length, t->bytes, t->length);
        length += t->length;
    }
    memcpy(t->bytes, first, 6);
    t->length = first_length;
    choose_place(t);
    put_logical(t, t->ia, code, length);
}

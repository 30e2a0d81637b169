/* Cases for the dual-address-space facility: a second space, the tables of address-space and PC
 * numbers with what may be wrong with them, and the operands of its instructions. */
#include "tests/generator/generator.h"

#include "lib/be.h"
#include "s370/arch/control.h"

#define SECOND_SEGMENTS 0xa400u /* the secondary space's segment table */
#define LINKAGE         0xa800u /* 64 entries */
#define ENTRIES         0xa900u /* 16 entries of 16 bytes */
#define SECOND_TABLE    0xaa00u /* of ASNs, 16 entries of 16 bytes */
#define AUTHORITY       0xab00u
#define FIRST_TABLE     0xf000u /* of ASNs */

static void put_word(struct test *t, uint32_t real, uint32_t value)
{
    uint8_t bytes[4];
    store_be32(bytes, value);
    put_real(t, real, bytes, 4);
}

/* Now and then one of these bits. */
static uint32_t flaw_in(uint32_t bits, unsigned percent)
{
    uint32_t bit = 1;
    if (!chance(percent))
        return 0;
    do
        bit = 1u << below(32);
    while (!(bits & bit));
    return bit;
}

static uint32_t some_asn(const struct test *t)
{
    if (chance(25))
        return t->cr[4] & 0xffff;
    if (chance(20))
        return t->cr[3] & 0xffff;
    return below(6) << 6 | below(chance(90) ? 16 : 64);
}

static void fill_second_space(struct test *t)
{
    uint32_t segment = t->segments_1m ? 0x100000 : 0x10000;
    for (uint32_t k = 0; k < 0x1000000 / segment; k++)
        put_word(t, SECOND_SEGMENTS + 4 * k,
                 0xf0000000 | (PAGE_TABLES + 0x400 * ((k + 1) % 4)) | (chance(3) ? 4 : 0) |
                     chance(4));
}

static void fill_number_tables(struct test *t)
{
    for (uint32_t k = 0; k < 64; k++) {
        uint32_t table = chance(93) ? ENTRIES | below(5) : 0x00ffffc0 | below(64);
        put_word(t, LINKAGE + 4 * k, table | flaw_in(0xff000000, 12));
    }
    for (uint32_t k = 0; k < 16; k++) {
        uint32_t at = ENTRIES + 16 * k, keys = chance(30) ? 0 : random32() << 16;
        put_word(t, at, keys | (chance(50) ? 0 : some_asn(t)));
        put_word(t, at + 4, (random32() & ADDRESS) | flaw_in(0xff000000, 8));
    }
}

static void fill_asn_tables(struct test *t)
{
    for (uint32_t k = 0; k < 64; k++) {
        uint32_t table = chance(95) ? SECOND_TABLE : 0x00fffff0;
        put_word(t, FIRST_TABLE + 4 * k, table | flaw_in(0xff00000f, 15));
    }
    for (uint32_t k = 0; k < 16; k++) {
        uint32_t at = SECOND_TABLE + 16 * k, authority = chance(95) ? AUTHORITY : 0x00fffffc;
        put_word(t, at, authority | flaw_in(0xff000003, 15));
        put_word(t, at + 4, below(48) << 16 | below(3) << 4 | flaw_in(15, 5));
        put_word(t, at + 8,
                 0x0f000000 | (chance(50) ? SEGMENT_TABLE : SECOND_SEGMENTS) | chance(15));
        put_word(t, at + 12,
                 (chance(90) ? 0x80000000 : 0) | LINKAGE | below(3) | flaw_in(0x7f000000, 5));
    }
}

void spaces_fill(struct test *t)
{
    t->cr[0] |= (chance(60) ? CR0_EXTRACTION : 0) | (chance(85) ? CR0_SECONDARY : 0);
    t->cr[1] |= chance(12) ? CR1_SPACE_SWITCH : 0;
    t->cr[3] = (chance(50) ? 0xffff0000 : random32() << 16) | below(64);
    t->cr[4] = below(48) << 16 | below(64);
    t->cr[5] = (chance(93) ? CR5_LINKAGE : 0) | LINKAGE | below(3);
    t->cr[7] = 0x0f000000 | SECOND_SEGMENTS;
    t->cr[14] = CR14_RESET | (chance(90) ? CR14_ASN : 0) | FIRST_TABLE >> 12;
    fill_second_space(t);
    fill_number_tables(t);
    fill_asn_tables(t);
}

static uint32_t pc_number(void)
{
    uint32_t lx = chance(95) ? below(64) : below(4096), ex = chance(90) ? below(16) : below(256);
    return below(16) << 20 | lx << 8 | ex;
}

/* Lengths and keys in registers, addresses in two spaces. */
static void build_move(struct test *t)
{
    uint8_t *p = t->bytes;
    p[1] = (uint8_t)random32();
    unsigned r1 = p[1] >> 4, r3 = p[1] & 15;
    uint32_t length = chance(20) ? below(3) : chance(80) ? below(300) : edge_word();
    uint32_t covered = length < 256 ? length : 256;
    t->gr[r3] = random32();
    t->gr[r1] = length;
    t->used |= 1u << r1 | 1u << r3;
    uint32_t at1 = edge_address(t, covered + 1), at2 = edge_address(t, covered + 1);
    aim_operand(t, p + 2, at1);
    aim_operand(t, p + 4, chance(20) ? at1 + below(40) - 20 : at2);
}

static void build_parameters(struct test *t)
{
    uint8_t operand[8];
    uint32_t at = edge_address(t, 8) & (chance(92) ? ~7u : ~0u);
    store_be32(operand, random32() << 16 | some_asn(t));
    store_be32(operand + 4, below(48) << 16 | some_asn(t));
    put_logical(t, at, operand, 8);
    aim_operand(t, t->bytes + 2, at);
    aim_operand(t, t->bytes + 4, random32());
}

void spaces_build(struct test *t, unsigned row)
{
    uint8_t *p = t->bytes;
    p[2] = p[3] = (uint8_t)random32();
    unsigned r1 = p[3] >> 4, r2 = p[3] & 15;
    switch (row) {
    case I_pc:
        aim_operand(t, p + 2, pc_number());
        break;
    case I_sac:
        aim_operand(t, p + 2, (random32() & 0xfff0ff) | below(chance(85) ? 2 : 16) << 8);
        break;
    case I_pt:
        t->gr[r2] = (edge_address(t, 2) & ~1u) | chance(70) | (chance(93) ? 0 : random32() << 24);
        t->gr[r1] = random32() << 16 | some_asn(t);
        break;
    case I_ssar:
        t->gr[r1] = random32() << 16 | some_asn(t);
        break;
    case I_ivsk:
        t->gr[r2] = edge_address(t, 1) | random32() << 24;
        break;
    case I_mvck:
    case I_mvcp:
    case I_mvcs:
        build_move(t);
        break;
    case I_lasp:
        build_parameters(t);
        break;
    default:
        break;
    }
}

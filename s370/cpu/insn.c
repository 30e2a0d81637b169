/* The instruction table: finding an instruction by its code, and taking it apart. */
#include "s370/cpu/insn.h"

#include "lib/be.h"

#include <string.h>

enum group {
    G_01 = 1, /* 0 means: not a first byte of a two-byte code */
    G_A7,
    G_B2,
    G_B9,
    G_C0,
    G_E3,
    G_E5,
    G_EB,
    G_ONE,
    GROUP_COUNT,
};

/* First bytes of two-byte operation codes. */
static const uint8_t groups[256] = {
    [0x01] = G_01, [0xa7] = G_A7, [0xb2] = G_B2, [0xb9] = G_B9,
    [0xc0] = G_C0, [0xe3] = G_E3, [0xe5] = G_E5, [0xeb] = G_EB,
};

static const uint16_t numbers[GROUP_COUNT][256] = {
#define INSN(group, code, name, mnemonic, format, attributes) [G_##group][code] = I_##name,
#include "s370/arch/insn.def"
#undef INSN
};

const struct insn_info insn_table[INSN_COUNT] = {
    [I_none] = {"DC", F_NONE, 0},
#define INSN(group, code, name, mnemonic, format, attributes)                                      \
    [I_##name] = {mnemonic, F_##format, attributes},
#include "s370/arch/insn.def"
#undef INSN
};

unsigned insn_find(const uint8_t *bytes)
{
    unsigned group = groups[bytes[0]];
    switch (group) {
    case 0:
        return numbers[G_ONE][bytes[0]];
    case G_A7:
    case G_C0:
        return numbers[group][bytes[1] & 15];
    case G_E3:
    case G_EB:
        return numbers[group][bytes[5]];
    default:
        return numbers[group][bytes[1]];
    }
}

static uint8_t base(unsigned n)
{
    return n ? (uint8_t)n : NO_REGISTER;
}

/* Where a format has its storage operands. */
static void decode_addresses(struct insn *insn, const uint8_t *bytes, unsigned format)
{
    uint32_t first = load_be16(bytes + 2);
    switch (format) {
    case F_SS1:
    case F_SS2:
    case F_SSR:
    case F_SSE:
    case F_SSK:
        insn->b1 = base(first >> 12);
        insn->d1 = first & 0xfff;
        first = load_be16(bytes + 4);
        break;
    default:
        break;
    }
    insn->b2 = base(first >> 12);
    insn->d2 = first & 0xfff;
}

void insn_decode(struct insn *insn, const uint8_t *bytes, unsigned number)
{
    unsigned format = insn_table[number].format;
    insn->length = (uint8_t)insn_halfwords(bytes[0]);
    insn->r1 = bytes[1] >> 4;
    insn->r2 = bytes[1] & 15;
    insn->b1 = insn->b2 = NO_REGISTER;
    insn->d1 = insn->d2 = 0;
    insn->imm = bytes[1];
    insn->number = (uint16_t)number;
    switch (format) {
    case F_NONE:
    case F_RR:
    case F_R1ONLY:
    case F_MR:
    case F_I8:
        break;
    case F_RRE:
    case F_RRE1:
        insn->r1 = bytes[3] >> 4;
        insn->r2 = bytes[3] & 15;
        break;
    case F_RI:
        insn->imm = (int16_t)load_be16(bytes + 2);
        break;
    case F_RIR:
    case F_MI:
    case F_RSI:
        insn->imm = (int16_t)load_be16(bytes + 2) * 2;
        break;
    case F_RIL:
    case F_MIL:
        insn->imm = (int32_t)(load_be32(bytes + 2) << 1);
        break;
    case F_RX:
    case F_MX:
    case F_RXE:
        insn->r2 = base(insn->r2);
        decode_addresses(insn, bytes, format);
        break;
    default:
        decode_addresses(insn, bytes, format);
        break;
    }
}

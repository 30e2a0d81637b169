/* The disassembler, from the same table as the interpreter. */
#include "s370/cpu/insn.h"

#include "s370/cpu/cpu.h"

#include <stdio.h>

/* D(B) or D(X,B); a base of zero is left out. */
static void storage_operand(char *text, size_t size, unsigned d, unsigned x, unsigned b)
{
    if (x)
        snprintf(text, size, "X'%03X'(%u,%u)", d, x, b);
    else if (b)
        snprintf(text, size, "X'%03X'(%u)", d, b);
    else
        snprintf(text, size, "X'%03X'", d);
}

/* The operands in the order in which the assembler wants them. */
static void operands(const struct insn *i, unsigned format, uint32_t address, char *text,
                     size_t size)
{
    char first[24], second[24], indexed[24];
    uint32_t target = (address + (uint32_t)i->imm) & 0xffffff;
    storage_operand(first, sizeof first, i->d1, 0, i->b1 & 15);
    storage_operand(second, sizeof second, i->d2, 0, i->b2 & 15);
    storage_operand(indexed, sizeof indexed, i->d2, i->r2 & 15, i->b2 & 15);
    unsigned r1 = i->r1, r2 = i->r2;
    switch (format) {
    case F_NONE:
        break;
    case F_RR:
    case F_MR:
    case F_RRE:
        snprintf(text, size, "%u,%u", r1, r2);
        break;
    case F_R1ONLY:
    case F_RRE1:
        snprintf(text, size, "%u", r1);
        break;
    case F_I8:
        snprintf(text, size, "%d", i->imm);
        break;
    case F_RX:
    case F_MX:
    case F_RXE:
        snprintf(text, size, "%u,%s", r1, indexed);
        break;
    case F_RS:
    case F_RSM:
    case F_RSE:
        snprintf(text, size, "%u,%u,%s", r1, r2, second);
        break;
    case F_SHIFT:
        snprintf(text, size, "%u,%s", r1, second);
        break;
    case F_SI:
        snprintf(text, size, "%s,X'%02X'", second, (unsigned)i->imm);
        break;
    case F_S:
        snprintf(text, size, "%s", second);
        break;
    case F_SS1:
        storage_operand(first, sizeof first, i->d1, (unsigned)i->imm + 1, i->b1 & 15);
        snprintf(text, size, "%s,%s", first, second);
        break;
    case F_SS2:
        storage_operand(first, sizeof first, i->d1, r1 + 1, i->b1 & 15);
        storage_operand(second, sizeof second, i->d2, r2 + 1, i->b2 & 15);
        snprintf(text, size, "%s,%s", first, second);
        break;
    case F_SSR:
        storage_operand(first, sizeof first, i->d1, r1 + 1, i->b1 & 15);
        snprintf(text, size, "%s,%s,%u", first, second, r2);
        break;
    case F_SSE:
        snprintf(text, size, "%s,%s", first, second);
        break;
    case F_SSK:
        snprintf(text, size, "X'%03X'(%u,%u),%s,%u", i->d1, r1, i->b1 & 15, second, r2);
        break;
    case F_RI:
        snprintf(text, size, "%u,%d", r1, i->imm);
        break;
    case F_RIR:
    case F_MI:
    case F_RIL:
    case F_MIL:
        snprintf(text, size, "%u,X'%06X'", r1, target);
        break;
    case F_RSI:
        snprintf(text, size, "%u,%u,X'%06X'", r1, r2, target);
        break;
    default:
        break;
    }
}

unsigned disassemble(const uint8_t *bytes, uint32_t address, char *text, size_t size)
{
    /* SIO and its kin are told apart by the second byte's last bit. */
    static const char odd[4][6] = {"SIOF", "CLRIO", "HDV", "TCH"};
    unsigned number = insn_find(bytes), length = 2 * insn_halfwords(bytes[0]);
    if (number == I_none) {
        char digits[13] = "";
        for (unsigned k = 0; k < length; k++)
            snprintf(digits + 2 * k, sizeof digits - 2 * k, "%02X", bytes[k]);
        snprintf(text, size, "DC    X'%s'", digits);
        return length;
    }
    struct insn insn;
    char list[64] = "";
    const char *mnemonic = insn_table[number].mnemonic;
    if (bytes[0] >= 0x9c && bytes[0] <= 0x9f && (bytes[1] & 1))
        mnemonic = odd[bytes[0] - 0x9c];
    insn_decode(&insn, bytes, number);
    operands(&insn, insn_table[number].format, address, list, sizeof list);
    if (list[0])
        snprintf(text, size, "%-5s %s", mnemonic, list);
    else
        snprintf(text, size, "%s", mnemonic);
    return length;
}

/* Decoded instructions and the instruction table (insn.def). */
#ifndef S370_CPU_INSN_H
#define S370_CPU_INSN_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;
struct insn;

/* A body: executes the instruction, returns one of enum body_result (internal.h) or a
 * program interruption code. */
typedef int insn_body(struct cpu *cpu, const struct insn *insn);
/* A body with what the fast loop does after it, but for a body's R_COLD (fast.c). */
typedef int insn_thread(struct cpu *cpu, const struct insn *insn, int64_t left);

/* A decoded instruction.  What a field holds depends on the format:
 *   b2, d2   the only storage operand, or the second of two
 *   b1, d1   the first of two
 *   r1, r2   register or mask fields, left and right; the index register is in r2
 *            (16, the zero register, where the instruction says 0: no base, no index)
 *   imm      immediate operand (sign-extended), length code of SS1 (bytes - 1), the whole
 *            second byte otherwise; relative operands in bytes, from the instruction */
struct insn {
    insn_thread *execute;
    int32_t imm;
    uint16_t d1, d2;
    uint8_t length; /* in halfwords */
    uint8_t r1, r2, b1, b2;
    uint16_t number; /* enum insn_number */
};

#define NO_REGISTER 16 /* base or index of an operand that has none */

/* Formats: how the fields lie in the instruction, and how the operands are written.  The
 * letters are those of the manual; M in place of R is a mask. */
enum insn_format {
    F_NONE,   /* no operands */
    F_RR,     /* R1,R2 */
    F_R1ONLY, /* R1 */
    F_MR,     /* M1,R2 */
    F_I8,     /* I */
    F_RX,     /* R1,D2(X2,B2) */
    F_MX,     /* M1,D2(X2,B2) */
    F_RS,     /* R1,R3,D2(B2) */
    F_RSM,    /* R1,M3,D2(B2) */
    F_SHIFT,  /* R1,D2(B2) */
    F_SI,     /* D1(B1),I2 */
    F_S,      /* D2(B2) */
    F_SS1,    /* D1(L,B1),D2(B2) */
    F_SS2,    /* D1(L1,B1),D2(L2,B2) */
    F_SSR,    /* D1(L1,B1),D2(B2),I3 */
    F_SSE,    /* D1(B1),D2(B2) */
    F_SSK,    /* D1(R1,B1),D2(B2),R3 */
    F_RRE,    /* R1,R2 */
    F_RRE1,   /* R1 */
    F_RI,     /* R1,I2 */
    F_RIR,    /* R1,relative */
    F_MI,     /* M1,relative */
    F_RSI,    /* R1,R3,relative */
    F_RIL,    /* R1,relative (32 bits) */
    F_MIL,    /* M1,relative (32 bits) */
    F_RXE,    /* R1,D2(X2,B2) */
    F_RSE,    /* R1,R3,D2(B2) */
};

enum insn_attribute {
    A_PRIVILEGED = 0x01,    /* in the supervisor state only */
    A_BRANCH = 0x02,        /* may branch */
    A_STORE = 0x04,         /* may store */
    A_INTERRUPTIBLE = 0x08, /* proceeds in units */
    A_EXTENSION = 0x10,     /* the compiler's extension, not System/370 */
    A_RELATIVE = 0x20,      /* has an operand relative to its own address */
    A_R1 = 0x40,            /* alters general register R1 */
    A_PAIR = 0x80,          /* alters R1 and R1 + 1 */
    A_RANGE = 0x100,        /* alters R1 to R3 */
    A_FLOAT = 0x200,        /* registers are floating-point registers */
    A_DUAL = 0x400,         /* of the dual-address-space facility */
    A_IO = 0x800,           /* its operand's address is that of a channel or device */
};

struct insn_info {
    const char *mnemonic;
    uint8_t format;
    uint16_t attributes;
};

/* Numbers of instructions, for the tables of bodies; 0 is no instruction. */
enum insn_number {
    I_none,
#define INSN(group, code, name, mnemonic, format, attributes) I_##name,
#include "s370/arch/insn.def"
#undef INSN
    INSN_COUNT,
};

extern const struct insn_info insn_table[INSN_COUNT];

/* Halfwords in an instruction that begins with this byte: 1, 2 or 3. */
static inline unsigned insn_halfwords(uint8_t first)
{
    return first < 0x40 ? 1 : first < 0xc0 ? 2 : 3;
}

/* The instruction at `bytes` (all of it, insn_halfwords says how much), or I_none. */
unsigned insn_find(const uint8_t *bytes);
/* Fills all of *insn but `execute`. */
void insn_decode(struct insn *insn, const uint8_t *bytes, unsigned number);

#endif

/* Random instructions on our machine and on Hercules (the Debian package, as a black box)
 * in its System/370 mode: registers, condition code, storage and program interruptions
 * must be the same.  One image holds all tests; a small driver program in it copies each
 * to a fixed frame, executes the instruction there, and saves what came of it; then the
 * result areas of both machines are compared.
 *
 * Instructions are drawn from insn.def: all that are System/370, not privileged, and do
 * not branch (these have self-checking programs).  The seed is fixed.
 *
 * usage: differential DIRECTORY [TESTS [SEED]] */
#include "s370/cpu/insn.h"
#include "s370/machine.h"

#include "lib/be.h"
#include "s370/arch/psw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The frame, in low storage so that no base register is needed. */
#define FRAME     0x680u /* what a record holds, copied here */
#define DATA      0x700u /* operands lie in these 512 bytes, across a block's boundary */
#define DATA_SIZE 512u
#define RECORD    (0x80u + DATA_SIZE)
#define RESULT    0xb00u /* registers, then PSW, then (separately) the data */
#define INPUT     0x10000u
#define STORAGE   (16u << 20)

/* A record: registers, instruction, condition code and program mask, floating-point
 * registers, data. */
struct record {
    uint8_t registers[64];
    uint8_t instruction[8];
    uint8_t mask[4];
    uint8_t unused1[4];
    uint8_t floating[32];
    uint8_t unused2[16];
    uint8_t data[DATA_SIZE];
};
LAYOUT(struct record, RECORD);

/* A result: registers, PSW (or 0 and the link with the condition code), data. */
struct result {
    uint8_t registers[64];
    uint8_t psw[8];
    uint8_t unused1[8];
    uint8_t floating[32];
    uint8_t unused2[16];
    uint8_t data[DATA_SIZE];
};
LAYOUT(struct result, RECORD);

static uint64_t state;

static uint32_t random32(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) ^ (uint32_t)(state >> 11);
}

static uint32_t below(uint32_t n)
{
    return random32() % n;
}

/* Numbers as instructions see them: often small, or at the edge of a format. */
static uint32_t value(void)
{
    static const uint32_t edges[] = {0,          1,          2,      0xffffffff, 0x80000000,
                                     0x7fffffff, 0x80000001, 0xffff, 0x8000,     0x10000};
    switch (below(4)) {
    case 0:
        return edges[below(10)];
    case 1:
        return below(64);
    default:
        return random32();
    }
}

/* The driver: absolute addresses, System/370 instructions, by the byte. */
#define AT(address) (address) >> 8, (address)&255
static const uint8_t driver[] = {
    0x58,
    0x10,
    0x04,
    0x00, /* 0x500 loop: L 1,next */
    0x58,
    0x20,
    0x04,
    0x04, /*  L 2,count */
    0x06,
    0x20, /*  BCTR 2,0 */
    0x50,
    0x20,
    0x04,
    0x04, /*  ST 2,count */
    0x12,
    0x22, /*  LTR 2,2 */
    0x47,
    0x40,
    0x05,
    0xb0, /*  BM done */
    0x41,
    0x20,
    AT(FRAME), /*  LA 2,FRAME */
    0x41,
    0x30,
    AT(RECORD), /*  LA 3,RECORD */
    0x18,
    0x43,
    0x18,
    0x51,
    0x18,
    0x65, /*  LR 4,3; LR 5,1; LR 6,5 */
    0x18,
    0x74, /*  LR 7,4 */
    0x0e,
    0x26, /*  MVCL 2,6 */
    0x50,
    0x60,
    0x04,
    0x00, /*  ST 6,next */
    0xd2,
    0x05,
    0x05,
    0x4e,
    AT(FRAME + 0x40), /*  MVC slot(6),instruction */
    0x68,
    0x00,
    AT(FRAME + 0x50), /*  LD 0,floating... */
    0x68,
    0x20,
    AT(FRAME + 0x58), /*  LD 2 */
    0x68,
    0x40,
    AT(FRAME + 0x60), /*  LD 4 */
    0x68,
    0x60,
    AT(FRAME + 0x68), /*  LD 6 */
    0x58,
    0x00,
    AT(FRAME + 0x48), /*  L 0,mask */
    0x04,
    0x00, /*  SPM 0 */
    0x98,
    0x0f,
    AT(FRAME), /*  LM 0,15,registers */
    0x07,
    0x00,
    0x07,
    0x00, /*  NOPR */
    0,
    0,
    0,
    0,
    0,
    0, /* 0x54e slot */
    0x90,
    0x0f,
    0x0b,
    0x00, /* 0x554 STM 0,15,RESULT */
    0x05,
    0x10, /*  BALR 1,0 */
    0x50,
    0x10,
    0x0b,
    0x44, /*  ST 1,RESULT+68 */
    0xd7,
    0x03,
    0x0b,
    0x40,
    0x0b,
    0x40, /*  XC RESULT+64(4),RESULT+64 */
    0x47,
    0xf0,
    0x05,
    0x72, /*  B join */
    0x90,
    0x0f,
    0x0b,
    0x00, /* 0x568 program interruption: STM */
    0xd2,
    0x07,
    0x0b,
    0x40,
    0x00,
    0x28, /*  MVC RESULT+64(8),old PSW */
    0x60,
    0x00,
    AT(RESULT + 0x50), /* 0x572 join: STD 0,RESULT+80 */
    0x60,
    0x20,
    AT(RESULT + 0x58), /*  STD 2 */
    0x60,
    0x40,
    AT(RESULT + 0x60), /*  STD 4 */
    0x60,
    0x60,
    AT(RESULT + 0x68), /*  STD 6 */
    0x58,
    0x20,
    0x04,
    0x08, /*  L 2,out */
    0xd2,
    0x7f,
    0x20,
    0x00,
    0x0b,
    0x00, /*  MVC 0(128,2),RESULT */
    0xd2,
    0xff,
    0x20,
    0x80,
    AT(DATA), /*  MVC 128(256,2),DATA */
    0xd2,
    0xff,
    0x21,
    0x80,
    AT(DATA + 256), /*  MVC 384(256,2),DATA+256 */
    0x41,
    0x22,
    AT(0x80), /*  LA 2,128(2) */
    0x41,
    0x22,
    0x02,
    0x00, /*  LA 2,512(2) */
    0x50,
    0x20,
    0x04,
    0x08, /*  ST 2,out */
    0x47,
    0xf0,
    0x05,
    0x00, /* 0x5a4 B loop */
};

static void put_base(uint8_t *storage, uint32_t at, uint32_t count)
{
    store_be64(storage, UINT64_C(0x0000000000000500)); /* BC mode, all masked */
    store_be64(storage + 0x68, UINT64_C(0x0000000000000568));
    store_be32(storage + 0x400, INPUT);
    store_be32(storage + 0x404, count);
    store_be32(storage + 0x408, at);
    memcpy(storage + 0x500, driver, sizeof driver);
    memcpy(storage + 0x5b0, "\x82\x00\x05\xb8", 4); /* done: LPSW */
    store_be64(storage + 0x5b8, UINT64_C(0x0002000000000000));
}

/* A packed decimal number, seldom a bad one. */
static void put_decimal(uint8_t *p, unsigned length)
{
    unsigned digits = below(2 * length);
    memset(p, 0, length);
    for (unsigned k = 0; k < 2 * length - 1; k++) {
        unsigned digit = k + digits >= 2 * length - 1 ? below(10) : 0;
        p[k / 2] |= (uint8_t)(k % 2 ? digit : digit << 4);
    }
    p[length - 1] |= below(8) ? 0xc + below(2) : 0xa + below(6);
    if (!below(40))
        p[below(length)] = (uint8_t)random32();
}

/* A floating-point number: exponents often near each other, fractions of all kinds. */
static void put_floating(uint8_t *p)
{
    uint64_t fraction = (uint64_t)random32() << 24 ^ random32();
    uint32_t exponent = below(4) ? 58 + below(14) : below(128);
    if (!below(3))
        fraction >>= 4 * below(14);
    if (!below(8))
        fraction = below(2) ? 0 : (UINT64_C(1) << 56) - 1 - below(2);
    if (!below(4)) /* exact in the short form */
        fraction &= UINT64_C(0xffffff00000000);
    store_be64(p, (uint64_t)below(2) << 63 | (uint64_t)exponent << 56 |
                      (fraction & ((UINT64_C(1) << 56) - 1)));
}

/* Makes base register `b` (and displacement `d`) point `offset` bytes into the data.
 * With base 0 the operand is in low storage, the frame itself: only DATA is safe. */
static void aim(struct record *r, unsigned b, unsigned d, uint32_t offset)
{
    store_be32(r->registers + 4 * b,
               ((DATA + offset - d) & 0xffffff) | (below(2) ? 0 : random32() << 24));
}

/* The operands of one instruction of a format. */
struct shape {
    unsigned b1, b2, d1, d2;
};

static unsigned some_register(unsigned not_this)
{
    unsigned r;
    do
        r = 1 + below(15);
    while (r == not_this);
    return r;
}

/* Lengths and places of decimal and other two-length operands. */
static void fill_ss2(struct record *r, const struct shape *s, uint8_t code)
{
    unsigned l1 = r->instruction[1] >> 4, l2 = r->instruction[1] & 15;
    bool pack = code == 0xf1 || code == 0xf2 || code == 0xf3;
    if (code == 0xfc || code == 0xfd) { /* MP, DP: mostly valid lengths */
        if (below(10) && l2 > 7)
            l2 &= 7;
        if (l2 < 15 && below(10) && l2 >= l1)
            l1 = l2 + 1 + below(15 - l2);
        r->instruction[1] = (uint8_t)(l1 << 4 | l2);
    }
    uint32_t at1 = 20 + below(100), at2 = 200 + below(100);
    if (pack && !below(3))
        at2 = at1 + below(20) - 5;
    aim(r, s->b1, s->d1, at1);
    aim(r, s->b2, s->d2, at2);
    put_decimal(r->data + at2, l2 + 1);
    put_decimal(r->data + at1, code == 0xf0 ? l1 + 1 : l1 + 1);
    if (code == 0xfc && below(8)) /* leading zeros for the product */
        memset(r->data + at1, 0, l2 + 1 < l1 ? l2 + 1 : l1);
    if (code == 0xf0) /* SRP: the second address is the amount */
        store_be32(r->registers + 4 * s->b2, random32());
}

/* A pattern for ED and EDMK, and packed numbers for it. */
static void fill_edit(struct record *r, const struct shape *s)
{
    static const uint8_t pattern[] = {0x20, 0x20, 0x20, 0x20, 0x21, 0x22, 0x6b, 0x40, 0xc1};
    unsigned length = r->instruction[1] & 31;
    r->instruction[1] = (uint8_t)length;
    uint32_t at1 = below(100), at2 = 200 + below(100);
    aim(r, s->b1, s->d1, at1);
    aim(r, s->b2, s->d2, at2);
    for (unsigned k = 0; k <= length; k++)
        r->data[at1 + k] = pattern[below(sizeof pattern)];
    if (below(4))
        r->data[at1] = 0x40;
    for (unsigned k = 0; k < 40; k++) {
        uint8_t digits =
            (uint8_t)((below(3) ? 0 : below(10)) << 4 | (below(6) ? below(10) : 10 + below(6)));
        r->data[at2 + k] = digits;
    }
}

/* Long operands: addresses into the data, short lengths. */
static void fill_long(struct record *r)
{
    unsigned r1 = r->instruction[1] >> 4, r2 = r->instruction[1] & 15;
    store_be32(r->registers + 4 * r1, DATA + below(200));
    store_be32(r->registers + 4 * ((r1 + 1) & 15), (random32() & 0xff000000) | below(200));
    store_be32(r->registers + 4 * r2, DATA + below(200));
    store_be32(r->registers + 4 * ((r2 + 1) & 15), (random32() & 0xff000000) | below(200));
    if (!below(3)) /* make CLCL find something equal */
        memset(r->data, 0x40, sizeof r->data / 2);
}

/* Registers of RR: pairs mostly even. */
static void fill_rr(struct record *r, unsigned attributes)
{
    uint8_t *p = r->instruction;
    if ((attributes & A_PAIR) && below(20))
        p[1] &= 0xef;
    if (attributes & A_INTERRUPTIBLE) {
        p[1] &= below(20) ? 0xee : 0xff;
        fill_long(r);
    }
}

static void fill_rx(struct record *r, const struct shape *s, unsigned attributes)
{
    uint8_t *p = r->instruction;
    unsigned x = below(3) ? 0 : some_register(s->b2);
    p[1] = (uint8_t)((p[1] & 0xf0) | x);
    if ((attributes & A_PAIR) && below(20))
        p[1] &= 0xef;
    uint32_t index = x ? below(100) : 0, at = 100 + below(300);
    if (x)
        store_be32(r->registers + 4 * x, index);
    aim(r, s->b2, s->d2 + index, at);
    if (attributes & A_FLOAT)
        put_floating(r->data + at);
    if (p[0] == 0x4f) /* CVB */
        put_decimal(r->data + at, 8);
}

/* RS, SI and S. */
static void fill_rs(struct record *r, const struct shape *s, unsigned number)
{
    uint8_t *p = r->instruction;
    bool swap = p[0] == 0xba || p[0] == 0xbb;
    uint32_t at = 100 + below(300);
    if (insn_table[number].format == F_SHIFT) {
        if ((insn_table[number].attributes & A_PAIR) && below(20))
            p[1] &= 0xef;
        return;
    }
    if (swap && below(20))
        at &= ~7u;
    aim(r, s->b2, s->d2, at);
    if (p[0] == 0xbb && below(20))
        p[1] &= 0xee;
    unsigned r1 = p[1] >> 4;
    if (swap && below(2) && r1 != s->b2) /* sometimes equal */
        memcpy(r->data + at, r->registers + 4 * r1, r1 < 15 ? 8 : 4);
}

static void fill_ss1(struct record *r, const struct shape *s)
{
    uint8_t *p = r->instruction;
    uint32_t at1 = below(256);
    if (below(2))
        p[1] &= 15;
    aim(r, s->b1, s->d1, at1);
    if (p[0] == 0xe8) { /* MVCIN: the rightmost byte */
        aim(r, s->b2, s->d2, 255 + below(200));
    } else if (p[0] == 0xdd && below(2)) { /* TRT: a table that is nearly empty */
        memset(r->data + 256, 0, 256);
        aim(r, s->b2, s->d2, 256);
    } else {
        aim(r, s->b2, s->d2, below(3) ? below(256) : at1 + below(3));
    }
}

/* Floating-point registers; numbers that are equal, or nearly. */
static void fill_float(struct record *r, unsigned format)
{
    if (below(30))
        r->instruction[1] &= format == F_RR ? 0x66 : 0x6f;
    if (!below(8))
        memcpy(r->floating + 8, r->floating, 8);
    if (!below(8))
        memcpy(r->floating + 9, r->floating + 1, 7);
}

static void choose(struct record *r, const uint8_t *code, unsigned number)
{
    unsigned format = insn_table[number].format, attributes = insn_table[number].attributes;
    uint8_t *p = r->instruction;
    struct shape s = {.b1 = some_register(0), .d1 = below(4096), .d2 = below(4096)};
    s.b2 = some_register(s.b1);
    memset(p, 0, 8);
    p[0] = code[0];
    p[1] = format == F_S ? code[1] : (uint8_t)random32();
    unsigned length = 2 * insn_halfwords(p[0]);
    /* What remains of the slot is skipped by NOPR. */
    for (unsigned k = length; k < 6; k += 2)
        store_be16(p + k, 0x0700);
    if (length == 4)
        store_be16(p + 2, s.b2 << 12 | s.d2);
    if (length == 6) {
        store_be16(p + 2, s.b1 << 12 | s.d1);
        store_be16(p + 4, s.b2 << 12 | s.d2);
    }
    if (attributes & A_FLOAT)
        fill_float(r, format);
    if (length == 2)
        fill_rr(r, attributes);
    else if (format == F_RX)
        fill_rx(r, &s, attributes);
    else if (length == 4)
        fill_rs(r, &s, number);
    else if (format == F_SS2 || format == F_SSR)
        fill_ss2(r, &s, p[0]);
    else if (p[0] == 0xde || p[0] == 0xdf)
        fill_edit(r, &s);
    else
        fill_ss1(r, &s);
}

static const struct {
    uint8_t code[2];
    uint16_t number;
} instructions[] = {
#define CODE_ONE(code)                                                                             \
    {                                                                                              \
        code, 0                                                                                    \
    }
#define INSN(group, code, name, mnemonic, format, attributes) {{G_##group code}, I_##name},
#define G_ONE
#define G_B2 0xb2,
#define G_B9 0xb9,
#define G_E5 0xe5,
#define G_A7 0xa7,
#define G_C0 0xc0,
#define G_E3 0xe3,
#define G_EB 0xeb,
#include "s370/cpu/insn.def"
#undef INSN
};

static bool suitable(unsigned k)
{
    unsigned number = instructions[k].number;
    uint8_t code = instructions[k].code[0];
    if (insn_table[number].attributes & (A_PRIVILEGED | A_BRANCH | A_EXTENSION | A_DUAL))
        return false;
    /* SPM would change the frame's program mask: tested by itself; SVC, EX and MC need a
     * handler or a target; STCK tells the time. */
    return code != 0x0a && code != 0x44 && code != 0xaf && code != 0xb2;
}

static void make(struct record *records, uint32_t count)
{
    for (uint32_t n = 0; n < count; n++) {
        struct record *r = &records[n];
        unsigned k;
        do
            k = below(sizeof instructions / sizeof instructions[0]);
        while (!suitable(k));
        for (unsigned i = 0; i < 16; i++)
            store_be32(r->registers + 4 * i, value());
        for (unsigned i = 0; i < DATA_SIZE; i += 4)
            store_be32(r->data + i, value());
        for (unsigned i = 0; i < 4; i++)
            put_floating(r->floating + 8 * i);
        store_be32(r->mask, random32() & 0x3f000000);
        choose(r, instructions[k].code, instructions[k].number);
    }
}

/* --- running --- */

static void run_ours(uint8_t *storage)
{
    struct machine *m = machine_create(STORAGE, CLOCK_VIRTUAL);
    if (!m)
        exit(1);
    cpu_reset(m->cpu, true);
    memcpy(m->storage.main, storage, STORAGE);
    (void)cpu_load_psw(m->cpu, load_be64(storage));
    cpu_start(m->cpu);
    while (cpu_run(m->cpu, 1000000) == CPU_EXIT_LIMIT && cpu_instructions(m->cpu) < 100000000)
        ;
    memcpy(storage, m->storage.main, STORAGE);
    machine_destroy(m);
}

static void write_file(const char *directory, const char *name, const void *data, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(data, 1, size, f) != size || fclose(f)) {
        perror(path);
        exit(1);
    }
}

/* Hercules runs it from a script; its automatic operator saves the storage when the
 * disabled wait is announced, again if the CPU was not stopped yet, and then quits. */
static void run_hercules(const char *directory, const uint8_t *image, uint32_t from, uint32_t to,
                         uint8_t *storage)
{
    char text[2048], path[512];
    static const char config[] =
        "CPUSERIAL 000001\nCPUMODEL 0158\nMAINSIZE 16\nXPNDSIZE 0\n"
        "NUMCPU 1\nARCHMODE S/370\nOSTAILOR QUIET\nCNSLPORT 0\n000C 3505 /dev/null\n";
    write_file(directory, "hercules.cnf", config, strlen(config));
    write_file(directory, "image", image, from);
    snprintf(text, sizeof text,
             "hao tgt HHCCP011I\nhao cmd script %s/save.rc\nhao tgt HHCPN102E\n"
             "hao cmd script %s/save.rc\nhao tgt HHCPN170I\nhao cmd quit\n"
             "loadcore %s/image\nrestart\n",
             directory, directory, directory);
    write_file(directory, "run.rc", text, strlen(text));
    snprintf(text, sizeof text, "stopall\nsavecore %s/result %X %X\n", directory, from, to - 1);
    write_file(directory, "save.rc", text, strlen(text));
    snprintf(path, sizeof path, "%s/result", directory);
    snprintf(text, sizeof text,
             "cd %s && HERCULES_RC=run.rc timeout 60 hercules -d -f hercules.cnf "
             "</dev/null >hercules.log 2>&1",
             directory);
    int status = 0;
    /* Another process may need the same resources at the moment: try again. */
    for (int tries = 0; tries < 3; tries++) {
        unlink(path);
        status = system(text);
        if (access(path, R_OK) == 0)
            break;
    }
    FILE *f = fopen(path, "rb");
    if (!f || fread(storage + from, 1, to - from, f) != to - from) {
        fprintf(stderr, "hercules (status %d) gave no result: see %s/hercules.log\n", status,
                directory);
        exit(1);
    }
    fclose(f);
}

/* --- comparing --- */

/* What the architecture leaves open is not compared: with a data exception, the result
 * fields. */
static bool same(const struct result *a, const struct result *b)
{
    if (memcmp(a->psw, b->psw, 8))
        return false;
    unsigned code = load_be16(a->psw + 2);
    if (memcmp(a->registers, b->registers, 64) || memcmp(a->floating, b->floating, 32))
        return false;
    return (code == 7 && load_be32(a->psw)) || !memcmp(a->data, b->data, DATA_SIZE);
}

static void show(const char *who, const struct result *x)
{
    printf("  %-8s psw %08X %08X", who, load_be32(x->psw), load_be32(x->psw + 4));
    for (unsigned i = 0; i < 16; i++)
        printf("%s%08X", i % 8 ? " " : "\n    ", load_be32(x->registers + 4 * i));
    for (unsigned i = 0; i < 4; i++)
        printf("%s%016llX", i ? " " : "\n    ", (unsigned long long)load_be64(x->floating + 8 * i));
    printf("\n");
}

static void report(uint32_t n, const struct record *r, const struct result *ours,
                   const struct result *theirs)
{
    char text[80];
    disassemble(r->instruction, 0x54e, text, sizeof text);
    printf("test %u: %s, mask %08X\n", n, text, load_be32(r->mask));
    struct result before = {0};
    memcpy(before.registers, r->registers, 64);
    memcpy(before.floating, r->floating, 32);
    show("before", &before);
    show("ours", ours);
    show("hercules", theirs);
    for (unsigned k = 0; k < DATA_SIZE; k++) {
        if (ours->data[k] != theirs->data[k])
            printf("  data+%03X: was %02X, ours %02X, hercules %02X\n", k, r->data[k],
                   ours->data[k], theirs->data[k]);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: differential DIRECTORY [TESTS [SEED]]\n");
        return 2;
    }
    uint32_t count = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 0) : 12000, failed = 0;
    state = argc > 3 ? strtoull(argv[3], NULL, 0) : 370;
    uint32_t from = (INPUT + count * RECORD + 0xffff) & ~0xffffu, to = from + count * RECORD;
    if (!count || to > STORAGE) {
        fprintf(stderr, "differential: TESTS is 1 to %u\n", (STORAGE - 0x20000) / 2 / RECORD);
        return 2;
    }
    char *directory = realpath(argv[1], NULL);
    if (!directory) {
        perror(argv[1]);
        return 1;
    }
    uint8_t *ours = calloc(1, STORAGE), *theirs = calloc(1, STORAGE);
    if (!ours || !theirs)
        return 1;
    put_base(ours, from, count);
    make((struct record *)(ours + INPUT), count);
    run_hercules(directory, ours, from, to, theirs);
    run_ours(ours);
    const struct record *records = (const struct record *)(ours + INPUT);
    for (uint32_t n = 0; n < count; n++) {
        const struct result *a = (const struct result *)(ours + from) + n;
        const struct result *b = (const struct result *)(theirs + from) + n;
        if (!same(a, b) && ++failed <= 20)
            report(n, &records[n], a, b);
    }
    printf("differential: %u instructions, %u unlike Hercules\n", count, failed);
    free(directory);
    free(ours);
    free(theirs);
    return failed != 0;
}

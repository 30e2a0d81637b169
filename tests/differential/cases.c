/* What the records hold: an instruction with operands that make sense for it, and a state to
 * execute it in.  Operands are aimed at the data area, so that both machines are still alive
 * afterwards. */
#include "tests/differential/differential.h"

#include "s370/arch/control.h"
#include "s370/arch/psw.h"

#include <string.h>

static uint64_t state;

void differential_seed(uint64_t seed)
{
    state = seed;
}

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

/* Makes base register `b` (and displacement `d`) point `offset` bytes into the data. */
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
    unsigned l1 = r->code[1] >> 4, l2 = r->code[1] & 15;
    bool pack = code == 0xf1 || code == 0xf2 || code == 0xf3;
    if (code == 0xfc || code == 0xfd) { /* MP, DP: mostly valid lengths */
        if (below(10) && l2 > 7)
            l2 &= 7;
        if (l2 < 15 && below(10) && l2 >= l1)
            l1 = l2 + 1 + below(15 - l2);
        r->code[1] = (uint8_t)(l1 << 4 | l2);
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
    unsigned length = r->code[1] & 31;
    r->code[1] = (uint8_t)length;
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
    unsigned r1 = r->code[1] >> 4, r2 = r->code[1] & 15;
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
    uint8_t *p = r->code;
    if ((attributes & A_PAIR) && below(20))
        p[1] &= 0xef;
    if (attributes & A_INTERRUPTIBLE) {
        p[1] &= below(20) ? 0xee : 0xff;
        fill_long(r);
    }
}

static void fill_rx(struct record *r, const struct shape *s, unsigned attributes)
{
    uint8_t *p = r->code;
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
    uint8_t *p = r->code;
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
    uint8_t *p = r->code;
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
        r->code[1] &= format == F_RR ? 0x66 : 0x6f;
    if (!below(8))
        memcpy(r->floating + 8, r->floating, 8);
    if (!below(8))
        memcpy(r->floating + 9, r->floating + 1, 7);
}

/* --- the instruction --- */

static const struct {
    uint8_t code[2];
} codes[INSN_COUNT] = {
#define G_ONE
#define G_01                                                  0x01,
#define G_B2                                                  0xb2,
#define G_B9                                                  0xb9,
#define G_E5                                                  0xe5,
#define G_A7                                                  0xa7,
#define G_C0                                                  0xc0,
#define G_E3                                                  0xe3,
#define G_EB                                                  0xeb,
#define INSN(group, code, name, mnemonic, format, attributes) [I_##name] = {{G_##group code}},
#include "s370/arch/insn.def"
#undef INSN
};

const char *differential_excluded(unsigned row)
{
    static const struct {
        unsigned row;
        const char *reason;
    } list[] = {
        {I_sio, "needs a device: tests/io"},      {I_tio, "needs a device: tests/io"},
        {I_hio, "needs a device: tests/io"},      {I_tch, "needs a channel: tests/io"},
        {I_stidc, "tells the channel's model"},   {I_sigp, "stops the CPU"},
        {I_diagnose, "is the model's"},           {I_stidp, "tells the model"},
        {I_tb, "clears 4K here, 2K on Hercules"},
    };
    for (unsigned k = 0; k < sizeof list / sizeof list[0]; k++) {
        if (list[k].row == row)
            return list[k].reason;
    }
    if (insn_table[row].attributes & A_EXTENSION)
        return "the compiler's extension";
    if (insn_table[row].attributes & A_DUAL)
        return "the dual-address-space facility";
    return NULL;
}

static bool translates(const struct record *r)
{
    return (r->psw[1] & 8) && (r->psw[0] & 4);
}

/* Where a branch goes: to one of the supervisor calls, seldom to an odd address. */
static uint32_t landing(void)
{
    return (LANDING + 2 * below(60)) | !below(20);
}

/* Somewhere in the address space, where nothing can be damaged: with translation on, only the
 * data and the code have pages. */
static uint32_t wild(void)
{
    return (random32() & 0xffffff) | 0x8000;
}

/* A PSW for LPSW: it goes on at the landing; no mask that lets anything in, no wait. */
static void put_psw(uint8_t *p, const struct record *r)
{
    uint64_t psw = (uint64_t)below(16) << 52 | (uint64_t)below(2) << 48 | landing();
    if (below(2)) {
        psw |= PSW_EC | (uint64_t)below(64) << 40;
        if (below(3) == 0 && translates(r))
            psw |= PSW_EC_TRANSLATE;
        if (!below(8))
            psw |= UINT64_C(1) << (24 + below(16));
        if (!below(8))
            psw |= (uint64_t)(random32() & 0xb8) << 56;
    } else {
        psw |= (uint64_t)random32() << 24 & UINT64_C(0xffffff000000);
    }
    store_be64(p, psw);
}

static uint32_t align(uint32_t at, unsigned bytes)
{
    return below(12) ? at & ~(bytes - 1) : at;
}

/* The data of control instructions: where it begins. */
static uint32_t fill_control(struct record *r, unsigned row)
{
    uint32_t at = align(240 + below(24), row == I_stap ? 2 : 8);
    uint8_t *p = r->data + at;
    switch (row) {
    case I_lpsw:
        put_psw(p, r);
        break;
    case I_spx: /* only the prefix of zero: the driver is there; Hercules looks at bits 1-7 too */
        store_be32(p, random32() & 0x80000fff);
        break;
    case I_sckc:
    case I_sck:
        store_be64(p, (uint64_t)value() << 32 | value());
        break;
    case I_ssm: /* nothing is let in */
        *p &= 0xb8;
        if (below(4))
            *p = (uint8_t)(below(2) * 4);
        break;
    default:
        break;
    }
    return at;
}

/* Values for LCTL: those that the landing can live with. */
static void fill_lctl(struct record *r, uint32_t at)
{
    unsigned first = r->code[1] >> 4;
    for (unsigned k = 0; k < 16 && at + 4 * k + 4 <= DATA_SIZE; k++) {
        unsigned n = (first + k) & 15;
        uint32_t word = load_be32(r->control + 4 * n);
        if (n >= 2 && n != 6 && n < 12)
            word = value();
        store_be32(r->data + at + 4 * k, word);
    }
}

static void choose(struct record *r, unsigned row);

static bool is_of_block(unsigned row)
{
    return row == I_ssk || row == I_isk || row == I_ipte || row == I_iske || row == I_sske ||
           row == I_rrbe || row == I_tb;
}

/* EXECUTE: its target is another row's instruction, whose second byte comes in parts. */
static void choose_execute(struct record *r)
{
    unsigned row;
    do
        row = 1 + below(INSN_COUNT - 1);
    while (differential_excluded(row) || is_of_block(row) || (row == I_ex && below(20)));
    if (row == I_ex)
        memset(r->code, 0x44, 1);
    else
        choose(r, row);
    memcpy(r->target, r->code, 8);
    bool units = insn_table[row].attributes & A_INTERRUPTIBLE;
    unsigned r1 = translates(r) && !units && below(3) ? some_register(0) : 0, b;
    /* The registers must last until the end, also of an instruction that proceeds in units. */
    unsigned changed = r->code[1] & 0xee;
    do
        b = some_register(r1);
    while (units && ((b & 14) == changed >> 4 || (b & 14) == (changed & 14)));
    uint32_t d = below(4096);
    if (r1) {
        uint8_t mask = (uint8_t)random32();
        r->registers[4 * r1 + 3] = (uint8_t)(r->target[1] & ~mask);
        r->target[1] &= mask;
    }
    store_be32(r->registers + 4 * b, (TARGET + !below(20) - d) & 0xffffff);
    r->code[0] = 0x44;
    r->code[1] = (uint8_t)(r1 << 4);
    store_be16(r->code + 2, b << 12 | d);
    memset(r->code + 4, 0x0a, CODE_SIZE - 4);
}

static void choose_branch(struct record *r, const struct shape *s, unsigned row)
{
    uint8_t *p = r->code;
    if (insn_table[row].format == F_RR || insn_table[row].format == F_MR) {
        unsigned r2 = p[1] & 15;
        store_be32(r->registers + 4 * r2, landing() | (random32() & 0xff000000));
        return;
    }
    if (insn_table[row].format == F_RX || insn_table[row].format == F_MX)
        p[1] &= 0xf0;
    store_be32(r->registers + 4 * s->b2, (landing() - s->d2) & 0xffffff);
}

/* Keys of the data's blocks, by real addresses; IPTE: a table in the data. */
static void choose_block(struct record *r, unsigned row)
{
    uint8_t *p = &r->code[insn_table[row].format == F_RRE ? 3 : 1];
    unsigned r1 = *p >> 4, r2 = *p & 15;
    uint32_t block = 0x5800 + 0x800 * below(2);
    if (row == I_ipte) {
        store_be32(r->registers + 4 * r2, below(0x40000));
        store_be32(r->registers + 4 * r1, (DATA + 8 * below(24)) | (random32() & 0xff000007));
        if (r1 != r2) /* the entry lies in the data */
            store_be32(r->registers + 4 * r2, random32() & 0xff00ffff);
        return;
    }
    if (row == I_iske || row == I_sske || row == I_rrbe) {
        /* A block of 4K bytes, whose two keys are the same. */
        r->keys[3] = r->keys[2];
        block = 0x5000 + 0x800 * below(2);
    }
    store_be32(r->registers + 4 * r2,
               (block + 16 * below(128)) | (below(12) ? 0 : below(16)) | (random32() & 0xff000000));
}

/* Instructions of four bytes with an address that is not, or not only, that of data. */
static bool choose_special(struct record *r, const struct shape *s, unsigned row)
{
    uint8_t *p = r->code;
    uint32_t address;
    if (insn_table[row].attributes & A_BRANCH) {
        choose_branch(r, s, row);
        return true;
    }
    switch (row) {
    case I_lra:
        p[1] &= 0xf0;
        address = below(4) ? 0x4000 + below(0x4000) : random32();
        break;
    case I_spka:
    case I_mc:
        if (row == I_mc && below(6))
            p[1] &= 15;
        address = random32();
        break;
    case I_rrb:
        address = 0x5800 + below(0x1000);
        break;
    case I_stnsm:
    case I_stosm: /* channels and translation, nothing that lets an interruption in */
        p[1] &= row == I_stosm ? 0xbc : 0xff;
        address = DATA + below(500);
        break;
    case I_lctl:
    case I_stctl:
        address = align(200 + below(100), 4);
        if (row == I_lctl)
            fill_lctl(r, address);
        address += DATA;
        break;
    default:
        if (insn_table[row].format != F_S || row == I_ts || row == I_stck)
            return false;
        address = DATA + fill_control(r, row);
        break;
    }
    store_be32(r->registers + 4 * s->b2, (address - s->d2) & 0xffffff);
    return true;
}

static void choose(struct record *r, unsigned row)
{
    unsigned format = insn_table[row].format, attributes = insn_table[row].attributes;
    uint8_t *p = r->code;
    struct shape s = {.b1 = some_register(0), .d1 = below(4096), .d2 = below(4096)};
    s.b2 = some_register(s.b1);
    memset(p, 0x0a, sizeof r->code); /* supervisor calls behind it */
    p[0] = codes[row].code[0];
    p[1] = codes[row].code[1] ? codes[row].code[1] : (uint8_t)random32();
    unsigned length = 2 * insn_halfwords(p[0]);
    if (format == F_RRE)
        store_be16(p + 2, random32() & 0xff);
    else if (format == F_NONE)
        store_be16(p + 2, 0);
    else if (length == 4)
        store_be16(p + 2, s.b2 << 12 | s.d2);
    if (length == 6) {
        store_be16(p + 2, s.b1 << 12 | s.d1);
        store_be16(p + 4, s.b2 << 12 | s.d2);
    }
    if (attributes & A_FLOAT)
        fill_float(r, format);
    if (is_of_block(row))
        choose_block(r, row);
    else if (row == I_ex)
        choose_execute(r);
    else if (format == F_RRE || format == F_NONE || format == F_I8)
        return;
    else if (length == 2 && (attributes & A_BRANCH))
        choose_branch(r, &s, row);
    else if (length == 2)
        fill_rr(r, attributes);
    else if (length == 4 && choose_special(r, &s, row))
        return;
    else if (format == F_RX)
        fill_rx(r, &s, attributes);
    else if (length == 4)
        fill_rs(r, &s, row);
    else if (format == F_SS2 || format == F_SSR)
        fill_ss2(r, &s, p[0]);
    else if (p[0] == 0xde || p[0] == 0xdf)
        fill_edit(r, &s);
    else
        fill_ss1(r, &s);
    /* The host of Hercules gives up at -2**63 / -1, a fixed-point divide exception. */
    uint8_t *pair = r->registers + 4 * (p[1] >> 4 & 14);
    if ((row == I_d || row == I_dr) && load_be64(pair) == UINT64_C(1) << 63)
        store_be64(pair, UINT64_C(1) << 62);
    if (row == I_tprot)
        aim(r, s.b1, s.d1, below(DATA_SIZE));
    /* Somewhere else: only where translation protects the driver. */
    if (translates(r) && length > 2 && format != F_RRE && !below(12))
        store_be32(r->registers + 4 * s.b2, (wild() - s.d2) & 0xffffff);
}

/* --- the state --- */

static void fill_control_registers(struct record *r)
{
    static const uint32_t formats[FORMATS] = {
        CR0_PAGE_2K, CR0_PAGE_4K, CR0_PAGE_2K | CR0_SEGMENT_1M, CR0_PAGE_4K | CR0_SEGMENT_1M};
    unsigned format = below(FORMATS), variant = below(3) ? below(2) : below(VARIANTS);
    uint32_t cr0 = formats[format];
    for (unsigned k = 0; k < 16; k++)
        store_be32(r->control + 4 * k, 0);
    if (!below(6))
        cr0 |= CR0_SSM_SUPPRESSION;
    if (!below(40))
        cr0 =
            (cr0 & ~CR0_TRANSLATION) | (below(2) ? 0 : CR0_PAGE_2K | CR0_PAGE_4K) | below(8) << 19;
    store_be32(r->control, cr0);
    store_be32(r->control + 4, TABLES + 0x800 * (format * VARIANTS + variant));
    store_be32(r->control + 32, random32()); /* monitor masks */
    store_be32(r->control + 56, CR14_RESET);
    store_be32(r->control + 60, CR15_RESET);
}

static void fill_state(struct record *r, bool privileged)
{
    bool ec = below(3), problem = privileged ? !below(6) : below(2);
    uint64_t key = below(2) ? below(16) : 0;
    uint32_t slot = below(4) ? SLOT : below(2) ? 0x47fc : 0x4ffc;
    uint64_t psw = key << 52 | (uint64_t)problem << 48 | slot;
    if (ec)
        psw |= PSW_EC | (uint64_t)below(64) << 40 | (below(4) ? PSW_EC_TRANSLATE : 0);
    else
        psw |= (uint64_t)below(64) << 24;
    store_be64(r->psw, psw);
    store_be32(&r->slot, slot);
    for (unsigned k = 0; k < KEY_COUNT; k++) {
        bool code = k < 3;
        r->keys[k] = (uint8_t)((below(code ? 20 : 5) ? key << 4 : random32()) | below(8) << 1);
        if (code ? below(30) : below(2))
            r->keys[k] &= 0xf7;
    }
}

static void fill_record(struct record *r, unsigned row)
{
    memset(r, 0, sizeof *r);
    for (unsigned i = 0; i < 16; i++)
        store_be32(r->registers + 4 * i, value());
    for (unsigned i = 0; i < DATA_SIZE; i += 4)
        store_be32(r->data + i, value());
    for (unsigned i = 0; i < 4; i++)
        put_floating(r->floating + 8 * i);
    memset(r->target, 0x0a, sizeof r->target);
    fill_control_registers(r);
    fill_state(r, insn_table[row].attributes & A_PRIVILEGED);
}

void make_record(struct record *r, unsigned row)
{
    fill_record(r, row);
    choose(r, row);
}

/* In a chain what one instruction leaves the next one has.  So those are not in it that leave what
 * the two need not agree on: times; keys of a 4K block, which Hercules has in another way. */
static bool fits_in_chain(unsigned row)
{
    return !differential_excluded(row) && row != I_stck && row != I_stpt && row != I_stckc &&
           row != I_rrb && row != I_iske && row != I_sske && row != I_rrbe;
}

/* It loads what decides whether the machine stays alive: that must be what was made for it. */
static bool needs_its_data(unsigned row)
{
    return row == I_lpsw || row == I_spx || row == I_lctl || row == I_ssm;
}

/* The PSW is the one that was left, so nobody knows whether translation protects the driver: all
 * operands are aimed at the data. */
unsigned make_link(struct record *r)
{
    unsigned row;
    do
        row = 1 + below(INSN_COUNT - 1);
    while (!fits_in_chain(row));
    fill_record(r, row);
    r->psw[0] &= (uint8_t) ~(PSW_EC_TRANSLATE >> 56);
    choose(r, row);
    bool fresh = needs_its_data(row == I_ex ? insn_find(r->target) : row) || below(2);
    r->link = fresh ? LINK_STATE : LINK_STATE | LINK_DATA;
    return row;
}

/* In a sequence nothing may be left open in the middle, and nothing may come out of the data: what
 * privileged instructions, branches, times and long operands could do. */
static bool fits_in_sequence(unsigned row)
{
    return !differential_excluded(row) && !is_of_block(row) &&
           !(insn_table[row].attributes & (A_PRIVILEGED | A_INTERRUPTIBLE | A_BRANCH)) &&
           row != I_stck && row != I_d && row != I_dr && row != I_ex && row != I_ed &&
           row != I_edmk && row != I_clc && row != I_clm && row != I_trt;
}

/* With translation and a key other than that of the code, so that no address can do harm: later
 * instructions have what earlier ones have left in their base registers. */
bool make_sequence(struct record *r, unsigned row)
{
    uint8_t code[CODE_SIZE];
    unsigned length = 0, most = 2 + below(7);
    if (!fits_in_sequence(row))
        return false;
    make_record(r, row);
    uint8_t key = (uint8_t)(0x10 + 0x10 * below(15));
    r->psw[0] |= 4;
    r->psw[1] = (uint8_t)(key | 8 | (r->psw[1] & 1));
    r->psw[2] &= 0x3f;
    r->psw[3] = r->psw[4] = 0;
    for (unsigned k = 0; k < KEY_COUNT; k++)
        r->keys[k] = (uint8_t)(k < 3 ? (key ^ 0x10) : below(6) ? key : random32());
    r->sequence = 1;
    for (unsigned k = 0; k < most; k++) {
        choose(r, row);
        memcpy(code + length, r->code, 6);
        length += 2 * insn_halfwords(r->code[0]);
        do
            row = 1 + below(INSN_COUNT - 1);
        while (!fits_in_sequence(row));
    }
    memset(r->code, 0x0a, CODE_SIZE);
    memcpy(r->code, code, length);
    return true;
}

/* Pages 4 to 7 alone: all else has no page, so that the driver cannot be damaged.  Two things are
 * left to tests/generator, since Hercules does not know them ("Translation Process"): a page table
 * of a 64K segment that is too short gives a page-translation exception; bits 13 and 14 of an entry
 * for 4K pages must be zero in a machine without extended real addressing, which Hercules has. */
void make_tables(uint8_t *storage)
{
    for (unsigned n = 0; n < FORMATS * VARIANTS; n++) {
        unsigned format = n / VARIANTS, variant = n % VARIANTS;
        bool pages_4k = format & 1, segments_1m = format & 2;
        uint8_t *table = storage + TABLES + 0x800 * n, *pages = table + 0x400;
        uint32_t size = pages_4k ? 4096 : 2048, invalid = pages_4k ? 8 : 4;
        uint32_t count = (segments_1m ? 0x100000 : 0x10000) / size;
        for (unsigned k = 1; k < 16; k++)
            store_be32(table + 4 * k, 1);
        store_be32(table, 0xf0000000 | (TABLES + 0x800 * n + 0x400));
        store_be32(table + 4, 0xf1000000 | (TABLES + 0x800 * n + 0x400)); /* bad format */
        for (uint32_t k = 0; k < count; k++) {
            uint32_t at = k * size, entry = at >> 8;
            if (variant == 1 && at / 4096 == 6)
                entry += 0x10;
            if (at < 0x4000 || at >= 0x8000 || (variant == 2 && at / 4096 == 6) ||
                (variant == 3 && at / 4096 == 5))
                entry |= invalid;
            if (variant == 4 && at / 4096 == 6 && !pages_4k)
                entry |= 2;
            store_be16(pages + 2 * k, entry);
        }
    }
}

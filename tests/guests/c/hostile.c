/* A guest that does all it can think of against CP: blocks of random instructions in problem and
 * supervisor state, single privileged instructions, random PSWs, control registers, tables,
 * channel programs, DIAGNOSE codes with random registers, CP commands.  It has no end: whatever
 * comes of a round, the interruption leads to the next one.  Now and then it destroys itself; then
 * its user IPLs it again, and the clock makes that run another one.
 *
 * Its own code, below ARENA, has key 0 and is mostly safe from what runs with key 1.  The seed is
 * at 1008 (entry.S).  tests/guests/hostile.sh looks at what became of the others. */
#include "s370/arch/control.h"

#include <stddef.h>
#include <stdint.h>

#define ARENA       0x10000u /* key 1: random code and data up to the end of ... */
#define ARENA_SIZE  0x10000u
#define TABLES      0x1e000u /* DAT tables, within */
#define PROGRAM     0x1c000u /* channel program */
#define COMMAND     0x1d000u /* DIAGNOSE 8: the command, and room for the answer */
#define OWN_STORAGE 0x4000u  /* what gets key 0 again */
#define CODE_HALVES 16u

extern const uint32_t guest_seed;
void guest_main(void);
void guest_interrupted(void);
void guest_go(void) __attribute__((noreturn));
extern const char guest_again[];

/* Low storage by absolute addresses; the compiler distrusts pointers to 0. */
static volatile uint32_t *word_at(uint32_t address)
{
    __asm__("" : "+r"(address));
    return (volatile uint32_t *)address;
}

static uint32_t state, initial_cr[16];

static uint32_t random_word(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static uint32_t below(uint32_t n)
{
    return (random_word() >> 8) % n;
}

static uint32_t one_in(uint32_t n)
{
    return below(n) == 0;
}

/* --- between rounds --- */

static void set_key(uint32_t address, uint32_t key)
{
    __asm__ volatile(".insn rr,0x0800,%0,%1" : : "d"(key), "d"(address));
}

static void load_control(const uint32_t *cr)
{
    __asm__ volatile("lctl %%c0,%%c15,0(%0)" : : "a"(cr) : "memory");
}

/* The PSWs and keys that bring it back, and timers that come soon. */
static void arm(void)
{
    static const uint8_t new_psws[] = {0x00, 0x58, 0x60, 0x68, 0x78};
    uint64_t soon = (uint64_t)(1 + below(64)) << 17; /* up to two milliseconds */
    for (unsigned i = 0; i < sizeof new_psws; i++) {
        *word_at(new_psws[i]) = 0; /* BC mode, key 0, disabled */
        *word_at(new_psws[i] + 4u) = (uint32_t)guest_again;
    }
    load_control(initial_cr);
    for (uint32_t at = one_in(4) ? 0 : OWN_STORAGE; at < OWN_STORAGE; at += 2048)
        set_key(at, 0);
    set_key(ARENA + (random_word() & 0xf800), 0x10 | (random_word() & 0x08));
    __asm__ volatile("spt %0" : : "Q"(soon));
}

/* --- what a round is made of --- */

/* Registers: numbers, or addresses of the arena, of its own storage, of nothing. */
static void random_registers(void)
{
    static const uint32_t masks[8] = {0xffffffff, 0x00ffffff, 0x0000ffff, 0x0000fff8,
                                      0x0000ffff, 0x000ffff8, 0x00000fff, 0x0000f800};
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t value = random_word() & masks[below(8)];
        *word_at(0x200 + 4 * i) = one_in(3) ? value : ARENA + (value & 0xfff8);
    }
}

static void set_psw(uint32_t left, uint32_t right)
{
    *word_at(0x240) = left;
    *word_at(0x244) = right;
}

/* Enabled for timers, key 1 (or 0); problem state if asked for.  BC or EC mode. */
static void start_at(uint32_t address, uint32_t problem)
{
    uint32_t key = one_in(16) ? 0 : 0x00100000;
    uint32_t left = 0x01000000 | key | problem << 16;
    if (one_in(2))
        set_psw(left | 0x00080000 | (random_word() & 0x42003f00), address);
    else
        set_psw(left | (random_word() & 0x7e000000), address | (random_word() & 0x3f000000));
    random_registers();
    guest_go();
}

static uint16_t *code_at(uint32_t address)
{
    return (uint16_t *)address;
}

/* The privileged operations, as first halfwords; one byte where the second is an operand. */
static const uint16_t privileged[] = {
    0x0800, 0x0900, 0x8000, 0x8200, 0x8300, 0x9c00, 0x9c01, 0x9d00, 0x9d01, 0x9e00, 0x9e01,
    0x9f00, 0xac00, 0xad00, 0xae00, 0xb100, 0xb202, 0xb203, 0xb204, 0xb205, 0xb206, 0xb207,
    0xb208, 0xb209, 0xb20a, 0xb20b, 0xb20d, 0xb210, 0xb211, 0xb212, 0xb213, 0xb221, 0xb600,
    0xb700, 0xe501, 0x8400, 0x8500, 0xb218, 0xb219, 0xb22e, 0xaf00, 0xe600, 0x0a00,
};
#define PRIVILEGED (sizeof privileged / sizeof *privileged)

static uint16_t random_privileged(void)
{
    uint16_t code = privileged[below(PRIVILEGED)];
    /* A PSW with the wait bit ends the show: seldom. */
    if (code == 0x8200 && !one_in(8))
        code = 0x8000;
    if (!(code & 0xff) && code != 0x9c00 && code != 0x9d00 && code != 0x9e00)
        code |= random_word() & 0xff;
    return code;
}

static const uint16_t devices[] = {0x009, 0x00c, 0x00d, 0x00e, 0x190, 0x191, 0x19e, 0x7ff};

/* Random instructions from `at` on; of `privileges` in 16 one is privileged. */
static void random_code(uint32_t at, uint32_t privileges)
{
    uint16_t *code = code_at(at);
    for (uint32_t i = 0; i < CODE_HALVES; i++) {
        code[i] = (uint16_t)random_word();
        if (below(16) < privileges)
            code[i] = random_privileged();
        else if ((code[i] & 0xff00) == 0x8200)
            code[i] = 0x1812;
        else if ((code[i] & 0xff00) == 0x8300 && i + 1 < CODE_HALVES)
            code[++i] = (uint16_t)(below(0x48) * 4);
        else if (code[i] >> 8 >= 0x9c && code[i] >> 8 <= 0x9f && i + 1 < CODE_HALVES)
            code[++i] = devices[below(8)];
    }
    code[CODE_HALVES] = 0x0aff;
}

/* --- the kinds of rounds --- */

static void block_in_problem_state(void)
{
    uint32_t at = ARENA + (random_word() & 0x7ffe);
    random_code(at, 0);
    start_at(at, 1);
}

static void block_in_supervisor_state(void)
{
    uint32_t at = ARENA + (random_word() & 0x7ffe);
    random_code(at, 1 + below(8));
    start_at(at, 0);
}

/* One instruction, and back. */
static void one_instruction(void)
{
    uint16_t *code = code_at(ARENA + (random_word() & 0x7ffe));
    code[0] = random_privileged();
    code[1] = one_in(2) ? (uint16_t)random_word() : devices[below(8)];
    if (code[0] >> 8 == 0x83)
        code[1] = (uint16_t)(below(0x48) * 4);
    if (code[0] >> 8 == 0x83 && code[1] == 0x10 && !one_in(16))
        code[1] = 0; /* RELEASE takes its ground away */
    code[2] = code[0] < 0x4000 ? 0x0aff : (uint16_t)(0x0a00 | below(256));
    code[3] = 0x0aff;
    start_at((uint32_t)code, 0);
}

static void random_psw(void)
{
    uint32_t left = random_word(), right = ARENA + (random_word() & 0x7fff);
    if (!one_in(16))
        left &= ~0x00020000u;
    if (!one_in(4) && left & 0x00080000)
        left &= ~0xb800c0ffu;
    if (one_in(8))
        right = random_word();
    random_code(ARENA + (right & 0x7ffe), 0);
    random_registers();
    set_psw(left, right);
    guest_go();
}

static void random_control(void)
{
    uint32_t cr[16];
    for (uint32_t i = 0; i < 16; i++)
        cr[i] = one_in(2) ? random_word() : initial_cr[i];
    cr[0] |= CR0_CPU_TIMER_MASK;
    if (one_in(2)) { /* events everywhere */
        cr[9] = random_word();
        cr[10] = 0;
        cr[11] = 0x00ffffff;
    }
    load_control(cr);
    block_in_problem_state();
}

/* Tables that are right in places. */
static void translation(void)
{
    static const uint32_t formats[4] = {CR0_PAGE_4K, CR0_PAGE_2K, CR0_PAGE_4K | CR0_SEGMENT_1M,
                                        CR0_PAGE_2K | CR0_SEGMENT_1M};
    uint32_t cr[16], *segments = (uint32_t *)TABLES, at = ARENA + (random_word() & 0x7ffe);
    uint16_t *pages = (uint16_t *)(TABLES + 0x800);
    for (uint32_t i = 0; i < 16; i++)
        cr[i] = initial_cr[i];
    cr[0] = (cr[0] & ~CR0_TRANSLATION) | CR0_CPU_TIMER_MASK |
            (one_in(8) ? random_word() & CR0_TRANSLATION : formats[below(4)]);
    cr[1] = TABLES | (one_in(4) ? random_word() : 0xff000000);
    for (uint32_t i = 0; i < 256; i++) {
        segments[i] = one_in(8) ? random_word() : 0xf0000000 | (TABLES + 0x800 + below(16) * 8);
        pages[i] = one_in(4) ? (uint16_t)random_word() : (uint16_t)(below(0x20) << 4);
    }
    load_control(cr);
    if (one_in(2))
        __asm__ volatile(".insn s,0xb20d0000,0(0)"); /* PTLB */
    random_code(at, one_in(2) ? 2 : 0);
    random_registers();
    set_psw(0x050c0000 | (one_in(8) ? 0 : 0x00100000) | below(2) << 16, at & 0xfff);
    guest_go();
}

static void channel_program(void)
{
    static const uint8_t commands[] = {0x02, 0x01, 0x09, 0x0a, 0x08, 0x07, 0x31, 0x06,
                                       0x05, 0x1d, 0x12, 0x1f, 0x03, 0x04, 0x08, 0x16,
                                       0x1a, 0x0e, 0x0d, 0x1e, 0x39, 0x69, 0xe4, 0x29};
    uint32_t *ccw = (uint32_t *)PROGRAM;
    uint16_t *code = code_at(ARENA);
    for (uint32_t i = 0; i < 32; i += 2) {
        uint32_t command = one_in(8) ? random_word() : (uint32_t)commands[below(sizeof commands)];
        uint32_t address = ARENA + (random_word() & 0xffff);
        if (command == 0x08)
            address = PROGRAM + below(16) * 8;
        ccw[i] = command << 24 | (one_in(16) ? random_word() & 0xffffff : address);
        ccw[i + 1] =
            (random_word() & 0xfc000000) | (one_in(16) ? random_word() & 0xffff : below(600));
    }
    *word_at(0x48) =
        (one_in(8) ? random_word() & 0xf0000000 : 0x10000000) | (PROGRAM + below(4) * 8);
    code[0] = one_in(4) ? 0x9c01 : 0x9c00;
    code[1] = devices[below(8)];
    code[2] = one_in(2) ? 0x9e00 : 0x9d00;
    code[3] = code[1];
    code[4] = 0x0aff;
    start_at((uint32_t)code, 0);
}

/* DIAGNOSE 8 with commands that it may give without an end to the show, and nonsense. */
static void command(void)
{
    static const char *const commands[] = {
        "QUERY VIRTUAL",
        "SPOOL E CLASS B COPY 3",
        "CLOSE E",
        "CLOSE D PURGE",
        "DEFINE GRAF 0C5",
        "DETACH 0C5",
        "LINK MAINT 191 300 RR READ",
        "DETACH 300",
        "LINK STUDENT3 191 301 W",
        "LINK STUDENT3 191 301 MW WRITE",
        "SET TIMER REAL",
        "SET TIMER OFF",
        "SET TIMER ON",
        "TRACE PRIV RUN\x15TRACE END",
        "STORE 10000 12345678",
        "DISPLAY K0-END",
        "DISPLAY G X Y",
        "ADSTOP 10010",
        "ADSTOP OFF",
        "EXTERNAL",
        "ATTN",
        "READY 00E",
        "NOTREADY 00E",
        "RESET 191",
        "MSG * HELLO",
        "MSG STUDENT3 HELLO",
        "TAG DEV 00E SOMEWHERE",
        "PURGE PRINTER ALL",
        "INDICATE",
        "INDICATE EXITS",
        "QUERY NAMES",
        "STORE STATUS",
        "QUERY FILES",
        "PURGE PUNCH ALL",
        "TRANSFER PRINTER ALL STUDENT3",
        "SPOOL D TO STUDENT2",
        "CLOSE D",
        "SPOOL CONSOLE START",
        "SPOOL CONSOLE STOP CLOSE",
        "DUMP 0-1000",
        "VMDUMP",
        "SAVESYS CMS",
        "SHUTDOWN",
        "FORCE STUDENT3",
        "DETACH 151 STUDENT3",
        "PURGE READER CLASS Z",
        "SET RUN ON",
    };
    const char *text = commands[below(sizeof commands / sizeof *commands)];
    char *to = (char *)COMMAND;
    uint32_t length = 0;
    uint16_t *code = code_at(ARENA);
    for (; text[length]; length++)
        to[length] = one_in(64) ? (char)random_word() : text[length];
    random_registers();
    set_psw(0x01000000, ARENA);
    *word_at(0x200 + 4 * 2) = COMMAND; /* R2 and R3: command and answer */
    *word_at(0x200 + 4 * 3) = COMMAND + 256;
    *word_at(0x200 + 4 * 4) = length | 0x80000000 | (one_in(2) ? 0x40000000 : 0);
    *word_at(0x200 + 4 * 5) = below(2000);
    code[0] = 0x8324;
    code[1] = 0x0008;
    code[2] = 0x0aff;
    guest_go();
}

/* The more often in the list, the likelier. */
static void (*const kinds[])(void) = {
    block_in_problem_state,
    block_in_problem_state,
    block_in_supervisor_state,
    block_in_supervisor_state,
    block_in_supervisor_state,
    one_instruction,
    one_instruction,
    one_instruction,
    one_instruction,
    random_psw,
    random_control,
    random_control,
    translation,
    translation,
    channel_program,
    command,
};

void guest_interrupted(void)
{
    load_control(initial_cr);
    arm();
    kinds[below(sizeof kinds / sizeof *kinds)]();
}

void guest_main(void)
{
    uint64_t clock;
    __asm__ volatile("stck %0" : "=Q"(clock));
    __asm__ volatile("stctl %%c0,%%c15,0(%0)" : : "a"(initial_cr) : "memory");
    initial_cr[0] |= CR0_CPU_TIMER_MASK;
    state = guest_seed * 2654435761u ^ (uint32_t)(clock >> 12) ^ 0x5a5a5a5a;
    for (uint32_t at = ARENA; at < ARENA + ARENA_SIZE; at += 2048)
        set_key(at, 0x10);
    guest_interrupted();
}

/* Program event recording: what counts as a fetch, a store, an altered register.  Each case is
 * one instruction and one event asked for.  GA22-7000, "Program-Event Recording". */
#include "tests/unit/cpu_test.h"
#include "tests/unit/run_suite.h"

#define CODE 0x1000u
#define DATA 0x2000u /* the base in register 3; what it holds is in `put_data` */

#define FETCH    0x40000000u
#define STORE    0x20000000u
#define REGISTER 0x10000000u

static const struct per_case {
    const char *name, *code; /* at CODE; 0A instead of the event's interruption is an SVC */
    uint32_t cr9, start, end;
    uint32_t event; /* at 96, 0: none */
    uint32_t program_code;
} cases[] = {
    /* EXECUTE: its target at DATA + 80 is LR 4,5, at DATA + 84 MVI DATA+10,0. */
    {"EX: the target is fetched", "4400 3080", FETCH, DATA + 0x80, DATA + 0x80, 0x4000, 0x80},
    {"EX: not the byte behind", "4400 3080", FETCH, DATA + 0x82, DATA + 0x8f, 0, 0},
    {"EX: itself is fetched", "4400 3080", FETCH, CODE, CODE + 1, 0x4000, 0x80},
    {"EX: the target alters", "4400 3080", REGISTER | 0x0800, 0, 0, 0x1000, 0x80},
    {"EX: the target stores", "4400 3084", STORE, DATA + 0x10, DATA + 0x10, 0x2000, 0x80},
    {"EX: the target's fetch, and its exception", "4400 3088", FETCH, DATA + 0x88, DATA + 0x88,
     0x4000, 0x80 | PGM_DATA},
    /* The same value again: registers 4 and 5 are zero, 6 and 7 are 0 and 1. */
    {"LR of the same value", "1845", REGISTER | 0x0800, 0, 0, 0x1000, 0x80},
    {"LR alters not its R2", "1845", REGISTER | 0x0400, 0, 0, 0, 0},
    {"LM", "9847 3000", REGISTER | 0x0200, 0, 0, 0x1000, 0x80},
    {"CS unequal", "BA74 3000", REGISTER | 0x0100, 0, 0, 0x1000, 0x80},
    {"CS equal", "BA44 3000", REGISTER | 0x0800, 0, 0, 0, 0},
    {"CS unequal does not store", "BA74 3000", STORE, DATA, DATA + 3, 0, 0},
    {"CS equal stores", "BA44 3000", STORE, DATA, DATA + 3, 0x2000, 0x80},
    {"CDS unequal: the equal half", "BB64 3000", REGISTER | 0x0200, 0, 0, 0x1000, 0x80},
    {"CDS unequal does not store", "BB64 3000", STORE, DATA, DATA + 7, 0, 0},
    {"CDS equal stores", "BB44 3000", STORE, DATA + 4, DATA + 7, 0x2000, 0x80},
    {"CDS equal", "BB44 3000", REGISTER | 0x0c00, 0, 0, 0, 0},
    /* TRT: function byte 01 for 05; registers 1 and 2 hold the result already. */
    {"TRT found: register 1", "DD00 3020 3100", REGISTER | 0x4000, 0, 0, 0x1000, 0x80},
    {"TRT found: register 2", "DD00 3020 3100", REGISTER | 0x2000, 0, 0, 0x1000, 0x80},
    {"TRT not found", "DD00 3000 3100", REGISTER | 0x6000, 0, 0, 0, 0},
    {"EDMK", "DF01 3020 3025", REGISTER | 0x4000, 0, 0, 0x1000, 0x80},
    {"EDMK without a mark", "DF01 3020 3000", REGISTER | 0x4000, 0, 0, 0, 0},
    {"MVCL of nothing: first length", "0E46", REGISTER | 0x0400, 0, 0, 0x1000, 0x80},
    {"MVCL of nothing: second address", "0E46", REGISTER | 0x0200, 0, 0, 0x1000, 0x80},
    {"MVCL of nothing stores nothing", "0E46", STORE, 0, 0xffffff, 0, 0},
    {"CLCL of nothing", "0F46", REGISTER | 0x0100, 0, 0, 0x1000, 0x80},
    {"CLCL: no other register", "0F46", REGISTER | 0xf0ff, 0, 0, 0, 0},
    {"ICM", "BF41 3000", REGISTER | 0x0800, 0, 0, 0x1000, 0x80},
    {"ICM, mask 0", "BF40 3000", REGISTER | 0x0800, 0, 0, 0, 0},
    {"STCM, mask 0", "BE40 3000", STORE, 0, 0xffffff, 0, 0},
    {"IPK", "B20B 0000", REGISTER | 0x2000, 0, 0, 0x1000, 0x80},
    {"SIGP accepted", "AE40 0001", REGISTER | 0x0800, 0, 0, 0, 0},
    {"BALR without a branch", "0540", REGISTER | 0x0800, 0, 0, 0x1000, 0x80},
    /* An interruption that follows the result. */
    {"AR and fixed-point overflow", "1A88", REGISTER | 0x0080, 0, 0, 0x1000,
     0x80 | PGM_FIXED_OVERFLOW},
    {"AP and decimal overflow", "FA00 3028 3028", STORE, DATA + 0x28, DATA + 0x28, 0x2000,
     0x80 | PGM_DECIMAL_OVERFLOW},
    {"CVB and divide", "4F40 3030", REGISTER | 0x0800, 0, 0, 0x1000, 0x80 | PGM_FIXED_DIVIDE},
    {"STOSM and the bad mask", "AD80 3010", STORE, DATA + 0x10, DATA + 0x10, 0x2000,
     0x80 | PGM_SPECIFICATION},
    /* LOAD CONTROL of CR9 to CR11 is recorded under the old ones, its EXECUTE too: the values at
     * DATA + A0 ask for fetches of both, those at DATA + B0 for none. */
    {"LCTL asks for fetches: not yet", "B79B 30A0", 0, CODE, CODE + 3, 0, 0},
    {"LCTL asks for no fetches any more", "B79B 30B0", FETCH, CODE, CODE + 3, 0x4000, 0x80},
    {"LCTL of another area", "B7BB 30A4", FETCH, 0, 0, 0, 0},
    {"EX of LCTL: not yet", "4400 3094", 0, DATA + 0x94, DATA + 0x97, 0, 0},
    {"EX of LCTL: not any more", "4400 3098", FETCH, DATA + 0x98, DATA + 0x9b, 0x4000, 0x80},
    /* And one that comes instead. */
    {"DR and divide", "1D44", REGISTER | 0x0c00, 0, 0, 0, PGM_FIXED_DIVIDE},
    {"MP and data", "FC10 3028 3060", STORE, DATA, DATA + 0x100, 0, PGM_DATA},
    {"a nullified store", "9000 3800", STORE, 0, 0xffffff, 0, PGM_PROTECTION},
};

static void put_data(struct machine *m)
{
    uint32_t *gr = cpu_regs(m->cpu)->gr;
    put_hex(m, DATA, "00000000 00000000");
    put_hex(m, DATA + 0x20, "0520 0000 001C 0000 9C00");
    put_hex(m, DATA + 0x30, "999999999999999C");
    put_hex(m, DATA + 0x60, "FF");
    put_hex(m, DATA + 0x80, "1845 0700 9200 3010 FA00 3060 3060");
    put_hex(m, DATA + 0x94, "B79B 30A0 B79B 30B0");
    put_hex(m, DATA + 0xa0, "40000000 00001000 00001003");
    memset(m->storage.main + DATA + 0x100, 0, 256);
    put_hex(m, DATA + 0x105, "01");
    m->storage.keys[(DATA + 0x800) / STORAGE_BLOCK] = 0x90;
    gr[1] = DATA + 0x20;
    gr[2] = 0x01;
    gr[3] = DATA;
    gr[7] = 1;
    gr[8] = 0x40000000;
}

START_TEST(events)
{
    const struct per_case *c = &cases[_i];
    struct machine *m = test_machine();
    put_new_psws(m);
    put_data(m);
    uint32_t length = put_hex(m, CODE, c->code);
    put_hex(m, CODE + length, "0AFF");
    if (strstr(c->name, "EDMK")) /* pattern: fill, digit; the mark is at its second byte */
        cpu_regs(m->cpu)->gr[1] = DATA + 0x21;
    cpu_set_cr(m->cpu, 9, c->cr9);
    cpu_set_cr(m->cpu, 10, c->start);
    cpu_set_cr(m->cpu, 11, c->end);
    uint64_t key = strstr(c->name, "nullified") ? UINT64_C(8) << 52 : 0;
    if (key) {
        m->storage.keys[CODE / STORAGE_BLOCK] = 0x80;
        m->storage.keys[DATA / STORAGE_BLOCK] = 0x80;
    }
    go(m, PSW_EC | PSW_EC_PER | key | UINT64_C(0xc) << 40 | CODE);
    ck_assert_msg(run_until_wait(m) == (c->program_code ? 0x68u : 0x60u), "%s", c->name);
    ck_assert_msg(!c->program_code || at16(m, 0x8e) == c->program_code, "%s: code %X", c->name,
                  at16(m, 0x8e));
    ck_assert_msg(at16(m, 0x96) == c->event, "%s: event %X", c->name, at16(m, 0x96));
    if (c->event)
        ck_assert_msg(at32(m, 0x98) == CODE, "%s: address %X", c->name, at32(m, 0x98));
    machine_destroy(m);
}
END_TEST

/* A successful branch by EXECUTE's target counts; its address is that of the EXECUTE. */
START_TEST(executed_branch)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_data(m);
    put_hex(m, CODE, "4400 3090");
    put_hex(m, DATA + 0x90, "47F0 30A0");
    cpu_set_cr(m->cpu, 9, 0x80000000);
    cpu_set_cr(m->cpu, 10, DATA + 0xa0);
    cpu_set_cr(m->cpu, 11, DATA + 0xa0);
    go(m, PSW_EC | PSW_EC_PER | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PER);
    ck_assert_uint_eq(at16(m, 0x96), 0x8000);
    ck_assert_uint_eq(at32(m, 0x98), CODE);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, DATA + 0xa0);
    machine_destroy(m);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("program event recording");
    TCase *t = tcase_create("per");
    tcase_add_loop_test(t, events, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, executed_branch);
    suite_add_tcase(s, t);
    return run_suite(s);
}

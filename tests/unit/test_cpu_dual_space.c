/* The dual-address-space facility as GA22-7000-10 describes it: what each instruction changes, each
 * of its exceptions, and what is left behind at location 90.  The tables are those of
 * tests/target/spaces.h, where each thing that can be wrong is wrong somewhere; the program runs in
 * space 1, with space 2 as the secondary one.  tests/target/spaces.c compares with Hercules. */
#include "tests/target/spaces.h"
#include "tests/unit/cpu_test.h"
#include "tests/unit/run_suite.h"

#define CODE  0x1000u
#define ENTRY 0x1800u
#define BACK  0x1900u

#define PROBLEM     PSW_PROBLEM
#define SECOND_MODE PSW_EC_SECONDARY
#define REAL_MODE   PSW_EC_TRANSLATE /* taken away */

static struct machine *spaces_machine(void)
{
    struct machine *m = test_machine();
    cpu_set_facility(m->cpu, FACILITY_DUAL_SPACE, true);
    put_new_psws(m);
    spaces_make(m->storage.main, ENTRY);
    put_hex(m, ENTRY, "0A01");
    put_hex(m, BACK, "0A02");
    cpu_set_cr(m->cpu, 0, CR0_RESET | CR0_PAGE_4K | CR0_EXTRACTION | CR0_SECONDARY);
    cpu_set_cr(m->cpu, 1, DESIGNATION(1));
    cpu_set_cr(m->cpu, 3, 0x00800002); /* PSW-key mask: key 8 */
    cpu_set_cr(m->cpu, 4, 0x00150001); /* authorization index 15: may do all */
    cpu_set_cr(m->cpu, 5, LINKING);
    cpu_set_cr(m->cpu, 7, DESIGNATION(2));
    cpu_set_cr(m->cpu, 14, CR14_RESET | CR14_ASN | FIRST >> 12);
    for (unsigned n = 0; n < SPACES; n++) { /* all may do all, but index 0 */
        memset(m->storage.main + AUTHORITY + 16 * n, 0xff, 16);
        m->storage.main[AUTHORITY + 16 * n] = 0x3f;
    }
    return m;
}

/* One instruction and a supervisor call behind it, with these PSW bits changed.  Returns 256 + the
 * code of a program interruption, or the code of the supervisor call that ends it. */
static unsigned execute(struct machine *m, const char *hex, uint64_t psw)
{
    uint32_t length = put_hex(m, CODE, hex);
    put_hex(m, CODE + length, "0A00");
    set32(m, 0x90, 0xffffffff);
    go(m, (PSW_EC | PSW_EC_TRANSLATE | CODE) ^ psw);
    uint32_t at = run_until_wait(m);
    ck_assert_msg(at == 0x68 || at == 0x60, "%s ended at %X", hex, at);
    return at == 0x68 ? 256 + at16(m, 0x8e) : at16(m, 0x8a);
}

/* --- exceptions --- */

enum { NULLIFIED = 1, SUPPRESSED, COMPLETED };

static const struct exception_case {
    const char *name, *code;
    uint64_t psw;      /* bits changed */
    unsigned cr;       /* this control register ... */
    uint32_t value;    /* ... has this value, unless 0 */
    uint32_t r1, r2;   /* general registers 1 and 2 */
    unsigned expected; /* code */
    unsigned how;
    uint32_t identification; /* at 90, or ffffffff: nothing is stored */
} exceptions[] = {
#define NONE 0xffffffff
    {"PC, DAT off", "B218 2000", REAL_MODE, 0, 0, 0, 0, 0x13, SUPPRESSED, NONE},
    {"PC, secondary mode", "B218 2000", SECOND_MODE, 0, 0, 0, 0, 0x13, SUPPRESSED, NONE},
    {"PC, no linkage", "B218 2000", 0, 5, LINKING & 0x7fffffff, 0, 0, 0x13, SUPPRESSED, NONE},
    {"PC, LX beyond", "B218 2000", 0, 0, 0, 0, 0xfff04000, 0x22, NULLIFIED, 0x00004000},
    {"PC, LX invalid", "B218 2000", 0, 0, 0, 0, PC_INVALID, 0x22, NULLIFIED, PC_INVALID},
    {"PC, LX entry", "B218 2000", 0, 0, 0, 0, PC_BAD_TABLE, 0x1f, SUPPRESSED, NONE},
    {"PC, EX beyond", "B218 2000", 0, 0, 0, 0, PC_NO_ENTRY, 0x23, NULLIFIED, PC_NO_ENTRY},
    {"PC, no storage", "B218 2000", 0, 0, 0, 0, PC_NOWHERE, 0x05, SUPPRESSED, NONE},
    {"PC, entry", "B218 2000", 0, 0, 0, 0, PC_WRONG, 0x1f, SUPPRESSED, NONE},
    {"PC, for nobody", "B218 2000", PROBLEM, 0, 0, 0, PC_NOBODY, 0x02, SUPPRESSED, NONE},
    {"PC, not for this mask", "B218 2000", PROBLEM, 3, 0x01000002, 0, 0, 0x02, SUPPRESSED, NONE},
    {"PC-ss, no ASN control", "B218 2000", 0, 14, 4, 0, PC_SWITCH, 0x13, SUPPRESSED, NONE},
    {"PC-ss, ASX", "B218 2000", 0, 0, 0, 0, PC_NO_SPACE, 0x21, NULLIFIED, ASN_INVALID},
    {"PC-ss, event", "B218 2000", 0, 0, 0, 0, PC_EVENT, 0x1c, COMPLETED, 1},
    {"PC-ss, event by the old space", "B218 2000", 0, 1, DESIGNATION(1) | 1, 0, PC_SWITCH, 0x1c,
     COMPLETED, 0x80000001},
    {"PT, DAT off", "B228 0012", REAL_MODE, 0, 0, 1, BACK, 0x13, SUPPRESSED, NONE},
    {"PT, secondary mode", "B228 0012", SECOND_MODE, 0, 0, 1, BACK, 0x13, SUPPRESSED, NONE},
    {"PT, no linkage", "B228 0012", 0, 5, LINKAGE, 1, BACK, 0x13, SUPPRESSED, NONE},
    {"PT to the supervisor state", "B228 0012", PROBLEM, 0, 0, 1, BACK, 0x02, SUPPRESSED, NONE},
    {"PT, left byte", "B228 0012", 0, 0, 0, 1, 0x01000000, 0x06, SUPPRESSED, NONE},
    {"PT-ss, no ASN control", "B228 0012", 0, 14, 4, 2, BACK, 0x13, SUPPRESSED, NONE},
    {"PT-ss, AFX", "B228 0012", 0, 0, 0, ASN_NO_TABLE, BACK, 0x20, NULLIFIED, ASN_NO_TABLE},
    {"PT-ss, ASX", "B228 0012", 0, 0, 0, ASN_INVALID, BACK, 0x21, NULLIFIED, ASN_INVALID},
    {"PT-ss, first table", "B228 0012", 0, 0, 0, ASN_BAD_TABLE, BACK, 0x17, SUPPRESSED, NONE},
    {"PT-ss, second table", "B228 0012", 0, 0, 0, ASN_WRONG, BACK, 0x17, SUPPRESSED, NONE},
    {"PT-ss, bits 60-63", "B228 0012", 0, 0, 0, ASN_WRONG_60, BACK, 0x17, SUPPRESSED, NONE},
    {"PT-ss, no storage", "B228 0012", 0, 0, 0, ASN_NOWHERE, BACK, 0x05, SUPPRESSED, NONE},
    {"PT-ss, authority", "B228 0012", 0, 4, 0x00000001, 2, BACK, 0x24, NULLIFIED, 2},
    {"PT-ss, authority length", "B228 0012", 0, 4, 0x00100001, ASN_SHORT, BACK, 0x24, NULLIFIED,
     ASN_SHORT},
    {"PT-ss, event", "B228 0012", 0, 0, 0, ASN_EVENT, BACK, 0x1c, COMPLETED, 1},
    {"SSAR, DAT off", "B225 0010", REAL_MODE, 0, 0, 2, 0, 0x13, SUPPRESSED, NONE},
    {"SSAR, no ASN control", "B225 0010", 0, 14, 4, 1, 0, 0x13, SUPPRESSED, NONE},
    {"SSAR, AFX", "B225 0010", 0, 0, 0, ASN_NO_TABLE, 0, 0x20, NULLIFIED, ASN_NO_TABLE},
    {"SSAR, authority", "B225 0010", 0, 4, 0x00000001, 2, 0, 0x25, NULLIFIED, 2},
    {"SAC, DAT off", "B219 0000", REAL_MODE, 0, 0, 0, 0, 0x13, SUPPRESSED, NONE},
    {"SAC, no secondary space", "B219 0100", 0, 0, CR0_PAGE_4K, 0, 0, 0x13, SUPPRESSED, NONE},
    {"SAC, mode 2", "B219 0200", 0, 0, 0, 0, 0, 0x06, SUPPRESSED, NONE},
    {"IAC, DAT off", "B224 0010", REAL_MODE, 0, 0, 0, 0, 0x13, SUPPRESSED, NONE},
    {"IAC, no extraction", "B224 0010", PROBLEM, 0, CR0_PAGE_4K, 0, 0, 0x02, SUPPRESSED, NONE},
    {"EPAR, no extraction", "B226 0010", PROBLEM, 0, CR0_PAGE_4K, 0, 0, 0x02, SUPPRESSED, NONE},
    {"ESAR, no extraction", "B227 0010", PROBLEM, 0, CR0_PAGE_4K, 0, 0, 0x02, SUPPRESSED, NONE},
    {"IVSK, no extraction", "B223 0012", PROBLEM, 0, CR0_PAGE_4K, 0, 0, 0x02, SUPPRESSED, NONE},
    {"IVSK, DAT off", "B223 0012", REAL_MODE, 0, 0, 0, 0, 0x13, SUPPRESSED, NONE},
    {"IVSK, segment", "B223 0012", 0, 0, 0, 0, 0x10800, 0x10, NULLIFIED, 0x10800},
    {"IVSK, page", "B223 0012", SECOND_MODE, 0, 0, 0, 0xa800, 0x11, NULLIFIED, 0x8000a800},
    {"MVCP, no secondary space", "DA12 2000 2000", 0, 0, CR0_PAGE_4K, 1, 0x8000, 0x13, SUPPRESSED,
     NONE},
    {"MVCP, DAT off", "DA12 2000 2000", REAL_MODE, 0, 0, 1, 0x8000, 0x13, SUPPRESSED, NONE},
    {"MVCP, key", "DA12 2000 2000", PROBLEM, 0, 0, 1, 0x8000, 0x02, SUPPRESSED, NONE},
    {"MVCP, from nowhere", "DA12 3000 2000", 0, 0, 0, 1, 0xa000, 0x11, NULLIFIED, 0x8000a000},
    {"MVCS, to nowhere", "DB12 2000 3000", 0, 0, 0, 1, 0xa000, 0x11, NULLIFIED, 0x8000a000},
    {"MVCS, from nowhere", "DB12 3000 2000", SECOND_MODE, 0, 0, 1, 0xa000, 0x11, NULLIFIED, 0xa000},
    {"MVCK, key", "D912 2000 2000", PROBLEM, 0, 0, 0, 0x8000, 0x02, SUPPRESSED, NONE},
    {"MVCK from a protected block", "D912 3000 2000", 0, 0, 0, 1, 0x9010, 0x04, SUPPRESSED, NONE},
    {"SPKA, key", "B20A 0070", PROBLEM, 0, 0, 0, 0, 0x02, SUPPRESSED, NONE},
    {"IPK, no extraction", "B20B 0000", PROBLEM, 0, CR0_PAGE_4K, 0, 0, 0x02, SUPPRESSED, NONE},
    {"LASP in problem state", "E500 3000 0000", PROBLEM, 0, 0, 0, 0, 0x02, SUPPRESSED, NONE},
    {"LASP, no ASN control", "E500 3000 0000", 0, 14, 4, 0, 0, 0x13, SUPPRESSED, NONE},
    {"LASP, boundary", "E500 3004 0000", 0, 0, 0, 0, 0, 0x06, SUPPRESSED, NONE},
};

START_TEST(exception)
{
    const struct exception_case *c = &exceptions[_i];
    struct machine *m = spaces_machine();
    uint32_t *gr = cpu_regs(m->cpu)->gr;
    if (c->value)
        cpu_set_cr(m->cpu, c->cr, c->value);
    gr[1] = c->r1;
    gr[2] = c->r2;
    gr[3] = 0x8000;
    /* Page 9 of space 1 is fetch-protected. */
    m->storage.keys[FRAMES(1 + 8) / STORAGE_BLOCK] = 0x98;
    unsigned result = execute(m, c->code, c->psw);
    ck_assert_msg(result == 256 + c->expected, "%s: %X", c->name, result);
    ck_assert_msg(at32(m, 0x90) == c->identification, "%s: location 90: %X", c->name,
                  at32(m, 0x90));
    uint32_t at = at64(m, 0x28) & PSW_ADDRESS, ilc = at16(m, 0x8c);
    ck_assert_msg(c->how == COMPLETED ? at == ENTRY || at == BACK
                                      : at == (c->how == NULLIFIED ? CODE : CODE + ilc),
                  "%s: old PSW %X", c->name, at);
    machine_destroy(m);
}
END_TEST

/* --- what they do --- */

START_TEST(program_call)
{
    struct machine *m = spaces_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    r->gr[2] = 0xabc00000 | PC_CURRENT;
    ck_assert_uint_eq(execute(m, "B218 2000", 0), 1);
    ck_assert_uint_eq(r->gr[3], 0x00800001);
    ck_assert_uint_eq(r->gr[4], 0xcafe0000);
    ck_assert_uint_eq(r->gr[14], CODE + 4);
    ck_assert_uint_eq(r->cr[3], 0x12b40001);
    ck_assert_uint_eq(r->cr[7], DESIGNATION(1));
    ck_assert_uint_eq(r->cr[4], 0x00150001);
    ck_assert(at64(m, 0x20) & PSW_PROBLEM);
    /* With a switch: by EXECUTE, from the problem state. */
    r->gr[2] = PC_SWITCH;
    put_hex(m, 0x1100, "B218 2000");
    ck_assert_uint_eq(execute(m, "4400 0FFC", PROBLEM), 256 + PGM_OPERATION);
    put_hex(m, 0xffc, "B218 2000");
    ck_assert_uint_eq(execute(m, "4400 0FFC", PROBLEM), 1);
    ck_assert_uint_eq(r->gr[14], (CODE + 4) | 1);
    ck_assert_uint_eq(r->cr[1], DESIGNATION(2));
    ck_assert_uint_eq(r->cr[4], 0x00120002);
    ck_assert_uint_eq(r->cr[5], LINKING);
    ck_assert_uint_eq(r->cr[3], 0x12b40001);
    machine_destroy(m);
}
END_TEST

START_TEST(program_transfer)
{
    struct machine *m = spaces_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    r->gr[1] = 0xffff0001;
    r->gr[2] = BACK | 1;
    ck_assert_uint_eq(execute(m, "B228 0012", 0), 2);
    ck_assert(at64(m, 0x20) & PSW_PROBLEM);
    ck_assert_uint_eq(r->cr[3], 0x00800001);
    ck_assert_uint_eq(r->cr[7], DESIGNATION(1));
    r->gr[1] = 0x007f0000 | ASN_FAR;
    ck_assert_uint_eq(execute(m, "B228 0012", PROBLEM), 2);
    ck_assert_uint_eq(r->cr[1], DESIGNATION(7));
    ck_assert_uint_eq(r->cr[7], DESIGNATION(7));
    ck_assert_uint_eq(r->cr[3], ASN_FAR);
    ck_assert_uint_eq(r->cr[4], 0x00170000 | ASN_FAR);
    machine_destroy(m);
}
END_TEST

START_TEST(secondary_asn_and_mode)
{
    struct machine *m = spaces_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    r->gr[1] = 0xffff0003;
    ck_assert_uint_eq(execute(m, "B225 0010", PROBLEM), 0);
    ck_assert_uint_eq(r->cr[3], 0x00800003);
    ck_assert_uint_eq(r->cr[7], DESIGNATION(3));
    r->gr[1] = 0x00000001; /* the primary one: no authority needed */
    cpu_set_cr(m->cpu, 4, 1);
    ck_assert_uint_eq(execute(m, "B225 0010", 0), 0);
    ck_assert_uint_eq(r->cr[7], DESIGNATION(1));
    r->gr[1] = 0xffffffff;
    ck_assert_uint_eq(execute(m, "B226 0010", PROBLEM), 0);
    ck_assert_uint_eq(r->gr[1], 1);
    ck_assert_uint_eq(execute(m, "B227 0010", SECOND_MODE), 0);
    ck_assert_uint_eq(r->gr[1], 1);
    /* SAC, then IAC. */
    r->gr[1] = 0xffffffff;
    ck_assert_uint_eq(execute(m, "B219 0100 B224 0010", PROBLEM), 0);
    ck_assert_uint_eq(r->gr[1], 0xffff01ff);
    ck_assert_uint_eq(at64(m, 0x20) >> 40 & 0xff, 0x90);
    ck_assert_uint_eq(execute(m, "B219 0000 B224 0010", SECOND_MODE), 0);
    ck_assert_uint_eq(r->gr[1], 0xffff00ff);
    ck_assert_uint_eq(at64(m, 0x20) >> 40 & 0xff, 0x00);
    machine_destroy(m);
}
END_TEST

/* In the secondary-space mode operands are in the secondary space, LRA's too. */
START_TEST(secondary_mode)
{
    struct machine *m = spaces_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    set32(m, FRAMES(1), 0x11111111);
    set32(m, FRAMES(2), 0x22222222);
    r->gr[3] = 0x8000;
    ck_assert_uint_eq(execute(m, "5810 3000 B219 0100 5840 3000 B219 0000 5850 3000", 0), 0);
    ck_assert_uint_eq(r->gr[1], 0x11111111);
    ck_assert_uint_eq(r->gr[4], 0x22222222);
    ck_assert_uint_eq(r->gr[5], 0x11111111);
    ck_assert_uint_eq(execute(m, "B110 3123", SECOND_MODE), 0);
    ck_assert_uint_eq(r->gr[1], FRAMES(2) + 0x123);
    ck_assert_uint_eq(execute(m, "B110 3123", SECOND_MODE | REAL_MODE), 0);
    ck_assert_uint_eq(r->gr[1], FRAMES(2) + 0x123);
    ck_assert_uint_eq(execute(m, "B110 3123", 0), 0);
    ck_assert_uint_eq(r->gr[1], FRAMES(1) + 0x123);
    m->storage.keys[FRAMES(2) / STORAGE_BLOCK] = 0x7e;
    r->gr[1] = 0xffffffff;
    ck_assert_uint_eq(execute(m, "B223 0013", SECOND_MODE), 0);
    ck_assert_uint_eq(r->gr[1], 0xffffff78);
    machine_destroy(m);
}
END_TEST

START_TEST(moves)
{
    struct machine *m = spaces_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    m->storage.keys[FRAMES(2) / STORAGE_BLOCK] = 0x88;
    set32(m, FRAMES(1), 0x11111111);
    set32(m, FRAMES(2), 0x22222222);
    r->gr[2] = 0x8000;
    r->gr[3] = 0x80; /* key 8 in the secondary space */
    r->gr[1] = 2;
    ck_assert_uint_eq(execute(m, "DA13 2000 2000", PROBLEM), 0);
    ck_assert_uint_eq(at32(m, FRAMES(1)), 0x22221111);
    ck_assert_uint_eq(PSW_EC_CC(at64(m, 0x20)), 0);
    set32(m, FRAMES(1), 0x33333333);
    r->gr[1] = 3;
    ck_assert_uint_eq(execute(m, "DB13 2001 2000", PROBLEM | SECOND_MODE), 0);
    ck_assert_uint_eq(at32(m, FRAMES(2)), 0x22333333);
    r->gr[3] = 0x70; /* supervisor state: any key, but it does not fit */
    ck_assert_uint_eq(execute(m, "DB13 2001 2000", 0), 256 + PGM_PROTECTION);
    /* At most 256 bytes; none of length 0, whatever the addresses. */
    r->gr[1] = 257;
    r->gr[3] = 0x80;
    memset(m->storage.main + FRAMES(1), 0x55, 300);
    ck_assert_uint_eq(execute(m, "DB13 2100 2000", 0), 0);
    ck_assert_uint_eq(PSW_EC_CC(at64(m, 0x20)), 3);
    ck_assert_uint_eq(at32(m, FRAMES(2) + 0x1fc), 0x55555555);
    ck_assert_uint_eq(at32(m, FRAMES(2) + 0x200), 0);
    r->gr[1] = 0;
    r->gr[2] = 0xa000;
    ck_assert_uint_eq(execute(m, "DB13 2000 2000", 0), 0);
    ck_assert_uint_eq(PSW_EC_CC(at64(m, 0x20)), 0);
    /* MVCK: without translation too; the key is the source's. */
    r->gr[1] = 4;
    r->gr[2] = FRAMES(2);
    r->gr[4] = FRAMES(1);
    ck_assert_uint_eq(execute(m, "D913 4000 2000", REAL_MODE), 0);
    ck_assert_uint_eq(at32(m, FRAMES(1)), 0x22333333);
    machine_destroy(m);
}
END_TEST

/* GA22-7000-10, "Summary of Actions: LOAD ADDRESS SPACE PARAMETERS". */
START_TEST(load_parameters)
{
    static const struct {
        uint64_t operand; /* PSW-key mask, SASN, AX, PASN */
        unsigned option, cc;
        uint32_t cr1, cr3, cr4, cr7;
    } cases[] = {
        {0xf0f0000200990001, 0, 0, DESIGNATION(1), 0xf0f00002, 0x00150001, DESIGNATION(2)},
        {0xf0f0000200100001, 3, 0, DESIGNATION(1), 0xf0f00002, 0x00100001, DESIGNATION(6)},
        {0xf0f0000200100001, 7, 0, DESIGNATION(1), 0xf0f00002, 0x00100001, DESIGNATION(2)},
        {0xf0f0000300990004, 0, 0, DESIGNATION(4), 0xf0f00003, 0x00140004, DESIGNATION(3)},
        {0xf0f0000400990004, 0, 0, DESIGNATION(4), 0xf0f00004, 0x00140004, DESIGNATION(4)},
        {0xf0f0000300000004, 2, 2, 0, 0, 0, 0},
        {0xf0f0000300000004, 3, 0, DESIGNATION(4), 0xf0f00003, 0x00000004, DESIGNATION(3)},
        {0xf0f0000300000008, 0, 1, 0, 0, 0, 0},
        {0xf0f0000800000004, 0, 2, 0, 0, 0, 0},
        {0xf0f0000800000005, 0, 3, 0, 0, 0, 0},
    };
    struct machine *m = spaces_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    char hex[20];
    set64(m, FRAMES(1), cases[_i].operand);
    r->gr[3] = 0x8000;
    if (cases[_i].cr7 == DESIGNATION(6)) /* not translated, not tested: it stays what it is */
        cpu_set_cr(m->cpu, 7, DESIGNATION(6));
    uint32_t before[16];
    memcpy(before, r->cr, sizeof before);
    snprintf(hex, sizeof hex, "E500 3000 000%u", cases[_i].option);
    ck_assert_uint_eq(execute(m, hex, 0), 0);
    ck_assert_uint_eq(PSW_EC_CC(at64(m, 0x20)), cases[_i].cc);
    if (cases[_i].cc) {
        ck_assert_mem_eq(r->cr, before, sizeof before);
    } else {
        ck_assert_uint_eq(r->cr[1], cases[_i].cr1);
        ck_assert_uint_eq(r->cr[3], cases[_i].cr3);
        ck_assert_uint_eq(r->cr[4], cases[_i].cr4);
        ck_assert_uint_eq(r->cr[5], LINKING);
        ck_assert_uint_eq(r->cr[7], cases[_i].cr7);
    }
    machine_destroy(m);
}
END_TEST

/* A program in problem state chooses among the keys of its mask. */
START_TEST(keys_in_problem_state)
{
    struct machine *m = spaces_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    ck_assert_uint_eq(execute(m, "B20A 0080 B20B 0000", PROBLEM), 0);
    ck_assert_uint_eq(r->gr[2] & 0xff, 0x80);
    machine_destroy(m);
}
END_TEST

/* PC is a branch for PER and alters registers 3, 4 and 14; any PER event makes an event of a switch
 * of spaces. */
START_TEST(recorded)
{
    struct machine *m = spaces_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    cpu_set_cr(m->cpu, 9, 0x80000000);
    cpu_set_cr(m->cpu, 10, ENTRY);
    cpu_set_cr(m->cpu, 11, ENTRY);
    r->gr[2] = PC_CURRENT;
    ck_assert_uint_eq(execute(m, "B218 2000", PSW_EC_PER), 256 + PGM_PER);
    ck_assert_uint_eq(at16(m, 0x96), 0x8000);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, ENTRY);
    r->gr[2] = PC_SWITCH;
    ck_assert_uint_eq(execute(m, "B218 2000", PSW_EC_PER), 256 + (PGM_PER | PGM_SPACE_SWITCH));
    ck_assert_uint_eq(at32(m, 0x90), 1);
    cpu_set_cr(m->cpu, 9, 0x10000800);
    cpu_set_cr(m->cpu, 1, DESIGNATION(1));
    cpu_set_cr(m->cpu, 4, 0x00150001);
    r->gr[2] = PC_CURRENT;
    ck_assert_uint_eq(execute(m, "B218 2000", PSW_EC_PER), 256 + PGM_PER);
    ck_assert_uint_eq(at16(m, 0x96), 0x1000);
    machine_destroy(m);
}
END_TEST

/* Without the facility: operation exceptions, no mode, and old rules for the keys. */
START_TEST(not_installed)
{
    static const char *const codes[] = {"B218 2000",      "B219 0000",      "B223 0012",
                                        "B224 0010",      "B225 0010",      "B226 0010",
                                        "B227 0010",      "B228 0012",      "D913 2000 2000",
                                        "DA13 2000 2000", "DB13 2000 2000", "E500 3000 0000"};
    struct machine *m = spaces_machine();
    cpu_set_facility(m->cpu, FACILITY_DUAL_SPACE, false);
    for (unsigned k = 0; k < sizeof codes / sizeof codes[0]; k++)
        ck_assert_uint_eq(execute(m, codes[k], PROBLEM), 256 + PGM_OPERATION);
    ck_assert_uint_eq(execute(m, "B20A 0080", PROBLEM), 256 + PGM_PRIVILEGED);
    ck_assert(!cpu_load_psw(m->cpu, PSW_EC | PSW_EC_SECONDARY | CODE));
    ck_assert_uint_eq(cpu_psw(m->cpu), PSW_EC | PSW_EC_SECONDARY | CODE);
    cpu_set_facility(m->cpu, FACILITY_DUAL_SPACE, true);
    ck_assert(cpu_load_psw(m->cpu, PSW_EC | PSW_EC_SECONDARY | CODE));
    ck_assert(!cpu_load_psw(m->cpu, PSW_EC | PSW_BIT(17) | CODE));
    machine_destroy(m);
}
END_TEST

static void plain(void)
{
    test_plain = true;
}

static TCase *tests(const char *name, void (*setup)(void))
{
    TCase *t = tcase_create(name);
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_loop_test(t, exception, 0, sizeof exceptions / sizeof exceptions[0]);
    tcase_add_test(t, program_call);
    tcase_add_test(t, program_transfer);
    tcase_add_test(t, secondary_asn_and_mode);
    tcase_add_test(t, secondary_mode);
    tcase_add_test(t, moves);
    tcase_add_loop_test(t, load_parameters, 0, 10);
    tcase_add_test(t, keys_in_problem_state);
    tcase_add_test(t, recorded);
    tcase_add_test(t, not_installed);
    return t;
}

int main(void)
{
    Suite *s = suite_create("dual address spaces");
    suite_add_tcase(s, tests("fast", NULL));
    suite_add_tcase(s, tests("plain", plain));
    return run_suite(s);
}

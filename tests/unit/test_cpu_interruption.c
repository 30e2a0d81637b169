/* Interruptions: for each program exception the code, the ILC and the old PSW's address in
 * both modes; supervisor call, external, I/O masks, restart, bad PSWs, PER, wait states. */
#include "tests/unit/cpu_test.h"
#include "tests/unit/run_suite.h"

#define CODE 0x1000u

/* --- program interruptions --- */

/* A program at 1000 that ends in an exception of its instruction at `at`: in problem state
 * with key 0, or in supervisor state. */
struct exception {
    const char *what;
    const char *program;
    uint32_t at; /* offset of the instruction */
    unsigned code, ilc;
    bool nullified; /* old PSW at the instruction, not past it */
    bool problem;
    unsigned mask; /* program mask */
};

static const struct exception exceptions[] = {
    {"operation", "0000", 0, PGM_OPERATION, 1, 0, 0, 0},
    {"operation of 4 bytes", "0700 B2FF0000", 2, PGM_OPERATION, 2, 0, 0, 0},
    {"operation of 6 bytes", "FE0000000000", 0, PGM_OPERATION, 3, 0, 0, 0},
    {"privileged LPSW", "82000200", 0, PGM_PRIVILEGED, 2, 0, 1, 0},
    {"privileged DIAGNOSE", "83120008", 0, PGM_PRIVILEGED, 2, 0, 1, 0},
    {"privileged SSK", "0812", 0, PGM_PRIVILEGED, 1, 0, 1, 0},
    {"privileged SIO", "9C00000E", 0, PGM_PRIVILEGED, 2, 0, 1, 0},
    {"privileged before specification", "82000201", 0, PGM_PRIVILEGED, 2, 0, 1, 0},
    {"DIAGNOSE has no meaning", "83120008", 0, PGM_SPECIFICATION, 2, 0, 0, 0},
    {"execute of execute", "44000328", 0, PGM_EXECUTE, 2, 0, 0, 0},
    {"execute of an odd address", "44000329", 0, PGM_SPECIFICATION, 2, 0, 0, 0},
    {"addressing", "58F00330 5810F000", 4, PGM_ADDRESSING, 2, 0, 0, 0},
    {"specification, odd register", "1C12", 0, PGM_SPECIFICATION, 1, 0, 0, 0},
    {"specification, LPSW", "82000204", 0, PGM_SPECIFICATION, 2, 0, 0, 0},
    {"specification, CS", "BA120201", 0, PGM_SPECIFICATION, 2, 0, 0, 0},
    {"data", "F8000300 0300 FA0002000300", 0, PGM_DATA, 3, 0, 0, 0},
    {"fixed overflow", "5810 0318 1A11", 4, PGM_FIXED_OVERFLOW, 1, 0, 0, 8},
    {"fixed divide", "1B33 1D23", 2, PGM_FIXED_DIVIDE, 1, 0, 0, 0},
    {"convert to binary", "4F100310", 0, PGM_FIXED_DIVIDE, 2, 0, 0, 0},
    {"decimal overflow", "F8070308 0310", 0, PGM_DECIMAL_OVERFLOW, 3, 0, 0, 4},
    {"decimal divide", "FD70 0310 0320", 0, PGM_DECIMAL_DIVIDE, 3, 0, 0, 0},
    {"monitor call, specification", "AF100000", 0, PGM_SPECIFICATION, 2, 0, 0, 0},
    {"TMH under mask", "A70000FF 0000", 4, PGM_OPERATION, 1, 0, 0, 0},
};

static void put_operands(struct machine *m)
{
    put_hex(m, 0x300, "AB");               /* bad packed digits */
    put_hex(m, 0x308, "00");               /* target of ZAP */
    put_hex(m, 0x310, "999999999999999C"); /* the largest packed number of 8 bytes */
    put_hex(m, 0x318, "7FFFFFFF");
    put_hex(m, 0x320, "0C");
    put_hex(m, 0x328, "44000328"); /* EX of itself */
    set32(m, 0x330, TEST_STORAGE);
}

static void check_exception(const struct exception *e, bool ec)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_operands(m);
    put_hex(m, CODE, e->program);
    uint64_t psw = CODE | (e->problem ? PSW_PROBLEM : 0);
    psw |= ec ? PSW_EC | (uint64_t)e->mask << 40 : (uint64_t)e->mask << 24;
    go(m, psw);
    ck_assert_msg(run_until_wait(m) == 0x68, "%s: no program interruption", e->what);
    uint64_t old = at64(m, 0x28);
    unsigned code = ec ? at16(m, 0x8e) : PSW_BC_CODE(old);
    unsigned ilc = ec ? at16(m, 0x8c) >> 1 : PSW_BC_ILC(old);
    ck_assert_msg(code == e->code, "%s: code %02X", e->what, code);
    ck_assert_msg(ilc == e->ilc, "%s: ILC %u", e->what, ilc);
    uint32_t address = CODE + e->at + (e->nullified ? 0 : 2 * e->ilc);
    ck_assert_msg((old & PSW_ADDRESS) == address, "%s: old PSW %llX", e->what,
                  (unsigned long long)old);
    ck_assert_msg(!(old & PSW_PROBLEM) == !e->problem, "%s: state", e->what);
    machine_destroy(m);
}

START_TEST(program_exceptions)
{
    check_exception(&exceptions[_i], false);
    check_exception(&exceptions[_i], true);
}
END_TEST

START_TEST(odd_branch)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_hex(m, CODE, "41101201 07F1"); /* LA 1,X'201'; BR 1 */
    go(m, PSW_EC | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_SPECIFICATION);
    ck_assert_uint_eq(at64(m, 0x28) & 1, 1);
    machine_destroy(m);
}
END_TEST

START_TEST(branch_beyond_storage)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_hex(m, CODE, "58100300 07F1");
    set32(m, 0x300, TEST_STORAGE);
    go(m, CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(PSW_BC_CODE(at64(m, 0x28)), PGM_ADDRESSING);
    /* The branch itself was completed; the ILC leads back to the address. */
    uint64_t old = at64(m, 0x28);
    ck_assert_uint_eq((old & PSW_ADDRESS) - 2 * PSW_BC_ILC(old), TEST_STORAGE);
    machine_destroy(m);
}
END_TEST

START_TEST(protection)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    m->storage.keys[CODE / STORAGE_BLOCK] = 0x30 | KEY_FETCH;
    m->storage.keys[4] = 0x40 | KEY_FETCH;
    put_hex(m, CODE, "92FF2000"); /* MVI, base 2 */
    cpu_regs(m->cpu)->gr[2] = 0x2000;
    go(m, PSW_EC | UINT64_C(3) << 52 | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PROTECTION);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, CODE + 4);
    ck_assert_uint_eq(m->storage.main[0x2000], 0);
    /* Fetch protection of the instruction itself. */
    go(m, PSW_EC | UINT64_C(5) << 52 | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PROTECTION);
    machine_destroy(m);
}
END_TEST

/* Tables with 4K pages: the first 64K are mapped to themselves, but for page 3. */
static void put_dat(struct machine *m)
{
    set32(m, 0x8000, 0xf0009000);
    set32(m, 0x8004, STE_INVALID);
    for (uint32_t k = 0; k < 16; k++)
        put_hex(m, 0x9000 + 2 * k, "0008");
    for (uint32_t k = 0; k < 16; k++) {
        uint8_t pte[2];
        store_be16(pte, k << 4 | (k == 3 ? PTE4K_INVALID : 0));
        ck_assert(storage_poke(&m->storage, 0x9000 + 2 * k, pte, 2));
    }
    cpu_set_cr(m->cpu, 0, CR0_RESET | CR0_PAGE_4K | CR0_SEGMENT_64K);
    cpu_set_cr(m->cpu, 1, 0x8000);
}

START_TEST(page_faults_nullify)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_dat(m);
    /* MVC across the boundary into page 3: nothing may be stored, registers stay. */
    put_hex(m, CODE, "1B11 D2072FFC 0300 58102000");
    set64(m, 0x300, UINT64_C(0x1122334455667788));
    cpu_regs(m->cpu)->gr[2] = 0x2000;
    go(m, PSW_EC | PSW_EC_TRANSLATE | PSW_PROBLEM | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PAGE);
    ck_assert_uint_eq(at16(m, 0x8c), 6);
    ck_assert_uint_eq(at32(m, 0x90) & 0xfffff000, 0x3000);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, CODE + 2);
    ck_assert_uint_eq(at32(m, 0x2ffc), 0);
    /* The page comes in, and the instruction is executed again from the old PSW. */
    put_hex(m, 0x9006, "0050");
    go(m, at64(m, 0x28));
    put_hex(m, CODE + 8, "83000000");
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PRIVILEGED);
    ck_assert_uint_eq(at32(m, 0x2ffc), 0x11223344);
    ck_assert_uint_eq(at32(m, 0x5000), 0x55667788);
    machine_destroy(m);
}
END_TEST

START_TEST(fetch_of_instruction_faults)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_dat(m);
    /* The second halfword is in the invalid page. */
    put_hex(m, 0x2ffe, "4110");
    go(m, PSW_EC | PSW_EC_TRANSLATE | 0x2ffe);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PAGE);
    ck_assert_uint_eq(at32(m, 0x90) & 0xfffff000, 0x3000);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, 0x2ffe);
    go(m, PSW_EC | PSW_EC_TRANSLATE | 0x10000); /* an invalid segment */
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, 0x10000);
    machine_destroy(m);
}
END_TEST

START_TEST(interruptible_proceeds_in_units)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_dat(m);
    /* MVCL of 4096 bytes from 4000 to 2800: the second half meets page 3. */
    put_hex(m, CODE, "0E24");
    uint32_t *gr = cpu_regs(m->cpu)->gr;
    gr[2] = 0x2800;
    gr[3] = gr[5] = 0x1000;
    gr[4] = 0x4000;
    memset(m->storage.main + 0x4000, 0x5a, 0x1000);
    go(m, PSW_EC | PSW_EC_TRANSLATE | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PAGE);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, CODE);
    ck_assert_uint_eq(gr[2], 0x3000);
    ck_assert_uint_eq(gr[3], 0x800);
    ck_assert_uint_eq(gr[4], 0x4800);
    ck_assert_uint_eq(m->storage.main[0x2fff], 0x5a);
    machine_destroy(m);
}
END_TEST

/* --- supervisor call, monitor call --- */

START_TEST(supervisor_call)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_hex(m, CODE, "0ACA 44001100");
    put_hex(m, 0x1100, "0A05");
    go(m, CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x60);
    ck_assert_uint_eq(at64(m, 0x20), UINT64_C(0x000000ca40001002));
    go(m, PSW_EC | (CODE + 2));
    cpu_regs(m->cpu)->gr[1] = 0;
    put_hex(m, CODE + 2, "44000700"); /* EX 0,X'700' */
    put_hex(m, 0x700, "0A05");
    ck_assert_uint_eq(run_until_wait(m), 0x60);
    ck_assert_uint_eq(at32(m, 0x88), 0x00040005);
    ck_assert_uint_eq(at64(m, 0x20), PSW_EC | (CODE + 6));
    machine_destroy(m);
}
END_TEST

START_TEST(monitor_call)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_hex(m, CODE, "AF040123 AF050456");
    cpu_set_cr(m->cpu, 8, 0x8000 >> 5);
    go(m, CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(PSW_BC_CODE(at64(m, 0x28)), PGM_MONITOR);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, CODE + 8);
    ck_assert_uint_eq(at16(m, 0x94), 5);
    ck_assert_uint_eq(at32(m, 0x9c), 0x456);
    machine_destroy(m);
}
END_TEST

/* --- external --- */

START_TEST(timer_and_key_together)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    set32(m, 0x50, 0x100);    /* two ticks of 1/300 s */
    put_hex(m, CODE, "07FF"); /* BR 15 */
    cpu_regs(m->cpu)->gr[15] = CODE;
    go(m, CODE);
    cpu_interrupt_key(m->cpu);
    (void)cpu_run(m->cpu, 80000);
    cpu_timers_update(m->cpu);
    ck_assert_int_eq(cpu_get_state(m->cpu), CPU_RUNNING);
    ck_assert_int_lt((int32_t)at32(m, 0x50), 0);
    ck_assert(cpu_load_psw(m->cpu, PSW_EXTERNAL | CODE));
    ck_assert_uint_eq(run_until_wait(m), 0x58);
    ck_assert_uint_eq(PSW_BC_CODE(at64(m, 0x18)), EXT_INTERVAL_TIMER | EXT_INTERRUPT_KEY);
    /* Both are gone. */
    ck_assert(cpu_load_psw(m->cpu, PSW_EXTERNAL | PSW_WAIT));
    ck_assert_int_eq(cpu_run(m->cpu, 10), CPU_EXIT_WAIT);
    ck_assert_int_eq(cpu_get_state(m->cpu), CPU_WAIT);
    machine_destroy(m);
}
END_TEST

START_TEST(comparator_and_cpu_timer)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    cpu_set_cr(m->cpu, 0, CR0_COMPARATOR_MASK | CR0_CPU_TIMER_MASK);
    set64(m, 0x300, machine_tod(m) + 4096 * 50); /* in 50 microseconds: 500 instructions */
    set64(m, 0x308, 4096 * 80);
    put_hex(m, CODE, "B2060300 B2080308 07FF");
    cpu_regs(m->cpu)->gr[15] = CODE + 8;
    go(m, PSW_EC | CODE);
    uint64_t before = cpu_instructions(m->cpu);
    ck_assert_int_eq(cpu_run(m->cpu, 2), CPU_EXIT_LIMIT);
    go(m, PSW_EC | PSW_EXTERNAL | (CODE + 8));
    ck_assert_uint_eq(run_until_wait(m), 0x58);
    ck_assert_uint_eq(at16(m, 0x86), EXT_CLOCK_COMPARATOR);
    uint64_t took = cpu_instructions(m->cpu) - before;
    ck_assert_uint_ge(took, 498);
    ck_assert_uint_le(took, 502);
    /* The condition lasts: masked, the CPU timer comes. */
    cpu_set_cr(m->cpu, 0, CR0_CPU_TIMER_MASK);
    go(m, at64(m, 0x18));
    ck_assert_uint_eq(run_until_wait(m), 0x58);
    ck_assert_uint_eq(at16(m, 0x86), EXT_CPU_TIMER);
    took = cpu_instructions(m->cpu) - before;
    ck_assert_uint_ge(took, 798);
    ck_assert_uint_le(took, 804);
    machine_destroy(m);
}
END_TEST

START_TEST(wait_knows_its_time)
{
    struct machine *m = test_machine();
    set32(m, 0x50, 0x300);
    go(m, PSW_EXTERNAL | PSW_WAIT | CODE);
    ck_assert_int_eq(cpu_run(m->cpu, 10), CPU_EXIT_WAIT);
    /* The fourth tick from zero makes it negative. */
    ck_assert_uint_eq(cpu_timers_next(m->cpu) / 1000, 13333);
    ck_assert(cpu_load_psw(m->cpu, PSW_WAIT | CODE));
    ck_assert_uint_eq(cpu_timers_next(m->cpu), UINT64_MAX);
    ck_assert_int_eq(cpu_get_state(m->cpu), CPU_DISABLED_WAIT);
    ck_assert(cpu_load_psw(m->cpu, UINT64_C(0x0202) << 48));
    ck_assert_int_eq(cpu_get_state(m->cpu), CPU_WAIT);
    machine_destroy(m);
}
END_TEST

/* --- PSWs --- */

START_TEST(bad_psw_by_lpsw)
{
    struct machine *m = test_machine();
    uint64_t bad = PSW_EC | UINT64_C(0x8000000000001234) | PSW_WAIT;
    put_new_psws(m);
    set64(m, 0x300, bad);
    put_hex(m, CODE, "82000300");
    go(m, PSW_EC | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at64(m, 0x28), bad);
    ck_assert_uint_eq(at32(m, 0x8c), PGM_SPECIFICATION); /* ILC 0 */
    machine_destroy(m);
}
END_TEST

START_TEST(bad_mask_by_ssm)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_hex(m, 0x300, "80");
    put_hex(m, CODE, "80000300");
    go(m, PSW_EC | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at64(m, 0x28), PSW_EC | UINT64_C(0x8000000000000000) | (CODE + 4));
    ck_assert_uint_eq(at32(m, 0x8c), 0x00040000 | PGM_SPECIFICATION);
    machine_destroy(m);
}
END_TEST

/* A program new PSW that is bad itself: the CPU loops, the machine stays usable. */
START_TEST(endless_bad_psws)
{
    struct machine *m = test_machine();
    set64(m, 0x68, PSW_EC | 0xff000000);
    go(m, CODE); /* operation exception */
    ck_assert_int_eq(cpu_run(m->cpu, 1000), CPU_EXIT_LIMIT);
    ck_assert_int_eq(cpu_get_state(m->cpu), CPU_RUNNING);
    machine_destroy(m);
}
END_TEST

START_TEST(restart_and_status)
{
    struct machine *m = test_machine();
    set64(m, 0, PSW_EC | PSW_WAIT | 0x123);
    (void)cpu_load_psw(m->cpu, PSW_EC | 0x456);
    cpu_regs(m->cpu)->gr[3] = 33;
    cpu_restart(m->cpu);
    ck_assert_uint_eq(run_until_wait(m), 0x123);
    ck_assert_uint_eq(at64(m, 8), PSW_EC | 0x456);
    cpu_store_status(m->cpu);
    ck_assert_uint_eq(at64(m, 0x100), PSW_EC | PSW_WAIT | 0x123);
    ck_assert_uint_eq(at32(m, 0x180 + 12), 33);
    ck_assert_uint_eq(at32(m, 0x1c0), CR0_RESET);
    machine_destroy(m);
}
END_TEST

/* --- program event recording --- */

static uint32_t per_program(struct machine *m, uint32_t cr9, uint32_t start, uint32_t end)
{
    put_new_psws(m);
    put_hex(m, CODE, "4110 0001 5010 0304 47F0 0800");
    put_hex(m, 0x800, "0AFF");
    cpu_set_cr(m->cpu, 9, cr9);
    cpu_set_cr(m->cpu, 10, start);
    cpu_set_cr(m->cpu, 11, end);
    go(m, PSW_EC | PSW_EC_PER | CODE);
    return run_until_wait(m);
}

START_TEST(per_events)
{
    static const struct {
        uint32_t cr9, start, end, code, address, old;
    } cases[] = {
        {0x80000000, 0x800, 0x800, 0x8000, CODE + 8, 0x800},
        {0x80000000, 0x900, 0x910, 0x8000, CODE + 8, 0x800}, /* has no area */
        {0x40000000, CODE + 4, CODE + 4, 0x4000, CODE + 4, CODE + 8},
        {0x20000000, 0x307, 0x310, 0x2000, CODE + 4, CODE + 8},
        {0x10004000, 0, 0, 0x1000, CODE, CODE + 4},
        {0xe0000000, 0, 0xffffff, 0x4000, CODE, CODE + 4},
    };
    struct machine *m = test_machine();
    ck_assert_uint_eq(per_program(m, cases[_i].cr9, cases[_i].start, cases[_i].end), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PER);
    ck_assert_uint_eq(at16(m, 0x96), cases[_i].code);
    ck_assert_uint_eq(at32(m, 0x98), cases[_i].address);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, cases[_i].old);
    machine_destroy(m);
}
END_TEST

START_TEST(no_per_events)
{
    struct machine *m = test_machine();
    ck_assert_uint_eq(per_program(m, 0x70003000, 0x900, 0x910), 0x60);
    machine_destroy(m);
}
END_TEST

static void check(struct cpu *cpu, uint64_t bits)
{
    cpu_machine_check(cpu, &(struct machine_check){.bits = bits});
}

/* An exigent machine check saves the registers and swaps PSWs at once if the PSW allows it; a
 * repressible one waits for its mask in CR14; with M off an exigent one is the check stop, of
 * which the other CPU hears. */
START_TEST(machine_checks)
{
    struct machine *m = test_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    put_new_psws(m);
    put_hex(m, 0x1000, "47f0 0000 47f0 0000");
    r->gr[5] = 0x12345678;
    r->gr[15] = 0x1000;
    go(m, PSW_EC | PSW_MCHECK | 0x1000);
    check(m->cpu, MCIC_PROCESSING);
    ck_assert_uint_eq(run_until_wait(m), 0x70);
    ck_assert_uint_eq(at64(m, 0xe8), MCIC_PROCESSING | MCIC_VALID);
    ck_assert_uint_eq(at64(m, 0x30), PSW_EC | PSW_MCHECK | 0x1000);
    ck_assert_uint_eq(at32(m, 0x180 + 4 * 5), 0x12345678);
    ck_assert_uint_eq(at32(m, 0x1c0 + 4 * 14), r->cr[14]);
    /* A warning is masked until CR14.7 is one. */
    put_hex(m, 0x1000, "0700 0700 0700 0700");
    go(m, PSW_EC | PSW_MCHECK | 0x1000);
    check(m->cpu, MCIC_WARNING);
    (void)cpu_run(m->cpu, 2);
    ck_assert_uint_eq(cpu_psw(m->cpu) & PSW_ADDRESS, 0x1004);
    cpu_set_cr(m->cpu, 14, r->cr[14] | CR14_WARNING);
    ck_assert_uint_eq(run_until_wait(m), 0x70);
    ck_assert_uint_eq(at64(m, 0xe8), MCIC_WARNING | MCIC_DELAYED | MCIC_VALID);
    /* Check stop and malfunction alert. */
    ck_assert(machine_install_cpus(m, 2));
    go(m, PSW_EC | 0x1000);
    check(m->cpu, MCIC_SYSTEM_DAMAGE);
    ck_assert_int_eq(cpu_get_state(m->cpu), CPU_STOPPED);
    ck_assert(cpu_is_check_stopped(m->cpu));
    /* Only a reset ends it: START and the orders that need a working CPU do not. */
    uint32_t status;
    cpu_start(m->cpu);
    ck_assert(cpu_is_check_stopped(m->cpu));
    ck_assert_uint_eq(cpu_signal(m->cpu, SIGNAL_RESTART, 1, &status), 1);
    ck_assert_uint_eq(status, SIGNAL_STATUS_CHECK_STOP);
    ck_assert_uint_eq(cpu_signal(m->cpu, SIGNAL_SENSE, 1, &status), 1);
    ck_assert_uint_eq(status, SIGNAL_STATUS_CHECK_STOP | SIGNAL_STATUS_STOPPED);
    ck_assert_uint_eq(cpu_signal(m->cpu, SIGNAL_CPU_RESET, 1, &status), 0);
    ck_assert(!cpu_is_check_stopped(m->cpu));
    machine_select_cpu(m, 1);
    cpu_reset(m->cpus[1], true);
    check(m->cpus[0], MCIC_SYSTEM_DAMAGE);
    cpu_set_cr(m->cpu, 0, cpu_regs(m->cpu)->cr[0] | CR0_MALFUNCTION_MASK);
    set32(m, 0x84, 0xffffffff);
    go(m, PSW_EC | PSW_EXTERNAL | 0x1000);
    ck_assert_uint_eq(run_until_wait(m), 0x58);
    ck_assert_uint_eq(at32(m, 0x84), EXT_MALFUNCTION_ALERT);
    machine_destroy(m);
}
END_TEST

/* What a machine check stores besides the registers: codes that are valid, and the logout. */
START_TEST(machine_check_details)
{
    static const struct machine_check storage = {
        .bits = MCIC_PROCESSING | MCIC_BACKED_UP | MCIC_STORAGE_UNCORRECTED | MCIC_FAILING_ADDRESS,
        .address = 0x12340};
    static const struct machine_check external = {.bits = MCIC_EXTERNAL_DAMAGE |
                                                          MCIC_EXTERNAL_CODE | MCIC_REGION_CODE,
                                                  .external = 0x80,
                                                  .region = 0xabcd};
    struct machine *m = test_machine();
    put_new_psws(m);
    put_hex(m, CODE, "0700 0700 47F0 1000");
    set64(m, 0xf0, UINT64_C(0xeeeeeeeeeeeeeeee));
    set64(m, 0xf8, UINT64_C(0xeeeeeeeeeeeeeeee));
    cpu_regs(m->cpu)->gr[1] = CODE;
    go(m, PSW_EC | PSW_MCHECK | CODE);
    (void)cpu_run(m->cpu, 2);
    cpu_machine_check(m->cpu, &storage);
    ck_assert_uint_eq(run_until_wait(m), 0x70);
    ck_assert_uint_eq(at64(m, 0xe8), storage.bits | MCIC_VALID);
    ck_assert_uint_eq(at64(m, 0xf0), UINT64_C(0xeeeeeeeeeeeeeeee));
    ck_assert_uint_eq(at64(m, 0xf8), UINT64_C(0x00012340eeeeeeee));
    ck_assert_uint_eq(at64(m, 0x100), PSW_EC | PSW_MCHECK | (CODE + 4));
    ck_assert_uint_eq(at64(m, 0x110), 2);
    /* Two at once, of which one is masked: the codes come with the first, and the other has
     * waited. */
    cpu_set_cr(m->cpu, 14, CR14_EXTERNAL_DAMAGE);
    go(m, PSW_EC | PSW_MCHECK | CODE);
    cpu_machine_check(m->cpu, &external);
    check(m->cpu, MCIC_WARNING);
    ck_assert_uint_eq(run_until_wait(m), 0x70);
    ck_assert_uint_eq(at64(m, 0xe8), external.bits | MCIC_DELAYED | MCIC_VALID);
    ck_assert_uint_eq(at32(m, 0xf4), 0x80);
    ck_assert_uint_eq(at32(m, 0xfc), 0xabcd);
    cpu_set_cr(m->cpu, 14, CR14_WARNING);
    go(m, PSW_EC | PSW_MCHECK | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x70);
    ck_assert_uint_eq(at64(m, 0xe8), MCIC_WARNING | MCIC_DELAYED | MCIC_VALID);
    machine_destroy(m);
}
END_TEST

static void plain(void)
{
    test_plain = true;
}

/* All tests with the fast loop, or with the plain interpreter. */
static TCase *tests(const char *name, void (*setup)(void))
{
    TCase *t = tcase_create(name);
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_loop_test(t, program_exceptions, 0, sizeof exceptions / sizeof exceptions[0]);
    tcase_add_test(t, machine_checks);
    tcase_add_test(t, machine_check_details);
    tcase_add_test(t, odd_branch);
    tcase_add_test(t, branch_beyond_storage);
    tcase_add_test(t, protection);
    tcase_add_test(t, page_faults_nullify);
    tcase_add_test(t, fetch_of_instruction_faults);
    tcase_add_test(t, interruptible_proceeds_in_units);
    tcase_add_test(t, supervisor_call);
    tcase_add_test(t, monitor_call);
    tcase_add_test(t, timer_and_key_together);
    tcase_add_test(t, comparator_and_cpu_timer);
    tcase_add_test(t, wait_knows_its_time);
    tcase_add_test(t, bad_psw_by_lpsw);
    tcase_add_test(t, bad_mask_by_ssm);
    tcase_add_test(t, endless_bad_psws);
    tcase_add_test(t, restart_and_status);
    tcase_add_loop_test(t, per_events, 0, 6);
    tcase_add_test(t, no_per_events);
    return t;
}

int main(void)
{
    Suite *s = suite_create("cpu interruptions");
    suite_add_tcase(s, tests("fast", NULL));
    suite_add_tcase(s, tests("plain", plain));
    return run_suite(s);
}

/* Named cases: what the generator (tests/generator) and the runs beside Hercules
 * (tests/differential) have found, each with the manual's section that settles it. */
#include "tests/unit/cpu_test.h"
#include "tests/unit/run_suite.h"

#include "s370/cpu/internal.h"

#define CODE 0x1000u

/* Runs one instruction in the EC mode with these bits of the PSW besides. */
static struct machine *machine_with(const char *hex)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_hex(m, CODE, hex);
    return m;
}

/* An exception suppresses SET CLOCK COMPARATOR: the comparator is what it was.
 * GA22-7000, "Set Clock Comparator"; "Types of Instruction Ending". */
START_TEST(comparator_after_a_fault)
{
    struct machine *m = machine_with("B2061000"); /* SCKC 0(1) */
    m->cpu->comparator = UINT64_C(0x123456789abcdef0);
    cpu_regs(m->cpu)->gr[1] = TEST_STORAGE;
    go(m, PSW_EC | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_ADDRESSING);
    ck_assert_uint_eq(m->cpu->comparator, UINT64_C(0x123456789abcdef0));
    machine_destroy(m);
}
END_TEST

/* A string of interruptions (the condition lasts, the new PSW allows it) has no end on a real
 * machine either, but its operator can stop it: cpu_run comes back. */
START_TEST(string_of_interruptions)
{
    struct machine *m = machine_with("0700");
    set64(m, 0x58, PSW_EC | PSW_EXTERNAL | CODE);
    m->cpu->comparator = 0;
    cpu_set_cr(m->cpu, 0, CR0_COMPARATOR_MASK);
    go(m, PSW_EC | PSW_EXTERNAL | CODE);
    uint64_t before = machine_now(m);
    ck_assert_int_eq(cpu_run(m->cpu, 1000), CPU_EXIT_LIMIT);
    ck_assert_uint_gt(machine_now(m), before);
    ck_assert_uint_eq(at16(m, 0x86), EXT_CLOCK_COMPARATOR);
    ck_assert_uint_eq(at64(m, 0x18), PSW_EC | PSW_EXTERNAL | CODE); /* none executed */
    machine_destroy(m);
}
END_TEST

/* INVALIDATE PAGE TABLE ENTRY is subject to low-address protection.
 * GA22-7000, "Low-Address Protection". */
START_TEST(invalidate_in_low_storage)
{
    struct machine *m = machine_with("B2210012"); /* IPTE 1,2 */
    cpu_set_cr(m->cpu, 0, CR0_LOW_PROTECTION | CR0_PAGE_4K);
    cpu_regs(m->cpu)->gr[1] = 0x180;
    set32(m, 0x180, 0x12341230);
    go(m, PSW_EC | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PROTECTION);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, CODE + 4);
    ck_assert_uint_eq(at32(m, 0x180), 0x12341230);
    machine_destroy(m);
}
END_TEST

/* A program event of LPSW that loads a PSW of invalid format: one interruption, whose code has
 * both, without an instruction length.  GA22-7000, "Indication of Events Concurrently with Other
 * Interruption Conditions". */
START_TEST(event_of_a_bad_psw)
{
    struct machine *m = machine_with("82002000"); /* LPSW 0(2) */
    uint64_t bad = PSW_EC | PSW_BIT(24) | 0x3000;
    cpu_set_cr(m->cpu, 9, 0x40000000);
    cpu_set_cr(m->cpu, 11, 0xffffff);
    cpu_regs(m->cpu)->gr[2] = 0x2000;
    set64(m, 0x2000, bad);
    go(m, PSW_EC | PSW_EC_PER | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at32(m, 0x8c), PGM_PER | PGM_SPECIFICATION);
    ck_assert_uint_eq(at16(m, 0x96), 0x4000);
    ck_assert_uint_eq(at64(m, 0x28), bad);
    machine_destroy(m);
}
END_TEST

/* CVB by EXECUTE is completed, and alters its register, though the number is too great.
 * GA22-7000, "Indication of Events Concurrently with Other Interruption Conditions". */
START_TEST(event_of_an_executed_conversion)
{
    struct machine *m = machine_with("44002008 0700"); /* EX 0,8(2) */
    cpu_set_cr(m->cpu, 9, 0x10000800);
    cpu_regs(m->cpu)->gr[2] = 0x2000;
    put_hex(m, 0x2000, "099999999999999C 4F402000"); /* CVB 4,0(2) */
    go(m, PSW_EC | PSW_EC_PER | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PER | PGM_FIXED_DIVIDE);
    ck_assert_uint_eq(at16(m, 0x96), 0x1000);
    machine_destroy(m);
}
END_TEST

/* A significance exception leaves the exponent, even that of zero: the low-order part has 14 less,
 * modulo 128.  GA22-7000, "Add Normalized". */
START_TEST(extended_significance)
{
    struct machine *m = machine_with("3600"); /* AXR 0,0 */
    cpu_regs(m->cpu)->fpr[0] = cpu_regs(m->cpu)->fpr[1] = 0;
    go(m, PSW_EC | UINT64_C(1) << 40 | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_SIGNIFICANCE);
    ck_assert_uint_eq(cpu_regs(m->cpu)->fpr[0], 0);
    ck_assert_uint_eq(cpu_regs(m->cpu)->fpr[1], UINT64_C(0x7200000000000000));
    machine_destroy(m);
}
END_TEST

/* The last four bytes of storage are the beginning of six: addressing, and nothing behind them is
 * looked at (which the sanitizers see). */
START_TEST(end_of_storage)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    put_hex(m, TEST_STORAGE - 6, "1211 e3010000"); /* LTR */
    go(m, TEST_STORAGE - 6);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x2a), PGM_ADDRESSING);
    machine_destroy(m);
}
END_TEST

/* With translation on, LOAD CONTROL of CR1 discards what was fetched ahead: the next instruction
 * comes from the new space (Hercules 3.13 takes it from the old one).  GA22-7000, "Instruction
 * Fetch". */
START_TEST(next_from_the_new_space)
{
    struct machine *m = machine_with("B7112000 41100001 0A00"); /* LCTL 1,1,0(2); LA 1,1 */
    put_hex(m, 0x5004, "41100002 0A00");
    set32(m, 0x2000, 0x3040);
    set32(m, 0x3000, 0xf0003100);
    set32(m, 0x3040, 0xf0003180);
    put_hex(m, 0x3100, "0000 0010 0020 0030");
    put_hex(m, 0x3180, "0000 0050 0020 0030");
    cpu_set_cr(m->cpu, 0, CR0_RESET | CR0_PAGE_4K);
    cpu_set_cr(m->cpu, 1, 0x3000);
    cpu_regs(m->cpu)->gr[2] = 0x2000;
    go(m, PSW_EC | PSW_EC_TRANSLATE | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x60);
    ck_assert_uint_eq(cpu_regs(m->cpu)->gr[1], 2);
    machine_destroy(m);
}
END_TEST

/* The event of a branch has the length of the branch, not of what it leads to (Hercules 3.13).
 * GA22-7000-10, "Identification of Cause". */
START_TEST(length_of_a_branch_event)
{
    struct machine *m = machine_with("07F2"); /* BR 2 */
    put_hex(m, 0x2000, "41100001");
    cpu_set_cr(m->cpu, 9, 0x80000000);
    cpu_regs(m->cpu)->gr[2] = 0x2000;
    go(m, PSW_EC | PSW_EC_PER | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at32(m, 0x8c), 0x00020000 | PGM_PER);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, 0x2000);
    machine_destroy(m);
}
END_TEST

/* Location 90 is stored by translation exceptions only (Hercules 3.13: by a data exception too).
 * GA22-7000, "Assigned Storage Locations". */
START_TEST(location_90_of_a_data_exception)
{
    struct machine *m = machine_with("F90020002000"); /* CP */
    set32(m, 0x90, 0x12345678);
    cpu_regs(m->cpu)->gr[2] = 0x2000;
    go(m, PSW_EC | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_DATA);
    ck_assert_uint_eq(at32(m, 0x90), 0x12345678);
    machine_destroy(m);
}
END_TEST

/* What EXECUTE executes has the length of EXECUTE, in the BC mode too (Hercules 3.13: its own).
 * GA22-7000, "Instruction-Length Code". */
START_TEST(length_of_what_is_executed)
{
    struct machine *m = machine_with("44002000"); /* EX 0,0(2) */
    put_hex(m, 0x2000, "1D44");                   /* DR 4,4 */
    cpu_regs(m->cpu)->gr[2] = 0x2000;
    go(m, CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(PSW_BC_CODE(at64(m, 0x28)), PGM_FIXED_DIVIDE);
    ck_assert_uint_eq(at32(m, 0x2c), 0x80000000 | (CODE + 4));
    machine_destroy(m);
}
END_TEST

/* The least number divided by -1 has no quotient: fixed-point divide, and the registers are what
 * they were (Hercules 3.13 comes to a stop).  GA22-7000, "Divide". */
START_TEST(least_number_by_minus_one)
{
    struct machine *m = machine_with("1D46"); /* DR 4,6 */
    uint32_t *gr = cpu_regs(m->cpu)->gr;
    gr[4] = 0x80000000;
    gr[6] = UINT32_MAX;
    go(m, PSW_EC | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_FIXED_DIVIDE);
    ck_assert_uint_eq(gr[4], 0x80000000);
    ck_assert_uint_eq(gr[5], 0);
    machine_destroy(m);
}
END_TEST

/* RESET REFERENCE BIT is of a block of 2K bytes (Hercules 3.13: of both in 4K).  GA22-7000, "Reset
 * Reference Bit". */
START_TEST(reference_bit_of_a_block)
{
    struct machine *m = machine_with("B2132000 0A00"); /* RRB 0(2) */
    m->storage.keys[0x4000 / STORAGE_BLOCK] = m->storage.keys[0x4800 / STORAGE_BLOCK] =
        KEY_REFERENCE | KEY_CHANGE;
    cpu_regs(m->cpu)->gr[2] = 0x4800;
    go(m, PSW_EC | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x60);
    ck_assert_uint_eq(m->storage.keys[0x4000 / STORAGE_BLOCK], KEY_REFERENCE | KEY_CHANGE);
    ck_assert_uint_eq(m->storage.keys[0x4800 / STORAGE_BLOCK], KEY_CHANGE);
    machine_destroy(m);
}
END_TEST

/* A fetch after SET STORAGE KEY sets the reference bit again, also of a block that was fetched from
 * before (not on Hercules 3.13).  GA22-7000, "Reference Recording". */
START_TEST(reference_after_a_new_key)
{
    struct machine *m = machine_with("58303000 0842 58303000 0A00"); /* L; SSK 4,2; L */
    uint32_t *gr = cpu_regs(m->cpu)->gr;
    gr[2] = gr[3] = 0x4000;
    set32(m, 0x4000, 0x4000);
    go(m, PSW_EC | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x60);
    ck_assert_uint_eq(m->storage.keys[0x4000 / STORAGE_BLOCK], KEY_REFERENCE);
    machine_destroy(m);
}
END_TEST

static void add_cases(TCase *tc)
{
    tcase_add_test(tc, comparator_after_a_fault);
    tcase_add_test(tc, string_of_interruptions);
    tcase_add_test(tc, invalidate_in_low_storage);
    tcase_add_test(tc, event_of_a_bad_psw);
    tcase_add_test(tc, event_of_an_executed_conversion);
    tcase_add_test(tc, extended_significance);
    tcase_add_test(tc, end_of_storage);
    tcase_add_test(tc, next_from_the_new_space);
    tcase_add_test(tc, length_of_a_branch_event);
    tcase_add_test(tc, location_90_of_a_data_exception);
    tcase_add_test(tc, length_of_what_is_executed);
    tcase_add_test(tc, least_number_by_minus_one);
    tcase_add_test(tc, reference_bit_of_a_block);
    tcase_add_test(tc, reference_after_a_new_key);
}

static void fast_loop(void)
{
    test_plain = false;
}

static void plain_loop(void)
{
    test_plain = true;
}

int main(void)
{
    Suite *s = suite_create("cpu named cases");
    TCase *fast = tcase_create("fast"), *plain = tcase_create("plain");
    tcase_add_unchecked_fixture(fast, fast_loop, NULL);
    tcase_add_unchecked_fixture(plain, plain_loop, NULL);
    add_cases(fast);
    add_cases(plain);
    suite_add_tcase(s, fast);
    suite_add_tcase(s, plain);
    return run_suite(s);
}

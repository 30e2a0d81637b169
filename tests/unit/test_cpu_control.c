/* Control instructions: keys, translation, masks, clocks; every privileged row of insn.def
 * in problem state; the optional facility; stores of channels into decoded code. */
#include "s370/cpu/insn.h"
#include "tests/unit/cpu_test.h"
#include "tests/unit/run_suite.h"

#define CODE 0x1000u

/* Executes one instruction in supervisor state, EC mode; returns the condition code, or
 * 16 + the code of a program interruption. */
static unsigned one(struct machine *m, const char *hex)
{
    put_new_psws(m);
    put_hex(m, CODE, hex);
    go(m, PSW_EC | CODE);
    (void)cpu_run(m->cpu, 1);
    if (cpu_get_state(m->cpu) != CPU_RUNNING) {
        ck_assert_uint_eq(cpu_psw(m->cpu) & PSW_ADDRESS, 0x68);
        return 16 + at16(m, 0x8e);
    }
    return PSW_EC_CC(cpu_psw(m->cpu));
}

static const struct {
    uint8_t code[2];
    uint16_t number;
} rows[] = {
#define G_ONE
#define G_B2                                                  0xb2,
#define G_B9                                                  0xb9,
#define G_E5                                                  0xe5,
#define G_A7                                                  0xa7,
#define G_C0                                                  0xc0,
#define G_E3                                                  0xe3,
#define G_EB                                                  0xeb,
#define INSN(group, code, name, mnemonic, format, attributes) {{G_##group code}, I_##name},
#include "s370/arch/insn.def"
#undef INSN
};

START_TEST(privileged_in_problem_state)
{
    struct machine *m = test_machine();
    cpu_set_facility(m->cpu, FACILITY_DUAL_SPACE, true);
    for (unsigned k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        if (!(insn_table[rows[k].number].attributes & A_PRIVILEGED))
            continue;
        put_new_psws(m);
        set64(m, CODE, 0);
        ck_assert(storage_poke(&m->storage, CODE, rows[k].code, 2));
        unsigned length = 2 * insn_halfwords(rows[k].code[0]);
        go(m, PSW_EC | PSW_PROBLEM | CODE);
        ck_assert_uint_eq(run_until_wait(m), 0x68);
        ck_assert_msg(at16(m, 0x8e) == PGM_PRIVILEGED && at16(m, 0x8c) == length,
                      "%s in problem state", insn_table[rows[k].number].mnemonic);
    }
    machine_destroy(m);
}
END_TEST

START_TEST(every_row_is_found)
{
    for (unsigned k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        uint8_t bytes[6] = {rows[k].code[0], rows[k].code[1]};
        uint8_t group = bytes[0];
        if (group == 0xe3 || group == 0xeb) {
            bytes[5] = bytes[1];
            bytes[1] = 0;
        }
        ck_assert_uint_eq(insn_find(bytes), rows[k].number);
        char text[80];
        ck_assert_uint_eq(disassemble(bytes, 0, text, sizeof text), 2 * insn_halfwords(group));
        ck_assert_ptr_eq(strstr(text, insn_table[rows[k].number].mnemonic), text);
    }
}
END_TEST

START_TEST(storage_keys)
{
    struct machine *m = test_machine();
    uint32_t *gr = cpu_regs(m->cpu)->gr;
    gr[1] = 0x123456fe;
    gr[2] = 0x00005000;
    ck_assert_uint_eq(one(m, "0812"), 0);
    ck_assert_uint_eq(m->storage.keys[0x5000 / STORAGE_BLOCK], 0xfe);
    gr[1] = 0xabcdef00;
    ck_assert_uint_eq(one(m, "0912"), 0);
    ck_assert_uint_eq(gr[1], 0xabcdeffe);
    ck_assert_uint_eq(one(m, "B2132000"), 3);
    ck_assert_uint_eq(m->storage.keys[0x5000 / STORAGE_BLOCK], 0xfa);
    ck_assert_uint_eq(one(m, "B2132000"), 1);
    gr[2] = 0x5001;
    ck_assert_uint_eq(one(m, "0812"), 16 + PGM_SPECIFICATION);
    gr[2] = TEST_STORAGE;
    ck_assert_uint_eq(one(m, "0912"), 16 + PGM_ADDRESSING);
    machine_destroy(m);
}
END_TEST

/* ISKE, SSKE, RRBE and TB: both keys of 4096 bytes, real addresses of 31 bits. */
START_TEST(storage_keys_of_4k)
{
    struct machine *m = test_machine();
    uint32_t *gr = cpu_regs(m->cpu)->gr;
    uint8_t *keys = &m->storage.keys[0x5000 / STORAGE_BLOCK];
    gr[1] = 0x123456f9;
    gr[2] = 0x80005fff;
    ck_assert_uint_eq(one(m, "B22B 0012"), 0);
    ck_assert_uint_eq(keys[0], 0xf8);
    ck_assert_uint_eq(keys[1], 0xf8);
    ck_assert_uint_eq(keys[2], 0);
    keys[1] |= KEY_CHANGE;
    keys[0] |= KEY_REFERENCE;
    gr[1] = 0xabcdef00;
    ck_assert_uint_eq(one(m, "B229 0012"), 0);
    ck_assert_uint_eq(gr[1], 0xabcdeffe);
    ck_assert_uint_eq(one(m, "B22A 0012"), 3);
    ck_assert_uint_eq(one(m, "B22A 0012"), 1);
    ck_assert_uint_eq(keys[1], 0xfa);
    gr[2] = 0x01005000; /* does not wrap */
    ck_assert_uint_eq(one(m, "B229 0012"), 16 + PGM_ADDRESSING);
    /* TB: no key protects, low-address protection does. */
    set32(m, 0x5ffc, 0x11223344);
    set32(m, 0x6000, 0x11223344);
    gr[0] = 1;
    gr[2] = 0x5123;
    ck_assert_uint_eq(one(m, "B22C 0002"), 0);
    ck_assert_uint_eq(at32(m, 0x5ffc), 0);
    ck_assert_uint_eq(at32(m, 0x6000), 0x11223344);
    ck_assert_uint_eq(gr[0], 0);
    gr[2] = 0;
    cpu_set_cr(m->cpu, 0, CR0_RESET | CR0_LOW_PROTECTION);
    ck_assert_uint_eq(one(m, "B22C 0002"), 16 + PGM_PROTECTION);
    /* An initial reset ends the protection. */
    cpu_reset(m->cpu, true);
    gr[1] = 0x55;
    ck_assert_uint_eq(one(m, "5010 0100"), 0);
    machine_destroy(m);
}
END_TEST

START_TEST(psw_key)
{
    struct machine *m = test_machine();
    cpu_regs(m->cpu)->gr[2] = 0xffffffff;
    put_hex(m, CODE, "B20A0070 B20B0000");
    go(m, PSW_EC | CODE);
    (void)cpu_run(m->cpu, 2);
    ck_assert_uint_eq(cpu_psw(m->cpu) >> 52 & 15, 7);
    ck_assert_uint_eq(cpu_regs(m->cpu)->gr[2], 0xffffff70);
    machine_destroy(m);
}
END_TEST

START_TEST(load_real_address)
{
    struct machine *m = test_machine();
    uint32_t *gr = cpu_regs(m->cpu)->gr;
    cpu_set_cr(m->cpu, 0, CR0_RESET | CR0_PAGE_4K | CR0_SEGMENT_64K);
    cpu_set_cr(m->cpu, 1, 0x8000);
    set32(m, 0x8000, 0x70009000); /* the first 8 pages */
    set32(m, 0x8004, STE_INVALID);
    put_hex(m, 0x9002, "0560 0008");
    gr[2] = 0x1234;
    ck_assert_uint_eq(one(m, "B1102000"), 0);
    ck_assert_uint_eq(gr[1], 0x56234);
    gr[2] = 0x2000;
    ck_assert_uint_eq(one(m, "B1102000"), 2);
    ck_assert_uint_eq(gr[1], 0x9004);
    gr[2] = 0x12345;
    ck_assert_uint_eq(one(m, "B1102000"), 1);
    ck_assert_uint_eq(gr[1], 0x8004);
    gr[2] = 0x8000;
    ck_assert_uint_eq(one(m, "B1102000"), 3);
    ck_assert_uint_eq(gr[1], 0x9010);
    cpu_set_cr(m->cpu, 0, CR0_RESET);
    ck_assert_uint_eq(one(m, "B1102000"), 16 + PGM_TRANSLATION);
    machine_destroy(m);
}
END_TEST

START_TEST(invalidate_and_purge)
{
    struct machine *m = test_machine();
    uint32_t *gr = cpu_regs(m->cpu)->gr;
    cpu_set_cr(m->cpu, 0, CR0_RESET | CR0_PAGE_4K | CR0_SEGMENT_64K);
    cpu_set_cr(m->cpu, 1, 0x8000);
    put_new_psws(m);
    set32(m, 0x8000, 0xf0009000);
    for (uint32_t k = 0; k < 16; k++) {
        uint8_t pte[2];
        store_be16(pte, k << 4);
        ck_assert(storage_poke(&m->storage, 0x9000 + 2 * k, pte, 2));
    }
    /* Use page 5, IPTE of it, use it again. */
    put_hex(m, CODE, "58103000 B2210023 58103000");
    gr[2] = 0x9000;
    gr[3] = 0x5000;
    go(m, PSW_EC | PSW_EC_TRANSLATE | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_PAGE);
    ck_assert_uint_eq(at64(m, 0x28) & PSW_ADDRESS, CODE + 8);
    ck_assert_uint_eq(at16(m, 0x900a), 0x58);
    machine_destroy(m);
}
END_TEST

START_TEST(system_masks)
{
    struct machine *m = test_machine();
    put_hex(m, CODE, "ACFD0300 AD020301 80000302");
    put_hex(m, 0x302, "04");
    go(m, PSW_EC | UINT64_C(0x0300000000000000) | CODE);
    (void)cpu_run(m->cpu, 2);
    ck_assert_uint_eq(m->storage.main[0x300], 0x03);
    ck_assert_uint_eq(m->storage.main[0x301], 0x01);
    ck_assert_uint_eq(cpu_psw(m->cpu) >> 56, 0x03);
    /* SSM suppression. */
    cpu_set_cr(m->cpu, 0, CR0_SSM_SUPPRESSION);
    ck_assert_uint_eq(one(m, "80000302"), 16 + PGM_SPECIAL_OPERATION);
    machine_destroy(m);
}
END_TEST

START_TEST(control_registers)
{
    struct machine *m = test_machine();
    set32(m, 0x300, 0x11111111);
    set32(m, 0x304, 0x22222222);
    set32(m, 0x308, 0x33333333);
    ck_assert_uint_eq(one(m, "B7DF0300"), 0); /* 13 to 15 */
    ck_assert_uint_eq(cpu_regs(m->cpu)->cr[13], 0x11111111);
    ck_assert_uint_eq(cpu_regs(m->cpu)->cr[15], 0x33333333);
    ck_assert_uint_eq(one(m, "B6F00310"), 0); /* 15 and 0 */
    ck_assert_uint_eq(at32(m, 0x310), 0x33333333);
    ck_assert_uint_eq(at32(m, 0x314), CR0_RESET);
    ck_assert_uint_eq(one(m, "B7DF0302"), 16 + PGM_SPECIFICATION);
    machine_destroy(m);
}
END_TEST

START_TEST(clocks)
{
    struct machine *m = test_machine();
    put_new_psws(m);
    set64(m, 0x300, UINT64_C(0x8000000000000000));
    set64(m, 0x318, UINT64_C(0x0000000100000000));
    put_hex(m, CODE, "B2040300 B2050308 B2050310 B2080318 B2090320");
    go(m, PSW_EC | CODE);
    (void)cpu_run(m->cpu, 5);
    ck_assert_uint_ge(at64(m, 0x308), UINT64_C(0x8000000000000000));
    ck_assert_uint_gt(at64(m, 0x310), at64(m, 0x308));
    ck_assert_uint_lt(at64(m, 0x310), UINT64_C(0x8000000000010000));
    ck_assert_uint_lt(at64(m, 0x320), at64(m, 0x318));
    ck_assert_uint_eq(one(m, "B2020330"), 0); /* STIDP */
    ck_assert_uint_eq(at64(m, 0x330), UINT64_C(0x0000000101580000));
    machine_destroy(m);
}
END_TEST

START_TEST(facility_off)
{
    struct machine *m = test_machine();
    ck_assert_uint_eq(one(m, "A7180005"), 0);
    ck_assert_uint_eq(cpu_regs(m->cpu)->gr[1], 5);
    cpu_set_facility(m->cpu, FACILITY_COMPILER, false);
    ck_assert_uint_eq(one(m, "A7180006"), 16 + PGM_OPERATION);
    ck_assert_uint_eq(one(m, "1811"), 0);
    cpu_set_facility(m->cpu, FACILITY_COMPILER, true);
    ck_assert_uint_eq(one(m, "A7180007"), 0);
    ck_assert_uint_eq(cpu_regs(m->cpu)->gr[1], 7);
    machine_destroy(m);
}
END_TEST

START_TEST(channel_stores_code)
{
    struct machine *m = test_machine();
    static const uint8_t other[] = {0xa7, 0x18, 0x00, 0x09};
    put_hex(m, CODE, "A7180001 A7F4FFFE"); /* LHI 1,1; J back */
    go(m, PSW_EC | CODE);
    (void)cpu_run(m->cpu, 100);
    ck_assert_uint_eq(cpu_regs(m->cpu)->gr[1], 1);
    ck_assert_int_eq(channel_store(&m->storage, CODE, 0, other, 4), STORAGE_OK);
    (void)cpu_run(m->cpu, 100);
    ck_assert_uint_eq(cpu_regs(m->cpu)->gr[1], 9);
    storage_clear(&m->storage);
    put_new_psws(m);
    ck_assert_uint_eq(run_until_wait(m), 0x68);
    ck_assert_uint_eq(at16(m, 0x8e), PGM_OPERATION);
    machine_destroy(m);
}
END_TEST

/* The count is exact, also when the loop is asked to look around in between. */
START_TEST(counts_exactly)
{
    struct machine *m = test_machine();
    put_hex(m, CODE, "A71A0001 A7F4FFFE");
    go(m, PSW_EC | CODE);
    uint64_t sum = 0;
    for (uint64_t n = 1; n < 50; n++) {
        if (n % 7 == 0)
            cpu_io_pending(m->cpu);
        (void)cpu_run(m->cpu, n);
        sum += n;
        ck_assert_uint_eq(cpu_instructions(m->cpu), sum);
    }
    ck_assert_uint_eq(cpu_regs(m->cpu)->gr[1], (sum + 1) / 2);
    cpu_break(m->cpu);
    ck_assert_int_eq(cpu_run(m->cpu, 5), CPU_EXIT_LIMIT);
    ck_assert_uint_eq(cpu_instructions(m->cpu), sum + 5);
    machine_destroy(m);
}
END_TEST

static bool stop_at(void *context, struct cpu *cpu, uint32_t address)
{
    (*(unsigned *)context)++;
    return address == CODE + 4;
}

START_TEST(hook_stops_before_an_instruction)
{
    struct machine *m = test_machine();
    unsigned calls = 0;
    const struct cpu_watch watch = {.context = &calls, .instruction = stop_at};
    put_hex(m, CODE, "A71A0001 A7F4FFFE");
    cpu_set_watch(m->cpu, &watch);
    go(m, PSW_EC | CODE);
    ck_assert_int_eq(cpu_run(m->cpu, 100), CPU_EXIT_STOP);
    ck_assert_int_eq(cpu_get_state(m->cpu), CPU_STOPPED);
    ck_assert_uint_eq(cpu_psw(m->cpu) & PSW_ADDRESS, CODE + 4);
    ck_assert_uint_eq(cpu_instructions(m->cpu), 1);
    ck_assert_uint_eq(calls, 2);
    cpu_start(m->cpu); /* goes on, and stops when it comes there again */
    ck_assert_int_eq(cpu_run(m->cpu, 100), CPU_EXIT_STOP);
    ck_assert_uint_eq(cpu_instructions(m->cpu), 3);
    machine_destroy(m);
}
END_TEST

/* A program in more blocks than decoded tables are kept of, twice around. */
START_TEST(code_everywhere)
{
    struct machine *m = machine_create(16u << 20, CLOCK_VIRTUAL);
    ck_assert_ptr_nonnull(m);
    cpu_reset(m->cpu, true);
    const uint32_t blocks = 5000;
    for (uint32_t k = 1; k <= blocks; k++) {
        uint32_t at = k * STORAGE_BLOCK + 8,
                 to = k < blocks ? at + STORAGE_BLOCK : STORAGE_BLOCK + 8;
        put_hex(m, at, "A72A0001 C0F4"); /* AHI 2,1; BRCL 15 */
        set32(m, at + 6, (uint32_t)((int32_t)(to - at - 4) / 2));
    }
    go(m, PSW_EC | (STORAGE_BLOCK + 8));
    ck_assert_int_eq(cpu_run(m->cpu, 4 * blocks), CPU_EXIT_LIMIT);
    ck_assert_uint_eq(cpu_regs(m->cpu)->gr[2], 2 * blocks);
    ck_assert_uint_eq(cpu_psw(m->cpu) & PSW_ADDRESS, STORAGE_BLOCK + 8);
    machine_destroy(m);
}
END_TEST

/* Real 0-FFF and the prefix's block change places, for the CPU's low storage, its keys and its
 * tables; STPX gives the prefix back; a CPU reset keeps it, an initial CPU reset does not. */
START_TEST(prefixing)
{
    struct machine *m = test_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    for (uint32_t at = 0x58; at <= 0x78; at += 8)
        set64(m, 0x5000 + at, PSW_EC | PSW_WAIT | (0x5000 + at));
    set32(m, 0x2000, 0xff005fff);
    r->gr[2] = 0x2000;
    ck_assert_uint_eq(one(m, "b210 2000"), 0);
    ck_assert_uint_eq(cpu_prefix(m->cpu), 0x5000);
    ck_assert_uint_eq(one(m, "b211 2004"), 0);
    ck_assert_uint_eq(at32(m, 0x2004), 0x5000);
    /* A word stored at real 200 lies at absolute 5200, one at real 5200 at absolute 200. */
    r->gr[1] = 0x11223344;
    r->gr[3] = 0x5000;
    ck_assert_uint_eq(one(m, "5010 0200"), 0);
    ck_assert_uint_eq(at32(m, 0x5200), 0x11223344);
    r->gr[1] = 0x55667788;
    ck_assert_uint_eq(one(m, "5010 3200"), 0);
    ck_assert_uint_eq(at32(m, 0x200), 0x55667788);
    /* A supervisor call goes through the prefix's block. */
    set64(m, 0x5060, PSW_EC | PSW_WAIT | 0x5060);
    put_hex(m, CODE, "0a07");
    go(m, PSW_EC | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x5060);
    ck_assert_uint_eq(at16(m, 0x508a), 7);
    ck_assert_uint_eq(at64(m, 0x5020) & PSW_ADDRESS, CODE + 2);
    /* Keys belong to absolute blocks. */
    r->gr[1] = 0xa0;
    r->gr[2] = 0;
    ck_assert_uint_eq(one(m, "0812"), 0);
    ck_assert_uint_eq(m->storage.keys[0x5000 / STORAGE_BLOCK] & 0xf0, 0xa0);
    m->storage.keys[0x5000 / STORAGE_BLOCK] = 0;
    cpu_reset(m->cpu, false);
    ck_assert_uint_eq(cpu_prefix(m->cpu), 0x5000);
    cpu_store_status(m->cpu);
    ck_assert_uint_eq(at32(m, 0x108), 0x5000);
    cpu_reset(m->cpu, true);
    ck_assert_uint_eq(cpu_prefix(m->cpu), 0);
    r->gr[2] = 0x2000;
    set32(m, 0x2000, 0x00fff000); /* no such storage */
    ck_assert_uint_eq(one(m, "b210 2000"), 16 + PGM_ADDRESSING);
    machine_destroy(m);
}
END_TEST

/* One CPU, at address 0: it can signal itself; other addresses are not operational. */
START_TEST(signal_processor)
{
    struct machine *m = test_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    r->gr[2] = 0x2000;
    set32(m, 0x2000, 0xffffffff);
    ck_assert_uint_eq(one(m, "b212 2000"), 0);
    ck_assert_uint_eq(at32(m, 0x2000), 0x0000ffff);
    r->gr[3] = 1;
    ck_assert_uint_eq(one(m, "ae13 0001"), 3);
    r->gr[3] = 0;
    r->gr[1] = 0x77;
    ck_assert_uint_eq(one(m, "ae13 0001"), 0); /* sense: nothing to tell, no status */
    ck_assert_uint_eq(r->gr[1], 0x77);
    ck_assert_uint_eq(one(m, "ae13 000a"), 1); /* no such order */
    ck_assert_uint_eq(r->gr[1], SIGNAL_STATUS_INVALID_ORDER);
    ck_assert_uint_eq(one(m, "ae13 0002"), 0); /* external call, and one more while it pends */
    ck_assert_uint_eq(one(m, "ae13 0002"), 1);
    ck_assert_uint_eq(r->gr[1], SIGNAL_STATUS_CALL_PENDING);
    ck_assert_uint_eq(one(m, "ae13 0003"), 0); /* emergency signal: it comes first */
    r->cr[0] |= CR0_EMERGENCY_MASK | CR0_CALL_MASK;
    put_new_psws(m);
    go(m, PSW_EC | PSW_EXTERNAL | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x58);
    ck_assert_uint_eq(at16(m, 0x86), EXT_EMERGENCY_SIGNAL);
    go(m, PSW_EC | PSW_EXTERNAL | CODE);
    ck_assert_uint_eq(run_until_wait(m), 0x58);
    ck_assert_uint_eq(at16(m, 0x86), EXT_EXTERNAL_CALL);
    /* Stop: this instruction is completed, the next is not begun. */
    put_hex(m, CODE, "ae13 0005 4110 0001");
    r->gr[1] = 0;
    go(m, PSW_EC | CODE);
    (void)cpu_run(m->cpu, 100);
    ck_assert_int_eq(cpu_get_state(m->cpu), CPU_STOPPED);
    ck_assert_uint_eq(cpu_psw(m->cpu) & PSW_ADDRESS, CODE + 4);
    ck_assert_uint_eq(r->gr[1], 0);
    /* Initial CPU reset of itself. */
    put_hex(m, CODE, "ae13 000b");
    r->cr[1] = 1;
    go(m, PSW_EC | CODE);
    (void)cpu_run(m->cpu, 100);
    ck_assert_int_eq(cpu_get_state(m->cpu), CPU_STOPPED);
    ck_assert_uint_eq(cpu_psw(m->cpu), 0);
    ck_assert_uint_eq(r->cr[1], 0);
    machine_destroy(m);
}
END_TEST

/* DXR: (1/3) * 3 quotients whose digits are known. */
START_TEST(extended_divide)
{
    struct machine *m = test_machine();
    struct cpu_state_regs *r = cpu_regs(m->cpu);
    r->fpr[0] = 0x4110000000000000; /* 1 */
    r->fpr[1] = 0x3300000000000000;
    r->fpr[2] = 0xc130000000000000; /* -3 */
    r->fpr[3] = 0xb300000000000000;
    ck_assert_uint_eq(one(m, "b22d 0004"), 0);
    ck_assert_uint_eq(r->fpr[0], 0xc055555555555555);
    ck_assert_uint_eq(r->fpr[1], 0xb255555555555555);
    r->fpr[2] = 0x4100000000000000;
    r->fpr[3] = 0;
    ck_assert_uint_eq(one(m, "b22d 0004"), 16 + PGM_FLOATING_DIVIDE);
    ck_assert_uint_eq(r->fpr[0], 0xc055555555555555);
    ck_assert_uint_eq(one(m, "b22d 0024"), 16 + PGM_SPECIFICATION);
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
    tcase_add_test(t, privileged_in_problem_state);
    tcase_add_test(t, every_row_is_found);
    tcase_add_test(t, storage_keys);
    tcase_add_test(t, storage_keys_of_4k);
    tcase_add_test(t, psw_key);
    tcase_add_test(t, load_real_address);
    tcase_add_test(t, invalidate_and_purge);
    tcase_add_test(t, system_masks);
    tcase_add_test(t, control_registers);
    tcase_add_test(t, clocks);
    tcase_add_test(t, facility_off);
    tcase_add_test(t, channel_stores_code);
    tcase_add_test(t, counts_exactly);
    tcase_add_test(t, code_everywhere);
    tcase_add_test(t, prefixing);
    tcase_add_test(t, signal_processor);
    tcase_add_test(t, extended_divide);
    tcase_add_test(t, hook_stops_before_an_instruction);
    return t;
}

int main(void)
{
    Suite *s = suite_create("cpu control");
    suite_add_tcase(s, tests("fast", NULL));
    suite_add_tcase(s, tests("plain", plain));
    return run_suite(s);
}

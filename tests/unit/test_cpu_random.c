/* Random storage as a program, with all privileges: the fast loop and the plain interpreter
 * must come to the same registers, PSW, keys, storage and instruction count, and neither may
 * crash or hang.  Programs store into themselves, translate by random tables, load random
 * PSWs, start I/O on nothing. */
#include "tests/unit/cpu_test.h"
#include "tests/unit/run_suite.h"

#define SIZE     0x20000u
#define PROGRAMS 150
#define SLICES   20

static uint64_t state;

static uint32_t random32(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 32);
}

/* Addresses in storage, mostly even; sometimes anything. */
static uint32_t place(void)
{
    uint32_t r = random32();
    return r & 7 ? r % SIZE & ~1u : r;
}

/* Identity tables at 8000 with a few pages missing or exchanged. */
static void fill_tables(struct machine *m)
{
    uint8_t *p = m->storage.main;
    for (uint32_t k = 0; k < 16; k++)
        store_be32(p + 0x8000 + 4 * k, k < 2 ? 0xf0009000 + 32 * k : 1);
    for (uint32_t k = 0; k < 32; k++) {
        uint32_t frame = random32() % 8 ? k : random32() % 34;
        store_be16(p + 0x9000 + 2 * k, frame << 4 | (random32() % 16 ? 0 : PTE4K_INVALID));
    }
}

static struct machine *fill(uint64_t seed, bool plain)
{
    state = seed;
    test_plain = plain;
    struct machine *m = machine_create(SIZE, CLOCK_VIRTUAL);
    ck_assert_ptr_nonnull(m);
    cpu_reset(m->cpu, true);
    if (plain) {
        static const struct cpu_watch watch = {.instruction = test_no_stop};
        cpu_set_watch(m->cpu, &watch);
    }
    static const uint8_t common[] = {0x58, 0x50, 0x41, 0xd2, 0x47, 0x07, 0x18, 0x1a, 0x90, 0x98,
                                     0xa7, 0x44, 0x45, 0x05, 0x92, 0x95, 0xd7, 0x0e, 0xb2, 0x82};
    for (uint32_t k = 0; k < SIZE; k += 2) {
        uint32_t r = random32();
        m->storage.main[k] = r & 3 ? common[(r >> 8) % sizeof common] : (uint8_t)(r >> 16);
        m->storage.main[k + 1] = (uint8_t)(r >> 24);
    }
    for (uint32_t at = 0; at <= 0x78; at += 8)
        set64(m, at, (uint64_t)(random32() & 0x0709) << 48 | place());
    if (random32() & 1)
        fill_tables(m);
    for (unsigned k = 0; k < SIZE / STORAGE_BLOCK; k++)
        m->storage.keys[k] = random32() % 4 ? 0 : (uint8_t)(random32() & 0x3e);
    for (unsigned k = 0; k < 16; k++)
        cpu_regs(m->cpu)->gr[k] = place();
    cpu_set_cr(m->cpu, 0, CR0_RESET | CR0_PAGE_4K | CR0_SEGMENT_64K);
    cpu_set_cr(m->cpu, 1, 0x8000);
    uint64_t mode = random32() & 1 ? PSW_EC | (random32() & 1 ? PSW_EC_TRANSLATE : 0) : 0;
    (void)cpu_load_psw(m->cpu, mode | (random32() % 1024 * 2 + 0x400));
    cpu_start(m->cpu);
    return m;
}

START_TEST(both_loops_agree)
{
    struct machine *a = fill((uint64_t)_i * 7919 + 1, false);
    struct machine *b = fill((uint64_t)_i * 7919 + 1, true);
    for (unsigned k = 0; k < SLICES; k++) {
        enum cpu_exit x = cpu_run(a->cpu, 100 + k), y = cpu_run(b->cpu, 100 + k);
        ck_assert_int_eq(x, y);
        cpu_timers_update(a->cpu);
        cpu_timers_update(b->cpu);
        ck_assert_uint_eq(cpu_instructions(a->cpu), cpu_instructions(b->cpu));
        ck_assert_uint_eq(cpu_psw(a->cpu), cpu_psw(b->cpu));
        ck_assert_mem_eq(cpu_regs(a->cpu), cpu_regs(b->cpu), sizeof(struct cpu_state_regs));
        ck_assert_mem_eq(a->storage.main, b->storage.main, SIZE);
        ck_assert_mem_eq(a->storage.keys, b->storage.keys, SIZE / STORAGE_BLOCK);
        if (x == CPU_EXIT_WAIT) { /* on from somewhere else */
            uint64_t psw = place();
            (void)cpu_load_psw(a->cpu, psw);
            (void)cpu_load_psw(b->cpu, psw);
        }
    }
    machine_destroy(a);
    machine_destroy(b);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cpu random");
    TCase *t = tcase_create("random");
    tcase_add_loop_test(t, both_loops_agree, 0, PROGRAMS);
    suite_add_tcase(s, t);
    return run_suite(s);
}

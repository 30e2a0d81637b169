/* Proves: the machine's clocks; that a waiting machine sleeps until an event or a timer is
 * due and uses no host CPU; that the virtual clock skips to it; that events end a slice of
 * instructions in time; what the resets clear; IPL messages. */
#include "tests/unit/machine_fixture.h"
#include "tests/unit/run_suite.h"

#include <sys/resource.h>
#include <uv.h>

#define MS UINT64_C(1000000)

static void teardown(void)
{
    fixture_close();
}

static void open_host(void)
{
    fixture_open(CLOCK_HOST);
}

static void open_virtual(void)
{
    fixture_open(CLOCK_VIRTUAL);
}

/* EC mode, waiting, enabled for external interruptions; those load a disabled wait. */
static void wait_for_external(void)
{
    poke(0x58, "000A0000 00000E0E");
    ck_assert(cpu_load_psw(machine->cpu, UINT64_C(0x010a000000000000)));
    cpu_start(machine->cpu);
}

static struct event end;

static void quit_now(struct machine *m, struct event *event)
{
    machine_quit(m, 5);
}

static void run_for(uint64_t ns)
{
    end.happen = quit_now;
    machine->quit = false;
    event_schedule(&machine->events, &end, machine_now(machine) + ns);
    ck_assert_int_eq(machine_run(machine), 5);
}

START_TEST(tod_clock)
{
    /* 1980-01-01 12:00:00 UTC is 2524564800 seconds after 1900-01-01. */
    ck_assert_uint_eq(machine_tod(machine) >> 12, UINT64_C(2524564800) * 1000000);
    machine_set_tod(machine, UINT64_C(0x8000000000000000));
    ck_assert_uint_eq(machine_tod(machine) >> 12, UINT64_C(0x8000000000000000) >> 12);
    wait_for_external();
    run_for(1000 * MS);
    ck_assert_uint_eq(machine_tod(machine) >> 12, (UINT64_C(0x8000000000000000) >> 12) + 1000000);
}
END_TEST

START_TEST(virtual_time_is_skipped)
{
    uint64_t begun = uv_hrtime();
    wait_for_external();
    run_for(3600 * 1000 * MS);
    ck_assert_uint_eq(machine_now(machine), 3600 * 1000 * MS);
    ck_assert_uint_lt(uv_hrtime() - begun, 5000 * MS);
}
END_TEST

static bool was_interrupted(void)
{
    return (cpu_psw(machine->cpu) & 0xffffff) == 0xe0e;
}

/* The clock comparator ends the wait at its time. */
static void comparator(void)
{
    uint8_t value[8];
    store_be64(value, machine_tod(machine) + ((uint64_t)20000 << 12)); /* 20 ms */
    storage_poke(&machine->storage, 0x900, value, 8);
    poke(0x800, "B2060900 82000810"); /* SCKC 900; LPSW 810 */
    poke(0x810, "010A0000 00000000");
    poke(0x58, "000A0000 00000E0E");
    cpu_set_cr(machine->cpu, 0, 0x00000800);
    cpu_load_psw(machine->cpu, UINT64_C(0x0008000000000800));
    uint64_t begun = machine_now(machine);
    cpu_start(machine->cpu);
    run_until(was_interrupted);
    ck_assert_uint_ge(machine_now(machine) - begun, 20 * MS);
}

static void quit_by_timer(uv_timer_t *timer)
{
    machine_quit(timer->data, 7);
}

/* A program that has no use for the CPU timer sets it to years: time does not run away. */
START_TEST(far_timer_is_waited_for)
{
    uv_timer_t host;
    uv_timer_init(machine->loop, &host);
    host.data = machine;
    uv_timer_start(&host, quit_by_timer, 50, 0);
    poke(0x100, "4000000000000000");
    poke(0x1000, "B2080100 82000F00"); /* SPT, LPSW */
    poke(0xf00, "010A0000 00000000");
    cpu_set_cr(machine->cpu, 0, 0x400); /* CPU timer */
    poke(0x58, "000A0000 00000E0E");
    ck_assert(cpu_load_psw(machine->cpu, UINT64_C(0x0008000000001000)));
    cpu_start(machine->cpu);
    ck_assert_int_eq(machine_run(machine), 7);
    ck_assert_uint_lt(machine_now(machine), 1000 * MS);
    ck_assert_int_eq(cpu_get_state(machine->cpu), CPU_WAIT);
    uv_close((uv_handle_t *)&host, NULL);
    uv_run(machine->loop, UV_RUN_NOWAIT);
}
END_TEST

START_TEST(comparator_virtual)
{
    comparator();
}
END_TEST

START_TEST(comparator_host)
{
    comparator();
}
END_TEST

static uint64_t host_cpu_ns(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 * MS +
           (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

START_TEST(idle_uses_no_host_cpu)
{
    wait_for_external();
    uint64_t before = host_cpu_ns();
    run_for(500 * MS);
    ck_assert_uint_lt(host_cpu_ns() - before, 50 * MS);
}
END_TEST

static uint64_t happened_at;

static void note_time(struct machine *m, struct event *event)
{
    happened_at = machine_now(m);
}

static struct event noted = {.happen = note_time};

/* Scheduled in the middle of a slice, as devices do. */
static void schedule_noted(void *context, struct cpu *cpu, enum interruption_class class,
                           uint32_t code, uint64_t from)
{
    event_schedule(&machine->events, &noted, machine_now(machine) + 1000);
}

START_TEST(slices_end_for_events)
{
    struct cpu_watch watch = {.interruption = schedule_noted};
    poke(0x60, "00000000 00000820");
    poke(0x800, "0A0147F0 0802");
    poke(0x820, "47F00820");
    cpu_load_psw(machine->cpu, 0x800);
    cpu_set_watch(machine->cpu, &watch);
    cpu_start(machine->cpu);
    run_for(5 * MS);
    /* One instruction, then ten more: not at the end of a long slice. */
    ck_assert_uint_ge(happened_at, 1000);
    ck_assert_uint_le(happened_at, 2000);
}
END_TEST

START_TEST(resets)
{
    struct cpu_state_regs *regs = cpu_regs(machine->cpu);
    uint8_t byte = 0;
    regs->gr[3] = 7;
    regs->fpr[1] = 7;
    poke(0x1000, "5A");
    machine_system_reset(machine, false);
    ck_assert(regs->gr[3] == 7 && regs->fpr[1] == 7);
    ck_assert(storage_peek(&machine->storage, 0x1000, &byte, 1) && byte == 0x5a);
    machine_system_reset(machine, true);
    ck_assert(regs->gr[3] == 0 && regs->fpr[1] == 0);
    ck_assert(storage_peek(&machine->storage, 0x1000, &byte, 1) && byte == 0);
}
END_TEST

START_TEST(ipl_of_nothing)
{
    attach(0x00c, "3505");
    const char *error = machine_ipl(machine, 0x00c, false);
    if (!error)
        run_for(100 * MS);
    ck_assert(error || strstr(said, "IPL from 00C failed: unit status 02") ||
              strstr(said, "IPL from 00C failed"));
    ck_assert_int_eq(cpu_get_state(machine->cpu), CPU_STOPPED);
}
END_TEST

int main(void)
{
    TCase *host = tcase_create("host clock"), *virtual_ = tcase_create("virtual clock");
    tcase_add_checked_fixture(host, open_host, teardown);
    tcase_add_checked_fixture(virtual_, open_virtual, teardown);
    tcase_set_timeout(host, 300);
    tcase_set_timeout(virtual_, 300);
    tcase_add_test(virtual_, tod_clock);
    tcase_add_test(virtual_, virtual_time_is_skipped);
    tcase_add_test(virtual_, comparator_virtual);
    tcase_add_test(virtual_, far_timer_is_waited_for);
    tcase_add_test(virtual_, slices_end_for_events);
    tcase_add_test(virtual_, resets);
    tcase_add_test(virtual_, ipl_of_nothing);
    tcase_add_test(host, comparator_host);
    tcase_add_test(host, idle_uses_no_host_cpu);
    Suite *s = suite_create("machine");
    suite_add_tcase(s, host);
    suite_add_tcase(s, virtual_);
    return run_suite(s);
}

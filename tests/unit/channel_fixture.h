/* A machine without a CPU, for tests of channels and devices: real storage, real channels,
 * real events; time moves only when the test runs the events.  Linked alone, it stands in
 * for machine.c and the CPU. */
#ifndef TESTS_UNIT_CHANNEL_FIXTURE_H
#define TESTS_UNIT_CHANNEL_FIXTURE_H

#include "s370/arch/ccw.h"
#include "s370/arch/control.h"
#include "s370/io/channel.h"
#include "s370/machine.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORAGE_SIZE 0x40000u
#define ALL_CHANNELS 0xffffffffu
#define GOOD         (UNIT_CHANNEL_END | UNIT_DEVICE_END)

static struct machine machine;
static uint64_t test_now;
static char test_message[1024]; /* the last message to the operator */

uint64_t machine_now(const struct machine *m)
{
    return m == &machine ? test_now : 0;
}

void machine_message(struct machine *m, const char *format, ...)
{
    (void)m;
    va_list args;
    va_start(args, format);
    vsnprintf(test_message, sizeof test_message, format, args);
    va_end(args);
}

uint32_t cpu_prefix(const struct cpu *cpu)
{
    (void)cpu;
    return 0;
}

static struct cpu_state_regs test_regs;

struct cpu_state_regs *cpu_regs(struct cpu *cpu)
{
    (void)cpu;
    return &test_regs;
}

void cpu_io_pending(struct cpu *cpu)
{
    (void)cpu;
}

static inline void fixture_setup(void)
{
    memset(&machine, 0, sizeof machine);
    memset(&test_regs, 0, sizeof test_regs);
    test_regs.cr[0] = CR0_BLOCK_MULTIPLEX;
    test_now = 1000;
    ck_assert(storage_init(&machine.storage, STORAGE_SIZE));
    machine.channels = channels_create(&machine);
}

static inline void fixture_teardown(void)
{
    channels_destroy(machine.channels);
    storage_free(&machine.storage);
}

static inline void attach(uint16_t address, const char *type, int argc, ...)
{
    char *argv[8];
    va_list args;
    va_start(args, argc);
    for (int i = 0; i < argc; i++)
        argv[i] = va_arg(args, char *);
    va_end(args);
    const char *wrong = device_attach(&machine, address, type, argc, argv);
    ck_assert_msg(wrong == NULL, "%s", wrong);
}

/* Lets at most `count` events happen. */
static inline void run_some_events(unsigned count)
{
    struct event *event;
    while (machine.events.first && count--) {
        if (machine.events.first->when > test_now)
            test_now = machine.events.first->when;
        event = event_take(&machine.events, test_now);
        event->happen(&machine, event);
    }
}

static inline void run_events(void)
{
    run_some_events(10000);
}

static inline uint8_t *at(uint32_t address)
{
    return machine.storage.main + address;
}

/* Puts a CCW to `address` and returns the address behind it. */
static inline uint32_t put_ccw(uint32_t address, uint8_t command, uint32_t data, uint8_t flags,
                               uint16_t count)
{
    struct ccw ccw = {.command = command, .flags = flags};
    put24(&ccw.address, data);
    put16(&ccw.count, count);
    memcpy(at(address), &ccw, sizeof ccw);
    return address + 8;
}

static inline int start(uint16_t device, uint8_t key, uint32_t program)
{
    store_be32(at(0x48), (uint32_t)key << 28 | program);
    return channel_start_io(&machine, device, false);
}

static inline struct csw stored_csw(void)
{
    struct csw csw;
    memcpy(&csw, at(0x40), sizeof csw);
    return csw;
}

/* Takes the interruption that must be pending for `device` and returns its CSW. */
static inline struct csw interruption(uint16_t device)
{
    uint16_t address = 0;
    ck_assert(channel_pending(&machine, ALL_CHANNELS));
    ck_assert(channel_take_interrupt(&machine, ALL_CHANNELS, &address));
    ck_assert_uint_eq(address, device);
    return stored_csw();
}

static inline void no_interruption(void)
{
    ck_assert(!channel_pending(&machine, ALL_CHANNELS));
}

/* A command whose data chain is a loop, at 256 bytes of BUFFER: it goes on in steps, of which each
 * comes to an end, and HALT I/O ends it. */
static inline void endless_data(uint16_t device, uint8_t command, uint32_t program, uint32_t buffer)
{
    put_ccw(put_ccw(program, command, buffer, CCW_CHAIN_DATA, 256), 0x08, program, 0, 1);
    ck_assert_int_eq(start(device, 0, program), 0);
    run_some_events(20);
    ck_assert(machine.events.first != NULL);
    ck_assert(!channel_pending(&machine, ALL_CHANNELS));
    ck_assert_int_ne(channel_halt_io(&machine, device), 0);
    run_events();
    (void)interruption(device);
    ck_assert_ptr_null(machine.events.first);
    ck_assert_int_eq(channel_test_io(&machine, device), 0);
}

/* Runs the program at `program` to its end; returns the interruption's CSW. */
static inline struct csw run_program(uint16_t device, uint32_t program)
{
    ck_assert_int_eq(start(device, 0, program), 0);
    run_events();
    return interruption(device);
}

#define ck_assert_csw(stored, unit, channel)                                                       \
    do {                                                                                           \
        struct csw c_ = (stored);                                                                  \
        ck_assert_uint_eq((unsigned)c_.unit_status << 8 | c_.channel_status,                       \
                          (unsigned)(unit) << 8 | (unsigned)(channel));                            \
    } while (0)

/* Runs a suite of one test case. */
static inline int run_suite(const char *name, void (*setup)(void), void (*teardown)(void),
                            void (*add)(TCase *t))
{
    Suite *s = suite_create(name);
    TCase *t = tcase_create(name);
    tcase_add_checked_fixture(t, setup, teardown);
    add(t);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif

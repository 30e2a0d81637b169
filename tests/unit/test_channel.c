/* Proves: the I/O instructions give the condition codes and CSWs of GA22-7000; channel
 * programs chain, skip, use indirect addresses, and stop with the right channel status for
 * every error of a CCW; interruptions wait for their masks and come by priority. */
#include "channel_fixture.h"

#include <unistd.h>

/* A device whose behaviour a test sets. */
struct robot {
    struct device device;
    int status;        /* what execute returns */
    uint8_t bytes[16]; /* what reads give */
    uint32_t offered;  /* how many */
    uint8_t taken[64]; /* what writes took */
    uint32_t wanted, took;
    unsigned executed, halted, resets;
    uint8_t last;
};

#define ROBOT   0x2a0
#define PROGRAM 0x1000
#define BUFFER  0x4000
#define IDAWS   0x3000
#define CC      CCW_CHAIN_COMMAND
#define CD      CCW_CHAIN_DATA
#define SLI     CCW_SUPPRESS_LENGTH

static int robot_execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct robot *r = (struct robot *)d;
    r->executed++;
    r->last = command;
    if (CCW_IS_READ(command) || CCW_IS_READ_BACKWARD(command))
        channel_give(cp, r->bytes, r->offered);
    else if (CCW_IS_WRITE(command))
        r->took = channel_take(cp, r->taken, r->wanted);
    if (r->status & UNIT_CHECK)
        d->sense[0] = SENSE_DATA_CHECK;
    return command == 0xff ? GOOD | UNIT_STATUS_MODIFIER : r->status;
}

static void robot_halt(struct device *d)
{
    ((struct robot *)d)->halted++;
}

static void robot_reset(struct device *d)
{
    ((struct robot *)d)->resets++;
}

static const char *robot_create(struct device *d, int argc, char **argv)
{
    struct robot *r = (struct robot *)d;
    (void)argc, (void)argv;
    r->status = GOOD;
    r->offered = r->wanted = 8;
    memcpy(r->bytes, "ABCDEFGHIJKLMNO", 16);
    return NULL;
}

static const uint8_t robot_immediate[] = {0x0b, 0};

static const struct device_ops robot_ops = {
    .execute = robot_execute,
    .halt = robot_halt,
    .reset = robot_reset,
};

static const struct device_type robot_type = {
    .name = "ROBOT",
    .size = sizeof(struct robot),
    .sense_bytes = 2,
    .ops = &robot_ops,
    .immediate = robot_immediate,
    .create = robot_create,
};

/* Stands in for s370/devices/types.c. */
const struct device_type *const device_types[] = {&robot_type, NULL};

static struct robot *robot;

static void setup(void)
{
    fixture_setup();
    attach(ROBOT, "robot", 0);
    robot = (struct robot *)device_find(&machine, ROBOT);
}

/* Runs a program of one CCW. */
static struct csw run_ccw(uint8_t command, uint32_t data, uint8_t flags, uint16_t count)
{
    put_ccw(PROGRAM, command, data, flags, count);
    return run_program(ROBOT, PROGRAM);
}

START_TEST(attach_and_find)
{
    char *none = NULL;
    ck_assert(device_attach(&machine, ROBOT, "robot", 0, &none) != NULL);
    ck_assert(device_attach(&machine, 0x1000, "robot", 0, &none) != NULL);
    ck_assert(device_attach(&machine, 1, "9999", 0, &none) != NULL);
    attach(0x00f, "ROBOT", 0);
    attach(0x2a1, "robot", 0);
    attach(0x29f, "robot", 0);
    static const uint16_t order[] = {0x00f, 0x29f, 0x2a0, 0x2a1};
    struct device *d = NULL;
    for (int i = 0; i < 4; i++) {
        d = device_next(&machine, d);
        ck_assert(d && d->address == order[i] && device_find(&machine, order[i]) == d);
    }
    ck_assert(device_next(&machine, d) == NULL);
    ck_assert(device_detach(&machine, 0x00f) == NULL);
    ck_assert(device_detach(&machine, 0x00f) != NULL);
    ck_assert(device_find(&machine, 0xffff) == NULL);
}
END_TEST

START_TEST(not_operational)
{
    ck_assert_int_eq(start(0x2a1, 0, PROGRAM), 3);
    ck_assert_int_eq(channel_test_io(&machine, 0x2a1), 3);
    ck_assert_int_eq(channel_clear_io(&machine, 0x2a1), 3);
    ck_assert_int_eq(channel_halt_io(&machine, 0x2a1), 3);
    ck_assert_int_eq(channel_halt_device(&machine, 0x2a1), 3);
    ck_assert_int_eq(channel_test_channel(&machine, 0x2ff), 0);
    ck_assert_int_eq(channel_test_channel(&machine, 0x300), 3);
    ck_assert_int_eq(channel_test_channel(&machine, 0xff00), 3);
    ck_assert_int_eq(channel_store_id(&machine, 0x300), 3);
    ck_assert_int_eq(channel_store_id(&machine, 0x200), 0);
    ck_assert_uint_eq(load_be32(at(0xa8)), 0x20000000);
}
END_TEST

START_TEST(busy_and_end)
{
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    ck_assert_int_eq(channel_test_io(&machine, ROBOT), 0);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    ck_assert_int_eq(channel_test_io(&machine, ROBOT), 2);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 2);
    no_interruption();
    run_events();
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 2);
    ck_assert(channel_pending(&machine, 0x20000000));
    ck_assert(!channel_pending(&machine, 0xdfffffff));
    uint16_t address;
    ck_assert(!channel_take_interrupt(&machine, 0xdfffffff, &address));
    struct csw csw = interruption(ROBOT);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 8);
    ck_assert_uint_eq(get16(csw.count), 0);
    ck_assert_mem_eq(at(BUFFER), "ABCDEFGH", 8);
    no_interruption();
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    run_events();
    ck_assert_int_eq(channel_test_io(&machine, ROBOT), 1);
    ck_assert_csw(stored_csw(), GOOD, 0);
    no_interruption();
}
END_TEST

START_TEST(immediate)
{
    memset(at(0x40), 0x55, 8);
    put_ccw(PROGRAM, 0x0b, 0, 0, 1);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), GOOD, 0);
    ck_assert_uint_eq(*at(0x40), 0x55); /* only the status is stored */
    ck_assert_uint_eq(*at(0x46), 0x55);
    put_ccw(put_ccw(PROGRAM, CCW_NOP, 0, CC, 1), 0x0b, 0, 0, 1);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(robot->executed, 2);
}
END_TEST

START_TEST(length)
{
    struct csw csw = run_ccw(0x02, BUFFER, 0, 10);
    ck_assert_csw(csw, GOOD, CHANNEL_INCORRECT_LENGTH);
    ck_assert_uint_eq(get16(csw.count), 2);
    ck_assert_csw(run_ccw(0x02, BUFFER, SLI, 10), GOOD, 0);
    ck_assert_csw(run_ccw(0x02, BUFFER, 0, 7), GOOD, CHANNEL_INCORRECT_LENGTH);
    ck_assert_csw(run_ccw(0x02, BUFFER, SLI, 7), GOOD, 0);
    ck_assert_csw(run_ccw(0x01, BUFFER, 0, 8), GOOD, 0);
    ck_assert_csw(run_ccw(0x01, BUFFER, 0, 9), GOOD, CHANNEL_INCORRECT_LENGTH);
    /* It ends a chain of commands, unless suppressed. */
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 10), 0x02, BUFFER, 0, 8);
    csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, GOOD, CHANNEL_INCORRECT_LENGTH);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 8);
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC | SLI, 10), 0x02, BUFFER, 0, 8);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
}
END_TEST

START_TEST(data_chaining)
{
    uint32_t p = put_ccw(PROGRAM, 0x02, BUFFER, CD, 3);
    p = put_ccw(p, 0x00, BUFFER + 16, CD | CCW_SKIP, 2); /* the command does not count */
    p = put_ccw(p, CCW_TIC, PROGRAM + 64, 0, 0);
    put_ccw(PROGRAM + 64, 0, BUFFER + 32, 0, 3);
    struct csw csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 72);
    ck_assert_mem_eq(at(BUFFER), "ABC\0", 4);
    ck_assert_mem_eq(at(BUFFER + 16), "\0\0\0", 3);
    ck_assert_mem_eq(at(BUFFER + 32), "FGH\0", 4);
    /* Bytes left in a chained CCW. */
    robot->offered = 4;
    csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, GOOD, CHANNEL_INCORRECT_LENGTH);
    ck_assert_uint_eq(get16(csw.count), 1);
    memcpy(at(BUFFER), "abcdefgh", 8);
    p = put_ccw(PROGRAM, 0x01, BUFFER + 4, CD, 4);
    put_ccw(p, 0, BUFFER, 0, 4);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(robot->taken, "efghabcd", 8);
}
END_TEST

START_TEST(command_chaining)
{
    uint32_t p = put_ccw(PROGRAM, 0x02, BUFFER, CC, 8);
    p = put_ccw(p, 0xff, BUFFER, CC, 1); /* status modifier: over the TIC */
    p = put_ccw(p, CCW_TIC, PROGRAM + 8, 0, 0);
    p = put_ccw(p, 0xf8, PROGRAM + 64, 0, 0); /* a TIC by its low half */
    p = put_ccw(PROGRAM + 64, 0x01, BUFFER, CC, 8);
    put_ccw(p, 0x12, BUFFER, 0, 8);
    struct csw csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 80);
    ck_assert_uint_eq(robot->executed, 4);
    ck_assert_uint_eq(robot->last, 0x12);
    robot->status = GOOD | UNIT_CHECK;
    csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, GOOD | UNIT_CHECK, 0);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 8);
    ck_assert_uint_eq(robot->executed, 5);
    robot->status = GOOD | UNIT_EXCEPTION;
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD | UNIT_EXCEPTION, 0);
    ck_assert_uint_eq(robot->executed, 6);
}
END_TEST

START_TEST(sense)
{
    robot->status = GOOD | UNIT_CHECK;
    run_ccw(0x02, BUFFER, 0, 8);
    run_ccw(CCW_SENSE, BUFFER, 0, 2);
    ck_assert_uint_eq(load_be16(at(BUFFER)), SENSE_DATA_CHECK << 8);
    run_ccw(CCW_SENSE, BUFFER, 0, 2);
    ck_assert_uint_eq(load_be16(at(BUFFER)), 0);
    ck_assert_csw(run_ccw(CCW_SENSE_ID, BUFFER, 0, 7), GOOD | UNIT_CHECK, 0);
    run_ccw(CCW_SENSE, BUFFER, 0, 2);
    ck_assert_uint_eq(*at(BUFFER), SENSE_COMMAND_REJECT);
}
END_TEST

/* SIO refuses the program: condition code 1 and this channel status, no operation. */
static void expect_refused(uint8_t key, uint32_t program, uint8_t status)
{
    unsigned executed = robot->executed;
    ck_assert_int_eq(start(ROBOT, key, program), 1);
    ck_assert_csw(stored_csw(), 0, status);
    run_events();
    no_interruption();
    ck_assert_uint_eq(robot->executed, executed);
}

START_TEST(bad_first_ccw)
{
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    expect_refused(0, PROGRAM | 0x01000000, CHANNEL_PROGRAM_CHECK);
    expect_refused(0, PROGRAM + 4, CHANNEL_PROGRAM_CHECK);
    expect_refused(0, STORAGE_SIZE, CHANNEL_PROGRAM_CHECK);
    put_ccw(PROGRAM, 0x00, BUFFER, 0, 8);
    expect_refused(0, PROGRAM, CHANNEL_PROGRAM_CHECK);
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 0);
    expect_refused(0, PROGRAM, CHANNEL_PROGRAM_CHECK);
    put_ccw(PROGRAM, 0x02, BUFFER, 0x02, 8);
    expect_refused(0, PROGRAM, CHANNEL_PROGRAM_CHECK);
    put_ccw(PROGRAM, CCW_TIC, PROGRAM + 64, 0, 8);
    expect_refused(0, PROGRAM, CHANNEL_PROGRAM_CHECK);
    put_ccw(PROGRAM, 0x02, IDAWS + 2, CCW_INDIRECT, 8);
    expect_refused(0, PROGRAM, CHANNEL_PROGRAM_CHECK);
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    machine.storage.keys[PROGRAM / STORAGE_BLOCK] = 0x38;
    expect_refused(4, PROGRAM, CHANNEL_PROTECTION_CHECK);
}
END_TEST

/* The program ends with this channel status and this address in the CSW. */
static void expect_check(uint8_t key, uint8_t unit, uint8_t status, uint32_t address)
{
    ck_assert_int_eq(start(ROBOT, key, PROGRAM), 0);
    run_events();
    struct csw csw = interruption(ROBOT);
    ck_assert_csw(csw, unit, status);
    ck_assert_uint_eq(get24(csw.address), address);
    ck_assert_uint_eq(csw.key, key << 4);
}

START_TEST(later_checks)
{
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0x10, BUFFER, 0, 8);
    expect_check(0, 0, CHANNEL_PROGRAM_CHECK, PROGRAM + 16);
    put_ccw(PROGRAM + 8, CCW_TIC, PROGRAM + 20, 0, 0);
    expect_check(0, 0, CHANNEL_PROGRAM_CHECK, PROGRAM + 16);
    put_ccw(PROGRAM + 8, CCW_TIC, PROGRAM + 24, 0, 0);
    put_ccw(PROGRAM + 24, CCW_TIC, PROGRAM, 0, 0);
    expect_check(0, 0, CHANNEL_PROGRAM_CHECK, PROGRAM + 16);
    put_ccw(PROGRAM + 8, CCW_TIC, STORAGE_SIZE, 0, 0);
    expect_check(0, 0, CHANNEL_PROGRAM_CHECK, PROGRAM + 16);
    /* The end of storage. */
    put_ccw(PROGRAM, 0x02, STORAGE_SIZE - 4, 0, 8);
    expect_check(0, GOOD, CHANNEL_PROGRAM_CHECK, PROGRAM + 8);
    put_ccw(PROGRAM, 0x01, STORAGE_SIZE, 0, 8);
    expect_check(0, GOOD, CHANNEL_PROGRAM_CHECK, PROGRAM + 8);
    /* Keys: stores need the same, fetches only with fetch protection. */
    machine.storage.keys[BUFFER / STORAGE_BLOCK] = 0x30;
    memset(at(BUFFER), 0, 8);
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    expect_check(4, GOOD, CHANNEL_PROTECTION_CHECK, PROGRAM + 8);
    ck_assert_uint_eq(*at(BUFFER), 0);
    expect_check(3, GOOD, 0, PROGRAM + 8);
    put_ccw(PROGRAM, 0x01, BUFFER, 0, 8);
    expect_check(4, GOOD, 0, PROGRAM + 8);
    machine.storage.keys[BUFFER / STORAGE_BLOCK] = 0x38;
    expect_check(4, GOOD, CHANNEL_PROTECTION_CHECK, PROGRAM + 8);
    put_ccw(PROGRAM, 0x02, BUFFER, CCW_SKIP, 8); /* nothing is stored */
    expect_check(4, GOOD, 0, PROGRAM + 8);
}
END_TEST

START_TEST(indirect)
{
    store_be32(at(IDAWS), BUFFER + STORAGE_BLOCK - 3);
    store_be32(at(IDAWS + 4), BUFFER + 4 * STORAGE_BLOCK);
    ck_assert_csw(run_ccw(0x02, IDAWS, CCW_INDIRECT, 8), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER + STORAGE_BLOCK - 3), "ABC\0", 4);
    ck_assert_mem_eq(at(BUFFER + 4 * STORAGE_BLOCK), "DEFGH", 5);
    memset(robot->taken, 0, sizeof robot->taken);
    ck_assert_csw(run_ccw(0x01, IDAWS, CCW_INDIRECT, 8), GOOD, 0);
    ck_assert_mem_eq(robot->taken, "ABCDEFGH", 8);
    /* A bad second word counts only when it takes control. */
    store_be32(at(IDAWS + 4), BUFFER + 4 * STORAGE_BLOCK + 1);
    robot->offered = 3;
    ck_assert_csw(run_ccw(0x02, IDAWS, CCW_INDIRECT, 3), GOOD, 0);
    robot->offered = 8;
    ck_assert_csw(run_ccw(0x02, IDAWS, CCW_INDIRECT, 8), GOOD, CHANNEL_PROGRAM_CHECK);
    store_be32(at(IDAWS), 0x01000000 | BUFFER);
    ck_assert_uint_eq(run_ccw(0x02, IDAWS, CCW_INDIRECT, 8).channel_status & CHANNEL_PROGRAM_CHECK,
                      CHANNEL_PROGRAM_CHECK);
}
END_TEST

START_TEST(backward)
{
    memset(at(BUFFER), 0, 16);
    ck_assert_csw(run_ccw(0x0c, BUFFER + 7, 0, 8), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), "HGFEDCBA", 8);
    store_be32(at(IDAWS), BUFFER + STORAGE_BLOCK + 1);
    store_be32(at(IDAWS + 4), BUFFER + STORAGE_BLOCK - 1);
    ck_assert_csw(run_ccw(0x0c, IDAWS, CCW_INDIRECT, 8), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER + STORAGE_BLOCK - 6), "HGFEDCBA", 8);
}
END_TEST

START_TEST(program_controlled)
{
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0x02, BUFFER, CCW_PCI, 8);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, CHANNEL_PCI);
    /* While the program still runs it is an interruption of its own. */
    robot->status = COMMAND_PENDING;
    put_ccw(PROGRAM, 0x02, BUFFER, CCW_PCI, 8);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    struct csw csw = interruption(ROBOT);
    ck_assert_csw(csw, 0, CHANNEL_PCI);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 8);
    run_events();
    no_interruption();
    channel_command_done(&robot->device, GOOD);
    ck_assert_csw(interruption(ROBOT), GOOD, 0);
}
END_TEST

START_TEST(halt_and_clear)
{
    robot->status = COMMAND_PENDING;
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    memset(at(0x40), 0x55, 8);
    ck_assert_int_eq(channel_halt_io(&machine, ROBOT), 1);
    ck_assert_csw(stored_csw(), 0, 0);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    run_events();
    ck_assert_int_eq(channel_halt_device(&machine, ROBOT), 1);
    ck_assert_uint_eq(robot->halted, 1);
    ck_assert_int_eq(channel_halt_device(&machine, ROBOT), 0);
    ck_assert_csw(interruption(ROBOT), GOOD, 0);
    channel_command_done(&robot->device, GOOD); /* too late: ignored */
    no_interruption();
    ck_assert_int_eq(channel_clear_io(&machine, ROBOT), 0);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    run_events();
    ck_assert_int_eq(channel_clear_io(&machine, ROBOT), 1);
    ck_assert_uint_eq(robot->halted, 2);
    no_interruption();
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    channels_reset(&machine);
    ck_assert_uint_eq(robot->resets, 1);
    run_events();
    no_interruption();
    ck_assert_int_eq(channel_test_io(&machine, ROBOT), 0);
}
END_TEST

START_TEST(device_end_later)
{
    robot->status = UNIT_CHANNEL_END;
    ck_assert_csw(run_ccw(0x02, BUFFER, 0, 8), UNIT_CHANNEL_END, 0);
    device_status(&robot->device, UNIT_DEVICE_END);
    struct csw csw = interruption(ROBOT);
    ck_assert_csw(csw, UNIT_DEVICE_END, 0);
    ck_assert_uint_eq(get24(csw.address), 0);
    /* A chain waits for it. */
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0x12, BUFFER, 0, 8);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    run_events();
    no_interruption();
    ck_assert_uint_eq(robot->last, 0x02);
    robot->status = GOOD;
    device_status(&robot->device, UNIT_DEVICE_END);
    run_events();
    ck_assert_csw(interruption(ROBOT), GOOD, 0);
    ck_assert_uint_eq(robot->last, 0x12);
}
END_TEST

START_TEST(unsolicited)
{
    device_status(&robot->device, UNIT_ATTENTION);
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_ATTENTION | UNIT_BUSY, 0);
    no_interruption();
    device_status(&robot->device, UNIT_ATTENTION);
    ck_assert_int_eq(channel_test_io(&machine, ROBOT), 1);
    ck_assert_csw(stored_csw(), UNIT_ATTENTION, 0);
    /* While a program runs it waits for its end. */
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    device_status(&robot->device, UNIT_ATTENTION);
    no_interruption();
    run_events();
    ck_assert_csw(interruption(ROBOT), GOOD, 0);
    ck_assert_csw(interruption(ROBOT), UNIT_ATTENTION, 0);
    no_interruption();
}
END_TEST

START_TEST(priority)
{
    attach(0x009, "robot", 0);
    attach(0x2a1, "robot", 0);
    attach(0x130, "robot", 0);
    static const uint16_t order[] = {0x009, 0x130, 0x2a0, 0x2a1};
    for (int i = 3; i >= 0; i--)
        device_status(device_find(&machine, order[i]), UNIT_ATTENTION);
    uint16_t address;
    ck_assert(channel_take_interrupt(&machine, 0x3fffffff, &address));
    ck_assert_uint_eq(address, 0x2a0);
    interruption(0x009);
    interruption(0x130);
    interruption(0x2a1);
    no_interruption();
}
END_TEST

/* A program that loops for ever leaves the machine its time. */
START_TEST(endless)
{
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), CCW_TIC, PROGRAM, 0, 0);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    uint64_t before = test_now;
    run_events();
    ck_assert(test_now > before && robot->executed > 1000);
    ck_assert_int_eq(channel_halt_device(&machine, ROBOT), 1);
    interruption(ROBOT);
}
END_TEST

static unsigned seen[3], seen_codes;
static uint32_t seen_ccw;

static void count_events(void *context, const struct channel_watch_event *event)
{
    ck_assert_ptr_eq(context, seen);
    ck_assert_ptr_eq(event->device, robot);
    seen[event->kind]++;
    if (event->kind == WATCH_START)
        seen_codes = seen_codes * 10 + (unsigned)event->condition_code;
    if (event->kind == WATCH_COMMAND) {
        seen_ccw = event->ccw_address;
        ck_assert_uint_eq(event->unit_status, GOOD);
        ck_assert_uint_eq(event->residual, 2);
        ck_assert_uint_eq(get16(event->ccw.count), 10);
    }
}

/* The glass box hears of starts, commands and interruptions. */
START_TEST(watched)
{
    channel_set_watch(&machine, count_events, seen);
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC | SLI, 10), 0x02, BUFFER, SLI, 10);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 2);
    run_events();
    interruption(ROBOT);
    ck_assert_uint_eq(seen_codes, 2);
    ck_assert_uint_eq(seen_ccw, PROGRAM + 8);
    ck_assert(seen[WATCH_START] == 2 && seen[WATCH_COMMAND] == 2 && seen[WATCH_INTERRUPTION] == 1);
    channel_set_watch(&machine, NULL, NULL);
    run_program(ROBOT, PROGRAM);
    ck_assert_uint_eq(seen[WATCH_START], 2);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, attach_and_find);
    tcase_add_test(t, not_operational);
    tcase_add_test(t, busy_and_end);
    tcase_add_test(t, immediate);
    tcase_add_test(t, length);
    tcase_add_test(t, data_chaining);
    tcase_add_test(t, command_chaining);
    tcase_add_test(t, sense);
    tcase_add_test(t, bad_first_ccw);
    tcase_add_test(t, later_checks);
    tcase_add_test(t, indirect);
    tcase_add_test(t, backward);
    tcase_add_test(t, program_controlled);
    tcase_add_test(t, halt_and_clear);
    tcase_add_test(t, device_end_later);
    tcase_add_test(t, unsolicited);
    tcase_add_test(t, priority);
    tcase_add_test(t, endless);
    tcase_add_test(t, watched);
}

int main(void)
{
    return run_suite("channel", setup, fixture_teardown, add);
}

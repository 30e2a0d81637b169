/* Proves, row by row, the tables of GA22-7000 about channel programs: what ends a command and a
 * chain for each combination of flags and lengths; which CCW's address and which count the CSW has;
 * what is a program check and when; when a CCW is fetched; PCI; TIC; skipping; errors of the
 * channel and their logout; several status of one device. */
#include "channel_fixture.h"

#define ROBOT   0x2a0
#define PROGRAM 0x1000
#define BUFFER  0x4000
#define CC      CCW_CHAIN_COMMAND
#define CD      CCW_CHAIN_DATA
#define SLI     CCW_SUPPRESS_LENGTH
#define PCI     CCW_PCI

/* A device whose behaviour a test sets. */
struct robot {
    struct device device;
    uint8_t status[8];  /* of each command of the chain */
    uint8_t refuses[8]; /* in the initial status */
    uint32_t length;    /* bytes that it has, or takes */
    uint8_t bytes[64], taken[64];
    unsigned executed, selected;
    uint64_t moves;
    uint8_t last;
};

static int robot_execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct robot *r = (struct robot *)d;
    if (CCW_IS_READ(command))
        channel_give(cp, r->bytes, r->length);
    else if (CCW_IS_WRITE(command))
        channel_take(cp, r->taken, r->length);
    channel_moves(cp, r->moves);
    r->last = command;
    return r->status[r->executed++ & 7];
}

static uint8_t robot_select(struct device *d, uint8_t command)
{
    struct robot *r = (struct robot *)d;
    (void)command;
    return r->refuses[r->executed & 7];
}

static const char *robot_create(struct device *d, int argc, char **argv)
{
    struct robot *r = (struct robot *)d;
    (void)argc, (void)argv;
    memset(r->status, GOOD, sizeof r->status);
    r->length = 8;
    memcpy(r->bytes, "ABCDEFGHIJKLMNOP", 16);
    return NULL;
}

static const uint8_t robot_immediate[] = {0x0b, 0};
static const struct device_ops robot_ops = {.execute = robot_execute, .select = robot_select};
static const struct device_type robot_type = {.name = "ROBOT",
                                              .class = "DASD",
                                              .size = sizeof(struct robot),
                                              .sense_bytes = 2,
                                              .ops = &robot_ops,
                                              .immediate = robot_immediate,
                                              .create = robot_create};
const struct device_type *const device_types[] = {&robot_type, NULL};

static struct robot *robot;

static void setup(void)
{
    fixture_setup();
    attach(ROBOT, "robot", 0);
    robot = (struct robot *)device_find(&machine, ROBOT);
}

/* --- lengths --- */

enum length_case { IMMEDIATE, WANTS_MORE, EXACT, COUNT_LEFT };
enum outcome { END, END_LENGTH, CHAIN_COMMAND, CHAIN_DATA, IMPOSSIBLE };

static const struct {
    uint8_t flags;
    enum outcome outcome[4]; /* by enum length_case */
} lengths[] = {
    {0, {END, END_LENGTH, END, END_LENGTH}},
    {SLI, {END, END, END, END}},
    {CC, {CHAIN_COMMAND, END_LENGTH, CHAIN_COMMAND, END_LENGTH}},
    {CC | SLI, {CHAIN_COMMAND, CHAIN_COMMAND, CHAIN_COMMAND, CHAIN_COMMAND}},
    {CD, {END, CHAIN_DATA, IMPOSSIBLE, END_LENGTH}},
    {CD | SLI, {END, CHAIN_DATA, IMPOSSIBLE, END_LENGTH}},
    {CD | CC, {END, CHAIN_DATA, IMPOSSIBLE, END_LENGTH}},
    {CD | CC | SLI, {END, CHAIN_DATA, IMPOSSIBLE, END_LENGTH}},
};

/* The row's CCW for a read or a write, then one that takes what is left; the CSW must show what the
 * table says. */
static void try_length(uint8_t flags, enum length_case how, enum outcome outcome, uint8_t command)
{
    bool immediate = how == IMMEDIATE;
    uint16_t count = how == WANTS_MORE ? 5 : how == COUNT_LEFT ? 11 : 8;
    robot->executed = 0;
    put_ccw(put_ccw(PROGRAM, immediate ? 0x0b : command, BUFFER, flags, count), command,
            BUFFER + 64, 0, outcome == CHAIN_DATA ? 3 : 8);
    int cc = start(ROBOT, 0, PROGRAM);
    ck_assert_int_eq(cc, immediate && outcome == END ? 1 : 0);
    run_events();
    struct csw csw = cc ? stored_csw() : interruption(ROBOT);
    ck_assert_uint_eq(csw.unit_status, GOOD);
    ck_assert_msg(csw.channel_status == (outcome == END_LENGTH ? CHANNEL_INCORRECT_LENGTH : 0),
                  "flags %02X, case %d, command %02X: channel status %02X", flags, how, command,
                  csw.channel_status);
    ck_assert_uint_eq(robot->executed, outcome == CHAIN_COMMAND ? 2 : 1);
    if (cc)
        return;
    bool second = outcome == CHAIN_COMMAND || outcome == CHAIN_DATA;
    ck_assert_uint_eq(get24(csw.address), PROGRAM + (second ? 16 : 8));
    ck_assert_uint_eq(get16(csw.count), !second && how == COUNT_LEFT ? 3 : 0);
}

START_TEST(length_table)
{
    for (enum length_case how = IMMEDIATE; how <= COUNT_LEFT; how++) {
        enum outcome outcome = lengths[_i].outcome[how];
        if (outcome == IMPOSSIBLE)
            continue; /* the next CCW is there before the device can end */
        try_length(lengths[_i].flags, how, outcome, 0x02);
        try_length(lengths[_i].flags, how, outcome, 0x01);
    }
}
END_TEST

/* Data chaining with the count used up exactly: the next CCW is in control, and its count is left.
 */
START_TEST(chained_and_exact)
{
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CD, 8), 0, BUFFER + 8, SLI, 4);
    struct csw csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 16);
    ck_assert_uint_eq(get16(csw.count), 4);
    put_ccw(PROGRAM + 8, 0, BUFFER + 8, 0, 4);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, CHANNEL_INCORRECT_LENGTH);
}
END_TEST

/* --- when CCWs are fetched --- */

START_TEST(fetched_late)
{
    /* A read that stores the CCW that is chained to it: data chaining fetches it when the last byte
     * of the one before has been stored. */
    struct ccw next = {.command = 0, .flags = SLI};
    put24(&next.address, BUFFER);
    put16(&next.count, 4);
    memcpy(robot->bytes, &next, sizeof next);
    memcpy(robot->bytes + 8, "WXYZ", 4);
    robot->length = 12;
    put_ccw(put_ccw(PROGRAM, 0x02, PROGRAM + 8, CD, 8), 0xff, 0, 0xff, 0);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), "WXYZ", 4);
    /* The same with command chaining, as in an IPL record. */
    next.command = 0x01;
    memcpy(robot->bytes, &next, sizeof next);
    robot->length = 8;
    put_ccw(put_ccw(PROGRAM, 0x02, PROGRAM + 8, CC, 8), 0x00, 1, 0xff, 0);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(robot->last, 0x01);
    /* What is behind the last CCW in use does not count, however wrong. */
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 10), 0x00, 0xffffff, 0xff, 0);
    struct csw csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, GOOD, CHANNEL_INCORRECT_LENGTH);
    robot->length = 8;
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CD, 9), 0x00, 0xffffff, 0xff, 0);
    csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, GOOD, CHANNEL_INCORRECT_LENGTH);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 8);
    /* A chained CCW that is wrong stops the data, and is reported with channel end. */
    put_ccw(PROGRAM, 0x02, BUFFER, CD, 4);
    put_ccw(PROGRAM + 8, 0x00, BUFFER, 0, 0);
    csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, GOOD, CHANNEL_PROGRAM_CHECK);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 16);
}
END_TEST

/* --- program checks --- */

/* Each as the first CCW (refused by SIO), and reached by command chaining. */
static const struct {
    const char *what;
    uint32_t at; /* where the CCW is */
    uint8_t command;
    uint32_t address;
    uint8_t flags;
    uint16_t count;
} wrongs[] = {
    {"command of zeros", PROGRAM + 8, 0x00, BUFFER, 0, 8},
    {"command xxxx0000", PROGRAM + 8, 0xf0, BUFFER, 0, 8},
    {"count zero", PROGRAM + 8, 0x02, BUFFER, 0, 0},
    {"bit 38", PROGRAM + 8, 0x02, BUFFER, 0x02, 8},
    {"bit 39", PROGRAM + 8, 0x02, BUFFER, 0x01, 8},
    {"IDAWs not on a word", PROGRAM + 8, 0x02, BUFFER + 2, CCW_INDIRECT, 8},
};

START_TEST(wrong_ccws)
{
    put_ccw(wrongs[_i].at, wrongs[_i].command, wrongs[_i].address, wrongs[_i].flags,
            wrongs[_i].count);
    ck_assert_int_eq(start(ROBOT, 0, wrongs[_i].at), 1);
    ck_assert_csw(stored_csw(), 0, CHANNEL_PROGRAM_CHECK);
    ck_assert_uint_eq(robot->executed, 0);
    put_ccw(PROGRAM, 0x02, BUFFER, CC, 8);
    struct csw csw = run_program(ROBOT, PROGRAM);
    ck_assert_msg(csw.unit_status == 0 && csw.channel_status == CHANNEL_PROGRAM_CHECK, "%s",
                  wrongs[_i].what);
    ck_assert_uint_eq(get24(csw.address), wrongs[_i].at + 8);
    ck_assert_uint_eq(robot->executed, 1);
}
END_TEST

/* Where the data, an IDAW or a TIC leads out of storage, or to where nothing may be. */
START_TEST(wrong_addresses)
{
    put_ccw(PROGRAM, 0x02, STORAGE_SIZE, 0, 8);
    struct csw csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, GOOD, CHANNEL_PROGRAM_CHECK);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 8);
    put_ccw(PROGRAM, 0x02, BUFFER, CCW_INDIRECT, 8);
    store_be32(at(BUFFER), 0x01000000);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, CHANNEL_PROGRAM_CHECK);
    put_ccw(PROGRAM, 0x02, STORAGE_SIZE, CCW_INDIRECT, 8);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, CHANNEL_PROGRAM_CHECK);
    /* TIC: its own address + 8 if what it leads to cannot be, else that of what it leads to. */
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), CCW_TIC, PROGRAM + 4, 0, 0);
    csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, 0, CHANNEL_PROGRAM_CHECK);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 16);
    put_ccw(PROGRAM + 8, CCW_TIC, PROGRAM + 0x40, 0, 0);
    put_ccw(PROGRAM + 0x40, CCW_TIC, PROGRAM, 0, 0);
    csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, 0, CHANNEL_PROGRAM_CHECK);
    put_ccw(PROGRAM + 0x40, 0x02, BUFFER, 0, 0);
    csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, 0, CHANNEL_PROGRAM_CHECK);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 0x48);
    put_ccw(PROGRAM, CCW_TIC, PROGRAM + 0x40, 0, 0); /* the first CCW */
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), 0, CHANNEL_PROGRAM_CHECK);
}
END_TEST

/* --- TIC, status modifier --- */

START_TEST(transfers)
{
    /* All but its address is ignored in a TIC, also its high half. */
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0xe8, PROGRAM + 0x40, 0xff, 0);
    put_ccw(PROGRAM + 0x40, 0x12, BUFFER, 0, 8);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(robot->last, 0x12);
    /* Status modifier: the next but one, which may be a TIC. */
    robot->executed = 0;
    robot->status[0] = GOOD | UNIT_STATUS_MODIFIER;
    put_ccw(PROGRAM + 8, 0x00, 0, 0, 0);
    put_ccw(PROGRAM + 16, CCW_TIC, PROGRAM + 0x40, 0, 0);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(robot->executed, 2);
    /* Without chaining it is in the CSW. */
    robot->executed = 0;
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD | UNIT_STATUS_MODIFIER, 0);
}
END_TEST

/* --- what ends a chain --- */

START_TEST(chain_enders)
{
    static const uint8_t enders[] = {UNIT_ATTENTION, UNIT_CHECK, UNIT_EXCEPTION, UNIT_BUSY,
                                     UNIT_CONTROL_UNIT_END};
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0x12, BUFFER, 0, 8);
    for (size_t i = 0; i < sizeof enders; i++) {
        robot->executed = 0;
        robot->status[0] = GOOD | enders[i];
        struct csw csw = run_program(ROBOT, PROGRAM);
        ck_assert_csw(csw, GOOD | enders[i], 0);
        ck_assert_uint_eq(get24(csw.address), PROGRAM + 8);
        ck_assert_uint_eq(robot->executed, 1);
    }
    /* The next command is refused in its initial status: its address, its count; what the command
     * before had is not reported. */
    robot->status[0] = GOOD;
    robot->refuses[1] = UNIT_CHECK;
    robot->executed = 0;
    struct csw csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, UNIT_CHECK, 0);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 16);
    ck_assert_uint_eq(get16(csw.count), 8);
}
END_TEST

/* Channel end alone frees the subchannel, device end follows with zeros; in a chain it is waited
 * for. */
START_TEST(ends_apart)
{
    machine.timed_io = true;
    robot->moves = 1000000;
    put_ccw(PROGRAM, 0x02, BUFFER, SLI, 10);
    struct csw csw = run_program(ROBOT, PROGRAM);
    ck_assert_csw(csw, UNIT_CHANNEL_END, 0);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 8);
    ck_assert_uint_eq(get16(csw.count), 2);
    csw = interruption(ROBOT);
    ck_assert_csw(csw, UNIT_DEVICE_END, 0);
    ck_assert_uint_eq(get24(csw.address), 0);
    ck_assert_uint_eq(get16(csw.count), 0);
    ck_assert_uint_eq(csw.key, 0);
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0x12, BUFFER, 0, 8);
    robot->executed = 0;
    ck_assert_csw(run_program(ROBOT, PROGRAM), UNIT_CHANNEL_END, 0);
    ck_assert_uint_eq(robot->executed, 2);
    ck_assert_csw(interruption(ROBOT), UNIT_DEVICE_END, 0);
    /* Immediate: channel end with SIO, no interruption but that of the device. */
    put_ccw(PROGRAM, 0x0b, 0, SLI, 1);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_CHANNEL_END, 0);
    no_interruption();
    run_events();
    ck_assert_csw(interruption(ROBOT), UNIT_DEVICE_END, 0);
    no_interruption();
}
END_TEST

/* --- PCI --- */

START_TEST(controlled_interruptions)
{
    machine.timed_io = true;
    robot->moves = 1000000; /* between the commands */
    /* It comes when its CCW becomes current, with that address + 8; TIO cannot have it. */
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0x12, BUFFER, PCI | CC, 8);
    put_ccw(PROGRAM + 16, 0x02, BUFFER, 0, 8);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    no_interruption();
    while (!channel_pending(&machine, ALL_CHANNELS)) {
        struct event *event = event_take(&machine.events, UINT64_MAX);
        test_now = event->when;
        event->happen(&machine, event);
    }
    ck_assert_int_eq(channel_test_io(&machine, ROBOT), 2);
    struct csw csw = interruption(ROBOT);
    ck_assert_csw(csw, 0, CHANNEL_PCI);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 16);
    no_interruption();
    run_events();
    ck_assert_csw(interruption(ROBOT), UNIT_CHANNEL_END, 0);
    ck_assert_csw(interruption(ROBOT), UNIT_DEVICE_END, 0);
    no_interruption();
    /* Not taken in time it comes with the end; two are one. */
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC | PCI, 8), 0x12, BUFFER, PCI, 8);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    run_events();
    ck_assert_csw(interruption(ROBOT), UNIT_CHANNEL_END, CHANNEL_PCI);
    ck_assert_csw(interruption(ROBOT), UNIT_DEVICE_END, 0);
    /* Immediate: with SIO. */
    robot->moves = 0;
    put_ccw(PROGRAM, 0x0b, 0, PCI, 1);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), GOOD, CHANNEL_PCI);
    no_interruption();
}
END_TEST

/* --- skipping --- */

START_TEST(skipping)
{
    memset(at(BUFFER), 0x55, 8);
    put_ccw(PROGRAM, 0x02, BUFFER, CCW_SKIP, 8);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER), 0x55);
    put_ccw(PROGRAM, 0x02, 0xffffff, CCW_SKIP, 8); /* no address is needed */
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
    memcpy(at(BUFFER), "12345678", 8); /* a write ignores it */
    put_ccw(PROGRAM, 0x01, BUFFER, CCW_SKIP, 8);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(robot->taken, "12345678", 8);
    robot->device.sense[0] = 0x80; /* sense can be skipped, and is cleared by that */
    put_ccw(PROGRAM, CCW_SENSE, BUFFER, CCW_SKIP, 2);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), "12", 2);
    ck_assert_uint_eq(robot->device.sense[0], 0);
}
END_TEST

/* --- errors of the channel --- */

START_TEST(channel_errors)
{
    static const struct {
        uint8_t check, unit;
        uint32_t logout;
    } errors[] = {
        {CHANNEL_DATA_CHECK, GOOD, 0x04081f43},
        {CHANNEL_CONTROL_CHECK, 0, 0x04401783},
        {CHANNEL_INTERFACE_CHECK, 0, 0x04081783},
    };
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0x12, BUFFER, 0, 8);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        store_be32(at(0xb0), 0xffffffff);
        robot->executed = 0;
        channel_break(&robot->device, errors[i].check);
        struct csw csw = run_program(ROBOT, PROGRAM);
        ck_assert_csw(csw, errors[i].unit, errors[i].check);
        ck_assert_uint_eq(get24(csw.address), PROGRAM + 8);
        ck_assert_uint_eq(load_be32(at(0xb0)), errors[i].logout);
        ck_assert_uint_eq(robot->executed, 1);
        store_be32(at(0xb0), 0xffffffff); /* it was once, and nothing is stored without one */
        ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
        ck_assert_uint_eq(load_be32(at(0xb0)), 0xffffffff);
    }
    /* A control that moves no data has no data check, another error it has; TIO takes it as well.
     */
    put_ccw(put_ccw(PROGRAM, 0x07, BUFFER, CC, 8), 0x12, BUFFER, 0, 8);
    channel_break(&robot->device, CHANNEL_DATA_CHECK);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, CHANNEL_DATA_CHECK);
    channel_break(&robot->device, CHANNEL_CONTROL_CHECK);
    ck_assert_int_eq(start(ROBOT, 0, PROGRAM), 0);
    run_events();
    ck_assert_int_eq(channel_test_io(&machine, ROBOT), 1);
    ck_assert_csw(stored_csw(), 0, CHANNEL_CONTROL_CHECK);
    ck_assert_uint_eq(load_be32(at(0xb0)), 0x04401782);
    channel_break(&robot->device, CHANNEL_CONTROL_CHECK); /* a reset makes all well */
    channels_reset(&machine);
    ck_assert_csw(run_program(ROBOT, PROGRAM), GOOD, 0);
}
END_TEST

/* Status of a device that has more than one thing to say is one, but not two device ends of which
 * one is an error. */
START_TEST(several_status)
{
    struct device *d = &robot->device;
    device_status(d, UNIT_DEVICE_END);
    device_status(d, UNIT_ATTENTION);
    ck_assert_csw(interruption(ROBOT), UNIT_ATTENTION | UNIT_DEVICE_END, 0);
    device_status(d, UNIT_DEVICE_END | UNIT_CHECK);
    device_status(d, UNIT_DEVICE_END);
    device_status(d, UNIT_ATTENTION);
    ck_assert_csw(interruption(ROBOT), UNIT_DEVICE_END | UNIT_CHECK, 0);
    ck_assert_csw(interruption(ROBOT), UNIT_DEVICE_END | UNIT_ATTENTION, 0);
    no_interruption();
    device_status(d, UNIT_ATTENTION);
    device_status(d, UNIT_DEVICE_END | UNIT_CHECK);
    device_status_withdraw(d, UNIT_ATTENTION);
    ck_assert_csw(interruption(ROBOT), UNIT_DEVICE_END | UNIT_CHECK, 0);
    no_interruption();
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, channel_errors);
    tcase_add_test(t, several_status);
    tcase_add_loop_test(t, length_table, 0, sizeof lengths / sizeof *lengths);
    tcase_add_loop_test(t, wrong_ccws, 0, sizeof wrongs / sizeof *wrongs);
    tcase_add_test(t, chained_and_exact);
    tcase_add_test(t, fetched_late);
    tcase_add_test(t, wrong_addresses);
    tcase_add_test(t, transfers);
    tcase_add_test(t, chain_enders);
    tcase_add_test(t, ends_apart);
    tcase_add_test(t, controlled_interruptions);
    tcase_add_test(t, skipping);
}

int main(void)
{
    return run_suite("channel rules", setup, fixture_teardown, add);
}

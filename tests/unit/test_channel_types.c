/* Proves: byte, selector and block multiplexer channels differ as GA22-7000 says: who has the
 * channel for itself and for how long, by type and by bit 0 of control register 0; what each
 * instruction answers in each state of channel, subchannel and device; the channel-available
 * interruption; SIOF and its deferred condition codes; shared subchannels; what waits for a channel
 * gets it. */
#include "channel_fixture.h"

/* A disk and a tape to the channel, whose behaviour a test sets. */
struct robot {
    struct device device;
    int status;
    uint64_t takes, moves; /* ns, of each command */
    uint8_t refuses;       /* in the initial status */
    unsigned executed, halted;
};

#define PROGRAM 0x1000
#define BUFFER  0x4000
#define CC      CCW_CHAIN_COMMAND
#define SLI     CCW_SUPPRESS_LENGTH
#define MS      UINT64_C(1000000)

static int robot_execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct robot *r = (struct robot *)d;
    r->executed++;
    if (CCW_IS_READ(command))
        channel_give(cp, "ABCDEFGH", 8);
    channel_takes(cp, r->takes);
    channel_moves(cp, r->moves);
    return r->status;
}

static uint8_t robot_select(struct device *d, uint8_t command)
{
    (void)command;
    return ((struct robot *)d)->refuses;
}

static void robot_halt(struct device *d)
{
    ((struct robot *)d)->halted++;
}

static const char *robot_create(struct device *d, int argc, char **argv)
{
    (void)argc, (void)argv;
    ((struct robot *)d)->status = GOOD;
    return NULL;
}

static const uint8_t robot_immediate[] = {0x0b, 0};
static const struct device_ops robot_ops = {
    .execute = robot_execute, .select = robot_select, .halt = robot_halt};

#define ROBOT_TYPE(symbol, type_name, class_name)                                                  \
    static const struct device_type symbol = {.name = type_name,                                   \
                                              .class = class_name,                                 \
                                              .size = sizeof(struct robot),                        \
                                              .sense_bytes = 2,                                    \
                                              .ops = &robot_ops,                                   \
                                              .immediate = robot_immediate,                        \
                                              .create = robot_create}
ROBOT_TYPE(disk_type, "DISK", "DASD");
ROBOT_TYPE(printer_type, "PRINTER", "PRT");

/* Stands in for s370/devices/types.c. */
const struct device_type *const device_types[] = {&disk_type, &printer_type, NULL};

/* Channel 0 byte, 1 selector, 2 block; each has a disk 30, a disk 31 and a printer 0E. */
static void setup(void)
{
    fixture_setup();
    machine.timed_io = true;
    channel_install(&machine, 1, CHANNEL_SELECTOR, 0);
    for (uint16_t n = 0; n < 3; n++) {
        attach((uint16_t)(n << 8 | 0x30), "disk", 0);
        attach((uint16_t)(n << 8 | 0x31), "disk", 0);
        attach((uint16_t)(n << 8 | 0x0e), "printer", 0);
    }
}

static struct robot *robot(uint16_t address)
{
    return (struct robot *)device_find(&machine, address);
}

/* Commands last a millisecond on the channel, and `moves` ns after it. */
static void takes_time(uint16_t address, uint64_t moves)
{
    robot(address)->takes = MS;
    robot(address)->moves = moves;
}

static void multiplex(bool on)
{
    test_regs.cr[0] = on ? CR0_BLOCK_MULTIPLEX : 0;
}

/* Time passes, so much. */
static void pass(uint64_t ns)
{
    struct event *event;
    uint64_t until = test_now + ns;
    while (machine.events.first && machine.events.first->when <= until) {
        if (machine.events.first->when > test_now)
            test_now = machine.events.first->when;
        event = event_take(&machine.events, test_now);
        event->happen(&machine, event);
    }
    test_now = until;
}

enum instruction { SIO, TIO, CLRIO, HIO, HDV, TCH, STIDC };

static int give(enum instruction i, uint16_t address)
{
    switch (i) {
    case SIO:
        return start(address, 0, PROGRAM);
    case TIO:
        return channel_test_io(&machine, address);
    case CLRIO:
        return channel_clear_io(&machine, address);
    case HIO:
        return channel_halt_io(&machine, address);
    case HDV:
        return channel_halt_device(&machine, address);
    case TCH:
        return channel_test_channel(&machine, address);
    default:
        return channel_store_id(&machine, address);
    }
}

/* --- states: what brings them about, from a fresh machine --- */

static void available(uint16_t a)
{
    (void)a;
}

static void device_holds(uint16_t a)
{
    device_status(&robot(a)->device, UNIT_ATTENTION);
}

static void device_moves(uint16_t a)
{
    takes_time(a, 10 * MS);
    ck_assert_int_eq(give(SIO, a), 0);
    pass(2 * MS);
    ck_assert_csw(interruption(a), UNIT_CHANNEL_END, 0);
}

static void ended(uint16_t a)
{
    ck_assert_int_eq(give(SIO, a), 0);
    pass(MS);
}

static void other_ended(uint16_t a)
{
    ended(a ^ 1);
}

static void bursts(uint16_t a)
{
    takes_time(a, 10 * MS);
    ck_assert_int_eq(give(SIO, a), 0);
    pass(MS / 2);
}

static void other_bursts(uint16_t a)
{
    bursts(a ^ 1);
}

/* Channel end of a command in the middle of the chain: the device moves. */
static void waits(uint16_t a)
{
    bursts(a);
    pass(MS);
}

static void other_waits(uint16_t a)
{
    waits(a ^ 1);
}

/* Rows of "Condition-Code Settings" for the types of channel; 4: the CSW was stored (code 1). */
static const struct row {
    const char *state;
    void (*make)(uint16_t address);
    bool multiplexing;
    uint16_t address;
    int codes[7]; /* SIO, TIO, CLRIO, HIO, HDV, TCH, STIDC */
} rows[] = {
    {"byte, available", available, true, 0x030, {0, 0, 0, 4, 4, 0, 0}},
    {"selector, available", available, true, 0x130, {0, 0, 0, 4, 4, 0, 0}},
    {"block, available", available, true, 0x230, {0, 0, 0, 4, 4, 0, 0}},
    {"byte, device holds status", device_holds, true, 0x030, {4, 4, 0, 4, 4, 0, 0}},
    {"selector, device holds status", device_holds, true, 0x130, {4, 4, 0, 4, 4, 0, 0}},
    {"block, device holds status", device_holds, true, 0x230, {4, 4, 0, 4, 4, 0, 0}},
    {"byte, device works", device_moves, true, 0x00e, {4, 4, 0, 4, 4, 0, 0}},
    {"selector, device works", device_moves, true, 0x130, {4, 4, 0, 4, 4, 0, 0}},
    {"block, device works", device_moves, true, 0x230, {4, 4, 0, 4, 4, 0, 0}},
    {"byte, ended", ended, true, 0x030, {2, 4, 4, 0, 0, 0, 0}},
    {"selector, ended", ended, true, 0x130, {2, 4, 4, 0, 0, 1, 0}},
    {"block, ended", ended, true, 0x230, {2, 4, 4, 0, 0, 0, 0}},
    {"byte, another ended", other_ended, true, 0x030, {0, 0, 0, 4, 4, 0, 0}},
    {"selector, another ended", other_ended, true, 0x130, {2, 2, 0, 0, 0, 1, 0}},
    {"block, another ended", other_ended, true, 0x230, {0, 0, 0, 4, 4, 0, 0}},
    {"byte, a byte now and then", bursts, true, 0x00e, {2, 2, 4, 4, 4, 0, 0}},
    {"byte, burst", bursts, true, 0x030, {2, 2, 4, 2, 4, 2, 0}},
    {"selector, burst", bursts, true, 0x130, {2, 2, 4, 2, 4, 2, 0}},
    {"block, burst", bursts, true, 0x230, {2, 2, 4, 2, 4, 2, 0}},
    {"byte, another's burst", other_bursts, true, 0x030, {2, 2, 2, 2, 2, 2, 0}},
    {"selector, another's burst", other_bursts, true, 0x130, {2, 2, 2, 2, 2, 2, 0}},
    {"block, another's burst", other_bursts, true, 0x230, {2, 2, 2, 2, 2, 2, 0}},
    {"byte, waits for device end", waits, true, 0x030, {2, 2, 4, 4, 4, 0, 0}},
    {"selector, waits for device end", waits, true, 0x130, {2, 2, 4, 2, 4, 2, 0}},
    {"block, waits for device end", waits, true, 0x230, {2, 2, 4, 4, 4, 0, 0}},
    {"byte, another waits", other_waits, true, 0x030, {0, 0, 0, 4, 4, 0, 0}},
    {"selector, another waits", other_waits, true, 0x130, {2, 2, 2, 2, 2, 2, 0}},
    {"block, another waits", other_waits, true, 0x230, {0, 0, 0, 4, 4, 0, 0}},
    /* Without block multiplexing a block multiplexer keeps the channel; CLRIO is TIO. */
    {"inhibited, available", available, false, 0x230, {0, 0, 0, 4, 4, 0, 0}},
    {"inhibited, device holds status", device_holds, false, 0x230, {4, 4, 4, 4, 4, 0, 0}},
    {"inhibited, ended", ended, false, 0x230, {2, 4, 4, 0, 0, 0, 0}},
    {"inhibited, waits for device end", waits, false, 0x230, {2, 2, 2, 2, 4, 2, 0}},
    {"inhibited, another waits", other_waits, false, 0x230, {2, 2, 2, 2, 2, 2, 0}},
    /* No device, no channel. */
    {"no device", available, true, 0x2ff, {3, 3, 3, 3, 3, 0, 0}},
    {"no device, burst", bursts, true, 0x230, {2, 2, 4, 2, 4, 2, 0}},
    {"no channel", available, true, 0x730, {3, 3, 3, 3, 3, 3, 3}},
};

START_TEST(codes)
{
    const struct row *row = &rows[_i];
    for (enum instruction i = SIO; i <= STIDC; i++) {
        fixture_teardown();
        setup();
        multiplex(row->multiplexing);
        put_ccw(put_ccw(PROGRAM, 0x02, BUFFER,
                        row->make == waits || row->make == other_waits ? CC : 0, 8),
                0x02, BUFFER, 0, 8);
        row->make(row->address);
        memset(at(0x40), 0x55, 8);
        int cc = give(i, row->address);
        bool stored = *at(0x44) != 0x55;
        ck_assert_msg(cc == (row->codes[i] & 3    ? row->codes[i]
                             : row->codes[i] == 4 ? 1
                                                  : 0),
                      "%s: instruction %d gives %d, not %d", row->state, i, cc, row->codes[i]);
        ck_assert_msg(stored == (row->codes[i] == 4), "%s: instruction %d and the CSW", row->state,
                      i);
    }
}
END_TEST

START_TEST(identity)
{
    static const uint32_t types[] = {0x10000000, 0x00000000, 0x20000000};
    for (uint16_t n = 0; n < 3; n++) {
        ck_assert_int_eq(channel_store_id(&machine, (uint16_t)(n << 8)), 0);
        ck_assert_uint_eq(load_be32(at(0xa8)), types[n]);
    }
    channel_install(&machine, 15, CHANNEL_SELECTOR, 0); /* without a device */
    ck_assert_int_eq(channel_test_channel(&machine, 0xf00), 0);
    ck_assert_int_eq(channel_store_id(&machine, 0xf00), 0);
    ck_assert_int_eq(channel_store_id(&machine, 0x1000), 3);
}
END_TEST

/* While a channel is in burst mode nothing interrupts from it but the burst's own PCI; what waits
 * comes afterwards. */
START_TEST(interruptions)
{
    put_ccw(PROGRAM, 0x02, BUFFER, CCW_PCI, 8);
    bursts(0x230);
    ck_assert_csw(interruption(0x230), 0, CHANNEL_PCI);
    device_status(&robot(0x231)->device, UNIT_ATTENTION);
    no_interruption();
    pass(2 * MS);
    ck_assert_csw(interruption(0x230), UNIT_CHANNEL_END, 0);
    ck_assert_csw(interruption(0x231), UNIT_ATTENTION, 0);
    /* A selector channel has its own end first. */
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    device_status(&robot(0x10e)->device, UNIT_ATTENTION);
    ended(0x130);
    ck_assert_csw(interruption(0x130), GOOD, 0);
    ck_assert_csw(interruption(0x10e), UNIT_ATTENTION, 0);
}
END_TEST

START_TEST(channel_available)
{
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    takes_time(0x230, 0);
    ck_assert_int_eq(give(SIO, 0x230), 0);
    ck_assert_int_eq(give(SIO, 0x231), 2);
    pass(2 * MS);
    /* Any other interruption of the channel tells the same. */
    ck_assert_csw(interruption(0x230), GOOD, 0);
    no_interruption();
    /* HIO, HDV do not ask to be told. */
    takes_time(0x230, 20 * MS);
    put_ccw(put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0x02, BUFFER, CC, 8), 0x02, BUFFER, 0,
            8);
    ck_assert_int_eq(give(SIO, 0x230), 0);
    ck_assert_int_eq(give(HDV, 0x231), 2);
    pass(2 * MS);
    no_interruption();
    ck_assert_int_eq(give(TCH, 0x200), 0);
    pass(20 * MS);
    ck_assert_int_eq(give(TIO, 0x231), 2);
    pass(MS);
    ck_assert_int_eq(give(TCH, 0x200), 1);
    memset(at(0x40), 0x55, 8);
    struct csw csw = interruption(0x200);
    static const uint8_t zeros[8];
    ck_assert_mem_eq(&csw, zeros, 8);
    ck_assert_int_eq(give(TCH, 0x200), 0);
    no_interruption();
    pass(21 * MS);
    ck_assert_csw(interruption(0x230), UNIT_CHANNEL_END, 0);
    pass(21 * MS);
    ck_assert_csw(interruption(0x230), UNIT_DEVICE_END, 0);
    /* Selector channels do not have it. */
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    takes_time(0x130, 0);
    ck_assert_int_eq(give(SIO, 0x130), 0);
    ck_assert_int_eq(give(SIO, 0x131), 2);
    pass(5 * MS);
    ck_assert_csw(interruption(0x130), GOOD, 0);
    no_interruption();
}
END_TEST

/* Two disks whose arms move at the same time share a block multiplexer, the second one waits for
 * the first one's transfer; on a selector channel they cannot. */
START_TEST(multiplexed)
{
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0x02, BUFFER, 0, 8);
    takes_time(0x230, 10 * MS);
    takes_time(0x231, 10 * MS);
    ck_assert_int_eq(give(SIO, 0x230), 0);
    pass(MS + MS / 2);
    ck_assert_int_eq(give(SIO, 0x231), 0);
    pass(MS);
    robot(0x230)->moves = robot(0x231)->moves = 0;
    robot(0x230)->takes = 5 * MS; /* its second command is in the way of the other's */
    pass(12 * MS);
    ck_assert_uint_eq(robot(0x231)->executed, 1);
    ck_assert_int_eq(give(TCH, 0x200), 2);
    pass(2 * MS);
    ck_assert_uint_eq(robot(0x231)->executed, 2);
    ck_assert_int_eq(give(TCH, 0x200), 2);
    pass(6 * MS);
    ck_assert_csw(interruption(0x230), GOOD, 0);
    ck_assert_csw(interruption(0x231), GOOD, 0);
    no_interruption();
}
END_TEST

/* A read of a console keeps a selector channel, and no multiplexer. */
START_TEST(pending_commands)
{
    put_ccw(PROGRAM, 0x02, BUFFER, SLI, 8);
    for (uint16_t n = 0; n < 3; n++) {
        uint16_t a = (uint16_t)(n << 8 | 0x30);
        robot(a)->status = COMMAND_PENDING;
        ck_assert_int_eq(give(SIO, a), 0);
        pass(MS);
        ck_assert_int_eq(give(TCH, a), n == 1 ? 2 : 0);
        ck_assert_int_eq(give(HIO, a), n == 1 ? 2 : 1);
        ck_assert_uint_eq(robot(a)->halted, 1);
        ck_assert_csw(interruption(a), GOOD, 0);
    }
}
END_TEST

/* HALT I/O of a device that does nothing stores the status alone, zero.  GA22-7000, "Halt I/O". */
START_TEST(halted_available)
{
    memset(at(0x40), 0xff, 8);
    ck_assert_int_eq(give(HIO, 0x30), 1);
    ck_assert_mem_eq(at(0x40), "\xff\xff\xff\xff\0\0\xff\xff", 8);
}
END_TEST

static int fast(uint16_t address)
{
    store_be32(at(0x48), PROGRAM);
    return channel_start_io(&machine, address, true);
}

START_TEST(fast_release)
{
    put_ccw(PROGRAM, 0x0b, 0, SLI, 1);
    /* What SIO gives as condition code 1 comes as an interruption. */
    ck_assert_int_eq(fast(0x230), 0);
    pass(MS);
    struct csw csw = interruption(0x230);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(csw.key, 0x01);
    ck_assert_uint_eq(get24(csw.address), PROGRAM + 8);
    robot(0x230)->refuses = UNIT_CHECK;
    ck_assert_int_eq(fast(0x230), 0);
    pass(MS);
    csw = interruption(0x230);
    ck_assert_csw(csw, UNIT_CHECK, 0);
    ck_assert_uint_eq(csw.key, 0x01);
    robot(0x230)->refuses = 0;
    device_status(&robot(0x230)->device, UNIT_ATTENTION);
    ck_assert_int_eq(fast(0x230), 0);
    pass(MS);
    csw = interruption(0x230);
    ck_assert_csw(csw, UNIT_ATTENTION | UNIT_BUSY, 0);
    ck_assert_uint_eq(csw.key, 0x01);
    no_interruption();
    /* A unit that is not there: deferred code 3. */
    ck_assert_int_eq(fast(0x2ee), 0);
    csw = interruption(0x2ee);
    ck_assert_csw(csw, 0, 0);
    ck_assert_uint_eq(csw.key, 0x03);
    no_interruption();
    /* A good program ends as usual. */
    put_ccw(PROGRAM, 0x02, BUFFER, 0, 8);
    ck_assert_int_eq(fast(0x230), 0);
    pass(MS);
    csw = interruption(0x230);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(csw.key, 0);
    /* Elsewhere, or without block multiplexing, it is SIO. */
    put_ccw(PROGRAM, 0x0b, 0, SLI, 1);
    ck_assert_int_eq(fast(0x130), 1);
    ck_assert_int_eq(fast(0x1ee), 3);
    multiplex(false);
    ck_assert_int_eq(fast(0x230), 1);
    ck_assert_int_eq(fast(0x2ee), 3);
}
END_TEST

/* Units 30 to 3F with one subchannel: one operation at a time, but no burst. */
START_TEST(shared)
{
    channel_install(&machine, 2, CHANNEL_BLOCK, 0x8000 >> 3);
    put_ccw(put_ccw(PROGRAM, 0x02, BUFFER, CC, 8), 0x02, BUFFER, 0, 8);
    waits(0x230);
    ck_assert_int_eq(give(TCH, 0x231), 0);
    ck_assert_int_eq(give(SIO, 0x231), 2);
    ck_assert_int_eq(give(TIO, 0x231), 2);
    ck_assert_int_eq(give(CLRIO, 0x231), 0);
    ck_assert_int_eq(give(HDV, 0x231), 0);
    ck_assert_int_eq(give(SIO, 0x20e), 0); /* not one of them */
    pass(MS);
    ck_assert_csw(interruption(0x20e), GOOD, 0);
    no_interruption(); /* a busy subchannel is no busy channel */
    pass(11 * MS);
    ck_assert_int_eq(give(SIO, 0x231), 2);
    ck_assert_int_eq(give(HIO, 0x231), 0);
    ck_assert_csw(interruption(0x230), UNIT_CHANNEL_END, 0);
    ck_assert_int_eq(give(SIO, 0x231), 0);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_loop_test(t, codes, 0, sizeof rows / sizeof *rows);
    tcase_add_test(t, identity);
    tcase_add_test(t, interruptions);
    tcase_add_test(t, channel_available);
    tcase_add_test(t, multiplexed);
    tcase_add_test(t, pending_commands);
    tcase_add_test(t, halted_available);
    tcase_add_test(t, fast_release);
    tcase_add_test(t, shared);
}

int main(void)
{
    return run_suite("channel types", setup, fixture_teardown, add);
}

/* Proves: the local 3270 as display.h says: ready only when somebody is there; each write
 * reaches the terminal as its record, a chained one at the address where the one before
 * ended; reads give what was sent unasked, or ask the terminal, from the buffer address on;
 * streams that are not whole or leave the screen are operation checks; attention, halted
 * reads, slow and vanishing terminals; groups and addresses of displays. */
#include "channel_fixture.h"
#include "s370/devices/display.h"
#include "s370/devices/display_stream.h"

#define DISPLAY 0x0c0
#define PROGRAM 0x1000
#define BUFFER  0x2000
#define INPUT   0x4000

static uint8_t sent[70000];
static size_t sent_length;
static int records, hang_ups;
static bool slow;

static bool take(void *context, const uint8_t *record, size_t length)
{
    (void)context;
    memcpy(sent, record, length);
    sent_length = length;
    records++;
    return !slow;
}

static void hang_up(void *context)
{
    (void)context;
    hang_ups++;
}

static const struct display_backend backend = {take, hang_up};
static const struct display_terminal model3 = {32, 80, true}, plain = {24, 80, false};

static struct display *sit_down(const struct display_terminal *terminal)
{
    attach(DISPLAY, "3270", 0);
    struct display *display = display_of_device(&machine, DISPLAY);
    records = hang_ups = 0;
    slow = false;
    ck_assert(display && display_connect(display, terminal, &backend, NULL));
    ck_assert(!display_connect(display, terminal, &backend, NULL));
    no_interruption();
    display_ready(display);
    ck_assert_csw(interruption(DISPLAY), UNIT_DEVICE_END, 0);
    return display;
}

#define ck_assert_sent(bytes)                                                                      \
    do {                                                                                           \
        ck_assert_uint_eq(sent_length, sizeof bytes - 1);                                          \
        ck_assert_mem_eq(sent, bytes, sizeof bytes - 1);                                           \
    } while (0)

#define input(display, bytes) display_input(display, (const uint8_t *)(bytes), sizeof bytes - 1)

/* Puts a CCW with these bytes as its data. */
#define put_data(address, command, at_, bytes, flags)                                              \
    (memcpy(at(at_), bytes, sizeof bytes - 1),                                                     \
     put_ccw(address, command, at_, flags, sizeof bytes - 1))

static void check_sense(uint8_t sense)
{
    put_ccw(PROGRAM, CCW_SENSE, BUFFER, 0, 1);
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER), sense);
}

START_TEST(nobody_there)
{
    attach(DISPLAY, "3270", 0);
    put_ccw(PROGRAM, 0x05, BUFFER, 0, 5);
    ck_assert_int_eq(start(DISPLAY, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_CHECK, 0);
    check_sense(SENSE_INTERVENTION);
}
END_TEST

START_TEST(writes)
{
    static const struct {
        uint8_t command, code;
    } table[] = {{0x01, 0xf1}, {0x05, 0xf5}, {0x0d, 0x7e}};
    sit_down(&model3);
    for (int i = 0; i < 3; i++) {
        put_data(PROGRAM, table[i].command, BUFFER, "\xc3\x11\x40\x40\x1d\xf0\xc1\xff", 0);
        ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD, 0);
        ck_assert_uint_eq(sent[0], table[i].code);
        sent[0] = 0;
        ck_assert_sent("\x00\xc3\x11\x40\x40\x1d\xf0\xc1\xff");
    }
    put_ccw(PROGRAM, 0x0f, 0, CCW_SUPPRESS_LENGTH, 1); /* immediate */
    ck_assert_int_eq(start(DISPLAY, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), GOOD, 0);
    ck_assert_sent("\x6f");
    put_ccw(PROGRAM, 0x7f, BUFFER, 0, 1);
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD | UNIT_CHECK, 0);
    check_sense(SENSE_COMMAND_REJECT);
}
END_TEST

/* The second write starts behind the first one's text: 0, +1 attribute, +2 characters. */
START_TEST(chained_write)
{
    sit_down(&model3);
    uint32_t next = put_data(PROGRAM, 0x05, BUFFER, "\xc3\x1d\xf0\xc1\xc2", CCW_CHAIN_COMMAND);
    put_data(next, 0x01, BUFFER + 64, "\xc3\xc4", 0);
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD, 0);
    ck_assert_sent("\xf1\xc3\x11\x40\xc3\xc4");
    ck_assert_int_eq(records, 2);
}
END_TEST

START_TEST(bad_streams)
{
    static const struct {
        const char *bytes;
        size_t length;
    } table[] = {
        {"\xc3\x11\x40", 3},         /* SBA cut short */
        {"\xc3\x11\x5e\x50", 4},     /* 1936: behind 24 by 80 */
        {"\xc3\x3c\x5e\x50\xc1", 5}, /* RA */
        {"\xc3\x12\x07\x80", 4},     /* EUA 1920, 14 bits */
        {"\xc3\x29\x02\xc0\xf0", 5}, /* SFE with one pair of two */
        {"\xc3\x08", 2},             /* GE without its character */
    };
    sit_down(&model3);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        memcpy(at(BUFFER), table[i].bytes, table[i].length);
        put_ccw(PROGRAM, 0x05, BUFFER, 0, (uint16_t)table[i].length);
        ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD | UNIT_CHECK, 0);
        check_sense(0x01);
    }
    ck_assert_int_eq(records, 0);
    put_data(PROGRAM, 0x0d, BUFFER, "\xc3\x11\x5e\x50", 0); /* 32 by 80 has it */
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD, 0);
}
END_TEST

START_TEST(structured)
{
    struct display *display = sit_down(&model3);
    put_data(PROGRAM, 0x11, BUFFER, "\x00\x05\x01\xff\x02", 0); /* Query */
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD, 0);
    ck_assert_sent("\xf3\x00\x05\x01\xff\x02");
    input(display, "\x88\x00\x04\x81\x80");
    ck_assert_csw(interruption(DISPLAY), UNIT_ATTENTION, 0);
    put_ccw(PROGRAM, 0x06, INPUT, CCW_SUPPRESS_LENGTH, 100);
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD, 0);
    ck_assert_mem_eq(at(INPUT), "\x88\x00\x04\x81\x80", 5);
    put_data(PROGRAM, 0x11, BUFFER, "\x00\x05\x77\xff\x02", 0);
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD | UNIT_CHECK, 0);
    check_sense(0x01);
    put_data(PROGRAM, 0x11, BUFFER, "\x00\x09\x01\xff\x02", 0);
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD | UNIT_CHECK, 0);
    display_disconnect(display);
    interruption(DISPLAY);
    ck_assert(display_connect(display, &plain, &backend, NULL));
    display_ready(display);
    interruption(DISPLAY);
    put_data(PROGRAM, 0x11, BUFFER, "\x00\x05\x01\xff\x02", 0);
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD | UNIT_CHECK, 0);
    check_sense(SENSE_COMMAND_REJECT);
}
END_TEST

/* Unasked records are kept for READ MODIFIED, which can be repeated until a write. */
START_TEST(attention)
{
    struct display *display = sit_down(&model3);
    input(display, "\x6c");
    input(display, "\x7d\x40\xc4\x11\x40\xc1\xc1");
    ck_assert_csw(interruption(DISPLAY), UNIT_ATTENTION, 0);
    no_interruption();
    put_data(PROGRAM, 0x01, BUFFER, "\xc3", 0); /* crossed the key on its way */
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD, 0);
    for (int i = 0; i < 2; i++) {
        memset(at(INPUT), 0, 16);
        put_ccw(PROGRAM, 0x06, INPUT, CCW_SUPPRESS_LENGTH, 100);
        struct csw csw = run_program(DISPLAY, PROGRAM);
        ck_assert_csw(csw, GOOD, 0);
        ck_assert_uint_eq(get16(csw.count), 93);
        ck_assert_mem_eq(at(INPUT), "\x7d\x40\xc4\x11\x40\xc1\xc1", 7);
    }
    ck_assert_int_eq(records, 1);
    put_data(PROGRAM, 0x01, BUFFER, "\xc3", 0);
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD, 0);
    put_ccw(PROGRAM, 0x06, INPUT, CCW_SUPPRESS_LENGTH, 100);
    ck_assert_int_eq(start(DISPLAY, 0, PROGRAM), 0);
    run_events();
    no_interruption(); /* the terminal is asked */
    ck_assert_sent("\xf6");
    input(display, "\x60\x40\xc4");
    ck_assert_csw(interruption(DISPLAY), GOOD, 0);
    ck_assert_mem_eq(at(INPUT), "\x60\x40\xc4", 3);
}
END_TEST

START_TEST(read_buffer)
{
    struct display *display = sit_down(&model3);
    /* From the address where a write of the same chain ended: 2 */
    uint32_t next = put_data(PROGRAM, 0x01, BUFFER, "\xc3\x11\x40\xc2", CCW_CHAIN_COMMAND);
    put_ccw(next, 0x02, INPUT, CCW_SUPPRESS_LENGTH, 4000);
    ck_assert_int_eq(start(DISPLAY, 0, PROGRAM), 0);
    run_events();
    ck_assert_sent("\xf2");
    input(display, "\x7d\x40\x40"); /* a key that was faster than the command */
    no_interruption();
    input(display, "\x7d\x40\x40\x1d\xf0\xc1\xc2\xc3");
    ck_assert_csw(interruption(DISPLAY), GOOD, 0);
    ck_assert_mem_eq(at(INPUT), "\x7d\x40\x40\xc2\xc3", 5);
    ck_assert_csw(interruption(DISPLAY), UNIT_ATTENTION, 0);
}
END_TEST

START_TEST(halted_read)
{
    struct display *display = sit_down(&model3);
    put_ccw(PROGRAM, 0x02, INPUT, CCW_SUPPRESS_LENGTH, 4000);
    ck_assert_int_eq(start(DISPLAY, 0, PROGRAM), 0);
    run_events();
    channel_halt_device(&machine, DISPLAY);
    run_events();
    uint16_t device;
    channel_take_interrupt(&machine, ALL_CHANNELS, &device);
    input(display, "\x60\x40\x40\xc1"); /* nobody wants it any more */
    no_interruption();
    input(display, "\x7d\x40\x40");
    ck_assert_csw(interruption(DISPLAY), UNIT_ATTENTION, 0);
}
END_TEST

START_TEST(slow_terminal)
{
    struct display *display = sit_down(&model3);
    slow = true;
    put_data(PROGRAM, 0x05, BUFFER, "\xc3", 0);
    ck_assert_int_eq(start(DISPLAY, 0, PROGRAM), 0);
    run_events();
    no_interruption();
    display_drained(display);
    ck_assert_csw(interruption(DISPLAY), GOOD, 0);
    ck_assert_int_eq(start(DISPLAY, 0, PROGRAM), 0);
    run_events();
    display_disconnect(display);
    ck_assert_csw(interruption(DISPLAY), GOOD | UNIT_CHECK, 0);
    check_sense(SENSE_INTERVENTION);
}
END_TEST

START_TEST(terminal_goes)
{
    struct display *display = sit_down(&model3);
    display_error(display, SENSE_OPERATION_CHECK);
    ck_assert_csw(interruption(DISPLAY), UNIT_ATTENTION | UNIT_CHECK, 0);
    check_sense(0x01);
    display_disconnect(display);
    ck_assert_csw(interruption(DISPLAY), UNIT_ATTENTION | UNIT_CHECK, 0);
    check_sense(SENSE_INTERVENTION);
    input(display, "\x7d\x40\x40");
    no_interruption();
    ck_assert(display_connect(display, &plain, &backend, NULL));
    ck_assert_ptr_null(device_detach(&machine, DISPLAY));
    ck_assert_int_eq(hang_ups, 1);
}
END_TEST

/* A program that never ends its data chain, and one with more than a record's bytes. */
START_TEST(long_record)
{
    sit_down(&model3);
    memset(at(BUFFER), 0xc1, 60000);
    uint32_t next = put_ccw(PROGRAM, 0x05, BUFFER, CCW_CHAIN_DATA, 60000);
    put_ccw(next, 0, BUFFER, 0, 60000);
    ck_assert_csw(run_program(DISPLAY, PROGRAM), GOOD, CHANNEL_INCORRECT_LENGTH);
    ck_assert_uint_le(sent_length, DISPLAY_RECORD_MOST);
}
END_TEST

START_TEST(names)
{
    struct display *found = NULL;
    char *bad[] = {"C0"};
    ck_assert(!display_any(&machine));
    ck_assert_int_eq(display_find(&machine, NULL, &found), DISPLAY_UNKNOWN);
    attach(0xc0, "3270", 0);
    attach(0xc1, "3270", 1, "CLASS");
    ck_assert(display_any(&machine));
    ck_assert_int_eq(display_find(&machine, "class", &found), DISPLAY_FOUND);
    ck_assert_uint_eq(display_address(found), 0xc1);
    ck_assert_int_eq(display_find(&machine, "0C0", &found), DISPLAY_FOUND);
    ck_assert_uint_eq(display_address(found), 0xc0);
    ck_assert(display_connect(found, &plain, &backend, NULL));
    ck_assert_int_eq(display_find(&machine, "", &found), DISPLAY_IN_USE);
    ck_assert_int_eq(display_find(&machine, "c0", &found), DISPLAY_IN_USE);
    ck_assert_int_eq(display_find(&machine, "nobody", &found), DISPLAY_UNKNOWN);
    ck_assert_ptr_nonnull(device_attach(&machine, 0xc2, "3270", 1, bad));
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, nobody_there);
    tcase_add_test(t, writes);
    tcase_add_test(t, chained_write);
    tcase_add_test(t, bad_streams);
    tcase_add_test(t, structured);
    tcase_add_test(t, attention);
    tcase_add_test(t, read_buffer);
    tcase_add_test(t, halted_read);
    tcase_add_test(t, slow_terminal);
    tcase_add_test(t, terminal_goes);
    tcase_add_test(t, long_record);
    tcase_add_test(t, names);
}

int main(void)
{
    return run_suite("3270", fixture_setup, fixture_teardown, add);
}

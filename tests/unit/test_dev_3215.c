/* Proves: the 3215 and the 1052 as line.h says: ready only when somebody is there (the -C type
 * always), writes with and without carrier return, reads that wait and reads of kept lines, the
 * unsolicited status of each of the line's events, hidden reads after a password mask; that a write
 * without end leaves the machine its turn. */
#include "channel_fixture.h"
#include "s370/devices/line.h"

#include "lib/ebcdic.h"

#define CONSOLE 0x009
#define PROGRAM 0x1000
#define BUFFER  0x2000

static char shown[1024];
static size_t shown_length;
static int reads_started, reads_hidden, reads_ended, bells, hang_ups;

static void show(void *context, const char *text, size_t length)
{
    (void)context;
    if (shown_length + length >= sizeof shown)
        return;
    memcpy(shown + shown_length, text, length);
    shown_length += length;
    shown[shown_length] = 0;
}

static void read_started(void *context, bool hidden)
{
    (void)context;
    reads_started++;
    reads_hidden += hidden;
}

static void read_ended(void *context)
{
    (void)context;
    reads_ended++;
}

static void bell(void *context)
{
    (void)context;
    bells++;
}

static void hang_up(void *context)
{
    (void)context;
    hang_ups++;
}

static const struct line_backend backend = {show, read_started, read_ended, bell, hang_up, NULL};

static struct line *connect_line(void)
{
    struct line *line = line_of_device(&machine, CONSOLE);
    ck_assert(line != NULL && line_connect(line, &backend, NULL));
    ck_assert(!line_connect(line, &backend, NULL));
    ck_assert_csw(interruption(CONSOLE), UNIT_DEVICE_END, 0);
    return line;
}

static void put_text(const char *text)
{
    ebcdic_from_latin1(at(BUFFER), text, strlen(text));
}

static void expect_text(const char *text, size_t length)
{
    char s[256];
    latin1_from_ebcdic(s, at(BUFFER), length);
    ck_assert(strlen(text) == length && !memcmp(s, text, length));
}

START_TEST(not_connected)
{
    attach(CONSOLE, "3215", 0);
    put_ccw(PROGRAM, 0x09, BUFFER, 0, 5);
    ck_assert_int_eq(start(CONSOLE, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), UNIT_CHECK, 0);
    put_ccw(PROGRAM, CCW_SENSE, BUFFER, 0, 1);
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER), SENSE_INTERVENTION);
    ck_assert(line_find_free(&machine) == line_of_device(&machine, CONSOLE));
    connect_line();
    ck_assert(line_find_free(&machine) == NULL);
}
END_TEST

START_TEST(write_and_alarm)
{
    attach(CONSOLE, "3215", 0);
    connect_line();
    put_text("ENTER: HELLO");
    put_ccw(put_ccw(PROGRAM, 0x01, BUFFER, CCW_CHAIN_COMMAND, 7), 0x09, BUFFER + 7, 0, 5);
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD, 0);
    ck_assert_str_eq(shown, "ENTER: HELLO\n");
    put_ccw(PROGRAM, 0x0b, 0, 0, 1);
    ck_assert_int_eq(start(CONSOLE, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), GOOD, 0);
    ck_assert_int_eq(bells, 1);
    put_ccw(PROGRAM, 0x55, BUFFER, 0, 5);
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD | UNIT_CHECK, 0);
}
END_TEST

START_TEST(read_waits)
{
    attach(CONSOLE, "3215", 0);
    struct line *line = connect_line();
    put_ccw(PROGRAM, 0x0a, BUFFER, CCW_SUPPRESS_LENGTH, 130);
    ck_assert_int_eq(start(CONSOLE, 0, PROGRAM), 0);
    run_events();
    no_interruption();
    ck_assert_int_eq(reads_started, 1);
    ck_assert_int_eq(reads_hidden, 0);
    ck_assert_int_eq(start(CONSOLE, 0, PROGRAM), 2);
    line_input(line, "query names", 11);
    ck_assert_int_eq(reads_ended, 1);
    struct csw csw = interruption(CONSOLE);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(get16(csw.count), 130 - 11);
    expect_text("query names", 11);
}
END_TEST

START_TEST(lines_are_kept)
{
    attach(CONSOLE, "3215", 0);
    struct line *line = connect_line();
    line_input(line, "first", 5);
    line_input(line, "second", 6);
    ck_assert_csw(interruption(CONSOLE), UNIT_ATTENTION, 0);
    no_interruption();
    put_ccw(PROGRAM, 0x0a, BUFFER, CCW_SUPPRESS_LENGTH, 130);
    struct csw csw = run_program(CONSOLE, PROGRAM);
    ck_assert_uint_eq(get16(csw.count), 130 - 5);
    expect_text("first", 5);
    ck_assert_csw(interruption(CONSOLE), UNIT_ATTENTION, 0);
    run_program(CONSOLE, PROGRAM);
    expect_text("second", 6);
    no_interruption();
    /* An empty line ends a read, too. */
    line_input(line, "", 0);
    ck_assert_csw(interruption(CONSOLE), UNIT_ATTENTION, 0);
    ck_assert_uint_eq(get16(run_program(CONSOLE, PROGRAM).count), 130);
}
END_TEST

START_TEST(attention_and_drop)
{
    attach(CONSOLE, "3215", 0);
    struct line *line = connect_line();
    line_attention(line);
    ck_assert_csw(interruption(CONSOLE), UNIT_ATTENTION | UNIT_EXCEPTION, 0);
    put_ccw(PROGRAM, 0x0a, BUFFER, CCW_SUPPRESS_LENGTH, 130);
    ck_assert_int_eq(start(CONSOLE, 0, PROGRAM), 0);
    run_events();
    line_attention(line);
    ck_assert_csw(interruption(CONSOLE), GOOD | UNIT_EXCEPTION, 0);
    line_disconnect(line);
    ck_assert_csw(interruption(CONSOLE), UNIT_ATTENTION | UNIT_CHECK, 0);
    put_ccw(PROGRAM, CCW_SENSE, BUFFER, 0, 1);
    run_program(CONSOLE, PROGRAM);
    ck_assert_uint_eq(*at(BUFFER), SENSE_INTERVENTION);
    line = connect_line();
    put_ccw(PROGRAM, 0x0a, BUFFER, CCW_SUPPRESS_LENGTH, 130);
    ck_assert_int_eq(start(CONSOLE, 0, PROGRAM), 0);
    run_events();
    line_disconnect(line);
    ck_assert_csw(interruption(CONSOLE), GOOD | UNIT_CHECK, 0);
}
END_TEST

START_TEST(hidden_read)
{
    attach(CONSOLE, "3215", 0);
    connect_line();
    memset(at(BUFFER), 0xe7, 8);
    memset(at(BUFFER + 8), 0x16, 8);
    put_ccw(PROGRAM, 0x01, BUFFER, 0, 16);
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD, 0);
    put_ccw(PROGRAM, 0x0a, BUFFER, CCW_SUPPRESS_LENGTH, 8);
    ck_assert_int_eq(start(CONSOLE, 0, PROGRAM), 0);
    run_events();
    ck_assert_int_eq(reads_hidden, 1);
    ck_assert_str_eq(shown, "XXXXXXXX\b\b\b\b\b\b\b\b");
    ck_assert_int_eq(channel_halt_device(&machine, CONSOLE), 1);
    ck_assert_int_eq(reads_ended, 1);
    ck_assert_csw(interruption(CONSOLE), GOOD, 0);
}
END_TEST

static void tap(void *context, const char *text, size_t length)
{
    ck_assert_ptr_eq(context, shown);
    show(NULL, text, length);
}

START_TEST(operators_console)
{
    attach(CONSOLE, "3215-C", 1, "noprompt");
    ck_assert(line_find_free(&machine) == NULL);
    struct line *line = line_of_device(&machine, CONSOLE);
    line_set_tap(line, tap, shown);
    put_text("DMKCPI");
    put_ccw(PROGRAM, 0x09, BUFFER, 0, 6);
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD, 0);
    ck_assert_str_eq(shown, "DMKCPI\n");
    ck_assert(line_connect(line, &backend, NULL));
    no_interruption();
    ck_assert(device_detach(&machine, CONSOLE) == NULL);
    ck_assert_int_eq(hang_ups, 1);
}
END_TEST

/* A system reset takes what waits, and says again that somebody is there. */
START_TEST(system_reset)
{
    attach(CONSOLE, "3215", 0);
    struct line *line = connect_line();
    for (int i = 0; i < 100; i++)
        line_input(line, "paste", 5);
    ck_assert_csw(interruption(CONSOLE), UNIT_ATTENTION, 0);
    channels_reset(&machine);
    ck_assert_csw(interruption(CONSOLE), UNIT_DEVICE_END, 0);
    no_interruption();
    line_disconnect(line);
    channels_reset(&machine);
    no_interruption();
}
END_TEST

START_TEST(printer_keyboard_1052)
{
    attach(CONSOLE, "1052", 0);
    put_ccw(PROGRAM, 0x0a, BUFFER, 0, 5);
    ck_assert_int_eq(start(CONSOLE, 0, PROGRAM), 1);
    struct line *line = connect_line();
    put_ccw(PROGRAM, CCW_SENSE_ID, BUFFER, CCW_SUPPRESS_LENGTH, 7);
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD | UNIT_CHECK, 0);
    put_ccw(PROGRAM, CCW_SENSE, BUFFER, 0, 1);
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER), SENSE_COMMAND_REJECT);
    put_text("A\nB");
    put_ccw(PROGRAM, 0x09, BUFFER, 0, 3);
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD, 0);
    ck_assert_str_eq(shown, "A\nB\n");
    ck_assert(line_input(line, "IPL", 3));
    ck_assert_csw(interruption(CONSOLE), UNIT_ATTENTION, 0);
    put_ccw(PROGRAM, 0x0a, BUFFER, CCW_SUPPRESS_LENGTH, 5);
    struct csw csw = run_program(CONSOLE, PROGRAM);
    ck_assert_uint_eq(get16(csw.count), 2);
    expect_text("IPL", 3);
}
END_TEST

START_TEST(operators_1052)
{
    attach(CONSOLE, "1052-C", 1, "noprompt");
    ck_assert(line_find_free(&machine) == NULL);
    put_text("READY");
    put_ccw(PROGRAM, 0x09, BUFFER, 0, 5);
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD, 0);
    put_ccw(PROGRAM, 0x0b, 0, 0, 1);
    ck_assert_int_eq(start(CONSOLE, 0, PROGRAM), 1);
    ck_assert_csw(stored_csw(), GOOD, 0);
    const char *wrong = device_attach(&machine, 0x01f, "1052", 1, (char *[]){"prompt"});
    ck_assert_msg(wrong && strstr(wrong, "'prompt'"), "%s", wrong);
}
END_TEST

/* A line longer than the READ's count: the rest is lost, and the length is incorrect. An empty one
 * is a line, too. */
START_TEST(long_and_empty_lines)
{
    attach(CONSOLE, "3215", 0);
    struct line *line = connect_line();
    put_ccw(PROGRAM, 0x0a, BUFFER, 0, 4);
    ck_assert(line_input(line, "ABCDEFG", 7));
    ck_assert_csw(interruption(CONSOLE), UNIT_ATTENTION, 0);
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD, CHANNEL_INCORRECT_LENGTH);
    expect_text("ABCD", 4);
    ck_assert(line_input(line, "", 0));
    ck_assert_csw(interruption(CONSOLE), UNIT_ATTENTION, 0);
    put_ccw(PROGRAM, 0x0a, BUFFER, CCW_SUPPRESS_LENGTH, 4);
    struct csw csw = run_program(CONSOLE, PROGRAM);
    ck_assert_csw(csw, GOOD, 0);
    ck_assert_uint_eq(get16(csw.count), 4);
    no_interruption();
}
END_TEST

START_TEST(endless_write)
{
    attach(CONSOLE, "3215", 0);
    connect_line();
    endless_data(CONSOLE, 0x01, PROGRAM, BUFFER);
    put_text("AFTER");
    put_ccw(PROGRAM, 0x09, BUFFER, 0, 5);
    shown_length = 0;
    ck_assert_csw(run_program(CONSOLE, PROGRAM), GOOD, 0);
    ck_assert_str_eq(shown, "AFTER\n");
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, endless_write);
    tcase_add_test(t, printer_keyboard_1052);
    tcase_add_test(t, operators_1052);
    tcase_add_test(t, long_and_empty_lines);
    tcase_add_test(t, not_connected);
    tcase_add_test(t, write_and_alarm);
    tcase_add_test(t, read_waits);
    tcase_add_test(t, lines_are_kept);
    tcase_add_test(t, attention_and_drop);
    tcase_add_test(t, hidden_read);
    tcase_add_test(t, operators_console);
    tcase_add_test(t, system_reset);
}

int main(void)
{
    return run_suite("3215", fixture_setup, fixture_teardown, add);
}

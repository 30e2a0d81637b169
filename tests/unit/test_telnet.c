/* Proves: a telnet connection is a 3215 as line.h says: connecting, lines in both
 * directions, hidden passwords, break and interrupt, a dropped connection; too many clients,
 * a client that reads nothing, and a port in use do no harm.  The test plays both sides: the
 * client by a socket, the program by channel programs. */
#include "lib/ebcdic.h"
#include "s370/devices/line.h"
#include "tests/unit/terminal_fixture.h"
#include "tests/unit/run_suite.h"

#include <errno.h>

static void setup(void)
{
    fixture_open(CLOCK_HOST);
    attach(0xc0, "3215");
    attach(0xc1, "3215");
    server = telnet_listen(machine, NULL, 0);
    ck_assert_ptr_nonnull(server);
    got_length = 0;
}

static void teardown(void)
{
    if (client >= 0)
        close(client);
    client = -1;
    telnet_close(server);
    fixture_close();
}

static void say(const char *bytes, size_t n)
{
    ck_assert_int_eq(send(client, bytes, n, 0), (ssize_t)n);
}

/* Channel programs begin shortly after SIO: the READ has begun when this comes back. */
static bool has_begun(void)
{
    return condition.looks == 3;
}

static void start_read(uint16_t address)
{
    start_io(address, "0A002000 20000050");
    run_until(has_begun);
}

static void write_line(uint16_t address, const char *text)
{
    uint8_t bytes[200], ccw[8] = {0x09, 0, 0x20, 0, 0x20, 0, 0, (uint8_t)strlen(text)};
    ebcdic_from_latin1(bytes, text, strlen(text));
    storage_poke(&machine->storage, BUFFER, bytes, (uint32_t)strlen(text));
    storage_poke(&machine->storage, PROGRAM, ccw, 8);
    poke(0x48, "00001000");
    ck_assert_int_eq(channel_start_io(machine, address, false), 0);
    program_gets(address, GOOD);
}

static void program_read(const char *text)
{
    uint8_t csw[8], bytes[80];
    storage_peek(&machine->storage, 0x40, csw, 8);
    size_t n = 80 - load_be16(csw + 6);
    storage_peek(&machine->storage, BUFFER, bytes, 80);
    latin1_from_ebcdic(bytes, bytes, n);
    ck_assert_uint_eq(n, strlen(text));
    ck_assert(!memcmp(bytes, text, n));
}

START_TEST(lines)
{
    client = open_client();
    program_gets(0xc0, UNIT_DEVICE_END);
    write_line(0xc0, "VM ONLINE \xe9");
    client_gets("VM ONLINE \xc3\xa9\r\n");
    /* A line typed ahead gives attention and waits; then a read that waits for its line. */
    say("logon cmsuser\r\n", 15);
    program_gets(0xc0, UNIT_ATTENTION);
    start_read(0xc0);
    program_gets(0xc0, GOOD);
    program_read("logon cmsuser");
    start_read(0xc0);
    say("xz\by \xc3\xa9\n", 8);
    program_gets(0xc0, GOOD);
    program_read("xy \xe9");
    start_read(0xc0);
    say("junk\025\r\0", 7);
    program_gets(0xc0, GOOD);
    program_read("");
}
END_TEST

START_TEST(password)
{
    client = open_client();
    program_gets(0xc0, UNIT_DEVICE_END);
    poke(0x1100, "D7E6 E7E7 1616"); /* PW, two X, two backspaces */
    start_io(0xc0, "01001102 60000004 0A002000 20000050");
    client_gets("XX\b\b\xff\xfb\x01");
    say("\xff\xfd\x01", 3);
    say("SECRET\r\0", 8);
    program_gets(0xc0, GOOD);
    program_read("SECRET");
    client_gets("\r\n\xff\xfc\x01");
    /* A client that asks for our echo or character mode by itself is refused. */
    say("\xff\xfe\x01\xff\xfd\x01\xff\xfd\x03", 9);
    client_gets("\xff\xfc\x01\xff\xfc\x03");
}
END_TEST

START_TEST(attention_key)
{
    static const char *const keys[] = {"\xff\xf3", "\xff\xf4", "\003"};
    client = open_client();
    program_gets(0xc0, UNIT_DEVICE_END);
    for (int i = 0; i < 3; i++) {
        say(keys[i], strlen(keys[i]));
        program_gets(0xc0, UNIT_ATTENTION | UNIT_EXCEPTION);
    }
    start_read(0xc0);
    say("half\xff\xf3", 6);
    program_gets(0xc0, GOOD | UNIT_EXCEPTION);
    say("\xff\xf6", 2);
    client_gets("[datbox is here]");
}
END_TEST

START_TEST(drops)
{
    client = open_client();
    program_gets(0xc0, UNIT_DEVICE_END);
    close(client);
    program_gets(0xc0, UNIT_ATTENTION | UNIT_CHECK);
    client = open_client();
    program_gets(0xc0, UNIT_DEVICE_END);
    start_read(0xc0);
    close(client);
    client = -1;
    program_gets(0xc0, GOOD | UNIT_CHECK);
}
END_TEST

static bool at_end(void)
{
    ssize_t n = recv(client, got + got_length, sizeof got - got_length, 0);
    got_length += n > 0 ? (size_t)n : 0;
    return n == 0;
}

START_TEST(no_free_line)
{
    int first = open_client();
    program_gets(0xc0, UNIT_DEVICE_END);
    int second = open_client();
    program_gets(0xc1, UNIT_DEVICE_END);
    client = open_client();
    run_until(at_end);
    ck_assert_ptr_nonnull(memmem(got, got_length, "all lines are in use", 20));
    close(first);
    close(second);
}
END_TEST

START_TEST(fifty_clients)
{
    for (int i = 0; i < 50; i++) {
        client = open_client();
        program_gets(0xc0, UNIT_DEVICE_END);
        write_line(0xc0, "LOGO");
        client_gets("LOGO\r\n");
        close(client);
        program_gets(0xc0, UNIT_ATTENTION | UNIT_CHECK);
    }
    client = -1;
}
END_TEST

static bool read_next(void)
{
    if (interrupted() && (unit_status & UNIT_DEVICE_END)) {
        uint8_t bytes[80];
        storage_peek(&machine->storage, BUFFER, bytes, 80);
        latin1_from_ebcdic(bytes, bytes, 80);
        if (!memcmp(bytes, "line 99", 7))
            return true;
        poke(BUFFER, "40404040404040404040");
    }
    channel_start_io(machine, 0xc0, false);
    return false;
}

/* More lines than the device keeps: none is lost. */
START_TEST(pasted_lines)
{
    char text[2000] = "";
    client = open_client();
    program_gets(0xc0, UNIT_DEVICE_END);
    for (int i = 0; i < 100; i++)
        sprintf(text + strlen(text), "line %d\r\n", i);
    say(text, strlen(text));
    program_gets(0xc0, UNIT_ATTENTION);
    run_until(has_begun);
    poke(PROGRAM, "0A002000 20000050");
    poke(0x48, "00001000");
    run_until(read_next);
    /* Break forgets the lines that the device has not taken. */
    say(text, strlen(text));
    program_gets(0xc0, UNIT_ATTENTION);
    say("\003", 1);
    program_gets(0xc0, UNIT_ATTENTION | UNIT_EXCEPTION);
}
END_TEST

/* The client reads nothing: the machine writes on and drops it at last. */
static bool was_dropped(void)
{
    if (!interrupted())
        return false;
    if (unit_status != GOOD)
        return true;
    poke(0x48, "00001000");
    return channel_start_io(machine, 0xc0, false) != 0;
}

START_TEST(slow_client)
{
    client = open_client();
    program_gets(0xc0, UNIT_DEVICE_END);
    start_io(0xc0, "0900 2000 2000 8000");
    run_until(was_dropped);
    ck_assert(!line_is_connected(line_of_device(machine, 0xc0)));
}
END_TEST

START_TEST(port_in_use)
{
    ck_assert_ptr_null(telnet_listen(machine, NULL, telnet_port(server)));
    ck_assert_ptr_nonnull(strstr(said, "is in use by another program"));
    ck_assert_ptr_nonnull(strstr(said, "--port N"));
    said[0] = 0;
    ck_assert_ptr_null(telnet_listen(machine, "no-address", 1));
    ck_assert_ptr_nonnull(strstr(said, "can't listen on port 1 of no-address"));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("telnet");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, lines);
    tcase_add_test(t, password);
    tcase_add_test(t, attention_key);
    tcase_add_test(t, drops);
    tcase_add_test(t, no_free_line);
    tcase_add_test(t, fifty_clients);
    tcase_add_test(t, pasted_lines);
    tcase_add_test(t, slow_client);
    tcase_add_test(t, port_in_use);
    Suite *s = suite_create("telnet");
    suite_add_tcase(s, t);
    return run_suite(s);
}

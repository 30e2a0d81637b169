/* Proves: TN3270 and TN3270E as RFC 1576 and RFC 2355 say, with a client played by the test
 * and with the real s3270: device types and sizes, names of displays, functions, BIND,
 * records both ways with FF doubled, the keys outside of records; who is no 3270 gets a line,
 * at once when he types or names another terminal, and after a moment else; a client that
 * stops in the middle of the negotiation, or sends without end, does no harm. */
#include "s370/devices/display.h"
#include "tests/unit/s3270.h"
#include "tests/unit/terminal_fixture.h"
#include "tests/unit/run_suite.h"

static void setup(void)
{
    char *group[] = {"CLASS"};
    fixture_open(CLOCK_HOST);
    attach(0x20, "3215");
    attach(0xc0, "3270");
    attach(0xc1, "3270");
    ck_assert_ptr_null(device_attach(machine, 0xc8, "3270", 1, group));
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

#define say(text) ck_assert_int_eq(send(client, text, sizeof text - 1, 0), sizeof text - 1)

static bool dropped(void)
{
    char bytes[512];
    return recv(client, bytes, sizeof bytes, 0) == 0;
}

static void program_has(const char *bytes, size_t n)
{
    char data[256];
    storage_peek(&machine->storage, BUFFER, data, (uint32_t)n);
    ck_assert_mem_eq(data, bytes, n);
}

static void become_basic(const char *type, size_t length)
{
    client_gets("\xff\xfd\x28\xff\xfd\x18");
    say("\xff\xfc\x28\xff\xfb\x18");
    client_gets("\xff\xfa\x18\x01\xff\xf0");
    ck_assert_int_eq(send(client, type, length, 0), (ssize_t)length);
}
#define TYPE(name) "\xff\xfa\x18\x00" name "\xff\xf0", sizeof name + 5

static void agree_basic(void)
{
    client_gets("\xff\xfd\x19\xff\xfb\x19\xff\xfd\x00\xff\xfb\x00");
    say("\xff\xfb\x19\xff\xfd\x19\xff\xfb\x00\xff\xfd\x00");
}

START_TEST(basic)
{
    client = open_client();
    become_basic(TYPE("IBM-3278-3-E"));
    agree_basic();
    program_gets(0xc0, UNIT_DEVICE_END);
    poke(BUFFER, "C3 11 40 40 1D F0 FF C1");
    start_io(0xc0, "05002000 20000008");
    program_gets(0xc0, GOOD);
    client_gets("\xf5\xc3\x11\x40\x40\x1d\xf0\xff\xff\xc1\xff\xef");
    say("\x7d\x40\xc4\x11\x40\xc1\xff\xff\xff\xef");
    program_gets(0xc0, UNIT_ATTENTION);
    start_io(0xc0, "06002000 20000050");
    program_gets(0xc0, GOOD);
    program_has("\x7d\x40\xc4\x11\x40\xc1\xff", 7);
    say("\xff\xf3"); /* break */
    program_gets(0xc0, UNIT_ATTENTION);
    start_io(0xc0, "06002000 20000050");
    program_gets(0xc0, GOOD);
    program_has("\x6c", 1);
    close(client);
    client = -1;
    program_gets(0xc0, UNIT_ATTENTION | UNIT_CHECK);
}
END_TEST

START_TEST(named)
{
    client = open_client();
    become_basic(TYPE("IBM-3279-2@class"));
    agree_basic();
    program_gets(0xc8, UNIT_DEVICE_END);
    close(client);
    program_gets(0xc8, UNIT_ATTENTION | UNIT_CHECK);
    client = open_client();
    become_basic(TYPE("IBM-DYNAMIC@0c1"));
    agree_basic();
    program_gets(0xc1, UNIT_DEVICE_END);
    close(client);
    program_gets(0xc1, UNIT_ATTENTION | UNIT_CHECK);
    client = open_client();
    become_basic(TYPE("IBM-3279-2@NOBODY"));
    client_gets("there is no terminal of that name\r\n");
}
END_TEST

#define SB_E "\xff\xfa\x28"
#define SE   "\xff\xf0"

START_TEST(extended)
{
    client = open_client();
    client_gets("\xff\xfd\x28");
    say("\xff\xfb\x28");
    client_gets(SB_E "\x08\x02" SE);
    say(SB_E "\x02\x07IBM-4711-2\x01L00C1" SE);
    client_gets(SB_E "\x02\x06\x05\x04" SE);
    say(SB_E "\x02\x07IBM-3278-5-E\x01NOBODY" SE);
    client_gets(SB_E "\x02\x06\x05\x03" SE);
    say(SB_E "\x02\x07IBM-3278-5-E\x01L00C1" SE);
    client_gets(SB_E "\x02\x04IBM-3278-5-E\x01L00C1" SE);
    say(SB_E "\x03\x07\x00\x02\x04\x05" SE);
    client_gets(SB_E "\x03\x07\x00\x02\x04" SE);
    say(SB_E "\x03\x07\x00\x02\x04" SE);
    client_gets(SB_E "\x03\x04\x00\x02\x04" SE "\x03\x00\x00\x00\x00\x31");
    program_gets(0xc1, UNIT_DEVICE_END);
    poke(BUFFER, "C3 11 40 40 C1");
    start_io(0xc1, "05002000 20000005");
    program_gets(0xc1, GOOD);
    client_gets("\x00\x00\x01\x00\x01\xf5\xc3\x11\x40\x40\xc1\xff\xef");
    say("\x02\x00\x01\x00\x01\x02\xff\xef"); /* negative: operation check */
    program_gets(0xc1, UNIT_ATTENTION | UNIT_CHECK);
    say("\x00\x00\x00\x00\x00\x7d\x40\x40\xff\xef");
    program_gets(0xc1, UNIT_ATTENTION);
    start_io(0xc1, "06002000 20000050");
    program_gets(0xc1, GOOD);
    program_has("\x7d\x40\x40", 3);
    say("\xff\xf4"); /* IP: Attn */
    program_gets(0xc1, UNIT_ATTENTION);
    start_io(0xc1, "06002000 20000050");
    program_gets(0xc1, GOOD);
    program_has("\x6c", 1);
    ck_assert_ptr_null(device_detach(machine, 0xc1));
    client_gets("\x04\x00\x00\x00\x02\x01\xff\xef");
}
END_TEST

/* A TN3270E client of all functions at 0C0. */
static void become_extended(void)
{
    client = open_client();
    client_gets("\xff\xfd\x28");
    say("\xff\xfb\x28");
    client_gets(SB_E "\x08\x02" SE);
    say(SB_E "\x02\x07IBM-3278-2-E" SE);
    client_gets(SB_E "\x02\x04IBM-3278-2-E\x01L00C0" SE);
    say(SB_E "\x03\x07\x00\x02\x04" SE);
    client_gets(SB_E "\x03\x04\x00\x02\x04" SE "\x03\x00\x00\x00\x00\x31");
    program_gets(0xc0, UNIT_DEVICE_END);
}

static void write_c1(void)
{
    poke(BUFFER, "C3 C1");
    start_io(0xc0, "05002000 20000002");
}

static bool begun_and_waiting(void)
{
    ck_assert(!interrupted());
    return condition.looks == 20;
}

/* Every eighth record must be answered, and two may be unanswered; then the device waits. */
START_TEST(responses)
{
    static const struct {
        const char *answer;
        uint8_t sense;
    } negative[] = {{"\x02\x00\x01\x00\x0c\x00\xff\xef", SENSE_COMMAND_REJECT},
                    {"\x02\x00\x01\x00\x0c\x01\xff\xef", SENSE_INTERVENTION},
                    {"\x02\x00\x01\x00\x0c\x02\xff\xef", SENSE_OPERATION_CHECK},
                    {"\x02\x00\x01\x00\x0c\x03\xff\xef", SENSE_INTERVENTION}};
    become_extended();
    for (int i = 1; i < 16; i++) {
        write_c1();
        program_gets(0xc0, GOOD);
        if (i == 7)
            client_gets("\x00\x00\x01\x00\x07\xf5\xc3\xc1\xff\xef");
        if (i == 8)
            client_gets("\x00\x00\x02\x00\x08\xf5\xc3\xc1\xff\xef");
    }
    write_c1();
    client_gets("\x00\x00\x02\x00\x10\xf5\xc3\xc1\xff\xef");
    run_until(begun_and_waiting);
    say("\x02\x00\x00\x00\x08\x00\xff\xef"); /* positive: device end */
    program_gets(0xc0, GOOD);
    write_c1();
    program_gets(0xc0, GOOD);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(send(client, negative[i].answer, 8, 0), 8);
        program_gets(0xc0, UNIT_ATTENTION | UNIT_CHECK);
        start_io(0xc0, "04002000 20000001");
        program_gets(0xc0, GOOD);
        program_has((const char *)&negative[i].sense, 1);
    }
}
END_TEST

/* SYSREQ: the user turns to the server; what the program writes meanwhile waits. */
START_TEST(sysreq)
{
    become_extended();
    say("\xff\xf5");                                             /* AO: SysReq */
    client_gets("\x07\x00\x00\x00\x01\x84\x81\xa3\x82\x96\xa7"); /* SSCP-LU-DATA: datbox */
    say("\x00\x00\x00\x00\x00\x7d\x40\x40\xff\xef");             /* not for the program */
    write_c1();
    run_until(begun_and_waiting);
    say("\x07\x00\x00\x00\x01\xc8\xc5\xd3\xd7\xff\xef"); /* HELP */
    client_gets("\xc3\xd6\xd4\xd4\xc1\xd5\xc4\x40\xe4\xd5\xd9\xc5\xc3\xd6\xc7\xd5\xc9\xe9\xc5\xc4"
                "\x15\xff\xef");
    say("\xff\xf5"); /* back: the screen is erased, then has what waited */
    client_gets("\xf5\xc2\xff\xef\x00\x00\x01\x00\x04\xf5\xc3\xc1\xff\xef");
    program_gets(0xc0, GOOD);
    program_gets(0xc0, UNIT_ATTENTION);
    start_io(0xc0, "06002000 20000050");
    program_gets(0xc0, GOOD);
    program_has("\x6d", 1);                                          /* as if it had been cleared */
    say("\xff\xf5\x07\x00\x00\x00\x02\xa3\x85\xa2\xa3\x40\xff\xef"); /* test */
    program_gets(0xc0, UNIT_ATTENTION);
    start_io(0xc0, "06002000 20000050");
    program_gets(0xc0, GOOD);
    program_has("\x01\x6c\x61\x02", 4);
    say("\xff\xf5\x07\x00\x00\x00\x03\xd3\xd6\xc7\xd6\xc6\xc6\xff\xef"); /* LOGOFF */
    client_gets("\x04\x00\x00\x00\x08\x01\xff\xef");                     /* UNBIND */
    run_until(dropped);
    program_gets(0xc0, UNIT_ATTENTION | UNIT_CHECK);
}
END_TEST

/* Each of these gets the 3215 at 020. */
START_TEST(lines)
{
    for (int i = 0; i < 4; i++) {
        client = open_client();
        client_gets("\xff\xfd\x28\xff\xfd\x18");
        if (i == 0) {
            say("hello\r\n");
        } else if (i == 1) {
            say("\xff\xfc\x28\xff\xfc\x18");
        } else if (i == 2) {
            say("\xff\xfc\x28\xff\xfb\x18");
            client_gets("\xff\xfa\x18\x01\xff\xf0");
            say("\xff\xfa\x18\x00XTERM\xff\xf0");
        } /* 3: silent */
        program_gets(0x20, UNIT_DEVICE_END | (i == 0 ? UNIT_ATTENTION : 0));
        got_length = 0;
        close(client);
        client = -1;
        program_gets(0x20, UNIT_ATTENTION | UNIT_CHECK);
    }
}
END_TEST

/* A third 3270 without a name, while both are taken, is a line, too. */
START_TEST(all_taken)
{
    int others[2];
    for (int i = 0; i < 2; i++) {
        client = open_client();
        become_basic(TYPE("IBM-3278-2"));
        agree_basic();
        program_gets((uint16_t)(0xc0 + i), UNIT_DEVICE_END);
        others[i] = client;
    }
    client = open_client();
    become_basic(TYPE("IBM-3278-2"));
    program_gets(0x20, UNIT_DEVICE_END);
    close(client);
    client = open_client();
    become_basic(TYPE("IBM-3278-2@0C0"));
    client_gets("all terminals of that name are in use");
    close(others[0]);
    close(others[1]);
}
END_TEST

START_TEST(endless_record)
{
    static char many[1000];
    client = open_client();
    become_basic(TYPE("IBM-3278-2"));
    agree_basic();
    program_gets(0xc0, UNIT_DEVICE_END);
    memset(many, 'A', sizeof many);
    for (int i = 0; i < 70; i++)
        if (send(client, many, sizeof many, MSG_NOSIGNAL) < 0)
            break;
    program_gets(0xc0, UNIT_ATTENTION | UNIT_CHECK);
}
END_TEST

START_TEST(refuses_midway)
{
    client = open_client();
    become_basic(TYPE("IBM-3278-2"));
    client_gets("\xff\xfb\x00");
    say("\xff\xfb\x19\xff\xfc\x19"); /* end of record agreed to and taken back */
    run_until(dropped);
    close(client);
    client = open_client();
    client_gets("\xff\xfd\x28\xff\xfd\x18");
    say("\xff\xfb\x28"); /* and then not a word */
    run_until(dropped);
}
END_TEST

/* A client that does not read makes its device wait, and nothing else; when it reads again the
 * write ends.  The machine's own time goes on, which the loop counts in. */
static unsigned writes_done;

static bool write_waits(void)
{
    static unsigned idle;
    if (interrupted()) {
        writes_done++;
        idle = 0;
        ck_assert_int_eq(channel_start_io(machine, 0xc0, false), 0);
    }
    return ++idle > 100; /* a tenth of a second without an end */
}

static bool reads_on(void)
{
    static char bytes[1 << 16];
    while (recv(client, bytes, sizeof bytes, 0) > 0)
        ;
    return interrupted();
}

START_TEST(slow_client)
{
    client = open_client();
    become_basic(TYPE("IBM-3278-2"));
    agree_basic();
    program_gets(0xc0, UNIT_DEVICE_END);
    poke(BUFFER, "C3");
    start_io(0xc0, "05002000 20002000"); /* 8 KiB of nulls */
    writes_done = 0;
    run_until(write_waits);
    ck_assert_uint_gt(writes_done, 10);
    run_until(reads_on);
    ck_assert_uint_eq(unit_status, GOOD);
}
END_TEST

/* Hundreds of connections at once: some are dropped, the machine goes on, and when they are
 * gone a 3270 gets its display. */
START_TEST(flood)
{
    static int flood_clients[400];
    for (int i = 0; i < 400; i++) {
        client = open_client();
        flood_clients[i] = client;
        if (i == 199)
            client_gets("\xff\xfd\x28");
    }
    run_until(dropped);                  /* the last */
    program_gets(0x20, UNIT_DEVICE_END); /* the first that was silent long enough */
    for (int i = 0; i < 400; i++)
        close(flood_clients[i]);
    program_gets(0x20, UNIT_ATTENTION | UNIT_CHECK);
    client = open_client();
    become_basic(TYPE("IBM-3278-2"));
    agree_basic();
    program_gets(0xc0, UNIT_DEVICE_END);
}
END_TEST

static struct s3270 real;

START_TEST(real_client)
{
    static const char *const hosts[] = {"C0@127.0.0.1:%u", "N:127.0.0.1:%u", "127.0.0.1:%u"};
    char host[64];
    for (int i = 0; i < 3; i++) {
        snprintf(host, sizeof host, hosts[i], telnet_port(server));
        s3270_open(&real, "3279-4-E", host);
        program_gets(0xc0, UNIT_DEVICE_END);
        /* attribute, HELLO, unprotected field, cursor in it */
        poke(BUFFER, "C3 11 40 40 1D F0 C8 C5 D3 D3 D6 1D 40 13");
        start_io(0xc0, "05002000 2000000E");
        program_gets(0xc0, GOOD);
        s3270_do(&real, "Wait(Output)");
        s3270_do(&real, "Ascii(0,1,5)");
        ck_assert_msg(strstr(real.text, "data: HELLO\n") == real.text, "%s", real.text);
        s3270_do(&real, "String(\"Abc\")");
        s3270_say(&real, "Enter()");
        program_gets(0xc0, UNIT_ATTENTION);
        start_io(0xc0, "06002000 20000050 ");
        program_gets(0xc0, GOOD);
        program_has("\x7d\x40\x4a\x11\x40\xc7\xc1\x82\x83", 9);
        /* READ BUFFER asks the terminal. */
        start_io(0xc0, "02002000 20001000");
        program_gets(0xc0, GOOD);
        program_has("\x7d\x40\x4a\x1d\xf0\xc8\xc5\xd3\xd3\xd6\x1d\xc1\xc1\x82\x83", 15);
        poke(BUFFER, "0005 01 FF 02"); /* Query */
        start_io(0xc0, "11002000 20000005");
        run_until(interrupted);
        if (unit_status == GOOD)
            program_gets(0xc0, UNIT_ATTENTION);
        start_io(0xc0, "06002000 20001000");
        program_gets(0xc0, GOOD);
        program_has("\x88", 1);
        s3270_close(&real);
        program_gets(0xc0, UNIT_ATTENTION | UNIT_CHECK);
    }
}
END_TEST

/* The user of s3270 turns to the server, back, and leaves. */
START_TEST(real_sysreq)
{
    char host[64];
    snprintf(host, sizeof host, "127.0.0.1:%u", telnet_port(server));
    s3270_open(&real, "3279-2-E", host);
    program_gets(0xc0, UNIT_DEVICE_END);
    poke(BUFFER, "C3 1D F0 C8 1D 40 13");
    start_io(0xc0, "05002000 20000007");
    program_gets(0xc0, GOOD);
    s3270_do(&real, "Wait(InputField)");
    s3270_do(&real, "SysReq()");
    s3270_see(&real, "datbox, terminal L00C0.");
    s3270_do(&real, "SysReq()");
    program_gets(0xc0, UNIT_ATTENTION);
    start_io(0xc0, "06002000 20000050");
    program_gets(0xc0, GOOD);
    program_has("\x6d", 1);
    start_io(0xc0, "05002000 20000007");
    program_gets(0xc0, GOOD);
    s3270_do(&real, "Wait(InputField)");
    s3270_do(&real, "SysReq()");
    s3270_see(&real, "datbox, terminal L00C0.");
    s3270_do(&real, "String(logoff)");
    s3270_do(&real, "Enter()");
    s3270_do(&real, "Wait(Disconnect)");
    s3270_close(&real);
    program_gets(0xc0, UNIT_ATTENTION | UNIT_CHECK);
}
END_TEST

/* Fifty at once: each sees the screen that was written for it, and its Enter is its own. */
#define SESSIONS 50
static struct s3270 sessions[SESSIONS];
static unsigned ready_count, started;

static bool all_ready(void)
{
    while (interrupted())
        ready_count++;
    return ready_count >= started;
}

static void write_number(unsigned i)
{
    char program[40];
    snprintf(program, sizeof program, "C31D40F%XF%X1D4013", i / 10, i % 10);
    poke(BUFFER, program);
    start_io((uint16_t)(0x100 + i), "05002000 20000008");
    program_gets((uint16_t)(0x100 + i), GOOD);
}

START_TEST(fifty)
{
    char host[64];
    ready_count = 0;
    for (unsigned i = 0; i < SESSIONS; i++)
        attach((uint16_t)(0x100 + i), "3270");
    for (unsigned i = 0; i < SESSIONS; i++) {
        snprintf(host, sizeof host, "%X@127.0.0.1:%u", 0x100 + i, telnet_port(server));
        s3270_open(&sessions[i], "3278-2-E", host);
        started = i + 1;
        if (started % 5 == 0) /* a busy host starts no fifty at once before they are dropped */
            run_until(all_ready);
    }
    for (unsigned i = 0; i < SESSIONS; i++)
        write_number(i);
    for (unsigned i = 0; i < SESSIONS; i++) {
        s3270_do(&sessions[i], "Wait(InputField)");
        s3270_do(&sessions[i], "Ascii(0,1,2)");
        snprintf(host, sizeof host, "data: %02u\n", i);
        ck_assert_msg(strstr(sessions[i].text, host) == sessions[i].text, "%s", sessions[i].text);
        s3270_say(&sessions[i], "Enter()");
        program_gets((uint16_t)(0x100 + i), UNIT_ATTENTION);
    }
    for (unsigned i = 0; i < SESSIONS; i++)
        s3270_close(&sessions[i]);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tn3270");
    TCase *t = tcase_create("tn3270");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, basic);
    tcase_add_test(t, named);
    tcase_add_test(t, extended);
    tcase_add_test(t, responses);
    tcase_add_test(t, sysreq);
    tcase_add_test(t, lines);
    tcase_add_test(t, all_taken);
    tcase_add_test(t, endless_record);
    tcase_add_test(t, refuses_midway);
    tcase_add_test(t, slow_client);
    tcase_add_test(t, flood);
    tcase_add_test(t, real_client);
    tcase_add_test(t, real_sysreq);
    tcase_add_test(t, fifty);
    suite_add_tcase(s, t);
    return run_suite(s);
}

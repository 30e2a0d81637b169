/* Proves: a reader takes decks from a socket, each connection one, from several clients, says what
 * is wrong with one to both sides, and lets clients wait while its hopper is full; it takes decks
 * from a folder in order, only complete ones, each once, and moves them when they have been read; a
 * punch or printer writes to a socket's client, keeps what nobody takes up to a limit, is not
 * ready then, and nothing is lost when clients come, go, or do not read. */
#include "machine_fixture.h"
#include "tests/unit/run_suite.h"

#include "lib/ebcdic.h"
#include "s370/media/output.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdarg.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define READER  0x00c
#define PUNCH   0x00d
#define PROGRAM 0x1000
#define BUFFER  0x4000

static char directory[64], path[160], path2[160];
static uint16_t device;

static void setup(void)
{
    fixture_open(CLOCK_HOST);
    strcpy(directory, "/tmp/datbox-cs-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
}

static void teardown(void)
{
    char command[128];
    if (machine)
        fixture_close();
    sprintf(command, "rm -rf %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static const char *in_directory(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static void put_file(const char *name, const char *text)
{
    FILE *f = fopen(in_directory(name), "w");
    ck_assert(f != NULL);
    fputs(text, f);
    fclose(f);
}

static bool exists(const char *name)
{
    return access(in_directory(name), F_OK) == 0;
}

static void attach_with(uint16_t address, const char *type, int argc, ...)
{
    char *argv[8];
    va_list args;
    va_start(args, argc);
    for (int i = 0; i < argc; i++)
        argv[i] = va_arg(args, char *);
    va_end(args);
    device = address;
    const char *wrong = device_attach(machine, address, type, argc, argv);
    ck_assert_msg(wrong == NULL, "%s", wrong);
}

/* --- the machine's side --- */

static bool has_status(void)
{
    return channel_pending(machine, 0xffffffff);
}

static struct csw interruption(void)
{
    uint16_t address;
    struct csw csw;
    run_until(has_status);
    ck_assert(channel_take_interrupt(machine, 0xffffffff, &address));
    ck_assert_uint_eq(address, device);
    memcpy(&csw, machine->storage.main + 0x40, sizeof csw);
    return csw;
}

static uint8_t run(uint8_t command, uint16_t count)
{
    struct ccw ccw = {.command = command, .flags = CCW_SUPPRESS_LENGTH};
    put24(&ccw.address, BUFFER);
    put16(&ccw.count, count);
    memcpy(machine->storage.main + PROGRAM, &ccw, sizeof ccw);
    store_be32(machine->storage.main + 0x48, PROGRAM);
    int cc = channel_start_io(machine, device, false);
    ck_assert_int_le(cc, 1);
    if (cc == 1)
        return machine->storage.main[0x44];
    return interruption().unit_status;
}

#define ENDED (UNIT_CHANNEL_END | UNIT_DEVICE_END)

/* Reads a deck of one card. */
static void expect_deck(const char *text)
{
    char card[81] = {0};
    ck_assert_uint_eq(interruption().unit_status, UNIT_DEVICE_END);
    ck_assert_uint_eq(run(0x02, 80), ENDED);
    latin1_from_ebcdic(card, machine->storage.main + BUFFER, 80);
    for (int n = 79; n >= 0 && card[n] == ' '; n--)
        card[n] = 0;
    ck_assert_str_eq(card, text);
    ck_assert_uint_eq(run(0x02, 80), ENDED | UNIT_EXCEPTION);
}

static void expect_not_ready(void)
{
    ck_assert_uint_eq(run(0x02, 80), UNIT_CHECK);
    ck_assert(!has_status());
}

static unsigned looks;

static bool looked(void)
{
    return ++looks > 20;
}

/* Lets the host's events happen. */
static void let_happen(void)
{
    looks = 0;
    run_until(looked);
}

static const char *expected_message;

static bool was_said(void)
{
    return strstr(said, expected_message) != NULL;
}

static void expect_message(const char *text)
{
    expected_message = text;
    run_until(was_said);
    said[0] = 0;
}

/* --- clients --- */

static int connect_to(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(address.sun_path, in_directory(name));
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void send_text(int fd, const char *text)
{
    ck_assert_int_eq(send(fd, text, strlen(text), 0), (ssize_t)strlen(text));
}

static void send_deck(const char *name, const char *text)
{
    int fd = connect_to(name);
    send_text(fd, text);
    close(fd);
}

static char received[1 << 22];
static size_t received_length;
static int client;

/* Takes what has come; true if there is some and it ends with a line. */
static bool has_line(void)
{
    ssize_t n = recv(client, received + received_length, sizeof received - received_length - 1,
                     MSG_DONTWAIT);
    received_length += n > 0 ? (size_t)n : 0;
    received[received_length] = 0;
    return received_length > 0 && received[received_length - 1] == '\n';
}

static void expect_received(const char *text)
{
    run_until(has_line);
    ck_assert_str_eq(received, text);
    received_length = 0;
}

/* --- tests --- */

START_TEST(decks_from_a_socket)
{
    attach_with(READER, "3505", 2, in_directory("reader"), "sockdev");
    expect_not_ready();
    int slow = connect_to("reader");
    send_text(slow, "SL");
    let_happen();
    send_deck("reader", "ONE\n");
    expect_deck("ONE");
    send_text(slow, "OW\n");
    close(slow);
    expect_deck("SLOW");
    close(connect_to("reader"));
    let_happen();
    expect_not_ready();
}
END_TEST

START_TEST(tcp_socket)
{
    attach_with(READER, "2540R", 2, "localhost:0", "sockdev");
    ck_assert_ptr_null(device_detach(machine, READER));
    static const char *const bad[] = {"reader", "host:1", "localhost:99999", "1:2:3"};
    for (unsigned i = 0; i < 4; i++) {
        const char *wrong =
            device_attach(machine, READER, "3505", 2, (char *[]){(char *)bad[i], "sockdev"});
        ck_assert_msg(wrong && strstr(wrong, bad[i]), "%s", wrong ? wrong : bad[i]);
    }
    ck_assert_ptr_nonnull(device_attach(machine, READER, "3505", 1, (char *[]){"sockdev"}));
}
END_TEST

START_TEST(bad_deck_from_a_socket)
{
    attach_with(READER, "3505", 3, in_directory("reader"), "sockdev", "ebcdic");
    client = connect_to("reader");
    send_text(client, "12345");
    shutdown(client, SHUT_WR);
    run_until(has_line);
    ck_assert_msg(strstr(received, "client 1") && strstr(received, "5 bytes"), "%s", received);
    expect_message("client 1");
    close(client);
    expect_not_ready();
}
END_TEST

START_TEST(full_hopper)
{
    char text[16];
    attach_with(READER, "3505", 2, in_directory("reader"), "sockdev");
    for (int i = 0; i < 90; i++) {
        sprintf(text, "DECK %d\n", i);
        send_deck("reader", text);
        if (i % 8 == 0)
            let_happen(); /* the host's queue is short */
        if (i >= 64) {
            sprintf(text, "DECK %d", i - 64);
            expect_deck(text);
        }
    }
    for (int i = 26; i < 90; i++) {
        sprintf(text, "DECK %d", i);
        expect_deck(text);
    }
    expect_not_ready();
}
END_TEST

static char *watch_option(void)
{
    snprintf(path2, sizeof path2, "watch=%s", directory);
    return path2;
}

START_TEST(decks_from_a_folder)
{
    struct timespec times[2] = {{1000, 0}, {1000, 0}};
    put_file("b", "SECOND\n");
    put_file("a", "THIRD\n");
    put_file("c", "FIRST\n");
    for (const char *name = "cba"; *name; name++, times[1].tv_sec++) {
        char file[2] = {*name, 0};
        ck_assert_int_eq(utimensat(AT_FDCWD, in_directory(file), times, 0), 0);
    }
    put_file(".hidden", "NO\n");
    put_file("x.tmp", "NO\n");
    put_file("x~", "NO\n");
    put_file("empty", "");
    attach_with(READER, "3505", 1, watch_option());
    ck_assert(exists("c"));
    expect_deck("FIRST");
    ck_assert(exists("done/c") && !exists("c") && exists("b") && exists("a"));
    expect_deck("SECOND");
    expect_deck("THIRD");
    expect_not_ready();
    put_file("a", "FOURTH\n");
    expect_deck("FOURTH");
    ck_assert(exists("done/a") && exists("done/a.2") && !exists("a"));
    char from[160];
    strcpy(from, in_directory("x.tmp"));
    ck_assert_int_eq(rename(from, in_directory("x")), 0);
    expect_deck("NO");
    expect_not_ready();
}
END_TEST

START_TEST(incomplete_deck)
{
    attach_with(READER, "3505", 1, watch_option());
    FILE *f = fopen(in_directory("slow"), "w");
    fputs("SLOW", f);
    fflush(f);
    put_file("quick", "QUICK\n");
    expect_deck("QUICK");
    expect_not_ready();
    fputs("LY\n", f);
    fclose(f);
    expect_deck("SLOWLY");
}
END_TEST

START_TEST(bad_deck_in_a_folder)
{
    attach_with(READER, "3505", 2, watch_option(), "ebcdic");
    put_file("bad", "12345");
    expect_message("stays in the folder");
    put_file("other", "6789");
    expect_message("other");
    ck_assert_msg(!strstr(said, "bad"), "%s", said); /* said once */
    char card[81];
    memset(card, 0x40, 80);
    card[80] = 0;
    put_file("bad", card);
    expect_deck("");
    ck_assert(exists("done/bad") && exists("other"));
}
END_TEST

/* A machine that goes in the middle of a deck leaves it in the folder; it is read again. */
START_TEST(killed_while_reading)
{
    put_file("deck", "ONE\n");
    attach_with(READER, "3505", 1, watch_option());
    interruption();
    ck_assert_uint_eq(run(0x02, 80), ENDED);
    fixture_close();
    ck_assert(exists("deck"));
    fixture_open(CLOCK_HOST);
    attach_with(READER, "3505", 1, watch_option());
    expect_deck("ONE");
    ck_assert(exists("done/deck"));
}
END_TEST

START_TEST(changed_while_read)
{
    put_file("deck", "OLD\n");
    attach_with(READER, "3505", 1, watch_option());
    interruption();
    put_file("deck", "NEWER\n");
    ck_assert_uint_eq(run(0x02, 80), ENDED);
    ck_assert_uint_eq(run(0x02, 80), ENDED | UNIT_EXCEPTION);
    expect_message("has changed");
    expect_deck("NEWER");
    ck_assert(exists("done/deck") && !exists("done/deck.2"));
}
END_TEST

START_TEST(folder_in_use)
{
    attach_with(READER, "3505", 1, watch_option());
    const char *wrong = device_attach(machine, 0x012, "3505", 1, (char *[]){watch_option()});
    ck_assert_msg(wrong && strstr(wrong, "another reader"), "%s", wrong);
    wrong = device_attach(machine, 0x012, "3505", 1, (char *[]){"watch=/nowhere"});
    ck_assert_msg(wrong && strstr(wrong, "/nowhere"), "%s", wrong);
}
END_TEST

static void punch(const char *text)
{
    ebcdic_from_latin1(machine->storage.main + BUFFER, text, strlen(text));
    ck_assert_uint_eq(run(0x01, (uint16_t)strlen(text)), ENDED);
}

START_TEST(punch_to_a_socket)
{
    attach_with(PUNCH, "3525", 2, in_directory("punch"), "sockdev");
    interruption();
    punch("BEFORE");
    client = connect_to("punch");
    expect_received("BEFORE\n");
    punch("WHILE");
    expect_received("WHILE\n");
    int first = client;
    client = connect_to("punch"); /* it waits */
    let_happen();
    ck_assert(!has_line());
    close(first);
    let_happen();
    punch("AFTER");
    expect_received("AFTER\n");
    ck_assert_ptr_null(
        device_find(machine, PUNCH)
            ->type->ops->mount(device_find(machine, PUNCH), 2, (char *[]){path, "sockdev"}));
    interruption();
    punch("SAME");
    expect_received("SAME\n"); /* devinit with the same address leaves the client alone */
    close(client);
    let_happen();
    punch("NOBODY");
    ck_assert_ptr_null(device_detach(machine, PUNCH));
    expect_message("7 bytes are lost");
}
END_TEST

#define CHAIN 200

/* Fills what may wait, many lines with each program; returns how many lines were taken. */
static unsigned print_until_stalled(void)
{
    uint8_t *program = machine->storage.main + PROGRAM;
    struct ccw ccw = {.command = 0x09, .flags = CCW_CHAIN_COMMAND};
    put24(&ccw.address, BUFFER);
    put16(&ccw.count, 132);
    memset(machine->storage.main + BUFFER, 0xc1, 132);
    for (unsigned lines = 0;;) {
        for (unsigned i = 0; i < CHAIN; i++) {
            ccw.flags = i + 1 < CHAIN ? CCW_CHAIN_COMMAND : 0;
            memcpy(program + 8 * i, &ccw, sizeof ccw);
        }
        ck_assert_uint_lt(lines, 100000);
        store_be32(machine->storage.main + 0x48, PROGRAM);
        int cc = channel_start_io(machine, device, false);
        if (cc == 1)
            return lines;
        struct csw csw = interruption();
        lines += (get24(csw.address) - PROGRAM) / 8;
        if (csw.unit_status == UNIT_CHECK)
            return lines - 1; /* the last one was refused */
        ck_assert_uint_eq(csw.unit_status, ENDED);
    }
}

static size_t wanted;

static bool has_all(void)
{
    has_line();
    return received_length >= wanted;
}

START_TEST(nobody_takes_what_is_printed)
{
    attach_with(PUNCH, "1403", 2, in_directory("printer"), "sockdev");
    interruption();
    unsigned lines = print_until_stalled();
    ck_assert_uint_eq(lines, (OUTPUT_WAITING_MOST + 132) / 133);
    expect_message("wait for a client");
    ck_assert_uint_eq(run(0x09, 132), UNIT_CHECK);
    ck_assert(!has_status());
    client = connect_to("printer");
    wanted = 133 * (size_t)lines;
    run_until(has_all);
    ck_assert_uint_eq(received_length, wanted);
    ck_assert_uint_eq(interruption().unit_status, UNIT_DEVICE_END);
    received_length = 0;
    ck_assert_uint_eq(run(0x09, 132), ENDED);
    wanted = 133;
    run_until(has_all);
    close(client);
}
END_TEST

/* A client that does not read stalls the printer, not the machine; what it has not been sent goes
 * to the next. */
START_TEST(client_does_not_read)
{
    attach_with(PUNCH, "1403", 2, in_directory("printer"), "sockdev");
    interruption();
    client = connect_to("printer");
    let_happen();
    unsigned lines = print_until_stalled();
    ck_assert_uint_gt(lines, OUTPUT_WAITING_MOST / 133);
    shutdown(client, SHUT_WR);
    wanted = 133 * (size_t)lines;
    let_happen();
    while (received_length < wanted) { /* what the host holds for the first one, then the rest */
        size_t before = received_length;
        has_line();
        if (received_length == before) {
            close(client);
            client = connect_to("printer");
            run_until(has_all);
        }
    }
    ck_assert_uint_eq(received_length, wanted);
    for (size_t i = 0; i < wanted; i++)
        ck_assert_int_eq(received[i], i % 133 == 132 ? '\n' : 'A');
    close(client);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("card sources");
    TCase *t = tcase_create("card sources");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, decks_from_a_socket);
    tcase_add_test(t, tcp_socket);
    tcase_add_test(t, bad_deck_from_a_socket);
    tcase_add_test(t, full_hopper);
    tcase_add_test(t, decks_from_a_folder);
    tcase_add_test(t, incomplete_deck);
    tcase_add_test(t, bad_deck_in_a_folder);
    tcase_add_test(t, killed_while_reading);
    tcase_add_test(t, changed_while_read);
    tcase_add_test(t, folder_in_use);
    tcase_add_test(t, punch_to_a_socket);
    tcase_add_test(t, nobody_takes_what_is_printed);
    tcase_add_test(t, client_does_not_read);
    suite_add_tcase(s, t);
    return run_suite(s);
}

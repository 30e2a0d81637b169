/* Proves: NJE over TCP is framed as BRFC 0002 says, byte by byte; two machines with a line between
 * them find each other whoever calls, also both at once; what one writes the other reads, whole and
 * in order, also when it reads late; a line that is lost, a partner of another name, one that says
 * nothing NJE knows, and a halt leave nobody waiting.  Lines that share a port are told apart by
 * the names; with TLS both sides are who they say, or nothing comes about. */
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/machine.h"
#include "s370/media/tcpnje_frame.h"
#include "tests/unit/hex.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#define LINE    0x030
#define PROGRAM 0x1000
#define BUFFER  0x10000
#define GOOD    (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define LOST    (GOOD | UNIT_CHECK) /* while it waited */
#define REFUSED UNIT_CHECK          /* at once */

enum { WRITE = 0x01, READ = 0x02, PREPARE = 0x06, ENABLE = 0x27, DISABLE = 0x2f };

static struct machine *machines[2];
#define A 0
#define B 1
static const char *const names[] = {"ALPHA", "BETA", "GAMMA"};

static char directory[32], said[4096];
static uint16_t used = LINE; /* the line that the helpers below are about */

static void collect(void *context, const char *line)
{
    size_t n = strlen(said);
    snprintf(said + n, sizeof said - n, "%s\n", line);
}

static const char *socket_of(int i)
{
    static char path[2][64];
    snprintf(path[i], sizeof path[i], "%s/%d", directory, i);
    return path[i];
}

/* Lets both machines' events happen that are due within a millisecond, and messages pass. */
static void pump(void)
{
    for (unsigned quiet = 0; quiet < 40; quiet++)
        for (int i = 0; i < 2; i++) {
            struct event *event;
            if (!machines[i])
                continue;
            while ((event = event_take(&machines[i]->events, machine_now(machines[i]) + 1000000))) {
                event->happen(machines[i], event);
                quiet = 0;
            }
            uv_run(machines[i]->loop, UV_RUN_NOWAIT);
        }
}

/* A line that listens, calls the other one, or does both; its partner's name is `partner`. */
static void power_on_with(int i, bool listens, bool calls, const char *partner, int more_count,
                          char **more)
{
    char lnode[24], rnode[24], lport[80], rport[80];
    char *argv[8] = {lnode, rnode, lport, rport};
    int argc = listens && calls ? 4 : 3;
    snprintf(lnode, sizeof lnode, "lnode=%s", names[i]);
    snprintf(rnode, sizeof rnode, "rnode=%s", partner);
    snprintf(lport, sizeof lport, "%s=%s", listens ? "lport" : "rport",
             socket_of(listens ? i : 1 - i));
    snprintf(rport, sizeof rport, "rport=%s", socket_of(1 - i));
    machines[i] = machine_create(1 << 20, CLOCK_HOST);
    machines[i]->message = collect;
    for (int n = 0; n < more_count; n++)
        argv[argc++] = more[n];
    const char *wrong = device_attach(machines[i], LINE, "2703", argc, argv);
    ck_assert_msg(wrong == NULL, "%s", wrong);
}

static void power_on(int i, bool listens, bool calls, const char *partner)
{
    power_on_with(i, listens, calls, partner, 0, NULL);
}

static void power_off(int i)
{
    if (machines[i])
        machine_destroy(machines[i]);
    machines[i] = NULL;
}

static void setup(void)
{
    signal(SIGPIPE, SIG_IGN);
    strcpy(directory, "/tmp/datbox-2703-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
    *said = 0;
    used = LINE;
}

static void teardown(void)
{
    for (int i = 0; i < 2; i++) {
        power_off(i);
        unlink(socket_of(i));
    }
    rmdir(directory);
}

static uint8_t *at(int i, uint32_t where)
{
    return machines[i]->storage.main + where;
}

/* What a start ended with at once: condition code 1. */
static uint8_t at_once[2];

static void start(int i, uint8_t command, uint16_t count)
{
    struct ccw ccw = {.command = command, .flags = CCW_SUPPRESS_LENGTH};
    put24(&ccw.address, BUFFER);
    put16(&ccw.count, count);
    memcpy(at(i, PROGRAM), &ccw, sizeof ccw);
    store_be32(at(i, 0x48), PROGRAM);
    int cc = channel_start_io(machines[i], used, false);
    ck_assert_int_le(cc, 1);
    at_once[i] = cc ? at(i, 0x44)[0] : 0;
}

/* The status that machine i is interrupted with, 0: none; *count: bytes that moved. */
static uint8_t ended(int i, uint16_t asked, uint16_t *count)
{
    uint16_t from;
    struct csw csw;
    uint8_t status = at_once[i];
    at_once[i] = 0;
    pump();
    if (status)
        return status;
    if (!channel_take_interrupt(machines[i], 0xffffffff, &from))
        return 0;
    memcpy(&csw, at(i, 0x40), sizeof csw);
    if (count)
        *count = (uint16_t)(asked - get16(csw.count));
    return csw.unit_status;
}

/* The connecting side tries once a second. */
static uint8_t wait_ended(int i)
{
    for (int n = 0; n < 8000; n++) {
        uint8_t status = ended(i, 0, NULL);
        if (status)
            return status;
        usleep(1000);
    }
    return 0;
}

static uint8_t sense(int i)
{
    start(i, CCW_SENSE, 1);
    ck_assert_uint_eq(ended(i, 1, NULL), GOOD);
    return *at(i, BUFFER);
}

static void enable_both(void)
{
    start(A, ENABLE, 1);
    start(B, ENABLE, 1);
    ck_assert_uint_eq(wait_ended(A), GOOD);
    ck_assert_uint_eq(wait_ended(B), GOOD);
}

static void put(int i, const char *text)
{
    memcpy(at(i, BUFFER), text, strlen(text));
    start(i, WRITE, (uint16_t)strlen(text));
    ck_assert_uint_eq(ended(i, 0, NULL), GOOD);
}

static void expect(int i, const char *text)
{
    uint16_t count;
    memset(at(i, BUFFER), 0, 100);
    start(i, READ, 100);
    ck_assert_uint_eq(ended(i, 100, &count), GOOD);
    ck_assert_uint_eq(count, strlen(text));
    ck_assert(!memcmp(at(i, BUFFER), text, count));
}

/* --- tests --- */

START_TEST(frames)
{
    struct tcpnje_control c = {.type = TCPNJE_OPEN,
                               .sender = "ALPHA",
                               .target = "BETA",
                               .sender_address = 0x7f000001,
                               .target_address = 0x0a000002},
                          got;
    uint8_t bytes[64];
    const uint8_t *record;
    size_t n, at = 8;
    tcpnje_control_put(bytes, &c);
    is_hex(bytes, 33, "D6D7C5D540404040 C1D3D7C8C1404040 7F000001 C2C5E3C140404040 0A000002 00");
    ck_assert(tcpnje_control_get(&got, bytes) && !memcmp(&got, &c, sizeof c));
    c.type = TCPNJE_NAK;
    c.reason = TCPNJE_BOTH_OPEN;
    tcpnje_control_put(bytes, &c);
    is_hex(bytes, 8, "D5C1D24040404040");
    ck_assert_uint_eq(bytes[32], 3);
    bytes[0] = 0;
    ck_assert(!tcpnje_control_get(&got, bytes));
    ck_assert_uint_eq(tcpnje_block_put(bytes, "\x01\x2d\xff", 3), 19);
    is_hex(bytes, 19, "00000013 00000000 00000003 012DFF 00000000");
    ck_assert_int_eq(tcpnje_block_length(bytes, 7), 0);
    ck_assert_int_eq(tcpnje_block_length(bytes, 8), 19);
    ck_assert_int_eq(tcpnje_block_next(bytes, 19, &at, &record, &n), 1);
    ck_assert(n == 3 && record == bytes + 12);
    ck_assert_int_eq(tcpnje_block_next(bytes, 19, &at, &record, &n), 0);
    at = 8;
    bytes[11] = 8; /* longer than the block */
    ck_assert_int_eq(tcpnje_block_next(bytes, 19, &at, &record, &n), -1);
    bytes[3] = 11;
    ck_assert_int_eq(tcpnje_block_length(bytes, 8), -1);
}
END_TEST

/* Whoever calls: A, B, both. */
START_TEST(both_ways)
{
    power_on(A, _i != 1, _i != 0, "BETA");
    power_on(B, _i != 0, _i != 1, "ALPHA");
    enable_both();
    put(A, "first");
    put(A, "second");
    expect(B, "first");
    expect(B, "second");
    put(B, "answer");
    expect(A, "answer");
    /* What waits is told when something comes. */
    start(B, PREPARE, 1);
    ck_assert_uint_eq(ended(B, 1, NULL), 0);
    put(A, "third");
    ck_assert_uint_eq(wait_ended(B), GOOD);
    expect(B, "third");
    start(B, READ, 100);
    ck_assert_uint_eq(ended(B, 1, NULL), 0);
    put(A, "fourth");
    ck_assert_uint_eq(wait_ended(B), GOOD);
    ck_assert(!memcmp(at(B, BUFFER), "fourth", 6));
    /* A command that waits is halted; what came later is there. */
    start(B, PREPARE, 1);
    pump();
    channel_halt_device(machines[B], LINE);
    ck_assert_uint_ne(ended(B, 1, NULL), 0);
    put(A, "fifth");
    expect(B, "fifth");
    ck_assert_str_eq(said, "");
}
END_TEST

/* The one who reads late gets all, in order; the one who writes has to wait meanwhile. */
START_TEST(slow)
{
    static uint8_t want[32000];
    unsigned sent = 0;
    power_on(A, true, false, "BETA");
    power_on(B, false, true, "ALPHA");
    enable_both();
    for (uint8_t status = GOOD; status == GOOD; sent++) {
        ck_assert_uint_lt(sent, 1000);
        memset(at(A, BUFFER), (int)sent, sizeof want);
        start(A, WRITE, sizeof want);
        status = ended(A, 0, NULL);
    }
    for (unsigned n = 0; n < sent; n++) {
        start(B, READ, sizeof want);
        ck_assert_uint_eq(wait_ended(B), GOOD);
        memset(want, (int)n, sizeof want);
        ck_assert(!memcmp(at(B, BUFFER), want, sizeof want));
    }
    ck_assert_uint_eq(wait_ended(A), GOOD); /* the last write */
}
END_TEST

START_TEST(lost)
{
    power_on(A, true, false, "BETA");
    power_on(B, false, true, "ALPHA");
    start(A, PREPARE, 1);
    ck_assert_uint_eq(ended(A, 1, NULL), REFUSED); /* not enabled */
    ck_assert_uint_eq(sense(A), SENSE_INTERVENTION);
    enable_both();
    put(B, "last");
    start(A, PREPARE, 1);
    ck_assert_uint_eq(wait_ended(A), GOOD);
    power_off(B);
    pump();
    expect(A, "last"); /* what has come is not lost with the line */
    start(A, READ, 1);
    ck_assert_uint_eq(wait_ended(A), REFUSED);
    ck_assert_uint_eq(sense(A), SENSE_INTERVENTION);
    start(A, WRITE, 1);
    ck_assert_uint_eq(ended(A, 1, NULL), REFUSED);
    power_on(B, false, true, "ALPHA");
    enable_both();
    start(A, READ, 1);
    ck_assert_uint_eq(ended(A, 1, NULL), 0);
    start(B, DISABLE, 1);
    ck_assert_uint_eq(wait_ended(A), LOST);
    /* The partner is back before the program has seen that it was gone: not on this line. */
    start(B, ENABLE, 1);
    pump();
    start(A, WRITE, 1);
    ck_assert_uint_eq(wait_ended(A), REFUSED);
    ck_assert_uint_eq(ended(B, 1, NULL), 0);
    start(A, 0x09, 1);
    ck_assert_uint_eq(wait_ended(A), LOST);
    ck_assert_uint_eq(sense(A), SENSE_COMMAND_REJECT);
}
END_TEST

/* Waits until the operator has been told. */
static void wait_said(const char *text)
{
    for (int n = 0; n < 8000 && !strstr(said, text); n++) {
        pump();
        usleep(1000);
    }
    ck_assert_msg(strstr(said, text) != NULL, "%s", said);
}

START_TEST(strangers)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    power_on(A, true, false, "BETA");
    power_on(B, false, true, "GAMMA");
    start(A, ENABLE, 1);
    start(B, ENABLE, 1);
    wait_said("link to GAMMA: the other side refuses: it knows no such link");
    strcpy(address.sun_path, socket_of(A));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert(!connect(fd, (struct sockaddr *)&address, sizeof address));
    ck_assert(write(fd, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", 36) == 36);
    wait_said(": whoever is there does not speak NJE");
    close(fd);
    /* The link still waits for its partner. */
    power_off(B);
    power_on(B, false, true, "ALPHA");
    start(B, ENABLE, 1);
    ck_assert_uint_eq(wait_ended(A), GOOD);
}
END_TEST

START_TEST(arguments)
{
    static const char *const bad[][3] = {
        {"lnode=A", "lport=1", ""},       {"lnode=A", "rnode=B", "cert=x"},
        {"lnode=A", "lport=1", "ca=x"},   {"lnode=A", "rnode=B", "x=1"},
        {"lnode=", "rnode=B", "lport=1"}, {"lnode=ABCDEFGHI", "rnode=B", "lport=1"},
    };
    machines[A] = machine_create(1 << 20, CLOCK_HOST);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *argv[] = {(char *)bad[i][0], (char *)bad[i][1], (char *)bad[i][2]};
        const char *wrong = device_attach(machines[A], LINE, "2703", *bad[i][2] ? 3 : 2, argv);
        ck_assert(wrong && strstr(wrong, "a 2703 wants lnode=NODE"));
    }
    char *argv[] = {(char *)"lnode=A", (char *)"rnode=B", (char *)"rhost=nowhere",
                    (char *)"rport=175"};
    char text[128];
    ck_assert(device_attach(machines[A], LINE, "2703", 4, argv) != NULL);
    argv[2] = (char *)"rhost=127.0.0.1"; /* VMNET's port, if none is named */
    ck_assert(device_attach(machines[A], LINE, "2703", 3, argv) == NULL);
    struct device *d = device_find(machines[A], LINE);
    d->type->ops->describe(d, text, sizeof text);
    ck_assert_str_eq(text, "A to B, calls 127.0.0.1:175, not enabled");
}
END_TEST

/* Two lines that are called at one port: each has its own partner. */
START_TEST(shared_port)
{
    char lport[80], rport[80];
    power_on(A, true, false, "BETA");
    power_on(B, false, true, "ALPHA");
    snprintf(lport, sizeof lport, "lport=%s", socket_of(A));
    snprintf(rport, sizeof rport, "rport=%s", socket_of(A));
    char *second[] = {(char *)"lnode=ALPHA", (char *)"rnode=GAMMA", lport};
    ck_assert(!device_attach(machines[A], LINE + 1, "2703", 3, second));
    char *caller[] = {(char *)"lnode=GAMMA", (char *)"rnode=ALPHA", rport};
    ck_assert(!device_attach(machines[B], LINE + 1, "2703", 3, caller));
    for (used = LINE + 1; used >= LINE; used--) {
        enable_both();
        put(B, used == LINE ? "from BETA" : "from GAMMA");
    }
    used = LINE + 1;
    expect(A, "from GAMMA");
    put(A, "to GAMMA");
    used = LINE;
    expect(A, "from BETA");
    /* One goes; the other one, and the port, stay. */
    ck_assert(!device_detach(machines[A], LINE));
    used = LINE + 1;
    expect(B, "to GAMMA");
    start(B, DISABLE, 1);
    ck_assert_uint_eq(wait_ended(B), GOOD);
    start(A, READ, 1);
    ck_assert_uint_ne(wait_ended(A) & UNIT_CHECK, 0);
    start(A, DISABLE, 1);
    ck_assert_uint_eq(wait_ended(A), GOOD);
    enable_both();
}
END_TEST

static void make_identity(const char *name, char certificate[96], char key[96])
{
    char command[512];
    snprintf(certificate, 96, "cert=%s/%s.pem", directory, name);
    snprintf(key, 96, "key=%s/%s.key", directory, name);
    snprintf(command, sizeof command,
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
             "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 "
             "-keyout %s -out %s 2>/dev/null",
             key + 4, certificate + 5);
    ck_assert_int_eq(system(command), 0);
}

/* Whole blocks over TLS; who trusts another authority, or speaks no TLS, gets nowhere. */
START_TEST(tls)
{
    char certificate[96], key[96], ca[96], other[96], other_key[96], *server[] = {certificate, key};
    char *client[] = {ca};
    uint16_t count;
    make_identity("box", certificate, key);
    make_identity("other", other, other_key);
    snprintf(ca, sizeof ca, "ca=%s", certificate + 5);
    power_on_with(A, true, false, "BETA", 2, server);
    power_on_with(B, false, true, "ALPHA", 1, client);
    enable_both();
    for (int n = 0; n < 3; n++) { /* longer than a packet */
        memset(at(B, BUFFER), 'a' + n, 20000);
        start(B, WRITE, 20000);
        ck_assert_uint_eq(wait_ended(B), GOOD);
    }
    put(A, "answer");
    expect(B, "answer");
    for (int n = 0; n < 3; n++) {
        start(A, READ, 32000);
        uint8_t status = 0;
        for (int i = 0; i < 8000 && !(status = ended(A, 32000, &count)); i++)
            usleep(1000);
        ck_assert_uint_eq(status, GOOD);
        ck_assert_uint_eq(count, 20000);
        ck_assert(at(A, BUFFER)[0] == 'a' + n && at(A, BUFFER)[19999] == 'a' + n);
    }
    power_off(B);
    pump();
    start(A, DISABLE, 1);
    ck_assert_uint_eq(wait_ended(A), GOOD);
    start(A, ENABLE, 1);
    snprintf(ca, sizeof ca, "ca=%s", other + 5);
    power_on_with(B, false, true, "ALPHA", 1, client);
    start(B, ENABLE, 1);
    wait_said("link to ALPHA: no TLS session: self-signed certificate");
    power_off(B);
    power_on(B, false, true, "ALPHA");
    start(B, ENABLE, 1);
    wait_said(": no TLS session: ");
    wait_said("a call at ");
    power_off(B);
    for (int n = 0; n < 2; n++) {
        unlink((n ? other : certificate) + 5);
        unlink((n ? other_key : key) + 4);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("2703");
    TCase *t = tcase_create("2703");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, frames);
    tcase_add_loop_test(t, both_ways, 0, 3);
    tcase_add_test(t, slow);
    tcase_add_test(t, lost);
    tcase_add_test(t, strangers);
    tcase_add_test(t, arguments);
    tcase_add_test(t, shared_port);
    tcase_add_test(t, tls);
    suite_add_tcase(s, t);
    return run_suite(s);
}

/* Proves: two machines with a channel-to-channel adapter between them see of each other's commands
 * what the manual's table says, for each pair; data pass whole, to the smaller count, through data
 * chains; commands that cross, halts, resets, and a side that goes or comes leave nobody waiting in
 * vain and nothing half done. */
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/machine.h"
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

#define ADAPTER 0x500
#define PROGRAM 0x1000
#define BUFFER  0x10000
#define GOOD    (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define BUSY_AT (UNIT_BUSY | UNIT_ATTENTION)
#define SLI     CCW_SUPPRESS_LENGTH
#define CC      CCW_CHAIN_COMMAND
#define CD      CCW_CHAIN_DATA

enum {
    WRITE = 0x01,
    WRITE_EOF = 0x81,
    READ = 0x02,
    NOP = 0x03,
    CONTROL = 0x07,
    READ_BACKWARD = 0x0c,
    SENSE_COMMAND = 0x14,
    BASIC = 0x43,
    EXTENDED = 0xc3,
    PREPARE = 0xe3,
};

/* Two machines: A listens, B connects. */
static struct machine *machines[2];
#define A 0
#define B 1

static char directory[32], address[64], said[4096];

static void collect(void *context, const char *line)
{
    size_t n = strlen(said);
    (void)context;
    snprintf(said + n, sizeof said - n, "%s\n", line);
}

/* Lets both machines' events happen and messages pass until neither has anything to do for a while.
 */
static void pump(void)
{
    for (unsigned quiet = 0; quiet < 40; quiet++) {
        for (int i = 0; i < 2; i++) {
            struct event *event;
            if (!machines[i])
                continue;
            while (machines[i]->events.first &&
                   (event = event_take(&machines[i]->events, machines[i]->events.first->when))) {
                event->happen(machines[i], event);
                quiet = 0;
            }
            uv_run(machines[i]->loop, UV_RUN_NOWAIT);
        }
    }
}

static const char *describe(int i)
{
    static char text[200];
    struct device *d = device_find(machines[i], ADAPTER);
    d->type->ops->describe(d, text, sizeof text);
    return text;
}

/* Waits until both sides are, or are not, connected. */
static void wait_connected(bool want)
{
    for (unsigned n = 0; n < 5000; n++) {
        bool all = true;
        pump();
        for (int i = 0; i < 2; i++)
            if (machines[i])
                all = all && (strstr(describe(i), "not connected") == NULL) == want;
        if (all)
            return;
        usleep(1000); /* the connecting side tries once a second */
    }
    ck_abort_msg("%s", describe(A));
}

static void power_on(int i)
{
    char option[96];
    machines[i] = machine_create(1 << 20, CLOCK_HOST);
    machines[i]->message = collect;
    snprintf(option, sizeof option, "%s=%s", i == A ? "listen" : "connect", address);
    const char *wrong = device_attach(machines[i], ADAPTER, "CTCA", 1, (char *[]){option});
    ck_assert_msg(wrong == NULL, "%s", wrong);
}

static void power_off(int i)
{
    machine_destroy(machines[i]);
    machines[i] = NULL;
}

static void setup(void)
{
    signal(SIGPIPE, SIG_IGN); /* as datbox does */
    strcpy(directory, "/tmp/datbox-ctc-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
    snprintf(address, sizeof address, "%s/adapter", directory);
    power_on(A);
    power_on(B);
    wait_connected(true);
}

static void teardown(void)
{
    for (int i = 0; i < 2; i++)
        if (machines[i])
            power_off(i);
    unlink(address);
    ck_assert_int_eq(rmdir(directory), 0);
}

/* --- channel programs --- */

static uint8_t *at(int i, uint32_t where)
{
    return machines[i]->storage.main + where;
}

static uint32_t put_ccw(int i, uint32_t where, uint8_t command, uint32_t data, uint8_t flags,
                        uint16_t count)
{
    struct ccw ccw = {.command = command, .flags = flags};
    put24(&ccw.address, data);
    put16(&ccw.count, count);
    memcpy(at(i, where), &ccw, sizeof ccw);
    return where + 8;
}

static struct csw csw_of(int i)
{
    struct csw csw;
    memcpy(&csw, at(i, 0x40), sizeof csw);
    return csw;
}

/* Starts the program at PROGRAM, before any message passes.  Its initial status with condition code
 * 1, else 0. */
static uint8_t start_program(int i)
{
    store_be32(at(i, 0x48), PROGRAM);
    int cc = channel_start_io(machines[i], ADAPTER, false);
    ck_assert_int_le(cc, 1);
    return cc == 1 ? csw_of(i).unit_status : 0;
}

static uint8_t start(int i, uint8_t command, uint16_t count)
{
    put_ccw(i, PROGRAM, command, BUFFER, SLI, count);
    uint8_t status = start_program(i);
    return status;
}

/* The status that machine i is interrupted with; 0: none. */
static uint8_t interruption(int i)
{
    uint16_t from;
    pump();
    if (!channel_take_interrupt(machines[i], 0xffffffff, &from))
        return 0;
    return csw_of(i).unit_status;
}

/* Runs one command to where it ends or waits: its status, or 0 while it waits. */
static uint8_t run(int i, uint8_t command, uint16_t count)
{
    uint8_t status = start(i, command, count);
    return status ? status : interruption(i);
}

static uint8_t sense(int i)
{
    put_ccw(i, PROGRAM, CCW_SENSE, 0x3000, SLI, 1);
    ck_assert_uint_eq(start_program(i), 0);
    ck_assert_uint_eq(interruption(i), GOOD);
    return *at(i, 0x3000);
}

/* Brings side i to where it executes the command, and takes the attention on the other side. */
static void bring_to(int i, uint8_t command)
{
    bool control = command == CONTROL || command == PREPARE;
    ck_assert_uint_eq(run(i, command, 80), control ? UNIT_CHANNEL_END : 0);
    ck_assert_uint_eq(interruption(1 - i), command == PREPARE ? 0 : UNIT_ATTENTION);
}

static void reset_both(void)
{
    channels_reset(machines[A]);
    channels_reset(machines[B]);
    pump();
    for (int i = 0; i < 2; i++)
        while (interruption(i))
            ;
}

/* --- tests --- */

/* The manual's table: the own command, what the other side executes, the status of each. */
START_TEST(table)
{
    static const struct {
        uint8_t own, other, status, other_status;
    } rows[] = {
        {CONTROL, PREPARE, UNIT_CHANNEL_END, UNIT_DEVICE_END},
        {CONTROL, CONTROL, BUSY_AT, 0},
        {CONTROL, READ, BUSY_AT, 0},
        {CONTROL, WRITE, BUSY_AT, 0},
        {READ, PREPARE, 0, UNIT_DEVICE_END},
        {READ, CONTROL, BUSY_AT, 0},
        {READ, READ, BUSY_AT, 0},
        {READ, WRITE, GOOD, GOOD},
        {READ_BACKWARD, WRITE, GOOD, GOOD},
        {WRITE, PREPARE, 0, UNIT_DEVICE_END},
        {WRITE, CONTROL, BUSY_AT, 0},
        {WRITE, READ, GOOD, GOOD},
        {WRITE, WRITE, BUSY_AT, 0},
        {PREPARE, PREPARE, GOOD, UNIT_DEVICE_END},
        {PREPARE, CONTROL, GOOD, 0},
        {PREPARE, READ, GOOD, 0},
        {PREPARE, WRITE, GOOD, 0},
        {SENSE_COMMAND, PREPARE, GOOD, 0},
        {SENSE_COMMAND, CONTROL, GOOD, UNIT_DEVICE_END},
        {SENSE_COMMAND, READ, GOOD, 0},
        {SENSE_COMMAND, WRITE, GOOD, 0},
        {NOP, PREPARE, GOOD, 0},
        {NOP, CONTROL, BUSY_AT, 0},
        {NOP, READ, BUSY_AT, 0},
        {NOP, WRITE, BUSY_AT, 0},
        {0x0b, WRITE, BUSY_AT, 0},
        {WRITE_EOF, CONTROL, BUSY_AT, 0},
        {WRITE_EOF, READ, GOOD, GOOD | UNIT_EXCEPTION},
        {WRITE_EOF, WRITE, BUSY_AT, 0},
        {WRITE_EOF, PREPARE, GOOD, UNIT_DEVICE_END},
    };
    for (unsigned n = 0; n < 2 * sizeof rows / sizeof *rows; n++) {
        unsigned row = n / 2;
        int own = n % 2, other = 1 - own;
        ck_assert_uint_eq(run(own, EXTENDED, 1), GOOD);
        bring_to(other, rows[row].other);
        uint8_t status = run(own, rows[row].own, 80), other_status = interruption(other);
        ck_assert_msg(status == rows[row].status && other_status == rows[row].other_status,
                      "%02X against %02X: %02X and %02X", rows[row].own, rows[row].other, status,
                      other_status);
        ck_assert_uint_eq(interruption(own), 0);
        ck_assert_uint_eq(interruption(other), 0);
        if (rows[row].own == SENSE_COMMAND)
            ck_assert_uint_eq(*at(own, BUFFER), rows[row].other);
        reset_both();
    }
}
END_TEST

START_TEST(other_side_does_nothing)
{
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(run(i, NOP, 1), GOOD);
        ck_assert_uint_eq(run(i, SENSE_COMMAND, 1), GOOD);
        ck_assert_uint_eq(*at(i, BUFFER), 0);
        ck_assert_uint_eq(run(i, EXTENDED, 1), GOOD);
        ck_assert_uint_eq(run(i, WRITE_EOF, 1), GOOD);
        ck_assert_uint_eq(interruption(1 - i), 0);
        ck_assert_uint_eq(run(i, BASIC, 1), GOOD);
        bring_to(i, WRITE_EOF); /* a WRITE in basic mode */
        channel_halt_device(machines[i], ADAPTER);
        ck_assert_uint_eq(interruption(i), GOOD);
        ck_assert_uint_eq(run(1 - i, SENSE_COMMAND, 1), GOOD);
        ck_assert_uint_eq(*at(1 - i, BUFFER), 0);
        ck_assert_uint_eq(run(i, 0x24, 1), GOOD | UNIT_CHECK);
        ck_assert_uint_eq(sense(i), SENSE_COMMAND_REJECT);
        bring_to(i, CONTROL);
        ck_assert_uint_eq(run(i, READ, 1), UNIT_BUSY);
        ck_assert_uint_eq(run(1 - i, SENSE_COMMAND, 1), GOOD);
        ck_assert_uint_eq(interruption(i), UNIT_DEVICE_END);
    }
}
END_TEST

static void fill(int i, uint32_t length)
{
    for (uint32_t n = 0; n < length; n++)
        at(i, BUFFER)[n] = (uint8_t)(n * 7 + n / 251);
}

/* A writes `written` bytes, B reads up to `asked`: the residual counts, and who has an incorrect
 * length. */
static void transfer(unsigned written, unsigned asked)
{
    fill(A, written);
    memset(at(B, BUFFER), 0xee, 70000);
    put_ccw(A, PROGRAM, WRITE, BUFFER, 0, (uint16_t)written);
    ck_assert_uint_eq(start_program(A), 0);
    ck_assert_uint_eq(interruption(B), UNIT_ATTENTION);
    put_ccw(B, PROGRAM, READ, BUFFER, 0, (uint16_t)asked);
    ck_assert_uint_eq(start_program(B), 0);
    ck_assert_uint_eq(interruption(B), GOOD);
    ck_assert_uint_eq(interruption(A), GOOD);
    unsigned moved = written < asked ? written : asked;
    ck_assert_uint_eq(get16(csw_of(A).count), written - moved);
    ck_assert_uint_eq(get16(csw_of(B).count), asked - moved);
    ck_assert_uint_eq(csw_of(A).channel_status, written > asked ? CHANNEL_INCORRECT_LENGTH : 0);
    ck_assert_uint_eq(csw_of(B).channel_status, asked > written ? CHANNEL_INCORRECT_LENGTH : 0);
    ck_assert_mem_eq(at(A, BUFFER), at(B, BUFFER), moved);
    ck_assert_uint_eq(at(B, BUFFER)[moved], 0xee);
}

START_TEST(counts)
{
    transfer(80, 80);
    transfer(1, 65535);
    transfer(65535, 1);
    transfer(65535, 65535);
    transfer(4000, 4096);
}
END_TEST

/* Both channels chain data, at other places. */
START_TEST(data_chains)
{
    fill(A, 1000);
    uint32_t p = put_ccw(A, PROGRAM, WRITE, BUFFER, CD, 10);
    p = put_ccw(A, p, 0, BUFFER + 10, CD, 600);
    put_ccw(A, p, 0, BUFFER + 610, 0, 390);
    p = put_ccw(B, PROGRAM, READ, BUFFER, CD, 300);
    p = put_ccw(B, p, 0, BUFFER + 300, CD, 1);
    put_ccw(B, p, 0, BUFFER + 301, 0, 699);
    ck_assert_uint_eq(start_program(B), 0);
    ck_assert_uint_eq(interruption(A), UNIT_ATTENTION);
    ck_assert_uint_eq(start_program(A), 0);
    ck_assert_uint_eq(interruption(A), GOOD);
    ck_assert_uint_eq(interruption(B), GOOD);
    ck_assert_uint_eq(csw_of(A).channel_status | csw_of(B).channel_status, 0);
    ck_assert_mem_eq(at(A, BUFFER), at(B, BUFFER), 1000);
}
END_TEST

/* As VM's RSCS does: a CONTROL chained to a WRITE; the other side senses the command, and reads. */
START_TEST(control_write_sense_read)
{
    fill(A, 200);
    put_ccw(A, put_ccw(A, PROGRAM, CONTROL, BUFFER, CC | SLI, 1), WRITE, BUFFER, SLI, 200);
    put_ccw(B, put_ccw(B, PROGRAM, SENSE_COMMAND, 0x3000, CC | SLI, 1), READ, BUFFER, SLI, 500);
    for (int n = 0; n < 3; n++) {
        ck_assert_uint_eq(start_program(A), 0);
        ck_assert_uint_eq(interruption(B), UNIT_ATTENTION);
        ck_assert_uint_eq(start_program(B), 0);
        ck_assert_uint_eq(interruption(B), GOOD);
        ck_assert_uint_eq(*at(B, 0x3000), CONTROL);
        ck_assert_uint_eq(get16(csw_of(B).count), 300);
        ck_assert_uint_eq(interruption(A), GOOD);
        ck_assert_uint_eq(interruption(A) | interruption(B), 0); /* no attention is left over */
    }
    ck_assert_mem_eq(at(A, BUFFER), at(B, BUFFER), 200);
}
END_TEST

/* The side that has sensed a CONTROL knows that what is chained to it comes, however late it reads;
 * of a command that is not chained it is told. */
START_TEST(sensed_control)
{
    for (int chained = 1; chained >= 0; chained--) {
        fill(A, 200);
        uint32_t p = put_ccw(A, PROGRAM, CONTROL, BUFFER, chained ? CC | SLI : SLI, 1);
        put_ccw(A, p, WRITE, BUFFER, SLI, 200);
        ck_assert_uint_eq(start_program(A), chained ? 0 : UNIT_CHANNEL_END);
        ck_assert_uint_eq(interruption(B), UNIT_ATTENTION);
        ck_assert_uint_eq(run(B, SENSE_COMMAND, 1), GOOD);
        ck_assert_uint_eq(interruption(A), chained ? 0 : UNIT_DEVICE_END);
        if (!chained)
            ck_assert_uint_eq(start(A, WRITE, 200), 0);
        ck_assert_uint_eq(interruption(B), chained ? 0 : UNIT_ATTENTION);
        ck_assert_uint_eq(run(B, READ, 500), GOOD);
        ck_assert_uint_eq(interruption(A), GOOD);
        ck_assert_mem_eq(at(A, BUFFER), at(B, BUFFER), 200);
    }
    /* Neither is what comes behind a chain that has gone another way. */
    put_ccw(A, put_ccw(A, PROGRAM, CONTROL, BUFFER, CC | SLI, 1), NOP, BUFFER, SLI, 1);
    ck_assert_uint_eq(start_program(A), 0);
    ck_assert_uint_eq(interruption(B), UNIT_ATTENTION);
    ck_assert_uint_eq(run(B, SENSE_COMMAND, 1), GOOD);
    ck_assert_uint_eq(interruption(A), GOOD);
    bring_to(A, WRITE);
}
END_TEST

/* The channel of the reader refuses: both commands end. */
START_TEST(channel_check)
{
    bring_to(A, WRITE);
    put_ccw(B, PROGRAM, READ, 1 << 20, SLI, 80);
    ck_assert_uint_eq(start_program(B), 0);
    ck_assert_uint_eq(interruption(B), GOOD);
    ck_assert_uint_eq(csw_of(B).channel_status, CHANNEL_PROGRAM_CHECK);
    ck_assert_uint_eq(interruption(A), GOOD);
}
END_TEST

/* Commands started at both sides before either knows of the other's. */
START_TEST(crossing)
{
    static const struct {
        uint8_t a, b, status_a, status_b;
    } rows[] = {
        {WRITE, READ, GOOD, GOOD},
        {READ, WRITE, GOOD, GOOD},
        {WRITE, WRITE, 0, BUSY_AT},
        {READ, READ, 0, BUSY_AT},
        {CONTROL, WRITE, 0, BUSY_AT},
        {WRITE, CONTROL, 0, UNIT_DEVICE_END | UNIT_ATTENTION},
        {CONTROL, CONTROL, 0, UNIT_DEVICE_END | UNIT_ATTENTION},
        {PREPARE, PREPARE, UNIT_DEVICE_END, UNIT_DEVICE_END},
        {PREPARE, WRITE, UNIT_DEVICE_END, 0},
        {READ, PREPARE, 0, UNIT_DEVICE_END},
    };
    for (unsigned n = 0; n < sizeof rows / sizeof *rows; n++) {
        uint8_t initial_a = start(A, rows[n].a, 80), initial_b = start(B, rows[n].b, 80);
        bool a_ends = rows[n].a == CONTROL || rows[n].a == PREPARE;
        bool b_ends = rows[n].b == CONTROL || rows[n].b == PREPARE;
        ck_assert_uint_eq(initial_a, a_ends ? UNIT_CHANNEL_END : 0);
        ck_assert_uint_eq(initial_b, b_ends ? UNIT_CHANNEL_END : 0);
        uint8_t status_b = interruption(B), status_a = interruption(A);
        ck_assert_msg(status_a == rows[n].status_a && status_b == rows[n].status_b,
                      "%02X crosses %02X: %02X and %02X", rows[n].a, rows[n].b, status_a, status_b);
        reset_both();
    }
}
END_TEST

/* What is halted before it has met its partner is as if it had not been. */
START_TEST(halted)
{
    bring_to(B, READ);
    channel_halt_device(machines[B], ADAPTER);
    ck_assert_uint_eq(start(A, WRITE, 80), 0); /* A does not know yet */
    ck_assert_uint_eq(interruption(B), GOOD);
    ck_assert_uint_eq(interruption(B), UNIT_ATTENTION);
    ck_assert_uint_eq(interruption(A), 0);
    ck_assert_uint_eq(run(B, READ, 80), GOOD);
    ck_assert_uint_eq(interruption(A), GOOD);

    bring_to(A, WRITE);
    channel_halt_device(machines[A], ADAPTER);
    ck_assert_uint_eq(start(B, READ, 80), 0);
    ck_assert_uint_eq(interruption(A), GOOD);
    fill(A, 80);
    ck_assert_uint_eq(interruption(A), UNIT_ATTENTION);
    ck_assert_uint_eq(run(A, WRITE, 80), GOOD); /* another one than B knew of */
    ck_assert_uint_eq(interruption(B), GOOD);
    ck_assert_mem_eq(at(A, BUFFER), at(B, BUFFER), 80);
}
END_TEST

/* A CONTROL or PREPARE has given channel end; halted, alone or at the start of a chain, it ends,
 * and the other side knows. */
START_TEST(halted_behind_channel_end)
{
    static const uint8_t commands[] = {CONTROL, PREPARE};
    for (unsigned n = 0; n < 4; n++) {
        uint8_t command = commands[n / 2], attention = command == CONTROL ? UNIT_ATTENTION : 0;
        if (n % 2) {
            put_ccw(A, put_ccw(A, PROGRAM, command, BUFFER, CC | SLI, 1), WRITE, BUFFER, SLI, 80);
            ck_assert_uint_eq(start_program(A), 0);
            ck_assert_uint_eq(interruption(B), attention);
            ck_assert_int_eq(channel_test_io(machines[A], ADAPTER), 2);
        } else {
            bring_to(A, command);
        }
        channel_halt_device(machines[A], ADAPTER);
        ck_assert_uint_eq(interruption(A), UNIT_DEVICE_END);
        ck_assert_uint_eq(run(B, SENSE_COMMAND, 1), GOOD);
        ck_assert_uint_eq(*at(B, BUFFER), 0);
        ck_assert_uint_eq(run(A, NOP, 1), GOOD);
        ck_assert_uint_eq(run(B, NOP, 1), GOOD);
        ck_assert_uint_eq(interruption(A) | interruption(B), 0);
    }
}
END_TEST

/* A command is halted while the other side's crosses it: neither side takes the other for busy. */
START_TEST(halted_while_crossing)
{
    static const uint8_t commands[] = {READ, WRITE, CONTROL, PREPARE};
    for (unsigned n = 0; n < 32; n++) {
        int first = n / 16;
        (void)start(first, commands[n / 4 % 4], 80);
        (void)start(1 - first, commands[n % 4], 80);
        channel_halt_device(machines[first], ADAPTER);
        pump();
        channel_halt_device(machines[1 - first], ADAPTER);
        for (int i = 0; i < 2; i++)
            while (interruption(i))
                ;
        for (int i = 0; i < 2; i++) {
            ck_assert_uint_eq(run(i, SENSE_COMMAND, 1), GOOD);
            ck_assert_msg(*at(i, BUFFER) == 0, "case %u: %s", n, describe(i));
        }
    }
}
END_TEST

START_TEST(reset_of_the_other_side)
{
    static const uint8_t commands[] = {READ, WRITE, CONTROL};
    for (unsigned n = 0; n < 6; n++) {
        int i = n % 2;
        uint8_t command = commands[n / 2];
        bring_to(i, command);
        channels_reset(machines[1 - i]);
        ck_assert_uint_eq(interruption(i),
                          command == CONTROL ? UNIT_DEVICE_END | UNIT_CHECK : GOOD | UNIT_CHECK);
        ck_assert_uint_eq(sense(i), SENSE_INTERVENTION);
        ck_assert_uint_eq(interruption(1 - i), 0);
        ck_assert_uint_eq(run(1 - i, SENSE_COMMAND, 1), GOOD);
        ck_assert_uint_eq(*at(1 - i, BUFFER), 0);
    }
}
END_TEST

/* A side that goes and comes back, in both modes, whichever it is. */
START_TEST(gone_and_back)
{
    for (int i = 0; i < 2; i++) {
        int other = 1 - i;
        ck_assert_uint_eq(run(i, BASIC, 1), GOOD);
        bring_to(i, WRITE);
        power_off(other);
        wait_connected(false);
        ck_assert_uint_eq(interruption(i), 0); /* it waits for whoever comes */
        power_on(other);
        wait_connected(true);
        ck_assert_uint_eq(interruption(other), UNIT_ATTENTION);
        ck_assert_uint_eq(run(other, READ, 80), GOOD);
        ck_assert_uint_eq(interruption(i), GOOD);

        ck_assert_uint_eq(run(i, EXTENDED, 1), GOOD);
        bring_to(i, READ);
        power_off(other);
        wait_connected(false);
        ck_assert_uint_eq(interruption(i), GOOD | UNIT_CHECK);
        ck_assert_uint_eq(sense(i), SENSE_INTERVENTION);
        ck_assert_uint_eq(run(i, WRITE, 80), UNIT_CHECK);
        ck_assert_uint_eq(sense(i), SENSE_INTERVENTION);
        power_on(other);
        wait_connected(true);
        reset_both();
    }
}
END_TEST

/* Somebody else at the port, a second client, nonsense: refused, with a message; the pair goes on.
 */
START_TEST(strangers)
{
    static const char *const nonsense[] = {
        "GET / HTTP/1.0\r\n\r\n",
        "\0\0\0\0\0\0\0\x0d"
        "datbox CTCA 9",
    };
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    strcpy(to.sun_path, address);
    for (int n = 0; n < 3; n++) {
        char byte;
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (n == 1) {
            power_off(B);
            wait_connected(false);
        }
        ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
        if (n > 0)
            ck_assert_int_gt(write(fd, nonsense[n - 1], n == 1 ? 18 : 21), 0);
        pump();
        ssize_t got = 1;
        while (got == 1) /* our greeting, then the end */
            got = read(fd, &byte, 1);
        ck_assert_int_eq(got, 0);
        ck_assert_int_eq(strstr(said, "0500: ") != NULL, n > 0);
        said[0] = 0;
        close(fd);
        pump();
    }
    power_on(B);
    wait_connected(true);
    bring_to(A, WRITE);
    ck_assert_uint_eq(run(B, READ, 80), GOOD);
}
END_TEST

/* A device by its own socket that greets well, and then sends what cannot be. */
START_TEST(bad_messages)
{
    static const uint8_t bad[][12] = {
        {0, 0, 0, 0, 0, 0, 0, 0},             /* a second greeting */
        {9, 0, 0, 0, 0, 0, 0, 0},             /* no such kind */
        {1, 1, 0, 1, 0, 0, 0, 1, 9},          /* no such activity */
        {1, 1, 0, 1, 0, 0, 0, 0},             /* none */
        {4, 0, 0, 0, 0, 0, 0, 4, 0xff, 0xff}, /* wants too much */
        {5, 0, 0, 0, 0xff, 0, 0, 0},          /* too long */
    };
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    strcpy(to.sun_path, address);
    power_off(B);
    wait_connected(false);
    for (unsigned n = 0; n < sizeof bad / sizeof *bad; n++) {
        char byte;
        ssize_t got = 1;
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        said[0] = 0;
        ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
        ck_assert_int_eq(write(fd,
                               "\0\0\0\0\0\0\0\x0d"
                               "datbox CTCA 2",
                               21),
                         21);
        ck_assert_int_eq(write(fd, bad[n], sizeof bad[n]), sizeof bad[n]);
        pump();
        while (got == 1)
            got = read(fd, &byte, 1);
        ck_assert_msg(got == 0 || said[0], "message %u was accepted", n);
        ck_assert_msg(strstr(said, "0500: ") && strstr(said, "message"), "%u: %s", n, said);
        close(fd);
        pump();
    }
}
END_TEST

START_TEST(operands)
{
    static char *const bad[] = {"500", "listen=", "connect=nowhere:1", "listen=x:y"};
    for (unsigned i = 0; i < 4; i++)
        ck_assert_ptr_nonnull(device_attach(machines[A], 0x600, "3088", 1, (char *[]){bad[i]}));
    ck_assert_ptr_nonnull(device_attach(machines[A], 0x600, "3088", 0, NULL));
    char option[96];
    snprintf(option, sizeof option, "listen=%s", address);
    const char *wrong = device_attach(machines[A], 0x600, "3088", 1, (char *[]){option});
    ck_assert_msg(wrong && strstr(wrong, address), "%s", wrong ? wrong : "accepted");
    ck_assert(strstr(describe(A), "connected, this side does nothing"));
}
END_TEST

/* Random commands at both sides, at times before the other knows: nobody gets data that were not
 * written, and nobody waits for a partner that is there. */
START_TEST(random_commands)
{
    static const uint8_t commands[] = {WRITE,   READ,          WRITE,   READ,
                                       CONTROL, SENSE_COMMAND, PREPARE, NOP};
    unsigned seed = 370 + (unsigned)_i, transfers = 0;
    for (unsigned n = 0; n < 3000; n++) {
        int i = rand_r(&seed) % 2;
        unsigned what = (unsigned)rand_r(&seed) % 20;
        if (what < 16) {
            memset(at(i, BUFFER), i == A ? 0xaa : 0xbb, 80);
            put_ccw(i, PROGRAM, commands[what % 8], BUFFER, SLI, 80);
            store_be32(at(i, 0x48), PROGRAM);
            channel_start_io(machines[i], ADAPTER, false);
        } else if (what == 16) {
            channel_halt_device(machines[i], ADAPTER);
        } else if (what < 19) {
            uint16_t from;
            pump();
            while (channel_take_interrupt(machines[i], 0xffffffff, &from))
                ;
        } else {
            uv_run(machines[i]->loop, UV_RUN_NOWAIT);
        }
        if (n % 16)
            continue;
        pump();
        ck_assert_str_eq(said, "");
        char own[200];
        strcpy(own, describe(A));
        const char *other = describe(B);
        bool a_reads = strstr(own, "this side reads"), a_writes = strstr(own, "this side writes");
        bool b_reads = strstr(other, "this side reads"),
             b_writes = strstr(other, "this side writes");
        ck_assert_msg(!(a_reads && b_writes) && !(a_writes && b_reads) && !(a_reads && b_reads) &&
                          !(a_writes && b_writes),
                      "%s\n%s", own, other);
        /* Each knows what the other does. */
        static const char *const activities[] = {"does nothing", "prepares", "controls", "reads",
                                                 "writes"};
        for (int k = 0; k < 5; k++) {
            char is[32], known[32];
            snprintf(is, sizeof is, "this side %s", activities[k]);
            snprintf(known, sizeof known, "the other %s", activities[k]);
            ck_assert_msg(!strstr(own, is) == !strstr(other, known) &&
                              !strstr(other, is) == !strstr(own, known),
                          "%u: %s\n%s", n, own, other);
        }
        transfers++;
    }
    ck_assert_uint_gt(transfers, 100);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("ctca");
    TCase *t = tcase_create("ctca");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, table);
    tcase_add_test(t, other_side_does_nothing);
    tcase_add_test(t, counts);
    tcase_add_test(t, data_chains);
    tcase_add_test(t, control_write_sense_read);
    tcase_add_test(t, sensed_control);
    tcase_add_test(t, channel_check);
    tcase_add_test(t, crossing);
    tcase_add_test(t, halted);
    tcase_add_test(t, halted_behind_channel_end);
    tcase_add_test(t, halted_while_crossing);
    tcase_add_test(t, reset_of_the_other_side);
    tcase_add_test(t, gone_and_back);
    tcase_add_test(t, strangers);
    tcase_add_test(t, bad_messages);
    tcase_add_test(t, operands);
    tcase_add_loop_test(t, random_commands, 0, 4);
    suite_add_tcase(s, t);
    return run_suite(s);
}

/* The channel-to-channel adapter: two channels, of two machines, that exchange data: what one
 * writes the other reads.  Sources: GA22-6983 (Channel-to-Channel Adapter), SA22-7091 (3088).
 *
 * Here the adapter is split: each machine has its half, and the halves talk over a connection
 * (s370/media/link.h).  Each knows the command that the other side is executing from its messages,
 * so most commands can be answered at once.  If commands that exclude each other cross on their
 * way, that of the side that listens counts.
 *
 * A transfer is the reader's business: it asks for as many bytes as its current CCW has room for,
 * until one of the channels has come to its end.  A half begins in basic mode, in which a side that
 * is not there is one that does nothing; in extended mode it is not ready. */
#include "s370/devices/types.h"

#include "lib/be.h"
#include "s370/arch/ccw.h"
#include "s370/arch/ctca.h"
#include "s370/io/channel.h"
#include "s370/machine.h"
#include "s370/media/link.h"
#include "s370/saved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENDED    (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define GREETING "datbox CTCA 2"
#define COLLIDES (UNIT_BUSY | UNIT_ATTENTION)

/* Between the halves.  `sequence` is that of the command that is meant. */
enum message_kind {
    MESSAGE_BEGIN =
        1,          /* this side's command, `code`, waits; data: the activity, perhaps EXPECTED */
    MESSAGE_END,    /* it does not any more */
    MESSAGE_PASSED, /* your PREPARE, or CONTROL, has come to its end */
    MESSAGE_WANT,   /* to your WRITE; data: how many bytes at most */
    MESSAGE_DATA,   /* code 1: there are no more */
    MESSAGE_DONE,   /* your WRITE has been read */
    MESSAGE_EOF,    /* to your READ */
    MESSAGE_RESET,  /* this side was reset */
};

/* The command is chained to a CONTROL that the other side has sensed, and which was its attention.
 */
#define EXPECTED 0x80

struct side {
    enum ctca_activity activity;
    uint8_t code;
    uint16_t sequence;
};

struct ctca {
    struct device device;
    struct link *link;
    bool listens;
    bool extended;
    struct side own, other;
    uint16_t sequence; /* of the last command that waited */
    bool announced;    /* what the channel program goes on with is EXPECTED */
    bool moved;        /* the transfer has moved data */
};

/* --- messages --- */

static void send(struct ctca *c, enum message_kind kind, uint8_t code, uint16_t sequence,
                 const void *data, uint32_t length)
{
    struct link_message m = {(uint8_t)kind, code, sequence, length};
    if (c->link)
        link_send(c->link, &m, data);
}

static void send_begin(struct ctca *c, uint8_t expected)
{
    uint8_t activity = (uint8_t)c->own.activity | expected;
    send(c, MESSAGE_BEGIN, c->own.code, c->own.sequence, &activity, 1);
}

/* --- commands --- */

static void rest(struct side *s)
{
    *s = (struct side){0};
}

static void begin(struct ctca *c, enum ctca_activity activity, uint8_t code)
{
    c->own = (struct side){activity, code, ++c->sequence};
    c->moved = false;
    send_begin(c, c->announced ? EXPECTED : 0);
}

/* This side's command that waits has come to its end; the other side knows. */
static void finish(struct ctca *c, uint8_t status)
{
    enum ctca_activity activity = c->own.activity;
    rest(&c->own);
    c->announced = activity == CONTROLS && c->device.active;
    if (activity == READS || activity == WRITES)
        channel_command_done(&c->device, status);
    else if (activity != DOES_NOTHING) /* channel end was given at once */
        device_status(&c->device, status & (uint8_t)~UNIT_CHANNEL_END);
}

/* The same with unit check: the other side is gone, or was reset. */
static void finish_with_check(struct ctca *c)
{
    device_check(&c->device, SENSE_INTERVENTION);
    finish(c, ENDED | UNIT_CHECK);
}

/* The other side's PREPARE, if it executes one, is over. */
static void end_prepare(struct ctca *c)
{
    if (c->other.activity != PREPARES)
        return;
    send(c, MESSAGE_PASSED, 0, c->other.sequence, NULL, 0);
    rest(&c->other);
}

/* Asks for what the current CCW of this side's READ has room for. */
static void want(struct ctca *c)
{
    uint8_t room[4];
    uint32_t count = channel_count(c->device.active);
    store_be32(room, count < LINK_DATA_MOST ? count : LINK_DATA_MOST);
    send(c, MESSAGE_WANT, 0, c->other.sequence, room, sizeof room);
}

/* A READ and a WRITE have met: no attention is needed any more. */
static void meet(struct ctca *c)
{
    device_status_withdraw(&c->device, UNIT_ATTENTION);
    if (c->own.activity == READS)
        want(c);
}

static int transfer(struct ctca *c, enum ctca_activity activity, uint8_t code)
{
    enum ctca_activity partner = activity == READS ? WRITES : READS;
    begin(c, activity, code); /* which ends a PREPARE of the other side */
    if (c->other.activity == PREPARES)
        rest(&c->other);
    if (c->other.activity == partner)
        meet(c);
    return COMMAND_PENDING;
}

static int control(struct ctca *c, uint8_t code)
{
    begin(c, CONTROLS, code);
    if (c->other.activity == PREPARES)
        rest(&c->other);
    return UNIT_CHANNEL_END;
}

static int prepare(struct ctca *c, uint8_t code)
{
    if (c->other.activity == DOES_NOTHING) {
        begin(c, PREPARES, code);
        return UNIT_CHANNEL_END;
    }
    end_prepare(c);
    return ENDED;
}

static int sense_command_byte(struct ctca *c, struct channel_program *cp)
{
    channel_give(cp, &c->other.code, 1);
    if (c->other.activity == CONTROLS) {
        send(c, MESSAGE_PASSED, 0, c->other.sequence, NULL, 0);
        rest(&c->other);
        device_status_withdraw(&c->device, UNIT_ATTENTION);
    }
    return ENDED;
}

static int write_eof(struct ctca *c)
{
    end_prepare(c);
    if (c->other.activity == READS) {
        send(c, MESSAGE_EOF, 0, c->other.sequence, NULL, 0);
        rest(&c->other);
        device_status_withdraw(&c->device, UNIT_ATTENTION);
    }
    return ENDED;
}

static int set_mode(struct ctca *c, bool extended)
{
    c->extended = extended;
    return ENDED;
}

static int execute(struct device *d, struct channel_program *cp, uint8_t code)
{
    struct ctca *c = (struct ctca *)d;
    switch (ctca_command_of(code, c->extended)) {
    case COMMAND_WRITE:
        return transfer(c, WRITES, code);
    case COMMAND_READ:
        return transfer(c, READS, code);
    case COMMAND_CONTROL:
        return control(c, code);
    case COMMAND_PREPARE:
        return prepare(c, code);
    case COMMAND_SENSE_COMMAND_BYTE:
        return sense_command_byte(c, cp);
    case COMMAND_WRITE_EOF:
        return write_eof(c);
    case COMMAND_BASIC:
    case COMMAND_EXTENDED:
        return set_mode(c, code == 0xc3);
    case COMMAND_NOP:
        return ENDED;
    default:
        return device_check(d, SENSE_COMMAND_REJECT);
    }
}

static uint8_t select_adapter(struct device *d, uint8_t code)
{
    struct ctca *c = (struct ctca *)d;
    enum ctca_command command = ctca_command_of(code, c->extended);
    if (c->own.activity != DOES_NOTHING)
        return UNIT_BUSY;
    if (ctca_excludes(c->other.activity, command))
        return COLLIDES;
    bool mode = command == COMMAND_BASIC || command == COMMAND_EXTENDED;
    if (!c->extended || mode || (c->link && link_is_up(c->link)))
        return 0;
    device_check(d, SENSE_INTERVENTION);
    return UNIT_CHECK;
}

/* --- what the other side says --- */

/* This side's command ends because the other one's has come.  If that was halted in the meantime,
 * the other side does not know that this one has seen it: it is told. */
static void give_way(struct ctca *c, uint8_t status)
{
    send(c, MESSAGE_END, 0, c->own.sequence, NULL, 0);
    finish(c, status);
}

/* Its command waits. */
static bool received_begin(struct ctca *c, const struct link_message *m, const uint8_t *data)
{
    if (m->length != 1)
        return false;
    uint8_t activity = data[0] & ~EXPECTED;
    if (activity < PREPARES || activity > WRITES)
        return false;
    struct side begun = {activity, m->code, m->sequence};
    enum ctca_activity own = c->own.activity;
    bool meets =
        (own == READS && begun.activity == WRITES) || (own == WRITES && begun.activity == READS);
    if (own >= CONTROLS && !meets && begun.activity != PREPARES) { /* they have crossed */
        if (c->listens)
            return true;
        c->other = begun;
        give_way(c, own == CONTROLS ? UNIT_DEVICE_END | UNIT_ATTENTION : COLLIDES);
        return true;
    }
    if (begun.activity == PREPARES && own != DOES_NOTHING) { /* nothing to wait for */
        send(c, MESSAGE_PASSED, 0, begun.sequence, NULL, 0);
        if (own == PREPARES)
            give_way(c, UNIT_DEVICE_END);
        return true;
    }
    c->other = begun;
    if (meets)
        meet(c);
    else if (own == PREPARES)
        give_way(c, UNIT_DEVICE_END);
    else if (begun.activity != PREPARES && !(data[0] & EXPECTED))
        device_status(&c->device, UNIT_ATTENTION);
    return true;
}

/* Its command was halted.  A transfer that had begun is over; one that had not goes on waiting. */
static bool received_end(struct ctca *c, const struct link_message *m, const uint8_t *data)
{
    (void)data;
    if (c->other.activity == DOES_NOTHING || c->other.sequence != m->sequence)
        return true;
    rest(&c->other);
    if (c->moved && c->own.activity >= READS) {
        send(c, MESSAGE_END, 0, c->own.sequence, NULL, 0);
        finish_with_check(c);
    }
    return true;
}

static bool received_passed(struct ctca *c, const struct link_message *m, const uint8_t *data)
{
    (void)data;
    bool waits = c->own.activity == PREPARES || c->own.activity == CONTROLS;
    if (waits && c->own.sequence == m->sequence)
        finish(c, UNIT_DEVICE_END);
    return true;
}

/* The reader has room: gives it what this side's WRITE has. */
static bool received_want(struct ctca *c, const struct link_message *m, const uint8_t *data)
{
    if (m->length != 4)
        return false;
    uint32_t room = load_be32(data);
    if (room > LINK_DATA_MOST)
        return false;
    if (c->own.activity != WRITES || c->own.sequence != m->sequence || !c->device.active)
        return true; /* it was halted in the meantime */
    uint8_t *bytes = malloc(room + 1u);
    if (!bytes)
        return false;
    struct channel_program *cp = c->device.active;
    uint32_t n = channel_take_any(cp, bytes, room);
    c->moved = true;
    send(c, MESSAGE_DATA, channel_exhausted(cp), m->sequence, bytes, n);
    free(bytes);
    return true;
}

static bool received_data(struct ctca *c, const struct link_message *m, const uint8_t *data)
{
    if (c->own.activity != READS || c->other.activity != WRITES ||
        c->other.sequence != m->sequence || !c->device.active)
        return true;
    struct channel_program *cp = c->device.active;
    c->moved = true;
    uint32_t n = channel_give(cp, data, m->length);
    if (n < m->length && !channel_stopped(cp))
        return false; /* more than was asked for */
    if (!m->code && !channel_exhausted(cp)) {
        want(c);
        return true;
    }
    send(c, MESSAGE_DONE, 0, m->sequence, NULL, 0);
    rest(&c->other);
    finish(c, ENDED);
    return true;
}

static bool received_done(struct ctca *c, const struct link_message *m, const uint8_t *data)
{
    (void)data;
    if (c->own.activity != WRITES || c->own.sequence != m->sequence)
        return true;
    rest(&c->other);
    finish(c, ENDED);
    return true;
}

static bool received_eof(struct ctca *c, const struct link_message *m, const uint8_t *data)
{
    (void)data;
    if (c->own.activity == READS && c->own.sequence == m->sequence)
        finish(c, ENDED | UNIT_EXCEPTION);
    return true;
}

/* It does nothing any more, and what waited for it does not any more either. */
static bool received_reset(struct ctca *c, const struct link_message *m, const uint8_t *data)
{
    (void)m, (void)data;
    rest(&c->other);
    if (c->own.activity != DOES_NOTHING) {
        send(c, MESSAGE_END, 0, c->own.sequence, NULL, 0);
        finish_with_check(c);
    }
    return true;
}

static bool received(void *context, const struct link_message *m, const uint8_t *data)
{
    static bool (*const kinds[])(struct ctca *, const struct link_message *, const uint8_t *) = {
        [MESSAGE_BEGIN] = received_begin,   [MESSAGE_END] = received_end,
        [MESSAGE_PASSED] = received_passed, [MESSAGE_WANT] = received_want,
        [MESSAGE_DATA] = received_data,     [MESSAGE_DONE] = received_done,
        [MESSAGE_EOF] = received_eof,       [MESSAGE_RESET] = received_reset,
    };
    bool known = m->kind < sizeof kinds / sizeof *kinds && kinds[m->kind];
    return known && kinds[m->kind](context, m, data);
}

/* The other side is there: it learns what waits here. */
static void came_up(void *context)
{
    struct ctca *c = context;
    rest(&c->other);
    if (c->own.activity != DOES_NOTHING) {
        c->own.sequence = ++c->sequence;
        send_begin(c, 0);
    }
}

/* A transfer is cut off; in basic mode what has not begun waits for the other side to come back. */
static void went_down(void *context)
{
    struct ctca *c = context;
    rest(&c->other);
    if (c->own.activity != DOES_NOTHING && (c->extended || c->moved))
        finish_with_check(c);
}

static void say(void *context, const char *text)
{
    struct ctca *c = context;
    machine_message(c->device.machine, "%04X: %s", c->device.address, text);
}

/* --- the device --- */

static void halt(struct device *d)
{
    struct ctca *c = (struct ctca *)d;
    if (c->own.activity == DOES_NOTHING)
        return;
    send(c, MESSAGE_END, 0, c->own.sequence, NULL, 0);
    rest(&c->own);
}

/* A CONTROL or PREPARE that waits for the other side: this side gets its device end now. */
static void cancel(struct device *d)
{
    struct ctca *c = (struct ctca *)d;
    if (c->own.activity != CONTROLS && c->own.activity != PREPARES)
        return;
    send(c, MESSAGE_END, 0, c->own.sequence, NULL, 0);
    finish(c, UNIT_DEVICE_END);
}

static void reset(struct device *d)
{
    struct ctca *c = (struct ctca *)d;
    rest(&c->own);
    rest(&c->other);
    c->extended = false;
    send(c, MESSAGE_RESET, 0, 0, NULL, 0);
}

static void chain_end(struct device *d)
{
    ((struct ctca *)d)->announced = false;
}

static void destroy(struct device *d)
{
    struct ctca *c = (struct ctca *)d;
    link_close(c->link);
    c->link = NULL;
}

/* listen=ADDRESS or connect=ADDRESS */
static const char *create(struct device *d, int argc, char **argv)
{
    static const struct link_calls calls = {came_up, went_down, received, say};
    struct ctca *c = (struct ctca *)d;
    bool listens = argc == 1 && !strncmp(argv[0], "listen=", 7);
    bool connects = argc == 1 && !strncmp(argv[0], "connect=", 8);
    if (!listens && !connects) {
        snprintf(d->message, sizeof d->message, "a %s wants %s", d->type->name, d->type->options);
        return d->message;
    }
    c->listens = listens;
    c->link = link_open(d->machine->loop, listens, strchr(argv[0], '=') + 1, GREETING, &calls, c,
                        d->message, sizeof d->message);
    return c->link ? NULL : d->message;
}

static void describe(struct device *d, char *text, size_t size)
{
    static const char *const activities[] = {"does nothing", "prepares", "controls", "reads",
                                             "writes"};
    const struct ctca *c = (struct ctca *)d;
    snprintf(text, size, "%s=%s %s, this side %s, the other %s", c->listens ? "listen" : "connect",
             link_address(c->link), link_is_up(c->link) ? "connected" : "not connected",
             activities[c->own.activity], activities[c->other.activity]);
}

/* Of the other side nothing is known when this one is restored, as if the link had been down.  The
 * reset before has told it that this side does nothing. */
static void saved_adapter(struct device *d, struct saved *s)
{
    struct ctca *c = (struct ctca *)d;
    uint32_t activity = saved_limited(s, c->own.activity, WRITES, "what an adapter does");
    saved_bool(s, &c->extended);
    saved_bool(s, &c->moved);
    saved_u8(s, &c->own.code);
    if (!s->reading)
        return;
    if ((activity >= READS) != device_waits_for_command(d)) {
        saved_refuse(s, "the adapter %03X does not know whether it transfers", d->address);
        activity = DOES_NOTHING;
    }
    rest(&c->other);
    c->own.activity = (enum ctca_activity)activity;
    c->own.sequence = ++c->sequence;
    if (activity != DOES_NOTHING && (c->extended || c->moved))
        finish_with_check(c);
    else if (activity != DOES_NOTHING)
        send_begin(c, 0);
}

static const struct device_ops ops = {
    .select = select_adapter,
    .execute = execute,
    .chain_end = chain_end,
    .halt = halt,
    .cancel = cancel,
    .reset = reset,
    .destroy = destroy,
    .describe = describe,
    .saved = saved_adapter,
};

/* The controls in use, with channel end in the initial status. */
static const uint8_t immediate[] = {0x07, 0x0f, 0x17, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x47,
                                    0x87, 0xc7, 0x43, 0xc3, 0xe3, 0x0b, 0x13, 0x1b, 0};

#define CTCA_TYPE(symbol, type_name, ...)                                                          \
    const struct device_type symbol = {                                                            \
        .name = type_name,                                                                         \
        .class = "CTCA",                                                                           \
        .size = sizeof(struct ctca),                                                               \
        .sense_id = {__VA_ARGS__},                                                                 \
        .sense_bytes = 1,                                                                          \
        .ops = &ops,                                                                               \
        .immediate = immediate,                                                                    \
        .create = create,                                                                          \
        .options = "listen=[HOST:]PORT | connect=[HOST:]PORT",                                     \
    }

CTCA_TYPE(device_ctca, "CTCA", 0);
CTCA_TYPE(device_3088, "3088", 0xff, 0x30, 0x88, 0x08, 0x30, 0x88, 0x01);

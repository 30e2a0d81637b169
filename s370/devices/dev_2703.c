/* The 2703 transmission control unit: a binary-synchronous line, point to point.  What the program
 * writes goes out as one transmission, a read gives the next one that has come in; the characters
 * of the line's protocol are the program's.  At the line's other end is NJE over TCP
 * (s370/media/tcpnje.h), which Hercules has under the same name.  Source: GA27-2703.
 *
 * ENABLE ends when the partner is there, as with a data set that has been dialled.  PREPARE ends
 * when something has come in; a READ that waits for it longer than three seconds ends with a
 * time-out. When the line is lost, what waits and all that follows up to ENABLE have unit check,
 * intervention required. */
#include "s370/devices/types.h"

#include "lib/str.h"
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/machine.h"
#include "s370/media/tcpnje.h"
#include "s370/saved.h"

#include <stdio.h>
#include <stdlib.h>

#define ENDED         (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define SENSE_TIMEOUT 0x01
#define READ_TIMEOUT  UINT64_C(3000000000) /* ns */

enum command {
    COMMAND_WRITE = 0x01,
    COMMAND_READ = 0x02,
    COMMAND_PREPARE = 0x06,
    COMMAND_SET_MODE = 0x23,
    COMMAND_ENABLE = 0x27,
    COMMAND_DISABLE = 0x2f,
};

struct line_adapter {
    struct device device;
    struct tcpnje *link;
    struct tcpnje_options options;
    char listen[64], connect[64 + 48], host[48];
    char authorities[256], certificate[256], key[256];
    uint8_t waits_in; /* the command that is pending, or 0 */
    bool enabled;
    struct event timeout; /* of a READ */
};

static struct line_adapter *of(struct device *d)
{
    return (struct line_adapter *)d;
}

static void done(struct line_adapter *l, int status)
{
    l->waits_in = 0;
    event_cancel(&l->device.machine->events, &l->timeout);
    channel_command_done(&l->device, (uint8_t)status);
}

static int lost(struct line_adapter *l)
{
    return device_check(&l->device, SENSE_INTERVENTION);
}

static int give(struct line_adapter *l)
{
    size_t length;
    const uint8_t *record = tcpnje_first(l->link, &length);
    channel_give(l->device.active, record, (uint32_t)length);
    tcpnje_drop_first(l->link);
    return ENDED;
}

static int wait_in(struct line_adapter *l, uint8_t command)
{
    l->waits_in = command;
    if (command == COMMAND_READ)
        event_schedule(&l->device.machine->events, &l->timeout,
                       machine_now(l->device.machine) + READ_TIMEOUT);
    return COMMAND_PENDING;
}

static int write_line(struct line_adapter *l, struct channel_program *cp)
{
    uint8_t *bytes = malloc(TCPNJE_RECORD_MAX);
    if (!bytes)
        return device_check(&l->device, SENSE_EQUIPMENT);
    uint32_t n = channel_take_any(cp, bytes, TCPNJE_RECORD_MAX);
    bool sent = channel_stopped(cp) || tcpnje_send(l->link, bytes, n);
    free(bytes);
    if (!sent)
        return lost(l);
    return tcpnje_may_send(l->link) ? ENDED : wait_in(l, COMMAND_WRITE);
}

static int enable(struct line_adapter *l)
{
    l->enabled = true;
    if (tcpnje_is_up(l->link))
        return ENDED;
    tcpnje_enable(l->link, true);
    return wait_in(l, COMMAND_ENABLE);
}

static int disable(struct line_adapter *l)
{
    tcpnje_enable(l->link, false);
    l->enabled = false;
    return ENDED;
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct line_adapter *l = of(d);
    size_t length;
    bool there = tcpnje_first(l->link, &length) != NULL;
    switch (command) {
    case COMMAND_WRITE:
        return write_line(l, cp);
    case COMMAND_READ:
        return there ? give(l) : tcpnje_is_up(l->link) ? wait_in(l, command) : lost(l);
    case COMMAND_PREPARE:
        return there ? ENDED : tcpnje_is_up(l->link) ? wait_in(l, command) : lost(l);
    case COMMAND_SET_MODE: {
        uint8_t mode;
        channel_take_any(cp, &mode, 1);
        return ENDED; /* of speeds and codes this line has one */
    }
    case COMMAND_ENABLE:
        return enable(l);
    case COMMAND_DISABLE:
        return disable(l);
    }
    return device_check(d, SENSE_COMMAND_REJECT);
}

/* A line that is not enabled, or has been lost with nothing left to read. */
static uint8_t select_line(struct device *d, uint8_t command)
{
    struct line_adapter *l = of(d);
    size_t length;
    bool data = command == COMMAND_WRITE || command == COMMAND_READ || command == COMMAND_PREPARE;
    bool usable = tcpnje_is_up(l->link) ||
                  (l->enabled && command != COMMAND_WRITE && tcpnje_first(l->link, &length));
    if (!data || usable)
        return 0;
    device_check(d, SENSE_INTERVENTION);
    return UNIT_CHECK;
}

/* --- what the line says --- */

static void came_up(void *context)
{
    struct line_adapter *l = context;
    if (l->waits_in == COMMAND_ENABLE)
        done(l, ENDED);
}

static void went_down(void *context)
{
    struct line_adapter *l = context;
    if (l->waits_in && l->waits_in != COMMAND_ENABLE)
        done(l, lost(l));
}

static void arrived(void *context)
{
    struct line_adapter *l = context;
    if (l->waits_in == COMMAND_PREPARE)
        done(l, ENDED);
    else if (l->waits_in == COMMAND_READ)
        done(l, give(l));
}

static void drained(void *context)
{
    struct line_adapter *l = context;
    if (l->waits_in == COMMAND_WRITE)
        done(l, ENDED);
}

static void say(void *context, const char *text)
{
    struct line_adapter *l = context;
    machine_message(l->device.machine, "%04X: %s", l->device.address, text);
}

static void read_timeout(struct machine *m, struct event *event)
{
    struct line_adapter *l =
        (struct line_adapter *)((char *)event - offsetof(struct line_adapter, timeout));
    done(l, device_check(&l->device, SENSE_TIMEOUT));
}

/* --- the device --- */

static void halt(struct device *d)
{
    struct line_adapter *l = of(d);
    l->waits_in = 0;
    event_cancel(&d->machine->events, &l->timeout);
}

static void reset(struct device *d)
{
    halt(d);
    disable(of(d));
}

static void destroy(struct device *d)
{
    struct line_adapter *l = of(d);
    event_cancel(&d->machine->events, &l->timeout);
    tcpnje_destroy(l->link);
    l->link = NULL;
}

#define PORT "175" /* VMNET's, if the arguments name none */

/* One argument into the option of its name. */
static bool take_option(struct line_adapter *l, const char *word, char rport[64])
{
    struct {
        const char *name;
        char *to;
        size_t size;
    } options[] = {
        {"lnode=", l->options.local, sizeof l->options.local},
        {"rnode=", l->options.remote, sizeof l->options.remote},
        {"lport=", l->listen, sizeof l->listen},
        {"rhost=", l->host, sizeof l->host},
        {"rport=", rport, 64},
        {"ca=", l->authorities, sizeof l->authorities},
        {"cert=", l->certificate, sizeof l->certificate},
        {"key=", l->key, sizeof l->key},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        size_t n = strlen(options[i].name);
        if (strncmp(word, options[i].name, n) != 0)
            continue;
        bool fits = word[n] && strlen(word + n) < options[i].size;
        str_copy(options[i].to, word + n, options[i].size);
        return fits;
    }
    return false;
}

/* Who calls needs authorities for TLS, and who is called a certificate with its key. */
static bool tls_makes_sense(const struct line_adapter *l)
{
    bool certificate = *l->certificate && *l->key;
    return (certificate || (!*l->certificate && !*l->key)) && (!certificate || *l->listen) &&
           (!*l->authorities || *l->connect);
}

static bool take_arguments(struct line_adapter *l, int argc, char **argv)
{
    char rport[64] = "";
    for (int i = 0; i < argc; i++)
        if (!take_option(l, argv[i], rport))
            return false;
    if (*l->host && !*rport)
        str_copy(rport, PORT, sizeof rport);
    if (!*l->listen && !*rport)
        str_copy(l->listen, PORT, sizeof l->listen);
    if (*rport)
        snprintf(l->connect, sizeof l->connect, "%s%s%s", l->host, *l->host ? ":" : "", rport);
    if (!*l->host)
        str_copy(l->host, "localhost", sizeof l->host);
    return *l->options.local && *l->options.remote && tls_makes_sense(l);
}

/* Another line of this machine that is called at the same port. */
static const struct tcpnje *find_beside(const struct line_adapter *l)
{
    struct device *d = NULL;
    while ((d = device_next(l->device.machine, d)) != NULL)
        if (d->type == l->device.type && d != &l->device && of(d)->link &&
            !strcmp(of(d)->listen, l->listen))
            return of(d)->link;
    return NULL;
}

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

static const char *create(struct device *d, int argc, char **argv)
{
    static const struct tcpnje_calls calls = {came_up, went_down, arrived, drained, say};
    struct line_adapter *l = of(d);
    if (!take_arguments(l, argc, argv)) {
        snprintf(d->message, sizeof d->message, "a %s wants %s", d->type->name, d->type->options);
        return d->message;
    }
    str_upcase(l->options.local, strlen(l->options.local));
    str_upcase(l->options.remote, strlen(l->options.remote));
    l->options.listen = or_null(l->listen);
    l->options.connect = or_null(l->connect);
    l->options.host = l->host;
    l->options.authorities = or_null(l->authorities);
    l->options.certificate = or_null(l->certificate);
    l->options.key = or_null(l->key);
    l->timeout.happen = read_timeout;
    l->link =
        tcpnje_create(d->machine->loop, &l->options, l->options.listen ? find_beside(l) : NULL,
                      &calls, l, d->message, sizeof d->message);
    return l->link ? NULL : d->message;
}

static void describe(struct device *d, char *text, size_t size)
{
    const struct line_adapter *l = of(d);
    bool tls = l->options.authorities || l->options.certificate;
    snprintf(text, size, "%s to %s%s%s%s%s%s, %s", l->options.local, l->options.remote,
             l->options.listen ? ", listens at " : "", l->options.listen ? l->options.listen : "",
             l->options.connect ? ", calls " : "", l->options.connect ? l->options.connect : "",
             tls ? ", TLS" : "",
             !l->enabled             ? "not enabled"
             : tcpnje_is_up(l->link) ? "connected"
                                     : "not connected");
}

/* The partner of a machine that is restored has seen the line break. */
static void saved_line(struct device *d, struct saved *s)
{
    struct line_adapter *l = of(d);
    saved_bool(s, &l->enabled);
    saved_u8(s, &l->waits_in);
    if (!s->reading)
        return;
    if ((l->waits_in != 0) != device_waits_for_command(d)) {
        saved_refuse(s, "the line %03X does not know whether it waits", d->address);
        l->waits_in = 0;
    } else if (l->waits_in == COMMAND_ENABLE) {
        tcpnje_enable(l->link, true);
    } else if (l->waits_in) {
        done(l, lost(l));
    }
}

static const struct device_ops ops = {
    .select = select_line,
    .execute = execute,
    .halt = halt,
    .reset = reset,
    .destroy = destroy,
    .describe = describe,
    .saved = saved_line,
};

static const uint8_t immediate[] = {COMMAND_DISABLE, 0};

const struct device_type device_2703 = {
    .name = "2703",
    .class = "LINE",
    .size = sizeof(struct line_adapter),
    .sense_id = {0xff, 0x27, 0x03, 0x00, 0x27, 0x03, 0x00},
    .sense_bytes = 1,
    .ops = &ops,
    .immediate = immediate,
    .create = create,
    .options = "lnode=NODE rnode=NODE [lport=[HOST:]PORT] [rhost=HOST] [rport=PORT] [ca=FILE] "
               "[cert=FILE key=FILE]",
};

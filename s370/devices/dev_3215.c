/* The console printer-keyboards 3215 and 1052, over a `struct line` at which the operator's
 * terminal, a telnet connection or a script sits.  Types 3215 and 1052 are for telnet: without a
 * connection they are not ready.  Types 3215-C and 1052-C are the operator's: always ready, what
 * they type goes to the backend, if there is any, and the tap.  Sources: GA24-3550 (3210 and 3215),
 * GA22-6877 (1052, which differs in nothing but that it has no SENSE ID), and the customs that
 * line.h states. */
#include "s370/devices/line.h"
#include "s370/devices/types.h"

#include "lib/ebcdic.h"
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/saved.h"

#include <stdio.h>
#include <string.h>

enum console_command {
    CONSOLE_WRITE = 0x01,
    CONSOLE_WRITE_RETURN = 0x09, /* with carrier return behind the text */
    CONSOLE_READ = 0x0a,
    CONSOLE_ALARM = 0x0b,
};

#define ENDED (UNIT_CHANNEL_END | UNIT_DEVICE_END)

#define LINE_MAX_LENGTH 255 /* characters of a line that are kept */
#define LINES_KEPT      32  /* finished lines that wait for a READ; more are refused */
#define BACKSPACE       0x16
#define WRITE_MOST      65536 /* bytes that are written in one step of the channel program */

struct kept_line {
    uint8_t length;
    uint8_t text[LINE_MAX_LENGTH]; /* EBCDIC */
};

struct line {
    struct device *device;
    const struct line_backend *backend; /* NULL: nobody is there */
    void *context;
    void (*tap)(void *context, const char *text, size_t length);
    void *tap_context;
    void (*watch)(void *context, const char *text, size_t length);
    void *watch_context;
    bool always_ready;  /* 3215-C */
    bool reading;       /* a READ waits for a line */
    bool attention_due; /* a kept line has not been announced yet */
    bool refused;       /* ... and the backend waits for room */
    bool masked;        /* the last write was a password mask */
    unsigned first, kept;
    struct kept_line lines[LINES_KEPT];
};

struct console {
    struct device device;
    struct line line;
};

static struct line *line_of(struct device *d)
{
    return &((struct console *)d)->line;
}

/* --- the device's side --- */

static uint8_t select_console(struct device *d, uint8_t command)
{
    const struct line *line = line_of(d);
    if (command == CCW_NOP || line->always_ready || line->backend)
        return 0;
    device_check(d, SENSE_INTERVENTION);
    return UNIT_CHECK;
}

static void emit(struct line *line, const char *text, size_t length)
{
    if (line->tap)
        line->tap(line->tap_context, text, length);
    if (line->backend)
        line->backend->write(line->context, text, length);
}

static int write_text(struct line *line, struct channel_program *cp, bool with_return)
{
    uint8_t bytes[256];
    char text[sizeof bytes];
    unsigned graphics = 0, backspaces = 0, total = 0, n;
    uint8_t last = 0;
    while ((n = channel_take_any(cp, bytes, sizeof bytes)) > 0) {
        total += n;
        for (unsigned i = 0; i < n; i++) {
            graphics += bytes[i] > 0x40;
            backspaces += bytes[i] == BACKSPACE;
        }
        last = bytes[n - 1];
        latin1_from_ebcdic(text, bytes, n);
        emit(line, text, n);
        if (channel_exhausted(cp))
            break;
        if (total >= WRITE_MOST)
            return COMMAND_GOES_ON;
    }
    line->masked = last == BACKSPACE && graphics == backspaces;
    if (with_return)
        emit(line, "\n", 1);
    return ENDED;
}

static int read_line(struct line *line, struct channel_program *cp)
{
    if (line->kept == 0) {
        line->reading = true;
        if (line->backend)
            line->backend->read_started(line->context, line->masked);
        return COMMAND_PENDING;
    }
    const struct kept_line *kept = &line->lines[line->first];
    channel_give(cp, kept->text, kept->length);
    line->first = (line->first + 1) % LINES_KEPT;
    line->kept--;
    line->attention_due = line->kept > 0;
    line->masked = false;
    return ENDED;
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct line *line = line_of(d);
    switch (command) {
    case CONSOLE_WRITE:
    case CONSOLE_WRITE_RETURN:
        return write_text(line, cp, command == CONSOLE_WRITE_RETURN);
    case CONSOLE_READ:
        return read_line(line, cp);
    case CONSOLE_ALARM:
        if (line->backend)
            line->backend->bell(line->context);
        return ENDED;
    default:
        return device_check(d, SENSE_COMMAND_REJECT);
    }
}

static void end_read(struct line *line)
{
    line->reading = false;
    line->masked = false;
    if (line->backend)
        line->backend->read_ended(line->context);
}

static void tell_room(struct line *line)
{
    bool refused = line->refused && line->kept < LINES_KEPT;
    line->refused = line->refused && !refused;
    if (refused && line->backend && line->backend->room)
        line->backend->room(line->context);
}

static void chain_end(struct device *d)
{
    struct line *line = line_of(d);
    tell_room(line);
    if (!line->attention_due)
        return;
    line->attention_due = false;
    device_status(d, UNIT_ATTENTION);
}

static void halt(struct device *d)
{
    struct line *line = line_of(d);
    if (line->reading)
        end_read(line);
}

static void reset(struct device *d)
{
    struct line *line = line_of(d);
    halt(d);
    line->kept = 0;
    line->attention_due = line->masked = false;
    tell_room(line);
    if (line->backend && !line->always_ready)
        device_status(d, UNIT_DEVICE_END); /* so the next program knows who is there */
}

static void destroy(struct device *d)
{
    struct line *line = line_of(d);
    const struct line_backend *backend = line->backend;
    line->backend = NULL;
    if (backend)
        backend->hang_up(line->context);
}

static void describe(struct device *d, char *text, size_t size)
{
    const struct line *line = line_of(d);
    snprintf(text, size, "%s", line->backend ? "connected" : "not connected");
}

static const char *create(struct device *d, int argc, char **argv)
{
    struct line *line = line_of(d);
    if (argc > 0 && strcmp(argv[0], "noprompt") != 0) {
        snprintf(d->message, sizeof d->message, "unknown option '%s' (there is: noprompt)",
                 argv[0]);
        return d->message;
    }
    line->device = d;
    line->always_ready = d->type == &device_3215_c || d->type == &device_1052_c;
    return NULL;
}

static void saved_lines(struct line *line, struct saved *s)
{
    line->kept = saved_limited(s, line->kept, LINES_KEPT, "the number of typed lines");
    if (s->reading)
        line->first = 0;
    for (unsigned i = 0; i < line->kept; i++) {
        struct kept_line *kept = &line->lines[(line->first + i) % LINES_KEPT];
        saved_u8(s, &kept->length);
        saved_bytes(s, kept->text, kept->length);
    }
}

/* Who sits at a restored console is another: the one before has hung up, as far as the program
 * can tell, and nobody or somebody else has come. */
static void saved_console(struct device *d, struct saved *s)
{
    struct line *line = line_of(d);
    const struct line_backend *backend = line->backend;
    bool connected = backend != NULL;
    saved_bool(s, &connected);
    saved_bool(s, &line->reading);
    saved_bool(s, &line->attention_due);
    saved_bool(s, &line->masked);
    saved_lines(line, s);
    if (!s->reading)
        return;
    if (line->reading != device_waits_for_command(d) || (line->reading && line->kept)) {
        saved_refuse(s, "the console %03X does not know whether it reads", d->address);
        line->reading = false;
    }
    if (connected && !backend && !line->always_ready) {
        static const struct line_backend gone;
        line->backend = &gone;
        line_disconnect(line);
    } else if (!connected && backend && !line->always_ready) {
        device_status(d, UNIT_DEVICE_END);
    } else if (line->reading && backend) {
        backend->read_started(line->context, line->masked);
    }
}

static const struct device_ops ops = {
    .select = select_console,
    .execute = execute,
    .chain_end = chain_end,
    .halt = halt,
    .reset = reset,
    .destroy = destroy,
    .describe = describe,
    .saved = saved_console,
};

static const uint8_t immediate[] = {CONSOLE_ALARM, 0};

#define CONSOLE_TYPE(symbol, type_name, ...)                                                       \
    const struct device_type symbol = {                                                            \
        .name = type_name,                                                                         \
        .class = "CON",                                                                            \
        .size = sizeof(struct console),                                                            \
        .sense_id = {__VA_ARGS__},                                                                 \
        .sense_bytes = 1,                                                                          \
        .ops = &ops,                                                                               \
        .immediate = immediate,                                                                    \
        .create = create,                                                                          \
        .options = "[noprompt]",                                                                   \
    }

CONSOLE_TYPE(device_3215, "3215", 0xff, 0x32, 0x15, 0x00, 0x32, 0x15, 0x00);
CONSOLE_TYPE(device_3215_c, "3215-C", 0xff, 0x32, 0x15, 0x00, 0x32, 0x15, 0x00);
CONSOLE_TYPE(device_1052, "1052", 0);
CONSOLE_TYPE(device_1052_c, "1052-C", 0);

/* --- the line's side --- */

bool line_connect(struct line *line, const struct line_backend *backend, void *context)
{
    if (line->backend)
        return false;
    line->backend = backend;
    line->context = context;
    if (!line->always_ready)
        device_status(line->device, UNIT_DEVICE_END);
    else if (line->reading)
        backend->read_started(context, line->masked);
    return true;
}

void line_disconnect(struct line *line)
{
    struct device *d = line->device;
    if (!line->backend)
        return;
    line->backend = NULL;
    line->refused = false;
    if (line->always_ready)
        return;
    line->kept = 0;
    line->attention_due = false;
    device_check(d, SENSE_INTERVENTION);
    if (line->reading) {
        line->reading = line->masked = false;
        channel_command_done(d, ENDED | UNIT_CHECK);
        return;
    }
    device_status(d, UNIT_ATTENTION | UNIT_CHECK);
}

bool line_is_connected(const struct line *line)
{
    return line->backend != NULL;
}

bool line_input(struct line *line, const char *text, size_t length)
{
    struct device *d = line->device;
    if (length > LINE_MAX_LENGTH)
        length = LINE_MAX_LENGTH;
    if (line->watch && (line->reading || line->kept < LINES_KEPT))
        line->watch(line->watch_context, text, length);
    if (line->reading) {
        uint8_t bytes[LINE_MAX_LENGTH];
        end_read(line);
        ebcdic_from_latin1(bytes, text, length);
        channel_give(d->active, bytes, (uint32_t)length);
        channel_command_done(d, ENDED);
        return true;
    }
    if (line->kept == LINES_KEPT) {
        line->refused = true;
        return false;
    }
    struct kept_line *kept = &line->lines[(line->first + line->kept) % LINES_KEPT];
    kept->length = (uint8_t)length;
    ebcdic_from_latin1(kept->text, text, length);
    if (line->kept++ == 0)
        device_status(d, UNIT_ATTENTION);
    return true;
}

void line_attention(struct line *line)
{
    struct device *d = line->device;
    if (line->reading) {
        end_read(line);
        channel_command_done(d, ENDED | UNIT_EXCEPTION);
        return;
    }
    device_status(d, UNIT_ATTENTION | UNIT_EXCEPTION);
}

struct line *line_of_device(struct machine *m, unsigned address)
{
    struct device *d = device_find(m, (uint16_t)address);
    return d && d->type->ops == &ops ? line_of(d) : NULL;
}

struct line *line_find_free(struct machine *m)
{
    for (struct device *d = device_next(m, NULL); d; d = device_next(m, d))
        if (d->type->ops == &ops && !line_of(d)->always_ready && !line_of(d)->backend)
            return line_of(d);
    return NULL;
}

void line_set_tap(struct line *line, void (*tap)(void *context, const char *text, size_t length),
                  void *context)
{
    line->tap = tap;
    line->tap_context = context;
}

void line_watch_input(struct line *line,
                      void (*watch)(void *context, const char *text, size_t length), void *context)
{
    line->watch = watch;
    line->watch_context = context;
}

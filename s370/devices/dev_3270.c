/* The local 3270 display station: a 3277 or 3278 at a 3272 or 3274 that is attached to a
 * channel, over a `struct display` at which a TN3270 client or a script sits.  The screen
 * and its keyboard are the terminal's; the device passes records and keeps the one that
 * waits to be read.  Source: GA23-0218 and GA23-0059, and the customs that display.h states.
 *
 * The terminal is at the end of a network: what it sends may have been on its way while the
 * program wrote.  So a record that was not read yet survives a write, though a real
 * terminal's attention would be forgotten when the write restores the keyboard. */
#include "s370/devices/display.h"
#include "s370/devices/display_stream.h"
#include "s370/devices/types.h"

#include "lib/str.h"
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/saved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum display_command {
    COMMAND_WRITE = 0x01,
    COMMAND_ERASE_WRITE = 0x05,
    COMMAND_ERASE_WRITE_ALTERNATE = 0x0d,
    COMMAND_ERASE_ALL_UNPROTECTED = 0x0f,
    COMMAND_WRITE_STRUCTURED = 0x11,
    COMMAND_READ_BUFFER = 0x02,
    COMMAND_READ_MODIFIED = 0x06,
    /* Immediate, without effect: the terminal has nothing to prepare. */
    COMMAND_SELECT_RM = 0x0b,
    COMMAND_SELECT_RB = 0x1b,
    COMMAND_SELECT_RMP = 0x2b,
    COMMAND_SELECT_RBP = 0x3b,
    COMMAND_SELECT_WRT = 0x4b,
};

#define ENDED (UNIT_CHANNEL_END | UNIT_DEVICE_END)

#define WCC_RESTORE   0x02
#define DEFAULT_CELLS (24u * 80)
#define GROUP_SIZE    9
#define HEAD          5 /* room before the data for command, WCC and an order SBA */

struct display {
    struct device *device;
    const struct display_backend *backend; /* NULL: nobody is there */
    void *context;
    struct {
        void (*see)(void *context, const uint8_t *record, size_t length);
        void *context; /* NULL: free */
    } taps[DISPLAY_TAPS];
    void (*watch)(void *context, const uint8_t *record, size_t length);
    void *watch_context;
    struct display_terminal terminal;
    bool ready; /* the backend can take records */
    char group[GROUP_SIZE];
    unsigned cells;       /* of the present size; 0: not known */
    int position;         /* buffer address in this chain, or POSITION_UNKNOWN */
    uint8_t reading;      /* the read command that waits for the terminal, or 0 */
    bool draining;        /* a write waits for a slow terminal */
    unsigned answers_due; /* of reads that were halted: ignored when they come */
    uint8_t aid;          /* of the last attention since the keyboard was restored */
    uint8_t *kept;        /* a record, DISPLAY_RECORD_MOST bytes when first needed */
    size_t kept_length;   /* 0: none */
    bool kept_was_read;
    uint8_t *outbound; /* HEAD + DISPLAY_RECORD_MOST bytes when first needed */
};

struct display_device {
    struct device device;
    struct display display;
};

static struct display *display_of(struct device *d)
{
    return &((struct display_device *)d)->display;
}

static uint8_t select_display(struct device *d, uint8_t command)
{
    if (command == CCW_NOP || display_of(d)->ready)
        return 0;
    device_check(d, SENSE_INTERVENTION);
    return UNIT_CHECK;
}

/* --- output --- */

static uint8_t *need(uint8_t **buffer, size_t size)
{
    if (!*buffer && !(*buffer = malloc(size)))
        abort();
    return *buffer;
}

static int emit(struct display *display, const uint8_t *record, size_t length)
{
    for (unsigned i = 0; i < DISPLAY_TAPS; i++)
        if (display->taps[i].context)
            display->taps[i].see(display->taps[i].context, record, length);
    if (display->kept_was_read) /* the screen is another now */
        display->kept_length = 0;
    if (display->backend->send(display->context, record, length))
        return ENDED;
    display->draining = true;
    return COMMAND_PENDING;
}

/* Takes the command's data to display->outbound + HEAD. */
static size_t take_data(struct display *display, struct channel_program *cp)
{
    uint8_t *data = need(&display->outbound, HEAD + DISPLAY_RECORD_MOST) + HEAD;
    size_t length = 0;
    while (length < DISPLAY_RECORD_MOST - HEAD && !channel_exhausted(cp)) {
        size_t room = DISPLAY_RECORD_MOST - HEAD - length;
        uint32_t n = channel_take_any(cp, data + length, room > 4096 ? 4096 : (uint32_t)room);
        if (n == 0)
            break;
        length += n;
    }
    return length;
}

static bool is_write(uint8_t command)
{
    return command == COMMAND_WRITE || command == COMMAND_ERASE_WRITE ||
           command == COMMAND_ERASE_WRITE_ALTERNATE;
}

static unsigned alternate_cells(const struct display *display)
{
    return display->terminal.rows * display->terminal.columns;
}

/* The three writes: WCC and orders.  A write that is chained to another goes on where that
 * one ended; the terminal has to be told. */
static int write_screen(struct display *display, struct channel_program *cp, uint8_t command,
                        uint8_t code)
{
    size_t length = take_data(display, cp);
    uint8_t *data = display->outbound + HEAD;
    if (channel_stopped(cp) || length == 0)
        return ENDED;
    unsigned cells = display->cells;
    int from = POSITION_UNKNOWN;
    if (command == COMMAND_ERASE_WRITE)
        cells = DEFAULT_CELLS;
    else if (command == COMMAND_ERASE_WRITE_ALTERNATE)
        cells = alternate_cells(display);
    else if (channel_is_chained(cp) && is_write(channel_previous_command(cp)))
        from = display->position;
    int position = command == COMMAND_WRITE ? from : 0;
    if (!display_walk(data + 1, length - 1, cells, &position))
        return device_check(display->device, SENSE_OPERATION_CHECK);
    display->cells = cells;
    display->position = position;
    if (data[0] & WCC_RESTORE)
        display->aid = AID_NONE;
    uint8_t *record = data - 1;
    if (from != POSITION_UNKNOWN) {
        record -= 3;
        record[1] = data[0];
        record[2] = 0x11; /* SBA */
        display_address_encode(record + 3, (unsigned)from, cells);
        length += 3;
    }
    record[0] = code;
    return emit(display, record, length + 1);
}

static int write_structured(struct display *display, struct channel_program *cp)
{
    if (!display->terminal.extended)
        return device_check(display->device, SENSE_COMMAND_REJECT);
    size_t length = take_data(display, cp);
    uint8_t *record = display->outbound + HEAD - 1;
    if (channel_stopped(cp))
        return ENDED;
    if (!display_fields_good(record + 1, length, display->cells))
        return device_check(display->device, SENSE_OPERATION_CHECK);
    display->position = POSITION_UNKNOWN;
    display->cells = 0; /* fields can change the size; the terminal knows */
    record[0] = DISPLAY_WRITE_STRUCTURED;
    return emit(display, record, length + 1);
}

static int erase_unprotected(struct display *display)
{
    uint8_t record = DISPLAY_ERASE_ALL_UNPROTECTED;
    display->position = POSITION_UNKNOWN;
    display->aid = AID_NONE;
    emit(display, &record, 1);
    display->draining = false; /* an immediate command has no time to wait */
    return ENDED;
}

/* --- input --- */

/* Where a read begins: at the buffer address that a command of the same chain has left. */
static unsigned read_from(const struct display *display, const struct channel_program *cp)
{
    if (!channel_is_chained(cp) || !is_write(channel_previous_command(cp)) ||
        display->position == POSITION_UNKNOWN)
        return 0;
    return (unsigned)display->position;
}

/* Gives a record to the read that is being executed. */
static void give_record(struct display *display, struct channel_program *cp, uint8_t command,
                        uint8_t *record, size_t length)
{
    unsigned from = read_from(display, cp);
    length = display_from_position(record, length, command == COMMAND_READ_BUFFER, from);
    channel_give(cp, record, (uint32_t)length);
}

static int read_screen(struct display *display, struct channel_program *cp, uint8_t command)
{
    if (command == COMMAND_READ_MODIFIED && display->kept_length) {
        display->kept_was_read = true;
        channel_give(cp, display->kept, (uint32_t)display->kept_length);
        return ENDED;
    }
    uint8_t record = command == COMMAND_READ_BUFFER ? DISPLAY_READ_BUFFER : DISPLAY_READ_MODIFIED;
    display->reading = command;
    display->backend->send(display->context, &record, 1);
    return COMMAND_PENDING;
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct display *display = display_of(d);
    if (!channel_is_chained(cp))
        display->position = POSITION_UNKNOWN;
    switch (command) {
    case COMMAND_WRITE:
        return write_screen(display, cp, command, DISPLAY_WRITE);
    case COMMAND_ERASE_WRITE:
        return write_screen(display, cp, command, DISPLAY_ERASE_WRITE);
    case COMMAND_ERASE_WRITE_ALTERNATE:
        return write_screen(display, cp, command, DISPLAY_ERASE_WRITE_ALTERNATE);
    case COMMAND_WRITE_STRUCTURED:
        return write_structured(display, cp);
    case COMMAND_ERASE_ALL_UNPROTECTED:
        return erase_unprotected(display);
    case COMMAND_READ_BUFFER:
    case COMMAND_READ_MODIFIED:
        return read_screen(display, cp, command);
    case COMMAND_SELECT_RM:
    case COMMAND_SELECT_RB:
    case COMMAND_SELECT_RMP:
    case COMMAND_SELECT_RBP:
    case COMMAND_SELECT_WRT:
        display->position = 0;
        return ENDED;
    default:
        return device_check(d, SENSE_COMMAND_REJECT);
    }
}

static void halt(struct device *d)
{
    struct display *display = display_of(d);
    if (display->reading)
        display->answers_due++;
    display->reading = 0;
    display->draining = false;
}

static void forget(struct display *display)
{
    display->kept_length = 0;
    display->kept_was_read = false;
    display->aid = AID_NONE;
    display->position = POSITION_UNKNOWN;
}

static void reset(struct device *d)
{
    struct display *display = display_of(d);
    halt(d);
    forget(display);
    if (display->ready)
        device_status(d, UNIT_DEVICE_END); /* so the next program knows who is there */
}

static void destroy(struct device *d)
{
    struct display *display = display_of(d);
    const struct display_backend *backend = display->backend;
    display->backend = NULL;
    display->ready = false;
    if (backend)
        backend->hang_up(display->context);
    free(display->kept);
    free(display->outbound);
}

static void describe(struct device *d, char *text, size_t size)
{
    const struct display *display = display_of(d);
    const struct display_terminal *t = &display->terminal;
    size_t n = 0;
    if (display->group[0])
        n = (size_t)snprintf(text, size, "group %s, ", display->group);
    if (!display->backend)
        snprintf(text + n, size - n, "not connected");
    else if (t->rows)
        snprintf(text + n, size - n, "connected, %u by %u", t->rows, t->columns);
    else
        snprintf(text + n, size - n, "connected");
}

static const char *create(struct device *d, int argc, char **argv)
{
    struct display *display = display_of(d);
    uint32_t number;
    if (argc > 1)
        return "a 3270 takes one argument: the name of its group";
    if (argc == 1 && (strlen(argv[0]) >= GROUP_SIZE || str_hex(argv[0], &number))) {
        snprintf(d->message, sizeof d->message,
                 "'%s' can't be a group's name: 1 to 8 characters that are no hexadecimal number",
                 argv[0]);
        return d->message;
    }
    str_copy(display->group, argc ? argv[0] : "", sizeof display->group);
    display->device = d;
    forget(display);
    return NULL;
}

/* The terminal has gone without a word; what is there now may connect again. */
static void lose_terminal(struct display *display)
{
    const struct display_backend *backend = display->backend;
    display->backend = NULL;
    display->ready = false;
    if (backend)
        backend->hang_up(display->context);
}

/* What a terminal shows is in the terminal, so no restored display has one: the program is told
 * that it was lost. */
static void saved_display(struct device *d, struct saved *s)
{
    struct display *display = display_of(d);
    bool ready = display->ready;
    uint32_t position = (uint32_t)display->position;
    if (!s->reading && (display->reading || display->draining))
        saved_wait(s, "the terminal at %03X has to answer", d->address);
    if (s->reading)
        lose_terminal(display);
    saved_bool(s, &ready);
    display->cells = saved_limited(s, display->cells, 1u << 14, "the size of a screen");
    saved_u32(s, &position);
    saved_u8(s, &display->aid);
    if (!s->reading)
        return;
    forget(display);
    display->answers_due = 0;
    if (device_waits_for_command(d))
        saved_refuse(s, "the display %03X waits for a terminal that is gone", d->address);
    if (!ready)
        return;
    device_check(d, SENSE_INTERVENTION);
    device_status(d, UNIT_ATTENTION | UNIT_CHECK);
}

static const struct device_ops ops = {
    .select = select_display,
    .execute = execute,
    .halt = halt,
    .reset = reset,
    .destroy = destroy,
    .describe = describe,
    .saved = saved_display,
};

static const uint8_t immediate[] = {COMMAND_ERASE_ALL_UNPROTECTED,
                                    COMMAND_SELECT_RM,
                                    COMMAND_SELECT_RB,
                                    COMMAND_SELECT_RMP,
                                    COMMAND_SELECT_RBP,
                                    COMMAND_SELECT_WRT,
                                    0};

const struct device_type device_3270 = {
    .name = "3270",
    .class = "DSP",
    .size = sizeof(struct display_device),
    .sense_id = {0xff, 0x32, 0x74, 0x1d, 0x32, 0x78, 0x02},
    .sense_bytes = 1,
    .ops = &ops,
    .immediate = immediate,
    .create = create,
    .options = "[GROUP]",
};

/* --- the display's side --- */

bool display_connect(struct display *display, const struct display_terminal *terminal,
                     const struct display_backend *backend, void *context)
{
    if (display->backend)
        return false;
    display->backend = backend;
    display->context = context;
    display->terminal = *terminal;
    display->cells = DEFAULT_CELLS;
    display->answers_due = 0;
    forget(display);
    return true;
}

void display_ready(struct display *display)
{
    if (!display->backend || display->ready)
        return;
    display->ready = true;
    device_status(display->device, UNIT_DEVICE_END);
}

void display_disconnect(struct display *display)
{
    struct device *d = display->device;
    if (!display->backend)
        return;
    display->backend = NULL;
    forget(display);
    if (!display->ready)
        return;
    display->ready = false;
    device_check(d, SENSE_INTERVENTION);
    if (display->reading || display->draining) {
        display->reading = 0;
        display->draining = false;
        channel_command_done(d, ENDED | UNIT_CHECK);
        return;
    }
    device_status(d, UNIT_ATTENTION | UNIT_CHECK);
}

bool display_is_connected(const struct display *display)
{
    return display->backend != NULL;
}

const struct display_terminal *display_terminal_of(const struct display *display)
{
    return &display->terminal;
}

/* Is this the answer to READ BUFFER, or a key that was pressed before the terminal had the
 * command?  The answer has the identifier of the last key, or of none. */
static bool answers(const struct display *display, uint8_t aid)
{
    if (display->reading == COMMAND_READ_MODIFIED)
        return true;
    return display->reading && (aid == AID_NONE || aid == AID_STRUCTURED || aid == display->aid);
}

void display_input(struct display *display, const uint8_t *record, size_t length)
{
    struct device *d = display->device;
    if (!display->ready || length == 0 || length > DISPLAY_RECORD_MOST)
        return;
    if (display->answers_due && (record[0] == AID_NONE || record[0] == display->aid)) {
        display->answers_due--;
        return;
    }
    bool unasked = !answers(display, record[0]);
    if (unasked && record[0] == AID_NONE)
        return; /* nobody pressed a key */
    if (display->watch && unasked)
        display->watch(display->watch_context, record, length);
    need(&display->kept, DISPLAY_RECORD_MOST);
    if (!unasked) {
        uint8_t command = display->reading;
        uint8_t *answer = malloc(length);
        if (!answer)
            abort();
        memcpy(answer, record, length);
        display->reading = 0;
        give_record(display, d->active, command, answer, length);
        free(answer);
        channel_command_done(d, ENDED);
        return;
    }
    memcpy(display->kept, record, length);
    display->kept_length = length;
    display->kept_was_read = false;
    if (record[0] != AID_STRUCTURED)
        display->aid = record[0];
    device_status(d, UNIT_ATTENTION);
}

void display_error(struct display *display, uint8_t sense)
{
    if (!display->ready)
        return;
    device_check(display->device, sense);
    device_status(display->device, UNIT_ATTENTION | UNIT_CHECK);
}

void display_drained(struct display *display)
{
    if (!display->draining)
        return;
    display->draining = false;
    channel_command_done(display->device, ENDED);
}

struct display *display_of_device(struct machine *m, unsigned address)
{
    struct device *d = device_find(m, (uint16_t)address);
    return d && d->type == &device_3270 ? display_of(d) : NULL;
}

bool display_any(struct machine *m)
{
    for (struct device *d = device_next(m, NULL); d; d = device_next(m, d))
        if (d->type == &device_3270)
            return true;
    return false;
}

enum display_found display_find(struct machine *m, const char *name, struct display **found)
{
    uint32_t address;
    bool numbered = name && name[0] && str_hex(name, &address);
    enum display_found result = DISPLAY_UNKNOWN;
    for (struct device *d = device_next(m, NULL); d; d = device_next(m, d)) {
        if (d->type != &device_3270)
            continue;
        struct display *display = display_of(d);
        if (numbered ? d->address != address : strcasecmp(display->group, name ? name : "") != 0)
            continue;
        if (!display->backend) {
            *found = display;
            return DISPLAY_FOUND;
        }
        result = DISPLAY_IN_USE;
    }
    return result;
}

uint16_t display_address(const struct display *display)
{
    return display->device->address;
}

void display_watch_input(struct display *display,
                         void (*watch)(void *context, const uint8_t *record, size_t length),
                         void *context)
{
    display->watch = watch;
    display->watch_context = context;
}

bool display_tap(struct display *display,
                 void (*tap)(void *context, const uint8_t *record, size_t length), void *context)
{
    unsigned i = 0;
    display_untap(display, context);
    while (i < DISPLAY_TAPS && display->taps[i].context)
        i++;
    if (i == DISPLAY_TAPS)
        return false;
    display->taps[i].see = tap;
    display->taps[i].context = context;
    return true;
}

void display_untap(struct display *display, const void *context)
{
    for (unsigned i = 0; i < DISPLAY_TAPS; i++)
        if (display->taps[i].context == context)
            display->taps[i].context = NULL;
}

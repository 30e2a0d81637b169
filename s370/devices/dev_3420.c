/* Magnetic tape units: 3420 on the control unit 3803, 3410 and 3411, and the older 2401, 2415
 * and 2420, which differ in sense bytes and SENSE ID.  Nine tracks.
 * Sources: GA32-0020 (3803), GA32-0021 (3420), GA32-0022 (3410), GA22-6866 (2400).
 *
 * REWIND and REWIND UNLOAD give channel end, and device end later.  Under timed I/O all motion
 * takes the time that the tape needs; else it ends at once, and rewinding lasts a millisecond.  The
 * end-of-tape marker is where the file reaches the option `maxsize`.
 *
 * An automatic loader has a magazine (@FILE, s370/media/tape_magazine.h): when a tape has been
 * unloaded the next one is mounted, with device end. */
#include "s370/devices/types.h"

#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/machine.h"
#include "s370/media/tape_image.h"
#include "s370/media/tape_magazine.h"
#include "s370/saved.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENDED     (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define REWIND_NS UINT64_C(1000000)

/* Behind the marker there is tape for this much (bytes); then it runs off the reel. */
#define TRAILER (UINT64_C(1) << 20)

enum sense1 {
    SENSE1_READY = 0x40,     /* tape unit status A */
    SENSE1_NOT_READY = 0x20, /* tape unit status B */
    SENSE1_LOAD_POINT = 0x08,
    SENSE1_WRITING = 0x04, /* write status */
    SENSE1_PROTECTED = 0x02,
};

#define SENSE_WORD_COUNT_ZERO 0x02 /* byte 0: a write without a byte */
#define SENSE2_NO_TRACK       0x03 /* no track in error is known */
#define SENSE3_READ_CHECK     0xc0
#define SENSE3_WRITE_CHECK    0x60
#define SENSE3_1600           0x04 /* the density that is set */
#define SENSE3_BACKWARD       0x02
#define SENSE4_TAPE_INDICATE  0x20 /* the end-of-tape marker was passed */
#define SENSE6_WRITE_CURRENT  0x40
#define SENSE6_DUAL_DENSITY   0x20
#define SENSE6_NOT_1600       0x10
#define SENSE7_BOTTOM         0x60 /* tape bottom left, right: off the reel */

/* How fast a model's tape runs, and what it takes to start: GA32-0021, GA32-0022, GA22-6866. */
struct tape_speed {
    const struct device_type *type;
    uint16_t inches, rewind_inches; /* per second */
    uint16_t start_us;
    uint16_t density[2]; /* bytes per inch: usually, and with not_1600 */
    uint16_t gap;        /* between blocks, thousandths of an inch */
};

static const struct tape_speed speeds[] = {
    {&device_2401, 75, 400, 4000, {800, 1600}, 600},
    {&device_2415, 19, 144, 16000, {1600, 800}, 600},
    {&device_2420, 200, 500, 2000, {1600, 800}, 600},
    {&device_3410, 25, 160, 12000, {1600, 800}, 600},
    {&device_3420, 200, 640, 1100, {1600, 6250}, 600},
};

struct tape_unit {
    struct device device;
    const struct tape_speed *speed;
    struct tape_image *tape; /* NULL: none is mounted */
    uint64_t marker;         /* offset of the end-of-tape marker, 0 = none */
    bool writing;            /* the last motion was a write */
    bool backward;           /* ... or backward */
    bool not_1600;           /* the density is another one */
    bool unloading;          /* the rewinding is that of REWIND UNLOAD */
    struct event rewound;
    struct tape_magazine *magazine; /* or NULL */
    struct event loaded;            /* the next tape of the magazine is mounted */
};

struct tape_command {
    uint8_t code;
    bool writes;
    int (*execute)(struct tape_unit *u, struct channel_program *cp, const struct tape_command *c);
    bool backward;
};

/* --- sense --- */

static bool past_marker(const struct tape_unit *u)
{
    return u->tape && u->marker && tape_image_offset(u->tape) >= u->marker;
}

/* The bytes that tell the state of the unit. */
static void sense_state(struct tape_unit *u)
{
    uint8_t *sense = u->device.sense;
    sense[1] = u->tape ? SENSE1_READY : SENSE1_NOT_READY;
    if (!u->tape || !tape_image_writable(u->tape))
        sense[1] |= SENSE1_PROTECTED;
    if (u->tape && tape_image_at_load_point(u->tape))
        sense[1] |= SENSE1_LOAD_POINT;
    if (u->tape && u->writing)
        sense[1] |= SENSE1_WRITING;
    sense[2] = SENSE2_NO_TRACK;
    sense[3] |= (u->not_1600 ? 0 : SENSE3_1600) | (u->backward ? SENSE3_BACKWARD : 0);
    if (u->device.type == &device_3420)
        sense[6] = SENSE6_DUAL_DENSITY | (u->not_1600 ? SENSE6_NOT_1600 : 0) |
                   (u->tape && u->writing ? SENSE6_WRITE_CURRENT : 0);
    if (past_marker(u))
        sense[4] |= SENSE4_TAPE_INDICATE;
}

static int check(struct tape_unit *u, uint8_t sense0)
{
    return device_check(&u->device, sense0); /* execute() adds the rest */
}

/* The host has failed. */
static int failed(struct tape_unit *u, const char *what)
{
    machine_message(u->device.machine, "%04X: %s: cannot %s: %s", u->device.address,
                    tape_image_path(u->tape), what, strerror(errno));
    return check(u, SENSE_EQUIPMENT);
}

/* --- timed I/O --- */

/* So many bytes pass the head, at that many inches per second. */
static uint64_t pass_ns(const struct tape_unit *u, uint64_t bytes, unsigned inches)
{
    return bytes * UINT64_C(1000000000) / ((uint64_t)u->speed->density[u->not_1600] * inches);
}

static uint64_t gaps_ns(const struct tape_unit *u, uint64_t count, unsigned inches)
{
    return count * u->speed->gap * UINT64_C(1000000) / inches;
}

/* The tape has moved over `blocks` blocks from where it was: the time that takes. */
static uint64_t motion_ns(const struct tape_unit *u, uint64_t from, uint64_t blocks)
{
    uint64_t to = tape_image_offset(u->tape), bytes = to > from ? to - from : from - to;
    return u->speed->start_us * UINT64_C(1000) + pass_ns(u, bytes, u->speed->inches) +
           gaps_ns(u, blocks, u->speed->inches);
}

/* --- commands --- */

/* The status for what reading or spacing has met. */
static int met(struct tape_unit *u, enum tape_result result)
{
    int status;
    switch (result) {
    case TAPE_MARK:
        return ENDED | UNIT_EXCEPTION;
    case TAPE_LOAD_POINT:
        return check(u, 0);
    case TAPE_END:
        status = check(u, SENSE_EQUIPMENT);
        u->device.sense[7] = SENSE7_BOTTOM;
        return status;
    case TAPE_DAMAGED:
        status = check(u, SENSE_DATA_CHECK);
        u->device.sense[3] = SENSE3_READ_CHECK;
        return status;
    case TAPE_FAILED:
        return failed(u, "read the tape");
    default:
        return ENDED;
    }
}

/* Reading backward, the last byte of the block comes first. */
static int give_reversed(struct tape_unit *u, struct channel_program *cp, const uint8_t *bytes,
                         uint32_t length)
{
    uint8_t *reversed = malloc(length);
    if (!reversed)
        return failed(u, "read backward");
    for (uint32_t i = 0; i < length; i++)
        reversed[i] = bytes[length - 1 - i];
    channel_give(cp, reversed, length);
    free(reversed);
    return ENDED;
}

static int read_block(struct tape_unit *u, struct channel_program *cp, const struct tape_command *c)
{
    const uint8_t *bytes;
    uint32_t length;
    enum tape_result result = tape_image_read(u->tape, c->backward, &bytes, &length);
    if (result != TAPE_BLOCK)
        return met(u, result);
    if (c->backward)
        return give_reversed(u, cp, bytes, length);
    channel_give(cp, bytes, length);
    return ENDED;
}

static int space_block(struct tape_unit *u, struct channel_program *cp,
                       const struct tape_command *c)
{
    (void)cp;
    enum tape_result result = tape_image_space(u->tape, c->backward);
    return result == TAPE_DAMAGED ? ENDED : met(u, result); /* spacing checks no data */
}

static int space_file(struct tape_unit *u, struct channel_program *cp, const struct tape_command *c)
{
    enum tape_result result;
    (void)cp;
    do
        result = tape_image_space(u->tape, c->backward);
    while (result == TAPE_BLOCK || result == TAPE_DAMAGED);
    return result == TAPE_MARK ? ENDED : met(u, result);
}

/* The status of a command that has written. */
static int written(struct tape_unit *u, bool ok)
{
    if (!ok)
        return failed(u, "write the tape");
    return past_marker(u) ? ENDED | UNIT_EXCEPTION : ENDED;
}

static int write_block(struct tape_unit *u, struct channel_program *cp,
                       const struct tape_command *c)
{
    (void)c;
    uint8_t *block = malloc(TAPE_BLOCK_MAX);
    if (!block)
        return failed(u, "write the tape");
    int status = ENDED;
    uint32_t length = channel_take_any(cp, block, TAPE_BLOCK_MAX);
    if (length == TAPE_BLOCK_MAX && !channel_exhausted(cp)) {
        status = check(u, SENSE_DATA_CHECK);
        u->device.sense[3] = SENSE3_WRITE_CHECK;
    } else if (length == 0) {
        status = check(u, SENSE_WORD_COUNT_ZERO);
    } else if (!channel_stopped(cp)) {
        status = written(u, tape_image_write(u->tape, block, length) == TAPE_BLOCK);
    }
    free(block);
    return status;
}

static int write_mark(struct tape_unit *u, struct channel_program *cp, const struct tape_command *c)
{
    (void)cp, (void)c;
    return written(u, tape_image_write_mark(u->tape) == TAPE_MARK);
}

/* ERASE GAP, DATA SECURITY ERASE: what was behind is gone, here and on a real tape.  The latter
 * ends at the marker. */
static int erase(struct tape_unit *u, struct channel_program *cp, const struct tape_command *c)
{
    (void)cp;
    int status = written(u, tape_image_erase(u->tape));
    return c->code == 0x97 ? status & ~UNIT_EXCEPTION : status;
}

/* LOOP WRITE TO READ: data go through the control unit and not to the tape. REQUEST TRACK IN ERROR:
 * a byte of sense that comes back for the correction. */
static int take_data(struct tape_unit *u, struct channel_program *cp, const struct tape_command *c)
{
    uint8_t bytes[256];
    (void)u;
    if (c->code == 0x1b) {
        channel_take_any(cp, bytes, 1);
        return ENDED;
    }
    for (unsigned n = 0; n < 256 && !channel_exhausted(cp); n++)
        channel_take_any(cp, bytes, sizeof bytes);
    return channel_exhausted(cp) ? ENDED : COMMAND_GOES_ON;
}

static int rewind_tape(struct tape_unit *u, struct channel_program *cp,
                       const struct tape_command *c)
{
    struct machine *m = u->device.machine;
    (void)cp;
    u->unloading = c->code == 0x0f;
    if (tape_image_at_load_point(u->tape) && !u->unloading)
        return ENDED;
    uint64_t ns = REWIND_NS;
    if (m->timed_io)
        ns += pass_ns(u, tape_image_offset(u->tape), u->speed->rewind_inches) +
              gaps_ns(u, tape_image_position(u->tape), u->speed->rewind_inches);
    tape_image_rewind(u->tape);
    event_schedule(&m->events, &u->rewound, machine_now(m) + ns);
    return UNIT_CHANNEL_END;
}

/* Mode sets of density, which count at the load point, and of seven tracks, which nine tracks
 * ignore; diagnostic modes. */
static int set_mode(struct tape_unit *u, struct channel_program *cp, const struct tape_command *c)
{
    (void)cp;
    if (tape_image_at_load_point(u->tape) && (c->code & 0xc7) == 0xc3)
        u->not_1600 = c->code != 0xc3;
    return ENDED;
}

#define MODE(code)                                                                                 \
    {                                                                                              \
        code, false, set_mode, false                                                               \
    }

static const struct tape_command commands[] = {
    {0x01, true, write_block, false},
    {0x02, false, read_block, false},
    {0x0c, false, read_block, true},
    {0x07, false, rewind_tape, false},
    {0x0f, false, rewind_tape, false},
    {0x17, true, erase, false},
    {0x97, true, erase, false},
    {0x1f, true, write_mark, false},
    {0x27, false, space_block, true},
    {0x37, false, space_block, false},
    {0x2f, false, space_file, true},
    {0x3f, false, space_file, false},
    MODE(0xc3), /* 1600 bytes per inch */
    MODE(0xcb), /* 800 */
    MODE(0xd3), /* 6250 */
    MODE(0x13),
    MODE(0x23),
    MODE(0x2b),
    MODE(0x33),
    MODE(0x3b), /* 7 tracks, 200 */
    MODE(0x53),
    MODE(0x63),
    MODE(0x6b),
    MODE(0x73),
    MODE(0x7b), /* 556 */
    MODE(0x93),
    MODE(0xa3),
    MODE(0xab),
    MODE(0xb3),
    MODE(0xbb), /* 800 */
    MODE(0x0b), /* diagnostic mode set */
    MODE(0x4b), /* set diagnose */
    MODE(0xeb), /* DOS issues it; it has no meaning */
    {0x1b, false, take_data, false},
    {0x8b, false, take_data, false},
};

/* All control commands; DATA SECURITY ERASE too, since its end is at once. */
static const uint8_t immediate[] = {
    0x07, 0x0f, 0x17, 0x97, 0x1f, 0x27, 0x37, 0x2f, 0x3f, 0xc3, 0xcb, 0xd3, 0x13, 0x23, 0x2b, 0x33,
    0x3b, 0x53, 0x63, 0x6b, 0x73, 0x7b, 0x93, 0xa3, 0xab, 0xb3, 0xbb, 0x0b, 0x4b, 0xeb, 0};

static int execute_command(struct tape_unit *u, struct channel_program *cp, uint8_t code)
{
    const struct tape_command *c = commands;
    const struct tape_command *end = commands + sizeof commands / sizeof *commands;
    while (c < end && c->code != code)
        c++;
    if (c == end)
        return check(u, SENSE_COMMAND_REJECT);
    if (c->writes && !tape_image_writable(u->tape))
        return check(u, SENSE_COMMAND_REJECT);
    if (c->writes && u->marker && tape_image_offset(u->tape) >= u->marker + TRAILER)
        return met(u, TAPE_END);
    if (c->execute != set_mode && c->execute != take_data) {
        u->writing = c->writes;
        u->backward = c->backward;
    }
    uint64_t from = tape_image_offset(u->tape);
    uint32_t before = tape_image_position(u->tape);
    int status = c->execute(u, cp, c);
    uint32_t after = u->tape ? tape_image_position(u->tape) : before;
    if (after == before || c->execute == rewind_tape)
        return status;
    uint64_t ns = motion_ns(u, from, after > before ? after - before : before - after);
    if (CCW_IS_CONTROL(code))
        channel_moves(cp, ns); /* channel end is at once */
    else
        channel_takes(cp, ns);
    return status;
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct tape_unit *u = (struct tape_unit *)d;
    int status = execute_command(u, cp, command);
    sense_state(u);
    return status;
}

static uint8_t select_unit(struct device *d, uint8_t command)
{
    struct tape_unit *u = (struct tape_unit *)d;
    if (u->rewound.scheduled)
        return UNIT_BUSY;
    if (u->tape || command == CCW_NOP)
        return 0;
    check(u, SENSE_INTERVENTION);
    sense_state(u);
    return UNIT_CHECK;
}

/* --- the reel --- */

static void unload(struct tape_unit *u)
{
    tape_image_close(u->tape);
    u->tape = NULL;
    u->writing = u->backward = u->unloading = false;
}

/* How long the loader takes. */
#define LOAD_NS UINT64_C(2000000)

static void rewound(struct machine *m, struct event *event)
{
    struct tape_unit *u =
        (struct tape_unit *)(void *)((char *)event - offsetof(struct tape_unit, rewound));
    struct device *d = &u->device;
    uint8_t status = UNIT_DEVICE_END;
    if (u->unloading) {
        unload(u);
        check(u, SENSE_INTERVENTION);
        status |= UNIT_CHECK;
        if (d->type == &device_3420)
            status |= UNIT_CONTROL_UNIT_END;
        if (u->magazine)
            event_schedule(&m->events, &u->loaded, machine_now(m) + LOAD_NS);
    }
    sense_state(u);
    device_status(d, status);
}

/* The arguments behind the file; NULL, or what is wrong. */
static const char *options(struct device *d, int argc, char **argv, unsigned *flags, uint64_t *max)
{
    for (int i = 1; i < argc; i++) {
        char *end = NULL;
        if (!strcmp(argv[i], "ro")) {
            *flags |= TAPE_READ_ONLY;
        } else if (!strcmp(argv[i], "het")) {
            *flags |= TAPE_COMPRESS;
        } else if (!strncmp(argv[i], "maxsize=", 8)) {
            unsigned long n = strtoul(argv[i] + 8, &end, 10);
            if (end == argv[i] + 8 || *end || argv[i][8] == '-' || n == 0 || n > 1000000) {
                snprintf(d->message, sizeof d->message, "'%s': maxsize is 1 to 1000000 MiB",
                         argv[i]);
                return d->message;
            }
            *max = (uint64_t)n << 20;
        } else {
            snprintf(d->message, sizeof d->message, "unknown option '%s' (there are: %s)", argv[i],
                     d->type->options);
            return d->message;
        }
    }
    return NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && !strcmp(text + n - m, end);
}

/* Puts the tape on that is named first; the one that was there has been unloaded. */
static const char *put_on(struct device *d, int argc, char **argv)
{
    struct tape_unit *u = (struct tape_unit *)d;
    unsigned flags = 0;
    uint64_t max = 0;
    const char *wrong = options(d, argc, argv, &flags, &max);
    if (wrong)
        return wrong;
    if (ends_with(argv[0], ".het"))
        flags |= TAPE_COMPRESS;
    u->tape = tape_image_open(argv[0], flags, d->message, sizeof d->message);
    if (!u->tape)
        return d->message;
    if (*d->message)
        machine_message(d->machine, "%04X: %s", d->address, d->message);
    if (!(flags & TAPE_READ_ONLY) && !tape_image_writable(u->tape))
        machine_message(d->machine, "%04X: %s may not be written: it is mounted ro", d->address,
                        argv[0]);
    u->marker = max;
    sense_state(u);
    return NULL;
}

/* Puts the next tape of the magazine on that can be.  False: there is none. */
static bool load_next(struct tape_unit *u)
{
    char *words[MAGAZINE_WORDS];
    int count;
    while ((count = tape_magazine_next(u->magazine, words)) > 0) {
        const char *wrong = put_on(&u->device, count, words);
        if (!wrong)
            return true;
        machine_message(u->device.machine, "%04X: %s", u->device.address, wrong);
    }
    machine_message(u->device.machine, "%04X: the magazine %s is empty", u->device.address,
                    tape_magazine_path(u->magazine));
    return false;
}

static void loaded(struct machine *m, struct event *event)
{
    struct tape_unit *u =
        (struct tape_unit *)(void *)((char *)event - offsetof(struct tape_unit, loaded));
    (void)m;
    if (load_next(u))
        device_status(&u->device, UNIT_DEVICE_END);
}

/* Puts the tape on that is named, or the first of the magazine; the one that was there is unloaded
 * first (it may be the same).  Nothing is changed if an option is wrong. */
static const char *load(struct device *d, int argc, char **argv)
{
    struct tape_unit *u = (struct tape_unit *)d;
    bool named = argc > 0 && *argv[0] && strcmp(argv[0], "*") != 0;
    struct tape_magazine *magazine = NULL;
    unsigned flags = 0;
    uint64_t max = 0;
    const char *wrong = options(d, argc, argv, &flags, &max);
    if (!wrong && named && argv[0][0] == '@') {
        magazine = tape_magazine_open(argv[0] + 1, d->message, sizeof d->message);
        if (!magazine)
            wrong = d->message;
        else if (argc > 1)
            wrong = "a magazine's tapes have their options in its file";
    }
    if (wrong) {
        tape_magazine_close(magazine);
        return wrong;
    }
    event_cancel(&d->machine->events, &u->rewound);
    event_cancel(&d->machine->events, &u->loaded);
    unload(u);
    tape_magazine_close(u->magazine);
    u->magazine = magazine;
    if (magazine)
        return load_next(u) ? NULL : "no tape of the magazine can be mounted";
    return named ? put_on(d, argc, argv) : NULL;
}

static const char *create(struct device *d, int argc, char **argv)
{
    struct tape_unit *u = (struct tape_unit *)d;
    u->speed = speeds;
    while (u->speed->type != d->type)
        u->speed++;
    u->rewound.happen = rewound;
    u->loaded.happen = loaded;
    const char *wrong = load(d, argc, argv);
    if (wrong)
        tape_magazine_close(u->magazine);
    return wrong;
}

static const char *mount(struct device *d, int argc, char **argv)
{
    struct tape_unit *u = (struct tape_unit *)d;
    bool rewinding = u->rewound.scheduled;
    const char *wrong = load(d, argc, argv);
    if (u->tape)
        device_status(d, UNIT_DEVICE_END);
    else if (rewinding && !u->rewound.scheduled)
        device_status(d, UNIT_DEVICE_END | UNIT_CHECK); /* whoever waits is not left waiting */
    return wrong;
}

/* A rewind goes on to its end, but nobody is told. */
static void reset(struct device *d)
{
    struct tape_unit *u = (struct tape_unit *)d;
    bool unloading = u->unloading;
    event_cancel(&d->machine->events, &u->rewound);
    if (unloading)
        unload(u);
    if (unloading && u->magazine)
        event_schedule(&d->machine->events, &u->loaded, machine_now(d->machine) + LOAD_NS);
    u->writing = u->backward = false;
    sense_state(u);
}

static void destroy(struct device *d)
{
    struct tape_unit *u = (struct tape_unit *)d;
    event_cancel(&d->machine->events, &u->rewound);
    event_cancel(&d->machine->events, &u->loaded);
    unload(u);
    tape_magazine_close(u->magazine);
}

static void describe(struct device *d, char *text, size_t size)
{
    const struct tape_unit *u = (struct tape_unit *)d;
    int n = 0;
    if (u->magazine)
        n = snprintf(text, size, "@%s %u left ", tape_magazine_path(u->magazine),
                     tape_magazine_left(u->magazine));
    if (n < 0 || (size_t)n >= size)
        return;
    text += n;
    size -= (size_t)n;
    if (u->tape)
        snprintf(text, size, "%s%s block %u file %u", tape_image_path(u->tape),
                 tape_image_writable(u->tape) ? "" : " ro", tape_image_position(u->tape),
                 tape_image_file(u->tape) + 1);
    else
        snprintf(text, size, "*");
}

/* --- saved states --- */

/* Of a magazine: how many tapes were left, and which one was taken last; that is put on again. */
static void saved_magazine(struct tape_unit *u, struct saved *s)
{
    struct device *d = &u->device;
    uint32_t left = tape_magazine_left(u->magazine);
    bool mounted = u->tape != NULL;
    saved_u32(s, &left);
    saved_bool(s, &mounted);
    if (!s->reading)
        return;
    char path[4096], *words[MAGAZINE_WORDS];
    uint8_t sense[SENSE_MAX];
    int count = 0;
    memcpy(sense, d->sense, sizeof sense); /* mounting sets it */
    snprintf(path, sizeof path, "%s", tape_magazine_path(u->magazine));
    unload(u);
    struct tape_magazine *again = tape_magazine_open(path, d->message, sizeof d->message);
    if (!again) {
        saved_refuse(s, "%s", d->message);
        return;
    }
    tape_magazine_close(u->magazine);
    u->magazine = again;
    while (tape_magazine_left(again) > left)
        count = tape_magazine_next(again, words);
    const char *wrong = NULL;
    if (tape_magazine_left(again) != left || (mounted && !count))
        wrong = "it has fewer tapes now";
    else if (mounted)
        wrong = put_on(d, count, words);
    memcpy(d->sense, sense, sizeof sense);
    if (wrong)
        saved_refuse(s, "the magazine %s on %03X: %s", path, d->address, wrong);
}

static void saved_unit(struct device *d, struct saved *s)
{
    struct tape_unit *u = (struct tape_unit *)d;
    if (s->reading) { /* the reset may have made the loader go */
        event_cancel(&d->machine->events, &u->rewound);
        event_cancel(&d->machine->events, &u->loaded);
    }
    if (u->magazine)
        saved_magazine(u, s);
    uint32_t position = u->tape ? tape_image_position(u->tape) : 0;
    uint32_t checksum = u->magazine && u->tape ? tape_image_checksum(u->tape) : 0, now = checksum;
    saved_u32(s, &checksum);
    saved_u32(s, &position);
    saved_bool(s, &u->writing);
    saved_bool(s, &u->backward);
    saved_bool(s, &u->not_1600);
    saved_bool(s, &u->unloading);
    saved_event(s, d->machine, &u->rewound);
    saved_event(s, d->machine, &u->loaded);
    if (checksum != now)
        saved_refuse(s, "the tape on %03X has changed since", d->address);
    if (s->reading && (u->tape ? !tape_image_seek(u->tape, position) : position != 0))
        saved_refuse(s, "the tape on %03X has no block %u", d->address, position);
}

/* The tape; of a magazine its name alone, since another of its tapes may be on when it is
 * restored. */
static const char *medium(struct device *d, uint32_t *checksum)
{
    const struct tape_unit *u = (struct tape_unit *)d;
    *checksum = 0;
    if (u->magazine)
        return tape_magazine_path(u->magazine);
    if (!u->tape)
        return NULL;
    *checksum = tape_image_checksum(u->tape);
    return tape_image_path(u->tape);
}

static const struct device_ops ops = {
    .select = select_unit,
    .execute = execute,
    .reset = reset,
    .destroy = destroy,
    .describe = describe,
    .mount = mount,
    .saved = saved_unit,
    .medium = medium,
};

/* SENSE ID is not known to the 2400 series: a first byte of 0. */
#define TAPE_TYPE(symbol, type_name, bytes, ...)                                                   \
    const struct device_type symbol = {                                                            \
        .name = type_name,                                                                         \
        .class = "TAPE",                                                                           \
        .size = sizeof(struct tape_unit),                                                          \
        .sense_id = {__VA_ARGS__},                                                                 \
        .sense_bytes = bytes,                                                                      \
        .ops = &ops,                                                                               \
        .immediate = immediate,                                                                    \
        .create = create,                                                                          \
        .options = "[FILE | @MAGAZINE] [ro] [het] [maxsize=MiB]",                                  \
    }

TAPE_TYPE(device_2401, "2401", 6, 0);
TAPE_TYPE(device_2415, "2415", 6, 0);
TAPE_TYPE(device_2420, "2420", 6, 0);
TAPE_TYPE(device_3410, "3410", 9, 0xff, 0x34, 0x11, 0x01, 0x34, 0x10, 0x01);
TAPE_TYPE(device_3420, "3420", 24, 0xff, 0x38, 0x03, 0x02, 0x34, 0x20, 0x08);

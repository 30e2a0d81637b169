/* The card punches 3525 and 2540 (its punch).  Sources: GA21-9124 (3525), GA24-3312 (2821, 2540).
 *
 * A card goes from the hopper past the read station, the punch station and, in the 3525, the print
 * station.  The hopper is full of blank cards, or holds a deck (option `hopper`), which is what the
 * read feature of a 3525, and punch-feed-read of a 2540, are for: the card that was read last is
 * the one that the next WRITE punches.  Each card that leaves goes to the file, or to that of the
 * stacker that was selected, if there is one: as text, a line per card; as EBCDIC images; or in
 * column binary, which keeps all holes.
 *
 * With option `print` a 3525 prints on its cards: 25 lines of 64 columns on the card that was fed
 * last.  They go to a file of their own, a form feed behind each card. */
#include "s370/devices/output_device.h"
#include "s370/devices/types.h"

#include "lib/ebcdic.h"
#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/machine.h"
#include "s370/media/stacker.h"
#include "s370/saved.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BLANK         0x40
#define PRINT_COLUMNS 64
#define PRINT_LINES   25

#define OTHER_STACKERS 2

#define ENDED (UNIT_CHANNEL_END | UNIT_DEVICE_END)

#define DATA_MODE_2 0x20 /* in a command: column binary */
#define STACKERS    0xc0
#define NO_FEED     0xc0 /* in place of a stacker: read only, the card stays */

struct punch {
    struct output_device base;
    struct deck *hopper; /* NULL: blank cards */
    struct card card;    /* it has been read and waits for the punch */
    bool waits;          /* there is such a card */
    struct output print; /* closed: the feature is not installed */
    unsigned line;       /* of the card at the print station, printed last; 0 none */
    bool print_failed;   /* the host refused, here or of a stacker; the operator knows */
    /* Stackers 2 and 3; closed: their cards go to the file of the first. */
    struct output other[OTHER_STACKERS], new_other[OTHER_STACKERS];
    struct deck *new_hopper; /* while options are read */
    struct output new_print;
};

/* --- commands, by their bits --- */

static bool is_3525(const struct device *d)
{
    return d->type == &device_3525;
}

/* Write, feed, select stacker: SSD0 0001. */
static bool is_write(uint8_t command)
{
    return (command & 0x1f) == 0x01 && (command & STACKERS) != NO_FEED;
}

/* Punch, feed, read: SSD0 1001, a 2540. */
static bool is_write_read(const struct punch *p, uint8_t command)
{
    return !is_3525(&p->base.device) && p->hopper && (command & 0x1f) == 0x09 &&
           (command & STACKERS) != NO_FEED;
}

/* Read, feed, select stacker: SSD0 0010, read only: 11D0 0010, a 3525; a 2540 reads without. */
static bool is_read(const struct punch *p, uint8_t command)
{
    uint8_t used = is_3525(&p->base.device) ? 0x1f : 0xdf;
    return p->hopper && (command & used) == 0x02;
}

/* Feed, select stacker: SS10 0011, a 3525. */
static bool is_feed(const struct device *d, uint8_t command)
{
    return is_3525(d) && (command & 0x3f) == 0x23 && (command & STACKERS) != NO_FEED;
}

/* Print a line: LLLL L101, a 3525. */
static bool is_print(const struct punch *p, uint8_t command)
{
    unsigned line = command >> 3;
    return p->print.path && (command & 0x07) == 0x05 && line >= 1 && line <= PRINT_LINES;
}

/* --- the cards --- */

/* The stacker that a command selects, from 0: SS. */
static unsigned stacker_of(const struct device *d, uint8_t command)
{
    unsigned selected = (command & STACKERS) >> 6;
    return is_3525(d) ? selected > 0 : selected;
}

/* The card goes to a stacker.  False: it has holes that the file's form cannot keep. */
static bool stack(struct punch *p, const struct card *card, uint8_t command)
{
    unsigned stacker = stacker_of(&p->base.device, command);
    struct output *o = &p->base.output;
    if (stacker > 0 && stacker <= OTHER_STACKERS && p->other[stacker - 1].path)
        o = &p->other[stacker - 1];
    return stacker_put(o, p->base.form, p->base.crlf, card);
}

/* The card that waits, or the next one of the hopper.  False: the hopper is empty. */
static bool take_card(struct punch *p, struct card *card)
{
    bool waited = p->waits;
    p->waits = false;
    if (waited) {
        *card = p->card;
        return true;
    }
    memset(card, 0, sizeof *card);
    return !p->hopper || deck_next(p->hopper, card);
}

/* The card leaves for the print station and its stacker. */
static int eject(struct punch *p, const struct card *card, uint8_t command)
{
    struct device *d = &p->base.device;
    if (p->print.path && p->line > 0)
        output_put(&p->print, "\f", 1);
    p->line = 0;
    if (stack(p, card, command))
        return ENDED;
    machine_message(d->machine,
                    "%04X: %s: a card has holes that are no characters; option binary keeps them",
                    d->address, p->base.output.path);
    return device_check(d, SENSE_EQUIPMENT);
}

static int punch(struct punch *p, struct channel_program *cp, uint8_t command)
{
    uint8_t bytes[CARD_BINARY];
    struct card card, holes;
    bool binary = command & DATA_MODE_2;
    uint32_t n = channel_take_any(cp, bytes, binary ? CARD_BINARY : CARD_COLUMNS);
    if (channel_stopped(cp))
        return ENDED;
    memset(bytes + n, binary ? 0 : BLANK, sizeof bytes - n);
    if (!take_card(p, &card))
        return ENDED | UNIT_EXCEPTION;
    if (binary)
        card_from_binary(&holes, bytes);
    else
        card_from_ebcdic(&holes, bytes);
    for (unsigned i = 0; i < CARD_COLUMNS; i++)
        card.holes[i] |= holes.holes[i];
    return eject(p, &card, command);
}

/* Moves the next card to wait for the punch.  False: there is none. */
static bool next_waits(struct punch *p)
{
    p->waits = deck_next(p->hopper, &p->card);
    return p->waits;
}

static int read_card(struct punch *p, struct channel_program *cp, uint8_t command)
{
    uint8_t bytes[CARD_BINARY];
    bool again = !is_3525(&p->base.device) || (command & STACKERS) == NO_FEED;
    int status = ENDED;
    if (p->waits && !again) { /* it is not punched */
        status = eject(p, &p->card, command);
        p->waits = false;
    }
    if (!p->waits && !next_waits(p))
        return ENDED | UNIT_EXCEPTION;
    if (command & DATA_MODE_2) {
        card_to_binary(&p->card, bytes);
        channel_give(cp, bytes, CARD_BINARY);
    } else {
        bool characters = card_to_ebcdic(&p->card, bytes);
        channel_give(cp, bytes, CARD_COLUMNS);
        if (!characters)
            status = device_check(&p->base.device, SENSE_DATA_CHECK);
    }
    return status;
}

static int feed(struct punch *p, uint8_t command)
{
    struct card card;
    return take_card(p, &card) ? eject(p, &card, command) : ENDED | UNIT_EXCEPTION;
}

/* Lines that are skipped are there, but empty.  To go back is not possible. */
static int print(struct punch *p, struct channel_program *cp, uint8_t command)
{
    uint8_t bytes[PRINT_COLUMNS];
    char text[PRINT_COLUMNS + 1];
    unsigned line = command >> 3;
    uint32_t n = channel_take_any(cp, bytes, sizeof bytes);
    if (channel_stopped(cp))
        return ENDED;
    if (line <= p->line)
        return device_check(&p->base.device, SENSE_COMMAND_REJECT);
    while (n > 0 && bytes[n - 1] == BLANK)
        n--;
    latin1_from_ebcdic(text, bytes, n);
    for (uint32_t i = 0; i < n; i++)
        if ((uint8_t)text[i] < 0x20 || (uint8_t)(text[i] - 0x7f) < 0x21)
            text[i] = ' ';
    text[n++] = '\n';
    for (unsigned i = p->line + 1; i < line; i++)
        output_put(&p->print, "\n", 1);
    output_put(&p->print, text, n);
    p->line = line;
    return ENDED;
}

static int execute_command(struct punch *p, struct channel_program *cp, uint8_t command)
{
    struct device *d = &p->base.device;
    if (is_write(command))
        return punch(p, cp, command);
    if (is_write_read(p, command)) {
        int status = punch(p, cp, command);
        if (!p->waits)
            next_waits(p);
        return status;
    }
    if (is_read(p, command))
        return read_card(p, cp, command);
    if (is_feed(d, command))
        return feed(p, command);
    if (is_print(p, command))
        return print(p, cp, command);
    return device_check(d, SENSE_COMMAND_REJECT);
}

/* Under timed I/O the card passes the punch, or is read, when the channel is done with it. */
static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    int status = execute_command((struct punch *)d, cp, command);
    if (status == ENDED)
        channel_moves(cp, d->type->cycle_us * UINT64_C(1000));
    return status;
}

/* The card that waits for the punch goes to the stacker as it is. */
static void clear_path(struct punch *p)
{
    if (p->waits && p->base.output.path)
        eject(p, &p->card, 0);
    p->waits = false;
}

/* What is not the base's: the print file, the other stackers. */
static void flush_own(struct punch *p)
{
    struct output *all[] = {&p->print, &p->other[0], &p->other[1]};
    bool failed = false;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i]->path || output_flush(all[i]))
            continue;
        if (!p->print_failed && !failed)
            machine_message(p->base.device.machine, "%04X: %s: cannot write: %s; the text is kept",
                            p->base.device.address, all[i]->path, strerror(errno));
        failed = true;
    }
    p->print_failed = failed;
}

static uint8_t select_punch(struct device *d, uint8_t command)
{
    struct punch *p = (struct punch *)d;
    if (p->print_failed)
        flush_own(p);
    if (!p->print_failed || command == CCW_NOP)
        return output_device_select(d, command);
    device_check(d, SENSE_EQUIPMENT);
    return UNIT_CHECK;
}

static void chain_end(struct device *d)
{
    output_device_flush(d);
    flush_own((struct punch *)d);
}

/* --- options --- */

static const char *set_hopper(struct device *d, const char *path)
{
    struct punch *p = (struct punch *)d;
    deck_free(p->new_hopper);
    p->new_hopper =
        deck_open(path, &(struct deck_options){.form = DECK_DETECT}, d->message, sizeof d->message);
    return p->new_hopper ? NULL : d->message;
}

/* The same in column binary. */
static const char *set_binary_hopper(struct device *d, const char *path)
{
    struct punch *p = (struct punch *)d;
    deck_free(p->new_hopper);
    p->new_hopper =
        deck_open(path, &(struct deck_options){.form = DECK_BINARY}, d->message, sizeof d->message);
    return p->new_hopper ? NULL : d->message;
}

static const char *set_print(struct device *d, const char *path)
{
    struct punch *p = (struct punch *)d;
    if (!is_3525(d))
        return "only a 3525 prints on cards";
    output_close(&p->new_print);
    return output_open(&p->new_print, path, false, d->message, sizeof d->message);
}

static const char *set_stacker(struct device *d, unsigned stacker, const char *path)
{
    struct output *o = &((struct punch *)d)->new_other[stacker - 2];
    if (stacker == 3 && is_3525(d))
        return "a 3525 has two stackers";
    output_close(o);
    return output_open(o, path, false, d->message, sizeof d->message);
}

static const char *set_stacker_2(struct device *d, const char *path)
{
    return set_stacker(d, 2, path);
}

static const char *set_stacker_3(struct device *d, const char *path)
{
    return set_stacker(d, 3, path);
}

static void close_own(struct punch *p)
{
    struct device *d = &p->base.device;
    size_t lost = output_close(&p->print);
    for (unsigned i = 0; i < OTHER_STACKERS; i++)
        lost += output_close(&p->other[i]);
    if (lost > 0)
        machine_message(d->machine, "%04X: %zu bytes printed on cards, or punched, are lost",
                        d->address, lost);
}

static const char *mount(struct device *d, int argc, char **argv)
{
    static const struct output_option own[] = {
        {"hopper=", set_hopper},      {"binhopper=", set_binary_hopper}, {"print=", set_print},
        {"stacker2=", set_stacker_2}, {"stacker3=", set_stacker_3},      {NULL, NULL}};
    struct punch *p = (struct punch *)d;
    const char *wrong = output_device_mount(d, argc, argv, own);
    if (wrong) {
        deck_free(p->new_hopper);
        output_close(&p->new_print);
        for (unsigned i = 0; i < OTHER_STACKERS; i++)
            output_close(&p->new_other[i]);
    } else {
        clear_path(p);
        deck_free(p->hopper);
        close_own(p);
        p->hopper = p->new_hopper;
        p->print_failed = false;
        output_move(&p->print, &p->new_print);
        for (unsigned i = 0; i < OTHER_STACKERS; i++)
            output_move(&p->other[i], &p->new_other[i]);
        p->line = 0;
    }
    p->new_hopper = NULL;
    return wrong;
}

static void destroy(struct device *d)
{
    struct punch *p = (struct punch *)d;
    clear_path(p);
    deck_free(p->hopper);
    close_own(p);
    output_device_destroy(d);
}

static void saved_punch(struct device *d, struct saved *s)
{
    struct punch *p = (struct punch *)d;
    bool hopper = p->hopper != NULL, prints = p->print.path != NULL;
    output_device_saved(d, s);
    saved_bool(s, &hopper);
    saved_bool(s, &p->waits);
    card_saved(&p->card, s);
    if (s->reading) {
        deck_free(p->hopper);
        p->hopper = NULL;
    }
    if (hopper)
        p->hopper = deck_saved(p->hopper, s);
    p->waits = p->waits && p->hopper;
    p->line = saved_limited(s, p->line, PRINT_LINES, "the line of a card");
    saved_bool(s, &prints);
    if (prints != (p->print.path != NULL))
        saved_refuse(s, "the punch %03X printed on its cards, or does now (print=)", d->address);
    if (prints && p->print.path)
        output_saved(&p->print, s);
    for (unsigned i = 0; i < OTHER_STACKERS; i++) {
        bool open = p->other[i].path != NULL;
        saved_bool(s, &open);
        if (open != (p->other[i].path != NULL))
            saved_refuse(s, "stacker %u of %03X had a file, or has one now", i + 2, d->address);
        else if (open)
            output_saved(&p->other[i], s);
    }
}

static const struct device_ops ops = {
    .select = select_punch,
    .execute = execute,
    .chain_end = chain_end,
    .destroy = destroy,
    .describe = output_device_describe,
    .mount = mount,
    .saved = saved_punch,
    .medium = output_device_medium,
};

static const uint8_t immediate[] = {0x23, 0x63, 0xa3, 0};

const struct device_type device_3525 = {
    .name = "3525",
    .class = "PCH",
    .size = sizeof(struct punch),
    .sense_id = {0xff, 0x35, 0x05, 0x01, 0x35, 0x25, 0x01},
    .sense_bytes = 4,
    .ops = &ops,
    .immediate = immediate,
    .create = mount,
    .cycle_us = 200000, /* 300 cards per minute */
    .options = OUTPUT_PLACE " [ascii|ebcdic|binary] [crlf] [clear|noclear] [hopper=DECK | "
                            "binhopper=DECK] [print=FILE] [stacker2=FILE]",
};

const struct device_type device_2540p = {
    .name = "2540P",
    .class = "PCH",
    .size = sizeof(struct punch),
    .sense_id = {0xff, 0x28, 0x21, 0x01, 0x25, 0x40, 0x02},
    .sense_bytes = 1,
    .ops = &ops,
    .create = mount,
    .cycle_us = 200000, /* 300 cards per minute */
    .options = OUTPUT_PLACE " [ascii|ebcdic|binary] [crlf] [clear|noclear] [hopper=DECK | "
                            "binhopper=DECK] [stacker2=FILE] [stacker3=FILE]",
};

/* The card read punch 1442, model N1: one path, from the hopper past the read station to the punch
 * station, where a card stays until the next one comes or it is fed; then it falls into one of two
 * stackers.  So it punches into cards that it has read.  Source: GA21-9025.
 *
 * What is in the hopper: s370/devices/hopper.h.  The stackers are kept in files if options name
 * them (stacker2 alone takes only its own cards; without it all go to stacker1): as text, or in
 * column binary if the decks are.  Without the options it is a reader. */
#include "s370/devices/hopper.h"
#include "s370/devices/types.h"

#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/machine.h"
#include "s370/media/stacker.h"
#include "s370/saved.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ENDED    (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define STACKERS 2
#define ARGS     32

#define IMAGE     0x20 /* in a command: column binary */
#define STACKER_2 0x40
#define FEED      0x80 /* in a write: the card goes on behind it */

struct read_punch {
    struct device device;
    struct hopper hopper;
    struct card card; /* at the punch station */
    bool at_punch;    /* there is one */
    uint8_t column;   /* where the next write begins */
    bool select_2;    /* SELECT STACKER was there */
    bool failed;      /* the host refused; the operator knows */
    bool binary;      /* the stackers' files */
    struct output stacker[STACKERS];
};

/* --- the cards --- */

/* The card at the punch station leaves. */
static int eject(struct read_punch *r, uint8_t command)
{
    struct output *o = &r->stacker[r->select_2 || (command & STACKER_2) ? 1 : 0];
    bool leaves = r->at_punch;
    r->at_punch = r->select_2 = false;
    r->column = 0;
    if (!o->path)
        o = &r->stacker[0];
    if (!leaves || !o->path || stacker_put(o, r->binary ? DECK_BINARY : DECK_TEXT, false, &r->card))
        return ENDED;
    machine_message(r->device.machine,
                    "%04X: %s: a card has holes that are no characters; option binary keeps them",
                    r->device.address, o->path);
    return device_check(&r->device, SENSE_EQUIPMENT);
}

/* The next card comes to the punch station.  False: the hopper is empty. */
static bool next_card(struct read_punch *r)
{
    if (!hopper_ready(&r->hopper) || hopper_card(&r->hopper) == HOPPER_END)
        return false;
    hopper_feed(&r->hopper);
    r->card = r->hopper.card;
    r->at_punch = true;
    return true;
}

static int read_card(struct read_punch *r, struct channel_program *cp, uint8_t command)
{
    uint8_t bytes[CARD_BINARY];
    int status = eject(r, command);
    if (!next_card(r))
        return ENDED | UNIT_EXCEPTION;
    if (command & IMAGE) {
        card_to_binary(&r->card, bytes);
        channel_give(cp, bytes, CARD_BINARY);
        return status;
    }
    bool characters = card_to_ebcdic(&r->card, bytes);
    channel_give(cp, bytes, CARD_COLUMNS);
    return characters ? status : device_check(&r->device, SENSE_DATA_CHECK);
}

static int feed(struct read_punch *r, uint8_t command)
{
    int status = eject(r, command);
    return next_card(r) ? status : status | UNIT_EXCEPTION;
}

/* Punches from the column on where the write before has ended. */
static int write_card(struct read_punch *r, struct channel_program *cp, uint8_t command)
{
    uint8_t bytes[CARD_BINARY] = {0};
    struct card holes;
    if (!r->at_punch && !next_card(r))
        return ENDED | UNIT_EXCEPTION;
    unsigned per_column = command & IMAGE ? 2 : 1, left = CARD_COLUMNS - r->column;
    uint32_t n = channel_take_any(cp, bytes, left * per_column);
    if (channel_stopped(cp))
        return ENDED;
    if (command & IMAGE)
        card_from_binary(&holes, bytes);
    else
        card_from_ebcdic(&holes, bytes);
    uint32_t columns = (n + per_column - 1) / per_column;
    for (unsigned i = 0; i < columns; i++)
        r->card.holes[r->column + i] |= holes.holes[i];
    r->column = (uint8_t)(r->column + columns);
    if (!(command & FEED)) {
        r->select_2 = r->select_2 || (command & STACKER_2);
        return ENDED;
    }
    int status = eject(r, command);
    (void)next_card(r); /* if there is none the next command says so */
    return status;
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct read_punch *r = (struct read_punch *)d;
    int status;
    if ((command & 0x9f) == 0x02)
        status = read_card(r, cp, command);
    else if ((command & 0x1f) == 0x01)
        status = write_card(r, cp, command);
    else if ((command & 0xbf) == 0x83)
        status = feed(r, command);
    else if (command == 0x43)
        return r->select_2 = true, ENDED;
    else
        return device_check(d, SENSE_COMMAND_REJECT);
    if (status == ENDED)
        channel_moves(cp, d->type->cycle_us * UINT64_C(1000));
    return status;
}

/* --- the unit --- */

/* To the host; false if that refuses, and the operator knows. */
static bool flush(struct read_punch *r)
{
    bool ok = true;
    for (unsigned i = 0; i < STACKERS; i++) {
        if (!r->stacker[i].path || output_flush(&r->stacker[i]))
            continue;
        if (!r->failed)
            machine_message(r->device.machine, "%04X: %s: cannot write: %s; the cards are kept",
                            r->device.address, r->stacker[i].path, strerror(errno));
        ok = false;
    }
    r->failed = !ok;
    return ok;
}

static uint8_t select_unit(struct device *d, uint8_t command)
{
    struct read_punch *r = (struct read_punch *)d;
    bool works = !r->failed || flush(r);
    if (command == CCW_NOP || (works && (r->at_punch || hopper_ready(&r->hopper))))
        return 0;
    device_check(d, works ? SENSE_INTERVENTION : SENSE_EQUIPMENT);
    return UNIT_CHECK;
}

static void chain_end(struct device *d)
{
    struct read_punch *r = (struct read_punch *)d;
    (void)flush(r);
    hopper_next_deck(&r->hopper);
}

static void close_stackers(struct read_punch *r)
{
    if (r->at_punch)
        (void)eject(r, 0);
    for (unsigned i = 0; i < STACKERS; i++) {
        size_t lost = output_close(&r->stacker[i]);
        if (lost)
            machine_message(r->device.machine, "%04X: %zu bytes of cards are lost",
                            r->device.address, lost);
    }
}

static const char *open_stacker(struct read_punch *r, const char *word, bool *is_one)
{
    struct device *d = &r->device;
    bool second = !strncmp(word, "stacker2=", 9);
    *is_one = second || !strncmp(word, "stacker1=", 9);
    if (!*is_one)
        return NULL;
    unsigned i = second;
    (void)output_close(&r->stacker[i]);
    return output_open(&r->stacker[i], word + 9, false, d->message, sizeof d->message);
}

/* The stackers' files stay until others are named; decks go behind those that are there. */
static const char *mount(struct device *d, int argc, char **argv)
{
    struct read_punch *r = (struct read_punch *)d;
    char *rest[ARGS];
    int n = 0;
    bool binary = false;
    for (int i = 0; i < argc; i++) {
        bool is_stacker;
        const char *wrong = open_stacker(r, argv[i], &is_stacker);
        if (wrong)
            return wrong;
        if (n == ARGS)
            return "too many arguments";
        if (!is_stacker)
            rest[n++] = argv[i];
        binary = binary || !strcmp(argv[i], "binary");
    }
    const char *wrong = hopper_load(&r->hopper, d, n, rest);
    if (!wrong)
        r->binary = binary;
    return wrong;
}

static void destroy(struct device *d)
{
    struct read_punch *r = (struct read_punch *)d;
    close_stackers(r);
    hopper_close(&r->hopper);
}

static const char *create(struct device *d, int argc, char **argv)
{
    const char *wrong = mount(d, argc, argv);
    if (wrong)
        destroy(d);
    return wrong;
}

static void describe(struct device *d, char *text, size_t size)
{
    hopper_describe(&((struct read_punch *)d)->hopper, text, size);
}

static void saved_unit(struct device *d, struct saved *s)
{
    struct read_punch *r = (struct read_punch *)d;
    hopper_saved(&r->hopper, s);
    card_saved(&r->card, s);
    saved_bool(s, &r->at_punch);
    r->column = (uint8_t)saved_limited(s, r->column, CARD_COLUMNS, "the column of a card");
    saved_bool(s, &r->select_2);
    for (unsigned i = 0; i < STACKERS; i++) {
        bool open = r->stacker[i].path != NULL;
        saved_bool(s, &open);
        if (open != (r->stacker[i].path != NULL))
            saved_refuse(s, "stacker %u of %03X had a file, or has one now", i + 1, d->address);
        else if (open)
            output_saved(&r->stacker[i], s);
    }
}

static const struct device_ops ops = {
    .select = select_unit,
    .execute = execute,
    .chain_end = chain_end,
    .destroy = destroy,
    .describe = describe,
    .mount = mount,
    .saved = saved_unit,
};

static const uint8_t immediate[] = {0x43, 0x83, 0xc3, 0};

const struct device_type device_1442 = {
    .name = "1442",
    .class = "RDR",
    .size = sizeof(struct read_punch),
    .sense_id = {0xff, 0x28, 0x21, 0x01, 0x14, 0x42, 0x01},
    .sense_bytes = 1,
    .cycle_us = 150000, /* 400 cards per minute */
    .ops = &ops,
    .immediate = immediate,
    .create = create,
    .options = HOPPER_OPTIONS " [stacker1=FILE] [stacker2=FILE]",
};

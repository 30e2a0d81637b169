/* The card readers 3505, 2540 (its reader; the punch is in dev_3525.c) and 2501.  What is in the
 * hopper: s370/devices/hopper.h.
 * Sources: GA21-9124 (3505), GA24-3312 (2821 and 2540), GA21-9026 (2501).
 *
 * The read behind the last card gives unit exception (end of file), or with option `intrq`
 * unit check, intervention required.  Then the reader is not ready, until the next deck is
 * there: device end.  Under timed I/O the next card comes to the read station between channel end
 * and device end.  The features for optical marks, column elimination and the 1400 are not
 * installed. */
#include "s370/devices/hopper.h"
#include "s370/devices/types.h"

#include "s370/arch/ccw.h"
#include "s370/io/channel.h"

struct reader {
    struct device device;
    struct hopper hopper;
};

#define ENDED (UNIT_CHANNEL_END | UNIT_DEVICE_END)

#define DATA_MODE_2  0x20 /* in a read command: column binary */
#define SENSE1_RETRY 0x10 /* 3505: retry after intervention */
#define STACKERS     0xc0 /* of a command */
#define NO_FEED      0xc0 /* in place of a stacker: read only, the card stays */

/* Read, feed, select stacker: SSD0 0010; read only: 11D0 0010. The 2501 has one stacker. */
static bool is_read(const struct device *d, uint8_t command)
{
    return (command & 0x1f) == 0x02 && (d->type != &device_2501 || !(command & STACKERS));
}

/* Feed, select stacker: SS10 0011. */
static bool is_feed(const struct device *d, uint8_t command)
{
    return (command & 0x3f) == 0x23 && (command & STACKERS) != NO_FEED && d->type != &device_2501;
}

static uint8_t select_reader(struct device *d, uint8_t command)
{
    struct reader *r = (struct reader *)d;
    if (command == CCW_NOP || hopper_ready(&r->hopper))
        return 0;
    device_check(d, SENSE_INTERVENTION);
    if (d->type == &device_3505)
        d->sense[1] = SENSE1_RETRY;
    return UNIT_CHECK;
}

/* The bytes of the card; data check if a column is no character. */
static int give_card(struct reader *r, struct channel_program *cp, bool binary)
{
    uint8_t bytes[CARD_BINARY];
    const struct card *card = &r->hopper.card;
    if (binary) {
        card_to_binary(card, bytes);
        channel_give(cp, bytes, CARD_BINARY);
        return ENDED;
    }
    bool characters = card_to_ebcdic(card, bytes);
    channel_give(cp, bytes, CARD_COLUMNS);
    return characters ? ENDED : device_check(&r->device, SENSE_DATA_CHECK);
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct reader *r = (struct reader *)d;
    int status = ENDED;
    if (!is_read(d, command) && !is_feed(d, command))
        return device_check(d, SENSE_COMMAND_REJECT);
    if (hopper_card(&r->hopper) == HOPPER_END)
        return ENDED | UNIT_EXCEPTION;
    if (is_read(d, command))
        status = give_card(r, cp, command & DATA_MODE_2);
    if (is_feed(d, command) || (command & STACKERS) != NO_FEED) {
        hopper_feed(&r->hopper);
        if (status == ENDED)
            channel_moves(cp, d->type->cycle_us * UINT64_C(1000));
    }
    return status;
}

const struct hopper *hopper_of(const struct device *d)
{
    return d->type->ops->execute == execute ? &((const struct reader *)d)->hopper : NULL;
}

static void chain_end(struct device *d)
{
    hopper_next_deck(&((struct reader *)d)->hopper);
}

static const char *mount(struct device *d, int argc, char **argv)
{
    return hopper_load(&((struct reader *)d)->hopper, d, argc, argv);
}

static void destroy(struct device *d)
{
    hopper_close(&((struct reader *)d)->hopper);
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
    hopper_describe(&((struct reader *)d)->hopper, text, size);
}

static void saved_reader(struct device *d, struct saved *s)
{
    hopper_saved(&((struct reader *)d)->hopper, s);
}

static const struct device_ops ops = {
    .select = select_reader,
    .execute = execute,
    .chain_end = chain_end,
    .destroy = destroy,
    .describe = describe,
    .mount = mount,
    .saved = saved_reader,
};

static const uint8_t immediate[] = {0x23, 0x63, 0xa3, 0};

#define READER_TYPE(symbol, type_name, bytes, us, ...)                                             \
    const struct device_type symbol = {                                                            \
        .name = type_name,                                                                         \
        .class = "RDR",                                                                            \
        .size = sizeof(struct reader),                                                             \
        .sense_id = {__VA_ARGS__},                                                                 \
        .sense_bytes = bytes,                                                                      \
        .cycle_us = us,                                                                            \
        .ops = &ops,                                                                               \
        .immediate = immediate,                                                                    \
        .create = create,                                                                          \
        .options = HOPPER_OPTIONS,                                                                 \
    }

READER_TYPE(device_3505, "3505", 4, 50000, 0xff, 0x35, 0x05, 0x01, 0x35, 0x05, 0x01);
READER_TYPE(device_2540r, "2540R", 1, 60000, 0xff, 0x28, 0x21, 0x01, 0x25, 0x40, 0x01);
READER_TYPE(device_2501, "2501", 1, 60000, 0xff, 0x35, 0x05, 0x01, 0x25, 0x01, 0x01);

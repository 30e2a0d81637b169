/* The card reader 3505.  Its hopper holds any number of decks (s370/media/deck.h); each is
 * read to its end before the next one is made ready.  Source: GA21-9124.
 *
 * The read behind the last card gives unit exception (end of file), or with option `intrq`
 * unit check, intervention required.  Then the reader is not ready, until the next deck is
 * there: device end. */
#include "s370/devices/types.h"

#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/media/deck.h"

#include <stdio.h>
#include <string.h>

struct reader {
    struct device device;
    struct deck *deck;   /* being read, with those below it; NULL: not ready */
    struct deck *hopper; /* the decks that wait for it */
    bool interventions;  /* option intrq */
};

#define ENDED (UNIT_CHANNEL_END | UNIT_DEVICE_END)

/* Read, feed: SSD0 F010 and 11D0 F010 with column binary (D) and format (F) off. */
static bool is_read(uint8_t command)
{
    return (command & 0x3f) == 0x02;
}

/* Read only, 11D0 F010: the card stays, until it is fed or read with feeding. */
static bool is_read_only(uint8_t command)
{
    return (command & 0xc0) == 0xc0;
}

/* Feed, select stacker: SS10 0011. */
static bool is_feed(uint8_t command)
{
    return (command & 0x3f) == 0x23;
}

static uint8_t select_reader(struct device *d, uint8_t command)
{
    struct reader *r = (struct reader *)d;
    bool empty = !r->deck || (r->interventions && r->deck->next == r->deck->count);
    if (command == CCW_NOP || !empty)
        return 0;
    deck_free(r->deck);
    r->deck = NULL;
    device_check(d, SENSE_INTERVENTION);
    return UNIT_CHECK;
}

static int execute(struct device *d, struct channel_program *cp, uint8_t command)
{
    struct reader *r = (struct reader *)d;
    if (!is_read(command) && !is_feed(command))
        return device_check(d, SENSE_COMMAND_REJECT);
    if (r->deck->next == r->deck->count) {
        deck_free(r->deck);
        r->deck = NULL;
        return ENDED | UNIT_EXCEPTION;
    }
    if (is_read(command))
        channel_give(cp, r->deck->cards + r->deck->next * CARD_COLUMNS, CARD_COLUMNS);
    if (is_feed(command) || !is_read_only(command))
        r->deck->next++;
    return ENDED;
}

/* Makes the next deck of the hopper ready. */
static void feed(struct device *d)
{
    struct reader *r = (struct reader *)d;
    if (r->deck || !r->hopper)
        return;
    r->deck = r->hopper;
    r->hopper = r->deck->below;
    device_status(d, UNIT_DEVICE_END);
}

static void add_deck(struct reader *r, struct deck *deck)
{
    struct deck **last = &r->hopper;
    while (*last)
        last = &(*last)->below;
    *last = deck;
}

/* True if `word` is an option, which is then set. */
static bool set_option(struct deck_options *options, bool *interventions, const char *word)
{
    if (!strcmp(word, "eof") || !strcmp(word, "intrq"))
        *interventions = word[0] == 'i';
    else if (!strcmp(word, "ascii"))
        options->form = DECK_TEXT;
    else if (!strcmp(word, "ebcdic"))
        options->form = DECK_IMAGES;
    else if (!strcmp(word, "trunc"))
        options->truncate = true;
    else if (!strcmp(word, "autopad"))
        options->pad = true;
    else
        return !strcmp(word, "multifile") || !strcmp(word, "*");
    return true;
}

/* Puts the decks that are named into the hopper, behind those that are there: all of them,
 * or none if one is bad. */
static const char *mount(struct device *d, int argc, char **argv)
{
    struct reader *r = (struct reader *)d;
    struct deck_options options = {0};
    bool interventions = false;
    struct reader fresh = {0};
    for (int i = 0; i < argc; i++)
        set_option(&options, &interventions, argv[i]);
    for (int i = 0; i < argc; i++) {
        struct deck_options ignored;
        bool ignored_too;
        if (set_option(&ignored, &ignored_too, argv[i]))
            continue;
        struct deck *deck = deck_open(argv[i], &options, d->message, sizeof d->message);
        if (!deck) {
            while (fresh.hopper) {
                struct deck *next = fresh.hopper->below;
                deck_free(fresh.hopper);
                fresh.hopper = next;
            }
            return d->message;
        }
        add_deck(&fresh, deck);
    }
    r->interventions = interventions;
    if (fresh.hopper)
        add_deck(r, fresh.hopper);
    feed(d);
    return NULL;
}

static void destroy(struct device *d)
{
    struct reader *r = (struct reader *)d;
    deck_free(r->deck);
    while (r->hopper) {
        struct deck *next = r->hopper->below;
        deck_free(r->hopper);
        r->hopper = next;
    }
}

static void describe(struct device *d, char *text, size_t size)
{
    const struct reader *r = (struct reader *)d;
    unsigned waiting = 0;
    for (const struct deck *deck = r->hopper; deck; deck = deck->below)
        waiting++;
    if (r->deck)
        snprintf(text, size, "%s card %zu of %zu, %u more decks", r->deck->path, r->deck->next,
                 r->deck->count, waiting);
    else
        snprintf(text, size, "*");
}

static const struct device_ops ops = {
    .select = select_reader,
    .execute = execute,
    .chain_end = feed,
    .destroy = destroy,
    .describe = describe,
    .mount = mount,
};

static const uint8_t immediate[] = {0x23, 0x63, 0xa3, 0};

const struct device_type device_3505 = {
    .name = "3505",
    .class = "RDR",
    .size = sizeof(struct reader),
    .sense_id = {0xff, 0x35, 0x05, 0x01, 0x35, 0x05, 0x01},
    .sense_bytes = 4,
    .ops = &ops,
    .immediate = immediate,
    .create = mount,
    .options = "[FILE...] [eof|intrq] [ascii|ebcdic] [trunc] [autopad]",
};

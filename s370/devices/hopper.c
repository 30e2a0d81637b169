/* The hopper of a card reader. */
#include "s370/devices/hopper.h"

#include "s370/arch/ccw.h"
#include "s370/machine.h"
#include "s370/media/deck_folder.h"
#include "s370/media/deck_socket.h"
#include "s370/saved.h"

#include <stdio.h>
#include <string.h>

#define WAITING_MOST 64 /* decks; then a socket has to wait */

/* --- the decks --- */

static void add_deck(struct hopper *h, struct deck *deck)
{
    struct deck **last = &h->waiting;
    while (*last)
        last = &(*last)->below;
    *last = deck;
    h->waiting_count++;
}

static void free_decks(struct deck *deck)
{
    while (deck) {
        struct deck *next = deck->below;
        deck_free(deck);
        deck = next;
    }
}

static bool is_out(const struct hopper *h)
{
    return !h->loaded && h->deck->next == h->deck->count;
}

/* The deck has been read. */
static void take_out(struct hopper *h)
{
    deck_free(h->deck);
    h->deck = NULL;
    h->loaded = false;
    if (h->from_folder)
        deck_folder_done(h->folder);
    h->from_folder = false;
}

bool hopper_ready(struct hopper *h)
{
    if (h->deck && h->interventions && is_out(h))
        take_out(h);
    return h->deck != NULL;
}

enum hopper_result hopper_card(struct hopper *h)
{
    if (!h->loaded && !deck_next(h->deck, &h->card)) {
        take_out(h);
        return HOPPER_END;
    }
    h->loaded = true;
    return HOPPER_CARD;
}

void hopper_feed(struct hopper *h)
{
    h->loaded = false;
    h->stacked++;
}

size_t hopper_cards(const struct hopper *h)
{
    size_t n = h->loaded;
    if (h->deck)
        n += h->deck->count - h->deck->next;
    for (const struct deck *d = h->waiting; d; d = d->below)
        n += d->count;
    return n;
}

void hopper_next_deck(struct hopper *h)
{
    if (h->deck && h->interventions && is_out(h) && (h->waiting || h->folder))
        take_out(h);
    if (h->deck)
        return;
    if (h->waiting) {
        h->deck = h->waiting;
        h->waiting = h->deck->below;
        h->deck->below = NULL;
        h->waiting_count--;
        if (h->socket)
            deck_socket_room(h->socket);
    } else if (h->folder && (h->deck = deck_folder_take(h->folder))) {
        h->from_folder = true;
    }
    if (h->deck)
        device_status(h->device, UNIT_DEVICE_END);
}

/* --- decks that come by themselves --- */

static bool room(void *context)
{
    const struct hopper *h = context;
    size_t bytes = 0;
    for (const struct deck *deck = h->waiting; deck; deck = deck->below)
        bytes += deck->count * deck->card_size;
    return h->waiting_count < WAITING_MOST && bytes < DECK_MAX;
}

static void deck_came(void *context, struct deck *deck)
{
    struct hopper *h = context;
    add_deck(h, deck);
    hopper_next_deck(h);
}

static void folder_changed(void *context)
{
    hopper_next_deck(context);
}

static void say(void *context, const char *text)
{
    const struct hopper *h = context;
    machine_message(h->device->machine, "%04X: %s", h->device->address, text);
}

/* --- loading it --- */

struct operands {
    struct deck_options options;
    bool interventions;
    bool from_socket;
    const char *watch;
};

/* True if `word` is an option, which is then set. */
static bool set_option(struct operands *o, const char *word)
{
    static const struct {
        const char *name;
        enum deck_form form;
    } forms[] = {{"ascii", DECK_TEXT}, {"ebcdic", DECK_IMAGES}, {"binary", DECK_BINARY}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (!strcmp(word, forms[i].name)) {
            o->options.form = forms[i].form;
            return true;
        }
    if (!strcmp(word, "eof") || !strcmp(word, "intrq"))
        o->interventions = word[0] == 'i';
    else if (!strcmp(word, "trunc"))
        o->options.truncate = true;
    else if (!strcmp(word, "autopad"))
        o->options.pad = true;
    else if (!strcmp(word, "sockdev"))
        o->from_socket = true;
    else if (!strncmp(word, "watch=", 6))
        o->watch = word + 6;
    else
        return !strcmp(word, "multifile") || !strcmp(word, "*");
    return true;
}

/* Opens what brings decks by itself; the one before is gone. */
static const char *open_source(struct hopper *h, const struct operands *o, const char *address)
{
    struct device *d = h->device;
    struct uv_loop_s *loop = d->machine->loop;
    if (h->from_folder)
        return "the deck being read is the folder's: take it out first (detach, or read it)";
    deck_folder_close(h->folder);
    deck_socket_close(h->socket);
    h->folder = NULL;
    h->socket = NULL;
    if (o->watch) {
        static const struct deck_folder_calls calls = {folder_changed, say};
        h->folder =
            deck_folder_open(loop, o->watch, &o->options, &calls, h, d->message, sizeof d->message);
        return h->folder ? NULL : d->message;
    }
    static const struct deck_socket_calls calls = {room, deck_came, say};
    h->socket =
        deck_socket_open(loop, address, &o->options, &calls, h, d->message, sizeof d->message);
    return h->socket ? NULL : d->message;
}

const char *hopper_load(struct hopper *h, struct device *d, int argc, char **argv)
{
    struct operands o = {0}, ignored;
    struct hopper fresh = {0};
    const char *address = NULL;
    h->device = d;
    for (int i = 0; i < argc; i++)
        set_option(&o, argv[i]);
    for (int i = 0; i < argc; i++) {
        if (set_option(&ignored, argv[i]))
            continue;
        if (o.from_socket || o.watch) {
            if (address || o.watch) {
                free_decks(fresh.waiting);
                return "sockdev wants one address and no decks, watch= no decks";
            }
            address = argv[i];
            continue;
        }
        struct deck *deck = deck_open(argv[i], &o.options, d->message, sizeof d->message);
        if (!deck) {
            free_decks(fresh.waiting);
            return d->message;
        }
        add_deck(&fresh, deck);
    }
    if (o.from_socket && !address)
        return "sockdev wants an address: PORT or HOST:PORT";
    if (o.from_socket && o.watch)
        return "either sockdev or watch=, not both";
    const char *wrong = o.from_socket || o.watch ? open_source(h, &o, address) : NULL;
    if (wrong)
        return wrong;
    h->interventions = o.interventions;
    if (fresh.waiting) {
        add_deck(h, fresh.waiting);
        h->waiting_count += fresh.waiting_count - 1;
    }
    hopper_next_deck(h);
    return NULL;
}

void hopper_close(struct hopper *h)
{
    deck_folder_close(h->folder);
    deck_socket_close(h->socket);
    deck_free(h->deck);
    free_decks(h->waiting);
    memset(h, 0, sizeof *h);
}

static void drop_decks(struct hopper *h)
{
    if (h->from_folder)
        deck_folder_put_back(h->folder);
    h->from_folder = h->loaded = false;
    deck_free(h->deck);
    free_decks(h->waiting);
    h->deck = h->waiting = NULL;
    h->waiting_count = 0;
}

void hopper_saved(struct hopper *h, struct saved *s)
{
    bool ready = h->deck != NULL;
    uint32_t waiting = h->waiting_count;
    if (!s->reading && h->from_folder)
        saved_wait(s, "the reader %03X has a deck of the folder %s", h->device->address,
                   deck_folder_path(h->folder));
    if (s->reading)
        drop_decks(h);
    saved_bool(s, &h->interventions);
    saved_bool(s, &h->loaded);
    card_saved(&h->card, s);
    saved_bool(s, &ready);
    saved_u32(s, &waiting);
    if (ready)
        h->deck = deck_saved(h->deck, s);
    struct deck *next = h->waiting;
    for (; waiting && saved_good(s); waiting--) {
        struct deck *deck = deck_saved(next, s);
        if (s->reading && deck)
            add_deck(h, deck);
        next = next ? next->below : NULL;
    }
    h->loaded = h->loaded && h->deck;
    if (s->reading && h->folder && !h->deck && !h->waiting)
        hopper_next_deck(h);
}

void hopper_describe(const struct hopper *h, char *text, size_t size)
{
    int n = 0;
    if (h->folder)
        n = snprintf(text, size, "watch=%s ", deck_folder_path(h->folder));
    else if (h->socket)
        n = snprintf(text, size, "%s sockdev ", deck_socket_address(h->socket));
    if (n < 0 || (size_t)n >= size)
        return;
    if (h->deck)
        snprintf(text + n, size - (size_t)n, "%s card %zu of %zu, %u more decks", h->deck->path,
                 h->deck->next - h->loaded, h->deck->count, h->waiting_count);
    else
        snprintf(text + n, size - (size_t)n, "*");
}

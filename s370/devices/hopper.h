/* The hopper of a card reader: the decks that wait, where they come from, and the card that is at
 * the read station.  Decks are files that the operator names, or they come by themselves: from a
 * socket (s370/media/deck_socket.h) or from a folder (s370/media/deck_folder.h). */
#ifndef S370_DEVICES_HOPPER_H
#define S370_DEVICES_HOPPER_H

#include "s370/io/device.h"
#include "s370/media/deck.h"

struct deck_folder;
struct deck_socket;

struct hopper {
    struct device *device;
    struct deck *deck;    /* being read; NULL: not ready */
    struct deck *waiting; /* for it, the next one first */
    unsigned waiting_count;
    bool interventions; /* option intrq: no end of file behind a deck */
    struct card card;   /* at the read station */
    bool loaded;        /* it is one that has not been fed yet */
    bool from_folder;   /* the deck being read is the folder's */
    uint32_t stacked;   /* cards that were read, for who watches */
    struct deck_folder *folder;
    struct deck_socket *socket;
};

#define HOPPER_OPTIONS                                                                             \
    "[FILE... | [HOST:]PORT sockdev | watch=DIRECTORY] [eof|intrq] [ascii|ebcdic|binary] [trunc] " \
    "[autopad]"

/* Puts the decks that are named into the hopper, behind those that are there: all of them, or
 * none if one is bad.  A socket or a folder takes the place of the one before.  NULL or a
 * message. */
const char *hopper_load(struct hopper *h, struct device *d, int argc, char **argv);
void hopper_close(struct hopper *h);

enum hopper_result {
    HOPPER_CARD,
    HOPPER_END, /* behind the last card of the deck, which is out now */
};

/* False: intervention is required. */
bool hopper_ready(struct hopper *h);
/* The card at the read station, from a hopper that is ready. */
enum hopper_result hopper_card(struct hopper *h);
/* Sends it to its stacker. */
void hopper_feed(struct hopper *h);
/* Makes the next deck ready, if the one before is out: device end. */
void hopper_next_deck(struct hopper *h);
/* Saves the decks, or puts those in that were saved, in place of what is there.  The cards
 * themselves are saved: the decks' files may have gone since. */
void hopper_saved(struct hopper *h, struct saved *s);
/* Cards that are still to be read: of the deck, and of those that wait. */
size_t hopper_cards(const struct hopper *h);
/* The hopper of a card reader, or NULL: the device is none. */
const struct hopper *hopper_of(const struct device *d);
void hopper_describe(const struct hopper *h, char *text, size_t size);

#endif

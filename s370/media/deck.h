/* A deck of cards: a host file, as text (one line per card), as card images (80 EBCDIC bytes per
 * card, no separators; all byte values are kept) or in column binary (160 bytes per card, which
 * keep every hole). */
#ifndef S370_MEDIA_DECK_H
#define S370_MEDIA_DECK_H

#include "s370/media/card.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECK_MAX (64u << 20) /* bytes of a deck's file: a safeguard against /dev/zero */

enum deck_form {
    DECK_DETECT, /* text, if the first two cards' worth of bytes is printable ASCII */
    DECK_TEXT,   /* ISO 8859-1, lines ended by LF or CR LF, tabs to every eighth column */
    DECK_IMAGES,
    DECK_BINARY, /* never detected */
};

struct deck_options {
    enum deck_form form;
    bool truncate; /* columns of a text line beyond 80 are dropped, not an error */
    bool pad;      /* a short last card image is filled with blanks, not an error */
};

struct deck {
    char *path;
    uint8_t *cards;   /* `count` cards of `card_size` bytes */
    size_t card_size; /* CARD_COLUMNS (EBCDIC) or CARD_BINARY */
    size_t count;
    size_t next;        /* the next one to be read */
    struct deck *below; /* for who keeps a stack of them */
};

/* Reads a deck.  NULL with `message` filled in, naming the file and line: not there, a line
 * too long, not whole cards. */
struct deck *deck_open(const char *path, const struct deck_options *options, char *message,
                       size_t size);
void deck_free(struct deck *deck); /* NULL is allowed */

/* The next card goes to `card`.  False: there is none. */
bool deck_next(struct deck *deck, struct card *card);

/* Saves the deck, cards and all, or makes the one that was saved: NULL with s->wrong set if that
 * is impossible. */
struct saved;
struct deck *deck_saved(struct deck *deck, struct saved *s);

/* From bytes in memory; `path` is for messages. */
struct deck *deck_parse(const char *path, const uint8_t *bytes, size_t length,
                        const struct deck_options *options, char *message, size_t size);

#endif

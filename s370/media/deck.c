/* Card decks.  A file is read as a whole when the deck is put into the hopper, so that all
 * that is wrong with it is said then, and not in the middle of a job. */
#include "s370/media/deck.h"

#include "lib/ebcdic.h"
#include "s370/saved.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define EBCDIC_BLANK 0x40
#define END_OF_TEXT  0x1a /* some hosts end a text file with this */

static bool looks_like_text(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length && i < 2 * CARD_COLUMNS; i++) {
        uint8_t c = bytes[i];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f') || c > 0x7e)
            return c == END_OF_TEXT && i > 0;
    }
    return true;
}

/* Appends a blank card. NULL: no memory. */
static uint8_t *add_card(struct deck *deck, size_t *room)
{
    if (deck->count == *room) {
        size_t more = *room ? 2 * *room : 64;
        uint8_t *cards = realloc(deck->cards, more * CARD_COLUMNS);
        if (!cards)
            return NULL;
        deck->cards = cards;
        *room = more;
    }
    uint8_t *card = deck->cards + deck->count++ * CARD_COLUMNS;
    memset(card, EBCDIC_BLANK, CARD_COLUMNS);
    return card;
}

/* One line of text to a card. False: it has more than 80 columns. */
static bool punch_line(uint8_t *card, const uint8_t *line, size_t length, bool truncate)
{
    size_t column = 0;
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\t') {
            column = column / 8 * 8 + 8;
            continue;
        }
        if (column >= CARD_COLUMNS)
            return truncate;
        card[column++] = latin1_to_ebcdic(line[i]);
    }
    return true;
}

static const char *parse_text(struct deck *deck, const uint8_t *bytes, size_t length,
                              const struct deck_options *options, char *message, size_t size)
{
    size_t room = 0;
    const uint8_t *end = memchr(bytes, END_OF_TEXT, length);
    if (end)
        length = (size_t)(end - bytes);
    for (size_t from = 0; from < length;) {
        const uint8_t *newline = memchr(bytes + from, '\n', length - from);
        size_t to = newline ? (size_t)(newline - bytes) : length;
        size_t columns = to - from;
        if (columns > 0 && bytes[to - 1] == '\r')
            columns--;
        uint8_t *card = add_card(deck, &room);
        if (!card)
            return "no memory";
        if (!punch_line(card, bytes + from, columns, options->truncate)) {
            snprintf(message, size, "line %zu has more than %u columns (option trunc cuts them)",
                     deck->count, CARD_COLUMNS);
            return message;
        }
        from = to + 1;
    }
    return NULL;
}

static const char *parse_images(struct deck *deck, const uint8_t *bytes, size_t length,
                                const struct deck_options *options, char *message, size_t size)
{
    size_t rest = length % deck->card_size;
    if (rest && !options->pad) {
        snprintf(message, size,
                 "%s: %zu bytes are %zu cards of %zu and %zu left over (options: %s)",
                 options->form == DECK_DETECT ? "is neither text nor whole card images"
                                              : "is not whole card images",
                 length, length / deck->card_size, deck->card_size, rest,
                 options->form == DECK_DETECT ? "ascii, autopad" : "autopad");
        return message;
    }
    size_t count = (length + deck->card_size - 1) / deck->card_size;
    deck->cards = malloc(count * deck->card_size + 1);
    if (!deck->cards)
        return "no memory";
    memcpy(deck->cards, bytes, length);
    memset(deck->cards + length, deck->card_size == CARD_BINARY ? 0 : EBCDIC_BLANK,
           count * deck->card_size - length);
    deck->count = count;
    return NULL;
}

struct deck *deck_parse(const char *path, const uint8_t *bytes, size_t length,
                        const struct deck_options *options, char *message, size_t size)
{
    char what[200];
    struct deck *deck = calloc(1, sizeof *deck);
    if (deck)
        deck->path = strdup(path);
    if (!deck || !deck->path) {
        snprintf(message, size, "%s: no memory", path);
        deck_free(deck);
        return NULL;
    }
    deck->card_size = options->form == DECK_BINARY ? CARD_BINARY : CARD_COLUMNS;
    bool text = options->form == DECK_TEXT ||
                (options->form == DECK_DETECT && looks_like_text(bytes, length));
    const char *wrong = text ? parse_text(deck, bytes, length, options, what, sizeof what)
                             : parse_images(deck, bytes, length, options, what, sizeof what);
    if (!wrong)
        return deck;
    snprintf(message, size, "%s: %s", path, wrong);
    deck_free(deck);
    return NULL;
}

struct deck *deck_open(const char *path, const struct deck_options *options, char *message,
                       size_t size)
{
    struct stat st;
    FILE *f = fopen(path, "rbe");
    uint8_t *bytes = NULL;
    struct deck *deck = NULL;
    if (!f || fstat(fileno(f), &st) != 0) {
        snprintf(message, size, "%s: cannot read the deck: %s", path, strerror(errno));
    } else if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > DECK_MAX) {
        snprintf(message, size, "%s: is not a file of cards of at most %u MB", path,
                 DECK_MAX >> 20);
    } else if (!(bytes = malloc((size_t)st.st_size + 1)) ||
               fread(bytes, 1, (size_t)st.st_size, f) != (size_t)st.st_size) {
        snprintf(message, size, "%s: cannot read the deck: %s", path, strerror(errno));
    } else {
        deck = deck_parse(path, bytes, (size_t)st.st_size, options, message, size);
    }
    free(bytes);
    if (f)
        fclose(f);
    return deck;
}

bool deck_next(struct deck *deck, struct card *card)
{
    if (deck->next == deck->count)
        return false;
    const uint8_t *bytes = deck->cards + deck->next++ * deck->card_size;
    if (deck->card_size == CARD_BINARY)
        card_from_binary(card, bytes);
    else
        card_from_ebcdic(card, bytes);
    return true;
}

/* How many cards, of which size, and where it is.  False: that is impossible. */
static bool saved_numbers(struct deck *deck, struct saved *s)
{
    bool binary = deck->card_size == CARD_BINARY;
    uint64_t count = deck->count, next = deck->next;
    saved_bool(s, &binary);
    saved_u64(s, &count);
    saved_u64(s, &next);
    deck->card_size = binary ? CARD_BINARY : CARD_COLUMNS;
    if (count > saved_left(s) / deck->card_size || next > count) {
        saved_refuse(s, "a deck has impossible numbers of cards");
        return false;
    }
    deck->count = (size_t)count;
    deck->next = (size_t)next;
    return saved_good(s);
}

struct deck *deck_saved(struct deck *deck, struct saved *s)
{
    struct deck fresh = {0};
    char path[4096] = "";
    if (!s->reading)
        snprintf(path, sizeof path, "%s", deck->path);
    saved_string(s, path, sizeof path);
    if (!s->reading) {
        if (saved_numbers(deck, s))
            saved_bytes(s, deck->cards, deck->count * deck->card_size);
        return deck;
    }
    if (!saved_numbers(&fresh, s))
        return NULL;
    deck = malloc(sizeof *deck);
    if (!deck)
        abort(); /* the host is out of memory */
    *deck = fresh;
    deck->path = strdup(path);
    deck->cards = malloc(deck->count * deck->card_size + 1);
    if (!deck->path || !deck->cards)
        abort();
    saved_bytes(s, deck->cards, deck->count * deck->card_size);
    return deck;
}

void deck_free(struct deck *deck)
{
    if (!deck)
        return;
    free(deck->cards);
    free(deck->path);
    free(deck);
}

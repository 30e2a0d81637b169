/* Fuzz target: any bytes as a deck, in every form.  It is refused with a message, or gives whole
 * cards, which are the same in EBCDIC after they were punched. */
#include "s370/media/deck.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char message[256];
    if (size < 1)
        return 0;
    struct deck_options options = {
        .form = (enum deck_form)(data[0] % 4),
        .truncate = data[0] & 0x10,
        .pad = data[0] & 0x20,
    };
    struct deck *deck = deck_parse("deck", data + 1, size - 1, &options, message, sizeof message);
    if (!deck)
        return strncmp(message, "deck: ", 6) != 0 ? abort(), 1 : 0;
    unsigned sum = 0;
    for (size_t i = 0; i < deck->count * deck->card_size; i++)
        sum += deck->cards[i];
    struct card card;
    for (size_t i = 0; i < deck->count; i++) {
        uint8_t bytes[CARD_BINARY];
        if (!deck_next(deck, &card))
            abort();
        bool characters = card_to_ebcdic(&card, bytes);
        if (deck->card_size == CARD_COLUMNS &&
            (!characters || memcmp(bytes, deck->cards + i * CARD_COLUMNS, CARD_COLUMNS) != 0))
            abort();
    }
    if (deck_next(deck, &card))
        abort();
    deck_free(deck);
    return sum == 1 ? -1 : 0;
}

/* A stacker of a punch. */
#include "s370/media/stacker.h"

#include "lib/ebcdic.h"

#define BLANK 0x40

static void put_text(struct output *o, bool crlf, const uint8_t *card)
{
    char line[CARD_COLUMNS + 2];
    size_t length = CARD_COLUMNS;
    while (length > 0 && card[length - 1] == BLANK)
        length--;
    latin1_from_ebcdic(line, card, length);
    for (size_t i = 0; i < length; i++)
        if ((uint8_t)line[i] < 0x20 || (uint8_t)(line[i] - 0x7f) < 0x21)
            line[i] = '?'; /* only card images keep it */
    if (crlf)
        line[length++] = '\r';
    line[length++] = '\n';
    output_put(o, line, length);
}

bool stacker_put(struct output *o, enum deck_form form, bool crlf, const struct card *card)
{
    uint8_t bytes[CARD_BINARY];
    if (form == DECK_BINARY) {
        card_to_binary(card, bytes);
        output_put(o, (const char *)bytes, CARD_BINARY);
        return true;
    }
    if (!card_to_ebcdic(card, bytes))
        return false;
    if (form == DECK_IMAGES)
        output_put(o, (const char *)bytes, CARD_COLUMNS);
    else
        put_text(o, crlf, bytes);
    return true;
}

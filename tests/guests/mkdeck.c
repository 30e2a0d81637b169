/* mkdeck IMAGE DECK [CARDS]: makes a deck that can be IPLed from a card reader out of a program's
 * image, which it loads at X'1000' and enters there.  Behind it go the lines of the text CARDS.
 *
 * Card 1 is the IPL card: PSW, and two CCWs that read card 2 to X'800' and go on there.  Card 2,
 * and every ninth after it, holds CCWs: eight that read cards of text, one that reads the next such
 * card over this one, and a transfer in channel to it.  Cards are 80 bytes, no separators. */
#include "lib/ebcdic.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CARD     80
#define CCW_CARD 0x800u
#define TEXT     0x1000u
#define PER_CARD 8

static void put_ccw(uint8_t *at, uint8_t command, uint32_t address, uint8_t flags, uint16_t count)
{
    const uint8_t ccw[8] = {
        command, (uint8_t)(address >> 16), (uint8_t)(address >> 8), (uint8_t)address, flags,
        0,       (uint8_t)(count >> 8),    (uint8_t)count};
    memcpy(at, ccw, sizeof ccw);
}

static int write_deck(FILE *in, FILE *out)
{
    static uint8_t image[1 << 20];
    size_t size = fread(image, 1, sizeof image, in);
    size_t cards = (size + CARD - 1) / CARD;
    uint8_t card[CARD] = {0, 0, 0, 0, 0, 0, TEXT >> 8, TEXT & 0xff};
    put_ccw(card + 8, 0x02, CCW_CARD, 0x60, CARD);
    put_ccw(card + 16, 0x08, CCW_CARD, 0, 1);
    fwrite(card, 1, CARD, out);
    for (size_t first = 0; first < cards; first += PER_CARD) {
        size_t n = cards - first < PER_CARD ? cards - first : PER_CARD;
        int last = first + n == cards;
        memset(card, 0, sizeof card);
        for (size_t i = 0; i < n; i++)
            put_ccw(card + i * 8, 0x02, TEXT + (uint32_t)(first + i) * CARD,
                    last && i + 1 == n ? 0x20 : 0x60, CARD);
        /* In the same place on each: it is read over while the channel stands there. */
        put_ccw(card + PER_CARD * 8, 0x02, CCW_CARD, 0x60, CARD);
        put_ccw(card + PER_CARD * 8 + 8, 0x08, CCW_CARD, 0, 1);
        fwrite(card, 1, CARD, out);
        fwrite(image + first * CARD, 1, n * CARD, out);
    }
    return ferror(in) || fflush(out) ? 1 : 0;
}

static void add_cards(FILE *text, FILE *out)
{
    char line[200];
    while (fgets(line, sizeof line, text)) {
        char card[CARD + 1];
        line[strcspn(line, "\n")] = 0;
        snprintf(card, sizeof card, "%-*.*s", CARD, CARD, line);
        ebcdic_from_latin1(card, card, CARD);
        fwrite(card, 1, CARD, out);
    }
}

int main(int argc, char **argv)
{
    FILE *in = argc == 3 || argc == 4 ? fopen(argv[1], "rb") : NULL;
    FILE *out = in ? fopen(argv[2], "wb") : NULL;
    if (!out) {
        fprintf(stderr, "usage: mkdeck IMAGE DECK [CARDS]\n");
        return 2;
    }
    int status = write_deck(in, out);
    FILE *text = argc == 4 ? fopen(argv[3], "r") : NULL;
    if (argc == 4 && !text)
        perror(argv[3]);
    if (text)
        add_cards(text, out);
    return fclose(out) || (argc == 4 && !text) ? 1 : status;
}

/* A punched card: 80 columns of 12 rows, and its two codes.  An EBCDIC character is at most one
 * hole in rows 1 to 7, with any of rows 12, 11, 0, 8 and 9: 256 patterns.  Column binary (data
 * mode 2) takes any pattern, in two bytes for each column.
 * Source: GX20-1850, "Code Tables"; GA21-9124, "Data Mode 2". */
#ifndef S370_MEDIA_CARD_H
#define S370_MEDIA_CARD_H

#include <stdbool.h>
#include <stdint.h>

#define CARD_COLUMNS 80u
#define CARD_BINARY  160u /* bytes of a card in column binary */

struct card {
    uint16_t holes[CARD_COLUMNS]; /* rows 12, 11, 0, 1, ... 9 from bit 0x800 to bit 0x001 */
};

struct saved;
void card_saved(struct card *card, struct saved *s);

uint16_t card_holes(uint8_t character);
/* False: these holes are no character. */
bool card_character(uint16_t holes, uint8_t *character);

void card_from_ebcdic(struct card *card, const uint8_t bytes[CARD_COLUMNS]);
/* False if a column is no character; it is X'00' then. */
bool card_to_ebcdic(const struct card *card, uint8_t bytes[CARD_COLUMNS]);
/* Rows 12 to 3 of a column are bits 2 to 7 of its first byte, rows 4 to 9 those of its second;
 * bits 0 and 1 do not count. */
void card_from_binary(struct card *card, const uint8_t bytes[CARD_BINARY]);
void card_to_binary(const struct card *card, uint8_t bytes[CARD_BINARY]);

#endif

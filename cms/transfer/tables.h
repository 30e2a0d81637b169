/* CUT's alphabet (see tables.c): of the characters that every terminal has, 77 stand for bytes,
 * four times over; a selector says which of the four it is from there on. */
#ifndef CMS_TRANSFER_TABLES_H
#define CMS_TRANSFER_TABLES_H

#include "cms/transfer/indfile.h"

#define CUT_QUADRANTS  4
#define CUT_CHARACTERS 77

extern const uint8_t cut_digits[64]; /* six bits each */
extern const uint8_t cut_selectors[CUT_QUADRANTS];
extern const uint8_t cut_characters[CUT_CHARACTERS];
extern const int16_t cut_quadrants[CUT_QUADRANTS][CUT_CHARACTERS]; /* -1: none */

#endif

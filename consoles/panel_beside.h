/* What stands beside the machine's panel, for those who look: the 3270 that was written last, and
 * the first card reader.  Follows the records that go to the displays; changes nothing. */
#ifndef CONSOLES_PANEL_BESIDE_H
#define CONSOLES_PANEL_BESIDE_H

#include "consoles/panel_frame.h"

struct machine;
struct beside;

struct beside *beside_create(struct machine *m);
void beside_destroy(struct beside *b); /* NULL is allowed */
/* Looks what is there now; devices come and go. */
void beside_look(struct beside *b);
/* How often the screen has changed; 0: there is none.  The same for the cards. */
unsigned beside_screen_changes(const struct beside *b);
unsigned beside_card_changes(const struct beside *b);
size_t beside_screen(struct beside *b, uint8_t bytes[PANEL_SCREEN_SIZE]);
void beside_cards(const struct beside *b, uint8_t bytes[PANEL_CARDS_SIZE]);

#endif

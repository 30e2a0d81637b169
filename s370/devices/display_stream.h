/* Walking through 3270 data streams as far as a control unit must: are the orders whole and
 * the addresses on the screen, and where does the buffer address end up? */
#ifndef S370_DEVICES_DISPLAY_STREAM_H
#define S370_DEVICES_DISPLAY_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POSITION_UNKNOWN (-1)

/* A buffer address of two bytes in 12- or 14-bit form (GA23-0059, "Buffer Addressing"). */
unsigned display_address_decode(const uint8_t bytes[2]);
/* The same in the form that a buffer of `cells` wants (0: not known). */
void display_address_encode(uint8_t bytes[2], unsigned address, unsigned cells);

/* Walks through what follows the WCC.  False: an order is cut short, or its address lies
 * outside of `cells` (0: any address will do).  *position is the buffer address before and
 * after, or POSITION_UNKNOWN. */
bool display_walk(const uint8_t *stream, size_t length, unsigned cells, int *position);
/* True if all structured fields are whole and known. */
bool display_fields_good(const uint8_t *stream, size_t length, unsigned cells);

/* Takes out of the answer to a read (AID, cursor, data) what lies before `position`.
 * Returns the new length. */
size_t display_from_position(uint8_t *record, size_t length, bool whole_buffer, unsigned position);

#endif

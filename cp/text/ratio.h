/* Quotients of 64-bit numbers such as times, for people: to five digits, and without the 64-bit
 * division that the machine does not have. */
#ifndef CP_TEXT_RATIO_H
#define CP_TEXT_RATIO_H

#include <stdint.h>

/* part * scale / whole, rounded; 0 if there is no whole.  `scale` is at most 10000, and the result
 * must fit in 32 bits; so must part / whole. */
uint32_t ratio(uint64_t part, uint64_t whole, uint32_t scale);

#endif

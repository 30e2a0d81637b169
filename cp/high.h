/* Real storage beyond 16M, up to 64M.  CP's pointers have 24 bits and so have channel programs, so
 * these frames hold guests' pages only, and those only as long as the guest itself uses them: page
 * table entries reach there.  What CP or a channel wants to touch is brought down first
 * (guest_page).  When frames below are short the pager moves pages up rather than out.
 *
 * Storage keys beyond 16M are set for 4K at once (SSKE): a page whose halves have different keys
 * stays below. */
#ifndef CP_HIGH_H
#define CP_HIGH_H

#include "s370/arch/control.h"

#include <stdbool.h>
#include <stdint.h>

#define LOW_STORAGE 0x1000000u /* what 24 bits reach */
#define LOW_FRAMES  4096u

/* Between page table entries and real addresses of 26 bits. */
static inline uint32_t pte_real(uint32_t entry)
{
    return (entry & 6) << 23 | PTE4K_FRAME(entry);
}
static inline uint16_t pte_make(uint32_t real)
{
    return (uint16_t)((real >> 8 & 0xfff0) | (real >> 23 & 6));
}

/* The size of real storage, if there are 16M: with what is beyond. */
uint32_t high_find(void);
/* After frames_init: makes what the copies need.  Without storage for it nothing beyond is used. */
void high_init(void);
/* A free frame; 0: none. */
uint32_t high_take(void);
/* The page in `low` goes to the free frame `high`, and the other way round.  The frame that it
 * leaves is given back; nobody may have it locked.  Never sleep. */
void high_move_up(uint32_t low, uint32_t high);
void high_move_down(uint32_t high, uint32_t low);

#endif

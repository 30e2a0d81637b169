/* Real storage: page frames, and CP's free storage for control blocks.  All addresses
 * are real; CP runs without translation, so its pointers are real addresses.
 *
 * A frame is free, belongs to CP, or holds a page of a guest.  A reserve of frames is kept
 * for CP: cp_alloc does not sleep. */
#ifndef CP_FRAMES_H
#define CP_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE        4096u
#define PAGE_OF(address) ((uint32_t)(address) >> 12)

struct vmblok;
struct segment;

enum frame_use {
    FRAME_FREE,
    FRAME_CP,
    FRAME_GUEST,
    FRAME_ORPHAN, /* was a guest's, who has dropped it: goes when the last lock does */
};

/* One for each frame of real storage: 12 bytes. */
struct frame {
    struct segment *segment; /* FRAME_GUEST: where its page belongs ... */
    uint8_t index;           /* ... and which of that segment's it is */
    uint8_t use;             /* enum frame_use */
    uint16_t locks;          /* I/O in progress: must stay */
    uint8_t guest_bits[2]; /* reference and change bits (KEY_...) that the guest is to see for each
                              2K half, beside those in the storage key */
    uint8_t changed;       /* the page differs from its slot, beside what the key says */
    uint8_t moving;        /* page-out in progress */
};

/* Builds the frame table from `first` (first address that CP's image does not use) to
 * `size`.  The table itself is taken from there. */
void frames_init(uint32_t first, uint32_t size);
struct frame *frame_of(uint32_t address);

/* A frame for a page of `vm`: may sleep until the pager has made one free.  0 if the VM is to lose
 * its storage instead (FORCE; paging space full). */
uint32_t frame_take(struct vmblok *vm);
/* A frame for CP, from the reserve if need be: never sleeps; 0 if there is none.
 * Contents: zeros. */
uint32_t frame_take_cp(void);
void frame_give(uint32_t address);

/* How many frames may be kept from the pager, by LOCK and OPTION VIRT=REAL: the others must be left
 * enough. */
uint32_t frames_lockable(void);

/* Free storage: zeroed, aligned to 8 bytes (64 bytes for sizes of 64 and more; to a page for
 * 4096 and more); at most 8192.  NULL if there is none: the caller
 * refuses what it was asked to do.  `size` of cp_free is that of cp_alloc. */
void *cp_alloc(size_t size);
void cp_free(void *block, size_t size);
/* The same for what a guest's I/O needs for a while: sleeps until there is storage.  NULL only if
 * the VM is to lose its storage anyway (FORCE; paging space full). */
void *cp_alloc_wait(struct vmblok *vm, size_t size);

/* The task that keeps frames free by stealing pages not lately referenced. */
void pager_main(void *unused);

/* --- storage keys (SSK, ISK, RRB on real addresses; 2K blocks, beyond 16M both of a frame at once)
 * ---
 */
void key_set(uint32_t address, uint8_t key);
uint8_t key_get(uint32_t address);
uint8_t key_reset_reference(uint32_t address); /* returns old condition code: 2*R + C */

#endif

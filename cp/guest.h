/* Guest storage: what a virtual machine takes for its real storage.  Each guest has a
 * segment table (64K segments of 4K pages) that the machine translates with while the
 * guest runs; pages come into frames when they are touched.  A page never written holds
 * zeros and has no slot.
 *
 * "Guest real" addresses are addresses in that storage.  "Guest logical" addresses are
 * those its program uses: the same, unless the guest itself runs with DAT on. */
#ifndef CP_GUEST_H
#define CP_GUEST_H

#include "cp/frames.h"

#include <stdbool.h>
#include <stdint.h>

struct vmblok;

#define SEGMENT_SIZE      65536u
#define PAGES_PER_SEGMENT 16u

/* What is kept for each page that is not in a frame; 8 bytes. */
struct swap_entry {
    uint32_t slot;   /* where its contents are on disk; 0: none, it holds zeros */
    uint8_t keys[2]; /* storage keys of its halves while it is not in a frame */
    uint8_t flags;   /* SWAP_... */
    uint8_t unused;
};
enum swap_flag {
    SWAP_MOVING = 0x01, /* page-in or page-out in progress: sleep on the swap_entry */
    SWAP_LOCKED = 0x04, /* by the LOCK command: the frame has a lock for it */
    SWAP_SAVED = 0x02,  /* the slot is a saved system's: to be read only, and not to be freed */
};

/* The page table comes first: it must lie on a multiple of 8. */
struct segment {
    uint16_t page_table[PAGES_PER_SEGMENT]; /* as the machine reads it */
    struct swap_entry swap[PAGES_PER_SEGMENT];
    struct vmblok *vm; /* whose it is; NULL: shared (cp/saved.h) */
    bool attached;     /* it is there wherever the end of storage is */
};

/* Sets the storage size (bytes, multiple of 4096; at most 16 MiB) and clears.  May sleep.
 * False if there is no free storage for the tables. */
bool guest_set_size(struct vmblok *vm, uint32_t size);
/* Gives all pages back (contents become zeros, keys zero).  May sleep. */
void guest_clear(struct vmblok *vm);
/* Gives the pages [from, to] back, inclusive page numbers: DIAGNOSE 10.  Their contents become
 * zeros, their storage keys stay.  May sleep. */
void guest_release(struct vmblok *vm, uint32_t from_page, uint32_t to_page);

/* The real address where guest page number `page` lies now, after bringing it in; 0 if
 * the page is outside of the guest's storage or could not be read.  May sleep.  The address
 * is good until the caller sleeps the next time, unless the page is locked. */
uint32_t guest_page(struct vmblok *vm, uint32_t page);
/* The same, and the frame stays until guest_unlock_frame(real address).  `stores`: a channel will
 * store there, so a page that is shared is made the guest's own first. */
uint32_t guest_lock_page(struct vmblok *vm, uint32_t page, bool stores);
void guest_unlock_frame(uint32_t real);
/* LOCK and UNLOCK: the page stays in its frame until then, or until the guest's storage is cleared.
 * The real address; 0: it cannot be had, or was not locked.  guest_fix may sleep. */
uint32_t guest_fix(struct vmblok *vm, uint32_t page);
uint32_t guest_unfix(struct vmblok *vm, uint32_t page);
/* Must the page be read from disk? */
bool guest_page_on_disk(const struct vmblok *vm, uint32_t page);
/* Is there such a page: in storage, or in a segment attached beyond it? */
bool guest_page_exists(const struct vmblok *vm, uint32_t page);

/* --- for saved systems (cp/saved.c) --- */

/* Makes room in the tables for segment `n`. */
bool guest_grow(struct vmblok *vm, uint32_t n);
/* The segment of this page, made at first use; NULL: no storage. */
struct segment *guest_segment(struct vmblok *vm, uint32_t page);
/* Puts a segment (NULL: none) into the tables, in the place of one that the guest had, which is
 * given back unless it is shared.  May sleep. */
void guest_replace_segment(struct vmblok *vm, uint32_t n, struct segment *segment);
/* Makes a segment with empty pages. */
struct segment *segment_new(struct vmblok *vm);
/* Gives the segment's frames and slots back.  May sleep. */
void segment_empty(struct segment *segment);
/* Takes a resident page's frame away from its segment; what it holds is lost.  The caller purges
 * the TLB.  Never sleeps. */
void segment_drop_frame(struct segment *segment, uint32_t index);
/* Waits until nobody moves the page. */
void swap_wait(struct swap_entry *swap);
/* One page of a segment becomes zeros; the caller purges the TLB.  May sleep. */
void segment_release_page(struct segment *segment, uint32_t index);

/* Copy between CP and guest real storage, without regard to keys.  False, with nothing
 * or a part moved, if any byte is outside of the guest's storage.  May sleep. */
bool guest_read(struct vmblok *vm, uint32_t address, void *to, uint32_t length);
bool guest_write(struct vmblok *vm, uint32_t address, const void *from, uint32_t length);
bool guest_read32(struct vmblok *vm, uint32_t address, uint32_t *value);
bool guest_write32(struct vmblok *vm, uint32_t address, uint32_t value);

/* The same with guest logical addresses and the key in the virtual PSW, as an instruction
 * would access them.  Returns 0 or the program interruption code the guest is due; on a
 * translation exception vm->translation_address is set.  Nothing is moved unless all can
 * be.  May sleep. */
int guest_fetch(struct vmblok *vm, uint32_t address, void *to, uint32_t length);
int guest_store(struct vmblok *vm, uint32_t address, const void *from, uint32_t length);
/* Low-address protection: is it on, and `address` (logical) below 512? */
bool guest_low_protected(const struct vmblok *vm, uint32_t address);
/* Only the check of guest_fetch or guest_store. */
int guest_check(struct vmblok *vm, uint32_t address, uint32_t length, bool store);
/* Logical to guest real.  0 or a program interruption code. */
int guest_translate(struct vmblok *vm, uint32_t logical, uint32_t *real);

/* Storage key of the 2K block at guest real `address` (must be inside). May sleep. */
uint8_t guest_get_key(struct vmblok *vm, uint32_t address);
void guest_set_key(struct vmblok *vm, uint32_t address, uint8_t key);
/* RRB: resets the reference bit, returns the condition code (2 if it was on, plus 1 if changed). */
unsigned guest_reset_reference(struct vmblok *vm, uint32_t address);

/* Page faults of the running guest: brings the page at guest real `address` in. */
bool guest_page_in(struct vmblok *vm, uint32_t address);
/* Counts for INDICATE and QUERY: pages in frames, pages on disk. */
void guest_page_counts(const struct vmblok *vm, uint32_t *resident, uint32_t *on_disk);

#endif

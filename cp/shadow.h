/* Guests that use DAT themselves: shadow tables.  The machine cannot translate twice, so
 * while such a guest runs with translation on, CP gives it tables of its own making, from
 * guest virtual to real addresses.  They begin empty; each fault walks the guest's tables,
 * then CP's, and fills one entry.
 *
 * There are several sets of them, one for each address space that the guest used last: for each
 * value of its control register 1, and of what its control register 0 says of the translation.  A
 * guest that goes from space to space and back finds what it had: as in the TLB of a machine, whose
 * entries know their segment table.  PTLB and IPTE empty all sets, as the architecture lets a TLB
 * keep old entries until then. */
#ifndef CP_SHADOW_H
#define CP_SHADOW_H

#include "cp/vmblok.h"

#include <stdbool.h>
#include <stdint.h>

#define SHADOW_SEGMENTS 256 /* the whole 16 MiB */
#define SHADOW_PAGES    32  /* in a page table, of 2K; of 4K pages only the first half is used */
#define SHADOW_SETS     4

struct shadow {
    uint32_t *segment_table;
    uint16_t *page_tables[SHADOW_SEGMENTS];
    bool empty;
    uint32_t cr0, cr1; /* the space: of the guest's control registers what counts */
};

/* Of one guest; the first set is the one used last. */
struct shadows {
    struct shadow *set[SHADOW_SETS]; /* those behind the last one are NULL */
};

/* True if the virtual PSW is in EC mode with translation on. */
bool shadow_needed(const struct vmblok *vm);
/* The control register 0 to run the guest with: the shadow's page size is the guest's. */
uint32_t shadow_cr0(const struct vmblok *vm);
/* The control register 1 to run the guest with, of the set for its space: one that there is, an
 * empty one, or that of the space which it has not used for longest.  0 if there is no storage. */
uint32_t shadow_cr1(struct vmblok *vm);
/* A fault of a guest with translation on, at guest virtual `address`: fills the entry.
 * Returns 0, or the program interruption code for the guest.  May sleep. */
int shadow_fault(struct vmblok *vm, uint32_t address);
/* The guest did PTLB or IPTE. */
void shadow_purge(struct vmblok *vm);
/* A page of the guest left its frame: no entry may show it any more.  Never sleeps. */
void shadow_page_gone(struct vmblok *vm);
void shadow_free(struct vmblok *vm);

/* Walks the guest's own tables, whatever the PSW says.  0 and *real; or a program interruption
 * code, and *entry (if not NULL) is where LRA points to (segment or page table entry).  `entry` of
 * the LRA condition code 3 (length) is told apart by *length_violation. */
int shadow_walk(struct vmblok *vm, uint32_t address, uint32_t *real, uint32_t *entry,
                bool *length_violation);

#endif

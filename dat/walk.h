/* The walk through segment and page table, in line: for the gate, which does it at each miss of the
 * TLB, and for translate.c, through which all others come. */
#ifndef DAT_WALK_H
#define DAT_WALK_H

#include "dat/translate.h"

#include "lib/be.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"

/* What CR0 bits 8-12 say; a page shift of 0: they are none of the four formats. */
struct dat_format {
    uint8_t segment_shift;
    uint8_t page_shift;
    uint16_t page_mask;   /* of the page index */
    uint8_t length_shift; /* page index to the units of the page table length */
};

static inline struct dat_format dat_format(uint32_t cr0)
{
    switch (cr0 & CR0_TRANSLATION) {
    case CR0_PAGE_2K | CR0_SEGMENT_64K:
        return (struct dat_format){16, 11, 0x1f, 1};
    case CR0_PAGE_4K | CR0_SEGMENT_64K:
        return (struct dat_format){16, 12, 0x0f, 0};
    case CR0_PAGE_2K | CR0_SEGMENT_1M:
        return (struct dat_format){20, 11, 0x1ff, 5};
    case CR0_PAGE_4K | CR0_SEGMENT_1M:
        return (struct dat_format){20, 12, 0xff, 4};
    default:
        return (struct dat_format){0};
    }
}

static inline int dat_outcome(struct dat_result *result, enum dat_kind kind, uint32_t address,
                              bool page)
{
    result->kind = kind;
    result->address = address;
    result->in_page_table = page;
    result->protects = false;
    return 0;
}

/* dat_translate, with the format of CR0. */
static inline __attribute__((always_inline)) int dat_walk(const struct storage *s, uint32_t prefix,
                                                          struct dat_format f, uint32_t cr1,
                                                          uint32_t virtual_address,
                                                          struct dat_result *result)
{
    if (!f.page_shift)
        return PGM_TRANSLATION;
    uint32_t segment = (virtual_address & 0xffffff) >> f.segment_shift;
    uint32_t at = (CR1_ORIGIN(cr1) + segment * 4) & 0xffffff;
    /* The length counts units of 16 entries, less one: with 64K segments these are
     * bits 8-11 of the address; the 16 entries for 1M segments always exist. */
    if (segment >> 4 > CR1_LENGTH(cr1))
        return dat_outcome(result, DAT_LENGTH, at, false);
    if (storage_absolute(prefix, at) > s->size - 4)
        return PGM_ADDRESSING;
    uint32_t entry = load_be32(s->main + storage_absolute(prefix, at));
    if (entry & STE_INVALID)
        return dat_outcome(result, DAT_SEGMENT_INVALID, at, false);
    if (entry & 0x0f000000)
        return PGM_TRANSLATION;
    uint32_t page = virtual_address >> f.page_shift & f.page_mask;
    at = (STE_ORIGIN(entry) + page * 2) & 0xffffff;
    if (page >> f.length_shift > STE_LENGTH(entry))
        return dat_outcome(result, DAT_LENGTH, at, true);
    if (storage_absolute(prefix, at) > s->size - 2)
        return PGM_ADDRESSING;
    uint32_t pte = load_be16(s->main + storage_absolute(prefix, at));
    bool pages_4k = f.page_shift == 12;
    if (pte & (pages_4k ? PTE4K_INVALID : PTE2K_INVALID))
        return dat_outcome(result, DAT_PAGE_INVALID, at, true);
    /* Bits 13 and 14 are those of weight 2^25 and 2^24 in a real address. */
    bool extended = pages_4k && storage_is_extended(s);
    uint32_t extension = pte & (pages_4k ? 0x0006 : 0x0002);
    if (extension && !extended)
        return PGM_TRANSLATION;
    uint32_t byte = virtual_address & ((1u << f.page_shift) - 1);
    uint32_t frame = pages_4k ? PTE4K_FRAME(pte) | extension << 23 : PTE2K_FRAME(pte);
    (void)dat_outcome(result, DAT_REAL, frame | byte, false);
    result->protects = entry & STE_PROTECT;
    return 0;
}

/* dat_fault */
static inline int dat_fault_of(const struct dat_result *result)
{
    switch (result->kind) {
    case DAT_REAL:
        return 0;
    case DAT_SEGMENT_INVALID:
        return PGM_SEGMENT;
    case DAT_PAGE_INVALID:
        return PGM_PAGE;
    case DAT_LENGTH:
        return result->in_page_table ? PGM_PAGE : PGM_SEGMENT;
    }
    return PGM_TRANSLATION;
}

#endif

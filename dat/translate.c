/* The walk through segment and page table. */
#include "dat/translate.h"

#include "lib/be.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"

/* The four formats of CR0 bits 8-12. */
struct format {
    uint8_t segment_shift;
    uint8_t page_shift;   /* 0: not a format */
    uint16_t page_mask;   /* of the page index */
    uint8_t length_shift; /* page index to the units of the page table length */
};

#define FORMAT(cr0) (((cr0)&CR0_TRANSLATION) >> 19)

static const struct format formats[32] = {
    [FORMAT(CR0_PAGE_2K | CR0_SEGMENT_64K)] = {16, 11, 0x1f, 1},
    [FORMAT(CR0_PAGE_4K | CR0_SEGMENT_64K)] = {16, 12, 0x0f, 0},
    [FORMAT(CR0_PAGE_2K | CR0_SEGMENT_1M)] = {20, 11, 0x1ff, 5},
    [FORMAT(CR0_PAGE_4K | CR0_SEGMENT_1M)] = {20, 12, 0xff, 4},
};

uint32_t dat_page_size(uint32_t cr0)
{
    unsigned shift = formats[FORMAT(cr0)].page_shift;
    return shift ? 1u << shift : 0;
}

static int outcome(struct dat_result *result, enum dat_kind kind, uint32_t address, bool page)
{
    result->kind = kind;
    result->address = address;
    result->in_page_table = page;
    result->protects = false;
    return 0;
}

int dat_translate(const struct storage *s, uint32_t prefix, uint32_t cr0, uint32_t cr1,
                  uint32_t virtual_address, struct dat_result *result)
{
    const struct format *f = &formats[FORMAT(cr0)];
    if (!f->page_shift)
        return PGM_TRANSLATION;
    uint32_t segment = (virtual_address & 0xffffff) >> f->segment_shift;
    uint32_t at = (CR1_ORIGIN(cr1) + segment * 4) & 0xffffff;
    /* The length counts units of 16 entries, less one: with 64K segments these are
     * bits 8-11 of the address; the 16 entries for 1M segments always exist. */
    if (segment >> 4 > CR1_LENGTH(cr1))
        return outcome(result, DAT_LENGTH, at, false);
    if (storage_absolute(prefix, at) > s->size - 4)
        return PGM_ADDRESSING;
    uint32_t entry = load_be32(s->main + storage_absolute(prefix, at));
    if (entry & STE_INVALID)
        return outcome(result, DAT_SEGMENT_INVALID, at, false);
    if (entry & 0x0f000000)
        return PGM_TRANSLATION;
    uint32_t page = virtual_address >> f->page_shift & f->page_mask;
    at = (STE_ORIGIN(entry) + page * 2) & 0xffffff;
    if (page >> f->length_shift > STE_LENGTH(entry))
        return outcome(result, DAT_LENGTH, at, true);
    if (storage_absolute(prefix, at) > s->size - 2)
        return PGM_ADDRESSING;
    uint32_t pte = load_be16(s->main + storage_absolute(prefix, at));
    bool pages_4k = f->page_shift == 12;
    if (pte & (pages_4k ? PTE4K_INVALID : PTE2K_INVALID))
        return outcome(result, DAT_PAGE_INVALID, at, true);
    /* Bits 13 and 14 are those of weight 2^25 and 2^24 in a real address. */
    bool extended = pages_4k && storage_is_extended(s);
    uint32_t extension = pte & (pages_4k ? 0x0006 : 0x0002);
    if (extension && !extended)
        return PGM_TRANSLATION;
    uint32_t byte = virtual_address & ((1u << f->page_shift) - 1);
    uint32_t frame = pages_4k ? PTE4K_FRAME(pte) | extension << 23 : PTE2K_FRAME(pte);
    (void)outcome(result, DAT_REAL, frame | byte, false);
    result->protects = entry & STE_PROTECT;
    return 0;
}

int dat_fault(const struct dat_result *result)
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

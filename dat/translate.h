/* Dynamic address translation: the walk through segment and page table.  No TLB and no
 * protection here.  Source: GA22-7000, "Dynamic Address Translation". */
#ifndef DAT_TRANSLATE_H
#define DAT_TRANSLATE_H

#include "dat/storage.h"

/* The outcomes, numbered as LOAD REAL ADDRESS sets the condition code. */
enum dat_kind {
    DAT_REAL = 0,            /* `address` is the real address */
    DAT_SEGMENT_INVALID = 1, /* `address` is that of the segment table entry */
    DAT_PAGE_INVALID = 2,    /* ... of the page table entry */
    DAT_LENGTH = 3,          /* ... of the entry that lies beyond its table */
};

struct dat_result {
    enum dat_kind kind;
    bool in_page_table; /* with DAT_LENGTH: which table was too short */
    bool protects;      /* with DAT_REAL: segment protection, no stores */
    uint32_t address;
};

/* Translates `virtual_address` (24 bits) by the format in `cr0` and the segment table
 * that `cr1` designates; the tables' addresses are real ones of a CPU with that prefix.  Returns 0
 * with *result filled, or a program interruption code: PGM_ADDRESSING (a table outside of storage)
 * or PGM_TRANSLATION (bad format). */
int dat_translate(const struct storage *s, uint32_t prefix, uint32_t cr0, uint32_t cr1,
                  uint32_t virtual_address, struct dat_result *result)
    __attribute__((warn_unused_result));

/* The program interruption code that a result gives when an access needs it: 0 for
 * DAT_REAL, PGM_SEGMENT or PGM_PAGE. */
int dat_fault(const struct dat_result *result);

/* Bytes in a page by CR0 (2048 or 4096), or 0 if the format is not a valid one. */
uint32_t dat_page_size(uint32_t cr0);

#endif

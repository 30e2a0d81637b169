/* Address spaces for tests of the dual-address-space facility: tables in real storage, in which
 * each thing that can be wrong is wrong somewhere.  Used by tests/target/spaces.c and
 * tests/unit/test_cpu_dual_space.c.
 *
 * Eight spaces, 0 to 7.  Pages 0 to 7 of each are real storage as it is (so that programs and
 * tables are everywhere); page 8 is a frame of its own, page 9 another; page A is invalid, and so
 * is segment 1.  Segment 2 is segment 0 again, protected.  4K pages, 64K segments. */
#ifndef TESTS_TARGET_SPACES_H
#define TESTS_TARGET_SPACES_H

#include "lib/be.h"

#include <string.h>

#define SPACES 8u

#define SEGMENTS(n) (0x3000u + 64 * (n))
#define PAGES(n)    (0x3400u + 32 * (n))
#define FIRST       0x4000u /* ASN first table: as in CR14, 4 */
#define SECOND(n)   (0x5000u + 1024 * (n))
#define AUTHORITY   0x5800u                   /* 16 bytes for each space, indexes 0 to 63 */
#define LINKAGE     0x6000u                   /* 64 entries */
#define ENTRIES     0x6400u                   /* 16 of them */
#define FRAMES(n)   (0x10000u + 0x1000 * (n)) /* page 8; page 9 is 8000 further on */

#define DESIGNATION(n) SEGMENTS(n) /* one unit of length: 16 segments */
#define LINKING        (0x80000001u | LINKAGE)

/* ASNs.  Those of the spaces 1 to 4 are 1 to 4; 5 has the space-switch event. */
enum {
    ASN_EVENT = 5,
    ASN_SHORT = 6,       /* its authority table has 16 indexes only */
    ASN_FAR = 0x47,      /* space 7, in the other second table */
    ASN_INVALID = 0x08,  /* in the second table */
    ASN_WRONG = 0x09,    /* bits of its entry that must be zero */
    ASN_WRONG_60 = 0x0a, /* the same in the second word */
    ASN_NO_TABLE = 0x80, /* invalid in the first table */
    ASN_BAD_TABLE = 0xc0,
    ASN_NOWHERE = 0x100, /* a second table beyond storage */
};

/* PC numbers: the linkage index, and in its table the entry index. */
enum {
    PC_CURRENT = 0x00,    /* current primary, problem state, for keys 8 to F */
    PC_SUPERVISOR = 0x01, /* the same, supervisor state */
    PC_SWITCH = 0x02,     /* to space 2 */
    PC_EVENT = 0x03,      /* to space 5 */
    PC_NOBODY = 0x04,     /* no program in problem state may call it */
    PC_WRONG = 0x05,      /* bits 32-39 of the entry */
    PC_NO_SPACE = 0x06,   /* to ASN_INVALID */
    PC_NO_ENTRY = 0x10,   /* beyond the entry table */
    PC_INVALID = 0x100,   /* linkage entry */
    PC_BAD_TABLE = 0x200,
    PC_NOWHERE = 0x300,
    PC_NO_LINK = 0x4000, /* beyond the linkage table */
};

static inline void spaces_space(uint8_t *storage, unsigned n)
{
    for (unsigned k = 0; k < 16; k++) {
        store_be32(storage + SEGMENTS(n) + 4 * k, k ? 1 : 0xf0000000 | PAGES(n));
        store_be16(storage + PAGES(n) + 2 * k, k < 8 ? k << 4 : 0x0008);
    }
    store_be32(storage + SEGMENTS(n) + 8, 0xf0000004 | PAGES(n));
    store_be16(storage + PAGES(n) + 16, FRAMES(n) >> 8);
    store_be16(storage + PAGES(n) + 18, FRAMES(n + 8) >> 8);
}

static inline void spaces_asn(uint8_t *storage, uint32_t asn, unsigned n, uint32_t flags)
{
    uint8_t *p = storage + SECOND(asn >> 6) + 16 * (asn & 63);
    store_be32(p, flags | (AUTHORITY + 16 * n));
    store_be32(p + 4, (n + 0x10) << 16 | (n == ASN_SHORT ? 0 : 3) << 4);
    store_be32(p + 8, DESIGNATION(n) | (n == ASN_EVENT));
    store_be32(p + 12, LINKING);
}

static inline void spaces_entry(uint8_t *storage, uint32_t number, uint32_t left, uint32_t address)
{
    uint8_t *p = storage + ENTRIES + 16 * number;
    store_be32(p, left);
    store_be32(p + 4, address);
    store_be32(p + 8, 0xcafe0000 | number);
    store_be32(p + 12, 0x12340000);
}

/* `entry`: where the entries begin. */
static inline void spaces_make(uint8_t *storage, uint32_t entry)
{
    memset(storage + 0x3000, 0, 0x5000);
    for (unsigned n = 0; n < SPACES; n++)
        spaces_space(storage, n);
    for (unsigned k = 0; k < 1024; k++)
        store_be32(storage + FIRST + 4 * k, 0x80000000);
    store_be32(storage + FIRST, SECOND(0));
    store_be32(storage + FIRST + 4, SECOND(1));
    store_be32(storage + FIRST + 4 * (ASN_BAD_TABLE >> 6), SECOND(0) | 8);
    store_be32(storage + FIRST + 4 * (ASN_NOWHERE >> 6), 0x00fffff0);
    for (unsigned k = 0; k < 128; k++)
        store_be32(storage + SECOND(0) + 16 * k, 0x80000000);
    for (unsigned n = 0; n < 7; n++)
        spaces_asn(storage, n, n, 0);
    spaces_asn(storage, ASN_FAR, 7, 0);
    spaces_asn(storage, ASN_INVALID, 1, 0x80000000);
    spaces_asn(storage, ASN_WRONG, 1, 2);
    spaces_asn(storage, ASN_WRONG_60, 1, 0);
    storage[SECOND(0) + 16 * ASN_WRONG_60 + 7] |= 4;
    /* Two bits for each index: in byte 4 (indexes 10 to 13) and others, something of all. */
    for (unsigned k = 0; k < 16 * SPACES; k++)
        storage[AUTHORITY + k] = (uint8_t)(k % 5 == 0 ? 0xff : k * 0x1b);
    for (unsigned k = 0; k < 64; k++)
        store_be32(storage + LINKAGE + 4 * k, 0x80000000);
    store_be32(storage + LINKAGE, ENTRIES | 3);
    store_be32(storage + LINKAGE + 4 * (PC_BAD_TABLE >> 8), ENTRIES | 3 | 0x01000000);
    store_be32(storage + LINKAGE + 4 * (PC_NOWHERE >> 8), 0x00ffffc3);
    spaces_entry(storage, PC_CURRENT, 0x00ff0000, entry | 1);
    spaces_entry(storage, PC_SUPERVISOR, 0x00ff0000, entry);
    spaces_entry(storage, PC_SWITCH, 0x00ff0002, entry | 1);
    spaces_entry(storage, PC_EVENT, 0x00ff0000 | ASN_EVENT, entry);
    spaces_entry(storage, PC_NOBODY, 0, entry);
    spaces_entry(storage, PC_WRONG, 0x00ff0000, entry | 0x01000000);
    spaces_entry(storage, PC_NO_SPACE, 0x00ff0000 | ASN_INVALID, entry);
}

#endif

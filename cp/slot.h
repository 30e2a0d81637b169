/* CP volumes and their page slots.  A CP-owned volume (3350) is formatted with records of
 * 4096 bytes, 4 on a track, 30 tracks a cylinder.  A slot is one such record:
 * volume index in the high byte, cylinder*120 + head*4 + record-1 in the other 24 bits.
 * Slot 0 (the IPL record) stands for "none".
 *
 * Record 4 of cylinder 0, track 0 is the allocation map: a byte for each cylinder. */
#ifndef CP_SLOT_H
#define CP_SLOT_H

#include <stdbool.h>
#include <stdint.h>

struct rdev;

#define SLOT_SIZE          4096u
#define SLOTS_PER_TRACK    4u
#define SLOTS_PER_CYLINDER 120u
#define SLOT_VOLUME(slot)  ((slot) >> 24)
#define SLOT_NUMBER(slot)  ((slot)&0x00ffffff)

/* Codes in the allocation map. */
enum slot_kind {
    CYLINDER_FREE = 0x00,
    CYLINDER_PERM = 0x01, /* minidisks */
    CYLINDER_TEMP = 0x02, /* spool */
    CYLINDER_DRCT = 0x04, /* directory */
    CYLINDER_PAGE = 0x08, /* paging */
    CYLINDER_CKPT = 0x10, /* spool checkpoint */
    CYLINDER_NUCL = 0x20, /* the nucleus */
    CYLINDER_TDSK = 0x40, /* temporary disks */
    CYLINDER_DUMP = 0x80, /* CP's storage when it failed */
};

#define VOLUME_MAX       16
#define VOLUME_CYLINDERS 560

/* A CP-owned volume.  Its place in cp.volumes is part of slot numbers on disk, so it stays: volume
 * 0 is the system residence, the others have the places that its record (cp/sysres.h) gives them.
 */
struct volume {
    struct rdev *rdev; /* NULL: not mounted */
    char volser[7];
    uint16_t cylinders;
    uint8_t *map; /* enum slot_kind */
    /* One bit for each slot of TEMP and PAGE cylinders, by cylinder; NULL: none in use. */
    uint8_t **used;
    uint8_t *in_use; /* how many bits are on; of TDSK cylinders cp/tdisk.c's state */
};

/* Reads the allocation maps of all DASD that are CP-owned, and cp.sysres.  May sleep. */
void slots_init(void);
/* A slot of the residence, before slots_init. */
bool slots_read_residence(uint32_t number, void *page);

/* Both may sleep; `page` need not lie on a page boundary.  False after a permanent error, which
 * the operator is told of. */
bool slot_read(uint32_t slot, void *page) __attribute__((warn_unused_result));
bool slot_write(uint32_t slot, const void *page) __attribute__((warn_unused_result));

/* Takes a free slot of this kind (TEMP or PAGE); 0 if all are in use. */
uint32_t slot_alloc(enum slot_kind kind);
void slot_free(uint32_t slot);
/* Marks a slot as used (warm start).  False if it is no slot of `kind` or is used already. */
bool slot_reserve(enum slot_kind kind, uint32_t slot);
/* First slot of the n'th cylinder (from 0) of this kind over all volumes; 0: no more. */
uint32_t slot_area(enum slot_kind kind, unsigned n);
/* How many slots of the kind there are, and how many are in use. */
void slot_count(enum slot_kind kind, uint32_t *all, uint32_t *used);

#endif

/* Fixed-block disks (3310, 3370) as programs see them: commands, the parameters of DEFINE EXTENT
 * and LOCATE, what READ DEVICE CHARACTERISTICS gives.  GA26-1657, GA26-1660. */
#ifndef S370_ARCH_FBA_H
#define S370_ARCH_FBA_H

#include "s370/arch/ccw.h"

#include <stdbool.h>

#define FBA_BLOCK_BYTES 512u

enum fba_command {
    FBA_READ_IPL = 0x02,
    FBA_WRITE = 0x41,
    FBA_READ = 0x42,
    FBA_LOCATE = 0x43,
    FBA_DEFINE_EXTENT = 0x63,
    FBA_READ_CHARACTERISTICS = 0x64,
};

/* LOCATE's operations. */
enum fba_operation {
    FBA_OPERATION_WRITE = 1,
    FBA_OPERATION_READ = 6,
};

struct fba_extent {
    uint8_t mask; /* how it may be written */
    uint8_t zeros[3];
    be32 start; /* first block of the extent on the device */
    be32 first; /* the numbers of its first and last block ... */
    be32 last;
};
LAYOUT(struct fba_extent, 16);

struct fba_location {
    uint8_t operation;
    uint8_t replication;
    be16 count;
    be32 block; /* ... in LOCATE */
};
LAYOUT(struct fba_location, 8);

struct fba_characteristics {
    uint8_t modes, features, device_class, unit_type;
    be16 block_size;
    be32 cyclic;   /* blocks of a cyclic group */
    be32 position; /* blocks of an access position */
    be32 blocks;   /* of the device */
    uint8_t rest[14];
};
LAYOUT(struct fba_characteristics, 32);

/* A channel program that reads or writes blocks in a row. */
struct fba_program {
    struct ccw ccws[3];
    struct fba_extent extent;
    struct fba_location location;
};

/* `count` blocks from `block` on (from 0), at most 127. */
static inline void fba_program_build(struct fba_program *p, uint32_t block, uint32_t count,
                                     const void *bytes, bool write)
{
    *p = (struct fba_program){.location.operation =
                                  write ? FBA_OPERATION_WRITE : FBA_OPERATION_READ};
    put32(&p->extent.start, block);
    put32(&p->extent.last, count - 1);
    put16(&p->location.count, count);
    ccw_set(&p->ccws[0], FBA_DEFINE_EXTENT, &p->extent, CCW_CHAIN_COMMAND, sizeof p->extent);
    ccw_set(&p->ccws[1], FBA_LOCATE, &p->location, CCW_CHAIN_COMMAND, sizeof p->location);
    ccw_set(&p->ccws[2], write ? FBA_WRITE : FBA_READ, bytes, 0, count * FBA_BLOCK_BYTES);
}

/* Where a CMS disk of `size`-byte blocks has its block `number` (from 1): its first block of 512
 * bytes, and in *count how many it has.  The label, by number EDF's block 3, is in block 1. */
static inline uint32_t fba_of_cms_block(uint32_t number, uint32_t size, uint32_t *count)
{
    *count = number == 3 ? 1 : size / FBA_BLOCK_BYTES;
    return number == 3 ? 1 : (number - 1) * (size / FBA_BLOCK_BYTES);
}

#endif

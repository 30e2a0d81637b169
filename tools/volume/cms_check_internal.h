/* What the checks of EDF and of 800-byte disks share. */
#ifndef TOOLS_VOLUME_CMS_CHECK_INTERNAL_H
#define TOOLS_VOLUME_CMS_CHECK_INTERNAL_H

#include "tools/volume/cms_check.h"

struct check {
    const struct edf_io *io;
    uint32_t size, blocks;
    uint8_t *seen; /* by block number */
    unsigned faults;
    void (*message)(void *context, const char *text);
    void *context;
    const char *file; /* that is being checked */
};

/* Goes over the data blocks of a tree in order, calling visit(). */
struct walk {
    uint32_t index, pointer_size;
    /* V: what the pointer blocks say of the data block, 0 levels: nothing */
    uint32_t highest, start;
    void (*visit)(struct check *c, struct walk *w, const uint8_t *bytes);
    void *context;
};

/* V files: the records must agree with the pointers. */
struct varying {
    uint32_t record; /* records that began before this point */
    uint32_t left;   /* bytes of the present one that are still to come */
    int half;        /* the first byte of a length, if it was the block's last; or -1 */
    uint32_t items, longest;
    unsigned levels; /* of pointers that say which records begin where; 0: none do */
};

void check_fault(struct check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Is the disk as long as it says?  With a block's room. */
void check_last(struct check *c, uint8_t *bytes);
/* Notes a block as used; a fault if it is not on the disk, or used before. */
bool check_use(struct check *c, uint32_t block);
/* The next data block of a V file; w->context is a struct varying. */
void check_varying_block(struct check *c, struct walk *w, const uint8_t *bytes);
/* Checks a disk of 800-byte blocks whose label is in `bytes` (800). */
void cdf_check(struct check *c, uint8_t *bytes);

#endif

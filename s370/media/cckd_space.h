/* The free space of a compressed disk image that is open for writing.  It is not kept in the file
 * meanwhile: what no table refers to is free, so a kill loses nothing.  Offsets and lengths are in
 * bytes of the file. */
#ifndef S370_MEDIA_CCKD_SPACE_H
#define S370_MEDIA_CCKD_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CCKD_FREE_MIN 8u /* bytes: a free space holds the offset of the next and its own length */

struct cckd_extent {
    uint64_t offset, length;
};

/* The free spaces in order; the last one is never the end of the file. */
struct cckd_space {
    struct cckd_extent *free;
    size_t count, room;
    uint64_t end; /* the file's size */
};

/* Makes of the `count` extents that are in use (in any order, sorted here) the free ones of a file
 * of `size` bytes.  False if two overlap or one is outside of the file (EBADMSG), or ENOMEM. */
bool cckd_space_build(struct cckd_space *s, struct cckd_extent *used, size_t count, uint64_t size);
void cckd_space_free(struct cckd_space *s);
/* Gives `length` bytes at a multiple of `align` (1 or 8): the first space that is large enough, or
 * the end of the file.  Sets *slack to bytes behind them that are too few for a free space and
 * belong to the caller as well (slack NULL: there must be none).  0 with errno set if the file
 * cannot grow (EFBIG). */
uint64_t cckd_space_take(struct cckd_space *s, uint32_t length, unsigned align, unsigned *slack);
/* Gives back an extent (too small ones are forgotten).  False with errno ENOMEM: it is lost until
 * the next open. */
bool cckd_space_give(struct cckd_space *s, uint64_t offset, uint64_t length);

#endif

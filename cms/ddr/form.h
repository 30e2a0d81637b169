/* What DDR writes on tape.
 * On tape each block is one thing: a struct ddr_label first, then for each track its struct
 * ddr_track and behind that its records (count, key, data), a struct ddr_track of cylinder FFFF
 * last, then a tape mark. A reel that ends goes on in another, which begins with a label, too. */
#ifndef CMS_DDR_FORM_H
#define CMS_DDR_FORM_H

#include "lib/be.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DDR_TRACK_MOST   60000u /* bytes of a track's records */
#define DDR_RECORDS_MOST 150u   /* of a track */
#define DDR_COUNT        8u

struct ddr_label {
    char id[8];    /* 00 "DDR-1   " */
    char volid[6]; /* 08 of the disk */
    be16 type;     /* 0E 3350 */
    be16 cylinders, heads;
    be16 reel; /* 14 from 1 */
    char date[8];
    uint8_t zero[2];
};
LAYOUT(struct ddr_label, 32);

struct ddr_track {
    char id[4]; /* 00 "TRK " */
    be16 cylinder, head;
    be16 records, zero;
    be32 length; /* 0C of the records */
};
LAYOUT(struct ddr_track, 16);
#define DDR_LAST_CYLINDER 0xffffu

static inline uint32_t record_length(const uint8_t *count)
{
    return DDR_COUNT + count[5] + load_be16(count + 6);
}

/* Do the records fill a track's block exactly?  What a damaged tape says is not believed. */
bool ddr_track_is_good(const uint8_t *block, size_t length);

#endif

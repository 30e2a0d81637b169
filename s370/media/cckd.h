/* Compressed disk images of Hercules ("CKD_C370", and "FBA_C370" of fixed-block disks).  A disk
 * consists of units: tracks, or groups of CCKD_GROUP blocks.  A unit is found through a table of
 * tables: L1 entry unit/256 is the offset of an L2 table, whose entry unit%256 has the offset and
 * length of the unit's image: one byte that says how it is compressed, CC and HH or the group's
 * number, and the track from record zero on, or the blocks.  Units that were never written have no
 * image.  All numbers but those in images are little-endian. */
#ifndef S370_MEDIA_CCKD_H
#define S370_MEDIA_CCKD_H

#include <stdbool.h>
#include <stdint.h>

#define CCKD_GROUP 120u /* blocks of 512 bytes */

enum compression {
    COMPRESSED_NOT,
    COMPRESSED_ZLIB,
    COMPRESSED_BZIP2,
};

struct cckd;

/* `fd` stays the caller's; `heads` 0: a fixed-block disk.  NULL with *wrong set to what is wrong
 * with the file. */
struct cckd *cckd_open(int fd, uint64_t file_size, unsigned heads, const char **wrong);
void cckd_close(struct cckd *c); /* NULL is allowed */
/* Cylinders; of a fixed-block disk, blocks. */
uint32_t cckd_length(const struct cckd *c);

/* Expands a unit to `buffer` of `size` bytes; zeros behind a track's end mark.  False with errno
 * set (EBADMSG: the image is damaged). */
bool cckd_read(const struct cckd *c, uint32_t unit, uint8_t *buffer, uint32_t size);

/* False: a shadow file that does not have the unit. */
bool cckd_has(const struct cckd *c, uint32_t unit);

/* From now on units may be written (the file, of this size, is locked).  While it is open the
 * header says so, to other programs too; closing writes the free spaces and clears that.  False
 * with *wrong set. */
bool cckd_begin_writing(struct cckd *c, uint64_t file_size, const char **wrong);
/* Writes a track of `length` bytes, from home address to end mark; or a group, CCKD_GROUP * 512
 * bytes.  After a kill the file has the old or the new unit.  False with errno set: nothing has
 * changed. */
bool cckd_write(struct cckd *c, uint32_t unit, const uint8_t *bytes, uint32_t length);

struct cckd_statistics {
    uint64_t file_size, free; /* bytes; `free` only of a file that is open for writing */
    uint32_t units;           /* that are in this file, not below it */
    uint32_t stored;          /* of them, those that are not empty */
    uint8_t compression;      /* of what will be written */
};

void cckd_statistics(const struct cckd *c, struct cckd_statistics *to);

/* Writes the headers and tables of an image with empty units to an empty file. `header`: the 512
 * bytes of a plain image's; `length` and `heads`: as above.  A shadow file has no unit: all are in
 * the file below it. */
bool cckd_format(int fd, const uint8_t *header, uint32_t length, unsigned heads,
                 uint8_t compression, bool shadow);

#endif

/* Compressed disk images of Hercules ("CKD_C370").  A track is found through a
 * table of tables: L1 entry track/256 is the offset of an L2 table, whose entry track%256 has
 * the offset and length of the track's image: one byte that says how it is compressed, CC, HH,
 * and the track from record zero on.  Tracks that were never written have no image.  All
 * numbers but those in tracks are little-endian. */
#ifndef S370_MEDIA_CKD_COMPRESSED_H
#define S370_MEDIA_CKD_COMPRESSED_H

#include <stdbool.h>
#include <stdint.h>

enum compression {
    COMPRESSED_NOT,
    COMPRESSED_ZLIB,
    COMPRESSED_BZIP2,
};

struct ckd_compressed;

/* `fd` stays the caller's.  NULL with *wrong set to what is wrong with the file. */
struct ckd_compressed *ckd_compressed_open(int fd, uint64_t file_size, unsigned heads,
                                           const char **wrong);
void ckd_compressed_close(struct ckd_compressed *c); /* NULL is allowed */
unsigned ckd_compressed_cylinders(const struct ckd_compressed *c);

/* Expands a track to `buffer` of `size` bytes; zeros behind its end mark.  False with errno set
 * (EBADMSG: the image is damaged). */
bool ckd_compressed_read(const struct ckd_compressed *c, uint32_t track, uint8_t *buffer,
                         uint32_t size);

/* False: a shadow file that does not have the track. */
bool ckd_compressed_has(const struct ckd_compressed *c, uint32_t track);

/* From now on tracks may be written (the file, of this size, is locked).  While it is open the
 * header says so, to other programs too; closing writes the free spaces and clears that.  False
 * with *wrong set. */
bool ckd_compressed_begin_writing(struct ckd_compressed *c, uint64_t file_size, const char **wrong);
/* Writes a track of `length` bytes, from home address to end mark.  After a kill the file has the
 * old or the new track.  False with errno set: nothing has changed. */
bool ckd_compressed_write(struct ckd_compressed *c, uint32_t track, const uint8_t *bytes,
                          uint32_t length);

/* Writes the headers and tables of an image with empty tracks to an empty file. `header`: the 512
 * bytes of a plain image's.  A shadow file has no track: all are in the file below it. */
bool ckd_compressed_format(int fd, const uint8_t *header, unsigned cylinders, unsigned heads,
                           uint8_t compression, bool shadow);

#endif

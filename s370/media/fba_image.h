/* Images of fixed-block disks as Hercules has them: plain ones, without header, block n of 512
 * bytes at n * 512; and compressed ones (s370/media/cckd.h), in groups of 120 blocks.  Block
 * numbers count from 0.  A block is never half written, also by a kill: in a plain image it lies
 * within a page of the host, in a compressed one its group is written anew. */
#ifndef S370_MEDIA_FBA_IMAGE_H
#define S370_MEDIA_FBA_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FBA_BLOCK       512u
#define FBA_GROUP       120u /* blocks: what is compressed together, and copied on write together */
#define FBA_GROUP_BYTES (FBA_GROUP * FBA_BLOCK)

/* What is known of each disk type; GA26-1657, GA26-1660. */
struct fba_geometry {
    const char *name;
    uint32_t blocks;
    uint8_t unit_type; /* in READ DEVICE CHARACTERISTICS */
    uint16_t cyclic;   /* blocks of a cyclic group: a track */
    uint16_t position; /* blocks of an access position: a cylinder */
};

/* NULL if `name` is none. */
const struct fba_geometry *fba_geometry_find(const char *name);

struct fba_image;

enum fba_open_flags {
    FBA_READ_ONLY = 1,
    FBA_COPY_ON_WRITE = 2, /* writes go to memory; the file is opened for reading only */
};

/* Makes a new image at `path`, replacing nothing, of `blocks` blocks of zeros; `compression` as for
 * ckd_image_create_as.  Returns NULL, or `message`. */
const char *fba_image_create(const char *path, uint32_t blocks, int compression, char *message,
                             size_t size);
/* Opens and locks an image; if the host does not let it be written, for reading.  NULL with
 * `message`, which names the file. */
struct fba_image *fba_image_open(const char *path, unsigned flags, char *message, size_t size);
void fba_image_close(struct fba_image *image); /* NULL is allowed */
const char *fba_image_path(const struct fba_image *image);
uint32_t fba_image_blocks(const struct fba_image *image);
bool fba_image_writable(const struct fba_image *image);
struct cckd; /* its compressed form, or NULL */
const struct cckd *fba_image_compressed(const struct fba_image *image);

/* `count` blocks from `block` on; they must be on the image and in one group (block / FBA_GROUP).
 * False with errno set (EBADMSG: the image is damaged): nothing was written. */
bool fba_image_read(struct fba_image *image, uint32_t block, uint32_t count, uint8_t *to);
bool fba_image_write(struct fba_image *image, uint32_t block, uint32_t count, const uint8_t *from);
/* Of `count` blocks from `block` on, how many are in the first one's group. */
uint32_t fba_image_together(uint32_t block, uint32_t count);

/* For saved states: a checksum of all blocks as they are in the file; the groups that were copied
 * on write (FBA_GROUP_BYTES, or NULL), to be read, or to be put back; and to forget them. */
uint32_t fba_image_checksum(struct fba_image *image);
const uint8_t *fba_image_changed(const struct fba_image *image, uint32_t group);
bool fba_image_set_changed(struct fba_image *image, uint32_t group, const uint8_t *bytes);
void fba_image_forget_changes(struct fba_image *image);

#endif

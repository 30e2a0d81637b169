/* Images of fixed-block disks as Hercules has them: no header, block n of 512 bytes at n * 512.
 * Block numbers count from 0.  A block lies within a page of the host, so that a kill leaves it old
 * or new. */
#ifndef S370_MEDIA_FBA_IMAGE_H
#define S370_MEDIA_FBA_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FBA_BLOCK 512u

struct fba_image;

/* Opens and locks an image; `read_only`, or if the host does not let it be written, for reading.
 * NULL with `message`, which names the file. */
struct fba_image *fba_image_open(const char *path, bool read_only, char *message, size_t size);
void fba_image_close(struct fba_image *image); /* NULL is allowed */
const char *fba_image_path(const struct fba_image *image);
uint32_t fba_image_blocks(const struct fba_image *image);
bool fba_image_writable(const struct fba_image *image);
/* One block; it must be on the image.  False with errno set. */
bool fba_image_read(struct fba_image *image, uint32_t block, uint8_t *to);
bool fba_image_write(struct fba_image *image, uint32_t block, const uint8_t *from);

/* Of all blocks, for saved states. */
uint32_t fba_image_checksum(const struct fba_image *image);

#endif

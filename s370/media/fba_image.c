/* The file of a fixed-block disk's image. */
#include "s370/media/fba_image.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct fba_image {
    char *path;
    int fd;
    bool writable;
    uint32_t blocks;
};

static const char *check_file(struct fba_image *image)
{
    struct stat st;
    char id[8];
    if (fstat(image->fd, &st) != 0)
        return strerror(errno);
    if (!S_ISREG(st.st_mode))
        return "is not a regular file";
    if (pread(image->fd, id, sizeof id, 0) == sizeof id && !memcmp(id, "FBA_", 4))
        return "is a compressed image, which is not supported; make it plain with dasdcopy";
    if (pread(image->fd, id, sizeof id, 0) == sizeof id && !memcmp(id, "CKD_", 4))
        return "is an image of a count-key-data disk";
    if (st.st_size == 0 || st.st_size % FBA_BLOCK != 0)
        return "is not a whole number of blocks of 512 bytes; restore it from a copy";
    if (st.st_size / FBA_BLOCK > INT32_MAX)
        return "has too many blocks";
    image->blocks = (uint32_t)(st.st_size / FBA_BLOCK);
    if (flock(image->fd, (image->writable ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? "the image is in use by another datbox" : strerror(errno);
    return NULL;
}

struct fba_image *fba_image_open(const char *path, bool read_only, char *message, size_t size)
{
    struct fba_image *image = calloc(1, sizeof *image);
    const char *wrong = "no memory";
    if (image)
        image->path = strdup(path);
    if (image && image->path) {
        image->writable = !read_only;
        image->fd = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
        if (image->fd < 0 && !read_only && (errno == EACCES || errno == EROFS)) {
            image->writable = false;
            image->fd = open(path, O_RDONLY | O_CLOEXEC);
        }
        wrong = image->fd < 0 ? strerror(errno) : check_file(image);
    } else if (image) {
        image->fd = -1;
    }
    if (!wrong)
        return image;
    snprintf(message, size, "%s: %s", path, wrong);
    fba_image_close(image);
    return NULL;
}

void fba_image_close(struct fba_image *image)
{
    if (!image)
        return;
    if (image->fd >= 0)
        close(image->fd);
    free(image->path);
    free(image);
}

const char *fba_image_path(const struct fba_image *image)
{
    return image->path;
}

uint32_t fba_image_blocks(const struct fba_image *image)
{
    return image->blocks;
}

bool fba_image_writable(const struct fba_image *image)
{
    return image->writable;
}

bool fba_image_read(struct fba_image *image, uint32_t block, uint8_t *to)
{
    assert(block < image->blocks);
    ssize_t n = pread(image->fd, to, FBA_BLOCK, (off_t)block * FBA_BLOCK);
    if (n >= 0 && n != FBA_BLOCK)
        errno = EIO;
    return n == FBA_BLOCK;
}

bool fba_image_write(struct fba_image *image, uint32_t block, const uint8_t *from)
{
    assert(block < image->blocks && image->writable);
    ssize_t n = pwrite(image->fd, from, FBA_BLOCK, (off_t)block * FBA_BLOCK);
    if (n >= 0 && n != FBA_BLOCK)
        errno = ENOSPC;
    return n == FBA_BLOCK;
}

uint32_t fba_image_checksum(const struct fba_image *image)
{
    uint8_t bytes[128 * FBA_BLOCK];
    uint32_t sum = 0;
    ssize_t n;
    for (off_t at = 0; (n = pread(image->fd, bytes, sizeof bytes, at)) > 0; at += n)
        sum = (uint32_t)crc32(sum, bytes, (unsigned)n);
    return sum;
}

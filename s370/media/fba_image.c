/* The file of a fixed-block disk's image.  Of a compressed one the group that was used last is kept
 * in memory; under copy-on-write all groups that were changed are, and the file is never written.
 */
#include "s370/media/fba_image.h"

#include "s370/media/cckd.h"
#include "s370/media/ckd_image.h"

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

_Static_assert(FBA_GROUP == CCKD_GROUP, "what is compressed together");

#define NO_GROUP UINT32_MAX

struct fba_image {
    char *path;
    int fd;
    bool writable, copy_on_write;
    uint32_t blocks;
    struct cckd *compressed; /* or NULL */
    uint32_t kept;           /* the group in `group`, or NO_GROUP */
    uint8_t *group;          /* of a compressed image */
    uint8_t **changed;       /* by group, copied on write; or NULL */
};

static const struct fba_geometry geometries[] = {
    {"3310", 125664, 0x01, 32, 352},
    {"3370", 558000, 0x02, 62, 744},
};

const struct fba_geometry *fba_geometry_find(const char *name)
{
    for (size_t i = 0; i < sizeof geometries / sizeof *geometries; i++)
        if (!strcmp(geometries[i].name, name))
            return &geometries[i];
    return NULL;
}

static uint32_t groups_of(const struct fba_image *image)
{
    return (image->blocks + FBA_GROUP - 1) / FBA_GROUP;
}

/* --- create --- */

const char *fba_image_create(const char *path, uint32_t blocks, int compression, char *message,
                             size_t size)
{
    static const uint8_t header[512];
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        snprintf(message, size, "%s: cannot create the image: %s", path, strerror(errno));
        return message;
    }
    bool ok = compression == CKD_PLAIN
                  ? ftruncate(fd, (off_t)blocks * FBA_BLOCK) == 0
                  : cckd_format(fd, header, blocks, 0, (uint8_t)compression, false);
    ok = close(fd) == 0 && ok;
    if (ok)
        return NULL;
    snprintf(message, size, "%s: cannot write the image: %s", path, strerror(errno));
    unlink(path);
    return message;
}

/* --- open --- */

static const char *check_plain(struct fba_image *image, uint64_t length)
{
    if (length == 0 || length % FBA_BLOCK != 0)
        return "is not a whole number of blocks of 512 bytes; restore it from a copy";
    if (length / FBA_BLOCK > INT32_MAX)
        return "has too many blocks";
    image->blocks = (uint32_t)(length / FBA_BLOCK);
    return NULL;
}

static const char *check_compressed(struct fba_image *image, uint64_t length)
{
    const char *wrong = NULL;
    image->compressed = cckd_open(image->fd, length, 0, &wrong);
    image->group = malloc(FBA_GROUP_BYTES);
    if (!wrong && !image->group)
        wrong = strerror(ENOMEM);
    if (!wrong)
        image->blocks = cckd_length(image->compressed);
    return wrong;
}

static const char *lock_file(struct fba_image *image)
{
    struct stat st;
    const char *wrong = NULL;
    if (flock(image->fd, (image->writable ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? "the image is in use by another datbox" : strerror(errno);
    if (!image->compressed || !image->writable)
        return NULL;
    if (fstat(image->fd, &st) != 0)
        return strerror(errno);
    cckd_begin_writing(image->compressed, (uint64_t)st.st_size, &wrong);
    if (!wrong && cckd_length(image->compressed) != image->blocks)
        wrong = "has just been changed by another program";
    return wrong;
}

static const char *check_file(struct fba_image *image)
{
    struct stat st;
    char id[8] = "";
    if (fstat(image->fd, &st) != 0)
        return strerror(errno);
    if (!S_ISREG(st.st_mode))
        return "is not a regular file";
    bool has_id = pread(image->fd, id, sizeof id, 0) == sizeof id;
    if (has_id && !memcmp(id, "CKD_", 4))
        return "is an image of a count-key-data disk";
    const char *wrong;
    if (!has_id || memcmp(id, "FBA_", 4) != 0)
        wrong = check_plain(image, (uint64_t)st.st_size);
    else if (!memcmp(id, "FBA_C370", 8))
        wrong = check_compressed(image, (uint64_t)st.st_size);
    else
        wrong = "is a shadow or 64-bit image, which is not supported";
    return wrong ? wrong : lock_file(image);
}

static const char *open_file(struct fba_image *image, unsigned flags)
{
    image->copy_on_write = flags & FBA_COPY_ON_WRITE;
    image->writable = !flags;
    image->fd = open(image->path, (image->writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (image->fd < 0 && image->writable && (errno == EACCES || errno == EROFS)) {
        image->writable = false;
        image->fd = open(image->path, O_RDONLY | O_CLOEXEC);
    }
    const char *wrong = image->fd < 0 ? strerror(errno) : check_file(image);
    if (wrong || !image->copy_on_write)
        return wrong;
    image->changed = calloc(groups_of(image), sizeof *image->changed);
    return image->changed ? NULL : strerror(ENOMEM);
}

struct fba_image *fba_image_open(const char *path, unsigned flags, char *message, size_t size)
{
    struct fba_image *image = calloc(1, sizeof *image);
    const char *wrong = "no memory";
    if (image) {
        image->fd = -1;
        image->kept = NO_GROUP;
        image->path = strdup(path);
        if (image->path)
            wrong = open_file(image, flags);
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
    fba_image_forget_changes(image);
    free(image->changed);
    free(image->group);
    cckd_close(image->compressed);
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
    return image->writable || image->copy_on_write;
}

const struct cckd *fba_image_compressed(const struct fba_image *image)
{
    return image->compressed;
}

/* --- blocks --- */

uint32_t fba_image_together(uint32_t block, uint32_t count)
{
    uint32_t rest = FBA_GROUP - block % FBA_GROUP;
    return count < rest ? count : rest;
}

/* Brings a group of a compressed image to memory. */
static bool keep_group(struct fba_image *image, uint32_t group)
{
    if (image->kept == group)
        return true;
    image->kept = NO_GROUP;
    if (!cckd_read(image->compressed, group, image->group, FBA_GROUP_BYTES))
        return false;
    image->kept = group;
    return true;
}

/* Blocks as they are in the file. */
static bool read_file(struct fba_image *image, uint32_t block, uint32_t count, uint8_t *to)
{
    size_t length = count * (size_t)FBA_BLOCK;
    if (image->compressed) {
        if (!keep_group(image, block / FBA_GROUP))
            return false;
        memcpy(to, image->group + block % FBA_GROUP * (size_t)FBA_BLOCK, length);
        return true;
    }
    ssize_t n = pread(image->fd, to, length, (off_t)block * FBA_BLOCK);
    if (n >= 0 && n != (ssize_t)length)
        errno = EIO;
    return n == (ssize_t)length;
}

bool fba_image_read(struct fba_image *image, uint32_t block, uint32_t count, uint8_t *to)
{
    assert(count > 0 && block < image->blocks && count <= image->blocks - block &&
           fba_image_together(block, count) == count);
    const uint8_t *changed = fba_image_changed(image, block / FBA_GROUP);
    if (!changed)
        return read_file(image, block, count, to);
    memcpy(to, changed + block % FBA_GROUP * (size_t)FBA_BLOCK, count * (size_t)FBA_BLOCK);
    return true;
}

/* The group's memory under copy-on-write, made from the file if it is new; or NULL. */
static uint8_t *copied_group(struct fba_image *image, uint32_t group)
{
    if (image->changed[group])
        return image->changed[group];
    uint32_t first = group * FBA_GROUP;
    uint8_t *copy = calloc(1, FBA_GROUP_BYTES);
    if (copy && !read_file(image, first, fba_image_together(first, image->blocks - first), copy)) {
        int error = errno;
        free(copy);
        errno = error;
        return NULL;
    }
    return image->changed[group] = copy;
}

/* The group anew, with the change; in memory it changes when it has in the file. */
static bool write_compressed(struct fba_image *image, uint32_t group, size_t offset,
                             const uint8_t *from, size_t length)
{
    uint8_t changed[FBA_GROUP_BYTES];
    if (!keep_group(image, group))
        return false;
    memcpy(changed, image->group, sizeof changed);
    memcpy(changed + offset, from, length);
    if (!cckd_write(image->compressed, group, changed, sizeof changed))
        return false;
    memcpy(image->group, changed, sizeof changed);
    return true;
}

bool fba_image_write(struct fba_image *image, uint32_t block, uint32_t count, const uint8_t *from)
{
    assert(count > 0 && block < image->blocks && count <= image->blocks - block &&
           fba_image_together(block, count) == count && fba_image_writable(image));
    uint32_t group = block / FBA_GROUP;
    size_t offset = block % FBA_GROUP * (size_t)FBA_BLOCK, length = count * (size_t)FBA_BLOCK;
    if (image->copy_on_write) {
        uint8_t *copy = copied_group(image, group);
        if (copy)
            memcpy(copy + offset, from, length);
        return copy != NULL;
    }
    if (image->compressed)
        return write_compressed(image, group, offset, from, length);
    ssize_t n = pwrite(image->fd, from, length, (off_t)block * FBA_BLOCK);
    if (n >= 0 && n != (ssize_t)length)
        errno = ENOSPC;
    return n == (ssize_t)length;
}

/* --- for saved states --- */

uint32_t fba_image_checksum(struct fba_image *image)
{
    uint8_t bytes[FBA_GROUP_BYTES];
    uint32_t sum = 0, n;
    for (uint32_t block = 0; block < image->blocks; block += n) {
        n = fba_image_together(block, image->blocks - block);
        /* Damaged blocks count as none. */
        if (read_file(image, block, n, bytes))
            sum = (uint32_t)crc32(sum, bytes, n * FBA_BLOCK);
    }
    return sum;
}

const uint8_t *fba_image_changed(const struct fba_image *image, uint32_t group)
{
    return image->changed ? image->changed[group] : NULL;
}

bool fba_image_set_changed(struct fba_image *image, uint32_t group, const uint8_t *bytes)
{
    if (!image->changed || group >= groups_of(image))
        return false;
    uint8_t *copy = copied_group(image, group);
    if (copy)
        memcpy(copy, bytes, FBA_GROUP_BYTES);
    return copy != NULL;
}

void fba_image_forget_changes(struct fba_image *image)
{
    for (uint32_t group = 0; image->changed && group < groups_of(image); group++) {
        free(image->changed[group]);
        image->changed[group] = NULL;
    }
}

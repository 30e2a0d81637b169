/* Compressed disk images of Hercules, for reading. */
#include "s370/media/ckd_compressed.h"

#include "lib/be.h"
#include "s370/media/ckd_image.h"

#include <bzlib.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define L2_ENTRIES 256u

/* Offsets in the file: the second header and its fields, the L1 table. */
enum {
    HEADER_OPTIONS = 512 + 3,
    HEADER_L1_ENTRIES = 512 + 4,
    HEADER_L2_ENTRIES = 512 + 8,
    HEADER_CYLINDERS = 512 + 40,
    HEADER_NULL_FORMAT = 512 + 44,
    HEADER_END = 1024,
};

#define OPTION_BIG_ENDIAN 0x02

enum compression {
    COMPRESSED_NOT,
    COMPRESSED_ZLIB,
    COMPRESSED_BZIP2,
};

struct ckd_compressed {
    int fd;
    uint64_t file_size;
    unsigned cylinders, heads;
    uint8_t null_format;
    uint32_t entries; /* of l1 */
    uint8_t *l1;
};

static uint32_t load_le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool read_at(const struct ckd_compressed *c, uint64_t offset, void *to, uint32_t length)
{
    if (offset > c->file_size || length > c->file_size - offset) {
        errno = EBADMSG;
        return false;
    }
    ssize_t n = pread(c->fd, to, length, (off_t)offset);
    if (n >= 0 && n != (ssize_t)length)
        errno = EBADMSG;
    return n == (ssize_t)length;
}

static const char *read_tables(struct ckd_compressed *c)
{
    uint8_t header[HEADER_END];
    if (!read_at(c, 0, header, sizeof header))
        return "is too short for a compressed disk image";
    if (header[HEADER_OPTIONS] & OPTION_BIG_ENDIAN)
        return "is a compressed image in big-endian form; convert it with cckdswap";
    uint32_t cylinders = load_le32(header + HEADER_CYLINDERS);
    c->entries = load_le32(header + HEADER_L1_ENTRIES);
    c->null_format = header[HEADER_NULL_FORMAT];
    if (cylinders == 0 || cylinders > 0x7fff ||
        load_le32(header + HEADER_L2_ENTRIES) != L2_ENTRIES ||
        (uint64_t)c->entries * L2_ENTRIES < (uint64_t)cylinders * c->heads || c->entries > 0x10000)
        return "has a damaged compression header";
    c->cylinders = cylinders;
    c->l1 = malloc(c->entries * 4u);
    if (!c->l1)
        return "needs more memory than there is";
    return read_at(c, HEADER_END, c->l1, c->entries * 4) ? NULL : "the image is truncated";
}

struct ckd_compressed *ckd_compressed_open(int fd, uint64_t file_size, unsigned heads,
                                           const char **wrong)
{
    struct ckd_compressed *c = calloc(1, sizeof *c);
    if (!c) {
        *wrong = "needs more memory than there is";
        return NULL;
    }
    c->fd = fd;
    c->file_size = file_size;
    c->heads = heads;
    *wrong = read_tables(c);
    if (!*wrong)
        return c;
    ckd_compressed_close(c);
    return NULL;
}

void ckd_compressed_close(struct ckd_compressed *c)
{
    if (!c)
        return;
    free(c->l1);
    free(c);
}

unsigned ckd_compressed_cylinders(const struct ckd_compressed *c)
{
    return c->cylinders;
}

/* A track that was never written: R0 and, by format, an end-of-file record (0), nothing (1), or
 * twelve records of 4096 zeros (2). */
static bool null_track(uint32_t format, const uint8_t *address, uint8_t *buffer, uint32_t size)
{
    unsigned records = format == 0 ? 1 : format == 1 ? 0 : 12;
    uint32_t length = format == 2 ? 4096 : 0;
    if (format > 2 || CKD_HOME_ADDRESS + 16 + records * (CKD_COUNT + length) + CKD_COUNT > size)
        return false;
    uint8_t *p = buffer + CKD_HOME_ADDRESS;
    memcpy(buffer + 1, address, 4);
    memcpy(p, address, 4);
    p[7] = 8;
    p += 16;
    for (unsigned r = 1; r <= records; r++) {
        memcpy(p, address, 4);
        p[4] = (uint8_t)r;
        store_be16(p + 6, length);
        p += CKD_COUNT + length;
    }
    memset(p, 0xff, CKD_COUNT);
    return true;
}

static bool expand(uint8_t compression, const uint8_t *from, uint32_t length, uint8_t *to,
                   uint32_t size)
{
    if (compression == COMPRESSED_NOT && length <= size) {
        memcpy(to, from, length);
        return true;
    }
    if (compression == COMPRESSED_ZLIB) {
        uLongf n = size;
        return uncompress(to, &n, from, length) == Z_OK;
    }
    if (compression == COMPRESSED_BZIP2) {
        unsigned n = size;
        return BZ2_bzBuffToBuffDecompress((char *)to, &n, (char *)(uintptr_t)from, length, 0, 0) ==
               BZ_OK;
    }
    return false;
}

static bool expand_image(const struct ckd_compressed *c, uint64_t offset, uint32_t length,
                         const uint8_t *address, uint8_t *buffer, uint32_t size)
{
    uint8_t image[0x10000];
    if (length < CKD_HOME_ADDRESS || !read_at(c, offset, image, length))
        return false;
    memcpy(buffer + 1, address, 4);
    return !memcmp(image + 1, address, 4) &&
           expand(image[0], image + CKD_HOME_ADDRESS, length - CKD_HOME_ADDRESS,
                  buffer + CKD_HOME_ADDRESS, size - CKD_HOME_ADDRESS);
}

bool ckd_compressed_read(const struct ckd_compressed *c, uint32_t track, uint8_t *buffer,
                         uint32_t size)
{
    uint8_t entry[8] = {0}, address[4];
    store_be16(address, track / c->heads);
    store_be16(address + 2, track % c->heads);
    memset(buffer, 0, size);
    uint32_t l2 = load_le32(c->l1 + track / L2_ENTRIES * 4);
    if (l2 == UINT32_MAX) {
        errno = EBADMSG; /* a shadow file: the track is in another file */
        return false;
    }
    if (l2 && !read_at(c, l2 + track % L2_ENTRIES * UINT64_C(8), entry, sizeof entry))
        return false;
    uint32_t offset = load_le32(entry), length = entry[4] | (uint32_t)entry[5] << 8;
    /* Newer writers put the form of an empty track where its length would be. */
    uint32_t format = length ? length : c->null_format;
    bool ok = offset ? expand_image(c, offset, length, address, buffer, size)
                     : null_track(format, address, buffer, size);
    if (!ok)
        errno = EBADMSG;
    return ok;
}

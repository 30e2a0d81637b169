/* Compressed disk images of Hercules: tables, reading and writing of units (tracks, or groups of
 * blocks).
 *
 * Writing never touches what the tables refer to: a unit's new image goes to free space, then one
 * write of eight bytes, within a page of the host, turns its L2 entry to it. */
#include "s370/media/cckd.h"

#include "lib/be.h"
#include "s370/media/cckd_space.h"
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
    HEADER_SIZES = 512 + 12, /* seven: file, used, first free, free, largest, count, imbedded */
    HEADER_LENGTH = 512 + 40,
    HEADER_NULL_FORMAT = 512 + 44,
    HEADER_COMPRESSION = 512 + 45,
    HEADER_PARAMETER = 512 + 46,
    HEADER_END = 1024,
};

#define OPTION_OPENED     0x80
#define OPTION_WRITTEN    0x40 /* not closed after writing */
#define OPTION_BIG_ENDIAN 0x02

#define L2_SIZE        (L2_ENTRIES * 8)
#define IMAGE_HEADER   5u   /* of a unit: how it is compressed, its address */
#define COMPRESS_LEAST 512u /* shorter images are left as they are */
#define CYLINDERS_MOST 0x7fffu

struct cckd {
    int fd;
    uint64_t file_size;
    uint32_t length; /* cylinders; of a fixed-block disk, blocks */
    unsigned heads;  /* 0: a fixed-block disk */
    uint8_t null_format;
    uint32_t entries; /* of l1 */
    uint8_t *l1;
    /* Open for writing: */
    bool writing;
    uint8_t options, compression;
    int16_t parameter; /* level of compression; -1: the usual one */
    uint64_t imbedded; /* bytes that belong to tracks but hold nothing */
    struct cckd_space space;
};

static uint32_t load_le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void store_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

static unsigned load_le16(const uint8_t *p)
{
    return p[0] | (unsigned)p[1] << 8;
}

static void store_le16(uint8_t *p, unsigned v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static bool read_at(const struct cckd *c, uint64_t offset, void *to, uint32_t length)
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

static uint32_t count_units(uint32_t length, unsigned heads)
{
    return heads ? length * heads : (length + CCKD_GROUP - 1) / CCKD_GROUP;
}

static const char *read_tables(struct cckd *c)
{
    uint8_t header[HEADER_END];
    if (!read_at(c, 0, header, sizeof header))
        return "is too short for a compressed disk image";
    if (header[HEADER_OPTIONS] & OPTION_BIG_ENDIAN)
        return "is a compressed image in big-endian form; convert it with cckdswap";
    uint32_t length = load_le32(header + HEADER_LENGTH);
    c->entries = load_le32(header + HEADER_L1_ENTRIES);
    c->null_format = header[HEADER_NULL_FORMAT];
    c->options = header[HEADER_OPTIONS] & (uint8_t) ~(OPTION_OPENED | OPTION_WRITTEN);
    c->compression = header[HEADER_COMPRESSION];
    c->parameter = (int16_t)load_le16(header + HEADER_PARAMETER);
    if (length == 0 || length > (c->heads ? CYLINDERS_MOST : INT32_MAX) ||
        load_le32(header + HEADER_L2_ENTRIES) != L2_ENTRIES || c->entries > 0x10000 ||
        (uint64_t)c->entries * L2_ENTRIES < count_units(length, c->heads))
        return "has a damaged compression header";
    c->length = length;
    free(c->l1);
    c->l1 = malloc(c->entries * 4u);
    if (!c->l1)
        return "needs more memory than there is";
    return read_at(c, HEADER_END, c->l1, c->entries * 4) ? NULL : "the image is truncated";
}

static void end_writing(struct cckd *c);

struct cckd *cckd_open(int fd, uint64_t file_size, unsigned heads, const char **wrong)
{
    struct cckd *c = calloc(1, sizeof *c);
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
    cckd_close(c);
    return NULL;
}

void cckd_close(struct cckd *c)
{
    if (!c)
        return;
    if (c->writing)
        end_writing(c);
    cckd_space_free(&c->space);
    free(c->l1);
    free(c);
}

uint32_t cckd_length(const struct cckd *c)
{
    return c->length;
}

/* Where a unit is: CC HH, or the number of the group. */
static void put_address(const struct cckd *c, uint32_t unit, uint8_t address[4])
{
    if (c->heads)
        store_be32(address, unit / c->heads << 16 | unit % c->heads);
    else
        store_be32(address, unit);
}

/* Bytes of a unit that are not in its image: a home address. */
static unsigned left_out(const struct cckd *c)
{
    return c->heads ? CKD_HOME_ADDRESS : 0;
}

/* Forms of a track that was never written: R0 and an end-of-file record, nothing, or twelve records
 * of 4096 zeros. */
enum null_format {
    NULL_EOF,
    NULL_EMPTY,
    NULL_BLOCKS,
};

static bool null_track(uint32_t format, const uint8_t *address, uint8_t *buffer, uint32_t size)
{
    unsigned records = format == NULL_EOF ? 1 : format == NULL_EMPTY ? 0 : 12;
    uint32_t length = format == NULL_BLOCKS ? 4096 : 0;
    if (format > NULL_BLOCKS ||
        CKD_HOME_ADDRESS + 16 + records * (CKD_COUNT + length) + CKD_COUNT > size)
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

static bool expand_image(const struct cckd *c, uint64_t offset, uint32_t length,
                         const uint8_t *address, uint8_t *buffer, uint32_t size)
{
    uint8_t image[0x10000];
    unsigned skip = left_out(c);
    if (length < IMAGE_HEADER || !read_at(c, offset, image, length))
        return false;
    if (skip)
        memcpy(buffer + 1, address, 4);
    return !memcmp(image + 1, address, 4) &&
           expand(image[0], image + IMAGE_HEADER, length - IMAGE_HEADER, buffer + skip,
                  size - skip);
}

bool cckd_read(const struct cckd *c, uint32_t unit, uint8_t *buffer, uint32_t size)
{
    uint8_t entry[8] = {0}, address[4];
    put_address(c, unit, address);
    memset(buffer, 0, size);
    uint32_t l2 = load_le32(c->l1 + unit / L2_ENTRIES * 4);
    if (l2 == UINT32_MAX) {
        errno = EBADMSG; /* a shadow file: the unit is in another file */
        return false;
    }
    if (l2 && !read_at(c, l2 + unit % L2_ENTRIES * UINT64_C(8), entry, sizeof entry))
        return false;
    uint32_t offset = load_le32(entry), length = entry[4] | (uint32_t)entry[5] << 8;
    /* Newer writers put the form of an empty track where its length would be. */
    uint32_t format = length ? length : c->null_format;
    bool ok = offset     ? expand_image(c, offset, length, address, buffer, size)
              : c->heads ? null_track(format, address, buffer, size)
                         : true; /* an empty group: zeros */
    if (!ok)
        errno = EBADMSG;
    return ok;
}

bool cckd_has(const struct cckd *c, uint32_t unit)
{
    uint8_t entry[4] = {0};
    uint32_t l2 = load_le32(c->l1 + unit / L2_ENTRIES * 4);
    if (l2 && l2 != UINT32_MAX)
        (void)read_at(c, l2 + unit % L2_ENTRIES * UINT64_C(8), entry, sizeof entry);
    return l2 != UINT32_MAX && load_le32(entry) != UINT32_MAX;
}

/* --- writing --- */

static bool write_at(struct cckd *c, uint64_t offset, const void *from, uint32_t length)
{
    ssize_t n = pwrite(c->fd, from, length, (off_t)offset);
    if (n == (ssize_t)length)
        return true;
    if (n >= 0)
        errno = ENOSPC;
    return false;
}

/* Collects what is in use: headers, L1, L2 tables, track images. Their number, or -1. */
static ptrdiff_t collect_used(struct cckd *c, struct cckd_extent *used)
{
    ptrdiff_t n = 0;
    uint8_t l2[L2_SIZE];
    used[n++] = (struct cckd_extent){0, HEADER_END + c->entries * UINT64_C(4)};
    c->imbedded = 0;
    for (uint32_t i = 0; i < c->entries; i++) {
        uint32_t table = load_le32(c->l1 + 4 * (size_t)i);
        if (!table || table == UINT32_MAX)
            continue;
        if (!read_at(c, table, l2, sizeof l2))
            return -1;
        used[n++] = (struct cckd_extent){table, sizeof l2};
        for (const uint8_t *entry = l2; entry < l2 + sizeof l2; entry += 8) {
            unsigned length = load_le16(entry + 4), size = load_le16(entry + 6);
            if (!load_le32(entry) || load_le32(entry) == UINT32_MAX)
                continue;
            if (size < length)
                size = length;
            if (length < IMAGE_HEADER)
                return -1; /* no image: its place could be given away */
            c->imbedded += size - length;
            used[n++] = (struct cckd_extent){load_le32(entry), size};
        }
    }
    return n;
}

/* Fields of the header that change: options, then the sizes; one write, within a page. */
static bool write_state(struct cckd *c, uint8_t options)
{
    uint8_t state[HEADER_LENGTH - HEADER_OPTIONS];
    const struct cckd_space *s = &c->space;
    uint64_t total = c->imbedded, largest = 0;
    for (size_t i = 0; i < s->count; i++) {
        total += s->free[i].length;
        if (s->free[i].length > largest)
            largest = s->free[i].length;
    }
    bool chained = !(options & OPTION_WRITTEN);
    uint64_t sizes[] = {s->end,     s->end - total, chained && s->count ? s->free[0].offset : 0,
                        total,      largest,        s->count,
                        c->imbedded};
    if (!read_at(c, HEADER_OPTIONS, state, sizeof state))
        return false;
    state[0] = options;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        store_le32(state + (HEADER_SIZES - HEADER_OPTIONS) + 4 * i, (uint32_t)sizes[i]);
    return write_at(c, HEADER_OPTIONS, state, sizeof state);
}

bool cckd_begin_writing(struct cckd *c, uint64_t file_size, const char **wrong)
{
    c->file_size = file_size; /* it may have been another one before the lock was had */
    *wrong = read_tables(c);
    if (*wrong)
        return false;
    if (c->compression > COMPRESSED_BZIP2) {
        *wrong = "has a compression that is not known";
        return false;
    }
    struct cckd_extent *used =
        malloc((1 + c->entries * (size_t)(1 + L2_ENTRIES)) * sizeof(struct cckd_extent));
    ptrdiff_t n = used ? collect_used(c, used) : -1;
    bool ok = n >= 0 && cckd_space_build(&c->space, used, (size_t)n, file_size);
    free(used);
    if (!ok) {
        *wrong =
            "has damaged tables: tracks overlap or lie behind its end; repair it with cckdcdsk";
        return false;
    }
    c->writing = write_state(c, c->options | OPTION_OPENED | OPTION_WRITTEN);
    if (!c->writing)
        *wrong = "cannot be written";
    return c->writing;
}

/* Writes the chain of free spaces into them, and cuts the file behind the last track. */
static void end_writing(struct cckd *c)
{
    const struct cckd_space *s = &c->space;
    for (size_t i = 0; i < s->count; i++) {
        uint8_t link[CCKD_FREE_MIN];
        store_le32(link, i + 1 < s->count ? (uint32_t)s->free[i + 1].offset : 0);
        store_le32(link + 4, (uint32_t)s->free[i].length);
        if (!write_at(c, s->free[i].offset, link, sizeof link))
            return; /* it stays marked as not closed */
    }
    if (ftruncate(c->fd, (off_t)s->end) == 0)
        write_state(c, c->options);
}

/* Compresses a unit; the length, or 0 if that would not be shorter. */
static uint32_t compress_unit(const struct cckd *c, const uint8_t *from, uint32_t length,
                              uint8_t *to)
{
    uLongf n = length - 1;
    unsigned m = length - 1;
    bool usual = c->parameter < 1 || c->parameter > 9;
    if (c->compression == COMPRESSED_ZLIB)
        return compress2(to, &n, from, length, usual ? Z_DEFAULT_COMPRESSION : c->parameter) == Z_OK
                   ? (uint32_t)n
                   : 0;
    if (c->compression == COMPRESSED_BZIP2)
        return BZ2_bzBuffToBuffCompress((char *)to, &m, (char *)(uintptr_t)from, length,
                                        usual ? 5 : c->parameter, 0, 0) == BZ_OK
                   ? m
                   : 0;
    return 0;
}

/* A unit's L2 table for writing: its entries must not lie across two pages, so one at an odd
 * place moves.  The offset, or 0. */
static uint32_t writable_table(struct cckd *c, uint32_t index)
{
    uint8_t l2[L2_SIZE] = {0}, *l1 = c->l1 + 4 * (size_t)index;
    uint32_t old = load_le32(l1);
    if (old && old % 8 == 0)
        return old;
    if (old == UINT32_MAX) { /* a shadow file: all units are below */
        memset(l2, 0xff, sizeof l2);
        old = 0;
    }
    if (old && !read_at(c, old, l2, sizeof l2))
        return 0;
    uint64_t place = cckd_space_take(&c->space, sizeof l2, 8, NULL);
    uint8_t entry[4];
    store_le32(entry, (uint32_t)place);
    if (!place || !write_at(c, place, l2, sizeof l2) ||
        !write_at(c, HEADER_END + index * UINT64_C(4), entry, sizeof entry)) {
        int error = errno;
        if (place)
            cckd_space_give(&c->space, place, sizeof l2);
        errno = error;
        return 0;
    }
    memcpy(l1, entry, sizeof entry);
    if (old)
        cckd_space_give(&c->space, old, sizeof l2);
    if (c->space.end > c->file_size)
        c->file_size = c->space.end;
    return (uint32_t)place;
}

/* Turns the entry at `at` to a unit's new place, and frees the old one. */
static bool turn_entry(struct cckd *c, uint64_t at, uint64_t offset, unsigned length, unsigned size)
{
    uint8_t entry[8], old[8];
    store_le32(entry, (uint32_t)offset);
    store_le16(entry + 4, length);
    store_le16(entry + 6, size);
    if (!read_at(c, at, old, sizeof old) || !write_at(c, at, entry, sizeof entry))
        return false;
    if (offset)
        c->imbedded += size - length;
    if (load_le32(old) && load_le32(old) != UINT32_MAX) {
        unsigned old_size = load_le16(old + 6), old_length = load_le16(old + 4);
        if (old_size < old_length)
            old_size = old_length;
        c->imbedded -= old_size - old_length;
        cckd_space_give(&c->space, load_le32(old), old_size);
    }
    return true;
}

/* A home address and an empty record zero, or zeros: no image, and the table says so. */
static bool is_null(const struct cckd *c, const uint8_t *bytes, uint32_t length)
{
    uint8_t null[CKD_HOME_ADDRESS + 24] = {0};
    if (!c->heads)
        return !bytes[0] && !memcmp(bytes, bytes + 1, length - 1);
    return length == sizeof null && null_track(NULL_EMPTY, bytes + 1, null, sizeof null) &&
           !memcmp(bytes + 1, null + 1, sizeof null - 1);
}

bool cckd_write(struct cckd *c, uint32_t unit, const uint8_t *bytes, uint32_t length)
{
    uint8_t image[0x10000];
    const uint8_t *from = bytes + left_out(c);
    uint32_t rest = length - left_out(c), n = 0;
    uint32_t table = writable_table(c, unit / L2_ENTRIES);
    uint64_t at = table + unit % L2_ENTRIES * UINT64_C(8);
    unsigned null_length = c->heads ? NULL_EMPTY : 0;
    if (!table)
        return false;
    if (is_null(c, bytes, length))
        return turn_entry(c, at, 0, null_length, null_length);
    if (length >= COMPRESS_LEAST)
        n = compress_unit(c, from, rest, image + IMAGE_HEADER);
    image[0] = n ? c->compression : COMPRESSED_NOT;
    put_address(c, unit, image + 1);
    if (!n)
        memcpy(image + IMAGE_HEADER, from, n = rest);
    n += IMAGE_HEADER;
    unsigned slack;
    uint64_t place = cckd_space_take(&c->space, n, 1, &slack);
    if (!place)
        return false;
    if (c->space.end > c->file_size)
        c->file_size = c->space.end;
    if (write_at(c, place, image, n) && turn_entry(c, at, place, n, n + slack))
        return true;
    int error = errno;
    cckd_space_give(&c->space, place, n + slack);
    errno = error;
    return false;
}

/* --- what the operator wants to know --- */

void cckd_statistics(const struct cckd *c, struct cckd_statistics *to)
{
    uint32_t units = count_units(c->length, c->heads);
    const struct cckd_space *s = &c->space;
    *to = (struct cckd_statistics){.file_size = c->writing ? s->end : c->file_size,
                                   .compression = c->compression};
    for (uint32_t unit = 0; unit < units; unit++) {
        uint8_t entry[8] = {0};
        uint32_t l2 = load_le32(c->l1 + unit / L2_ENTRIES * 4);
        if (l2 == 0 || l2 == UINT32_MAX ||
            !read_at(c, l2 + unit % L2_ENTRIES * UINT64_C(8), entry, sizeof entry)) {
            to->units += l2 == 0;
            continue;
        }
        to->units += load_le32(entry) != UINT32_MAX;
        to->stored += load_le32(entry) && load_le32(entry) != UINT32_MAX;
    }
    to->free = c->writing ? c->imbedded : 0;
    for (size_t i = 0; i < s->count; i++)
        to->free += s->free[i].length;
}

/* --- a new image --- */

bool cckd_format(int fd, const uint8_t *header, uint32_t length, unsigned heads,
                 uint8_t compression, bool shadow)
{
    uint32_t entries = (count_units(length, heads) + L2_ENTRIES - 1) / L2_ENTRIES;
    uint32_t size = HEADER_END + entries * 4;
    uint8_t *bytes = calloc(1, size);
    struct cckd c = {.fd = fd};
    if (!bytes)
        return false;
    memcpy(bytes, header, 512);
    memcpy(bytes, heads ? "CKD_C370" : "FBA_C370", 8);
    if (shadow) {
        bytes[4] = 'S';
        memset(bytes + HEADER_END, 0xff, entries * 4);
    }
    memcpy(bytes + 512, "\0\3\1", 3);
    store_le32(bytes + HEADER_L1_ENTRIES, entries);
    store_le32(bytes + HEADER_L2_ENTRIES, L2_ENTRIES);
    store_le32(bytes + HEADER_SIZES, size);
    store_le32(bytes + HEADER_SIZES + 4, size);
    store_le32(bytes + HEADER_LENGTH, length);
    bytes[HEADER_NULL_FORMAT] = heads ? NULL_EMPTY : 0;
    bytes[HEADER_COMPRESSION] = compression;
    store_le16(bytes + HEADER_PARAMETER, 0xffff);
    bool ok = write_at(&c, 0, bytes, size);
    free(bytes);
    return ok;
}

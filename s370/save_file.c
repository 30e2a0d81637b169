/* The file of a saved state: layout, checksum, compression (see save_file.h). */
#include "s370/save_file.h"

#include "lib/be.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define MAGIC        "DATBOXST"
#define VERSION      3u
#define HEADER       16u
#define HEADING      24u /* of a section */
#define CHECKSUM     4u
#define FILE_MOST    (UINT64_C(1) << 30)
#define SECTION_MOST (UINT64_C(1) << 31)
#define ZLIB_RATIO   1040u /* it cannot compress better than that */

static const char names[SAVE_SECTIONS][9] = {
    [SAVE_CONFIGURATION] = "config  ", [SAVE_MEDIA] = "media   ",   [SAVE_MACHINE] = "machine ",
    [SAVE_STORAGE] = "storage ",       [SAVE_DEVICES] = "devices ",
};

static uint32_t checksum(const uint8_t *bytes, size_t length)
{
    return (uint32_t)crc32_z(0, bytes, length);
}

uint8_t *save_pack(const struct saved *sections, size_t *length)
{
    size_t most = HEADER + CHECKSUM;
    for (unsigned n = 0; n < SAVE_SECTIONS; n++)
        most += HEADING + compressBound(sections[n].length);
    uint8_t *image = malloc(most), *to = image;
    if (!image)
        return NULL;
    memcpy(to, MAGIC, 8);
    store_be32(to + 8, VERSION);
    store_be32(to + 12, SAVE_SECTIONS);
    to += HEADER;
    for (unsigned n = 0; n < SAVE_SECTIONS; n++) {
        const struct saved *s = &sections[n];
        uLongf packed = compressBound(s->length);
        static const uint8_t none[1];
        if (compress2(to + HEADING, &packed, s->length ? s->bytes : none, s->length,
                      Z_BEST_SPEED) != Z_OK) {
            free(image);
            return NULL;
        }
        memcpy(to, names[n], 8);
        store_be64(to + 8, s->length);
        store_be64(to + 16, packed);
        to += HEADING + packed;
    }
    store_be32(to, checksum(image, (size_t)(to - image)));
    *length = (size_t)(to - image) + CHECKSUM;
    return image;
}

/* Takes one section; *at moves behind it. */
static const char *unpack_section(const uint8_t **at, const uint8_t *end, const char *name,
                                  struct saved *s)
{
    static const char damaged[] = "a section of it is damaged";
    if ((size_t)(end - *at) < HEADING || memcmp(*at, name, 8) != 0)
        return damaged;
    uint64_t length = load_be64(*at + 8), packed = load_be64(*at + 16);
    *at += HEADING;
    if (packed > (size_t)(end - *at) || length > SECTION_MOST || length > packed * ZLIB_RATIO)
        return damaged;
    uLongf size = length;
    s->reading = true;
    s->bytes = malloc(length + 1);
    s->room = s->length = length;
    if (!s->bytes)
        return "the host has no memory for it";
    if (uncompress(s->bytes, &size, *at, packed) != Z_OK || size != length)
        return damaged;
    *at += packed;
    return NULL;
}

const char *save_unpack(const uint8_t *image, size_t length, struct saved *sections)
{
    if (length < HEADER + CHECKSUM || memcmp(image, MAGIC, 8) != 0)
        return "is no saved state of datbox";
    if (load_be32(image + 8) != VERSION)
        return "was saved by another version of datbox, in a form that this one does not know";
    const uint8_t *end = image + length - CHECKSUM;
    if (load_be32(end) != checksum(image, length - CHECKSUM))
        return "is damaged (its checksum is wrong), or was not written to its end";
    if (load_be32(image + 12) != SAVE_SECTIONS)
        return "has another number of sections";
    const uint8_t *at = image + HEADER;
    for (unsigned n = 0; n < SAVE_SECTIONS; n++) {
        const char *wrong = unpack_section(&at, end, names[n], &sections[n]);
        if (wrong)
            return wrong;
    }
    return at == end ? NULL : "has something behind its sections";
}

/* --- files --- */

static uint8_t *read_whole(FILE *f, size_t *length)
{
    struct stat st;
    if (fstat(fileno(f), &st) != 0)
        return NULL;
    if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > FILE_MOST) {
        errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
        return NULL;
    }
    uint8_t *image = malloc((size_t)st.st_size + 1);
    *length = image ? fread(image, 1, (size_t)st.st_size, f) : 0;
    if (image && !ferror(f))
        return image;
    free(image);
    return NULL;
}

uint8_t *save_read(const char *path, size_t *length, char *message, size_t size)
{
    FILE *f = fopen(path, "rbe");
    uint8_t *image = f ? read_whole(f, length) : NULL;
    if (!image)
        snprintf(message, size, "%s: cannot read it: %s", path, strerror(errno));
    if (f)
        fclose(f);
    return image;
}

static bool write_all(int fd, const uint8_t *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            if (n == 0)
                errno = ENOSPC;
            return false;
        }
        bytes += n;
        length -= (size_t)n;
    }
    return fsync(fd) == 0;
}

bool save_write(const char *path, const uint8_t *image, size_t length, char *message, size_t size)
{
    char beside[PATH_MAX];
    bool named = (size_t)snprintf(beside, sizeof beside, "%s.new", path) < sizeof beside;
    if (!named)
        errno = ENAMETOOLONG;
    int fd = named ? open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;
    bool done = fd >= 0 && write_all(fd, image, length);
    int error = errno;
    if (fd >= 0 && close(fd) != 0 && done) {
        error = errno;
        done = false;
    }
    if (done && rename(beside, path) != 0) {
        error = errno;
        done = false;
    }
    if (done)
        return true;
    if (fd >= 0)
        (void)unlink(beside);
    snprintf(message, size, "%s: cannot write it: %s", path, strerror(error));
    return false;
}

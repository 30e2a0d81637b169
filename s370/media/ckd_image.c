/* The file of a disk image: create, open, lock, read and change tracks.
 *
 * Tracks that were read are kept in memory (TRACK_CACHE of them); under copy-on-write a
 * changed track stays there until the image is closed, and the file is never written. */
#include "s370/media/ckd_image.h"

#include "lib/be.h"
#include "s370/media/cckd.h"
#include "s370/media/ckd_journal.h"
#include "s370/media/ckd_parts.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define TRACK_CACHE 2048u /* tracks kept for reading: at most 40 MB of a 3350 */

struct ckd_image {
    const struct ckd_geometry *geometry;
    char *path;
    int fd;
    bool writable;
    bool copy_on_write;
    struct cckd *compressed; /* NULL: a plain image */
    struct ckd_parts parts;  /* the files of a plain one; `fd` is the first */
    struct ckd_image *below; /* what a shadow file lies over, or NULL */
    bool may_be_shadow;
    unsigned cylinders;
    uint8_t **tracks;             /* by track number: in memory, or NULL */
    bool *changed;                /* by track number: copied on write, not to be dropped */
    uint32_t cached[TRACK_CACHE]; /* ring of the track numbers that may be dropped, plus 1 */
    unsigned next_cached;
    struct ckd_journal journal;
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

static bool write_all(int fd, const void *bytes, size_t length, uint64_t offset)
{
    const uint8_t *p = bytes;
    while (length > 0) {
        ssize_t n = pwrite(fd, p, length, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            if (n == 0)
                errno = ENOSPC;
            return false;
        }
        p += n;
        offset += (uint64_t)n;
        length -= (size_t)n;
    }
    return true;
}

/* --- create --- */

static bool write_empty_tracks(int fd, const struct ckd_geometry *g, unsigned cylinders,
                               uint8_t *track)
{
    uint64_t offset = CKD_HEADER;
    for (unsigned c = 0; c < cylinders; c++) {
        for (unsigned h = 0; h < g->heads; h++, offset += g->image_track) {
            struct ckd_builder b;
            ckd_build(&b, g, track, c, h);
            if (!write_all(fd, track, ckd_build_end(&b), offset))
                return false;
        }
    }
    return ftruncate(fd, (off_t)offset) == 0;
}

const char *ckd_image_create(const char *path, const struct ckd_geometry *g, unsigned cylinders,
                             char *message, size_t size)
{
    return ckd_image_create_as(path, g, cylinders, CKD_PLAIN, message, size);
}

const char *ckd_image_create_as(const char *path, const struct ckd_geometry *g, unsigned cylinders,
                                int compression, char *message, size_t size)
{
    if (cylinders == 0)
        cylinders = g->cylinders;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        snprintf(message, size, "%s: cannot create the image: %s", path, strerror(errno));
        return message;
    }
    uint8_t header[CKD_HEADER] = {0};
    memcpy(header + HEADER_ID, "CKD_P370", 8);
    store_le32(header + HEADER_HEADS, g->heads);
    store_le32(header + HEADER_TRACK_SIZE, g->image_track);
    header[HEADER_TYPE] = g->image_type;
    uint8_t *track = malloc(g->image_track);
    bool ok = compression == CKD_PLAIN
                  ? track && write_all(fd, header, sizeof header, 0) &&
                        write_empty_tracks(fd, g, cylinders, track)
                  : cckd_format(fd, header, cylinders, g->heads, (uint8_t)(compression & 0xff),
                                compression & CKD_SHADOW_FILE);
    if (!ok)
        snprintf(message, size, "%s: cannot write the image: %s", path, strerror(errno));
    free(track);
    if (close(fd) != 0 && ok) {
        snprintf(message, size, "%s: cannot write the image: %s", path, strerror(errno));
        ok = false;
    }
    if (!ok)
        unlink(path);
    return ok ? NULL : message;
}

/* --- open --- */

/* The type that fits the header, of those with the same tracks the smallest that holds
 * the cylinders (the largest, if none does). */
static const struct ckd_geometry *geometry_of(uint8_t type, uint32_t heads, uint32_t track_size,
                                              uint64_t cylinders)
{
    const struct ckd_geometry *best = NULL;
    for (const struct ckd_geometry *g = ckd_geometries; g->name; g++) {
        if (g->image_type != type || g->heads != heads || g->image_track != track_size)
            continue;
        best = g;
        if (cylinders <= (unsigned)g->cylinders + g->alternates)
            break;
    }
    return best;
}

/* The fields that plain and compressed images share. */
static const char *check_header(const uint8_t *header, bool may_be_shadow, uint32_t *heads,
                                uint32_t *track_size)
{
    if (memcmp(header, "CKD_P370", 8) != 0 && memcmp(header, "CKD_C370", 8) != 0 &&
        !(may_be_shadow && !memcmp(header, "CKD_S370", 8)))
        return !memcmp(header, "CKD_", 4) ? "is a shadow or 64-bit image, which is not supported"
                                          : "is not a disk image (no CKD_P370 at its start)";
    *heads = load_le32(header + HEADER_HEADS);
    *track_size = load_le32(header + HEADER_TRACK_SIZE);
    if (header[HEADER_SEQUENCE] > 1)
        return "is not the first file of its image";
    if (*heads == 0 || *heads > 0xffff || *track_size == 0 || *track_size > JOURNAL_MAX)
        return "has a damaged header";
    return NULL;
}

static const char *check_layout(struct ckd_image *image, const uint8_t *header, uint64_t length,
                                char *message, size_t size)
{
    uint32_t heads, track_size;
    const char *wrong = check_header(header, image->may_be_shadow, &heads, &track_size);
    uint64_t cylinders = 0;
    if (!wrong && header[HEADER_ID + 4] != 'P') {
        image->compressed = cckd_open(image->fd, length, heads, &wrong);
        if (image->compressed)
            cylinders = cckd_length(image->compressed);
    } else if (!wrong) {
        if (!ckd_parts_open(&image->parts, image->path, image->fd, header, length, image->writable,
                            message, size))
            return message;
        cylinders = ckd_parts_cylinders(&image->parts);
    }
    if (wrong)
        return wrong;
    image->geometry = geometry_of(header[HEADER_TYPE], heads, track_size, cylinders);
    if (!image->geometry)
        return "has a header of no known disk type";
    if (cylinders > 0x7fff)
        return "has too many cylinders";
    image->cylinders = (unsigned)cylinders;
    return NULL;
}

/* Is a plain image as long as its cylinders? */
static const char *check_length(const struct ckd_image *image, uint64_t length, char *message,
                                size_t size)
{
    const struct ckd_geometry *g = image->geometry;
    uint64_t cylinder = (uint64_t)g->heads * g->image_track;
    if (image->compressed)
        return NULL;
    uint64_t whole = CKD_HEADER + image->parts.part[0].cylinders * cylinder;
    if (length == whole && image->parts.part[0].cylinders > 0)
        return NULL;
    uint64_t expected = whole + cylinder;
    if (image->cylinders < g->cylinders)
        expected = CKD_HEADER + g->cylinders * cylinder;
    snprintf(message, size,
             "%s: the image is truncated: it has %llu bytes, a %s has %llu bytes per cylinder "
             "(%llu for a whole pack); restore it from a copy",
             image->path, (unsigned long long)length, g->name, (unsigned long long)cylinder,
             (unsigned long long)expected);
    return message;
}

static const char *check_file(struct ckd_image *image, char *message, size_t size)
{
    uint8_t header[CKD_HEADER];
    struct stat st;
    if (fstat(image->fd, &st) != 0) {
        snprintf(message, size, "%s: %s", image->path, strerror(errno));
        return message;
    }
    if (!S_ISREG(st.st_mode)) {
        snprintf(message, size, "%s: is not a regular file", image->path);
        return message;
    }
    const char *wrong = NULL;
    ssize_t n = pread(image->fd, header, sizeof header, 0);
    if (n < 0)
        wrong = strerror(errno);
    else if (n < (ssize_t)CKD_HEADER)
        wrong = "is too short for a disk image (512 bytes of header)";
    else
        wrong = check_layout(image, header, (uint64_t)st.st_size, message, size);
    if (!wrong)
        return check_length(image, (uint64_t)st.st_size, message, size);
    if (wrong == message)
        return message;
    snprintf(message, size, "%s: %s", image->path, wrong);
    return message;
}

/* Where a byte of the image is: the file, and *offset in it. */
static int find_file(const struct ckd_image *image, uint64_t *offset)
{
    return ckd_parts_find(&image->parts, offset);
}

/* Does again what a kill has interrupted; into memory if the file is not for writing. */
static const char *recover(struct ckd_image *image, char *message, size_t size)
{
    struct ckd_journal_entry *entry = malloc(sizeof *entry);
    const char *wrong = NULL;
    ckd_journal_init(&image->journal, image->path);
    const struct ckd_geometry *g = image->geometry;
    uint64_t end = CKD_HEADER + (uint64_t)image->cylinders * g->heads * g->image_track;
    if (image->compressed) { /* has no journal */
        image->journal.impossible = true;
        free(entry);
        return NULL;
    }
    if (!entry) {
        snprintf(message, size, "%s: no memory", image->path);
        return message;
    }
    if (ckd_journal_read(&image->journal, entry) && entry->offset >= CKD_HEADER &&
        entry->offset < end && entry->length <= end - entry->offset) {
        uint64_t track = (entry->offset - CKD_HEADER) / g->image_track;
        uint32_t at = (uint32_t)((entry->offset - CKD_HEADER) % g->image_track);
        unsigned cylinder = (unsigned)(track / g->heads), head = (unsigned)(track % g->heads);
        if (image->writable) {
            uint64_t offset = entry->offset;
            int fd = find_file(image, &offset);
            if (!write_all(fd, entry->bytes, entry->length, offset)) {
                snprintf(message, size, "%s: cannot repeat the last write: %s", image->path,
                         strerror(errno));
                wrong = message;
            }
        } else if (at + entry->length <= g->image_track && ckd_image_track(image, cylinder, head)) {
            image->changed[track] = true;
            memcpy(image->tracks[track] + at, entry->bytes, entry->length);
        }
    }
    free(entry);
    if (!wrong && image->writable)
        ckd_journal_remove(&image->journal);
    return wrong;
}

static const char *begin_compressed(struct ckd_image *image, char *message, size_t size)
{
    struct stat st;
    const char *wrong = NULL;
    if (fstat(image->fd, &st) != 0)
        wrong = strerror(errno);
    else
        cckd_begin_writing(image->compressed, (uint64_t)st.st_size, &wrong);
    if (!wrong && cckd_length(image->compressed) != image->cylinders)
        wrong = "has just been changed by another program";
    if (!wrong)
        return NULL;
    snprintf(message, size, "%s: %s", image->path, wrong);
    return message;
}

static const char *open_file(struct ckd_image *image, unsigned flags, char *message, size_t size)
{
    image->may_be_shadow = flags & CKD_SHADOW;
    image->copy_on_write = flags & CKD_COPY_ON_WRITE;
    image->writable = !(flags & (CKD_READ_ONLY | CKD_COPY_ON_WRITE));
    image->fd = open(image->path, (image->writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (image->fd < 0 && image->writable && (errno == EACCES || errno == EROFS)) {
        image->writable = false;
        image->fd = open(image->path, O_RDONLY | O_CLOEXEC);
    }
    if (image->fd < 0) {
        snprintf(message, size, "%s: cannot open the image: %s", image->path, strerror(errno));
        return message;
    }
    const char *wrong = check_file(image, message, size);
    if (wrong)
        return wrong;
    if (!ckd_lock_file(image->fd, image->path, image->writable, message, size))
        return message;
    if (image->compressed && image->writable && begin_compressed(image, message, size))
        return message;
    size_t tracks = (size_t)image->cylinders * image->geometry->heads;
    image->tracks = calloc(tracks, sizeof *image->tracks);
    image->changed = calloc(tracks, sizeof *image->changed);
    if (!image->tracks || !image->changed) {
        snprintf(message, size, "%s: no memory", image->path);
        return message;
    }
    return recover(image, message, size);
}

struct ckd_image *ckd_image_open(const char *path, unsigned flags, char *message, size_t size)
{
    struct ckd_image *image = calloc(1, sizeof *image);
    if (image) {
        image->fd = -1;
        image->journal.fd = -1;
        image->journal.impossible = true;
        image->path = strdup(path);
    }
    if (!image || !image->path) {
        snprintf(message, size, "%s: no memory", path);
        free(image);
        return NULL;
    }
    if (open_file(image, flags, message, size)) {
        image->journal.impossible = true; /* leave it to whoever has the image open */
        ckd_image_close(image);
        return NULL;
    }
    return image;
}

void ckd_image_close(struct ckd_image *image)
{
    if (!image)
        return;
    if (image->writable)
        ckd_journal_remove(&image->journal);
    if (image->tracks)
        for (size_t i = 0; i < (size_t)image->cylinders * image->geometry->heads; i++)
            free(image->tracks[i]);
    free(image->tracks);
    free(image->changed);
    cckd_close(image->compressed);
    ckd_parts_close(&image->parts);
    ckd_image_close(image->below);
    if (image->fd >= 0)
        close(image->fd);
    free(image->path);
    free(image);
}

const struct ckd_geometry *ckd_image_geometry(const struct ckd_image *image)
{
    return image->geometry;
}

unsigned ckd_image_cylinders(const struct ckd_image *image)
{
    return image->cylinders;
}

bool ckd_image_set_below(struct ckd_image *image, struct ckd_image *below)
{
    if (!image->compressed || image->cylinders != below->cylinders ||
        image->geometry->image_track != below->geometry->image_track ||
        image->geometry->heads != below->geometry->heads)
        return false;
    image->below = below;
    return true;
}

struct ckd_image *ckd_image_below(const struct ckd_image *image)
{
    return image->below;
}

const struct cckd *ckd_image_compressed(const struct ckd_image *image)
{
    return image->compressed;
}

const char *ckd_image_path(const struct ckd_image *image)
{
    return image->path;
}

unsigned ckd_image_files(const struct ckd_image *image)
{
    return image->compressed ? 1 : image->parts.count;
}

bool ckd_image_writable(const struct ckd_image *image)
{
    return image->writable || image->copy_on_write;
}

/* --- tracks --- */

/* A buffer for one more track, by dropping the oldest that may be dropped. */
static uint8_t *cache_slot(struct ckd_image *image, uint32_t track)
{
    uint32_t *slot = &image->cached[image->next_cached];
    image->next_cached = (image->next_cached + 1) % TRACK_CACHE;
    uint8_t *buffer = NULL;
    if (*slot && !image->changed[*slot - 1]) {
        buffer = image->tracks[*slot - 1];
        image->tracks[*slot - 1] = NULL;
    }
    *slot = 0;
    if (!buffer)
        buffer = malloc(image->geometry->image_track);
    if (!buffer)
        return NULL;
    *slot = track + 1;
    image->tracks[track] = buffer;
    return buffer;
}

static bool read_track(struct ckd_image *image, uint32_t track, uint8_t *buffer)
{
    const struct ckd_geometry *g = image->geometry;
    if (image->below && !cckd_has(image->compressed, track)) {
        const uint8_t *there = ckd_image_track(image->below, track / g->heads, track % g->heads);
        if (there)
            memcpy(buffer, there, g->image_track);
        return there != NULL;
    }
    if (image->compressed)
        return cckd_read(image->compressed, track, buffer, g->image_track);
    uint64_t offset = CKD_HEADER + (uint64_t)track * g->image_track;
    int fd = find_file(image, &offset);
    ssize_t n = pread(fd, buffer, g->image_track, (off_t)offset);
    if (n < 0)
        return false;
    if (n == (ssize_t)g->image_track && load_be16(buffer + 1) == track / g->heads &&
        load_be16(buffer + 3) == track % g->heads)
        return true;
    errno = EBADMSG;
    return false;
}

const uint8_t *ckd_image_track(struct ckd_image *image, unsigned cylinder, unsigned head)
{
    const struct ckd_geometry *g = image->geometry;
    assert(cylinder < image->cylinders && head < g->heads);
    uint32_t track = cylinder * g->heads + head;
    if (image->tracks[track])
        return image->tracks[track];
    uint8_t *buffer = cache_slot(image, track);
    if (!buffer) {
        errno = ENOMEM;
        return NULL;
    }
    if (read_track(image, track, buffer))
        return buffer;
    int error = errno;
    image->tracks[track] = NULL;
    image->cached[(image->next_cached + TRACK_CACHE - 1) % TRACK_CACHE] = 0;
    free(buffer);
    errno = error;
    return NULL;
}

/* Writes to the file; if that fails halfway, puts the old bytes back. */
static bool write_through(struct ckd_image *image, uint64_t offset, const void *bytes,
                          const void *old, uint32_t length)
{
    uint64_t at = offset;
    int fd = find_file(image, &at);
    bool journalled = at / JOURNAL_PAGE != (at + length - 1) / JOURNAL_PAGE;
    if (journalled && !ckd_journal_begin(&image->journal, offset, bytes, length))
        return false;
    bool ok = write_all(fd, bytes, length, at);
    int error = errno;
    if (!ok)
        (void)!pwrite(fd, old, length, (off_t)at);
    if (journalled)
        ckd_journal_done(&image->journal);
    errno = error;
    return ok;
}

/* The length of a track with its end mark. */
static uint32_t track_end(const uint8_t *track, uint32_t size)
{
    struct ckd_record r;
    uint32_t end = CKD_HOME_ADDRESS;
    bool more = ckd_record_at(track, size, end, &r);
    for (; more; more = ckd_record_next(track, size, &r))
        end = r.offset + CKD_COUNT + r.key_length + r.data_length;
    return end + CKD_COUNT <= size ? end + CKD_COUNT : size;
}

/* Is there an end mark behind its last record? */
static bool ends_well(const uint8_t *track, uint32_t size)
{
    static const uint8_t mark[CKD_COUNT] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    return !memcmp(track + track_end(track, size) - CKD_COUNT, mark, CKD_COUNT);
}

/* Writes the whole track anew, with the change. */
static bool write_compressed(struct ckd_image *image, uint32_t track, uint32_t offset,
                             const void *bytes, uint32_t length)
{
    uint32_t size = image->geometry->image_track;
    uint8_t *changed = malloc(size);
    if (!changed)
        return false;
    memcpy(changed, image->tracks[track], size);
    memcpy(changed + offset, bytes, length);
    bool ok = cckd_write(image->compressed, track, changed, track_end(changed, size));
    int error = errno;
    free(changed);
    errno = error;
    return ok;
}

bool ckd_image_write(struct ckd_image *image, unsigned cylinder, unsigned head, uint32_t offset,
                     const void *bytes, uint32_t length)
{
    const struct ckd_geometry *g = image->geometry;
    assert(offset <= g->image_track && length <= g->image_track - offset);
    if (!ckd_image_writable(image)) {
        errno = EROFS;
        return false;
    }
    if (length == 0)
        return true;
    if (!ckd_image_track(image, cylinder, head))
        return false;
    uint32_t track = cylinder * g->heads + head;
    uint8_t *at = image->tracks[track] + offset;
    if (image->copy_on_write)
        image->changed[track] = true;
    else if (image->compressed) {
        if (!write_compressed(image, track, offset, bytes, length))
            return false;
    } else if (!write_through(image, CKD_HEADER + (uint64_t)track * g->image_track + offset, bytes,
                              at, length))
        return false;
    memmove(at, bytes, length);
    return true;
}

bool ckd_image_has(const struct ckd_image *image, unsigned cylinder, unsigned head)
{
    return !image->compressed ||
           cckd_has(image->compressed, cylinder * image->geometry->heads + head);
}

uint32_t ckd_image_track_length(const struct ckd_image *image, const uint8_t *track)
{
    return track_end(track, image->geometry->image_track);
}

uint32_t ckd_image_check(struct ckd_image *image)
{
    const struct ckd_geometry *g = image->geometry;
    uint32_t damaged = 0;
    uint8_t *buffer = malloc(g->image_track);
    for (uint32_t track = 0; buffer && track < image->cylinders * g->heads; track++)
        if (ckd_image_has(image, track / g->heads, track % g->heads))
            damaged += !read_track(image, track, buffer) || !ends_well(buffer, g->image_track);
    free(buffer);
    return damaged;
}

/* --- for saved states --- */

uint32_t ckd_image_checksum(struct ckd_image *image)
{
    const struct ckd_geometry *g = image->geometry;
    uint32_t sum = 0, tracks = image->cylinders * g->heads;
    uint8_t *buffer = malloc(g->image_track);
    for (uint32_t track = 0; buffer && track < tracks; track++) {
        /* A damaged track counts as none. */
        if (read_track(image, track, buffer))
            sum = (uint32_t)crc32(sum, buffer, g->image_track);
    }
    free(buffer);
    return sum;
}

bool ckd_image_is_changed(const struct ckd_image *image, unsigned cylinder, unsigned head)
{
    return image->copy_on_write && image->changed[cylinder * image->geometry->heads + head];
}

void ckd_image_forget_changes(struct ckd_image *image)
{
    size_t tracks = (size_t)image->cylinders * image->geometry->heads;
    for (size_t i = 0; i < tracks; i++) {
        if (!image->copy_on_write || !image->changed[i])
            continue;
        free(image->tracks[i]);
        image->tracks[i] = NULL;
        image->changed[i] = false;
    }
    /* The ring may have had these: a slot whose track is not in memory is as good as free. */
    for (unsigned i = 0; i < TRACK_CACHE; i++) {
        if (image->cached[i] && !image->tracks[image->cached[i] - 1])
            image->cached[i] = 0;
    }
}

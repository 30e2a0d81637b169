/* Tapes in files: open, index, lock, read, write. */
#include "s370/media/tape_image.h"

#include "s370/media/tape_chunk.h"

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

enum block_kind {
    BLOCK_DATA,
    BLOCK_MARK,
    BLOCK_LOST, /* all from here to the end of the file */
};

struct block {
    uint64_t offset;     /* of its first header */
    uint32_t size;       /* with all its headers */
    uint16_t last_chunk; /* length of its last chunk, for the next header */
    uint8_t kind;
};

struct tape_image {
    char *path;
    int fd;
    bool writable;
    bool compress;
    struct block *blocks;
    uint32_t count, room;
    uint32_t position; /* of the block that would be read next */
    uint64_t end;      /* of the last block */
    uint8_t *bytes;    /* of the block that was read: TAPE_BLOCK_MAX */
    uint8_t *stored;   /* a block as it is in the file: chunks_size(TAPE_BLOCK_MAX) */
};

/* A window on the file for the scan of its headers. */
struct window {
    uint64_t offset;
    uint32_t length;
    uint8_t bytes[4096];
};

static bool add_block(struct tape_image *t, const struct block *b)
{
    if (t->count == t->room) {
        uint32_t room = t->room ? t->room * 2 : 64;
        struct block *blocks = realloc(t->blocks, room * sizeof *blocks);
        if (!blocks) {
            errno = ENOMEM;
            return false;
        }
        t->blocks = blocks;
        t->room = room;
    }
    t->blocks[t->count++] = *b;
    t->end = b->offset + b->size;
    return true;
}

/* --- the index --- */

/* Reads the header at `offset`: 1, or 0 if the file ends before it is complete, or -1 with errno
 * set. */
static int scan_header(const struct tape_image *t, struct window *w, uint64_t offset,
                       uint8_t header[CHUNK_HEADER])
{
    if (offset < w->offset || offset + CHUNK_HEADER > w->offset + w->length) {
        ssize_t n = pread(t->fd, w->bytes, sizeof w->bytes, (off_t)offset);
        if (n < 0)
            return -1;
        w->offset = offset;
        w->length = (uint32_t)n;
        if (n < (ssize_t)CHUNK_HEADER)
            return 0;
    }
    memcpy(header, w->bytes + (offset - w->offset), CHUNK_HEADER);
    return 1;
}

enum scan_result {
    SCAN_BLOCK,
    SCAN_INCOMPLETE, /* the file ends in it */
    SCAN_DAMAGED,
    SCAN_FAILED, /* errno says how */
};

/* Finds the extent of the block at b->offset. */
static enum scan_result scan_block(const struct tape_image *t, struct window *w, uint64_t file_size,
                                   uint16_t previous, struct block *b, bool *compressed)
{
    struct chunk c = {.length = previous};
    uint64_t at = b->offset;
    for (bool first = true;; first = false) {
        uint8_t header[CHUNK_HEADER];
        uint16_t before = c.length;
        int found = scan_header(t, w, at, header);
        if (found <= 0)
            return found < 0 ? SCAN_FAILED : SCAN_INCOMPLETE;
        bool valid = chunk_load(&c, header) && c.previous == before;
        bool mark = c.flags & CHUNK_MARK;
        at += CHUNK_HEADER + (uint64_t)c.length;
        if (!valid || (mark ? !first : first != !!(c.flags & CHUNK_FIRST)) ||
            at - b->offset > chunks_size(TAPE_BLOCK_MAX))
            return SCAN_DAMAGED;
        if (at > file_size)
            return SCAN_INCOMPLETE;
        *compressed |= (c.flags & (CHUNK_ZLIB | CHUNK_BZIP2)) != 0;
        if (mark || (c.flags & CHUNK_LAST)) {
            b->size = (uint32_t)(at - b->offset);
            b->last_chunk = c.length;
            b->kind = mark ? BLOCK_MARK : BLOCK_DATA;
            return SCAN_BLOCK;
        }
    }
}

/* Makes the index.  False: `message` says why; it may also warn. */
static bool scan(struct tape_image *t, uint64_t file_size, char *message, size_t size)
{
    struct window w = {0};
    struct block b = {0};
    bool compressed = false;
    while (b.offset < file_size) {
        enum scan_result r = scan_block(t, &w, file_size, b.last_chunk, &b, &compressed);
        if (r == SCAN_BLOCK && add_block(t, &b)) {
            b.offset += b.size;
            continue;
        }
        if (r == SCAN_BLOCK || r == SCAN_FAILED) {
            snprintf(message, size, "%s: %s", t->path, strerror(errno));
            return false;
        }
        if (b.offset == 0 && (r == SCAN_DAMAGED || file_size < CHUNK_HEADER)) {
            snprintf(message, size, "%s: is not a tape (no AWS or HET block at its start)",
                     t->path);
            return false;
        }
        if (r == SCAN_DAMAGED) {
            b.kind = BLOCK_LOST;
            b.size = 0;
            if (!add_block(t, &b)) {
                snprintf(message, size, "%s: %s", t->path, strerror(errno));
                return false;
            }
        }
        snprintf(message, size,
                 r == SCAN_DAMAGED ? "%s: damaged at byte %llu, behind block %u; the rest cannot "
                                     "be read, restore it from a copy"
                                   : "%s: the last block, at byte %llu, is incomplete; the tape "
                                     "ends behind block %u",
                 t->path, (unsigned long long)b.offset, t->count - (r == SCAN_DAMAGED));
        break;
    }
    t->compress |= compressed;
    return true;
}

/* --- open and close --- */

static const char *open_file(struct tape_image *t, unsigned flags)
{
    t->writable = !(flags & TAPE_READ_ONLY);
    t->fd = open(t->path, (t->writable ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, 0666);
    if (t->fd < 0 && t->writable && (errno == EACCES || errno == EROFS || errno == EPERM)) {
        t->writable = false;
        t->fd = open(t->path, O_RDONLY | O_CLOEXEC);
    }
    if (t->fd < 0)
        return strerror(errno);
    if (flock(t->fd, (t->writable ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
        return NULL;
    return errno == EWOULDBLOCK ? "the tape is in use, on another unit or by another datbox"
                                : strerror(errno);
}

struct tape_image *tape_image_open(const char *path, unsigned flags, char *message, size_t size)
{
    struct tape_image *t = calloc(1, sizeof *t);
    struct stat st = {0};
    *message = 0;
    if (!t) {
        snprintf(message, size, "%s: no memory", path);
        return NULL;
    }
    t->fd = -1;
    t->compress = flags & TAPE_COMPRESS;
    t->path = strdup(path);
    t->bytes = malloc(TAPE_BLOCK_MAX);
    t->stored = malloc(chunks_size(TAPE_BLOCK_MAX));
    const char *wrong = "no memory";
    if (t->path && t->bytes && t->stored)
        wrong = open_file(t, flags);
    if (!wrong && fstat(t->fd, &st) != 0)
        wrong = strerror(errno);
    if (!wrong && !S_ISREG(st.st_mode))
        wrong = "is not a regular file";
    if (wrong)
        snprintf(message, size, "%s: %s", path, wrong);
    else if (scan(t, (uint64_t)st.st_size, message, size))
        return t;
    tape_image_close(t);
    return NULL;
}

void tape_image_close(struct tape_image *t)
{
    if (!t)
        return;
    if (t->fd >= 0)
        close(t->fd);
    free(t->path);
    free(t->blocks);
    free(t->bytes);
    free(t->stored);
    free(t);
}

/* --- where it is --- */

const char *tape_image_path(const struct tape_image *t)
{
    return t->path;
}

bool tape_image_writable(const struct tape_image *t)
{
    return t->writable;
}

bool tape_image_at_load_point(const struct tape_image *t)
{
    return t->position == 0;
}

uint64_t tape_image_offset(const struct tape_image *t)
{
    return t->position < t->count ? t->blocks[t->position].offset : t->end;
}

uint32_t tape_image_position(const struct tape_image *t)
{
    return t->position;
}

uint32_t tape_image_file(const struct tape_image *t)
{
    uint32_t marks = 0;
    for (uint32_t i = 0; i < t->position; i++)
        marks += t->blocks[i].kind == BLOCK_MARK;
    return marks;
}

/* --- reading --- */

void tape_image_rewind(struct tape_image *t)
{
    t->position = 0;
}

bool tape_image_seek(struct tape_image *t, uint32_t position)
{
    if (position > t->count)
        return false;
    t->position = position;
    return true;
}

uint32_t tape_image_checksum(const struct tape_image *t)
{
    uint8_t bytes[65536];
    uint32_t sum = 0;
    for (uint64_t at = 0; at < t->end;) {
        size_t most = t->end - at < sizeof bytes ? (size_t)(t->end - at) : sizeof bytes;
        ssize_t n = pread(t->fd, bytes, most, (off_t)at);
        if (n <= 0)
            return ~sum; /* damaged: at least it is another */
        sum = (uint32_t)crc32(sum, bytes, (unsigned)n);
        at += (uint64_t)n;
    }
    return sum;
}

/* The block in this direction, or NULL. */
static const struct block *next_block(const struct tape_image *t, bool backward)
{
    if (backward)
        return t->position > 0 ? &t->blocks[t->position - 1] : NULL;
    return t->position < t->count ? &t->blocks[t->position] : NULL;
}

enum tape_result tape_image_space(struct tape_image *t, bool backward)
{
    static const enum tape_result results[] = {TAPE_BLOCK, TAPE_MARK, TAPE_DAMAGED};
    const struct block *b = next_block(t, backward);
    if (!b)
        return backward ? TAPE_LOAD_POINT : TAPE_END;
    t->position += backward ? UINT32_MAX : 1;
    return results[b->kind];
}

/* Gathers the chunks of a block at t->bytes, or at t->stored what is compressed.  The file may
 * have changed since it was indexed, so all is checked again. */
static bool gather(struct tape_image *t, const struct block *b, uint32_t *length,
                   uint8_t *compression)
{
    uint32_t at = 0, n = 0;
    while (at < b->size) {
        struct chunk c;
        if (b->size - at < CHUNK_HEADER || !chunk_load(&c, t->stored + at) ||
            c.length > b->size - at - CHUNK_HEADER)
            return false;
        if (at == 0)
            *compression = c.flags & (CHUNK_ZLIB | CHUNK_BZIP2);
        memmove(t->stored + n, t->stored + at + CHUNK_HEADER, c.length);
        at += CHUNK_HEADER + c.length;
        n += c.length;
    }
    *length = n;
    return n > 0 && n <= TAPE_BLOCK_MAX;
}

enum tape_result tape_image_read(struct tape_image *t, bool backward, const uint8_t **bytes,
                                 uint32_t *length)
{
    const struct block *b = next_block(t, backward);
    uint8_t compression = 0;
    *length = 0;
    *bytes = t->stored;
    if (!b || b->kind != BLOCK_DATA)
        return tape_image_space(t, backward);
    ssize_t n = pread(t->fd, t->stored, b->size, (off_t)b->offset);
    if (n < 0)
        return TAPE_FAILED;
    tape_image_space(t, backward);
    if (n != (ssize_t)b->size || !gather(t, b, length, &compression))
        return TAPE_DAMAGED;
    if (!compression)
        return TAPE_BLOCK;
    *bytes = t->bytes;
    return chunk_expand(compression, t->stored, *length, t->bytes, TAPE_BLOCK_MAX, length)
               ? TAPE_BLOCK
               : TAPE_DAMAGED;
}

/* --- writing --- */

bool tape_image_erase(struct tape_image *t)
{
    if (t->position > 0 && t->blocks[t->position - 1].kind == BLOCK_LOST)
        t->position--; /* what cannot be read is erased, too */
    uint64_t here = tape_image_offset(t);
    if (!t->writable) {
        errno = EROFS;
        return false;
    }
    if (ftruncate(t->fd, (off_t)here) != 0)
        return false;
    t->count = t->position;
    t->end = here;
    return true;
}

/* Appends what is at t->stored as block `b`.  The file was cut off here before, so that a
 * kill leaves at most a part of this block at its end, which scan() takes for nothing. */
static bool append(struct tape_image *t, const struct block *b)
{
    uint32_t done = 0;
    while (done < b->size) {
        ssize_t n = pwrite(t->fd, t->stored + done, b->size - done, (off_t)(b->offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = ENOSPC;
        if (n <= 0)
            break;
        done += (uint32_t)n;
    }
    if (done == b->size && add_block(t, b)) {
        t->position++;
        return true;
    }
    int error = errno;
    (void)!ftruncate(t->fd, (off_t)b->offset);
    errno = error;
    return false;
}

static uint16_t last_chunk(const struct tape_image *t)
{
    return t->position > 0 ? t->blocks[t->position - 1].last_chunk : 0;
}

enum tape_result tape_image_write(struct tape_image *t, const uint8_t *bytes, uint32_t length)
{
    assert(length > 0 && length <= TAPE_BLOCK_MAX);
    if (!tape_image_erase(t))
        return TAPE_FAILED;
    uint32_t compressed = t->compress ? chunk_compress(t->bytes, bytes, length) : 0;
    uint32_t n = compressed ? compressed : length;
    struct block b = {
        .offset = t->end,
        .size = chunks_size(n),
        .last_chunk = (uint16_t)((n - 1) % CHUNK_MAX + 1),
        .kind = BLOCK_DATA,
    };
    chunks_store(t->stored, compressed ? t->bytes : bytes, n, last_chunk(t),
                 compressed ? CHUNK_ZLIB : 0);
    return append(t, &b) ? TAPE_BLOCK : TAPE_FAILED;
}

enum tape_result tape_image_write_mark(struct tape_image *t)
{
    if (!tape_image_erase(t))
        return TAPE_FAILED;
    struct block b = {.offset = t->end, .size = CHUNK_HEADER, .kind = BLOCK_MARK};
    chunk_store(&(struct chunk){.previous = last_chunk(t), .flags = CHUNK_MARK}, t->stored);
    return append(t, &b) ? TAPE_MARK : TAPE_FAILED;
}

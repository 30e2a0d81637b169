/* The journal beside a disk image. An entry is a header (below), then the bytes. */
#include "s370/media/ckd_journal.h"

#include "lib/be.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include <zlib.h>

struct journal_header {
    char magic[8];
    be64 offset;
    be32 length;
    be32 checksum; /* CRC-32 of offset, length and bytes */
};
LAYOUT(struct journal_header, 24);

static const char magic[8] = "DATJRNL";

static uint32_t checksum(const struct journal_header *h, const void *bytes, uint32_t length)
{
    uLong crc = crc32(0, (const Bytef *)&h->offset, 12);
    return (uint32_t)crc32(crc, bytes, length);
}

void ckd_journal_init(struct ckd_journal *j, const char *image)
{
    *j = (struct ckd_journal){.fd = -1};
    size_t n = strlen(image);
    if (n + sizeof ".journal" > sizeof j->path) {
        j->impossible = true;
        return;
    }
    memcpy(j->path, image, n);
    memcpy(j->path + n, ".journal", sizeof ".journal");
}

bool ckd_journal_read(struct ckd_journal *j, struct ckd_journal_entry *entry)
{
    if (j->impossible)
        return false;
    int fd = open(j->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    struct journal_header h;
    bool ok = pread(fd, &h, sizeof h, 0) == sizeof h && !memcmp(h.magic, magic, sizeof magic);
    if (ok) {
        entry->offset = get64(h.offset);
        entry->length = get32(h.length);
        ok = entry->length <= JOURNAL_MAX &&
             pread(fd, entry->bytes, entry->length, sizeof h) == (ssize_t)entry->length &&
             checksum(&h, entry->bytes, entry->length) == get32(h.checksum);
    }
    close(fd);
    return ok;
}

static bool journal_open(struct ckd_journal *j)
{
    if (j->fd >= 0)
        return true;
    j->fd = open(j->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (j->fd < 0 && (errno == EACCES || errno == EROFS || errno == EPERM))
        j->impossible = true;
    return j->fd >= 0;
}

bool ckd_journal_begin(struct ckd_journal *j, uint64_t offset, const void *bytes, uint32_t length)
{
    if (j->impossible)
        return true;
    if (!journal_open(j))
        return j->impossible;
    struct journal_header h;
    memcpy(h.magic, magic, sizeof magic);
    put64(&h.offset, offset);
    put32(&h.length, length);
    put32(&h.checksum, checksum(&h, bytes, length));
    struct iovec parts[2] = {{&h, sizeof h}, {(void *)(uintptr_t)bytes, length}};
    ssize_t n = pwritev(j->fd, parts, 2, 0);
    if (n == (ssize_t)(sizeof h + length))
        return true;
    if (n >= 0)
        errno = ENOSPC;
    return false;
}

void ckd_journal_done(struct ckd_journal *j)
{
    static const char zeros[sizeof magic];
    if (j->fd >= 0 && pwrite(j->fd, zeros, sizeof zeros, 0) != sizeof zeros)
        ckd_journal_remove(j); /* an entry that stays would undo later writes */
}

void ckd_journal_remove(struct ckd_journal *j)
{
    if (j->fd >= 0)
        close(j->fd);
    j->fd = -1;
    if (!j->impossible)
        unlink(j->path);
}

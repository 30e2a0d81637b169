/* Disk images of several files. */
#include "s370/media/ckd_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static uint32_t load_le(const uint8_t *p, unsigned bytes)
{
    uint32_t v = 0;
    while (bytes-- > 0)
        v = v << 8 | p[bytes];
    return v;
}

bool ckd_lock_file(int fd, const char *path, bool exclusive, char *message, size_t size)
{
    if (flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK)
        snprintf(message, size, "%s: the image is in use by another datbox", path);
    else
        snprintf(message, size, "%s: cannot lock the image: %s", path, strerror(errno));
    return false;
}

/* The name of file `number`: the 1 of "_1", at the end or before the last dot, becomes 2 to 9, A to
 * R.  False if it is no such name. */
static bool part_name(const char *path, unsigned number, char *name, size_t size)
{
    if (strlen(path) >= size)
        return false;
    strcpy(name, path);
    char *base = strrchr(name, '/');
    base = base ? base + 1 : name;
    char *dot = strrchr(base, '.');
    char *digit = (dot ? dot : base + strlen(base)) - 1;
    if (digit <= base || *digit != '1' || digit[-1] != '_')
        return false;
    *digit = (char)(number < 10 ? '0' + number : 'A' + number - 10);
    return true;
}

/* Adds a file that follows those that are there. */
static const char *add(struct ckd_parts *p, int fd, const uint8_t *header, uint64_t length)
{
    unsigned first = ckd_parts_cylinders(p), high = load_le(header + HEADER_HIGH_CYLINDER, 2);
    uint64_t cylinders = (length - CKD_HEADER) / p->cylinder_bytes;
    if (cylinders > 0x7fffu - first)
        return "has too many cylinders";
    p->part[p->count++] = (struct ckd_part){fd, first, (unsigned)cylinders};
    bool is_whole = length == CKD_HEADER + cylinders * p->cylinder_bytes && cylinders > 0;
    if (p->count > 1 && !is_whole)
        return "is truncated; restore it from a copy";
    if (header[HEADER_SEQUENCE] && high && high != first + cylinders - 1)
        return "has not as many cylinders as its header says";
    return NULL;
}

/* Opens the next file; `first` is the header of the first one. */
static const char *open_next(struct ckd_parts *p, const char *name, const uint8_t *first,
                             uint8_t *header, bool writable, char *message, size_t size)
{
    struct stat st;
    int fd = open(name, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (fd < 0)
        return strerror(errno);
    const char *wrong;
    if (fstat(fd, &st) != 0)
        wrong = strerror(errno);
    else if (pread(fd, header, CKD_HEADER, 0) != (ssize_t)CKD_HEADER)
        wrong = "is too short for a disk image (512 bytes of header)";
    else if (memcmp(header, first, HEADER_SEQUENCE) != 0 || header[HEADER_SEQUENCE] != p->count + 1)
        wrong = "is not the next file of the image";
    else if (!ckd_lock_file(fd, name, writable, message, size))
        wrong = message;
    else if (!(wrong = add(p, fd, header, (uint64_t)st.st_size)))
        return NULL;
    else
        p->count--;
    close(fd);
    return wrong;
}

bool ckd_parts_open(struct ckd_parts *p, const char *path, int fd, const uint8_t *header,
                    uint64_t length, bool writable, char *message, size_t size)
{
    uint8_t next[CKD_HEADER];
    char name[4096];
    memcpy(next, header, sizeof next);
    p->count = 0;
    p->cylinder_bytes =
        (uint64_t)load_le(header + HEADER_HEADS, 4) * load_le(header + HEADER_TRACK_SIZE, 4);
    const char *wrong = add(p, fd, header, length);
    snprintf(name, sizeof name, "%s", path);
    while (!wrong && next[HEADER_SEQUENCE] && load_le(next + HEADER_HIGH_CYLINDER, 2)) {
        if (p->count == CKD_PARTS_MOST || !part_name(path, p->count + 1, name, sizeof name))
            wrong = "is one of several files, and its name has no _1 for the number of the next";
        else
            wrong = open_next(p, name, header, next, writable, message, size);
    }
    if (!wrong)
        return true;
    if (wrong != message)
        snprintf(message, size, "%s: %s", name, wrong);
    ckd_parts_close(p);
    return false;
}

void ckd_parts_close(struct ckd_parts *p)
{
    for (unsigned i = 1; i < p->count; i++)
        close(p->part[i].fd);
    p->count = 0;
}

unsigned ckd_parts_cylinders(const struct ckd_parts *p)
{
    return p->count ? p->part[p->count - 1].first + p->part[p->count - 1].cylinders : 0;
}

int ckd_parts_find(const struct ckd_parts *p, uint64_t *offset)
{
    unsigned i = 0;
    uint64_t cylinder = (*offset - CKD_HEADER) / p->cylinder_bytes;
    while (i + 1 < p->count && cylinder >= p->part[i + 1].first)
        i++;
    *offset -= p->part[i].first * p->cylinder_bytes;
    return p->part[i].fd;
}

/* Free space of a compressed disk image: a sorted array of extents. */
#include "s370/media/cckd_space.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool insert(struct cckd_space *s, size_t at, uint64_t offset, uint64_t length)
{
    if (s->count == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        struct cckd_extent *more = realloc(s->free, room * sizeof *more);
        if (!more) {
            errno = ENOMEM;
            return false;
        }
        s->free = more;
        s->room = room;
    }
    memmove(s->free + at + 1, s->free + at, (s->count - at) * sizeof *s->free);
    s->free[at] = (struct cckd_extent){offset, length};
    s->count++;
    return true;
}

static void remove_extent(struct cckd_space *s, size_t at)
{
    s->count--;
    memmove(s->free + at, s->free + at + 1, (s->count - at) * sizeof *s->free);
}

static int by_offset(const void *a, const void *b)
{
    uint64_t x = ((const struct cckd_extent *)a)->offset,
             y = ((const struct cckd_extent *)b)->offset;
    return (x > y) - (x < y);
}

bool cckd_space_build(struct cckd_space *s, struct cckd_extent *used, size_t count, uint64_t size)
{
    *s = (struct cckd_space){.end = 0};
    qsort(used, count, sizeof *used, by_offset);
    for (size_t i = 0; i < count; i++) {
        uint64_t offset = used[i].offset, length = used[i].length;
        if (offset < s->end || offset > size || length > size - offset) {
            errno = EBADMSG;
            cckd_space_free(s);
            return false;
        }
        if (offset - s->end >= CCKD_FREE_MIN && !insert(s, s->count, s->end, offset - s->end)) {
            cckd_space_free(s);
            return false;
        }
        s->end = offset + length;
    }
    return true;
}

void cckd_space_free(struct cckd_space *s)
{
    free(s->free);
    *s = (struct cckd_space){.free = NULL};
}

/* What must stay free before an extent, so that it begins at a multiple of `align`. */
static uint64_t gap(uint64_t offset, unsigned align)
{
    uint64_t n = (align - offset % align) % align;
    return n && n < CCKD_FREE_MIN ? n + align : n;
}

uint64_t cckd_space_take(struct cckd_space *s, uint32_t length, unsigned align, unsigned *slack)
{
    if (slack)
        *slack = 0;
    for (size_t i = 0; i < s->count; i++) {
        struct cckd_extent *f = &s->free[i];
        uint64_t before = gap(f->offset, align), offset = f->offset + before;
        if (f->length < before + length)
            continue;
        uint64_t rest = f->length - before - length;
        if (rest && rest < CCKD_FREE_MIN) {
            if (!slack)
                continue;
            *slack = (unsigned)rest;
            rest = 0;
        }
        if (before && rest && !insert(s, i + 1, offset + length, rest))
            return 0;
        if (before)
            s->free[i].length = before;
        else if (rest)
            *f = (struct cckd_extent){offset + length, rest};
        else
            remove_extent(s, i);
        return offset;
    }
    uint64_t before = gap(s->end, align), offset = s->end + before;
    if (offset + length > UINT32_MAX) {
        errno = EFBIG;
        return 0;
    }
    if (before && !insert(s, s->count, s->end, before))
        return 0;
    s->end = offset + length;
    return offset;
}

bool cckd_space_give(struct cckd_space *s, uint64_t offset, uint64_t length)
{
    size_t at = 0;
    while (at < s->count && s->free[at].offset < offset)
        at++;
    bool joins_before = at > 0 && s->free[at - 1].offset + s->free[at - 1].length == offset;
    if (joins_before)
        s->free[--at].length += length;
    else if (length < CCKD_FREE_MIN)
        return true;
    else if (!insert(s, at, offset, length))
        return false;
    struct cckd_extent *f = &s->free[at];
    if (at + 1 < s->count && f->offset + f->length == f[1].offset) {
        f->length += f[1].length;
        remove_extent(s, at + 1);
    }
    if (f->offset + f->length == s->end) {
        s->end = f->offset;
        remove_extent(s, at);
    }
    return true;
}

/* malloc: blocks of chunks that CMS gives.  Free blocks are a list by address; neighbours are
 * joined. A block's size, this header counted, is before it. */
#include "cms/kit/cms.h"

#include <stdlib.h>
#include <string.h>

struct block {
    size_t size;
    struct block *next; /* of the free ones; of one that is taken nothing */
};

#define HEADER 8u
#define CHUNK  16384u

static struct block *free_blocks;

static struct block *more(size_t size)
{
    size_t all = size > CHUNK ? size : CHUNK;
    struct block *b = cms_alloc(all);

    if (!b && all > size) {
        all = size;
        b = cms_alloc(all);
    }
    if (!b)
        return NULL;
    b->size = all;
    free((char *)b + HEADER);
    return b;
}

static void *take(size_t size)
{
    for (struct block **link = &free_blocks; *link; link = &(*link)->next) {
        struct block *b = *link;
        if (b->size < size)
            continue;
        if (b->size - size < 2 * HEADER) {
            *link = b->next;
            return (char *)b + HEADER;
        }
        b->size -= size;
        b = (struct block *)((char *)b + b->size);
        b->size = size;
        return (char *)b + HEADER;
    }
    return NULL;
}

void *malloc(size_t size)
{
    if (!size || size > 0x00ffffff)
        return NULL;
    size = (size + HEADER + 7) & ~(size_t)7;
    void *at = take(size);
    return at || !more(size) ? at : take(size);
}

static bool join(struct block *a, struct block *b)
{
    if (!b || (char *)a + a->size != (char *)b)
        return false;
    a->size += b->size;
    a->next = b->next;
    return true;
}

void free(void *at)
{
    struct block *before = NULL, *b = (struct block *)((char *)at - HEADER);

    if (!at)
        return;
    for (struct block *n = free_blocks; n && n < b; n = n->next)
        before = n;
    b->next = before ? before->next : free_blocks;
    if (before)
        before->next = b;
    else
        free_blocks = b;
    join(b, b->next);
    if (before)
        join(before, b);
}

void *calloc(size_t count, size_t size)
{
    if (size && count > 0x00ffffff / size)
        return NULL;
    void *at = malloc(count * size);
    return at ? memset(at, 0, count * size) : NULL;
}

void *realloc(void *at, size_t size)
{
    if (!at)
        return malloc(size);
    if (!size) {
        free(at);
        return NULL;
    }
    size_t old = ((struct block *)((char *)at - HEADER))->size - HEADER;
    if (size <= old)
        return at;
    void *to = malloc(size);
    if (to) {
        memcpy(to, at, old);
        free(at);
    }
    return to;
}

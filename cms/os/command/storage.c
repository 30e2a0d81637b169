/* GETMAIN and FREEMAIN: areas of chunks that CMS gives; each chunk belongs to one subpool.  What is
 * free in a chunk is a list through the free areas themselves, by address. */
#include "cms/os/command/os.h"

struct area {
    struct area *next;
    uint32_t size;
};

struct chunk {
    struct chunk *next;
    uint32_t size; /* with this header */
    uint32_t subpool;
    struct area *free;
};

#define UNIT         8u
#define CHUNK_LEAST  4096u
#define ABEND_NONE_R 0x80a /* no storage */
#define ABEND_NONE   0x804
#define ABEND_BAD_R  0x90a /* not what GETMAIN gave */
#define ABEND_BAD    0x905

static uint32_t rounded(uint32_t size)
{
    return (size + UNIT - 1) & ~(UNIT - 1);
}

static void *take(struct chunk *c, uint32_t size)
{
    for (struct area **link = &c->free; *link; link = &(*link)->next) {
        struct area *a = *link;
        if (a->size < size)
            continue;
        if (a->size == size) {
            *link = a->next;
            return a;
        }
        /* The end of it, so that the list stays as it is. */
        a->size -= size;
        return (char *)a + a->size;
    }
    return NULL;
}

static struct chunk *new_chunk(uint32_t size, uint8_t subpool)
{
    uint32_t all = size + sizeof(struct chunk);

    if (all < CHUNK_LEAST)
        all = CHUNK_LEAST;
    struct chunk *c = cms_alloc(all);
    if (!c)
        return NULL;
    c->size = all;
    c->subpool = subpool;
    c->free = (struct area *)(c + 1);
    c->free->next = NULL;
    c->free->size = all - sizeof(*c);
    c->next = os.chunks;
    os.chunks = c;
    return c;
}

void *getmain(uint32_t size, uint8_t subpool)
{
    void *at = NULL;

    size = rounded(size);
    if (!size || size > 0x00ffffff)
        return NULL;
    for (struct chunk *c = os.chunks; c && !at; c = c->next)
        if (c->subpool == subpool)
            at = take(c, size);
    struct chunk *more = at ? NULL : new_chunk(size, subpool);
    return more ? take(more, size) : at;
}

static void give_back(struct chunk *c)
{
    struct chunk **link = &os.chunks;

    while (*link != c)
        link = &(*link)->next;
    *link = c->next;
    cms_free(c, c->size);
}

/* Into the list, joined with its neighbours; false if some of it is free already. */
static bool insert(struct chunk *c, struct area *a, uint32_t size)
{
    struct area *before = NULL, *after = c->free;

    while (after && after < a) {
        before = after;
        after = after->next;
    }
    if (before && (char *)before + before->size > (char *)a)
        return false;
    if (after && (char *)a + size > (char *)after)
        return false;
    a->size = size;
    a->next = after;
    if (after && (char *)a + size == (char *)after) {
        a->size += after->size;
        a->next = after->next;
    }
    if (!before) {
        c->free = a;
    } else if ((char *)before + before->size == (char *)a) {
        before->size += a->size;
        before->next = a->next;
    } else {
        before->next = a;
    }
    return true;
}

bool freemain(void *at, uint32_t size, uint8_t subpool)
{
    uint32_t from = (uint32_t)at;

    size = rounded(size);
    if (!size || from % UNIT)
        return false;
    for (struct chunk *c = os.chunks; c; c = c->next) {
        uint32_t begin = (uint32_t)(c + 1), end = (uint32_t)c + c->size;
        if (c->subpool != subpool || from < begin || from >= end)
            continue;
        if (size > end - from || !insert(c, at, size))
            return false;
        if (c->free->size == end - begin)
            give_back(c);
        return true;
    }
    return false;
}

static void free_subpool(uint8_t subpool)
{
    struct chunk *next;

    for (struct chunk *c = os.chunks; c; c = next) {
        next = c->next;
        if (c->subpool == subpool)
            give_back(c);
    }
}

void storage_end(void)
{
    while (os.chunks)
        give_back(os.chunks);
}

/* R1 negative: GETMAIN R; else FREEMAIN R of the area there, or of all the subpool. R0: subpool in
 * the high byte, length. */
enum os_answer os_main_register(struct os_call *c)
{
    uint32_t size = os_address(c->r[0]);
    uint8_t subpool = (uint8_t)(c->r[0] >> 24);

    c->r[15] = 0;
    if (c->r[1] >> 31) {
        c->r[1] = (uint32_t)getmain(size, subpool);
        return c->r[1] ? OS_DONE : abend_system(c, ABEND_NONE_R);
    }
    if (!size && !os_address(c->r[1])) {
        free_subpool(subpool);
        return OS_DONE;
    }
    return freemain((void *)os_address(c->r[1]), size, subpool) ? OS_DONE
                                                                : abend_system(c, ABEND_BAD_R);
}

/* GETMAIN's and FREEMAIN's list, at R1. */
struct main_list {
    uint32_t length; /* or address of the least and the most length */
    uint32_t where;  /* address of the answer: address, with V also the length */
    uint8_t mode, subpool;
};
enum { MODE_CONDITIONAL = 0x20, MODE_KIND = 0xc0, MODE_ELEMENT = 0x00, MODE_VARIABLE = 0xc0 };

/* What CMS itself needs while the program runs. */
#define LEAVE 16384u

/* The largest area from `least` to `most` bytes. */
static void *get_variable(uint32_t least, uint32_t most, uint8_t subpool, uint32_t *size)
{
    uint32_t low = rounded(least), high = rounded(most);
    void *at = NULL;

    while (low < high) {
        uint32_t middle = low + rounded((high - low) / 2);
        void *probe = cms_alloc(middle + sizeof(struct chunk) + LEAVE);
        if (probe)
            cms_free(probe, middle + sizeof(struct chunk) + LEAVE);
        if (probe)
            low = middle;
        else
            high = middle - UNIT;
    }
    at = getmain(low, subpool);
    *size = low;
    return at;
}

enum os_answer os_getmain_list(struct os_call *c)
{
    const struct main_list *list = (const struct main_list *)os_address(c->r[1]);
    uint32_t *answer = (uint32_t *)os_address(list->where);
    uint32_t size = os_address(list->length);

    switch (list->mode & MODE_KIND) {
    case MODE_ELEMENT:
        answer[0] = (uint32_t)getmain(size, list->subpool);
        break;
    case MODE_VARIABLE: {
        const uint32_t *lengths = (const uint32_t *)size;
        answer[0] = (uint32_t)get_variable(lengths[0], lengths[1], list->subpool, &answer[1]);
        break;
    }
    default:
        return OS_NOT_MINE;
    }
    c->r[15] = answer[0] ? 0 : 4;
    if (!answer[0] && !(list->mode & MODE_CONDITIONAL))
        return abend_system(c, ABEND_NONE);
    return OS_DONE;
}

enum os_answer os_freemain_list(struct os_call *c)
{
    const struct main_list *list = (const struct main_list *)os_address(c->r[1]);
    const uint32_t *area = (const uint32_t *)os_address(list->where);
    bool variable = (list->mode & MODE_KIND) == MODE_VARIABLE;
    uint32_t size = variable ? area[1] : os_address(list->length);

    if (!variable && (list->mode & MODE_KIND) != MODE_ELEMENT)
        return OS_NOT_MINE;
    bool good = freemain((void *)os_address(area[0]), size, list->subpool);
    c->r[15] = good ? 0 : 4;
    if (!good && !(list->mode & MODE_CONDITIONAL))
        return abend_system(c, ABEND_BAD);
    return OS_DONE;
}

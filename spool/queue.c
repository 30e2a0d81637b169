/* The queues of the spool: ids, selection, order, and the changes of files, each of
 * which ends with one write of the checkpoint. */
#include "spool/checkpoint.h"
#include "spool/spool.h"

#include "lib/str.h"

const char *spool_kind_name(unsigned kind)
{
    static const char names[][4] = {"???", "RDR", "PRT", "PUN", "CON"};
    return names[kind <= SPOOL_CONSOLE ? kind : 0];
}

const char *spool_result_text(enum spool_result result)
{
    switch (result) {
    case SPOOL_OK:
        return "OK";
    case SPOOL_END:
        return "END OF FILE";
    case SPOOL_FULL:
        return "SPOOL SPACE FULL";
    case SPOOL_NO_ROOM:
        return "SPOOL FILE LIMIT REACHED";
    case SPOOL_ERROR:
        return "SPOOL I/O ERROR";
    case SPOOL_DAMAGED:
        return "SPOOL FILE DAMAGED";
    }
    return "?";
}

uint32_t spool_page_count(uint32_t slots)
{
    uint32_t most = (SPOOL_ID_MAX + SPOOL_ENTRIES - 1) / SPOOL_ENTRIES;
    return slots / 2 < most ? slots / 2 : most;
}

uint32_t spool_entry_count(uint32_t slots)
{
    return spool_page_count(slots) * SPOOL_ENTRIES;
}

void spool_init(struct spool *s, const struct spool_store *store, uint32_t slots,
                struct spool_file **entries, uint32_t *generations)
{
    memset(s, 0, sizeof *s);
    s->store = store;
    for (unsigned q = 0; q <= SPOOL_QUEUES; q++)
        list_init(&s->queue[q]);
    list_init(&s->open);
    s->last_order = 0x40000000; /* half way: there is room in front of the first file */
    s->pages = spool_page_count(slots);
    s->entries = entries;
    s->generations = generations;
    for (uint32_t i = 0; i < s->pages * SPOOL_ENTRIES; i++)
        entries[i] = NULL;
    for (uint32_t i = 0; i < s->pages; i++)
        generations[i] = 0;
}

struct spool_file *spool_find(struct spool *s, unsigned queue, uint16_t id)
{
    LIST_EACH(it, &s->queue[queue])
    {
        struct spool_file *f = LIST_ENTRY(it, struct spool_file, link);
        if (f->id == id)
            return f;
    }
    return NULL;
}

static bool belongs(const struct spool_file *f, const char *owner, char class)
{
    return (!owner[0] || !strcmp(f->owner, owner)) && (class == '*' || f->class == class);
}

struct spool_file *spool_next_file(struct spool *s, unsigned queue, struct spool_file *after,
                                   const char *owner, char class)
{
    struct list *head = &s->queue[queue];
    for (struct list *it = after ? after->link.next : head->next; it != head; it = it->next) {
        struct spool_file *f = LIST_ENTRY(it, struct spool_file, link);
        if (belongs(f, owner, class))
            return f;
    }
    return NULL;
}

struct spool_file *spool_select_reader(struct spool *s, const char *owner, char class)
{
    struct spool_file *f = NULL;
    while ((f = spool_next_file(s, SPOOL_READER, f, owner, class)))
        if (!f->hold && !f->in_use)
            return f;
    return NULL;
}

struct spool_file *spool_select_output(struct spool *s, unsigned queue, const char *classes,
                                       bool (*withheld)(void *context, const char *owner),
                                       void *context)
{
    for (; *classes; classes++) {
        struct spool_file *f = NULL;
        while ((f = spool_next_file(s, queue, f, "", *classes)))
            if (!f->hold && !f->in_use && !(withheld && withheld(context, f->owner)))
                return f;
    }
    return NULL;
}

struct spool_file *spool_find_any(struct spool *s, uint16_t id)
{
    for (unsigned q = SPOOL_READER; q <= SPOOL_QUEUES; q++) {
        struct spool_file *f = spool_find(s, q, id);
        if (f)
            return f;
    }
    LIST_EACH(it, &s->open)
    {
        struct spool_file *f = LIST_ENTRY(it, struct spool_file, link);
        if (f->id == id)
            return f;
    }
    return NULL;
}

uint16_t spool_new_id(struct spool *s)
{
    for (unsigned tries = 0; tries < SPOOL_ID_MAX; tries++) {
        s->last_id = (uint16_t)(s->last_id >= SPOOL_ID_MAX ? 1 : s->last_id + 1);
        if (!spool_find_any(s, s->last_id))
            return s->last_id;
    }
    return 0;
}

enum spool_result spool_enter(struct spool *s, struct spool_file *f)
{
    uint32_t entry = 0, count = s->pages * SPOOL_ENTRIES;
    while (entry < count && s->entries[entry])
        entry++;
    if (entry == count)
        return SPOOL_NO_ROOM;
    f->order = ++s->last_order;
    f->entry = (int32_t)entry;
    f->in_use = 1; /* nobody takes it before the checkpoint has it */
    s->entries[entry] = f;
    list_remove(&f->link);
    list_append(&s->queue[f->queue], &f->link);
    enum spool_result r = spool_checkpoint_write(s, entry);
    if (r != SPOOL_OK) {
        s->entries[entry] = NULL;
        f->entry = -1;
        list_remove(&f->link);
        list_append(&s->open, &f->link);
    }
    f->in_use = 0;
    return r;
}

enum spool_result spool_update(struct spool *s, struct spool_file *f)
{
    return f->entry < 0 ? SPOOL_OK : spool_checkpoint_write(s, (uint32_t)f->entry);
}

enum spool_result spool_move(struct spool *s, struct spool_file *f, unsigned queue,
                             const char *owner)
{
    f->queue = (uint8_t)queue;
    str_copy(f->owner, owner, sizeof f->owner);
    f->order = ++s->last_order;
    f->in_use = 1; /* the new owner must not read and delete it while this waits */
    list_remove(&f->link);
    list_append(&s->queue[queue], &f->link);
    enum spool_result r = spool_update(s, f);
    f->in_use = 0;
    return r;
}

enum spool_result spool_front(struct spool *s, struct spool_file *f)
{
    struct list *head = &s->queue[f->queue];
    struct spool_file *first = spool_next_file(s, f->queue, NULL, f->owner, '*');
    if (!first || first == f)
        return SPOOL_OK;
    /* In front of all of the queue, not only of the owner's files, if there is no number
     * between the owner's first and the one before it. */
    struct list *before = first->link.prev;
    struct list *at = &first->link;
    if (before != head && LIST_ENTRY(before, struct spool_file, link)->order + 1 >= first->order)
        at = head->next;
    f->order = LIST_ENTRY(at, struct spool_file, link)->order - 1;
    list_remove(&f->link);
    list_insert_before(at, &f->link);
    return spool_update(s, f);
}

void spool_free_chain(struct spool *s, uint32_t last, const void *from)
{
    const struct spool_store *store = s->store;
    uint8_t *page = store->page_get(store->context);
    const struct spool_block *b = from;
    uint64_t stamp = b ? get64(b->stamp) : 0;
    bool known = b != NULL;
    /* Stops at the first block that is not the chain's: a slot that is lost until the next
     * warm start does less harm than one that is freed twice. */
    while (last != SPOOL_NO_SLOT) {
        if (!b) {
            if (!page || !store->read(store->context, last, page))
                break;
            b = (struct spool_block *)page;
            if (get32(b->magic) != SPOOL_BLOCK_MAGIC || (known && get64(b->stamp) != stamp))
                break;
            stamp = get64(b->stamp);
            known = true;
        }
        uint32_t previous = get32(b->previous);
        store->free(store->context, last);
        last = previous;
        b = NULL;
    }
    if (page)
        store->page_put(store->context, page);
}

enum spool_result spool_delete(struct spool *s, struct spool_file *f)
{
    enum spool_result r = SPOOL_OK;
    list_remove(&f->link);
    if (f->entry >= 0) {
        s->entries[f->entry] = NULL;
        r = spool_checkpoint_write(s, (uint32_t)f->entry);
    }
    /* A checkpoint that still names the file must find its blocks. */
    if (r == SPOOL_OK)
        spool_free_chain(s, f->last, NULL);
    s->store->file_put(s->store->context, f);
    return r;
}

/* The checkpoint area and the warm start that reads it. */
#include "spool/checkpoint.h"

#include "lib/ebcdic.h"
#include "lib/str.h"

void spool_entry_from_file(struct spool_entry *e, const struct spool_file *f)
{
    char class[2] = {f->class, 0};
    memset(e, 0, sizeof *e);
    put16(&e->id, f->id);
    e->queue = f->queue;
    e->kind = f->kind;
    ebcdic_put_field(&e->class, class, 1);
    e->copies = f->copies;
    e->hold = f->hold;
    put32(&e->records, f->records);
    put32(&e->blocks, f->blocks);
    put32(&e->first, f->first);
    put32(&e->last, f->last);
    put64(&e->stamp, f->stamp);
    put32(&e->order, f->order);
    ebcdic_put_field(e->owner, f->owner, sizeof e->owner);
    ebcdic_put_field(e->origin, f->origin, sizeof e->origin);
    ebcdic_put_field(e->name, f->name, sizeof e->name);
    ebcdic_put_field(e->type, f->type, sizeof e->type);
    ebcdic_put_field(e->dist, f->dist, sizeof e->dist);
    ebcdic_put_field(e->date, f->date, sizeof e->date);
    ebcdic_put_field(e->time, f->time, sizeof e->time);
    ebcdic_put_field(e->tag, f->tag, sizeof e->tag);
}

bool spool_entry_to_file(struct spool_file *f, const struct spool_entry *e)
{
    char class[2];
    memset(f, 0, sizeof *f);
    list_init(&f->link);
    f->id = get16(e->id);
    f->queue = e->queue;
    f->kind = e->kind;
    ebcdic_get_field(class, &e->class, 1);
    f->class = class[0];
    f->copies = e->copies;
    f->hold = e->hold & (SPOOL_HOLD_USER | SPOOL_HOLD_SYSTEM);
    f->records = get32(e->records);
    f->blocks = get32(e->blocks);
    f->first = get32(e->first);
    f->last = get32(e->last);
    f->stamp = get64(e->stamp);
    f->order = get32(e->order);
    f->entry = -1;
    ebcdic_get_field(f->owner, e->owner, sizeof e->owner);
    ebcdic_get_field(f->origin, e->origin, sizeof e->origin);
    ebcdic_get_field(f->name, e->name, sizeof e->name);
    ebcdic_get_field(f->type, e->type, sizeof e->type);
    ebcdic_get_field(f->dist, e->dist, sizeof e->dist);
    ebcdic_get_field(f->date, e->date, sizeof e->date);
    ebcdic_get_field(f->time, e->time, sizeof e->time);
    ebcdic_get_field(f->tag, e->tag, sizeof e->tag);
    return f->id >= 1 && f->id <= SPOOL_ID_MAX && f->queue >= SPOOL_READER &&
           f->queue <= SPOOL_QUEUES && f->kind >= SPOOL_READER && f->kind <= SPOOL_CONSOLE &&
           str_is_alnum(f->class) && f->copies >= 1 && f->copies <= SPOOL_COPIES_MAX &&
           f->owner[0] && f->blocks;
}

enum spool_result spool_checkpoint_write(struct spool *s, uint32_t entry)
{
    const struct spool_store *store = s->store;
    uint32_t number = entry / SPOOL_ENTRIES;
    struct spool_checkpoint *c = store->page_get(store->context);
    if (!c)
        return SPOOL_NO_ROOM;
    memset(c, 0, sizeof *c);
    put32(&c->magic, SPOOL_CHECKPOINT_MAGIC);
    put32(&c->page, number);
    for (uint32_t i = 0; i < SPOOL_ENTRIES; i++) {
        struct spool_file *f = s->entries[number * SPOOL_ENTRIES + i];
        if (f)
            spool_entry_from_file(&c->entry[i], f);
    }
    /* Counted before the write, which may wait: another task's write of this page meanwhile
     * goes to the other copy and has our changes, too. */
    uint32_t generation = ++s->generations[number];
    put32(&c->generation, generation);
    put32(&c->checksum, spool_checksum(c));
    bool ok = store->checkpoint_write(store->context, 2 * number + (generation & 1), c);
    store->page_put(store->context, c);
    /* The next try must not go to the copy that is good. */
    if (!ok && s->generations[number] == generation)
        s->generations[number]--;
    return ok ? SPOOL_OK : SPOOL_ERROR;
}

enum spool_result spool_forget_lost(struct spool *s)
{
    enum spool_result r = SPOOL_OK;
    for (uint32_t page = 0; page < s->pages && r == SPOOL_OK; page++)
        if (s->generations[page])
            r = spool_checkpoint_write(s, page * SPOOL_ENTRIES);
    if (r == SPOOL_OK)
        s->lost = 0;
    return r;
}

enum spool_result spool_cold_start(struct spool *s)
{
    struct list *link;
    for (unsigned q = SPOOL_READER; q <= SPOOL_QUEUES; q++)
        while ((link = s->queue[q].next) != &s->queue[q]) {
            struct spool_file *f = LIST_ENTRY(link, struct spool_file, link);
            s->entries[f->entry] = NULL;
            list_remove(&f->link);
            spool_free_chain(s, f->last, NULL);
            s->store->file_put(s->store->context, f);
        }
    s->lost = 0;
    /* Twice, so that no older copy can come back. */
    for (uint32_t page = 0; page < s->pages; page++)
        for (int copy = 0; copy < 2; copy++) {
            enum spool_result r = spool_checkpoint_write(s, page * SPOOL_ENTRIES);
            if (r != SPOOL_OK)
                return r;
        }
    return SPOOL_OK;
}

enum copy_state { COPY_GOOD, COPY_UNUSED, COPY_BAD };

static enum copy_state read_copy(struct spool *s, uint32_t slot, struct spool_checkpoint *c)
{
    if (!s->store->checkpoint_read(s->store->context, slot, c))
        return COPY_BAD;
    if (get32(c->magic) == SPOOL_CHECKPOINT_MAGIC && get32(c->page) == slot / 2 &&
        get32(c->checksum) == spool_checksum(c) && (get32(c->generation) & 1) == (slot & 1))
        return COPY_GOOD;
    const uint8_t *bytes = (const uint8_t *)c;
    for (uint32_t i = 1; i < SPOOL_PAGE; i++)
        if (bytes[i] != bytes[0])
            return COPY_BAD;
    return COPY_UNUSED;
}

/* Walks the chain.  Returns NULL and has all its slots, or what is wrong and has none. */
static const char *take_chain(struct spool *s, const struct spool_file *f, void *page)
{
    const struct spool_store *store = s->store;
    const struct spool_block *b = page;
    struct spool_place place = {f->id, f->stamp, 0, SPOOL_NO_SLOT};
    const char *wrong = NULL;
    uint32_t slot = f->first, records = 0;
    while (slot != SPOOL_NO_SLOT && !wrong) {
        if (place.sequence == f->blocks) {
            wrong = "IS TOO LONG";
        } else if (!store->take(store->context, slot)) {
            wrong = "USES A SLOT THAT IS NOT THERE, OR ANOTHER FILE'S";
        } else {
            wrong = store->read(store->context, slot, page) ? spool_block_check(page, &place)
                                                            : "CANNOT BE READ";
            place.previous = slot;
            place.sequence++;
            if (!wrong) {
                records += get32(b->records);
                slot = get32(b->next);
            }
        }
    }
    if (!wrong && (place.sequence != f->blocks || place.previous != f->last))
        wrong = "IS TOO SHORT";
    if (!wrong && records != f->records)
        wrong = "HAS A WRONG NUMBER OF RECORDS";
    if (!wrong)
        return NULL;
    /* Give back what was taken: along the chain again, which was good up to the last. */
    uint32_t taken = place.sequence;
    slot = f->first;
    for (uint32_t i = 0; i < taken; i++) {
        uint32_t next = SPOOL_NO_SLOT;
        if (i + 1 < taken && store->read(store->context, slot, page))
            next = get32(b->next);
        store->free(store->context, slot);
        if ((slot = next) == SPOOL_NO_SLOT)
            break;
    }
    return wrong;
}

static void queue_by_order(struct spool *s, struct spool_file *f)
{
    struct list *head = &s->queue[f->queue];
    struct list *at = head;
    while (at->prev != head && LIST_ENTRY(at->prev, struct spool_file, link)->order > f->order)
        at = at->prev;
    list_insert_before(at, &f->link);
    if (f->order > s->last_order)
        s->last_order = f->order;
    if (f->stamp > s->last_stamp) {
        s->last_stamp = f->stamp;
        s->last_id = f->id; /* ids go on behind the newest file */
    }
}

/* Takes the files of one checkpoint page. */
static void take_files(struct spool *s, uint32_t number, const struct spool_checkpoint *c,
                       void *page, spool_report *report, void *context)
{
    for (uint32_t i = 0; i < SPOOL_ENTRIES; i++) {
        if (!get16(c->entry[i].id))
            continue;
        struct spool_file *f = s->store->file_get(s->store->context);
        const char *wrong;
        if (!f) {
            report(context, NULL, "NO STORAGE FOR A SPOOL FILE");
            s->lost++;
            continue;
        }
        if (!spool_entry_to_file(f, &c->entry[i]))
            wrong = "HAS A DAMAGED CHECKPOINT ENTRY";
        else if (spool_find_any(s, f->id))
            wrong = "HAS THE ID OF ANOTHER FILE";
        else
            wrong = take_chain(s, f, page);
        if (wrong) {
            report(context, f, wrong);
            s->store->file_put(s->store->context, f);
            s->lost++;
            continue;
        }
        f->entry = (int32_t)(number * SPOOL_ENTRIES + i);
        s->entries[f->entry] = f;
        queue_by_order(s, f);
    }
}

uint32_t spool_warm_start(struct spool *s, spool_report *report, void *context)
{
    const struct spool_store *store = s->store;
    uint32_t count = 0;
    struct spool_checkpoint *a = store->page_get(store->context);
    struct spool_checkpoint *b = store->page_get(store->context);
    void *page = store->page_get(store->context);
    if (!a || !b || !page) {
        report(context, NULL, "NO STORAGE TO READ THE CHECKPOINT AREA");
        s->pages = 0; /* nothing is written over what could not be read */
    }
    for (uint32_t number = 0; number < s->pages; number++) {
        enum copy_state sa = read_copy(s, 2 * number, a);
        enum copy_state sb = read_copy(s, 2 * number + 1, b);
        if (sa != COPY_GOOD && sb != COPY_GOOD) {
            if (sa == COPY_BAD && sb == COPY_BAD) {
                report(context, NULL, "A CHECKPOINT PAGE IS DAMAGED");
                s->generations[number] = 1; /* it is to be written by spool_forget_lost */
                s->lost++;
            }
            continue;
        }
        bool use_b =
            sb == COPY_GOOD &&
            (sa != COPY_GOOD || (int32_t)(get32(b->generation) - get32(a->generation)) > 0);
        struct spool_checkpoint *c = use_b ? b : a;
        s->generations[number] = get32(c->generation);
        take_files(s, number, c, page, report, context);
        for (uint32_t i = 0; i < SPOOL_ENTRIES; i++)
            count += s->entries[number * SPOOL_ENTRIES + i] != NULL;
    }
    if (a)
        store->page_put(store->context, a);
    if (b)
        store->page_put(store->context, b);
    if (page)
        store->page_put(store->context, page);
    return count;
}

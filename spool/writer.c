/* Records into and out of spool files. */
#include "spool/writer.h"

#include "lib/str.h"

enum spool_result spool_write_open(struct spool *s, struct spool_writer *w, unsigned kind,
                                   uint64_t now)
{
    const struct spool_store *store = s->store;
    memset(w, 0, sizeof *w);
    struct spool_file *f = store->file_get(store->context);
    if (!f)
        return SPOOL_NO_ROOM;
    memset(f, 0, sizeof *f);
    list_init(&f->link);
    f->id = spool_new_id(s);
    w->page = f->id ? store->page_get(store->context) : NULL;
    w->slot = w->page ? store->alloc(store->context) : SPOOL_NO_SLOT;
    if (w->slot == SPOOL_NO_SLOT) {
        enum spool_result r = w->page ? SPOOL_FULL : SPOOL_NO_ROOM;
        if (w->page)
            store->page_put(store->context, w->page);
        store->file_put(store->context, f);
        memset(w, 0, sizeof *w);
        return r;
    }
    s->last_stamp = now > s->last_stamp ? now : s->last_stamp + 1;
    f->stamp = s->last_stamp;
    f->kind = (uint8_t)kind;
    f->queue = (uint8_t)(kind == SPOOL_CONSOLE ? SPOOL_PRINTER : kind);
    f->class = 'A';
    f->copies = 1;
    f->entry = -1;
    f->first = f->last = w->slot;
    list_append(&s->open, &f->link);
    w->file = f;
    w->next = SPOOL_NO_SLOT;
    struct spool_place place = {f->id, f->stamp, 0, SPOOL_NO_SLOT};
    spool_block_start(w->page, &place);
    return SPOOL_OK;
}

enum spool_result spool_write(struct spool *s, struct spool_writer *w,
                              const struct spool_record *record)
{
    const struct spool_store *store = s->store;
    if (!spool_block_add(w->page, record)) {
        if (w->next == SPOOL_NO_SLOT)
            w->next = store->alloc(store->context);
        if (w->next == SPOOL_NO_SLOT)
            return SPOOL_FULL;
        spool_block_seal(w->page, w->next);
        if (!store->write(store->context, w->slot, w->page))
            return SPOOL_ERROR;
        struct spool_place place = {w->file->id, w->file->stamp, ++w->sequence, w->slot};
        spool_block_start(w->page, &place);
        w->slot = w->file->last = w->next;
        w->next = SPOOL_NO_SLOT;
        spool_block_add(w->page, record);
    }
    w->file->records++;
    return SPOOL_OK;
}

static void end_writing(struct spool *s, struct spool_writer *w)
{
    if (w->next != SPOOL_NO_SLOT)
        s->store->free(s->store->context, w->next);
    s->store->page_put(s->store->context, w->page);
    memset(w, 0, sizeof *w);
}

enum spool_result spool_write_close(struct spool *s, struct spool_writer *w,
                                    struct spool_file **closed)
{
    struct spool_file *f = w->file;
    *closed = NULL;
    if (!f->records) {
        spool_write_purge(s, w);
        return SPOOL_OK;
    }
    spool_block_seal(w->page, SPOOL_NO_SLOT);
    if (!s->store->write(s->store->context, w->slot, w->page))
        return SPOOL_ERROR;
    f->blocks = w->sequence + 1;
    enum spool_result r = spool_enter(s, f);
    if (r != SPOOL_OK)
        return r;
    end_writing(s, w);
    *closed = f;
    return SPOOL_OK;
}

void spool_write_purge(struct spool *s, struct spool_writer *w)
{
    struct spool_file *f = w->file;
    if (!f)
        return;
    list_remove(&f->link);
    spool_free_chain(s, w->slot, w->page);
    s->store->file_put(s->store->context, f);
    end_writing(s, w);
}

enum spool_result spool_read_open(struct spool *s, struct spool_reader *r, struct spool_file *f)
{
    memset(r, 0, sizeof *r);
    r->page = s->store->page_get(s->store->context);
    if (!r->page)
        return SPOOL_NO_ROOM;
    r->file = f;
    f->in_use = 1;
    spool_read_rewind(r);
    return SPOOL_OK;
}

void spool_read_rewind(struct spool_reader *r)
{
    r->slot = r->file->first;
    r->previous = SPOOL_NO_SLOT;
    r->sequence = r->offset = r->record = 0;
    r->loaded = false;
}

enum spool_result spool_read(struct spool *s, struct spool_reader *r, struct spool_record *record)
{
    const struct spool_block *b = (const struct spool_block *)r->page;
    for (;;) {
        if (!r->loaded) {
            struct spool_place place = {r->file->id, r->file->stamp, r->sequence, r->previous};
            if (r->slot == SPOOL_NO_SLOT)
                return SPOOL_END;
            if (!s->store->read(s->store->context, r->slot, r->page))
                return SPOOL_ERROR;
            if (spool_block_check(r->page, &place))
                return SPOOL_DAMAGED;
            r->loaded = true;
            r->offset = 0;
        }
        if (spool_block_next(r->page, &r->offset, record)) {
            r->record++;
            return SPOOL_OK;
        }
        r->previous = r->slot;
        r->slot = get32(b->next);
        r->sequence++;
        r->loaded = false;
    }
}

enum spool_result spool_read_seek(struct spool *s, struct spool_reader *r, uint32_t record)
{
    enum spool_result result = SPOOL_OK;
    struct spool_record ignored;
    if (record < r->record)
        spool_read_rewind(r);
    while (result == SPOOL_OK && r->record < record)
        result = spool_read(s, r, &ignored);
    return result;
}

void spool_read_close(struct spool *s, struct spool_reader *r)
{
    if (!r->file)
        return;
    r->file->in_use = 0;
    s->store->page_put(s->store->context, r->page);
    memset(r, 0, sizeof *r);
}

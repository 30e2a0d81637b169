/* The directory: entries (FSTs) by slot, without gaps; slots 0 and 1 are the directory's own
 * and the map's.  Removing one moves the last into its place. */
#include "cms/fs/edf_internal.h"

#define FST_SIZE sizeof(struct edf_fst)

static uint32_t per_block(const struct edf_disk *d)
{
    return d->cdf ? 1 : d->block_size / FST_SIZE;
}

static const struct edf_fst *slot_at(struct edf_disk *d, uint32_t slot)
{
    if (d->cdf)
        return cdf_entry(d, slot);
    const uint8_t *block = edf_block(d, edf_leaf(d, &d->directory, slot / per_block(d)));
    return block ? (const struct edf_fst *)(block + slot % per_block(d) * FST_SIZE) : NULL;
}

bool edf_slot_read(struct edf_disk *d, uint32_t slot, struct edf_fst *fst)
{
    const struct edf_fst *at = slot_at(d, slot);
    if (!at)
        return false;
    *fst = *at;
    return true;
}

bool edf_slot_write(struct edf_disk *d, uint32_t slot, const struct edf_fst *fst)
{
    if (d->cdf)
        return cdf_slot_write(d, slot, fst);
    uint8_t *block = edf_tree_write(d, &d->directory, slot / per_block(d), NULL);
    if (!block)
        return false;
    memcpy(block + slot % per_block(d) * FST_SIZE, fst, FST_SIZE);
    return true;
}

bool edf_slot_add(struct edf_disk *d, const struct edf_fst *fst, uint32_t *slot)
{
    if (d->cdf)
        return cdf_slot_add(d, fst, slot);
    *slot = d->files;
    if (!edf_slot_write(d, *slot, fst))
        return false;
    d->files++;
    return true;
}

void edf_slot_moved(struct edf_disk *d, uint32_t from, uint32_t to)
{
    for (struct edf_file *f = d->open; f; f = f->next_open)
        if (f->slot == from)
            f->slot = to;
}

bool edf_slot_remove(struct edf_disk *d, uint32_t slot)
{
    if (d->cdf)
        return cdf_slot_remove(d, slot);
    struct edf_fst fst;
    uint32_t last = d->files - 1;
    if (slot != last) {
        if (!edf_slot_read(d, last, &fst) || !edf_slot_write(d, slot, &fst))
            return false;
        edf_slot_moved(d, last, slot);
    }
    memset(&fst, 0, sizeof fst);
    if (!edf_slot_write(d, last, &fst))
        return false;
    d->files--;
    if (d->files % per_block(d) == 0 && d->directory.blocks * per_block(d) > d->files)
        return edf_tree_cut(d, &d->directory);
    return true;
}

bool edf_find(struct edf_disk *d, const struct edf_name *name, uint32_t *slot, struct edf_fst *fst)
{
    const struct edf_fst *at = NULL;
    for (uint32_t i = 0; i < d->files; i++) {
        at = at && i % per_block(d) ? at + 1 : slot_at(d, i);
        if (!at)
            return false;
        if (i < 2 || memcmp(&at->name, name, sizeof *name))
            continue;
        *slot = i;
        *fst = *at;
        return true;
    }
    return edf_fail(d, EDF_NOT_FOUND);
}

static void set_date(struct edf_fst *fst, const uint8_t date[7])
{
    memcpy(fst->date, date + 1, 6);
    memcpy(fst->cdf_date, date + 2, 4);
    fst->year[0] = 0xf0 | date[1] >> 4;
    fst->year[1] = 0xf0 | (date[1] & 0x0f);
    fst->flags = date[0] >= 0x20 ? EDF_FST_CENTURY : 0;
}

void edf_fst_stamp(const struct edf_disk *d, struct edf_fst *fst)
{
    uint8_t now[7] = {0x19, 0x70, 1, 1};
    d->io.now(d->io.context, now);
    set_date(fst, now);
}

void edf_fst_status(const struct edf_fst *fst, struct edf_status *s)
{
    s->name = fst->name;
    s->mode = fst->mode[1];
    s->recfm = fst->recfm;
    s->lrecl = get32(fst->lrecl);
    s->items = get32(fst->items);
    s->blocks = get32(fst->blocks);
    s->date[0] = fst->flags & EDF_FST_CENTURY ? 0x20 : 0x19;
    memcpy(s->date + 1, fst->date, 6);
}

void edf_name_set(struct edf_name *name, const char *fn, const char *ft)
{
    str_pad((char *)name->fn, fn, sizeof name->fn);
    str_pad((char *)name->ft, ft, sizeof name->ft);
}

/* Is `n` bytes of text a match?  Only the last '*' met has to be tried again with more. */
static bool field_matches(const uint8_t *pattern, const uint8_t *text)
{
    unsigned p = 0, t = 0, star = 99, resume = 0, plen = 8, tlen = 8;
    while (plen && pattern[plen - 1] == EDF_BLANK)
        plen--;
    while (tlen && text[tlen - 1] == EDF_BLANK)
        tlen--;
    while (t < tlen) {
        if (p < plen && pattern[p] == 0x5c) {
            star = p++;
            resume = t;
        } else if (p < plen && (pattern[p] == 0x6c || pattern[p] == text[t])) {
            p++, t++;
        } else if (star != 99) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < plen && pattern[p] == 0x5c)
        p++;
    return p == plen;
}

bool edf_name_matches(const struct edf_name *pattern, const struct edf_name *name)
{
    return field_matches(pattern->fn, name->fn) && field_matches(pattern->ft, name->ft);
}

static bool valid_name(struct edf_disk *d, const struct edf_name *name)
{
    if (name->fn[0] <= EDF_BLANK || name->ft[0] <= EDF_BLANK)
        return edf_fail(d, EDF_NAME);
    return true;
}

static const struct edf_file *open_file(const struct edf_disk *d, uint32_t slot, bool writer)
{
    for (const struct edf_file *f = d->open; f; f = f->next_open)
        if (f->slot == slot && (!writer || f->writing))
            return f;
    return NULL;
}

enum edf_error edf_state(struct edf_disk *d, const struct edf_name *name, struct edf_status *s)
{
    struct edf_fst fst;
    uint32_t slot;
    if (!edf_find(d, name, &slot, &fst))
        return d->error;
    const struct edf_file *f = open_file(d, slot, true);
    if (f)
        edf_file_status(f, s);
    else
        edf_fst_status(&fst, s);
    return EDF_OK;
}

static enum edf_error erase_slot(struct edf_disk *d, uint32_t slot, const struct edf_fst *fst)
{
    struct edf_tree tree;
    if (!edf_may_change(d))
        return d->error;
    if (open_file(d, slot, false))
        return EDF_BUSY;
    if (d->available < edf_overhead(d))
        return EDF_FULL;
    edf_tree_load(&tree, fst);
    if (!edf_tree_plausible(d, &tree))
        return EDF_FORMAT;
    if (!edf_tree_free(d, &tree) || !edf_slot_remove(d, slot)) {
        d->broken = true;
        return d->error;
    }
    return EDF_OK;
}

enum edf_error edf_erase(struct edf_disk *d, const struct edf_name *name)
{
    struct edf_fst fst;
    uint32_t slot;
    if (!edf_find(d, name, &slot, &fst))
        return d->error;
    return erase_slot(d, slot, &fst);
}

enum edf_error edf_rename(struct edf_disk *d, const struct edf_name *from,
                          const struct edf_name *to, uint8_t mode)
{
    struct edf_fst fst, other;
    uint32_t slot, other_slot;
    if (!edf_may_change(d) || !valid_name(d, to) || !edf_find(d, from, &slot, &fst))
        return d->error;
    if (edf_find(d, to, &other_slot, &other)) {
        if (other_slot != slot)
            return EDF_EXISTS;
    } else if (d->error != EDF_NOT_FOUND) {
        return d->error;
    }
    if (open_file(d, slot, false))
        return EDF_BUSY;
    if (d->available < edf_overhead(d))
        return EDF_FULL;
    fst.name = *to;
    if (mode)
        fst.mode[1] = mode;
    return edf_slot_write(d, slot, &fst) ? EDF_OK : d->error;
}

enum edf_error edf_redate(struct edf_disk *d, const struct edf_name *name, const uint8_t date[7])
{
    struct edf_fst fst;
    uint32_t slot;
    if (!edf_may_change(d) || !edf_find(d, name, &slot, &fst))
        return d->error;
    if (open_file(d, slot, false))
        return EDF_BUSY;
    if (d->available < edf_overhead(d))
        return EDF_FULL;
    set_date(&fst, date);
    return edf_slot_write(d, slot, &fst) ? EDF_OK : d->error;
}

void edf_search_start(struct edf_search *s, const struct edf_name *pattern)
{
    s->pattern = *pattern;
    s->next = 2;
}

enum edf_error edf_search_next(struct edf_disk *d, struct edf_search *s, struct edf_status *status)
{
    const struct edf_fst *at = NULL;
    for (; s->next < d->files; s->next++) {
        at = at && s->next % per_block(d) ? at + 1 : slot_at(d, s->next);
        if (!at)
            return d->error;
        if (!at->name.fn[0] || !edf_name_matches(&s->pattern, &at->name))
            continue;
        edf_fst_status(at, status);
        const struct edf_file *f = open_file(d, s->next, true);
        if (f)
            edf_file_status(f, status);
        s->next++;
        return EDF_OK;
    }
    return EDF_END;
}

enum edf_error edf_search_erase(struct edf_disk *d, struct edf_search *s)
{
    struct edf_fst fst;
    if (s->next <= 2 || s->next > d->files)
        return EDF_NOT_FOUND;
    if (!edf_slot_read(d, s->next - 1, &fst))
        return d->error;
    enum edf_error e = erase_slot(d, s->next - 1, &fst);
    if (e == EDF_OK)
        s->next--;
    return e;
}

static enum edf_error file_open(struct edf_disk *d, struct edf_file *f, uint32_t slot,
                                const struct edf_fst *fst, bool write)
{
    memset(f, 0, sizeof *f);
    f->disk = d;
    f->fst = *fst;
    edf_tree_load(&f->tree, fst);
    f->slot = slot;
    f->items = get32(fst->items);
    f->lrecl = get32(fst->lrecl);
    f->next = 1;
    f->writing = write;
    if ((fst->recfm != EDF_FIXED && fst->recfm != EDF_VARYING) || !f->lrecl || f->lrecl > 0xffff ||
        !edf_tree_plausible(d, &f->tree))
        return EDF_FORMAT;
    f->next_open = d->open;
    d->open = f;
    d->writers += write;
    return EDF_OK;
}

enum edf_error edf_open(struct edf_disk *d, struct edf_file *f, const struct edf_name *name,
                        bool write)
{
    struct edf_fst fst;
    uint32_t slot;
    if ((write && !edf_may_change(d)) || !edf_find(d, name, &slot, &fst))
        return d->error;
    if (open_file(d, slot, !write))
        return EDF_BUSY;
    return file_open(d, f, slot, &fst, write);
}

enum edf_error edf_create(struct edf_disk *d, struct edf_file *f, const struct edf_name *name,
                          uint8_t mode, uint8_t recfm, uint32_t lrecl)
{
    struct edf_fst fst;
    uint32_t slot;
    if (!edf_may_change(d) || !valid_name(d, name))
        return d->error;
    if (edf_find(d, name, &slot, &fst))
        return EDF_EXISTS;
    if (d->error != EDF_NOT_FOUND)
        return d->error;
    if (recfm == EDF_VARYING)
        lrecl = 1;
    if ((recfm != EDF_FIXED && recfm != EDF_VARYING) || !lrecl || lrecl > 0xffff)
        return EDF_RECORD;
    if (d->available < 2 * edf_overhead(d))
        return EDF_FULL;
    memset(&fst, 0, sizeof fst);
    fst.name = *name;
    fst.mode[0] = 0xc1;
    fst.mode[1] = mode;
    fst.recfm = recfm;
    put32(&fst.lrecl, lrecl);
    fst.pointer_size = recfm == EDF_VARYING ? 12 : 4;
    fst.levels = d->cdf; /* the first chain link is one */
    edf_fst_stamp(d, &fst);
    if (!edf_slot_add(d, &fst, &slot))
        return d->error;
    return file_open(d, f, slot, &fst, true);
}

/* Trees: the data blocks of a file, found through `levels` levels of pointer blocks.  With no
 * level the origin is the only data block.  A pointer of an F file is a block number; one
 * of a V file is three words: block number, highest record that begins in the data below it,
 * and where in the data block the first one begins (EDF_NO_START: none does). */
#include "cms/fs/edf_internal.h"

enum { POINTER_HIGHEST = 4, POINTER_START = 8 };

uint32_t edf_fanout(const struct edf_disk *d, const struct edf_tree *t)
{
    return d->block_size / t->pointer_size;
}

/* Data blocks below one pointer of a block of this level; level 0: of the origin. */
static uint32_t span_of(const struct edf_disk *d, const struct edf_tree *t, unsigned level)
{
    uint32_t span = 1, fanout = edf_fanout(d, t);
    while (level-- > 1)
        span = span > UINT32_MAX / fanout ? UINT32_MAX : span * fanout;
    return span;
}

static uint32_t capacity(const struct edf_disk *d, const struct edf_tree *t)
{
    return t->levels ? span_of(d, t, t->levels + 1u) : 1;
}

uint32_t edf_leaf(struct edf_disk *d, const struct edf_tree *t, uint32_t index)
{
    if (d->cdf)
        return cdf_leaf(d, t, index);
    uint32_t block = t->origin, fanout = edf_fanout(d, t);
    if (index >= capacity(d, t)) {
        edf_fail(d, EDF_FORMAT);
        return 0;
    }
    for (unsigned level = t->levels; level && block; level--) {
        const uint8_t *pointers = edf_block(d, block);
        if (!pointers)
            return 0;
        uint32_t entry = index / span_of(d, t, level) % fanout;
        block = load_be32(pointers + entry * t->pointer_size);
    }
    d->error = EDF_OK;
    return block;
}

/* The roots of the directory take turns. */
bool edf_renew(struct edf_disk *d, uint32_t *block)
{
    uint32_t old = *block, new;
    if (!d->cdf && (old == EDF_ROOT_A || old == EDF_ROOT_B)) {
        if (old != d->old_directory)
            return true;
        *block = EDF_ROOT_A + EDF_ROOT_B - old;
        d->changed = true;
        return edf_block_move(d, old, *block) != NULL;
    }
    if (old && !edf_committed(d, old))
        return true;
    new = edf_allocate(d);
    if (!new)
        return false;
    *block = new;
    if (!old)
        return edf_block_new(d, new) != NULL;
    return edf_block_move(d, old, new) && edf_free(d, old);
}

/* Adds a level on top.  The directory's root keeps its place, its contents move. */
static bool grow(struct edf_disk *d, struct edf_tree *t, const struct edf_start *start,
                 uint32_t index)
{
    if (t->levels == EDF_MAX_LEVELS)
        return edf_fail(d, EDF_FULL);
    uint32_t old = t->origin, below = old, top = 0;
    if (old && !edf_renew(d, &t->origin))
        return false;
    uint32_t block = edf_allocate(d);
    if (!block)
        return false;
    if (t == &d->directory) {
        top = t->origin;
        below = block;
        uint8_t *copy = edf_block_new(d, below), *root = edf_block(d, top);
        if (!copy || !root)
            return false;
        memcpy(copy, root, d->block_size);
        memset(root, 0, d->block_size);
        edf_block_dirty(d, root);
    } else {
        top = block;
        below = t->origin;
        if (!edf_block_new(d, top))
            return false;
    }
    uint8_t *pointers = edf_block(d, top);
    if (!pointers)
        return false;
    store_be32(pointers, below);
    if (start) /* below lies all that there was before `index` */
        store_be32(pointers + POINTER_HIGHEST,
                   start->index < index ? start->record : start->record - 1);
    edf_block_dirty(d, pointers);
    t->origin = top;
    t->levels++;
    return true;
}

/* Notes in a V pointer that a record is being added whose data reaches the block `index`. */
static void note_record(uint8_t *pointer, bool first_below, uint32_t index, bool is_new,
                        const struct edf_start *start)
{
    store_be32(pointer + POINTER_HIGHEST, start->record);
    if (!first_below || (!is_new && load_be32(pointer + POINTER_START) != EDF_NO_START))
        return;
    store_be32(pointer + POINTER_START, index == start->index ? start->offset : EDF_NO_START);
}

uint8_t *edf_tree_write(struct edf_disk *d, struct edf_tree *t, uint32_t index,
                        const struct edf_start *start)
{
    if (d->cdf)
        return cdf_tree_write(d, t, index);
    while (index >= capacity(d, t))
        if (!grow(d, t, start, index))
            return NULL;
    if (!edf_renew(d, &t->origin))
        return NULL;
    uint32_t parent = t->origin;
    for (unsigned level = t->levels; level; level--) {
        uint32_t span = span_of(d, t, level);
        uint32_t at = index / span % edf_fanout(d, t) * t->pointer_size;
        uint8_t *pointers = edf_block(d, parent);
        if (!pointers)
            return NULL;
        uint32_t old = load_be32(pointers + at), child = old;
        if (!edf_renew(d, &child))
            return NULL;
        if (child != old || start) {
            pointers = edf_block(d, parent);
            if (!pointers)
                return NULL;
            store_be32(pointers + at, child);
            if (start)
                note_record(pointers + at, index % span == 0, index, !old, start);
            edf_block_dirty(d, pointers);
        }
        parent = child;
    }
    if (index >= t->blocks)
        t->blocks = index + 1;
    return edf_block_to_write(d, parent);
}

bool edf_tree_cut(struct edf_disk *d, struct edf_tree *t)
{
    uint32_t index = t->blocks - 1;
    if (!t->levels || !index)
        return true;
    if (!edf_renew(d, &t->origin))
        return false;
    uint32_t parent = t->origin;
    for (unsigned level = t->levels; level; level--) {
        uint32_t at = index / span_of(d, t, level) % edf_fanout(d, t) * t->pointer_size;
        uint8_t *pointers = edf_block(d, parent);
        if (!pointers)
            return false;
        uint32_t old = load_be32(pointers + at), child = old;
        if (!old)
            return edf_fail(d, EDF_FORMAT);
        if (level == 1)
            child = 0;
        else if (!edf_renew(d, &child) || !(pointers = edf_block(d, parent)))
            return false;
        store_be32(pointers + at, child);
        edf_block_dirty(d, pointers);
        parent = level == 1 ? old : child;
    }
    t->blocks--;
    return edf_free(d, parent);
}

static bool free_below(struct edf_disk *d, const struct edf_tree *t, uint32_t block, unsigned level)
{
    if (!block)
        return true;
    for (uint32_t i = 0; level && i < edf_fanout(d, t); i++) {
        const uint8_t *pointers = edf_block(d, block);
        if (!pointers)
            return false;
        if (!free_below(d, t, load_be32(pointers + i * t->pointer_size), level - 1))
            return false;
    }
    return edf_free(d, block);
}

bool edf_tree_free(struct edf_disk *d, struct edf_tree *t)
{
    if (d->cdf)
        return cdf_tree_free(d, t);
    bool ok = free_below(d, t, t->origin, t->levels); /* at most EDF_MAX_LEVELS deep */
    t->origin = t->blocks = 0;
    t->levels = 0;
    return ok;
}

void edf_tree_load(struct edf_tree *t, const struct edf_fst *fst)
{
    uint32_t origin = get32(fst->origin);
    t->origin = origin & 0x80000000u ? 0 - origin : origin;
    t->blocks = get32(fst->blocks);
    t->levels = fst->levels;
    t->pointer_size = fst->recfm == EDF_VARYING ? 12 : 4;
}

void edf_tree_store(const struct edf_tree *t, struct edf_fst *fst)
{
    put32(&fst->origin, t->origin);
    put32(&fst->blocks, t->blocks);
    fst->levels = t->levels;
    fst->pointer_size = t->pointer_size;
}

bool edf_tree_plausible(const struct edf_disk *d, const struct edf_tree *t)
{
    if (d->cdf)
        return cdf_tree_plausible(d, t);
    return t->levels <= EDF_MAX_LEVELS && t->blocks <= capacity(d, t) && t->origin <= d->blocks;
}

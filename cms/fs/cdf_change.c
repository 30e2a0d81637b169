/* Changes to disks of 800-byte blocks (cdf.c): chain links, entries, and the commit.  As on EDF
 * disks all goes to free blocks: data, the chain links above them, the block with the file's entry,
 * the map's blocks.  The MFD names them; it is kept in storage, and its writing is the commit. */
#include "cms/fs/edf_internal.h"

#define DISK_LETTER 0xd7 /* 'P': the mode letter on disk */

/* --- the MFD's list --- */

/* Its halfwords, the one that ends it not counted. */
static uint32_t list_used(const struct edf_disk *d)
{
    uint32_t n = cdf_list_length(d->mfd), part = 0;
    if (n == CDF_LIST || load_be16(d->mfd + 2 * n) != CDF_LIST_MAP)
        return n;
    while (cdf_part_place(d->mfd, part + 1))
        part++;
    return n + 1 + part;
}

/* Makes or closes a gap of one halfword at `at`. */
static void list_insert(struct edf_disk *d, uint32_t at, uint32_t value)
{
    uint32_t used = list_used(d);
    uint8_t *place = d->mfd + 2 * at;
    memmove(place + 2, place, 2 * (used - at));
    store_be16(place, value);
    if (used + 1 < CDF_LIST)
        store_be16(d->mfd + 2 * (used + 1), CDF_LIST_END);
}

static void list_remove(struct edf_disk *d, uint32_t at)
{
    uint32_t used = list_used(d);
    uint8_t *place = d->mfd + 2 * at;
    memmove(place, place + 2, 2 * (used - at - 1));
    store_be16(d->mfd + 2 * (used - 1), CDF_LIST_END);
}

void cdf_part_set(struct edf_disk *d, uint32_t part, uint32_t block)
{
    uint8_t *place = cdf_part_place(d->mfd, part);
    if (place) {
        store_be16(place, block);
        return;
    }
    if (part == 1 && list_used(d) == cdf_list_length(d->mfd))
        list_insert(d, list_used(d), CDF_LIST_MAP);
    list_insert(d, list_used(d), block);
}

/* --- files --- */

uint8_t *cdf_tree_write(struct edf_disk *d, struct edf_tree *t, uint32_t index)
{
    uint32_t place[2], depth = 0, behind = index - CDF_LINK_DATA;
    if (index < CDF_LINK_DATA) {
        place[depth++] = CDF_LINKS + index;
    } else {
        place[depth++] = behind / CDF_LINK_POINTERS;
        place[depth++] = behind % CDF_LINK_POINTERS;
    }
    if (!edf_renew(d, &t->origin))
        return NULL;
    uint32_t parent = t->origin;
    for (uint32_t i = 0; i < depth; i++) {
        uint8_t *link = edf_block(d, parent);
        if (!link)
            return NULL;
        uint32_t old = load_be16(link + 2 * place[i]), child = old;
        if (!edf_renew(d, &child))
            return NULL;
        if (child != old) {
            link = edf_block(d, parent);
            if (!link)
                return NULL;
            store_be16(link + 2 * place[i], child);
            edf_block_dirty(d, link);
        }
        parent = child;
    }
    if (index >= t->blocks)
        t->blocks = index + 1;
    return edf_block_to_write(d, parent);
}

/* Frees what the halfwords from `from` to `to` of a chain link name. */
static bool free_named(struct edf_disk *d, uint32_t link, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        const uint8_t *pointers = edf_block(d, link);
        if (!pointers)
            return false;
        uint32_t block = load_be16(pointers + 2 * i);
        if (block && !edf_free(d, block))
            return false;
    }
    return true;
}

bool cdf_tree_free(struct edf_disk *d, struct edf_tree *t)
{
    bool ok = true;
    for (uint32_t i = 0; i < CDF_LINKS && t->origin && ok; i++) {
        const uint8_t *first = edf_block(d, t->origin);
        uint32_t link = first ? load_be16(first + 2 * i) : 0;
        ok = first && (!link || free_named(d, link, 0, CDF_LINK_POINTERS));
    }
    /* Links and first data blocks. */
    ok = ok && (!t->origin ||
                (free_named(d, t->origin, 0, CDF_LINKS + CDF_LINK_DATA) && edf_free(d, t->origin)));
    t->origin = t->blocks = 0;
    return ok;
}

/* --- entries --- */

void cdf_entry_finish(struct edf_fst *fst, uint32_t blocks)
{
    put16(&fst->cdf_items, get32(fst->items));
    put16(&fst->write_pointer, get32(fst->items) + 1u);
    put16(&fst->cdf_block, get32(fst->origin));
    put16(&fst->cdf_blocks, blocks);
    fst->mode[0] = DISK_LETTER;
    fst->flags &= (uint8_t)~EDF_FST_CENTURY;
}

bool cdf_slot_write(struct edf_disk *d, uint32_t slot, const struct edf_fst *fst)
{
    uint8_t *place = d->mfd + 2 * ((slot - 2) / CDF_ENTRIES);
    uint32_t block = load_be16(place);
    if (!edf_renew(d, &block))
        return false;
    store_be16(place, block);
    uint8_t *entries = edf_block(d, block);
    if (!entries)
        return false;
    struct edf_fst entry = *fst;
    if (entry.name.fn[0])
        cdf_entry_finish(&entry, get16(entry.cdf_blocks));
    memcpy(entries + (slot - 2) % CDF_ENTRIES * CDF_ENTRY_SIZE, &entry, CDF_ENTRY_SIZE);
    edf_block_dirty(d, entries);
    return true;
}

/* The first slot that is empty, in a new block of the directory if there is none. */
bool cdf_slot_add(struct edf_disk *d, const struct edf_fst *fst, uint32_t *slot)
{
    const struct edf_fst *at = NULL;
    for (*slot = 2; *slot < d->files; ++*slot) {
        at = cdf_entry(d, *slot);
        if (!at)
            return false;
        if (!at->name.fn[0])
            break;
    }
    if (*slot == d->files) {
        uint32_t map = d->map.blocks ? d->map.blocks + 1 : 0, n = cdf_list_length(d->mfd);
        if (n + 1 + map + 1 > CDF_LIST)
            return edf_fail(d, EDF_LIMIT);
        uint32_t block = 0;
        if (!edf_renew(d, &block))
            return false;
        list_insert(d, n, block);
        d->files += CDF_ENTRIES;
    }
    d->cdf_files++;
    return cdf_slot_write(d, *slot, fst);
}

bool cdf_slot_remove(struct edf_disk *d, uint32_t slot)
{
    struct edf_fst last;
    uint32_t at = d->files;
    do {
        const struct edf_fst *fst = cdf_entry(d, --at);
        if (!fst)
            return false;
        last = *fst;
    } while (!last.name.fn[0] && at > slot);
    if (at != slot) {
        if (!cdf_slot_write(d, slot, &last))
            return false;
        edf_slot_moved(d, at, slot);
    }
    memset(&last, 0, sizeof last);
    if (!cdf_slot_write(d, at, &last))
        return false;
    d->cdf_files--;
    if ((at - 2) % CDF_ENTRIES || at + CDF_ENTRIES != d->files)
        return true;
    uint32_t index = (at - 2) / CDF_ENTRIES, block = load_be16(d->mfd + 2 * index);
    list_remove(d, index);
    d->files -= CDF_ENTRIES;
    return edf_free(d, block);
}

/* --- commit --- */

/* Offset of the map's last byte that is not zero. */
static bool last_byte(struct edf_disk *d, uint32_t *offset)
{
    for (uint32_t part = d->map.blocks + 1; part--;) {
        const uint8_t *place = part ? cdf_part_place(d->mfd, part) : NULL;
        if (part && !place)
            continue;
        const uint8_t *bytes = part ? edf_block(d, load_be16(place)) : d->mfd + CDF_MAP;
        if (!bytes)
            return false;
        for (uint32_t i = part ? CDF_BLOCK : CDF_MAP_BYTES; i--;)
            if (bytes[i]) {
                *offset = (cdf_part_first(part) - 1) / 8 + i;
                return true;
            }
    }
    *offset = 0;
    return true;
}

bool cdf_commit(struct edf_disk *d)
{
    uint32_t last;
    if (!last_byte(d, &last))
        return false;
    store_be32(d->mfd + CDF_USED, d->used - CDF_MFD);
    store_be32(d->mfd + CDF_LEFT, d->blocks - d->used);
    store_be32(d->mfd + CDF_LAST, last);
    edf_block_forget(d, CDF_MFD);
    d->cdf_renewed = false;
    return d->io.write(d->io.context, CDF_MFD, d->mfd) || edf_fail(d, EDF_IO);
}

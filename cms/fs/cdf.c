/* Disks of VM/370's first format ("CDF", blocks of 800 bytes): they are seen through the same
 * functions as EDF disks.  Block 4 is the master file directory (MFD): it lists the blocks with the
 * files' entries, 20 of 40 bytes in each, and has the allocation map, whose continuation is in
 * blocks that it lists too.  A file has a first chain link, which points to 40 more links and to
 * its first 60 data blocks; each of those points to 400.  V records have no index: one is found
 * from the file's beginning, or from the record read last.  Source: VM/370 Data Areas (SY20-0884),
 * AFTSECT, FSTSECT, ADTSECT; checked on real disks.
 *
 * Changes are all or nothing as on EDF disks: what the MFD reaches is never overwritten but by the
 * commit, which writes the MFD last (cdf_change.c).  This file reads. */
#include "cms/fs/edf_internal.h"

const uint8_t cdf_label_id[4] = {0xc3, 0xd4, 0xe2, 0x7e}; /* CMS= */

static uint8_t packed(const uint8_t digits[2])
{
    return (uint8_t)((digits[0] & 15) << 4 | (digits[1] & 15));
}

/* The entry as EDF would have it: the first 40 bytes are the same. */
static const struct edf_fst *convert(struct edf_disk *d, const uint8_t *entry)
{
    struct edf_fst *fst = &d->cdf_entry;
    memset(fst, 0, sizeof *fst);
    memcpy(fst, entry, CDF_ENTRY_SIZE);
    put32(&fst->origin, get16(fst->cdf_block));
    put32(&fst->blocks, get16(fst->cdf_blocks));
    put32(&fst->items, get16(fst->cdf_items));
    fst->levels = 1;
    fst->pointer_size = fst->recfm == EDF_FIXED ? 4 : 12;
    fst->date[0] = packed(fst->year);
    memcpy(fst->date + 1, fst->cdf_date, 4);
    fst->flags = fst->date[0] < 0x60 ? EDF_FST_CENTURY : 0;
    return fst;
}

const struct edf_fst *cdf_entry(struct edf_disk *d, uint32_t slot)
{
    if (slot < 2)
        return convert(d, (const uint8_t *)&(const struct edf_fst){0});
    uint32_t block = load_be16(d->mfd + 2 * ((slot - 2) / CDF_ENTRIES));
    const uint8_t *entries = edf_block(d, block);
    return entries ? convert(d, entries + (slot - 2) % CDF_ENTRIES * CDF_ENTRY_SIZE) : NULL;
}

uint32_t cdf_leaf(struct edf_disk *d, const struct edf_tree *t, uint32_t index)
{
    const uint8_t *link = edf_block(d, t->origin);
    if (!link)
        return 0;
    d->error = EDF_OK;
    if (index < CDF_LINK_DATA)
        return load_be16(link + 2 * (CDF_LINKS + index));
    index -= CDF_LINK_DATA;
    if (index / CDF_LINK_POINTERS >= CDF_LINKS) {
        edf_fail(d, EDF_FORMAT);
        return 0;
    }
    uint32_t block = load_be16(link + 2 * (index / CDF_LINK_POINTERS));
    link = block ? edf_block(d, block) : NULL;
    if (!link && block)
        return 0;
    d->error = EDF_OK;
    return link ? load_be16(link + 2 * (index % CDF_LINK_POINTERS)) : 0;
}

bool cdf_tree_plausible(const struct edf_disk *d, const struct edf_tree *t)
{
    if (!t->origin)
        return !t->blocks; /* a new file */
    return t->origin > CDF_MFD && t->origin <= d->blocks && t->blocks <= CDF_FILE_MOST;
}

/* --- the MFD's list and the map --- */

uint32_t cdf_list_length(const uint8_t *mfd)
{
    uint32_t n = 0, at;
    while (n < CDF_LIST && (at = load_be16(mfd + 2 * n)) && at != CDF_LIST_END &&
           at != CDF_LIST_MAP)
        n++;
    return n;
}

uint32_t cdf_part_of(uint32_t block)
{
    uint32_t bit = block - 1;
    return bit < 8 * CDF_MAP_BYTES ? 0 : (bit - 8 * CDF_MAP_BYTES) / (8 * CDF_BLOCK) + 1;
}

uint32_t cdf_part_first(uint32_t part)
{
    return part ? 8 * CDF_MAP_BYTES + (part - 1) * 8 * CDF_BLOCK + 1 : 1;
}

uint8_t *cdf_part_place(uint8_t *mfd, uint32_t part)
{
    uint32_t at = cdf_list_length(mfd), last = at + part;
    if (last >= CDF_LIST || load_be16(mfd + 2 * at) != CDF_LIST_MAP)
        return NULL;
    while (++at <= last)
        if (!load_be16(mfd + 2 * at) || load_be16(mfd + 2 * at) == CDF_LIST_END)
            return NULL;
    return mfd + 2 * last;
}

/* --- mount --- */

static bool read_label(struct edf_disk *d)
{
    uint8_t *bytes = d->buffers[0].bytes;
    if (!d->io.read(d->io.context, EDF_LABEL_BLOCK, bytes))
        return edf_fail(d, EDF_IO);
    memcpy(d->label.volume, bytes + sizeof cdf_label_id, sizeof d->label.volume);
    return !memcmp(bytes, cdf_label_id, sizeof cdf_label_id) || edf_fail(d, EDF_FORMAT);
}

/* The slots end where the MFD's list does. */
static bool read_mfd(struct edf_disk *d)
{
    if (!d->io.read(d->io.context, CDF_MFD, d->mfd))
        return edf_fail(d, EDF_IO);
    uint32_t total = load_be32(d->mfd + CDF_TOTAL), used = load_be32(d->mfd + CDF_USED);
    if (!total || total > CDF_BLOCKS_MOST - CDF_MFD || used > total)
        return edf_fail(d, EDF_FORMAT);
    d->blocks = total + CDF_MFD;
    d->used = used + CDF_MFD;
    d->available = d->blocks - d->used;
    d->next = CDF_MFD + 1;
    d->files = 2 + cdf_list_length(d->mfd) * CDF_ENTRIES;
    d->map.blocks = cdf_part_of(d->blocks);
    put32(&d->label.blocks, d->blocks);
    put32(&d->label.block_size, CDF_BLOCK);
    put32(&d->label.cylinders, load_be32(d->mfd + CDF_CYLINDERS));
    return true;
}

/* Does the map say as many blocks as the count, and that the directory's own are in use?  Else
 * what is written next might be written over something. */
static bool map_agrees(struct edf_disk *d)
{
    uint32_t count = CDF_MFD;
    for (uint32_t block = CDF_MFD + 1; block <= d->blocks; block++)
        count += edf_committed(d, block);
    for (uint32_t i = 0, n = cdf_list_length(d->mfd); i < n; i++)
        if (!edf_committed(d, load_be16(d->mfd + 2 * i)))
            return false;
    for (uint32_t part = 1; part <= d->map.blocks; part++) {
        const uint8_t *place = cdf_part_place(d->mfd, part);
        if (place && !edf_committed(d, load_be16(place)))
            return false;
    }
    return count == d->used;
}

bool cdf_mount(struct edf_disk *d, bool writable)
{
    d->cdf = true;
    d->writable = false;
    if (d->buffer_count <= EDF_MIN_BUFFERS)
        return edf_fail(d, EDF_MEMORY);
    d->mfd = d->buffers[--d->buffer_count].bytes;
    if (!read_label(d) || !read_mfd(d))
        return false;
    for (uint32_t slot = 2; slot < d->files; slot++) {
        const struct edf_fst *fst = cdf_entry(d, slot);
        if (!fst)
            return false;
        d->cdf_files += fst->name.fn[0] != 0;
    }
    d->writable = writable && map_agrees(d);
    return true;
}

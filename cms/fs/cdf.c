/* Disks of VM/370's first format ("CDF", blocks of 800 bytes), for reading: they are seen through
 * the same functions as EDF disks.  Block 4 is the master file directory (MFD): it lists the blocks
 * with the files' entries, 20 of 40 bytes in each.  A file has a first chain link, which points to
 * 40 more links and to its first 60 data blocks; each of those points to 400.  V records have no
 * index: one is found from the file's beginning, or from the record read last. Source: VM/370 Data
 * Areas (SY20-0884), AFTSECT, FSTSECT, ADTSECT; checked on real disks. */
#include "cms/fs/edf_internal.h"

#define MFD_BLOCK     4u
#define ENTRIES       20u /* in a block */
#define ENTRY_SIZE    40u
#define LIST_MOST     182u /* halfwords of the MFD's list */
#define LIST_END      0xffffu
#define LIST_MAP      0xfffdu /* behind it: blocks of the allocation map */
#define LINKS         40u
#define LINK_DATA     60u
#define LINK_POINTERS 400u

/* Fields of the MFD. */
enum { MFD_TOTAL = 364, MFD_USED = 368, MFD_CYLINDERS = 380 };

static const uint8_t label_id[4] = {0xc3, 0xd4, 0xe2, 0x7e}; /* CMS= */

static uint8_t packed(const uint8_t digits[2])
{
    return (uint8_t)((digits[0] & 15) << 4 | (digits[1] & 15));
}

/* The entry as EDF would have it: the first 40 bytes are the same. */
static const struct edf_fst *convert(struct edf_disk *d, const uint8_t *entry)
{
    struct edf_fst *fst = &d->cdf_entry;
    memset(fst, 0, sizeof *fst);
    memcpy(fst, entry, ENTRY_SIZE);
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
    const uint8_t *mfd = slot < 2 ? NULL : edf_block(d, MFD_BLOCK);
    if (slot < 2)
        return convert(d, (const uint8_t *)&(const struct edf_fst){0});
    if (!mfd)
        return NULL;
    uint32_t block = load_be16(mfd + 2 * ((slot - 2) / ENTRIES));
    const uint8_t *entries = edf_block(d, block);
    return entries ? convert(d, entries + (slot - 2) % ENTRIES * ENTRY_SIZE) : NULL;
}

uint32_t cdf_leaf(struct edf_disk *d, const struct edf_tree *t, uint32_t index)
{
    const uint8_t *link = edf_block(d, t->origin);
    if (!link)
        return 0;
    d->error = EDF_OK;
    if (index < LINK_DATA)
        return load_be16(link + 2 * (LINKS + index));
    index -= LINK_DATA;
    if (index / LINK_POINTERS >= LINKS) {
        edf_fail(d, EDF_FORMAT);
        return 0;
    }
    uint32_t block = load_be16(link + 2 * (index / LINK_POINTERS));
    link = block ? edf_block(d, block) : NULL;
    if (!link && block)
        return 0;
    d->error = EDF_OK;
    return link ? load_be16(link + 2 * (index % LINK_POINTERS)) : 0;
}

bool cdf_tree_plausible(const struct edf_disk *d, const struct edf_tree *t)
{
    return t->origin > MFD_BLOCK && t->origin <= d->blocks &&
           t->blocks <= LINK_DATA + LINKS * LINK_POINTERS;
}

static bool read_label(struct edf_disk *d)
{
    uint8_t *bytes = d->buffers[0].bytes;
    if (!d->io.read(d->io.context, EDF_LABEL_BLOCK, bytes))
        return edf_fail(d, EDF_IO);
    memcpy(d->label.volume, bytes + sizeof label_id, sizeof d->label.volume);
    return !memcmp(bytes, label_id, sizeof label_id) || edf_fail(d, EDF_FORMAT);
}

/* The slots end where the MFD's list does. */
static bool read_mfd(struct edf_disk *d)
{
    uint32_t blocks = 0;
    d->blocks = MFD_BLOCK;
    const uint8_t *mfd = edf_block(d, MFD_BLOCK);
    if (!mfd)
        return false;
    while (blocks < LIST_MOST && load_be16(mfd + 2 * blocks) &&
           load_be16(mfd + 2 * blocks) != LIST_END && load_be16(mfd + 2 * blocks) != LIST_MAP)
        blocks++;
    uint32_t total = load_be32(mfd + MFD_TOTAL), used = load_be32(mfd + MFD_USED);
    if (!total || total > 0xffff || used > total)
        return edf_fail(d, EDF_FORMAT);
    d->blocks = total + MFD_BLOCK;
    d->used = used + MFD_BLOCK;
    d->files = 2 + blocks * ENTRIES;
    put32(&d->label.blocks, d->blocks);
    put32(&d->label.block_size, CDF_BLOCK);
    put32(&d->label.cylinders, load_be32(mfd + MFD_CYLINDERS));
    return true;
}

bool cdf_mount(struct edf_disk *d)
{
    d->cdf = true;
    d->writable = false;
    if (!read_label(d) || !read_mfd(d))
        return false;
    for (uint32_t slot = 2; slot < d->files; slot++) {
        const struct edf_fst *fst = cdf_entry(d, slot);
        if (!fst)
            return false;
        d->cdf_files += fst->name.fn[0] != 0;
    }
    return true;
}

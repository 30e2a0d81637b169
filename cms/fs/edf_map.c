/* The allocation map: a bit for every block, 1 = in use.  There are two maps at any time:
 * that of the last commit (old_map), and that of the state being built (map), which shares all
 * blocks with the old one that have not changed.  A block is free for use only if both say so;
 * so nothing of the committed state is overwritten, and freeing is simply clearing a bit.
 *
 * The map's own blocks move like any others when they change: a map block's new home is, if
 * possible, a block that it describes itself, so that one change does not pull others behind
 * it.  Old homes are freed later (`loose`), which keeps these functions from going in circles. */
#include "cms/fs/edf_internal.h"

/* Blocks that a part of the map (one of its blocks) describes. */
static uint32_t bits(const struct edf_disk *d)
{
    return d->block_size * 8;
}

static uint32_t part_of(const struct edf_disk *d, uint32_t block)
{
    return d->cdf ? cdf_part_of(block) : (block - 1) / bits(d);
}

static uint32_t first_of(const struct edf_disk *d, uint32_t part)
{
    return d->cdf ? cdf_part_first(part) : part * bits(d) + 1;
}

static uint32_t last_of(const struct edf_disk *d, uint32_t part)
{
    uint32_t last = first_of(d, part + 1) - 1;
    return last < d->blocks ? last : d->blocks;
}

static uint8_t mask_of(uint32_t first, uint32_t block)
{
    return (uint8_t)(0x80 >> ((block - first) % 8));
}

/* The block where a part is; 0: an error, or (d->error is EDF_OK) CDF has none yet and all is free.
 */
static uint32_t home_of(struct edf_disk *d, uint32_t part, bool committed)
{
    if (!d->cdf)
        return edf_leaf(d, committed ? &d->old_map : &d->map, part);
    uint8_t *mfd = committed ? edf_block(d, CDF_MFD) : d->mfd;
    if (!mfd)
        return 0;
    d->error = EDF_OK;
    const uint8_t *place = part ? cdf_part_place(mfd, part) : NULL;
    return !part ? CDF_MFD : place ? load_be16(place) : 0;
}

/* Its bytes. */
static uint8_t *bytes_of(struct edf_disk *d, uint32_t part, uint32_t home, bool committed)
{
    bool in_mfd = d->cdf && !part;
    uint8_t *bytes = in_mfd && !committed ? d->mfd : edf_block(d, home);
    return bytes && in_mfd ? bytes + CDF_MAP : bytes;
}

/* The free block with the lowest number from `from` to the end of the part of the map that
 * describes it, or 0. */
static uint32_t free_in_part(struct edf_disk *d, uint32_t from)
{
    uint32_t part = part_of(d, from), first = first_of(d, part), last = last_of(d, part);
    uint32_t home = home_of(d, part, false), old_home = 0;
    if (home)
        old_home = home_of(d, part, true);
    if (!home && d->error == EDF_OK && d->cdf)
        return from;
    const uint8_t *map = bytes_of(d, part, home, false), *old = NULL;
    bool all_old = d->cdf && !old_home && d->error == EDF_OK;
    if (map && !all_old)
        old = bytes_of(d, part, old_home, true);
    if (!map || (!old && !all_old))
        return 0;
    for (uint32_t b = from > CDF_MFD ? from : CDF_MFD + 1; b <= last; b++) {
        uint32_t byte = (b - first) / 8;
        uint8_t taken = map[byte] | (old ? old[byte] : 0);
        if (taken == 0xff)
            b = first + ((b - first) | 7); /* the last one of this byte */
        else if (!(taken & mask_of(first, b)) && b != d->pending)
            return b;
    }
    return 0;
}

static uint32_t find_free(struct edf_disk *d)
{
    uint32_t parts = part_of(d, d->blocks) + 1;
    uint32_t part = part_of(d, d->next), b;
    for (uint32_t i = 0; i <= parts; i++) {
        b = free_in_part(d, i ? first_of(d, part) : d->next);
        if (b || d->error != EDF_OK)
            return b;
        part = part + 1 < parts ? part + 1 : 0;
    }
    edf_fail(d, EDF_FULL);
    return 0;
}

static void loosen(struct edf_disk *d, uint32_t block)
{
    /* A full list would mean a block lost, not a block damaged; it holds what one change
     * of the map can leave. */
    if (d->loose_count < sizeof d->loose / sizeof d->loose[0])
        d->loose[d->loose_count++] = block;
}

/* Sets or clears a bit; the part of the map must be a new one already. */
static bool mark(struct edf_disk *d, uint32_t block, bool used)
{
    uint32_t part = part_of(d, block), first = first_of(d, part);
    uint8_t *map = bytes_of(d, part, home_of(d, part, false), false);
    if (!map)
        return false;
    uint8_t *byte = &map[(block - first) / 8], mask = mask_of(first, block);
    if (used == !!(*byte & mask))
        return edf_fail(d, EDF_FORMAT); /* freed twice, or the like: the disk contradicts itself */
    *byte ^= mask;
    edf_block_dirty(d, map);
    d->used += used ? 1 : -1u;
    return true;
}

/* CDF: all parts but the MFD's move together, with the first change since the last commit. */
static bool renew_extensions(struct edf_disk *d)
{
    uint32_t parts = part_of(d, d->blocks), homes[CDF_EXTENSIONS_MOST + 1];
    if (d->cdf_renewed)
        return true;
    for (uint32_t part = 1; part <= parts; part++) {
        uint32_t home = homes[part] = find_free(d);
        if (!home)
            return false;
        d->next = home < d->blocks ? home + 1 : 1;
    }
    for (uint32_t part = 1; part <= parts; part++) {
        uint32_t old = home_of(d, part, true);
        if (d->error != EDF_OK ||
            !(old ? edf_block_move(d, old, homes[part]) : edf_block_new(d, homes[part])))
            return false;
        cdf_part_set(d, part, homes[part]);
    }
    d->cdf_renewed = true;
    for (uint32_t part = 1; part <= parts; part++) {
        uint32_t old = home_of(d, part, true);
        if (!mark(d, homes[part], true) || (old && !mark(d, old, false)))
            return false;
        d->available--;
    }
    return true;
}

/* Gives this part of the map a new home, unless it has one since the last commit. */
static bool renew_part(struct edf_disk *d, uint32_t part)
{
    if (d->cdf)
        return true;
    uint32_t old_home = edf_leaf(d, &d->old_map, part), now = edf_leaf(d, &d->map, part);
    if (!old_home || !now)
        return edf_fail(d, d->error == EDF_OK ? EDF_FORMAT : d->error);
    if (now != old_home)
        return true;
    uint32_t home = free_in_part(d, part * bits(d) + 1);
    bool own = home != 0;
    if (!home && d->error == EDF_OK)
        home = edf_allocate(d);
    if (!home || !edf_block_move(d, old_home, home))
        return false;
    if (!d->map.levels) {
        d->map.origin = home;
    } else {
        uint8_t *pointers = edf_block(d, d->map.origin);
        if (!pointers)
            return false;
        store_be32(pointers + 4 * part, home);
        edf_block_dirty(d, pointers);
    }
    loosen(d, old_home);
    if (own) {
        d->available--;
        return mark(d, home, true);
    }
    return true;
}

/* Gives the map's pointer block a new home before its first change since the last commit. */
static bool renew_pointers(struct edf_disk *d)
{
    if (d->cdf)
        return renew_extensions(d);
    uint32_t old_home = d->old_map.origin;
    if (!d->map.levels || d->map.origin != old_home)
        return true;
    uint32_t home = find_free(d);
    if (!home || !edf_block_move(d, old_home, home))
        return false;
    d->pending = home;
    d->map.origin = home;
    bool ok = renew_part(d, part_of(d, home));
    d->pending = 0;
    d->available--;
    loosen(d, old_home);
    return ok && mark(d, home, true);
}

static uint32_t allocate(struct edf_disk *d)
{
    uint32_t block;
    if (!renew_pointers(d))
        return 0;
    do { /* the first one found may become the home of its own part of the map */
        block = find_free(d);
        if (!block || !renew_part(d, part_of(d, block)))
            return 0;
        d->next = block;
        if (find_free(d) == block)
            break;
    } while (d->error == EDF_OK);
    if (d->error != EDF_OK || !mark(d, block, true))
        return 0;
    d->next = block < d->blocks ? block + 1 : 1;
    d->available--;
    return block;
}

uint32_t edf_allocate(struct edf_disk *d)
{
    d->changed = true;
    uint32_t block = allocate(d);
    if (!block)
        d->broken = true; /* the callers have seen to it that there is space */
    return block;
}

static bool free_one(struct edf_disk *d, uint32_t block)
{
    bool committed = edf_committed(d, block);
    if (!renew_pointers(d) || !renew_part(d, part_of(d, block)) || !mark(d, block, false))
        return false;
    edf_block_forget(d, block);
    if (!committed)
        d->available++;
    return true;
}

bool edf_map_settle(struct edf_disk *d)
{
    while (d->loose_count)
        if (!free_one(d, d->loose[--d->loose_count])) {
            d->broken = true;
            return false;
        }
    return true;
}

bool edf_free(struct edf_disk *d, uint32_t block)
{
    d->changed = true;
    if (block <= (d->cdf ? CDF_MFD : EDF_ROOT_B) || block > d->blocks)
        return edf_fail(d, EDF_FORMAT);
    if (!edf_map_settle(d))
        return false;
    loosen(d, block);
    return edf_map_settle(d);
}

bool edf_committed(struct edf_disk *d, uint32_t block)
{
    if (edf_block_is_dirty(d, block))
        return false;
    uint32_t part = part_of(d, block), first = first_of(d, part), home = home_of(d, part, true);
    if (d->cdf && !home && d->error == EDF_OK)
        return false;
    const uint8_t *old = bytes_of(d, part, home, true);
    return !old || (old[(block - first) / 8] & mask_of(first, block));
}

uint32_t edf_overhead(const struct edf_disk *d)
{
    return d->map.blocks + 2 + 3 * (d->directory.levels + 2u);
}

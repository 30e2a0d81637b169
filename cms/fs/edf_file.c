/* Records of open files.  F: record n is at byte (n - 1) x lrecl.  V: every record has a
 * halfword of length before it; the pointer blocks know which record begins where in a data block,
 * so that any record is found by one descent and a short walk. */
#include "cms/fs/edf_internal.h"

/* --- bytes of the file --- */

static bool read_bytes(struct edf_file *f, uint32_t at, void *to, uint32_t n)
{
    struct edf_disk *d = f->disk;
    uint8_t *p = to;
    while (n) {
        uint32_t within = at % d->block_size, part = d->block_size - within;
        if (part > n)
            part = n;
        uint32_t block = edf_leaf(d, &f->tree, at / d->block_size);
        if (!block && d->error != EDF_OK)
            return false;
        if (!block)
            memset(p, 0, part);
        else if (!edf_block_copy(d, block, within, p, part))
            return false;
        p += part;
        at += part;
        n -= part;
    }
    return true;
}

/* `from` NULL: blanks. */
static bool write_bytes(struct edf_file *f, uint32_t at, const void *from, uint32_t n,
                        const struct edf_start *start)
{
    struct edf_disk *d = f->disk;
    const uint8_t *p = from;
    while (n) {
        uint32_t within = at % d->block_size, part = d->block_size - within;
        if (part > n)
            part = n;
        uint8_t *bytes = edf_tree_write(d, &f->tree, at / d->block_size, start);
        if (!bytes) {
            d->broken = true; /* space was reserved: this is an I/O error or a damaged disk */
            return false;
        }
        if (p) {
            memcpy(bytes + within, p, part);
            p += part;
        } else {
            memset(bytes + within, EDF_BLANK, part);
        }
        at += part;
        n -= part;
    }
    return true;
}

/* Is there space for `n` bytes at `at` with all that a commit and an erase need beside them, and
 * may there be `items` records? */
static bool reserve(struct edf_file *f, uint32_t items, uint32_t at, uint32_t n)
{
    struct edf_disk *d = f->disk;
    if (d->cdf && (items > CDF_RECORDS_MOST || (at + n - 1) / CDF_BLOCK >= CDF_FILE_MOST))
        return edf_fail(d, EDF_LIMIT);
    uint32_t data = n / d->block_size + 2;
    uint32_t need =
        data + data / (edf_fanout(d, &f->tree) - 1) + 2u * f->tree.levels + 4 + 2 * edf_overhead(d);
    return (d->available >= need || edf_fail(d, EDF_FULL)) && edf_map_settle(d);
}

/* --- V records --- */

/* Goes down to the data block where record `n` begins: sets *record to the first record that
 * begins in it, and *at to where that is in the file. */
static bool find_start(struct edf_file *f, uint32_t n, uint32_t *record, uint32_t *at)
{
    struct edf_disk *d = f->disk;
    if (d->cdf) {
        *record = 1;
        *at = 0;
        return true;
    }
    uint32_t block = f->tree.origin, index = 0, before = 0, start = 0;
    uint32_t fanout = edf_fanout(d, &f->tree);
    for (unsigned level = f->tree.levels; level; level--) {
        const uint8_t *p = edf_block(d, block);
        if (!p)
            return false;
        uint32_t i = 0;
        for (; i < fanout && load_be32(p + 12 * i + 4) < n; i++)
            before = load_be32(p + 12 * i + 4);
        if (i == fanout)
            return edf_fail(d, EDF_FORMAT);
        block = load_be32(p + 12 * i);
        start = load_be32(p + 12 * i + 8);
        index = index * fanout + i;
    }
    if (start >= d->block_size || index > 0x7fffffff / d->block_size)
        return edf_fail(d, EDF_FORMAT);
    *record = before + 1;
    *at = index * d->block_size + start;
    return true;
}

static bool record_length(struct edf_file *f, uint32_t at, uint32_t *length)
{
    uint8_t halfword[2];
    if (at > 0x7fffffff)
        return edf_fail(f->disk, EDF_FORMAT);
    if (!read_bytes(f, at, halfword, 2))
        return false;
    *length = load_be16(halfword);
    return *length || edf_fail(f->disk, EDF_FORMAT);
}

/* Where in the file record n (1 to items) begins. */
static bool locate(struct edf_file *f, uint32_t n, uint32_t *at)
{
    uint32_t record = f->next, length = 0;
    *at = f->offset;
    if (n != record && n != record + 1 && !find_start(f, n, &record, at))
        return false;
    if (!f->disk->cdf && n - record > f->disk->block_size) /* more than can begin in a block */
        return edf_fail(f->disk, EDF_FORMAT);
    for (; record < n; record++) {
        if (!record_length(f, *at, &length))
            return false;
        *at += 2 + length;
    }
    return true;
}

static bool find_end(struct edf_file *f)
{
    uint32_t length = 0;
    if (f->end || !f->items)
        return true;
    if (!locate(f, f->items, &f->end) || !record_length(f, f->end, &length)) {
        f->end = 0;
        return false;
    }
    f->end += 2 + length;
    return true;
}

static bool replace_varying(struct edf_file *f, uint32_t n, const void *from, uint32_t length)
{
    uint32_t at, old = 0;
    if (!locate(f, n, &at) || !record_length(f, at, &old))
        return false;
    if (old != length)
        return edf_fail(f->disk, EDF_RECORD);
    return reserve(f, n, at + 2, length) && write_bytes(f, at + 2, from, length, NULL);
}

static bool add_varying(struct edf_file *f, const void *from, uint32_t length)
{
    uint8_t halfword[2];
    if (!find_end(f))
        return false;
    if (f->end > 0x7fffffff - 0x20000)
        return edf_fail(f->disk, EDF_FULL);
    if (!reserve(f, f->items + 1, f->end, length + 2))
        return false;
    uint32_t size = f->disk->block_size;
    struct edf_start start = {f->items + 1, f->end / size, f->end % size};
    store_be16(halfword, length);
    if (!write_bytes(f, f->end, halfword, 2, &start) ||
        !write_bytes(f, f->end + 2, from, length, &start))
        return false;
    f->end += 2 + length;
    f->items++;
    if (length > f->lrecl)
        f->lrecl = length;
    return true;
}

/* --- F records --- */

static bool write_fixed(struct edf_file *f, uint32_t n, const void *from, uint32_t length)
{
    if (n > 0x7fffffff / f->lrecl)
        return edf_fail(f->disk, EDF_RECORD);
    uint32_t at = (n - 1) * f->lrecl;
    if (!reserve(f, n, at, f->lrecl) || !write_bytes(f, at, from, length, NULL) ||
        !write_bytes(f, at + length, NULL, f->lrecl - length, NULL))
        return false;
    if (n > f->items)
        f->items = n;
    return true;
}

/* --- interface --- */

enum edf_error edf_read(struct edf_file *f, uint32_t number, void *to, uint32_t size,
                        uint32_t *length)
{
    uint32_t n = number ? number : f->next, at, full = f->lrecl;
    if (n > f->items)
        return EDF_END;
    if (f->tree.pointer_size == 4) {
        if (n > 0x7fffffff / f->lrecl)
            return EDF_FORMAT;
        at = (n - 1) * f->lrecl;
    } else if (!locate(f, n, &at) || !record_length(f, at, &full)) {
        return f->disk->error;
    } else {
        f->next = n;
        f->offset = at;
        at += 2;
    }
    *length = full;
    if (!read_bytes(f, at, to, full < size ? full : size))
        return f->disk->error;
    f->next = n + 1;
    f->offset = at + full;
    return EDF_OK;
}

enum edf_error edf_read_many(struct edf_file *f, uint32_t number, void *to, uint32_t count,
                             uint32_t *got)
{
    uint32_t n = number ? number : f->next;
    *got = 0;
    if (n > f->items)
        return EDF_END;
    if (count > f->items - n + 1)
        count = f->items - n + 1;
    if (f->tree.pointer_size != 4 || n + count - 1 > 0x7fffffff / f->lrecl)
        return EDF_FORMAT;
    if (!read_bytes(f, (n - 1) * f->lrecl, to, count * f->lrecl))
        return f->disk->error;
    f->next = n + count;
    *got = count;
    return EDF_OK;
}

enum edf_error edf_write_many(struct edf_file *f, uint32_t number, const void *from, uint32_t count)
{
    struct edf_disk *d = f->disk;
    uint32_t n = number ? number : f->items + 1;
    if (!f->writing)
        return EDF_READ_ONLY;
    if (!edf_may_change(d))
        return d->error;
    if (f->tree.pointer_size != 4 || !count || n > 0x7fffffff / f->lrecl ||
        count > 0x7fffffff / f->lrecl - n + 1)
        return EDF_RECORD;
    if (!reserve(f, n + count - 1, (n - 1) * f->lrecl, count * f->lrecl) ||
        !write_bytes(f, (n - 1) * f->lrecl, from, count * f->lrecl, NULL))
        return d->error;
    if (n + count - 1 > f->items)
        f->items = n + count - 1;
    f->changed = true;
    return EDF_OK;
}

enum edf_error edf_write(struct edf_file *f, uint32_t number, const void *from, uint32_t length)
{
    struct edf_disk *d = f->disk;
    uint32_t n = number ? number : f->items + 1;
    bool fixed = f->tree.pointer_size == 4, ok;
    if (!f->writing)
        return EDF_READ_ONLY;
    if (!edf_may_change(d))
        return d->error;
    if (!length || length > (fixed ? f->lrecl : 0xffff) || (!fixed && n > f->items + 1))
        return EDF_RECORD;
    if (fixed)
        ok = write_fixed(f, n, from, length);
    else if (n <= f->items)
        ok = replace_varying(f, n, from, length);
    else
        ok = add_varying(f, from, length);
    if (!ok)
        return d->error;
    f->changed = true;
    return EDF_OK;
}

void edf_file_status(const struct edf_file *f, struct edf_status *s)
{
    edf_fst_status(&f->fst, s);
    s->items = f->items;
    s->blocks = f->tree.blocks;
    s->lrecl = f->lrecl;
}

static bool write_entry(struct edf_file *f)
{
    if (!f->items)
        return edf_slot_remove(f->disk, f->slot);
    put32(&f->fst.items, f->items);
    put32(&f->fst.lrecl, f->lrecl);
    put16(&f->fst.cdf_items, f->items > 0xffff ? 0 : f->items);
    put16(&f->fst.cdf_blocks, f->tree.blocks > 0xffff ? 0 : f->tree.blocks);
    edf_tree_store(&f->tree, &f->fst);
    edf_fst_stamp(f->disk, &f->fst);
    return edf_slot_write(f->disk, f->slot, &f->fst);
}

enum edf_error edf_close(struct edf_file *f)
{
    struct edf_disk *d = f->disk;
    enum edf_error e = EDF_OK;
    struct edf_file **link = &d->open;
    while (*link && *link != f)
        link = &(*link)->next_open;
    if (!*link)
        return EDF_OK; /* closed already */
    *link = f->next_open;
    if (!f->writing)
        return EDF_OK;
    d->writers--;
    if (f->changed || !f->items) {
        if (!edf_may_change(d)) {
            e = d->error;
        } else if (!write_entry(f)) {
            d->broken = true;
            e = d->error;
        }
    }
    f->writing = false;
    if (e == EDF_OK && d->commit_due && !d->writers)
        e = edf_commit(d);
    return e;
}

enum edf_error edf_close_all(struct edf_disk *d)
{
    enum edf_error first = EDF_OK;
    while (d->open) {
        enum edf_error e = edf_close(d->open);
        if (first == EDF_OK)
            first = e;
    }
    return first;
}

/* The repair of disks of 800-byte blocks: reads the directory and chain links as far as they go,
 * and writes links, entries and map anew; the MFD is written last. */
#include "tools/volume/cms_repair_internal.h"

#include "lib/ebcdic.h"

#include <string.h>

/* --- reading --- */

static void take_link(struct repair *r, struct saved_file *f, uint32_t block, const uint8_t *from,
                      uint32_t n, uint64_t index)
{
    repair_link(f, block);
    for (uint32_t i = 0; i < n; i++)
        repair_leaf(r, f, index + i, (struct leaf){.block = load_be16(from + 2 * i)});
}

static void take_links(struct repair *r, struct saved_file *f)
{
    uint8_t first[CDF_BLOCK], bytes[CDF_BLOCK];
    uint32_t origin = get32(f->fst.origin);
    if (!repair_claim(r, origin, KEPT, first)) {
        repair_say(r, f, "its first chain link, block %u, is not its own, or cannot be read",
                   origin);
        return;
    }
    take_link(r, f, origin, first + 2 * CDF_LINKS, CDF_LINK_DATA, 0);
    for (uint32_t i = 0; i < CDF_LINKS; i++) {
        uint32_t block = load_be16(first + 2 * i);
        if (!block)
            continue;
        if (repair_claim(r, block, KEPT, bytes)) {
            take_link(r, f, block, bytes, CDF_LINK_POINTERS, CDF_LINK_DATA + i * CDF_LINK_POINTERS);
            continue;
        }
        repair_say(r, f, "chain link %u, block %u, is not its own, or cannot be read", i + 2,
                   block);
        f->rebuild = true;
    }
}

static void take_entries(struct repair *r, const uint8_t *block)
{
    for (unsigned i = 0; i < CDF_ENTRIES; i++) {
        struct edf_fst fst = {0};
        memcpy(&fst, block + i * CDF_ENTRY_SIZE, CDF_ENTRY_SIZE);
        if (!fst.name.fn[0])
            continue;
        put32(&fst.origin, get16(fst.cdf_block));
        put32(&fst.items, get16(fst.cdf_items));
        struct saved_file *f = repair_file(r, &fst);
        if (fst.recfm != EDF_FIXED && fst.recfm != EDF_VARYING) {
            repair_say(r, f, "record format X'%02X' is none: F is taken", fst.recfm);
            f->fst.recfm = EDF_FIXED;
        }
        take_links(r, f);
    }
}

static void take_map(struct repair *r, uint8_t *mfd)
{
    uint8_t bytes[CDF_BLOCK];
    for (uint32_t part = 0; part <= cdf_part_of(r->blocks); part++) {
        const uint8_t *place = part ? cdf_part_place(mfd, part) : NULL;
        uint32_t first = cdf_part_first(part);
        if (!part)
            memcpy(bytes, mfd + CDF_MAP, CDF_MAP_BYTES);
        else if (!place || !repair_claim(r, load_be16(place), OLD, bytes))
            continue;
        for (uint32_t b = first; b < cdf_part_first(part + 1) && b <= r->blocks; b++)
            r->marked[b] = !!(bytes[(b - first) / 8] & (0x80 >> ((b - first) % 8)));
    }
}

bool cdf_repair_read(struct repair *r, uint32_t capacity, uint8_t *mfd)
{
    uint8_t entries[CDF_BLOCK];
    if (!repair_read(r, CDF_MFD, mfd)) {
        repair_fail(r, "the directory in block 4 cannot be read");
        return false;
    }
    uint32_t total = load_be32(mfd + CDF_TOTAL), most = capacity;
    if (most > CDF_BLOCKS_MOST)
        most = CDF_BLOCKS_MOST;
    if (!total || total > most - CDF_MFD) {
        repair_say(r, NULL, "the directory says that there are %u blocks; there are %u", total,
                   most - CDF_MFD);
        total = most - CDF_MFD;
    }
    r->blocks = total + CDF_MFD;
    r->use[CDF_MFD] = OLD;
    take_map(r, mfd);
    for (uint32_t i = 0, n = cdf_list_length(mfd); i < n; i++) {
        uint32_t block = load_be16(mfd + 2 * i);
        if (repair_claim(r, block, OLD, entries))
            take_entries(r, entries);
        else
            repair_say(r, NULL, "block %u of the directory cannot be read", block);
    }
    return true;
}

/* --- writing --- */

static void write_links(struct repair *r, struct saved_file *f)
{
    uint8_t first[CDF_BLOCK] = {0}, link[CDF_BLOCK];
    for (uint32_t i = 0; i < f->leaves; i++) {
        uint32_t behind = i - CDF_LINK_DATA, number = behind / CDF_LINK_POINTERS;
        if (i < CDF_LINK_DATA) {
            store_be16(first + 2 * (CDF_LINKS + i), f->leaf[i].block);
            continue;
        }
        if (behind % CDF_LINK_POINTERS == 0)
            memset(link, 0, sizeof link);
        store_be16(link + 2 * (behind % CDF_LINK_POINTERS), f->leaf[i].block);
        if (behind % CDF_LINK_POINTERS == CDF_LINK_POINTERS - 1 || i + 1 == f->leaves) {
            uint32_t block = repair_take(r);
            store_be16(first + 2 * number, block);
            repair_write(r, block, link);
        }
    }
    uint32_t origin = repair_take(r);
    put32(&f->fst.origin, origin);
    repair_write(r, origin, first);
}

static void write_entries(struct repair *r, uint8_t *mfd)
{
    uint8_t bytes[CDF_BLOCK];
    for (unsigned i = 0; i < r->files; i++) {
        struct edf_fst *fst = &r->file[i].fst;
        if (r->file[i].rebuild)
            write_links(r, &r->file[i]);
        cdf_entry_finish(fst, r->file[i].leaves);
        if (i % CDF_ENTRIES == 0)
            memset(bytes, 0, sizeof bytes);
        memcpy(bytes + i % CDF_ENTRIES * CDF_ENTRY_SIZE, fst, CDF_ENTRY_SIZE);
        if (i % CDF_ENTRIES == CDF_ENTRIES - 1 || i + 1 == r->files) {
            uint32_t block = repair_take(r);
            store_be16(mfd + 2 * (i / CDF_ENTRIES), block);
            repair_write(r, block, bytes);
        }
    }
}

/* All parts of the map have their blocks before the first one is written. */
static void write_map(struct repair *r, uint8_t *mfd, const uint8_t *list)
{
    uint8_t bytes[CDF_BLOCK];
    uint32_t used = 0, last = 0;
    for (uint32_t part = 0; part <= cdf_part_of(r->blocks); part++) {
        uint32_t first = cdf_part_first(part);
        memset(bytes, 0, sizeof bytes);
        for (uint32_t b = first; b < cdf_part_first(part + 1) && b <= r->blocks; b++) {
            if (b > CDF_MFD && !repair_used(r, b))
                continue;
            bytes[(b - first) / 8] |= (uint8_t)(0x80 >> ((b - first) % 8));
            used += b > CDF_MFD;
            last = (b - 1) / 8;
        }
        if (part)
            repair_write(r, load_be16(list + 2 * part), bytes);
        else
            memcpy(mfd + CDF_MAP, bytes, CDF_MAP_BYTES);
    }
    store_be32(mfd + CDF_TOTAL, r->blocks - CDF_MFD);
    store_be32(mfd + CDF_USED, used);
    store_be32(mfd + CDF_LEFT, r->blocks - CDF_MFD - used);
    store_be32(mfd + CDF_LAST, last);
}

static void write_label(struct repair *r)
{
    static const uint8_t no_name[6] = {0xc3, 0xd4, 0xe2, 0xc4, 0xe2, 0xd2};
    uint8_t bytes[CDF_BLOCK] = {0};
    if (repair_read(r, EDF_LABEL_BLOCK, bytes) && !memcmp(bytes, cdf_label_id, sizeof cdf_label_id))
        return;
    memcpy(bytes, cdf_label_id, sizeof cdf_label_id);
    memcpy(bytes + sizeof cdf_label_id, no_name, sizeof no_name);
    repair_say(r, NULL, "the label is written anew");
    repair_write(r, EDF_LABEL_BLOCK, bytes);
}

void cdf_repair_write(struct repair *r, uint8_t *mfd)
{
    uint32_t parts = cdf_part_of(r->blocks), blocks = (r->files + CDF_ENTRIES - 1) / CDF_ENTRIES;
    uint8_t *list = mfd + 2 * blocks;
    if (blocks + 1 + (parts ? parts + 1 : 0) > CDF_LIST) {
        repair_fail(r, "there are more files than a disk of 800-byte blocks can have");
        return;
    }
    memset(mfd, 0, CDF_TOTAL);
    write_entries(r, mfd);
    store_be16(list, parts ? CDF_LIST_MAP : CDF_LIST_END);
    for (uint32_t part = 1; part <= parts; part++)
        store_be16(list + 2 * part, repair_take(r));
    if (parts)
        store_be16(list + 2 * (parts + 1), CDF_LIST_END);
    write_map(r, mfd, list);
    write_label(r);
    repair_write(r, CDF_MFD, mfd);
}

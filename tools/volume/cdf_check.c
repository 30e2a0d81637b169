/* The check of disks of 800-byte blocks (cms/fs/cdf.c describes them): the directory's list, every
 * file's chain links and records, the map and the counts. */
#include "tools/volume/cms_check_internal.h"

#include "cms/fs/edf_internal.h"
#include "lib/ebcdic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAP_BYTES ((CDF_BLOCKS_MOST + 7) / 8 + CDF_BLOCK)

/* Reads a block that is in use from now on. */
static bool fetch(struct check *c, uint32_t block, uint8_t *bytes)
{
    if (!check_use(c, block))
        return false;
    if (c->io->read(c->io->context, block, bytes))
        return true;
    check_fault(c, "block %u cannot be read", block);
    return false;
}

/* Data block `w->index`, which may be a hole. */
static void take_data(struct check *c, struct walk *w, uint32_t block)
{
    uint8_t bytes[CDF_BLOCK];
    if (block && fetch(c, block, bytes)) {
        if (w->context)
            check_varying_block(c, w, bytes);
        w->start = w->index + 1; /* one behind the last that is there */
    }
    w->index++;
}

/* Goes over a file's data blocks in order. */
static void walk_links(struct check *c, struct walk *w, uint32_t origin)
{
    uint8_t first[CDF_BLOCK], link[CDF_BLOCK];
    if (!fetch(c, origin, first))
        return;
    for (uint32_t i = 0; i < CDF_LINK_DATA; i++)
        take_data(c, w, load_be16(first + 2 * (CDF_LINKS + i)));
    for (uint32_t i = 0; i < CDF_LINKS; i++) {
        uint32_t block = load_be16(first + 2 * i);
        if (!block || !fetch(c, block, link)) {
            w->index += CDF_LINK_POINTERS;
            continue;
        }
        for (uint32_t k = 0; k < CDF_LINK_POINTERS; k++)
            take_data(c, w, load_be16(link + 2 * k));
    }
}

static void check_entry(struct check *c, const struct edf_fst *f)
{
    uint32_t items = get16(f->cdf_items), blocks = get16(f->cdf_blocks), lrecl = get32(f->lrecl);
    bool fixed = f->recfm == EDF_FIXED;
    struct varying v = {.half = -1, .items = items};
    struct walk w = {.context = fixed ? NULL : &v};
    if (!fixed && f->recfm != EDF_VARYING) {
        check_fault(c, "record format is X'%02X'", f->recfm);
        return;
    }
    if (!lrecl || lrecl > 0xffff)
        check_fault(c, "record length is %u", lrecl);
    walk_links(c, &w, get16(f->cdf_block));
    if (w.start != blocks)
        check_fault(c, "has %u data blocks, not %u", w.start, blocks);
    if (fixed && (uint64_t)items * lrecl > (uint64_t)blocks * CDF_BLOCK)
        check_fault(c, "%u records do not fit in %u blocks", items, blocks);
    if (!fixed && (v.record != items || v.left || v.half >= 0 || v.longest != lrecl))
        check_fault(c, "has %u records, longest %u; not %u, %u", v.record, v.longest, items, lrecl);
}

struct names {
    struct edf_name *name;
    unsigned count;
};

static void check_entries(struct check *c, const uint8_t *block, struct names *names)
{
    char text[16], shown[24];
    for (unsigned i = 0; i < CDF_ENTRIES; i++) {
        struct edf_fst f = {0};
        memcpy(&f, block + i * CDF_ENTRY_SIZE, CDF_ENTRY_SIZE);
        if (!f.name.fn[0])
            continue;
        latin1_from_ebcdic(text, &f.name, 16);
        snprintf(shown, sizeof shown, "%.8s %.8s", text, text + 8);
        c->file = shown;
        for (unsigned k = 0; k < names->count; k++)
            if (!memcmp(&names->name[k], &f.name, sizeof f.name))
                check_fault(c, "is twice in the directory");
        names->name[names->count++] = f.name;
        check_entry(c, &f);
    }
    c->file = "directory";
}

/* All parts of the map, one behind the other. */
static void gather_map(struct check *c, uint8_t *mfd, uint8_t *map)
{
    memcpy(map, mfd + CDF_MAP, CDF_MAP_BYTES);
    for (uint32_t part = 1; part <= CDF_EXTENSIONS_MOST; part++) {
        const uint8_t *place = cdf_part_place(mfd, part);
        if (place)
            fetch(c, load_be16(place), map + (cdf_part_first(part) - 1) / 8);
    }
}

static void check_map(struct check *c, const uint8_t *mfd, const uint8_t *map)
{
    uint32_t used = load_be32(mfd + CDF_USED), count = 0;
    for (uint32_t b = CDF_MFD + 1; b <= c->blocks; b++) {
        bool mapped = map[(b - 1) / 8] & (0x80 >> ((b - 1) % 8));
        count += mapped;
        if (mapped != !!c->seen[b])
            check_fault(c, "block %u is %s", b, mapped ? "lost" : "in use but marked as free");
    }
    if (count != used || load_be32(mfd + CDF_LEFT) != c->blocks - CDF_MFD - used)
        check_fault(c, "%u blocks are in use; the directory says %u, and %u free", count, used,
                    load_be32(mfd + CDF_LEFT));
}

void cdf_check(struct check *c, uint8_t *bytes)
{
    uint8_t mfd[CDF_BLOCK], entries[CDF_BLOCK], *map = calloc(1, MAP_BYTES);
    struct names names = {calloc(CDF_LIST * CDF_ENTRIES, sizeof *names.name), 0};
    uint32_t total = 0;
    if (memcmp(bytes, cdf_label_id, sizeof cdf_label_id))
        check_fault(c, "is not that of a CMS disk with blocks of 800 bytes");
    else if (!c->io->read(c->io->context, CDF_MFD, mfd))
        check_fault(c, "is good, but the directory in block 4 cannot be read");
    else if (!(total = load_be32(mfd + CDF_TOTAL)) || total > CDF_BLOCKS_MOST - CDF_MFD)
        check_fault(c, "is good, but the directory says that the disk has %u blocks", total);
    if (!c->faults) {
        c->blocks = total + CDF_MFD;
        check_last(c, entries);
        c->seen = calloc(1, c->blocks + 1);
        memset(c->seen, 1, CDF_MFD + 1);
        c->file = "directory";
        for (uint32_t i = 0, n = cdf_list_length(mfd); i < n; i++)
            if (fetch(c, load_be16(mfd + 2 * i), entries))
                check_entries(c, entries, &names);
        c->file = "map";
        gather_map(c, mfd, map);
        check_map(c, mfd, map);
        free(c->seen);
    }
    free(names.name);
    free(map);
}

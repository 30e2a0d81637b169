/* The repair of EDF disks: reads a damaged directory and its files' trees as far as they go, and
 * writes trees, directory and map anew. */
#include "tools/volume/cms_repair_internal.h"

#include "lib/ebcdic.h"

#include <stdlib.h>
#include <string.h>

#define LEVELS_MOST 6u

/* --- reading --- */

/* Goes down a tree; `top` is what the pointer says.  Returns what it should say, by those below. */
static struct leaf walk(struct repair *r, struct saved_file *f, struct leaf top, unsigned level,
                        uint64_t index)
{
    uint32_t pointer = f->fst.recfm == EDF_VARYING ? 12 : 4;
    uint64_t span = 1;
    uint8_t bytes[4096];
    if (!top.block)
        return top;
    if (!level) {
        repair_leaf(r, f, index, top);
        return top;
    }
    for (unsigned i = 1; i < level; i++)
        span *= r->size / pointer;
    if (!repair_claim(r, top.block, KEPT, bytes)) {
        repair_say(r, f,
                   "pointer block %u is not its own, or cannot be read: what is below is lost",
                   top.block);
        f->rebuild = true;
        return top;
    }
    struct leaf should = top;
    repair_link(f, top.block);
    for (uint32_t i = 0; i < r->size / pointer; i++) {
        const uint8_t *p = bytes + i * pointer;
        struct leaf below = {.block = load_be32(p)};
        if (pointer == 12) {
            below.highest = load_be32(p + 4);
            below.start = load_be32(p + 8);
        }
        struct leaf found = walk(r, f, below, level - 1, index + i * span);
        f->rebuild |= found.highest != below.highest || found.start != below.start;
        if (!i)
            should.start = found.start;
        if (found.block)
            should.highest = found.highest;
    }
    return should;
}

/* Directory and map: their blocks one behind the other. */
struct bytes {
    uint8_t *at;
    uint32_t length;
};

static void gather(struct repair *r, struct bytes *all, uint32_t block, unsigned level, bool quiet)
{
    uint8_t bytes[4096];
    if (!block)
        return;
    if (!repair_claim(r, block, OLD, bytes)) {
        if (!quiet)
            repair_say(r, NULL, "block %u of the directory or the map cannot be read", block);
        memset(bytes, 0, sizeof bytes);
        level = 0;
    }
    if (level) {
        for (uint32_t i = 0; i < r->size / 4; i++)
            gather(r, all, load_be32(bytes + 4 * i), level - 1, quiet);
        return;
    }
    all->at = realloc(all->at, all->length + r->size);
    memcpy(all->at + all->length, bytes, r->size);
    all->length += r->size;
}

/* Is there a directory below this root?  `own`: its entry for itself. */
static bool is_directory(struct repair *r, uint32_t block, unsigned *levels, struct edf_fst *own)
{
    static const uint8_t type[8] = {0xc4, 0xc9, 0xd9, 0xc5, 0xc3, 0xe3, 0xd6, 0xd9};
    uint8_t bytes[4096];
    for (*levels = 0; *levels <= LEVELS_MOST && repair_read(r, block, bytes); ++*levels) {
        const struct edf_fst *fst = (const struct edf_fst *)bytes;
        if (load_be32(bytes) == 1 && !memcmp(fst->name.ft, type, sizeof type)) {
            *own = *fst;
            return true;
        }
        block = load_be32(bytes);
    }
    return false;
}

static void take_entry(struct repair *r, const struct edf_fst *fst, uint32_t number)
{
    static const struct edf_fst empty;
    struct edf_fst entry = *fst;
    struct edf_tree tree;
    if (!memcmp(fst, &empty, sizeof empty)) {
        repair_say(r, NULL, "entry %u of the directory is empty", number);
        return;
    }
    if (entry.recfm != EDF_FIXED && entry.recfm != EDF_VARYING)
        entry.recfm = entry.pointer_size == 12 ? EDF_VARYING : EDF_FIXED;
    edf_tree_load(&tree, &entry);
    struct saved_file *f = repair_file(r, &entry);
    if (entry.recfm != fst->recfm)
        repair_say(r, f, "record format X'%02X' is none: %c is taken", fst->recfm,
                   ebcdic_to_latin1(entry.recfm));
    if (tree.levels > LEVELS_MOST)
        repair_say(r, f, "there cannot be %u levels of pointers", tree.levels);
    else
        walk(r, f, (struct leaf){.block = tree.origin}, tree.levels, 0);
}

/* True: it says where the directory is. */
static bool take_label(struct repair *r, struct edf_label *label, uint32_t capacity)
{
    static const uint8_t id[4] = {0xc3, 0xd4, 0xe2, 0xf1},
                         no_name[6] = {0xc3, 0xd4, 0xe2, 0xc4, 0xe2, 0xd2};
    uint8_t bytes[4096];
    bool readable = repair_read(r, EDF_LABEL_BLOCK, bytes);
    memcpy(label, bytes, sizeof *label);
    uint32_t blocks = get32(label->blocks);
    bool good = readable && !memcmp(label->id, id, sizeof id);
    if (good && get32(label->block_size) == r->size && blocks >= 32 && blocks <= capacity &&
        repair_read(r, blocks, bytes) && get32(label->fst_size) == sizeof(struct edf_fst)) {
        r->blocks = blocks;
        return true;
    }
    /* The last block that is there: behind it may be a nucleus. */
    while (r->blocks > EDF_LABEL_BLOCK && !repair_read(r, r->blocks, bytes))
        r->blocks--;
    struct edf_disk d = {.io = *r->io, .block_size = r->size, .blocks = r->blocks};
    edf_label_fill(&d, good ? get32(label->cylinders) : 0, good ? label->volume : no_name);
    if (good) {
        d.label.formatted = label->formatted;
        d.label.directory = label->directory;
    }
    *label = d.label;
    repair_say(r, NULL, "the label is written anew, for %u blocks", r->blocks);
    return good;
}

/* The root: what the label says, or the other one if there is no directory; without a label the one
 * that was written last. */
static uint32_t find_root(struct repair *r, const struct edf_label *label, bool sure,
                          unsigned *levels)
{
    struct edf_fst own, other_own;
    unsigned other_levels;
    uint32_t root = get32(label->directory) == EDF_ROOT_B ? EDF_ROOT_B : EDF_ROOT_A;
    uint32_t other = EDF_ROOT_A + EDF_ROOT_B - root;
    bool good = is_directory(r, root, levels, &own);
    if (good && sure)
        return root;
    if (!is_directory(r, other, &other_levels, &other_own))
        return good ? root : 0;
    if (good) {
        int newer = memcmp(own.date, other_own.date, sizeof own.date);
        if (newer > 0 || (!newer && get32(own.items) >= get32(other_own.items)))
            return root;
    } else {
        repair_say(r, NULL, "the directory before the last change is taken");
    }
    *levels = other_levels;
    return other;
}

bool edf_repair_read(struct repair *r, uint32_t capacity, struct edf_label *label)
{
    struct bytes directory = {0}, map = {0};
    unsigned levels = 0;
    bool sure = take_label(r, label, capacity);
    uint32_t root = find_root(r, label, sure, &levels);
    if (!root) {
        repair_fail(r, "there is no directory, neither in block 4 nor in block 5");
        return false;
    }
    put32(&label->directory, root);
    r->use[EDF_ROOT_A + EDF_ROOT_B - root] = OLD;
    gather(r, &directory, root, levels, false);
    r->use[root] = OLD;
    const struct edf_fst *fst = (const struct edf_fst *)directory.at;
    uint32_t there = directory.length / sizeof *fst, items = get32(fst[0].items);
    if (items < 2 || items > there) {
        repair_say(r, NULL, "the directory's number of entries, %u, is not possible", items);
        items = there;
    }
    gather(r, &map, get32(fst[1].origin), fst[1].levels > 1 ? 1 : fst[1].levels, false);
    for (uint32_t b = 1; b <= r->blocks && (b - 1) / 8 < map.length; b++)
        r->marked[b] = !!(map.at[(b - 1) / 8] & (0x80 >> ((b - 1) % 8)));
    for (uint32_t i = 2; i < items; i++)
        take_entry(r, &fst[i], i);
    free(directory.at);
    free(map.at);
    return true;
}

/* --- writing --- */

/* Writes the pointer blocks over `n` blocks; `root`: where the top one goes, or 0.  `leaf` is used
 * for the levels' pointers. */
static void write_pointers(struct repair *r, struct leaf *leaf, uint32_t n, unsigned pointer,
                           uint32_t root, struct edf_tree *tree)
{
    uint32_t fanout = r->size / pointer;
    uint8_t bytes[4096];
    tree->blocks = n;
    tree->levels = 0;
    tree->pointer_size = (uint8_t)pointer;
    while (n > 1) {
        uint32_t groups = (n - 1) / fanout + 1;
        for (uint32_t g = 0; g < groups; g++) {
            struct leaf above = {0};
            memset(bytes, 0, sizeof bytes);
            for (uint32_t i = 0; i < fanout && g * fanout + i < n; i++) {
                const struct leaf *below = &leaf[g * fanout + i];
                store_be32(bytes + i * pointer, below->block);
                above.block |= below->block;
                if (pointer == 4)
                    continue;
                store_be32(bytes + i * pointer + 4, below->highest);
                store_be32(bytes + i * pointer + 8, below->start);
                above.start = i ? above.start : below->start;
                above.highest = below->highest;
            }
            if (above.block) { /* else all holes */
                above.block = groups == 1 && root ? root : repair_take(r);
                repair_write(r, above.block, bytes);
            }
            leaf[g] = above;
        }
        n = groups;
        tree->levels++;
    }
    tree->origin = n ? leaf[0].block : 0;
}

static void write_file(struct repair *r, struct saved_file *f)
{
    struct edf_tree tree;
    uint32_t blocks = f->leaves;
    edf_tree_load(&tree, &f->fst);
    if (f->rebuild)
        write_pointers(r, f->leaf, f->leaves, f->fst.recfm == EDF_FIXED ? 4 : 12, 0, &tree);
    tree.blocks = blocks;
    edf_tree_store(&tree, &f->fst);
    uint32_t items = get32(f->fst.items);
    put16(&f->fst.cdf_items, items > 0xffff ? 0 : items);
    put16(&f->fst.cdf_blocks, blocks > 0xffff ? 0 : blocks);
}

/* Free blocks for the map, and its pointers; what is in it is known last. */
static struct leaf *take_map(struct repair *r, struct edf_tree *map)
{
    uint32_t parts = (r->blocks - 1) / (r->size * 8) + 1;
    struct leaf *leaf = calloc(parts, sizeof *leaf), *copy = calloc(parts, sizeof *copy);
    for (uint32_t i = 0; i < parts; i++)
        leaf[i].block = repair_take(r);
    memcpy(copy, leaf, parts * sizeof *leaf);
    write_pointers(r, copy, parts, 4, 0, map);
    free(copy);
    return leaf;
}

static uint32_t write_map(struct repair *r, const struct leaf *leaf)
{
    uint8_t bytes[4096];
    uint32_t used = 0, bits = r->size * 8;
    for (uint32_t first = 1; first <= r->blocks; first += bits) {
        memset(bytes, 0, sizeof bytes);
        for (uint32_t b = first; b < first + bits && b <= r->blocks; b++)
            if (b <= EDF_ROOT_B || repair_used(r, b)) {
                bytes[(b - first) / 8] |= (uint8_t)(0x80 >> ((b - first) % 8));
                used++;
            }
        repair_write(r, leaf[(first - 1) / bits].block, bytes);
    }
    return used;
}

static void write_directory(struct repair *r, struct edf_disk *d, struct leaf *leaf, uint32_t n)
{
    uint32_t per_block = r->size / sizeof(struct edf_fst), entries = r->files + 2;
    struct edf_fst *fst = calloc(n * per_block, sizeof *fst);
    edf_system_entry(d, &fst[0], 1, sizeof *fst, entries);
    edf_system_entry(d, &fst[1], 2, r->size, d->map.blocks);
    for (unsigned i = 0; i < r->files; i++)
        fst[i + 2] = r->file[i].fst;
    for (uint32_t i = 0; i < n; i++)
        repair_write(r, leaf[i].block, fst + i * per_block);
    free(fst);
}

void edf_repair_write(struct repair *r, struct edf_label *label)
{
    struct edf_disk d = {.io = *r->io, .block_size = r->size, .blocks = r->blocks};
    uint32_t per_block = r->size / sizeof(struct edf_fst), n = (r->files + 1) / per_block + 1;
    uint32_t root = EDF_ROOT_A + EDF_ROOT_B - get32(label->directory);
    struct leaf *leaf = calloc(n, sizeof *leaf), *copy = calloc(n, sizeof *copy);
    uint8_t bytes[4096];
    for (unsigned i = 0; i < r->files; i++)
        write_file(r, &r->file[i]);
    for (uint32_t i = 0; i < n; i++)
        leaf[i].block = n == 1 ? root : repair_take(r);
    memcpy(copy, leaf, n * sizeof *leaf);
    write_pointers(r, copy, n, 4, root, &d.directory);
    struct leaf *map = take_map(r, &d.map);
    write_directory(r, &d, leaf, n);
    d.label = *label;
    put32(&d.label.used, write_map(r, map));
    put32(&d.label.directory, root);
    if (!r->failed && !edf_label_write(&d, bytes))
        repair_fail(r, "the label cannot be written");
    free(leaf);
    free(copy);
    free(map);
}

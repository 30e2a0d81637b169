/* The check of CMS disks: see cms_check.h. */
#include "tools/volume/cms_check_internal.h"

#include "cms/fs/edf_internal.h"
#include "lib/ebcdic.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void check_fault(struct check *c, const char *format, ...)
{
    char text[200], what[160];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    snprintf(text, sizeof text, "%s: %s", c->file, what);
    if (c->message && c->faults < 50)
        c->message(c->context, text);
    c->faults++;
}

void check_last(struct check *c, uint8_t *bytes)
{
    if (!c->io->read(c->io->context, c->blocks, bytes))
        check_fault(c, "says that the disk has %u blocks, and the last one is not there",
                    c->blocks);
}

bool check_use(struct check *c, uint32_t block)
{
    if (block <= EDF_LABEL_BLOCK || block > c->blocks) {
        check_fault(c, "block number %u is not on the disk", block);
        return false;
    }
    if (c->seen[block])
        check_fault(c, "block %u is used twice", block);
    c->seen[block] = 1;
    return true;
}

/* Returns where the first record begins in the first data block, by the pointers. */
static uint32_t walk_tree(struct check *c, struct walk *w, uint32_t block, unsigned level)
{
    uint32_t span = 1;
    for (unsigned i = 0; i < level; i++)
        span *= c->size / w->pointer_size;
    if (!block) {
        w->index += span; /* a hole, or what is behind the end */
        return EDF_NO_START;
    }
    if (!check_use(c, block))
        return EDF_NO_START;
    uint32_t first = EDF_NO_START;
    uint8_t *bytes = malloc(c->size);
    if (!c->io->read(c->io->context, block, bytes)) {
        check_fault(c, "block %u cannot be read", block);
    } else if (!level) {
        w->visit(c, w, bytes);
        w->index++;
    } else {
        for (uint32_t i = 0; i < c->size / w->pointer_size; i++) {
            const uint8_t *p = bytes + i * w->pointer_size;
            uint32_t below = load_be32(p);
            if (w->pointer_size == 4 || !below) {
                walk_tree(c, w, below, level - 1);
                continue;
            }
            uint32_t highest = w->highest = load_be32(p + 4), start = w->start = load_be32(p + 8);
            uint32_t found = walk_tree(c, w, below, level - 1);
            if (level > 1 && (highest != w->highest || start != found))
                check_fault(c, "pointer block %u does not say what is below it", block);
            if (!i)
                first = level > 1 ? found : start;
        }
    }
    free(bytes);
    return first;
}

/* --- V files: the records must agree with the pointers --- */

void check_varying_block(struct check *c, struct walk *w, const uint8_t *bytes)
{
    struct varying *v = w->context;
    uint32_t at = 0, first = 0xffffffff;
    while (at < c->size && (v->left || v->half >= 0 || v->record < v->items)) {
        if (v->half >= 0) {
            v->left = (uint32_t)v->half << 8 | bytes[at++];
            v->half = -1;
            if (v->left > v->longest)
                v->longest = v->left;
        } else if (v->left) {
            uint32_t part = v->left < c->size - at ? v->left : c->size - at;
            v->left -= part;
            at += part;
        } else {
            if (first == 0xffffffff)
                first = at;
            v->record++;
            v->half = bytes[at++];
        }
    }
    if (v->levels && w->highest != v->record)
        check_fault(c, "data block %u ends with record %u, not %u", w->index, v->record,
                    w->highest);
    if (v->levels && w->start != first)
        check_fault(c, "data block %u: first record at %u, not %u", w->index, first, w->start);
}

static void visit_nothing(struct check *c, struct walk *w, const uint8_t *bytes)
{
}

static void check_file(struct check *c, const struct edf_fst *f)
{
    bool fixed = f->recfm == EDF_FIXED;
    struct varying v = {.half = -1, .items = get32(f->items), .levels = f->levels};
    struct walk w = {.pointer_size = fixed ? 4 : 12, .visit = visit_nothing, .context = &v};
    if (!fixed && f->recfm != EDF_VARYING) {
        check_fault(c, "record format is X'%02X'", f->recfm);
        return;
    }
    if (f->levels > 6 || f->pointer_size != w.pointer_size) {
        check_fault(c, "%u levels with pointers of %u bytes", f->levels, f->pointer_size);
        return;
    }
    if (!fixed)
        w.visit = check_varying_block;
    walk_tree(c, &w, get32(f->origin), f->levels);
    if (w.index < get32(f->blocks))
        check_fault(c, "has %u data blocks, not %u", w.index, get32(f->blocks));
    if (fixed && (uint64_t)get32(f->items) * get32(f->lrecl) > (uint64_t)get32(f->blocks) * c->size)
        check_fault(c, "%u records do not fit in %u blocks", get32(f->items), get32(f->blocks));
    if (!fixed && (v.record != v.items || v.left || v.half >= 0 || v.longest != get32(f->lrecl)))
        check_fault(c, "has %u records, longest %u; not %u, %u", v.record, v.longest, v.items,
                    get32(f->lrecl));
}

/* --- directory and map: their blocks are collected while they are walked --- */

struct collected {
    uint8_t *bytes;
    uint32_t length;
};

static void visit_collect(struct check *c, struct walk *w, const uint8_t *bytes)
{
    struct collected *all = w->context;
    all->bytes = realloc(all->bytes, all->length + c->size);
    memcpy(all->bytes + all->length, bytes, c->size);
    all->length += c->size;
}

static struct collected collect(struct check *c, uint32_t origin, unsigned levels)
{
    struct collected all = {0};
    struct walk w = {.pointer_size = 4, .visit = visit_collect, .context = &all};
    walk_tree(c, &w, origin, levels);
    return all;
}

static unsigned directory_levels(struct check *c, uint32_t block, uint8_t *bytes)
{
    unsigned levels = 0;
    while (levels < 6 && block && block <= c->blocks && c->io->read(c->io->context, block, bytes) &&
           load_be32(bytes) != 1) {
        block = load_be32(bytes);
        levels++;
    }
    return levels;
}

static void check_map(struct check *c, const struct collected *map, uint32_t used)
{
    uint32_t count = 0;
    if ((uint64_t)map->length * 8 < c->blocks) {
        check_fault(c, "the map is too short");
        return;
    }
    for (uint32_t b = 1; b <= c->blocks; b++) {
        bool mapped = map->bytes[(b - 1) / 8] & (0x80 >> ((b - 1) % 8));
        count += mapped;
        if (mapped != !!c->seen[b])
            check_fault(c, "block %u is %s", b, mapped ? "lost" : "in use but marked as free");
    }
    if (count != used)
        check_fault(c, "%u blocks are in use, the label says %u", count, used);
}

static void check_entries(struct check *c, const struct collected *directory)
{
    const struct edf_fst *fst = (const struct edf_fst *)directory->bytes;
    uint32_t n = get32(fst[0].items);
    char name[24];
    if (n < 2 || n > directory->length / sizeof *fst) {
        check_fault(c, "directory has %u entries in %u bytes", n, directory->length);
        return;
    }
    for (uint32_t i = 2; i < n; i++) {
        char text[16];
        latin1_from_ebcdic(text, &fst[i].name, 16);
        snprintf(name, sizeof name, "%.8s %.8s", text, text + 8);
        c->file = name;
        for (uint32_t j = 2; j < i; j++)
            if (!memcmp(&fst[i].name, &fst[j].name, sizeof fst[i].name))
                check_fault(c, "is twice in the directory");
        check_file(c, &fst[i]);
    }
    c->file = "map";
    struct collected map = collect(c, get32(fst[1].origin), fst[1].levels > 6 ? 0 : fst[1].levels);
    uint8_t *label = malloc(c->size);
    c->io->read(c->io->context, EDF_LABEL_BLOCK, label);
    check_map(c, &map, get32(((struct edf_label *)label)->used));
    free(label);
    free(map.bytes);
}

/* What the second opinion finds good must be good enough for the first. */
static void check_mount(struct check *c)
{
    size_t size = EDF_MEMORY_SIZE(4096, EDF_MIN_BUFFERS + 1);
    void *memory = malloc(size);
    struct edf_disk disk;
    c->file = "disk";
    if (edf_mount(&disk, c->io, c->size, memory, size, true) != EDF_OK)
        check_fault(c, "its directory does not describe itself: CMS cannot use it");
    else if (!disk.writable)
        check_fault(c, "its map and counts do not agree");
    free(memory);
}

unsigned cms_check(const struct edf_io *io, uint32_t block_size,
                   void (*message)(void *context, const char *text), void *context)
{
    static const uint8_t id[4] = {0xc3, 0xd4, 0xe2, 0xf1};
    struct check c = {.io = io, .size = block_size, .message = message, .context = context};
    uint8_t *bytes = malloc(block_size < 512 ? 512 : block_size);
    struct edf_label l;
    c.file = "label";
    if (!io->read(io->context, EDF_LABEL_BLOCK, bytes)) {
        check_fault(&c, "cannot be read");
        goto out;
    }
    if (block_size == CDF_BLOCK) {
        cdf_check(&c, bytes);
        goto out;
    }
    memcpy(&l, bytes, sizeof l);
    c.blocks = get32(l.blocks);
    if (memcmp(l.id, id, 4) || get32(l.block_size) != block_size || c.blocks > 100000000 ||
        (get32(l.directory) != EDF_ROOT_A && get32(l.directory) != EDF_ROOT_B)) {
        check_fault(&c, "is not that of a CMS disk with blocks of %u bytes", block_size);
        goto out;
    }
    check_last(&c, bytes);
    c.seen = calloc(1, c.blocks + 8);
    c.seen[1] = c.seen[2] = c.seen[EDF_LABEL_BLOCK] = 1;
    c.file = "directory";
    uint32_t root = get32(l.directory);
    c.seen[EDF_ROOT_A + EDF_ROOT_B - root] = 1; /* its alternate */
    struct collected directory = collect(&c, root, directory_levels(&c, root, bytes));
    if (directory.length)
        check_entries(&c, &directory);
    else
        check_fault(&c, "is empty");
    free(directory.bytes);
    free(c.seen);
out:
    if (!c.faults)
        check_mount(&c);
    free(bytes);
    return c.faults;
}

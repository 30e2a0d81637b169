/* The repair of CMS disks: see cms_repair.h.  What is the same for both formats is here: which
 * blocks are in use, and that records, blocks and names agree. */
#include "tools/volume/cms_repair_internal.h"

#include "lib/ebcdic.h"
#include "tools/volume/cms_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MOST 4096u

/* --- messages --- */

void repair_say(struct repair *r, const struct saved_file *f, const char *format, ...)
{
    char text[240], what[200], name[17] = "disk";
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (f) {
        latin1_from_ebcdic(name, &f->fst.name, 16);
        name[16] = 0;
    }
    if (f)
        snprintf(text, sizeof text, "%.8s %.8s: %s", name, name + 8, what);
    else
        snprintf(text, sizeof text, "%s: %s", name, what);
    if (r->message)
        r->message(r->context, text);
}

void repair_fail(struct repair *r, const char *text)
{
    if (!r->failed)
        repair_say(r, NULL, "%s; nothing was changed", text);
    r->failed = true;
}

/* --- blocks --- */

bool repair_read(struct repair *r, uint32_t block, void *bytes)
{
    return block && block <= r->blocks && r->io->read(r->io->context, block, bytes);
}

void repair_write(struct repair *r, uint32_t block, const void *bytes)
{
    if (!r->failed && !r->io->write(r->io->context, block, bytes))
        repair_fail(r, "a block cannot be written");
}

/* Blocks that the old map has in use come last. */
uint32_t repair_take(struct repair *r)
{
    for (unsigned marked = 0; marked < 2; marked++)
        for (uint32_t i = 0; i < r->blocks; i++) {
            uint32_t block = (r->next + i) % r->blocks + 1;
            if (r->use[block] != UNUSED || r->marked[block] != marked)
                continue;
            r->next = block;
            r->use[block] = KEPT;
            return block;
        }
    repair_fail(r, "there are not enough free blocks for new pointers and a new directory");
    return 0;
}

bool repair_claim(struct repair *r, uint32_t block, enum use use, void *bytes)
{
    if (!repair_read(r, block, bytes) || r->use[block] != UNUSED)
        return false;
    r->use[block] = (uint8_t)use;
    return true;
}

bool repair_used(const struct repair *r, uint32_t block)
{
    return r->use[block] == KEPT;
}

/* --- files --- */

struct saved_file *repair_file(struct repair *r, const struct edf_fst *fst)
{
    r->file = realloc(r->file, (r->files + 1) * sizeof *r->file);
    struct saved_file *f = &r->file[r->files++];
    memset(f, 0, sizeof *f);
    f->fst = *fst;
    return f;
}

void repair_link(struct saved_file *f, uint32_t block)
{
    f->link = realloc(f->link, (f->links + 1) * sizeof *f->link);
    f->link[f->links++] = block;
}

/* Whose it is cannot be said: both files keep it, and both are named. */
static void tell_shared(struct repair *r, const struct saved_file *f, uint32_t index,
                        uint32_t block)
{
    char name[17] = "directory";
    const struct saved_file *other = r->owner[block] ? &r->file[r->owner[block] - 1] : NULL;
    if (other)
        latin1_from_ebcdic(name, &other->fst.name, 16);
    name[16] = 0;
    repair_say(r, f, "data block %u is also that of %.8s %.8s: each has a copy now, look at both",
               index, name, other ? name + 8 : "or map");
}

void repair_leaf(struct repair *r, struct saved_file *f, uint64_t index, struct leaf where)
{
    uint8_t bytes[BLOCK_MOST];
    if (!where.block)
        return;
    if (index >= 0x7fffffff / r->size || !repair_read(r, where.block, bytes)) {
        repair_say(r, f, "block %u (data block %llu) cannot be read", where.block,
                   (unsigned long long)index + 1);
        f->rebuild = true;
        return;
    }
    f->unmarked += !r->marked[where.block];
    if (r->use[where.block] != UNUSED) {
        where.shared = f->rebuild = true;
        tell_shared(r, f, (uint32_t)index + 1, where.block);
    } else {
        r->use[where.block] = KEPT;
        r->owner[where.block] = (uint32_t)(f - r->file) + 1;
    }
    if (index >= f->room) {
        f->room = (uint32_t)index * 3 / 2 + 16;
        f->leaf = realloc(f->leaf, f->room * sizeof *f->leaf);
    }
    while (f->leaves <= index)
        f->leaf[f->leaves++] = (struct leaf){0};
    f->leaf[index] = where;
}

/* The file ends before data block `leaves`; what was behind belongs to nobody. */
static void cut(struct repair *r, struct saved_file *f, uint32_t leaves)
{
    for (uint32_t i = leaves; i < f->leaves; i++)
        if (f->leaf[i].block && !f->leaf[i].shared)
            r->use[f->leaf[i].block] = UNUSED;
    f->rebuild |= f->leaves > leaves;
    if (f->leaves > leaves)
        f->leaves = leaves;
}

static void mend_fixed(struct repair *r, struct saved_file *f)
{
    uint32_t lrecl = get32(f->fst.lrecl), items = get32(f->fst.items);
    if (!lrecl || lrecl > 0xffff) {
        repair_say(r, f, "record length %u is not possible: 80 is taken", lrecl);
        lrecl = 80;
    }
    uint32_t there = (uint32_t)((uint64_t)f->leaves * r->size / lrecl);
    if (there < items) {
        repair_say(r, f, "%u of %u records are there", there, items);
        items = there;
    }
    uint32_t need = (uint32_t)(((uint64_t)items * lrecl + r->size - 1) / r->size);
    if (need < f->leaves)
        repair_say(r, f, "has %u blocks, its %u records of %u bytes need %u", f->leaves, items,
                   lrecl, need);
    put32(&f->fst.lrecl, lrecl);
    put32(&f->fst.items, items);
}

struct reading {
    uint32_t record; /* that began */
    uint32_t good;   /* that are complete */
    uint32_t end;    /* where the last complete one ends */
    uint32_t left, length, longest;
    int half; /* first byte of a length, or -1 */
};

/* Goes over the records in a data block; sets what its pointer should say.  False: a record without
 * length. */
static bool read_records(struct reading *v, const uint8_t *bytes, uint32_t size, uint32_t base,
                         uint32_t items, struct leaf *leaf)
{
    uint32_t at = 0;
    leaf->start = EDF_NO_START;
    while (at < size && v->good < items) {
        if (v->left) {
            uint32_t part = v->left < size - at ? v->left : size - at;
            v->left -= part;
            at += part;
        } else if (v->half >= 0) {
            v->length = v->left = (uint32_t)v->half << 8 | bytes[at++];
            v->half = -1;
            if (!v->left)
                break;
        } else {
            if (leaf->start == EDF_NO_START)
                leaf->start = at;
            v->record++;
            v->half = bytes[at++];
        }
        if (!v->left && v->half < 0) {
            v->good++;
            v->end = base + at;
            if (v->length > v->longest)
                v->longest = v->length;
        }
    }
    leaf->highest = v->record;
    return v->half >= 0 || v->left || v->good == v->record;
}

static void mend_varying(struct repair *r, struct saved_file *f)
{
    struct reading v = {.half = -1};
    uint8_t bytes[BLOCK_MOST];
    uint32_t items = get32(f->fst.items);
    for (uint32_t i = 0; i < f->leaves && v.good < items; i++) {
        struct leaf now = f->leaf[i];
        if (!now.block || !repair_read(r, now.block, bytes))
            break;
        bool good = read_records(&v, bytes, r->size, i * r->size, items, &now);
        f->rebuild |= r->size != CDF_BLOCK &&
                      (now.highest != f->leaf[i].highest || now.start != f->leaf[i].start);
        f->leaf[i] = now;
        if (!good)
            break;
    }
    if (f->rebuild)
        repair_say(r, f, "its pointers are made anew");
    cut(r, f, (v.end + r->size - 1) / r->size);
    if (v.good < items) {
        repair_say(r, f, "%u of %u records are there", v.good, items);
        if (f->leaves) /* a record that began and is not whole is none */
            f->leaf[f->leaves - 1].highest = v.good;
        if (f->leaves && f->leaf[f->leaves - 1].start != EDF_NO_START &&
            (f->leaves - 1) * r->size + f->leaf[f->leaves - 1].start >= v.end)
            f->leaf[f->leaves - 1].start = EDF_NO_START;
        f->rebuild = true;
    }
    put32(&f->fst.items, v.good);
    put32(&f->fst.lrecl, v.longest);
}

static bool name_taken(const struct repair *r, unsigned but, const struct edf_name *name)
{
    for (unsigned i = 0; i < r->files; i++)
        if (i != but && !memcmp(&r->file[i].fst.name, name, sizeof *name))
            return true;
    return false;
}

/* Gives file i a name `stem`N of its own type. */
static void rename_file(struct repair *r, unsigned i, const char *stem, const char *type)
{
    struct edf_name name = r->file[i].fst.name;
    char fn[9];
    for (unsigned n = 1; n == 1 || name_taken(r, i, &name); n++) {
        snprintf(fn, sizeof fn, "%s%u", stem, n);
        edf_name_set(&name, fn, type);
        ebcdic_from_latin1(&name, &name, sizeof name);
    }
    r->file[i].fst.name = name;
}

static void mend_name(struct repair *r, unsigned i)
{
    struct saved_file *f = &r->file[i];
    bool blank = f->fst.name.fn[0] <= EDF_BLANK || f->fst.name.ft[0] <= EDF_BLANK;
    if (!blank && !name_taken(r, i, &f->fst.name))
        return;
    struct saved_file before = *f;
    rename_file(r, i, "FOUND", "FILE");
    char name[9] = "";
    latin1_from_ebcdic(name, f->fst.name.fn, 8);
    repair_say(r, &before, "%s: it is %.6s FILE now",
               blank ? "this is no name" : "a second file of that name", name);
}

static void drop(struct repair *r, unsigned i)
{
    struct saved_file *f = &r->file[i];
    cut(r, f, 0);
    for (uint32_t k = 0; k < f->links; k++)
        r->use[f->link[k]] = UNUSED;
    free(f->leaf);
    free(f->link);
    *f = r->file[--r->files];
}

/* A file that gets new pointers gives the old ones up, once the repair is true. */
static void release_links(struct repair *r)
{
    for (unsigned i = 0; i < r->files; i++)
        for (uint32_t k = 0; k < r->file[i].links && r->file[i].rebuild; k++)
            r->use[r->file[i].link[k]] = OLD;
}

static void keep_lost(struct repair *r, uint32_t most)
{
    struct edf_fst fst = {.mode = {0xc1, 0xf1}, .recfm = EDF_FIXED, .pointer_size = 4};
    uint8_t bytes[BLOCK_MOST];
    struct saved_file *f = NULL;
    uint32_t n = 0, left = 0;
    for (uint32_t b = 1; b <= r->blocks; b++) {
        if (r->use[b] != UNUSED || !r->marked[b] || !repair_read(r, b, bytes))
            continue;
        if (n == most) {
            left++;
            continue;
        }
        if (!f)
            f = repair_file(r, &fst);
        repair_leaf(r, f, n++, (struct leaf){.block = b});
    }
    if (!f)
        return;
    f->rebuild = true;
    edf_name_set(&f->fst.name, "LOST", "BLOCKS");
    ebcdic_from_latin1(&f->fst.name, &f->fst.name, sizeof f->fst.name);
    if (name_taken(r, r->files - 1, &f->fst.name))
        rename_file(r, r->files - 1, "LOST", "BLOCKS");
    put32(&f->fst.lrecl, r->size);
    put32(&f->fst.items, n);
    struct edf_disk d = {.io = *r->io};
    edf_fst_stamp(&d, &f->fst);
    repair_say(r, f, "has %u block%s that were marked as in use and that no file has", n,
               n == 1 ? "" : "s");
    if (left)
        repair_say(r, NULL, "%u more such blocks are free now", left);
}

static void copy_shared(struct repair *r)
{
    uint8_t bytes[BLOCK_MOST];
    for (unsigned i = 0; i < r->files; i++)
        for (uint32_t k = 0; k < r->file[i].leaves && !r->failed; k++) {
            struct leaf *leaf = &r->file[i].leaf[k];
            if (!leaf->shared)
                continue;
            if (!repair_read(r, leaf->block, bytes))
                memset(bytes, 0, r->size);
            leaf->block = repair_take(r);
            if (leaf->block)
                repair_write(r, leaf->block, bytes);
        }
}

void repair_files(struct repair *r, uint32_t most)
{
    for (unsigned i = 0; i < r->files; i++) {
        struct saved_file *f = &r->file[i];
        if (f->unmarked)
            repair_say(r, f, "%u of its blocks were marked as free: look at it", f->unmarked);
        if (f->fst.recfm == EDF_FIXED)
            mend_fixed(r, f);
        else
            mend_varying(r, f);
    }
    for (unsigned i = 0; i < r->files;) {
        if (get32(r->file[i].fst.items)) {
            mend_name(r, i++);
            continue;
        }
        repair_say(r, &r->file[i], "has no records left: it is erased");
        drop(r, i);
    }
    release_links(r);
    keep_lost(r, most);
    copy_shared(r);
}

/* --- all of it --- */

static void release(struct repair *r)
{
    for (unsigned i = 0; i < r->files; i++) {
        free(r->file[i].leaf);
        free(r->file[i].link);
    }
    free(r->file);
    free(r->use);
    free(r->owner);
    free(r->marked);
}

enum cms_repair_result cms_repair(const struct edf_io *io, uint32_t block_size, uint32_t capacity,
                                  void (*message)(void *context, const char *text), void *context)
{
    struct repair r = {.io = io, .size = block_size, .message = message, .context = context};
    struct edf_label label;
    uint8_t mfd[CDF_BLOCK];
    bool cdf = block_size == CDF_BLOCK;
    if (!cms_check(io, block_size, NULL, NULL))
        return CMS_REPAIR_NOTHING;
    r.blocks = capacity;
    r.next = EDF_ROOT_B;
    if (capacity < 32) {
        repair_fail(&r, "the place is too small for a CMS disk");
        return CMS_REPAIR_FAILED;
    }
    r.use = calloc(1, capacity + 1u);
    r.owner = calloc(capacity + 1u, sizeof *r.owner);
    r.marked = calloc(1, capacity + 1u);
    memset(r.use, OLD, EDF_LABEL_BLOCK + 1);
    if (cdf ? cdf_repair_read(&r, capacity, mfd) : edf_repair_read(&r, capacity, &label)) {
        repair_files(&r, cdf ? CDF_FILE_MOST : r.blocks);
        if (!r.failed && cdf)
            cdf_repair_write(&r, mfd);
        else if (!r.failed)
            edf_repair_write(&r, &label);
    }
    release(&r);
    return r.failed ? CMS_REPAIR_FAILED : CMS_REPAIR_DONE;
}

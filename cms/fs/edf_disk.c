/* Disks: format, mount, commit.  A commit writes all blocks of the new state, then the label
 * whose directory pointer selects the new root (block 4 or 5, by turns). */
#include "cms/fs/edf_internal.h"

static const uint8_t label_id[4] = {0xc3, 0xd4, 0xe2, 0xf1}; /* CMS1 */
static const uint8_t directory_type[8] = {0xc4, 0xc9, 0xd9, 0xc5, 0xc3, 0xe3, 0xd6, 0xd9};
static const uint8_t map_type[8] = {0xc1, 0xd3, 0xd3, 0xd6, 0xc3, 0xd4, 0xc1, 0xd7};

static bool size_is_known(uint32_t n)
{
    return n == 512 || n == 1024 || n == 2048 || n == 4096;
}

bool edf_may_change(struct edf_disk *d)
{
    if (!d->writable)
        return edf_fail(d, EDF_READ_ONLY);
    return !d->broken || edf_fail(d, EDF_IO);
}

/* --- format --- */

void edf_system_entry(struct edf_disk *d, struct edf_fst *fst, unsigned number, uint32_t lrecl,
                      uint32_t items)
{
    memset(fst, 0, sizeof *fst);
    fst->name.fn[3] = (uint8_t)number;
    memcpy(fst->name.ft, number == 1 ? directory_type : map_type, 8);
    fst->mode[0] = 0xd7; /* P0 */
    fst->mode[1] = 0xf0;
    fst->recfm = EDF_FIXED;
    put32(&fst->lrecl, lrecl);
    put32(&fst->items, items);
    edf_tree_store(number == 1 ? &d->directory : &d->map, fst);
    edf_fst_stamp(d, fst);
}

void edf_label_fill(struct edf_disk *d, uint32_t cylinders, const uint8_t volume[6])
{
    struct edf_label *l = &d->label;
    uint8_t now[7] = {0x19, 0x70, 1, 1};
    d->io.now(d->io.context, now);
    memset(l, 0, sizeof *l);
    memcpy(l->id, label_id, sizeof l->id);
    memcpy(l->volume, volume, sizeof l->volume);
    put32(&l->block_size, d->block_size);
    put32(&l->directory, EDF_ROOT_A);
    put32(&l->cylinders, cylinders);
    put32(&l->formatted, cylinders);
    put32(&l->blocks, d->blocks);
    put32(&l->used, d->used);
    put32(&l->fst_size, sizeof(struct edf_fst));
    put32(&l->fsts_per_block, d->block_size / sizeof(struct edf_fst));
    memcpy(l->created, now + 1, 6);
    l->flags = now[0] >= 0x20;
}

bool edf_label_write(struct edf_disk *d, uint8_t *bytes)
{
    memset(bytes, 0, d->block_size);
    memcpy(bytes, &d->label, sizeof d->label);
    return d->io.write(d->io.context, EDF_LABEL_BLOCK, bytes) || edf_fail(d, EDF_IO);
}

/* Part `part` of the map is kept in the first free block that it describes. */
static uint32_t first_home(const struct edf_disk *d, uint32_t part)
{
    return part ? part * d->block_size * 8 + 1 : EDF_ROOT_B + 1;
}

static bool format_map(struct edf_disk *d, uint8_t *bytes)
{
    uint32_t parts = d->map.blocks, reserved = EDF_ROOT_B + 1 + d->map.levels;
    for (uint32_t part = 0; part < parts; part++) {
        memset(bytes, 0, d->block_size);
        bytes[0] = 0x80;
        for (uint32_t b = 1; !part && b <= reserved; b++)
            bytes[(b - 1) / 8] |= (uint8_t)(0x80 >> ((b - 1) % 8));
        if (!d->io.write(d->io.context, first_home(d, part), bytes))
            return false;
    }
    if (!d->map.levels)
        return true;
    memset(bytes, 0, d->block_size);
    for (uint32_t part = 0; part < parts; part++)
        store_be32(bytes + 4 * part, first_home(d, part));
    return d->io.write(d->io.context, d->map.origin, bytes);
}

enum edf_error edf_format(const struct edf_io *io, uint32_t block_size, uint32_t blocks,
                          uint32_t cylinders, const uint8_t volume[6], void *memory, size_t size)
{
    struct edf_disk d = {.io = *io, .block_size = block_size, .blocks = blocks};
    uint8_t *bytes = memory;
    if (block_size == CDF_BLOCK)
        return size < block_size ? EDF_MEMORY : cdf_format(io, blocks, cylinders, volume, bytes);
    if (!size_is_known(block_size) || blocks < 32)
        return EDF_FORMAT;
    if (size < block_size)
        return EDF_MEMORY;
    uint32_t parts = (blocks - 1) / (block_size * 8) + 1;
    if (parts > block_size / 4)
        return EDF_FORMAT; /* more than one level of pointers: 2 GB with blocks of 1024 */
    d.directory = (struct edf_tree){EDF_ROOT_A, 1, 0, 4};
    d.map = (struct edf_tree){EDF_ROOT_B + 1 + (parts > 1), parts, parts > 1, 4};
    d.used = EDF_ROOT_B + parts + d.map.levels;
    memset(bytes, 0, block_size);
    if (!io->write(io->context, EDF_LABEL_BLOCK, bytes) || !format_map(&d, bytes))
        return EDF_IO;
    memset(bytes, 0, block_size);
    if (!io->write(io->context, EDF_ROOT_B, bytes))
        return EDF_IO;
    edf_system_entry(&d, (struct edf_fst *)bytes, 1, sizeof(struct edf_fst), 2);
    edf_system_entry(&d, (struct edf_fst *)bytes + 1, 2, block_size, parts);
    if (!io->write(io->context, EDF_ROOT_A, bytes))
        return EDF_IO;
    edf_label_fill(&d, cylinders, volume);
    return edf_label_write(&d, bytes) ? EDF_OK : EDF_IO;
}

/* --- mount --- */

static bool take_memory(struct edf_disk *d, void *memory, size_t size)
{
    uintptr_t at = ((uintptr_t)memory + 7) & ~(uintptr_t)7;
    size_t lost = at - (uintptr_t)memory;
    size_t n = size > lost ? (size - lost) / (d->block_size + sizeof(struct edf_buffer)) : 0;
    if (n < EDF_MIN_BUFFERS)
        return edf_fail(d, EDF_MEMORY);
    d->buffer_count = n > 64 ? 64 : (uint16_t)n; /* they are searched one by one */
    d->buffers = (struct edf_buffer *)at;
    uint8_t *bytes = (uint8_t *)(d->buffers + d->buffer_count);
    memset(d->buffers, 0, d->buffer_count * sizeof *d->buffers);
    for (unsigned i = 0; i < d->buffer_count; i++)
        d->buffers[i].bytes = bytes + i * d->block_size;
    return true;
}

static bool read_label(struct edf_disk *d)
{
    uint8_t *bytes = d->buffers[0].bytes;
    if (!d->io.read(d->io.context, EDF_LABEL_BLOCK, bytes))
        return edf_fail(d, EDF_IO);
    memcpy(&d->label, bytes, sizeof d->label);
    const struct edf_label *l = &d->label;
    d->blocks = get32(l->blocks);
    d->used = get32(l->used);
    d->old_directory = get32(l->directory);
    d->available = d->blocks - d->used;
    d->next = EDF_ROOT_B + 1;
    return (!memcmp(l->id, label_id, sizeof l->id) && get32(l->block_size) == d->block_size &&
            get32(l->fst_size) == sizeof(struct edf_fst) && d->used <= d->blocks &&
            d->blocks >= 32 && d->blocks < 0x80000000u &&
            (d->old_directory == EDF_ROOT_A || d->old_directory == EDF_ROOT_B)) ||
           edf_fail(d, EDF_FORMAT);
}

/* The number of the directory's levels is in its own first entry: go down the first pointers
 * until there is an entry, which begins with 1 (no pointer does). */
static bool find_directory(struct edf_disk *d)
{
    uint32_t block = d->old_directory;
    unsigned levels = 0;
    const uint8_t *bytes;
    while ((bytes = edf_block(d, block)) && load_be32(bytes) != 1 && levels < EDF_MAX_LEVELS) {
        block = load_be32(bytes);
        levels++;
    }
    if (!bytes)
        return false;
    const struct edf_fst *fst = (const struct edf_fst *)bytes;
    edf_tree_load(&d->directory, &fst[0]);
    edf_tree_load(&d->map, &fst[1]);
    d->files = get32(fst[0].items);
    uint32_t per_block = d->block_size / sizeof(struct edf_fst);
    bool ok = !memcmp(fst[0].name.ft, directory_type, 8) && fst[0].levels == levels &&
              d->directory.origin == d->old_directory && fst[0].recfm == EDF_FIXED &&
              !memcmp(fst[1].name.ft, map_type, 8) && fst[1].recfm == EDF_FIXED &&
              edf_tree_plausible(d, &d->directory) && edf_tree_plausible(d, &d->map) &&
              d->directory.blocks < d->blocks && d->files >= 2 &&
              (d->files - 1) / per_block < d->directory.blocks && d->map.levels <= 1 &&
              d->map.blocks == (d->blocks - 1) / (d->block_size * 8) + 1;
    d->old_map = d->map;
    return ok || edf_fail(d, EDF_FORMAT);
}

enum edf_error edf_mount(struct edf_disk *d, const struct edf_io *io, uint32_t block_size,
                         void *memory, size_t size, bool writable)
{
    memset(d, 0, sizeof *d);
    d->io = *io;
    d->block_size = block_size;
    d->writable = writable;
    if (block_size == CDF_BLOCK)
        return take_memory(d, memory, size) && cdf_mount(d, writable) ? EDF_OK : d->error;
    if (!size_is_known(block_size))
        return EDF_FORMAT;
    return take_memory(d, memory, size) && read_label(d) && find_directory(d) ? EDF_OK : d->error;
}

/* --- commit --- */

static bool write_system_entries(struct edf_disk *d)
{
    struct edf_fst fst[2];
    /* This takes all blocks that are still to be taken; then the trees are final. */
    if (!edf_map_settle(d) || !edf_tree_write(d, &d->directory, 0, NULL) || !edf_map_settle(d))
        return false;
    edf_system_entry(d, &fst[0], 1, sizeof(struct edf_fst), d->files);
    edf_system_entry(d, &fst[1], 2, d->block_size, d->map.blocks);
    return edf_slot_write(d, 0, &fst[0]) && edf_slot_write(d, 1, &fst[1]);
}

/* The write that makes it true. */
static bool turn_label(struct edf_disk *d)
{
    put32(&d->label.used, d->used);
    put32(&d->label.directory, d->directory.origin);
    uint8_t *bytes = d->buffers[0].bytes; /* clean after the flush */
    d->buffers[0].block = 0;
    return edf_label_write(d, bytes);
}

enum edf_error edf_commit(struct edf_disk *d)
{
    if (!d->writable || !d->changed)
        return d->broken ? EDF_IO : EDF_OK;
    if (d->broken)
        return EDF_IO;
    if (d->writers) {
        d->commit_due = true;
        return EDF_OK;
    }
    bool done = d->cdf ? edf_flush(d) && cdf_commit(d)
                       : write_system_entries(d) && edf_flush(d) && turn_label(d);
    if (!done) {
        d->broken = true;
        return d->error;
    }
    d->old_map = d->map;
    d->old_directory = d->directory.origin;
    d->available = d->blocks - d->used;
    d->changed = d->commit_due = false;
    return EDF_OK;
}

enum edf_error edf_abandon(struct edf_disk *d)
{
    struct edf_io io = d->io;
    uint32_t size = d->block_size, buffers = d->buffer_count + (d->mfd != NULL);
    bool writable = d->writable;
    void *memory = d->buffers;
    return edf_mount(d, &io, size, memory, EDF_MEMORY_SIZE(size, buffers), writable);
}

enum edf_error edf_release(struct edf_disk *d)
{
    enum edf_error e = edf_close_all(d), e2 = edf_commit(d);
    return e == EDF_OK ? e2 : e;
}

uint32_t edf_free_blocks(const struct edf_disk *d)
{
    return d->blocks - d->used;
}

uint32_t edf_file_count(const struct edf_disk *d)
{
    return d->cdf ? d->cdf_files : d->files - 2;
}

const char *edf_error_text(enum edf_error e)
{
    static const char *const text[] = {
        [EDF_OK] = "no error",
        [EDF_NOT_FOUND] = "file not found",
        [EDF_EXISTS] = "file already exists",
        [EDF_BUSY] = "file is open",
        [EDF_FULL] = "disk full",
        [EDF_LIMIT] = "more records, blocks or files than a disk of 800-byte blocks can have",
        [EDF_READ_ONLY] = "disk or file is read only",
        [EDF_END] = "end of file",
        [EDF_RECORD] = "record number or length is not possible",
        [EDF_NAME] = "not a file name",
        [EDF_IO] = "I/O error",
        [EDF_FORMAT] = "not a CMS disk, or damaged",
        [EDF_MEMORY] = "not enough storage",
    };
    return (unsigned)e < sizeof text / sizeof text[0] ? text[e] : "?";
}

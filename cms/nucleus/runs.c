/* Between the file system and the disk: what is read in order is read ahead, what is written in
 * order is written together, by one channel program for a run of blocks.  Under CP each program
 * costs an exit from the virtual machine, so these are what a file copy's speed depends on.
 *
 * A block that waits to be written is read from the run.  EDF_COMMIT_BLOCK is written last and
 * makes all true (cms/fs/edf.h): before it goes everything that waits, and if that fails, its
 * writing has. */
#include "cms/nucleus/nucleus.h"

/* A small machine's storage is for its programs. */
enum { RUNS_LEAST_STORAGE = 0x80000, RUN_SHARE = 64, RUN_BYTES_MOST = 0x8000 };

uint32_t runs_room(uint32_t block_size)
{
    uint32_t bytes = nuc.storage_size / RUN_SHARE;

    if (nuc.storage_size < RUNS_LEAST_STORAGE)
        return 0;
    if (bytes > RUN_BYTES_MOST)
        bytes = RUN_BYTES_MOST;
    return bytes / block_size < RUN_MOST ? bytes / block_size : RUN_MOST;
}

static uint32_t program_bytes(uint32_t room)
{
    return room * (4 * sizeof(struct ccw) + 8); /* a place is 7 bytes, on 8 */
}

uint32_t runs_memory(uint32_t block_size)
{
    uint32_t room = runs_room(block_size);

    return room * 2 * block_size + program_bytes(room);
}

void runs_begin(struct disk *d, uint8_t *memory)
{
    d->run_room = runs_room(d->block_size);
    d->program.ccws = (struct ccw *)memory;
    d->program.places = (struct track_address *)(memory + d->run_room * 4 * sizeof(struct ccw));
    memory += program_bytes(d->run_room);
    d->read_run = (struct block_run){0, 0, memory};
    d->write_run = (struct block_run){0, 0, memory + d->run_room * d->block_size};
    d->read_last = 0;
}

static uint8_t *find(const struct disk *d, const struct block_run *r, uint32_t block)
{
    return block - r->first < r->count ? r->bytes + (block - r->first) * d->block_size : NULL;
}

static bool one_block(struct disk *d, uint32_t block, void *bytes, bool writing)
{
    struct block_run r = {block, 1, bytes};

    return dasd_transfer(d, &r, writing);
}

/* Blocks that wait to be written are not on the disk yet: a run ends before them. */
static uint32_t ahead(const struct disk *d, uint32_t block)
{
    uint32_t n = d->run_room;

    if (n > d->fs.blocks - block + 1)
        n = d->fs.blocks - block + 1;
    if (d->write_run.count && d->write_run.first > block && n > d->write_run.first - block)
        n = d->write_run.first - block;
    return n;
}

bool disk_read(void *disk, uint32_t block, void *bytes)
{
    struct disk *d = disk;
    bool in_order = block == d->read_last + 1;
    const uint8_t *at = find(d, &d->write_run, block);

    d->read_last = block;
    if (!at)
        at = find(d, &d->read_run, block);
    if (!at && in_order && block <= d->fs.blocks && ahead(d, block) > 1) {
        d->read_run.first = block;
        d->read_run.count = ahead(d, block);
        if (dasd_transfer(d, &d->read_run, false))
            at = d->read_run.bytes;
        else
            d->read_run.count = 0; /* perhaps it is another block that cannot be read */
    }
    if (!at)
        return one_block(d, block, bytes, false);
    memcpy(bytes, at, d->block_size);
    return true;
}

static bool write_all(struct disk *d)
{
    struct block_run r = d->write_run;

    d->write_run.count = 0;
    return !r.count || dasd_transfer(d, &r, true);
}

bool disk_write(void *disk, uint32_t block, const void *bytes)
{
    struct disk *d = disk;
    struct block_run *w = &d->write_run;
    uint8_t *at = find(d, &d->read_run, block);

    if (at)
        memcpy(at, bytes, d->block_size);
    if (block == EDF_COMMIT_BLOCK(d->block_size) || d->run_room < 2)
        return write_all(d) && one_block(d, block, (void *)(uintptr_t)bytes, true);
    at = find(d, w, block);
    if (!at) {
        if ((!w->count || block != w->first + w->count || w->count == d->run_room)) {
            if (!write_all(d))
                return false;
            w->first = block;
        }
        at = w->bytes + w->count++ * d->block_size;
    }
    memcpy(at, bytes, d->block_size);
    return true;
}

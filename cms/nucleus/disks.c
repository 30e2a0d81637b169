/* Disks by mode letter: ACCESS and RELEASE over the file system of cms/fs.  The letters'
 * order A to Z is the order of search; an extension is read after the disk it extends. */
#include "cms/nucleus/nucleus.h"

/* Memory for a disk's cache: directory and pointer blocks are read again and again. A small
 * machine's storage is for its programs. */
enum { CACHE_LEAST = 8192, CACHE_MOST = 32768, CACHE_SHARE = 32 };

static uint32_t cache_bytes(void)
{
    uint32_t bytes = nuc.storage_size / CACHE_SHARE;

    return bytes < CACHE_LEAST ? CACHE_LEAST : bytes > CACHE_MOST ? CACHE_MOST : bytes;
}

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

int disk_letter_index(char letter)
{
    for (int i = 0; i < DISK_LETTERS; i++)
        if (letters[i] == letter)
            return i;
    return -1;
}

struct disk *disk_by_letter(char letter)
{
    int i = disk_letter_index(letter);

    return i < 0 ? NULL : nuc.disks[i];
}

static void now(void *context, uint8_t date[7])
{
    clock_packed(date);
}

int disk_release(char letter)
{
    int i = disk_letter_index(letter);

    if (i < 0 || !nuc.disks[i])
        return RC_NO_DISK;
    struct disk *d = nuc.disks[i];
    file_close_disk(d);
    int rc = edf_release(&d->fs) == EDF_OK ? RC_OK : RC_IO_ERROR;
    nuc.disks[i] = NULL;
    storage_free(d, d->memory);
    return rc;
}

#define DISK_HEAD ((sizeof(struct disk) + 7) & ~UINT32_C(7))

static struct disk *disk_new(uint32_t block_size)
{
    uint32_t buffers = cache_bytes() / block_size;
    if (buffers < EDF_MIN_BUFFERS)
        buffers = EDF_MIN_BUFFERS;
    uint32_t memory =
        DISK_HEAD + runs_memory(block_size) + EDF_MEMORY_SIZE(block_size, buffers) + 8;
    struct disk *d = storage_get(memory, OWNER_NUCLEUS);

    if (d) {
        memset(d, 0, sizeof(*d));
        d->memory = memory;
    }
    return d;
}

/* The memory of the file system lies behind the structure. */
static int mount(struct disk *d)
{
    struct edf_io io = {d, disk_read, disk_write, now};
    uint32_t at = DISK_HEAD + runs_memory(d->block_size);
    uint8_t *memory = (uint8_t *)d + at;
    uint32_t size = d->memory - at;

    runs_begin(d, (uint8_t *)d + DISK_HEAD);
    switch (edf_mount(&d->fs, &io, d->block_size, memory, size, !d->read_only)) {
    case EDF_OK:
        d->read_only = !d->fs.writable;
        return RC_OK;
    case EDF_FORMAT:
        return RC_BAD_FILE;
    case EDF_MEMORY:
        return RC_NO_STORAGE;
    default:
        return RC_IO_ERROR;
    }
}

static void erase_all(struct disk *d)
{
    struct edf_search search;
    struct edf_status status;
    struct edf_name all;

    edf_name_set(&all, "*", "*");
    edf_search_start(&search, &all);
    while (edf_search_next(&d->fs, &search, &status) == EDF_OK)
        edf_search_erase(&d->fs, &search);
}

int disk_access(uint32_t address, char letter, char extends, unsigned flags, char *replaced)
{
    struct geometry g;
    bool read_only;
    int index = disk_letter_index(letter);
    uint16_t device = (uint16_t)address;

    *replaced = 0;
    if (index < 0)
        return RC_BAD_OPERAND;
    if (address > 0xffff || !dasd_identify(device, &g, &read_only))
        return RC_NO_DISK;
    for (int i = 0; i < DISK_LETTERS; i++) {
        const struct disk *other = nuc.disks[i];
        if (i != index && other && other->address == device && !other->read_only) {
            *replaced = other->letter;
            return RC_FAILED;
        }
    }
    int block_size = dasd_block_size(device, &g);
    if (block_size <= 0)
        return block_size ? RC_IO_ERROR : RC_BAD_FILE;
    if (nuc.disks[index]) {
        *replaced = nuc.disks[index]->address == device ? 0 : letter;
        disk_release(letter);
    }
    struct disk *d = disk_new((uint32_t)block_size);
    if (!d)
        return RC_NO_STORAGE;
    d->letter = letter;
    d->extends = extends ? extends : ' ';
    d->address = device;
    d->block_size = (uint16_t)block_size;
    d->geometry = g;
    d->geometry.per_track = (uint16_t)dasd_records_per_track(g.type, (unsigned)block_size);
    d->read_only = read_only || (flags & ACCESS_READ_ONLY) ||
                   ((!nuc.under_cp || !g.heads) && dasd_is_protected(device, &g, d->block_size));
    int rc = mount(d);
    if (rc) {
        storage_free(d, d->memory);
        return rc;
    }
    nuc.disks[index] = d;
    if ((flags & ACCESS_ERASE) && !d->read_only)
        erase_all(d);
    return RC_OK;
}

void disk_show_only(struct disk *d, const struct cms_fileid *pattern)
{
    memcpy(d->only.fn, pattern->fn, 8);
    memcpy(d->only.ft, pattern->ft, 8);
    d->only_mode = str_is_digit(pattern->fm[1]) ? (uint8_t)pattern->fm[1] : 0;
}

/* Mode numbers: 0 is private, not seen on a disk that is read-only here; of the system disk only
 * files with 2 are seen. */
bool disk_shows(const struct disk *d, const struct edf_status *s)
{
    if (d->only.fn[0] &&
        !(edf_name_matches(&d->only, &s->name) && (!d->only_mode || d->only_mode == s->mode)))
        return false;
    if (s->mode == (uint8_t)'0')
        return !d->read_only;
    return d->letter != 'S' || s->mode == (uint8_t)'2';
}

/* How many of its files are seen. */
static uint32_t files_shown(struct disk *d)
{
    struct edf_search search;
    struct edf_status status;
    struct edf_name all;
    uint32_t n = 0;

    if (!d->only.fn[0])
        return edf_file_count(&d->fs);
    edf_name_set(&all, "*", "*");
    edf_search_start(&search, &all);
    while (edf_search_next(&d->fs, &search, &status) == EDF_OK)
        n += disk_shows(d, &status);
    return n;
}

int disk_query(char letter, struct cms_disk *q)
{
    struct disk *d = disk_by_letter(letter);

    memset(q, 0, sizeof(*q));
    if (!d)
        return RC_NO_DISK;
    q->letter = letter;
    q->extends = d->extends;
    q->read_only = d->read_only;
    q->address = d->address;
    q->type = d->geometry.type;
    memcpy(q->label, d->fs.label.volume, 6);
    q->block_size = d->block_size;
    q->cylinders = get32(d->fs.label.cylinders);
    q->blocks = d->fs.blocks;
    q->used = d->fs.blocks - edf_free_blocks(&d->fs);
    q->files = files_shown(d);
    return RC_OK;
}

/* A disk that could not be written: what is on it is what was committed last. */
static void go_back(struct disk *d)
{
    console_error(RC_IO_ERROR, "DMSAUD101S DISK '%c(%03X)' NOT UPDATED: I/O ERROR", d->letter,
                  d->address);
    file_close_disk(d);
    if (mount(d) == RC_OK)
        return;
    nuc.disks[disk_letter_index(d->letter)] = NULL;
    storage_free(d, d->memory);
}

/* At the end of each command: what was changed becomes true.  While a file is open for
 * writing the file system puts it off to its closing. */
void disk_commit_all(void)
{
    for (int i = 0; i < DISK_LETTERS; i++) {
        struct disk *d = nuc.disks[i];
        if (d && !d->read_only && edf_commit(&d->fs) != EDF_OK)
            go_back(d);
    }
}

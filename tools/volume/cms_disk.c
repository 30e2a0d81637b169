/* CMS disks as parts of volumes: block n of the file system is record (n-1) mod p + 1 of the track
 * (n-1) / p from the disk's first, with p records of the block size on a track; or some blocks of a
 * fixed-block disk. */
#include "tools/volume/volume.h"

#include "lib/ebcdic.h"
#include "lib/str.h"
#include "s370/arch/fba.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CACHE_BLOCKS 64

/* Cylinder and head of a block; false if it is not on the disk. */
static bool where(const struct cms_disk *c, uint32_t block, unsigned *cylinder, unsigned *head,
                  unsigned *record)
{
    uint32_t track = (block - 1) / c->per_track, heads = c->volume->geometry->heads;
    if (!block || track >= c->cylinders * heads)
        return false;
    *cylinder = c->start + track / heads;
    *head = track % heads;
    *record = (block - 1) % c->per_track + 1;
    return true;
}

/* A block of a fixed-block disk.  The label's is shorter than the others. */
static bool fixed_block(const struct cms_disk *c, uint32_t block, uint8_t *bytes, bool write)
{
    uint32_t count, first = fba_of_cms_block(block, c->block_size, &count);
    if (!block || first + count > c->cylinders)
        return false;
    if (!write)
        memset(bytes, 0, c->block_size);
    first += c->start;
    for (uint32_t n; count; first += n, count -= n, bytes += n * FBA_BLOCK) {
        n = fba_image_together(first, count);
        if (!(write ? fba_image_write(c->volume->fixed, first, n, bytes)
                    : fba_image_read(c->volume->fixed, first, n, bytes)))
            return volume_fail(c->volume, "block %u cannot be %s: %s", first,
                               write ? "written" : "read", strerror(errno));
    }
    return true;
}

static bool read_fixed(void *context, uint32_t block, void *bytes)
{
    return fixed_block(context, block, bytes, false);
}

static bool write_fixed(void *context, uint32_t block, const void *bytes)
{
    return fixed_block(context, block, (uint8_t *)(uintptr_t)bytes, true);
}

static bool read_block(void *context, uint32_t block, void *bytes)
{
    struct cms_disk *c = context;
    unsigned cylinder, head, record;
    return where(c, block, &cylinder, &head, &record) &&
           volume_read(c->volume, cylinder, head, record, bytes, c->block_size);
}

static bool write_block(void *context, uint32_t block, const void *bytes)
{
    struct cms_disk *c = context;
    unsigned cylinder, head, record;
    return where(c, block, &cylinder, &head, &record) &&
           volume_write(c->volume, cylinder, head, record, bytes, c->block_size);
}

static void attach(struct cms_disk *c, struct volume *v, unsigned start, unsigned cylinders,
                   unsigned block_size)
{
    memset(c, 0, sizeof *c);
    c->volume = v;
    c->start = start;
    c->cylinders = cylinders;
    c->block_size = block_size;
    if (v->fixed) {
        c->io = (struct edf_io){c, read_fixed, write_fixed, volume_now};
        return;
    }
    c->per_track = ckd_records_per_track(v->geometry, 0, block_size);
    c->io = (struct edf_io){c, read_block, write_block, volume_now};
}

uint32_t cms_disk_capacity(const struct cms_disk *c)
{
    return c->volume->fixed ? c->cylinders / (c->block_size / FBA_BLOCK)
                            : c->cylinders * c->volume->geometry->heads * c->per_track;
}

/* Keeps what the driver has said, if it was the cause. */
static bool fs_failed(struct cms_disk *c, enum edf_error e, const char *what)
{
    if (e == EDF_IO && *c->volume->message)
        return false;
    return volume_fail(c->volume, "%s: %s", what, edf_error_text(e));
}

/* The label also says how long the disk is with the cylinders that are not the file system's. */
static enum edf_error note_formatted(struct cms_disk *c, unsigned cylinders, uint8_t *block)
{
    if (!read_block(c, EDF_LABEL_BLOCK, block))
        return EDF_IO;
    put32(&((struct edf_label *)block)->formatted, cylinders);
    return write_block(c, EDF_LABEL_BLOCK, block) ? EDF_OK : EDF_IO;
}

/* 800-byte disks: without a nucleus, whose place EDF's label says; on a 2314 their blocks lie
 * fifteen to two tracks. */
static bool good_block_size(const struct volume *v, unsigned size, unsigned nucleus)
{
    if (size == CDF_BLOCK)
        return !nucleus && !v->fixed && strcmp(v->geometry->name, "2314") != 0;
    return size == 512 || size == 1024 || size == 2048 || size == 4096;
}

bool cms_disk_format(struct volume *v, unsigned start, unsigned cylinders, unsigned nucleus,
                     unsigned block_size, const char *label)
{
    struct cms_disk c;
    uint8_t volume[6], *block = calloc(1, 4096);
    char field[6];
    if (!volume_extent(v, start, cylinders))
        goto failed;
    if (nucleus >= cylinders || (nucleus && v->fixed) || strlen(label) > 6 ||
        !good_block_size(v, block_size, nucleus)) {
        volume_fail(
            v,
            "%u cylinders or blocks (%u for a nucleus) with blocks of %u bytes, label '%s': not "
            "possible",
            cylinders, nucleus, block_size, label);
        goto failed;
    }
    for (unsigned i = 0; i < cylinders && !v->fixed; i++)
        for (unsigned h = 0; h < v->geometry->heads; h++)
            if (!volume_format_track(v, start, start + i, h,
                                     i + nucleus < cylinders ? block_size : CP_RECORD))
                goto failed;
    str_pad(field, label, sizeof field);
    str_upcase(field, sizeof field);
    ebcdic_from_latin1(volume, field, sizeof volume);
    attach(&c, v, start, cylinders - nucleus, block_size);
    v->message[0] = 0;
    enum edf_error e =
        edf_format(&c.io, block_size, cms_disk_capacity(&c), c.cylinders, volume, block, 4096);
    if (e == EDF_OK && nucleus)
        e = note_formatted(&c, cylinders, block);
    free(block);
    return e == EDF_OK || fs_failed(&c, e, "format");
failed:
    free(block);
    return false;
}

/* The length of the record where the label is; on a fixed-block disk the label says it.  0: no
 * disk. */
static unsigned find_size(struct volume *v, unsigned start)
{
    struct ckd_record r;
    union {
        uint8_t bytes[FBA_BLOCK];
        struct edf_label label;
    } block;
    if (v->fixed) {
        bool read =
            start + 1 < volume_size(v) && fba_image_read(v->fixed, start + 1, 1, block.bytes);
        uint32_t size = read ? get32(block.label.block_size) : 0;
        return size % FBA_BLOCK ? 0 : size;
    }
    const uint8_t *track = ckd_image_track(v->image, start, 0);
    bool found = track && ckd_record_find(track, v->geometry->image_track, EDF_LABEL_BLOCK, &r);
    return found ? r.data_length : 0;
}

bool cms_disk_find(struct cms_disk *c, struct volume *v, unsigned start, unsigned cylinders)
{
    if (!cylinders && start < volume_size(v))
        cylinders = volume_size(v) - start;
    if (!volume_extent(v, start, cylinders))
        return false;
    unsigned size = find_size(v, start);
    if (!good_block_size(v, size, 0))
        return volume_fail(v, "%s %u is not the start of a CMS disk",
                           v->fixed ? "block" : "cylinder", start);
    attach(c, v, start, cylinders, size);
    v->message[0] = 0;
    return true;
}

bool cms_disk_open(struct cms_disk *c, struct volume *v, unsigned start, unsigned cylinders,
                   bool write)
{
    if (!cms_disk_find(c, v, start, cylinders))
        return false;
    size_t size = EDF_MEMORY_SIZE(4096, CACHE_BLOCKS);
    c->memory = malloc(size);
    enum edf_error e = edf_mount(&c->disk, &c->io, c->block_size, c->memory, size, write);
    if (e == EDF_OK && get32(c->disk.label.blocks) > cms_disk_capacity(c))
        e = EDF_FORMAT;
    if (e == EDF_OK)
        return true;
    free(c->memory);
    if (e == EDF_FORMAT)
        return volume_fail(v,
                           "%s %u is not the start of a CMS disk, or the disk is damaged "
                           "('cms check' tells, 'cms repair' mends)",
                           v->fixed ? "block" : "cylinder", start);
    return fs_failed(c, e, "CMS disk");
}

bool cms_disk_close(struct cms_disk *c)
{
    enum edf_error e = edf_release(&c->disk);
    free(c->memory);
    return e == EDF_OK || fs_failed(c, e, "CMS disk");
}

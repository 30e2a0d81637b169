/* The cache of blocks.  A dirty block never belongs to the committed state, so it may be
 * written at any time: when its buffer is needed, and all of them before a commit. */
#include "cms/fs/edf_internal.h"

bool edf_fail(struct edf_disk *d, enum edf_error e)
{
    d->error = e;
    return false;
}

static struct edf_buffer *lookup(struct edf_disk *d, uint32_t block)
{
    uint8_t *hint = &d->hints[block % EDF_HINTS];
    if (*hint < d->buffer_count && d->buffers[*hint].block == block)
        return &d->buffers[*hint];
    for (unsigned i = 0; i < d->buffer_count; i++)
        if (d->buffers[i].block == block) {
            *hint = (uint8_t)i;
            return &d->buffers[i];
        }
    return NULL;
}

static bool clean(struct edf_disk *d, struct edf_buffer *b)
{
    if (!b->dirty)
        return true;
    if (d->broken || !d->io.write(d->io.context, b->block, b->bytes)) {
        d->broken = true;
        return edf_fail(d, EDF_IO);
    }
    b->dirty = false;
    return true;
}

/* A buffer that holds `block`, or one taken for it (then its `block` is 0). */
static struct edf_buffer *take(struct edf_disk *d, uint32_t block)
{
    struct edf_buffer *oldest = &d->buffers[0], *b = lookup(d, block);
    if (!b) {
        for (unsigned i = 1; i < d->buffer_count; i++)
            if (d->buffers[i].used < oldest->used)
                oldest = &d->buffers[i];
        if (!clean(d, oldest))
            return NULL;
        oldest->block = 0;
        b = oldest;
    }
    b->used = ++d->clock;
    return b;
}

/* Block 0 comes from edf_leaf(): an error, which is set already, or an unexpected hole. */
static bool in_range(struct edf_disk *d, uint32_t block)
{
    if (!block && d->error != EDF_OK)
        return false;
    return (block > EDF_LABEL_BLOCK && block <= d->blocks) || edf_fail(d, EDF_FORMAT);
}

uint8_t *edf_block(struct edf_disk *d, uint32_t block)
{
    struct edf_buffer *b = in_range(d, block) ? take(d, block) : NULL;
    if (!b)
        return NULL;
    if (b->block != block) {
        if (!d->io.read(d->io.context, block, b->bytes)) {
            edf_fail(d, EDF_IO);
            return NULL;
        }
        b->block = block;
    }
    return b->bytes;
}

bool edf_block_copy(struct edf_disk *d, uint32_t block, uint32_t within, uint8_t *to, uint32_t n)
{
    if (n == d->block_size && in_range(d, block) && !lookup(d, block))
        return d->io.read(d->io.context, block, to) || edf_fail(d, EDF_IO);
    const uint8_t *bytes = edf_block(d, block);
    if (bytes)
        memcpy(to, bytes + within, n);
    return bytes != NULL;
}

uint8_t *edf_block_new(struct edf_disk *d, uint32_t block)
{
    struct edf_buffer *b = in_range(d, block) ? take(d, block) : NULL;
    if (!b)
        return NULL;
    memset(b->bytes, 0, d->block_size);
    b->block = block;
    b->dirty = true;
    return b->bytes;
}

uint8_t *edf_block_move(struct edf_disk *d, uint32_t block, uint32_t target)
{
    if (!in_range(d, target) || !edf_block(d, block))
        return NULL;
    edf_block_forget(d, target);
    struct edf_buffer *b = lookup(d, block);
    if (!clean(d, b))
        return NULL;
    b->block = target;
    b->dirty = true;
    return b->bytes;
}

void edf_block_dirty(struct edf_disk *d, const uint8_t *bytes)
{
    /* The MFD's is the buffer behind the last one: to mark it is of no effect. */
    size_t i = (size_t)(bytes - d->buffers[0].bytes) / d->block_size;
    d->buffers[i].dirty = true;
}

uint8_t *edf_block_to_write(struct edf_disk *d, uint32_t block)
{
    uint8_t *bytes = edf_block(d, block);
    if (bytes)
        edf_block_dirty(d, bytes);
    return bytes;
}

bool edf_block_is_dirty(struct edf_disk *d, uint32_t block)
{
    const struct edf_buffer *b = lookup(d, block);
    return b && b->dirty;
}

void edf_block_forget(struct edf_disk *d, uint32_t block)
{
    struct edf_buffer *b = lookup(d, block);
    if (b) {
        b->block = 0;
        b->dirty = false;
        b->used = 0;
    }
}

bool edf_flush(struct edf_disk *d)
{
    for (unsigned i = 0; i < d->buffer_count; i++)
        if (!clean(d, &d->buffers[i]))
            return false;
    return true;
}

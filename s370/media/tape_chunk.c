/* The chunks of a tape's file: their headers, and the compression of blocks. */
#include "s370/media/tape_chunk.h"

#include <bzlib.h>
#include <string.h>
#include <zlib.h>

#define FLAGS2_ZLIB 0x80 /* how another writer says CHUNK_ZLIB */

bool chunk_load(struct chunk *c, const uint8_t header[CHUNK_HEADER])
{
    c->length = (uint16_t)(header[0] | header[1] << 8);
    c->previous = (uint16_t)(header[2] | header[3] << 8);
    c->flags = header[4];
    if (header[5] == FLAGS2_ZLIB)
        c->flags |= CHUNK_ZLIB;
    else if (header[5] != 0)
        return false;
    if (c->flags & CHUNK_MARK)
        return c->flags == CHUNK_MARK && c->length == 0;
    uint8_t compression = c->flags & (CHUNK_ZLIB | CHUNK_BZIP2);
    return !(c->flags & ~(CHUNK_FIRST | CHUNK_LAST | CHUNK_ZLIB | CHUNK_BZIP2)) &&
           compression != (CHUNK_ZLIB | CHUNK_BZIP2) && c->length > 0;
}

void chunk_store(const struct chunk *c, uint8_t header[CHUNK_HEADER])
{
    header[0] = (uint8_t)c->length;
    header[1] = (uint8_t)(c->length >> 8);
    header[2] = (uint8_t)c->previous;
    header[3] = (uint8_t)(c->previous >> 8);
    header[4] = c->flags;
    header[5] = 0;
}

uint32_t chunks_size(uint32_t length)
{
    return length + (length + CHUNK_MAX - 1) / CHUNK_MAX * CHUNK_HEADER;
}

void chunks_store(uint8_t *to, const uint8_t *bytes, uint32_t length, uint16_t previous,
                  uint8_t compression)
{
    struct chunk c = {.previous = previous, .flags = CHUNK_FIRST | compression};
    for (uint32_t done = 0; done < length; done += c.length) {
        bool last = length - done <= CHUNK_MAX;
        c.length = (uint16_t)(last ? length - done : CHUNK_MAX);
        if (last)
            c.flags |= CHUNK_LAST;
        chunk_store(&c, to);
        memcpy(to + CHUNK_HEADER, bytes + done, c.length);
        to += CHUNK_HEADER + c.length;
        c.previous = c.length;
        c.flags = compression;
    }
}

uint32_t chunk_compress(uint8_t *to, const uint8_t *from, uint32_t length)
{
    uLongf n = length;
    if (compress2(to, &n, from, length, Z_DEFAULT_COMPRESSION) != Z_OK || n >= length)
        return 0;
    return (uint32_t)n;
}

bool chunk_expand(uint8_t compression, const uint8_t *from, uint32_t length, uint8_t *to,
                  uint32_t size, uint32_t *expanded)
{
    if (compression == CHUNK_ZLIB) {
        uLongf n = size;
        bool ok = uncompress(to, &n, from, length) == Z_OK;
        *expanded = (uint32_t)n;
        return ok && n > 0;
    }
    unsigned n = size;
    bool ok =
        BZ2_bzBuffToBuffDecompress((char *)to, &n, (char *)(uintptr_t)from, length, 0, 0) == BZ_OK;
    *expanded = n;
    return ok && n > 0;
}

/* The chunks that a tape's file is made of; see s370/media/tape_image.h. */
#ifndef S370_MEDIA_TAPE_CHUNK_H
#define S370_MEDIA_TAPE_CHUNK_H

#include <stdbool.h>
#include <stdint.h>

#define CHUNK_HEADER 6u
#define CHUNK_MAX    65535u /* bytes behind a header */

enum chunk_flag {
    CHUNK_FIRST = 0x80, /* begins a block */
    CHUNK_MARK = 0x40,
    CHUNK_LAST = 0x20, /* ends a block */
    CHUNK_ZLIB = 0x01, /* the block was compressed as a whole */
    CHUNK_BZIP2 = 0x02,
};

struct chunk {
    uint16_t length;   /* of what follows the header */
    uint16_t previous; /* of the chunk before */
    uint8_t flags;
};

/* False if no chunk begins so. */
bool chunk_load(struct chunk *c, const uint8_t header[CHUNK_HEADER]);
void chunk_store(const struct chunk *c, uint8_t header[CHUNK_HEADER]);

/* How many bytes `length` bytes of a block take in the file, headers and all. */
uint32_t chunks_size(uint32_t length);
/* Splits a block to chunks at `to` (chunks_size(length) bytes); `previous` is the length of the
 * chunk before, `compression` 0 or CHUNK_ZLIB. */
void chunks_store(uint8_t *to, const uint8_t *bytes, uint32_t length, uint16_t previous,
                  uint8_t compression);

/* Compresses; 0 if the result would not be shorter. */
uint32_t chunk_compress(uint8_t *to, const uint8_t *from, uint32_t length);
/* Expands a block of `compression` to `to` of `size` bytes. False: damaged, or too long. */
bool chunk_expand(uint8_t compression, const uint8_t *from, uint32_t length, uint8_t *to,
                  uint32_t size, uint32_t *expanded);

#endif

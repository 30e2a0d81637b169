/* Big-endian fields.  Everything that System/370 or a medium defines is laid out
 * as bytes; these types and accessors read and write them on any host, at any
 * alignment.  A structure made of them has no padding and alignment 1, so it can
 * be put over storage or a disk record as it is (assert its size). */
#ifndef LIB_BE_H
#define LIB_BE_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t b[2];
} be16;
typedef struct {
    uint8_t b[3];
} be24;
typedef struct {
    uint8_t b[4];
} be32;
typedef struct {
    uint8_t b[8];
} be64;

static inline uint16_t load_be16(const void *p)
{
    const uint8_t *b = p;
    return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t load_be24(const void *p)
{
    const uint8_t *b = p;
    return (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
}

static inline uint32_t load_be32(const void *p)
{
    const uint8_t *b = p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline uint64_t load_be64(const void *p)
{
    return (uint64_t)load_be32(p) << 32 | load_be32((const uint8_t *)p + 4);
}

static inline void store_be16(void *p, uint32_t v)
{
    uint8_t *b = p;
    b[0] = (uint8_t)(v >> 8);
    b[1] = (uint8_t)v;
}

static inline void store_be24(void *p, uint32_t v)
{
    uint8_t *b = p;
    b[0] = (uint8_t)(v >> 16);
    b[1] = (uint8_t)(v >> 8);
    b[2] = (uint8_t)v;
}

static inline void store_be32(void *p, uint32_t v)
{
    uint8_t *b = p;
    b[0] = (uint8_t)(v >> 24);
    b[1] = (uint8_t)(v >> 16);
    b[2] = (uint8_t)(v >> 8);
    b[3] = (uint8_t)v;
}

static inline void store_be64(void *p, uint64_t v)
{
    store_be32(p, (uint32_t)(v >> 32));
    store_be32((uint8_t *)p + 4, (uint32_t)v);
}

static inline uint32_t get16(be16 f)
{
    return load_be16(f.b);
}
static inline uint32_t get24(be24 f)
{
    return load_be24(f.b);
}
static inline uint32_t get32(be32 f)
{
    return load_be32(f.b);
}
static inline uint64_t get64(be64 f)
{
    return load_be64(f.b);
}
static inline void put16(be16 *f, uint32_t v)
{
    store_be16(f->b, v);
}
static inline void put24(be24 *f, uint32_t v)
{
    store_be24(f->b, v);
}
static inline void put32(be32 *f, uint32_t v)
{
    store_be32(f->b, v);
}
static inline void put64(be64 *f, uint64_t v)
{
    store_be64(f->b, v);
}

/* Layout checks: LAYOUT(struct ccb, 8); FIELD_AT(struct ccb, flags, 4); */
#define LAYOUT(type, size) _Static_assert(sizeof(type) == (size), #type " has the wrong size")
#define FIELD_AT(type, field, at)                                                                  \
    _Static_assert(offsetof(type, field) == (at), #field " is misplaced")

#endif

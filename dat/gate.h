/* The CPU's gate to storage: translation lookaside buffer, key protection, reference and
 * change recording, notice of stores into decoded code.
 *
 * Every function that may meet an access exception returns 0 or a program interruption
 * code, and in the second case has changed nothing that a program can see (the virtual
 * address is left in gate->fault_address).  Addresses are logical, 24 bits, and wrap.
 *
 * How a hit is found with one comparison: an entry's tag holds the address of its
 * 2048-byte block, the access key under which the check was made, and a generation
 * number.  The entry is chosen by the first byte's block, but the tag is compared with
 * the LAST byte's block: for an operand that crosses a block boundary the two differ, no
 * tag can match, and the slow path takes the operand apart.  A new generation number
 * (PTLB, SSK...) makes all entries stale at once. */
#ifndef DAT_GATE_H
#define DAT_GATE_H

#include "dat/storage.h"
#include "dat/walk.h"
#include "lib/be.h"

#include <string.h>

#define TLB_ENTRIES 2048u /* per address space, a power of two */
#define TLB_SPACES  8u    /* address spaces with entries at the same time; 0 is real */

#define BLOCK_MASK   0xfff800u /* of an address: its block */
#define ADDRESS_MASK 0xffffffu

/* In a store tag: stores must be told to the CPU, so the tag must not match as it is. */
#define GATE_CODE 0x10u

#define GATE_SECONDARY 0x80000000u

struct tlb_entry {
    uint32_t fetch; /* tag: generation, block address, key; 0 is never valid */
    uint32_t store; /* the same; with GATE_CODE while the block holds decoded code */
    uintptr_t host; /* added to a logical address of the block: its place in the host's storage */
};

/* Who may watch storage at the same time. */
enum gate_watcher { GATE_DEBUGGER, GATE_OPERATOR, GATE_WATCHERS };

struct gate {
    struct storage *storage;
    struct tlb_entry *tlb; /* of the current space */
    uint32_t context;      /* of the current tags: generation (1-255, the left byte) and key */
    bool translate;
    bool secondary; /* the tables are those of the secondary space: marks fault_address */
    uint32_t cr0, cr1;
    struct dat_format format; /* of cr0 */
    uint32_t prefix;          /* set it with gate_purge */
    /* Logical address of the last access exception; GATE_SECONDARY is added to it for one in the
     * secondary space. */
    uint32_t fault_address;
    int fault; /* of the last gate_fetch_slow */
    struct {
        struct gate_watch *watches; /* of `count` places; their blocks have no entries */
        unsigned count;
    } watchers[GATE_WATCHERS];
    bool watched;        /* by anybody */
    bool fetches_code;   /* this access is an instruction's fetch, which no watch counts */
    unsigned space;      /* index of the current space */
    unsigned next_space; /* to be reused next */
    struct {
        uint32_t cr0, cr1;
        bool used;
    } spaces[TLB_SPACES];
    struct tlb_entry entries[TLB_SPACES][TLB_ENTRIES];
};

void gate_init(struct gate *g, struct storage *s);
void gate_purge(struct gate *g); /* forget all entries */
/* Watches these places, as long as they are the caller's: an access by the CPU sets `hit`.  It
 * costs those blocks their entries, and all others nothing.  NULL, 0: none. */
void gate_set_watches(struct gate *g, enum gate_watcher who, struct gate_watch *watches,
                      unsigned count);
static inline void gate_set_key(struct gate *g, uint8_t key)
{
    g->context = (g->context & 0xff000000) | key;
}
static inline uint8_t gate_key(const struct gate *g)
{
    return g->context & 15;
}
/* Chooses the address space: real, or by the tables that CR0 and CR1 describe. */
void gate_set_space(struct gate *g, bool translate, uint32_t cr0, uint32_t cr1);

/* The absolute address of a logical one, as an access would find it without the TLB and
 * without regard to keys.  Returns 0 or a program interruption code. */
int gate_translate(const struct gate *g, uint32_t address, uint32_t *real);

#define GATE_CHECKED   __attribute__((warn_unused_result))
#define GATE_LIKELY(x) __builtin_expect(!!(x), 1)

/* An operand of at most 256 bytes (or one within a block) as one or two pieces of host
 * storage. */
struct span {
    uint8_t *first;
    uint8_t *rest;
    uint32_t length;       /* bytes of the operand */
    uint32_t first_length; /* of these at `first`, the others at `rest` */
    int fault;             /* why there is none: a program interruption code, or 0 */
};

/* The slow functions return what they have found, instead of storing it where the caller says:
 * a body of the fast loop must not give away addresses of its variables, or the compiler could
 * not make a jump of the call that ends it (s370/cpu/fast.c). */
struct span gate_span_slow(struct gate *g, uint32_t address, uint32_t length, bool store);

/* The entry for the block of an address. */
static inline const struct tlb_entry *gate_entry(const struct gate *g, uint32_t address)
{
    uint32_t at = address / (STORAGE_BLOCK / sizeof(struct tlb_entry));
    at &= (TLB_ENTRIES - 1) * sizeof(struct tlb_entry);
    return (const struct tlb_entry *)((const char *)g->tlb + at);
}

static inline uint32_t gate_tag(const struct gate *g, uint32_t address, uint32_t length)
{
    return ((address + length - 1) & BLOCK_MASK) | g->context;
}

static inline uint8_t *gate_place(const struct tlb_entry *e, uint32_t address)
{
    uint8_t *p = (uint8_t *)(e->host + (address & ADDRESS_MASK));
    if (!p)
        __builtin_unreachable(); /* so that callers need not ask again whether it was a hit */
    return p;
}

static inline uint8_t *gate_hit_fetch(const struct gate *g, uint32_t address, uint32_t length)
{
    const struct tlb_entry *e = gate_entry(g, address);
    if (GATE_LIKELY(e->fetch == gate_tag(g, address, length)))
        return gate_place(e, address);
    return NULL;
}

static inline uint8_t *gate_hit_store(const struct gate *g, uint32_t address, uint32_t length)
{
    const struct tlb_entry *e = gate_entry(g, address);
    if (GATE_LIKELY(e->store == gate_tag(g, address, length)))
        return gate_place(e, address);
    return NULL;
}

/* The place in a block that holds decoded code, if the entry says that all else is well and no
 * decoded instruction lies in the operand's lines. */
static inline uint8_t *gate_hit_beside_code(const struct gate *g, uint32_t address, uint32_t length)
{
    const struct tlb_entry *e = gate_entry(g, address);
    if (e->store != (gate_tag(g, address, length) | GATE_CODE))
        return NULL;
    uint8_t *p = gate_place(e, address);
    uint32_t real = (uint32_t)(p - g->storage->main);
    return storage_lines(g->storage, real, length) ? NULL : p;
}

/* Checks an operand completely and gives its place.  `length` is 1 to 256, or up to 2048
 * if the operand lies in one block.  For a store, reference and change bits are set and
 * decoded code is dropped already: the caller must store before anything is fetched as
 * an instruction. */
GATE_CHECKED static inline int gate_span_fetch(struct gate *g, uint32_t address, uint32_t length,
                                               struct span *span)
{
    uint8_t *p = gate_hit_fetch(g, address, length);
    if (GATE_LIKELY(p != NULL)) {
        *span = (struct span){p, p, length, length, 0};
        return 0;
    }
    *span = gate_span_slow(g, address, length, false);
    return span->fault;
}

GATE_CHECKED static inline int gate_span_store(struct gate *g, uint32_t address, uint32_t length,
                                               struct span *span)
{
    uint8_t *p = gate_hit_store(g, address, length);
    if (GATE_LIKELY(p != NULL)) {
        *span = (struct span){p, p, length, length, 0};
        return 0;
    }
    *span = gate_span_slow(g, address, length, true);
    return span->fault;
}

/* Byte `k` of an operand. */
static inline uint8_t *span_at(const struct span *s, uint32_t k)
{
    return k < s->first_length ? s->first + k : s->rest + (k - s->first_length);
}

static inline void span_read(const struct span *s, void *to)
{
    memcpy(to, s->first, s->first_length);
    if (s->first_length < s->length)
        memcpy((uint8_t *)to + s->first_length, s->rest, s->length - s->first_length);
}

static inline void span_write(const struct span *s, const void *from)
{
    memcpy(s->first, from, s->first_length);
    if (s->first_length < s->length)
        memcpy(s->rest, (const uint8_t *)from + s->first_length, s->length - s->first_length);
}

/* Values of at most 8 bytes.  The fetch leaves its program interruption code, or 0, in
 * g->fault. */
uint64_t gate_fetch_slow(struct gate *g, uint32_t address, uint32_t length);
int gate_store_slow(struct gate *g, uint32_t address, uint32_t length, uint64_t value) GATE_CHECKED;

/* The gate's quick side alone, for the threads of the fast loop: a miss gives GATE_MISS and has
 * changed nothing; who gets it tries again with the functions above. */
#define GATE_MISS (-100)

GATE_CHECKED static inline int gate_try_span_fetch(const struct gate *g, uint32_t address,
                                                   uint32_t length, struct span *span)
{
    uint8_t *p = gate_hit_fetch(g, address, length);
    if (!GATE_LIKELY(p != NULL))
        return GATE_MISS;
    *span = (struct span){p, p, length, length, 0};
    return 0;
}

GATE_CHECKED static inline int gate_try_span_store(const struct gate *g, uint32_t address,
                                                   uint32_t length, struct span *span)
{
    uint8_t *p = gate_hit_store(g, address, length);
    if (!GATE_LIKELY(p != NULL) && !(p = gate_hit_beside_code(g, address, length)))
        return GATE_MISS;
    *span = (struct span){p, p, length, length, 0};
    return 0;
}

/* Values of 1, 2, 4 and 8 bytes, big-endian in storage. */
#define GATE_VALUE(bytes, type, load, store)                                                       \
    GATE_CHECKED static inline int gate_fetch##bytes(struct gate *g, uint32_t address,             \
                                                     type *value)                                  \
    {                                                                                              \
        const uint8_t *p = gate_hit_fetch(g, address, bytes);                                      \
        if (GATE_LIKELY(p != NULL)) {                                                              \
            *value = load(p);                                                                      \
            return 0;                                                                              \
        }                                                                                          \
        *value = (type)gate_fetch_slow(g, address, bytes);                                         \
        return g->fault;                                                                           \
    }                                                                                              \
    GATE_CHECKED static inline int gate_store##bytes(struct gate *g, uint32_t address, type value) \
    {                                                                                              \
        uint8_t *p = gate_hit_store(g, address, bytes);                                            \
        if (GATE_LIKELY(p != NULL)) {                                                              \
            store(p, value);                                                                       \
            return 0;                                                                              \
        }                                                                                          \
        return gate_store_slow(g, address, bytes, value);                                          \
    }                                                                                              \
    GATE_CHECKED static inline int gate_try_fetch##bytes(const struct gate *g, uint32_t address,   \
                                                         type *value)                              \
    {                                                                                              \
        const uint8_t *p = gate_hit_fetch(g, address, bytes);                                      \
        if (!GATE_LIKELY(p != NULL))                                                               \
            return GATE_MISS;                                                                      \
        *value = load(p);                                                                          \
        return 0;                                                                                  \
    }                                                                                              \
    GATE_CHECKED static inline int gate_try_store##bytes(const struct gate *g, uint32_t address,   \
                                                         type value)                               \
    {                                                                                              \
        uint8_t *p = gate_hit_store(g, address, bytes);                                            \
        if (!GATE_LIKELY(p != NULL) && !(p = gate_hit_beside_code(g, address, bytes)))             \
            return GATE_MISS;                                                                      \
        store(p, value);                                                                           \
        return 0;                                                                                  \
    }

#define GATE_LOAD1(p)     (*(p))
#define GATE_STORE1(p, v) (*(p) = (uint8_t)(v))
GATE_VALUE(1, uint32_t, GATE_LOAD1, GATE_STORE1)
GATE_VALUE(2, uint32_t, load_be16, store_be16)
GATE_VALUE(4, uint32_t, load_be32, store_be32)
GATE_VALUE(8, uint64_t, load_be64, store_be64)

#endif

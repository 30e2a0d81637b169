/* The slow side of the gate: translation, key check and filling of the TLB. */
#include "dat/gate.h"

#include "dat/walk.h"

/* Low-address protection: CR0 bit 3, stores at 0-511. */
#define CR0_LOW_ADDRESS CR_BIT(3)
#define LOW_ADDRESSES   512u

/* One generation of tags, in a gate's context. */
#define GENERATION (UINT32_C(1) << 24)

void gate_init(struct gate *g, struct storage *s)
{
    memset(g, 0, sizeof *g);
    g->storage = s;
    g->context = GENERATION;
    g->spaces[0].used = true;
    g->next_space = 1;
    g->tlb = g->entries[0];
}

void gate_purge(struct gate *g)
{
    g->context += GENERATION;
    if (g->context < GENERATION) {
        g->context += GENERATION;
        memset(g->entries, 0, sizeof g->entries);
    }
}

/* A space for these tables: an old one, or the one that was filled longest ago. */
static unsigned find_space(struct gate *g, uint32_t cr0, uint32_t cr1)
{
    for (unsigned i = 1; i < TLB_SPACES; i++) {
        if (g->spaces[i].used && g->spaces[i].cr0 == cr0 && g->spaces[i].cr1 == cr1)
            return i;
    }
    unsigned i = g->next_space;
    g->next_space = i + 1 < TLB_SPACES ? i + 1 : 1;
    memset(g->entries[i], 0, sizeof g->entries[i]);
    g->spaces[i].used = true;
    g->spaces[i].cr0 = cr0;
    g->spaces[i].cr1 = cr1;
    return i;
}

void gate_set_space(struct gate *g, bool translate, uint32_t cr0, uint32_t cr1)
{
    if ((cr0 ^ g->cr0) & CR0_LOW_ADDRESS)
        gate_purge(g);
    g->translate = translate;
    g->format = dat_format(cr0);
    g->cr0 = cr0;
    g->cr1 = cr1;
    g->space = translate ? find_space(g, cr0 & CR0_TRANSLATION, cr1) : 0;
    g->tlb = g->entries[g->space];
}

/* In line in all that a miss of the TLB goes through. */
#define PART static inline __attribute__((always_inline))

PART int translate(const struct gate *g, uint32_t address, uint32_t *real, bool *protects)
{
    *real = address & ADDRESS_MASK;
    *protects = false;
    if (g->translate) {
        struct dat_result result;
        int fault = dat_walk(g->storage, g->prefix, g->format, g->cr1, address, &result);
        if (!fault)
            fault = dat_fault_of(&result);
        if (fault)
            return fault;
        *real = result.address;
        *protects = result.protects;
    }
    *real = storage_absolute(g->prefix, *real);
    return *real < g->storage->size ? 0 : PGM_ADDRESSING;
}

int gate_translate(const struct gate *g, uint32_t address, uint32_t *real)
{
    bool protects;
    return translate(g, address, real, &protects);
}

/* Checks the access to a part of an operand that lies in one block. */
PART int check(struct gate *g, uint32_t address, bool store, uint32_t *real)
{
    g->fault_address = g->secondary ? address | GATE_SECONDARY : address;
    if (store && address < LOW_ADDRESSES && (g->cr0 & CR0_LOW_ADDRESS))
        return PGM_PROTECTION;
    bool protects;
    int fault = translate(g, address, real, &protects);
    if (fault)
        return fault;
    if (store && protects)
        return PGM_PROTECTION;
    uint8_t key = g->storage->keys[*real / STORAGE_BLOCK];
    if (gate_key(g) && gate_key(g) != key >> 4 && (store || (key & KEY_FETCH)))
        return PGM_PROTECTION;
    return 0;
}

void gate_set_watches(struct gate *g, enum gate_watcher who, struct gate_watch *watches,
                      unsigned count)
{
    g->watchers[who].watches = watches;
    g->watchers[who].count = count;
    g->watched = false;
    for (unsigned k = 0; k < GATE_WATCHERS; k++)
        g->watched |= g->watchers[k].count != 0;
    gate_purge(g);
}

/* Notes an access to watched places.  True if one of them is in the block: then the block must
 * have no entry, so that each access comes here. */
static bool note_watched(struct gate *g, uint32_t real, uint32_t length, bool store)
{
    bool in_block = false;
    for (unsigned k = 0; k < GATE_WATCHERS; k++) {
        for (unsigned n = 0; n < g->watchers[k].count; n++) {
            struct gate_watch *w = &g->watchers[k].watches[n];
            uint32_t last = w->address + w->length - 1;
            in_block |= w->address / STORAGE_BLOCK <= real / STORAGE_BLOCK &&
                        last / STORAGE_BLOCK >= real / STORAGE_BLOCK;
            if ((store ? w->store : w->fetch) && !g->fetches_code && real <= last &&
                real + length > w->address)
                w->hit |= store ? GATE_HIT_STORE : GATE_HIT_FETCH;
        }
    }
    return in_block;
}

/* Records the access and fills the TLB. */
PART uint8_t *attach(struct gate *g, uint32_t address, uint32_t length, bool store, uint32_t real)
{
    struct storage *s = g->storage;
    uint32_t block = real / STORAGE_BLOCK;
    uint32_t tag = (address & BLOCK_MASK) | g->context;
    struct tlb_entry *e = &g->tlb[address / STORAGE_BLOCK % TLB_ENTRIES];
    uintptr_t host = (uintptr_t)(s->main + block * STORAGE_BLOCK) - (address & BLOCK_MASK);
    bool without = g->watched && note_watched(g, real, length, store);
    if (without)
        tag = 0; /* is never valid */
    if (e->fetch != tag || e->host != host) {
        e->fetch = tag;
        e->store = 0;
        e->host = host;
    }
    s->keys[block] |= KEY_REFERENCE;
    if (store) {
        s->keys[block] |= KEY_CHANGE;
        bool low = (g->cr0 & CR0_LOW_ADDRESS) && !(address & BLOCK_MASK);
        if (s->code[block])
            storage_tell(s, real, length);
        if (!low && !without)
            e->store = s->code[block] ? tag | GATE_CODE : tag;
    }
    return gate_place(e, address);
}

/* A store into a block that holds code, and whose entry says that all else is well: the place,
 * or NULL. */
static uint8_t *store_beside_code(struct gate *g, uint32_t address, uint32_t length)
{
    struct storage *s = g->storage;
    const struct tlb_entry *e = gate_entry(g, address);
    if (e->store != (gate_tag(g, address, length) | GATE_CODE))
        return NULL;
    uint8_t *p = gate_place(e, address);
    storage_tell(s, (uint32_t)(p - s->main), length);
    return p;
}

struct span gate_span_slow(struct gate *g, uint32_t address, uint32_t length, bool store)
{
    struct span span = {.length = length, .first_length = length};
    uint32_t real = 0, real2 = 0;
    if (store && (span.first = store_beside_code(g, address, length)) != NULL)
        return span;
    address &= ADDRESS_MASK;
    uint32_t room = STORAGE_BLOCK - address % STORAGE_BLOCK;
    uint32_t first = length < room ? length : room;
    span.fault = check(g, address, store, &real);
    if (span.fault)
        return span;
    uint32_t second = (address + first) & ADDRESS_MASK;
    /* Both pieces are checked before either is marked as changed. */
    if (first < length && (span.fault = check(g, second, store, &real2)))
        return span;
    span.first_length = first;
    span.first = span.rest = attach(g, address, first, store, real);
    if (first < length)
        span.rest = attach(g, second, length - first, store, real2);
    return span;
}

/* A value of 1, 2, 4 or 8 bytes. */
PART uint64_t load_value(const uint8_t *p, uint32_t length)
{
    return length == 8   ? load_be64(p)
           : length == 4 ? load_be32(p)
           : length == 2 ? load_be16(p)
                         : *p;
}

PART void store_value(uint8_t *p, uint32_t length, uint64_t value)
{
    if (length == 8)
        store_be64(p, value);
    else if (length == 4)
        store_be32(p, (uint32_t)value);
    else if (length == 2)
        store_be16(p, (uint32_t)value);
    else
        *p = (uint8_t)value;
}

PART bool in_one_block(uint32_t address, uint32_t length)
{
    return address % STORAGE_BLOCK + length <= STORAGE_BLOCK;
}

/* Most misses are of values within a block: what gate_span_slow does for them. */
PART int refill(struct gate *g, uint32_t address, uint32_t length, bool store, uint8_t **place)
{
    uint32_t real = 0;
    int fault = check(g, address, store, &real);
    if (!fault)
        *place = attach(g, address, length, store, real);
    return fault;
}

static __attribute__((noinline)) uint64_t fetch_crossing(struct gate *g, uint32_t address,
                                                         uint32_t length)
{
    uint8_t bytes[8] = {0};
    struct span span = gate_span_slow(g, address, length, false);
    g->fault = span.fault;
    if (!span.fault)
        span_read(&span, bytes + 8 - length);
    return load_be64(bytes);
}

static __attribute__((noinline)) int store_crossing(struct gate *g, uint32_t address,
                                                    uint32_t length, uint64_t value)
{
    uint8_t bytes[8];
    struct span span = gate_span_slow(g, address, length, true);
    store_be64(bytes, value);
    if (!span.fault)
        span_write(&span, bytes + 8 - length);
    return span.fault;
}

uint64_t gate_fetch_slow(struct gate *g, uint32_t address, uint32_t length)
{
    uint8_t *p;
    if (!in_one_block(address, length))
        return fetch_crossing(g, address, length);
    g->fault = refill(g, address & ADDRESS_MASK, length, false, &p);
    return g->fault ? 0 : load_value(p, length);
}

int gate_store_slow(struct gate *g, uint32_t address, uint32_t length, uint64_t value)
{
    uint8_t *p =
        store_beside_code(g, address, length); /* data beside code is usual in small programs */
    int fault = 0;
    if (!p && !in_one_block(address, length))
        return store_crossing(g, address, length, value);
    if (!p)
        fault = refill(g, address & ADDRESS_MASK, length, true, &p);
    if (!fault)
        store_value(p, length, value);
    return fault;
}

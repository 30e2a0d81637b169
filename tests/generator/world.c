/* What surrounds an instruction: storage and keys, PSWs, control registers, translation tables
 * and what may be wrong with them. */
#include "tests/generator/generator.h"

#include "lib/be.h"
#include "s370/arch/control.h"
#include "s370/arch/psw.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

static bool never_stop(void *context, struct cpu *cpu, uint32_t address)
{
    return false;
}

static void add_live(struct world *w, uint32_t from, uint32_t to)
{
    for (uint32_t at = from; at < to; at += REF_BLOCK) {
        w->live[w->live_count++] = at / REF_BLOCK;
        w->is_live[at / REF_BLOCK] = 1;
    }
}

bool world_create(struct world *w, uint32_t size)
{
    static const struct cpu_watch watch = {.instruction = never_stop};
    uint32_t blocks = size / REF_BLOCK;
    memset(w, 0, sizeof *w);
    w->size = w->r.size = size;
    w->fast = machine_create(size, CLOCK_VIRTUAL);
    w->plain = machine_create(size, CLOCK_VIRTUAL);
    w->image = calloc(1, size);
    w->image_keys = calloc(1, blocks);
    w->is_live = calloc(1, blocks);
    w->r.storage = calloc(1, size);
    w->r.keys = calloc(1, blocks);
    w->r.referenced = calloc(1, blocks);
    w->r.changed = calloc(1, blocks);
    w->r.moved = calloc(1, size);
    w->r.is_dirty = calloc(1, blocks);
    w->r.dirty = calloc(blocks, sizeof *w->r.dirty);
    if (!w->fast || !w->plain || !w->image || !w->image_keys || !w->is_live || !w->r.storage ||
        !w->r.keys || !w->r.referenced || !w->r.changed || !w->r.moved || !w->r.is_dirty ||
        !w->r.dirty)
        return false;
    cpu_set_watch(w->plain->cpu, &watch);
    add_live(w, 0, 0xc000);
    add_live(w, 0xf000, 0x11000);
    uint32_t end = size < 0x1000000 ? size : 0x1000000;
    add_live(w, end - 0x1000, end);
    if (size > 0x1000000)
        add_live(w, 0x1800000, 0x1801000);
    return true;
}

void world_destroy(struct world *w)
{
    if (w->fast)
        machine_destroy(w->fast);
    if (w->plain)
        machine_destroy(w->plain);
    free(w->image);
    free(w->image_keys);
    free(w->is_live);
    free(w->r.storage);
    free(w->r.keys);
    free(w->r.referenced);
    free(w->r.changed);
    free(w->r.moved);
    free(w->r.is_dirty);
    free(w->r.dirty);
}

/* --- the program's view of the image --- */

/* The absolute address of a logical one by the image's tables, or NONE.  The reference is
 * lent for that. */
static uint32_t place(struct test *t, uint32_t address)
{
    struct world *w = t->world;
    struct reference *r = &w->r;
    uint8_t *storage = r->storage;
    uint32_t real = address & 0xffffff;
    unsigned kind;
    int code = 0;
    r->prefix = t->prefix;
    r->secondary = t->secondary;
    r->space = REF_CURRENT;
    if (t->dat) {
        r->storage = w->image;
        memcpy(r->cr, t->cr, sizeof r->cr);
        code = ref_walk(r, real, false, &real, &kind);
        r->storage = storage;
    }
    real = ref_absolute(r, real);
    return !code && real < w->size && w->is_live[real / REF_BLOCK] ? real : NONE;
}

void put_logical(struct test *t, uint32_t address, const void *bytes, uint32_t length)
{
    const uint8_t *p = bytes;
    for (uint32_t k = 0; k < length; k++) {
        uint32_t at = place(t, address + k);
        if (at != NONE)
            t->world->image[at] = p[k];
    }
}

uint8_t get_logical(struct test *t, uint32_t address)
{
    uint32_t at = place(t, address);
    return at == NONE ? 0 : t->world->image[at];
}

void put_real(struct test *t, uint32_t real, const void *bytes, uint32_t length)
{
    const uint8_t *p = bytes;
    t->world->r.prefix = t->prefix;
    for (uint32_t k = 0; k < length; k++)
        t->world->image[ref_absolute(&t->world->r, real + k)] = p[k];
}

/* --- tables --- */

static void put_halfword(struct test *t, uint32_t real, uint32_t value)
{
    uint8_t bytes[2];
    store_be16(bytes, value);
    put_real(t, real, bytes, 2);
}

static void put_word(struct test *t, uint32_t real, uint32_t value)
{
    uint8_t bytes[4];
    store_be32(bytes, value);
    put_real(t, real, bytes, 4);
}

/* A frame that is live, as a page-table entry. */
static uint32_t entry(const struct test *t)
{
    const struct world *w = t->world;
    uint32_t at = w->live[below(w->live_count)] * REF_BLOCK;
    if (!t->pages_4k)
        return at >= 0x1000000 ? 0x20 : at >> 8;
    return (at >> 8 & 0xfff0) | (at >> 23 & 0x0006);
}

static uint32_t page_size(const struct test *t)
{
    return t->pages_4k ? 4096 : 2048;
}

/* Every segment leads to one of four page tables. */
static void fill_tables(struct test *t)
{
    uint32_t segment = t->segments_1m ? 0x100000 : 0x10000;
    for (uint32_t k = 0; k < 0x1000000 / segment; k++)
        put_word(t, SEGMENT_TABLE + 4 * k,
                 0xf0000000 | (PAGE_TABLES + 0x400 * (k % 4)) | (chance(5) ? 4 : 0));
    for (uint32_t n = 0; n < 4; n++) {
        for (uint32_t k = 0; k < segment / page_size(t); k++)
            put_halfword(t, PAGE_TABLES + 0x400 * n + 2 * k, entry(t));
    }
}

/* One thing that can be wrong on the way to `address`. */
static void flaw(struct test *t, uint32_t address)
{
    uint32_t segment_size = t->segments_1m ? 0x100000 : 0x10000,
             in_segment = address % segment_size;
    uint32_t segment = address / segment_size, table = PAGE_TABLES + 0x400 * (segment % 4);
    uint32_t segment_at = SEGMENT_TABLE + 4 * segment,
             page_at = table + in_segment / page_size(t) * 2;
    uint32_t sixteenth = in_segment / (segment_size / 16);
    uint32_t good = 0xf0000000 | table;
    switch (below(12)) {
    case 0:
        put_word(t, segment_at, good | 1);
        break;
    case 1:
        put_word(t, segment_at, good | 0x01000000u << below(4));
        break;
    case 2: /* too short, or just long enough */
        put_word(t, segment_at, table | (sixteenth ? sixteenth - chance(70) : 0) << 28);
        break;
    case 3:
    case 4:
    case 5:
        put_halfword(t, page_at, entry(t) | (t->pages_4k ? 0x0008 : 0x0004));
        break;
    case 6: /* bits that must be zero, or extend the address */
        put_halfword(t, page_at, entry(t) | (t->pages_4k ? 0x0002u << below(2) : 0x0002));
        break;
    case 7:
        if (!t->segments_1m && segment > 15)
            t->cr[1] = (t->cr[1] & 0xffffff) | (segment / 16 - chance(70)) << 24;
        else
            put_word(t, segment_at, good | 1);
        break;
    case 8: /* a page table outside of storage, if that is small */
        put_word(t, segment_at, 0xf0ffff00);
        break;
    case 9: /* a frame outside of it */
        put_halfword(t, page_at, 0xfff0);
        break;
    case 10:
        t->cr[0] = (t->cr[0] & ~CR0_TRANSLATION) | below(32) << 19;
        break;
    case 11:
        if (chance(50))
            t->cr[1] |= 0x00ffffc0;
        else
            put_word(t, segment_at, good | 6); /* protection and common bits: not offered */
        break;
    }
}

void world_flaw(struct test *t)
{
    if (t->place_count)
        flaw(t, t->places[below(t->place_count)]);
}

/* --- PSW, registers, keys --- */

static uint64_t some_psw(const struct test *t, bool ec, uint32_t address)
{
    uint64_t psw = (uint64_t)below(4) << (ec ? 44 : 28) | (uint64_t)below(16) << (ec ? 40 : 24);
    psw |= (uint64_t)(chance(50) ? 0 : below(16)) << 52 | (ec ? PSW_EC : 0) | address;
    if (ec)
        psw |= (uint64_t)(below(256) & 0x03) << 56;
    else
        psw |= (uint64_t)below(256) << 56;
    return psw | (chance(50) ? PSW_MCHECK : 0);
}

/* New PSWs for all classes: each at an address of its own. */
static void put_new_psws(struct test *t)
{
    uint8_t bytes[8];
    for (uint32_t at = 0x58; at <= 0x78; at += 8) {
        uint64_t psw = some_psw(t, chance(60), 0x1000 + 0x10 * at);
        if (psw & PSW_EC && chance(40))
            psw |= PSW_EC_TRANSLATE;
        if (chance(20))
            psw |= chance(50) ? PSW_WAIT : PSW_PROBLEM;
        if (at == 0x60 && (psw & PSW_EC) && chance(10)) /* a bad one for SVC */
            psw |= UINT64_C(1) << (24 + below(16));
        if (at == 0x68 || at == 0x58) /* these begin nothing new */
            psw &= ~PSW_EXTERNAL;
        store_be64(bytes, psw);
        put_real(t, at, bytes, 8);
    }
}

static void fill_keys(struct world *w, uint8_t key)
{
    for (unsigned k = 0; k < w->live_count; k++) {
        uint8_t *p = &w->image_keys[w->live[k]];
        *p = (uint8_t)(random32() & 0xfe);
        if (chance(75))
            *p = (uint8_t)((*p & 0x0e) | key << 4);
        if (chance(60))
            *p &= 0xf7;
    }
}

static void fill_registers(struct test *t)
{
    static const uint32_t prefixes[] = {0x4000, 0x5000, 0x10000};
    for (unsigned k = 0; k < 16; k++) {
        t->gr[k] = edge_word();
        t->cr[k] = 0;
    }
    for (unsigned k = 0; k < 4; k++)
        t->fpr[k] = edge_float();
    if (chance(30)) { /* numbers that are nearly the same, or opposite */
        t->fpr[1] = t->fpr[0] ^ (chance(50) ? UINT64_C(1) << 63 : 0) ^ (chance(50) ? 0 : 1);
        t->fpr[2] = t->fpr[0] ^ (uint64_t)(chance(50) ? 1 : 0) << 56;
        t->fpr[3] = chance(50) ? t->fpr[1] : random64() >> below(64);
    }
    if (chance(12)) { /* all at one end of the exponents */
        uint64_t exponent = chance(50) ? 127 : below(3);
        for (unsigned k = 0; k < 4; k++)
            t->fpr[k] = (t->fpr[k] & UINT64_C(0x80ffffffffffffff)) | exponent << 56;
    }
    t->cr[0] = random32() & 0x0000ffe0;
    if (chance(25))
        t->cr[0] |= CR0_LOW_PROTECTION;
    if (chance(15))
        t->cr[0] |= CR0_SSM_SUPPRESSION;
    t->cr[0] |= (t->pages_4k ? CR0_PAGE_4K : CR0_PAGE_2K) | (t->segments_1m ? CR0_SEGMENT_1M : 0);
    t->cr[1] = 0x0f000000 | SEGMENT_TABLE;
    t->cr[2] = random32();
    t->cr[8] = random32();
    t->cr[12] = edge_word();
    t->cr[14] = CR14_RESET;
    t->cr[15] = CR15_RESET;
    t->prefix = chance(20) ? prefixes[below(3)] : 0;
    t->comparator = UINT64_MAX;
    t->cpu_timer = UINT64_C(0x4000000000000000) + random32();
}

void world_fill(struct world *w, struct test *t, bool privileged)
{
    bool spaces = insn_table[t->row].attributes & A_DUAL;
    bool ec = chance(spaces ? 95 : 65), problem = chance(spaces ? 40 : privileged ? 15 : 25);
    t->world = w;
    t->pages_4k = chance(50);
    t->segments_1m = chance(50);
    t->dat = ec && chance(spaces ? 94 : 70);
    t->extension = chance(92);
    t->dual = chance(spaces ? 97 : t->row == I_spka || t->row == I_ipk ? 50 : 2);
    t->secondary = t->dual && t->dat && chance(20);
    t->used = 0;
    t->place_count = 0;
    fill_registers(t);
    for (unsigned k = 0; k < w->live_count; k++)
        random_bytes(w->image + w->live[k] * REF_BLOCK, REF_BLOCK);
    t->psw = some_psw(t, ec, 0) | (problem ? PSW_PROBLEM : 0) | (t->dat ? PSW_EC_TRANSLATE : 0) |
             (t->secondary ? PSW_EC_SECONDARY : 0);
    fill_keys(w, t->psw >> 52 & 15);
    if (t->dat || privileged)
        fill_tables(t);
    if (t->dual)
        spaces_fill(t);
    put_new_psws(t);
}

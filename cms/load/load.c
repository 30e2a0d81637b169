/* ESD, TXT, RLD, END, REP and ENTRY cards.  A section goes behind what is loaded, on a doubleword;
 * `delta` moves an address of the deck to its place in the program. */
#include "cms/load/load.h"

#include "lib/be.h"
#include "lib/str.h"

#define BLANK 0x40

enum esd_type { ESD_SD = 0, ESD_LD = 1, ESD_ER = 2, ESD_PC = 4, ESD_CM = 5, ESD_WX = 10 };

static bool is(const uint8_t *card, const char *ebcdic)
{
    return !memcmp(card + 1, ebcdic, 3);
}

void load_open(struct loader *l, struct load_table *table, uint8_t *image, uint32_t limit)
{
    memset(l, 0, sizeof(*l));
    l->table = table;
    l->image = image;
    l->limit = limit;
}

void load_new_deck(struct loader *l)
{
    memset(l->ids, 0, sizeof(l->ids));
}

static bool is_blank(const uint8_t name[8])
{
    for (int i = 0; i < 8; i++)
        if (name[i] != BLANK)
            return false;
    return true;
}

static struct load_reference *reference(const struct load_table *t, uint32_t number)
{
    return (struct load_reference *)((uintptr_t)t + t->size) - 1 - number;
}

static uint16_t number_of(const struct loader *l, const struct load_symbol *s)
{
    return (uint16_t)(s - load_symbol(l->table, 0) + 1);
}

/* Adds the value to the constant, which lies in the image. */
static void relocate(struct loader *l, uint32_t address, unsigned length, bool negative,
                     uint32_t value)
{
    uint8_t *at = l->image + (address - l->table->origin);
    uint32_t sum = 0;

    for (unsigned i = 0; i < length; i++)
        sum = sum << 8 | at[i];
    sum = negative ? sum - value : sum + value;
    for (unsigned i = length; i-- > 0; sum >>= 8)
        at[i] = (uint8_t)sum;
}

/* Fills in the constants that waited for the symbol. */
static void resolve(struct loader *l, const struct load_symbol *s)
{
    struct load_table *t = l->table;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < t->references; i++) {
        struct load_reference r = *reference(t, i);
        if (r.symbol + 1u == number_of(l, s))
            relocate(l, r.address, r.length, r.negative, s->address);
        else
            *reference(t, kept++) = r;
    }
    t->references = kept;
}

static bool in_image(const struct loader *l, uint32_t address, uint32_t length)
{
    return address >= l->table->origin && address < l->limit && length <= l->limit - address;
}

/* Storage for a section, cleared. */
static bool take(struct loader *l, uint32_t length, uint32_t *address)
{
    struct load_table *t = l->table;
    uint32_t at = (t->next + 7) & ~7u;

    if (at >= l->limit || length > l->limit - at)
        return false;
    memset(l->image + (t->next - t->origin), 0, at - t->next + length);
    *address = at;
    t->next = at + length;
    return true;
}

static enum load_result section(struct loader *l, const uint8_t *item, uint16_t id)
{
    uint32_t assembled = load_be24(item + 9), length = load_be24(item + 13), address;
    struct load_symbol *s = is_blank(item) ? NULL : load_find(l->table, item);

    if (s && load_is_defined(s)) {
        l->ids[id].symbol = number_of(l, s);
        l->ids[id].own = l->ids[id].deleted = true;
        l->ids[id].delta = s->address - assembled;
        return LOAD_DUPLICATE;
    }
    if (!s && !(s = load_add(l->table, item, LOAD_UNDEFINED)))
        return LOAD_FULL;
    if (s->kind == LOAD_COMMON && s->length > length)
        length = s->length; /* a section that a common area names */
    if (!take(l, length, &address))
        return LOAD_NO_ROOM;
    s->kind = LOAD_SECTION;
    s->address = address;
    s->length = length;
    if (!l->table->first_section)
        l->table->first_section = number_of(l, s);
    l->ids[id].symbol = number_of(l, s);
    l->ids[id].own = true;
    l->ids[id].delta = address - assembled;
    resolve(l, s);
    return LOAD_OK;
}

static enum load_result entry_point(struct loader *l, const uint8_t *item)
{
    uint16_t owner = load_be16(item + 14);
    struct load_symbol *s = load_find(l->table, item);

    if (owner >= LOAD_IDS_MAX || !l->ids[owner].symbol)
        return LOAD_INVALID;
    if (l->ids[owner].deleted)
        return LOAD_OK; /* it went with its section */
    if (s && load_is_defined(s))
        return LOAD_DUPLICATE;
    if (!s && !(s = load_add(l->table, item, LOAD_UNDEFINED)))
        return LOAD_FULL;
    s->kind = LOAD_ENTRY;
    s->address = load_be24(item + 9) + l->ids[owner].delta;
    resolve(l, s);
    return LOAD_OK;
}

static enum load_result external(struct loader *l, const uint8_t *item, uint16_t id, uint8_t type)
{
    struct load_symbol *s = load_find(l->table, item);
    enum load_kind kind = type == ESD_WX ? LOAD_WEAK : LOAD_UNDEFINED;

    if (type == ESD_CM)
        kind = LOAD_COMMON;
    if (!s && !(s = load_add(l->table, item, kind)))
        return LOAD_FULL;
    if (s->kind == LOAD_WEAK || (s->kind == LOAD_UNDEFINED && type == ESD_CM))
        s->kind = (uint8_t)kind;
    if (type == ESD_CM && s->kind == LOAD_COMMON && load_be24(item + 13) > s->length)
        s->length = load_be24(item + 13);
    l->ids[id].symbol = number_of(l, s);
    return LOAD_OK;
}

/* Entry points name their section's ESDID, which may come behind them: sections first. */
static enum load_result esd_item(struct loader *l, const uint8_t *item, uint16_t id, bool entries)
{
    uint8_t type = item[8];

    if ((type == ESD_LD) != entries)
        return LOAD_OK;
    if (type == ESD_LD)
        return entry_point(l, item);
    if (id >= LOAD_IDS_MAX || !id)
        return LOAD_INVALID;
    switch (type) {
    case ESD_SD:
    case ESD_PC:
        return section(l, item, id);
    case ESD_ER:
    case ESD_CM:
    case ESD_WX:
        return external(l, item, id, type);
    default:
        return LOAD_INVALID;
    }
}

static enum load_result esd(struct loader *l, const uint8_t *card)
{
    uint32_t length = load_be16(card + 10);
    enum load_result worst = LOAD_OK;

    if (length > 48 || length % 16)
        return LOAD_INVALID;
    for (int entries = 0; entries < 2; entries++) {
        uint16_t id = load_be16(card + 14);
        for (uint32_t at = 0; at < length; at += 16) {
            const uint8_t *item = card + 16 + at;
            enum load_result r = esd_item(l, item, id, entries);
            if (r == LOAD_DUPLICATE) {
                memcpy(l->duplicate, item, 8);
                l->name = l->duplicate;
            }
            if (r > worst)
                worst = r;
            if (item[8] != ESD_LD)
                id++;
        }
    }
    return worst;
}

static enum load_result txt(struct loader *l, const uint8_t *card)
{
    uint32_t length = load_be16(card + 10), id = load_be16(card + 14);

    if (length > 56 || id >= LOAD_IDS_MAX || !l->ids[id].symbol)
        return LOAD_INVALID;
    if (l->ids[id].deleted)
        return LOAD_OK;
    uint32_t address = load_be24(card + 5) + l->ids[id].delta;
    if (!in_image(l, address, length))
        return LOAD_INVALID;
    memcpy(l->image + (address - l->table->origin), card + 16, length);
    if (address + length > l->table->next)
        l->table->next = address + length; /* a section whose length came out too short */
    return LOAD_OK;
}

static enum load_result rld_item(struct loader *l, uint32_t r, uint32_t p, const uint8_t *item)
{
    unsigned length = (item[0] >> 2 & 3) + 1;
    bool negative = item[0] & 2;

    if (r >= LOAD_IDS_MAX || p >= LOAD_IDS_MAX || !l->ids[r].symbol || !l->ids[p].symbol)
        return LOAD_INVALID;
    if (l->ids[p].deleted)
        return LOAD_OK;
    uint32_t address = load_be24(item + 1) + l->ids[p].delta;
    if (!in_image(l, address, length))
        return LOAD_INVALID;
    struct load_symbol *s = load_symbol(l->table, l->ids[r].symbol - 1u);
    if (load_is_defined(s)) {
        /* A section of this deck is in the constant with its assembled address. */
        relocate(l, address, length, negative, l->ids[r].own ? l->ids[r].delta : s->address);
        return LOAD_OK;
    }
    if (!load_has_room(l->table, sizeof(struct load_reference)))
        return LOAD_FULL;
    struct load_reference *wait = reference(l->table, l->table->references++);
    wait->address = address;
    wait->symbol = (uint16_t)(l->ids[r].symbol - 1);
    wait->length = (uint8_t)length;
    wait->negative = negative;
    return LOAD_OK;
}

static enum load_result rld(struct loader *l, const uint8_t *card)
{
    uint32_t length = load_be16(card + 10), at = 0, r = 0, p = 0;
    bool same = false;
    enum load_result worst = LOAD_OK;

    if (length > 56 || length % 4)
        return LOAD_INVALID;
    while (at < length) {
        if (!same) {
            if (length - at < 8)
                return LOAD_INVALID;
            r = load_be16(card + 16 + at);
            p = load_be16(card + 18 + at);
            at += 4;
        }
        const uint8_t *item = card + 16 + at;
        enum load_result result = rld_item(l, r, p, item);
        if (result > worst)
            worst = result;
        same = item[0] & 1;
        at += 4;
    }
    return worst;
}

static void end(struct loader *l, const uint8_t *card)
{
    uint32_t id = load_be16(card + 14);
    struct load_symbol *s;

    if (l->table->has_entry)
        return; /* the first one counts */
    if (card[5] != BLANK && id && id < LOAD_IDS_MAX && l->ids[id].symbol) {
        l->table->entry = load_be24(card + 5) + l->ids[id].delta;
        l->table->has_entry = true;
    } else if (card[16] != BLANK && (s = load_find(l->table, card + 16)) && load_is_defined(s)) {
        l->table->entry = s->address;
        l->table->has_entry = true;
    }
}

static int hex_value(uint8_t c) /* EBCDIC */
{
    return c >= 0xf0 && c <= 0xf9 ? c - 0xf0 : c >= 0xc1 && c <= 0xc6 ? c - 0xc1 + 10 : -1;
}

static bool hex_number(const uint8_t *from, unsigned digits, uint32_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < digits; i++) {
        int digit = hex_value(from[i] == BLANK ? 0xf0 : from[i]);
        if (digit < 0)
            return false;
        *value = *value << 4 | (uint32_t)digit;
    }
    return true;
}

/* REP: columns 7-12 the address, 14-16 the ESDID, from 17 on halfwords with commas between. */
static enum load_result rep(struct loader *l, const uint8_t *card)
{
    uint32_t address, id, half;

    if (!hex_number(card + 6, 6, &address) || !hex_number(card + 13, 3, &id) ||
        id >= LOAD_IDS_MAX || !l->ids[id].symbol)
        return LOAD_INVALID;
    address += l->ids[id].delta;
    for (unsigned at = 16; at + 4 <= 72 && card[at] != BLANK; at += 5, address += 2) {
        if (!hex_number(card + at, 4, &half) || !in_image(l, address, 2))
            return LOAD_INVALID;
        if (!l->ids[id].deleted)
            store_be16(l->image + (address - l->table->origin), half);
        if (card[at + 4] != 0x6b) /* comma */
            break;
    }
    return LOAD_OK;
}

enum load_result load_card(struct loader *l, const uint8_t card[LOAD_CARD])
{
    if (card[0] != 0x02)
        return LOAD_INVALID;
    if (is(card, "\xc5\xe2\xc4"))
        return esd(l, card);
    if (is(card, "\xe3\xe7\xe3"))
        return txt(l, card);
    if (is(card, "\xd9\xd3\xc4"))
        return rld(l, card);
    if (is(card, "\xd9\xc5\xd7"))
        return rep(l, card);
    if (is(card, "\xc5\xd5\xc4") || is(card, "\xd3\xc4\xe3")) { /* END, LDT */
        end(l, card);
        return LOAD_END;
    }
    return LOAD_INVALID;
}

enum load_result load_finish(struct loader *l)
{
    for (uint32_t i = 0; i < l->table->symbols; i++) {
        struct load_symbol *s = load_symbol(l->table, i);
        if (s->kind != LOAD_COMMON)
            continue;
        if (!take(l, s->length, &s->address))
            return LOAD_NO_ROOM;
        s->kind = LOAD_SECTION;
        resolve(l, s);
    }
    return LOAD_OK;
}

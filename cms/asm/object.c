/* The TEXT deck: ESD, TXT, RLD and END cards, as the linkage editor and CMS's LOAD read them.
 * GC28-6538, "Object Module Records". */
#include "cms/asm/internal.h"
#include "lib/be.h"

#define TXT_MAX 56 /* bytes on a TXT, ESD or RLD card */

static void put_text(const struct assembler *a, uint8_t *to, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = asm_ebcdic(a, text[i]);
}

static void start_card(const struct assembler *a, uint8_t *card, const char *type)
{
    memset(card, asm_ebcdic(a, ' '), ASM_CARD);
    card[0] = 0x02;
    put_text(a, card + 1, type, 3);
}

static void finish_card(struct assembler *a, uint8_t *card)
{
    char number[9];
    size_t deck = strlen(a->deck);

    if (!a->options->deck)
        return;
    if (a->options->statement_numbers) {
        if (deck > 4)
            deck = 4;
        fmt(number, sizeof(number), "%08u", ++a->object.sequence % 100000000);
        put_text(a, card + 72, a->deck, deck);
        put_text(a, card + 72 + deck, number + deck, 8 - deck);
    }
    a->host->object(a->host->context, card);
}

static void flush_text(struct assembler *a)
{
    struct object *o = &a->object;

    if (!o->length)
        return;
    store_be24(o->card + 5, o->address);
    store_be16(o->card + 10, o->length);
    store_be16(o->card + 14, o->esdid);
    finish_card(a, o->card);
    o->length = 0;
}

static bool has_text(const struct section *s)
{
    return s->kind == SECTION_CSECT || s->kind == SECTION_PRIVATE;
}

void asm_byte(struct assembler *a, uint8_t byte)
{
    struct object *o = &a->object;
    struct section *s = a->current;
    uint32_t address = s->origin + s->location;

    if (a->listed_length == sizeof(a->listed)) {
        if (a->print & PRINT_DATA)
            asm_list_data(a);
        else
            a->listed_length++; /* more than is shown */
    }
    if (a->listed_length < sizeof(a->listed))
        a->listed[a->listed_length++] = byte;
    s->location++;
    if (!has_text(s))
        return;
    if (o->length == TXT_MAX ||
        (o->length && (o->esdid != s->esdid || address != o->address + o->length)))
        flush_text(a);
    if (!o->length) {
        start_card(a, o->card, "TXT");
        o->address = address;
        o->esdid = s->esdid;
    }
    o->card[16 + o->length++] = byte;
}

void asm_bytes(struct assembler *a, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        asm_byte(a, ((const uint8_t *)bytes)[i]);
}

/* Storage without contents. */
void asm_skip(struct assembler *a, uint32_t n)
{
    a->current->location += n;
}

/* An address constant of `length` bytes at the location counter: one RLD item for each section
 * that is in its value. */
void asm_relocate(struct assembler *a, const struct value *v, uint32_t length, char type)
{
    struct section *s = a->current;

    if (!has_text(s))
        return;
    for (unsigned i = 0; i < v->terms; i++) {
        int count = v->term[i].count;
        struct section *to = v->term[i].section;
        if (to->kind == SECTION_DSECT) {
            asm_error_text(a, M_RELOCATABILITY, to->name);
            continue;
        }
        for (int n = count < 0 ? -count : count; n > 0 && asm_room(a, ASM_RESERVE); n--) {
            struct relocation *r = asm_alloc(a, sizeof(*r));
            r->r = to->esdid;
            r->p = s->esdid;
            r->flags =
                (uint8_t)((type == 'V' ? 0x10 : 0) | (length - 1) << 2 | (count < 0 ? 2 : 0));
            r->address = s->origin + s->location;
            if (a->object.last)
                a->object.last->next = r;
            else
                a->object.relocations = r;
            a->object.last = r;
        }
    }
}

struct esd {
    uint8_t card[ASM_CARD];
    uint32_t length;
    uint16_t first; /* ESDID of the card's first item that has one */
};

static void flush_esd(struct assembler *a, struct esd *e)
{
    if (!e->length)
        return;
    store_be16(e->card + 10, e->length);
    if (e->first)
        store_be16(e->card + 14, e->first);
    finish_card(a, e->card);
    e->length = 0;
}

static uint8_t *esd_item(struct assembler *a, struct esd *e, const char *name, uint8_t type,
                         uint16_t id)
{
    if (e->length == 48)
        flush_esd(a, e);
    if (!e->length) {
        start_card(a, e->card, "ESD");
        e->first = 0;
    }
    if (!e->first)
        e->first = id;
    uint8_t *item = e->card + 16 + e->length;
    e->length += 16;
    put_text(a, item, name, strlen(name));
    item[8] = type;
    return item;
}

uint8_t asm_esd_type(const struct section *s)
{
    static const uint8_t types[] = {
        [SECTION_CSECT] = 0x00,  [SECTION_PRIVATE] = 0x04, [SECTION_DSECT] = 0xff,
        [SECTION_COMMON] = 0x05, [SECTION_EXTERN] = 0x02,  [SECTION_WEAK] = 0x0a,
    };

    return types[s->kind];
}

/* The external symbol dictionary: before all text. */
void asm_object_start(struct assembler *a)
{
    struct esd e = {.length = 0};

    for (const struct section *s = a->sections; s; s = s->next) {
        if (!s->esdid)
            continue;
        uint8_t *item = esd_item(a, &e, s->name, asm_esd_type(s), s->esdid);
        if (s->kind == SECTION_EXTERN || s->kind == SECTION_WEAK)
            continue;
        store_be24(item + 9, s->origin);
        store_be24(item + 13, s->end);
    }
    for (const struct symbol *s = a->entries; s; s = s->entry_next) {
        if (!s->defined || !s->section || !has_text(s->section))
            continue;
        uint8_t *item = esd_item(a, &e, s->name, 0x01, 0);
        store_be24(item + 9, s->section->origin + s->value);
        item[13] = 0;
        store_be16(item + 14, s->section->esdid);
    }
    flush_esd(a, &e);
}

static void put_relocations(struct assembler *a)
{
    uint8_t card[ASM_CARD];
    uint32_t n = 0;
    uint8_t *flags = NULL;
    const struct relocation *before = NULL;

    for (const struct relocation *r = a->object.relocations; r; r = r->next) {
        bool same = n && before->r == r->r && before->p == r->p;
        if (n + (same ? 4 : 8) > TXT_MAX) {
            store_be16(card + 10, n);
            finish_card(a, card);
            n = 0;
            same = false;
        }
        if (!n)
            start_card(a, card, "RLD");
        if (same) {
            *flags |= 1; /* R and P of the next one are left out */
        } else {
            store_be16(card + 16 + n, r->r);
            store_be16(card + 18 + n, r->p);
            n += 4;
        }
        flags = card + 16 + n;
        *flags = r->flags;
        store_be24(flags + 1, r->address);
        n += 4;
        before = r;
    }
    if (n) {
        store_be16(card + 10, n);
        finish_card(a, card);
    }
}

void asm_object_end(struct assembler *a)
{
    uint8_t card[ASM_CARD];

    flush_text(a);
    put_relocations(a);
    start_card(a, card, "END");
    if (a->has_entry_point) {
        struct section *s = asm_simple_section(&a->entry_point);
        store_be24(card + 5, (uint32_t)a->entry_point.value);
        store_be16(card + 14, s->esdid);
        if (s->kind == SECTION_EXTERN || s->kind == SECTION_WEAK) {
            memset(card + 5, asm_ebcdic(a, ' '), 3);
            memset(card + 14, asm_ebcdic(a, ' '), 2);
            put_text(a, card + 16, s->name, strlen(s->name));
        }
    }
    put_text(a, card + 32, "1DATBOX-ASM", 11);
    finish_card(a, card);
}

/* A card of the program's own. */
void asm_punch(struct assembler *a, const char *text, size_t length)
{
    uint8_t card[ASM_CARD];

    flush_text(a);
    memset(card, asm_ebcdic(a, ' '), sizeof(card));
    put_text(a, card, text, length < ASM_CARD ? length : ASM_CARD);
    if (a->options->deck)
        a->host->object(a->host->context, card);
}

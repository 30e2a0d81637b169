/* Proves: TEXT decks are loaded as LOAD and INCLUDE should: sections on doublewords one behind the
 * other, address constants relocated by sections, entries and externals with either sign and any
 * length, names brought later, common areas, duplicates left out, REP cards; damaged cards and full
 * tables are reported and change nothing else.  And: a library's members, names and directory are
 * where its header says.  The decks come from the assembler; what must be in storage is written
 * out. */
#include "cms/asm/asm.h"
#include "cms/library/library.h"
#include "cms/load/load.h"
#include "lib/ebcdic.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN     0x20000u
#define IMAGE_SIZE 4096u
#define TABLE_SIZE 4096u
#define CARDS_MAX  100

struct deck {
    const char *source;
    uint8_t cards[CARDS_MAX][80];
    unsigned count;
    void *chunks[64];
    unsigned chunk_count;
};

static uint8_t image[IMAGE_SIZE];
static union {
    struct load_table table;
    uint8_t bytes[TABLE_SIZE];
} storage;
static struct loader loader;

static bool read_source(void *context, char card[ASM_CARD + 1])
{
    struct deck *d = context;
    if (!*d->source)
        return false;
    size_t n = strcspn(d->source, "\n");
    memcpy(card, d->source, n);
    card[n] = 0;
    d->source += n + (d->source[n] == '\n');
    return true;
}

static bool open_member(void *context, const char *name)
{
    return false;
}

static void nothing(void *context, const char *line)
{
}

static void object(void *context, const uint8_t card[ASM_CARD])
{
    struct deck *d = context;
    ck_assert_uint_lt(d->count, CARDS_MAX);
    memcpy(d->cards[d->count++], card, 80);
}

static void *memory(void *context, size_t size)
{
    struct deck *d = context;
    return d->chunks[d->chunk_count++] = malloc(size);
}

static struct deck *deck(const char *source)
{
    static struct deck d;
    static uint8_t table[256];
    struct asm_options options;
    struct asm_result result;
    memset(&d, 0, sizeof d);
    d.source = source;
    for (unsigned i = 0; i < 256; i++)
        table[i] = latin1_to_ebcdic((uint8_t)i);
    struct asm_host host = {&d,     read_source, open_member, read_source, nothing,
                            object, nothing,     memory,      table};
    asm_default_options(&options);
    ck_assert_int_eq(assemble(&host, &options, &result), 0);
    for (unsigned i = 0; i < d.chunk_count; i++)
        free(d.chunks[i]);
    return &d;
}

static void begin(uint32_t limit)
{
    memset(image, 0xee, sizeof image);
    load_begin(&storage.table, TABLE_SIZE, ORIGIN);
    load_open(&loader, &storage.table, image, limit);
}

/* Loads a deck; the worst that was said of a card before END. */
static enum load_result load(const char *source)
{
    enum load_result worst = LOAD_OK, r = LOAD_OK;
    const struct deck *d = deck(source);
    load_new_deck(&loader);
    for (unsigned i = 0; i < d->count && r != LOAD_END; i++) {
        r = load_card(&loader, d->cards[i]);
        if (r != LOAD_END && r > worst)
            worst = r;
    }
    ck_assert_int_eq(r, LOAD_END);
    return worst;
}

static void image_is(uint32_t at, const char *hex)
{
    for (unsigned byte; *hex; hex += 2 + (hex[2] == ' ')) {
        ck_assert_int_eq(sscanf(hex, "%2x", &byte), 1);
        ck_assert_msg(image[at] == byte, "byte %X is %02X, not %02X", at, image[at], byte);
        at++;
    }
}

static const struct load_symbol *symbol(const char *name)
{
    char padded[9];
    uint8_t ebcdic[8];
    snprintf(padded, sizeof padded, "%-8s", name);
    ebcdic_from_latin1(ebcdic, padded, 8);
    return load_find(&storage.table, ebcdic);
}

START_TEST(relocation)
{
    uint32_t entry;
    begin(ORIGIN + IMAGE_SIZE);
    /* START's origin is taken out again; a second section goes on the next doubleword. */
    ck_assert_int_eq(load("A START 256\n ENTRY IN\n DC A(A,IN,B),AL3(IN),X'FF'\nIN DC H'1'\n"
                          "B CSECT\n DC A(IN-A,B-A,A-B)\n END IN\n"),
                     LOAD_OK);
    image_is(0, "00020000 00020010 00020018 020010 FF 0001");
    image_is(0x18, "00000010 00000018 FFFFFFE8");
    ck_assert_uint_eq(storage.table.next, ORIGIN + 0x24);
    ck_assert(load_entry(&storage.table, &entry));
    ck_assert_uint_eq(entry, ORIGIN + 0x10);
    ck_assert_uint_eq(symbol("B")->address, ORIGIN + 0x18);
    ck_assert_int_eq(symbol("IN")->kind, LOAD_ENTRY);
}
END_TEST

START_TEST(brought_later)
{
    uint32_t entry;
    begin(ORIGIN + IMAGE_SIZE);
    ck_assert_int_eq(load("A CSECT\n EXTRN X\n WXTRN W\n DC V(B),A(X+4),A(A-X),A(W)\n END\n"),
                     LOAD_OK);
    image_is(0, "00000000 00000004 00020000 00000000");
    ck_assert_int_eq(symbol("B")->kind, LOAD_UNDEFINED);
    ck_assert_int_eq(symbol("W")->kind, LOAD_WEAK);
    ck_assert_uint_eq(storage.table.references, 4);
    ck_assert(load_entry(&storage.table, &entry));
    ck_assert_uint_eq(entry, ORIGIN); /* no END card named one: the first section */
    /* The table may be moved between decks: INCLUDE finds it in storage. */
    static uint8_t copy[TABLE_SIZE];
    memcpy(copy, &storage, TABLE_SIZE);
    memset(&storage, 0, sizeof storage);
    memcpy(&storage, copy, TABLE_SIZE);
    load_open(&loader, &storage.table, image, ORIGIN + IMAGE_SIZE);
    ck_assert_int_eq(load("B CSECT\n ENTRY X\n DC F'1'\nX DC V(A)\n END\n"), LOAD_OK);
    image_is(0, "00020010 00020018 FFFFFFEC 00000000 00000001 00020000");
    ck_assert_uint_eq(storage.table.references, 1);
    ck_assert_int_eq(symbol("X")->kind, LOAD_ENTRY);
}
END_TEST

START_TEST(duplicates)
{
    begin(ORIGIN + IMAGE_SIZE);
    load("A CSECT\n DC F'1'\n END\n");
    /* The second A is left out, what the deck says of it means the first one. */
    ck_assert_int_eq(load("C CSECT\n DC A(A+2)\nA CSECT\n DC F'2',A(C)\n END\n"), LOAD_DUPLICATE);
    ck_assert(!memcmp(loader.name, "\xc1\x40", 2));
    image_is(0, "00000001 00000000 00020002");
    ck_assert_uint_eq(storage.table.next, ORIGIN + 12);
}
END_TEST

START_TEST(common_and_rep)
{
    begin(ORIGIN + IMAGE_SIZE);
    load("A CSECT\n DC A(CM)\nCM COM\n DS CL8\n END\n");
    load("B CSECT\n DC A(CM+1)\nCM COM\n DS CL20\n END\n");
    ck_assert_int_eq(load_finish(&loader), LOAD_OK);
    image_is(0, "00020010 00000000 00020011");
    ck_assert_uint_eq(storage.table.next, ORIGIN + 0x10 + 20);
    /* REP into section 1 of the deck that is being loaded. */
    uint8_t card[80];
    load_new_deck(&loader);
    const struct deck *d = deck("R CSECT\n DC F'0'\n END\n");
    ck_assert_int_eq(load_card(&loader, d->cards[0]), LOAD_OK);
    ebcdic_from_latin1(card,
                       " REP  000002 001ABCD,0012 A REMARK                                    "
                       "          ",
                       80);
    card[0] = 2;
    ck_assert_int_eq(load_card(&loader, card), LOAD_OK);
    image_is(symbol("R")->address - ORIGIN, "0000ABCD");
    card[6] = 0xe9; /* Z is no digit */
    ck_assert_int_eq(load_card(&loader, card), LOAD_INVALID);
}
END_TEST

START_TEST(damage)
{
    uint8_t card[80] = {2, 0xe3, 0xe7, 0xe3};
    begin(ORIGIN + 64);
    ck_assert_int_eq(load_card(&loader, card), LOAD_INVALID); /* no ESDID before it */
    ck_assert_int_eq(load("A CSECT\n DC F'1'\n END\n"), LOAD_OK);
    const struct deck *d = deck("B CSECT\n DC F'1'\n END\n");
    load_card(&loader, d->cards[0]);
    memcpy(card, d->cards[1], 80);
    card[5] = 0xff; /* an address outside of the program */
    ck_assert_int_eq(load_card(&loader, card), LOAD_INVALID);
    card[5] = 0;
    card[10] = 1; /* more bytes than a card has */
    ck_assert_int_eq(load_card(&loader, card), LOAD_INVALID);
    card[0] = 0x40;
    ck_assert_int_eq(load_card(&loader, card), LOAD_INVALID);
    ck_assert_int_eq(load("C CSECT\n DS CL100\n END\n"), LOAD_NO_ROOM);
    /* More names than the table holds. */
    begin(ORIGIN + IMAGE_SIZE);
    char source[120];
    enum load_result r = LOAD_OK;
    for (unsigned i = 0; i < 300 && r == LOAD_OK; i++) {
        snprintf(source, sizeof source, "A%u CSECT\n DC V(B%u)\n END\n", i, i);
        r = load(source);
    }
    ck_assert_int_eq(r, LOAD_FULL);
    ck_assert(load_table_is_good(&storage.table));
}
END_TEST

/* ---- libraries ---- */

static uint8_t records[100][LIBRARY_RECORD];
static unsigned record_count;

static bool write_record(void *context, uint32_t item, const uint8_t record[LIBRARY_RECORD])
{
    if (item > 100)
        return false;
    memcpy(records[item - 1], record, LIBRARY_RECORD);
    if (item > record_count)
        record_count = item;
    return true;
}

static enum library_error cards(struct library_writer *w, const char *lines, bool copy)
{
    char text[LIBRARY_RECORD];
    uint8_t record[LIBRARY_RECORD];
    enum library_error e = LIBRARY_OK;
    while (*lines && !e) {
        size_t n = strcspn(lines, "\n");
        memset(text, ' ', sizeof text);
        memcpy(text, lines, n);
        lines += n + 1;
        ebcdic_from_latin1(record, text, sizeof record);
        e = copy ? library_copy_card(w, text, record) : library_macro_card(w, text, record);
    }
    return e;
}

START_TEST(libraries)
{
    static struct library_member members[4];
    struct library_writer w = {.write = write_record, .members = members, .most = 4};
    const struct library_header *h = (const struct library_header *)records[0];
    record_count = 0;
    ck_assert_int_eq(library_begin(&w), LIBRARY_OK);
    ck_assert_int_eq(cards(&w,
                           "* OUTSIDE\n MACRO\n.* REMARK\n&L ONE &X\n MACRO\n IN\n MEND\n MEND\n"
                           " MACRO\n TWO\n MEND\n",
                           false),
                     LIBRARY_OK);
    ck_assert_int_eq(library_member_begin(&w, (const uint8_t *)"\xc6\x40\x40\x40\x40\x40\x40\x40"),
                     LIBRARY_OK);
    ck_assert_int_eq(cards(&w, "*COPY THREE\nA EQU 1\n*COPY FOUR\nB EQU 2\nC EQU 3\n", true),
                     LIBRARY_OK);
    ck_assert_int_eq(library_member_begin(&w, members[0].name), LIBRARY_FULL);
    ck_assert_int_eq(library_end(&w), LIBRARY_OK);
    ck_assert_uint_eq(record_count, 1 + 7 + 3 + 1 + 2 + 1);
    ck_assert(library_header_is_good(h, record_count));
    ck_assert(!library_header_is_good(h, record_count - 1));
    ck_assert(!memcmp(h->identifier, "\xd3\xc9\xc2\xd7\xc4\xe2", 6));
    ck_assert_uint_eq(get32(h->directory_item), 15);
    ck_assert_uint_eq(get32(h->directory_size), 64);
    const struct library_member *m = (const struct library_member *)records[14];
    ck_assert(!memcmp(m[0].name, "\xd6\xd5\xc5\x40", 4)); /* ONE */
    ck_assert_uint_eq(get32(m[0].item), 2);
    ck_assert_uint_eq(get32(m[0].records), 7);
    ck_assert(!memcmp(m[3].name, "\xc6\xd6\xe4\xd9", 4)); /* FOUR */
    ck_assert_uint_eq(get32(m[3].item), 13);
    ck_assert_uint_eq(get32(m[3].records), 2);
    /* No MEND, no name. */
    w.most = 4;
    library_begin(&w);
    ck_assert_int_eq(cards(&w, " MACRO\n X\n", false), LIBRARY_OK);
    ck_assert_int_eq(library_end(&w), LIBRARY_OPEN);
    library_begin(&w);
    ck_assert_int_eq(cards(&w, " MACRO\n TOOLONGNAME\n", false), LIBRARY_NAME);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("loader and libraries");
    TCase *t = tcase_create("load");
    suite_add_tcase(s, t);
    tcase_add_test(t, relocation);
    tcase_add_test(t, brought_later);
    tcase_add_test(t, duplicates);
    tcase_add_test(t, common_and_rep);
    tcase_add_test(t, damage);
    tcase_add_test(t, libraries);
    return run_suite(s);
}

/* Storage, translation and the gate: every format of the tables, every exception, keys,
 * reference and change bits, operands across blocks, notice of changed code. */
#include "dat/gate.h"
#include "dat/translate.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>

#define SIZE (1u << 20)

static struct storage storage;
static struct gate *gate;
static unsigned changes;
static uint32_t changed_at;

static void note_change(void *cpu, uint32_t address, uint32_t length)
{
    changes++;
    changed_at = address;
}

static void setup(void)
{
    ck_assert(storage_init(&storage, SIZE));
    storage.code_changed = note_change;
    changes = 0;
    gate = malloc(sizeof *gate);
    ck_assert_ptr_nonnull(gate);
    gate_init(gate, &storage);
}

static void teardown(void)
{
    free(gate);
    storage_free(&storage);
}

struct format {
    uint32_t cr0, segment, page; /* sizes in bytes */
};

static const struct format formats[] = {
    {CR0_PAGE_2K | CR0_SEGMENT_64K, 0x10000, 0x800},
    {CR0_PAGE_4K | CR0_SEGMENT_64K, 0x10000, 0x1000},
    {CR0_PAGE_2K | CR0_SEGMENT_1M, 0x100000, 0x800},
    {CR0_PAGE_4K | CR0_SEGMENT_1M, 0x100000, 0x1000},
};

#define SEGMENTS 0x8000u /* segment table */
#define PAGES    0x9000u /* page table of segment 2 */
#define CR1      (0xff000000 | SEGMENTS)

static void put_pte(const struct format *f, uint32_t index, uint32_t frame, bool invalid)
{
    uint32_t pte = frame >> 8 | (invalid ? (f->page == 0x1000 ? PTE4K_INVALID : PTE2K_INVALID) : 0);
    store_be16(storage.main + PAGES + 2 * index, pte);
}

/* Segment 2 has a page table of full length: page 3 is at 20000, page 4 invalid. */
static void put_tables(const struct format *f)
{
    memset(storage.main + SEGMENTS, 0xff, 0x100); /* all invalid */
    store_be32(storage.main + SEGMENTS + 8, 0xf0000000 | PAGES);
    put_pte(f, 3, 0x20000, false);
    put_pte(f, 4, 0, true);
    put_pte(f, 5, 0x30000, false);
}

START_TEST(translates_in_every_format)
{
    const struct format *f = &formats[_i];
    struct dat_result r;
    put_tables(f);
    uint32_t base = 2 * f->segment;
    ck_assert_int_eq(dat_translate(&storage, 0, f->cr0, CR1, base + 3 * f->page + 0x123, &r), 0);
    ck_assert_int_eq(r.kind, DAT_REAL);
    ck_assert_uint_eq(r.address, 0x20123);
    ck_assert_int_eq(dat_translate(&storage, 0, f->cr0, CR1, base + 4 * f->page, &r), 0);
    ck_assert_int_eq(r.kind, DAT_PAGE_INVALID);
    ck_assert_uint_eq(r.address, PAGES + 8);
    ck_assert_int_eq(dat_fault(&r), PGM_PAGE);
    ck_assert_int_eq(dat_translate(&storage, 0, f->cr0, CR1, f->segment, &r), 0);
    ck_assert_int_eq(r.kind, DAT_SEGMENT_INVALID);
    ck_assert_uint_eq(r.address, SEGMENTS + 4);
    ck_assert_int_eq(dat_fault(&r), PGM_SEGMENT);
}
END_TEST

START_TEST(tables_have_lengths)
{
    const struct format *f = &formats[_i];
    struct dat_result r;
    put_tables(f);
    /* A page table of 1/16 of the full length. */
    store_be32(storage.main + SEGMENTS + 8, PAGES);
    uint32_t sixteenth = f->segment / f->page / 16;
    uint32_t beyond = 2 * f->segment + sixteenth * f->page;
    ck_assert_int_eq(dat_translate(&storage, 0, f->cr0, CR1, beyond, &r), 0);
    ck_assert_int_eq(r.kind, DAT_LENGTH);
    ck_assert_int_eq(dat_fault(&r), PGM_PAGE);
    ck_assert_uint_eq(r.address, PAGES + 2 * sixteenth);
    ck_assert_int_eq(dat_translate(&storage, 0, f->cr0, CR1, beyond - 1, &r), 0);
    ck_assert_int_ne(r.kind, DAT_LENGTH);
    if (f->segment == 0x10000) { /* 16 entries only */
        ck_assert_int_eq(dat_translate(&storage, 0, f->cr0, SEGMENTS, 0x100000, &r), 0);
        ck_assert_int_eq(r.kind, DAT_LENGTH);
        ck_assert_int_eq(dat_fault(&r), PGM_SEGMENT);
        ck_assert_uint_eq(r.address, SEGMENTS + 64);
    }
}
END_TEST

START_TEST(bad_tables)
{
    const struct format *f = &formats[_i];
    struct dat_result r;
    uint32_t address = 2 * f->segment + 3 * f->page;
    put_tables(f);
    ck_assert_int_eq(dat_translate(&storage, 0, 0, CR1, address, &r), PGM_TRANSLATION);
    ck_assert_int_eq(dat_translate(&storage, 0, f->cr0, 0xffffffc0, address, &r), PGM_ADDRESSING);
    store_be32(storage.main + SEGMENTS + 8, 0xf1000000 | PAGES);
    ck_assert_int_eq(dat_translate(&storage, 0, f->cr0, CR1, address, &r), PGM_TRANSLATION);
    store_be32(storage.main + SEGMENTS + 8, 0xf0fffff8);
    ck_assert_int_eq(dat_translate(&storage, 0, f->cr0, CR1, address, &r), PGM_ADDRESSING);
    put_tables(f);
    storage.main[PAGES + 7] |= 2;
    ck_assert_int_eq(dat_translate(&storage, 0, f->cr0, CR1, address, &r), PGM_TRANSLATION);
}
END_TEST

/* Beyond 16 MiB: by the extension bits of 4K page tables only. */
START_TEST(real_addresses_of_26_bits)
{
    const struct format *f = &formats[1];
    struct storage large;
    struct dat_result r;
    uint32_t v, address = 2 * f->segment + 3 * f->page;
    ck_assert(storage_init(&large, STORAGE_SIZE_MOST));
    store_be32(large.main + SEGMENTS + 8, 0xf0000000 | PAGES);
    store_be16(large.main + PAGES + 6, 0x1236); /* 3123000 */
    ck_assert_int_eq(dat_translate(&large, 0, f->cr0, CR1, address + 4, &r), 0);
    ck_assert_int_eq(r.kind, DAT_REAL);
    ck_assert_uint_eq(r.address, 0x3123004);
    struct gate *g = malloc(sizeof *g);
    gate_init(g, &large);
    gate_set_space(g, true, f->cr0, CR1);
    ck_assert_int_eq(gate_store4(g, address + 4, 0x01020304), 0);
    ck_assert_uint_eq(load_be32(large.main + 0x3123004), 0x01020304);
    ck_assert_uint_eq(large.keys[0x3123000 / STORAGE_BLOCK], KEY_REFERENCE | KEY_CHANGE);
    ck_assert_int_eq(gate_fetch4(g, address + 4, &v), 0);
    ck_assert_uint_eq(v, 0x01020304);
    free(g);
    storage_free(&large);
    ck_assert(storage_init(&large, 32u << 20)); /* the address is beyond its end */
    store_be32(large.main + SEGMENTS + 8, 0xf0000000 | PAGES);
    store_be16(large.main + PAGES + 6, 0x1236);
    g = malloc(sizeof *g);
    gate_init(g, &large);
    gate_set_space(g, true, f->cr0, CR1);
    ck_assert_int_eq(gate_store4(g, address, 1), PGM_ADDRESSING);
    free(g);
    storage_free(&large);
}
END_TEST

START_TEST(gate_reports_the_address)
{
    const struct format *f = &formats[1];
    uint32_t v, page = 2 * f->segment + 3 * f->page;
    put_tables(f);
    gate_set_space(gate, true, f->cr0, CR1);
    store_be32(storage.main + 0x20ffc, 0x01020304);
    ck_assert_int_eq(gate_fetch4(gate, page + 0xffc, &v), 0);
    ck_assert_uint_eq(v, 0x01020304);
    /* The last two bytes are in an invalid page: nothing is stored in the first. */
    ck_assert_int_eq(gate_store4(gate, page + 0xffe, 0xffffffff), PGM_PAGE);
    ck_assert_uint_eq(gate->fault_address, page + 0x1000);
    ck_assert_uint_eq(load_be32(storage.main + 0x20ffc), 0x01020304);
    ck_assert_uint_eq(storage.keys[0x20800 / STORAGE_BLOCK], KEY_REFERENCE);
    ck_assert_int_eq(gate_fetch4(gate, 0x10, &v), PGM_SEGMENT);
    /* Page 3 and page 5 as neighbours: an operand over two frames that are apart. */
    put_pte(f, 4, 0x30000, false);
    ck_assert_int_eq(gate_store4(gate, page + 0xffe, 0xa1a2a3a4), 0);
    ck_assert_uint_eq(load_be16(storage.main + 0x20ffe), 0xa1a2);
    ck_assert_uint_eq(load_be16(storage.main + 0x30000), 0xa3a4);
}
END_TEST

START_TEST(spaces_do_not_mix)
{
    const struct format *f = &formats[1];
    uint32_t v, page = 2 * f->segment + 3 * f->page;
    put_tables(f);
    storage.main[page] = 1; /* real */
    storage.main[0x20000] = 2;
    for (unsigned k = 0; k < 40; k++) {
        gate_set_space(gate, false, f->cr0, CR1);
        ck_assert_int_eq(gate_fetch1(gate, page, &v), 0);
        ck_assert_uint_eq(v, 1);
        /* Many segment tables: more than there are spaces. */
        uint32_t table = 0xa000 + 0x100 * (k % 20);
        memcpy(storage.main + table, storage.main + SEGMENTS, 0x100);
        gate_set_space(gate, true, f->cr0, 0xff000000 | table);
        ck_assert_int_eq(gate_fetch1(gate, page, &v), 0);
        ck_assert_uint_eq(v, 2);
    }
}
END_TEST

START_TEST(keys_protect)
{
    uint32_t v;
    storage.keys[2] = 0x30;             /* 1000-17FF */
    storage.keys[3] = 0x30 | KEY_FETCH; /* 1800-1FFF */
    gate_set_key(gate, 4);
    ck_assert_int_eq(gate_fetch4(gate, 0x1000, &v), 0);
    ck_assert_int_eq(gate_store4(gate, 0x1000, 1), PGM_PROTECTION);
    ck_assert_int_eq(gate_fetch4(gate, 0x1800, &v), PGM_PROTECTION);
    ck_assert_int_eq(gate_fetch4(gate, 0x17fe, &v), PGM_PROTECTION);
    ck_assert_uint_eq(storage.keys[3], 0x30 | KEY_FETCH);
    gate_set_key(gate, 3);
    ck_assert_int_eq(gate_store4(gate, 0x17fe, 1), 0);
    ck_assert_uint_eq(storage.keys[2], 0x30 | KEY_REFERENCE | KEY_CHANGE);
    ck_assert_uint_eq(storage.keys[3], 0x30 | KEY_FETCH | KEY_REFERENCE | KEY_CHANGE);
    gate_set_key(gate, 4); /* the entries made for key 3 do not help */
    ck_assert_int_eq(gate_store4(gate, 0x1000, 1), PGM_PROTECTION);
    ck_assert_int_eq(gate_fetch4(gate, 0x1800, &v), PGM_PROTECTION);
    gate_set_key(gate, 0);
    ck_assert_int_eq(gate_store4(gate, 0x1800, 1), 0);
}
END_TEST

START_TEST(reference_and_change)
{
    uint32_t v;
    ck_assert_int_eq(gate_fetch4(gate, 0x2000, &v), 0);
    ck_assert_uint_eq(storage.keys[4], KEY_REFERENCE);
    ck_assert_int_eq(gate_store1(gate, 0x2001, 1), 0);
    ck_assert_uint_eq(storage.keys[4], KEY_REFERENCE | KEY_CHANGE);
    /* What RESET REFERENCE BIT does: the next access must set it again. */
    storage.keys[4] = 0;
    gate_purge(gate);
    ck_assert_int_eq(gate_fetch1(gate, 0x2001, &v), 0);
    ck_assert_uint_eq(storage.keys[4], KEY_REFERENCE);
    for (unsigned k = 0; k < 600; k++) { /* more than the generations of entries */
        gate_purge(gate);
        storage.keys[4] = 0;
        ck_assert_int_eq(gate_store1(gate, 0x2001, 1), 0);
        ck_assert_uint_eq(storage.keys[4], KEY_REFERENCE | KEY_CHANGE);
    }
}
END_TEST

START_TEST(addressing_and_wrap)
{
    uint32_t v;
    ck_assert_int_eq(gate_fetch4(gate, SIZE, &v), PGM_ADDRESSING);
    ck_assert_int_eq(gate_fetch4(gate, SIZE - 2, &v), PGM_ADDRESSING);
    ck_assert_int_eq(gate_fetch4(gate, SIZE - 4, &v), 0);
    ck_assert_int_eq(gate_fetch4(gate, 0xfffffe, &v), PGM_ADDRESSING);
    ck_assert_int_eq(gate_store4(gate, 0xfffffe, 1), PGM_ADDRESSING);
}
END_TEST

START_TEST(storage_of_16_megabytes_wraps)
{
    uint32_t v;
    teardown();
    ck_assert(storage_init(&storage, 0x1000000));
    gate = malloc(sizeof *gate);
    gate_init(gate, &storage);
    ck_assert_int_eq(gate_store4(gate, 0xfffffe, 0x11223344), 0);
    ck_assert_uint_eq(load_be16(storage.main + 0xfffffe), 0x1122);
    ck_assert_uint_eq(load_be16(storage.main), 0x3344);
    ck_assert_int_eq(gate_fetch4(gate, 0xfffffe, &v), 0);
    ck_assert_uint_eq(v, 0x11223344);
}
END_TEST

START_TEST(low_address_protection)
{
    uint32_t v;
    ck_assert_int_eq(gate_store4(gate, 0x100, 1), 0);
    gate_set_space(gate, false, CR_BIT(3), 0);
    ck_assert_int_eq(gate_store4(gate, 0x100, 1), PGM_PROTECTION);
    ck_assert_int_eq(gate_fetch4(gate, 0x100, &v), 0);
    ck_assert_int_eq(gate_store4(gate, 0x200, 1), 0);
    ck_assert_int_eq(gate_store4(gate, 0x1fe, 1), PGM_PROTECTION);
}
END_TEST

/* Segment protection: the CPU does not store through that entry, with whatever key; a fetch before
 * does not open the way. */
START_TEST(segment_protection)
{
    const struct format *f = &formats[1];
    uint32_t v;
    store_be32(storage.main + SEGMENTS + 8, 0xf0000000 | PAGES);
    store_be32(storage.main + SEGMENTS + 12, 0xf0000000 | PAGES | STE_PROTECT);
    put_pte(f, 0, 0x5000, false);
    gate_set_space(gate, true, f->cr0, CR1);
    ck_assert_int_eq(gate_fetch4(gate, 0x30010, &v), 0);
    ck_assert_int_eq(gate_store4(gate, 0x30010, 1), PGM_PROTECTION);
    ck_assert_int_eq(gate_store4(gate, 0x20010, 2), 0);
    ck_assert_int_eq(gate_fetch4(gate, 0x30010, &v), 0);
    ck_assert_uint_eq(v, 2);
    ck_assert_int_eq(gate_store4(gate, 0x30010, 1), PGM_PROTECTION);
}
END_TEST

START_TEST(stores_into_code_are_noticed)
{
    uint8_t byte = 1;
    ck_assert_int_eq(gate_store1(gate, 0x3000, 1), 0);
    ck_assert_uint_eq(changes, 0);
    storage.code[0x3000 / STORAGE_BLOCK] = 1;
    gate_purge(gate); /* what the CPU does when it decodes a block's first instruction */
    for (unsigned k = 0; k < 3; k++)
        ck_assert_int_eq(gate_store1(gate, 0x3004, 1), 0);
    ck_assert_uint_eq(changes, 0); /* no instruction in that line */
    storage.code_lines[0x3000 / STORAGE_BLOCK] = 1;
    ck_assert_int_eq(gate_store1(gate, 0x3000 + CODE_LINE, 1), 0);
    ck_assert_uint_eq(changes, 0);
    for (unsigned k = 0; k < 3; k++)
        ck_assert_int_eq(gate_store1(gate, 0x3004, 1), 0);
    ck_assert_uint_eq(changes, 3);
    ck_assert_uint_eq(changed_at, 0x3004);
    ck_assert_int_eq(channel_store(&storage, 0x3005, 0, &byte, 1), STORAGE_OK);
    ck_assert(storage_poke(&storage, 0x2fff, "xx", 2));
    ck_assert_uint_eq(changes, 5);
}
END_TEST

START_TEST(channels_have_keys_too)
{
    uint8_t bytes[4096] = {1};
    storage.keys[2] = 0x50 | KEY_FETCH;
    ck_assert_int_eq(channel_fetch(&storage, 0x1000, 6, bytes, 1), STORAGE_PROTECTION);
    ck_assert_int_eq(channel_store(&storage, 0x0fff, 6, bytes, 2), STORAGE_PROTECTION);
    ck_assert_int_eq(channel_store(&storage, 0x1000, 5, bytes, 2), STORAGE_OK);
    ck_assert_uint_eq(storage.keys[2], 0x50 | KEY_FETCH | KEY_REFERENCE | KEY_CHANGE);
    ck_assert_int_eq(channel_store(&storage, SIZE - 1, 0, bytes, 2), STORAGE_ADDRESSING);
    ck_assert_int_eq(channel_fetch(&storage, 0x01000000, 0, bytes, 2), STORAGE_ADDRESSING);
    ck_assert_int_eq(channel_fetch(&storage, SIZE, 0, bytes, 0), STORAGE_OK);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("dat");
    TCase *t = tcase_create("dat");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, translates_in_every_format, 0, 4);
    tcase_add_loop_test(t, tables_have_lengths, 0, 4);
    tcase_add_loop_test(t, bad_tables, 0, 4);
    tcase_add_test(t, real_addresses_of_26_bits);
    tcase_add_test(t, gate_reports_the_address);
    tcase_add_test(t, spaces_do_not_mix);
    tcase_add_test(t, keys_protect);
    tcase_add_test(t, reference_and_change);
    tcase_add_test(t, addressing_and_wrap);
    tcase_add_test(t, storage_of_16_megabytes_wraps);
    tcase_add_test(t, low_address_protection);
    tcase_add_test(t, segment_protection);
    tcase_add_test(t, stores_into_code_are_noticed);
    tcase_add_test(t, channels_have_keys_too);
    suite_add_tcase(s, t);
    return run_suite(s);
}

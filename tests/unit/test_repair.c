/* The repair of CMS disks, EDF's and those of 800-byte blocks: after any damage to pointers, map
 * and label the disk checks clean, and each file is whole or was named; a repair that is broken off
 * at any write can be done again. */
#include "cms/fs/edf_internal.h"
#include "lib/ebcdic.h"
#include "tests/unit/run_suite.h"
#include "tools/volume/cms_check.h"
#include "tools/volume/cms_repair.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS 2400u
#define FILES  14u

struct medium {
    uint32_t size;
    uint8_t *bytes;
    int writes_left; /* negative: any number */
    unsigned writes;
};

static struct medium medium;
static struct edf_disk disk;
static uint8_t memory[131072];
static char said[65536];
static uint32_t rnd_state;

static uint32_t rnd(uint32_t n)
{
    rnd_state = rnd_state * 1664525 + 1013904223;
    return (rnd_state >> 8) % n;
}

static bool medium_read(void *context, uint32_t block, void *bytes)
{
    if (block < 1 || block > BLOCKS)
        return false;
    memcpy(bytes, medium.bytes + (size_t)(block - 1) * medium.size, medium.size);
    return true;
}

static bool medium_write(void *context, uint32_t block, const void *bytes)
{
    if (block < 1 || block > BLOCKS || !medium.writes_left)
        return false;
    medium.writes_left -= medium.writes_left > 0;
    medium.writes++;
    memcpy(medium.bytes + (size_t)(block - 1) * medium.size, bytes, medium.size);
    return true;
}

static void now(void *context, uint8_t date[7])
{
    memset(date, 0x20, 7);
}

static const struct edf_io io = {NULL, medium_read, medium_write, now};

static void hear(void *context, const char *text)
{
    if (strlen(said) + strlen(text) + 2 < sizeof said)
        strcat(strcat(said, text), "\n");
}

static enum cms_repair_result repair(void)
{
    said[0] = 0;
    return cms_repair(&io, medium.size, BLOCKS, hear, NULL);
}

static void complain(void *context, const char *text)
{
    fprintf(stderr, "check: %s\n", text);
}

static struct edf_name file_name(unsigned i)
{
    struct edf_name n;
    char fn[9];
    snprintf(fn, sizeof fn, "FILE%02u", i);
    edf_name_set(&n, fn, "DATA");
    ebcdic_from_latin1(&n, &n, sizeof n);
    return n;
}

/* Record r (from 0) of file i; its length.  F: 100. */
static uint32_t make_record(unsigned i, unsigned r, uint8_t *to)
{
    uint32_t n = i % 2 ? 1 + (r * 37 + i) % 300 : 100;
    for (uint32_t k = 0; k < n; k++)
        to[k] = (uint8_t)(0x40 + (i * 7 + r * 3 + k) % 180);
    return n;
}

static unsigned records_of(unsigned i)
{
    return i < 2 ? 1200 : 3 + i * 20;
}

static void mount(void)
{
    ck_assert_int_eq(edf_mount(&disk, &io, medium.size, memory, sizeof memory, true), EDF_OK);
    ck_assert(disk.writable);
}

static void make_disk(uint32_t size)
{
    uint8_t record[300];
    struct edf_file f;
    medium = (struct medium){size, calloc(BLOCKS, size), -1, 0};
    ck_assert_int_eq(edf_format(&io, size, BLOCKS, 1, (const uint8_t *)"\xd9\xc5\xd7\xc1\xc9\xd9",
                                memory, sizeof memory),
                     EDF_OK);
    mount();
    for (unsigned i = 0; i < FILES; i++) {
        struct edf_name n = file_name(i);
        ck_assert_int_eq(edf_create(&disk, &f, &n, 0xf1, i % 2 ? EDF_VARYING : EDF_FIXED, 100),
                         EDF_OK);
        for (unsigned r = 0; r < records_of(i); r++) {
            uint32_t length = make_record(i, r, record);
            ck_assert_int_eq(edf_write(&f, 0, record, length), EDF_OK);
        }
        ck_assert_int_eq(edf_close(&f), EDF_OK);
    }
    ck_assert_int_eq(edf_release(&disk), EDF_OK);
    ck_assert_uint_eq(cms_check(&io, size, complain, NULL), 0);
}

static bool intact(unsigned i)
{
    uint8_t is[300], should[300];
    struct edf_name n = file_name(i);
    struct edf_file f;
    uint32_t length;
    bool same = edf_open(&disk, &f, &n, false) == EDF_OK;
    if (!same)
        return false;
    for (unsigned r = 0; r < records_of(i) && same; r++)
        same = edf_read(&f, r + 1, is, sizeof is, &length) == EDF_OK &&
               length == make_record(i, r, should) && !memcmp(is, should, length);
    same = same && edf_read(&f, records_of(i) + 1, is, sizeof is, &length) == EDF_END;
    edf_close(&f);
    return same;
}

/* Each file is whole, or it was named, or blocks were found that no file has (a hole in a file
 * with F records is nothing that can be seen). */
static void nothing_silent(void)
{
    char name[20];
    bool lost = strstr(said, "LOST") != NULL;
    for (unsigned i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "FILE%02u   DATA", i);
        if (!intact(i) && !strstr(said, name) && !(lost && i % 2 == 0))
            ck_abort_msg("%s was lost and nothing was said:\n%s", name, said);
    }
}

/* The blocks of pointers and of the map. */
static unsigned find_structure(uint32_t *blocks)
{
    static uint8_t data[BLOCKS + 1];
    unsigned n = 0;
    memset(data, 0, sizeof data);
    mount();
    for (unsigned i = 0; i < FILES; i++) {
        struct edf_name name = file_name(i);
        struct edf_file f;
        ck_assert_int_eq(edf_open(&disk, &f, &name, false), EDF_OK);
        for (uint32_t k = 0; k < f.tree.blocks; k++)
            data[edf_leaf(&disk, &f.tree, k)] = 1;
        edf_close(&f);
    }
    for (uint32_t i = 0; i < (disk.cdf ? 0 : disk.directory.blocks); i++)
        data[edf_leaf(&disk, &disk.directory, i)] = 1;
    for (uint32_t i = 0; disk.cdf && i < cdf_list_length(disk.mfd); i++)
        data[load_be16(disk.mfd + 2 * i)] = 1;
    for (uint32_t b = EDF_ROOT_B + !disk.cdf; b <= BLOCKS; b++)
        if (edf_committed(&disk, b) && !data[b])
            blocks[n++] = b;
    return n;
}

static void damage(const uint32_t *blocks, unsigned n)
{
    for (unsigned k = 1 + rnd(3); k; k--) {
        uint32_t block = blocks[rnd(n)], place = rnd(medium.size);
        if (rnd(8) == 0) { /* the counts, and the MFD's part of the map */
            block = EDF_COMMIT_BLOCK(medium.size);
            place = medium.size == CDF_BLOCK ? CDF_USED + rnd(CDF_UNIT - CDF_USED) : 0x1c + rnd(8);
        }
        medium.bytes[(block - 1) * medium.size + place] = (uint8_t)rnd(256);
    }
}

static void damage_everywhere(uint32_t size)
{
    static uint32_t blocks[BLOCKS];
    make_disk(size);
    unsigned n = find_structure(blocks), repaired = 0;
    uint8_t *good = malloc(BLOCKS * size);
    ck_assert_uint_gt(n, 5);
    memcpy(good, medium.bytes, BLOCKS * size);
    for (unsigned round = 0; round < 60; round++) {
        rnd_state = round * 77 + size;
        memcpy(medium.bytes, good, BLOCKS * size);
        damage(blocks, n);
        bool bad = cms_check(&io, size, NULL, NULL) != 0;
        ck_assert_int_eq(repair(), bad ? CMS_REPAIR_DONE : CMS_REPAIR_NOTHING);
        ck_assert_uint_eq(cms_check(&io, size, complain, NULL), 0);
        ck_assert_int_eq(repair() == CMS_REPAIR_NOTHING, true);
        memcpy(medium.bytes, good, BLOCKS * size);
        rnd_state = round * 77 + size;
        damage(blocks, n);
        repair();
        mount();
        nothing_silent();
        repaired += bad;
    }
    ck_assert_uint_gt(repaired, 28);
    free(good);
    free(medium.bytes);
}

START_TEST(test_damage)
{
    damage_everywhere(512);
    damage_everywhere(1024);
    damage_everywhere(CDF_BLOCK);
}
END_TEST

static uint8_t *at(uint32_t block)
{
    return medium.bytes + (size_t)(block - 1) * medium.size;
}

/* The origins of two files are made one: both have the same blocks, the other's are lost. */
static void same_origin(unsigned i, unsigned j)
{
    mount();
    struct edf_name a = file_name(i), b = file_name(j);
    struct edf_fst fst, other;
    uint32_t slot;
    ck_assert(edf_find(&disk, &a, &slot, &fst));
    ck_assert(edf_find(&disk, &b, &slot, &other));
    fst.name = other.name;
    ck_assert(edf_slot_write(&disk, slot, &fst));
    ck_assert_int_eq(edf_commit(&disk), EDF_OK);
}

/* A repair that is broken off at any of its writes is done again. */
static void broken_off(uint32_t size)
{
    make_disk(size);
    same_origin(4, 6);
    uint8_t *damaged = malloc(BLOCKS * size);
    memcpy(damaged, medium.bytes, BLOCKS * size);
    medium.writes = 0;
    ck_assert_int_eq(repair(), CMS_REPAIR_DONE);
    unsigned writes = medium.writes;
    ck_assert_ptr_nonnull(strstr(said, "LOST"));
    ck_assert_uint_ge(writes, 4);
    for (unsigned k = 0; k <= writes; k++) {
        memcpy(medium.bytes, damaged, BLOCKS * size);
        medium.writes_left = (int)k;
        ck_assert_int_eq(repair(), k < writes ? CMS_REPAIR_FAILED : CMS_REPAIR_DONE);
        medium.writes_left = -1;
        ck_assert_int_eq(repair(), k < writes ? CMS_REPAIR_DONE : CMS_REPAIR_NOTHING);
        ck_assert_uint_eq(cms_check(&io, size, complain, NULL), 0);
        mount();
        for (unsigned i = 0; i < FILES; i++)
            ck_assert_int_eq(intact(i), i != 6);
    }
    free(damaged);
    free(medium.bytes);
}

START_TEST(test_broken_off)
{
    broken_off(1024);
    broken_off(CDF_BLOCK);
}
END_TEST

/* Label and directory: the label's pointer goes to nothing, its name is gone, the directory's root
 * is that of the commit before; without any directory nothing is changed. */
START_TEST(test_root)
{
    make_disk(1024);
    uint8_t *good = malloc(BLOCKS * 1024);
    memcpy(good, medium.bytes, BLOCKS * 1024);
    memset(at(EDF_LABEL_BLOCK), 0, 1024);
    ck_assert_int_eq(repair(), CMS_REPAIR_DONE);
    ck_assert_ptr_nonnull(strstr(said, "disk: the label is written anew, for 2400 blocks"));
    mount();
    ck_assert_uint_ge(edf_file_count(&disk), FILES);
    memcpy(medium.bytes, good, BLOCKS * 1024);
    mount();
    memset(at(disk.old_directory), 0xff, 1024);
    repair();
    ck_assert_ptr_nonnull(strstr(said, "the directory before the last change is taken"));
    ck_assert_uint_eq(cms_check(&io, 1024, complain, NULL), 0);
    memset(at(EDF_ROOT_A), 0, 2 * 1024);
    memcpy(good, medium.bytes, BLOCKS * 1024);
    ck_assert_int_eq(repair(), CMS_REPAIR_FAILED);
    ck_assert_ptr_nonnull(strstr(said, "nothing was changed"));
    ck_assert_mem_eq(good, medium.bytes, BLOCKS * 1024);
    free(good);
    free(medium.bytes);
}
END_TEST

/* V records: a pointer high up in the tree says another record, or another place, than those below
 * it. */
START_TEST(test_upper_pointers)
{
    make_disk(512);
    mount();
    struct edf_name name = file_name(1);
    struct edf_file f;
    ck_assert_int_eq(edf_open(&disk, &f, &name, false), EDF_OK);
    ck_assert_uint_ge(f.tree.levels, 2);
    uint32_t root = f.tree.origin;
    edf_close(&f);
    for (unsigned field = 4; field <= 8; field += 4) {
        store_be32(at(root) + 12 + field, load_be32(at(root) + 12 + field) + 1);
        ck_assert_uint_eq(cms_check(&io, 512, NULL, NULL), 1);
        ck_assert_int_eq(repair(), CMS_REPAIR_DONE);
        ck_assert_ptr_nonnull(strstr(said, "FILE01   DATA    : its pointers are made anew"));
        ck_assert_uint_eq(cms_check(&io, 512, complain, NULL), 0);
        mount();
        ck_assert(intact(1));
        ck_assert_int_eq(edf_open(&disk, &f, &name, false), EDF_OK);
        root = f.tree.origin;
        edf_close(&f);
    }
    free(medium.bytes);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("repair");
    TCase *t = tcase_create("cms");
    tcase_set_timeout(t, 300);
    tcase_add_test(t, test_damage);
    tcase_add_test(t, test_broken_off);
    tcase_add_test(t, test_root);
    tcase_add_test(t, test_upper_pointers);
    suite_add_tcase(s, t);
    return run_suite(s);
}

/* The CMS file system: single operations, random operations against a model, and crashes:
 * for every prefix of the block writes of a commit, the disk is the old or the new one; all of it
 * also on disks of 800-byte blocks; one of these, laid out as VM/370 does it, is read and changed.
 */
#include "cms/fs/edf_internal.h"
#include "lib/ebcdic.h"
#include "tools/volume/cms_check.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct write {
    uint32_t block;
    uint8_t *bytes;
};

/* A disk in memory that remembers what was written. */
struct medium {
    uint32_t size, blocks;
    uint8_t *bytes;
    bool logging;
    struct write *log;
    unsigned writes;
    int fail_after; /* writes until an I/O error; negative: never */
};

static bool medium_read(void *context, uint32_t block, void *bytes)
{
    struct medium *m = context;
    if (block < 1 || block > m->blocks)
        return false;
    memcpy(bytes, m->bytes + (size_t)(block - 1) * m->size, m->size);
    return true;
}

static bool medium_write(void *context, uint32_t block, const void *bytes)
{
    struct medium *m = context;
    if (block < 1 || block > m->blocks || !m->fail_after)
        return false;
    if (m->fail_after > 0)
        m->fail_after--;
    memcpy(m->bytes + (size_t)(block - 1) * m->size, bytes, m->size);
    if (m->logging) {
        m->log = realloc(m->log, (m->writes + 1) * sizeof *m->log);
        m->log[m->writes].block = block;
        m->log[m->writes].bytes = malloc(m->size);
        memcpy(m->log[m->writes++].bytes, bytes, m->size);
    }
    return true;
}

static void fixed_date(void *context, uint8_t date[7])
{
    static const uint8_t now[7] = {0x20, 0x26, 0x11, 0x24, 0x03, 0x20, 0x59};
    memcpy(date, now, 7);
}

static uint8_t *memory;
static struct medium medium;
static struct edf_io io;
static struct edf_disk disk;

static void make_disk(uint32_t size, uint32_t blocks)
{
    static const uint8_t volume[6] = {0xe3, 0xc5, 0xe2, 0xe3, 0xf0, 0xf1};
    medium = (struct medium){size, blocks, calloc(blocks, size), false, NULL, 0, -1};
    io = (struct edf_io){&medium, medium_read, medium_write, fixed_date};
    memory = malloc(65536);
    ck_assert_int_eq(edf_format(&io, size, blocks, 1, volume, memory, 65536), EDF_OK);
}

static void drop_log(void)
{
    while (medium.writes)
        free(medium.log[--medium.writes].bytes);
    free(medium.log);
    medium.log = NULL;
}

static void drop_disk(void)
{
    drop_log();
    free(medium.bytes);
    free(memory);
}

static void mount(unsigned buffers)
{
    ck_assert_int_eq(
        edf_mount(&disk, &io, medium.size, memory, EDF_MEMORY_SIZE(medium.size, buffers), true),
        EDF_OK);
}

static void complain(void *context, const char *text)
{
    fprintf(stderr, "check: %s\n", text);
}

static void check_disk(void)
{
    ck_assert_uint_eq(cms_check(&io, medium.size, complain, NULL), 0);
}

static struct edf_name name(const char *fn, const char *ft)
{
    struct edf_name n;
    edf_name_set(&n, fn, ft);
    ebcdic_from_latin1(&n, &n, sizeof n);
    return n;
}

/* --- the model: files as lists of records --- */

#define FILES 24

struct model_file {
    bool exists;
    uint8_t recfm;
    uint32_t lrecl, items;
    uint32_t *length, *seed; /* of each record */
};

static struct model_file model[FILES];

static uint32_t rnd_state;
static uint32_t rnd(uint32_t n)
{
    rnd_state = rnd_state * 1664525 + 1013904223;
    return (rnd_state >> 8) % n;
}

static void fill(uint8_t *p, uint32_t seed, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        p[i] = (uint8_t)(seed * 31 + i * 7 + (i >> 8));
}

static struct edf_name model_name(unsigned i)
{
    char fn[9];
    snprintf(fn, sizeof fn, "$F#@+-%02u", i);
    return name(fn, i % 2 ? "DATA" : "EXEC");
}

static void model_drop(struct model_file *f)
{
    free(f->length);
    free(f->seed);
    memset(f, 0, sizeof *f);
}

static void model_write(struct model_file *f, uint32_t n, uint32_t length, uint32_t seed)
{
    if (n > f->items) {
        f->length = realloc(f->length, n * sizeof *f->length);
        f->seed = realloc(f->seed, n * sizeof *f->seed);
        f->items = n;
    }
    f->length[n - 1] = length;
    f->seed[n - 1] = seed;
}

/* The first records at once, with more asked for than there are. */
static void compare_many(const struct model_file *m, struct edf_file *f)
{
    uint32_t first = m->items / 2 + 1, got;
    uint8_t *is = malloc((m->items + 1) * m->lrecl), *should = malloc(m->lrecl);
    ck_assert_int_eq(edf_read_many(f, first, is, m->items + 1, &got), EDF_OK);
    ck_assert_uint_eq(got, m->items - first + 1);
    for (uint32_t i = 0; i < got; i++) {
        memset(should, EDF_BLANK, m->lrecl);
        fill(should, m->seed[first - 1 + i], m->length[first - 1 + i]);
        ck_assert(!memcmp(is + i * m->lrecl, should, m->lrecl));
    }
    ck_assert_int_eq(edf_read_many(f, 0, is, 1, &got), EDF_END);
    free(is);
    free(should);
}

/* The whole disk must be what the model says. */
static void compare(struct edf_disk *d, const struct model_file *files)
{
    static uint8_t is[65536], should[65536];
    struct edf_file f;
    unsigned count = 0;
    for (unsigned i = 0; i < FILES; i++) {
        struct edf_name n = model_name(i);
        const struct model_file *m = &files[i];
        struct edf_status s;
        ck_assert_int_eq(edf_state(d, &n, &s), m->exists ? EDF_OK : EDF_NOT_FOUND);
        if (!m->exists)
            continue;
        count++;
        ck_assert_uint_eq(s.items, m->items);
        ck_assert_int_eq(edf_open(d, &f, &n, false), EDF_OK);
        for (uint32_t r = 1; r <= m->items; r++) {
            uint32_t length;
            ck_assert_int_eq(edf_read(&f, 0, is, sizeof is, &length), EDF_OK);
            uint32_t full = m->recfm == EDF_FIXED ? m->lrecl : m->length[r - 1];
            ck_assert_uint_eq(length, full);
            memset(should, EDF_BLANK, full);
            fill(should, m->seed[r - 1], m->length[r - 1]);
            ck_assert(!memcmp(is, should, full));
        }
        uint32_t length, r = m->items / 2 + 1;
        ck_assert_int_eq(edf_read(&f, r, is, sizeof is, &length), EDF_OK);
        fill(should, m->seed[r - 1], m->length[r - 1]);
        ck_assert(!memcmp(is, should, m->length[r - 1]));
        ck_assert_int_eq(edf_read(&f, m->items + 1, is, sizeof is, &length), EDF_END);
        if (m->recfm == EDF_FIXED)
            compare_many(m, &f);
        ck_assert_int_eq(edf_close(&f), EDF_OK);
    }
    ck_assert_uint_eq(edf_file_count(d), count);
}

/* Some records of full length at once, replaced or added. */
static enum edf_error change_many(struct model_file *m, struct edf_file *f)
{
    uint32_t count = 1 + rnd(5), at = 1 + rnd(m->items + 1), seed = rnd(1000);
    uint8_t *records = malloc(count * m->lrecl);
    for (uint32_t i = 0; i < count; i++)
        fill(records + i * m->lrecl, seed + i, m->lrecl);
    enum edf_error e = edf_write_many(f, at > m->items && rnd(2) ? 0 : at, records, count);
    for (uint32_t i = 0; i < count && e == EDF_OK; i++)
        model_write(m, at + i, m->lrecl, seed + i);
    free(records);
    return e;
}

/* Writes some records to file i: added, or replaced. */
static enum edf_error change(unsigned i, unsigned longest)
{
    static uint8_t record[65536];
    struct edf_name n = model_name(i);
    struct model_file *m = &model[i];
    struct edf_file f;
    if (!m->exists) {
        uint8_t recfm = i % 3 ? EDF_VARYING : EDF_FIXED;
        uint32_t lrecl = 1 + rnd(longest);
        enum edf_error e = edf_create(&disk, &f, &n, 0xf1, recfm, lrecl);
        if (e != EDF_OK)
            return e;
        m->exists = true;
        m->recfm = recfm;
        m->lrecl = lrecl;
    } else {
        ck_assert_int_eq(edf_open(&disk, &f, &n, true), EDF_OK);
    }
    enum edf_error e = EDF_OK;
    for (unsigned k = 1 + rnd(12); k && e == EDF_OK; k--) {
        if (m->recfm == EDF_FIXED && rnd(4) == 0) {
            e = change_many(m, &f);
            continue;
        }
        uint32_t at = m->items && rnd(3) == 0 ? 1 + rnd(m->items) : m->items + 1;
        uint32_t length = 1 + rnd(m->recfm == EDF_FIXED ? m->lrecl : longest), seed = rnd(1000);
        if (m->recfm == EDF_VARYING && at <= m->items)
            length = m->length[at - 1];
        fill(record, seed, length);
        e = edf_write(&f, at > m->items && rnd(2) ? 0 : at, record, length);
        if (e == EDF_OK)
            model_write(m, at, length, seed);
    }
    ck_assert_int_eq(edf_close(&f), EDF_OK);
    if (!m->items)
        model_drop(m);
    return e;
}

static void erase(unsigned i)
{
    struct edf_name n = model_name(i);
    ck_assert_int_eq(edf_erase(&disk, &n), model[i].exists ? EDF_OK : EDF_NOT_FOUND);
    model_drop(&model[i]);
}

static void rename_some(unsigned i, unsigned j)
{
    struct edf_name a = model_name(i), b = model_name(j);
    enum edf_error e = edf_rename(&disk, &a, &b, 0);
    if (!model[i].exists) {
        ck_assert_int_eq(e, EDF_NOT_FOUND);
    } else if (model[j].exists && i != j) {
        ck_assert_int_eq(e, EDF_EXISTS);
    } else {
        ck_assert_int_eq(e, EDF_OK);
        if (i != j) {
            model[j] = model[i];
            memset(&model[i], 0, sizeof model[i]);
        }
    }
}

static void random_steps(unsigned steps, unsigned longest, bool may_fill)
{
    while (steps--) {
        unsigned i = rnd(FILES);
        switch (rnd(6)) {
        case 0:
            erase(i);
            break;
        case 1:
            rename_some(i, rnd(FILES));
            break;
        default: {
            enum edf_error e = change(i, longest);
            ck_assert(e == EDF_OK || (may_fill && e == EDF_FULL));
        }
        }
    }
}

static void drop_model(void)
{
    for (unsigned i = 0; i < FILES; i++)
        model_drop(&model[i]);
}

/* Random operations on disks of every block size, smallest cache included. */
static void random_against_model(uint32_t size, uint32_t blocks, unsigned buffers)
{
    rnd_state = size + blocks;
    make_disk(size, blocks);
    mount(buffers);
    for (unsigned round = 0; round < 12; round++) {
        random_steps(20, round % 4 == 3 ? 9000 : 300, true);
        compare(&disk, model);
        ck_assert_int_eq(edf_commit(&disk), EDF_OK);
        check_disk();
        if (round % 3 == 2) {
            ck_assert_int_eq(edf_release(&disk), EDF_OK);
            mount(buffers);
            compare(&disk, model);
        }
    }
    for (unsigned i = 0; i < FILES; i++)
        erase(i);
    ck_assert_int_eq(edf_commit(&disk), EDF_OK);
    check_disk();
    drop_model();
    drop_disk();
}

START_TEST(test_random)
{
    random_against_model(1024, 1350, 8);
    random_against_model(1024, 60000, EDF_MIN_BUFFERS); /* map with pointer block */
    random_against_model(512, 9000, EDF_MIN_BUFFERS);
    random_against_model(4096, 400, 5);
    random_against_model(2048, 900, 12);
    random_against_model(CDF_BLOCK, 1500, EDF_MIN_BUFFERS + 1);
    random_against_model(CDF_BLOCK, 9000, EDF_MIN_BUFFERS + 1); /* map with two more blocks */
    random_against_model(CDF_BLOCK, CDF_BLOCKS_MOST, 20);
}
END_TEST

/* Every prefix of a commit's writes gives the old disk; all of them the new one. */
static void crash_everywhere(uint32_t size, uint32_t blocks)
{
    static struct edf_disk other;
    rnd_state = 4711;
    make_disk(size, blocks);
    mount(6);
    random_steps(15, 400, false);
    ck_assert_int_eq(edf_commit(&disk), EDF_OK);
    uint8_t *image = malloc(blocks * size), *arena = malloc(EDF_MEMORY_SIZE(size, 32));
    for (unsigned round = 0; round < 10; round++) {
        struct model_file old[FILES] = {0};
        memcpy(image, medium.bytes, blocks * size);
        for (unsigned i = 0; i < FILES; i++) {
            for (uint32_t r = 1; r <= model[i].items; r++)
                model_write(&old[i], r, model[i].length[r - 1], model[i].seed[r - 1]);
            old[i].exists = model[i].exists;
            old[i].recfm = model[i].recfm;
            old[i].lrecl = model[i].lrecl;
        }
        medium.logging = true;
        random_steps(5, 1500, true);
        ck_assert_int_eq(edf_commit(&disk), EDF_OK);
        medium.logging = false;
        struct medium crashed = {size, blocks, image, false, NULL, 0, -1};
        struct edf_io crashed_io = {&crashed, medium_read, medium_write, fixed_date};
        for (unsigned k = 0; k <= medium.writes; k++) {
            ck_assert_int_eq(
                edf_mount(&other, &crashed_io, size, arena, EDF_MEMORY_SIZE(size, 32), true),
                EDF_OK);
            ck_assert(other.writable);
            ck_assert_uint_eq(cms_check(&crashed_io, size, complain, NULL), 0);
            if (k % 5 == 0 || k + 2 > medium.writes)
                compare(&other, k == medium.writes ? model : old);
            if (k < medium.writes)
                memcpy(image + (medium.log[k].block - 1) * size, medium.log[k].bytes, size);
        }
        for (unsigned i = 0; i < FILES; i++)
            model_drop(&old[i]);
        drop_log();
    }
    free(image);
    free(arena);
    drop_model();
    drop_disk();
}

START_TEST(test_crash)
{
    crash_everywhere(1024, 700);
    crash_everywhere(CDF_BLOCK, 900);
    crash_everywhere(CDF_BLOCK, 2500); /* the map goes on outside of the directory's block */
}
END_TEST

/* A full disk: the write says so and changes nothing; erasing still works, again and again. */
START_TEST(test_full)
{
    make_disk(1024, 450);
    mount(8);
    static uint8_t record[1000];
    for (unsigned round = 0; round < 3; round++) {
        struct edf_file f;
        struct edf_name n = name("BIG", "FILE"), small = name("SMALL", "FILE");
        ck_assert_int_eq(edf_create(&disk, &f, &small, 0xf1, EDF_FIXED, 80), EDF_OK);
        ck_assert_int_eq(edf_write(&f, 0, record, 80), EDF_OK);
        ck_assert_int_eq(edf_close(&f), EDF_OK);
        ck_assert_int_eq(edf_create(&disk, &f, &n, 0xf1, round ? EDF_VARYING : EDF_FIXED, 1000),
                         EDF_OK);
        enum edf_error e;
        uint32_t count = 0, length;
        while ((e = edf_write(&f, 0, record, sizeof record)) == EDF_OK)
            count++;
        ck_assert_int_eq(e, EDF_FULL);
        ck_assert_uint_gt(count, 380);
        ck_assert_int_eq(edf_write(&f, 0, record, sizeof record), EDF_FULL);
        ck_assert_int_eq(edf_close(&f), EDF_OK);
        ck_assert_int_eq(edf_commit(&disk), EDF_OK);
        check_disk();
        ck_assert_int_eq(edf_open(&disk, &f, &n, false), EDF_OK);
        ck_assert_int_eq(edf_read(&f, count, record, sizeof record, &length), EDF_OK);
        ck_assert_int_eq(edf_close(&f), EDF_OK);
        ck_assert_int_eq(edf_erase(&disk, &n), EDF_OK);
        ck_assert_int_eq(edf_erase(&disk, &small), EDF_OK);
        ck_assert_int_eq(edf_commit(&disk), EDF_OK);
        check_disk();
    }
    drop_disk();
}
END_TEST

/* A directory of many blocks: it grows levels; searching, erasing while searching. */
START_TEST(test_many_files)
{
    enum { MANY = 700 };
    make_disk(512, 9000);
    mount(8);
    struct edf_file f;
    char fn[9];
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(fn, sizeof fn, "F%u", i);
        struct edf_name n = name(fn, i % 2 ? "ODD" : "EVEN");
        ck_assert_int_eq(edf_create(&disk, &f, &n, 0xf1, EDF_VARYING, 0), EDF_OK);
        ck_assert_int_eq(edf_write(&f, 1, fn, strlen(fn)), EDF_OK);
        ck_assert_int_eq(edf_close(&f), EDF_OK);
        if (i % 100 == 99)
            ck_assert_int_eq(edf_commit(&disk), EDF_OK);
    }
    check_disk();
    ck_assert_int_eq(edf_release(&disk), EDF_OK);
    mount(8);
    ck_assert_uint_gt(disk.directory.levels, 0);
    struct edf_search s;
    struct edf_status st;
    struct edf_name pattern = name("F*", "E%EN"), any = name("*", "*");
    unsigned count = 0;
    edf_search_start(&s, &pattern);
    while (edf_search_next(&disk, &s, &st) == EDF_OK) {
        ck_assert_int_eq(edf_search_erase(&disk, &s), EDF_OK);
        count++;
    }
    ck_assert_uint_eq(count, MANY / 2);
    ck_assert_int_eq(edf_commit(&disk), EDF_OK);
    check_disk();
    count = 0;
    edf_search_start(&s, &any);
    while (edf_search_next(&disk, &s, &st) == EDF_OK) {
        char text[8];
        uint32_t length;
        ck_assert_int_eq(edf_open(&disk, &f, &st.name, false), EDF_OK);
        ck_assert_int_eq(edf_read(&f, 0, text, sizeof text, &length), EDF_OK);
        latin1_from_ebcdic(fn, st.name.fn, 8);
        ck_assert(!memcmp(fn, text, length));
        ck_assert_int_eq(edf_close(&f), EDF_OK);
        count++;
    }
    ck_assert_uint_eq(count, MANY / 2);
    edf_search_start(&s, &any); /* the directory gives its blocks back */
    while (edf_search_next(&disk, &s, &st) == EDF_OK) {
        ck_assert_int_eq(edf_search_erase(&disk, &s), EDF_OK);
        if (++count % 50 == 0)
            ck_assert_int_eq(edf_commit(&disk), EDF_OK);
    }
    ck_assert_int_eq(edf_commit(&disk), EDF_OK);
    check_disk();
    ck_assert_uint_eq(disk.directory.blocks, 1);
    ck_assert_uint_gt(edf_free_blocks(&disk), 9000 - 20);
    drop_disk();
}
END_TEST

/* A file of many blocks: three levels of pointers, all parts of the map, record by record back. */
START_TEST(test_large_file)
{
    enum { BLOCKS = 42000, RECORDS = 20000 };
    static uint8_t record[2000], is[2000];
    for (unsigned fixed = 0; fixed < 2; fixed++) {
        struct edf_file f;
        struct edf_name n = name("LARGE", "FILE");
        uint32_t length;
        make_disk(512, BLOCKS);
        mount(16);
        ck_assert_int_eq(
            edf_create(&disk, &f, &n, 0xf1, fixed ? EDF_FIXED : EDF_VARYING, sizeof record),
            EDF_OK);
        unsigned count = fixed ? RECORDS / 2 : RECORDS;
        for (unsigned i = 1; i <= count; i++) {
            length = fixed ? sizeof record : 1 + i * 7 % 1700;
            fill(record, i, length);
            ck_assert_int_eq(edf_write(&f, 0, record, length), EDF_OK);
        }
        ck_assert_int_eq(edf_close(&f), EDF_OK);
        ck_assert_int_eq(edf_release(&disk), EDF_OK);
        check_disk();
        mount(EDF_MIN_BUFFERS);
        ck_assert_int_eq(edf_open(&disk, &f, &n, false), EDF_OK);
        ck_assert_uint_gt(f.tree.levels, fixed ? 1 : 2);
        for (unsigned i = 1; i <= count; i += i % 50 ? 1 : 970) {
            unsigned r = i % 2 ? i : count - i + 1;
            ck_assert_int_eq(edf_read(&f, r, is, sizeof is, &length), EDF_OK);
            ck_assert_uint_eq(length, fixed ? sizeof record : 1 + r * 7 % 1700);
            fill(record, r, length);
            ck_assert(!memcmp(is, record, length));
        }
        ck_assert_int_eq(edf_close(&f), EDF_OK);
        ck_assert_int_eq(edf_erase(&disk, &n), EDF_OK);
        ck_assert_int_eq(edf_release(&disk), EDF_OK);
        check_disk();
        ck_assert_uint_gt(edf_free_blocks(&disk), BLOCKS - 40);
        drop_disk();
    }
}
END_TEST

/* What may not be done, and gaps. */
START_TEST(test_rules)
{
    make_disk(1024, 450);
    mount(8);
    struct edf_file f, g;
    struct edf_status s;
    uint8_t record[100] = {1};
    uint32_t length;
    struct edf_name a = name("A", "FILE"), b = name("B", "FILE"), bad = name("", "FILE");
    ck_assert_int_eq(edf_create(&disk, &f, &bad, 0xf1, EDF_FIXED, 80), EDF_NAME);
    ck_assert_int_eq(edf_create(&disk, &f, &a, 0xf1, EDF_FIXED, 0), EDF_RECORD);
    ck_assert_int_eq(edf_create(&disk, &f, &a, 0xf1, 0xe4, 80), EDF_RECORD);
    ck_assert_int_eq(edf_create(&disk, &f, &a, 0xf1, EDF_FIXED, 80), EDF_OK);
    ck_assert_int_eq(edf_create(&disk, &g, &a, 0xf1, EDF_FIXED, 80), EDF_EXISTS);
    ck_assert_int_eq(edf_open(&disk, &g, &a, false), EDF_BUSY);
    ck_assert_int_eq(edf_erase(&disk, &a), EDF_BUSY);
    ck_assert_int_eq(edf_write(&f, 0, record, 81), EDF_RECORD);
    ck_assert_int_eq(edf_write(&f, 0, record, 0), EDF_RECORD);
    ck_assert_int_eq(edf_write(&f, 3000, record, 80), EDF_OK); /* a gap: blocks of zeros */
    ck_assert_int_eq(edf_read(&f, 17, record, 80, &length), EDF_OK);
    ck_assert_uint_eq(record[0], 0);
    ck_assert_int_eq(edf_read(&f, 3000, record, 10, &length), EDF_OK);
    ck_assert_uint_eq(record[0], 1);
    ck_assert_uint_eq(length, 80);
    ck_assert_int_eq(edf_commit(&disk), EDF_OK); /* waits for the close */
    ck_assert(disk.changed);
    ck_assert_int_eq(edf_create(&disk, &g, &b, 0xf1, EDF_FIXED, 80), EDF_OK);
    ck_assert_int_eq(edf_close(&f), EDF_OK);
    ck_assert(disk.changed);
    ck_assert_int_eq(edf_close(&g), EDF_OK); /* empty: vanishes */
    ck_assert(!disk.changed);
    ck_assert_int_eq(edf_state(&disk, &b, &s), EDF_NOT_FOUND);
    ck_assert_int_eq(edf_state(&disk, &a, &s), EDF_OK);
    ck_assert_uint_eq(s.items, 3000);
    ck_assert_uint_eq(s.date[0], 0x20);
    ck_assert_uint_eq(s.date[6], 0x59);
    check_disk();
    ck_assert_int_eq(edf_create(&disk, &f, &b, 0xf1, EDF_VARYING, 0), EDF_OK);
    ck_assert_int_eq(edf_write(&f, 2, record, 10), EDF_RECORD);
    ck_assert_int_eq(edf_write(&f, 1, record, 10), EDF_OK);
    ck_assert_int_eq(edf_write(&f, 1, record, 11), EDF_RECORD);
    ck_assert_int_eq(edf_abandon(&disk), EDF_OK);
    ck_assert_int_eq(edf_state(&disk, &b, &s), EDF_NOT_FOUND);
    ck_assert_int_eq(edf_open(&disk, &f, &a, false), EDF_OK);
    ck_assert_int_eq(edf_write(&f, 1, record, 80), EDF_READ_ONLY);
    ck_assert_int_eq(edf_rename(&disk, &a, &b, 0), EDF_BUSY);
    ck_assert_int_eq(edf_release(&disk), EDF_OK);
    ck_assert_int_eq(edf_mount(&disk, &io, 1024, memory, 65536, false), EDF_OK);
    ck_assert_int_eq(edf_erase(&disk, &a), EDF_READ_ONLY);
    ck_assert_int_eq(edf_mount(&disk, &io, 2048, memory, 65536, false), EDF_FORMAT);
    ck_assert_int_eq(edf_mount(&disk, &io, 1024, memory, 2048, false), EDF_MEMORY);
    drop_disk();
}
END_TEST

/* An I/O error in the middle: told, nothing more is written, and the disk is the old one. */
START_TEST(test_io_error)
{
    static struct edf_disk other;
    make_disk(1024, 450);
    mount(8);
    rnd_state = 3;
    random_steps(10, 300, false);
    ck_assert_int_eq(edf_commit(&disk), EDF_OK);
    struct edf_name n = name("NEW", "FILE");
    for (int fail = 0; fail < 4; fail++) {
        struct edf_file f;
        static uint8_t record[4000];
        medium.fail_after = fail;
        enum edf_error e = edf_create(&disk, &f, &n, 0xf1, EDF_VARYING, 0);
        for (unsigned i = 0; i < 5 && e == EDF_OK; i++)
            e = edf_write(&f, 0, record, sizeof record);
        if (e == EDF_OK)
            e = edf_close(&f);
        ck_assert_int_eq(e, EDF_IO);
        ck_assert_int_eq(edf_commit(&disk), EDF_IO);
        medium.fail_after = -1;
        ck_assert_int_eq(edf_mount(&other, &io, 1024, memory, 65536, false), EDF_OK);
        compare(&other, model);
        check_disk();
        mount(8);
    }
    drop_model();
    drop_disk();
}
END_TEST

/* --- a disk of 800-byte blocks, as VM/370 writes it --- */

#define CDF_MEDIUM 1200

static uint32_t cdf_next;

static uint8_t *cdf_at(uint32_t block)
{
    return medium.bytes + (size_t)(block - 1) * CDF_BLOCK;
}

/* A file's data, in blocks that are not in a row; the first chain link's block. */
static uint32_t cdf_data(const uint8_t *bytes, size_t n, uint32_t *blocks)
{
    uint32_t first = cdf_next++, link = 0;
    *blocks = 0;
    for (uint32_t i = 0; n; i++, ++*blocks) {
        uint32_t block = cdf_next++;
        size_t part = n < CDF_BLOCK ? n : CDF_BLOCK;
        memcpy(cdf_at(block), bytes, part);
        bytes += part;
        n -= part;
        if (i < 60) {
            store_be16(cdf_at(first) + 2 * (40 + i), block);
            continue;
        }
        if ((i - 60) % 400 == 0) {
            link = cdf_next++;
            store_be16(cdf_at(first) + 2 * ((i - 60) / 400), link);
        }
        store_be16(cdf_at(link) + 2 * ((i - 60) % 400), block);
    }
    return first;
}

static void cdf_file(uint32_t directory, unsigned entry, const char *fn, uint8_t recfm,
                     uint32_t lrecl, uint32_t items, const uint8_t *bytes, size_t n)
{
    static const uint8_t date[4] = {0x07, 0x29, 0x14, 0x55}, year[2] = {0xf7, 0xf6};
    struct edf_fst fst;
    uint32_t blocks;
    memset(&fst, 0, sizeof fst);
    fst.name = name(fn, "DATA");
    memcpy(fst.cdf_date, date, 4);
    memcpy(fst.year, year, 2);
    fst.mode[0] = 0xd7;
    fst.mode[1] = 0xf1;
    put16(&fst.cdf_items, items);
    put16(&fst.cdf_block, cdf_data(bytes, n, &blocks));
    put16(&fst.cdf_blocks, blocks);
    fst.recfm = recfm;
    put32(&fst.lrecl, lrecl);
    memcpy(cdf_at(directory) + 40 * entry, &fst, 40);
}

#define CDF_RECORDS 6000

/* Two directory blocks with a gap in the first, an F and a V file, the second over chain links. */
static uint8_t *make_cdf(void)
{
    static const uint8_t label[10] = {0xc3, 0xd4, 0xe2, 0x7e, 0xe3, 0xc5, 0xe2, 0xe3, 0xf0, 0xf1};
    medium =
        (struct medium){CDF_BLOCK, CDF_MEDIUM, calloc(CDF_MEDIUM, CDF_BLOCK), false, NULL, 0, -1};
    io = (struct edf_io){&medium, medium_read, medium_write, fixed_date};
    memory = malloc(65536);
    uint8_t *bytes = malloc(CDF_RECORDS * 90), *at = bytes;
    memcpy(cdf_at(3), label, sizeof label);
    store_be16(cdf_at(4), 6);
    store_be16(cdf_at(4) + 2, 5);
    store_be16(cdf_at(4) + 4, 0xffff);
    store_be32(cdf_at(4) + 364, CDF_MEDIUM - 4);
    store_be32(cdf_at(4) + 380, 3);
    cdf_next = 7;
    for (uint32_t i = 0; i < 100; i++)
        fill(bytes + i * 80, i, 80);
    cdf_file(6, 0, "FIXED", EDF_FIXED, 80, 100, bytes, 8000);
    for (uint32_t i = 0; i < CDF_RECORDS; i++) {
        uint32_t n = 1 + i * 7 % 83;
        store_be16(at, n);
        fill(at + 2, i, n);
        at += n + 2;
    }
    cdf_file(5, 3, "VARYING", EDF_VARYING, 83, CDF_RECORDS, bytes, (size_t)(at - bytes));
    for (uint32_t b = 1; b < cdf_next; b++)
        cdf_at(4)[384 + (b - 1) / 8] |= (uint8_t)(0x80 >> (b - 1) % 8);
    store_be32(cdf_at(4) + 368, cdf_next - 1 - 4);
    store_be32(cdf_at(4) + 372, CDF_MEDIUM - (cdf_next - 1));
    return bytes;
}

START_TEST(test_cdf)
{
    uint8_t is[100], should[100], *bytes = make_cdf();
    struct edf_search s;
    struct edf_status status;
    struct edf_name all = name("*", "*"), fixed = name("FIXED", "DATA"),
                    v = name("VARYING", "DATA");
    struct edf_file f;
    uint32_t n;
    ck_assert_int_eq(edf_mount(&disk, &io, CDF_BLOCK, memory, 65536, true), EDF_OK);
    ck_assert_uint_eq(edf_file_count(&disk), 2);
    ck_assert_uint_eq(edf_free_blocks(&disk), CDF_MEDIUM - (cdf_next - 1));
    check_disk();
    edf_search_start(&s, &all);
    ck_assert_int_eq(edf_search_next(&disk, &s, &status), EDF_OK);
    ck_assert_mem_eq(&status.name, &fixed, sizeof fixed);
    ck_assert_uint_eq(status.date[0], 0x19);
    ck_assert_mem_eq(status.date + 1, "\x76\x07\x29\x14\x55", 5);
    ck_assert_int_eq(edf_search_next(&disk, &s, &status), EDF_OK);
    ck_assert_mem_eq(&status.name, &v, sizeof v);
    ck_assert_uint_gt(status.blocks, 60 + 200);
    ck_assert_int_eq(edf_search_next(&disk, &s, &status), EDF_END);

    ck_assert_int_eq(edf_open(&disk, &f, &fixed, false), EDF_OK);
    for (uint32_t i = 0; i < 100; i++) {
        ck_assert_int_eq(edf_read(&f, i * 37 % 100 + 1, is, sizeof is, &n), EDF_OK);
        fill(should, i * 37 % 100, 80);
        ck_assert_mem_eq(is, should, 80);
    }
    edf_close(&f);
    /* In order, and then here and there. */
    ck_assert_int_eq(edf_open(&disk, &f, &v, false), EDF_OK);
    for (uint32_t i = 0; i < CDF_RECORDS + 20; i++) {
        uint32_t r = i < CDF_RECORDS ? i : i * 379 % CDF_RECORDS;
        ck_assert_int_eq(edf_read(&f, i < CDF_RECORDS ? 0 : r + 1, is, sizeof is, &n), EDF_OK);
        ck_assert_uint_eq(n, 1 + r * 7 % 83);
        fill(should, r, n);
        ck_assert_mem_eq(is, should, n);
    }
    edf_close(&f);
    /* It is changed: a record in the middle, one at the end, a file less. */
    ck_assert_int_eq(edf_open(&disk, &f, &v, true), EDF_OK);
    fill(should, 4242, 1 + 4 * 7 % 83);
    ck_assert_int_eq(edf_write(&f, 5, should, 1 + 4 * 7 % 83), EDF_OK);
    ck_assert_int_eq(edf_write(&f, 0, should, 20), EDF_OK);
    ck_assert_int_eq(edf_close(&f), EDF_OK);
    ck_assert_int_eq(edf_erase(&disk, &fixed), EDF_OK);
    ck_assert_int_eq(edf_release(&disk), EDF_OK);
    check_disk();
    /* Entry 3 of the second block went to the first one's place; mode letter P, next record. */
    static const uint8_t entry[] = {0x17, 0x72, 0, 0, 0xd7, 0xf1, 0x17, 0x71};
    const uint8_t *mfd = cdf_at(4);
    ck_assert_mem_eq(cdf_at(load_be16(mfd)) + 20, entry, sizeof entry);
    ck_assert_uint_eq(load_be16(mfd + 4), 0xffff);
    /* A disk whose map does not agree with the counts is not written on. */
    cdf_at(4)[384 + 140] ^= 1;
    ck_assert_int_eq(edf_mount(&disk, &io, CDF_BLOCK, memory, 65536, true), EDF_OK);
    ck_assert_int_eq(edf_erase(&disk, &v), EDF_READ_ONLY);
    ck_assert_int_eq(edf_open(&disk, &f, &v, true), EDF_READ_ONLY);
    ck_assert_int_eq(edf_release(&disk), EDF_OK);
    free(bytes);
    drop_disk();
}
END_TEST

/* What the format allows, and not more: 16060 data blocks, 65535 records, the directory's list. */
START_TEST(test_cdf_limits)
{
    static uint8_t record[65535];
    struct edf_name n = name("LARGE", "FILE");
    struct edf_file f;
    make_disk(CDF_BLOCK, CDF_BLOCKS_MOST);
    mount(20);
    ck_assert_int_eq(edf_create(&disk, &f, &n, 0xf1, EDF_FIXED, 800), EDF_OK);
    ck_assert_int_eq(edf_write(&f, 16061, record, 800), EDF_LIMIT);
    ck_assert_int_eq(edf_write(&f, 16060, record, 800), EDF_OK); /* the others are holes */
    ck_assert_int_eq(edf_write(&f, 0, record, 800), EDF_LIMIT);
    ck_assert_int_eq(edf_close(&f), EDF_OK);
    n = name("MANY", "RECORDS");
    ck_assert_int_eq(edf_create(&disk, &f, &n, 0xf1, EDF_VARYING, 0), EDF_OK);
    for (unsigned i = 0; i < 65535; i++)
        ck_assert_int_eq(edf_write(&f, 0, record, 1), EDF_OK);
    ck_assert_int_eq(edf_write(&f, 0, record, 1), EDF_LIMIT);
    ck_assert_int_eq(edf_close(&f), EDF_OK);
    enum edf_error e = EDF_OK;
    for (unsigned i = 0; e == EDF_OK; i++) {
        char fn[9];
        snprintf(fn, sizeof fn, "F%u", i);
        n = name(fn, "FILE");
        e = edf_create(&disk, &f, &n, 0xf1, EDF_FIXED, 80);
        if (e == EDF_OK) {
            ck_assert_int_eq(edf_write(&f, 0, record, 80), EDF_OK);
            ck_assert_int_eq(edf_close(&f), EDF_OK);
        }
    }
    ck_assert_int_eq(e, EDF_LIMIT);
    ck_assert_uint_eq(edf_file_count(&disk), 20 * (182 - 1 - 10 - 1));
    ck_assert_int_eq(edf_commit(&disk), EDF_OK);
    check_disk();
    ck_assert_int_eq(edf_release(&disk), EDF_OK);
    drop_disk();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fs");
    TCase *t = tcase_create("edf");
    tcase_set_timeout(t, 300);
    tcase_add_test(t, test_rules);
    tcase_add_test(t, test_random);
    tcase_add_test(t, test_crash);
    tcase_add_test(t, test_full);
    tcase_add_test(t, test_many_files);
    tcase_add_test(t, test_large_file);
    tcase_add_test(t, test_io_error);
    tcase_add_test(t, test_cdf);
    tcase_add_test(t, test_cdf_limits);
    suite_add_tcase(s, t);
    return run_suite(s);
}

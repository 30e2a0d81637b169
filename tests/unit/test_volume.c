/* The volume tool's inside: what IPL would load is the program; programs become MODULEs with
 * their relocations; damaged ELF files do no harm; mistakes leave volumes as they were. */
#include "cms/kit/module.h"
#include "tools/volume/cms_check.h"
#include "tools/volume/volume.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IMAGE 40000u /* three tracks of 4096-byte records */

static char path[] = "/tmp/datbox-volume-XXXXXX", program[] = "/tmp/datbox-elf-XXXXXX";
static uint8_t elf[IMAGE + 1024];
static size_t elf_size;

/* An ELF file by hand: one segment, one relocation section of two entries (R_390_32 at 8, and a
 * relative one), one symbol table. */
static void build_elf(uint32_t base, unsigned type)
{
    static const uint8_t ident[7] = {0x7f, 'E', 'L', 'F', 1, 2, 1};
    uint8_t *ph = elf + 52, *sh = elf + 128, *rela = elf + 300, *symbols = elf + 340;
    memset(elf, 0, sizeof elf);
    memcpy(elf, ident, sizeof ident);
    store_be16(elf + 16, 2);
    store_be16(elf + 18, 22);
    store_be32(elf + 24, base + 0x10);
    store_be32(elf + 28, 52);
    store_be32(elf + 32, 128);
    store_be16(elf + 42, 32);
    store_be16(elf + 44, 1);
    store_be16(elf + 46, 40);
    store_be16(elf + 48, 4);
    store_be32(ph, 1);
    store_be32(ph + 4, 512);
    store_be32(ph + 8, base);
    store_be32(ph + 16, IMAGE);
    store_be32(ph + 20, IMAGE + 5000);
    store_be32(sh + 40 + 4, 1); /* section 1: the program */
    store_be32(sh + 40 + 8, 2);
    store_be32(sh + 80 + 4, 4); /* section 2: its relocations */
    store_be32(sh + 80 + 16, 300);
    store_be32(sh + 80 + 20, 24);
    store_be32(sh + 80 + 24, 3);
    store_be32(sh + 80 + 28, 1);
    store_be32(sh + 120 + 4, 2); /* section 3: symbols */
    store_be32(sh + 120 + 16, 340);
    store_be32(rela, base + 8);
    store_be32(rela + 4, 1 << 8 | type);
    store_be32(rela + 12, base + 20);
    store_be32(rela + 16, 1 << 8 | 19);
    store_be16(symbols + 16 + 14, 1);
    for (uint32_t i = 0; i < IMAGE; i++)
        elf[512 + i] = (uint8_t)(i * 7 + (i >> 9));
    elf_size = 512 + IMAGE;
}

static void save_elf(void)
{
    FILE *f = fopen(program, "wb");
    ck_assert_uint_eq(fwrite(elf, 1, elf_size, f), elf_size);
    fclose(f);
}

static void setup(void)
{
    close(mkstemp(path));
    close(mkstemp(program));
    unlink(path);
}

static void teardown(void)
{
    unlink(path);
    unlink(program);
    strcpy(path + strlen(path) - 6, "XXXXXX");
    strcpy(program + strlen(program) - 6, "XXXXXX");
}

#define OK(call) ck_assert_msg((call), "%s", v.message)

/* The loader in record 1 and the records that it reads. */
START_TEST(test_nucleus)
{
    struct volume v;
    uint8_t r1[512], r2[512], record[CP_RECORD];
    build_elf(0x1000, 4);
    save_elf();
    OK(volume_create(&v, path, "3350", 4, "TEST01"));
    OK(volume_format(&v, 0, 4));
    OK(volume_allocate(&v, ALLOCATION_NUCL, 2, 1));
    OK(volume_nucleus(&v, program, 0, 2, 1));
    OK(volume_read(&v, 0, 0, 1, r1, sizeof r1));
    uint32_t boot = load_be32(r1 + 4) - 24;
    ck_assert_uint_ge(boot, 0x1000 + IMAGE);
    ck_assert_uint_eq(load_be32(r1), 0);                     /* BC mode, masked */
    ck_assert_uint_eq(load_be32(r1 + 8), 0x06000000 | boot); /* READ DATA */
    ck_assert_uint_eq(load_be32(r1 + 216), 0x1010);          /* the entry */
    ck_assert_uint_eq(load_be16(r1 + 210), 2);               /* cylinder */
    OK(volume_read(&v, 0, 0, 2, r2, sizeof r2));
    ck_assert(!memcmp(r1, r2, sizeof r1));
    for (uint32_t n = 0; n * CP_RECORD < IMAGE; n++) {
        uint32_t part = IMAGE - n * CP_RECORD;
        OK(volume_read(&v, 2, n / 4, n % 4 + 1, record, sizeof record));
        ck_assert(!memcmp(record, elf + 512 + n * CP_RECORD, part < CP_RECORD ? part : CP_RECORD));
    }
    ck_assert(!volume_nucleus(&v, program, 0, 4, 1));
    build_elf(0, 4);
    save_elf();
    ck_assert(!volume_nucleus(&v, program, 0, 2, 1)); /* over the PSWs */
    ck_assert_ptr_nonnull(strstr(v.message, "must lie between"));
    volume_close(&v);
}
END_TEST

START_TEST(test_module)
{
    struct volume v;
    struct cms_disk c;
    struct edf_file f;
    struct edf_name name;
    struct module_header h;
    uint8_t record[MODULE_RECORD];
    uint32_t length;
    const struct cms_put how = {.module = true, .name = "PROG.MODULE"};
    build_elf(0, 4);
    save_elf();
    OK(volume_create(&v, path, "3350", 2, "TEST01"));
    OK(cms_disk_format(&v, 1, 1, 0, 1024, "DISK1"));
    OK(cms_disk_open(&c, &v, 1, 1, true));
    OK(cms_put_file(&c, program, &how));
    ck_assert_int_eq(edf_commit(&c.disk), EDF_OK);
    OK(cms_name_parse(&v, "prog.module", &name));
    ck_assert_int_eq(edf_open(&c.disk, &f, &name, false), EDF_OK);
    ck_assert_int_eq(edf_read(&f, 1, &h, sizeof h, &length), EDF_OK);
    ck_assert_uint_eq(length, sizeof h);
    ck_assert_uint_eq(get32(h.magic), MODULE_MAGIC);
    ck_assert_uint_eq(h.flags, MODULE_RELOCATABLE);
    ck_assert_uint_eq(get32(h.image_size), IMAGE);
    ck_assert_uint_eq(get32(h.total_size), IMAGE + 5000);
    ck_assert_uint_eq(get32(h.entry), 0x10);
    ck_assert_uint_eq(get32(h.relocations), 1);
    ck_assert_int_eq(edf_read(&f, 2, record, sizeof record, &length), EDF_OK);
    ck_assert(!memcmp(record, elf + 512, sizeof record));
    ck_assert_int_eq(edf_read(&f, 2 + (IMAGE + 4095) / 4096, record, sizeof record, &length),
                     EDF_OK);
    ck_assert_uint_eq(length, 4);
    ck_assert_uint_eq(load_be32(record), 8);
    edf_close(&f);
    build_elf(0, 3); /* R_390_16 */
    save_elf();
    ck_assert(!cms_put_file(&c, program, &how));
    ck_assert_ptr_nonnull(strstr(v.message, "relocation of type 3"));
    ck_assert_int_eq(edf_open(&c.disk, &f, &name, false), EDF_OK); /* the old one is there */
    edf_close(&f);
    ck_assert_uint_eq(cms_check(&c.io, 1024, NULL, NULL), 0);
    OK(cms_disk_close(&c));
    volume_close(&v);
}
END_TEST

static void ignore(void *context, uint32_t address)
{
    ++*(unsigned *)context;
}

/* Any bytes of the headers changed: an answer, no harm. */
START_TEST(test_damaged_elf)
{
    struct volume v = {.path = "test"};
    uint32_t rnd = 1;
    for (unsigned i = 0; i < 300; i++) {
        struct elf e;
        unsigned found = 0;
        build_elf(0, 4);
        for (unsigned k = 0; k < 3; k++) {
            rnd = rnd * 1664525 + 1013904223;
            elf[(rnd >> 8) % 400] = (uint8_t)(rnd >> 20);
        }
        if (rnd % 7 == 0)
            elf_size = rnd % 600;
        save_elf();
        if (!elf_open(&v, &e, program))
            continue;
        elf_relocations(&v, &e, program, ignore, &found);
        elf_close(&e);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("volume");
    TCase *t = tcase_create("volume");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, test_nucleus);
    tcase_add_test(t, test_module);
    tcase_add_test(t, test_damaged_elf);
    suite_add_tcase(s, t);
    return run_suite(s);
}

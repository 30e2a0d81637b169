/* Proves: a disk image in several files is one disk, to us and to Hercules' utilities; shadow files
 * are added, merged, discarded and compressed while the disk is in use, without a track being lost
 * or another, also when that fails; an empty track whose record zero was changed stays so in a
 * compressed image. */
#include "lib/be.h"
#include "s370/media/cckd.h"
#include "s370/media/ckd_image.h"
#include "s370/media/ckd_journal.h"
#include "tests/unit/run_command.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADS     20u
#define TRACK     0x1e00u
#define CYLINDERS 9u

static char directory[32], message[512];

/* A name in the test's directory; the last four stay valid. */
static const char *in(const char *name)
{
    static char names[4][300];
    static unsigned next;
    char *to = names[next++ % 4];
    snprintf(to, sizeof names[0], "%s/%s", directory, name);
    return to;
}

static void setup(void)
{
    strcpy(directory, "/tmp/datbox-cfi-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
}

static void teardown(void)
{
    DIR *dir = opendir(directory);
    for (struct dirent *entry; (entry = readdir(dir));)
        (void)unlink(in(entry->d_name));
    closedir(dir);
    ck_assert_int_eq(rmdir(directory), 0);
}

/* The track with one record whose bytes are `fill`. */
static void put(struct ckd_image *image, unsigned cylinder, unsigned head, uint8_t fill)
{
    uint8_t track[TRACK], data[5000];
    struct ckd_builder b;
    memset(data, fill, sizeof data);
    ckd_build(&b, ckd_image_geometry(image), track, cylinder, head);
    ck_assert(ckd_build_record(&b, 1, NULL, 0, data, sizeof data));
    ck_assert(ckd_image_write(image, cylinder, head, 0, track, ckd_build_end(&b)));
}

/* The byte that its record is filled with; 0: there is none. */
static unsigned get(struct ckd_image *image, unsigned cylinder, unsigned head)
{
    struct ckd_record r;
    const uint8_t *track = ckd_image_track(image, cylinder, head);
    ck_assert(track != NULL);
    if (!ckd_record_find(track, TRACK, 1, &r))
        return 0;
    ck_assert(r.data_length == 5000 && r.data[0] == r.data[4999]);
    return r.data[0];
}

static struct ckd_image *open_image(const char *path, unsigned flags)
{
    struct ckd_image *image = ckd_image_open(path, flags, message, sizeof message);
    ck_assert_msg(image != NULL, "%s", message);
    return image;
}

static void create(const char *path, int kind)
{
    const char *wrong = ckd_image_create_as(path, ckd_geometry_find("2314"), CYLINDERS, kind,
                                            message, sizeof message);
    ck_assert_msg(!wrong, "%s", message);
}

/* --- several files --- */

/* Makes of the image "whole" the files NAME_1 to NAME_3 of 4, 4 and 1 cylinders. */
static void split(const char *format)
{
    static uint8_t bytes[512 + 4 * HEADS * TRACK];
    FILE *whole = fopen(in("whole"), "rb");
    ck_assert(whole && fread(bytes, 512, 1, whole) == 1);
    for (unsigned n = 1; n <= 3; n++) {
        char name[32];
        unsigned high = n < 3 ? 4 * n - 1 : 0;
        size_t length = (n < 3 ? 4 : 1) * (size_t)HEADS * TRACK;
        snprintf(name, sizeof name, format, n);
        FILE *f = fopen(in(name), "wb");
        bytes[17] = (uint8_t)n;
        bytes[18] = (uint8_t)high;
        ck_assert(f && fread(bytes + 512, length, 1, whole) == 1 &&
                  fwrite(bytes, 512 + length, 1, f) == 1 && !fclose(f));
    }
    fclose(whole);
}

static void make_whole(void)
{
    create(in("whole"), CKD_PLAIN);
    struct ckd_image *image = open_image(in("whole"), 0);
    for (unsigned c = 0; c < CYLINDERS; c++)
        put(image, c, c, (uint8_t)(0x11 + c));
    ckd_image_close(image);
}

START_TEST(several_files)
{
    make_whole();
    for (int extension = 0; extension < 2; extension++) {
        split(extension ? "disk_%u.2314" : "disk_%u");
        const char *first = in(extension ? "disk_1.2314" : "disk_1");
        struct ckd_image *image = open_image(first, 0);
        ck_assert_uint_eq(ckd_image_cylinders(image), CYLINDERS);
        ck_assert_uint_eq(ckd_image_files(image), 3);
        for (unsigned c = 0; c < CYLINDERS; c++) {
            ck_assert_uint_eq(get(image, c, c), 0x11 + c);
            put(image, c, 19, (uint8_t)(0x51 + c));
        }
        ck_assert(
            !ckd_image_open(in(extension ? "disk_3.2314" : "disk_3"), 0, message, sizeof message));
        ckd_image_close(image);
        image = open_image(first, CKD_READ_ONLY);
        for (unsigned c = 0; c < CYLINDERS; c++)
            ck_assert_uint_eq(get(image, c, 19), 0x51 + c);
        ckd_image_close(image);
        unlink(in("back"));
        ck_assert_msg(run("dasdcopy -r %s %s", first, in("back")) == 0, "%s", said);
        image = open_image(in("back"), CKD_READ_ONLY);
        for (unsigned c = 0; c < CYLINDERS; c++)
            ck_assert(get(image, c, c) == 0x11 + c && get(image, c, 19) == 0x51 + c);
        ckd_image_close(image);
    }
}
END_TEST

static void expect_refused(const char *name, const char *file, const char *words)
{
    ck_assert(!ckd_image_open(in(name), 0, message, sizeof message));
    ck_assert_msg(strstr(message, in(file)) && strstr(message, words), "%s", message);
}

START_TEST(files_that_do_not_fit)
{
    make_whole();
    split("disk_%u");
    expect_refused("disk_2", "disk_2", "not the first");
    rename(in("disk_1"), in("disk"));
    expect_refused("disk", "disk", "_1");
    rename(in("disk"), in("disk_1"));
    rename(in("disk_2"), in("other"));
    expect_refused("disk_1", "disk_2", "No such file");
    rename(in("disk_3"), in("disk_2"));
    expect_refused("disk_1", "disk_2", "not the next");
    rename(in("disk_2"), in("disk_3"));
    rename(in("other"), in("disk_2"));
    ck_assert_int_eq(truncate(in("disk_2"), 512 + 3 * HEADS * TRACK + 1000), 0);
    expect_refused("disk_1", "disk_2", "truncated");
    ck_assert_int_eq(truncate(in("disk_2"), 512 + 3 * HEADS * TRACK), 0);
    expect_refused("disk_1", "disk_2", "header says");
    ck_assert_int_eq(truncate(in("disk_1"), 700), 0);
    expect_refused("disk_1", "disk_1", "header says");
}
END_TEST

/* A write that a kill has cut off is done again in the file that it was for. */
START_TEST(journal_of_several_files)
{
    make_whole();
    split("disk_%u");
    struct ckd_journal journal;
    uint8_t data[5000];
    memset(data, 0x99, sizeof data);
    uint64_t at = 512 + (5 * HEADS + 5) * (uint64_t)TRACK + CKD_HOME_ADDRESS + 16 + CKD_COUNT;
    ckd_journal_init(&journal, in("disk_1"));
    ck_assert(ckd_journal_begin(&journal, at, data, sizeof data));
    close(journal.fd);
    struct ckd_image *image = open_image(in("disk_1"), 0);
    ck_assert_uint_eq(get(image, 5, 5), 0x99);
    for (unsigned c = 0; c < CYLINDERS; c++)
        ck_assert(c == 5 || get(image, c, c) == 0x11 + c);
    ckd_image_close(image);
}
END_TEST

/* --- shadow files --- */

static struct ckd_shadowed shadowed(void)
{
    static char name[64];
    snprintf(name, sizeof name, "%s", in("shadow_x.sf"));
    struct ckd_shadowed s = {ckd_image_open_shadowed(in("base"), name, 0, message, sizeof message),
                             name};
    ck_assert_msg(s.image != NULL, "%s", message);
    return s;
}

static bool exists(const char *name)
{
    return access(in(name), F_OK) == 0;
}

/* The tracks 0/0 to 0/4. */
static void expect_tracks(struct ckd_image *image, unsigned t0, unsigned t1, unsigned t2,
                          unsigned t3)
{
    ck_assert_uint_eq(get(image, 0, 0) << 24 | get(image, 0, 1) << 16 | get(image, 0, 2) << 8 |
                          get(image, 0, 3),
                      t0 << 24 | t1 << 16 | t2 << 8 | t3);
}

static void make_base(int kind)
{
    create(in("base"), kind);
    struct ckd_image *image = open_image(in("base"), 0);
    for (unsigned h = 0; h < 4; h++)
        put(image, 0, h, 0x11);
    ckd_image_close(image);
}

START_TEST(add_and_remove)
{
    static const int kinds[] = {CKD_PLAIN, COMPRESSED_ZLIB};
    for (int i = 0; i < 2; i++) {
        make_base(kinds[i]);
        struct ckd_shadowed s = shadowed();
        put(s.image, 0, 1, 0x22);
        put(s.image, 0, 2, 0x22);
        ck_assert_msg(ckd_shadow_add(&s, message, sizeof message), "%s", message);
        ck_assert(exists("shadow_2.sf") && ckd_shadow_count(s.image) == 2);
        put(s.image, 0, 2, 0x33);
        put(s.image, 0, 3, 0x33);
        expect_tracks(s.image, 0x11, 0x22, 0x33, 0x33);
        ck_assert_msg(ckd_shadow_add(&s, message, sizeof message), "%s", message);
        put(s.image, 0, 0, 0x44);
        expect_tracks(s.image, 0x44, 0x22, 0x33, 0x33);
        /* What was written since is lost; then the second one goes to the first. */
        ck_assert_msg(ckd_shadow_remove(&s, false, message, sizeof message), "%s", message);
        expect_tracks(s.image, 0x11, 0x22, 0x33, 0x33);
        ck_assert(!exists("shadow_3.sf"));
        ck_assert_msg(ckd_shadow_remove(&s, true, message, sizeof message), "%s", message);
        expect_tracks(s.image, 0x11, 0x22, 0x33, 0x33);
        ck_assert(!exists("shadow_2.sf") && ckd_shadow_count(s.image) == 1);
        ck_assert_msg(run("cckdcdsk -3 %s%s", in("shadow_1.sf"), "") == 0, "%s", said);
        struct ckd_image *base = open_image(in("base"), CKD_READ_ONLY);
        expect_tracks(base, 0x11, 0x11, 0x11, 0x11);
        ckd_image_close(base);
        /* And that to the image, which is written from now on. */
        ck_assert_msg(ckd_shadow_remove(&s, true, message, sizeof message), "%s", message);
        ck_assert(!exists("shadow_1.sf") && ckd_shadow_count(s.image) == 0);
        put(s.image, 0, 0, 0x55);
        ck_assert(!ckd_shadow_remove(&s, true, message, sizeof message));
        ck_assert(strstr(message, "no shadow file"));
        ckd_image_close(s.image);
        base = open_image(in("base"), CKD_READ_ONLY);
        expect_tracks(base, 0x55, 0x22, 0x33, 0x33);
        ckd_image_close(base);
        unlink(in("base"));
    }
}
END_TEST

START_TEST(most_shadow_files)
{
    make_base(CKD_PLAIN);
    struct ckd_shadowed s = shadowed();
    for (unsigned n = 1; n < 8; n++) {
        put(s.image, 1, n, (uint8_t)n);
        ck_assert_msg(ckd_shadow_add(&s, message, sizeof message), "%s", message);
    }
    ck_assert(!ckd_shadow_add(&s, message, sizeof message) && strstr(message, "most"));
    for (unsigned n = 1; n < 8; n++)
        ck_assert_uint_eq(get(s.image, 1, n), n);
    ckd_image_close(s.image);
    s = shadowed();
    ck_assert_uint_eq(ckd_shadow_count(s.image), 8);
    while (ckd_shadow_count(s.image))
        ck_assert_msg(ckd_shadow_remove(&s, true, message, sizeof message), "%s", message);
    for (unsigned n = 1; n < 8; n++)
        ck_assert_uint_eq(get(s.image, 1, n), n);
    ckd_image_close(s.image);
}
END_TEST

/* What is in the way leaves the disk as it was. */
START_TEST(shadow_fails)
{
    make_base(CKD_PLAIN);
    struct ckd_shadowed s = shadowed();
    put(s.image, 0, 1, 0x22);
    FILE *f = fopen(in("shadow_2.sf"), "w");
    fclose(f);
    ck_assert(!ckd_shadow_add(&s, message, sizeof message) && strstr(message, "File exists"));
    unlink(in("shadow_2.sf"));
    /* Somebody reads the image, so that nothing can be merged into it. */
    struct ckd_image *reader = open_image(in("base"), CKD_READ_ONLY);
    ck_assert(!ckd_shadow_remove(&s, true, message, sizeof message));
    ck_assert_msg(strstr(message, "in use"), "%s", message);
    ckd_image_close(reader);
    ck_assert(s.image && ckd_shadow_count(s.image) == 1 && exists("shadow_1.sf"));
    expect_tracks(s.image, 0x11, 0x22, 0x11, 0x11);
    put(s.image, 0, 3, 0x33);
    ckd_image_close(s.image);
    s = (struct ckd_shadowed){open_image(in("base"), 0), NULL};
    ck_assert(!ckd_shadow_add(&s, message, sizeof message) && strstr(message, "no name"));
    ckd_image_close(s.image);
}
END_TEST

START_TEST(compress)
{
    make_base(COMPRESSED_BZIP2);
    struct ckd_shadowed s = shadowed();
    struct cckd_statistics before, after;
    for (unsigned round = 1; round < 5; round++)
        for (unsigned h = 0; h < 20; h++) {
            uint8_t track[TRACK] = {0};
            struct ckd_builder b;
            uint8_t data[5000];
            for (size_t k = 0; k < sizeof data; k++)
                data[k] = (uint8_t)(rand() % (1 << 2 * round));
            ckd_build(&b, ckd_image_geometry(s.image), track, 1, h);
            ck_assert(ckd_build_record(&b, 1, NULL, 0, data, 1 + (unsigned)rand() % 5000));
            ck_assert(ckd_image_write(s.image, 1, h, 0, track, ckd_build_end(&b)));
        }
    put(s.image, 0, 2, 0x33);
    uint32_t sum = ckd_image_checksum(s.image);
    cckd_statistics(ckd_image_compressed(s.image), &before);
    ck_assert(before.free > 0);
    ck_assert_msg(ckd_shadow_compress(&s, message, sizeof message), "%s", message);
    cckd_statistics(ckd_image_compressed(s.image), &after);
    ck_assert(after.free < 16 && after.file_size < before.file_size); /* before the table */
    ck_assert(after.units == before.units && after.stored == 21);
    ck_assert_uint_eq(ckd_image_checksum(s.image), sum);
    ck_assert_uint_eq(ckd_image_check(s.image), 0);
    ckd_image_close(s.image);
    ck_assert(!exists("shadow_1.sf.new"));
    ck_assert_msg(run("cckdcdsk -3 %s%s", in("shadow_1.sf"), "") == 0 && !*said, "%s", said);
    /* Without shadow files the image itself; not a plain one. */
    s = (struct ckd_shadowed){open_image(in("base"), 0), NULL};
    ck_assert_msg(ckd_shadow_compress(&s, message, sizeof message), "%s", message);
    cckd_statistics(ckd_image_compressed(s.image), &after);
    ck_assert_uint_eq(after.compression, COMPRESSED_BZIP2);
    expect_tracks(s.image, 0x11, 0x11, 0x11, 0x11);
    ckd_image_close(s.image);
    create(in("plain"), CKD_PLAIN);
    s = (struct ckd_shadowed){open_image(in("plain"), 0), NULL};
    ck_assert(!ckd_shadow_compress(&s, message, sizeof message) && strstr(message, "compressed"));
    ckd_image_close(s.image);
}
END_TEST

/* A track that ends behind a record zero that was changed.  Hercules reads it, and cckdcdsk finds
 * the file good; with -3, which looks into the tracks, it calls each image without another record
 * damaged, also those that dasdinit has made: that is its limit. */
START_TEST(changed_record_zero)
{
    for (int kind = COMPRESSED_NOT; kind <= COMPRESSED_BZIP2; kind++) {
        create(in("packed"), kind);
        struct ckd_image *image = open_image(in("packed"), 0);
        ck_assert(ckd_image_track(image, 0, 7) != NULL);
        ck_assert(ckd_image_write(image, 0, 7, CKD_HOME_ADDRESS + CKD_COUNT, "CHANGED!", 8));
        ckd_image_close(image);
        ck_assert_msg(run("cckdcdsk -1 %s%s", in("packed"), "") == 0 && !*said, "%s", said);
        ck_assert_msg(run("dasdcopy -r %s %s", in("packed"), in("plain")) == 0, "%s", said);
        for (int n = 0; n < 2; n++) {
            image = open_image(in(n ? "plain" : "packed"), CKD_READ_ONLY);
            const uint8_t *track = ckd_image_track(image, 0, 7);
            ck_assert_mem_eq(track + CKD_HOME_ADDRESS + CKD_COUNT, "CHANGED!", 8);
            ck_assert_uint_eq(ckd_image_track_length(image, track), 29);
            ckd_image_close(image);
        }
        unlink(in("packed"));
        unlink(in("plain"));
    }
    ck_assert_msg(run("dasdinit -z %s 2314 THEIRS 3%s", in("packed"), "") == 0, "%s", said);
    run("cckdcdsk -3 %s%s", in("packed"), "");
    ck_assert_msg(strstr(said, "len 29 validation error"), "%s", said);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("ckd files");
    TCase *t = tcase_create("files");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, several_files);
    tcase_add_test(t, files_that_do_not_fit);
    tcase_add_test(t, journal_of_several_files);
    tcase_add_test(t, add_and_remove);
    tcase_add_test(t, most_shadow_files);
    tcase_add_test(t, shadow_fails);
    tcase_add_test(t, compress);
    tcase_add_test(t, changed_record_zero);
    suite_add_tcase(s, t);
    return run_suite(s);
}

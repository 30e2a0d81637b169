/* Proves: images of fixed-block disks, plain and compressed, hold what was written to them, also
 * for Hercules' utilities, whose images they read; under copy-on-write the file stays as it is;
 * damaged and busy files give a message that names the file. */
#include "lib/ebcdic.h"
#include "s370/media/cckd.h"
#include "s370/media/ckd_image.h"
#include "s370/media/fba_image.h"
#include "tests/unit/run_command.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCKS 1000u /* nine groups, the last one not full */

static char directory[32], path[64], other[64], message[512];

static void setup(void)
{
    strcpy(directory, "/tmp/datbox-fba-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
    sprintf(path, "%s/ours", directory);
    sprintf(other, "%s/theirs", directory);
}

static void teardown(void)
{
    unlink(path);
    unlink(other);
    ck_assert_int_eq(rmdir(directory), 0);
}

static struct fba_image *open_image(const char *name, unsigned flags)
{
    struct fba_image *image = fba_image_open(name, flags, message, sizeof message);
    ck_assert_msg(image != NULL, "%s", message);
    return image;
}

/* Writes runs of blocks, of bytes that compress well or not, to both. */
static void write_both(struct fba_image *a, struct fba_image *b, unsigned seed)
{
    uint8_t bytes[FBA_GROUP_BYTES];
    srand(seed);
    for (unsigned i = 0; i < 20; i++) {
        uint32_t block = (uint32_t)rand() % BLOCKS, n = 1 + (uint32_t)rand() % FBA_GROUP;
        n = fba_image_together(block, n < BLOCKS - block ? n : BLOCKS - block);
        unsigned range = 1u << rand() % 8;
        for (size_t k = 0; k < n * FBA_BLOCK; k++)
            bytes[k] = (uint8_t)((unsigned)rand() % range);
        ck_assert(fba_image_write(a, block, n, bytes));
        ck_assert(fba_image_write(b, block, n, bytes));
    }
}

static void expect_same(struct fba_image *a, struct fba_image *b)
{
    uint8_t x[FBA_BLOCK], y[FBA_BLOCK];
    ck_assert_uint_eq(fba_image_blocks(a), fba_image_blocks(b));
    for (uint32_t block = 0; block < fba_image_blocks(a); block++) {
        ck_assert(fba_image_read(a, block, 1, x) && fba_image_read(b, block, 1, y));
        if (memcmp(x, y, sizeof x) != 0)
            ck_abort_msg("block %u", block);
    }
    ck_assert_uint_eq(fba_image_checksum(a), fba_image_checksum(b));
}

START_TEST(compressed)
{
    for (int kind = COMPRESSED_NOT; kind <= COMPRESSED_BZIP2; kind++) {
        ck_assert(!fba_image_create(path, BLOCKS, CKD_PLAIN, message, sizeof message));
        ck_assert(!fba_image_create(other, BLOCKS, kind, message, sizeof message));
        for (unsigned session = 0; session < 2; session++) {
            struct fba_image *a = open_image(path, 0), *b = open_image(other, 0);
            write_both(a, b, session);
            expect_same(a, b);
            fba_image_close(a);
            fba_image_close(b);
            a = open_image(path, FBA_READ_ONLY);
            b = open_image(other, FBA_READ_ONLY);
            expect_same(a, b);
            fba_image_close(a);
            fba_image_close(b);
            ck_assert_msg(run("cckdcdsk -3 %s%s", other, "") == 0 && !*said, "%s", said);
        }
        char plain[80];
        sprintf(plain, "%s.plain", other);
        ck_assert_msg(run("cfba2fba %s %s", other, plain) == 0, "%s", said);
        int differ = run("cmp %s %s", path, plain);
        unlink(plain);
        ck_assert_msg(!differ, "%s", said);
        unlink(path);
        unlink(other);
    }
}
END_TEST

/* A group of zeros needs no room, and its old image's room is used again. */
START_TEST(zeros)
{
    uint8_t bytes[FBA_GROUP_BYTES];
    struct cckd_statistics s;
    ck_assert(!fba_image_create(path, BLOCKS, COMPRESSED_NOT, message, sizeof message));
    struct fba_image *image = open_image(path, 0);
    memset(bytes, 7, sizeof bytes);
    ck_assert(fba_image_write(image, 240, FBA_GROUP, bytes));
    cckd_statistics(fba_image_compressed(image), &s);
    ck_assert(s.stored == 1 && s.units == 9 && s.file_size > FBA_GROUP_BYTES);
    memset(bytes, 0, sizeof bytes);
    ck_assert(fba_image_write(image, 240, FBA_GROUP, bytes));
    cckd_statistics(fba_image_compressed(image), &s);
    ck_assert(s.stored == 0 && s.file_size < 10000);
    ck_assert(fba_image_read(image, 300, 1, bytes) && bytes[511] == 0);
    fba_image_close(image);
}
END_TEST

START_TEST(their_image)
{
    uint8_t block[FBA_BLOCK];
    char label[10];
    for (int i = 0; i < 2; i++) {
        ck_assert_msg(run(i ? "dasdinit -bz2 %s 3370 HERC37 500%s" : "dasdinit -z %s 3310 HERC37%s",
                          other, "") == 0,
                      "%s", said);
        struct fba_image *image = open_image(other, 0);
        ck_assert_uint_eq(fba_image_blocks(image), i ? 500 : 125664);
        ck_assert(fba_image_read(image, 1, 1, block));
        latin1_from_ebcdic(label, block, sizeof label);
        ck_assert_mem_eq(label, "VOL1HERC37", 10);
        ck_assert(fba_image_write(image, fba_image_blocks(image) - 1, 1, block));
        fba_image_close(image);
        ck_assert_msg(run("cckdcdsk -3 %s%s", other, "") == 0, "%s", said);
        image = open_image(other, FBA_READ_ONLY);
        memset(block, 0, sizeof block);
        ck_assert(fba_image_read(image, fba_image_blocks(image) - 1, 1, block));
        latin1_from_ebcdic(label, block, sizeof label);
        ck_assert_mem_eq(label, "VOL1HERC37", 10);
        fba_image_close(image);
        unlink(other);
    }
}
END_TEST

START_TEST(copy_on_write)
{
    static const int kinds[] = {CKD_PLAIN, COMPRESSED_ZLIB};
    for (int i = 0; i < 2; i++) {
        ck_assert(!fba_image_create(path, BLOCKS, kinds[i], message, sizeof message));
        ck_assert(!fba_image_create(other, BLOCKS, CKD_PLAIN, message, sizeof message));
        struct fba_image *a = open_image(path, FBA_COPY_ON_WRITE), *b = open_image(other, 0);
        uint32_t empty = fba_image_checksum(a);
        ck_assert(fba_image_writable(a));
        write_both(a, b, 1);
        uint8_t x[FBA_BLOCK], y[FBA_BLOCK];
        for (uint32_t block = 0; block < BLOCKS; block++) {
            ck_assert(fba_image_read(a, block, 1, x) && fba_image_read(b, block, 1, y));
            ck_assert(!memcmp(x, y, sizeof x));
        }
        ck_assert_uint_eq(fba_image_checksum(a), empty); /* that of the file */
        unsigned changed = 0;
        for (uint32_t group = 0; group < 9; group++)
            changed += fba_image_changed(a, group) != NULL;
        ck_assert_uint_gt(changed, 3);
        fba_image_forget_changes(a);
        for (uint32_t group = 0; group < 9; group++)
            ck_assert(fba_image_changed(a, group) == NULL);
        fba_image_close(a);
        fba_image_close(b);
        a = open_image(path, FBA_READ_ONLY);
        ck_assert_uint_eq(fba_image_checksum(a), empty);
        ck_assert(!fba_image_writable(a));
        fba_image_close(a);
        unlink(path);
        unlink(other);
    }
}
END_TEST

/* A killed writer leaves each group as it was or as it was to be. */
START_TEST(killed)
{
    ck_assert(!fba_image_create(path, BLOCKS, COMPRESSED_ZLIB, message, sizeof message));
    for (unsigned round = 0; round < 20; round++) {
        int written[2];
        char byte;
        ck_assert(pipe(written) == 0);
        pid_t child = fork();
        if (child == 0) {
            uint8_t bytes[FBA_GROUP_BYTES];
            struct fba_image *image = fba_image_open(path, 0, message, sizeof message);
            for (unsigned i = 0; image; i++) {
                memset(bytes, (int)i, sizeof bytes);
                if (!fba_image_write(image, i % 8 * FBA_GROUP, FBA_GROUP, bytes) ||
                    write(written[1], "", 1) != 1)
                    break;
            }
            _exit(1);
        }
        close(written[1]);
        for (unsigned i = 0; i < 3 * round + 1; i++)
            ck_assert(read(written[0], &byte, 1) == 1);
        kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, NULL, 0), child);
        close(written[0]);
        struct fba_image *image = open_image(path, 0);
        uint8_t group[FBA_GROUP_BYTES];
        for (unsigned g = 0; g < 8; g++) {
            ck_assert(fba_image_read(image, g * FBA_GROUP, FBA_GROUP, group));
            ck_assert(!memcmp(group, group + 1, sizeof group - 1));
        }
        fba_image_close(image);
    }
}
END_TEST

static void expect_refused(const char *words)
{
    ck_assert(!fba_image_open(path, 0, message, sizeof message));
    ck_assert_msg(strstr(message, path) && strstr(message, words), "%s", message);
}

START_TEST(refused)
{
    expect_refused("No such file");
    ck_assert(!fba_image_create(path, BLOCKS, COMPRESSED_ZLIB, message, sizeof message));
    ck_assert(strstr(fba_image_create(path, 1, 1, message, sizeof message), "File exists"));
    struct fba_image *image = open_image(path, 0);
    expect_refused("in use");
    fba_image_close(image);
    ck_assert_int_eq(truncate(path, 1000), 0);
    expect_refused("too short");
    unlink(path);
    ck_assert(!ckd_image_create(path, ckd_geometry_find("2311"), 1, message, sizeof message));
    expect_refused("count-key-data");
    FILE *f = fopen(path, "w");
    fputs("FBA_S370", f);
    fclose(f);
    expect_refused("shadow");
    ck_assert_int_eq(truncate(path, 0), 0);
    expect_refused("512");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fba image");
    TCase *t = tcase_create("image");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, compressed);
    tcase_add_test(t, zeros);
    tcase_add_test(t, their_image);
    tcase_add_test(t, copy_on_write);
    tcase_add_test(t, killed);
    tcase_add_test(t, refused);
    suite_add_tcase(s, t);
    return run_suite(s);
}

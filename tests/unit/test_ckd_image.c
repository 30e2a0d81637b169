/* Proves: a CKD image is created, opened, locked, read and changed as ckd_image.h says; the
 * capacity formulas give IBM's published numbers of records; damaged, truncated, busy and
 * full files give a message that names the file and lose nothing; a write that a kill has
 * interrupted is done again from the journal. */
#include "lib/be.h"
#include "s370/media/ckd_image.h"
#include "s370/media/ckd_journal.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[] = "/tmp/datbox-ckd-XXXXXX";
static char path[sizeof directory + 16];
static char message[512];

static void make_directory(void)
{
    strcpy(directory, "/tmp/datbox-ckd-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
    sprintf(path, "%s/disk", directory);
}

static void remove_directory(void)
{
    char journal[sizeof path + 16];
    sprintf(journal, "%s.journal", path);
    unlink(journal);
    unlink(path);
    ck_assert_int_eq(rmdir(directory), 0);
}

static void create(const char *type, unsigned cylinders)
{
    const char *wrong =
        ckd_image_create(path, ckd_geometry_find(type), cylinders, message, sizeof message);
    ck_assert_msg(wrong == NULL, "%s", wrong);
}

static struct ckd_image *open_image(unsigned flags)
{
    struct ckd_image *image = ckd_image_open(path, flags, message, sizeof message);
    ck_assert_msg(image != NULL, "%s", message);
    return image;
}

/* Writes a track with one record of `length` bytes `fill`. */
static bool write_record(struct ckd_image *image, unsigned head, unsigned length, uint8_t fill)
{
    const struct ckd_geometry *g = ckd_image_geometry(image);
    uint8_t *track = malloc(g->image_track), *data = malloc(length);
    memset(data, fill, length);
    struct ckd_builder b;
    ckd_build(&b, g, track, 1, head);
    ck_assert(ckd_build_record(&b, 1, NULL, 0, data, length));
    bool ok = ckd_image_write(image, 1, head, 0, track, ckd_build_end(&b));
    int error = errno;
    free(track);
    free(data);
    errno = error;
    return ok;
}

static void expect_record(struct ckd_image *image, unsigned head, unsigned length, uint8_t fill)
{
    const uint8_t *track = ckd_image_track(image, 1, head);
    struct ckd_record r;
    ck_assert(track != NULL);
    ck_assert(ckd_record_find(track, ckd_image_geometry(image)->image_track, 1, &r));
    ck_assert_uint_eq(r.data_length, length);
    unsigned same = 0;
    while (same < length && r.data[same] == fill)
        same++;
    ck_assert_uint_eq(same, length);
}

START_TEST(capacity)
{
    static const struct {
        const char *type;
        unsigned key, data, records;
    } known[] = {
        {"2311", 0, 80, 25},   {"2314", 0, 80, 40},   {"3330", 0, 80, 61},  {"3340", 0, 80, 34},
        {"3350", 0, 80, 72},   {"3375", 0, 80, 75},   {"3380", 0, 80, 83},  {"2314", 0, 800, 7},
        {"3350", 0, 800, 19},  {"3350", 0, 4096, 4},  {"3350", 8, 800, 17}, {"3350", 8, 256, 36},
        {"2311", 8, 256, 10},  {"2314", 8, 256, 17},  {"3330", 8, 256, 28}, {"3380", 8, 256, 46},
        {"3350", 0, 19069, 1}, {"3350", 0, 19070, 0},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct ckd_geometry *g = ckd_geometry_find(known[i].type);
        ck_assert_uint_eq(ckd_records_per_track(g, known[i].key, known[i].data), known[i].records);
        uint8_t *track = malloc(g->image_track);
        struct ckd_builder b;
        ckd_build(&b, g, track, 3, 2);
        unsigned n = 0;
        while (ckd_build_record(&b, (uint8_t)(n + 1), NULL, known[i].key, NULL, known[i].data))
            n++;
        ck_assert_uint_eq(n, known[i].records);
        free(track);
    }
    ck_assert(ckd_geometry_find("3351") == NULL);
}
END_TEST

START_TEST(create_and_open)
{
    create("3350", 2);
    struct ckd_image *image = open_image(0);
    ck_assert_uint_eq(ckd_image_cylinders(image), 2);
    ck_assert_str_eq(ckd_image_geometry(image)->name, "3350");
    const uint8_t *track = ckd_image_track(image, 1, 29);
    struct ckd_record r;
    ck_assert(ckd_record_at(track, 0x4c00, CKD_HOME_ADDRESS, &r));
    ck_assert(r.cylinder == 1 && r.head == 29 && r.record == 0 && r.data_length == 8);
    ck_assert(!ckd_record_next(track, 0x4c00, &r));
    ck_assert(write_record(image, 7, 4096, 0xa5));
    ckd_image_close(image);
    image = open_image(CKD_READ_ONLY);
    expect_record(image, 7, 4096, 0xa5);
    ck_assert(!write_record(image, 7, 100, 1) && errno == EROFS);
    ckd_image_close(image);
    ck_assert(ckd_image_create(path, ckd_geometry_find("3350"), 1, message, sizeof message));
    ck_assert(strstr(message, path) && strstr(message, "File exists"));
}
END_TEST

START_TEST(copy_on_write)
{
    create("3350", 20);
    struct ckd_image *image = open_image(CKD_COPY_ON_WRITE);
    ck_assert(write_record(image, 7, 4096, 0xa5));
    /* More tracks than the cache holds do not push the changed one out. */
    for (unsigned c = 0; c < 20; c++)
        for (unsigned h = 0; h < 30; h++)
            ck_assert(ckd_image_track(image, c, h) != NULL);
    expect_record(image, 7, 4096, 0xa5);
    ckd_image_close(image);
    image = open_image(CKD_READ_ONLY);
    struct ckd_record r;
    ck_assert(!ckd_record_find(ckd_image_track(image, 1, 7), 0x4c00, 1, &r));
    ckd_image_close(image);
}
END_TEST

START_TEST(locked)
{
    create("3330", 1);
    struct ckd_image *image = open_image(0);
    ck_assert(!ckd_image_open(path, 0, message, sizeof message));
    ck_assert(strstr(message, path) && strstr(message, "in use"));
    ck_assert(!ckd_image_open(path, CKD_READ_ONLY, message, sizeof message));
    ckd_image_close(image);
    image = open_image(CKD_READ_ONLY);
    struct ckd_image *other = open_image(CKD_COPY_ON_WRITE);
    ckd_image_close(image);
    ckd_image_close(other);
}
END_TEST

static void expect_refused(const char *words)
{
    ck_assert(!ckd_image_open(path, 0, message, sizeof message));
    ck_assert_msg(strstr(message, path) && strstr(message, words), "%s", message);
}

START_TEST(damaged)
{
    expect_refused("No such file");
    create("3350", 2);
    ck_assert_int_eq(truncate(path, 512 + 30 * 0x4c00 + 1000), 0);
    expect_refused("truncated");
    ck_assert(strstr(message, "323942912")); /* 512 + 555 * 30 * 19456 */
    ck_assert_int_eq(truncate(path, 512), 0);
    expect_refused("truncated");
    ck_assert_int_eq(truncate(path, 100), 0);
    expect_refused("too short");
    ck_assert_int_eq(truncate(path, 0), 0);
    ck_assert_int_eq(truncate(path, 100000), 0);
    expect_refused("is not a disk image");
    unlink(path);
    mkdir(path, 0777);
    expect_refused(path);
    rmdir(path);
}
END_TEST

START_TEST(damaged_track)
{
    create("3350", 1);
    int fd = open(path, O_RDWR);
    ck_assert_int_eq(pwrite(fd, "\0\0\7\0\7", 5, 512), 5);
    close(fd);
    struct ckd_image *image = open_image(0);
    ck_assert(!ckd_image_track(image, 0, 0) && errno == EBADMSG);
    ck_assert(ckd_image_track(image, 0, 1) != NULL);
    ckd_image_close(image);
}
END_TEST

/* A host file that may not grow stands for a full disk. */
START_TEST(host_full)
{
    create("3350", 2);
    struct ckd_image *image = open_image(0);
    ck_assert(write_record(image, 7, 12000, 0xa5));
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {512 + 37 * 0x4c00 + 9000, RLIM_INFINITY};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    bool written = write_record(image, 7, 12000, 0x5a);
    int error = errno;
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert(!written && error == EFBIG);
    expect_record(image, 7, 12000, 0xa5);
    ckd_image_close(image);
    image = open_image(0);
    expect_record(image, 7, 12000, 0xa5);
    ckd_image_close(image);
}
END_TEST

/* What a kill leaves between the journal's write and the image's, and within the latter. */
START_TEST(killed)
{
    create("3350", 2);
    struct ckd_image *image = open_image(0);
    ck_assert(write_record(image, 7, 12000, 0xa5));
    ckd_image_close(image);
    struct ckd_journal journal;
    uint8_t data[12000];
    memset(data, 0x5a, sizeof data);
    uint64_t at = 512 + 37 * 0x4c00 + CKD_HOME_ADDRESS + 16 + CKD_COUNT;
    ckd_journal_init(&journal, path);
    ck_assert(ckd_journal_begin(&journal, at, data, sizeof data));
    close(journal.fd);
    int fd = open(path, O_RDWR);
    ck_assert_int_eq(pwrite(fd, data, 5000, (off_t)at), 5000);
    close(fd);
    image = open_image(CKD_READ_ONLY);
    expect_record(image, 7, 12000, 0x5a);
    ckd_image_close(image);
    image = open_image(0);
    expect_record(image, 7, 12000, 0x5a);
    ckd_image_close(image);
    ck_assert_int_ne(access(journal.path, F_OK), 0);
    /* An incomplete entry: the image was not touched yet. */
    memset(data, 0x77, sizeof data);
    ckd_journal_init(&journal, path);
    ck_assert(ckd_journal_begin(&journal, at, data, sizeof data));
    ck_assert_int_eq(ftruncate(journal.fd, 6000), 0);
    close(journal.fd);
    image = open_image(0);
    expect_record(image, 7, 12000, 0x5a);
    ckd_image_close(image);
}
END_TEST

/* Writes the same record again and again, each time of other bytes, and says so by a byte. */
static void write_until_killed(int progress)
{
    struct ckd_image *image = ckd_image_open(path, 0, message, sizeof message);
    for (uint8_t fill = 1; image; fill++)
        if (!write_record(image, 7, 12000, fill) || write(progress, &fill, 1) != 1)
            break;
    _exit(1);
}

/* A killed writer leaves the record as it was or as it was to be, never a mixture. */
START_TEST(killed_for_real)
{
    create("3350", 2);
    for (int i = 0; i < 50; i++) {
        int progress[2];
        char byte;
        ck_assert_int_eq(pipe(progress), 0);
        pid_t child = fork();
        if (child == 0)
            write_until_killed(progress[1]);
        close(progress[1]);
        for (int n = 0; n <= i % 7; n++)
            ck_assert_int_eq(read(progress[0], &byte, 1), 1);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        close(progress[0]);
        struct ckd_image *image = open_image(0);
        struct ckd_record r;
        ck_assert(ckd_record_find(ckd_image_track(image, 1, 7), 0x4c00, 1, &r));
        expect_record(image, 7, 12000, r.data[0]);
        ckd_image_close(image);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("ckd image");
    TCase *t = tcase_create("image");
    tcase_add_checked_fixture(t, make_directory, remove_directory);
    tcase_add_test(t, capacity);
    tcase_add_test(t, create_and_open);
    tcase_add_test(t, copy_on_write);
    tcase_add_test(t, locked);
    tcase_add_test(t, damaged);
    tcase_add_test(t, damaged_track);
    tcase_add_test(t, host_full);
    tcase_add_test(t, killed);
    tcase_add_test(t, killed_for_real);
    suite_add_tcase(s, t);
    return run_suite(s);
}

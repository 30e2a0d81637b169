/* Proves: the image utilities of Hercules (Debian package hercules) open what we write, record
 * by record, and we open what they write. */
#include "lib/be.h"
#include "lib/ebcdic.h"
#include "s370/media/ckd_image.h"
#include "tests/unit/run_command.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[32], path[64], other[64], message[512];

static void setup(void)
{
    strcpy(directory, "/tmp/datbox-herc-XXXXXX");
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

static void put_text(uint8_t *to, const char *text)
{
    ebcdic_from_latin1(to, text, strlen(text));
}

static void put_track(struct ckd_image *image, unsigned head, struct ckd_builder *b)
{
    ck_assert(ckd_image_write(image, 0, head, 0, b->track, ckd_build_end(b)));
}

/* A volume with label IOTEST and a table of contents at cylinder 0 head 1 (format 4 and 1
 * data set control blocks) that lists DATBOX.TEST. */
static void make_volume(const char *type)
{
    const struct ckd_geometry *g = ckd_geometry_find(type);
    ck_assert_msg(!ckd_image_create(path, g, 5, message, sizeof message), "%s", message);
    struct ckd_image *image = ckd_image_open(path, 0, message, sizeof message);
    uint8_t *track = malloc(g->image_track), key[44], data[144] = {0};
    struct ckd_builder b;
    ckd_build(&b, g, track, 0, 0);
    put_text(key, "IPL1");
    ck_assert(ckd_build_record(&b, 1, key, 4, NULL, 24));
    put_text(key, "IPL2");
    ck_assert(ckd_build_record(&b, 2, key, 4, NULL, 144));
    put_text(key, "VOL1");
    memset(data, 0x40, 80);
    put_text(data, "VOL1IOTEST");
    memcpy(data + 10, "\0\0\0\0\1\1", 6); /* security; VTOC at CCHHR */
    ck_assert(ckd_build_record(&b, 3, key, 4, data, 80));
    put_track(image, 0, &b);

    ckd_build(&b, g, track, 0, 1);
    memset(key, 0x04, sizeof key);
    memset(data, 0, sizeof data);
    put_text(data, "4");
    store_be16(data + 62 - 44, g->cylinders);
    store_be16(data + 64 - 44, g->heads);
    memcpy(data + 105 - 44, "\1\0\0\0\0\1\0\0\0\1", 10); /* its own extent */
    ck_assert(ckd_build_record(&b, 1, key, 44, data, 96));
    memset(key, 0x40, sizeof key);
    put_text(key, "DATBOX.TEST");
    memset(data, 0, sizeof data);
    put_text(data, "1IOTEST");
    data[59 - 44] = 1;                                   /* extents */
    data[82 - 44] = 0x40;                                /* sequential */
    memcpy(data + 105 - 44, "\1\0\0\1\0\0\0\1\0\4", 10); /* 0001 0000 to 0001 0004 */
    ck_assert(ckd_build_record(&b, 2, key, 44, data, 96));
    put_track(image, 1, &b);
    free(track);
    ckd_image_close(image);
}

START_TEST(they_read_ours)
{
    static const char *const types[] = {"3350", "3330", "3340", "2314"};
    for (int i = 0; i < 4; i++) {
        make_volume(types[i]);
        ck_assert_msg(run("dasdls %s%s", path, "") == 0 && strstr(said, "VOLSER=IOTEST") &&
                          strstr(said, "DATBOX.TEST"),
                      "%s", said);
        unlink(path);
    }
}
END_TEST

/* A copy by their tool to the compressed form and back is the same file. */
START_TEST(they_copy_ours)
{
    make_volume("3350");
    char compressed[80];
    sprintf(compressed, "%s.cckd", other);
    int rc = run("dasdcopy -z %s %s", path, compressed);
    ck_assert_msg(rc == 0, "%s", said);
    rc = run("dasdcopy -r %s %s", compressed, other);
    unlink(compressed);
    ck_assert_msg(rc == 0, "%s", said);
    ck_assert_msg(run("cmp %s %s", path, other) == 0, "%s", said);
}
END_TEST

/* Their compressed images hold the same tracks, and copy-on-write leaves them alone. */
START_TEST(we_read_compressed)
{
    static const char *const forms[] = {"-z", "-bz2", "-0"};
    make_volume("3350");
    struct ckd_image *plain = ckd_image_open(path, CKD_READ_ONLY, message, sizeof message);
    for (int i = 0; i < 3; i++) {
        char copy[64];
        sprintf(copy, "dasdcopy %s", forms[i]);
        strcat(copy, " %s %s");
        ck_assert_msg(run(copy, path, other) == 0, "%s", said);
        struct ckd_image *image =
            ckd_image_open(other, i ? 0 : CKD_COPY_ON_WRITE, message, sizeof message);
        ck_assert_msg(image != NULL, "%s", message);
        ck_assert_uint_eq(ckd_image_cylinders(image), 5);
        ck_assert(ckd_image_writable(image));
        for (unsigned c = 0; c < 5; c++)
            for (unsigned h = 0; h < 30; h++) {
                const uint8_t *a = ckd_image_track(plain, c, h), *b = ckd_image_track(image, c, h);
                if (!a || !b || memcmp(a, b, 0x4c00) != 0)
                    ck_abort_msg("%s: cylinder %u head %u", forms[i], c, h);
            }
        ck_assert(ckd_image_write(image, 4, 29, 21, "x", 1));
        ckd_image_close(image);
        unlink(other);
    }
    ckd_image_close(plain);
}
END_TEST

/* Writes tracks of random sizes to a compressed image and to a plain one, in sessions; afterwards
 * they hold the same, and cckdcdsk finds nothing wrong with the compressed one. */
static void write_both(unsigned seed, unsigned sessions)
{
    const struct ckd_geometry *g = ckd_geometry_find("3350");
    uint8_t *track = malloc(g->image_track), data[4096];
    srand(seed);
    for (unsigned n = 0; n < sessions; n++) {
        struct ckd_image *a = ckd_image_open(path, 0, message, sizeof message);
        struct ckd_image *b = ckd_image_open(other, 0, message, sizeof message);
        ck_assert_msg(a && b, "%s", message);
        for (unsigned i = 0; i < 60; i++) {
            unsigned c = (unsigned)rand() % 5, h = 2 + (unsigned)rand() % 28;
            struct ckd_builder t;
            ckd_build(&t, g, track, c, h);
            for (unsigned r = 1; r <= (unsigned)rand() % 5; r++) {
                for (unsigned k = 0; k < sizeof data; k++)
                    data[k] = (uint8_t)(rand() % (1 << rand() % 8));
                ckd_build_record(&t, (uint8_t)r, NULL, 0, data, 1 + (unsigned)rand() % 4096);
            }
            uint32_t end = ckd_build_end(&t);
            ck_assert(ckd_image_write(a, c, h, 0, track, end));
            ck_assert(ckd_image_write(b, c, h, 0, track, end));
        }
        ckd_image_close(a);
        ckd_image_close(b);
    }
    free(track);
}

static void expect_same(void)
{
    struct ckd_image *a = ckd_image_open(path, CKD_READ_ONLY, message, sizeof message);
    struct ckd_image *b = ckd_image_open(other, CKD_READ_ONLY, message, sizeof message);
    ck_assert_msg(a && b, "%s", message);
    for (unsigned c = 0; c < 5; c++)
        for (unsigned h = 0; h < 30; h++) {
            const uint8_t *x = ckd_image_track(a, c, h), *y = ckd_image_track(b, c, h);
            struct ckd_record r;
            uint32_t size = 0x4c00, end = CKD_HOME_ADDRESS;
            bool more = x && ckd_record_at(x, size, end, &r);
            for (; more; more = ckd_record_next(x, size, &r))
                end = r.offset + CKD_COUNT + r.key_length + r.data_length;
            if (!x || !y || memcmp(x, y, end + CKD_COUNT))
                ck_abort_msg("cylinder %u head %u", c, h);
        }
    ckd_image_close(a);
    ckd_image_close(b);
}

START_TEST(both_write_compressed)
{
    static const char *const forms[] = {"-z", "-bz2", "-0"};
    for (int i = 0; i < 3; i++) {
        char copy[64];
        make_volume("3350");
        sprintf(copy, "dasdcopy %s", forms[i]);
        strcat(copy, " %s %s");
        ck_assert_msg(run(copy, path, other) == 0, "%s", said);
        for (unsigned n = 0; n < 3; n++) {
            write_both(n, 2);
            expect_same();
            ck_assert_msg(run("cckdcdsk -3 %s%s", other, "") == 0, "%s", said);
            ck_assert_msg(!strstr(said, "error") && !strstr(said, "repair"), "%s", said);
            expect_same();
            ck_assert_msg(run("cckdcomp %s%s", other, "") == 0, "%s", said);
            expect_same();
        }
        ck_assert_msg(run("dasdls %s%s", other, "") == 0 && strstr(said, "DATBOX.TEST"), "%s",
                      said);
        unlink(path);
        unlink(other);
    }
}
END_TEST

/* A new compressed image of ours is one of theirs. */
START_TEST(they_read_our_compressed)
{
    make_volume("3350");
    for (int kind = 0; kind < 3; kind++) {
        const char *wrong =
            ckd_image_create_as(other, ckd_geometry_find("3350"), 5, kind, message, sizeof message);
        ck_assert_msg(!wrong, "%s", message);
        ck_assert_msg(run("cckdcdsk -3 %s%s", other, "") == 0, "%s", said);
        struct ckd_image *a = ckd_image_open(path, CKD_READ_ONLY, message, sizeof message);
        struct ckd_image *b = ckd_image_open(other, 0, message, sizeof message);
        for (unsigned h = 0; h < 30; h++)
            ck_assert(ckd_image_write(b, 0, h, 0, ckd_image_track(a, 0, h), 0x4c00));
        ckd_image_close(a);
        ckd_image_close(b);
        ck_assert_msg(run("cckdcdsk -3 %s%s", other, "") == 0, "%s", said);
        ck_assert_msg(run("dasdls %s%s", other, "") == 0 && strstr(said, "DATBOX.TEST"), "%s",
                      said);
        expect_same();
        unlink(other);
    }
}
END_TEST

/* Killed while it writes a compressed image: each track is as before or as after. */
START_TEST(kill_compressed)
{
    const struct ckd_geometry *g = ckd_geometry_find("3350");
    uint8_t *track = malloc(g->image_track), data[4096];
    ck_assert(!ckd_image_create_as(other, g, 5, 1, message, sizeof message));
    for (unsigned round = 1; round <= 20; round++) {
        int written[2];
        ck_assert(pipe(written) == 0);
        pid_t child = fork();
        if (child == 0) {
            close(written[0]);
            struct ckd_image *image = ckd_image_open(other, 0, message, sizeof message);
            for (unsigned i = 0; image; i++) {
                struct ckd_builder t;
                ckd_build(&t, g, track, i % 5, i % 30);
                for (unsigned k = 0; k < sizeof data; k++)
                    data[k] = (uint8_t)(i + (k % 3 ? 0 : k >> 3));
                for (uint8_t r = 1; r <= 1 + i % 4; r++)
                    ckd_build_record(&t, r, &i, 1, data, sizeof data);
                ckd_image_write(image, i % 5, i % 30, 0, track, ckd_build_end(&t));
                if (write(written[1], "", 1) != 1)
                    break;
            }
            _exit(1);
        }
        char byte;
        for (unsigned i = 0; i < 7 * round; i++)
            ck_assert(read(written[0], &byte, 1) == 1);
        kill(child, SIGKILL);
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_msg(WIFSIGNALED(status), "%s", message);
        close(written[0]);
        close(written[1]);
        struct ckd_image *image = ckd_image_open(other, 0, message, sizeof message);
        ck_assert_msg(image != NULL, "%s", message);
        for (unsigned c = 0; c < 5; c++)
            for (unsigned h = 0; h < 30; h++) {
                struct ckd_record r;
                const uint8_t *t = ckd_image_track(image, c, h);
                ck_assert(t != NULL && ckd_record_at(t, g->image_track, CKD_HOME_ADDRESS, &r));
                unsigned records = 0;
                while (ckd_record_next(t, g->image_track, &r)) {
                    ck_assert_uint_eq(r.data[1], *r.key);
                    ck_assert_uint_eq(r.data[4094], *r.key);
                    records++;
                }
                ck_assert(!records || records == 1 + *t % 4u || records <= 4);
            }
        ckd_image_close(image);
        ck_assert_msg(run("cckdcdsk -3 %s%s", other, "") == 0, "%s", said);
    }
    free(track);
}
END_TEST

/* Changes go to a shadow file; the image stays as it was, also for the tools. A second shadow file
 * lies over the first. */
START_TEST(shadow_files)
{
    char one[80], two[80];
    sprintf(one, "%s_1.sf", path);
    sprintf(two, "%s_2.sf", path);
    strcpy(other, one);
    make_volume("3350");
    ck_assert(run("cp %s %s.base", path, path) == 0);
    char shadows[80];
    sprintf(shadows, "%s_x.sf", path);
    const struct ckd_geometry *g = ckd_geometry_find("3350");
    for (unsigned n = 1; n <= 2; n++) {
        if (n == 2)
            ck_assert(
                !ckd_image_create_as(two, g, 5, CKD_SHADOW_FILE | 1, message, sizeof message));
        struct ckd_image *image =
            ckd_image_open_shadowed(path, shadows, 0, message, sizeof message);
        ck_assert_msg(image != NULL, "%s", message);
        ck_assert_uint_eq(ckd_image_track(image, 3, 7)[29], n == 2 ? 7 : 0);
        static const uint8_t zeros[1000];
        uint8_t track[0x4c00];
        struct ckd_builder b;
        ckd_build(&b, g, track, 3, 7);
        ck_assert(ckd_build_record(&b, 1, NULL, 0, zeros, sizeof zeros));
        track[29] = 7; /* the first byte of its data */
        ck_assert(ckd_image_write(image, 3, 7, 0, track, ckd_build_end(&b)));
        ck_assert_uint_eq(ckd_image_track(image, 0, 0)[4], 0);
        ckd_image_close(image);
        ck_assert_msg(run("cckdcdsk -3 %s%s", n == 1 ? one : two, "") == 0, "%s", said);
        ck_assert_msg(run("cmp %s %s.base", path, path) == 0, "%s", said);
    }
    ck_assert_msg(run("dasdls %s sf=%s", path, shadows) == 0 && strstr(said, "DATBOX.TEST"), "%s",
                  said);
    unlink(one);
    unlink(two);
    ck_assert(run("rm %s.base%s", path, "") == 0);
}
END_TEST

/* A table that names a track image without length would have it in a place that can be given away
 * (found by fuzz_cckd): such an image is not written. */
START_TEST(damaged_table)
{
    uint8_t l1[4] = {8, 4}, l2[2048] = {8, 12};
    ck_assert(
        !ckd_image_create_as(other, ckd_geometry_find("2314"), 1, 0, message, sizeof message));
    FILE *f = fopen(other, "r+b");
    ck_assert(f && !fseek(f, 1024, SEEK_SET) && fwrite(l1, sizeof l1, 1, f) == 1 &&
              fwrite("\0\0\0", 4, 1, f) == 1 && fwrite(l2, sizeof l2, 1, f) == 1 && !fclose(f));
    ck_assert(ckd_image_open(other, 0, message, sizeof message) == NULL);
    ck_assert_msg(strstr(message, other) && strstr(message, "cckdcdsk"), "%s", message);
    struct ckd_image *image = ckd_image_open(other, CKD_READ_ONLY, message, sizeof message);
    ck_assert_msg(image != NULL, "%s", message);
    ckd_image_close(image);
}
END_TEST

START_TEST(we_read_theirs)
{
    ck_assert_msg(run("dasdinit -a %s 3340-1 HERC01%s", other, "") == 0, "%s", said);
    struct ckd_image *image = ckd_image_open(other, 0, message, sizeof message);
    ck_assert_msg(image != NULL, "%s", message);
    const struct ckd_geometry *g = ckd_image_geometry(image);
    ck_assert_str_eq(g->name, "3340");
    ck_assert_uint_eq(ckd_image_cylinders(image), (unsigned)g->cylinders + g->alternates);
    struct ckd_record r;
    char label[10];
    ck_assert(ckd_record_find(ckd_image_track(image, 0, 0), g->image_track, 3, &r));
    ck_assert_uint_eq(r.data_length, 80);
    latin1_from_ebcdic(label, r.data, 10);
    ck_assert_mem_eq(label, "VOL1HERC01", 10);
    for (unsigned c = 0; c < ckd_image_cylinders(image); c++)
        for (unsigned h = 0; h < g->heads; h++) {
            const uint8_t *track = ckd_image_track(image, c, h);
            if (!track || !ckd_record_at(track, g->image_track, CKD_HOME_ADDRESS, &r))
                ck_abort_msg("cylinder %u head %u", c, h);
        }
    ckd_image_close(image);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("ckd and hercules");
    TCase *t = tcase_create("images");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, they_read_ours);
    tcase_add_test(t, they_copy_ours);
    tcase_add_test(t, we_read_compressed);
    tcase_add_test(t, both_write_compressed);
    tcase_add_test(t, they_read_our_compressed);
    tcase_add_test(t, kill_compressed);
    tcase_add_test(t, shadow_files);
    tcase_add_test(t, damaged_table);
    tcase_add_test(t, we_read_theirs);
    suite_add_tcase(s, t);
    return run_suite(s);
}

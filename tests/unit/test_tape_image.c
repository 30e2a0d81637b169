/* Proves: tapes in files are as a model in memory says, whatever is written and read in whatever
 * order, plain and compressed; files that are cut off or damaged anywhere are read up to there,
 * with a message; and the tape utilities of Hercules (Debian package hercules) read ours, and
 * we read theirs. */
#include "s370/media/tape_image.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCKS_MAX 200

static char directory[32], path[64], other[64], message[512], said[16384];

/* The model: the block's length, or 0 for a mark; its bytes come from its seed. */
static struct {
    uint32_t length, seed;
} model[BLOCKS_MAX];
static uint32_t model_count, model_at;

static uint8_t block[TAPE_BLOCK_MAX];
static uint32_t random_state;

static void setup(void)
{
    strcpy(directory, "/tmp/datbox-tape-XXXXXX");
    ck_assert(mkdtemp(directory) != NULL);
    sprintf(path, "%s/ours.aws", directory);
    sprintf(other, "%s/theirs", directory);
    model_count = model_at = 0;
    random_state = 370;
}

static void teardown(void)
{
    unlink(path);
    unlink(other);
    ck_assert_int_eq(rmdir(directory), 0);
}

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % limit;
}

/* Even seeds give bytes that can be compressed, odd ones do not. */
static void fill(uint32_t seed, uint32_t length)
{
    uint32_t x = seed;
    for (uint32_t i = 0; i < length; i++) {
        x = x * 1103515245 + 12345;
        block[i] = (uint8_t)(seed % 2 ? x >> 16 : seed + i / 16);
    }
}

static struct tape_image *mount(unsigned flags)
{
    struct tape_image *t = tape_image_open(path, flags, message, sizeof message);
    ck_assert_msg(t != NULL, "%s", message);
    return t;
}

static void write_block(struct tape_image *t, uint32_t length, uint32_t seed)
{
    fill(seed, length);
    ck_assert_int_eq(tape_image_write(t, block, length), TAPE_BLOCK);
}

/* --- against the model --- */

static void model_write(struct tape_image *t)
{
    static const uint32_t lengths[] = {1, 80, 4096, 32760, 65535, 65536, 140000};
    uint32_t length = random_below(4) ? lengths[random_below(7)] : 0;
    uint32_t seed = random_below(1000);
    if (model_at == BLOCKS_MAX)
        return;
    if (length)
        write_block(t, length, seed);
    else
        ck_assert_int_eq(tape_image_write_mark(t), TAPE_MARK);
    model[model_at].length = length;
    model[model_at].seed = seed;
    model_count = ++model_at;
}

static void model_read(struct tape_image *t, bool backward, bool space)
{
    const uint8_t *bytes;
    uint32_t length = 0;
    enum tape_result result =
        space ? tape_image_space(t, backward) : tape_image_read(t, backward, &bytes, &length);
    if (backward ? model_at == 0 : model_at == model_count) {
        ck_assert_int_eq(result, backward ? TAPE_LOAD_POINT : TAPE_END);
        return;
    }
    uint32_t n = backward ? --model_at : model_at++;
    ck_assert_int_eq(result, model[n].length ? TAPE_BLOCK : TAPE_MARK);
    if (space || !model[n].length)
        return;
    ck_assert_uint_eq(length, model[n].length);
    fill(model[n].seed, length);
    ck_assert(memcmp(bytes, block, length) == 0);
}

static void model_step(struct tape_image *t)
{
    uint32_t what = random_below(20);
    if (what == 0) {
        tape_image_rewind(t);
        model_at = 0;
    } else if (what == 1) {
        ck_assert(tape_image_erase(t));
        model_count = model_at;
    } else if (what < 9) {
        model_read(t, what < 5, what % 2);
    } else if (what < 12) { /* to the end of the tape */
        while (model_at < model_count)
            model_read(t, false, false);
    } else {
        model_write(t);
    }
    ck_assert_uint_eq(tape_image_position(t), model_at);
}

START_TEST(as_the_model)
{
    for (int life = 0; life < 20; life++) { /* the file is opened again and again */
        struct tape_image *t = mount(_i ? TAPE_COMPRESS : 0);
        ck_assert_str_eq(message, "");
        model_at = 0;
        for (int i = 0; i < 60; i++)
            model_step(t);
        tape_image_close(t);
    }
    struct tape_image *t = mount(TAPE_READ_ONLY);
    model_at = 0;
    for (uint32_t i = 0; i <= model_count; i++)
        model_read(t, false, false);
    for (uint32_t i = 0; i <= model_count; i++)
        model_read(t, true, false);
    tape_image_close(t);
}
END_TEST

/* --- files that are not whole --- */

static long file_size(void)
{
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    return (long)st.st_size;
}

/* Three blocks of 100, 200 and 300 bytes at 0, 106 and 312, and a mark at 618. */
static void make_tape(void)
{
    unlink(path);
    struct tape_image *t = mount(0);
    for (uint32_t i = 1; i <= 3; i++)
        write_block(t, i * 100, i);
    ck_assert_int_eq(tape_image_write_mark(t), TAPE_MARK);
    tape_image_close(t);
    ck_assert_int_eq(file_size(), 624);
}

/* However a kill cuts off the file: complete blocks are there, the incomplete one is not, and one
 * can write on. */
START_TEST(cut_off)
{
    static const long ends[] = {0, 106, 312, 618, 624};
    for (long size = 624; size >= 0; size--) {
        make_tape();
        ck_assert_int_eq(truncate(path, size), 0);
        if (size > 0 && size < 6) {
            ck_assert(!tape_image_open(path, 0, message, sizeof message));
            ck_assert(strstr(message, "is not a tape"));
            continue;
        }
        struct tape_image *t = mount(0);
        uint32_t whole = 0;
        while (whole < 4 && ends[whole + 1] <= size)
            whole++;
        ck_assert_int_eq(strstr(message, "incomplete") != NULL, ends[whole] != size);
        for (uint32_t i = 0; i < whole; i++)
            ck_assert_int_eq(tape_image_space(t, false), i == 3 ? TAPE_MARK : TAPE_BLOCK);
        ck_assert_int_eq(tape_image_space(t, false), TAPE_END);
        write_block(t, 50, 7);
        tape_image_close(t);
        ck_assert_int_eq(file_size(), ends[whole] + 56);
        tape_image_close(mount(0));
        ck_assert_str_eq(message, "");
    }
}
END_TEST

static void damage(long offset, uint8_t byte)
{
    FILE *f = fopen(path, "r+");
    ck_assert(f && fseek(f, offset, SEEK_SET) == 0 && fputc(byte, f) == byte);
    fclose(f);
}

/* A damaged header: what is before can be read; the rest is one block with data check, so that
 * retrying by backspacing meets the same place again; written over, all is well. */
START_TEST(damaged_header)
{
    static const int offsets[] = {0, 2, 3, 4, 5}; /* length 0; previous length, flags wrong */
    for (int n = 0; n < 5; n++) {
        const uint8_t *bytes;
        uint32_t length;
        make_tape();
        damage(106 + offsets[n], n == 0 ? 0 : 0x5c);
        struct tape_image *t = mount(0);
        ck_assert(strstr(message, "damaged at byte 106, behind block 1"));
        ck_assert_int_eq(tape_image_read(t, false, &bytes, &length), TAPE_BLOCK);
        for (int i = 0; i < 3; i++) {
            ck_assert_int_eq(tape_image_read(t, false, &bytes, &length), TAPE_DAMAGED);
            ck_assert_int_eq(tape_image_read(t, false, &bytes, &length), TAPE_END);
            ck_assert_int_eq(tape_image_space(t, true), TAPE_DAMAGED);
        }
        tape_image_space(t, false);
        ck_assert_int_eq(tape_image_write_mark(t), TAPE_MARK); /* behind what is damaged */
        tape_image_close(t);
        ck_assert_int_eq(file_size(), 112);
    }
}
END_TEST

START_TEST(damaged_contents)
{
    const uint8_t *bytes;
    uint32_t length;
    struct tape_image *t = mount(TAPE_COMPRESS);
    write_block(t, 5000, 2);
    write_block(t, 5000, 4);
    tape_image_close(t);
    damage(10, 0xff);
    t = mount(0);
    ck_assert_int_eq(tape_image_read(t, false, &bytes, &length), TAPE_DAMAGED);
    ck_assert_int_eq(tape_image_read(t, false, &bytes, &length), TAPE_BLOCK);
    ck_assert_uint_eq(length, 5000);
    tape_image_close(t);
}
END_TEST

START_TEST(refused)
{
    FILE *f = fopen(path, "w");
    fputs("This is a letter, not a tape.\n", f);
    fclose(f);
    ck_assert(!tape_image_open(path, 0, message, sizeof message));
    ck_assert(strstr(message, "ours.aws: is not a tape"));
    ck_assert_int_eq(file_size(), 30);
    ck_assert(!tape_image_open(directory, TAPE_READ_ONLY, message, sizeof message));
    ck_assert(strstr(message, "is not a regular file"));
    unlink(path);
    ck_assert(!tape_image_open(path, TAPE_READ_ONLY, message, sizeof message));
    ck_assert(strstr(message, "No such file"));

    struct tape_image *t = mount(0);
    ck_assert(!tape_image_open(path, TAPE_READ_ONLY, message, sizeof message));
    ck_assert(strstr(message, "in use"));
    tape_image_close(t);
    t = mount(TAPE_READ_ONLY);
    struct tape_image *second = mount(TAPE_READ_ONLY);
    ck_assert_int_eq(tape_image_write_mark(t), TAPE_FAILED);
    ck_assert_int_eq(errno, EROFS);
    tape_image_close(second);
    tape_image_close(t);
}
END_TEST

/* --- with Hercules --- */

static int run(const char *format, const char *a, const char *b)
{
    char command[256];
    snprintf(command, sizeof command, format, a, b);
    strncat(command, " 2>&1", sizeof command - strlen(command) - 1);
    FILE *f = popen(command, "r");
    ck_assert(f != NULL);
    size_t n = fread(said, 1, sizeof said - 1, f);
    said[n] = 0;
    return pclose(f);
}

/* Two files: 10 blocks of 800, 3 blocks of 65535; the first comes out of their tool. */
static void make_files(unsigned flags)
{
    unlink(path);
    struct tape_image *t = mount(flags);
    for (uint32_t i = 0; i < 10; i++)
        write_block(t, 800, i);
    tape_image_write_mark(t);
    for (uint32_t i = 0; i < 3; i++)
        write_block(t, 65535, 2 * i); /* their bzip2 fails with what cannot be compressed */
    tape_image_write_mark(t);
    tape_image_write_mark(t);
    tape_image_close(t);
}

static void check_first_file(void)
{
    FILE *f = fopen(other, "r");
    ck_assert(f != NULL);
    static uint8_t theirs[801];
    for (uint32_t i = 0; i < 10; i++) {
        fill(i, 800);
        ck_assert_uint_eq(fread(theirs, 1, 800, f), 800);
        ck_assert(memcmp(theirs, block, 800) == 0);
    }
    ck_assert_int_eq(fgetc(f), EOF);
    fclose(f);
}

START_TEST(they_read_ours)
{
    make_files(_i ? TAPE_COMPRESS : 0);
    ck_assert_msg(run("hetget -n %s %s 1 F 80 800", path, other) == 0, "%s", said);
    check_first_file();
    ck_assert_msg(run("hetmap -f %s%s", path, "") == 0 && strstr(said, "65535"), "%s", said);
    if (_i == 0)
        ck_assert_msg(run("tapemap %s%s", path, "") == 0 && strstr(said, "65535"), "%s", said);
}
END_TEST

/* A copy by their tool, in each of their forms, has the same blocks. */
START_TEST(we_read_theirs)
{
    static const char *const forms[] = {"-z", "-b", "-d", "-d -c 4096 -r"};
    char command[64];
    make_files(_i == 2 ? TAPE_COMPRESS : 0);
    sprintf(command, "hetupd %s %%s %%s", forms[_i]);
    ck_assert_msg(run(command, path, other) == 0, "%s", said);
    struct tape_image *t = tape_image_open(other, TAPE_READ_ONLY, message, sizeof message);
    ck_assert_msg(t != NULL && !*message, "%s", message);
    for (uint32_t i = 0; i < 16; i++) {
        const uint8_t *bytes;
        uint32_t length;
        enum tape_result result = tape_image_read(t, false, &bytes, &length);
        if (i == 10 || i >= 14) {
            ck_assert_int_eq(result, TAPE_MARK);
            continue;
        }
        ck_assert_int_eq(result, TAPE_BLOCK);
        ck_assert_uint_eq(length, i < 10 ? 800 : 65535);
        fill(i < 10 ? i : 2 * (i - 11), length);
        ck_assert(memcmp(bytes, block, length) == 0);
    }
    tape_image_close(t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tape_image");
    TCase *t = tcase_create("tape_image");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, as_the_model, 0, 2);
    tcase_add_test(t, cut_off);
    tcase_add_test(t, damaged_header);
    tcase_add_test(t, damaged_contents);
    tcase_add_test(t, refused);
    tcase_add_loop_test(t, they_read_ours, 0, 2);
    tcase_add_loop_test(t, we_read_theirs, 0, 4);
    suite_add_tcase(s, t);
    return run_suite(s);
}

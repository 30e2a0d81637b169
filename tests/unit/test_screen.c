/* Proves: the parts of the screen model that the comparison with s3270 does not reach: short
 * reads, Query and its lists, reply modes, partitions that are read, sizes, insert mode,
 * locking and its ends, code pages, names of keys, and streams that break off. */
#include "consoles/screen.h"
#include "s370/devices/display.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct screen *s;
static uint8_t bytes[SCREEN_RECORD_MOST(32 * 80)];
static struct screen_answer answer = {.bytes = bytes, .size = sizeof bytes};

static void setup(void)
{
    s = screen_create(32, 80, true);
    ck_assert_ptr_nonnull(s);
}

static void teardown(void)
{
    screen_free(s);
}

#define record(text) screen_execute(s, (const uint8_t *)(text), sizeof text - 1, &answer)
#define ck_assert_answer(text)                                                                     \
    do {                                                                                           \
        ck_assert_uint_eq(answer.length, sizeof text - 1);                                         \
        ck_assert_mem_eq(answer.bytes, text, sizeof text - 1);                                     \
    } while (0)

/* An unprotected field of three characters at 1, a protected at 4, and a skipped one at 8. */
#define FORM "\xf5\xc3\x1d\x40\x13\x00\x00\x00\x1d\x60\xc1\xc2\x1d\x40\x00\x1d\xf0\xc3\x1d\x40"

static void type(const char *codes)
{
    for (; *codes; codes++)
        screen_type(s, (uint8_t)*codes);
}

START_TEST(short_reads)
{
    static const struct {
        const char *key;
        uint8_t aid;
    } table[] = {{"PA1", 0x6c}, {"pa2", 0x6e}, {"PA3", 0x6b}, {"CLEAR", 0x6d}};
    for (int i = 0; i < 4; i++) {
        ck_assert(record(FORM));
        type("\xc1");
        screen_press(s, screen_key_named(table[i].key), &answer);
        ck_assert_uint_eq(answer.length, 1);
        ck_assert_uint_eq(answer.bytes[0], table[i].aid);
        ck_assert_int_eq(s->lock, SCREEN_LOCKED);
        screen_press(s, KEY_ENTER, &answer);
        ck_assert_uint_eq(answer.length, 0);
    }
    ck_assert_ptr_null(screen_field(s, 0)); /* CLEAR was the last */
    ck_assert(record(FORM));
    type("\xc1");
    screen_press(s, KEY_SYSREQ, &answer);
    ck_assert_answer("\x01\x6c\x61\x02\x11\x40\xc1\xc1");
}
END_TEST

START_TEST(enter)
{
    ck_assert(record(FORM));
    type("\xc1\xc2");
    screen_press(s, KEY_ENTER, &answer);
    ck_assert_answer("\x7d\x40\xc3\x11\x40\xc1\xc1\xc2");
    ck_assert(record("\xf1\xc3")); /* restore, no field modified any more */
    screen_press(s, screen_key_named("PF13"), &answer);
    ck_assert_answer("\xc1\x40\xc3");
    ck_assert_int_eq(screen_key_named("PF25"), KEYS);
    ck_assert_int_eq(screen_key_named("ANY"), KEYS);
}
END_TEST

START_TEST(inserting)
{
    char row[81];
    ck_assert(record(FORM));
    type("\xc1\xc2");
    screen_press(s, KEY_HOME, &answer);
    screen_press(s, KEY_INSERT, &answer);
    type("\xc3");
    screen_row(s, 0, 1047, row);
    ck_assert_str_eq(row, " CAB AB   C");
    ck_assert_int_eq(s->lock, SCREEN_UNLOCKED);
    type("\xc4"); /* the field is full */
    ck_assert_int_eq(s->lock, SCREEN_INHIBITED);
    screen_press(s, KEY_RESET, &answer);
    ck_assert_int_eq(s->lock, SCREEN_UNLOCKED);
    ck_assert(!s->insert);
    type("\xc4\xc5"); /* over B at the end, then the cursor is in a protected field */
    screen_row(s, 0, 1047, row);
    ck_assert_str_eq(row, " CDE AB   C");
    screen_press(s, KEY_RIGHT, &answer);
    type("\xc1");
    ck_assert_int_eq(s->lock, SCREEN_INHIBITED);
}
END_TEST

START_TEST(query)
{
    ck_assert(record("\xf3\x00\x05\x01\xff\x02"));
    ck_assert_mem_eq(answer.bytes, "\x88\x00\x0c\x81\x80\x80\x81\x84\x85\x86\x87\x88\xa6", 13);
    ck_assert_mem_eq(answer.bytes + 13, "\x00\x17\x81\x81\x01\x00\x00\x50\x00\x20", 10);
    ck_assert(record("\xf3\x00\x07\x01\xff\x03\x00\x88")); /* a list of one */
    ck_assert_answer("\x88\x00\x07\x81\x88\x00\x01\x02");
    ck_assert(record("\xf3\x00\x07\x01\xff\x03\x00\x99")); /* of none that there is */
    ck_assert_answer("\x88\x00\x04\x81\xff");
    ck_assert(!record("\xf3\x00\x05\x01\x00\x02"));
    ck_assert(!record("\xf3\x00\x05\x99\x00\x02"));
    ck_assert(!record("\xf3\x00\x55\x01\xff\x02"));
    ck_assert_uint_eq(s->errors, 3);
}
END_TEST

START_TEST(reply_modes)
{
    ck_assert(record("\xf5\xc3\x29\x02\xc0\x40\x42\xf2\x28\x41\xf2\xc1\x28\x00\x00\xc2"));
    ck_assert(record("\xf2"));
    ck_assert_mem_eq(answer.bytes, "\x60\x40\x40\x1d\x40\xc1\xc2", 7);
    ck_assert(record("\xf3\x00\x05\x09\x00\x01"));
    ck_assert(record("\xf2"));
    ck_assert_mem_eq(answer.bytes + 3, "\x29\x02\xc0\x40\x42\xf2\xc1\xc2", 8);
    ck_assert(record("\xf3\x00\x06\x09\x00\x02\x41"));
    ck_assert(record("\xf2"));
    ck_assert_mem_eq(answer.bytes + 3, "\x29\x02\xc0\x40\x42\xf2\x28\x41\xf2\xc1\x28\x41\x00\xc2",
                     14);
    ck_assert(record("\xf3\x00\x05\x01\x00\xf6")); /* the partition, modified fields */
    ck_assert_answer("\x60\x40\x40");
}
END_TEST

START_TEST(sizes)
{
    char row[81];
    ck_assert_uint_eq(s->rows, 24);
    ck_assert(!record("\xf1\xc3\x11\x5e\x50")); /* 1936 */
    ck_assert(record("\x7e\xc3\x11\x5e\x50\xc1"));
    ck_assert_uint_eq(s->rows, 32);
    screen_row(s, 24, 1047, row);
    ck_assert_str_eq(row, "                A");
    ck_assert(record("\xf3\x00\x04\x03\x00"));
    ck_assert_uint_eq(s->rows, 24);
    ck_assert(record("\xf3\x00\x04\x03\x80\x00\x00\x40\x00\xf5\xc3\xc2")); /* erase/reset, and */
    ck_assert_uint_eq(s->rows, 32); /* outbound 3270DS to the end, which leaves the size */
    screen_row(s, 0, 1047, row);
    ck_assert_str_eq(row, "B");
}
END_TEST

START_TEST(code_pages)
{
    ck_assert_int_eq(screen_character(0xad, 1047), '[');
    ck_assert_int_eq(screen_character(0xba, 37), '[');
    ck_assert_int_eq(screen_character(0x5f, 1047), '^');
    ck_assert_int_eq((uint8_t)screen_character(0x5f, 37), 0xac);
    ck_assert_int_eq(screen_character(0x1c, 37), '*');
    ck_assert_int_eq(screen_character(0x05, 37), ' ');
    ck_assert_int_eq(screen_character(0xc1, 37), 'A');
}
END_TEST

START_TEST(broken)
{
    static const char *const streams[] = {
        "\xf1\xc3\x11",
        "\xf1\xc3\x11\x40",
        "\xf1\xc3\x3c\x40\x40",
        "\xf1\xc3\x3c\x40\x40\x08",
        "\xf1\xc3\x1d",
        "\xf1\xc3\x29\x02\xc0\x40",
        "\xf1\xc3\x28\x41",
        "\xf1\xc3\x08",
        "\xf1\xc3\x12\x40",
        "\xf1\xc3\x2c\x01\xc0\x40",
        "\x99",
    };
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        ck_assert(!screen_execute(s, (const uint8_t *)streams[i], strlen(streams[i]), &answer));
        ck_assert_uint_eq(s->errors, i + 1);
    }
    ck_assert(!screen_execute(s, NULL, 0, &answer));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("screen");
    TCase *t = tcase_create("screen");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, short_reads);
    tcase_add_test(t, enter);
    tcase_add_test(t, inserting);
    tcase_add_test(t, query);
    tcase_add_test(t, reply_modes);
    tcase_add_test(t, sizes);
    tcase_add_test(t, code_pages);
    tcase_add_test(t, broken);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}

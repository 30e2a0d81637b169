/* Proves: what lib/datastream.c writes is, on the screen model, what was meant; what the model's
 * keys and Query replies send, it takes apart; and records that are cut or senseless do no harm. */
#include "lib/datastream.h"

#include "consoles/screen.h"
#include "lib/ebcdic.h"
#include "s370/devices/display.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static uint8_t bytes[SCREEN_RECORD_MOST(43 * 80)], record[8192];
static struct screen_answer answer = {.bytes = bytes, .size = sizeof bytes};

static struct ds_stream begin(unsigned cells)
{
    struct ds_stream to = {record + 1, 0, sizeof record - 1, cells};
    record[0] = DISPLAY_ERASE_WRITE;
    return to;
}

static void put(struct ds_stream *to, const char *latin1)
{
    char text[200];
    size_t length = strlen(latin1);
    ebcdic_from_latin1(text, latin1, length);
    ds_put_text(to, text, length);
}

static const char *row(const struct screen *s, unsigned n)
{
    static char text[SCREEN_CELLS_MOST + 1];
    screen_row(s, n, 1047, text);
    return text;
}

START_TEST(a_form)
{
    struct screen *s = screen_create(24, 80, true);
    struct ds_stream to = begin(1920);
    ds_put_wcc(&to, WCC_RESTORE | WCC_ALARM);
    ds_put_coloured(&to, 0, FIELD_SKIP | FIELD_HIGH, COLOUR_RED, 0);
    put(&to, "Title");
    ds_put_field(&to, 1759, 0);
    put(&to, "typed before");
    ds_put_nulls(&to, 1899);
    ds_put_field(&to, 1899, FIELD_SKIP);
    put(&to, "RUNNING\x01");
    ds_put_cursor(&to, 1760);
    ck_assert(screen_execute(s, record, to.used + 1, &answer));
    ck_assert_uint_eq(s->errors, 0);
    ck_assert_uint_eq(s->alarms, 1);
    ck_assert_int_eq(s->lock, SCREEN_UNLOCKED);
    ck_assert_str_eq(row(s, 0), " Title");
    ck_assert_uint_eq(s->cells[0].extended[ATTRIBUTE_FOREGROUND], COLOUR_RED);
    ck_assert_uint_eq(s->cells[0].field & 0x3c, FIELD_SKIP | FIELD_HIGH);
    ck_assert_str_eq(row(s, 22), "typed before");
    ck_assert_str_eq(row(s, 23) + 60, "RUNNING");
    ck_assert_uint_eq(s->cursor, 1760);

    /* And back: what ENTER sends. */
    struct ds_key key;
    for (const char *c = "go"; *c; c++)
        screen_type(s, latin1_to_ebcdic((uint8_t)*c));
    screen_press(s, KEY_ENTER, &answer);
    ck_assert(ds_parse_key(answer.bytes, answer.length, &key));
    ck_assert_uint_eq(key.aid, AID_ENTER);
    ck_assert_uint_eq(key.cursor, 1762);
    ck_assert_uint_eq(key.length, 12);
    ck_assert_uint_eq(key.text[0], latin1_to_ebcdic('g'));
    screen_free(s);
}
END_TEST

START_TEST(keys)
{
    struct screen *s = screen_create(24, 80, true);
    struct ds_key key;
    for (unsigned n = 1; n <= 24; n++) {
        s->lock = SCREEN_UNLOCKED;
        screen_press(s, (enum screen_key)(KEY_PF1 + (int)n - 1), &answer);
        ck_assert(ds_parse_key(answer.bytes, answer.length, &key));
        ck_assert_uint_eq(ds_pf_key(key.aid), n);
    }
    s->lock = SCREEN_UNLOCKED;
    screen_press(s, KEY_PA1, &answer);
    ck_assert(ds_parse_key(answer.bytes, answer.length, &key));
    ck_assert_uint_eq(key.aid, AID_PA1);
    ck_assert_uint_eq(ds_pf_key(key.aid), 0);
    ck_assert(!ds_parse_key(answer.bytes, 0, &key));
    screen_free(s);
}
END_TEST

/* On screens of more than 4096 cells addresses have 14 bits. */
START_TEST(large_screens)
{
    struct screen *s = screen_create(60, 100, true);
    struct ds_stream to = begin(6000);
    struct ds_key key;
    record[0] = DISPLAY_ERASE_WRITE_ALTERNATE;
    ds_put_wcc(&to, WCC_RESTORE);
    ds_put_address(&to, 5900);
    put(&to, "last row");
    ds_put_cursor(&to, 4200);
    ck_assert(screen_execute(s, record, to.used + 1, &answer));
    ck_assert_str_eq(row(s, 59), "last row");
    ck_assert_uint_eq(s->cursor, 4200);
    screen_press(s, KEY_ENTER, &answer);
    ck_assert(ds_parse_key(answer.bytes, answer.length, &key));
    ck_assert_uint_eq(key.cursor, 4200);
    screen_free(s);
}
END_TEST

START_TEST(query)
{
    static const uint8_t sizes[][3] = {
        {24, 80, 2}, {32, 80, 3}, {43, 80, 4}, {27, 132, 5}, {62, 160, 2}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct screen *s = screen_create(sizes[i][0], sizes[i][1], true);
        struct ds_size size = {24, 80, false, 0};
        record[0] = DISPLAY_WRITE_STRUCTURED;
        memcpy(record + 1, ds_query, sizeof ds_query);
        ck_assert(screen_execute(s, record, sizeof ds_query + 1, &answer));
        ck_assert(ds_parse_query(answer.bytes, answer.length, &size));
        ck_assert_uint_eq(size.rows, sizes[i][0]);
        ck_assert_uint_eq(size.columns, sizes[i][1]);
        ck_assert_uint_eq(ds_model(&size), sizes[i][2]);
        ck_assert_int_eq(ds_is_alternate(&size), i != 0);
        ck_assert(size.extended && size.flags & DS_COLOUR && size.flags & DS_HIGHLIGHT);
        /* Cut anywhere: nothing beyond the end is looked at (the sanitizers watch). */
        for (size_t n = 0; n < answer.length; n++) {
            uint8_t *cut = malloc(n + 1);
            memcpy(cut, answer.bytes, n);
            ds_parse_query(cut, n, &size);
            ck_assert_uint_ge(size.rows, 24);
            free(cut);
        }
        screen_free(s);
    }
}
END_TEST

START_TEST(sizes_that_no_screen_has)
{
    static const uint8_t replies[][18] = {
        {0x88, 0, 17, 0x81, 0xa6, 0, 0, 11, 1, 0, 0, 80, 0, 24, 0xff, 0xff, 0xff, 0xff},
        {0x88, 0, 17, 0x81, 0xa6, 0, 0, 11, 1, 0, 0, 80, 0, 24, 0, 10, 0, 2},
        {0x88, 0, 17, 0x81, 0x81, 1, 0, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        struct ds_size size = {24, 80, false, 0};
        ck_assert(ds_parse_query(replies[i], sizeof replies[i], &size));
        ck_assert_uint_eq(size.rows, 24);
        ck_assert_uint_eq(size.columns, 80);
    }
    struct ds_size size = {24, 80, false, 0};
    ck_assert(!ds_parse_query((const uint8_t *)"\x7d\x40\x40", 3, &size));
    ck_assert(!ds_parse_query((const uint8_t *)"\x88\0\3", 3, &size));
    ck_assert(!size.extended);
}
END_TEST

/* Rows that a guest gives may have fields in them, nothing else that is an order. */
START_TEST(clean)
{
    uint8_t text[] = {0xc1, 0x1d, 0x60, 0x11, 0x00, 0xff, 0xc2, 0x1d};
    static const uint8_t good[] = {0xc1, 0x1d, 0x60, 0x40, 0x00, 0x40, 0xc2, 0x40};
    ds_clean(text, sizeof text);
    ck_assert_mem_eq(text, good, sizeof good);
}
END_TEST

/* What is seen of a screen that was read: not hidden fields, nulls, attributes; nor what the record
 * lacks. */
START_TEST(a_buffer_read)
{
    static const uint8_t buffer[] = {0xf1, 0x40, 0x40, 0xc1, 0x00, 0x1d, 0x0c, 0xc2,
                                     0x29, 0x02, 0xc0, 0x20, 0x42, 0xf2, 0xc3, 0x28,
                                     0x42, 0xf1, 0xc4, 0x08, 0xc5, 0xff};
    static const uint8_t seen[] = {0xc1, 0x40, 0x40, 0x40, 0x40, 0xc3, 0xc4, 0xc5, 0x40, 0x40};
    uint8_t cells[sizeof seen];
    ds_parse_buffer(buffer, sizeof buffer, cells, sizeof cells);
    ck_assert_mem_eq(cells, seen, sizeof seen);
    for (size_t length = 0; length <= sizeof buffer; length++) /* cut anywhere */
        ds_parse_buffer(buffer, length, cells, sizeof cells);
    ds_parse_buffer(buffer, 0, cells, sizeof cells);
    ck_assert_uint_eq(cells[0], 0x40);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("datastream");
    TCase *cases = tcase_create("all");
    tcase_add_test(cases, a_form);
    tcase_add_test(cases, keys);
    tcase_add_test(cases, large_screens);
    tcase_add_test(cases, query);
    tcase_add_test(cases, sizes_that_no_screen_has);
    tcase_add_test(cases, clean);
    tcase_add_test(cases, a_buffer_read);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}

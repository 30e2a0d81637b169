/* Proves: LINEDIT's rows of periods become what its list of values says, in their places; what is
 * too long is cut at the side where it does not count; no text is longer than a line; blanks are
 * joined and a period comes only if asked for. */
#include "cms/os/linedit.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <string.h>

static const uint8_t storage[200] = "JONES   SMITH   \0\0\1\2";

static const uint8_t *fetch(void *context, uint32_t address)
{
    ck_assert_uint_lt(address, sizeof storage);
    return storage + address;
}

static void is(const char *expected, const char *text, uint8_t flags, const uint32_t values[][3],
               unsigned count)
{
    struct linedit_value list[8];
    char to[LINEDIT_MOST];
    memset(list, 0, sizeof list);
    for (unsigned i = 0; i < count; i++) {
        list[i].kind = (uint8_t)values[i][0];
        put16(&list[i].length, values[i][1]);
        put32(&list[i].value, values[i][2]);
    }
    size_t n = linedit_fill(to, text, strlen(text), flags, list, count, fetch, NULL);
    ck_assert_msg(n == strlen(expected) && !memcmp(to, expected, n), "'%.*s', not '%s'", (int)n, to,
                  expected);
}

START_TEST(values)
{
    static const uint32_t numbers[][3] = {{LINEDIT_HEX, 0, 0x1234abcd},
                                          {LINEDIT_DEC, 0, (uint32_t)-5},
                                          {LINEDIT_DEC | LINEDIT_AT, 0, 16},
                                          {LINEDIT_HEX | LINEDIT_AT, 0, 16}};
    is("1234ABCD BCD   -5  258 0102", "........ ... .... .... ....", 0,
       (const uint32_t[][3]){{LINEDIT_HEX, 0, 0x1234abcd},
                             {LINEDIT_HEX, 0, 0x1234abcd},
                             {LINEDIT_DEC, 0, (uint32_t)-5},
                             {LINEDIT_DEC | LINEDIT_AT, 0, 16},
                             {LINEDIT_HEX | LINEDIT_AT, 0, 16}},
       5);
    is("X=1234ABCD Y=-5.", "X=........ Y=.. ", LINEDIT_DOT, numbers, 2);
    /* More places than values, and a period alone. */
    is("1234ABCD a.b ..", "........ a.b ..", 0, numbers, 1);
}
END_TEST

START_TEST(texts)
{
    is("JONES   |JONES|JON", "........|..|...", 0,
       (const uint32_t[][3]){{LINEDIT_CHAR | LINEDIT_AT, 0, 0},
                             {LINEDIT_CHAR | LINEDIT_AT, 5, 0},
                             {LINEDIT_CHAR | LINEDIT_AT, 0, 0}},
       3);
    is("JONES    SMITH", "................", 0,
       (const uint32_t[][3]){{LINEDIT_CHAR8 | LINEDIT_AT, 0, 0}}, 1);
    is("JONES SMITH", "................", LINEDIT_COMPRESS,
       (const uint32_t[][3]){{LINEDIT_CHAR8 | LINEDIT_AT, 0, 0}}, 1);
    is("4A4F4E45 532", "...........", 0, (const uint32_t[][3]){{LINEDIT_HEX4 | LINEDIT_AT, 0, 0}},
       1);
}
END_TEST

START_TEST(long_ones)
{
    char dots[201], line[LINEDIT_MOST + 1];
    memset(dots, '.', 200);
    dots[200] = 0;
    memset(line, ' ', LINEDIT_MOST);
    line[LINEDIT_MOST] = 0;
    /* Right-aligned in 200 places: only blanks are within the line, and they go. */
    is("", dots, 0, (const uint32_t[][3]){{LINEDIT_DEC, 0, 7}}, 1);
    struct linedit_value v = {LINEDIT_CHAR | LINEDIT_AT, 0, {{0, 199}}, {{0}}};
    ck_assert_uint_le(linedit_fill(line, dots, 200, LINEDIT_DOT, &v, 1, fetch, NULL), LINEDIT_MOST);
    memset(dots, 'x', 200);
    ck_assert_uint_eq(linedit_fill(line, dots, 200, LINEDIT_DOT, NULL, 0, fetch, NULL),
                      LINEDIT_MOST);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("linedit");
    TCase *t = tcase_create("linedit");
    tcase_add_test(t, values);
    tcase_add_test(t, texts);
    tcase_add_test(t, long_ones);
    suite_add_tcase(s, t);
    return run_suite(s);
}

/* Proves: the formatter, the string helpers, the big-endian fields and the code page
 * table do what their headers say, on the host's side. */
#include "lib/be.h"
#include "lib/ebcdic.h"
#include "lib/fmt.h"
#include "lib/str.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>

START_TEST(formatter)
{
    char s[32];
    ck_assert_uint_eq(fmt(s, sizeof s, "%5d|%-4s|%04X", -42, "ab", 0xbeef), 15);
    ck_assert_str_eq(s, "  -42|ab  |BEEF");
    ck_assert_uint_eq(fmt(s, 4, "%s", "abcdef"), 3);
    ck_assert_str_eq(s, "abc");
    fmt(s, sizeof s, "%.*s%%%c", 2, "xyz", '!');
    ck_assert_str_eq(s, "xy%!");
    fmt(s, sizeof s, "%06d", -12);
    ck_assert_str_eq(s, "-00012");
}
END_TEST

START_TEST(words_and_numbers)
{
    const char *line = "  LINK  maint 190 ";
    char w[6];
    uint32_t v = 7;
    ck_assert(str_word(&line, w, sizeof w) && !strcmp(w, "LINK"));
    ck_assert(str_word(&line, w, sizeof w) && str_equal(w, "MAINT"));
    ck_assert(str_word(&line, w, sizeof w) && str_hex(w, &v) && v == 0x190);
    ck_assert(!str_word(&line, w, sizeof w));
    ck_assert(!str_decimal("4294967296", &v) && v == 0x190);
    ck_assert(!str_decimal("", &v) && !str_decimal("1x", &v));
    ck_assert(str_abbrev("q", "QUERY", 1) && !str_abbrev("QX", "QUERY", 1));
    ck_assert(!str_abbrev("LO", "LOGON", 3) && !str_abbrev("", "LOGON", 0));
}
END_TEST

START_TEST(fields)
{
    char f[8], s[9];
    str_pad(f, "CMS", 8);
    ck_assert(!memcmp(f, "CMS     ", 8));
    ck_assert(str_field_equal(f, "CMS", 8) && !str_field_equal(f, "CMSX", 8));
    str_unpad(s, f, 8);
    ck_assert_str_eq(s, "CMS");
    be24 a;
    put24(&a, 0x123456);
    ck_assert_uint_eq(get24(a), 0x123456);
}
END_TEST

START_TEST(code_page)
{
    for (int i = 0; i < 256; i++)
        ck_assert_int_eq(latin1_to_ebcdic(ebcdic_to_latin1((uint8_t)i)), i);
    ck_assert_int_eq(latin1_to_ebcdic('A'), 0xc1);
    ck_assert_int_eq(latin1_to_ebcdic('\n'), 0x15);
    ck_assert_int_eq(latin1_to_ebcdic('['), 0xad);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("lib");
    TCase *t = tcase_create("lib");
    tcase_add_test(t, formatter);
    tcase_add_test(t, words_and_numbers);
    tcase_add_test(t, fields);
    tcase_add_test(t, code_page);
    suite_add_tcase(s, t);
    return run_suite(s);
}

/* The portable text part of CP: line editing, the clock's forms, operands of commands. */
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cp/text/clock.h"
#include "cp/text/forms.h"
#include "cp/text/linedit.h"
#include "cp/text/linkmode.h"
#include "cp/text/operands.h"
#include "cp/text/ratio.h"

static const struct linedit standard = LINEDIT_DEFAULT;

/* Edits and shows logical line ends as '|'. */
static const char *edited(const struct linedit *edit, const char *in)
{
    static char out[200];
    size_t n = linedit(edit, in, strlen(in), out);
    ck_assert_uint_lt(n, sizeof out);
    for (size_t i = 0; i < n; i++)
        if (!out[i])
            out[i] = '|';
    return out;
}

/* A named buffer is what a program would load; spacing meets channels 9 and 12, skips only go
 * there. */
START_TEST(forms_buffers)
{
    enum {
        SPACE_1 = 0x0b,
        SPACE_3 = 0x1b,
        SKIP_1 = 0x8b,
        SKIP_9 = 0xcb,
        SKIP_11 = 0xdb,
        SKIP_12 = 0xe3
    };
    struct forms f, again;
    uint8_t image[FORMS_LINES + 1];
    ck_assert(!forms_named(&f, "FCB2"));
    ck_assert(forms_named(&f, "fcb8") && f.lines == 68 && f.eight);
    ck_assert_uint_eq(forms_image(&f, image + 1), 68);
    ck_assert_uint_eq(image[1], 0x11);
    ck_assert_uint_eq(image[68], 0x10);
    ck_assert(forms_load(&again, image + 1, 68, false));
    ck_assert(!memcmp(&f, &again, sizeof f));
    image[0] = 0x85; /* an index */
    ck_assert(!forms_load(&again, image, 69, false));
    ck_assert(forms_load(&again, image, 69, true) && again.lines == 68);
    ck_assert(!forms_load(&again, image + 1, 67, false)); /* no last line */
    image[5] = 0x0d;
    ck_assert(!forms_load(&again, image + 1, 68, false)); /* channel 13 */
    ck_assert(forms_named(&f, "FCB1") && f.lines == 66 && !f.eight);
    ck_assert_uint_eq(forms_move(&f, SKIP_11), 0);
    ck_assert_uint_eq(f.line, 20);
    ck_assert_uint_eq(forms_move(&f, SPACE_1), 0);
    ck_assert_uint_eq(forms_move(&f, SPACE_3), FORMS_CHANNEL_12);
    ck_assert_uint_eq(forms_move(&f, SKIP_12), 0);
    ck_assert_uint_eq(f.line, 22);
    ck_assert_uint_eq(forms_move(&f, SKIP_9), 0);
    ck_assert_uint_eq(f.line, 63);
    ck_assert_uint_eq(forms_move(&f, SPACE_3), 0); /* over to the next form */
    ck_assert_uint_eq(f.line, 0);
    memset(&f, 0, sizeof f);
    ck_assert_uint_eq(forms_move(&f, SKIP_1), 0); /* no buffer */
    ck_assert(forms_characters("AN", false, image, 96) && !memcmp(image, image + 48, 48));
    ck_assert(!forms_characters("AN", true, image, 96) && forms_characters("T11", true, image, 96));
}
END_TEST

/* Beside the quotient of long double: five digits must be right. */
START_TEST(ratios)
{
    static const struct {
        uint64_t part, whole;
        uint32_t scale;
    } cases[] = {
        {0, 0, 100},
        {1, 0, 100},
        {1, 3, 10000},
        {2, 3, 100},
        {UINT64_MAX, UINT64_MAX, 10000},
        {UINT64_MAX / 3, UINT64_MAX, 100},
        {12345678901234, 1234567890, 100},
        {UINT64_MAX / 2, UINT64_C(1) << 40, 1},
        {999999, 1000000, 10000},
        {1ull << 45, 3, 1000 / 1000},
        {4096ull * 1000000, 4096ull * 30000000, 1000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        long double exact =
            cases[i].whole ? (long double)cases[i].part / cases[i].whole * cases[i].scale : 0;
        if (exact > UINT32_MAX)
            continue;
        uint32_t got = ratio(cases[i].part, cases[i].whole, cases[i].scale);
        long double error = got > exact ? got - exact : exact - got;
        ck_assert_msg(error <= 0.51L + exact / 50000, "case %zu: %u", i, got);
    }
}
END_TEST

START_TEST(editing_characters)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"QUERY TIME", "QUERY TIME"},
        {"ABC@D", "ABD"},
        {"@@AB@@@@C", "C"},
        {"ABC#DEF", "ABC|DEF"},
        {"ABC#@D", "ABCD"},
        {"ABC\242DEF", "DEF"},
        {"ABC[DEF", "DEF"},
        {"ABC#DEF\242", "ABC"},
        {"ABC#\242", "ABC"},
        {"ABC#DEF\242#GHI", "ABC|GHI"},
        {"\242\242X", "X"},
        {"A\"#B\"@C\"\"D", "A#B@C\"D"},
        {"END\"", "END\""},
        {"#CP Q T", "|CP Q T"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(edited(&standard, cases[i].in), cases[i].out);
}
END_TEST

START_TEST(editing_switched_off_or_changed)
{
    const struct linedit off = {0}, other = {'!', 0, '/', 0, 0};
    ck_assert_str_eq(edited(&off, "A@B#C\"[D"), "A@B#C\"[D");
    ck_assert_str_eq(edited(&other, "A@!B#/C["), "A@C[");
    const struct linedit tabs = {0, '@', 0, '"', '!'};
    ck_assert_str_eq(edited(&tabs, "A!B!@C\"!"), "A\tBC!");
}
END_TEST

START_TEST(cp_escape)
{
    char out[40];
    size_t n = linedit(&standard, "#cp  q time", 11, out);
    ck_assert_str_eq(linedit_cp_escape(out, n), "q time");
    n = linedit(&standard, "#CP", 3, out);
    ck_assert_str_eq(linedit_cp_escape(out, n), "");
    n = linedit(&standard, "#CP#Q T", 7, out);
    ck_assert_str_eq(linedit_cp_escape(out, n), "");
    n = linedit(&standard, "#CPX", 4, out);
    ck_assert_ptr_null(linedit_cp_escape(out, n));
    n = linedit(&standard, "A#CP Q", 6, out);
    ck_assert_ptr_null(linedit_cp_escape(out, n));
    n = linedit(&standard, "#", 1, out);
    ck_assert_ptr_null(linedit_cp_escape(out, n));
}
END_TEST

/* The TOD clock at a UNIX time. */
static uint64_t tod_of(uint64_t seconds, uint64_t microseconds)
{
    return ((seconds + UINT64_C(2208988800)) * 1000000 + microseconds) << 12;
}

START_TEST(dates)
{
    char text[CLOCK_STAMP_SIZE];
    clock_format_stamp(text, tod_of(0, 0));
    ck_assert_str_eq(text, "00:00:00 UTC THURSDAY 01/01/70");
    clock_format_stamp(text, tod_of(951782400 + 86399, 999999));
    ck_assert_str_eq(text, "23:59:59 UTC TUESDAY 02/29/00");
    clock_format_stamp(text, tod_of(951868800, 0));
    ck_assert_str_eq(text, "00:00:00 UTC WEDNESDAY 03/01/00");
    clock_format_stamp(text, tod_of(1795490227, 5));
    ck_assert_str_eq(text, "03:17:07 UTC TUESDAY 11/24/26");
    struct clock_date d = clock_date(tod_of(2240610000, 123456)); /* after 32 bits of seconds */
    ck_assert_uint_eq(d.year, 2040);
    ck_assert_uint_eq(d.microsecond, 123456);
    ck_assert_uint_eq(clock_date(tod_of(951782400, 0)).day_of_year, 60);
    ck_assert_uint_eq(clock_date(tod_of(1798675200, 0)).day_of_year, 365); /* 2026-12-31 */
}
END_TEST

START_TEST(every_day_follows_the_one_before)
{
    struct clock_date before = clock_date(tod_of(0, 0));
    for (uint64_t day = 1; day < 26000; day++) {
        struct clock_date d = clock_date(tod_of(day * 86400, 0));
        ck_assert_uint_eq(d.weekday, (before.weekday + 1) % 7);
        if (d.day != 1)
            ck_assert_uint_eq(d.day, before.day + 1);
        else
            ck_assert_uint_eq(d.month, before.month % 12 + 1);
        if (d.day_of_year != 1)
            ck_assert_uint_eq(d.day_of_year, before.day_of_year + 1);
        else
            ck_assert_uint_eq(d.year, before.year + 1);
        before = d;
    }
}
END_TEST

START_TEST(lengths)
{
    char text[CLOCK_CPU_SIZE];
    clock_format_length(text, UINT64_C(3723000000) << 12);
    ck_assert_str_eq(text, "01:02:03");
    clock_format_cpu(text, 83129999);
    ck_assert_str_eq(text, "001:23.12");
    ck_assert_uint_eq(clock_milliseconds(UINT64_C(4300000999) << 12), 4300000);
    clock_format_cpu(text, 0);
    ck_assert_str_eq(text, "000:00.00");
}
END_TEST

START_TEST(addresses_and_sizes)
{
    uint32_t a = 7, b = 7;
    ck_assert(operand_device("9", &a) && a == 9);
    ck_assert(operand_device("0c0", &a) && a == 0xc0);
    ck_assert(!operand_device("1000", &a));
    ck_assert(!operand_device("19G", &a));
    ck_assert(!operand_device("", &a));
    ck_assert(operand_device_range("190-19f", &a, &b) && a == 0x190 && b == 0x19f);
    ck_assert(operand_device_range("191", &a, &b) && a == 0x191 && b == 0x191);
    ck_assert(!operand_device_range("19f-190", &a, &b));
    ck_assert(!operand_device_range("190-", &a, &b));
    ck_assert(operand_storage("512k", &a) && a == 512 * 1024);
    ck_assert(operand_storage("16M", &a) && a == 16 * 1024 * 1024);
    ck_assert(operand_storage("513K", &a) && a == 516 * 1024);
    ck_assert(!operand_storage("0K", &a));
    ck_assert(!operand_storage("16", &a));
    ck_assert(!operand_storage("4000000000M", &a));
}
END_TEST

START_TEST(words)
{
    static const struct keyword table[] = {{"TIME", 1, 3}, {"TERMINAL", 2, 4}, {0}};
    char userid[USERID_SIZE];
    bool on = false;
    ck_assert(operand_userid("cmsuser", userid));
    ck_assert_str_eq(userid, "CMSUSER");
    ck_assert(!operand_userid("ABCDEFGHI", userid));
    ck_assert(!operand_userid("A/B", userid));
    ck_assert(!operand_userid("", userid));
    ck_assert(operand_on_off("on", &on) && on);
    ck_assert(operand_on_off("OFF", &on) && !on);
    ck_assert(!operand_on_off("o", &on));
    ck_assert_uint_eq(keyword_find(table, "t")->value, 3);
    ck_assert_uint_eq(keyword_find(table, "te")->value, 4);
    ck_assert_ptr_null(keyword_find(table, "terminals"));
    ck_assert_ptr_null(keyword_find(table, ""));
}
END_TEST

START_TEST(ranges)
{
    struct operand_range r;
    ck_assert(operand_range("20000", &r) && r.first == 0x20000 && r.last == 0x20000 && !r.to_end);
    ck_assert(operand_range("0.10", &r) && r.first == 0 && r.last == 0xf);
    ck_assert(operand_range("100-1ff", &r) && r.first == 0x100 && r.last == 0x1ff);
    ck_assert(operand_range("100:1ff", &r) && r.last == 0x1ff);
    ck_assert(operand_range("100-END", &r) && r.to_end);
    ck_assert(operand_range("-", &r) && r.first == 0 && r.to_end);
    ck_assert(operand_range(".8", &r) && r.first == 0 && r.last == 7);
    ck_assert(!operand_range("", &r));
    ck_assert(!operand_range("1ff-100", &r));
    ck_assert(!operand_range("10.0", &r));
    ck_assert(!operand_range("ffffffff.2", &r));
    ck_assert(!operand_range("XYZ", &r));
    ck_assert(!operand_range("123456789012345678901234", &r));
}
END_TEST

/* The table of the CP Command Reference: rows by mode, columns by the links there are. */
START_TEST(link_modes)
{
    static const struct {
        enum directory_mode mode;
        const char *grants; /* none, read, write, both; - is refused */
    } cases[] = {
        {LINK_R, "RR--"}, {LINK_RR, "RRRR"}, {LINK_W, "W---"},  {LINK_WR, "WRRR"},
        {LINK_M, "WW--"}, {LINK_MR, "WWRR"}, {LINK_MW, "WWWW"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned links = 0; links < 4; links++)
            ck_assert_int_eq("-RW"[link_grant(cases[i].mode, links & 1, links >> 1)],
                             cases[i].grants[links]);
    ck_assert(link_mode_writes(LINK_MR) && !link_mode_writes(LINK_RR));
    ck_assert_int_eq(link_grant((enum directory_mode)0, 0, 0), LINK_REFUSED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cp text");
    TCase *cases = tcase_create("all");
    tcase_add_test(cases, editing_characters);
    tcase_add_test(cases, forms_buffers);
    tcase_add_test(cases, ratios);
    tcase_add_test(cases, editing_switched_off_or_changed);
    tcase_add_test(cases, cp_escape);
    tcase_add_test(cases, dates);
    tcase_add_test(cases, every_day_follows_the_one_before);
    tcase_add_test(cases, lengths);
    tcase_add_test(cases, addresses_and_sizes);
    tcase_add_test(cases, words);
    tcase_add_test(cases, ranges);
    tcase_add_test(cases, link_modes);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}

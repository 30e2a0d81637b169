/* Proves: entries of NAMES files begin where `:nick.` stands first in a line; tags are found
 * whatever their case, values reach to the next tag, a colon inside a word begins none, and an
 * entry that is too long is cut and nothing else. */
#include "cms/names/names.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct names_entry entry;

static void add(const char *line)
{
    names_add(&entry, line, strlen(line));
}

static const char *value(const char *tag)
{
    static char text[NAMES_ENTRY + 1];
    const char *at;
    size_t length;
    if (!names_tag(&entry, tag, &at, &length))
        return "(none)";
    memcpy(text, at, length);
    text[length] = 0;
    return text;
}

START_TEST(beginnings)
{
    ck_assert(names_begins_entry("  :NICK.BOB", 11));
    ck_assert(names_begins_entry(":nick.", 6));
    ck_assert(!names_begins_entry(":nick", 5));
    ck_assert(!names_begins_entry(":nickname.BOB", 13));
    ck_assert(!names_begins_entry("x :nick.BOB", 11));
    ck_assert(!names_begins_entry("", 0));
}
END_TEST

START_TEST(tags)
{
    entry.length = 0;
    add(":nick.ANN   :userid.ANNE :node.");
    add("  :name.Ann  Example :phone.12:34 or :x :addr.Street 1");
    add("City  ");
    ck_assert_str_eq(value("NICK"), "ANN");
    ck_assert_str_eq(value("userid"), "ANNE");
    ck_assert_str_eq(value("node"), "(none)");
    ck_assert_str_eq(value("name"), "Ann  Example");
    ck_assert_str_eq(value("phone"), "12:34 or :x");
    ck_assert_str_eq(value("addr"), "Street 1 City");
    ck_assert_str_eq(value("city"), "(none)");
    ck_assert(names_is(&entry, "nick", "ann"));
    ck_assert(!names_is(&entry, "nick", "anna"));
    ck_assert(!names_is(&entry, "nick", "an"));
    ck_assert(!names_is(&entry, "node", ""));
}
END_TEST

START_TEST(too_long)
{
    entry.length = 0;
    add(":nick.A :b.");
    for (int i = 0; i < 200; i++)
        add("twenty-nine characters of text");
    ck_assert_uint_eq(entry.length, NAMES_ENTRY);
    ck_assert_str_eq(value("nick"), "A");
    ck_assert_str_eq(value("c"), "(none)");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("names");
    TCase *tc = tcase_create("names");
    tcase_add_test(tc, beginnings);
    tcase_add_test(tc, tags);
    tcase_add_test(tc, too_long);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

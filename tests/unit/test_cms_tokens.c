/* How a command line becomes CMS's tokens: cut at 8 characters, upper case, parentheses as
 * tokens of their own, a fence behind the last; nothing is written behind the room given. */
/* The nucleus is not in the host library: its one portable file comes along here. */
#include "cms/nucleus/tokens.c"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <string.h>

static char tokens[TOKENS_MAX][8];

static int count(const char *line)
{
    return tokenize(line, strlen(line), tokens, TOKENS_MAX);
}

static void expect(int n, const char *token)
{
    ck_assert_mem_eq(tokens[n], token, 8);
}

START_TEST(words_are_padded_and_cut)
{
    ck_assert_int_eq(count("  listfile  verylongname * "), 3);
    expect(0, "LISTFILE");
    expect(1, "VERYLONG");
    expect(2, "*       ");
    expect(3, "\xff\xff\xff\xff\xff\xff\xff\xff");
}
END_TEST

START_TEST(parentheses_are_tokens)
{
    ck_assert_int_eq(count("print a b(cc)x"), 7);
    expect(2, "B       ");
    expect(3, "(       ");
    expect(4, "CC      ");
    expect(5, ")       ");
    expect(6, "X       ");
}
END_TEST

START_TEST(an_empty_line_has_no_tokens)
{
    ck_assert_int_eq(count(""), 0);
    ck_assert_int_eq(count("     "), 0);
    expect(0, "\xff\xff\xff\xff\xff\xff\xff\xff");
}
END_TEST

START_TEST(the_rest_is_dropped_when_the_room_is_used_up)
{
    char small[4][8];

    memset(small, 'x', sizeof(small));
    ck_assert_int_eq(tokenize("a b c d e", 9, small, 3), 2);
    ck_assert_mem_eq(small[2], "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    ck_assert_mem_eq(small[3], "xxxxxxxx", 8);
}
END_TEST

START_TEST(the_longest_line_fits)
{
    char line[255];

    memset(line, '(', sizeof(line));
    ck_assert_int_eq(tokenize(line, sizeof(line), tokens, TOKENS_MAX), 255);
}
END_TEST

START_TEST(arguments_begin_behind_the_name)
{
    ck_assert_uint_eq(tokens_arguments("exec  abc", 9), 6);
    ck_assert_uint_eq(tokens_arguments(" exec", 5), 5);
    ck_assert_uint_eq(tokens_arguments("type(x", 6), 4);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("CMS tokens");
    TCase *t = tcase_create("tokens");

    tcase_add_test(t, words_are_padded_and_cut);
    tcase_add_test(t, parentheses_are_tokens);
    tcase_add_test(t, an_empty_line_has_no_tokens);
    tcase_add_test(t, the_rest_is_dropped_when_the_room_is_used_up);
    tcase_add_test(t, the_longest_line_fits);
    tcase_add_test(t, arguments_begin_behind_the_name);
    suite_add_tcase(s, t);
    return run_suite(s);
}

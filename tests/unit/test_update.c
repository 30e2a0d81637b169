/* Proves: update files insert, delete, replace and number records as the manual says; statements
 * that name what is not there, or that are wrong, are left out with a warning and nothing else is
 * lost; the severities tell which order was broken. */
#include "cms/update/update.h"
#include "lib/str.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stage {
    const char *const *source, *const *change;
    char out[2000], warnings[400];
};

/* "text@number": the number stands in columns 73 to 80. */
static bool card(const char *const **from, char to[UPDATE_CARD])
{
    if (!**from)
        return false;
    const char *text = *(*from)++, *at = strchr(text, '@');
    memset(to, ' ', UPDATE_CARD);
    memcpy(to, text, at ? (size_t)(at - text) : strlen(text));
    if (at)
        memcpy(to + 72, at + 1, strlen(at + 1));
    return true;
}

static bool source(void *c, char to[UPDATE_CARD])
{
    return card(&((struct stage *)c)->source, to);
}

static bool change(void *c, char to[UPDATE_CARD])
{
    return card(&((struct stage *)c)->change, to);
}

static bool put(void *c, const char from[UPDATE_CARD])
{
    struct stage *s = c;
    char text[81], number[9];
    str_unpad(text, from, 72);
    str_unpad(number, from + 72, 8);
    sprintf(s->out + strlen(s->out), "%s@%s ", text, number);
    return true;
}

static void log_line(void *c, const char *text)
{
}

static void warn(void *c, int number, const char *text)
{
    struct stage *s = c;
    sprintf(s->warnings + strlen(s->warnings), "%d ", number);
}

static const char *const source_cards[] = {"A@00000010", "B@00000020", "C@00000030", "D@00000040",
                                           NULL};

static const struct {
    const char *change[8];
    const char *out, *warnings;
    int severity;
    bool five, keep;
} cases[] = {
    {{NULL}, "A@00000010 B@00000020 C@00000030 D@00000040 ", "", 0, false, false},
    {{"./ I 20", "X", "Y@77"},
     "A@00000010 B@00000020 X@******** Y@******** C@00000030 D@00000040 ",
     "",
     0,
     false,
     false},
    {{"./ I 20", "X@00000025"},
     "A@00000010 B@00000020 X@00000025 C@00000030 D@00000040 ",
     "",
     0,
     false,
     true},
    {{"./ I 20 $ 22 3", "X", "Y"},
     "A@00000010 B@00000020 X@00000022 Y@00000025 C@00000030 D@00000040 ",
     "",
     0,
     false,
     false},
    {{"./ * COMMENT", "./ D 20 30"}, "A@00000010 D@00000040 ", "", 0, false, false},
    {{"./ D 10", "./ R 30 40 $ 30 1", "X"}, "B@00000020 X@00000030 ", "", 0, false, false},
    {{"./ D 20 25", "./ I 40", "X"},
     "A@00000010 C@00000030 D@00000040 X@******** ",
     "",
     0,
     false,
     false},
    {{"./ S 100 10"}, "A@00000100 B@00000110 C@00000120 D@00000130 ", "", 0, false, false},
    {{"./ S 5 5 ABC"}, "A@ABC00005 B@ABC00010 C@ABC00015 D@ABC00020 ", "", 0, true, false},
    {{"./ I 25", "X", "./ D 30"}, "A@00000010 B@00000020 D@00000040 ", "186 ", 12, false, false},
    {{"./ I 30", "X", "./ D 20"},
     "A@00000010 B@00000020 C@00000030 X@******** D@00000040 ",
     "186 ",
     12,
     false,
     false},
    {{"X", "./ D 20"}, "A@00000010 C@00000030 D@00000040 ", "207 ", 12, false, false},
    {{"./ Q 20", "./ D X", "./ D 30 20", "./ I", "X", "./ D 40"},
     "A@00000010 B@00000020 C@00000030 ",
     "207 207 207 207 ",
     12,
     false,
     false},
    {{"./ D 10", "./ S"}, "B@00000020 C@00000030 D@00000040 ", "184 ", 12, false, false},
    {{"./ I 10 $ 50", "X"},
     "A@00000010 X@00000050 B@00000020 C@00000030 D@00000040 ",
     "174 ",
     8,
     false,
     false},
};

START_TEST(updates)
{
    static struct update u;
    struct stage s = {source_cards, cases[_i].change, "", ""};
    struct update_host host = {&s, source, change, put, log_line, warn};
    int severity = update_run(&u, &host, !cases[_i].five, !cases[_i].keep);
    ck_assert_str_eq(s.out, cases[_i].out);
    ck_assert_str_eq(s.warnings, cases[_i].warnings);
    ck_assert_int_eq(severity, cases[_i].severity);
}
END_TEST

START_TEST(out_of_order)
{
    static struct update u;
    static const char *const mixed[] = {"A@00000020", "B@00000010", "C", "D@00000030", NULL};
    static const char *const none[] = {NULL};
    struct stage s = {mixed, none, "", ""};
    struct update_host host = {&s, source, change, put, log_line, warn};
    ck_assert_int_eq(update_run(&u, &host, true, true), UPDATE_OUTPUT_ORDER);
    ck_assert_str_eq(s.out, "A@00000020 B@00000010 C@ D@00000030 ");
    ck_assert_str_eq(s.warnings, "210 174 ");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("update");
    TCase *tc = tcase_create("update");
    tcase_add_loop_test(tc, updates, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tc, out_of_order);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

/* Proves: the EXEC language does what the CMS User's Guide says: tokens and substitution,
 * assignment, &GLOBALn and built-in functions, conditions, loops, jumps, stack, reading, tracing,
 * &ERROR, and the messages for errors.  Commands are recorded by a host of the test's own. */
#include "cms/exec/exec.h"
#include "lib/str.h"
#include "tests/unit/exec_stage.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static struct exec the_exec;

static int run(struct stage *s, const char *arguments)
{
    struct exec_host host = stage_host(s);
    return exec_run(&the_exec, &host, "TEST", 1, arguments);
}

/* What each EXEC leaves behind. */
static struct {
    const char *lines[40];
    const char *arguments;
    const char *log;
    int rc;
} cases[] = {
    /* Commands are typed by default, with their failure. */
    {{"LISTFILE &1 &2 A", "FAIL"},
     "HELLO *",
     "T:LISTFILE HELLO * A\nC:LISTFILE HELLO * A\n"
     "T:FAIL\nC:FAIL\nT:+++ R(00028) +++\n",
     0},
    {{"&CONTROL OFF", "FAIL", "&EXIT &RETCODE"}, "", "C:FAIL\n", 28},
    {{"&CONTROL ERROR", "OKAY", "FAIL"}, "", "C:OKAY\nC:FAIL\nT:FAIL\nT:+++ R(00028) +++\n", 0},
    {{"&CONTROL OFF MSG", "&TIME RESET", "&TIME", "&CONTROL NOMSG PACK", "&CONTROL NOPACK"},
     "",
     "Q:off\nRT:\nT:T=0\nQ:on\nT:DMSEXT072E ERROR IN EXEC FILE TEST, LINE 5 - INVALID SYNTAX\n",
     807},
    /* Tokens: eight characters, parentheses apart, unset variables vanish. */
    {{"&TYPE ABCDEFGHIJ X(Y) &NOTHING END"}, "", "T:ABCDEFGH X ( Y ) END\n", 0},
    {{"* COMMENT", "&I = 2", "&X2 = WORD", "&TYPE &X&I &X.&I"}, "", "T:WORD\n", 0},
    {{"&I = 2", "&X&I = SET", "&TYPE &X2"}, "", "T:SET\n", 0},
    /* Arguments, also more than nine. */
    {{"&TYPE &INDEX &0 &1 &12"}, "a b c d e f g h i j k l", "T:12 TEST a l\n", 0},
    {{"&ARGS X % Z", "&TYPE &INDEX .&2 &3"}, "A", "T:3 . Z\n", 0},
    /* Sums and functions. */
    {{"&A = 5 - 7 + 100", "&TYPE &A"}, "", "T:98\n", 0},
    {{"&A = &CONCAT AB CD EF GH IJ", "&B = &SUBSTR &A 3 2", "&C = &LENGTH &A", "&D = &DATATYPE 12",
      "&E = &LITERAL &A", "&TYPE &A &B &C &D", "&TYPE &LITERAL &E"},
     "",
     "T:ABCDEFGH CD 8 NUM\nT:&LITERAL &E\n",
     0},
    /* Hexadecimal numbers; a decimal one is shown so. */
    {{"&A = X'1F", "&B = X'&A + 1", "&TYPE &A &B X'&A X'Z", "&HEX OFF", "&C = X'1F",
      "&TYPE X'&A &C"},
     "",
     "T:31 50 1F X'Z\nT:X'31 X'1F\n",
     0},
    {{"&HEX MAYBE"}, "", "T:DMSEXT072E ERROR IN EXEC FILE TEST, LINE 1 - INVALID SYNTAX\n", 807},
    {{"&A = 1 + X"}, "", "T:DMSEXT072E ERROR IN EXEC FILE TEST, LINE 1 - CONVERSION ERROR\n", 812},
    /* Conditions. */
    {{"&IF &1 GT 9 &TYPE MORE", "&IF &1 LT 9 &TYPE LESS", "&IF .&2 = . &TYPE NULL"},
     "10",
     "T:MORE\nT:NULL\n",
     0},
    {{"&IF &$ EQ NO &TYPE ANY", "&IF &* EQ NO &TYPE ALL"}, "YES NO", "T:ANY\n", 0},
    {{"&IF &1 EQ X &EXIT 1"},
     "",
     "T:DMSEXT072E ERROR IN EXEC FILE TEST, LINE 1 - "
     "INVALID FORM OF CONDITION\n",
     808},
    {{"&IF A EQ A &IF B EQ B &TYPE BOTH"}, "", "T:BOTH\n", 0},
    /* Jumps. */
    {{"&GOTO -THERE", "&TYPE NEVER", "-THERE &TYPE HERE", "&EXIT 4", "&TYPE NEVER"},
     "",
     "T:HERE\n",
     4},
    {{"&SKIP 1", "&TYPE NEVER", "&TYPE YES"}, "", "T:YES\n", 0},
    {{"&GOTO -NOWHERE"},
     "",
     "T:DMSEXT072E ERROR IN EXEC FILE TEST, LINE 1 - &SKIP OR &GOTO ERROR\n",
     802},
    {{"&N = &N + 1", "&IF &N LT 3 &GOTO TOP", "&TYPE &N"},
     "",
     "T:DMSEXT072E ERROR IN EXEC FILE TEST, LINE 1 - CONVERSION ERROR\n",
     812},
    {{"&IF .&N = . &N = 0", "&N = &N + 1", "&IF &N LT 3 &SKIP -2", "&TYPE &N"}, "", "T:3\n", 0},
    /* Loops. */
    {{"&LOOP 1 3", "&TYPE A"}, "", "T:A\nT:A\nT:A\n", 0},
    {{"&I = 0", "&LOOP -END &I = 2", "&I = &I + 1", "-END &TYPE &I", "&TYPE OUT"},
     "",
     "T:1\nT:2\nT:OUT\n",
     0},
    {{"&LOOP 3 2", "&LOOP 1 2", "&TYPE IN", "&TYPE OUT"},
     "",
     "T:IN\nT:IN\nT:OUT\nT:IN\nT:IN\nT:OUT\n",
     0},
    {{"&LOOP 1 0", "&TYPE NEVER", "&TYPE YES"}, "", "T:YES\n", 0},
    {{"&LOOP 2 9", "&GOTO -OUT", "&TYPE NEVER", "-OUT &TYPE LEFT"}, "", "T:LEFT\n", 0},
    {{"&LOOP 9 2", "&TYPE X"},
     "",
     "T:X\nT:DMSEXT072E ERROR IN EXEC FILE TEST, LINE 3 - "
     "EOF FOUND IN LOOP\n",
     815},
    /* Stack, blocks, cards. */
    {{"&STACK A B", "&STACK LIFO C", "&BEGSTACK LIFO", "  &1 as it is", "&END", "&PUNCH CARD &1",
      "&STACK HT"},
     "one",
     "F:A B\nL:C\nL:  &1 as it is\nP:CARD one\nHT:off\n",
     0},
    {{"&BEGTYPE", "Longwordsstay &1", "&END", "&TYPE Z"}, "x", "T:Longwordsstay &1\nT:Z\n", 0},
    {{"&BEGTYPE", "NO END"},
     "",
     "T:NO END\nT:DMSEXT072E ERROR IN EXEC FILE TEST, LINE 1 - "
     "INVALID SYNTAX\n",
     807},
    /* &ERROR. */
    {{"&CONTROL OFF", "&ERROR &EXIT &RETCODE", "OKAY", "FAIL X", "OKAY"},
     "",
     "C:OKAY\nC:FAIL X\n",
     28},
    /* Tracing of all, unknown control words, special variables. */
    {{"&CONTROL ALL", "&X = 1"}, "", "T:&X = 1\n", 0},
    {{"&NOSUCH WORD"}, "", "C:WORD\n", 0},
    {{"&TYPE &DISKA &READFLAG &LINENUM"}, "", "T:A CONSOLE 1\n", 0},
    {{"&LINENUM = 4"},
     "",
     "T:DMSEXT072E ERROR IN EXEC FILE TEST, LINE 1 - "
     "MISUSE OF SPECIAL VARIABLE\n",
     810},
};

START_TEST(language)
{
    struct stage s = {.next_input = 0};
    memcpy(s.lines, cases[_i].lines, sizeof s.lines);
    int rc = run(&s, cases[_i].arguments);
    if (!strcmp(cases[_i].lines[0], "&NOSUCH WORD")) /* &NOSUCH is unset: the rest is the command */
        ck_assert_ptr_nonnull(strstr(s.log, "C:WORD"));
    else
        ck_assert_str_eq(s.log, cases[_i].log);
    ck_assert_int_eq(rc, cases[_i].rc);
}
END_TEST

START_TEST(reading)
{
    struct stage s = {.lines = {"&READ VARS &A &B", "&TYPE &B &A", "&READ ARGS", "&TYPE &INDEX &2",
                                "&READ 2", "&EXIT 3"},
                      .input = {"one two", "x y z", "&TYPE DIRECT", "&GOTO -X"}};
    ck_assert_int_eq(run(&s, ""), 802);
    ck_assert_ptr_nonnull(strstr(s.log, "T:two one\nT:3 y\nT:DIRECT\n"));
}
END_TEST

START_TEST(globals)
{
    struct stage s = {
        .lines = {"&GLOBAL3 = &GLOBAL3 + 4", "&TYPE &GLOBAL3 &GLOBAL", "&GLOBAL0 = X"},
        .globals = {1, 1, 1, 38}};
    ck_assert_int_eq(run(&s, ""), EXEC_CONVERSION);
    ck_assert_ptr_nonnull(strstr(s.log, "T:42 1\n"));
    ck_assert_int_eq(s.globals[3], 42);
    ck_assert_int_eq(s.globals[0], 1);
}
END_TEST

/* SET EXECTRAC ON shows all, whatever &CONTROL says. */
START_TEST(traced_from_outside)
{
    struct stage s = {.lines = {"&CONTROL OFF", "&A = 1", "OKAY"}, .traced = true};
    ck_assert_int_eq(run(&s, ""), 0);
    ck_assert_str_eq(s.log, "T:&CONTROL OFF\nT:&A = 1\nT:OKAY\nC:OKAY\n");
}
END_TEST

/* What &READ reads may be &READ, as often as one likes. */
START_TEST(reading_to_read)
{
    struct stage s = {
        .lines = {"&LOOP 1 2", "&READ 2", "&EXIT 5"},
        .input = {"&READ 2", "&READ", "&TYPE one", "&TYPE two", "&TYPE three", "&TYPE four"}};
    ck_assert_int_eq(run(&s, ""), 5);
    ck_assert_str_eq(s.log, "T:one\nT:two\nT:three\nT:four\n");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("exec");
    TCase *t = tcase_create("exec");
    tcase_add_loop_test(t, language, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(t, reading);
    tcase_add_test(t, reading_to_read);
    tcase_add_test(t, traced_from_outside);
    tcase_add_test(t, globals);
    suite_add_tcase(s, t);
    return run_suite(s);
}

/* Proves: EXEC 2 does what its manual says: words of any length, substitution, sums, the predefined
 * functions and one's own, conditions, loops, subroutines, jumps, blocks, reading, commands and
 * subcommands, tracing, &ERROR, and the messages for errors; and which file is one of its programs.
 */
#include "cms/exec2/exec2.h"
#include "tests/unit/exec_stage.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>

static struct exec2 the_exec;

static int subcommand(void *c, const char *environment, const char *text)
{
    char kind[16];

    snprintf(kind, sizeof kind, "S(%s):", environment);
    note(c, kind, text);
    return strcmp(environment, "NONE") ? 0 : -3;
}

static bool fact(void *c, const char *name, char *value, size_t size)
{
    if (strcmp(name, "FILENAME") != 0)
        return false;
    str_copy(value, "TEST", size);
    return true;
}

static int run(struct stage *s, const char *arguments)
{
    static struct exec2_host host; /* variables are looked at afterwards, too */

    host = (struct exec2_host){stage_host(s), subcommand, fact};
    return exec2_run(&the_exec, &host, "TEST", 1, arguments);
}

#define ERROR_IN(line, text) "T:DMSEXE085E ERROR IN TEST EXEC, LINE " #line " - " text "\n"

static struct {
    const char *lines[40];
    const char *arguments;
    const char *log;
    int rc;
} cases[] = {
    /* Words are as long as they are written, and of any case. */
    {{"&TRACE OFF", "&TYPE &1 &2 &N &0", "&LongVariableName = MixedCaseValue",
      "&TYPE &LongVariableName.   &longvariablename end"},
     "abcdefghijklm (x)",
     "T:abcdefghijklm (x) 2 TEST\nT:end\n",
     0},
    {{"&I = 2", "&X2 = word", "&TYPE &X&I a&X&I", "&Y&I = new", "&TYPE &Y2"},
     "",
     "T:word aword\nT:new\n",
     0},
    {{"&TYPE &FILENAME &ARGSTRING &LINE &DEPTH"}, "a   b", "T:TEST a   b 1 1\n", 0},
    /* Commands: as they stand, traced when one asks for it. */
    {{"listfile &1 (date", "&COMMAND FAIL", "&TYPE &RC", "&TRACE ERR", "OK", "FAIL", "&TRACE ON",
      "OK", "&EXIT &RC"},
     "x",
     "C:listfile x (date\nC:FAIL\nT:28\nC:OK\nC:FAIL\nT:FAIL\nT:+++(28)+++\nT:OK\nC:OK\n",
     0},
    {{"&TRACE ALL", "&X = 1", "-L &TYPE &X"}, "", "T:2. &X = 1\nT:3. -L &TYPE &X\nT:1\n", 0},
    {{"&SUBCOMMAND EDIT top", "&PRESUME &SUBCOMMAND NONE", "next", "&TYPE &RC", "&COMMAND OK",
      "&PRESUME &COMMAND", "OK"},
     "",
     "S(EDIT):top\nS(NONE):next\nT:-3\nC:OK\nC:OK\n",
     0},
    {{"&ERROR &EXIT &RC", "OK", "FAIL", "OK"}, "", "C:OK\nC:FAIL\n", 28},
    {{"&ERROR &GOTO -X", "FAIL"},
     "",
     "C:FAIL\n" ERROR_IN(2, "ERROR RETURN DURING &ERROR ACTION"),
     10019},
    {{"&C =", "&C TYPE IT", "&NOSUCH TYPE IT"},
     "",
     "C:TYPE IT\n" ERROR_IN(3, "INVALID CONTROL WORD"),
     10005},
    /* Sums and functions. */
    {{"&A = 5 - 7 + 100", "&B = &A * 2"}, "", ERROR_IN(2, "INVALID ASSIGNMENT"), 10009},
    {{"&A = 5 - 7 + &LENGTH OF abcd", "&TYPE &A", "&A = 2147483647 + 1"},
     "",
     "T:2\n" ERROR_IN(3, "NUMERIC OVERFLOW"),
     10013},
    {{"&A = 1 + x"}, "", ERROR_IN(1, "CONVERSION ERROR"), 10012},
    {{"&A = &CONCAT OF abc &1 def", "&B = &PIECE OF &A 2 4", "&C = &SUBSTR OF &A 5",
      "&D = &LEFT OF &1 3", "&E = &RIGHT OF 7 3", "&TYPE &A &B &C .&D .&E"},
     "-",
     "T:abc-def bc-d def .-   .  7\n",
     0},
    {{"&A = &DIV OF 100 3 2", "&B = &MULT OF 7 6", "&C = &LOCATION OF cd abcdef",
      "&D = &POSITION OF b a b c", "&E = &DATATYPE OF -12", "&F = &DATATYPE OF x",
      "&G = &LENGTH OF &NONE", "&TYPE &A &B &C &D &E &F &G"},
     "",
     "T:16 42 3 2 NUM CHAR 0\n",
     0},
    {{"&A = &STRING OF a   &1  b", "&B = &LITERAL OF a   &1 b", "&C = &TRANS OF abc",
      "&D = &TRANS OF abc bc x", "&E = &TRIM OF &A", "&TYPE &A / &B / &C / &D / &E"},
     "z",
     "T:a z b / a   &1 b / ABC / ax  / a z b\n",
     0},
    {{"&A = &DIV OF 1 0"}, "", ERROR_IN(1, "DIVISION BY ZERO"), 10016},
    {{"&A = &NOSUCH OF 1"}, "", ERROR_IN(1, "INVALID FUNCTION NAME"), 10014},
    {{"&A = &LEFT OF x"}, "", ERROR_IN(1, "MISSING ARGUMENT"), 10010},
    {{"&5 = x"}, "a b", ERROR_IN(1, "ASSIGNMENT TO UNSET ARGUMENT"), 10020},
    {{"&LINE = 3"}, "", ERROR_IN(1, "INVALID VARIABLE NAME"), 10007},
    /* Functions of one's own; arguments are the subroutine's. */
    {{"&A = -MAX OF 3 9", "&B = 1 + -MAX OF &A 4", "&TYPE &A &B &1", "&EXIT",
      "-MAX &IF &1 > &2 &RETURN &1", "&RETURN &2"},
     "outer",
     "T:9 10 outer\n",
     0},
    {{"&TYPE &A", "&A = -FAC OF 5", "&TYPE &A", "&EXIT", "-FAC &IF &1 = 1 &RETURN 1", "&M = &1 - 1",
      "&F = -FAC OF &M", "&F = &MULT OF &F &1", "&RETURN &F"},
     "",
     "T:\nT:120\n",
     0},
    {{"&A = -DEEP OF 1", "-DEEP &A = -DEEP OF 2"},
     "",
     ERROR_IN(2, "INSUFFICIENT STORAGE AVAILABLE"),
     10097},
    {{"&CALL -SUB x &1", "&TYPE back &1", "&EXIT 4", "-SUB &TYPE &1 &2 &N &FROM", "&ARGS only",
      "&TYPE &1 &N", "&LOOP 2 *", "&IF &1 = only &RETURN", "&TYPE never"},
     "outer",
     "T:x outer 2 1\nT:only 1\nT:back outer\n",
     4},
    {{"&RETURN"}, "", ERROR_IN(1, "STATEMENT OUT OF CONTEXT"), 10021},
    {{"&CALL -NO"}, "", ERROR_IN(1, "LABEL NOT FOUND"), 10006},
    {{"-S &CALL -S"}, "", ERROR_IN(1, "INSUFFICIENT STORAGE AVAILABLE"), 10097},
    /* Conditions. */
    {{"&IF &1 GT 9 &TYPE more", "&IF abc < abd &IF 1 = 1 &TYPE both", "&IF &2 ="},
     "10",
     "T:more\nT:both\n" ERROR_IN(3, "INVALID FORM OF CONDITION"),
     10008},
    {{"&IF &2 = &3 &TYPE null", "&IF a = b &OR c = c &TYPE or", "&IF a = a &AND c = d &TYPE and",
      "&IF a = a"},
     "10",
     "T:null\nT:or\n",
     0},
    /* Loops. */
    {{"&LOOP 1 3", "&TYPE a", "&LOOP 1 0", "&TYPE never", "&TYPE end"},
     "",
     "T:a\nT:a\nT:a\nT:end\n",
     0},
    {{"&I = 0", "&LOOP -END &UNTIL &I = 2", "&I = &I + 1", "-END &TYPE &I", "&TYPE out"},
     "",
     "T:1\nT:2\nT:out\n",
     0},
    {{"&I = 0", "&LOOP 2 &WHILE &I < 2", "&LOOP 1 2", "&I = &I + 1", "&TYPE &I"}, "", "T:2\n", 0},
    {{"&LOOP 2 *", "&TYPE x", "&SKIP 1", "&TYPE never", "&TYPE out"}, "", "T:x\nT:out\n", 0},
    {{"&LOOP 5 1", "&TYPE x"}, "", "T:x\n" ERROR_IN(3, "END OF FILE FOUND IN LOOP"), 10015},
    {{"&LOOP 1"}, "", ERROR_IN(1, "INVALID LOOP CONDITION"), 10017},
    /* Jumps and blocks. */
    {{"&GOTO -THERE", "&TYPE never", "-THERE &TYPE here", "&SKIP 1", "&TYPE never", "&GOTO 8",
      "&TYPE never", "&EXIT 3"},
     "",
     "T:here\n",
     3},
    {{"&BEGTYPE", "a  &1", "&BEGSTACK 2 LIFO", "b", "c", "&BEGPUNCH -END", "d",
      "-END &STACK LIFO e &1", "&BEGTYPE *", "f", "g"},
     "x",
     "T:a  &1\nL:b\nL:c\nP:d\nL:e x\nT:f\nT:g\n",
     0},
    {{"&BEGTYPE 3", "a"}, "", "T:a\n" ERROR_IN(1, "INVALID ARGUMENT"), 10011},
    /* Variables in a row. */
    {{"&A = abc", "&UPPER VARS &A", "&UPPER ARGS", "&DUMP VARS &A", "&DUMP ARGS", "&BUFFER *",
      "&PUNCH &1"},
     "x",
     "T:&A = ABC\nT:&1 = X\nP:X\n",
     0},
    {{"&CASE Q"}, "", ERROR_IN(1, "INVALID ARGUMENT"), 10011},
};

START_TEST(language)
{
    struct stage s = {.next_input = 0};
    memcpy(s.lines, cases[_i].lines, sizeof s.lines);
    int rc = run(&s, cases[_i].arguments);
    ck_assert_str_eq(s.log, cases[_i].log);
    ck_assert_int_eq(rc, cases[_i].rc);
}
END_TEST

START_TEST(reading)
{
    struct stage s = {.lines = {"&READ VARS &A &B &C", "&TYPE &B &A .&C", "&CASE M",
                                "&READ STRING &X", "&TYPE &X", "&READ ARGS", "&TYPE &N &2",
                                "&READ 2", "&EXIT 3"},
                      .input = {"one two", "Mixed  Case", "x y z", "&TYPE direct", "&GOTO -X"}};
    ck_assert_int_eq(run(&s, ""), 10006);
    ck_assert_ptr_nonnull(strstr(s.log, "T:TWO ONE .\nT:Mixed  Case\nT:3 y\nT:direct\n"));
}
END_TEST

START_TEST(long_values)
{
    struct stage s = {.lines = {"&A = &LEFT OF x 250", "&B = &LENGTH OF &A", "&TYPE &B",
                                "&A = &CONCAT OF &A &A"}};
    ck_assert_int_eq(run(&s, ""), EXEC2_TOO_LONG);
    ck_assert_ptr_nonnull(strstr(s.log, "T:250\n"));
}
END_TEST

/* The pool of values becomes full and says so. */
START_TEST(full)
{
    struct stage s = {.lines = {"&I = 0", "&LOOP 2 *", "&I = &I + 1", "&A&I = &LEFT OF x 200"}};
    ck_assert_int_eq(run(&s, ""), EXEC2_STORAGE);
}
END_TEST

START_TEST(recognized)
{
    static struct {
        const char *lines[40];
        bool second;
    } files[] = {{{"&TRACE OFF"}, true},
                 {{"* comment", "", "&trace"}, true},
                 {{"&CONTROL OFF", "&TRACE"}, false},
                 {{"TYPE &TRACE"}, false},
                 {{NULL}, false}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct stage s = {.next_input = 0};
        memcpy(s.lines, files[i].lines, sizeof s.lines);
        struct exec_host host = stage_host(&s);
        ck_assert_int_eq(exec2_is_program(&host), files[i].second);
    }
}
END_TEST

START_TEST(from_outside)
{
    char value[EXEC2_WORD];
    struct stage s = {.lines = {"&A = 1"}};
    ck_assert_int_eq(run(&s, "arg"), 0);
    ck_assert(exec2_variable_get(&the_exec, "A", value));
    ck_assert_str_eq(value, "1");
    ck_assert(!exec2_variable_get(&the_exec, "B", value));
    ck_assert_int_eq(exec2_variable_set(&the_exec, "B", "two"), EXEC2_OK);
    ck_assert_int_eq(exec2_variable_set(&the_exec, "1", "new"), EXEC2_OK);
    ck_assert_int_ne(exec2_variable_set(&the_exec, "2", "new"), EXEC2_OK);
    ck_assert(exec2_variable_get(&the_exec, "1", value));
    ck_assert_str_eq(value, "new");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("exec2");
    TCase *t = tcase_create("exec2");
    tcase_add_loop_test(t, language, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(t, reading);
    tcase_add_test(t, long_values);
    tcase_add_test(t, full);
    tcase_add_test(t, recognized);
    tcase_add_test(t, from_outside);
    suite_add_tcase(s, t);
    return run_suite(s);
}

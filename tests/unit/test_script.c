/* Proves: a script drives the machine and a guest's console without a person; one that fails
 * says file, line and what it saw instead, and gives status 1; time limits are machine time;
 * two runs under the virtual clock are the same.  The guest is a program that answers each
 * line of the console 009 with "ECHO" and the line. */
#include "s370/operator/operator.h"
#include "tests/unit/machine_fixture.h"
#include "tests/unit/run_suite.h"

#include <unistd.h>

static struct oper *op;
static char path[64], called[64];

static void load_guest(void)
{
    poke(0x800, "41100900 50100048"            /* LA 1,read; ST 1,CAW */
                "9C000009 47700808"            /* SIO 9; BNZ *-4 */
                "9D000009 47200810"            /* TIO 9; busy: BC 2,*-4 */
                "41200055 48300046 1B23"       /* length, and that of "ECHO " */
                "4020090E 41100908 50100048"   /* into the write CCW; CAW */
                "9C000009 4770082E"            /* SIO 9 */
                "9D000009 47200836 47F00800"); /* TIO 9; again */
    poke(0x900, "0A000A00 20000050 090009FB 20000000");
    poke(0x9fb, "C5C3C8D640");
}

static void setup(void)
{
    fixture_open(CLOCK_VIRTUAL);
    attach(0x009, "3215-C");
    attach(0x0c0, "3215");
    op = operator_create(machine, 0x009);
    operator_connect(op, 0x009);
    strcpy(path, "/tmp/datbox-script-XXXXXX");
    strcpy(called, "/tmp/datbox-script-XXXXXX");
    close(mkstemp(path));
    close(mkstemp(called));
}

static void teardown(void)
{
    operator_destroy(op);
    fixture_close();
    unlink(path);
    unlink(called);
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

/* Runs the script to its end; the machine's status. */
static int run_script(const char *text)
{
    write_file(path, text);
    ck_assert(operator_run_script(op, path, true));
    return machine_run(machine);
}

static void said_in_line(unsigned line, const char *text)
{
    char want[256];
    snprintf(want, sizeof want, "%s:%u: %s", path, line, text);
    ck_assert_msg(strstr(said, want) != NULL, "wanted: %s\nsaid: %s", want, said);
}

START_TEST(wait_for_a_stop)
{
    poke(0x800, "41100005 46100804 82000810");
    poke(0x810, "00020000 00000BAD");
    ck_assert_int_eq(run_script("# a comment\n\n"
                                "  psw 00000000 00000800\r\n"
                                "start\nwait\nr 810.8\nquit 7\nr 0\n"),
                     7);
    ck_assert_ptr_nonnull(strstr(said, "\nstopped: disabled wait PSW=00020000 00000BAD "
                                       "after 7 instructions\nR:000810: 00020000 00000BAD\n"));
    ck_assert_ptr_null(strstr(said, "R:000000"));
}
END_TEST

START_TEST(wait_for_a_time)
{
    poke(0x800, "47F00800"); /* B * */
    ck_assert_int_eq(run_script("psw 00000000 00000800\nstart\nwait 1\n"), 0);
    ck_assert_ptr_nonnull(strstr(said, "not stopped: PSW=00000000 00000800"));
    ck_assert_uint_ge(machine_now(machine), 1000000000);
    ck_assert_uint_lt(machine_now(machine), 1100000000);
}
END_TEST

START_TEST(conversation)
{
    load_guest();
    ck_assert_int_eq(run_script("psw 00000000 00000800\nstart\n"
                                "type 009 \"one \\\"1\\\"\"\n"
                                "/two\n"
                                "expect 009 \"ECHO one \\\"1\\\"\\n\"\n"
                                "expect 009 \"two\" 5\n"
                                "message all is well\n"),
                     0);
    ck_assert_ptr_nonnull(strstr(said, "all is well\n"));
}
END_TEST

/* More lines than the device keeps: none is lost. */
START_TEST(many_lines_ahead)
{
    char text[4000] = "psw 00000000 00000800\nstart\n";
    for (int i = 0; i < 100; i++)
        sprintf(text + strlen(text), i % 2 ? "/line %d\n" : "type 009 \"line %d\"\n", i);
    strcat(text, "expect 009 \"line 50\\n\"\nexpect 009 \"line 99\"\n");
    load_guest();
    ck_assert_int_eq(run_script(text), 0);
}
END_TEST

START_TEST(what_was_matched_is_used_up)
{
    load_guest();
    ck_assert_int_eq(run_script("psw 00000000 00000800\nstart\n/one\n"
                                "expect 009 \"one\"\nexpect 009 \"one\" 2\n"),
                     1);
    said_in_line(5, "expected \"one\" from 009, but 2 seconds of machine time passed");
}
END_TEST

START_TEST(shows_what_came_instead)
{
    load_guest();
    ck_assert_int_eq(
        run_script("psw 00000000 00000800\nstart\n/hello\nexpect 009 \"bye\" 1\nquit\n"), 1);
    said_in_line(4, "expected \"bye\" from 009");
    ck_assert_ptr_nonnull(strstr(said, "  | ECHO hello\n"));
}
END_TEST

START_TEST(a_failing_command_ends_it)
{
    ck_assert_int_eq(run_script("message one\nr nowhere\nmessage two\n"), 1);
    said_in_line(2, "the command failed: r nowhere");
    ck_assert_ptr_null(strstr(said, "two"));
}
END_TEST

START_TEST(scripts_call_scripts)
{
    char text[200];
    write_file(called, "message inner\n");
    snprintf(text, sizeof text, "message before\nscript %s\nmessage after\n", called);
    ck_assert_int_eq(run_script(text), 0);
    ck_assert_str_eq(said, "before\ninner\nafter\n");
    said[0] = 0;
    machine->quit = false;
    snprintf(text, sizeof text, "script %s\n", path);
    ck_assert_int_eq(run_script(text), 1);
    ck_assert_ptr_nonnull(strstr(said, "call each other too deeply"));
}
END_TEST

START_TEST(a_terminal_of_its_own)
{
    write_file(called, "x");
    char text[400];
    snprintf(text, sizeof text,
             "connect 0c0\ntranscript 009 %s\npsw 00000000 00000800\nstart\n/hi\n"
             "expect 009 \"hi\\n\"\ndisconnect 0c0\n",
             called);
    load_guest();
    ck_assert_int_eq(run_script(text), 0);
    char got[64] = "";
    FILE *f = fopen(called, "r");
    got[fread(got, 1, sizeof got - 1, f)] = 0;
    fclose(f);
    ck_assert_str_eq(got, "ECHO hi\n");
    machine->quit = false;
    ck_assert_int_eq(run_script("type 0c0 \"x\"\n"), 1);
    said_in_line(1, "the command failed");
    ck_assert_ptr_nonnull(strstr(said, "type 0C0: nobody sits there (connect 0C0)"));
}
END_TEST

/* The instruction count at the end says whether two runs went the same way. */
static uint64_t instructions_of_a_run(void)
{
    setup();
    load_guest();
    ck_assert_int_eq(run_script("psw 00000000 00000800\nstart\n/one\nexpect 009 \"one\"\n"
                                "wait 1\n/two\nexpect 009 \"two\"\n"),
                     0);
    uint64_t n = cpu_instructions(machine->cpu);
    teardown();
    return n;
}

START_TEST(two_runs_are_the_same)
{
    uint64_t first = instructions_of_a_run();
    ck_assert_uint_eq(first, instructions_of_a_run());
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("script"), *alone = tcase_create("virtual clock");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 300);
    tcase_set_timeout(alone, 300);
    tcase_add_test(t, wait_for_a_stop);
    tcase_add_test(t, wait_for_a_time);
    tcase_add_test(t, conversation);
    tcase_add_test(t, many_lines_ahead);
    tcase_add_test(t, what_was_matched_is_used_up);
    tcase_add_test(t, shows_what_came_instead);
    tcase_add_test(t, a_failing_command_ends_it);
    tcase_add_test(t, scripts_call_scripts);
    tcase_add_test(t, a_terminal_of_its_own);
    tcase_add_test(alone, two_runs_are_the_same);
    Suite *s = suite_create("script");
    suite_add_tcase(s, t);
    suite_add_tcase(s, alone);
    return run_suite(s);
}

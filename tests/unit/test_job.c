/* Proves: the cards of a batch job are told apart, and their operands taken, as
 * spool/batch/job.h says. */
#include "spool/batch/job.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>

START_TEST(cards)
{
    struct job job = {.rc = 0};
    ck_assert_int_eq(job_card(&job, false, "LISTFILE"), CARD_IGNORED);
    ck_assert_int_eq(job_card(&job, false, "/*"), CARD_IGNORED);
    ck_assert_int_eq(job_card(&job, false, "/JOB X 1"), CARD_JOB);
    ck_assert_int_eq(job_card(&job, true, "/job X 1"), CARD_JOB);
    ck_assert_int_eq(job_card(&job, true, "/* THE END"), CARD_END);
    ck_assert_int_eq(job_card(&job, true, "/SET TIME 1"), CARD_SET);
    ck_assert_int_eq(job_card(&job, true, "LISTFILE"), CARD_COMMAND);
    ck_assert_int_eq(job_card(&job, true, "* COMMENT"), CARD_IGNORED);
    ck_assert_int_eq(job_card(&job, true, ""), CARD_IGNORED);
    job.flushing = true;
    ck_assert_int_eq(job_card(&job, true, "LISTFILE"), CARD_IGNORED);
    ck_assert_int_eq(job_card(&job, true, "/*"), CARD_END);
}
END_TEST

START_TEST(operands)
{
    struct job job = {.rc = 9, .flushing = true};
    job_begin(&job, "/JOB cmsuser 1234 sort and more");
    ck_assert_str_eq(job.userid, "CMSUSER");
    ck_assert_str_eq(job.account, "1234");
    ck_assert_str_eq(job.name, "SORT");
    ck_assert(!job.rc && !job.flushing && !job.seconds);
    ck_assert(job_set(&job, "/SET TIME 20 PRINT 500 punch 7"));
    ck_assert(job.seconds == 20 && job.lines == 500 && job.cards == 7);
    ck_assert(!job_set(&job, "/SET TIME"));
    ck_assert(!job_set(&job, "/SET TIME X"));
    ck_assert(!job_set(&job, "/SET SPACE 4"));
    job_begin(&job, "/JOB");
    ck_assert_str_eq(job.userid, "*NONE*");
    ck_assert_str_eq(job.name, "JOB");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("job");
    TCase *t = tcase_create("job");
    tcase_add_test(t, cards);
    tcase_add_test(t, operands);
    suite_add_tcase(s, t);
    return run_suite(s);
}

/* Proves: the cards of a batch job are told apart, and their operands taken, as
 * spool/batch/job.h says; BATCH CONFIG's statements say what spool/batch/config.h does. */
#include "spool/batch/config.h"
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
    ck_assert(!job.rc && !job.flushing && !job.limits.seconds);
    ck_assert(job_set(&job, "/SET TIME 20 PRINT 500 punch 7"));
    ck_assert(job.limits.seconds == 20 && job.limits.lines == 500 && job.limits.cards == 7);
    ck_assert(!job_set(&job, "/SET TIME"));
    ck_assert(!job_set(&job, "/SET TIME X"));
    ck_assert(!job_set(&job, "/SET SPACE 4"));
    job_begin(&job, "/JOB");
    ck_assert_str_eq(job.userid, "*NONE*");
    ck_assert_str_eq(job.name, "JOB");
}
END_TEST

START_TEST(configuration)
{
    static struct batch_config c;
    static const char *const wrong[] = {"MACHINE",
                                        "MACHINE TOOLONGID",
                                        "MACHINE BATCH1",
                                        "MACHINE BATCH3 CLASSES",
                                        "MACHINE BATCH3 CLASSES A-",
                                        "MACHINE BATCH3 FAST",
                                        "CLASS",
                                        "CLASS AB TIME 1",
                                        "CLASS ? TIME 1",
                                        "CLASS A SPACE 1",
                                        "CLASS A TIME",
                                        "PRINTER"};
    ck_assert_ptr_null(batch_configure(&c, "* comment"));
    ck_assert_ptr_null(batch_configure(&c, ""));
    ck_assert_ptr_null(batch_configure(&c, "machine batch1 classes ab9"));
    ck_assert_ptr_null(batch_configure(&c, "MACHINE BATCH2 STANDBY"));
    ck_assert_ptr_null(batch_configure(&c, "CLASS B TIME 60 PUNCH 9"));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(batch_configure(&c, wrong[i]) != NULL, "%s was taken", wrong[i]);
    ck_assert_int_eq(batch_find_machine(&c, "BATCH2"), 1);
    ck_assert_int_eq(batch_find_machine(&c, "BATCH3"), -1);
    ck_assert(batch_machine_takes_class(&c.machines[0], '9'));
    ck_assert(!batch_machine_takes_class(&c.machines[0], 'C'));
    ck_assert(batch_machine_takes_class(&c.machines[1], 'C') && c.machines[1].standby);
    struct job_limits l = {.seconds = 90, .lines = 5}, most = batch_class_limits(&c, 'B');
    job_limits_lower(&l, &most);
    ck_assert(l.seconds == 60 && l.lines == 5 && l.cards == 9);
    most = batch_class_limits(&c, '*');
    ck_assert(!most.seconds && !most.lines && !most.cards);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("job");
    TCase *t = tcase_create("job");
    tcase_add_test(t, cards);
    tcase_add_test(t, operands);
    tcase_add_test(t, configuration);
    suite_add_tcase(s, t);
    return run_suite(s);
}

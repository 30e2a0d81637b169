/* Proves: events come in order of time, equal times in order of scheduling; cancelling and
 * scheduling anew keep the queue whole; the hook hears of every new first event. */
#include "s370/event.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>

static int sooner;

static void count_sooner(struct event_queue *q)
{
    sooner++;
}

START_TEST(order)
{
    struct event_queue q = {.sooner = count_sooner};
    struct event a = {0}, b = {0}, c = {0};
    sooner = 0;
    event_schedule(&q, &a, 20);
    event_schedule(&q, &b, 20);
    event_schedule(&q, &c, 10);
    ck_assert_int_eq(sooner, 2);
    ck_assert_ptr_null(event_take(&q, 9));
    ck_assert_ptr_eq(event_take(&q, 10), &c);
    ck_assert_ptr_null(event_take(&q, 19));
    ck_assert_ptr_eq(event_take(&q, 100), &a);
    ck_assert_ptr_eq(event_take(&q, 100), &b);
    ck_assert_ptr_null(event_take(&q, UINT64_MAX));
    ck_assert(!a.scheduled && !b.scheduled && !c.scheduled);
}
END_TEST

START_TEST(cancel_and_move)
{
    struct event_queue q = {0};
    struct event a = {0}, b = {0}, c = {0};
    event_cancel(&q, &a);
    event_schedule(&q, &a, 1);
    event_schedule(&q, &b, 2);
    event_schedule(&q, &c, 3);
    event_cancel(&q, &b);
    event_schedule(&q, &a, 4);
    ck_assert_ptr_eq(event_take(&q, 9), &c);
    ck_assert_ptr_eq(event_take(&q, 9), &a);
    ck_assert_ptr_null(q.first);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("event");
    tcase_add_test(t, order);
    tcase_add_test(t, cancel_and_move);
    Suite *s = suite_create("event");
    suite_add_tcase(s, t);
    return run_suite(s);
}

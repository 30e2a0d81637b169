/* Tasks and the dispatcher.  CP does not preempt itself: a task runs linear code on a
 * stack of its own (8K) until it sleeps, yields or ends, and CP is disabled for
 * interruptions except in the idle wait, at a dispatch and while a guest runs.  So CP needs no
 * locks: what a task reads stays true until it sleeps.  Functions that may sleep say so in their
 * header; interruption handlers (rdev->unsolicited, ioreq->completed, clock requests) must not
 * sleep.
 *
 * Every virtual machine is one task; system work (unit record devices, paging) has tasks
 * of its own.  Times are in TOD clock units: 4096 units are one microsecond. */
#ifndef CP_TASK_H
#define CP_TASK_H

#include "lib/list.h"

#include <stdbool.h>
#include <stdint.h>

#define TASK_STACK          8192u
#define TOD_MICROSECOND     4096u
#define TOD_MILLISECONDS(n) ((uint64_t)(n)*1000u * TOD_MICROSECOND)

struct vmblok;

/* Where a ready task waits for the CPU.  Lower values go first. */
enum task_queue {
    QUEUE_SYSTEM, /* system tasks: never wait behind a guest */
    QUEUE_1,      /* interactive: after terminal input, for a short time */
    QUEUE_2,      /* all other guests, in the order of their deadlines */
    QUEUE_COUNT,
};

enum task_state { TASK_READY, TASK_RUNNING, TASK_SLEEPING, TASK_ENDED };

struct task {
    struct list link; /* in the dispatcher's ready queue, or in the list of sleepers */
    struct list all;
    enum task_state state;
    enum task_queue queue;
    const void *channel; /* what it sleeps on */
    uint32_t sp;         /* saved stack pointer while it does not run */
    uint8_t *stack;
    void (*main)(void *argument);
    void *argument;
    struct vmblok *vm; /* whose task this is; NULL for system tasks */
    uint64_t deadline; /* order in QUEUE_2, TOD */
    uint64_t total;    /* CPU time used in CP and, for a guest, as a guest: TOD units */
    uint64_t turn;     /* `total` when it was last chosen to run */
    bool overdue;      /* it was chosen in spite of queue 1 */
    char name[9];
};

/* Creates a ready task.  NULL if there is no storage.  A vm's task starts in QUEUE_1. */
struct task *task_create(const char *name, struct vmblok *vm, void (*main)(void *argument),
                         void *argument);
/* Ends the running task; its stack is freed by the dispatcher. */
void task_exit(void) __attribute__((noreturn));

/* Sleeps until task_wake of the same channel: any address by agreement. */
void task_sleep(const void *channel);
/* The same, until the TOD clock reaches `tod` at the latest.  True if it was woken by
 * task_wake, false if the time was over. */
bool task_sleep_until(const void *channel, uint64_t tod);
/* Makes all tasks ready that sleep on `channel`.  Never sleeps. */
void task_wake(const void *channel);
/* Lets other ready tasks run first. */
void task_yield(void);
/* True if a task that should go before the running one is ready. */
bool task_should_yield(void);
void task_set_queue(struct task *task, enum task_queue queue);

/* Before the first task. */
void tasks_init(void);
/* Adds the CPU time since the last call to the running task's; returns it (TOD units). */
uint64_t task_charge(void);
/* Starts dispatching; never returns. */
void dispatcher_run(void) __attribute__((noreturn));

/* --- time --- */

uint64_t tod_now(void);
/* A request to be called when the TOD clock reaches `when`, once, from the dispatcher or an
 * interruption: it must not sleep. */
struct clock_request {
    struct list link;
    uint64_t when;
    void (*expired)(struct clock_request *request);
};
void clock_request(struct clock_request *request, uint64_t when); /* (re)schedules */
void clock_cancel(struct clock_request *request);
/* The clock comparator's interruption: calls what has expired. */
void clock_expire(void);

/* Local date and time (CP takes the TOD clock as UTC plus cp.zone seconds). */
struct civil_time {
    uint16_t year;
    uint8_t month, day, hour, minute, second;
    uint8_t weekday; /* 0 is Sunday */
};
void civil_from_tod(uint64_t tod, struct civil_time *to);

#endif

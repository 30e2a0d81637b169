/* Tasks and the dispatcher: see cp/task.h.
 *
 * The dispatcher runs on the stack that CP was entered with.  It picks the first ready task and
 * switches to its stack; the task comes back by task_sleep, task_yield or task_exit. When
 * nobody is ready it loads an enabled wait PSW: there, and for a moment at each dispatch, CP
 * itself is interrupted. */
#include "cp/task.h"

#include "cp/check.h"
#include "cp/lowstor.h"
#include "cp/s370.h"
#include "cp/saved.h"
#include "cp/sched.h"
#include "cp/state.h"
#include "cp/trap.h"
#include "lib/str.h"

void stack_switch(uint32_t *save, uint32_t to);
void task_entry(void);
void tasks_first_step(void);

/* A ready task of queue 2 that has waited this long past its deadline goes before queue 1. */
#define PATIENCE TOD_MILLISECONDS(1000)
/* By how much a ready task's deadline must be the earlier one to end a running task's turn. */
#define HEAD_START TOD_MILLISECONDS(20)
/* A task of queue 2 whose turn it is gets at least so much, however long the others have waited:
 * otherwise, where a dispatch takes long, they would give way to each other for ever. */
#define TURN_LEAST TOD_MILLISECONDS(1)
/* The CPU timer is set to this to measure CPU time; nobody waits for it to run out. */
#define TIMER_FAR (UINT64_C(1) << 62)

void tasks_init(void)
{
    for (int i = 0; i < QUEUE_COUNT; i++)
        list_init(&cp.ready[i]);
    list_init(&cp.sleeping);
    list_init(&cp.tasks);
    list_init(&cp.clock_requests);
    s370_spt(TIMER_FAR);
    cp.charge_from = TIMER_FAR;
}

uint64_t tod_now(void)
{
    return s370_stck();
}

uint64_t task_charge(void)
{
    uint64_t now = s370_stpt();
    uint64_t used = cp.charge_from - now;
    s370_spt(TIMER_FAR);
    cp.charge_from = TIMER_FAR;
    if (cp.current)
        cp.current->total += used;
    return used;
}

/* What a new task does (task_entry calls it). */
void tasks_first_step(void)
{
    cp.current->main(cp.current->argument);
    task_exit();
}

static void make_ready(struct task *task)
{
    struct list *at = &cp.ready[task->queue];
    struct list *queue = at;
    task->state = TASK_READY;
    if (task->queue == QUEUE_2) {
        task->deadline = sched_deadline(task);
        for (at = queue->next; at != queue; at = at->next)
            if (LIST_ENTRY(at, struct task, link)->deadline > task->deadline)
                break;
    }
    list_remove(&task->link);
    list_insert_before(at, &task->link);
}

struct task *task_create(const char *name, struct vmblok *vm, void (*main)(void *argument),
                         void *argument)
{
    struct task *task = cp_alloc(sizeof *task);
    if (!task)
        return NULL;
    task->stack = cp_alloc(TASK_STACK);
    if (!task->stack) {
        cp_free(task, sizeof *task);
        return NULL;
    }
    str_copy(task->name, name, sizeof task->name);
    task->vm = vm;
    task->main = main;
    task->argument = argument;
    task->queue = vm ? QUEUE_1 : QUEUE_SYSTEM;
    /* The first switch to it loads GR6-GR15 from a save area and branches to GR14. */
    uint32_t top = (uint32_t)task->stack + TASK_STACK - 192;
    uint32_t *save = (uint32_t *)(top + 24);
    save[14 - 6] = (uint32_t)task_entry;
    save[15 - 6] = top;
    task->sp = top;
    list_init(&task->link);
    list_append(&cp.tasks, &task->all);
    make_ready(task);
    return task;
}

/* Leaves the running task for the dispatcher. */
static void leave(void)
{
    struct task *task = cp.current;
    task_charge();
    if (task->vm && !list_empty(&task->vm->attached))
        saved_check(task->vm);
    sched_leave(task);
    stack_switch(&task->sp, cp.dispatcher_sp);
}

void task_exit(void)
{
    struct task *task = cp.current;
    task->state = TASK_ENDED;
    list_remove(&task->all);
    cp.ended = task;
    leave();
    panic(PANIC_BUG, "task %s came back", task->name);
}

void task_sleep(const void *channel)
{
    struct task *task = cp.current;
    CP_ASSERT(task);
    task->channel = channel;
    task->state = TASK_SLEEPING;
    list_append(&cp.sleeping, &task->link);
    leave();
}

/* A sleeper's alarm. */
struct alarm {
    struct clock_request request;
    struct task *task;
    bool rang;
};

static void alarm_rings(struct clock_request *request)
{
    struct alarm *alarm = LIST_ENTRY(request, struct alarm, request);
    alarm->rang = true;
    if (alarm->task->state == TASK_SLEEPING)
        make_ready(alarm->task);
}

bool task_sleep_until(const void *channel, uint64_t tod)
{
    struct alarm alarm = {{{NULL, NULL}, 0, alarm_rings}, cp.current, false};
    list_init(&alarm.request.link);
    clock_request(&alarm.request, tod);
    task_sleep(channel);
    clock_cancel(&alarm.request);
    return !alarm.rang;
}

void task_wake(const void *channel)
{
    LIST_EACH_SAFE(it, &cp.sleeping)
    {
        struct task *task = LIST_ENTRY(it, struct task, link);
        if (task->channel == channel)
            make_ready(task);
    }
}

void task_yield(void)
{
    make_ready(cp.current);
    leave();
}

bool task_should_yield(void)
{
    bool begins = cp.current->total - cp.current->turn < TURN_LEAST;
    if (!list_empty(&cp.ready[QUEUE_SYSTEM]) && cp.current->queue != QUEUE_SYSTEM)
        return true;
    if (!list_empty(&cp.ready[QUEUE_1]) && cp.current->queue == QUEUE_2)
        return !(cp.current->overdue && begins);
    /* In queue 2 whose I/O has come to an end need not wait for the end of a slice of somebody who
     * only computes. */
    struct list *queue = &cp.ready[QUEUE_2];
    return cp.current->queue == QUEUE_2 && !begins && !list_empty(queue) &&
           LIST_ENTRY(queue->next, struct task, link)->deadline + HEAD_START <
               sched_deadline(cp.current);
}

void task_set_queue(struct task *task, enum task_queue queue)
{
    if (task->queue == queue)
        return;
    task->queue = queue;
    if (task->state == TASK_READY)
        make_ready(task);
}

/* The ready task that goes next; NULL if there is none. */
static struct task *choose(void)
{
    if (!list_empty(&cp.ready[QUEUE_SYSTEM]))
        return LIST_ENTRY(cp.ready[QUEUE_SYSTEM].next, struct task, link);
    if (!list_empty(&cp.ready[QUEUE_2])) {
        struct task *task = LIST_ENTRY(cp.ready[QUEUE_2].next, struct task, link);
        task->overdue = !list_empty(&cp.ready[QUEUE_1]);
        if (!task->overdue || task->deadline + PATIENCE < tod_now())
            return task;
    }
    if (!list_empty(&cp.ready[QUEUE_1]))
        return LIST_ENTRY(cp.ready[QUEUE_1].next, struct task, link);
    return NULL;
}

static void idle(void)
{
    uint64_t from = tod_now();
    enum trap trap = idle_wait();
    cp.idle_time += tod_now() - from;
    task_charge(); /* nobody's time */
    trap_interruption(trap);
}

void dispatcher_run(void)
{
    for (;;) {
        struct task *task = choose();
        if (!task) {
            idle();
            continue;
        }
        /* Virtual machines whose tasks only yield must not keep the others' I/O waiting. */
        enum trap trap = task->vm ? interruption_window() : 0;
        if (trap) {
            trap_interruption(trap);
            continue;
        }
        list_remove(&task->link);
        task->state = TASK_RUNNING;
        load_sample();
        task_charge();
        cp.current = task;
        task->turn = task->total;
        cp.dispatches++;
        stack_switch(&cp.dispatcher_sp, task->sp);
        cp.current = NULL;
        if (cp.ended) {
            cp_free(cp.ended->stack, TASK_STACK);
            cp_free(cp.ended, sizeof *cp.ended);
            cp.ended = NULL;
        }
        check_blocks();
    }
}

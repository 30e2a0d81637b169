/* Samples of the load: see cp/load.h. */
#include "cp/load.h"

#include "cp/state.h"
#include "lib/str.h"

#define INTERVAL TOD_MILLISECONDS(30000)

void load_take(struct load_sample *sample)
{
    *sample = (struct load_sample){
        .tod = tod_now(),
        .idle_time = cp.idle_time,
        .virtual_time = cp.virtual_time,
        .page_reads = cp.page_reads,
        .page_writes = cp.page_writes,
        .real_io = cp.real_io,
        .exits = cp.exits,
    };
}

void load_sample(void)
{
    if (cp.load[1].tod && tod_now() < cp.load[1].tod + INTERVAL)
        return;
    cp.load[0] = cp.load[1];
    load_take(&cp.load[1]);
}

void load_recent(struct load_sample *d)
{
    const struct load_sample *from = &cp.load[cp.load[0].tod ? 0 : 1];
    load_take(d);
    d->tod -= from->tod;
    d->idle_time -= from->idle_time;
    d->virtual_time -= from->virtual_time;
    d->page_reads -= from->page_reads;
    d->page_writes -= from->page_writes;
    d->real_io -= from->real_io;
    d->exits -= from->exits;
}

void load_queues(struct load_queues *queues)
{
    memset(queues, 0, sizeof *queues);
    LIST_EACH(it, &cp.vms)
    {
        const struct vmblok *vm = LIST_ENTRY(it, struct vmblok, link);
        const struct task *task = vm->task;
        if (task && (task->state != TASK_SLEEPING || vm->eligible))
            (vm->eligible ? queues->eligible : queues->in)[task->queue]++;
    }
}

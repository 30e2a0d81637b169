/* The load of the system: CP's counters as they were half a minute ago or more, so that INDICATE
 * and MONITOR can tell what goes on now, and not what went on since IPL. */
#ifndef CP_LOAD_H
#define CP_LOAD_H

#include "cp/task.h"

#include <stdint.h>

struct load_sample {
    uint64_t tod, idle_time, virtual_time; /* TOD units */
    uint32_t page_reads, page_writes, real_io, exits;
};

/* The counters as they are now. */
void load_take(struct load_sample *sample);
/* Keeps a sample if it is time for one.  Called at each dispatch: an idle system needs none. */
void load_sample(void);
/* What has happened since the sample before the last: the differences; `tod` is how long it took.
 */
void load_recent(struct load_sample *difference);

/* How many virtual machines are in the queues, and wait to get in; of each queue. */
struct load_queues {
    unsigned in[QUEUE_COUNT], eligible[QUEUE_COUNT];
};
void load_queues(struct load_queues *queues);

#endif

/* Events: everything that happens at a time.  The queue is ordered by machine time
 * (nanoseconds since power-on, see struct machine's clock); equal times keep their order
 * of scheduling, so a run under the virtual clock is repeatable.  Events belong to who
 * embeds them; none is allocated. */
#ifndef S370_EVENT_H
#define S370_EVENT_H

#include <stdbool.h>
#include <stdint.h>

struct machine;

struct event {
    uint64_t when; /* ns of machine time */
    void (*happen)(struct machine *m, struct event *event);
    struct event *next;
    bool scheduled;
    bool eager; /* its time is only the latest one: under the host's clock it happens as soon as the
                   CPUs have nothing to do */
};

struct event_queue {
    struct event *first;
    /* Called, unless NULL, when a newly scheduled event has become the first: the machine
     * then ends its slice of instructions in time for it. */
    void (*sooner)(struct event_queue *q);
};

/* Schedules (or re-schedules) `event` for `when`. */
void event_schedule(struct event_queue *q, struct event *event, uint64_t when);
void event_cancel(struct event_queue *q, struct event *event);
/* Takes the first event due at `now`, or NULL. */
struct event *event_take(struct event_queue *q, uint64_t now);

#endif

/* The event queue: a list in order of time.  It is short (a few devices and timers), so
 * insertion walks it. */
#include "s370/event.h"

#include <stddef.h>

void event_schedule(struct event_queue *q, struct event *event, uint64_t when)
{
    event_cancel(q, event);
    struct event **at = &q->first;
    while (*at && (*at)->when <= when)
        at = &(*at)->next;
    event->when = when;
    event->next = *at;
    event->scheduled = true;
    *at = event;
    if (q->first == event && q->sooner)
        q->sooner(q);
}

void event_cancel(struct event_queue *q, struct event *event)
{
    if (!event->scheduled)
        return;
    struct event **at = &q->first;
    while (*at != event)
        at = &(*at)->next;
    *at = event->next;
    event->next = NULL;
    event->scheduled = false;
}

struct event *event_take(struct event_queue *q, uint64_t now)
{
    struct event *event = q->first;
    if (!event || event->when > now)
        return NULL;
    event_cancel(q, event);
    return event;
}

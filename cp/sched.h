/* Who may use storage at the same time, and in which order: the part of the dispatcher that thinks
 * of working sets and of what SET FAVORED promises.
 *
 * A virtual machine whose guest is to run enters the set of those that share storage; it leaves it
 * when it waits for anything but a page, and at the end of its time slice.  Its working set is
 * estimated from the pages that it had in storage when it left, or that came in for it since it had
 * entered.  One whose working set does not fit beside those of the set waits: it is eligible (E1,
 * E2 in INDICATE QUEUES).  So guests that together need more pages than there are take turns
 * instead of stealing each other's.  Only the guest waits: what CP does for it goes on, since
 * others may be waiting for that. */
#ifndef CP_SCHED_H
#define CP_SCHED_H

#include "cp/task.h"

#include <stdbool.h>
#include <stdint.h>

/* The frames that guests can have. */
uint32_t sched_room(void);
/* Before the guest runs: true if it is in the set.  Else it has waited: look again what there is to
 * do.  In its own task. */
bool sched_admit(struct vmblok *vm);
/* It gives up the CPU. */
void sched_leave(const struct task *task);
/* A page came in for it.  If the set has grown beyond the storage there is, this one leaves it: it
 * runs on to its next page wait, and is eligible then. */
void sched_page_in(struct vmblok *vm);
/* Out of the set. */
void sched_drop(struct vmblok *vm);
/* The deadline of a task of queue 2 that becomes ready now: who used little CPU lately gets an
 * early one, who has been promised a share and did not get it one that is long past. */
uint64_t sched_deadline(const struct task *task);

#endif

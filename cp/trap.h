/* Interruptions as CP takes them. */
#ifndef CP_TRAP_H
#define CP_TRAP_H

#include "cp/vmrun.h"
#include "s370/arch/control.h"

/* cp/entry.S: waits, enabled, for an interruption; says which came. */
enum trap idle_wait(void);
/* cp/entry.S: enabled for an interruption that is pending already; says which came, or 0. */
enum trap interruption_window(void);

/* The parts of I/O and external interruptions that have nothing to do with who was
 * interrupted: wakes tasks, calls what has expired.  Never sleeps. */
void trap_interruption(enum trap trap);

/* Control register 0 while a guest runs: its tables are CP's (4K pages, 64K segments), and what may
 * interrupt it.  Shadow tables may have pages of 2K instead. */
#define TRAP_CR0                                                                                   \
    (CR0_BLOCK_MULTIPLEX | CR0_PAGE_4K | CR0_SEGMENT_64K | CR0_COMPARATOR_MASK | CR0_CPU_TIMER_MASK)

/* Sets up the new PSWs. */
void traps_init(void);

#endif

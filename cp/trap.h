/* Interruptions as CP takes them. */
#ifndef CP_TRAP_H
#define CP_TRAP_H

#include "cp/vmrun.h"

/* cp/entry.S: waits, enabled, for an interruption; says which came. */
enum trap idle_wait(void);

/* The parts of I/O and external interruptions that have nothing to do with who was
 * interrupted: wakes tasks, calls what has expired.  Never sleeps. */
void trap_interruption(enum trap trap);

/* Sets up the new PSWs. */
void traps_init(void);

#endif

/* Terminals, as CP's core sees them.  A terminal is a 3215 that a person may sit at.  All
 * of this is implemented in cp/terminal.c. */
#ifndef CP_TERMINAL_H
#define CP_TERMINAL_H

#include "cp/rio.h"
#include "cp/vmblok.h"

/* The `unsolicited` handler of terminals: device end (somebody connected), attention
 * (attention key, or a line has been typed), attention with unit check (connection lost).  Makes
 * a VM for a terminal that has none.  Must not sleep. */
void terminal_attention(struct rdev *rdev, uint8_t status);

/* In the VM's task, after vm_post(vm, WORK_TERMINAL): looks what the terminal brought.  May put
 * the VM into CP mode, queue a line for the guest's console, and so on.  May sleep. */
void terminal_work(struct vmblok *vm);

/* CP READ: reads one line from the VM's terminal (sleeping until there is one, or until the
 * VM is posted work) and runs it as a CP command.  vm_main calls it as long as vm->cp_mode is
 * set. */
void console_function(struct vmblok *vm);

#endif

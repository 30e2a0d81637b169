/* Privileged instructions of the guest: see cp/privop.c. */
#ifndef CP_PRIVOP_H
#define CP_PRIVOP_H

#include "cp/vmblok.h"

/* The instruction of this kind, 0 to PRIVOP_KINDS - 1. */
const char *privop_name(unsigned kind);

/* After a privileged-operation exception in virtual supervisor state: simulates the instruction
 * that ends at the virtual PSW's address (`ilc` bytes before, EX counts as its target), or gives
 * the guest the interruption it is due.  May sleep. */
void privop(struct vmblok *vm, uint32_t ilc);

/* After the same in virtual problem state: whether the virtual machine has the instruction at all.
 * The real one may have more than virtual ones.  May sleep. */
bool privop_exists(struct vmblok *vm, uint32_t ilc);

#endif

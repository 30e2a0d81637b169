/* The virtual machine communication facility: virtual machines of one CP send each other messages
 * with DIAGNOSE 68 and are told of them by external interruptions 4001; the SMSG command does it
 * for people.  VM/370 System Programmer's Guide, GC20-1807, "Virtual Machine Communication
 * Facility". */
#ifndef CP_VMCF_H
#define CP_VMCF_H

#include <stdbool.h>
#include <stdint.h>

struct vmblok;

#define EXT_VMCF      0x4001      /* external interruption code */
#define CR0_VMCF_MASK 0x00000001u /* the virtual machine's control register 0: it is allowed */

/* If a message or response waits: puts its header (and the data of SENDX) into the guest's buffer.
 * The caller gives the interruption.  May sleep. */
bool vmcf_interrupt(struct vmblok *vm);

/* Ends what the VM has to do with VMCF: system reset, LOGOFF.  In its own task; may sleep, since
 * others may be moving data from or to its storage. */
void vmcf_end(struct vmblok *vm);

/* A message of `from`'s user for the program in `to`.  NULL, or why it was not taken: words for
 * message 057. */
const char *vmcf_smsg(const struct vmblok *from, struct vmblok *to, const char *text);

#endif

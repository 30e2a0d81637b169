/* SET PAGEX ON: a guest is told of its page faults and may do something else meanwhile.  Source:
 * System Programmer's Guide, GC20-1807, "The VM/VS Handshaking Feature": a program interruption
 * with code X'14', the page's address as the translation exception address, when a page must come
 * from disk; another one, with bit 0 of that address on, when it has come.  Both only while the
 * guest is in EC mode and enabled for I/O and external interruptions. */
#ifndef CP_PAGEX_H
#define CP_PAGEX_H

#include "cp/vmblok.h"

#include <stdbool.h>
#include <stdint.h>

/* True: the fault at `address` (virtual, if the guest has translation on) has been given to the
 * guest, and a task brings the page.  False: it is to be waited for.  May sleep. */
bool pagex_fault(struct vmblok *vm, uint32_t address, uint32_t ilc);
/* Gives the interruption for a page that has come.  True if there was one. */
bool pagex_deliver(struct vmblok *vm);
/* The guest is reset: what it waits for is forgotten.  Sleeps until no task touches its storage. */
void pagex_reset(struct vmblok *vm);
/* It goes away. */
void pagex_free(struct vmblok *vm);

#endif

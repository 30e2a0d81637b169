/* What CP does at its end, without tasks and interruptions: cp/panic.c decides, these do.  Nothing
 * here sleeps, and nothing of CP may be believed to be whole. */
#ifndef CP_FAILURE_H
#define CP_FAILURE_H

#include "s370/arch/ccw.h"

#include <stdbool.h>
#include <stdint.h>

/* Runs one channel program to its end without interruptions (cp/panic.c).  False: the device does
 * not do it. */
bool polled_io(uint16_t address, const struct ccw *program);

/* Ends what all devices do. */
void failure_quiesce(void);
/* Writes CP's storage to the residence's DUMP cylinders (cp/dump.c), with what the header of
 * cp/dump.h has.  Tells the console. */
void dump_write(uint32_t code, uint64_t psw, const uint32_t gr[16], const char *message);
/* IPL of the system residence with this PARM.  Returns if it cannot be read. */
void system_restart(const char *parm);

#endif

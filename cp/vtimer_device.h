/* The pseudo timer, as a device: cp/io/vtimer_device.c; and what it tells, which DIAGNOSE 0C tells,
 * too. */
#ifndef CP_VTIMER_DEVICE_H
#define CP_VTIMER_DEVICE_H

#include "cp/vmblok.h"

#include <stdbool.h>
#include <stdint.h>

#define VTIMER_TYPE 0x0001 /* has no number of its own */

/* Makes it; NULL if the address is in use or there is no storage. */
struct vdev *vtimer_create(struct vmblok *vm, uint16_t address);
bool vtimer_is(const struct vdev *vdev);

/* Date (mm/dd/yy) and time (hh:mm:ss) in EBCDIC, then virtual and all CPU time used, in
 * microseconds, each of them eight bytes. */
#define PSEUDO_TIMER_BYTES 32
void pseudo_timer(struct vmblok *vm, uint8_t data[PSEUDO_TIMER_BYTES]); /* cp/diagnose.c */

#endif

/* Between cp/io/vchannel.c (interpreter of channel programs), cp/io/vio.c (the virtual I/O
 * instructions) and the devices with real I/O. */
#ifndef CP_IO_VCHANNEL_H
#define CP_IO_VCHANNEL_H

#include "cp/vdev.h"

/* Interprets the program for a simulated device.  Condition code 0: started or over, the status is
 * or will be pending; 1: over at once, status in vdev->csw. */
int vchannel_start(struct vdev *vdev, uint8_t key, uint32_t ccw_address);

/* vdev->csw is to be taken by the guest. */
void vdev_set_pending(struct vdev *vdev);
/* Nothing of this device is pending any more. */
void vdev_clear_pending(struct vdev *vdev);

#endif

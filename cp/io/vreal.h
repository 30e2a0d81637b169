/* What minidisks and dedicated devices share: running a guest's channel program on a real device.
 */
#ifndef CP_IO_VREAL_H
#define CP_IO_VREAL_H

#include "cp/ccw/translate.h"
#include "cp/vdev.h"

/* A translation with nothing but its storage functions set; NULL if there is no storage. */
struct translation *vreal_prepare(struct vdev *vdev);
/* Translates the program and starts it: as ops->start_io.  Takes the translation over. */
int vreal_start(struct vdev *vdev, struct vreal *real, struct translation *translation, uint8_t key,
                uint32_t ccw_address);
/* True if the program begins with a command that CP answers itself: SENSE, SENSE ID, a no-op. */
bool vreal_is_simulated(struct vdev *vdev, uint32_t ccw_address);
/* ops->work: goes on with a program that was cut (the ISAM option). */
void vreal_resume(struct vdev *vdev);
void vreal_halt(struct vdev *vdev);
/* The guest has changed a CCW of the running program: enum retranslate_result, or -1: it has ended.
 * May sleep. */
int vreal_change(struct vdev *vdev, uint32_t ccw_address);

#endif

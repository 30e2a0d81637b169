/* Virtual channel-to-channel adapters (cp/io/vctca.c): two virtual devices that COUPLE joins, so
 * that what one virtual machine writes the other reads. */
#ifndef CP_VCTCA_H
#define CP_VCTCA_H

#include "cp/vdev.h"

#define VCTCA_TYPE 0x3088

extern const struct vdev_ops vctca_ops;

/* NULL if the address is in use or there is no storage. */
struct vdev *vctca_create(struct vmblok *vm, uint16_t address);

/* Joins the adapter of the caller's virtual machine to another one that is not joined; one that it
 * was joined to before is dropped.  Tells both users.  In the task of `from`'s VM; may sleep. */
void vctca_couple(struct vdev *from, struct vdev *to);
/* The adapter at the other end; NULL: not coupled. */
struct vdev *vctca_other(const struct vdev *vdev);

#endif

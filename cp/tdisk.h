/* Space for temporary disks: the TDSK cylinders of CP's volumes (cp/slot.h).  Nobody sees what
 * another had there: cylinders are cleared when a disk goes, and those that were not (after an IPL
 * nobody knows) before a disk is made of them. */
#ifndef CP_TDISK_H
#define CP_TDISK_H

#include <stdbool.h>
#include <stdint.h>

struct rdev;
struct vdev;
struct vmblok;

/* Makes a temporary disk of that many cylinders of a device of this type (0x3350).  NULL if there
 * is no such space or no storage, or the address is in use.  May sleep. */
struct vdev *tdisk_create(struct vmblok *vm, uint16_t address, uint16_t type, uint16_t cylinders);
/* The disk there has gone: its cylinders are to be cleared.  Never sleeps. */
void tdisk_free(const struct rdev *rdev, uint16_t start, uint16_t cylinders);

#endif

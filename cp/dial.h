/* Virtual displays that users DIAL to: a 3270 line of a virtual machine, made by SPECIAL in the
 * directory or DEFINE GRAF.  While somebody has dialed, the real 3270 is the guest's. */
#ifndef CP_DIAL_H
#define CP_DIAL_H

#include "cp/terminal.h"
#include "cp/vdev.h"

extern const struct vdev_ops dial_ops;

/* NULL if the address is in use or there is no storage. */
struct vdev *dial_create(struct vmblok *vm, uint16_t address, uint16_t type);
/* A line of `vm` that is free, at `address` if that is not 0; NULL: none. */
struct vdev *dial_find(struct vmblok *vm, uint16_t address);
/* Gives the terminal (of nobody, nothing active) to the line. */
void dial_connect(struct vdev *vdev, struct terminal *t);
/* The terminal is CP's again; RESET, and when the line goes away.  May sleep. */
void dial_release(struct vdev *vdev);
/* The terminal that has dialed, or NULL. */
struct terminal *dial_terminal(const struct vdev *vdev);

#endif

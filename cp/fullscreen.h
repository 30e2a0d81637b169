/* Full screen: a guest's own commands for the 3270 that its user sits at, by DIAGNOSE 58 or, after
 * TERMINAL CONMODE 3270, by START I/O.  The side of the VM; the terminal's is cp/screen_guest.c.
 * In the VM's task. */
#ifndef CP_FULLSCREEN_H
#define CP_FULLSCREEN_H

#include "cp/vdev.h"

/* One command of the console's channel program; as vdev_ops.command.  May sleep. */
unsigned fullscreen_diagnose(struct vdev *vdev, struct vchannel *ch);
unsigned fullscreen_command(struct vdev *vdev, struct vchannel *ch);
/* Looks whether a command is over, or its terminal gone, and ends it. */
void fullscreen_work(struct vmblok *vm);
/* Gives up a command that goes on (halt, reset, the terminal is left); its status is the caller's
 * business. */
void fullscreen_cancel(struct vmblok *vm);
/* The guest goes on after CP had the screen: it may want to write it anew. */
void fullscreen_resumed(struct vmblok *vm);

#endif

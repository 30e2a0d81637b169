/* The pseudo timer: a device (SPECIAL vaddr TIMER, DEFINE TIMER) whose READ gives what DIAGNOSE 0C
 * gives: date, time, and the CPU time used, in 32 bytes.  Source: VM/370 System Programmer's Guide,
 * GC20-1807, "Timers in a Virtual Machine". */
#include "cp/vtimer_device.h"

#include "cp/vdev.h"
#include "s370/arch/ccw.h"

#define TIMER_READ 0x02

static unsigned timer_command(struct vdev *vdev, struct vchannel *ch)
{
    uint8_t data[PSEUDO_TIMER_BYTES];
    if (ch->command != TIMER_READ)
        return vdev_check(vdev, SENSE_COMMAND_REJECT);
    pseudo_timer(vdev->vm, data);
    vchannel_give(vdev, data, sizeof data);
    return UNIT_CHANNEL_END | UNIT_DEVICE_END;
}

static const struct vdev_ops timer_ops = {
    .class_name = "TIMR",
    .command = timer_command,
};

struct vdev *vtimer_create(struct vmblok *vm, uint16_t address)
{
    struct vdev *vdev = vdev_create(vm, address, &timer_ops);
    if (vdev)
        vdev->type = VTIMER_TYPE;
    return vdev;
}

bool vtimer_is(const struct vdev *vdev)
{
    return vdev->ops == &timer_ops;
}

/* Minidisks: extents of real volumes that look like whole disks of fewer cylinders.  The
 * guest's programs run on the real device, translated: seeks are moved and checked, the arm is put
 * where this guest left it, a read-only disk refuses writing. */
#include "cp/account.h"
#include "cp/io/vchannel.h"
#include "cp/io/vreal.h"
#include "cp/state.h"
#include "cp/tdisk.h"
#include "lib/str.h"

static int minidisk_start(struct vdev *vdev, uint8_t key, uint32_t ccw_address)
{
    struct minidisk *disk = minidisk_of(vdev);
    if (vreal_is_simulated(vdev, ccw_address))
        return vchannel_start(vdev, key, ccw_address);
    struct translation *t = vreal_prepare(vdev);
    if (t) {
        t->is_dasd = true;
        t->start = disk->start;
        t->cylinders = disk->cylinders;
        t->read_only = disk->read_only;
        t->at_cylinder = disk->at_cylinder;
        t->at_head = disk->at_head;
    }
    return vreal_start(vdev, &disk->real, t, key, ccw_address);
}

static void minidisk_detach(struct vdev *vdev)
{
    struct minidisk *disk = minidisk_of(vdev);
    struct rdev *rdev = disk->real.rdev;
    account_device(vdev);
    rdev->links--;
    if (rdev->owner == vdev->vm && !rdev->links)
        rdev->owner = NULL;
    if (disk->temporary)
        tdisk_free(rdev, disk->start, disk->cylinders);
    cp_free(disk, sizeof *disk);
}

const struct vdev_ops minidisk_ops = {
    .class_name = "DASD",
    .start_io = minidisk_start,
    .halt = vreal_halt,
    .work = vreal_resume,
    .detach = minidisk_detach,
};

struct vdev *minidisk_create(struct vmblok *vm, uint16_t address, struct rdev *rdev, uint16_t start,
                             uint16_t cylinders, bool read_only)
{
    struct minidisk *disk = cp_alloc(sizeof *disk);
    if (!disk)
        return NULL;
    struct vdev *vdev = vdev_create(vm, address, &minidisk_ops);
    if (!vdev) {
        cp_free(disk, sizeof *disk);
        return NULL;
    }
    vdev->class = CLASS_DASD;
    vdev->type = rdev->type;
    vdev->model = rdev->model;
    vdev->data = disk;
    disk->real.rdev = rdev;
    disk->real.account_tod = tod_now();
    disk->start = start;
    disk->cylinders = cylinders;
    disk->read_only = read_only;
    rdev->links++;
    return vdev;
}

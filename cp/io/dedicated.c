/* Dedicated devices: a real device that one virtual machine has for itself.  Its programs
 * are translated for their addresses only. */
#include "cp/account.h"
#include "cp/io/vchannel.h"
#include "cp/io/vreal.h"
#include "cp/state.h"
#include "cp/terminal.h"
#include "lib/str.h"

#define TAPE_REWIND_UNLOAD 0x0f

static int dedicated_start(struct vdev *vdev, uint8_t key, uint32_t ccw_address)
{
    struct vreal *real = vdev->data;
    /* SENSE after a unit check: CP has read the sense bytes from the device already. */
    if (vdev->sense_length && vreal_is_simulated(vdev, ccw_address))
        return vchannel_start(vdev, key, ccw_address);
    return vreal_start(vdev, real, vreal_prepare(vdev), key, ccw_address);
}

/* The real device has something to tell: its owner is told.  From the interruption. */
static void dedicated_unsolicited(struct rdev *rdev, uint8_t status)
{
    vdev_attention(rdev->context, status);
}

/* A tape goes out of the drive with its user.  Nobody waits for that. */
struct unloading {
    struct ioreq request;
    struct ccw ccw;
};

static void unloaded(struct ioreq *request)
{
    cp_free(request->context, sizeof(struct unloading));
}

static void unload(struct rdev *rdev)
{
    struct unloading *u = cp_alloc(sizeof *u);
    if (!u)
        return;
    ccw_set(&u->ccw, TAPE_REWIND_UNLOAD, NULL, CCW_SUPPRESS_LENGTH, 1);
    u->request.rdev = rdev;
    u->request.program = &u->ccw;
    u->request.completed = unloaded;
    u->request.context = u;
    rio_start(&u->request);
}

static void dedicated_detach(struct vdev *vdev)
{
    struct vreal *real = vdev->data;
    account_device(vdev);
    if (real->rdev->class == CLASS_TAPE && !real->leave)
        unload(real->rdev);
    real->rdev->owner = NULL;
    real->rdev->unsolicited = real->unsolicited;
    real->rdev->context = real->context;
    if (real->unsolicited == terminal_attention)
        terminal_take_back(real->context, true);
    cp_free(real, sizeof *real);
}

const struct vdev_ops dedicated_ops = {
    .class_name = "DEV ",
    .start_io = dedicated_start,
    .halt = vreal_halt,
    .detach = dedicated_detach,
};

struct vdev *dedicated_create(struct vmblok *vm, uint16_t address, struct rdev *rdev,
                              bool read_only)
{
    /* A volume that others have parts of is nobody's.  Whether CP can do without the device
     * the caller knows. */
    if (rdev->owner || rdev->links)
        return NULL;
    if (rdev->class == CLASS_DASD) { /* the extent is the volume */
        struct vdev *disk = minidisk_create(vm, address, rdev, 0, rdev->cylinders, read_only);
        if (disk)
            rdev->owner = vm;
        return disk;
    }
    struct vreal *real = cp_alloc(sizeof *real);
    if (!real)
        return NULL;
    struct vdev *vdev = vdev_create(vm, address, &dedicated_ops);
    if (!vdev) {
        cp_free(real, sizeof *real);
        return NULL;
    }
    vdev->class = rdev->class;
    vdev->type = rdev->type;
    vdev->model = rdev->model;
    vdev->data = real;
    real->rdev = rdev;
    real->account_tod = tod_now();
    real->unsolicited = rdev->unsolicited;
    real->context = rdev->context;
    if (rdev->unsolicited == terminal_attention)
        terminal_lend(rdev->context);
    rdev->owner = vm;
    rdev->unsolicited = dedicated_unsolicited;
    rdev->context = vdev;
    return vdev;
}

/* Guests' channel programs on real devices: translate, lock, start, and bring the status
 * back.  See cp/ccw/translate.h. */
#include "cp/io/vreal.h"

#include "cp/guest.h"
#include "cp/io/vchannel.h"
#include "cp/state.h"
#include "cp/vmrun.h"
#include "lib/str.h"

_Static_assert(sizeof(struct translation) + sizeof(struct translate_storage) <= PAGE_SIZE,
               "a translation fits into a frame");

/* No sensible program keeps a disk this long. */
#define DISK_LIMIT TOD_MILLISECONDS(5000)

/* --- guest storage for the translator --- */

static bool storage_read(void *context, uint32_t address, void *to, uint32_t length)
{
    return guest_read(context, address, to, length);
}

static uint32_t storage_lock(void *context, uint32_t page, bool stores)
{
    return guest_lock_page(context, page, stores);
}

static uint32_t storage_real_of(void *context, const void *p)
{
    return (uint32_t)p;
}

struct translation *vreal_prepare(struct vdev *vdev)
{
    struct translation *t = cp_alloc(sizeof *t + sizeof(struct translate_storage));
    if (!t)
        return NULL;
    struct translate_storage *storage = (struct translate_storage *)(t + 1);
    storage->context = vdev->vm;
    storage->read = storage_read;
    storage->lock = storage_lock;
    storage->real_of = storage_real_of;
    t->storage = storage;
    return t;
}

static void release(struct translation *t)
{
    for (uint32_t i = 0; i < t->pages_used; i++)
        guest_unlock_frame(t->frame[i]);
    cp_free(t, sizeof *t + sizeof(struct translate_storage));
}

/* --- start and end --- */

/* The real device is through: the guest gets its status.  From the interruption. */
static void completed(struct ioreq *request)
{
    struct vdev *vdev = request->context;
    struct vreal *real = vdev->data;
    struct translation *t = real->translation;
    vdev->csw = request->csw;
    put24(&vdev->csw.address, ccw_untranslate(t, get24(request->csw.address)));
    vdev->csw.key = (uint8_t)(request->key << 4);
    memcpy(vdev->sense, request->sense, sizeof vdev->sense);
    vdev->sense_length = request->sense_length;
    if (request->cc == 3) { /* it went away */
        vdev_check(vdev, SENSE_INTERVENTION);
        vdev->csw.unit_status = UNIT_CHANNEL_END | UNIT_DEVICE_END | UNIT_CHECK;
    }
    if (t->is_dasd && t->seeks) {
        struct minidisk *disk = vdev->data;
        disk->at_cylinder = t->last_cylinder;
        disk->at_head = t->last_head;
    }
    real->translation = NULL;
    release(t);
    if (real->lost && vdev->sense_length && vdev->sense[0] & SENSE_INTERVENTION)
        real->lost(vdev);
    vdev->busy = false;
    vdev_set_pending(vdev);
    vm_post(vdev->vm, WORK_TIMER);
}

static int refuse(struct vdev *vdev, uint8_t unit_status, uint8_t channel_status)
{
    memset(&vdev->csw, 0, sizeof vdev->csw);
    vdev->csw.unit_status = unit_status;
    vdev->csw.channel_status = channel_status;
    return 1;
}

int vreal_start(struct vdev *vdev, struct vreal *real, struct translation *translation, uint8_t key,
                uint32_t ccw_address)
{
    if (!translation)
        return 2; /* no storage just now: as if the channel were busy */
    vdev->busy = true;
    if (ccw_translate(translation, ccw_address) != TRANSLATE_OK) {
        vdev->busy = false;
        release(translation);
        return refuse(vdev, 0, CHANNEL_PROGRAM_CHECK);
    }
    real->translation = translation;
    memset(&real->request, 0, sizeof real->request);
    real->request.rdev = real->rdev;
    real->request.program = translation->program;
    real->request.key = key;
    real->request.completed = completed;
    real->request.context = vdev;
    real->request.limit = translation->is_dasd ? DISK_LIMIT : 0;
    vdev->sense_length = 0;
    memset(vdev->sense, 0, sizeof vdev->sense);
    rio_start(&real->request);
    return 0;
}

bool vreal_is_simulated(struct vdev *vdev, uint32_t ccw_address)
{
    struct ccw ccw;
    if (ccw_address & 7 || !guest_read(vdev->vm, ccw_address, &ccw, sizeof ccw))
        return false;
    bool chaining = ccw.flags & (CCW_CHAIN_COMMAND | CCW_CHAIN_DATA);
    return ccw.command == CCW_SENSE || (ccw.command == CCW_SENSE_ID && !chaining) ||
           (ccw.command == CCW_NOP && !chaining);
}

void vreal_halt(struct vdev *vdev)
{
    struct vreal *real = vdev->data;
    if (!vdev->busy || !real->translation)
        return;
    if (rio_cancel(&real->request)) {
        real->request.done = true;
        real->request.csw.unit_status = UNIT_CHANNEL_END | UNIT_DEVICE_END;
        completed(&real->request);
    } else {
        rio_halt(real->rdev);
    }
}

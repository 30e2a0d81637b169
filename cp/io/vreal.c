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
_Static_assert(sizeof(struct translate_block) <= PAGE_SIZE, "and so does each of its blocks");

/* No sensible program of one block keeps a disk this long. */
#define DISK_LIMIT  TOD_MILLISECONDS(5000)
#define PAGES_LEAST 96u /* what any program may lock */

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

static struct translate_block *storage_more(void *context)
{
    return cp_alloc_wait(context, sizeof(struct translate_block));
}

/* One program must not have most of real storage. */
static uint16_t page_limit(void)
{
    uint32_t limit = cp.frame_count / 8;
    return (uint16_t)(limit < PAGES_LEAST       ? PAGES_LEAST
                      : limit > TRANSLATE_PAGES ? TRANSLATE_PAGES
                                                : limit);
}

/* Unit record devices, tapes and displays go on with the next CCW always; of others nobody knows.
 */
static bool may_skip(enum device_class class)
{
    return class == CLASS_NONE;
}

struct translation *vreal_prepare(struct vdev *vdev)
{
    struct translation *t = cp_alloc_wait(vdev->vm, sizeof *t + sizeof(struct translate_storage));
    if (!t)
        return NULL;
    struct translate_storage *storage = (struct translate_storage *)(t + 1);
    storage->context = vdev->vm;
    storage->read = storage_read;
    storage->lock = storage_lock;
    storage->real_of = storage_real_of;
    storage->more = storage_more;
    t->page_limit = page_limit();
    t->may_skip = may_skip(vdev->class);
    t->isam = vdev->vm->options & OPTION_ISAM && vdev->class == CLASS_DASD;
    t->storage = storage;
    return t;
}

static void release(struct translation *t)
{
    for (uint32_t i = 0; i < t->pages_used; i++)
        guest_unlock_frame(t->frame[i]);
    for (struct translate_block *block = t->blocks, *next; block; block = next) {
        next = block->next;
        cp_free(block, sizeof *block);
    }
    cp_free(t, sizeof *t + sizeof(struct translate_storage));
}

/* --- start and end --- */

static bool is_good(const struct ioreq *request)
{
    return request->cc != 3 && request->csw.unit_status == (UNIT_CHANNEL_END | UNIT_DEVICE_END) &&
           !(request->csw.channel_status & (uint8_t)~CHANNEL_PCI);
}

/* The real device is through: the guest gets its status.  From the interruption. */
static void completed(struct ioreq *request)
{
    struct vdev *vdev = request->context;
    struct vreal *real = vdev->data;
    struct translation *t = real->translation;
    if (real->changing) { /* its end waits until nobody works on the translation */
        real->ended = true;
        return;
    }
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
    bool goes_on = is_good(request) && ccw_was_cut(t, get24(vdev->csw.address));
    real->translation = NULL;
    release(t);
    if (goes_on) { /* with what it has read: in the task of the VM */
        real->resumes = true;
        real->resume_at = get24(vdev->csw.address);
        vdev_post(vdev);
        return;
    }
    if (real->lost && vdev->sense_length && vdev->sense[0] & SENSE_INTERVENTION)
        real->lost(vdev);
    vdev->busy = false;
    vdev_set_pending(vdev);
    vm_post(vdev->vm, WORK_TIMER);
}

/* A CCW with PCI was come to.  From the interruption. */
static void interrupted(struct ioreq *request, const struct csw *csw)
{
    struct vdev *vdev = request->context;
    const struct vreal *real = vdev->data;
    if (real->translation)
        vdev_pci(vdev, request->key, ccw_untranslate(real->translation, get24(csw->address)));
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
    enum translate_result result = ccw_translate(translation, ccw_address);
    if (result != TRANSLATE_OK) {
        vdev->busy = false;
        release(translation);
        return result == TRANSLATE_NO_STORAGE ? 2 : refuse(vdev, 0, CHANNEL_PROGRAM_CHECK);
    }
    real->translation = translation;
    memset(&real->request, 0, sizeof real->request);
    real->request.rdev = real->rdev;
    real->request.program = translation->program;
    real->request.key = key;
    real->request.completed = completed;
    real->request.pci = interrupted;
    real->request.context = vdev;
    real->request.limit = translation->is_dasd ? DISK_LIMIT * translation->block_count : 0;
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

/* The program is over without the real device. */
static void end(struct vdev *vdev, uint32_t next, uint8_t unit_status, uint8_t channel_status)
{
    struct vreal *real = vdev->data;
    memset(&vdev->csw, 0, sizeof vdev->csw);
    vdev->csw.key = (uint8_t)(real->request.key << 4);
    put24(&vdev->csw.address, next);
    vdev->csw.unit_status = unit_status;
    vdev->csw.channel_status = channel_status;
    vdev->busy = false;
    vdev_set_pending(vdev);
}

void vreal_resume(struct vdev *vdev)
{
    struct vreal *real = vdev->data;
    if (!real->resumes)
        return;
    real->resumes = false;
    int cc = vdev->ops->start_io(vdev, real->request.key, real->resume_at);
    if (cc == 2) { /* no storage just now: again, when others have had a turn */
        vdev->busy = real->resumes = true;
        task_yield();
        vdev_post(vdev);
    } else if (cc) {
        end(vdev, real->resume_at + 8, UNIT_CHANNEL_END | UNIT_DEVICE_END,
            vdev->csw.channel_status);
    }
}

void vreal_halt(struct vdev *vdev)
{
    struct vreal *real = vdev->data;
    if (real->resumes) {
        real->resumes = false;
        end(vdev, real->resume_at, UNIT_CHANNEL_END | UNIT_DEVICE_END, 0);
        return;
    }
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

int vreal_change(struct vdev *vdev, uint32_t ccw_address)
{
    struct vreal *real = vdev->data;
    if (!vdev->busy || !real->translation)
        return -1;
    real->changing = true;
    int result = (int)ccw_retranslate(real->translation, ccw_address);
    real->changing = false;
    if (real->ended) {
        real->ended = false;
        completed(&real->request);
        return -1;
    }
    return result;
}

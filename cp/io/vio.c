/* The virtual I/O instructions and interruptions, and the list of virtual devices.
 * GA22-7000, "Input/Output Instructions"; the condition codes by device state are those of
 * its tables. */
#include "cp/guest.h"
#include "cp/io/vchannel.h"
#include "cp/vmrun.h"
#include "cp/state.h"
#include "cp/terminal.h"
#include "lib/str.h"
#include "s370/arch/lowcore.h"

#define CSW_AT    ((uint32_t)offsetof(struct lowcore, csw))
#define STATUS_AT (CSW_AT + 4)
#define CAW_AT    ((uint32_t)offsetof(struct lowcore, caw))
/* What STORE CHANNEL ID says. */
#define CHANNEL_SELECTOR          0x00000000u
#define CHANNEL_BYTE_MULTIPLEXER  0x10000000u
#define CHANNEL_BLOCK_MULTIPLEXER 0x20000000u
#define CHANNEL_ID_AT             ((uint32_t)offsetof(struct lowcore, channel_id))

static uint32_t channel_bit(const struct vdev *vdev)
{
    unsigned channel = vdev->address >> 8;
    return channel < 32 ? 0x80000000u >> channel : 0;
}

static bool has_status(const struct vdev *vdev)
{
    return vdev->pending || vdev->pci || (vdev->unsolicited && !vdev->busy);
}

/* --- the list --- */

struct vdev *vdev_find(struct vmblok *vm, uint16_t address)
{
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (vdev->address == address)
            return vdev;
    }
    return NULL;
}

struct vdev *vdev_create(struct vmblok *vm, uint16_t address, const struct vdev_ops *ops)
{
    struct list *at;
    if (address > 0xfff)
        return NULL;
    for (at = vm->vdevs.next; at != &vm->vdevs; at = at->next) {
        uint16_t other = LIST_ENTRY(at, struct vdev, link)->address;
        if (other == address)
            return NULL;
        if (other > address)
            break;
    }
    struct vdev *vdev = cp_alloc(sizeof *vdev);
    if (!vdev)
        return NULL;
    vdev->vm = vm;
    vdev->address = address;
    vdev->ops = ops;
    list_insert_before(at, &vdev->link);
    return vdev;
}

static void recompute_pending(struct vmblok *vm)
{
    vm->channels_pending = 0;
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (has_status(vdev))
            vm->channels_pending |= channel_bit(vdev);
    }
}

/* Ends what goes on; waits until no real I/O moves data of the guest. */
static void quiesce(struct vdev *vdev)
{
    if ((vdev->busy || vdev->working) && vdev->ops->halt)
        vdev->ops->halt(vdev);
    if (vdev->ch.active) {
        vdev->ch.active = false;
        vdev->busy = false;
    }
    while (vdev->busy)
        task_sleep_until(vdev->vm, tod_now() + TOD_MILLISECONDS(50));
}

void vdev_detach(struct vdev *vdev)
{
    struct vmblok *vm = vdev->vm;
    quiesce(vdev);
    if (vdev->ops->detach)
        vdev->ops->detach(vdev);
    if (vm->console == vdev)
        vm->console = NULL;
    list_remove(&vdev->link);
    cp_free(vdev, sizeof *vdev);
    recompute_pending(vm);
}

void vdev_reset(struct vdev *vdev)
{
    quiesce(vdev);
    if (vdev->ops->reset)
        vdev->ops->reset(vdev);
    vdev->pending = vdev->pci = false;
    vdev->unsolicited = 0;
    vdev->sense_length = 0;
    memset(vdev->sense, 0, sizeof vdev->sense);
    recompute_pending(vdev->vm);
}

/* --- status --- */

void vdev_set_pending(struct vdev *vdev)
{
    if (vdev->pci) { /* nobody has asked since */
        vdev->csw.channel_status |= CHANNEL_PCI;
        vdev->pci = false;
    }
    vdev->pending = true;
    vdev->vm->channels_pending |= channel_bit(vdev);
}

void vdev_pci(struct vdev *vdev, uint8_t key, uint32_t next)
{
    memset(&vdev->pci_csw, 0, sizeof vdev->pci_csw);
    vdev->pci_csw.key = (uint8_t)(key << 4);
    put24(&vdev->pci_csw.address, next);
    vdev->pci_csw.channel_status = CHANNEL_PCI;
    vdev->pci = true;
    vdev->vm->channels_pending |= channel_bit(vdev);
    vm_post(vdev->vm, WORK_TIMER);
}

void vdev_clear_pending(struct vdev *vdev)
{
    vdev->pci = false;
    vdev->pending = false;
    recompute_pending(vdev->vm);
}

void vdev_attention(struct vdev *vdev, uint8_t unit_status)
{
    vdev->unsolicited |= unit_status;
    vdev->vm->channels_pending |= channel_bit(vdev);
    vm_post(vdev->vm, WORK_TIMER);
}

void vdev_withdraw(struct vdev *vdev, uint8_t unit_status)
{
    vdev->unsolicited &= (uint8_t)~unit_status;
    recompute_pending(vdev->vm);
}

void vdev_post(struct vdev *vdev)
{
    vdev->has_work = true;
    vm_post(vdev->vm, WORK_DEVICE);
}

void vdev_work(struct vmblok *vm)
{
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (!vdev->has_work)
            continue;
        vdev->has_work = false;
        vdev->ops->work(vdev);
        it = &vm->vdevs; /* from the first again: it may have slept */
    }
}

/* Stores the whole CSW and forgets the status. */
static void give_status(struct vdev *vdev)
{
    struct csw csw;
    if (vdev->pending) {
        csw = vdev->csw;
        vdev->pending = false;
    } else if (vdev->pci) {
        csw = vdev->pci_csw;
        vdev->pci = false;
    } else {
        memset(&csw, 0, sizeof csw);
        csw.unit_status = vdev->unsolicited;
        vdev->unsolicited = 0;
    }
    guest_write(vdev->vm, CSW_AT, &csw, sizeof csw);
    recompute_pending(vdev->vm);
}

struct vdev *vio_take_pending(struct vmblok *vm, uint32_t masks)
{
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (has_status(vdev) && channel_bit(vdev) & masks) {
            give_status(vdev);
            return vdev;
        }
    }
    recompute_pending(vm);
    return NULL;
}

static void store_status(struct vmblok *vm, uint8_t unit, uint8_t channel)
{
    uint8_t status[2] = {unit, channel};
    guest_write(vm, STATUS_AT, status, sizeof status);
}

/* --- instructions --- */

static int start(struct vdev *vdev, uint8_t key, uint32_t ccw_address)
{
    if (vdev->ops->start_io)
        return vdev->ops->start_io(vdev, key, ccw_address);
    return vchannel_start(vdev, key, ccw_address);
}

/* What an instruction finds before it looks at its program: the condition code, or -1. */
static int not_free(struct vmblok *vm, struct vdev *vdev)
{
    if (!vdev)
        return 3;
    if (vdev->busy || vdev->pending)
        return 2;
    if (!vdev->unsolicited && !vdev->working)
        return -1;
    store_status(vm, vdev->unsolicited | UNIT_BUSY, 0);
    vdev->unsolicited = 0;
    recompute_pending(vm);
    return 1;
}

static int start_program(struct vmblok *vm, struct vdev *vdev, uint8_t key, uint32_t ccw_address)
{
    int cc = start(vdev, key, ccw_address);
    if (cc == 1) {
        store_status(vm, vdev->csw.unit_status, vdev->csw.channel_status);
        vdev_clear_pending(vdev);
    }
    return cc;
}

int vio_start(struct vmblok *vm, uint16_t address)
{
    struct vdev *vdev = vdev_find(vm, address);
    uint32_t caw;
    int cc = not_free(vm, vdev);
    if (cc >= 0)
        return cc;
    guest_read32(vm, CAW_AT, &caw);
    if (caw & 0x0f000007) {
        store_status(vm, 0, CHANNEL_PROGRAM_CHECK);
        return 1;
    }
    vdev->by_diagnose = false;
    return start_program(vm, vdev, (uint8_t)(caw >> 28), caw & 0x00ffffff);
}

int vio_start_diagnose(struct vmblok *vm, uint16_t address, uint32_t ccw_address)
{
    struct vdev *vdev = vdev_find(vm, address);
    int cc = not_free(vm, vdev);
    if (cc >= 0)
        return cc;
    vdev->by_diagnose = true;
    return start_program(vm, vdev, vm_key(vm), ccw_address);
}

int vio_test(struct vmblok *vm, uint16_t address)
{
    struct vdev *vdev = vdev_find(vm, address);
    if (!vdev)
        return 3;
    if (has_status(vdev)) {
        give_status(vdev);
        return 1;
    }
    if (vdev->working) {
        store_status(vm, UNIT_BUSY, 0);
        return 1;
    }
    return vdev->busy ? 2 : 0;
}

int vio_clear(struct vmblok *vm, uint16_t address)
{
    struct vdev *vdev = vdev_find(vm, address);
    if (!vdev)
        return 3;
    if (vdev->busy) {
        quiesce(vdev);
        if (!vdev->pending) {
            memset(&vdev->csw, 0, sizeof vdev->csw);
            vdev_set_pending(vdev);
        }
    }
    if (!vdev->pending)
        return 0;
    give_status(vdev);
    return 1;
}

/* HIO and HDV: the operation ends early, its status comes by interruption. */
static int halt(struct vmblok *vm, uint16_t address)
{
    struct vdev *vdev = vdev_find(vm, address);
    if (!vdev)
        return 3;
    if (vdev->pending)
        return 0;
    if ((vdev->busy || vdev->working) && vdev->ops->halt)
        vdev->ops->halt(vdev);
    else if (vdev->ch.active)
        vchannel_halt(vdev);
    store_status(vm, 0, 0);
    return 1;
}

int vio_halt(struct vmblok *vm, uint16_t address)
{
    return halt(vm, address);
}

int vio_halt_device(struct vmblok *vm, uint16_t address)
{
    return halt(vm, address);
}

static bool channel_exists(struct vmblok *vm, uint16_t address)
{
    LIST_EACH(it, &vm->vdevs)
    if (LIST_ENTRY(it, struct vdev, link)->address >> 8 == address >> 8)
        return true;
    return false;
}

int vio_test_channel(struct vmblok *vm, uint16_t address)
{
    unsigned channel = address >> 8;
    if (!channel_exists(vm, address))
        return 3;
    return channel < 32 && vm->channels_pending & 0x80000000u >> channel ? 1 : 0;
}

int vio_store_channel_id(struct vmblok *vm, uint16_t address)
{
    if (!channel_exists(vm, address))
        return 3;
    uint32_t type = !(address >> 8)            ? CHANNEL_BYTE_MULTIPLEXER
                    : vm->options & OPTION_BMX ? CHANNEL_BLOCK_MULTIPLEXER
                                               : CHANNEL_SELECTOR;
    guest_write32(vm, CHANNEL_ID_AT, type);
    return 0;
}

int vio_synchronous(struct vdev *vdev, uint8_t key, uint32_t ccw_address)
{
    struct vmblok *vm = vdev->vm;
    if (vdev->busy || vdev->pending)
        return 2;
    vdev->by_diagnose = false;
    int cc = start(vdev, key, ccw_address);
    while (vdev->busy && cc == 0) {
        if (vm->work & WORK_FORCE) {
            quiesce(vdev);
            break;
        }
        if (vm->work & WORK_TERMINAL) { /* perhaps the line that a console's READ waits for */
            vm->work &= (uint8_t)~WORK_TERMINAL;
            terminal_work(vm);
        } else if (vm->work & WORK_DEVICE) {
            vm->work &= (uint8_t)~WORK_DEVICE;
            vdev_work(vm);
        } else {
            task_sleep(vm);
        }
    }
    vdev_clear_pending(vdev);
    return cc;
}

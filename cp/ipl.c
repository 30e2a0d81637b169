/* Resets and initial program loading of virtual machines.
 * GA22-7000, "Resets", "Initial Program Loading". */
#include "cp/guest.h"
#include "cp/saved.h"
#include "cp/pagex.h"
#include "cp/shadow.h"
#include "cp/state.h"
#include "cp/vdev.h"
#include "cp/vmcf.h"
#include "cp/vmrun.h"
#include "lib/str.h"
#include "s370/arch/control.h"
#include "s370/arch/lowcore.h"
#include "s370/arch/psw.h"

#define CCW_READ_IPL 0x02
#define IPL_BYTES    24

void vm_reset(struct vmblok *vm)
{
    LIST_EACH(it, &vm->vdevs)
    vdev_reset(LIST_ENTRY(it, struct vdev, link));
    vmcf_end(vm);
    pagex_reset(vm);
    vm->has_clock_area = false;
    vm->pending_external = 0;
    vm->pending_comparator = vm->pending_cpu_timer = false;
    vm->pending_timer = false;
    vm->interval_residue = 0;
    /* Initial CPU reset. */
    vm->psw = 0;
    vm->cpu_timer = vm->clock_comparator = 0;
    memset(vm->cr, 0, sizeof vm->cr);
    vm->cr[0] = CR0_RESET;
    vm->cr[2] = CR2_RESET;
    vm->cr[14] = CR14_RESET;
    vm->cr[15] = CR15_RESET;
    shadow_purge(vm);
}

void vm_reset_clear(struct vmblok *vm)
{
    vm_reset(vm);
    memset(vm->regs.gr, 0, sizeof vm->regs.gr);
    memset(vm->regs.fpr, 0, sizeof vm->regs.fpr);
    guest_clear(vm);
}

/* Runs the program at 8.  For a disk it is chained to a READ IPL that stores nothing, since what
 * follows begins where that has left the disk. */
static int run_rest(struct vdev *vdev)
{
    struct vmblok *vm = vdev->vm;
    if (vdev->class != CLASS_DASD)
        return vio_synchronous(vdev, 0, 8);
    uint64_t first, now;
    struct ccw again;
    memset(&again, 0, sizeof again);
    again.command = CCW_READ_IPL;
    again.flags = CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH | CCW_SKIP;
    put16(&again.count, IPL_BYTES);
    guest_read(vm, 0, &first, sizeof first);
    guest_write(vm, 0, &again, sizeof again);
    int cc = vio_synchronous(vdev, 0, 0);
    guest_read(vm, 0, &now, sizeof now);
    if (!memcmp(&now, &again, sizeof now)) /* else the program has read something to there */
        guest_write(vm, 0, &first, sizeof first);
    return cc;
}

enum ipl_result vm_ipl(struct vmblok *vm, uint16_t address, bool clear)
{
    struct vdev *vdev = vdev_find(vm, address);
    if (!vdev || !vm->storage_size)
        return IPL_NO_DEVICE;
    if (clear)
        vm_reset_clear(vm);
    else
        vm_reset(vm);
    saved_own_all(vm); /* whatever is loaded now goes into storage of its own */
    /* The implied CCW, put where it reads to: as if it were at 0. */
    struct ccw ccw;
    memset(&ccw, 0, sizeof ccw);
    ccw.command = CCW_READ_IPL;
    ccw.flags = CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH;
    put16(&ccw.count, IPL_BYTES);
    uint64_t psw;
    if (!guest_write(vm, 0, &ccw, sizeof ccw))
        return IPL_ERROR;
    /* The program's second CCW, at 8, is not there before the first has run; a translated program
     * could not follow it.  So the first runs alone, then the rest. */
    ccw.flags = CCW_SUPPRESS_LENGTH;
    guest_write(vm, 0, &ccw, sizeof ccw);
    const uint8_t good = UNIT_CHANNEL_END | UNIT_DEVICE_END;
    int cc = vio_synchronous(vdev, 0, 0);
    if (cc > 1)
        return IPL_NO_DEVICE;
    if (vdev->csw.unit_status != good || vdev->csw.channel_status)
        return IPL_ERROR;
    cc = run_rest(vdev);
    if (cc > 1 || (vdev->csw.unit_status & (uint8_t)~UNIT_STATUS_MODIFIER) != good ||
        vdev->csw.channel_status)
        return IPL_ERROR;
    guest_read(vm, 0, &psw, sizeof psw);
    if (psw & PSW_EC) {
        uint32_t word = address;
        if (psw & PSW_EC_ZERO || !(vm->options & OPTION_ECMODE))
            return IPL_BAD_PSW;
        guest_write(vm, (uint32_t)offsetof(struct lowcore, measurement), &word, 4);
    } else {
        uint8_t code[2] = {(uint8_t)(address >> 8), (uint8_t)address};
        guest_write(vm, 2, code, sizeof code);
    }
    vm_load_psw(vm, psw);
    return IPL_OK;
}

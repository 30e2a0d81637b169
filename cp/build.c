/* Building a virtual machine from its directory entry: one function for each kind of device
 * statement. */
#include "cp/commands/state.h"
#include "cp/dial.h"
#include "cp/guest.h"
#include "cp/link.h"
#include "cp/session.h"
#include "cp/spool/cpspool.h"
#include "cp/tdisk.h"
#include "cp/vctca.h"
#include "cp/vmrun.h"
#include "cp/vtimer_device.h"
#include "lib/str.h"

typedef int build_function(struct vmblok *vm, struct vmblok *tell,
                           const struct directory_device *device);

/* "3215", "2540R": the digits. */
static uint16_t type_number(const char *type)
{
    char digits[5];
    uint32_t value = 0;
    str_copy(digits, type, sizeof digits);
    str_hex(digits, &value);
    return (uint16_t)value;
}

static int no_device(struct vmblok *tell, const struct directory_device *device)
{
    return cp_error(tell, "LOG", 92, "DEV %03X NOT DEFINED; DEVICE ADDRESS CONFLICT",
                    device->address);
}

static int build_console(struct vmblok *vm, struct vmblok *tell,
                         const struct directory_device *device)
{
    uint16_t type = type_number(device->type);
    if (type >> 4 == 0x327) /* for the guest it is a typewriter until TERMINAL CONMODE 3270 */
        type = 0x3215;
    if (!vconsole_create(vm, device->address, type))
        return no_device(tell, device);
    str_copy(vm->secondary, device->secondary, sizeof vm->secondary);
    return 0;
}

static int build_spool(struct vmblok *vm, struct vmblok *tell,
                       const struct directory_device *device)
{
    uint16_t type = type_number(device->type);
    if (type == 0x2540 && device->unit == UNIT_PUNCH)
        type = VSPOOL_2540P;
    if (!vspool_create(vm, device->address, type, device->spool_class))
        return no_device(tell, device);
    return 0;
}

static int build_minidisk(struct vmblok *vm, struct vmblok *tell,
                          const struct directory_device *device)
{
    return link_attach(vm, tell, vm->userid, device, device->address, device->mode, false);
}

static int build_temporary(struct vmblok *vm, struct vmblok *tell,
                           const struct directory_device *device)
{
    if (vdev_find(vm, device->address))
        return no_device(tell, device);
    if (!tdisk_create(vm, device->address, type_number(device->type), device->cylinders))
        return cp_error(tell, "LOG", 91, "DASD %03X NOT DEFINED; TEMP SPACE NOT AVAILABLE",
                        device->address);
    return 0;
}

static int build_dedicated(struct vmblok *vm, struct vmblok *tell,
                           const struct directory_device *device)
{
    struct rdev *rdev =
        device->volume[0] ? rdev_find_volume(device->volume) : rdev_find(device->real_address);
    if (!rdev || !rdev->online)
        return cp_error(tell, "LOG", 46, "DEV %03X NOT DEFINED; %s OFFLINE", device->address,
                        device->volume[0] ? device->volume : "REAL DEVICE");
    if (rdev->owner || (rdev->is_system && !terminal_may_be_lent(rdev)) || rdev->links)
        return cp_error(tell, "LOG", 120, "DEV %03X NOT DEFINED; %03X IN USE", device->address,
                        rdev->address);
    if (!dedicated_create(vm, device->address, rdev, device->read_only))
        return no_device(tell, device);
    return 0;
}

static int build_link(struct vmblok *vm, struct vmblok *tell, const struct directory_device *device)
{
    struct directory_user owner;
    struct directory_device disk;
    if (userdir_find(device->owner, &owner) != DIRECTORY_OK ||
        userdir_find_device(&owner, device->owner_address, &disk) != DIRECTORY_OK ||
        disk.kind != DEVICE_MDISK)
        return cp_error(tell, "LNK", 107, "%s %03X NOT LINKED; NOT IN CP DIRECTORY", device->owner,
                        device->owner_address);
    return link_attach(vm, tell, owner.userid, &disk, device->address, device->mode, false);
}

/* 3270 lines, for DIAL; channel-to-channel adapters, for COUPLE; the pseudo timer. */
static int build_special(struct vmblok *vm, struct vmblok *tell,
                         const struct directory_device *device)
{
    uint16_t type = type_number(device->type);
    if (type >> 4 == 0x327)
        return dial_create(vm, device->address, type) ? 0 : no_device(tell, device);
    if (str_equal(device->type, "CTCA"))
        return vctca_create(vm, device->address) ? 0 : no_device(tell, device);
    if (str_equal(device->type, "TIMER"))
        return vtimer_create(vm, device->address) ? 0 : no_device(tell, device);
    return cp_error(tell, "LOG", 6, "INVALID DEVICE TYPE - %03X %s", device->address, device->type);
}

static build_function *const builders[] = {
    [DEVICE_CONSOLE] = build_console,    [DEVICE_SPOOL] = build_spool,
    [DEVICE_MDISK] = build_minidisk,     [DEVICE_TDISK] = build_temporary,
    [DEVICE_DEDICATE] = build_dedicated, [DEVICE_LINK] = build_link,
    [DEVICE_SPECIAL] = build_special,
};

/* VIRT=REAL: its pages stay in storage once they are there.  One user at a time, if he fits. */
static void take_virt_real(struct vmblok *vm, struct vmblok *tell)
{
    const struct vmblok *other = vm_virt_real();
    if (other)
        cp_error(tell, "LOG", 96, "VIRT=REAL AREA IN USE BY %s", other->userid);
    else if (vm->storage_size / PAGE_SIZE + cp.frames_locked > frames_lockable())
        cp_error(tell, "LOG", 96, "INSUFFICIENT STORAGE FOR VIRT=REAL");
    else
        vm->stays = true;
}

static void take_attributes(struct vmblok *vm, const struct directory_user *user)
{
    str_copy(vm->userid, user->userid, sizeof vm->userid);
    str_copy(vm->account, user->account[0] ? user->account : user->userid, sizeof vm->account);
    str_copy(vm->distribution, user->distribution[0] ? user->distribution : user->userid,
             sizeof vm->distribution);
    vm->classes = vm->all_classes = user->classes;
    vm->options = user->options;
    vm->priority = user->priority;
    vm->storage_max = user->max_storage;
    if (user->options & OPTION_CPUID)
        vm->serial = user->cpuid;
    vm->set.lineend = (uint8_t)user->line_end;
    vm->set.linedel = (uint8_t)user->line_delete;
    vm->set.chardel = (uint8_t)user->char_delete;
    vm->set.escape = (uint8_t)user->escape;
}

static int build(struct vmblok *vm, struct vmblok *tell, const struct directory_user *user)
{
    struct directory_device device;
    enum directory_error error;
    uint16_t cursor = 0;
    take_attributes(vm, user);
    if (!guest_set_size(vm, user->storage))
        return cp_error(tell, "LOG", 94, "%s NOT LOGGED ON; NO STORAGE FOR CONTROL BLOCKS",
                        user->userid);
    if (user->options & OPTION_VIRTREAL)
        take_virt_real(vm, tell);
    while ((error = userdir_next_device(user, &cursor, &device)) == DIRECTORY_OK)
        builders[device.kind](vm, tell, &device);
    if (error != DIRECTORY_NOT_FOUND)
        return cp_error(tell, "LOG", 52, "ERROR IN CP DIRECTORY");
    vm_reset_clear(vm);
    return 0;
}

int session_build(struct vmblok *vm, struct vmblok *tell, const struct directory_user *user)
{
    struct directory_user now;
    userdir_hold();
    /* The directory may be another one than when the user was looked up. */
    int error = session_lookup(tell, "LOG", user->userid, &now);
    if (!error)
        error = build(vm, tell, &now);
    userdir_let_go();
    return error;
}

/* ATTACH and the operator's DETACH: real devices for one virtual machine alone, volumes for all;
 * VARY: devices that nobody may have; REWIND.
 * Source: Operator's Guide, GC20-1806. */
#include "cp/account.h"
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/io/vreal.h"
#include "cp/spool/unit.h"
#include "cp/text/operands.h"
#include "cp/vdev.h"
#include "lib/str.h"

#define MODULE      "VDB"
#define TAPE_REWIND 0x07

/* The next word, after an optional keyword. */
static bool word_after(const char **operands, const char *keyword, char *word)
{
    if (!str_word(operands, word, WORD_SIZE))
        return false;
    return !str_equal(word, keyword) || str_word(operands, word, WORD_SIZE);
}

/* `word` as the userid of somebody logged on; "*" is who gives the command. */
static struct vmblok *find_user(struct vmblok *vm, const char *word, int *error)
{
    char userid[USERID_SIZE];
    if (strcmp(word, "*") == 0)
        return vm;
    struct vmblok *user = operand_userid(word, userid) ? vm_find(userid) : NULL;
    if (!user)
        *error = error_not_logged_on(vm, MODULE, word);
    return user;
}

/* A unit record device is CP's until it is drained. */
static bool is_drained(const struct rdev *rdev)
{
    const struct unit *u = unit_find(rdev->address);
    return u && u->drained && !u->reader.file && !u->writer.file;
}

int device_check_free(struct vmblok *vm, const char *module, const struct rdev *rdev)
{
    const char *name = device_class_name(rdev->class);
    if (!rdev->online)
        return cp_error(vm, module, 46, "%s %03X OFFLINE", name, rdev->address);
    if (rdev->owner)
        return cp_error(vm, module, 140, "%s %03X ATTACHED TO %s", name, rdev->address,
                        rdev->owner->userid);
    if ((rdev->is_system && !is_drained(rdev) && !terminal_may_be_lent(rdev)) ||
        rdev->class == CLASS_CONSOLE)
        return cp_error(vm, module, 143, "%s %03X IN USE BY SYSTEM", name, rdev->address);
    if (rdev->links)
        return cp_error(vm, module, 124, "%s %03X IN USE BY %d USERS", name, rdev->address,
                        rdev->links);
    return 0;
}

static int error_raddr(struct vmblok *vm)
{
    return cp_error(vm, MODULE, 21, "RADDR MISSING OR INVALID");
}

/* ATTACH raddr TO SYSTEM AS volid: minidisks on it can be linked to.  The label is read anew. */
static int attach_system(struct vmblok *vm, struct rdev *rdev, const char *operands)
{
    char word[WORD_SIZE];
    if (!word_after(&operands, "AS", word))
        return error_operand(vm, MODULE, NULL);
    if (rdev->class != CLASS_DASD)
        return cp_error(vm, MODULE, 11, "INVALID DEVICE TYPE - %03X", rdev->address);
    int error = device_check_free(vm, MODULE, rdev);
    if (error)
        return error;
    rio_vary_on(rdev->address);
    if (!rdev->volser[0])
        return cp_error(vm, MODULE, 126, "DASD %03X ERROR READING VOLID", rdev->address);
    if (!str_equal(rdev->volser, word)) {
        rdev->volser[0] = 0;
        return cp_error(vm, MODULE, 127, "DASD %03X VOLID DOES NOT MATCH", rdev->address);
    }
    cp_printf(vm, "DASD %03X ATTACH TO SYSTEM %s", rdev->address, rdev->volser);
    return 0;
}

/* The channel number behind CHANNEL. */
static bool take_channel(const char **operands, uint32_t *channel)
{
    char word[WORD_SIZE];
    return str_word(operands, word, sizeof word) && str_hex(word, channel) && *channel <= 0xf;
}

static bool is_on(const struct rdev *rdev, uint32_t channel)
{
    return rdev->address >> 8 == channel && rdev->online;
}

/* ATTACH CHANNEL c [TO] userid: all devices on a channel, at their own addresses; all or none. */
static int attach_channel(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t channel;
    int error = 0;
    unsigned devices = 0;
    if (!take_channel(&operands, &channel))
        return error_raddr(vm);
    if (!word_after(&operands, "TO", word))
        return error_userid(vm, MODULE);
    struct vmblok *user = find_user(vm, word, &error);
    LIST_EACH(it, &cp.rdevs)
    {
        const struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        if (!user || error || !is_on(rdev, channel))
            continue;
        devices++;
        error = device_check_free(vm, MODULE, rdev);
        if (!error && vdev_find(user, rdev->address))
            error = cp_error(vm, MODULE, 122, "DEV %03X ALREADY DEFINED", rdev->address);
    }
    if (error || !devices)
        return error ? error : error_no_device(vm, MODULE, channel << 8);
    LIST_EACH(it, &cp.rdevs)
    {
        struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        if (is_on(rdev, channel) && !dedicated_create(user, rdev->address, rdev, false))
            return cp_error(vm, MODULE, 27, "NO STORAGE FOR THIS COMMAND");
    }
    cp_printf(vm, "CHAN %X ATTACH TO %s", (unsigned)channel, user->userid);
    if (user != vm)
        terminal_tell(user, "CHAN %X ATTACHED", (unsigned)channel);
    return 0;
}

int command_attach(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t real, address;
    int error = 0;
    bool named = str_word(&operands, word, sizeof word);
    if (named && str_abbrev(word, "CHANNEL", 4))
        return attach_channel(vm, operands);
    if (!named || !operand_device(word, &real))
        return error_raddr(vm);
    struct rdev *rdev = rdev_find((uint16_t)real);
    if (!rdev)
        return error_no_device(vm, MODULE, real);
    if (!word_after(&operands, "TO", word))
        return error_userid(vm, MODULE);
    if (str_equal(word, "SYSTEM"))
        return attach_system(vm, rdev, operands);
    struct vmblok *user = find_user(vm, word, &error);
    if (!user)
        return error;
    if (!word_after(&operands, "AS", word) || !operand_device(word, &address))
        return error_vaddr(vm, MODULE);
    bool read_only = str_word(&operands, word, sizeof word);
    if (read_only && !str_equal(word, "R/O"))
        return error_operand(vm, MODULE, word);
    error = device_check_free(vm, MODULE, rdev);
    if (error)
        return error;
    if (!dedicated_create(user, (uint16_t)address, rdev, read_only))
        return cp_error(vm, MODULE, 122, "DEV %03X ALREADY DEFINED", (unsigned)address);
    const char *name = device_class_name(rdev->class);
    cp_printf(vm, "%s %03X ATTACH TO %s %03X", name, rdev->address, user->userid,
              (unsigned)address);
    if (user != vm)
        terminal_tell(user, "%s %03X ATTACHED", name, (unsigned)address);
    return 0;
}

/* The virtual device that a real one is attached as. */
static struct vdev *find_attached(struct vmblok *user, const struct rdev *rdev)
{
    LIST_EACH(it, &user->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if ((vdev->ops == &minidisk_ops || vdev->ops == &dedicated_ops) &&
            ((struct vreal *)vdev->data)->rdev == rdev)
            return vdev;
    }
    return NULL;
}

static int detach_system(struct vmblok *vm, struct rdev *rdev, uint32_t address)
{
    if (!rdev || rdev->class != CLASS_DASD || !rdev->volser[0])
        return cp_error(vm, MODULE, 121, "%03X NOT ATTACHED TO SYSTEM", (unsigned)address);
    int error = device_check_free(vm, MODULE, rdev);
    if (error)
        return error;
    rdev->volser[0] = 0;
    cp_printf(vm, "DASD %03X DETACH SYSTEM", rdev->address);
    return 0;
}

/* DETACH CHANNEL c FROM userid: what of the channel is attached to him, and is not at work. */
static int detach_channel(struct vmblok *vm, uint32_t channel, const char *userid)
{
    unsigned devices = 0;
    int error = 0;
    struct vmblok *user = find_user(vm, userid, &error);
    LIST_EACH(it, &cp.rdevs)
    {
        const struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        struct vdev *vdev =
            user && is_on(rdev, channel) && rdev->owner == user ? find_attached(user, rdev) : NULL;
        if (!vdev || (user != vm && (vdev->busy || vdev->pending)))
            continue;
        vdev_detach(vdev);
        devices++;
    }
    if (!user)
        return error;
    if (!devices)
        return cp_error(vm, MODULE, 121, "CHAN %X NOT ATTACHED TO %s", (unsigned)channel,
                        user->userid);
    cp_printf(vm, "CHAN %X DETACH %s", (unsigned)channel, user->userid);
    if (user != vm)
        terminal_tell(user, "CHAN %X DETACHED BY %s", (unsigned)channel, vm->userid);
    account_punch();
    return 0;
}

/* DETACH raddr FROM userid; without a second word it is the general user's DETACH. */
int command_detach_real(struct vmblok *vm, const char *operands)
{
    const char *all = operands;
    char word[WORD_SIZE];
    uint32_t real;
    int error = 0;
    bool good = str_word(&operands, word, sizeof word);
    if (good && str_abbrev(word, "CHANNEL", 4)) {
        good = take_channel(&operands, &real) && word_after(&operands, "FROM", word);
        return good ? detach_channel(vm, real, word) : command_detach(vm, all);
    }
    good = good && operand_device(word, &real);
    if (!good || !word_after(&operands, "FROM", word))
        return command_detach(vm, all);
    struct rdev *rdev = rdev_find((uint16_t)real);
    if (str_equal(word, "SYSTEM"))
        return detach_system(vm, rdev, real);
    struct vmblok *user = find_user(vm, word, &error);
    if (!user)
        return error;
    bool leave = str_word(&operands, word, sizeof word);
    if (leave && !str_equal(word, "LEAVE"))
        return error_operand(vm, MODULE, word);
    struct vdev *vdev = rdev && rdev->owner == user ? find_attached(user, rdev) : NULL;
    if (!vdev)
        return cp_error(vm, MODULE, 121, "%03X NOT ATTACHED TO %s", (unsigned)real, user->userid);
    /* Its owner's task may be waiting for it. */
    if (user != vm && (vdev->busy || vdev->pending))
        return cp_error(vm, MODULE, 124, "%03X IN USE BY %s", (unsigned)real, user->userid);
    const char *name = device_class_name(rdev->class);
    uint16_t address = vdev->address;
    ((struct vreal *)vdev->data)->leave = leave;
    vdev_detach(vdev);
    cp_printf(vm, "%s %03X DETACH %s %03X", name, (unsigned)real, user->userid, address);
    if (user != vm)
        terminal_tell(user, "%s %03X DETACHED BY %s", name, address, vm->userid);
    account_punch();
    return 0;
}

static int vary(struct vmblok *vm, uint16_t address, bool online)
{
    struct rdev *rdev = online ? rio_vary_on(address) : rdev_find(address);
    if (!rdev)
        return error_no_device(vm, MODULE, address);
    const char *name = device_class_name(rdev->class);
    if (!online) {
        int error = device_check_free(vm, MODULE, rdev);
        if (!error && rdev->class == CLASS_GRAPHIC) /* a terminal: DISABLE closes it */
            error = cp_error(vm, MODULE, 143, "%s %03X IN USE BY SYSTEM", name, address);
        if (error)
            return error;
        rdev->online = false;
        rdev->volser[0] = 0;
    } else if (!rdev->online) {
        return cp_error(vm, MODULE, 46, "%s %03X OFFLINE", name, address);
    }
    cp_printf(vm, "%s %03X VARIED %s", name, address, online ? "ONLINE" : "OFFLINE");
    return 0;
}

int command_vary(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address;
    int error = 0;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    bool online = str_abbrev(word, "ONLINE", 2);
    if (!online && !str_abbrev(word, "OFFLINE", 3))
        return error_operand(vm, MODULE, word);
    if (!*operands)
        return error_raddr(vm);
    while (!error && str_word(&operands, word, sizeof word))
        error =
            operand_device(word, &address) ? vary(vm, (uint16_t)address, online) : error_raddr(vm);
    return error;
}

/* REWIND vaddr: of a real tape that is the user's. */
int command_rewind(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address;
    struct ccw ccw;
    struct ioreq request;
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &address))
        return error_vaddr(vm, "CPB");
    struct vdev *vdev = vdev_find(vm, (uint16_t)address);
    if (!vdev)
        return error_no_device(vm, "CPB", address);
    if (vdev->class != CLASS_TAPE)
        return cp_error(vm, "CPB", 11, "INVALID DEVICE TYPE - %03X", (unsigned)address);
    ccw_set(&ccw, TAPE_REWIND, NULL, CCW_SUPPRESS_LENGTH, 1);
    if (!rio_run(((struct vreal *)vdev->data)->rdev, &ccw, &request))
        return cp_error(vm, "CPB", 46, "TAPE %03X NOT READY", (unsigned)address);
    cp_printf(vm, "REWIND COMPLETE");
    return 0;
}

/* ATTACH and the operator's DETACH: real devices for one virtual machine alone.
 * Source: Operator's Guide, GC20-1806. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/io/vreal.h"
#include "cp/spool/unit.h"
#include "cp/text/operands.h"
#include "cp/vdev.h"
#include "lib/str.h"

#define MODULE "VDB"

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

static int check_free(struct vmblok *vm, const struct rdev *rdev)
{
    const char *name = device_class_name(rdev->class);
    if (!rdev->online)
        return cp_error(vm, MODULE, 46, "%s %03X OFFLINE", name, rdev->address);
    if (rdev->owner)
        return cp_error(vm, MODULE, 140, "%s %03X ATTACHED TO %s", name, rdev->address,
                        rdev->owner->userid);
    if ((rdev->is_system && !is_drained(rdev) && !terminal_may_be_lent(rdev)) ||
        rdev->class == CLASS_CONSOLE)
        return cp_error(vm, MODULE, 143, "%s %03X IN USE BY SYSTEM", name, rdev->address);
    if (rdev->links)
        return cp_error(vm, MODULE, 124, "%s %03X IN USE BY %d USERS", name, rdev->address,
                        rdev->links);
    return 0;
}

int command_attach(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t real, address;
    int error = 0;
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &real))
        return cp_error(vm, MODULE, 21, "RADDR MISSING OR INVALID");
    struct rdev *rdev = rdev_find((uint16_t)real);
    if (!rdev)
        return error_no_device(vm, MODULE, real);
    if (!word_after(&operands, "TO", word))
        return error_userid(vm, MODULE);
    struct vmblok *user = find_user(vm, word, &error);
    if (!user)
        return error;
    if (!word_after(&operands, "AS", word) || !operand_device(word, &address))
        return error_vaddr(vm, MODULE);
    bool read_only = str_word(&operands, word, sizeof word);
    if (read_only && !str_equal(word, "R/O"))
        return error_operand(vm, MODULE, word);
    error = check_free(vm, rdev);
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

/* DETACH raddr FROM userid; without a second word it is the general user's DETACH. */
int command_detach_real(struct vmblok *vm, const char *operands)
{
    const char *all = operands;
    char word[WORD_SIZE];
    uint32_t real;
    int error = 0;
    bool good = str_word(&operands, word, sizeof word) && operand_device(word, &real);
    if (!good || !word_after(&operands, "FROM", word))
        return command_detach(vm, all);
    struct rdev *rdev = rdev_find((uint16_t)real);
    struct vmblok *user = find_user(vm, word, &error);
    if (!user)
        return error;
    struct vdev *vdev = rdev && rdev->owner == user ? find_attached(user, rdev) : NULL;
    if (!vdev)
        return cp_error(vm, MODULE, 121, "%03X NOT ATTACHED TO %s", (unsigned)real, user->userid);
    /* Its owner's task may be waiting for it. */
    if (user != vm && (vdev->busy || vdev->pending))
        return cp_error(vm, MODULE, 124, "%03X IN USE BY %s", (unsigned)real, user->userid);
    const char *name = device_class_name(rdev->class);
    uint16_t address = vdev->address;
    vdev_detach(vdev);
    cp_printf(vm, "%s %03X DETACH %s %03X", name, (unsigned)real, user->userid, address);
    if (user != vm)
        terminal_tell(user, "%s %03X DETACHED BY %s", name, address, vm->userid);
    return 0;
}

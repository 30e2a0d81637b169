/* QUERY of the virtual machine's own storage and devices. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/dial.h"
#include "cp/link.h"
#include "cp/spool/commands.h"
#include "cp/text/operands.h"
#include "cp/vctca.h"
#include "cp/vtimer_device.h"
#include "lib/str.h"

int query_storage(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "STORAGE = %05uK", (unsigned)(vm->storage_size / 1024));
    return 0;
}

int query_channels(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "CHANNELS = %s", vm->options & OPTION_BMX ? "BMX" : "SEL");
    return 0;
}

static void show_console(struct vmblok *vm, struct vdev *vdev)
{
    char name[TERMINAL_NAME_SIZE];
    if (vm->terminal)
        cp_printf(vm, "CONS %03X ON %s  %s", vdev->address, terminal_name(name, vm->terminal),
                  spool_console_state(vm));
    else
        cp_printf(vm, "CONS %03X DISCONNECTED  %s", vdev->address, spool_console_state(vm));
}

static void show_disk(struct vmblok *vm, struct vdev *vdev)
{
    const struct minidisk *disk = minidisk_of(vdev);
    cp_printf(vm, "DASD %03X %04X %-6s %s %04u CYL", vdev->address, disk->real.rdev->type,
              disk->temporary ? "(TEMP)" : disk->real.rdev->volser, disk->read_only ? "R/O" : "R/W",
              disk->cylinders);
}

static void show_line(struct vmblok *vm, struct vdev *vdev)
{
    char name[TERMINAL_NAME_SIZE];
    const struct terminal *t = dial_terminal(vdev);
    if (t)
        cp_printf(vm, "GRAF %03X DIALED BY %s", vdev->address, terminal_name(name, t));
    else
        cp_printf(vm, "GRAF %03X NOT DIALED", vdev->address);
}

static void show_adapter(struct vmblok *vm, struct vdev *vdev)
{
    const struct vdev *other = vctca_other(vdev);
    if (other)
        cp_printf(vm, "CTCA %03X COUPLED TO %s %03X", vdev->address, other->vm->userid,
                  other->address);
    else
        cp_printf(vm, "CTCA %03X NOT COUPLED", vdev->address);
}

static void show_dedicated(struct vmblok *vm, struct vdev *vdev)
{
    const struct vreal *real = vdev->data;
    cp_printf(vm, "%-4s %03X ON DEV %03X %04X", device_class_name(vdev->class), vdev->address,
              real->rdev->address, vdev->type);
}

static void show_device(struct vmblok *vm, struct vdev *vdev)
{
    if (vdev->class == CLASS_CONSOLE)
        show_console(vm, vdev);
    else if (vdev->ops == &dial_ops)
        show_line(vm, vdev);
    else if (vdev->ops == &vctca_ops)
        show_adapter(vm, vdev);
    else if (vdev->ops == &minidisk_ops)
        show_disk(vm, vdev);
    else if (vdev->ops == &dedicated_ops)
        show_dedicated(vm, vdev);
    else if (vtimer_is(vdev))
        cp_printf(vm, "TIMR %03X", vdev->address);
    else if (vdev->ops == &vreader_ops || vdev->ops == &vpunch_ops || vdev->ops == &vprinter_ops)
        spool_query_vdev(vm, vdev);
    else
        cp_printf(vm, "%-4s %03X %04X", vdev->ops->class_name, vdev->address, vdev->type);
}

/* All devices of a class; CLASS_NONE: of every class. */
static unsigned show_class(struct vmblok *vm, enum device_class class)
{
    unsigned shown = 0;
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (class != CLASS_NONE && vdev->class != class)
            continue;
        show_device(vm, vdev);
        shown++;
    }
    return shown;
}

int query_console(struct vmblok *vm, const char *operands)
{
    return show_class(vm, CLASS_CONSOLE) ? 0 : error_no_device(vm, "CQG", 9);
}

int query_virtual_dasd(struct vmblok *vm, const char *operands)
{
    if (!show_class(vm, CLASS_DASD))
        cp_printf(vm, "NO DASD");
    return 0;
}

int query_graf(struct vmblok *vm, const char *operands)
{
    if (!show_class(vm, CLASS_GRAPHIC))
        cp_printf(vm, "NO GRAF");
    return 0;
}

int query_tapes(struct vmblok *vm, const char *operands)
{
    if (!show_class(vm, CLASS_TAPE))
        cp_printf(vm, "NO TAPES");
    return 0;
}

int query_lines(struct vmblok *vm, const char *operands)
{
    if (!(show_class(vm, CLASS_CONSOLE) + show_class(vm, CLASS_GRAPHIC)))
        cp_printf(vm, "NO LINES");
    return 0;
}

/* One processor, which runs CP. */
int query_processr(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "PROCESSOR 00 ONLINE");
    return 0;
}

int query_virtual(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(&operands, word, sizeof word) || str_equal(word, "ALL")) {
        query_storage(vm, "");
        query_channels(vm, "");
        show_class(vm, CLASS_NONE);
        return 0;
    }
    if (operand_device(word, &address)) {
        struct vdev *vdev = vdev_find(vm, (uint16_t)address);
        if (!vdev)
            return error_no_device(vm, "CQG", address);
        show_device(vm, vdev);
        return 0;
    }
    const struct command *row = command_find(query_operands, word, CLASS_G);
    if (!row || row->run == query_virtual)
        return error_operand(vm, "CQG", word);
    return row->run(vm, operands);
}

/* "CMSUSER  191 R/W, STUDENT1 291 R/O" */
int query_links(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], line[80] = "";
    uint32_t address;
    size_t used = 0;
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &address))
        return error_vaddr(vm, "CQG");
    struct vdev *vdev = vdev_find(vm, (uint16_t)address);
    if (!vdev || vdev->ops != &minidisk_ops)
        return error_no_device(vm, "CQG", address);
    const struct minidisk *mine = minidisk_of(vdev);
    LIST_EACH(user, &cp.vms)
    {
        struct vmblok *other = LIST_ENTRY(user, struct vmblok, link);
        LIST_EACH(it, &other->vdevs)
        {
            struct vdev *device = LIST_ENTRY(it, struct vdev, link);
            if (device->ops != &minidisk_ops)
                continue;
            const struct minidisk *disk = minidisk_of(device);
            if (disk->owner_address != mine->owner_address || strcmp(disk->owner, mine->owner))
                continue;
            if (used > 50) {
                cp_printf(vm, "%s,", line);
                used = 0;
            }
            used += fmt(line + used, sizeof line - used, "%s%-8s %03X %s", used ? ", " : "",
                        other->userid, device->address, disk->read_only ? "R/O" : "R/W");
        }
    }
    cp_printf(vm, "%s", line);
    return 0;
}

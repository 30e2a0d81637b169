/* Links to minidisks: see link.h.  The virtual devices themselves are the table of links. */
#include "cp/link.h"

#include "cp/commands/state.h"
#include "cp/text/linkmode.h"
#include "cp/vdev.h"
#include "lib/str.h"

static void count_in(struct link_count *count, const struct vmblok *vm, const char *owner,
                     uint16_t address)
{
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (vdev->ops != &minidisk_ops)
            continue;
        const struct minidisk *disk = minidisk_of(vdev);
        if (disk->owner_address != address || !str_equal(disk->owner, owner))
            continue;
        if (disk->read_only) {
            count->readers++;
            count->reader = vm;
        } else {
            count->writers++;
            count->writer = vm;
        }
    }
}

struct link_count link_count(const char *owner, uint16_t address)
{
    struct link_count count = {0, 0, NULL, NULL};
    LIST_EACH(it, &cp.vms)
    {
        count_in(&count, LIST_ENTRY(it, struct vmblok, link), owner, address);
    }
    return count;
}

/* "R/W BY userid" or "R/W BY nnn USERS". */
static void name_users(char *to, size_t size, const char *access, unsigned n,
                       const struct vmblok *one)
{
    if (n == 1)
        fmt(to, size, "%s BY %s", access, one->userid);
    else
        fmt(to, size, "%s BY %03u USERS", access, n);
}

static int refuse(struct vmblok *tell, const char *owner, uint16_t address,
                  const struct link_count *count)
{
    char text[40];
    if (count->writers)
        name_users(text, sizeof text, "R/W", count->writers, count->writer);
    else
        name_users(text, sizeof text, "R/O", count->readers, count->reader);
    return cp_error(tell, "LNK", count->writers ? 104 : 105, "%s %03X NOT LINKED; %s", owner,
                    address, text);
}

/* "DASD 195 LINKED R/O; R/W BY MAINT": what was given, and who has it too. */
static void report(struct vmblok *tell, uint16_t vaddr, bool read_only, bool forced,
                   const struct link_count *count)
{
    char text[80], by[40];
    size_t used = 0;
    if (count->writers) {
        name_users(by, sizeof by, "R/W", count->writers, count->writer);
        used += fmt(text + used, sizeof text - used, "; %s", by);
    }
    if (count->readers) {
        name_users(by, sizeof by, "R/O", count->readers, count->reader);
        used += fmt(text + used, sizeof text - used, "; %s", by);
    }
    text[used] = 0;
    if (forced)
        cp_message(tell, "LNK", count->writers ? 101 : 103, 'W', "DASD %03X FORCED R/O%s", vaddr,
                   text);
    else
        cp_printf(tell, "DASD %03X LINKED %s%s", vaddr, read_only ? "R/O" : "R/W", text);
}

int link_attach(struct vmblok *vm, struct vmblok *tell, const char *owner,
                const struct directory_device *disk, uint16_t vaddr, enum directory_mode mode,
                bool talk)
{
    if (vdev_find(vm, vaddr))
        return cp_error(tell, "LNK", 110, "%s %03X NOT LINKED; DASD %03X ALREADY DEFINED", owner,
                        disk->address, vaddr);
    struct rdev *rdev = rdev_find_volume(disk->volume);
    if (!rdev)
        return cp_error(tell, "LNK", 108, "%s %03X NOT LINKED; VOLID %s NOT MOUNTED", owner,
                        disk->address, disk->volume);
    struct link_count count = link_count(owner, disk->address);
    enum link_grant grant = link_grant(mode, count.readers, count.writers);
    if (grant == LINK_REFUSED)
        return refuse(tell, owner, disk->address, &count);
    bool read_only = grant == LINK_READ_ONLY;
    if ((unsigned)disk->start + disk->cylinders > rdev->cylinders)
        return cp_error(tell, "LNK", 117, "%s %03X NOT LINKED; BEYOND THE END OF %s", owner,
                        disk->address, disk->volume);
    struct vdev *vdev = minidisk_create(vm, vaddr, rdev, disk->start, disk->cylinders, read_only);
    if (!vdev)
        return cp_error(tell, "LNK", 116, "%s %03X NOT LINKED; NO STORAGE", owner, disk->address);
    struct minidisk *made = minidisk_of(vdev);
    str_copy(made->owner, owner, sizeof made->owner);
    str_upcase(made->owner, strlen(made->owner));
    made->owner_address = disk->address;
    bool forced = read_only && link_mode_writes(mode);
    if (talk || forced)
        report(tell, vaddr, read_only, forced, &count);
    return 0;
}

/* QUERY of the real machine, for the operator. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/dial.h"
#include "cp/spool/commands.h"
#include "cp/text/operands.h"
#include "cp/vdev.h"
#include "lib/str.h"

static void show_dasd(struct vmblok *vm, const struct rdev *rdev)
{
    if (!rdev->online)
        cp_printf(vm, "DASD %03X OFFLINE", rdev->address);
    else if (rdev->owner)
        cp_printf(vm, "DASD %03X ATTACHED TO %s", rdev->address, rdev->owner->userid);
    else
        cp_printf(vm, "DASD %03X %s %-6s %03u LINKS", rdev->address,
                  rdev->is_system ? "CP SYSTEM" : "FREE     ", rdev->volser, rdev->links);
}

static bool is_dialed(const struct rdev *rdev)
{
    return rdev->owner && rdev->context && ((struct vdev *)rdev->context)->ops == &dial_ops;
}

/* A terminal; or a device that could be one, but is somebody's. */
static void show_line(struct vmblok *vm, const struct rdev *rdev)
{
    const struct terminal *t = rdev->context;
    char name[TERMINAL_NAME_SIZE];
    if (!t || rdev->unsolicited != terminal_attention) {
        cp_printf(vm, "%s %03X %s %s", device_class_name(rdev->class), rdev->address,
                  is_dialed(rdev) ? "DIALED TO" : "ATTACHED TO",
                  rdev->owner ? rdev->owner->userid : "SYSTEM");
        return;
    }
    terminal_name(name, t);
    if (!t->enabled)
        cp_printf(vm, "%s DISABLED", name);
    else if (t->vm && t->vm->logged_on)
        cp_printf(vm, "%s LOGON AS %s", name, t->vm->userid);
    else
        cp_printf(vm, "%s ENABLED%s", name, t->vm ? ", IN USE" : "");
}

static void show_other(struct vmblok *vm, const struct rdev *rdev)
{
    cp_printf(vm, "%-4s %03X %s", device_class_name(rdev->class), rdev->address,
              rdev->owner    ? rdev->owner->userid
              : rdev->online ? "FREE"
                             : "OFFLINE");
}

static unsigned show_class(struct vmblok *vm, enum device_class class)
{
    unsigned n = 0;
    LIST_EACH(it, &cp.rdevs)
    {
        struct rdev *rdev = LIST_ENTRY(it, struct rdev, link);
        if (rdev->class != class)
            continue;
        n++;
        if (class == CLASS_DASD)
            show_dasd(vm, rdev);
        else if (class == CLASS_CONSOLE || class == CLASS_GRAPHIC)
            show_line(vm, rdev);
        else
            show_other(vm, rdev);
    }
    return n;
}

int query_real_dasd(struct vmblok *vm, const char *operands)
{
    if (!show_class(vm, CLASS_DASD))
        cp_printf(vm, "NO DASD");
    return 0;
}

int query_real_lines(struct vmblok *vm, const char *operands)
{
    show_class(vm, CLASS_CONSOLE);
    return 0;
}

int query_real_graf(struct vmblok *vm, const char *operands)
{
    if (!show_class(vm, CLASS_GRAPHIC))
        cp_printf(vm, "NO GRAF");
    return 0;
}

int query_real_tapes(struct vmblok *vm, const char *operands)
{
    if (!show_class(vm, CLASS_TAPE))
        cp_printf(vm, "NO TAPES");
    return 0;
}

int query_real_storage(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "STORAGE = %05uK", (unsigned)(cp.storage_size / 1024));
    return 0;
}

int query_real_all(struct vmblok *vm, const char *operands)
{
    query_real_storage(vm, "");
    show_class(vm, CLASS_CONSOLE);
    query_real_ur(vm, "");
    show_class(vm, CLASS_DASD);
    show_class(vm, CLASS_TAPE);
    show_class(vm, CLASS_GRAPHIC);
    return 0;
}

/* QUERY SYSTEM raddr: the users of minidisks on this volume. */
int query_system(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address;
    unsigned n = 0;
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &address))
        return cp_error(vm, "CQP", 21, "RADDR MISSING OR INVALID");
    struct rdev *rdev = rdev_find((uint16_t)address);
    if (!rdev || rdev->class != CLASS_DASD)
        return error_no_device(vm, "CQP", address);
    LIST_EACH(user, &cp.vms)
    {
        struct vmblok *other = LIST_ENTRY(user, struct vmblok, link);
        LIST_EACH(it, &other->vdevs)
        {
            struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
            if (vdev->ops != &minidisk_ops || minidisk_of(vdev)->real.rdev != rdev)
                continue;
            cp_printf(vm, "%-8s %03X %s", other->userid, vdev->address,
                      minidisk_of(vdev)->read_only ? "R/O" : "R/W");
            n++;
        }
    }
    if (!n)
        cp_printf(vm, "NOBODY USES %s", rdev->volser);
    return 0;
}

/* "STUDENT1 193 DASD 150 DBXRES 060-064" for each temporary disk. */
static unsigned show_temporary(struct vmblok *vm, const struct vmblok *user)
{
    unsigned cylinders = 0;
    LIST_EACH(it, &user->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (vdev->ops != &minidisk_ops || !minidisk_of(vdev)->temporary)
            continue;
        const struct minidisk *disk = minidisk_of(vdev);
        cp_printf(vm, "%-8s %03X DASD %03X %-6s %03u-%03u", user->userid, vdev->address,
                  disk->real.rdev->address, disk->real.rdev->volser, disk->start,
                  disk->start + disk->cylinders - 1);
        cylinders += disk->cylinders;
    }
    return cylinders;
}

int query_tdsk(struct vmblok *vm, const char *operands)
{
    uint32_t slots, unused;
    unsigned used = 0;
    LIST_EACH(it, &cp.vms)
    {
        used += show_temporary(vm, LIST_ENTRY(it, struct vmblok, link));
    }
    slot_count(CYLINDER_TDSK, &slots, &unused);
    cp_printf(vm, "TDSK SPACE: %u OF %u CYLINDERS IN USE", used,
              (unsigned)(slots / SLOTS_PER_CYLINDER));
    return 0;
}

static void show_allocation(struct vmblok *vm, const struct volume *volume, const char *name,
                            enum slot_kind kind, bool slots)
{
    uint32_t cylinders = 0, used = 0;
    for (uint32_t c = 0; c < volume->cylinders; c++)
        if (volume->map[c] == kind) {
            cylinders++;
            used += volume->in_use[c];
        }
    if (cylinders && slots)
        cp_printf(vm, "%s %s %03X %03u CYL, %05u OF %05u SLOTS IN USE", name, volume->volser,
                  volume->rdev->address, (unsigned)cylinders, (unsigned)used,
                  (unsigned)(cylinders * SLOTS_PER_CYLINDER));
    else if (cylinders)
        cp_printf(vm, "%s %s %03X %03u CYL", name, volume->volser, volume->rdev->address,
                  (unsigned)cylinders);
}

static const struct {
    const char *name;
    enum slot_kind kind;
    bool slots;
} kinds[] = {{"PERM", CYLINDER_PERM, false}, {"TEMP", CYLINDER_TEMP, true},
             {"PAGE", CYLINDER_PAGE, true},  {"TDSK", CYLINDER_TDSK, false},
             {"DRCT", CYLINDER_DRCT, false}, {"CKPT", CYLINDER_CKPT, false},
             {"NUCL", CYLINDER_NUCL, false}, {"DUMP", CYLINDER_DUMP, false}};

static const char *allocation_name(uint8_t kind)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (kinds[k].kind == kind)
            return kinds[k].name;
    return "FREE";
}

/* Which cylinders are what, as many together as have one use. */
static void show_map(struct vmblok *vm, const struct volume *volume)
{
    uint32_t from = 0;
    for (uint32_t c = 1; c <= volume->cylinders; c++) {
        if (c < volume->cylinders && volume->map[c] == volume->map[from])
            continue;
        cp_printf(vm, "%s %s %03X CYL %03u-%03u", allocation_name(volume->map[from]),
                  volume->volser, volume->rdev->address, (unsigned)from, (unsigned)c - 1);
        from = c;
    }
}

/* The space of each kind on each of CP's volumes: cylinders, and the slots in use of those that
 * have such. */
int query_alloc(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE] = "ALL";
    bool found = false;
    str_word(&operands, word, sizeof word);
    if (str_equal(word, "MAP")) {
        for (unsigned v = 0; v < cp.volume_count; v++)
            if (cp.volumes[v].rdev)
                show_map(vm, &cp.volumes[v]);
        return 0;
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (!str_equal(word, "ALL") && !str_equal(word, kinds[k].name))
            continue;
        found = true;
        for (unsigned v = 0; v < cp.volume_count; v++)
            show_allocation(vm, &cp.volumes[v], kinds[k].name, kinds[k].kind, kinds[k].slots);
    }
    return found ? 0 : error_operand(vm, "CQP", word);
}

int query_journal(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "JOURNAL %s", cp.commands->journal ? "ON" : "OFF");
    return 0;
}

int query_maximum(struct vmblok *vm, const char *operands)
{
    if (cp.commands->users_max)
        cp_printf(vm, "MAXIMUM USERS = %03u", (unsigned)cp.commands->users_max);
    else
        cp_printf(vm, "MAXIMUM USERS OFF");
    return 0;
}

/* Microcode assists, more than one processor: a virtual machine runs without. */
int query_sassist(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "SASSIST OFF");
    return 0;
}

int query_cpassist(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "CPASSIST OFF");
    return 0;
}

int query_affinity(struct vmblok *vm, const char *operands)
{
    cp_printf(vm, "AFFINITY NONE");
    return 0;
}

int query_paging(struct vmblok *vm, const char *operands)
{
    uint32_t all, used;
    uint32_t temp_all, temp_used;
    slot_count(CYLINDER_PAGE, &all, &used);
    slot_count(CYLINDER_TEMP, &temp_all, &temp_used);
    cp_printf(vm, "PAGING: READS=%u WRITES=%u STEALS=%u", (unsigned)cp.page_reads,
              (unsigned)cp.page_writes, (unsigned)cp.page_steals);
    cp_printf(vm, "PAGE SPACE: %u OF %u SLOTS IN USE; SPOOL SPACE (AND OVERFLOW): %u OF %u",
              (unsigned)used, (unsigned)all, (unsigned)temp_used, (unsigned)temp_all);
    cp_printf(vm, "FRAMES: %u FREE, %u CP, %u LOCKED, OF %u; WORKING SETS IN QUEUE: %u",
              (unsigned)(cp.frames_free + cp.high_free), (unsigned)cp.frames_cp,
              (unsigned)cp.frames_locked, (unsigned)cp.frame_count, (unsigned)cp.set_pages);
    return 0;
}

int query_priority(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    if (!str_word(&operands, word, sizeof word) || !operand_userid(word, userid))
        return error_userid(vm, "CQP");
    struct vmblok *user = vm_find(userid);
    if (!user)
        return error_not_logged_on(vm, "CQP", userid);
    cp_printf(vm, "%s PRIORITY = %02u", userid, user->priority);
    return 0;
}

/* DEFINE and DETACH: the configuration of the virtual machine. */
#include "cp/account.h"
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/dial.h"
#include "cp/guest.h"
#include "cp/spool/cpspool.h"
#include "cp/text/operands.h"
#include "cp/tdisk.h"
#include "cp/vctca.h"
#include "cp/vmrun.h"
#include "cp/vtimer_device.h"
#include "lib/str.h"

/* Not classes of spool devices that DEFINE makes. */
#define DISPLAY   '3'
#define ADAPTER   '8'
#define TEMPORARY '0'
#define TIMER     '9'

/* What DEFINE can make: names as the user types them, and what they make. */
static const struct definable {
    const char *name;
    uint8_t least;
    uint16_t type;
    char spool_class; /* 0: a console; DISPLAY: one to dial to; ADAPTER: CTCA;
                       * TEMPORARY: a disk; TIMER */
} definable[] = {
    {"CONSOLE", 3, 0x3215, 0},        {"3215", 4, 0x3215, 0},
    {"1052", 4, 0x1052, 0},           {"3210", 4, 0x3210, 0},
    {"GRAF", 4, 0x3270, DISPLAY},     {"3270", 4, 0x3270, DISPLAY},
    {"CTCA", 4, VCTCA_TYPE, ADAPTER}, {"T3350", 5, 0x3350, TEMPORARY},
    {"T3330", 5, 0x3330, TEMPORARY},  {"T3340", 5, 0x3340, TEMPORARY},
    {"T2314", 5, 0x2314, TEMPORARY},  {"T2319", 5, 0x2314, TEMPORARY},
    {"T3380", 5, 0x3380, TEMPORARY},  {"READER", 1, VSPOOL_2540R, '*'},
    {"RDR", 3, VSPOOL_2540R, '*'},    {"PUNCH", 2, VSPOOL_2540P, 'A'},
    {"PCH", 3, VSPOOL_2540P, 'A'},    {"PRINTER", 2, 0x1403, 'A'},
    {"PRT", 3, 0x1403, 'A'},          {"2540R", 5, VSPOOL_2540R, '*'},
    {"2540P", 5, VSPOOL_2540P, 'A'},  {"2501", 4, 0x2501, '*'},
    {"3505", 4, 0x3505, '*'},         {"3525", 4, 0x3525, 'A'},
    {"1403", 4, 0x1403, 'A'},         {"1443", 4, 0x1443, 'A'},
    {"3203", 4, 0x3203, 'A'},         {"3211", 4, 0x3211, 'A'},
    {"TIMER", 5, VTIMER_TYPE, TIMER},
};

static const struct definable *find_definable(const char *word)
{
    for (size_t i = 0; i < sizeof definable / sizeof *definable; i++)
        if (str_abbrev(word, definable[i].name, definable[i].least))
            return &definable[i];
    return NULL;
}

/* The next word as a device address, with an optional AS before it. */
static bool address_operand(const char **operands, uint32_t *address)
{
    char word[WORD_SIZE];
    if (!str_word(operands, word, sizeof word))
        return false;
    if (str_abbrev(word, "AS", 1) && **operands && !str_word(operands, word, sizeof word))
        return false;
    return operand_device(word, address);
}

static int define_storage(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE] = "";
    uint32_t size;
    if (!str_word(&operands, word, sizeof word) || !operand_storage(word, &size))
        return error_operand(vm, "DEF", word);
    if (size > vm->storage_max)
        return cp_error(vm, "DEF", 94, "STORAGE EXCEEDS ALLOWED MAXIMUM");
    command_vm(vm)->ipl_count++;
    vm->cp_mode = true;
    vm_reset(vm); /* nothing moves data in its storage any more */
    if (!guest_set_size(vm, size))
        return cp_error(vm, "DEF", 92, "STORAGE NOT DEFINED; NO STORAGE FOR CONTROL BLOCKS");
    vm_reset_clear(vm);
    cp_printf(vm, "STORAGE = %05uK", (unsigned)(size / 1024));
    return 0;
}

/* What kind the channels are is known to the guest's CPU: it is reset. */
static int define_channels(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE] = "";
    str_word(&operands, word, sizeof word);
    bool bmx = str_abbrev(word, "BMX", 3);
    if (!bmx && !str_abbrev(word, "SEL", 3))
        return error_operand(vm, "DEF", word);
    vm->options = (uint16_t)(bmx ? vm->options | OPTION_BMX : vm->options & ~OPTION_BMX);
    command_vm(vm)->ipl_count++;
    vm->cp_mode = true;
    vm_reset(vm);
    return query_channels(vm, "");
}

static struct vdev *create(struct vmblok *vm, const struct definable *what, uint16_t address)
{
    if (!what->spool_class)
        return vconsole_create(vm, address, what->type);
    if (what->spool_class == DISPLAY)
        return dial_create(vm, address, what->type);
    if (what->spool_class == TIMER)
        return vtimer_create(vm, address);
    if (what->spool_class == ADAPTER)
        return vctca_create(vm, address);
    return vspool_create(vm, address, what->type, what->spool_class);
}

/* The rest of DEFINE T3350 vaddr [CYL] n. */
static int define_temporary(struct vmblok *vm, const struct definable *what, uint16_t address,
                            const char *operands)
{
    char word[WORD_SIZE];
    uint32_t cylinders;
    bool given = str_word(&operands, word, sizeof word);
    if (given && str_abbrev(word, "CYLINDERS", 3))
        given = str_word(&operands, word, sizeof word);
    if (!given || !str_decimal(word, &cylinders) || !cylinders || cylinders > UINT16_MAX)
        return cp_error(vm, "DEF", 99, "CYLINDERS MISSING OR INVALID");
    if (!tdisk_create(vm, address, what->type, (uint16_t)cylinders))
        return cp_error(vm, "DEF", 91, "DASD %03X NOT DEFINED; TEMP SPACE NOT AVAILABLE", address);
    cp_printf(vm, "DASD %03X DEFINED", address);
    return 0;
}

static int define_device(struct vmblok *vm, const struct definable *what, const char *operands)
{
    uint32_t address;
    if (!address_operand(&operands, &address))
        return error_vaddr(vm, "DEF");
    if (vdev_find(vm, (uint16_t)address))
        return cp_error(vm, "DEF", 24, "DEV %03X ALREADY EXISTS", (unsigned)address);
    if (what->spool_class == TEMPORARY)
        return define_temporary(vm, what, (uint16_t)address, operands);
    if (!what->spool_class && vm->console)
        return cp_error(vm, "DEF", 88, "CONS %03X NOT DEFINED; CONSOLE %03X EXISTS",
                        (unsigned)address, vm->console->address);
    struct vdev *vdev = create(vm, what, (uint16_t)address);
    if (!vdev)
        return cp_error(vm, "DEF", 92, "DEV %03X NOT DEFINED; NO STORAGE", (unsigned)address);
    cp_printf(vm, "%-4s %03X DEFINED", vdev->ops->class_name, (unsigned)address);
    return 0;
}

/* DEFINE vaddr1 AS vaddr2: the device moves to another address. */
static int define_as(struct vmblok *vm, uint32_t from, const char *operands)
{
    uint32_t to;
    if (!address_operand(&operands, &to))
        return error_vaddr(vm, "DEF");
    struct vdev *vdev = vdev_find(vm, (uint16_t)from);
    if (!vdev)
        return error_no_device(vm, "DEF", from);
    if (vdev_find(vm, (uint16_t)to))
        return cp_error(vm, "DEF", 24, "DEV %03X ALREADY EXISTS", (unsigned)to);
    vdev_reset(vdev);
    list_remove(&vdev->link);
    struct list *at = vm->vdevs.next;
    while (at != &vm->vdevs && LIST_ENTRY(at, struct vdev, link)->address < to)
        at = at->next;
    vdev->address = (uint16_t)to;
    list_insert_before(at, &vdev->link);
    cp_printf(vm, "%-4s %03X DEFINED", vdev->ops->class_name, (unsigned)to);
    return 0;
}

int command_define(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "DEF", NULL);
    if (str_abbrev(word, "STORAGE", 4))
        return define_storage(vm, operands);
    if (str_abbrev(word, "CHANNELS", 4))
        return define_channels(vm, operands);
    const struct definable *what = find_definable(word);
    if (what)
        return define_device(vm, what, operands);
    if (operand_device(word, &address))
        return define_as(vm, address, operands);
    return error_operand(vm, "DEF", word);
}

int command_detach(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t first, last;
    bool good = str_word(&operands, word, sizeof word);
    if (good && str_abbrev(word, "CHANNEL", 2)) {
        good = str_word(&operands, word, sizeof word) && str_hex(word, &first) && first <= 0xf;
        first <<= 8;
        last = first | 0xff;
    } else {
        good = good && operand_device_range(word, &first, &last);
    }
    if (!good)
        return error_vaddr(vm, "VDE");
    bool found = false;
    LIST_EACH_SAFE(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (vdev->address < first || vdev->address > last)
            continue;
        found = true;
        uint16_t address = vdev->address;
        const char *name = vdev->ops->class_name;
        vdev_detach(vdev);
        cp_printf(vm, "%-4s %03X DETACHED", name, address);
    }
    account_punch();
    return found ? 0 : error_no_device(vm, "VDE", first);
}

/* BEGIN, IPL, SYSTEM, EXTERNAL, ATTN, READY, NOTREADY, RESET: the keys of a virtual machine's
 * panel. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/dial.h"
#include "cp/guest.h"
#include "cp/saved.h"
#include "cp/text/operands.h"
#include "cp/vconsole.h"
#include "cp/vdev.h"
#include "cp/vmrun.h"
#include "lib/be.h"
#include "lib/str.h"
#include "s370/arch/codes.h"

int command_begin(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address;
    if (str_word(&operands, word, sizeof word)) {
        if (!str_hex(word, &address) || address > 0xffffff)
            return cp_error(vm, "CFC", 4, "INVALID HEXLOC - %s", word);
        vm_set_address(vm, address);
        command_vm(vm)->ipl_count++;
    }
    console_resume(vm);
    return 0;
}

/* --- IPL --- */

struct ipl {
    uint32_t device;
    char system[9]; /* the name of a saved system, or "": from the device */
    bool clear, stop;
    char parm[65];
};

static int parse_ipl(struct vmblok *vm, const char *operands, struct ipl *ipl)
{
    char word[WORD_SIZE];
    memset(ipl, 0, sizeof *ipl);
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFG", NULL);
    if (!operand_device(word, &ipl->device)) {
        str_upcase(word, strlen(word));
        if (strlen(word) >= sizeof ipl->system)
            return saved_error(vm, "CFG", word, SAVED_UNKNOWN);
        str_copy(ipl->system, word, sizeof ipl->system);
    }
    while (str_word(&operands, word, sizeof word)) {
        if (str_abbrev(word, "CLEAR", 2))
            ipl->clear = true;
        else if (str_abbrev(word, "NOCLEAR", 4))
            ipl->clear = false;
        else if (str_abbrev(word, "STOP", 4))
            ipl->stop = true;
        else if (str_abbrev(word, "PARM", 4)) {
            str_copy(ipl->parm, operands, sizeof ipl->parm);
            break;
        } else
            return error_operand(vm, "CFG", word);
    }
    return 0;
}

static int ipl_failed(struct vmblok *vm, const struct ipl *ipl, enum ipl_result result)
{
    const struct vdev *vdev = vdev_find(vm, (uint16_t)ipl->device);
    if (result == IPL_NO_DEVICE || !vdev)
        return error_no_device(vm, "VMI", ipl->device);
    if (result == IPL_BAD_PSW)
        return cp_error(vm, "VMI", 234, "IPL PSW OF %03X IS INVALID", (unsigned)ipl->device);
    return cp_error(vm, "VMI", 232, "IPL UNIT ERROR; CSW %02X%06X %02X%02X%04X SNS %02X%02X",
                    vdev->csw.key, (unsigned)get24(vdev->csw.address), vdev->csw.unit_status,
                    vdev->csw.channel_status, get16(vdev->csw.count), vdev->sense[0],
                    vdev->sense[1]);
}

/* PARM: up to 64 bytes in general registers 0 to 15, as VM/SP gives them. */
static void set_parm(struct vmblok *vm, const char *parm)
{
    if (!*parm)
        return;
    char field[64];
    str_pad(field, parm, sizeof field);
    str_upcase(field, sizeof field);
    for (int i = 0; i < 16; i++)
        vm->regs.gr[i] = load_be32(field + 4 * i);
}

static int load_device(struct vmblok *vm, const struct ipl *ipl)
{
    if (!vdev_find(vm, (uint16_t)ipl->device))
        return error_no_device(vm, "VMI", ipl->device);
    vm->cp_mode = true;
    command_vm(vm)->ipl_count++;
    enum ipl_result result = vm_ipl(vm, (uint16_t)ipl->device, ipl->clear);
    return result == IPL_OK ? 0 : ipl_failed(vm, ipl, result);
}

static int load_saved(struct vmblok *vm, const struct ipl *ipl)
{
    enum saved_result result = saved_ipl(vm, ipl->system, ipl->clear);
    if (result != SAVED_OK)
        return saved_error(vm, "CFG", ipl->system, result);
    vm->cp_mode = true;
    command_vm(vm)->ipl_count++;
    return 0;
}

int command_ipl(struct vmblok *vm, const char *operands)
{
    struct ipl ipl;
    int error = parse_ipl(vm, operands, &ipl);
    if (!error)
        error = ipl.system[0] ? load_saved(vm, &ipl) : load_device(vm, &ipl);
    if (error)
        return error;
    set_parm(vm, ipl.parm);
    if (!ipl.stop)
        console_resume(vm);
    return 0;
}

/* --- SYSTEM --- */

static void restart(struct vmblok *vm)
{
    uint8_t psw[8];
    store_be64(psw, vm->psw);
    guest_write(vm, 8, psw, sizeof psw);
    if (guest_read(vm, 0, psw, sizeof psw))
        vm_load_psw(vm, load_be64(psw));
    console_resume(vm);
}

int command_system(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CPB", NULL);
    command_vm(vm)->ipl_count++;
    if (str_abbrev(word, "RESTART", 4)) {
        restart(vm);
        return 0;
    }
    bool clear = str_abbrev(word, "CLEAR", 2);
    if (!clear && !str_abbrev(word, "RESET", 3))
        return error_operand(vm, "CPB", word);
    if (clear)
        vm_reset_clear(vm);
    else
        vm_reset(vm);
    vm->cp_mode = true;
    cp_printf(vm, clear ? "STORAGE CLEARED - SYSTEM RESET" : "SYSTEM RESET");
    return 0;
}

int command_external(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t code = EXT_INTERRUPT_KEY;
    if (str_word(&operands, word, sizeof word) && !str_hex(word, &code))
        return error_operand(vm, "CPB", word);
    bool timer = code == EXT_CLOCK_COMPARATOR || code == EXT_CPU_TIMER;
    if (!code || (code > 0xff && !timer) || (timer && !(vm->options & OPTION_ECMODE)))
        return error_operand(vm, "CPB", word);
    vm_external(vm, code);
    return 0;
}

int command_attn(struct vmblok *vm, const char *operands)
{
    vconsole_attention(vm);
    return 0;
}

/* --- one device --- */

/* The device that the operands name; NULL after a message, its number in *error. */
static struct vdev *device_operand(struct vmblok *vm, const char *operands, int *error)
{
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &address)) {
        *error = error_vaddr(vm, "CPB");
        return NULL;
    }
    struct vdev *vdev = vdev_find(vm, (uint16_t)address);
    if (!vdev)
        *error = error_no_device(vm, "CPB", address);
    return vdev;
}

int command_ready(struct vmblok *vm, const char *operands)
{
    int error = 0;
    struct vdev *vdev = device_operand(vm, operands, &error);
    if (vdev) {
        vdev->not_ready = false;
        vdev_attention(vdev, UNIT_DEVICE_END);
    }
    return error;
}

int command_notready(struct vmblok *vm, const char *operands)
{
    int error = 0;
    struct vdev *vdev = device_operand(vm, operands, &error);
    if (vdev && (vdev->class == CLASS_DASD || vdev->class == CLASS_CONSOLE))
        return cp_error(vm, "CPB", 6, "INVALID DEVICE TYPE - %03X", vdev->address);
    if (vdev)
        vdev->not_ready = true;
    return error;
}

int command_reset(struct vmblok *vm, const char *operands)
{
    int error = 0;
    struct vdev *vdev = device_operand(vm, operands, &error);
    if (vdev) {
        vdev_reset(vdev);
        if (vdev->ops == &dial_ops)
            dial_release(vdev);
        cp_printf(vm, "DEVICE RESET");
    }
    return error;
}

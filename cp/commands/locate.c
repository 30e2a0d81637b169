/* LOCATE and DCP: where CP's control blocks are, and what is in them.  The layouts are in CP's
 * headers: struct vmblok, vdev, rdev. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/text/operands.h"
#include "cp/vdev.h"
#include "lib/be.h"
#include "lib/str.h"

int command_locate(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    uint32_t address;
    if (!str_word(&operands, word, sizeof word))
        return error_userid(vm, "CFC");
    if (operand_device(word, &address)) {
        struct rdev *rdev = rdev_find((uint16_t)address);
        if (rdev) {
            cp_printf(vm, "RDEVBLOK = %06X", (unsigned)(uintptr_t)rdev);
            return 0;
        }
    }
    if (!operand_userid(word, userid))
        return error_userid(vm, "CFC");
    struct vmblok *user = vm_find(userid);
    if (!user)
        return error_not_logged_on(vm, "CFC", userid);
    cp_printf(vm, "VMBLOK = %06X", (unsigned)(uintptr_t)user);
    if (!str_word(&operands, word, sizeof word))
        return 0;
    struct vdev *vdev = operand_device(word, &address) ? vdev_find(user, (uint16_t)address) : NULL;
    if (!vdev)
        return error_vaddr(vm, "CFC");
    cp_printf(vm, "VDEVBLOK = %06X", (unsigned)(uintptr_t)vdev);
    return 0;
}

/* DCP hexloc[-hexloc|.count]: real storage, four words on a line. */
int command_dcp(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    struct operand_range range;
    if (!str_word(&operands, word, sizeof word) || !operand_range(word, &range))
        return cp_error(vm, "CDB", 33, "HEXLOC MISSING OR INVALID");
    uint32_t last = range.to_end ? cp.storage_size - 1 : range.last;
    if (last >= cp.storage_size)
        return cp_error(vm, "CDB", 160, "HEXLOC %06X EXCEEDS STORAGE", (unsigned)last);
    for (uint32_t at = range.first & ~15u; at <= last; at += 16) {
        const uint8_t *bytes = (const uint8_t *)(uintptr_t)at;
        cp_printf(vm, "%06X  %08X %08X %08X %08X", (unsigned)at, (unsigned)load_be32(bytes),
                  (unsigned)load_be32(bytes + 4), (unsigned)load_be32(bytes + 8),
                  (unsigned)load_be32(bytes + 12));
        if (terminal_stopped(vm))
            break;
    }
    return 0;
}

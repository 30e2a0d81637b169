/* COUPLE: joins a virtual channel-to-channel adapter to another user's. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/text/operands.h"
#include "cp/vctca.h"
#include "lib/str.h"

#define MODULE "DIA"

int command_couple(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    uint32_t from, to;
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &from))
        return error_vaddr(vm, MODULE);
    if (!str_word(&operands, word, sizeof word) ||
        (str_abbrev(word, "TO", 1) && !str_word(&operands, word, sizeof word)))
        return error_userid(vm, MODULE);
    if (strcmp(word, "*") == 0)
        str_copy(userid, vm->userid, sizeof userid);
    else if (!operand_userid(word, userid))
        return error_userid(vm, MODULE);
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &to))
        return error_vaddr(vm, MODULE);
    struct vdev *mine = vdev_find(vm, (uint16_t)from);
    if (!mine)
        return error_no_device(vm, MODULE, from);
    if (mine->ops != &vctca_ops)
        return cp_error(vm, MODULE, 11, "INVALID DEVICE TYPE - %03X", (unsigned)from);
    struct vmblok *user = vm_find(userid);
    if (!user || !user->logged_on)
        return error_not_logged_on(vm, MODULE, userid);
    struct vdev *other = vdev_find(user, (uint16_t)to);
    if (!other)
        return cp_error(vm, MODULE, 47, "%s %03X DOES NOT EXIST", userid, (unsigned)to);
    if (other->ops != &vctca_ops || other == mine)
        return cp_error(vm, MODULE, 11, "INVALID DEVICE TYPE - %s %03X", userid, (unsigned)to);
    if (vctca_other(other))
        return cp_error(vm, MODULE, 58, "CTCA %s %03X BUSY", userid, (unsigned)to);
    vctca_couple(mine, other);
    return 0;
}

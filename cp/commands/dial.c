/* DIAL: the terminal becomes a display of a virtual machine.  Source: VM/370 Terminal User's Guide,
 * GC20-1810. */
#include "cp/dial.h"

#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/session.h"
#include "cp/text/operands.h"
#include "lib/str.h"

#define MODULE "DIA"

/* Until the user has what was written.  False: the terminal is gone. */
static bool all_shown(struct vmblok *vm, struct terminal *t)
{
    while (vm->terminal == t && !t->lost && (t->queued || t->active) && !(vm->work & WORK_FORCE))
        task_sleep_until(&t->queued, tod_now() + TOD_MILLISECONDS(20));
    return vm->terminal == t && !t->lost && !(vm->work & WORK_FORCE);
}

int command_dial(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    uint32_t address = 0;
    struct terminal *t = vm->terminal;
    if (vm->logged_on)
        return cp_error(vm, "CFC", 1, "?CP: DIAL");
    if (!str_word(&operands, word, sizeof word) || !operand_userid(word, userid))
        return error_userid(vm, MODULE);
    if (str_word(&operands, word, sizeof word) && !operand_device(word, &address))
        return error_vaddr(vm, MODULE);
    if (!vm_find(userid))
        return error_not_logged_on(vm, MODULE, userid);
    struct vdev *line = dial_find(vm_find(userid), (uint16_t)address);
    if (!line || !t || !t->screen)
        return cp_error(vm, MODULE, 55, "LINE(S) NOT AVAILABLE ON %s", userid);
    cp_printf(vm, "DIALED TO %s %03X", userid, line->address);
    if (!all_shown(vm, t))
        session_end(vm, "");
    /* Meanwhile somebody else may have been faster. */
    struct vmblok *user = vm_find(userid);
    line = user && !user->leaving ? dial_find(user, (uint16_t)address) : NULL;
    if (!line)
        return cp_error(vm, MODULE, 55, "LINE(S) NOT AVAILABLE ON %s", userid);
    vm->terminal = NULL; /* it is not left: the guest has it now */
    t->vm = NULL;
    dial_connect(line, t);
    session_end(vm, "");
}

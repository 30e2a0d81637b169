/* MSG, WNG, MSGNOH: a line to another user; SMSG: one for a program; SEND: one for a console that
 * is one's own for a time. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/text/operands.h"
#include "cp/vconsole.h"
#include "cp/vmcf.h"
#include "cp/vmrun.h"
#include "lib/str.h"

enum message_kind { KIND_MSG, KIND_WNG, KIND_NOH };

/* Who sends it: a terminal where nobody is logged on has a name by its line. */
static void sender_name(char *to, size_t size, const struct vmblok *vm)
{
    if (vm->logged_on)
        str_copy(to, vm->userid, size);
    else
        fmt(to, size, "LOGON%03X", vm->terminal ? vm->terminal->rdev->address : 0);
}

/* Why this user does not get it; NULL: gets it. */
static const char *refusal(const struct vmblok *to, enum message_kind kind)
{
    if (!to->terminal)
        return "DISCONNECTED";
    if (kind == KIND_WNG ? !to->set.wng : !to->set.msg)
        return kind == KIND_WNG ? "WNG OFF" : "MSG OFF";
    return NULL;
}

static int not_receiving(struct vmblok *vm, const char *userid, const char *reason)
{
    return cp_message(vm, "MSG", 57, 'W', "%s NOT RECEIVING; %s", userid, reason);
}

static void deliver(struct vmblok *from, struct vmblok *to, enum message_kind kind,
                    const char *text)
{
    char time[CLOCK_TIME_SIZE], name[USERID_SIZE];
    if (kind == KIND_NOH) {
        terminal_tell(to, "%s", text);
        return;
    }
    clock_format_time(time, tod_now());
    sender_name(name, sizeof name, from);
    terminal_tell(to, "%s  * %s FROM %-8s: %s", time, kind == KIND_WNG ? "WNG" : "MSG", name, text);
}

static int deliver_all(struct vmblok *vm, enum message_kind kind, const char *text)
{
    if (!(vm->classes & (CLASS_A | CLASS_B)))
        return error_userid(vm, "MSG");
    for (struct vmblok *to = user_next(NULL); to; to = user_next(to))
        if (!refusal(to, kind))
            deliver(vm, to, kind, text);
    return 0;
}

static int send_message(struct vmblok *vm, const char *operands, enum message_kind kind)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    struct vmblok *to;
    if (!str_word(&operands, word, sizeof word))
        return error_userid(vm, "MSG");
    if (!*operands)
        return error_operand(vm, "MSG", NULL);
    if (str_equal(word, "ALL"))
        return deliver_all(vm, kind, operands);
    if (str_equal(word, "*")) {
        to = vm;
        str_copy(userid, vm->userid, sizeof userid);
    } else if (str_abbrev(word, "OPERATOR", 2)) {
        to = cp.operator_vm;
        str_copy(userid, "OPERATOR", sizeof userid);
    } else if (operand_userid(word, userid)) {
        to = vm_find(userid);
    } else {
        return error_userid(vm, "MSG");
    }
    if (!vm->logged_on && to != cp.operator_vm)
        return error_userid(vm, "MSG");
    if (!to)
        return error_not_logged_on(vm, "MSG", userid);
    const char *reason = refusal(to, kind);
    if (reason)
        return not_receiving(vm, userid, reason);
    deliver(vm, to, kind, operands);
    return 0;
}

int command_msg(struct vmblok *vm, const char *operands)
{
    return send_message(vm, operands, KIND_MSG);
}

int command_wng(struct vmblok *vm, const char *operands)
{
    return send_message(vm, operands, KIND_WNG);
}

int command_msgnoh(struct vmblok *vm, const char *operands)
{
    return send_message(vm, operands, KIND_NOH);
}

int command_smsg(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_userid(vm, "MSG");
    if (!*operands)
        return error_operand(vm, "MSG", NULL);
    struct vmblok *to = vm;
    if (!str_equal(word, "*")) {
        if (!operand_userid(word, userid))
            return error_userid(vm, "MSG");
        to = vm_find(userid);
        if (!to)
            return error_not_logged_on(vm, "MSG", userid);
    }
    const char *reason = vmcf_smsg(vm, to, operands);
    return reason ? not_receiving(vm, to->userid, reason) : 0;
}

/* SEND [CP] userid text: to a disconnected user whose CONSOLE statement names the sender. */
int command_send(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE], line[TERMINAL_LINE + 1];
    bool named = str_word(&operands, word, sizeof word), to_cp = named && str_equal(word, "CP");
    if (to_cp)
        named = str_word(&operands, word, sizeof word);
    if (!named || !operand_userid(word, userid))
        return error_userid(vm, "MSG");
    struct vmblok *to = vm_find(userid);
    if (!to)
        return error_not_logged_on(vm, "MSG", userid);
    if (!str_equal(to->secondary, vm->userid) || to->terminal || to == vm)
        return cp_error(vm, "MSG", 68, "SEND NOT AUTHORIZED FOR %s", userid);
    str_copy(line, operands, sizeof line);
    if (to_cp && !*operands)
        return error_operand(vm, "MSG", NULL);
    if (to_cp ? command_vm(to)->sent_command[0] != 0 : !vconsole_has_room(to))
        return not_receiving(vm, userid, "BUSY");
    if (to_cp)
        str_copy(command_vm(to)->sent_command, line, sizeof line);
    else
        vconsole_stack(to, line, strlen(line) + 1);
    vm_post(to, WORK_CONSOLE);
    return 0;
}

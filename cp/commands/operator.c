/* ENABLE, DISABLE, AUTOLOG, FORCE, ACNT, HALT, SHUTDOWN: the system operator's. */
#include "cp/account.h"
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/failure.h"
#include "cp/monitor/monitor.h"
#include "cp/session.h"
#include "cp/spool/cpspool.h"
#include "cp/text/operands.h"
#include "cp/vmrun.h"
#include "lib/str.h"

/* ENABLE and DISABLE: ALL, or lines and ranges of them. */
static int switch_lines(struct vmblok *vm, const char *operands, bool enabled)
{
    char word[WORD_SIZE];
    if (!*operands)
        return cp_error(vm, "CPV", 21, "RADDR MISSING OR INVALID");
    while (str_word(&operands, word, sizeof word)) {
        uint32_t first = 0, last = 0xfff;
        bool found = false;
        if (!str_equal(word, "ALL") && !operand_device_range(word, &first, &last))
            return cp_error(vm, "CPV", 21, "RADDR MISSING OR INVALID");
        LIST_EACH(it, &cp.commands->terminals)
        {
            struct terminal *t = LIST_ENTRY(it, struct terminal, link);
            if (t->rdev->address < first || t->rdev->address > last || t == cp.commands->console)
                continue;
            found = true;
            terminal_enable(t, enabled);
        }
        if (!found)
            return error_no_device(vm, "CPV", first);
    }
    cp_printf(vm, "COMMAND COMPLETE");
    return 0;
}

int command_enable(struct vmblok *vm, const char *operands)
{
    return switch_lines(vm, operands, true);
}

int command_disable(struct vmblok *vm, const char *operands)
{
    return switch_lines(vm, operands, false);
}

/* AUTOLOG userid [password]; a class A or B user that CP itself logged on needs none. */
int command_autolog(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE], password[WORD_SIZE] = "";
    struct directory_user user;
    if (!str_word(&operands, word, sizeof word) || !operand_userid(word, userid))
        return error_userid(vm, "ALG");
    int error = session_lookup(vm, "ALG", userid, &user);
    if (error)
        return error;
    if (!str_word(&operands, password, sizeof password) && !(vm->classes & CLASS_A))
        return cp_error(vm, "ALG", 59, "AUTOLOG FAILED FOR %s - PASSWORD MISSING", userid);
    if (user.password.kind != PASSWORD_SET ||
        (password[0] && !directory_password_matches(&user.password, userid, password))) {
        account_journal(JOURNAL_AUTOLOG, userid, vm->userid, "");
        return cp_error(vm, "ALG", 59, "AUTOLOG FAILED FOR %s - PASSWORD INCORRECT", userid);
    }
    if (vm_find(userid))
        return cp_error(vm, "ALG", 59, "AUTOLOG FAILED FOR %s - ALREADY LOGGED ON", userid);
    return session_autolog(vm, &user);
}

int command_force(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    if (!str_word(&operands, word, sizeof word) || !operand_userid(word, userid))
        return error_userid(vm, "USO");
    struct vmblok *user = vm_find(userid);
    if (!user)
        return error_not_logged_on(vm, "USO", userid);
    if (user == vm)
        return error_userid(vm, "USO");
    if (user->leaving)
        return cp_error(vm, "USO", 361, "LOGOFF/FORCE PENDING FOR USER %s", userid);
    vm_post(user, WORK_FORCE);
    return 0;
}

int command_acnt(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_userid(vm, "CPV");
    if (str_equal(word, "ALL")) {
        for (struct vmblok *user = user_next(NULL); user; user = user_next(user))
            account_cut(user);
        account_punch();
        return 0;
    }
    if (!operand_userid(word, userid))
        return error_userid(vm, "CPV");
    struct vmblok *user = vm_find(userid);
    if (!user)
        return error_not_logged_on(vm, "CPV", userid);
    account_cut(user);
    account_punch();
    return 0;
}

/* How long SHUTDOWN waits for users to be logged off. */
#define SHUTDOWN_WAIT TOD_MILLISECONDS(10000)
/* ... and then for the operator's terminal to show the last lines. */
#define LAST_LINES_WAIT TOD_MILLISECONDS(2000)

/* Everybody is logged off, which closes their spool files, which are in the checkpoint then; the
 * rest of what a warm start restores is saved, and the machine stops. */
int command_shutdown(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    bool again = false;
    while (str_word(&operands, word, sizeof word)) {
        if (again || !str_equal(word, "REIPL")) /* a mistake would cost too much */
            return error_operand(vm, "CPI", word);
        again = true;
    }
    uint64_t limit = tod_now() + SHUTDOWN_WAIT;
    cp.shutting_down = true;
    for (struct vmblok *user = user_next(NULL); user; user = user_next(user))
        if (user != vm) {
            terminal_tell(user, "SYSTEM SHUTDOWN: YOU ARE LOGGED OFF");
            vm_post(user, WORK_FORCE);
        }
    while (cp.commands->users > 1 && tod_now() < limit)
        task_sleep_until(&cp.shutting_down, tod_now() + TOD_MILLISECONDS(20));
    account_cut(vm);
    account_punch();
    if (cp.monitor && cp.monitor->active)
        monitor_stop(vm->userid);
    vm_reset(vm);
    spool_console_end(vm);
    if (recover_save())
        terminal_tell(vm, "DMKCPI960I SYSTEM WARM START DATA SAVED");
    else
        terminal_tell(
            vm, "DMKCKP902W FATAL I/O ERROR - WARM AREA; CKPT START WILL RESTORE SPOOL FILES");
    terminal_tell(vm, "DMKCPI961W SYSTEM SHUTDOWN COMPLETE");
    limit = tod_now() + LAST_LINES_WAIT;
    while (vm->terminal && vm->terminal->queued && tod_now() < limit)
        task_sleep_until(&cp.shutting_down, tod_now() + TOD_MILLISECONDS(20));
    if (again)
        system_restart("WARM RESTART");
    halt_machine(PANIC_SHUTDOWN);
}

/* HALT raddr: the channel program that runs there ends; whoever has started it is told so. */
int command_halt(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &address))
        return cp_error(vm, "CPS", 21, "RADDR MISSING OR INVALID");
    struct rdev *rdev = rdev_find((uint16_t)address);
    if (!rdev)
        return error_no_device(vm, "CPS", address);
    rio_halt(rdev);
    cp_printf(vm, "%s %03X HALTED", device_class_name(rdev->class), rdev->address);
    return 0;
}

/* Sessions, from a terminal's first attention to LOGOFF: see session.h.  How a virtual machine is
 * built is in cp/build.c, the LOGON command in cp/logon.c. */
#include "cp/session.h"

#include "cp/account.h"
#include "cp/commands/state.h"
#include "cp/spool/commands.h"
#include "cp/vconsole.h"
#include "cp/vmrun.h"
#include "lib/str.h"

struct vmblok *session_new(void)
{
    struct vmblok *vm = vm_create();
    if (!vm)
        return NULL;
    struct command_vm *data = cp_alloc(sizeof *data);
    vm->command_data = data;
    if (!data) {
        vm_destroy(vm);
        return NULL;
    }
    const struct linedit standard = LINEDIT_DEFAULT;
    vm->set = (struct vm_settings){
        .msg = true,
        .wng = true,
        .imsg = true,
        .acnt = true,
        .emsg_code = true,
        .emsg_text = true,
        .linedit = true,
        .timer = true,
        .attn_vm = true,
        .chardel = (uint8_t)standard.char_delete,
        .linedel = (uint8_t)standard.line_delete,
        .lineend = (uint8_t)standard.line_end,
        .escape = (uint8_t)standard.escape,
        .linesize = 130,
    };
    return vm;
}

/* "LINE 0C0", for messages. */
static void line_name(char *to, size_t size, const struct vmblok *vm)
{
    if (vm->terminal)
        fmt(to, size, "%s %03X", vm->terminal == cp.commands->console ? "CONS" : "LINE",
            vm->terminal->rdev->address);
    else
        str_copy(to, "***", size);
}

void session_greet(struct vmblok *vm)
{
    char stamp[CLOCK_STAMP_SIZE];
    clock_format_stamp(stamp, tod_now());
    vm->terminal->greeted = true;
    terminal_tell(vm, " ");
    terminal_tell(vm, "      _       _   _");
    terminal_tell(vm, "   __| | __ _| |_| |__   _____  __");
    terminal_tell(vm, "  / _` |/ _` | __| '_ \\ / _ \\ \\/ /");
    terminal_tell(vm, " | (_| | (_| | |_| |_) | (_) >  <");
    terminal_tell(vm, "  \\__,_|\\__,_|\\__|_.__/ \\___/_/\\_\\");
    terminal_tell(vm, " ");
    terminal_tell(vm, "datbox CP online  line %03X  %s", vm->terminal->rdev->address, stamp);
    if (vm->terminal != cp.commands->console)
        terminal_tell(vm, "LOGON userid begins a session, HELP lists the commands.");
}

void session_times(struct vmblok *vm)
{
    char connect[CLOCK_CPU_SIZE], virtual[CLOCK_CPU_SIZE], total[CLOCK_CPU_SIZE];
    vm_timers_update(vm);
    clock_format_length(connect, tod_now() - vm->logon_tod);
    clock_format_cpu(virtual, vm->virtual_time >> TOD_MICROSECONDS);
    clock_format_cpu(total, (vm->task ? vm->task->total : 0) >> TOD_MICROSECONDS);
    cp_printf(vm, "CONNECT= %s VIRTCPU= %s TOTCPU= %s", connect, virtual, total);
}

void session_begin(struct vmblok *vm, const struct vmblok *by)
{
    char line[12];
    struct command_vm *data = command_vm(vm);
    line_name(line, sizeof line, vm);
    vm->logged_on = true;
    vm->disconnected = !vm->terminal;
    vm->logon_tod = data->account_tod = tod_now();
    data->account_total = vm->task ? vm->task->total : 0;
    cp.commands->users++;
    if (vm->terminal)
        operator_printf("%s LOGON  AS %-8s USERS = %03u", line, vm->userid,
                        (unsigned)cp.commands->users);
    else
        operator_printf("AUTO LOGON *** %-8s USERS = %03u BY %s", vm->userid,
                        (unsigned)cp.commands->users, by ? by->userid : "SYSTEM");
}

void session_logmsg(struct vmblok *vm)
{
    char stamp[CLOCK_STAMP_SIZE];
    const struct command_state *state = cp.commands;
    if (!state->logmsg_tod)
        return;
    clock_format_stamp(stamp, state->logmsg_tod);
    cp_printf(vm, "LOGMSG - %s", stamp);
    for (int i = 0; i < LOGMSG_LINES; i++)
        if (state->logmsg[i][0])
            cp_printf(vm, "* %s", state->logmsg[i]);
}

void session_welcome(struct vmblok *vm, const char *what)
{
    char files[80], stamp[CLOCK_STAMP_SIZE];
    session_logmsg(vm);
    if (spool_files_line(vm->userid, files, sizeof files))
        cp_printf(vm, "%s", files);
    clock_format_stamp(stamp, tod_now());
    cp_printf(vm, "%s AT %s", what, stamp);
}

void session_disconnect(struct vmblok *vm)
{
    char line[12];
    line_name(line, sizeof line, vm);
    vm->disconnected = true;
    command_vm(vm)->cp_read_tod = 0;
    terminal_leave(vm);
    operator_printf("%s DSCNCT AS %-8s USERS = %03u", line, vm->userid,
                    (unsigned)cp.commands->users);
}

/* The farewell of somebody who was logged on. */
static void log_off(struct vmblok *vm, const char *reason)
{
    char line[12], stamp[CLOCK_STAMP_SIZE];
    vm->leaving = true;
    vm->response = NULL;
    session_times(vm);
    clock_format_stamp(stamp, tod_now());
    cp_printf(vm, "LOGOFF AT %s%s%s", stamp, *reason ? " " : "", reason);
    account_cut(vm);
    account_punch();
    spool_console_end(vm);
    line_name(line, sizeof line, vm);
    cp.commands->users--;
    operator_printf("%s LOGOFF AS %-8s USERS = %03u%s%s", line, vm->userid,
                    (unsigned)cp.commands->users, *reason ? " " : "", reason);
    if (cp.operator_vm == vm)
        cp.operator_vm = NULL;
}

void session_end(struct vmblok *vm, const char *reason)
{
    struct command_vm *data = command_vm(vm);
    if (vm->logged_on)
        log_off(vm, reason);
    vm_reset(vm);
    terminal_leave(vm);
    vm_destroy(vm);
    cp_free(data, sizeof *data);
    task_exit();
}

void vm_force(struct vmblok *vm)
{
    session_end(vm, "FORCED");
}

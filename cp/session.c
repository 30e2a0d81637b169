/* Sessions, from a terminal's first attention to LOGOFF: see session.h.  How a virtual machine is
 * built is in cp/build.c, the LOGON command in cp/logon.c. */
#include "cp/session.h"

#include "cp/account.h"
#include "cp/fullscreen.h"
#include "cp/monitor/monitor.h"
#include "cp/pfkeys.h"
#include "cp/commands/state.h"
#include "cp/spool/commands.h"
#include "cp/terminal_ops.h"
#include "cp/vconsole.h"
#include "cp/vmrun.h"
#include "cp/trace.h"
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
        .more_first = 50,
        .more_second = 10,
        .hold = true,
    };
    return vm;
}

const char *const session_logo[SESSION_LOGO_LINES] = {
    "      _       _   _",
    "   __| | __ _| |_| |__   _____  __",
    "  / _` |/ _` | __| '_ \\ / _ \\ \\/ /",
    " | (_| | (_| | |_| |_) | (_) >  <",
    "  \\__,_|\\__,_|\\__|_.__/ \\___/_/\\_\\",
};

size_t session_online(char *to, size_t size, const struct terminal *t)
{
    char stamp[CLOCK_STAMP_SIZE];
    clock_format_stamp(stamp, tod_now());
    return fmt(to, size, "datbox CP online  line %03X  %s", t->rdev->address, stamp);
}

void session_greet(struct vmblok *vm)
{
    char text[80];
    struct terminal *t = vm->terminal;
    t->greeted = true;
    if (t->ops->greet) {
        t->ops->greet(t);
        return;
    }
    terminal_tell(vm, " ");
    for (int i = 0; i < SESSION_LOGO_LINES; i++)
        terminal_tell(vm, "%s", session_logo[i]);
    terminal_tell(vm, " ");
    session_online(text, sizeof text, t);
    terminal_tell(vm, "%s", text);
    if (t != cp.commands->console)
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
    char line[TERMINAL_NAME_SIZE];
    struct command_vm *data = command_vm(vm);
    terminal_name(line, vm->terminal);
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
    const struct monitor_line event = {.vm = vm};
    MONITOR_CALL(MONITOR_RESPONSE, RESPONSE_LOGON, &event);
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
    char line[TERMINAL_NAME_SIZE];
    terminal_name(line, vm->terminal);
    vm->disconnected = true;
    command_vm(vm)->cp_read_tod = 0;
    terminal_leave(vm);
    vm_post(vm, WORK_TERMINAL); /* a full screen command ends with intervention required */
    operator_printf("%s DSCNCT AS %-8s USERS = %03u", line, vm->userid,
                    (unsigned)cp.commands->users);
}

/* The farewell of somebody who was logged on. */
static void log_off(struct vmblok *vm, const char *reason)
{
    char line[TERMINAL_NAME_SIZE], stamp[CLOCK_STAMP_SIZE];
    const struct monitor_line event = {.vm = vm};
    MONITOR_CALL(MONITOR_USER, USER_STATISTICS, vm);
    MONITOR_CALL(MONITOR_USER, USER_EXITS, vm);
    MONITOR_CALL(MONITOR_RESPONSE, RESPONSE_LOGOFF, &event);
    vm->leaving = true;
    vm->response = NULL;
    session_times(vm);
    clock_format_stamp(stamp, tod_now());
    cp_printf(vm, "LOGOFF AT %s%s%s", stamp, *reason ? " " : "", reason);
    account_cut(vm);
    account_punch();
    spool_console_end(vm);
    terminal_name(line, vm->terminal);
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
    pf_free(vm);
    per_free(vm);
    cp_free(data, sizeof *data);
    task_exit();
}

void vm_force(struct vmblok *vm)
{
    session_end(vm, "FORCED");
}

/* Where a typed line goes: to CP as a command, or to the guest's console.  This is the VM's side
 * of its terminal (cp/terminal.c is the device's side), in the VM's own task. */
#include "cp/commands/state.h"
#include "cp/fullscreen.h"
#include "cp/screen.h"
#include "cp/session.h"
#include "cp/spool/cpspool.h"
#include "cp/vconsole.h"
#include "cp/vmrun.h"
#include "lib/str.h"

/* Takes the line that was read, edited as the user's settings say. */
static size_t take_line(struct vmblok *vm, char *line)
{
    struct terminal *t = vm->terminal;
    const struct vm_settings *set = &vm->set;
    const struct linedit edit = {(char)set->lineend, (char)set->chardel, (char)set->linedel,
                                 (char)set->escape, (char)set->tabchar};
    const struct linedit none = {0};
    size_t length = linedit(set->linedit ? &edit : &none, t->input, t->input_length, line);
    memset(t->input, 0, sizeof t->input);
    t->input_ready = false;
    return length;
}

/* What was typed is part of the console's spool file. */
static void log_lines(struct vmblok *vm, const char *line, const char *end)
{
    for (; line <= end; line += strlen(line) + 1)
        spool_console_line(vm, line, strlen(line));
}

/* Runs logical lines as commands.  Once a command lets the guest go on, what is left of a line
 * typed in CP mode is for the guest. */
static void run_commands(struct vmblok *vm, const char *line, const char *end, bool all)
{
    for (; line <= end; line += strlen(line) + 1) {
        if (!all && !vm->cp_mode) {
            if (command_vm(vm)->guest_reads)
                vconsole_lines(vm, line, (size_t)(end - line) + 1);
            else
                vconsole_stack(vm, line, (size_t)(end - line) + 1);
            return;
        }
        command_run(vm, line);
        terminal_throttle(vm);
    }
}

void console_stop(struct vmblok *vm)
{
    if (vm->set.run && vm->terminal)
        vm->terminal->cp_lines = true;
    else
        vm->cp_mode = true;
    terminal_tell(vm, "CP");
    if (vm->terminal)
        terminal_guest_reads(vm, command_vm(vm)->guest_reads);
}

void console_resume(struct vmblok *vm)
{
    vm->cp_mode = false;
    command_vm(vm)->cp_read_tod = 0;
    if (vm->terminal)
        vm->terminal->cp_lines = false;
    terminal_guest_reads(vm, command_vm(vm)->guest_reads);
    fullscreen_resumed(vm);
}

/* A disconnected VM that waits for a command will never get one: it is logged off in time. */
static void wait_disconnected(struct vmblok *vm)
{
    struct command_vm *data = command_vm(vm);
    if (!data->cp_read_tod)
        data->cp_read_tod = tod_now();
    uint64_t limit = data->cp_read_tod + TOD_MILLISECONDS(DISCONNECT_WAIT);
    if (tod_now() >= limit)
        session_end(vm, "FORCED");
    task_sleep_until(vm, limit);
}

void console_function(struct vmblok *vm)
{
    char line[TERMINAL_LINE + 1];
    struct terminal *t = vm->terminal;
    if (command_vm(vm)->first_command[0]) {
        fmt(line, sizeof line, "%s", command_vm(vm)->first_command);
        command_vm(vm)->first_command[0] = 0;
        command_run(vm, line);
        return;
    }
    if (!t) {
        wait_disconnected(vm);
        return;
    }
    if (!vm->logged_on && !t->greeted)
        session_greet(vm);
    if (!t->input_ready) {
        terminal_cp_reads(t, true);
        if (!vm->work && !t->input_ready)
            task_sleep(vm);
        return;
    }
    t->read_wanted = false;
    size_t length = take_line(vm, line);
    log_lines(vm, line, line + length);
    const char *start = line;
    const char *command = linedit_cp_escape(line, length);
    if (command)
        start = command;
    if (!length && vm->logged_on)
        terminal_tell(vm, "CP");
    else
        run_commands(vm, start, line + length, false);
}

static void connection_is_lost(struct vmblok *vm)
{
    if (vm->logged_on) {
        session_disconnect(vm);
        return;
    }
    session_end(vm, "");
}

/* A line for a VM whose guest runs. */
static void running_line(struct vmblok *vm)
{
    char line[TERMINAL_LINE + 1];
    size_t length = take_line(vm, line);
    log_lines(vm, line, line + length);
    const char *command = vm->set.linedit ? linedit_cp_escape(line, length) : NULL;
    if (vm->terminal->cp_lines)
        run_commands(vm, line, line + length, true);
    else if (command && command == line + length)
        console_stop(vm);
    else if (command)
        run_commands(vm, command, line + length, true);
    else if (!length && !vm->set.attn_vm && !command_vm(vm)->guest_reads)
        console_stop(vm);
    else
        vconsole_lines(vm, line, length + 1);
}

/* A line for the guest stays in the terminal until it has room: whoever pastes a text loses
 * nothing.  Lines for CP need none. */
static bool may_take_line(struct vmblok *vm)
{
    const struct terminal *t = vm->terminal;
    bool for_cp = t->cp_lines || (vm->set.linedit && t->input[0] == (char)vm->set.lineend);
    return for_cp || vconsole_has_room(vm);
}

void terminal_work(struct vmblok *vm)
{
    struct terminal *t = vm->terminal;
    fullscreen_work(vm);
    if (!t)
        return;
    if (t->lost) {
        connection_is_lost(vm);
        return;
    }
    screen_copy_print(vm);
    if (vm->terminal != t)
        return;
    if (t->broke) {
        t->broke = false;
        if (vm->logged_on)
            console_stop(vm);
    }
    if (t->input_ready && !vm->cp_mode && may_take_line(vm))
        running_line(vm);
    /* A further line may wait in the device. */
    if (vm->terminal)
        terminal_guest_reads(vm, command_vm(vm)->guest_reads);
}

/* The virtual 3215: a guest's console, by what its terminal and the lines typed ahead give.
 * Commands: GA24-3550, "3210/3215 Console Printer-Keyboard". */
#include "cp/vconsole.h"

#include "cp/commands/state.h"
#include "cp/fullscreen.h"
#include "cp/spool/cpspool.h"
#include "cp/vdev.h"
#include "cp/vmrun.h"
#include "lib/str.h"

#define GOOD (UNIT_CHANNEL_END | UNIT_DEVICE_END)

/* To the terminal, the console's spool file, or both, as SPOOL CONSOLE says. */
static void write_text(struct vmblok *vm, const char *text, size_t length, unsigned flags)
{
    if (!spool_console_is_quiet(vm))
        terminal_write_text(vm, text, length, flags | TERMINAL_GUEST);
    spool_console_line(vm, text, length);
}

static unsigned console_write(struct vdev *vdev, struct vchannel *ch)
{
    char text[TERMINAL_LINE];
    struct vmblok *vm = vdev->vm;
    unsigned flags = ch->command == 0x01 ? TERMINAL_NO_RETURN : 0;
    size_t used = 0;
    for (;;) {
        uint32_t n = vchannel_take(vdev, text + used, (uint32_t)(sizeof text - used));
        used += n;
        if (used < sizeof text)
            break;
        write_text(vm, text, used, flags | TERMINAL_NO_RETURN);
        used = 0;
    }
    write_text(vm, text, used, flags);
    terminal_throttle(vm);
    return GOOD;
}

/* Gives the first waiting line to the guest's READ. */
static void give_line(struct vdev *vdev)
{
    struct command_vm *data = command_vm(vdev->vm);
    uint16_t length = (uint16_t)strlen(data->stack);
    vchannel_give(vdev, data->stack, length);
    data->stack_used = (uint16_t)(data->stack_used - length - 1);
    memmove(data->stack, data->stack + length + 1, data->stack_used);
    if (vdev->vm->terminal && vdev->vm->terminal->input_ready)
        vm_post(vdev->vm, WORK_TERMINAL); /* a line may wait for room */
    /* As with the real device: a further line gives attention of its own. */
    if (data->stack_used)
        vdev_attention(vdev, UNIT_ATTENTION);
}

static unsigned console_read(struct vdev *vdev, struct vchannel *ch)
{
    if (command_vm(vdev->vm)->stack_used) {
        give_line(vdev);
        return GOOD;
    }
    terminal_guest_reads(vdev->vm, true);
    return COMMAND_PENDING;
}

static unsigned console_alarm(struct vdev *vdev, struct vchannel *ch)
{
    terminal_write_text(vdev->vm, "", 0, TERMINAL_ALARM);
    return GOOD;
}

static unsigned console_command(struct vdev *vdev, struct vchannel *ch)
{
    static const struct {
        uint8_t command;
        unsigned (*run)(struct vdev *vdev, struct vchannel *ch);
    } rows[] = {
        {0x01, console_write},
        {0x09, console_write},
        {0x0a, console_read},
        {0x0b, console_alarm},
    };
    if (vdev->by_diagnose)
        return fullscreen_diagnose(vdev, ch);
    if (vdev->vm->set.conmode_3270)
        return fullscreen_command(vdev, ch);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].command == ch->command)
            return rows[i].run(vdev, ch);
    return vdev_check(vdev, SENSE_COMMAND_REJECT);
}

static void console_halt(struct vdev *vdev)
{
    if (command_vm(vdev->vm)->fullscreen) {
        fullscreen_cancel(vdev->vm);
        vchannel_end(vdev, GOOD);
        return;
    }
    if (!command_vm(vdev->vm)->guest_reads)
        return;
    terminal_guest_reads(vdev->vm, false);
    vchannel_end(vdev, GOOD);
}

static void console_reset(struct vdev *vdev)
{
    fullscreen_cancel(vdev->vm);
    terminal_guest_reads(vdev->vm, false);
    command_vm(vdev->vm)->stack_used = 0;
}

static void console_detach(struct vdev *vdev)
{
    fullscreen_cancel(vdev->vm);
    terminal_guest_reads(vdev->vm, false);
    spool_console_end(vdev->vm);
    vdev->vm->console = NULL;
}

static const struct vdev_ops console_ops = {
    .class_name = "CONS",
    .command = console_command,
    .halt = console_halt,
    .reset = console_reset,
    .detach = console_detach,
};

struct vdev *vconsole_create(struct vmblok *vm, uint16_t address, uint16_t type)
{
    struct vdev *vdev = vdev_create(vm, address, &console_ops);
    if (!vdev)
        return NULL;
    vdev->type = type;
    vdev->class = CLASS_CONSOLE;
    vm->console = vdev;
    return vdev;
}

bool vconsole_has_room(struct vmblok *vm)
{
    struct command_vm *data = command_vm(vm);
    return sizeof data->stack - data->stack_used > TERMINAL_LINE;
}

void vconsole_stack(struct vmblok *vm, const char *lines, size_t length)
{
    struct command_vm *data = command_vm(vm);
    if (data->stack_used + length > sizeof data->stack) {
        cp_printf(vm, "NOT ACCEPTED: TOO MANY LINES WAIT FOR THE VIRTUAL MACHINE");
        return;
    }
    memcpy(data->stack + data->stack_used, lines, length);
    data->stack_used = (uint16_t)(data->stack_used + length);
}

/* There may be a line for the guest. */
static void offer_line(struct vmblok *vm)
{
    struct command_vm *data = command_vm(vm);
    if (!data->guest_reads) {
        vconsole_attention(vm);
        return;
    }
    if (!data->stack_used)
        return;
    terminal_guest_reads(vm, false);
    give_line(vm->console);
    vchannel_end(vm->console, GOOD);
}

void vconsole_lines(struct vmblok *vm, const char *lines, size_t length)
{
    if (!vm->console)
        return;
    vconsole_stack(vm, lines, length);
    offer_line(vm);
}

void vconsole_sent(struct vmblok *vm)
{
    char line[sizeof command_vm(vm)->sent_command];
    str_copy(line, command_vm(vm)->sent_command, sizeof line);
    command_vm(vm)->sent_command[0] = 0;
    if (line[0])
        command_run(vm, line);
    if (vm->console && command_vm(vm)->stack_used)
        offer_line(vm);
}

void vconsole_attention(struct vmblok *vm)
{
    if (vm->console)
        vdev_attention(vm->console, UNIT_ATTENTION);
}

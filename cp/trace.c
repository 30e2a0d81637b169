/* TRACE and ADSTOP: what the guest does, a line for each event, in the forms of VM/370: "***" is
 * an interruption, ":::" a privileged operation, "I/O" the start of one.
 * Source: CP Command Reference for General Users, GC20-1820, TRACE. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/guest.h"
#include "cp/privop.h"
#include "cp/text/operands.h"
#include "cp/vconsole.h"
#include "cp/vdev.h"
#include "cp/vmrun.h"
#include "lib/be.h"
#include "lib/str.h"
#include "s370/arch/lowcore.h"

/* What ADSTOP puts over the instruction: an SVC that no system uses. */
#define ADSTOP_SVC 0xb3
#define LOW(field) ((uint32_t)offsetof(struct lowcore, field))
#define ALL_EVENTS 0xff

/* "*** 020A10 SVC 0003 ==> 000F2C", with where the guest's new PSW leads. */
static void show_interruption(struct vmblok *vm, const char *name, uint32_t code, uint32_t new_psw)
{
    uint32_t to = 0;
    guest_read32(vm, new_psw + 4, &to);
    cp_printf(vm, "*** %06X %-4s %04X ==> %06X", (unsigned)vm_address(vm), name, (unsigned)code,
              (unsigned)to & 0xffffff);
}

static void show_privileged(struct vmblok *vm, uint32_t code)
{
    uint8_t rest[2] = {0, 0};
    /* The PSW points behind an instruction of four bytes, or two. */
    uint32_t length = code >> 8 < 0x40 ? 2 : 4;
    uint32_t at = vm_address(vm) - length;
    if (length == 4 && guest_fetch(vm, at + 2, rest, 2))
        return;
    if (length == 2)
        cp_printf(vm, "::: %06X %-5s %04X", (unsigned)at, privop_name(vm->exits.kind),
                  (unsigned)code);
    else
        cp_printf(vm, "::: %06X %-5s %04X%04X", (unsigned)at, privop_name(vm->exits.kind),
                  (unsigned)code, load_be16(rest));
}

static void show_sio(struct vmblok *vm, uint32_t device)
{
    uint32_t caw = 0, ccw[2] = {0, 0};
    const struct vdev *vdev = vdev_find(vm, (uint16_t)device);
    guest_read32(vm, LOW(caw), &caw);
    guest_read(vm, caw & 0xffffff, ccw, sizeof ccw);
    cp_printf(vm, "I/O %06X SIO %-4s %03X CC %u CAW %08X CCW %08X %08X",
              (unsigned)vm_address(vm) - 4, vdev ? vdev->ops->class_name : "DEV", (unsigned)device,
              vm_get_cc(vm), (unsigned)caw, (unsigned)ccw[0], (unsigned)ccw[1]);
}

static void show(struct vmblok *vm, enum trace_kind kind, uint32_t code)
{
    switch (kind) {
    case TRACE_SVC:
        show_interruption(vm, "SVC", code, LOW(svc_new));
        break;
    case TRACE_PROGRAM:
        show_interruption(vm, "PROG", code, LOW(pgm_new));
        break;
    case TRACE_EXTERNAL:
        show_interruption(vm, "EXT", code, LOW(ext_new));
        break;
    case TRACE_IO:
        show_interruption(vm, "I/O", code, LOW(io_new));
        break;
    case TRACE_PRIV:
        show_privileged(vm, code);
        break;
    case TRACE_SIO:
        show_sio(vm, code);
        break;
    }
}

/* The SVC of an ADSTOP: the instruction comes back, and the guest stops before it. */
static bool at_adstop(struct vmblok *vm, enum trace_kind kind, uint32_t code)
{
    struct command_vm *data = command_vm(vm);
    if (kind != TRACE_SVC || code != ADSTOP_SVC || !data->adstop ||
        vm_address(vm) - 2 != data->adstop_address)
        return false;
    vm_set_address(vm, data->adstop_address);
    cp_printf(vm, "ADSTOP AT %06X", (unsigned)data->adstop_address);
    command_adstop(vm, "OFF");
    vm->cp_mode = true;
    return true;
}

bool trace_report(struct vmblok *vm, enum trace_kind kind, uint32_t code)
{
    struct command_vm *data = command_vm(vm);
    if (at_adstop(vm, kind, code))
        return true;
    if (!(data->trace_kinds & 1u << kind))
        return false;
    show(vm, kind, code);
    if (!data->trace_runs)
        vm->cp_mode = true;
    terminal_throttle(vm);
    return false;
}

/* Which events CP's core is to report. */
static void set_events(struct vmblok *vm)
{
    const struct command_vm *data = command_vm(vm);
    vm->trace_events = data->trace_kinds | (data->adstop ? 1u << TRACE_SVC : 0);
}

static const struct keyword kinds[] = {
    {"SVC", 3, 1 << TRACE_SVC},
    {"I/O", 1, 1 << TRACE_IO},
    {"PROGRAM", 4, 1 << TRACE_PROGRAM},
    {"EXTERNAL", 3, 1 << TRACE_EXTERNAL},
    {"PRIV", 4, 1 << TRACE_PRIV},
    {"SIO", 3, 1 << TRACE_SIO},
    {"CCW", 3, 1 << TRACE_SIO},
    {"ALL", 3, ALL_EVENTS},
    {0},
};

int command_trace(struct vmblok *vm, const char *operands)
{
    enum { RUN, NORUN, OFF, END, TERMINAL };
    static const struct keyword options[] = {
        {"RUN", 3, RUN}, {"NORUN", 5, NORUN},       {"OFF", 3, OFF},
        {"END", 3, END}, {"TERMINAL", 4, TERMINAL}, {0},
    };
    struct command_vm *data = command_vm(vm);
    char word[WORD_SIZE];
    uint8_t wanted = 0;
    bool runs = false, off = false;
    if (!*operands)
        return error_operand(vm, "TRA", NULL);
    while (str_word(&operands, word, sizeof word)) {
        const struct keyword *kind = keyword_find(kinds, word);
        const struct keyword *option = keyword_find(options, word);
        if (!kind && !option)
            return error_operand(vm, "TRA", word);
        if (kind) {
            wanted |= kind->value;
            continue;
        }
        runs |= option->value == RUN;
        off |= option->value == OFF || option->value == END;
        if (option->value == END)
            wanted = ALL_EVENTS;
    }
    bool was = data->trace_kinds;
    data->trace_kinds = off ? data->trace_kinds & (uint8_t)~wanted : data->trace_kinds | wanted;
    data->trace_runs = runs;
    set_events(vm);
    if (!was && data->trace_kinds)
        cp_printf(vm, "TRACE STARTED");
    if (was && !data->trace_kinds)
        cp_printf(vm, "TRACE ENDED");
    return 0;
}

/* Puts back what ADSTOP has replaced. */
static void remove_adstop(struct vmblok *vm)
{
    struct command_vm *data = command_vm(vm);
    if (data->adstop)
        guest_write(vm, data->adstop_address, data->adstop_saved, sizeof data->adstop_saved);
    data->adstop = false;
    set_events(vm);
}

int command_adstop(struct vmblok *vm, const char *operands)
{
    static const uint8_t svc[2] = {0x0a, ADSTOP_SVC};
    struct command_vm *data = command_vm(vm);
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(&operands, word, sizeof word))
        return cp_error(vm, "CFD", 33, "HEXLOC MISSING OR INVALID");
    if (str_equal(word, "OFF")) {
        remove_adstop(vm);
        return 0;
    }
    if (!str_hex(word, &address) || address % 2)
        return cp_error(vm, "CFD", 33, "HEXLOC MISSING OR INVALID");
    remove_adstop(vm);
    if (!guest_read(vm, address, data->adstop_saved, sizeof svc))
        return cp_error(vm, "CFD", 160, "HEXLOC %06X EXCEEDS STORAGE", (unsigned)address);
    guest_write(vm, address, svc, sizeof svc);
    data->adstop_address = address;
    data->adstop = true;
    set_events(vm);
    return 0;
}

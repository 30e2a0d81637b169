/* TRACE and ADSTOP: what the guest does, a line for each event, in the forms of VM/370: "***" is
 * an interruption, ":::" a privileged operation, "I/O" the start of one, "..." a branch taken.
 * Source: CP Command Reference for General Users, GC20-1820, TRACE. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/guest.h"
#include "cp/mnemonic.h"
#include "cp/spool/cpspool.h"
#include "cp/text/operands.h"
#include "cp/trace.h"
#include "cp/vconsole.h"
#include "cp/vdev.h"
#include "cp/vmrun.h"
#include "lib/be.h"
#include "lib/str.h"
#include "s370/arch/lowcore.h"

/* What ADSTOP puts over the instruction: an SVC that no system uses. */
#define ADSTOP_SVC 0xb3
#define LOW(field) ((uint32_t)offsetof(struct lowcore, field))
#define ALL_EVENTS (0xffff & ~(1 << TRACE_PER))
/* Beside the kinds of events: more lines about some. */
#define SHOW_CCW   0x4000
#define SHOW_CSW   0x8000
#define CCWS_SHOWN 32
#define PRINT_LINE 0x09 /* and space one line */

/* --- lines --- */

/* A line of TRACE, to the terminal, or the virtual printer, or both. */
static void trace_line(struct vmblok *vm, const char *format, ...) FMT_CHECK(2, 3);
static void trace_line(struct vmblok *vm, const char *format, ...)
{
    char line[132];
    va_list args;
    va_start(args, format);
    size_t length = vfmt(line, sizeof line, format, args);
    va_end(args);
    struct vspool *printer = vprinter_of(vm);
    if (command_vm(vm)->trace_output & TRACE_TO_PRINTER && printer) {
        struct spool_record record = {PRINT_LINE, 0, (uint16_t)length, (const uint8_t *)line};
        enum spool_result result = vspool_put(printer, &record);
        if (result != SPOOL_OK)
            vspool_failed(printer, result);
    }
    if (command_vm(vm)->trace_output & TRACE_TO_TERMINAL)
        cp_printf(vm, "%s", line);
}

/* "*** 020A10 SVC 0003 ==> 000F2C", with where the guest's new PSW leads. */
static void show_interruption(struct vmblok *vm, const char *name, uint32_t code, uint32_t new_psw)
{
    uint32_t to = 0;
    guest_read32(vm, new_psw + 4, &to);
    trace_line(vm, "*** %06X %-4s %04X ==> %06X", (unsigned)vm_address(vm), name, (unsigned)code,
               (unsigned)to & 0xffffff);
}

void trace_instruction(struct vmblok *vm, uint32_t at, const char *mark, const char *behind)
{
    uint8_t code[6] = {0};
    char text[13];
    if (guest_fetch(vm, at, code, 2))
        return;
    uint32_t length = instruction_length(code[0]);
    if (length > 2 && guest_fetch(vm, at + 2, code + 2, length - 2))
        return;
    for (uint32_t i = 0; i < length; i += 2)
        fmt(text + 2 * i, sizeof text - 2 * i, "%04X", load_be16(code + i));
    trace_line(vm, "%s%06X %-5s %s%s", mark, (unsigned)at, mnemonic(code), text, behind);
}

static void show_branch(struct vmblok *vm, uint32_t at)
{
    char to[16];
    fmt(to, sizeof to, " ==> %06X", (unsigned)vm_address(vm));
    trace_instruction(vm, at, "... ", to);
}

/* The PSW points behind an instruction of four bytes, or two. */
static void show_privileged(struct vmblok *vm, uint32_t code)
{
    uint32_t at = vm_address(vm) - instruction_length((uint8_t)(code >> 8));
    trace_instruction(vm, at, "::: ", "");
}

/* The channel program, as far as it goes straight on. */
static void show_program(struct vmblok *vm, uint32_t at)
{
    uint32_t ccw[2];
    for (unsigned n = 0; n < CCWS_SHOWN; n++, at += sizeof ccw) {
        if (!guest_read(vm, at, ccw, sizeof ccw))
            return;
        trace_line(vm, "    CCW %06X %08X %08X", (unsigned)at, (unsigned)ccw[0], (unsigned)ccw[1]);
        if (!(ccw[1] >> 24 & (CCW_CHAIN_DATA | CCW_CHAIN_COMMAND)) && ccw[0] >> 24 != CCW_TIC)
            return;
    }
}

static void show_sio(struct vmblok *vm, uint32_t device)
{
    uint32_t caw = 0;
    const struct vdev *vdev = vdev_find(vm, (uint16_t)device);
    guest_read32(vm, LOW(caw), &caw);
    trace_line(vm, "I/O %06X SIO %-4s %03X CC %u CAW %08X", (unsigned)vm_address(vm) - 4,
               vdev ? vdev->ops->class_name : "DEV", (unsigned)device, vm_get_cc(vm),
               (unsigned)caw);
    if (command_vm(vm)->trace_kinds & SHOW_CCW)
        show_program(vm, caw & 0x00ffffff);
}

static void show_csw(struct vmblok *vm, uint32_t device)
{
    uint32_t csw[2] = {0, 0};
    guest_read(vm, LOW(csw), csw, sizeof csw);
    trace_line(vm, "CSW %03X %08X %08X", (unsigned)device, (unsigned)csw[0], (unsigned)csw[1]);
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
        if (command_vm(vm)->trace_kinds & SHOW_CSW)
            show_csw(vm, code);
        break;
    case TRACE_PRIV:
        show_privileged(vm, code);
        break;
    case TRACE_SIO:
        show_sio(vm, code);
        break;
    case TRACE_INSTRUCT:
        trace_instruction(vm, code, "    ", "");
        break;
    case TRACE_BRANCH:
        show_branch(vm, code);
        break;
    case TRACE_PER:
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
    if (kind == TRACE_PER) {
        per_report(vm, code, vm->per.address);
        return false;
    }
    if (!(data->trace_kinds & 1u << kind))
        return false;
    show(vm, kind, code);
    if (!data->trace_runs)
        vm->cp_mode = true;
    terminal_throttle(vm);
    return false;
}

void trace_set_events(struct vmblok *vm)
{
    const struct command_vm *data = command_vm(vm);
    vm->per.from = 0;
    vm->per.to = 0x00ffffff;
    vm->per.control = per_wanted(vm, &vm->per.from, &vm->per.to);
    vm->trace_events = data->trace_kinds | (data->adstop ? 1u << TRACE_SVC : 0) |
                       (vm->per.control ? 1u << TRACE_PER : 0);
    if (vm->trace_events & 1u << TRACE_INSTRUCT)
        vm->per.control |= PER_FETCH << 24;
    if (vm->trace_events & 1u << TRACE_BRANCH)
        vm->per.control |= (uint32_t)PER_BRANCH << 24;
}

static const struct {
    const char *name;
    uint8_t least;
    uint16_t kinds;
} kinds[] = {
    {"SVC", 3, 1 << TRACE_SVC},
    {"I/O", 1, 1 << TRACE_IO},
    {"PROGRAM", 4, 1 << TRACE_PROGRAM},
    {"EXTERNAL", 3, 1 << TRACE_EXTERNAL},
    {"PRIV", 4, 1 << TRACE_PRIV},
    {"SIO", 3, 1 << TRACE_SIO},
    {"CCW", 3, 1 << TRACE_SIO | SHOW_CCW},
    {"CSW", 3, 1 << TRACE_IO | SHOW_CSW},
    {"BRANCH", 2, 1 << TRACE_BRANCH},
    {"INSTRUCT", 4, 1 << TRACE_INSTRUCT},
    {"ALL", 3, ALL_EVENTS},
};

/* The kinds of this operand; 0: it is none. */
static uint16_t find_kinds(const char *word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_abbrev(word, kinds[i].name, kinds[i].least))
            return kinds[i].kinds;
    return 0;
}

int command_trace(struct vmblok *vm, const char *operands)
{
    enum { RUN, NORUN, OFF, END, TERMINAL, PRINTER, BOTH };
    static const struct keyword options[] = {
        {"RUN", 3, RUN},           {"NORUN", 5, NORUN},     {"OFF", 3, OFF},   {"END", 3, END},
        {"TERMINAL", 4, TERMINAL}, {"PRINTER", 5, PRINTER}, {"BOTH", 4, BOTH}, {0},
    };
    struct command_vm *data = command_vm(vm);
    char word[WORD_SIZE];
    uint16_t wanted = 0;
    uint8_t output = TRACE_TO_TERMINAL;
    bool runs = false, off = false;
    if (!*operands)
        return error_operand(vm, "TRA", NULL);
    while (str_word(&operands, word, sizeof word)) {
        uint16_t kind = find_kinds(word);
        const struct keyword *option = keyword_find(options, word);
        if (!kind && !option)
            return error_operand(vm, "TRA", word);
        wanted |= kind;
        if (kind)
            continue;
        runs |= option->value == RUN || option->value == PRINTER;
        off |= option->value == OFF || option->value == END;
        if (option->value == END)
            wanted = ALL_EVENTS;
        if (option->value == PRINTER || option->value == BOTH)
            output =
                option->value == BOTH ? TRACE_TO_TERMINAL | TRACE_TO_PRINTER : TRACE_TO_PRINTER;
    }
    bool was = data->trace_kinds;
    data->trace_kinds = off ? data->trace_kinds & (uint16_t)~wanted : data->trace_kinds | wanted;
    data->trace_runs = runs;
    data->trace_output = output;
    trace_set_events(vm);
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
    trace_set_events(vm);
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
    trace_set_events(vm);
    return 0;
}

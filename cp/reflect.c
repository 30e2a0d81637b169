/* Interruptions reflected to the guest: the swap of virtual PSWs in guest storage, exactly
 * as the machine would do it.  GA22-7000, "Interruptions". */
#include "cp/command.h"
#include "cp/guest.h"
#include "cp/pagex.h"
#include "cp/state.h"
#include "cp/vdev.h"
#include "cp/vmcf.h"
#include "cp/vmrun.h"
#include "lib/str.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"
#include "s370/arch/lowcore.h"
#include "s370/arch/psw.h"

#define LOW(field) ((uint32_t)offsetof(struct lowcore, field))

void vm_set_cc(struct vmblok *vm, unsigned cc)
{
    unsigned shift = vm->psw & PSW_EC ? 44 : 28;
    vm->psw = (vm->psw & ~(UINT64_C(3) << shift)) | (uint64_t)cc << shift;
}

unsigned vm_get_cc(const struct vmblok *vm)
{
    return vm->psw & PSW_EC ? PSW_EC_CC(vm->psw) : PSW_BC_CC(vm->psw);
}

void vm_set_address(struct vmblok *vm, uint32_t address)
{
    vm->psw = (vm->psw & ~PSW_ADDRESS) | (address & 0x00ffffff);
}

/* Without the fields that the machine ignores when it loads a BC PSW. */
static uint64_t as_loaded(uint64_t psw)
{
    return psw & PSW_EC ? psw : psw & ~UINT64_C(0x0000ffffc0000000);
}

/* Without the ECMODE option bit 12 is no PSW's. */
static bool is_bad(const struct vmblok *vm)
{
    return vm->psw & PSW_EC && (vm->psw & PSW_EC_ZERO || !(vm->options & OPTION_ECMODE));
}

/* Stores the old PSW and loads the new one, without a look at it. */
static void swap(struct vmblok *vm, uint32_t old_at, uint32_t new_at, uint32_t code, uint32_t ilc)
{
    uint64_t psw = vm->psw;
    if (!(psw & PSW_EC))
        psw |= (uint64_t)code << 32 | (uint64_t)(ilc >> 1) << 30;
    guest_write(vm, old_at, &psw, sizeof psw);
    guest_read(vm, new_at, &psw, sizeof psw);
    vm->psw = as_loaded(psw);
}

/* Has the interruption a translation exception address? */
static bool is_translation(uint32_t code)
{
    code &= ~(uint32_t)PGM_PER;
    return code == PGM_SEGMENT || code == PGM_PAGE || code == PGM_PSEUDO_PAGE;
}

/* The program interruption itself; and the early ones that a bad new PSW gives. */
static void program(struct vmblok *vm, uint32_t code, uint32_t ilc)
{
    uint32_t at = vm_address(vm) - ilc;
    bool only_per = !code;
    if (vm->per.pending) {
        uint32_t events = (uint32_t)vm->per.pending << 24;
        guest_write(vm, LOW(per_code), &events, 2);
        guest_write32(vm, LOW(per_address), vm->per.address);
        vm->per.pending = 0;
        code |= PGM_PER;
    }
    if (vm->psw & PSW_EC) {
        uint32_t word = ilc << 16 | code;
        guest_write(vm, LOW(pgm_unused), &word, 4);
        if (is_translation(code))
            guest_write32(vm, LOW(translation_address), vm->translation_address);
    }
    swap(vm, LOW(pgm_old), LOW(pgm_new), code, ilc);
    /* A machine would loop for ever; a virtual one asks its user. */
    if (is_bad(vm) || (vm_address(vm) == at && !only_per && !is_translation(code))) {
        cp_printf(vm, "DMKDSP453W CP ENTERED; PROGRAM INTERRUPT LOOP");
        vm->cp_mode = true;
    }
}

void vm_program(struct vmblok *vm, uint32_t code, uint32_t ilc)
{
    if (vm->trace_events & 1u << TRACE_PROGRAM)
        trace_report(vm, TRACE_PROGRAM, code);
    program(vm, code, ilc);
}

/* After a new PSW: the early specification exception. */
static void check_psw(struct vmblok *vm)
{
    if (is_bad(vm))
        vm_program(vm, PGM_SPECIFICATION, 0);
}

void vm_load_psw(struct vmblok *vm, uint64_t psw)
{
    vm->psw = as_loaded(psw);
    check_psw(vm);
}

void vm_svc(struct vmblok *vm, uint32_t code, uint32_t ilc)
{
    vm->count.svcs++;
    if (vm->trace_events & 1u << TRACE_SVC && trace_report(vm, TRACE_SVC, code))
        return;
    if (vm->psw & PSW_EC) {
        uint32_t word = ilc << 16 | code;
        guest_write(vm, LOW(svc_unused), &word, 4);
    }
    swap(vm, LOW(svc_old), LOW(svc_new), code, ilc);
    check_psw(vm);
}

void vm_external(struct vmblok *vm, uint32_t code)
{
    vm->pending_comparator |= code == EXT_CLOCK_COMPARATOR;
    vm->pending_cpu_timer |= code == EXT_CPU_TIMER;
    vm->pending_external |= code < 0x100 ? (uint8_t)code : 0;
    vm_post(vm, WORK_TIMER);
}

static void external(struct vmblok *vm, uint32_t code)
{
    if (vm->trace_events & 1u << TRACE_EXTERNAL)
        trace_report(vm, TRACE_EXTERNAL, code);
    if (vm->psw & PSW_EC) {
        uint32_t word = code; /* CPU address zero before it */
        guest_write(vm, LOW(ext_cpu), &word, 4);
    }
    swap(vm, LOW(ext_old), LOW(ext_new), code, 0);
    check_psw(vm);
}

/* The external interruption that is due and allowed; 0 if there is none. */
static uint32_t external_due(struct vmblok *vm)
{
    uint32_t code = 0;
    if (!(vm->psw & PSW_EXTERNAL))
        return 0;
    if (vm->pending_timer && vm->cr[0] & CR0_INTERVAL_MASK) {
        vm->pending_timer = false;
        code |= EXT_INTERVAL_TIMER;
    }
    uint32_t allowed = (vm->cr[0] & CR0_INTERVAL_MASK ? EXT_INTERVAL_TIMER : 0u) |
                       (vm->cr[0] & CR0_KEY_MASK ? EXT_INTERRUPT_KEY : 0u) |
                       (vm->cr[0] & CR0_SIGNAL_MASK ? EXT_SIGNAL_MASK : 0u);
    code |= vm->pending_external & allowed;
    vm->pending_external &= (uint8_t)~code;
    if (code)
        return code;
    if (vm->cr[0] & CR0_COMPARATOR_MASK &&
        (vm->pending_comparator || vm->clock_comparator < tod_now())) {
        vm->pending_comparator = false;
        return EXT_CLOCK_COMPARATOR;
    }
    if (vm->cr[0] & CR0_CPU_TIMER_MASK && (vm->pending_cpu_timer || vm->cpu_timer >> 63)) {
        vm->pending_cpu_timer = false;
        return EXT_CPU_TIMER;
    }
    if (vm->cr[0] & CR0_VMCF_MASK && vmcf_interrupt(vm))
        return EXT_VMCF;
    return 0;
}

static uint32_t io_masks(const struct vmblok *vm)
{
    if (vm->psw & PSW_EC)
        return vm->psw & PSW_EC_IO ? vm->cr[2] : 0;
    uint32_t masks = (uint32_t)(vm->psw >> 32) & 0xfc000000;
    if (vm->psw & PSW_BIT(6))
        masks |= vm->cr[2] & 0x03ffffff;
    return masks;
}

static void io_interruption(struct vmblok *vm, struct vdev *vdev)
{
    if (vm->trace_events & 1u << TRACE_IO)
        trace_report(vm, TRACE_IO, vdev->address);
    if (vm->psw & PSW_EC) {
        uint32_t word = vdev->address;
        guest_write(vm, LOW(measurement), &word, 4);
    }
    swap(vm, LOW(io_old), LOW(io_new), vdev->address, 0);
    check_psw(vm);
}

bool vm_deliver(struct vmblok *vm)
{
    uint32_t code;
    bool given = false;
    while (!vm->cp_mode && (code = external_due(vm)) != 0) {
        /* The level conditions stay: a new PSW that allows them loops. */
        uint64_t before = vm->psw;
        external(vm, code);
        given = true;
        if (vm->psw == before && code > 0xff && code != EXT_VMCF) {
            cp_printf(vm, "DMKDSP452W CP ENTERED; EXTERNAL INTERRUPT LOOP");
            vm->cp_mode = true;
        }
    }
    while (!vm->cp_mode && pagex_deliver(vm))
        given = true;
    uint32_t masks = io_masks(vm);
    struct vdev *vdev;
    while (vm->channels_pending & masks && (vdev = vio_take_pending(vm, masks)) != NULL) {
        io_interruption(vm, vdev);
        given = true;
        masks = io_masks(vm);
    }
    return given;
}

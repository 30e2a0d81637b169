/* Program event recording: see cp/per.h. */
#include "cp/per.h"

#include "cp/command.h"
#include "cp/vmblok.h"
#include "cp/vmrun.h"
#include "s370/arch/codes.h"
#include "s370/arch/psw.h"

static bool guest_records(const struct vmblok *vm)
{
    return (vm->psw & PSW_EC) && (vm->psw & PSW_EC_PER);
}

void per_enter(struct vmblok *vm)
{
    bool guest = guest_records(vm);
    uint32_t control = guest ? vm->cr[9] : vm->per.control;
    vm->per.pending = 0;
    if (!control)
        return;
    vm->regs.run_psw |= PSW_EC_PER;
    vm->regs.run_cr9 = control;
    vm->regs.run_cr10 = guest ? vm->cr[10] : vm->per.from;
    vm->regs.run_cr11 = guest ? vm->cr[11] : vm->per.to;
}

void per_event(struct vmblok *vm, uint32_t events, uint32_t address, uint32_t base)
{
    if (guest_records(vm)) {
        vm->per.pending = (uint8_t)events;
        vm->per.address = address;
    } else if (base != PGM_SEGMENT && base != PGM_PAGE) {
        /* After a page fault the instruction is done again. */
        vm->per.address = address;
        if (events & PER_FETCH && vm->trace_events & 1u << TRACE_INSTRUCT)
            trace_report(vm, TRACE_INSTRUCT, address);
        if (events & PER_BRANCH && vm->trace_events & 1u << TRACE_BRANCH)
            trace_report(vm, TRACE_BRANCH, address);
        if (vm->trace_events & 1u << TRACE_PER)
            trace_report(vm, TRACE_PER, events);
    }
}

void per_finish(struct vmblok *vm, uint32_t ilc)
{
    if (vm->per.pending)
        vm_program(vm, 0, ilc);
}

/* The events that a simulated instruction adds; its fetch the machine has seen. */
static void add(struct vmblok *vm, uint32_t at, uint8_t event)
{
    vm->per.address = at & 0x00ffffff;
    vm->per.pending |= event;
}

void per_stores(struct vmblok *vm, uint32_t instruction, uint32_t address, uint32_t length)
{
    if (!guest_records(vm) || !(vm->cr[9] >> 24 & PER_STORE))
        return;
    uint32_t from = vm->cr[10] & 0x00ffffff, to = vm->cr[11] & 0x00ffffff;
    for (uint32_t i = 0; i < length; i++) {
        uint32_t at = (address + i) & 0x00ffffff;
        bool inside = from <= to ? at >= from && at <= to : at >= from || at <= to;
        if (inside) {
            add(vm, instruction, PER_STORE);
            return;
        }
    }
}

void per_registers(struct vmblok *vm, uint32_t instruction, const uint32_t *before)
{
    uint32_t mask = 0;
    for (unsigned r = 0; r < 16; r++)
        mask |= before[r] != vm->regs.gr[r] ? 0x8000u >> r : 0;
    if (vm->cr[9] >> 24 & PER_REGISTER && mask & vm->cr[9])
        add(vm, instruction, PER_REGISTER);
}

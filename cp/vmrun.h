/* Running a virtual machine: traps, interruptions reflected to the guest, resets, IPL.
 * All of it runs in the VM's own task unless a comment says otherwise. */
#ifndef CP_VMRUN_H
#define CP_VMRUN_H

#include "cp/vmblok.h"

#include <stdbool.h>
#include <stdint.h>

struct vdev;

/* Why run_guest (cp/entry.S) came back; the interruption's data are in low storage. */
enum trap {
    TRAP_PROGRAM = 1,
    TRAP_SVC = 2,
    TRAP_EXTERNAL = 3,
    TRAP_IO = 4,
};

/* Loads the guest's registers and PSW; returns at the next interruption. */
enum trap run_guest(struct guest_regs *regs);

/* Asks the VM's task to do `work` (enum vm_work bits) before the guest goes on. From
 * anywhere, also from interruption handlers. */
void vm_post(struct vmblok *vm, uint8_t work);
/* After terminal input: the VM is interactive for a while (Q1). From anywhere. */
void vm_interactive(struct vmblok *vm);

/* --- interruptions to the guest: exact old PSW, code and ILC, in BC or EC form --- */

/* A program interruption; `ilc` in bytes (0, 2, 4, 6). The old PSW has the virtual PSW's
 * address as it is: for a suppressed instruction it must point behind it already. */
void vm_program(struct vmblok *vm, uint32_t code, uint32_t ilc);
void vm_svc(struct vmblok *vm, uint32_t code, uint32_t ilc);
/* Makes an external interruption pending: bits of codes below 100 (EXT_INTERRUPT_KEY, ...), or
 * EXT_CLOCK_COMPARATOR, EXT_CPU_TIMER. From anywhere. */
void vm_external(struct vmblok *vm, uint32_t code);
/* Gives all pending interruptions that the virtual PSW and control registers allow.  True if
 * one was given. */
bool vm_deliver(struct vmblok *vm);
/* Loads a PSW as LPSW does: checks EC format, gives the early specification. */
void vm_load_psw(struct vmblok *vm, uint64_t psw);

/* The virtual PSW's fields in either mode. */
void vm_set_cc(struct vmblok *vm, unsigned cc);
unsigned vm_get_cc(const struct vmblok *vm);
static inline uint32_t vm_address(const struct vmblok *vm)
{
    return (uint32_t)vm->psw & 0x00ffffff;
}
void vm_set_address(struct vmblok *vm, uint32_t address);
static inline uint8_t vm_key(const struct vmblok *vm) /* 0-15 */
{
    return (uint8_t)(vm->psw >> 52) & 15;
}

/* --- resets and IPL --- */

void vm_reset(struct vmblok *vm);       /* system reset: CPU, channels, devices */
void vm_reset_clear(struct vmblok *vm); /* and storage, keys and registers */

enum ipl_result {
    IPL_OK,        /* PSW loaded; the caller ends CP mode */
    IPL_NO_DEVICE, /* no such virtual device, or not operational */
    IPL_ERROR,     /* the read or its chain ended with an error: vdev->sense, csw */
    IPL_BAD_PSW,
};
/* Initial program loading from virtual device `address`: reset (with `clear`: storage
 * too), read 24 bytes to 0, run the channel program there, load the PSW. */
enum ipl_result vm_ipl(struct vmblok *vm, uint16_t address, bool clear);

/* The virtual TOD comparator, CPU timer and interval timer: brings them up to date with
 * the guest's CPU time. */
void vm_timers_update(struct vmblok *vm);

#endif

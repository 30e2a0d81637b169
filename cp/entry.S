/* Where CP is entered: by IPL, by interruptions, and the switches between stacks.  All that
 * cannot be C.  The compiler's conventions: GR2-GR6 arguments, GR2 result, GR6-GR13 and GR15
 * preserved, GR14 link, GR15 stack with a save area of 96 bytes whose words from offset 24
 * take GR6-GR15. */
#include "cp/lowstor.h"

    .cfi_sections .debug_frame         /* for debuggers; no code */
    .section .text.entry, "ax"

/* From IPL: BC mode, supervisor state, a PARM or nothing in registers; location 2 has the address of
 * the device. */
    .globl cp_entry
cp_entry:
    stm %r0, %r15, LOW_IPL_GR
    larl %r1, ec_psw
    lpsw 0(%r1)
    .balign 8
ec_psw:
    .long 0x00080000                   /* EC mode, disabled */
    .long in_ec_mode
in_ec_mode:
    .cfi_startproc
    .cfi_undefined %r14                /* nobody has called this */
    larl %r2, __bss_start
    larl %r3, __bss_end
    slr %r3, %r2
    xr %r4, %r4
    xr %r5, %r5
    mvcl %r2, %r4
    larl %r15, boot_stack+8192-96
    xr %r2, %r2
    icm %r2, 3, 2                      /* I/O address of the IPL device */
    brasl %r14, cp_main
0:  j 0b
    .cfi_endproc

    .text

/* enum trap run_guest(struct guest_regs *) */
    .globl run_guest
run_guest:
    .cfi_startproc
    stm %r6, %r15, 24(%r15)
    st %r15, LOW_CP_SP
    st %r2, LOW_GUEST
    lctl %c0, %c1, 0x68(%r2)
    lctl %c8, %c11, 0x70(%r2)
    mvc LOW_PSW(8), 0x60(%r2)
    tm LOW_HAS_FLOAT, 0xff
    jz 0f
    ld %f0, 0x40(%r2)
    ld %f2, 0x48(%r2)
    ld %f4, 0x50(%r2)
    ld %f6, 0x58(%r2)
0:  lm %r0, %r15, 0(%r2)
    lpsw LOW_PSW
    .cfi_endproc

/* enum trap idle_wait(void): enabled wait until an interruption. */
    .globl idle_wait
idle_wait:
    .cfi_startproc
    stm %r6, %r15, 24(%r15)
    st %r15, LOW_CP_SP
    larl %r1, idle_psw
    lpsw 0(%r1)
    .cfi_endproc
    .balign 8
idle_psw:
    .long 0x030a0000                   /* EC mode, I/O, external, wait */
    .long 0

/* enum trap interruption_window(void): enabled for an interruption that is pending already; 0 if
 * there is none. */
    .globl interruption_window
interruption_window:
    .cfi_startproc
    stm %r6, %r15, 24(%r15)
    st %r15, LOW_CP_SP
    larl %r1, window_psw
    lpsw 0(%r1)
no_interruption:
    larl %r1, closed_psw
    lpsw 0(%r1)
window_closed:
    lhi %r2, 0
    j back_to_cp
    .cfi_endproc
    .balign 8
window_psw:
    .long 0x03080000                   /* EC mode, I/O, external */
    .long no_interruption
closed_psw:
    .long 0x00080000
    .long window_closed

/* The interruptions.  From a guest (problem state): its registers go to its VMBLOK. From
 * the idle wait: nothing to save.  Then return to who called run_guest or idle_wait. */
    .macro from_guest old, code
    st %r1, LOW_GR1
    l %r1, LOW_GUEST
    st %r0, 0(%r1)
    mvc 4(4,%r1), LOW_GR1
    stm %r2, %r15, 8(%r1)
    mvc 0x60(8,%r1), \old
    lhi %r2, \code
    j guest_saved
    .endm

    .globl program_entry, svc_entry, external_entry, io_entry
program_entry:
    tm 0x29, 0x01
    jz cp_program
    from_guest 0x28, 1
svc_entry:
    from_guest 0x20, 2
external_entry:
    tm 0x19, 0x01
    jz external_idle
    from_guest 0x18, 3
external_idle:
    lhi %r2, 3
    j back_to_cp
io_entry:
    tm 0x39, 0x01
    jz io_idle
    from_guest 0x38, 4
io_idle:
    lhi %r2, 4
    j back_to_cp

guest_saved:
    lctl %c0, %c0, LOW_CR0             /* low storage is CP's to write */
    clc 0x70(4,%r1), LOW_CR8           /* the guest's monitor classes are not CP's */
    je 0f
    lctl %c8, %c8, LOW_CR8
0:
    tm LOW_HAS_FLOAT, 0xff
    jz back_to_cp
    std %f0, 0x40(%r1)
    std %f2, 0x48(%r1)
    std %f4, 0x50(%r1)
    std %f6, 0x58(%r1)
back_to_cp:
    l %r15, LOW_CP_SP
    lm %r6, %r15, 24(%r15)
    br %r14

/* A program interruption in CP: a MONITOR CALL, a probe that failed (probe_storage, probe_float), or a
 * bug. */
cp_program:
    cli 0x8f, 0x40
    je cp_monitor_call
    tm 0x8f, 0x80                      /* PER, with a guest's SVC: that is taken already */
    jz 1f
    clc 0x2c(4), 0x64
    jne 1f
    oi LOW_PER, 0x01
    lpsw 0x28                          /* to svc_entry */
1:
    stm %r0, %r15, LOW_PANIC_GR
    l %r1, LOW_PROBE
    ltr %r1, %r1
    jnz 0f
    l %r15, LOW_PANIC_GR+60
    ahi %r15, -96
    brasl %r14, cp_program_check       /* does not return */
0:  xc LOW_PROBE(4), LOW_PROBE
    br %r1

/* The event goes to monitor_event, on whatever stack that is; then CP goes on. */
cp_monitor_call:
    stm %r0, %r15, LOW_EVENT_GR
    mvc LOW_EVENT_PSW(8), 0x28
    lr %r4, %r2                        /* the object */
    xr %r2, %r2
    icm %r2, 3, 0x94                   /* class */
    l %r3, 0x9c                        /* code */
    ahi %r15, -96
    brasl %r14, monitor_event
    lm %r0, %r15, LOW_EVENT_GR
    lpsw LOW_EVENT_PSW

    .globl mcheck_entry
mcheck_entry:
    stm %r0, %r15, LOW_PANIC_GR
    ahi %r15, -96
    brasl %r14, cp_machine_check

/* void load_registers(const uint8_t *): the last step of an IPL by CP itself: 48 bytes of PARM to GR0-GR11,
 * and the PSW that the IPL has read to 0. */
    .globl load_registers
load_registers:
    lm %r0, %r11, 0(%r2)
    lpsw 0

/* bool probe_storage(uint32_t address): is there storage? */
    .globl probe_storage
probe_storage:
    larl %r1, probe_failed
    st %r1, LOW_PROBE
    ic %r1, 0(%r2)
    lhi %r2, 1
    xc LOW_PROBE(4), LOW_PROBE
    br %r14
probe_failed:
    lhi %r2, 0
    br %r14

/* bool probe_key(uint32_t address): is there storage, at 26 bits? */
    .globl probe_key
probe_key:
    larl %r1, probe_failed
    st %r1, LOW_PROBE
    .insn rre, 0xb2290000, %r3, %r2    /* ISKE */
    lhi %r2, 1
    xc LOW_PROBE(4), LOW_PROBE
    br %r14

/* void copy_translated(uint32_t to, uint32_t from, const uint32_t cr[2]): a page, with translation on by these
 * control registers 0 and 1. */
    .globl copy_translated
copy_translated:
    lctl %c0, %c1, 0(%r4)
    ptlb
    lr %r4, %r3
    lhi %r3, 4096
    lr %r5, %r3
    larl %r1, translated_psw
    lpsw 0(%r1)
translated:
    mvcl %r2, %r4
    larl %r1, real_psw
    lpsw 0(%r1)
real_again:
    lctl %c0, %c0, LOW_CR0
    br %r14
    .balign 8
translated_psw:
    .long 0x04080000, translated
real_psw:
    .long 0x00080000, real_again

/* bool probe_float(void): are there floating-point registers? */
    .globl probe_float
probe_float:
    larl %r1, probe_failed
    st %r1, LOW_PROBE
    sdr %f0, %f0
    lhi %r2, 1
    xc LOW_PROBE(4), LOW_PROBE
    br %r14

/* void stack_switch(uint32_t *save, uint32_t to): leaves this stack for another one that
 * left in the same way (or was prepared by task_create). */
    .globl stack_switch
stack_switch:
    .cfi_startproc
    stm %r6, %r15, 24(%r15)
    st %r15, 0(%r2)
    lr %r15, %r3
    lm %r6, %r15, 24(%r15)
    br %r14
    .cfi_endproc

/* Where a new task begins, on a stack that task_create has prepared. */
    .globl task_entry
task_entry:
    .cfi_startproc
    .cfi_undefined %r14
    brasl %r14, tasks_first_step
    .cfi_endproc

    .bss
    .balign 8
    .globl boot_stack
boot_stack:
    .skip 8192

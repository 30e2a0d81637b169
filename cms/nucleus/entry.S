/* Where control enters the CMS nucleus: from IPL and by interruptions, and where it leaves
 * it: to programs and into the wait state.  Everything else is C.
 *
 * The nucleus runs disabled, in storage key 0.  It has one stack.  A program (a MODULE) is
 * called like a subroutine: run_program() remembers the stack pointer in NUCON_STACK and
 * enters the program; an interruption of the program continues on the stack there; the
 * program's return (R14 points to an SVC 201) comes back as the return of run_program(). */
#include "cms/nucleus/nucon.h"

#define FRAME 72 /* struct interrupt_frame: R0-R15 and the old PSW */

    .cfi_sections .debug_frame         /* for debuggers; no code */
    .section .text.start, "ax"
    .globl _start
_start:
    .cfi_startproc
    .cfi_undefined %r14                 /* nobody has called this */
    /* IPL 190 PARM SAVESYS name: what CP is to save is the machine as it is now, nothing of it set up
     * and nothing of it used, but that the keys of the nucleus, which will be shared, are right
     * (storage_set_keys).  IPL of what was saved goes on behind the DIAGNOSE, with any registers. */
    larl    %r4,savesys_word
    c       %r0,0(%r4)
    jne     start
    c       %r1,4(%r4)
    jne     start
    larl    %r6,_start
    lr      %r7,%r6
    a       %r7,savesys_segment-savesys_word(%r4)
    lhi     %r5,0xf0
0:  .insn   rr,0x0800,%r5,%r6           /* SSK */
    ahi     %r6,2048
    cr      %r6,%r7
    jl      0b
    larl    %r4,savesys_command
    stm     %r0,%r3,0(%r4)
    lhi     %r5,16
    .insn   rs,0x83000000,%r4,%r5,0x0008
start:
    /* IPL in BC mode puts the device's address into the PSW's interruption code; the first words of a
     * PARM are in registers 0 and 1. */
    lh      %r2,2
    lr      %r3,%r0
    lr      %r8,%r1
    larl    %r4,__bss_start
    larl    %r5,__bss_end
    sr      %r5,%r4
    lr      %r6,%r4
    xr      %r7,%r7
    mvcl    %r4,%r6
    larl    %r15,nucleus_stack_top
    ahi     %r15,-96
    st      %r15,NUCON_STACK_TOP
    st      %r15,NUCON_STACK
    lr      %r4,%r8
    brasl   %r14,cms_start
    .cfi_endproc

    .text
/* void restart_nucleus(void (*next)(void)): forgets everything on the stack. */
    .globl restart_nucleus
restart_nucleus:
    l       %r15,NUCON_STACK_TOP
    st      %r15,NUCON_STACK
    br      %r2

/* One interruption class: save the registers, take a frame on the nucleus's stack, call
 * void handler(struct interrupt_frame *), and go back with what is in the frame. */
.macro  FLIH entry, save, old, handler
    .globl  \entry
\entry:
    stm     %r0,%r15,\save
    l       %r15,NUCON_STACK
    ahi     %r15,-(96+FRAME)
    mvc     96(64,%r15),\save
    mvc     160(8,%r15),\old
    la      %r2,96(%r15)
    brasl   %r14,\handler
    mvc     NUCON_RESUME(8),160(%r15)
    lm      %r0,%r15,96(%r15)
    lpsw    NUCON_RESUME
.endm

    FLIH    io_entry, NUCON_IO_SAVE, 0x38, io_interrupt
    FLIH    ext_entry, NUCON_EXT_SAVE, 0x18, external_interrupt
    FLIH    pgm_entry, NUCON_PGM_SAVE, 0x28, program_interrupt

    .globl  svc_entry
svc_entry:
    cli     0x23,SVC_RETURN
    je      program_returned
    FLIH    svc_entry_service, NUCON_SVC_SAVE, 0x20, svc_interrupt

/* int run_program(uint32_t registers[16], uint32_t psw[2]): registers 0-13 and 15 and the PSW
 * are as given, R14 becomes the return address.  Returns the program's R15. */
    .globl  run_program
run_program:
    stm     %r6,%r15,24(%r15)
    ahi     %r15,-(96+8)
    mvc     96(4,%r15),NUCON_STACK
    st      %r15,NUCON_STACK
    mvc     NUCON_PROGRAM(64),0(%r2)
    mvc     NUCON_START(8),0(%r3)
    larl    %r14,return_svc
    st      %r14,NUCON_PROGRAM+56
    lm      %r0,%r15,NUCON_PROGRAM
    lpsw    NUCON_START
program_returned:
    stm     %r0,%r15,NUCON_PROGRAM      /* handlers.c wants R0 and R1 */
    lr      %r2,%r15
    l       %r15,NUCON_STACK
    mvc     NUCON_STACK(4),96(%r15)
    ahi     %r15,96+8
    lm      %r6,%r15,24(%r15)
    br      %r14
    .globl  return_svc
return_svc:
    svc     SVC_RETURN

/* void wait_for_io(void): lets one I/O interruption come; then the I/O old PSW and the CSW
 * tell what it was. */
    .globl  wait_for_io
wait_for_io:
    mvc     NUCON_SAVED_NEW(8),0x78
    larl    %r1,io_arrived
    st      %r1,NUCON_CONTINUE+4
    mvc     0x78(8),NUCON_CONTINUE
    lpsw    NUCON_WAIT
io_arrived:
    mvc     0x78(8),NUCON_SAVED_NEW
    br      %r14

/* bool wait_for_any(void): lets one I/O or external interruption come, VMCF's among them; true: it was
 * external. */
    .globl  wait_for_any
wait_for_any:
    larl    %r4,any_work
    mvc     0(8,%r4),0x78
    mvc     8(8,%r4),0x58
    stctl   %c0,%c0,16(%r4)
    l       %r5,16(%r4)
    st      %r5,20(%r4)
    oi      23(%r4),0x01                /* CR0 bit 31: VMCF */
    larl    %r1,any_io
    st      %r1,NUCON_CONTINUE+4
    mvc     0x78(8),NUCON_CONTINUE
    larl    %r1,any_external
    st      %r1,NUCON_CONTINUE+4
    mvc     0x58(8),NUCON_CONTINUE
    lctl    %c0,%c0,20(%r4)
    larl    %r1,any_psw
    lpsw    0(%r1)
any_external:
    lhi     %r2,1
    j       any_came
any_io:
    lhi     %r2,0
any_came:
    larl    %r4,any_work
    lctl    %c0,%c0,16(%r4)
    mvc     0x78(8),0(%r4)
    mvc     0x58(8),8(%r4)
    br      %r14
    .balign 8
any_psw:
    .long   0xff020000, 0               /* all channels, external, wait */

    .section .bss
    .balign 8
any_work:
    .space  16                          /* the ordinary new PSWs */
    .space  8                           /* CR0, ordinary and while waiting */
    .text

/* bool storage_exists(uint32_t address): fetches a byte; an addressing exception says no. */
    .globl  storage_exists
storage_exists:
    mvc     NUCON_SAVED_NEW(8),0x68
    larl    %r1,storage_absent
    st      %r1,NUCON_CONTINUE+4
    mvc     0x68(8),NUCON_CONTINUE
    lr      %r3,%r2
    lhi     %r2,0
    tm      0(%r3),1
    lhi     %r2,1
storage_absent:
    mvc     0x68(8),NUCON_SAVED_NEW
    br      %r14

/* int sio(unsigned device), tio, hio: the condition code. */
.macro  DEVICE name, opcode
    .globl  \name
\name:
    .insn   s,\opcode,0(%r2)
    ipm     %r2
    srl     %r2,28
    br      %r14
.endm
    DEVICE  sio, 0x9c000000
    DEVICE  tio, 0x9d000000
    DEVICE  hio, 0x9e000000

/* void set_key(uint32_t address, unsigned key) */
    .globl  set_key
set_key:
    .insn   rr,0x0800,%r3,%r2
    br      %r14

/* void store_cpu_id(uint8_t id[8]) */
    .globl  store_cpu_id
store_cpu_id:
    .insn   s,0xb2020000,0(%r2)
    br      %r14

/* void set_comparator(const uint64_t *tod): the comparator and its mask in control register 0. */
    .globl  set_comparator
set_comparator:
    .insn   s,0xb2060000,0(%r2)
    stctl   %c0,%c0,NUCON_CONTROL
    oi      NUCON_CONTROL+2,0x08
    lctl    %c0,%c0,NUCON_CONTROL
    br      %r14

/* int diagnose_08(const char *command, char *response, uint32_t lengths[2]): lengths[0] is the
 * command's with flags in the high byte, lengths[1] the response's, in and out.  Returns
 * CP's return code.  Rx and Rx+1 are the addresses, Ry and Ry+1 the lengths. */
    .globl  diagnose_08
diagnose_08:
    stm     %r6,%r15,24(%r15)
    lr      %r6,%r2
    lr      %r7,%r3
    lr      %r10,%r4
    lm      %r8,%r9,0(%r4)
    .insn   rs,0x83000000,%r6,%r8,0x0008
    st      %r9,4(%r10)
    jz      1f
    /* Condition code 1: the response was cut; the rest's length is in Ry+1. */
    lhi     %r1,-1
    st      %r1,0(%r10)
1:  lr      %r2,%r8
    lm      %r6,%r15,24(%r15)
    br      %r14

/* void diagnose_0c(void *buffer): 32 bytes. */
    .globl  diagnose_0c
diagnose_0c:
    .insn   rs,0x83000000,%r2,%r2,0x000c
    br      %r14

/* void diagnose_10(uint32_t first_page, uint32_t last_page): these are not needed any more. */
    .globl  diagnose_10
diagnose_10:
    .insn   rs,0x83000000,%r2,%r3,0x0010
    br      %r14

/* int diagnose_18(uint32_t device, const struct ccw *ccws, uint32_t transfers): a channel program
 * of a disk, run to its end.  Register 15 has the number of transfers and becomes the return
 * code; the condition code is returned: 0 done. */
    .globl  diagnose_18
diagnose_18:
    stm     %r6,%r15,24(%r15)
    lr      %r10,%r15
    lr      %r15,%r4
    .insn   rs,0x83000000,%r2,%r3,0x0018
    ipm     %r2
    srl     %r2,28
    lr      %r15,%r10
    lm      %r6,%r15,24(%r15)
    br      %r14

/* int diagnose_24(uint32_t *device, uint32_t information[2]): condition code. */
    .globl  diagnose_24
diagnose_24:
    stm     %r6,%r15,24(%r15)
    lr      %r10,%r2
    lr      %r11,%r3
    l       %r6,0(%r10)
    .insn   rs,0x83000000,%r6,%r8,0x0024
    st      %r6,0(%r10)
    stm     %r8,%r9,0(%r11)
    ipm     %r2
    srl     %r2,28
    lm      %r6,%r15,24(%r15)
    br      %r14

/* int diagnose_58(uint32_t ccws, uint32_t console): starts a program for the console's screen; the
 * condition code, as of START I/O. */
    .globl  diagnose_58
diagnose_58:
    .insn   rs,0x83000000,%r2,%r3,0x0058
    ipm     %r2
    srl     %r2,28
    br      %r14

/* int diagnose_8c(uint8_t *size, uint32_t length): what the 3270 is; 0, or 4: there is none. */
    .globl  diagnose_8c
diagnose_8c:
    .insn   rs,0x83000000,%r2,%r3,0x008c
    br      %r14

/* int diagnose_5c(const char *message, uint32_t *length): edits as SET EMSG says: *length and
 * the returned address are those of the text to type. */
    .globl  diagnose_5c
diagnose_5c:
    stm     %r6,%r15,24(%r15)
    lr      %r6,%r2
    lr      %r10,%r3
    l       %r8,0(%r10)
    .insn   rs,0x83000000,%r6,%r8,0x005c
    st      %r8,0(%r10)
    lr      %r2,%r6
    lm      %r6,%r15,24(%r15)
    br      %r14

/* uint32_t diagnose_60(void): the virtual machine's storage size. */
    .globl  diagnose_60
diagnose_60:
    .insn   rs,0x83000000,%r2,%r2,0x0060
    br      %r14

    .section .rodata
    .balign 4
savesys_word:
    .long   0xe2c1e5c5, 0xe2e8e240      /* "SAVESYS " */
savesys_segment:
    .long   0x10000

    .section .bss
    .balign 8
savesys_command:
    .space  16
    .globl  nucleus_stack
nucleus_stack:
    .space  0x6000
nucleus_stack_top:

/* A guest that executes instructions which a virtual machine of CP does not have, though the real
 * machine may (dual address spaces, extended keys, several CPUs): each must give an operation
 * exception, in supervisor and in problem state, whatever the real machine says of it.
 *
 * It ends as privops.S does; GR11 is the number of the instruction. */

    .macro ABSENT code:vararg
    .balign 8
    .short \code
    .endm

    .text
    .globl _start
_start:
    basr %r12, 0
base:
    lhi %r0, 0
    st %r0, 0x68                       /* BC new PSW: disabled, supervisor */
    larl %r1, came
    st %r1, 0x6c
    lhi %r10, 0                        /* then problem state */
again:
    lhi %r11, 0
    larl %r9, absent
next:
    ahi %r11, 1
    mvc slot-base(6,%r12), 0(%r9)
    l %r1, 0(%r9)
    ltr %r1, %r1
    jz done
    larl %r2, frame                    /* operands that would do, if it were there */
    lhi %r3, 4
    lhi %r4, 0
    ltr %r10, %r10
    jz slot
    lpsw problem-base(%r12)
    .balign 8
problem:
    .long 0x00010000, slot
slot:
    .short 0, 0, 0
    j bad                              /* it did something */
came:
    l %r1, 0x28
    lhi %r2, 0x0001                    /* the code of an operation exception ... */
    ltr %r10, %r10
    jz 1f
    l %r2, state-base(%r12)            /* ... in problem state */
1:  cr %r1, %r2
    jne bad
    ahi %r9, 8
    j next
done:
    lhi %r1, 1
    xr %r10, %r1
    jnz again
    lpsw good-base(%r12)
bad:
    l %r1, wrong+4-base(%r12)
    ar %r1, %r11
    st %r1, wrong+4-base(%r12)
    lpsw wrong-base(%r12)

    .balign 8
good:
    .long 0x00020000, 0x0000600d
wrong:
    .long 0x00020000, 0x00bad000
state:
    .long 0x00010001
    .balign 16
frame:
    .fill 16, 1, 0
absent:
    ABSENT 0xb218, 0x2000, 0           /* PC */
    ABSENT 0xb219, 0x0000, 0           /* SAC */
    ABSENT 0xb223, 0x0042, 0           /* IVSK */
    ABSENT 0xb224, 0x0040, 0           /* IAC */
    ABSENT 0xb225, 0x0040, 0           /* SSAR */
    ABSENT 0xb226, 0x0040, 0           /* EPAR */
    ABSENT 0xb227, 0x0040, 0           /* ESAR */
    ABSENT 0xb228, 0x0042, 0           /* PT */
    ABSENT 0xd934, 0x2000, 0x2000      /* MVCK */
    ABSENT 0xda34, 0x2000, 0x2000      /* MVCP */
    ABSENT 0xdb34, 0x2000, 0x2000      /* MVCS */
    ABSENT 0xe500, 0x2000, 0x0000      /* LASP */
    ABSENT 0xb229, 0x0042, 0           /* ISKE */
    ABSENT 0xb22a, 0x0042, 0           /* RRBE */
    ABSENT 0xb22b, 0x0042, 0           /* SSKE */
    ABSENT 0xb22c, 0x0042, 0           /* TB */
    ABSENT 0xae44, 0x0001, 0           /* SIGP */
    ABSENT 0xb210, 0x2000, 0           /* SPX */
    ABSENT 0xb211, 0x2000, 0           /* STPX */
    ABSENT 0xb212, 0x2000, 0           /* STAP */
    .balign 8
    .long 0

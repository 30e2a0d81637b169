/* Where programs enter the access methods by a branch from their DCB.  R13 is the program's save
 * area; the routine gets R0, R1 and the save area, and says where to go instead of back, or 0. */

.macro  ENTER name, routine
    .globl  \name
\name:
    stm     %r14,%r12,12(%r13)
    lr      %r2,%r0
    lr      %r3,%r1
    lr      %r4,%r13
    larl    %r15,kit_stack_top
    ahi     %r15,-96
    brasl   %r14,\routine
    j       leave
.endm

    .text
    ENTER   enter_queued, queued_get_put
    ENTER   enter_basic, basic_read_write
    ENTER   enter_check, basic_check
/* POINT is entered 4 bytes behind NOTE. */
    .globl  enter_note
enter_note:
    j       note
    j       point
    ENTER   note, basic_note
    ENTER   point, basic_point

leave:
    l       %r14,12(%r13)
    ltr     %r2,%r2
    jnz     1f
    l       %r15,16(%r13)
    lm      %r0,%r12,20(%r13)
    br      %r14
1:  lr      %r15,%r2
    lm      %r0,%r12,20(%r13)
    br      %r15

    .globl  context_return
context_return:
    svc     3

/* void issue_abend(uint32_t code) */
    .globl  issue_abend
issue_abend:
    lr      %r1,%r2
    svc     13

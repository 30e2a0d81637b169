/* Where CMS enters a module written in C: R1 -> parameter list, R0 -> extended list, R13 a
 * save area, R14 the way back.  A stack of its own, then command_main(). */
#define STACK_BYTES 16384

    .section .text.entry, "ax"
    .globl  module_entry
module_entry:
    stm     %r14,%r12,12(%r13)
    larl    %r15,saved_r13
    st      %r13,0(%r15)
    lr      %r2,%r0
    lr      %r3,%r1
    larl    %r15,kit_stack_top
    ahi     %r15,-96
    brasl   %r14,kit_main
    /* Falls through with the return code in R2. */
    .globl  kit_exit
kit_exit:
    larl    %r13,saved_r13
    l       %r13,0(%r13)
    lr      %r15,%r2
    l       %r14,12(%r13)
    lm      %r0,%r12,20(%r13)
    br      %r14

/* int kit_svc202(const void *plist, uint32_t kind_and_extended): R0 = third argument. */
    .text
    .globl  kit_svc202
kit_svc202:
    stm     %r6,%r15,24(%r15)
    lr      %r10,%r15
    lr      %r1,%r2
    lr      %r0,%r3
    svc     202
    .long   1
    lr      %r2,%r15
    lr      %r15,%r10
    lm      %r6,%r15,24(%r15)
    br      %r14

/* int cms_service(enum nucleus_service service, uint32_t *p): the function's halfword is in the
 * instruction stream, so each has its own SVC in a table of 8-byte entries. */
    .globl  cms_service
cms_service:
    stm     %r6,%r15,24(%r15)
    lr      %r10,%r15
    lr      %r1,%r3
    larl    %r4,service_calls
    sll     %r2,3
    ar      %r4,%r2
    br      %r4
service_done:
    lr      %r2,%r15
    lr      %r15,%r10
    lm      %r6,%r15,24(%r15)
    br      %r14
    .balign 8
service_calls:
    .set    number,0
    .rept   64                      /* SERVICE_MOST of services.h */
    svc     203
    .short  number
    j       service_done
    .set    number,number+1
    .endr

    .section .bss
    .balign 8
saved_r13:
    .space  8
    .space  STACK_BYTES
    .globl  kit_stack_top
kit_stack_top:

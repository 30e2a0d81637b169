/* Where a program that offers its variables is entered while it waits for a command that it has
 * called: its own stack is in use, so this one has another. */
#define STACK_BYTES 4096

    .text
    .globl  kit_variables_entry
kit_variables_entry:
    stm     %r14,%r12,12(%r13)
    larl    %r15,variables_r13
    st      %r13,0(%r15)
    lr      %r2,%r0
    larl    %r15,variables_stack_top
    ahi     %r15,-96
    brasl   %r14,kit_variables
    larl    %r13,variables_r13
    l       %r13,0(%r13)
    lr      %r15,%r2
    l       %r14,12(%r13)
    lm      %r0,%r12,20(%r13)
    br      %r14

    .section .bss.variables, "aw", @nobits
    .balign 8
variables_r13:
    .space  8
    .space  STACK_BYTES
variables_stack_top:

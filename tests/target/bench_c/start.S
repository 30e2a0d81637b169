# Entry of a kernel in C: a stack, a call of kernel, and a comparison of its result with what
# the same program gave on the host (EXPECTED).  It ends in the disabled wait with the address
# 0, or 1 if the results differ; any interruption in one with its old PSW's address.
# It runs in System/370's EC mode with the compiler's extension, and in ESA/390 (Hercules).
        .section .entry, "ax"
        .globl  _start
        .long   0x00080000, start
        .org    0x58
        .long   0x000a0000, 0xee0058
        .long   0x000a0000, 0xee0060
        .long   0x000a0000, 0xee0068
        .long   0x000a0000, 0xee0070
        .long   0x000a0000, 0xee0078
        .org    0x400
_start:
start:  larl    %r15,stack_end
        ahi     %r15,-96
        brasl   %r14,kernel
        larl    %r1,expected
        cl      %r2,0(%r1)
        jne     differ
        lpsw    done
differ: lpsw    wrong
        .balign 8
done:   .long   0x000a0000, 0
wrong:  .long   0x000a0000, 1
expected: .long EXPECTED
        .bss
        .balign 8
        .space  32768
stack_end:

# Entry of the compiled test program: a stack, a call of check_all, and its result as the
# address of a disabled wait PSW.  Any interruption ends in a wait with its old PSW's class.
        .section .entry, "ax"
        .globl  _start
        .long   0x00080000, start       # EC mode, supervisor state
        .org    0x58
        .long   0x000a0000, 0xee0058    # external, SVC, program, machine check, I/O
        .long   0x000a0000, 0xee0060
        .long   0x000a0000, 0xee0068
        .long   0x000a0000, 0xee0070
        .long   0x000a0000, 0xee0078
        .org    0x400
_start:
start:  larl    %r15,stack_end
        ahi     %r15,-96
        brasl   %r14,check_all
        st      %r2,done+4
        lpsw    done
        .balign 8
done:   .long   0x000a0000, 0
        .bss
        .balign 8
        .space  16384
stack_end:

# Entry of the guests in C: a stack, then guest_main, which does not return.  At 1008 a word that a
# test may change before it makes the deck.
    .section .entry, "ax"
    .globl _start, guest_seed, guest_again, guest_go
_start:
    j 0f
    .balign 8
guest_seed:
    .long 0
0:  larl %r15, stack_end
    ahi %r15, -96
    brasl %r14, guest_main
    j .

# Where interruptions lead: the same with guest_interrupted.
guest_again:
    larl %r15, stack_end
    ahi %r15, -96
    brasl %r14, guest_interrupted
    j .

# void guest_go(void): loads the registers at 200 and the PSW at 240.
guest_go:
    lm %r0, %r15, 0x200
    lpsw 0x240

    .bss
    .balign 8
    .space 4096
stack_end:

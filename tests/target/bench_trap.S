# Kernel: a privileged operation in the problem state, the program interruption, and LPSW back.
        .include "bench.inc"
        BEGIN 300000
        mvc     0x68(8),newpsw-here(%r12)
        mvc     0x60(8),super-here(%r12)
        la      %r4,10
        lpsw    problem-here(%r12)
        .balign 8
problem: .long  0x00010000, loop
newpsw: .long   0, handler
super:  .long   0, over
loop:   ssm     0(%r12)
        bct     %r4,loop-here(%r12)
        svc     0
handler: lpsw   0x28
        .org    0x500
over:   mvc     0x68(8),lost-here(%r12)
        END
        .balign 8
lost:   .long   0x00020000, 0xee0068

# Kernel: supervisor calls and the way back: SVC, LPSW.
        .include "bench.inc"
        BEGIN 300000
        mvc     0x60(8),newpsw-here(%r12)
        la      %r4,10
loop:   svc     5
        bct     %r4,loop-here(%r12)
        END
        .balign 8
newpsw: .long   0, handler
handler: lpsw   0x20

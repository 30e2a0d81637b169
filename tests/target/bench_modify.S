# Kernel: a program that changes its very next instruction each time.
        .include "bench.inc"
        BEGIN 500000
        la      %r4,10
        sr      %r2,%r2
loop:   stc     %r4,next+3-here(%r12)
next:   la      %r5,0
        ar      %r2,%r5
        bct     %r4,loop-here(%r12)
        END

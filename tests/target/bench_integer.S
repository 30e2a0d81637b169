# Kernel: arithmetic, logic, shifts and branches in registers.
        .include "bench.inc"
        BEGIN 400000
        la      %r4,20
        sr      %r2,%r2
        lr      %r3,%r9
loop:   ar      %r2,%r3
        xr      %r3,%r2
        lr      %r5,%r3
        sll     %r5,3
        slr     %r5,%r2
        bc      2,over-here(%r12)
        srl     %r5,5
over:   nr      %r5,%r3
        or      %r2,%r5
        cr      %r2,%r3
        bl      less-here(%r12)
        la      %r3,17(%r3,%r4)
less:   bct     %r4,loop-here(%r12)
        END

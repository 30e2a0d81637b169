# Kernel: loads and stores of words, halfwords and bytes, with index registers, and linkage.
        .include "bench.inc"
        BEGIN 300000
        lr      %r3,%r11
        la      %r4,20
loop:   l       %r5,0(%r3)
        a       %r5,4(%r3)
        st      %r5,8(%r3)
        lh      %r6,2(%r4,%r11)
        ah      %r6,10(%r3)
        sth     %r6,12(%r3)
        ic      %r7,1(%r4,%r3)
        stc     %r7,15(%r3)
        cl      %r5,16(%r3)
        x       %r5,20(%r3)
        st      %r5,24(%r3)
        tm      15(%r3),1
        bz      even-here(%r12)
        mvi     16(%r3),3
even:   la      %r3,32(%r3)
        bct     %r4,loop-here(%r12)
        bal     %r14,routine-here(%r12)
        END
routine: stm    %r14,%r12,1024(%r11)
        lm      %r14,%r12,1024(%r11)
        br      %r14

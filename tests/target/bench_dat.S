# Kernel: bench_storage's loop with translation on (4K pages, 64K segments, virtual = real), or
# off (bench_dat_off).
#ifndef SYSTEM_MASK
#define SYSTEM_MASK 0x04
#endif
        .include "bench.inc"
        BEGIN 300000
        b       first-here(%r12)
first:  nopr    %r0
        ltr     %r10,%r10
        bnz     loop0-here(%r12)
        la      %r10,1
        lctl    %r0,%r1,control-here(%r12)
        lpsw    translated-here(%r12)
        .balign 8
translated: .long SYSTEM_MASK << 24 | 0x0c0000, loop0
control: .long  0x00800000
        .long   0x00001000
loop0:  lr      %r3,%r11
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
        END
        .org    0x1000
        .long   0xf0001100, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
        .org    0x1100
        .short  0x0000, 0x0010, 0x0020, 0x0030, 0x0040, 0x0050, 0x0060, 0x0070
        .short  0x0080, 0x0090, 0x00a0, 0x00b0, 0x00c0, 0x00d0, 0x00e0, 0x00f0

# Kernel: translation on, and a new page at each access: 4000 pages of 4K, all of them the same
# sixteen of real storage (each segment has the same page table), more than a TLB holds.
        .include "bench.inc"
        BEGIN 2000
        b       first-here(%r12)
first:  nopr    %r0
        ltr     %r10,%r10
        bnz     loop0-here(%r12)
        la      %r10,1
        lctl    %r0,%r1,control-here(%r12)
        lpsw    translated-here(%r12)
        .balign 8
translated: .long 0x040c0000, loop0
control: .long  0x00800000
        .long   0xff001000
stride: .long   0x1000
loop0:  l       %r3,stride-here(%r12)
        lr      %r6,%r3
        l       %r4,pages-here(%r12)
loop:   l       %r5,0x100(%r3)
        ar      %r3,%r6
        bct     %r4,loop-here(%r12)
        END
pages:  .long   4000
        .org    0x1000
        .rept   256
        .long   0xf0001400
        .endr
        .short  0x0000, 0x0010, 0x0020, 0x0030, 0x0040, 0x0050, 0x0060, 0x0070
        .short  0x0080, 0x0090, 0x00a0, 0x00b0, 0x00c0, 0x00d0, 0x00e0, 0x00f0

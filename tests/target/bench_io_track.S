# I/O kernel: reads whole tracks, a thousand of them one after the other, again and again.
        .equ    PASSES, 80000
        .include "bench_io.inc"
        START
        lr      %r7,%r9
        sr      %r6,%r6
        d       %r6,tracks-here(%r12)
        lr      %r7,%r6
        sr      %r6,%r6
        d       %r6,heads-here(%r12)            # R7 cylinder, R6 head
        sth     %r7,where+2-here(%r12)
        sth     %r6,where+4-here(%r12)
        FINISH
ccws:   CCW     0x07, where, 0x40, 6
        CCW     0x31, where+2, 0x40, 5
        CCW     0x08, ccws+8, 0, 0
        CCW     0x06, 0x10000, 0x40, 4096
        CCW     0x06, 0x11000, 0x40, 4096
        CCW     0x06, 0x12000, 0x40, 4096
        CCW     0x06, 0x13000, 0, 4096
tracks: .long   1000
heads:  .long   30
        .balign 8
where:  .byte   0, 0, 0, 0, 0, 0, 1, 0

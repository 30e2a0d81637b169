# I/O kernel: reads blocks of 4096 bytes all over a thousand tracks.
        .equ    PASSES, 150000
        .include "bench_io.inc"
        START
        l       %r5,seed-here(%r12)             # the next random number
        m       %r4,factor-here(%r12)
        al      %r5,addend-here(%r12)
        st      %r5,seed-here(%r12)
        sr      %r4,%r4
        srl     %r5,8
        d       %r4,tracks-here(%r12)
        lr      %r7,%r4                         # 0 to 999
        sr      %r6,%r6
        d       %r6,heads-here(%r12)            # R7 cylinder, R6 head
        sth     %r7,where+2-here(%r12)
        sth     %r6,where+4-here(%r12)
        srl     %r5,2
        n       %r5,three-here(%r12)
        la      %r5,1(%r5)
        stc     %r5,where+6-here(%r12)
        FINISH
ccws:   CCW     0x07, where, 0x40, 6
        CCW     0x31, where+2, 0x40, 5
        CCW     0x08, ccws+8, 0, 0
        CCW     0x06, 0x10000, 0, 4096
seed:   .long   1
factor: .long   1103515245
addend: .long   12345
tracks: .long   1000
heads:  .long   30
three:  .long   3
        .balign 8
where:  .space  8

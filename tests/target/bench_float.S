# Kernel: long floating point.
        .include "bench.inc"
        BEGIN 150000
        la      %r4,10
        ld      %f0,one-here(%r12)
        ld      %f2,third-here(%r12)
        ld      %f4,one-here(%r12)
loop:   ldr     %f6,%f2
        mdr     %f6,%f0
        adr     %f0,%f6
        ad      %f0,third-here(%r12)
        sdr     %f4,%f2
        std     %f4,0(%r11)
        md      %f4,one-here(%r12)
        ddr     %f0,%f6
        cdr     %f0,%f4
        bl      low-here(%r12)
        ld      %f0,one-here(%r12)
low:    ltdr    %f4,%f4
        bct     %r4,loop-here(%r12)
        END
        .balign 8
one:    .byte   0x41,0x10,0,0,0,0,0,0
third:  .byte   0x40,0x55,0x55,0x55,0x55,0x55,0x55,0x55

# Kernel: packed decimal: sums, products, quotients, conversion and editing.
        .include "bench.inc"
        BEGIN 200000
        cvd     %r9,64(%r11)
        zap     0(8,%r11),64(8,%r11)
        ap      0(8,%r11),one-here(2,%r12)
        sp      0(8,%r11),seven-here(4,%r12)
        zap     16(8,%r11),seven-here(4,%r12)
        mp      16(8,%r11),one-here(2,%r12)
        zap     32(8,%r11),64(8,%r11)
        dp      32(8,%r11),seven-here(4,%r12)
        cp      0(8,%r11),16(8,%r11)
        srp     0(8,%r11),2(0),5
        unpk    80(15,%r11),0(8,%r11)
        pack    96(8,%r11),80(15,%r11)
        mvc     112(12,%r11),pattern-here(%r12)
        ed      112(12,%r11),66(%r11)
        cvb     %r5,64(%r11)
        END
        .balign 8
one:    .byte   0x12,0x3c
seven:  .byte   0,0x07,0x65,0x7d
pattern: .byte  0x40,0x20,0x20,0x6b,0x20,0x20,0x20,0x6b,0x20,0x20,0x21,0x60

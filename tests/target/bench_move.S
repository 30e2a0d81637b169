# Kernel: MVC, CLC, TR, XC and their like, of several lengths; code and data in blocks of their
# own.
        .include "bench.inc"
        BEGIN 1000000
        mvc     0(80,%r11),256(%r11)
        mvc     96(8,%r11),0(%r11)
        mvc     104(4,%r11),100(%r11)
        xc      128(16,%r11),128(%r11)
        clc     0(40,%r11),256(%r11)
        bne     bad-here(%r12)
        mvi     512(%r11),0x40
        mvc     513(79,%r11),512(%r11)
        oc      128(12,%r11),512(%r11)
        nc      140(4,%r11),512(%r11)
        tr      128(16,%r11),1024(%r11)
        clc     512(8,%r11),520(%r11)
        bne     bad-here(%r12)
        END
bad:    .long   0

# Runs channel programs on device 131, one record after the other (differential.c): starts
# it, waits by TIO, saves condition codes and the CSW, then the sense bytes.
        .machine "z900"
        .text
        .globl  _start
_start: .long   0x00000000, 0x00000200  # restart: BC mode, disabled
        .org    0x180
count:  .long   0                       # filled in: how many records
first:  .long   0                       # and where
size:   .long   0
        .org    0x190
sense:  .byte   0x04, 0x00, 0x01, 0xc0, 0x20, 0x00, 0x00, 0x18
caw:    .long   0x190
        .org    0x1a0
ended:  .long   0x00020000, 0x00000000  # disabled wait
        .org    0x1c0
bytes:  .skip   32
        .org    0x200
        l       2,0x180
        l       1,0x184
next:   mvc     0x48(4),0(1)
        xc      0x40(8),0x40
        .long   0x9c000131              # SIO
        balr    3,0
        st      3,8(0,1)
        bc      7,saved-_start          # not started, or over already
busy:   .long   0x9d000131              # TIO
        bc      2,busy-_start
        balr    3,0
        st      3,12(0,1)
saved:  mvc     16(8,1),0x40
        mvc     0x48(4),0x198
        xc      0x1c0(24),0x1c0
        .long   0x9c000131
        bc      7,sensed-_start
sbusy:  .long   0x9d000131
        bc      2,sbusy-_start
sensed: mvc     24(24,1),0x1c0
        a       1,0x188
        bct     2,next-_start
        lpsw    0x1a0

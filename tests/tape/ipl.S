# A stand-alone program that is IPLed from tape, and then does with its tape what a job does.
# The tape (written by ipl.c): the IPL record (the first 24 bytes of this image), the program
# (from 0x200 on), a block of 100 bytes X'C1', a tape mark, a block of 200 bytes X'C2'.
# Ends in a disabled wait: address 0 good, otherwise the number of the check that failed.
        .equ    tape, 0x180
        .equ    buffer, 0x4000
        .long   0x00080000, start               # EC mode
        .long   0x02000200, 0x20000e00          # read the program
        .long   0, 0
        .org    0x200
good_psw: .long 0x000a0000, 0
fail_psw: .long 0x000a0000, 0
failed: st      %r0,0x20c
        lpsw    0x208
        .macro  FAIL n
        lhi     %r0,\n
        j       failed
        .endm

# Runs the CCW at R2; returns to R14 with the unit status in R3, all of the operation's, and
# the residual count in R4.
run:    st      %r2,0x48
        lhi     %r1,tape
        xr      %r3,%r3
        .insn   s,0x9c000000,0(%r1)             # SIO
        jo      not_there
        jm      collect                         # ended at once
wait:   .insn   s,0x9d000000,0(%r1)             # TIO
        jo      not_there
        brc     2,wait                          # busy
        jz      wait
collect: ic     %r5,0x44
        lhi     %r6,0xff
        nr      %r5,%r6
        or      %r3,%r5
        lh      %r4,0x46
        lhi     %r6,4
        nr      %r6,%r3
        jz      wait                            # device end is still to come
        br      %r14
not_there: FAIL 1

        .macro  RUN ccw, status, n
        larl    %r2,\ccw
        bras    %r14,run
        lhi     %r0,\status
        cr      %r3,%r0
        je      1f
        FAIL    \n
1:
        .endm
        .macro  BYTE offset, value, n
        xr      %r5,%r5
        ic      %r5,\offset(%r7)
        lhi     %r0,\value
        cr      %r5,%r0
        je      1f
        FAIL    \n
1:
        .endm

start:  lhi     %r7,buffer
        lh      %r5,0xba                        # the IPL device
        lhi     %r0,tape
        cr      %r5,%r0
        je      1f
        FAIL    2
1:      RUN     read, 0x0c, 10
        lhi     %r0,100
        cr      %r4,%r0
        je      1f
        FAIL    11
1:      BYTE    99, 0xc1, 12
        RUN     read, 0x0d, 13                  # tape mark
        RUN     read, 0x0c, 14
        BYTE    199, 0xc2, 15
        RUN     write, 0x0c, 16
        RUN     write_mark, 0x0c, 17
        RUN     rewind, 0x0c, 18
        RUN     space_file, 0x0c, 19
        RUN     space_block, 0x0c, 20
        RUN     read_two, 0x0c, 21              # the block that was written
        BYTE    0, 0x01, 22
        BYTE    6, 0x07, 23
        RUN     read, 0x0d, 24
        RUN     backward, 0x0d, 25
        RUN     backward, 0x0c, 26
        BYTE    99, 0x07, 27             # the last byte of what was written
        lpsw    0x200

        .balign 8
read:       .long 0x02004000, 0x200000c8
write:      .long 0x01000000 + sample, 0x00000007
write_mark: .long 0x1f000000, 0x20000001
rewind:     .long 0x07000000, 0x20000001
space_file: .long 0x3f000000, 0x20000001
space_block: .long 0x37000000, 0x20000001
read_two:   .long 0x03000000, 0x60000001, 0x02004000, 0x200000c8
backward:   .long 0x0c004063, 0x20000064
sample:     .byte 1, 2, 3, 4, 5, 6, 7
        .org    0x1000

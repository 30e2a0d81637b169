# One of two programs that talk over a channel-to-channel adapter (500), by interruptions: this one
# with 0 at 300, the other with 1 there.
#   They meet: the other PREPAREs and then senses the CONTROL of this one.
#   ROUNDS times: this one fills a block, longer each time, and gives it away with CONTROL and WRITE
#   chained; the other has an attention, senses the command byte, reads, looks at each byte, inverts all
#   of them, and gives them back in the same way.
#   At last the other READs, and is told of the end of file.
# Ends in a disabled wait: address 600D good, otherwise the number of the check that failed.
        .equ    rounds, 40
        .equ    most, 8192
        .equ    adapter, 0x500
        .equ    buffer, 0x2000
        .equ    role, 0x300
        .equ    flags, 0x301                    # unit status that has come, and is not used yet
        .equ    command_byte, 0x302
        .equ    csw, 0x308
        .equ    ATTENTION, 0x80
        .equ    BUSY, 0x10
        .equ    DEVICE_END, 0x04
        .equ    UNIT_CHECK, 0x02
        .equ    UNIT_EXCEPTION, 0x01

        .long   0x00000000, start               # restart: BC mode, disabled
        .org    0x68
        .long   0x00020000, 0x00bad000          # a program interruption
        .org    0x78
        .long   0x00000000, interruption
        .org    0x320
good_psw: .long 0x00020000, 0x0000600d
bad_psw:  .long 0x00020000, 0
wait_psw: .long 0xfe020000, look
        .balign 8
control_write: .long 0x07000000, 0x60000001
write:  .long   0x01000000 + buffer, 0
sense:  .long   0x14000000 + command_byte, 1
read:   .long   0x02000000 + buffer, 0x20000000 + most
prepare: .long  0xe3000000, 0x20000001
control: .long  0x07000000, 0x20000001
extended: .long 0xc3000000, 0x20000001
write_eof: .long 0x81000000, 0x20000001

        .org    0x400
# Comes only in a wait; the program goes on disabled.
interruption:
        oc      flags(1), 0x44
        mvc     csw(8), 0x40
        mvi     0x38, 0
        ni      0x39, 0xfd
        lpsw    0x38

failed: st      %r0, bad_psw+4
        lpsw    bad_psw
        .macro  FAIL n
        lhi     %r0, \n
        j       failed
        .endm

# Waits for one of the bits in R2, and takes them.
wait:
look:   ic      %r3, flags
        nr      %r3, %r2
        jnz     2f
        lpsw    wait_psw
2:      lhi     %r4, 0xff
        xr      %r4, %r2
        ic      %r5, flags
        nr      %r5, %r4
        stc     %r5, flags
        br      %r14

# Starts the program at R2.
go:     st      %r2, 0x48
1:      .insn   s, 0x9c000000, adapter(%r8)     # SIO; R8 is 0
        jz      3f
        jo      4f
        brc     2, 1b
        oc      flags(1), 0x44
        mvc     csw(8), 0x40
        tm      flags, BUSY
        jz      3f
        ni      flags, 0xff-BUSY                # status was pending, it has come now
        j       1b
3:      br      %r14
4:      FAIL    1

# The same, and waits for its end.
run:    lr      %r13, %r14
        ni      flags, 0xff-0x0c
        bras    %r14, go
        lhi     %r2, DEVICE_END
        bras    %r14, wait
        tm      flags, UNIT_CHECK
        jz      1f
        FAIL    2
1:      br      %r13
        .macro  RUN ccw
        lhi     %r2, \ccw
        bras    %r14, run
        .endm
        .macro  WAIT bit
        lhi     %r2, \bit
        bras    %r14, wait
        .endm

# The command that the other side executes must be CONTROL.
look_at_command:
        lr      %r9, %r14
        RUN     sense
        cli     command_byte, 0x07
        je      1f
        FAIL    3
1:      br      %r9

# The block of round R10: its length to R11, its bytes xor R6.
length: lr      %r11, %r10
        mhi     %r11, 197
        ahi     %r11, 17
        br      %r14
put:    lr      %r9, %r14
        bras    %r14, length
        xr      %r1, %r1
1:      lr      %r3, %r1
        mhi     %r3, 7
        ar      %r3, %r10
        xr      %r3, %r6
        stc     %r3, buffer-0x2000(%r1,%r7)     # R7 is 2000
        ahi     %r1, 1
        cr      %r1, %r11
        jl      1b
        br      %r9
look_at_block:
        lr      %r9, %r14
        bras    %r14, length
        lh      %r3, csw+6
        ar      %r3, %r11
        chi     %r3, most                       # what was read and what was not
        je      1f
        FAIL    4
1:      xr      %r1, %r1
2:      lr      %r3, %r1
        mhi     %r3, 7
        ar      %r3, %r10
        xr      %r3, %r6
        ic      %r4, buffer-0x2000(%r1,%r7)
        xr      %r4, %r3
        lhi     %r3, 0xff
        nr      %r4, %r3
        jz      3f
        FAIL    5
3:      ahi     %r1, 1
        cr      %r1, %r11
        jl      2b
        br      %r9
invert: xr      %r1, %r1
        lhi     %r4, 0xff
1:      ic      %r3, buffer-0x2000(%r1,%r7)
        xr      %r3, %r4
        stc     %r3, buffer-0x2000(%r1,%r7)
        ahi     %r1, 1
        cr      %r1, %r11
        jl      1b
        br      %r14

give:   lr      %r9, %r14
        sth     %r11, write+6
        RUN     control_write
        lh      %r3, csw+6
        ltr     %r3, %r3
        jz      1f
        FAIL    6
1:      br      %r9
take:   lr      %r15, %r14
        WAIT    ATTENTION
        bras    %r14, look_at_command
        RUN     read
        br      %r15

start:  xr      %r8, %r8
        lhi     %r7, buffer
        lhi     %r10, 1
        cli     role, 0
        jne     other

        RUN     control
        mvi     flags, 0
        RUN     extended
1:      xr      %r6, %r6
        bras    %r14, put
        bras    %r14, give
        bras    %r14, take
        lhi     %r6, 0xff
        bras    %r14, look_at_block
        ahi     %r10, 1
        chi     %r10, rounds
        jle     1b
        WAIT    ATTENTION
        RUN     write_eof
        lpsw    good_psw

other:  RUN     prepare
        bras    %r14, look_at_command
        mvi     flags, 0
        RUN     extended
1:      bras    %r14, take
        xr      %r6, %r6
        bras    %r14, look_at_block
        bras    %r14, invert
        bras    %r14, give
        ahi     %r10, 1
        chi     %r10, rounds
        jle     1b
        RUN     read
        tm      flags, UNIT_EXCEPTION
        jo      1f
        FAIL    7
1:      lpsw    good_psw

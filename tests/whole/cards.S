# A whole program with input and output, in plain System/370 and the BC mode.  Each card has a name
# and a number; it is read into three places by chained data, the name put into capitals, the number
# checked, converted and added up, and a line printed from three places.  All goes by
# interruptions, and each is logged: old PSW and CSW.  The reader's unit exception is the end: the
# sum on a new page, and a disabled wait with address 0.  All lies below 1000: no base register.
        .macro  IO code, device         # the assembler has no System/370
        .long   \code<<16 | \device
        .endm
        .equ    SIO, 0x9c00
        .equ    TIO, 0x9d00
        .equ    HIO, 0x9e00
        .equ    TCH, 0x9f00
        .macro  CCW command, address, flags, count
        .long   (\command<<24) + \address, ((\flags)<<24) + \count
        .endm
        .equ    CD, 0x80
        .equ    CC, 0x40
        .equ    SLI, 0x20
        .equ    LOG, 0x2000
        .long   0x00000000, 0x400       # restart: BC mode
        .org    0x58
        .long   0x00020000, 0xee0058
        .long   0x00020000, 0xee0060
        .long   0x00000000, exception
        .long   0x00020000, 0xee0070
        .long   0x00000000, interruption
        .org    0x400
        l       %r11,log_at
next:   la      %r1,read
        st      %r1,0x48
        IO      SIO, 0x00c
        bal     %r14,await
        tm      status,0x01             # unit exception: no more cards
        bo      totals
        ap      cards(3),one(1)
        tr      name(20),capitals
        trt     number(8),digits
        bz      digits_only
        st      %r1,0(%r11)             # where it is wrong; and a data exception
        la      %r11,16(%r11)
digits_only: pack packed(8),number(8)
        cvb     %r3,packed
        ar      %r4,%r3
        mvc     line_name(20),name
        mvc     line_number(15),pattern
        ed      line_number(15),packed+2
        cvd     %r4,packed
        mvc     line_sum(15),pattern
        ed      line_sum(15),packed+2
        la      %r1,print
        st      %r1,0x48
        IO      SIO, 0x00e
        bal     %r14,await
        b       next
totals: unpk    heading_number(5),cards(3)
        oi      heading_number+4,0xf0
        la      %r1,page
        st      %r1,0x48
        IO      SIO, 0x00e
        bal     %r14,await
        IO      TIO, 0x00e
        balr    %r7,0
        IO      TIO, 0x00d              # no such device
        balr    %r8,0
        IO      TCH, 0x000
        balr    %r9,0
        IO      HIO, 0x00c
        balr    %r10,0
        xc      0x40(8),0x40            # HALT I/O stores the status alone; Hercules 3.13 all
        lpsw    done

# Until the device end of what SIO has begun; at once if it has stored a CSW.  Whether channel end
# and device end come together depends on the device: the log has what both have brought.
await:  mvc     0(16,%r11),zeros
        bz      wait
        balr    %r6,0                   # its condition code is not 0
        mvc     8(8,%r11),0x40
        st      %r6,0(%r11)
        b       over
wait:   lpsw    waiting
interruption: ni 0x3c,0x3f              # the instruction length means nothing
        mvc     0(8,%r11),0x38
        oc      12(4,%r11),0x44
        tm      0x44,0x08
        bz      1f
        mvc     8(4,%r11),0x40
1:      tm      0x44,0x04
        bo      over
        lpsw    waiting
over:   mvc     status(1),12(%r11)
        tm      status,0x01             # no data came: whether that is a wrong length is
        bz      1f                      # no matter here
        ni      13(%r11),0xbf
1:
        la      %r11,16(%r11)
        br      %r14
exception: mvc  0(8,%r11),0x28
        la      %r11,16(%r11)
        lpsw    0x28

        .balign 8
waiting: .long  0x80020000, 0           # for channel 0
done:   .long   0x00020000, 0
read:   CCW     0x02, name, CD, 20
        CCW     0, number, CD, 8
        CCW     0, rest, SLI, 52
print:  CCW     0x09, line_name, CD, 20
        CCW     0, line_number, CD, 15
        CCW     0, line_sum, CC+SLI, 15
        CCW     0x03, star, CC+SLI, 1
        CCW     0x01, star, CC+SLI, 1   # without spacing: the next is printed over it
        CCW     0x09, stars, SLI, 2
page:   CCW     0x8b, star, CC+SLI, 1
        CCW     0x11, heading, CC+SLI, 11
        CCW     0x19, heading, SLI, 11
packed: .space  8
zeros:  .space  16
status: .byte   0
        .balign 4
log_at: .long   LOG
cards:  .byte   0x00, 0x00, 0x0c
one:    .byte   0x1c
star:   .byte   0x61
stars:  .byte   0x5c, 0x5c
pattern: .byte  0x40, 0x20, 0x20, 0x20, 0x6b, 0x20, 0x20, 0x20, 0x6b, 0x20, 0x20, 0x21, 0x4b
        .byte   0x20, 0x20
heading: .byte  0xe3, 0xd6, 0xe3, 0xc1, 0xd3, 0x40
heading_number: .space 5
name:   .space  20
number: .space  8
rest:   .space  52
line_name: .space 20
line_number: .space 15
line_sum: .space 15
        .macro  BYTES from, to
        .set    byte, \from
        .rept   \to - \from
        .byte   byte
        .set    byte, byte + 1
        .endr
        .endm
        .balign 256
capitals: BYTES 0x00, 0x81              # small letters are 40 less
        BYTES   0xc1, 0xca
        BYTES   0x8a, 0x91
        BYTES   0xd1, 0xda
        BYTES   0x9a, 0xa2
        BYTES   0xe2, 0xea
        BYTES   0xaa, 0x100
digits: .fill   0xf0, 1, 1              # all others are found
        .fill   10, 1, 0
        .fill   6, 1, 1

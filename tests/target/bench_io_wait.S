# What an enabled wait costs: the machine does nothing.
        .long   0x00000000, start
        .org    0x400
start:  balr    %r12,0
here:   lpsw    waiting-here(%r12)
        .balign 8
waiting: .long  0xfe020000, 0

# The compiler's extension, what C does not reach surely: long moves and compares, reversed
# loads and stores, condition codes of TMH, TML and of arithmetic with carry.
        .include "check.inc"
        BEGIN
        # MVCLE: 5000 bytes from 3000 bytes and a pad
        l       %r2,to
        l       %r3,n5000
        l       %r4,from
        l       %r5,n3000
        lr      %r6,%r4
        lhi     %r7,0
fill:   stc     %r7,0(%r6)
        ahi     %r6,1
        ahi     %r7,1
        chi     %r7,3000
        jl      fill
move:   mvcle   %r2,%r4,0x40
        jo      move
        EXPECT_CC 2, 1
        EXPECT  %r3, 0, 2
        EXPECT  %r5, 0, 3
        l       %r6,to
        ahi     %r6,2999
        cli     0(%r6),2999 & 255
        EXPECT_CC 8, 4
        cli     1(%r6),0x40
        EXPECT_CC 8, 5
        cli     2000(%r6),0x40
        EXPECT_CC 8, 6
        cli     2001(%r6),0
        EXPECT_CC 8, 7
        # CLCLE: equal with the pad, then a difference 4999 bytes on
        l       %r2,to
        l       %r3,n5000
        l       %r4,from
        l       %r5,n3000
same:   clcle   %r2,%r4,0x40
        jo      same
        EXPECT_CC 8, 8
        l       %r6,to
        ahi     %r6,4999
        mvi     0(%r6),0x41
        l       %r2,to
        l       %r3,n5000
        l       %r4,from
        l       %r5,n3000
other:  clcle   %r2,%r4,0x40
        jo      other
        EXPECT_CC 2, 9
        EXPECT  %r3, 1, 10
        clr     %r2,%r6
        EXPECT_CC 8, 11
        # CLCL and MVCL over blocks
        l       %r2,to
        l       %r3,n5000
        l       %r4,from
        l       %r5,pad3000
        clcl    %r2,%r4
        EXPECT_CC 2, 12
        l       %r2,to
        l       %r3,n5000
        l       %r4,from
        l       %r5,pad3000
        mvcl    %r2,%r4
        EXPECT_CC 2, 13
        cli     0(%r6),0x40
        EXPECT_CC 8, 14
        # LRV, LRVH, LRVR, STRV, STRVH
        lrv     %r2,word
        c       %r2,reversed
        EXPECT_CC 8, 15
        lhi     %r2,-1
        lrvh    %r2,word
        c       %r2,half_reversed
        EXPECT_CC 8, 16
        l       %r3,word
        lrvr    %r2,%r3
        c       %r2,reversed
        EXPECT_CC 8, 17
        strv    %r2,0x300
        clc     0x300(4),word
        EXPECT_CC 8, 18
        strvh   %r3,0x304
        clc     0x304(2),reversed
        EXPECT_CC 8, 19
        # RLL
        rll     %r2,%r3,8
        c       %r2,rolled
        EXPECT_CC 8, 20
        rll     %r2,%r3,0
        cr      %r2,%r3
        EXPECT_CC 8, 21
        # TMH, TML
        l       %r2,word                # 11223344
        tmh     %r2,0x0100
        EXPECT_CC 1, 22
        tmh     %r2,0x8000
        EXPECT_CC 8, 23
        tml     %r2,0x8040
        EXPECT_CC 4, 24
        tml     %r2,0x4040
        EXPECT_CC 4, 25
        tml     %r2,0x2004
        EXPECT_CC 1, 26
        tml     %r2,0x2008
        EXPECT_CC 2, 27
        tml     %r2,0
        EXPECT_CC 8, 28
        # ALC, SLB: carry in and out, all condition codes
        lhi     %r2,-1
        lhi     %r3,1
        alr     %r2,%r3                 # 0, carry
        EXPECT_CC 2, 29
        lhi     %r2,-1
        lhi     %r3,1
        alr     %r2,%r3
        lhi     %r4,0
        alcr    %r4,%r4                 # 0 + 0 + 1
        EXPECT_CC 4, 30
        EXPECT  %r4, 1, 31
        lhi     %r2,0
        slr     %r2,%r3                 # borrow
        lhi     %r4,0
        slbr    %r4,%r4                 # 0 - 0 - 1
        EXPECT_CC 4, 32
        EXPECT  %r4, -1, 33
        lhi     %r2,0
        slr     %r2,%r3
        lhi     %r4,1
        lhi     %r5,0
        slbr    %r4,%r5                 # 1 - 0 - 1: zero, no borrow
        EXPECT_CC 2, 34
        # MLR, DLR; MSR; IPM
        lhi     %r3,-1
        lhi     %r4,-1
        mlr     %r2,%r4
        EXPECT  %r2, -2, 35
        EXPECT  %r3, 1, 36
        dlr     %r2,%r4
        EXPECT  %r2, 0, 37
        EXPECT  %r3, -1, 38
        lhi     %r2,-3
        lhi     %r3,5
        msr     %r2,%r3
        EXPECT  %r2, -15, 39
        l       %r1,mask
        spm     %r1
        lhi     %r2,-1
        ipm     %r2
        c       %r2,program_mask
        EXPECT_CC 8, 40
        GOOD
on_program:
        FAIL    99
        .balign 4
to:     .long   0x8123
from:   .long   0x5456
n5000:  .long   5000
n3000:  .long   3000
pad3000: .long  0x40000000 + 3000
word:   .long   0x11223344
reversed: .long 0x44332211
half_reversed: .long 0xffff2211
rolled: .long   0x22334411
mask:   .long   0x15000000
program_mask: .long 0x15ffffff

# Branches, links and EXECUTE.
        .include "check.inc"
        .macro  SAME a, b, n            # fails unless both registers are equal
        clr     \a,\b
        je      1f
        FAIL    \n
1:
        .endm
        BEGIN
        # BALR: ILC 1, condition code, program mask, address; BAL: ILC 2
        l       %r1,mask1
        spm     %r1
        balr    %r2,0
here1:  l       %r3,link1
        SAME    %r2, %r3, 1
        l       %r1,mask1
        spm     %r1
        bal     %r2,here2
here2:  l       %r3,link2
        SAME    %r2, %r3, 2
        # BASR, BAS, BRAS, BRASL: the high byte is clean
        basr    %r2,0
here3:  larl    %r3,here3
        SAME    %r2, %r3, 3
        bras    %r2,here4
here4:  larl    %r3,here4
        SAME    %r2, %r3, 4
        brasl   %r2,here5
here5:  larl    %r3,here5
        SAME    %r2, %r3, 5
        bas     %r2,here6
here6:  larl    %r3,here6
        SAME    %r2, %r3, 6
        # the branch address is taken before the link
        larl    %r2,here7
        balr    %r2,%r2
        FAIL    7
here7:  larl    %r2,here8
        basr    %r2,%r2
here8_: FAIL    8
here8:  larl    %r3,here8_
        SAME    %r2, %r3, 9
        # BCT, BCTR: 0 counts to -1 and branches
        lhi     %r2,0
        bct     %r2,here9
        FAIL    10
here9:  EXPECT  %r2, -1, 11
        lhi     %r2,1
        bct     %r2,bad
        bctr    %r2,0
        EXPECT  %r2, -1, 12
        # BXLE with an even and an odd register; BXH
        lhi     %r2,0
        lhi     %r4,1
        lhi     %r5,10
        lhi     %r6,0
loop10: ahi     %r6,1
        bxle    %r2,%r4,loop10
        EXPECT  %r6, 11, 13
        EXPECT  %r2, 11, 14
        lhi     %r3,4
        lhi     %r2,3
        bxh     %r2,%r3,here11          # 3 + 4 > 4: the increment is the comparand
        FAIL    15
here11: lhi     %r2,0
        lhi     %r6,0
loop12: ahi     %r6,1
        brxle   %r2,%r4,loop12
        EXPECT  %r6, 11, 16
        # EX: the link is behind EX, with ILC 2
        l       %r1,mask1
        spm     %r1
        lhi     %r4,0
        ex      %r4,balr13
here13: l       %r3,link13
        SAME    %r2, %r3, 17
        # EX of MVC with the length from a register, of a branch
        lhi     %r4,4
        ex      %r4,mvc14
        clc     0x300(5),data14
        EXPECT_CC 8, 18
        clc     0x305(1),data14
        EXPECT_CC 7, 19
        lhi     %r4,0xf0
        ex      %r4,bc15
        FAIL    20
here15: # TS, CS, CDS
        mvi     0x310,0x40
        ts      0x310
        EXPECT_CC 8, 21
        ts      0x310
        EXPECT_CC 4, 22
        cli     0x310,0xff
        EXPECT_CC 8, 23
        lhi     %r2,-1
        lhi     %r3,5
        mvc     0x314(4),0x310
        l       %r2,0x314
        cs      %r2,%r3,0x314
        EXPECT_CC 8, 24
        cs      %r2,%r3,0x314
        EXPECT_CC 4, 25
        EXPECT  %r2, 5, 26
        # SRST, MVST, CLST
        lhi     %r0,0x40
        larl    %r2,string_end
        larl    %r3,string
        srst    %r2,%r3
        EXPECT_CC 4, 27
        la      %r4,3(%r3)
        SAME    %r2, %r4, 28
        lhi     %r0,0
        la      %r4,0x320
        larl    %r3,string
        mvst    %r4,%r3
        EXPECT_CC 4, 29
        la      %r4,0x320
        larl    %r3,string
        lhi     %r0,0
        clst    %r4,%r3
        EXPECT_CC 8, 30
        mvi     0x321,0xff
        clst    %r4,%r3
        EXPECT_CC 2, 31
        # PER off, monitor calls masked: nothing happens
        mc      0,5
        GOOD
bad:    FAIL    98
on_program:
        FAIL    99
        .balign 4
mask1:  .long   0x2a000000              # condition code 2, mask A
link1:  .long   0x6a000000 + here1
link2:  .long   0xaa000000 + here2
link13: .long   0xaa000000 + here13
balr13: balr    %r2,0
mvc14:  mvc     0x300(1),data14
bc15:   bc      0,here15
data14: .byte   1, 2, 3, 4, 5, 6
string: .byte   0xc1, 0xc2, 0xc3
        .byte 0x40, 0xc4, 0
string_end:

# A program that changes its own next instruction, in every way: by MVI, MVC, STH, an
# instruction that crosses a block, through EXECUTE, and in a loop.
        .include "check.inc"
        BEGIN
        # 1: the very next instruction
        lhi     %r2,0
        lhi     %r1,77
        larl    %r3,next1
        lhi     %r4,0x1821              # LR 2,1
        sth     %r4,0(%r3)
next1:  lr      %r3,%r3
        EXPECT  %r2, 77, 1
        lhi     %r1,78
        mvi     next1b+1,0x21                # again, in place
next1b: lr      %r2,%r2
        EXPECT  %r2, 78, 1
        # 2: a loop whose body counts up its own immediate
        lhi     %r5,100
        lhi     %r6,0
        larl    %r3,add2
loop2:  lh      %r4,2(%r3)
        ahi     %r4,1
        sth     %r4,2(%r3)
add2:   ahi     %r6,0
        brct    %r5,loop2
        EXPECT  %r6, 5050, 2
        # 3: MVC of an instruction over one that has been executed already
        lhi     %r7,0
        lhi     %r8,2
loop3:  ahi     %r7,1
        larl    %r3,loop3
        larl    %r4,other3
        mvc     0(4,%r3),0(%r4)
        brct    %r8,loop3
        EXPECT  %r7, 11, 3
        j       test4
other3: ahi     %r7,10
        # 4: an instruction across a block's boundary, changed beyond it
test4:  lhi     %r5,2
        lhi     %r6,0
        j       cross
        .org    0x7fe
cross:  ahi     %r6,1                   # its second halfword is at 800
        larl    %r3,cross
        lhi     %r4,40
        sth     %r4,2(%r3)
        brct    %r5,cross
        EXPECT  %r6, 41, 4
        # 5: EXECUTE does not change its target, and sees changes of it
        larl    %r3,target5
        lhi     %r1,0x21
        lhi     %r2,0
        ex      %r1,0(%r3)              # LR 2,1
        EXPECT  %r2, 0x21, 5
        lhi     %r4,0x1a00              # AR
        sth     %r4,0(%r3)
        ex      %r1,0(%r3)
        EXPECT  %r2, 0x42, 6
        # 7: a relative branch under EXECUTE counts from its own place
        larl    %r3,target7
        ex      %r0,0(%r3)
        FAIL    7
target7: j      there7
        FAIL    8
there7:
        # 9: MVCL over code that has been executed
        larl    %r2,code9
        lhi     %r3,4
        larl    %r4,new9
        lhi     %r5,4
        lhi     %r9,2
code9:  ahi     %r6,1
        brct    %r9,more9
        EXPECT  %r6, 44, 9
        GOOD
more9:  mvcl    %r2,%r4
        j       code9
new9:   ahi     %r6,2
target5: lr     %r0,%r0
on_program:
        FAIL    99

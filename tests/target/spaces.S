# Runs the cases of tests/target/spaces.c, on this machine and on another: loads control and general
# registers and a PSW from each record, executes its instruction, and stores what came of it in
# the record.  Plain System/370.
        .equ    NEXT, 0x700             # address of the next record
        .equ    END, 0x704
        .equ    PSW, 0x708
        .equ    SAVED, 0x720            # general, control registers
        .equ    SLOT, 0x800             # the instruction, and SVC 0
        .long   0x00080000, start
        .org    0x58
        .long   0x000a0000, 0xe10058
        .long   0x00080000, after       # SVC
        .long   0x00080000, after       # program
        .long   0x000a0000, 0xe10070
        .long   0x000a0000, 0xe10078
        .org    0x400
start:  la      %r1,0
        l       %r2,keys(%r1)           # some frames have keys
1:      l       %r3,keys+4(%r1)
        .insn   rr,0x0800,%r3,%r2
        la      %r1,8(%r1)
        l       %r2,keys(%r1)
        ltr     %r2,%r2
        bnz     1b-start+0x400(0)
loop:   l       %r1,NEXT(0)
        cl      %r1,END(0)
        bnl     done(0)
        mvc     SLOT(8,%r0),8(%r1)
        xc      0x20(16,%r0),0x20(%r0)
        xc      0x84(20,%r0),0x84(%r0)
        l       %r2,frames(0)
        l       %r3,step(0)
        la      %r4,4(0)
2:      mvc     0(64,%r2),0x90(%r1)     # the same data in four spaces, marked
        stc     %r4,1(%r2)
        alr     %r2,%r3
        bct     %r4,2b(0)
        mvc     PSW(8,%r0),0(%r1)
        lctl    %r0,%r15,16(%r1)
        lm      %r0,%r15,0x50(%r1)
        lpsw    PSW(0)
after:  stm     %r0,%r15,SAVED(0)
        stctl   %r0,%r15,SAVED+64(0)
        lctl    %r0,%r15,safe(0)
        l       %r1,NEXT(0)
        mvc     0x100(16,%r1),0x20(%r0)
        mvc     0x110(20,%r1),0x84(%r0)
        mvc     0x128(128,%r1),SAVED(%r0)
        l       %r2,frames(0)
        l       %r3,step(0)
        la      %r4,4(0)
        lr      %r5,%r1
3:      mvc     0x1a8(64,%r5),0(%r2)
        la      %r5,64(%r5)
        .insn   rr,0x0900,%r6,%r2       # and its key
        stc     %r6,0x2a7(%r4,%r1)
        alr     %r2,%r3
        bct     %r4,3b(0)
        la      %r1,0x2c0(%r1)
        st      %r1,NEXT(0)
        b       loop(0)
done:   lpsw    good(0)
        .align  8
good:   .long   0x000a0000, 0
frames: .long   0x00011000              # page 8 of the spaces 1 to 4
step:   .long   0x00001000
keys:   .long   0x00011000, 0x10, 0x00012000, 0x18, 0x00013000, 0x80, 0x00014000, 0x88
        .long   0x00011800, 0x12, 0x00012800, 0x1c, 0x00013800, 0x80, 0x00014800, 0x8e, 0
        .align  8
safe:   .long   0x000000e0, 0, 0xffffffff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc2000000, 0x200
        .org    0x840
entry:  svc     1                       # where PROGRAM CALL leads
        .org    0x860
        svc     2                       # and PROGRAM TRANSFER

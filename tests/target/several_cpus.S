# Four CPUs: each adds to a counter by COMPARE AND SWAP and
# to another one under a lock (TEST AND SET), and stops itself.  Then CPU 1 is started again, gets a
# prefix, waits
# for an emergency signal and answers with an external call.  Ends in the disabled wait 0, or with
# the address of what was wrong.  Plain System/370 with the multiprocessing feature.
        .long   0x00080000, start       # IPL and restart new PSW: EC mode
        .org    0x58
        .long   0x000a0000, 0xe10058
        .long   0x000a0000, 0xe10060
        .long   0x000a0000, 0xe10068
        .long   0x000a0000, 0xe10070
        .long   0x000a0000, 0xe10078
        .org    0x1000               # above what a prefix exchanges
        .equ    TIMES, 3000
start:  balr    %r12,0
here:   stap    me-here(%r12)
        lh      %r10,me-here(%r12)
        ltr     %r10,%r10
        bnz     other-here(%r12)
# --- CPU 0
        la      %r1,1
        sr      %r5,%r5
        sigp    %r4,%r5,1(0)            # sense myself: nothing to say
        bnz     bad1-here(%r12)
        la      %r5,4
        sigp    %r4,%r5,1(0)            # there is no CPU 4
        bc      14,bad2-here(%r12)
next:   lr      %r5,%r1
        sigp    %r4,%r5,1(0)
        bc      11,bad3-here(%r12)      # a stopped CPU gives status, condition code 1
        cl      %r4,stopped-here(%r12)
        bne     bad3-here(%r12)
        sigp    %r4,%r5,6(0)            # restart
        bnz     bad4-here(%r12)
hear:   cl      %r1,heard-here(%r12)    # until it has seen its address
        bne     hear-here(%r12)
        la      %r1,1(%r1)
        cl      %r1,four-here(%r12)
        bl      next-here(%r12)
        bal     %r14,work-here(%r12)
ready:  l       %r2,finished-here(%r12)
        cl      %r2,four-here(%r12)
        bne     ready-here(%r12)
        l       %r2,swapped-here(%r12)
        cl      %r2,sum-here(%r12)
        bne     bad5-here(%r12)
        l       %r2,locked-here(%r12)
        cl      %r2,sum-here(%r12)
        bne     bad6-here(%r12)
# Emergency signal to CPU 1, which waits; its answer is an external call.
        la      %r5,1
asleep: sigp    %r4,%r5,1(0)            # until it has stopped itself
        bz      asleep-here(%r12)
        mvi     phase+3-here(%r12),1
        lctl    %r0,%r0,cr0-here(%r12)
        mvc     0x58(8),callpsw-here(%r12)
        sigp    %r4,%r5,6(0)
        bnz     bad4-here(%r12)
sleeps: cli     phase+3-here(%r12),2
        bne     sleeps-here(%r12)
        sigp    %r4,%r5,3(0)
        bnz     bad7-here(%r12)
        lpsw    enabled-here(%r12)
called: clc     0x86(2),call-here(%r12)
        bne     bad8-here(%r12)
        clc     0x84(2),one-here(%r12)
        bne     bad9-here(%r12)
        clc     result-here(4,%r12),emergency-here(%r12)
        bne     bada-here(%r12)
        lpsw    done-here(%r12)
# --- the others
other:  cli     phase+3-here(%r12),1
        be      again-here(%r12)
        st      %r10,heard-here(%r12)
        bal     %r14,work-here(%r12)
        b       halt-here(%r12)
again:  lctl    %r0,%r0,cr0-here(%r12)
        l       %r2,ownlow-here(%r12)
        mvc     0x58(4,%r2),callpsw-here(%r12)
        mvc     0x5c(4,%r2),emergaddress-here(%r12)
        st      %r2,work1-here(%r12)
        spx     work1-here(%r12)
        stpx    work1-here(%r12)
        c       %r2,work1-here(%r12)
        bne     badb-here(%r12)
        mvi     phase+3-here(%r12),2
        lpsw    enabled-here(%r12)
emerg:  mvc     result-here(2,%r12),0x86 # of its own prefix
        mvc     result+2-here(2,%r12),0x84
        sr      %r5,%r5
        sigp    %r4,%r5,2(0)            # external call to CPU 0
        bnz     badc-here(%r12)
halt:   lr      %r5,%r10
        sigp    %r4,%r5,5(0)            # stop myself
        b       halt-here(%r12)
# --- TIMES additions to each counter
work:   la      %r6,TIMES
one_up: l       %r2,swapped-here(%r12)
swap:   lr      %r3,%r2
        a       %r3,oneword-here(%r12)
        cs      %r2,%r3,swapped-here(%r12)
        bnz     swap-here(%r12)
spin:   ts      lock-here(%r12)
        bnz     spin-here(%r12)
        l       %r2,locked-here(%r12)
        la      %r2,1(%r2)
        st      %r2,locked-here(%r12)
        mvi     lock-here(%r12),0
        bct     %r6,one_up-here(%r12)
        l       %r2,finished-here(%r12)
count:  lr      %r3,%r2
        a       %r3,oneword-here(%r12)
        cs      %r2,%r3,finished-here(%r12)
        bnz     count-here(%r12)
        br      %r14
        .irp    n, 1,2,3,4,5,6,7,8,9,a,b,c
bad\n:  lpsw    wait\n-here(%r12)
        .endr
        .balign 8
        .irp    n, 1,2,3,4,5,6,7,8,9,a,b,c
wait\n: .long   0x000a0000, 0xbad000+0x\n
        .endr
done:   .long   0x000a0000, 0
enabled: .long  0x010a0000, 0
callpsw: .long  0x00080000, called
emergaddress: .long emerg
cr0:    .long   0x00006000              # emergency signal and external call
four:   .long   4
stopped: .long  0x40
sum:    .long   4*TIMES
oneword: .long  1
ownlow: .long   0x10000
emergency: .short 0x1201, 0
call:   .short  0x1202
one:    .short  1
me:     .short  0
        .balign 4
heard:  .long   0
finished: .long 0
swapped: .long  0
locked: .long   0
phase:  .long   0
result: .long   0
work1:  .long   0
lock:   .byte   0
        .balign 8

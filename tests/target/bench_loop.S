# The loop for `make bench`: plain System/370, so that Hercules runs it too.  About 100
# million instructions: a table of words is summed, compared, changed and moved.
        .long   0x00000000, start
        .org    0x68
        .long   0x00020000, 0xee0068
        .org    0x400
start:  balr    %r12,0
here:
        l       %r9,passes-here(%r12)
again:  la      %r3,table-here(%r12)
        la      %r4,250
        sr      %r2,%r2
word:   l       %r5,0(%r3)
        ar      %r5,%r2
        x       %r5,mask-here(%r12)
        st      %r5,0(%r3)
        c       %r5,limit-here(%r12)
        bl      low-here(%r12)
        srl     %r5,1
low:    alr     %r2,%r5
        la      %r3,4(%r3)
        bct     %r4,word-here(%r12)
        mvc     copy-here(200,%r12),table-here(%r12)
        clc     copy-here(100,%r12),table-here(%r12)
        bne     bad-here(%r12)
        bal     %r14,routine-here(%r12)
        bct     %r9,again-here(%r12)
        lpsw    done-here(%r12)
routine: stm    %r2,%r6,save-here(%r12)
        lr      %r5,%r2
        lm      %r2,%r6,save-here(%r12)
        br      %r14
bad:    lpsw    failed-here(%r12)
        .balign 8
done:   .long   0x00020000, 0
failed: .long   0x00020000, 1
passes: .long   40000
mask:   .long   0x55aa33cc
limit:  .long   0x20000000
save:   .space  20
copy:   .space  200
        .balign 8
table:  .space  1000

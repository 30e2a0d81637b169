# A whole program for both machines, in plain System/370: a small supervisor that pages a problem
# program with translation on (2K pages, eight frames, first in first out, a drum in storage), sets
# its keys, records its program events, and writes every interruption into a log: old PSW, code and
# length, the locations 90 to 9F.  It ends in a disabled wait with address 0.
#
# The supervisor lies below 1000, without a base register; the problem program has virtual 10000 on.
        .macro  SSK r1, r2              # the assembler has no System/370
        .byte   0x08, \r1<<4|\r2
        .endm
        .macro  ISK r1, r2
        .byte   0x09, \r1<<4|\r2
        .endm
        .equ    PAGES, 32               # of the problem program's segment
        .equ    TEXT, 0x4000            # its code: the first four pages, always there
        .equ    FRAMES, 0x8000
        .equ    DRUM, 0x20000
        .equ    LOG, 0x40000
        .equ    SEGMENTS, 0x2000
        .equ    TABLE, 0x2100
        .equ    VIRTUAL, 0x10000
        .long   0x00080000, start
        .org    0x58
        .long   0x000a0000, 0xee0058
        .long   0x00080000, supervisor_call
        .long   0x00080000, program
        .long   0x000a0000, 0xee0070
        .long   0x000a0000, 0xee0078
        .org    0x200
save:   .space  64
log_at: .long   LOG
control: .long  0x00400000, SEGMENTS    # 2K pages, 64K segments
monitor: .long  0x0000ffff              # all classes of MONITOR CALL
# Branches, fetches and stores; Hercules 3.13 has no events of general registers.
events: .long   0xe0000000, VIRTUAL+0x1800, VIRTUAL+0x18ff
        .balign 8
dispatch: .long 0x048d0f00, VIRTUAL     # key 8, problem state, all of the program mask
next:   .long   0                       # frame to be used next, times 4
owner:  .space  32                      # page of each frame, 0: none
no_index: .long 0xfffff800
page_mask: .long 0xf800
invalid: .short 4
page_code: .short 0x11
segment_code: .short 0x10
        .balign 8
end_psw: .long  0x000a0000, 0
bad_psw: .long  0x000a0000, 0xee0001    # an exception of the supervisor

# Entry in the log.  Register 2: the old PSW; 3: length and code.
        .balign 4
log:    l       %r1,log_at
        mvc     0(8,%r1),0(%r2)
        mvc     8(4,%r1),0(%r3)
        slr     %r4,%r4                 # location 90 is that of translation exceptions; the rest
        clc     2(2,%r3),page_code      # of the address is not defined
        be      translated
        clc     2(2,%r3),segment_code
        bne     others
translated: l   %r4,0x90
        n       %r4,no_index
others: st      %r4,12(%r1)
        mvc     16(12,%r1),0x94
        mvc     28(4,%r1),save+20       # register 5
        tm      3(%r3),0x80
        bz      logged
        tm      0x96,0x80               # the event of a branch has its length: Hercules 3.13
        bz      logged                  # gives another one
        mvi     9(%r1),0
logged:
        la      %r1,32(%r1)
        st      %r1,log_at
        br      %r14

program: stm    %r0,%r15,save
        tm      0x29,1
        bz      bad
        la      %r2,0x28
        la      %r3,0x8c
        bal     %r14,log
        clc     0x8e(2),page_code
        be      fault
        clc     0x8e(2),segment_code
        bne     resume
        lh      %r4,0x8c                # nullified: go on behind it
        a       %r4,0x2c
        st      %r4,0x2c
resume: lm      %r0,%r15,save
        lpsw    0x28
bad:    lpsw    bad_psw

# A page that is not there: a frame for it, whose owner goes to the drum.
fault:  l       %r5,0x90
        n       %r5,page_mask
        srl     %r5,11                  # page
        l       %r6,next
        la      %r7,4(%r6)
        n       %r7,seven
        st      %r7,next
        lr      %r8,%r6
        sll     %r8,9
        a       %r8,frames              # frame
        l       %r9,owner(%r6)
        ltr     %r9,%r9
        bz      bring
        l       %r10,table
        alr     %r10,%r9
        alr     %r10,%r9
        mvc     0(2,%r10),invalid
        ptlb
        lr      %r0,%r9                 # out
        sll     %r0,11
        a       %r0,drum
        la      %r1,2048
        lr      %r2,%r8
        lr      %r3,%r1
        mvcl    %r0,%r2
bring:  st      %r5,owner(%r6)
        lr      %r0,%r8                 # in
        la      %r1,2048
        lr      %r2,%r5
        sll     %r2,11
        a       %r2,drum
        lr      %r3,%r1
        mvcl    %r0,%r2
        la      %r4,0x80                # key 8, every other page fetch-protected
        lr      %r3,%r5
        n       %r3,one
        sll     %r3,3
        or      %r4,%r3
        SSK     4,8
        l       %r10,table
        alr     %r10,%r5
        alr     %r10,%r5
        srl     %r8,8
        sth     %r8,0(%r10)
        b       resume

supervisor_call: stm %r0,%r15,save
        la      %r2,0x20
        la      %r3,0x88
        bal     %r14,log
        cli     0x8b,1
        be      record
        cli     0x8b,2
        be      no_record
        cli     0x8b,3
        be      set_key
        cli     0x8b,0
        bne     back
        xc      0x90(4),0x90            # not all of it is defined
        lm      %r0,%r15,save
        lpsw    end_psw
record: lctl    %r9,%r11,events
        oi      0x20,0x40
        b       back
no_record: ni   0x20,0xbf
        b       back
set_key: l      %r4,save                # register 0: key for the page at register 1
        l       %r5,save+4
        lra     %r6,0(%r5)
        bnz     back
        n       %r6,no_index
        ISK     7,6
        st      %r7,save
        SSK     4,6
back:   lm      %r0,%r15,save
        lpsw    0x20
seven:  .long   28
one:    .long   1
frames: .long   FRAMES
drum:   .long   DRUM
table:  .long   TABLE
segments: .long SEGMENTS

start:  l       %r1,segments
        mvi     3(%r1),1                # segment 0 is not there
        mvc     4(4,%r1),segment
        l       %r2,table
        la      %r3,PAGES
absent: mvc     0(2,%r2),invalid
        la      %r2,2(%r2)
        bct     %r3,absent
        l       %r2,table
        mvc     0(8,%r2),text_pages
        la      %r4,0x80
        la      %r3,4
        l       %r5,text
keys:   SSK     4,5
        la      %r5,2048(%r5)
        bct     %r3,keys
        lctl    %r0,%r1,control
        lctl    %r8,%r8,monitor
        lm      %r0,%r15,first
        lpsw    dispatch
        .balign 8
segment: .long  0xf0000000 + TABLE
text_pages: .short TEXT>>8, (TEXT>>8)+8, (TEXT>>8)+16, (TEXT>>8)+24
text:   .long   TEXT
first:  .long   0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15

# --- the problem program; data from page 4 on ---
        .org    TEXT
        balr    %r12,0
        .macro  CALLED name             # an address in this program
        .set    \name, . - TEXT - 2
        .endm
        l       %r11,data_at(%r12)
# Words by columns, so that nearly each is in another page.
        l       %r2,seed(%r12)
        la      %r3,0                   # offset in each page
        CALLED  columns
        la      %r4,PAGES-4
        lr      %r5,%r11
        alr     %r5,%r3
        CALLED  column
        lr      %r7,%r2
        m       %r6,factor(%r12)
        al      %r7,seed(%r12)
        lr      %r2,%r7
        st      %r7,0(%r5)
        la      %r5,2044(%r5)
        la      %r5,4(%r5)
        bct     %r4,column(%r12)
        la      %r3,100(%r3)
        c       %r3,two_k(%r12)
        bl      columns(%r12)
# Their sum by rows, and the greatest.
        l       %r4,words(%r12)
        lr      %r5,%r11
        slr     %r6,%r6
        slr     %r8,%r8
        CALLED  row
        al      %r6,0(%r5)
        x       %r6,0(%r5)
        cl      %r8,0(%r5)
        bnl     less(%r12)
        l       %r8,0(%r5)
        CALLED  less
        la      %r5,4(%r5)
        bct     %r4,row(%r12)
        st      %r6,0(%r11)
        st      %r8,4(%r11)
        svc     9
# Long moves and compares over pages that come and go.
        l       %r0,at_3000(%r12)
        l       %r1,len_5000(%r12)
        l       %r2,at_9000(%r12)
        l       %r3,len_4000(%r12)
        mvcl    %r0,%r2
        l       %r0,at_3000(%r12)
        l       %r1,len_4000(%r12)
        l       %r2,at_9000(%r12)
        l       %r3,len_4000(%r12)
        clcl    %r0,%r2
        balr    %r9,0                   # keeps the condition code
        l       %r0,at_3000(%r12)
        l       %r1,len_5000(%r12)
        l       %r2,at_a000(%r12)
        l       %r3,len_5000(%r12)
        clcl    %r0,%r2
        balr    %r10,0
        svc     9
# Decimal: factorials, edited over the end of a page.
        zap     0x7f4(8,%r11),p1(1,%r12)
        zap     0x40(4,%r11),p1(1,%r12)
        la      %r4,13
        CALLED  factorial
        mvc     0x50(12,%r11),pattern_zero(%r12)
        zap     0x50(12,%r11),0x7f4(8,%r11)
        mp      0x50(12,%r11),0x40(4,%r11)
        zap     0x7f4(8,%r11),0x50(12,%r11)
        ap      0x40(4,%r11),p1(1,%r12)
        mvc     0x7f8(20,%r11),pattern(%r12)
        cvb     %r6,0x800-0x0c(%r11)
        bct     %r4,factorial(%r12)
        mvc     0x60(20,%r11),pattern(%r12)
        ed      0x60(20,%r11),0x52(%r11)
        edmk    0x7f8(20,%r11),0x52(%r11)
        zap     0x80(8,%r11),0x50(12,%r11)
        dp      0x80(8,%r11),p7(2,%r12)
        srp     0x50(12,%r11),61,5
        srp     0x50(12,%r11),3,0
        unpk    0x90(15,%r11),0x80(8,%r11)
        cvd     %r8,0xa0(%r11)
        mvo     0xa8(8,%r11),0xa0(5,%r11)
        pack    0xb0(8,%r11),0x90(15,%r11)
        svc     9
# Floating point: a series, and what leaves the range.
        ld      %f0,one_long(%r12)
        ldr     %f2,%f0
        ldr     %f4,%f0
        la      %r4,20
        CALLED  series
        adr     %f4,%f0
        ddr     %f2,%f4
        std     %f2,0xc0(%r11)
        ad      %f6,0xc0(%r11)
        sdr     %f6,%f0
        axr     %f4,%f0
        mxdr    %f0,%f2
        le      %f0,one_long(%r12)
        bct     %r4,series(%r12)
        ld      %f0,great(%r12)
        mdr     %f0,%f0
        std     %f0,0xc8(%r11)
        ld      %f2,small(%r12)
        mdr     %f2,%f2
        her     %f2,%f2
        sdr     %f4,%f4
        dd      %f4,0xe00(%r11)
        svc     9
# Exceptions: each comes back behind the instruction.
        l       %r5,greatest(%r12)
        ar      %r5,%r5
        lcr     %r5,%r5
        lpr     %r6,%r5
        slr     %r4,%r4
        dr      %r4,%r4
        slda    %r4,40
        l       %r3,0(%r12)
        ssm     0(%r11)
        lpsw    0(%r11)
        .short  0x0000
        .short  0x1c55                  # MR 5,5
        cp      0(4,%r11),pattern+1(3,%r12)
        ex      %r4,execute(%r12)
        slr     %r4,%r4
        l       %r7,0x7fc(%r12)
        l       %r7,0(%r4)              # segment 0
        mvc     0(3,%r11),0(%r4)
        mc      5(%r4),3
        mc      0(%r4),12
        ex      %r4,overflowing(%r12)
        mvc     0x300(2,%r11),p999(%r12)
        ap      0x300(2,%r11),p1(1,%r12)
        svc     9
# EXECUTE, strings and bits.
        la      %r4,255
        l       %r5,at_9000(%r12)
        la      %r5,0x7a0(%r5)
        lr      %r6,%r5
        s       %r6,two_k(%r12)
        tm      0(%r6),1                # one operand at a time: which one's exception comes first
        tm      255(%r6),1              # is not defined
        ex      %r4,move(%r12)
        ex      %r4,exclusive(%r12)
        tr      0(200,%r6),0(%r5)
        trt     0(200,%r6),0(%r5)
        icm     %r7,5,0x60(%r6)
        stcm    %r7,10,0x61(%r6)
        clm     %r7,12,0x62(%r6)
        balr    %r10,0
        ts      0x63(%r6)
        cs      %r7,%r8,0x64(%r6)
        cs      %r7,%r8,0x64(%r6)
        la      %r0,0
        cds     %r0,%r2,0x68(%r6)
        cds     %r0,%r2,0x68(%r6)
        lm      %r0,%r3,0x70(%r6)
        la      %r2,1
        la      %r3,40
        CALLED  upward
        alr     %r0,%r2
        bxle    %r2,%r2,upward(%r12)
        svc     9
# Keys: a page that is somebody else's, then ours again.
        l       %r1,at_9000(%r12)
        l       %r5,0(%r1)
        la      %r0,0x98
        svc     3
        l       %r5,0(%r1)
        st      %r5,0(%r1)
        la      %r0,0x90
        svc     3
        l       %r6,4(%r1)
        st      %r6,4(%r1)
        la      %r0,0x80
        svc     3
        st      %r0,4(%r1)
        svc     9
# Program events: stores and fetches in an area of the text, branches.
        l       %r1,at_1800(%r12)
        svc     1
        la      %r5,7
        la      %r7,7
        st      %r5,0x10(%r1)
        st      %r5,0x200(%r11)
        mvc     0x20(4,%r1),0x10(%r1)
        ex      %r7,move_two(%r12)
        ar      %r6,%r5
        bctr    %r5,0
        b       branched(%r12)
        .long   0
        CALLED  branched
        mr      %r4,%r4
        bal     %r14,0x80(%r1)          # at TEXT + 1880
        lm      %r4,%r6,0x10(%r1)
        svc     2
        .short  0x0000
        lr      %r5,%r6
        svc     0
        CALLED  move
        mvc     0(1,%r6),0(%r5)
        CALLED  exclusive
        xc      3(1,%r5),1(%r6)
        CALLED  move_two
        mvc     0x30(1,%r1),0x11(%r1)
        CALLED  execute
        ex      %r4,execute(%r12)
        CALLED  overflowing
        ar      %r5,%r5
        .balign 8
        .org    TEXT + 0x800
        CALLED  factor
        .long   1103515245
        CALLED  seed
        .long   12345
        CALLED  two_k
        .long   2048
        CALLED  words
        .long   (PAGES-4) * 512
        CALLED  data_at
        .long   VIRTUAL + 0x2000
        CALLED  at_3000
        .long   VIRTUAL + 0x3005
        CALLED  at_9000
        .long   VIRTUAL + 0x9000
        CALLED  at_a000
        .long   VIRTUAL + 0xa003
        CALLED  at_1800
        .long   VIRTUAL + 0x1800
        CALLED  len_5000
        .long   0x2505
        CALLED  len_4000
        .long   0x40002004
        CALLED  greatest
        .long   0x7fffffff
        .balign 8, 0
        .long   0
        .short  0
        CALLED  one_long
        .quad   0x4110000000000000
        CALLED  great
        .quad   0x7f7fffffffffffff
        CALLED  small
        .quad   0x0010000000000001
        CALLED  p1
        .byte   0x1c
        CALLED  p7
        .byte   0x00, 0x7d
        CALLED  p999
        .byte   0x99, 0x9c
        CALLED  pattern_zero
        .space  12
        CALLED  pattern
        .byte   0x40, 0x20, 0x6b, 0x20, 0x20, 0x20, 0x6b, 0x20, 0x20, 0x20, 0x6b, 0x20
        .byte   0x20, 0x21, 0x4b, 0x20, 0x20, 0x20, 0x60, 0x22
        .org    TEXT + 0x1880
        la      %r6,9
        br      %r14
        .org    TEXT + 0x2000

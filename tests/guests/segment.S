/* A guest for CP alone: the segment CLASSEG (pages 512 to 528; the first sixteen are shared), which
 * tests/guests/under-cp.sh has saved with a mark in its first and last page, by DIAGNOSE 64: found, loaded
 * beyond the end of storage, purged, loaded as a copy that may be altered.  Its last store is into the
 * shared copy, which CP must not allow.  If CP lets it go on, or before that anything is wrong: disabled
 * wait 0BADnn, nn the step. */
    .equ SEGMENT, 0x200000
    .equ END, 0x210fff
    .text
    .globl _start
_start:
    basr %r12, 0
base:
    /* DIAGNOSE 64: function, expected condition code; registers 2 (Rx) and 3 (Ry) come back. */
    .macro SEG name, function, cc
    ahi %r11, 1
    larl %r2, \name
    lhi %r3, \function
    .insn rs,0x83000000,%r2,%r3,0x0064
    brc 15-(8>>\cc), bad
    .endm
    .macro SAME reg, constant
    ahi %r11, 1
    cl \reg, \constant-base(%r12)
    jne bad
    .endm
    /* The last page is not shared; both marks must be there. */
    .macro MARKS
    ahi %r11, 1
    l %r4, segment-base(%r12)
    l %r5, 0(%r4)
    cl %r5, mark-base(%r12)
    jne bad
    l %r6, last_page-base(%r12)
    l %r5, 0(%r6)
    cl %r5, mark-base(%r12)
    jne bad
    .endm

    larl %r1, pgm_new
    mvc 0x68(8), 0(%r1)
    lhi %r11, 0
    SEG unknown, 12, 2                 /* 1 FINDSYS: no such name */
    SAME %r3, fortyfour
    SEG name, 12, 1                    /* 3 FINDSYS: there, not loaded */
    SAME %r2, segment
    SAME %r3, end
    SEG name, 8, 1                     /* 6 PURGESYS: not loaded */
    SEG name, 0, 0                     /* 7 LOADSYS, shared: beyond storage */
    SAME %r2, segment
    MARKS                              /* 9 */
    SEG name, 12, 0                    /* 10 FINDSYS: loaded */
    SAME %r2, segment
    l %r6, last_page-base(%r12)        /* what is not shared may be altered */
    mvi 8(%r6), 1
    SEG name, 8, 0                     /* 12 PURGESYS */
    ahi %r11, 1                        /* 13 not addressable any more */
    larl %r1, gone
    mvi 0x69, 0                        /* goes on there */
    st %r1, 0x6c
    l %r5, 0(%r4)
    j bad
gone:
    larl %r1, pgm_new
    mvc 0x68(8), 0(%r1)
    SEG name, 4, 0                     /* 14 LOADSYS, a copy */
    MARKS
    mvi 4(%r4), 0xff                   /* that can be altered, for this user */
    SEG name, 0, 0                     /* 16 loaded again: shared, as it was saved */
    MARKS
    ahi %r11, 1
    cli 4(%r4), 0
    jne bad
    larl %r1, ready
    lhi %r0, 8                         /* tells that all is well so far */
    .insn rs,0x83000000,%r1,%r0,0x0008
    mvi 0(%r4), 0                      /* 18 must not be seen by anybody */
    lhi %r2, 0                         /* anything that makes CP look */
    .insn rs,0x83000000,%r1,%r2,0x0008
bad:
    la %r11, 0(%r11)
    o %r11, bad_bits-base(%r12)
    st %r11, stop+4-base(%r12)
    lpsw stop-base(%r12)
    .balign 8
stop:
    .long 0x00020000, 0
pgm_new:
    .long 0x00020000, 0x00bad0ff
bad_bits:
    .long 0x000bad00
segment:
    .long SEGMENT
end:
    .long END
last_page:
    .long SEGMENT + 0x10000
fortyfour:
    .long 44
mark:
    .long 0xc4c2e7e2
    .balign 8
name:
    .byte 0xc3,0xd3,0xc1,0xe2,0xe2,0xc5,0xc7,0x40
unknown:
    .byte 0xd5,0xd6,0x40,0x40,0x40,0x40,0x40,0x40
ready:                                 /* "MSG * OK" */
    .byte 0xd4,0xe2,0xc7,0x40,0x5c,0x40,0xd6,0xd2

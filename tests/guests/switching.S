/* A guest with two address spaces that goes from one to the other and back, a hundred times, by LCTL of control
 * register 1: each shows its own eight pages at 10000.  Then a page table is changed, and PTLB makes the
 * change seen, also in the space that is not the current one.  It ends as privops does.  Under CP each space has a set of
 * shadow tables (cp/shadow.h): under-cp.sh counts the faults.
 *
 * Real storage: page table of the first 64K (identity), in both spaces, at 2000; page tables of the second 64K
 * at 2040 (A) and 2080 (B); segment tables at 2100 (A) and 2140 (B); the pages of A at 20000, those of B at 30000.
 * Each page begins with its real address. */
#include "tests/guests/verdict.inc"

#define PAGES  8
#define ROUNDS 100

    .macro CHECK number
    lhi %r11, \number
    .endm

    .text
    .globl _start
_start:
    basr %r12, 0
base:
    /* Page tables: entries are bits 8-19 of the real address. */
    lhi %r1, 0x2000
    lhi %r2, 0
    lhi %r3, 16
0:  lr %r4, %r2
    srl %r4, 8
    sth %r4, 0(%r1)                    /* identity */
    lr %r4, %r2
    srl %r4, 8
    ahi %r4, 0x200
    sth %r4, 0x40(%r1)                 /* 20000 */
    ahi %r4, 0x100
    sth %r4, 0x80(%r1)                 /* 30000 */
    ahi %r1, 2
    ahi %r2, 0x1000
    brct %r3, 0b
    /* Segment tables: 16 entries of 64K, the first two are there. */
    lhi %r1, 0x2100
    l %r2, ste_common-base(%r12)
    st %r2, 0(%r1)
    st %r2, 0x40(%r1)
    l %r2, ste_a-base(%r12)
    st %r2, 4(%r1)
    l %r2, ste_b-base(%r12)
    st %r2, 0x44(%r1)
    lhi %r3, 14
    lhi %r2, 1                         /* invalid */
1:  st %r2, 8(%r1)
    st %r2, 0x48(%r1)
    ahi %r1, 4
    brct %r3, 1b
    /* Each page's first word is its address. */
    lhi %r1, 2
    sll %r1, 16
    lhi %r3, 32
2:  st %r1, 0(%r1)
    ahi %r1, 0x1000
    brct %r3, 2b

    lctl %c0, %c1, control-base(%r12)
    larl %r1, with_dat
    st %r1, dat_psw+4-base(%r12)
    lpsw dat_psw-base(%r12)
with_dat:
    lhi %r10, ROUNDS
3:  CHECK 1                            /* space A */
    lctl %c1, %c1, space_a-base(%r12)
    lhi %r6, 2
    sll %r6, 16
    bras %r14, look
    CHECK 2                            /* space B */
    lctl %c1, %c1, space_b-base(%r12)
    lhi %r6, 3
    sll %r6, 16
    bras %r14, look
    brct %r10, 3b

    CHECK 3                            /* in B: page 0 of A becomes what page 8 was, page 1 of B becomes page 9 */
    lhi %r2, 0x2000
    lhi %r1, 0x280
    sth %r1, 0x40(%r2)
    lhi %r1, 0x390
    sth %r1, 0x82(%r2)
    ptlb
    lhi %r7, 1
    sll %r7, 16
    l %r1, 0(%r7)                      /* page 0 is still B's own */
    lhi %r6, 3
    sll %r6, 16
    cr %r1, %r6
    jne bad
    ahi %r7, 0x1000
    l %r1, 0(%r7)
    lhi %r6, 0x39
    sll %r6, 12
    cr %r1, %r6
    jne bad
    CHECK 4                            /* ... and in A */
    lctl %c1, %c1, space_a-base(%r12)
    lhi %r7, 1
    sll %r7, 16
    l %r1, 0(%r7)
    lhi %r6, 0x28
    sll %r6, 12
    cr %r1, %r6
    jne bad
    lpsw good-base(%r12)

/* The pages at 10000 must have the addresses from GR6 on. */
look:
    lhi %r7, 1
    sll %r7, 16
    lhi %r3, PAGES
4:  c %r6, 0(%r7)
    jne bad
    ahi %r6, 0x1000
    ahi %r7, 0x1000
    brct %r3, 4b
    br %r14

    VERDICT_BAD

    .balign 8
control:                               /* 4K pages, 64K segments */
    .long 0x00800000
space_a:
    .long 0x00002100                   /* length 0: 16 segments */
space_b:
    .long 0x00002140
ste_common:
    .long 0xf0002000                   /* 16 pages */
ste_a:
    .long 0xf0002040
ste_b:
    .long 0xf0002080
    .balign 8
dat_psw:
    .long 0x040c0000, 0                /* EC mode, DAT, machine checks */
    VERDICT_PSWS

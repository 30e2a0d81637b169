/* A guest that checks program event recording, in EC mode: fetches, branches, stores and registers,
 * of instructions that run directly and of privileged ones, with a supervisor call, and together with
 * another program interruption. It must end in the same way on the bare machine.
 *
 * Ends with a disabled wait PSW: address 00600D, or BAD0nn with the number of the check. */
#include "tests/guests/verdict.inc"

    /* The instruction at `to` runs with PER; `events` as in control register 9, range first to last.
     * Goes on behind it in `caught`, at the next label 9. */
    .macro RECORD number, events, first, last, to
    lhi %r11, \number
    l %r1, \events-base(%r12)
    st %r1, crs-base(%r12)
    larl %r1, \first
    st %r1, crs+4-base(%r12)
    larl %r1, \last
    st %r1, crs+8-base(%r12)
    lctl %c9, %c11, crs-base(%r12)
    larl %r1, 9f
    st %r1, 0x6c
    larl %r1, \to
    st %r1, per_psw+4-base(%r12)
    lpsw per_psw-base(%r12)
    .endm
    /* What must have come: code and ILC, events, address, and where the old PSW points. */
    .macro EXPECT code, ilc, events, at, old
    lh %r2, 0x8e
    chi %r2, \code
    jne bad
    cli 0x8d, \ilc
    jne bad
    cli 0x96, \events
    jne bad
    larl %r2, \at
    x %r2, 0x98
    jnz bad
    larl %r2, \old
    x %r2, 0x2c
    n %r2, address_mask-base(%r12)
    jnz bad
    .endm

    .text
    .globl _start
_start:
    basr %r12, 0
base:
    l %r1, ec-base(%r12)
    st %r1, 0x68
    st %r1, 0x60
    lpsw to_ec-base(%r12)
    .balign 8
to_ec:
    .long 0x00080000, in_ec
in_ec:
    larl %r9, area

    RECORD 1, fetch, one, one, one     /* a fetch */
one: lr %r3, %r3
two: lr %r4, %r4
9:  EXPECT 0x80, 2, 0x40, one, two

    RECORD 2, fetch, two2, two2, one2  /* the first is not in the range */
one2: lr %r3, %r3
two2: lr %r4, %r4
three2: lr %r5, %r5
9:  EXPECT 0x80, 2, 0x40, two2, three2

    RECORD 3, branch, base, base, one3 /* a branch taken, wherever */
one3: bcr 0, %r9
    j three3
two3: j bad
three3: lr %r3, %r3
9:  EXPECT 0x80, 4, 0x80, one3+2, three3

    RECORD 4, store, area4, area4+3, one4
one4: st %r3, 0(%r9)
two4: st %r3, 8(%r9)
three4: lr %r3, %r3
9:  EXPECT 0x80, 4, 0x20, two4, three4

    RECORD 5, register7, base, base, one5
one5: lhi %r6, 1
two5: lhi %r7, 2
three5: lr %r3, %r3
9:  EXPECT 0x80, 4, 0x10, two5, three5

    RECORD 6, fetch, one6, one6, one6  /* an operation exception as well */
one6: .short 0
two6: j bad
9:  EXPECT 0x81, 2, 0x40, one6, two6

    RECORD 7, fetch, one7, one7, one7  /* a privileged instruction */
one7: .insn s,0xb20d0000,0(0)
two7: j bad
9:  EXPECT 0x80, 4, 0x40, one7, two7

    RECORD 8, store, area4, area4+3, one8 /* one that stores */
one8: stctl %c9, %c9, 0(%r9)
two8: stctl %c9, %c10, 4(%r9)
three8: j bad
9:  EXPECT 0x80, 4, 0x20, two8, three8

    RECORD 9, register7, base, base, one9 /* one that changes a register */
one9: lhi %r2, 0x2000
    .insn s,0xb20a0000,0x50            /* SPKA: the key is 5 */
    .insn rr,0x0900,%r6,%r2
two9: lhi %r7, 3
9:  EXPECT 0x80, 4, 0x10, two9, 9b
    .insn s,0xb20a0000,0

    larl %r1, svc10                    /* a supervisor call: first that, then the event */
    st %r1, 0x64
    RECORD 10, fetch, one10, one10, one10
one10: svc 7
    j bad
svc10: j bad
9:  EXPECT 0x80, 2, 0x40, one10, svc10
    clc 0x8a(2), seven-base(%r12)
    jne bad
    larl %r2, one10+2
    x %r2, 0x24
    jnz bad

    RECORD 11, fetch, one11, one11, one11 /* LPSW: the old PSW is the new one */
one11: lpsw plain-base(%r12)
    j bad
two11: j bad
9:  EXPECT 0x80, 4, 0x40, one11, two11
    tm 0x28, 0x40
    jnz bad

    RECORD 12, all, one12, one12, one12 /* nothing outside of the range, nothing without PER */
one12: lpsw plain12-base(%r12)
two12: lr %r3, %r3
    st %r3, 0(%r9)
    j 1f
9:  lhi %r11, 12
    EXPECT 0x80, 4, 0x40, one12, two12
    larl %r1, bad
    st %r1, 0x6c
    lpsw plain12-base(%r12)
1:
    lpsw good-base(%r12)

    VERDICT_BAD
    VERDICT_PSWS
per_psw:   .long 0x40080000, 0
plain:     .long 0x00080000, two11
plain12:   .long 0x00080000, two12
ec:        .long 0x00080000
fetch:     .long 0x40000000
branch:    .long 0x80000000
store:     .long 0x20000000
register7: .long 0x10000100
all:       .long 0xc0000000
address_mask: .long 0x00ffffff
seven:     .short 7
    .balign 4
crs:       .skip 12
area:      .skip 8
area4:     .skip 16

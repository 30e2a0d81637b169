/* A guest with a tape at 181: writes a block of 6000 bytes, reads it backward to another place, and
 * looks whether it is the same and nothing beside it has changed.  Under CP the tape is a real one,
 * attached.  Ends as the others do. */
#include "tests/guests/verdict.inc"
    .equ FROM, 0x5800
    .equ TO, 0x9000
    .equ SIZE, 6000
    .text
    .globl _start
_start:
    basr %r12, 0
base:
    .macro RUN label
    larl %r1, \label
    st %r1, 0x48
    .insn s,0x9c000000,0x181(0)
    brc 3, bad
    brc 4, 2f
1:  .insn s,0x9d000000,0x181(0)
    brc 2, 1b
    brc 9, bad
2:  tm 0x44, 0xf3
    jnz bad
    .endm

    lhi %r2, FROM                      /* a pattern that no shift repeats */
    lhi %r3, SIZE/2
0:  sth %r3, 0(%r2)
    ahi %r2, 2
    brct %r3, 0b
    lhi %r11, 1
    RUN rewind
    lhi %r11, 2
    RUN write
    lhi %r11, 3
    RUN read_backward
    lhi %r11, 4
    lhi %r2, FROM
    lhi %r3, SIZE
    l %r4, to-base(%r12)
    lhi %r5, SIZE
    clcl %r2, %r4
    jne bad
    lhi %r11, 5
    l %r4, to-base(%r12)
    lhi %r6, -4
    l %r5, 0(%r6,%r4)                  /* the words before and behind */
    a %r4, size-base(%r12)
    o %r5, 0(%r4)
    ltr %r5, %r5
    jnz bad
    lpsw good-base(%r12)
    VERDICT_BAD
    VERDICT_PSWS
rewind:   .long 0x07000000, 0x20000001
write:    .long 0x01000000 + FROM, SIZE
read_backward: .long 0x0c000000 + TO + SIZE - 1, SIZE
to:       .long TO
size:     .long SIZE

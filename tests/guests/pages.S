/* A guest that needs all of its megabyte: four times it writes to every page from 2 on, then
 * looks whether all is still there.  Several of them in a small machine make CP page.  It also
 * checks that storage keys and reference and change bits come back with the pages.
 *
 * Ends with a disabled wait PSW: 00600D, or BAD001 contents, BAD002 keys, BAD003 change bits. */
#include "tests/guests/verdict.inc"
    .text
    .globl _start
_start:
    basr %r12, 0
base:
    lhi %r10, 4                        /* rounds */
round:
    /* Write: word 0 and the last word of each page; key = low bits of the page number. */
    lhi %r2, 0x2000
    lhi %r3, 0
write:
    lr %r4, %r2
    xr %r4, %r10
    st %r4, 0(%r2)
    st %r4, 0xffc(%r2)
    lr %r5, %r2
    srl %r5, 8                         /* page number's low digit is the key */
    n %r5, key_mask-base(%r12)
    .insn rr,0x0800,%r5,%r2            /* SSK: reference and change off */
    st %r4, 8(%r2)                     /* first half changed; the second's key stays 0 */
    ahi %r2, 0x1000
    c %r2, end-base(%r12)
    jl write

    lhi %r2, 0x2000
check:
    lhi %r11, 1
    lr %r4, %r2
    xr %r4, %r10
    c %r4, 0(%r2)
    jne bad
    c %r4, 0xffc(%r2)
    jne bad
    c %r4, 8(%r2)
    jne bad
    lhi %r11, 2
    lr %r5, %r2
    srl %r5, 8
    n %r5, key_mask-base(%r12)
    lpsw to_ec-base(%r12)              /* EC mode: ISK shows all bits */
    .balign 8
to_ec:
    .long 0x00080000, in_ec
to_bc:
    .long 0x00000000, in_bc
in_ec:
    .insn rr,0x0900,%r6,%r2
    lpsw to_bc-base(%r12)
in_bc:
    lr %r7, %r6
    n %r7, key_mask-base(%r12)
    cr %r5, %r7
    jne bad
    lhi %r11, 3
    n %r6, change-base(%r12)
    jz bad                             /* the store behind SSK changed it */
    ahi %r2, 0x1000
    c %r2, end-base(%r12)
    jl check
    brct %r10, round
    lpsw good-base(%r12)
    VERDICT_BAD
    VERDICT_PSWS
key_mask: .long 0x000000f0
change:   .long 0x00000002
end:      .long 0x00100000

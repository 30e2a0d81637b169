/* How a guest's program tells what came out: a disabled wait at X'600D' if all was right, else at
 * X'BADnnn', nnn being the number of the test in R11.  R12 is the base, `base` where it leads. */

    /* Here it goes on with what was wrong. */
    .macro VERDICT_BAD
bad:
    l %r1, bad_psw+4-base(%r12)
    or %r1, %r11
    st %r1, bad_psw+4-base(%r12)
    lpsw bad_psw-base(%r12)
    .endm

    /* The same where the base does not reach the PSWs. */
    .macro VERDICT_BAD_FAR
bad:
    larl %r1, bad_psw
    l %r2, 4(%r1)
    or %r2, %r11
    st %r2, 4(%r1)
    lpsw 0(%r1)
    .endm

    /* The PSWs. */
    .macro VERDICT_PSWS
    .balign 8
good:
    .long 0x00020000, 0x0000600d
bad_psw:
    .long 0x00020000, 0x00bad000
    .endm

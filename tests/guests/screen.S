/* A guest with a 3270 at 0C0: waits until somebody sits there, writes a formatted screen, waits
 * for ENTER, reads what was typed and shows it in capital letters behind the field; PF3 makes it
 * read the whole buffer, and look whether title and field are where they were written.  Ends as
 * the others do; the failing step is in the PSW. */
#include "tests/guests/verdict.inc"
    .equ INPUT, 0x4000
    .equ SIZE, 6000
    .text
    .globl _start
_start:
    basr %r12, 0
base:
    /* Runs the channel program and waits for its device end. */
    .macro RUN label
    larl %r1, \label
    st %r1, 0x48
    .insn s,0x9c000000,0xc0(0)
    brc 5, bad
    bras %r14, wait_end
    .endm

    larl %r1, io_new
    mvc 0x78(8), 0(%r1)
    lhi %r11, 1
connected:                             /* until WRITE is not refused */
    larl %r1, write_screen
    st %r1, 0x48
    .insn s,0x9c000000,0xc0(0)
    jz begun
    brc 1, bad
    tm 0x44, 0x10                      /* it has just become ready, and says so first */
    jnz connected
    larl %r1, wait_psw
    lpsw 0(%r1)                        /* the interruption comes back to io_entry */
begun:
    larl %r1, state
    mvi 0(%r1), 1
    bras %r14, wait_end
    lhi %r11, 2
again:
    bras %r14, wait_attention
    RUN read_modified
    l %r2, input_at-base(%r12)
    cli 0(%r2), 0xf3                   /* PF3 */
    je finish
    cli 0(%r2), 0x7d                   /* ENTER: AID, cursor, SBA address, text */
    jne bad
    lhi %r11, 3
    lh %r3, 0x46                       /* residual count */
    lhi %r4, 100
    sr %r4, %r3                        /* bytes that were read */
    ahi %r4, -6
    jm again
    larl %r5, echo_text
    mvc 0(20, %r5), blanks-base(%r12)
    ltr %r4, %r4
    jz show
    ahi %r4, -1
    larl %r6, move
    ex %r4, 0(%r6)
    oc 0(20, %r5), blanks-base(%r12)   /* capital letters */
show:
    RUN write_echo
    j again
finish:
    lhi %r11, 4
    RUN read_buffer
    l %r2, input_at-base(%r12)
    larl %r3, title                    /* AID, cursor, then attribute and title at 0 */
    clc 3(TITLE_END-title, %r2), 0(%r3)
    jne bad
    larl %r1, good
    lpsw 0(%r1)
    VERDICT_BAD_FAR
move:
    mvc 0(1, %r5), 6(%r2)                  /* length from EX */

/* Waits until the channel program has ended; attention meanwhile is remembered. */
wait_end:
    larl %r1, ended
    tm 0(%r1), 0x04
    jz 1f
    mvi 0(%r1), 0
    br %r14
1:  st %r14, link-base(%r12)
    larl %r1, wait_psw
    lpsw 0(%r1)
wait_attention:
    larl %r1, attention
    tm 0(%r1), 0x80
    jz 1f
    mvi 0(%r1), 0
    br %r14
1:  st %r14, link-base(%r12)
    larl %r1, state
    mvi 0(%r1), 2
    larl %r1, wait_psw
    lpsw 0(%r1)

/* Every interruption: unit check is an error, unless nobody sat there yet. */
io_entry:
    larl %r1, attention
    tm 0x44, 0x80
    jz 1f
    mvi 0(%r1), 0x80
1:  larl %r2, state
    cli 0(%r2), 0
    je connected
    tm 0x44, 0x02
    jnz bad
    larl %r3, ended
    tm 0x44, 0x04
    jz 2f
    mvi 0(%r3), 0x04
2:  l %r14, link-base(%r12)
    cli 0(%r2), 2
    jne wait_end
    tm 0(%r1), 0x80
    jz wait_attention
    mvi 0(%r2), 1
    j wait_attention

    .balign 8
io_new:   .long 0x00000000
          .long io_entry
wait_psw: .long 0xfe020000, 0
    VERDICT_PSWS
write_screen:
    .long 0x05000000+screen, 0x20000000+SCREEN_END-screen
read_modified:
    .long 0x06000000+INPUT, 0x20000000+100
read_buffer:
    .long 0x02000000+INPUT, 0x20000000+SIZE
write_echo:
    .long 0x01000000+echo, 0x20000000+ECHO_END-echo
input_at: .long INPUT
link:     .long 0
blanks:   .fill 20, 1, 0x40
    .balign 2                          /* LARL gives even addresses only */
state:    .short 0                     /* 0 nobody there, 1 running, 2 waits for a key */
ended:    .short 0
attention: .short 0
screen:
    .byte 0xc3                         /* restore the keyboard, reset MDT */
    .byte 0x11, 0x40, 0x40             /* SBA 0; the title is at an even address */
title:
    .byte 0x1d, 0xf8                   /* protected, bright */
    .byte 0xc4,0xc1,0xe3,0xc2,0xd6,0xe7,0x40,0xe3,0xc5,0xe2,0xe3 /* DATBOX TEST */
TITLE_END:
    .byte 0x11, 0xc1, 0x50, 0x1d, 0xf0 /* row 2 (80): */
    .byte 0xd5,0x81,0x94,0x85          /* Name */
    .byte 0x11, 0xc1, 0xd9, 0x1d, 0x40, 0x13 /* 89: the field, cursor in it */
    .byte 0x11, 0xc1, 0x6d, 0x1d, 0xf0 /* 109: its end */
    .byte 0x11, 0x5b, 0xe9, 0x1d, 0x40 /* 1769: another field */
    .byte 0x11, 0x5c, 0xf0, 0x1d, 0xf0
    .byte 0xd7,0xc6,0xf3               /* PF3 */
SCREEN_END:
    .balign 2
echo:
    .byte 0xc3, 0x11, 0xc1, 0x6e       /* 110 */
echo_text:
    .fill 20, 1, 0x40
    .byte 0x11, 0xc1, 0x5a, 0x13       /* cursor back into the field, 90 */
ECHO_END:

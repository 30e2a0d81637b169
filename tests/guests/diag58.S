/* A guest for CP alone: what its user's 3270 is (DIAGNOSE 24, 8C), rows and the whole screen by
 * DIAGNOSE 58, and the statuses when CP or typed lines are in the way.  tests/guests/under-cp.sh
 * has the person at the keyboard.  Ends as the others do; the failing step is in the PSW. */
#include "tests/guests/verdict.inc"
    .equ INPUT, 0x4000
    .equ CONSOLE, 0x009
    .text
    .globl _start
_start:
    basr %r12, 0
base:
    /* Starts the program with DIAGNOSE 58, waits for its end: the unit status must be this one. */
    .macro DISPLAY label, status
    ahi %r11, 1
    larl %r1, \label
    lhi %r2, CONSOLE
    .insn rs,0x83000000,%r1,%r2,0x0058
    brc 7, bad
    lhi %r10, 0x\status
    bras %r14, wait_end
    .endm
    /* The same with START I/O. */
    .macro LINES label
    ahi %r11, 1
    larl %r1, \label
    st %r1, 0x48
    .insn s,0x9c000000,CONSOLE(0)
    brc 7, bad
    lhi %r10, 0x0c
    bras %r14, wait_end
    .endm
    .macro KEY
    ahi %r11, 1
    bras %r14, wait_attention
    .endm
    /* The first bytes that were read. */
    .macro READ_IS length, text
    ahi %r11, 1
    l %r3, input_at-base(%r12)
    larl %r4, \text
    clc 0(\length, %r3), 0(%r4)
    jne bad
    .endm
    .macro READ_IS_AT at, length, text
    ahi %r11, 1
    l %r3, input_at-base(%r12)
    larl %r4, \text
    clc \at(\length, %r3), 0(%r4)
    jne bad
    .endm

    larl %r1, io_new
    mvc 0x78(8), 0(%r1)
    lhi %r11, 1
    /* The console is at 009, on a 3278 model 2 with lines of 80. */
    lhi %r2, -1
    .insn rs,0x83000000,%r2,%r4,0x0024
    brc 7, bad
    chi %r2, CONSOLE
    jne bad
    cl %r5, real_type-base(%r12)
    jne bad
    lhi %r11, 2
    l %r2, input_at-base(%r12)
    lhi %r3, 6
    .insn rs,0x83000000,%r2,%r3,0x008c
    ltr %r2, %r2
    jnz bad
    l %r2, input_at-base(%r12)
    clc 2(4, %r2), size-base(%r12)
    jne bad
    lhi %r11, 3
    /* Another device's screen: not operational. */
    larl %r1, clear
    lhi %r2, 0x00c
    .insn rs,0x83000000,%r1,%r2,0x0058
    brc 14, bad
    lhi %r11, 0x10
    DISPLAY clear, 0c
    DISPLAY rows, 0c                   /* two rows, one command each */
    KEY
    LINES read_line
    READ_IS 4, next
    lhi %r11, 0x20
    DISPLAY write, 8e                  /* the screen is CP's */
    DISPLAY read_modified, 8e
    DISPLAY unknown, 0e
    lhi %r11, 0x30
    DISPLAY erase_write, 0c
    KEY
    DISPLAY read_modified, 0c
    READ_IS 1, enter_aid
    READ_IS_AT 6, 2, typed
    DISPLAY write, 0c                  /* unlocks the keyboard */
    KEY
    DISPLAY read_modified, 0c
    READ_IS 1, pa1_aid
    DISPLAY read_buffer, 0c
    READ_IS_AT 3, 6, buffer
    lhi %r11, 0x40
    DISPLAY write, 0c
    DISPLAY query, 0c
    KEY
    DISPLAY read_modified, 0c
    READ_IS 1, structured_aid
    lhi %r11, 0x50
    LINES write_line                   /* CP's screen again */
    KEY
    DISPLAY erase_write, 8e            /* a typed line is first */
    LINES read_line
    READ_IS 4, line
    DISPLAY erase_write, 0c
    DISPLAY format, 0c                 /* X'FE': CP's screen, empty */
    larl %r1, good
    lpsw 0(%r1)
    VERDICT_BAD_FAR

    .balign 4
wait_end:
    larl %r1, ended
    tm 0(%r1), 0xff
    jnz 1f
    st %r14, link-base(%r12)
    larl %r1, wait_psw
    lpsw 0(%r1)
1:  ic %r2, 0(%r1)
    lhi %r3, 0xff
    nr %r2, %r3
    mvi 0(%r1), 0
    cr %r2, %r10
    jne bad
    br %r14
wait_attention:
    larl %r1, attention
    tm 0(%r1), 0x80
    jnz 2f
    st %r14, link-base(%r12)
    oi waiting-base(%r12), 1
    larl %r1, wait_psw
    lpsw 0(%r1)
2:  mvi 0(%r1), 0
    br %r14

io_entry:
    l %r14, link-base(%r12)
    cli 0x44, 0x80                     /* attention alone */
    je 1f
    larl %r1, ended
    mvc 0(1, %r1), 0x44
    tm waiting-base(%r12), 1
    jnz wait_attention
    j wait_end
1:  larl %r1, attention
    mvi 0(%r1), 0x80
    tm waiting-base(%r12), 1
    jz wait_end
    ni waiting-base(%r12), 0xfe
    j wait_attention

    .balign 8
io_new:   .long 0x00000000
          .long io_entry
wait_psw: .long 0xfe020000, 0
    VERDICT_PSWS
clear:    .long 0x19000000+text, 0x20ff0001
format:   .long 0x19000000+text, 0x20fe0001
rows:     .long 0x19000000+row_five, 0x60050000+ROW_FIVE_END-row_five
          .long 0x19000000+row_seven, 0x20070000+ROW_SEVEN_END-row_seven
write:    .long 0x29000000+again, 0x20000000+AGAIN_END-again
erase_write:
          .long 0x29000000+screen, 0x20900000+SCREEN_END-screen
query:    .long 0x29000000+question, 0x20200005
unknown:  .long 0x31000000+screen, 0x20000001
read_modified:
          .long 0x2a000000+INPUT, 0x20800000+200
read_buffer:
          .long 0x2a000000+INPUT, 0x20000000+2000
read_line:  .long 0x0a000000+INPUT, 0x20000000+80
write_line: .long 0x09000000+text, 0x20000000+TEXT_END-text
input_at: .long INPUT
link:     .long 0
real_type: .long 0x40010250
size:     .short 80, 24
waiting:  .byte 0
    .balign 2
ended:     .short 0
attention: .short 0
    .balign 2
next:      .byte 0x95, 0x85, 0xa7, 0xa3         /* next */
    .balign 2
line:      .byte 0x93, 0x89, 0x95, 0x85         /* line */
    .balign 2
enter_aid: .short 0x7d00
pa1_aid:   .short 0x6c00
structured_aid: .short 0x8800
typed:     .byte 0x81, 0x82                     /* ab */
    .balign 2
buffer:    .byte 0x1d, 0xf8, 0xc6, 0xe4, 0xd3, 0xd3 /* FULL, behind its attribute */
    .balign 2
question:  .byte 0x00, 0x05, 0x01, 0xff, 0x02
    .balign 2
text:      .byte 0xc2,0xc1,0xc3,0xd2,0x40,0xe3,0xd6,0x40,0xd3,0xc9,0xd5,0xc5,0xe2 /* BACK TO LINES */
TEXT_END:
    .balign 2
row_five:  .byte 0xd9,0xd6,0xe6,0x40,0xc6,0xc9,0xe5,0xc5 /* ROW FIVE */
           .byte 0x1d, 0xf8, 0xc2,0xd9,0xc9,0xc7,0xc8,0xe3, 0x1d, 0xf0 /* BRIGHT */
ROW_FIVE_END:
    .balign 2
row_seven: .byte 0xd9,0xd6,0xe6,0x40,0xe2,0xc5,0xe5,0xc5,0xd5 /* ROW SEVEN */
ROW_SEVEN_END:
    .balign 2
screen:
    .byte 0xc3, 0x11, 0x40, 0x40, 0x1d, 0xf8
    .byte 0xc6,0xe4,0xd3,0xd3,0x40,0xe2,0xc3,0xd9,0xc5,0xc5,0xd5 /* FULL SCREEN */
    .byte 0x11, 0xc1, 0x50, 0x1d, 0x40, 0x13 /* a field at 80 */
    .byte 0x11, 0xc1, 0xe3, 0x1d, 0xf0
SCREEN_END:
    .balign 2
again:
    .byte 0xc3, 0x11, 0xc2, 0x60             /* row 3 */
    .byte 0xc1,0xc7,0xc1,0xc9,0xd5           /* AGAIN */
AGAIN_END:

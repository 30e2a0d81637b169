/* A guest with more storage than the machine: it writes all its pages from 20000 on, then reads them again.  With
 * SET PAGEX ON it is told of each page that must come from disk (program interruption 14), waits, and is told
 * that the page is there.  It ends with 00600D if the contents are right, there have been such pages, and each came
 * once; BAD001 contents, BAD002 an interruption that it does not expect, BAD003 none came.
 *
 * GR10 is where the storage ends, GR9 counts the pages that were awaited, GR8 is the one that is. */
#include "tests/guests/verdict.inc"

    .text
    .globl _start
_start:
    basr %r12, 0
base:
    lctl %c0, %c0, control-base(%r12)
    mvc 0x68(8), interrupted_psw-base(%r12)
    larl %r1, interrupted
    st %r1, 0x6c
    larl %r1, begins
    st %r1, enabled_psw+4-base(%r12)
    lhi %r9, 0
    lhi %r8, 0
    l %r10, end-base(%r12)
    lpsw enabled_psw-base(%r12)
begins:
    lhi %r11, 1
    l %r2, start-base(%r12)
0:  st %r2, 0(%r2)
    st %r2, 0xffc(%r2)
    ahi %r2, 0x1000
    cr %r2, %r10
    jl 0b
    l %r2, start-base(%r12)
1:  c %r2, 0(%r2)
    jne bad
    c %r2, 0xffc(%r2)
    jne bad
    ahi %r2, 0x1000
    cr %r2, %r10
    jl 1b
    lhi %r11, 3
    ltr %r9, %r9
    jz bad
    ltr %r8, %r8
    jnz bad
    lpsw good-base(%r12)

    /* EC mode: code at 8E, address at 90. */
interrupted:
    lhi %r11, 2
    clc 0x8e(2), pseudo-base(%r12)
    jne bad
    l %r4, 0x90
    ltr %r4, %r4
    jm has_come
    ltr %r8, %r8                       /* one at a time: it waits for this one now */
    jnz bad
    lr %r8, %r4
    mvc again-base(8, %r12), 0x28
    lpsw wait_psw-base(%r12)
has_come:
    sll %r4, 1
    srl %r4, 1
    cr %r4, %r8
    jne bad
    lhi %r8, 0
    ahi %r9, 1
    lpsw again-base(%r12)
    VERDICT_BAD

    .balign 8
control:
    .long 0x00000000                   /* no external interruption comes */
start:
    .long 0x20000
end:
    .long 0x200000
pseudo:
    .short 0x14, 0
    .balign 8
again:
    .long 0, 0
interrupted_psw:
    .long 0x00080000, 0
enabled_psw:
    .long 0x03080000, 0                /* EC mode, I/O and external */
wait_psw:
    .long 0x030a0000, 0
    VERDICT_PSWS

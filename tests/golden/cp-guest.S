/* The guest of cp-guest.script, which stores it at X'1000' in hexadecimal: writes HELLO, reads a line,
 * types it again. A line that begins with C: the rest is a command for DIAGNOSE 8; L: waits for an
 * attention; Q: disabled wait. It handles the console by TIO, disabled for interruptions. */
    .org 0x1000
start:
    basr %r12, 0
base:
loop:
    la %r1, wrccw-base(%r12)
    st %r1, 0x48
    lhi %r2, 0
    .long 0x9c000009          /* SIO 009: write HELLO, read a line */
    brc 4, loop               /* an attention was there first */
    brc 3, fail
w1: .long 0x9d000009
    brc 2, w1
    lh %r3, 0x46
    lhi %r4, 80
    sr %r4, %r3
    la %r1, echo-base(%r12)
    st %r1, 0x48
    sth %r4, echo+6-base(%r12)
    cli buf-base(%r12), 0xc3 /* C */
    brc 8, cpcmd
    cli buf-base(%r12), 0xd8 /* Q */
    brc 8, quit
    cli buf-base(%r12), 0xd3 /* L */
    brc 8, look
again:
    .long 0x9c000009
    brc 4, again
    brc 3, fail
w2: .long 0x9d000009
    brc 2, w2
    j loop
cpcmd:
    la %r5, buf+1-base(%r12)
    ahi %r4, -1
    .long 0x83540008          /* DIAG 5,4,8 */
    j loop
quit: lpsw dw-base(%r12)
look:
l1: .long 0x9d000009
    brc 2, l1
    brc 8, l1                 /* until an attention is there */
    cli 0x44, 0x80
    jne l1
    j loop
fail: lpsw dw2-base(%r12)
    .balign 8
dw: .long 0x00020000, 0x00000ABC
dw2: .long 0x00020000, 0x00000BAD
wrccw: .long 0x01000000+msg, 0x60000005
       .long 0x0a000000+buf, 0x20000050
echo: .long 0x09000000+buf, 0x20000050
msg: .byte 0xc8,0xc5,0xd3,0xd3,0xd6
    .balign 8
buf: .space 80

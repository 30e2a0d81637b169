/* A guest with channel programs that never end by themselves: a no-operation and a transfer in channel
 * back to it, on the console (009) and on a disk (191).  A simulated console must end it; for the disk the
 * guest gives HALT DEVICE.  Then the disk must work, and a seek behind its end must fail.
 * Under CP only: the bare machine has no 191.  Ends as the others do. */
    .text
    .globl _start
_start:
    basr %r12, 0
base:
    .macro SET_CAW label
    larl %r1, \label
    st %r1, 0x48
    .endm

    lhi %r11, 1                        /* the disk: still busy after a while */
    SET_CAW endless
    .insn s,0x9c000000,0x191(0)
    brc 7, bad
    l %r2, while-base(%r12)
    brct %r2, .
    .insn s,0x9d000000,0x191(0)
    brc 13, bad
    lhi %r11, 2                        /* halted */
    .insn s,0x9e010000,0x191(0)
    brc 11, bad
1:  .insn s,0x9d000000,0x191(0)
    brc 2, 1b
    brc 11, bad
    lhi %r11, 3                        /* left alone it ends too: CP halts it */
    SET_CAW endless
    .insn s,0x9c000000,0x191(0)
    brc 7, bad
1:  .insn s,0x9d000000,0x191(0)
    brc 2, 1b
    brc 11, bad
    lhi %r11, 4                        /* the disk's label can be read */
    SET_CAW read_label
    .insn s,0x9c000000,0x191(0)
    brc 7, bad
1:  .insn s,0x9d000000,0x191(0)
    brc 2, 1b
    brc 11, bad
    tm 0x44, 0xf3
    jnz bad
    clc label-base(4,%r12), cms1-base(%r12)
    jne bad
    lhi %r11, 5                        /* a seek to cylinder 500 of a small disk: unit check */
    SET_CAW seek_far
    .insn s,0x9c000000,0x191(0)
    brc 7, bad
1:  .insn s,0x9d000000,0x191(0)
    brc 2, 1b
    brc 11, bad
    tm 0x44, 0x02
    jz bad
    lhi %r11, 6                        /* and the sense bytes say command reject or seek check */
    SET_CAW sense
    .insn s,0x9c000000,0x191(0)
    brc 7, bad
1:  .insn s,0x9d000000,0x191(0)
    brc 2, 1b
    brc 11, bad
    tm label-base(%r12), 0x81
    jz bad
    lhi %r11, 7                        /* the console's endless chain is ended by CP */
    SET_CAW endless
    .insn s,0x9c000000,9(0)
    brc 3, bad
1:  .insn s,0x9d000000,9(0)
    brc 2, 1b
    brc 11, bad
    lpsw good-base(%r12)
bad:
    l %r1, bad_psw+4-base(%r12)
    or %r1, %r11
    st %r1, bad_psw+4-base(%r12)
    lpsw bad_psw-base(%r12)

    .balign 8
good:       .long 0x00020000, 0x0000600d
bad_psw:    .long 0x00020000, 0x00bad000
endless:    .long 0x03000000, 0x60000001
            .long 0x08000000 + endless, 0x00000001
read_label: .long 0x07000000 + seek0, 0x40000006
search:     .long 0x31000000 + seek0 + 2, 0x40000005
            .long 0x08000000 + search, 0x00000001
            .long 0x06000000 + label, 0x20000050
seek_far:   .long 0x07000000 + seek500, 0x00000006
sense:      .long 0x04000000 + label, 0x20000018
while:      .long 100000
seek0:      .byte 0, 0, 0, 0, 0, 0, 3, 0
seek500:    .byte 0, 0, 0x01, 0xf4, 0, 0, 0, 0
cms1:       .byte 0xc3, 0xd4, 0xe2, 0xf1
label:      .skip 80

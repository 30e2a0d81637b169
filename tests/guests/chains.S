/* A guest with channel programs that never end by themselves: a no-operation and a transfer in channel
 * back to it, on the console (009) and on a disk (191).  A simulated console must end it; for the disk the
 * guest gives HALT DEVICE.  Then the disk must work, and a seek behind its end must fail.  Then a program
 * of six hundred CCWs; one that interrupts (PCI) while it runs and is changed, with DIAGNOSE 28; and one
 * that reads the address that it seeks then, which needs SET ISAM ON.
 * Under CP only: the bare machine has no 191.  Ends as the others do. */
#include "tests/guests/verdict.inc"
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
    lhi %r11, 8                        /* the label, two hundred times */
    l %r2, many-base(%r12)
    larl %r3, read_label
    mvc 0(8, %r2), 0(%r3)
    st %r2, 0x48
    l %r4, where-base(%r12)
    lhi %r5, 200
1:  mvc 8(24, %r2), 8(%r3)
    st %r4, 24(%r2)
    mvi 24(%r2), 0x06
    oi 28(%r2), 0x40
    ahi %r2, 8
    st %r2, 8(%r2)                     /* the TIC to its search */
    mvi 8(%r2), 0x08
    ahi %r2, 16
    ahi %r4, 80
    brct %r5, 1b
    ni 4(%r2), 0xbf
    .insn s,0x9c000000,0x191(0)
    brc 7, bad
1:  .insn s,0x9d000000,0x191(0)
    brc 2, 1b
    brc 11, bad
    tm 0x44, 0xf3
    jnz bad
    ahi %r2, 8
    cl %r2, 0x40
    jne bad
    l %r3, where-base(%r12)
    clc 0(4, %r3), cms1-base(%r12)
    jne bad
    lr %r4, %r3
    lhi %r5, 200
1:  clc 0(80, %r4), 0(%r3)
    jne bad
    ahi %r4, 80
    brct %r5, 1b
    lhi %r11, 9                        /* PCI: the status comes while the program goes on */
    SET_CAW interrupts
    .insn s,0x9c000000,0x191(0)
    brc 7, bad
1:  .insn s,0x9d000000,0x191(0)
    brc 2, 1b
    brc 11, bad
    clc 0x44(2), pci-base(%r12)
    jne bad
    larl %r2, loop                     /* where the channel was then */
    cl %r2, 0x40
    jh bad
    ahi %r2, 16
    cl %r2, 0x40
    jl bad
    .insn s,0x9d000000,0x191(0)
    brc 13, bad
    lhi %r11, 10                       /* the loop's TIC becomes a no-operation */
    larl %r2, loop_tic
    mvc 0(8, %r2), no_operation-base(%r12)
    lhi %r3, 0x191
    .insn rs,0x83000000,%r2,%r3,0x0028
    brc 7, bad
    ltr %r15, %r15
    jnz bad
1:  .insn s,0x9d000000,0x191(0)
    brc 2, 1b
    brc 11, bad
    tm 0x44, 0xf3
    jnz bad
    ahi %r2, 8
    cl %r2, 0x40
    jne bad
    lhi %r11, 11                       /* too late */
    ahi %r2, -8
    .insn rs,0x83000000,%r2,%r3,0x0028
    brc 13, bad
    chi %r15, 9
    jne bad
    lhi %r11, 12                       /* reads into itself: the old address does not exist */
    SET_CAW reads_itself
    .insn s,0x9c000000,0x191(0)
    brc 7, bad
1:  .insn s,0x9d000000,0x191(0)
    brc 2, 1b
    brc 11, bad
    tm 0x44, 0x02
    jz bad
    lhi %r11, 13                       /* with the ISAM option the new one is taken */
    larl %r2, set_isam
    lhi %r3, 11
    .insn rs,0x83000000,%r2,%r3,0x0008
    ltr %r3, %r3
    jnz bad
    larl %r2, itself
    mvc 0(6, %r2), nowhere-base(%r12)
    SET_CAW reads_itself
    .insn s,0x9c000000,0x191(0)
    brc 7, bad
1:  .insn s,0x9d000000,0x191(0)
    brc 2, 1b
    brc 11, bad
    tm 0x44, 0xf3
    jnz bad
    larl %r2, itself_end
    cl %r2, 0x40
    jne bad
    clc label-base(4,%r12), cms1-base(%r12)
    jne bad
    lpsw good-base(%r12)
    VERDICT_BAD
    VERDICT_PSWS
endless:    .long 0x03000000, 0x60000001
            .long 0x08000000 + endless, 0x00000001
read_label: .long 0x07000000 + seek0, 0x40000006
search:     .long 0x31000000 + seek0 + 2, 0x40000005
            .long 0x08000000 + search, 0x00000001
            .long 0x06000000 + label, 0x20000050
seek_far:   .long 0x07000000 + seek500, 0x00000006
sense:      .long 0x04000000 + label, 0x20000018
interrupts: .long 0x07000000 + seek0, 0x48000006
loop:       .long 0x03000000, 0x60000001
loop_tic:   .long 0x08000000 + loop, 0x00000001
no_operation: .long 0x03000000, 0x20000001
reads_itself: .long 0x07000000 + seek0, 0x40000006
            .long 0x12000000 + itself + 2, 0x40000008
            .long 0x07000000 + itself, 0x40000006
itself_search: .long 0x31000000 + seek0 + 2, 0x40000005
            .long 0x08000000 + itself_search, 0x00000001
            .long 0x06000000 + label, 0x20000050
itself_end:
while:      .long 100000
many:       .long 0x10000
where:      .long 0x20000
pci:        .byte 0x00, 0x80
itself:     .byte 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0
nowhere:    .byte 0, 0, 0xff, 0xff, 0xff, 0xff
set_isam:   .byte 0xe2,0xc5,0xe3,0x40,0xc9,0xe2,0xc1,0xd4,0x40,0xd6,0xd5 /* SET ISAM ON */
    .balign 2
seek0:      .byte 0, 0, 0, 0, 0, 0, 3, 0
seek500:    .byte 0, 0, 0x01, 0xf4, 0, 0, 0, 0
cms1:       .byte 0xc3, 0xd4, 0xe2, 0xf1
label:      .skip 80

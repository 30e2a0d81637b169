/* A guest that means no good: privileged and I/O instructions with random operands, channel programs and
 * DIAGNOSE codes.  CP must survive, whatever happens to the guest.  The guest itself survives because
 * its own pages have key 0, and the random instruction runs, and its channel programs too,
 * with key 1; every interruption leads back to `again`.  The sequence is always the same.
 *
 * Ends with a disabled wait PSW, address 00600D, after ROUNDS instructions. */
    .equ ROUNDS, 8000
    .equ CCWS, 0x4000                  /* the random channel programs */

    .text
    .globl _start
_start:
    larl %r12, data
    stctl %c0, %c15, crs-data(%r12)
    lhi %r1, 0
    st %r1, 0x58                       /* new PSWs: BC mode, key 0, disabled */
    st %r1, 0x60
    st %r1, 0x68
    st %r1, 0x78
    larl %r1, again
    st %r1, 0x5c
    st %r1, 0x64
    st %r1, 0x6c
    st %r1, 0x7c

again:
    larl %r12, data
    lctl %c0, %c15, crs-data(%r12)
    xr %r1, %r1                        /* the keys of its pages: 0 */
    xr %r2, %r2
    .insn rr,0x0800,%r1,%r2
    lhi %r2, 0x800
    .insn rr,0x0800,%r1,%r2
    lhi %r2, 0x1000
    .insn rr,0x0800,%r1,%r2
    lhi %r2, 0x1800
    .insn rr,0x0800,%r1,%r2
    lhi %r2, CCWS
    lhi %r1, 0x10
    .insn rr,0x0800,%r1,%r2
    l %r2, rounds-data(%r12)
    brct %r2, 0f
    lpsw good-data(%r12)
0:  st %r2, rounds-data(%r12)

    /* Sixteen registers, most of them likely addresses. */
    lhi %r10, 16
    larl %r9, regs
1:  bras %r14, random
    lr %r3, %r1
    bras %r14, random
    n %r1, low3-data(%r12)
    sll %r1, 2
    n %r3, masks-data(%r1,%r12)
    st %r3, 0(%r9)
    ahi %r9, 4
    brct %r10, 1b

    /* Eight CCWs: a likely command, any flags, an address and a count. */
    lhi %r10, 8
    lhi %r9, CCWS
2:  bras %r14, random
    lr %r3, %r1
    n %r3, address_mask-data(%r12)
    bras %r14, random
    n %r1, low4-data(%r12)
    ic %r2, commands-data(%r1,%r12)
    sll %r2, 24
    or %r3, %r2
    st %r3, 0(%r9)
    bras %r14, random
    n %r1, count_mask-data(%r12)
    st %r1, 4(%r9)
    ahi %r9, 8
    brct %r10, 2b

    /* The CAW: key 1. */
    bras %r14, random
    n %r1, caw_mask-data(%r12)
    a %r1, caw-data(%r12)
    st %r1, 0x48

    /* The instruction. */
    bras %r14, random
    n %r1, low5-data(%r12)
    sll %r1, 2
    l %r4, table-data(%r1,%r12)
    lr %r5, %r4
    n %r5, low8-data(%r12)             /* kind: 0 any operand, 1 device, 2 DIAGNOSE */
    n %r4, high16-data(%r12)
    bras %r14, random
    lr %r3, %r1
    chi %r5, 1
    je device
    chi %r5, 2
    je diagnose
    n %r3, operand_mask-data(%r12)
    j store
diagnose:
    n %r3, low7-data(%r12)
    sll %r3, 2
    chi %r3, 0x10                      /* RELEASE would take the ground away */
    je again
    bras %r14, random
    n %r1, regs_mask-data(%r12)
    or %r3, %r1
    j store
device:
    n %r3, low3-data(%r12)
    sll %r3, 1
    lh %r3, devices-data(%r3,%r12)
store:
    or %r4, %r3
    st %r4, slot-data(%r12)

    /* BC or EC mode, key 1. */
    bras %r14, random
    n %r1, low1-data(%r12)
    sll %r1, 3
    ar %r1, %r12
    lpsw modes-data(%r1)
go:
    lm %r0, %r15, regs-data(%r12)
    .balign 4
    .globl data
data:
slot:
    .long 0
    larl %r12, data
    lpsw back-data(%r12)               /* privileged too: key 0, and again */

/* GR1 = 16 random bits, twice. */
random:
    l %r1, seed-data(%r12)
    ms %r1, multiplier-data(%r12)
    ahi %r1, 12345
    st %r1, seed-data(%r12)
    lr %r0, %r1
    srl %r0, 16
    sll %r1, 16
    or %r1, %r0
    xr %r1, %r11
    br %r14

    .balign 8
good:  .long 0x00020000, 0x0000600d
back:  .long 0x00000000, again
modes: .long 0x00100000, go
       .long 0x00180000, go
seed:  .long 370
multiplier: .long 1103515245
rounds: .long ROUNDS
low1:  .long 0x00000001
low3:  .long 0x00000007
low4:  .long 0x0000000f
low5:  .long 0x0000001f
low7:  .long 0x0000007f
low8:  .long 0x000000ff
high16: .long 0xffff0000
operand_mask: .long 0x00ffffff
regs_mask: .long 0x00ff0000
address_mask: .long 0x000fffff
count_mask: .long 0xf40001ff
caw_mask: .long 0x00000038
caw:   .long 0x10000000 + CCWS
masks: .long 0xffffffff, 0x00ffffff, 0x00fffff8, 0x000fffff, 0x000ffff8, 0x00007ff8, 0x00000fff, 0x00004ff8
commands: .byte 0x02, 0x01, 0x09, 0x0a, 0x08, 0x07, 0x31, 0x06, 0x05, 0x1d, 0x12, 0x1f, 0x03, 0x04, 0x08, 0x16
devices: .short 0x009, 0x00c, 0x00d, 0x00e, 0x190, 0x191, 0x19e, 0x7ff
    /* Opcode (two bytes), kind. */
table:
    .long 0x08000000, 0x09000000, 0x80000000, 0xac000000, 0xad000000, 0xb1000000, 0xb6000000, 0xb7000000
    .long 0xb2020000, 0xb2030001, 0xb2040000, 0xb2060000, 0xb2070000, 0xb2080000, 0xb2090000, 0xb20a0000
    .long 0xb20b0000, 0xb20d0000, 0xb2130000, 0x9c000001, 0x9c000001, 0x9c000001, 0x9d000001, 0x9d000001
    .long 0x9d010001, 0x9e000001, 0x9e010001, 0x9f000001, 0x83000002, 0x83000002, 0x44000000, 0x0a000000
    .balign 4
crs:   .skip 64
regs:  .skip 64

/* The program of tests/ctca (pair.S), which talks to another one over the adapter at 500: here in two
 * virtual machines.  Its side follows from the user's name, STUDENT1 is 0 and all others are 1.  It
 * waits for EXTERNAL, so that both are IPLed (and reset) before they begin.  Ends as pair.S does. */
    .equ ID, 0x8000
    .text
    .globl _start
_start:
    basr %r12, 0
base:
    larl %r1, new
    mvc 0x58(8), 0(%r1)
    lpsw wait_psw-base(%r12)
go: l %r1, id-base(%r12)
    lhi %r2, 40
    .insn rs,0x83000000,%r1,%r2,0x0000
    mvc role-base(1, %r12), 23-16+16(%r1)  /* the name's last letter */
    xr %r2, %r2
    larl %r4, program
    larl %r5, program_end
    sr %r5, %r4
    lr %r3, %r5
    mvcl %r2, %r4
    mvi 0x301, 0                           /* pair.S's flags */
    mvi 0x300, 0
    cli role-base(%r12), 0xf1
    je 1f
    mvi 0x300, 1
1:  lpsw 0

    .balign 8
new:      .long 0x00000000, go
wait_psw: .long 0x01020000, 0
id:       .long ID
role:     .byte 0
    .balign 8
program:
    .incbin "ctca/pair.bin"
program_end:

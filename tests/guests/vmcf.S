/* A guest that tries VMCF (DIAGNOSE 68): first it talks to itself, every subfunction with what it
 * answers and the interruptions that come of it; then with another guest of this kind, whose user
 * has told one of them by SMSG "SEND userid".  Ends as the others do; the failing step is in the
 * PSW.  tests/guests/under-cp.sh logs both on. */
#include "tests/guests/verdict.inc"
    .equ BUFFER, 0x6000                /* the external interruption buffer: header 40, data 129 */
    .equ DATA, 0x6400                  /* what is sent, and where it is received */
    .equ INPUT, 0x6500
    .equ LOCKED, 0x8000                /* a block with a storage key of its own */
    .equ ID, 0x6800                    /* DIAGNOSE 0's answer */
    .text
    .globl _start
_start:
    basr %r12, 0
base:
    /* The parameter list at `label`: must give this return code. */
    .macro VMCF label, rc
    ahi %r11, 1
    larl %r1, \label
    .insn rs,0x83000000,%r1,%r2,0x0068
    chi %r2, \rc
    jne bad
    .endm
    /* An interruption: header with these flags, error, subfunction and message. */
    .macro INTERRUPT flags, error, function, id
    ahi %r11, 1
    bras %r14, wait
    clc 0(8, %r3), 7f-base(%r12)
    jne bad
    j 8f
    .balign 4
7:  .byte \flags, \error
    .short \function
    .long \id
8:
    .endm
    .macro NO_INTERRUPT
    ahi %r11, 1
    bras %r14, look
    .endm
    .macro SAME length, at, text
    ahi %r11, 1
    lhi %r4, \at
    larl %r5, \text
    clc 0(\length, %r4), 0(%r5)
    jne bad
    .endm

    larl %r1, ext_new
    mvc 0x58(8), 0(%r1)
    lctl %r0, %r0, cr0-base(%r12)
    lhi %r3, BUFFER
    lhi %r11, 1
    lhi %r1, ID                        /* my own name goes into all lists */
    lhi %r2, 40
    .insn rs,0x83000000,%r1,%r2,0x0000
    larl %r1, me
    mvc 0(8, %r1), ID-BUFFER+16(%r3)
    larl %r1, lists
    larl %r2, lists_end
1:  mvc 8(8, %r1), ID-BUFFER+16(%r3)
    ahi %r1, 40
    cr %r1, %r2
    jl 1b
    lhi %r1, DATA
    mvc 0(16, %r1), letters-base(%r12)

    lhi %r11, 0x10                     /* who may not, and what is not */
    VMCF identify, 4
    VMCF short_buffer, 1
    VMCF odd_buffer, 1
    VMCF far_buffer, 1
    VMCF no_function, 2
    VMCF authorize, 0
    lhi %r11, 0x20                     /* SEND, RECEIVE of a part */
    VMCF send1, 0
    VMCF send1, 8
    VMCF receive1, 13
    VMCF far_data, 1
    INTERRUPT 0, 0, 2, 1
    SAME 8, BUFFER+8, me
    VMCF receive1, 16
    SAME 4, INPUT, letters
    INTERRUPT 0x80, 16, 2, 1
    SAME 4, BUFFER+20, four            /* left over */
    VMCF cancel1, 12
    NO_INTERRUPT
    lhi %r11, 0x40                     /* CANCEL */
    VMCF send1, 0
    VMCF cancel1, 0
    VMCF receive1, 12
    NO_INTERRUPT
    lhi %r11, 0x50                     /* SEND/RECV, REPLY of less than there is room for */
    VMCF ask, 0
    INTERRUPT 0, 0, 3, 2
    VMCF receive2, 0
    VMCF receive2, 3
    VMCF reply2, 0
    INTERRUPT 0x80, 0, 3, 2
    SAME 4, BUFFER+20, zero
    SAME 4, BUFFER+28, four
    SAME 8, BUFFER+32, reply2+32
    SAME 4, INPUT+32, letters+2
    VMCF cancel2, 12
    lhi %r11, 0x60                     /* ... and of more; CANCEL when only the reply is missing */
    VMCF ask, 0
    INTERRUPT 0, 0, 3, 2
    VMCF long_reply2, 16
    VMCF cancel2, 14
    INTERRUPT 0x80, 16, 3, 2
    VMCF ask, 0
    INTERRUPT 0, 0, 3, 2
    VMCF receive2, 0
    VMCF cancel2, 11
    VMCF reply2, 12
    NO_INTERRUPT
    lhi %r11, 0x70                     /* SENDX: data with the interruption */
    VMCF sendx, 0
    INTERRUPT 0, 0, 4, 3
    SAME 10, BUFFER+40, letters
    INTERRUPT 0x80, 0, 4, 3
    VMCF sendx_large, 7
    lhi %r11, 0x80                     /* IDENTIFY, REJECT, REPLY to what asked for none */
    VMCF identify, 0
    INTERRUPT 0, 0, 10, 77
    NO_INTERRUPT
    VMCF send1, 0
    INTERRUPT 0, 0, 2, 1
    VMCF reply1, 3
    VMCF reject1, 0
    INTERRUPT 0xc0, 0, 2, 1
    SAME 8, BUFFER+32, reject1+32
    VMCF reject1, 12
    lhi %r11, 0x90                     /* QUIESCE, RESUME, priority without leave */
    VMCF quiesce, 0
    VMCF send1, 9
    VMCF resume, 0
    VMCF send_priority, 18
    VMCF send_nobody, 5
    lhi %r11, 0xa0                     /* a buffer over the data; one that its key forbids */
    VMCF send1, 0
    INTERRUPT 0, 0, 2, 1
    VMCF receive_over, 17
    lhi %r1, 0x10
    l %r2, locked-base(%r12)
    .insn rr,0x0800,%r1,%r2            /* SSK */
    .insn s,0xb20a0000,0x20            /* SPKA */
    VMCF receive_locked, 6
    .insn s,0xb20a0000,0x10
    VMCF receive_locked, 0
    .insn s,0xb20a0000,0
    INTERRUPT 0x80, 0, 2, 1
    lhi %r11, 0xb0                     /* fifty are the limit; UNAUTHORIZE clears all */
    lhi %r10, 50
1:  VMCF identify, 0
    ahi %r11, -1
    brct %r10, 1b
    VMCF identify, 10
    VMCF unauthorize, 0
    VMCF identify, 4
    VMCF authorize_priority, 0
    NO_INTERRUPT
    lhi %r11, 0xc0                     /* priority goes before; the way back, too */
    VMCF send1, 0
    VMCF send_priority, 0
    INTERRUPT 0x20, 0, 2, 9
    INTERRUPT 0, 0, 2, 1
    VMCF receive_all1, 0
    VMCF receive9, 0
    INTERRUPT 0xa0, 0, 2, 9
    INTERRUPT 0x80, 0, 2, 1
    lhi %r11, 0xd0                     /* only for somebody else */
    VMCF authorize_specific, 0
    VMCF send1, 5
    VMCF authorize_priority, 0

    lhi %r11, 0x100                    /* with another virtual machine */
    bras %r14, wait
    clc 2(2, %r3), sendx_code-base(%r12)
    jne answer
    SAME 8, BUFFER+8, system           /* SMSG: "SEND userid"; who gave it */
    SAME 8, BUFFER+32, me
    SAME 5, BUFFER+40, command
    larl %r1, peer
    l %r4, 20(%r3)                     /* the userid's length */
    ahi %r4, -6
    mvc 8(8, %r1), blanks-base(%r12)
    ex %r4, name-base(%r12)
    VMCF peer, 0
    INTERRUPT 0x80, 0, 3, 5
    SAME 4, INPUT+32, pong
    SAME 8, BUFFER+8, peer+8
    larl %r1, last
    larl %r2, peer
    mvc 8(8, %r1), 8(%r2)
    VMCF last, 0                       /* the peer has ended: it will be reset */
    VMCF last, 8
    INTERRUPT 0x80, 5, 2, 6
    j done
name: mvc 8(1, %r1), 45(%r3)
answer:
    SAME 8, BUFFER, peer_header
    larl %r1, peer_receive
    mvc 8(8, %r1), 8(%r3)
    larl %r1, peer_reply
    mvc 8(8, %r1), 8(%r3)
    VMCF peer_receive, 0
    SAME 4, INPUT, ping
    VMCF peer_reply, 0
done:
    lpsw good-base(%r12)
    VERDICT_BAD

    /* Waits for one interruption. */
wait:
    larl %r9, 1f
    lpsw wait_psw-base(%r12)
    /* Lets one in that should not be there. */
look:
    larl %r9, bad
    ssm enabled-base(%r12)
    ssm disabled-base(%r12)
1:  br %r14
ext_entry:
    clc 0x1a(2), code-base(%r12)
    jne bad
    br %r9

    .balign 8
ext_new:  .long 0x00000000
          .long ext_entry
wait_psw: .long 0x01020000, 0
    VERDICT_PSWS
cr0:      .long 0x00000001             /* VMCF interruptions and no others */
locked:   .long LOCKED
zero:     .long 0
four:     .long 4
code:     .short 0x4001
sendx_code: .short 4
enabled:  .byte 0x01
disabled: .byte 0x00
    .balign 2
letters:  .byte 0xc1,0xc2,0xc3,0xc4,0xc5,0xc6,0xc7,0xc8,0xc9,0xd1,0xd2,0xd3,0xd4,0xd5,0xd6,0xd7
blanks:   .byte 0x40,0x40,0x40,0x40,0x40,0x40,0x40,0x40
system:   .byte 0xe2,0xe8,0xe2,0xe3,0xc5,0xd4,0x40,0x40      /* SYSTEM */
command:  .byte 0xe2,0xc5,0xd5,0xc4,0x40,0x40                /* SEND */
me:       .long 0, 0
ping:     .byte 0xd7,0xc9,0xd5,0xc7                          /* PING */
pong:     .byte 0xd7,0xd6,0xd5,0xc7                          /* PONG */
peer_header: .byte 0, 0, 0, 3, 0, 0, 0, 5

    /* Parameter lists. */
    .macro LIST label, flags, function, id, address, length, reply=0, reply_length=0, use=0
    .balign 8
\label: .byte \flags, 0
    .short \function
    .long \id, 0, 0, \address, \length, \reply, \reply_length
    .long \use, \use
    .endm
    .balign 8
lists:
    LIST authorize, 0x20, 0, 0, BUFFER, 169
    LIST authorize_priority, 0x40, 0, 0, BUFFER, 169
    LIST short_buffer, 0, 0, 0, BUFFER, 39
    LIST odd_buffer, 0, 0, 0, BUFFER+4, 169
    LIST far_buffer, 0, 0, 0, 0xfffff8, 169
    LIST no_function, 0, 12, 0, 0, 0
    LIST unauthorize, 0, 1, 0, 0, 0
    LIST send1, 0, 2, 1, DATA, 8
    LIST far_data, 0, 2, 11, 0xfffff8, 16
    LIST send_priority, 0x40, 2, 9, 0, 0
    LIST receive1, 0, 5, 1, INPUT, 4
    LIST receive_all1, 0, 5, 1, INPUT, 8
    LIST receive_over, 0, 5, 1, DATA+4, 8
    LIST receive_locked, 0, 5, 1, LOCKED, 8
    LIST receive9, 0, 5, 9, 0, 0
    LIST cancel1, 0, 6, 1, 0, 0
    LIST reply1, 0, 7, 1, DATA, 4
    LIST reject1, 0, 11, 1, 0, 0, 0, 0, 0x11223344
    LIST ask, 0, 3, 2, DATA, 8, INPUT+32, 8
    LIST receive2, 0, 5, 2, INPUT, 8
    LIST reply2, 0, 7, 2, DATA+2, 4, 0, 0, 0x55667788
    LIST long_reply2, 0, 7, 2, DATA, 16
    LIST cancel2, 0, 6, 2, 0, 0
    LIST sendx, 0, 4, 3, DATA, 10
    LIST sendx_large, 0, 4, 4, DATA, 130
    LIST quiesce, 0, 8, 0, 0, 0
    LIST resume, 0, 9, 0, 0, 0
    LIST identify, 0, 10, 77, 1, 2
    LIST peer_receive, 0, 5, 5, INPUT, 4
    LIST peer_reply, 0, 7, 5, pong, 4
    LIST peer, 0, 3, 5, ping, 4, INPUT+32, 4
    LIST last, 0, 2, 6, 0, 0
lists_end:
    /* ... and those of somebody else. */
    LIST send_nobody, 0, 2, 1, 0, 0
    LIST authorize_specific, 0x80, 0, 0, BUFFER, 169

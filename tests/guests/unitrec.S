/* A guest that checks its reader 00C, punch 00D and printer 00E: status, sense and condition
 * codes, the end of file, and that cards come and lines go.  It knows nothing of CP, and must end
 * in the same way on the bare machine as on CP's virtual devices.
 *
 * Behind its own cards it expects three cards of data (unitrec.cards): it prints and punches the
 * last two.  It ends with a disabled wait PSW: address 00600D if all is well, else BAD0nn with the
 * number of the check that failed. */
#include "tests/guests/verdict.inc"

    .macro CHECK number
    lhi %r11, \number
    .endm
    /* Starts the program at `ccw` on device \unit and waits for its end, also when channel end and
     * device end come apart: unit status in GR2, channel status in GR3, residual count in GR9. */
    .macro IO unit, ccw
    larl %r1, \ccw
    st %r1, 0x48
    lhi %r10, \unit
    bras %r14, do_io
    .endm
    .macro UNIT_STATUS status
    chi %r2, \status
    jne bad
    .endm
    .macro CCW command, address, flags, count
    .long (\command << 24) + \address
    .short (\flags) << 8
    .short \count
    .endm

    .equ CC, 0x40
    .equ SLI, 0x20

    .text
    .globl _start
_start:
    lhi %r0, 0
    st %r0, 0x68                       /* BC new PSW: an unexpected interruption is a failure */
    larl %r1, bad
    st %r1, 0x6c

    CHECK 1                            /* lines with spacing, skipping, none */
    IO 0x00e, print_some
    UNIT_STATUS 0x0c

    CHECK 2                            /* a line shorter than the count */
    IO 0x00e, print_long
    UNIT_STATUS 0x0c
    chi %r3, 0x40                      /* incorrect length */
    jne bad
    chi %r9, 8                         /* residual count */
    jne bad

    CHECK 3                            /* what is no command of a printer */
    IO 0x00e, print_bad
    bras %r14, want_unit_check
    IO 0x00e, sense
    UNIT_STATUS 0x0c
    CHECK 4
    larl %r1, sensed
    tm 0(%r1), 0x80                    /* command reject */
    jz bad

    CHECK 5                            /* the first card of data, too short a count */
    IO 0x00c, read_short
    UNIT_STATUS 0x0c
    chi %r3, 0x40
    jne bad
    larl %r1, card
    larl %r2, first
    clc 0(10,%r1), 0(%r2)
    jne bad

    CHECK 6                            /* the second: read without feeding, twice */
    IO 0x00c, read_only
    UNIT_STATUS 0x0c
    IO 0x00c, read
    UNIT_STATUS 0x0c
    larl %r1, card
    larl %r2, second
    clc 0(11,%r1), 0(%r2)
    jne bad
    IO 0x00e, print_card
    UNIT_STATUS 0x0c
    IO 0x00d, punch
    UNIT_STATUS 0x0c

    CHECK 7                            /* the third */
    IO 0x00c, read
    UNIT_STATUS 0x0c
    IO 0x00e, print_card
    IO 0x00d, punch
    UNIT_STATUS 0x0c

    CHECK 8                            /* what is no command of a punch */
    IO 0x00d, print_bad
    bras %r14, want_unit_check

    CHECK 9                            /* end of file */
    IO 0x00c, read
    UNIT_STATUS 0x0d
    CHECK 10                           /* and the hopper is empty */
    IO 0x00c, read
    bras %r14, want_unit_check
    IO 0x00c, sense
    larl %r1, sensed
    tm 0(%r1), 0x40                    /* intervention required */
    jz bad

    CHECK 11                           /* NOP does nothing, whatever the state */
    IO 0x00c, nop
    UNIT_STATUS 0x0c

    CHECK 12                           /* no device there */
    larl %r1, nop
    st %r1, 0x48
    .long 0x9c00000f                   /* SIO 00F */
    brc 14, bad

    larl %r1, good_psw
    lpsw 0(%r1)

/* Device in GR10, CAW set. */
do_io:
    .long 0x9c00a000                   /* SIO 0(10) */
    brc 1, bad
    brc 2, do_io                        /* busy: something from before */
    brc 8, 0f
    tm 0x44, 0x10
    jno stored                          /* ended at once: status in the CSW */
2:  .long 0x9d00a000                   /* TIO 0(10): it still works, IPL has left it so */
    brc 7, 2b
    j do_io
0:  .long 0x9d00a000                   /* TIO 0(10) */
    brc 2, 0b
    brc 1, bad
    brc 8, done                         /* nothing pending: it came with SIO */
stored:
    tm 0x44, 0x10                      /* the device still works */
    jo 0b
    xr %r2, %r2
    ic %r2, 0x44
    tm 0x44, 0x04
    jno 1f
    tm 0x44, 0x08
    jo 1f
    ahi %r2, 0x08                      /* device end: channel end was there before */
    j done
1:  xr %r3, %r3
    ic %r3, 0x45
    lh %r9, 0x46
    chi %r2, 0x08                      /* channel end alone: device end is still to come */
    je 0b
done:
    br %r14

want_unit_check:
    tmll %r2, 0x02
    jz bad
    br %r14

    VERDICT_BAD_FAR

    .balign 8
good_psw:
    .long 0x00020000, 0x0000600d
bad_psw:
    .long 0x00020000, 0x00bad000

print_some:
    CCW 0x8b, line, CC+SLI, 1          /* skip to channel 1 */
    CCW 0x09, line, CC+SLI, 20         /* write, space 1 */
    CCW 0x01, line, CC+SLI, 5          /* write, no space: overprinted */
    CCW 0x11, line, CC+SLI, 20         /* write, space 2 */
    CCW 0x0b, line, SLI, 1             /* space 1 */
print_long:
    CCW 0x09, line, 0, 140
print_bad:
    CCW 0x0f, line, SLI, 1
print_card:
    CCW 0x09, card, SLI, 80
read_short:
    CCW 0x02, card, 0, 10
read_only:
    CCW 0xc2, card, SLI, 80
read:
    CCW 0x02, card, 0, 80
punch:
    CCW 0x01, card, SLI, 80
sense:
    CCW 0x04, sensed, SLI, 1
nop:
    CCW 0x03, card, SLI, 1

/* EBCDIC text, since the assembler knows none. */
first:                                 /* FIRST CARD */
    .byte 0xc6, 0xc9, 0xd9, 0xe2, 0xe3, 0x40, 0xc3, 0xc1, 0xd9, 0xc4
    .balign 4
second:                                /* SECOND CARD */
    .byte 0xe2, 0xc5, 0xc3, 0xd6, 0xd5, 0xc4, 0x40, 0xc3, 0xc1, 0xd9, 0xc4
    .balign 4
sensed:
    .byte 0, 0
    .balign 4
line:                                  /* HELLO FROM THE GUEST */
    .byte 0xc8, 0xc5, 0xd3, 0xd3, 0xd6, 0x40, 0xc6, 0xd9, 0xd6, 0xd4, 0x40, 0xe3, 0xc8, 0xc5
    .byte 0x40, 0xc7, 0xe4, 0xc5, 0xe2, 0xe3
    .fill 120, 1, 0x4b                 /* full stops */
    .balign 4
card:
    .fill 80, 1, 0x40

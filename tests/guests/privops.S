/* A guest that checks its CPU and channels: privileged instructions, the forms of interruptions in
 * BC and EC mode, timers, keys, the console, translation.  It knows nothing of CP, and must
 * end in the same way on the bare machine.
 *
 * It ends with a disabled wait PSW: address 00600D if all is well, else BAD0nn with the number of
 * the check that failed.  Loaded at 1000 by the deck that mkdeck makes.
 *
 * GR12 is the base of the first 4K, GR11 holds the number of the check. */
#include "tests/guests/verdict.inc"

    .macro CHECK number
    lhi %r11, \number
    .endm
    /* Expects condition code `mask` (as in BC). */
    .macro EXPECT mask
    brc 15-(\mask), bad
    .endm
    /* A program interruption must have come: old PSW words in `pgm_old`. */
    .macro EXPECT_PROGRAM code
    bras %r14, expect_program
    .short \code, 0
    .endm
    /* The next instruction is to be interrupted; the program goes on at `label`. */
    .macro CATCH label
    larl %r1, \label
    st %r1, 0x6c
    .endm

    .text
    .globl _start
_start:
    basr %r12, 0
base:
    lhi %r0, 0
    st %r0, 0x68                       /* BC new PSWs: disabled, supervisor */
    st %r0, 0x60
    st %r0, 0x58
    st %r0, 0x78

    CHECK 1                            /* STIDP works and is aligned */
    stidp double-base(%r12)
    l %r2, double-base(%r12)
    ltr %r2, %r2
    jz bad

    CHECK 2                            /* SVC in BC mode: code, ILC, CC, mask, address */
    larl %r1, 2f
    st %r1, 0x64
    lhi %r1, 0
    spm %r1
    cr %r12, %r1                       /* cc 2 (GR12 > 0) */
1:  svc 0x5a
    j bad
2:  l %r2, 0x20
    lhi %r3, 0x5a
    cr %r2, %r3
    jne bad
    l %r2, 0x24
    larl %r3, 1b+2
    l %r4, ilc1cc2-base(%r12)
    or %r3, %r4
    cr %r2, %r3
    jne bad

    CHECK 3                            /* operation exception */
    CATCH 1f
    .short 0
1:  EXPECT_PROGRAM 0x0001

    CHECK 4                            /* privileged operation in problem state */
    CATCH 1f
    lpsw problem-base(%r12)
    .balign 8
problem:
    .long 0x00010000, in_problem
in_problem:
    ssm zero-base(%r12)
    j bad
1:  EXPECT_PROGRAM 0x0002
    l %r2, 0x28                        /* the old PSW was in problem state */
    lr %r3, %r2
    srl %r3, 16
    chi %r3, 1
    jne bad

    CHECK 5                            /* specification: odd LPSW operand */
    CATCH 1f
    lpsw zero+4-base(%r12)
    j bad
1:  EXPECT_PROGRAM 0x0006

    CHECK 6                            /* addressing: beyond 16M there is nothing, FFF000 */
    CATCH 1f
    l %r3, high-base(%r12)
    l %r2, 0(%r3)
    j bad
1:  EXPECT_PROGRAM 0x0005

    CHECK 7                            /* EX of a privileged instruction: ILC 2 */
    CATCH 2f
    larl %r3, 1f
    lhi %r1, 0
    ex %r1, 0(%r3)                     /* works: loads system mask 0 */
    ssm zero-base(%r12)
    j 3f
1:  ssm zero-base(%r12)
2:  j bad
3:

    CHECK 8                            /* STOSM, STNSM in BC mode */
    ssm zero-base(%r12)
    stosm byte-base(%r12), 0x01
    cli byte-base(%r12), 0
    jne bad
    stnsm byte-base(%r12), 0xfe
    cli byte-base(%r12), 1
    jne bad
    stnsm byte-base(%r12), 0x00
    cli byte-base(%r12), 0
    jne bad

    CHECK 9                            /* LCTL, STCTL: 16 registers round from 9 */
    stctl %c0, %c15, save-base(%r12)
    lctl %c9, %c11, pattern-base(%r12)
    stctl %c8, %c12, work-base(%r12)
    clc work+4-base(12,%r12), pattern-base(%r12)
    jne bad
    lctl %c0, %c15, save-base(%r12)

    CHECK 10                           /* keys: SSK, ISK, protection, reference and change */
    l %r2, page-base(%r12)
    lhi %r3, 0x38                      /* key 3, fetch protected */
    .insn rr,0x0800,%r3,%r2
    lhi %r4, 0
    .insn rr,0x0900,%r4,%r2
    chi %r4, 0x38
    jne bad
    CHECK 11
    CATCH 1f
    lpsw key5-base(%r12)
    .balign 8
key5:
    .long 0x00500000, in_key5
in_key5:
    l %r0, 0(%r2)
    j bad
1:  EXPECT_PROGRAM 0x0004
    CHECK 12
    l %r2, page-base(%r12)
    lhi %r3, 0x20
    .insn rr,0x0800,%r3,%r2
    st %r3, 0(%r2)
    lpsw ecmode-base(%r12)             /* EC mode: ISK gives all bits */
    .balign 8
ecmode:
    .long 0x00080000, in_ec
in_ec:
    .insn rr,0x0900,%r4,%r2
    chi %r4, 0x26
    jne bad
    CHECK 13                           /* RRB */
    .insn s,0xb2130000,0(%r2)
    EXPECT 1                           /* cc 3: both were on */
    .insn s,0xb2130000,0(%r2)
    EXPECT 4                           /* cc 1: changed only */

    CHECK 14                           /* EC: SVC code and ILC at 88 */
    l %r1, ec_mode-base(%r12)
    st %r1, 0x60
    st %r1, 0x68
    st %r1, 0x58
    st %r1, 0x78
    larl %r1, 1f
    st %r1, 0x64
    svc 0x77
    j bad
1:  l %r2, 0x88
    l %r3, svc_word-base(%r12)
    cr %r2, %r3
    jne bad

    CHECK 15                           /* EC: program code and ILC at 8C */
    CATCH 1f
    lpsw zero+4-base(%r12)
1:  l %r2, 0x8c
    l %r3, pgm_word-base(%r12)
    cr %r2, %r3
    jne bad

    CHECK 16                           /* a bad EC PSW: specification, ILC 0, itself as old PSW */
    CATCH 1f
    lpsw bad_ec-base(%r12)
    .balign 8
bad_ec:
    .long 0x80080000, 0x00123456
1:  l %r2, 0x8c
    chi %r2, 6
    jne bad
    clc 0x28(8), bad_ec-base(%r12)
    jne bad

    CHECK 17                           /* IPK, SPKA */
    .insn s,0xb20a0000,0x70
    .insn s,0xb20b0000,0
    chi %r2, 0x70
    jne wrong_key
    .insn s,0xb20a0000,0
    j 1f
wrong_key:
    .insn s,0xb20a0000,0
    j bad
1:
    bras %r10, timers
    bras %r10, console
    bras %r10, translation

    lhi %r11, 0
    lpsw good-base(%r12)

    VERDICT_BAD

/* Compares the old program PSW of BC mode with the code behind the call; its address must be behind the
 * instruction that LOW says.  Returns behind the code. */
expect_program:
    l %r2, 0x28
    n %r2, low_half-base(%r12)
    lh %r3, 0(%r14)
    cr %r2, %r3
    jne bad
    b 4(%r14)
    VERDICT_PSWS
zero:     .long 0, 0
double:   .long 0, 0
byte:     .long 0
high:     .long 0x00fff000
page:     .long 0x00004000
low_half: .long 0x0000ffff
ilc1cc2:  .long 0x60000000            /* ILC 1, CC 2, mask 0 */
ec_mode:  .long 0x00080000
svc_word: .long 0x00020077
pgm_word: .long 0x00040006
pattern:  .long 0x11111111, 0x22222222, 0x33333333
work:     .skip 20
    .balign 4
save:     .skip 64

/* Timers, in EC mode. */
timers:
    CHECK 20                           /* CPU timer: goes down, interrupts when negative */
    .balign 8
    larl %r9, base2
    stctl %c0, %c0, cr0_save-base2(%r9)
    lctl %c0, %c0, cr0_timers-base2(%r9)
    spt far-base2(%r9)
    stpt now-base2(%r9)
    clc now-base2(8,%r9), far-base2(%r9)
    jnl bad                            /* time went by */
    larl %r1, 2f
    st %r1, 0x5c
    spt soon-base2(%r9)
    stosm byte-base(%r12), 0x01        /* enable */
1:  l %r2, count-base2(%r9)
    brct %r2, .
    j bad                              /* it should have come */
2:  lh %r2, 0x86
    chi %r2, 0x1005
    jne bad
    spt far-base2(%r9)

    CHECK 21                           /* clock comparator, in the wait state */
    stck now-base2(%r9)
    l %r2, now+4-base2(%r9)
    l %r3, now-base2(%r9)
    l %r4, millisecond-base2(%r9)
    alr %r2, %r4
    brc 12, 1f
    ahi %r3, 1
1:  st %r3, then-base2(%r9)
    st %r2, then+4-base2(%r9)
    sckc then-base2(%r9)
    larl %r1, 2f
    st %r1, 0x5c
    lctl %c0, %c0, cr0_clock-base2(%r9)
    lpsw wait_ec-base2(%r9)
2:  lh %r2, 0x86
    chi %r2, 0x1004
    jne bad
    stck now-base2(%r9)
    clc now-base2(8,%r9), then-base2(%r9)
    jl bad
    lctl %c0, %c0, cr0_save-base2(%r9)

    CHECK 22                           /* interval timer */
    lhi %r1, 0x200                     /* two ticks of 1/300 s */
    st %r1, 0x50
    larl %r1, 2f
    st %r1, 0x5c
    lctl %c0, %c0, cr0_interval-base2(%r9)
    stosm byte-base(%r12), 0x01
    l %r2, count-base2(%r9)
    brct %r2, .
    j bad
2:  lh %r2, 0x86
    chi %r2, 0x80
    jne bad
    lctl %c0, %c0, cr0_save-base2(%r9)
    br %r10

    .balign 8
base2:
far:          .long 0x00100000, 0
soon:         .long 0x00000000, 0x00400000 /* 1 ms */
now:          .long 0, 0
then:         .long 0, 0
wait_ec:      .long 0x010a0000, 0
cr0_timers:   .long 0x00000400
cr0_clock:    .long 0x00000800
cr0_interval: .long 0x00000080
cr0_save:     .long 0
millisecond:  .long 0x01000000         /* 4 ms */
count:        .long 20000000

/* The console at 009, in EC mode. */
console:
    larl %r9, base3
    CHECK 30                           /* a device that is not there */
    .insn s,0x9c000000,0x7ff(0)
    EXPECT 1
    .insn s,0x9d000000,0x7ff(0)
    EXPECT 1
    CHECK 31                           /* two lines by command chaining: interruption and CSW */
    larl %r1, write2
    st %r1, 0x48
    larl %r1, 2f
    st %r1, 0x7c
    .insn s,0x9c000000,9(0)
    EXPECT 8
    lpsw wait_io-base3(%r9)
2:  lh %r2, 0xba
    chi %r2, 9
    jne bad
    CHECK 32
    larl %r1, write2+16
    lr %r3, %r1
    x %r3, 0x40
    jnz bad                            /* key 0, CCW address */
    clc 0x44(4), csw_good-base3(%r9)
    jne bad
    .insn s,0x9d000000,9(0)            /* nothing is left */
    EXPECT 8
    CHECK 33                           /* a program error at once: condition code 1 */
    larl %r1, tic_first
    st %r1, 0x48
    xc 0x40(8), 0x40
    .insn s,0x9c000000,9(0)
    EXPECT 4
    clc 0x44(2), status_check-base3(%r9)
    jne bad
    CHECK 34                           /* an immediate command: channel end and device end */
    larl %r1, no_operation
    st %r1, 0x48
    .insn s,0x9c000000,9(0)
    EXPECT 4
    clc 0x44(2), csw_good-base3(%r9)
    jne bad
    CHECK 35                           /* TIO takes the status instead of an interruption */
    larl %r1, write1
    st %r1, 0x48
    .insn s,0x9c000000,9(0)
    EXPECT 8
1:  .insn s,0x9d000000,9(0)
    brc 2, 1b
    EXPECT 4
    clc 0x44(4), csw_good-base3(%r9)
    jne bad
    CHECK 36                           /* incorrect length: reported unless suppressed */
    larl %r1, sense_long
    st %r1, 0x48
    .insn s,0x9c000000,9(0)
    EXPECT 8
1:  .insn s,0x9d000000,9(0)
    brc 2, 1b
    EXPECT 4
    clc 0x44(2), status_length-base3(%r9)
    jne bad
    br %r10

    .balign 8
base3:
wait_io:       .long 0x020a0000, 0
csw_good:      .long 0x0c000000
status_check:  .long 0x00200000
status_length: .long 0x0c400000
    .balign 8
write2:        .long 0x09000000 + text1, 0x40000000 + text2 - text1
write1:        .long 0x09000000 + text2, 0x00000000 + text3 - text2
tic_first:     .long 0x08000000 + write1, 0x00000001
no_operation:  .long 0x03000000, 0x20000001
sense_long:    .long 0x04000000 + sense_data, 0x00000010
text1:         .byte 0xd6, 0xd5, 0xc5
text2:         .byte 0xe3, 0xe6, 0xd6
text3:
    .balign 4
sense_data:    .skip 32

/* Dynamic address translation, in EC mode: 4K pages, 64K segments.  Virtual page 5 is real 4,
 * virtual page 6 is invalid, then real 4 too. */
translation:
    larl %r9, base4
    stctl %c0, %c1, dat_save-base4(%r9)
    lctl %c0, %c1, dat_regs-base4(%r9)
    CHECK 40                           /* LRA */
    lhi %r2, 0x5000
    .insn rx,0xb1000000,%r3,0x123(%r2)
    EXPECT 8
    chi %r3, 0x4123
    jne bad
    CHECK 41
    lhi %r2, 0x6000
    .insn rx,0xb1000000,%r3,0(%r2)
    EXPECT 2                           /* page invalid: the entry's address */
    larl %r4, page_table+12
    cr %r3, %r4
    jne bad
    l %r2, far_segment-base4(%r9)
    .insn rx,0xb1000000,%r3,0(%r2)
    EXPECT 4                           /* segment invalid */
    CHECK 42                           /* through the tables */
    lhi %r2, 0x4000
    l %r3, mark-base4(%r9)
    st %r3, 8(%r2)
    stosm byte-base(%r12), 0x04        /* translation on */
    lhi %r2, 0x5000
    c %r3, 8(%r2)
    jne dat_bad
    CHECK 43                           /* a page fault: nullified, address at 90 */
    CATCH 2f
    lhi %r2, 0x6000
1:  l %r3, 8(%r2)
    j dat_bad
2:  lh %r3, 0x8e
    chi %r3, 0x11
    jne dat_bad
    l %r3, 0x90
    srl %r3, 12
    chi %r3, 6
    jne dat_bad
    larl %r3, 1b
    x %r3, 0x2c
    jnz dat_bad
    CHECK 44                           /* the entry made valid: no purge is needed */
    lhi %r3, 0x0040
    sth %r3, page_table+12-base4(%r9)
    stosm byte-base(%r12), 0x04
    l %r3, 8(%r2)
    c %r3, mark-base4(%r9)
    jne dat_bad
    CHECK 45                           /* moved, and purged */
    lhi %r3, 0x0070
    sth %r3, page_table+12-base4(%r9)
    ptlb
    l %r3, 8(%r2)
    c %r3, mark-base4(%r9)
    je dat_bad
    st %r11, 8(%r2)
    stnsm byte-base(%r12), 0xfb
    lhi %r2, 0x7000
    c %r11, 8(%r2)
    jne bad
    CHECK 46                           /* pages of 2K: 5000 and 5800 are real 4800 and 4000 */
    lctl %c0, %c1, small_regs-base4(%r9)
    ptlb
    lhi %r2, 0x4000
    st %r11, 0(%r2)
    lhi %r3, 77
    st %r3, 0x800(%r2)
    stosm byte-base(%r12), 0x04
    lhi %r2, 0x5000
    c %r3, 0(%r2)
    jne dat_bad
    c %r11, 0x800(%r2)
    jne dat_bad
    st %r3, 0x804(%r2)
    stnsm byte-base(%r12), 0xfb
    lhi %r2, 0x4000
    c %r3, 4(%r2)
    jne bad
    CHECK 47                           /* IPTE: virtual page 6 (CR0: 4K pages) is invalid again */
    lctl %c0, %c1, dat_regs-base4(%r9)
    larl %r1, page_table
    lhi %r2, 0x6000
    .insn rre,0xb2210000,%r1,%r2
    .insn rx,0xb1000000,%r3,0(%r2)
    EXPECT 2
    CHECK 48                           /* low-address protection: below 512, whatever the key */
    CATCH 2f
    lctl %c0, %c0, low_regs-base4(%r9)
    st %r11, 0x200
1:  st %r11, 0x100
    j bad
2:  lh %r3, 0x8e
    chi %r3, 4
    jne bad
    CHECK 49                           /* TPROT: fetch only; both; neither */
    .insn sse,0xe50100000000,0x100(0),0(0)
    EXPECT 4
    .insn sse,0xe50100000000,0x300(0),0(0)
    EXPECT 8
    lhi %r2, 0x4000
    lhi %r3, 0x38
    .insn rr,0x0800,%r3,%r2
    .insn sse,0xe50100000000,0(%r2),0x50(0)
    EXPECT 2
    .insn sse,0xe50100000000,0(%r2),0x30(0)
    EXPECT 8
    lctl %c0, %c1, dat_save-base4(%r9)
    br %r10
dat_bad:
    stnsm byte-base(%r12), 0xfb
    j bad

    .balign 64
base4:
segment_table:
    .long 0xf0000000 + page_table
    .rept 15
    .long 1
    .endr
    .balign 8
page_table:
    .short 0x0000, 0x0010, 0x0020, 0x0030, 0x0040, 0x0040, 0x0048, 0x0070
    .short 0x0080, 0x0090, 0x00a0, 0x00b0, 0x00c0, 0x00d0, 0x00e0, 0x00f0
    .balign 64
small_table:
    .long 0xf0000000 + small_pages
    .rept 15
    .long 1
    .endr
    .balign 8
small_pages:
    .short 0x0000, 0x0008, 0x0010, 0x0018, 0x0020, 0x0028, 0x0030, 0x0038
    .short 0x0040, 0x0048, 0x0048, 0x0040
    .rept 20
    .short 4
    .endr
    .balign 8
dat_save:    .long 0, 0
dat_regs:    .long 0x008000e0, 0x00000000 + segment_table
low_regs:    .long 0x108000e0
small_regs:  .long 0x004000e0, 0x00000000 + small_table
far_segment: .long 0x00020000
mark:        .long 0x12345678

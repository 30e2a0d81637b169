# Programs in two address spaces call each other: PROGRAM CALL to a service in space 2, which fetches
# a word of its caller by MOVE TO PRIMARY, counts it up, gives it back by MOVE TO SECONDARY and
# returns by PROGRAM TRANSFER; a thousand times.  Both programs lie at the same virtual address.
# Then SET SECONDARY ASN and the secondary-space mode, and a page that is not there.  Wants the
# dual-address-space facility.
        .include "check.inc"
        .equ    TIMES, 1000
        .equ    WORDS, 0x9000           # virtual, a page of each space
        BEGIN
        lctl    %r0, %r15, controls
        lpsw    caller_psw
        .align  8
caller_psw: .long 0x04080000, 0x8000    # translation on
controls: .long 0x0c8000e0, 0x3000, 0, 0x80000001, 0x00010001, 0x80006000, 0, 0x3000
        .long   0, 0, 0, 0, 0, 0, 0x00080004, 0x200

# Where the caller goes on, in a page that is the same in both spaces.
back:   EXPECT  %r5, TIMES, 1
        l       %r6, words_at
        l       %r1, 0(%r6)
        EXPECT  %r1, TIMES+7, 2         # the caller's word
        l       %r1, 4(%r6)
        EXPECT  %r1, 0x1111, 3
        lhi     %r1, 2                  # space 2 as the secondary one
        .short  0xb225, 0x0010          # SSAR 1
        .short  0xb219, 0x0100          # SAC 1
        l       %r1, 0(%r6)
        l       %r2, 4(%r6)
        .short  0xb219, 0x0000          # SAC 0
        EXPECT  %r1, TIMES+7, 4         # the service's copy
        EXPECT  %r2, 0x2222, 5
        l       %r2, 4(%r6)
        EXPECT  %r2, 0x1111, 6
        .short  0xb227, 0x0010          # ESAR 1
        EXPECT  %r1, 2, 7
        .short  0xb226, 0x0010          # EPAR 1
        EXPECT  %r1, 1, 8
# The caller's page A is not there, nor the service's: the exception says whose.
        lhi     %r1, 4
        lhi     %r3, 0
        l       %r7, nowhere
        lhi     %r9, 1                  # expected
fault:  .short  0xda13, 0x6000, 0x7000  # MVCP 0(1,6),0(7),3
        FAIL    9
again:  EXPECT  %r9, 0, 10
        GOOD

words_at: .long WORDS
nowhere: .long  0xa000
secondary_fault: .long 0x8000a000
fault_at: .long fault

on_program:
        lhi     %r0, 11
        cli     0x8f, 0x11              # page translation
        jne     failed
        lhi     %r0, 12
        l       %r1, 0x90
        n       %r1, page_mask
        cl      %r1, secondary_fault
        jne     failed
        lhi     %r0, 13
        l       %r1, 0x2c               # nullified
        cl      %r1, fault_at
        jne     failed
        lhi     %r9, 0
        mvc     0x2c(4), again_at
        lpsw    0x28
        .align  4
again_at: .long again
page_mask: .long 0xfffff000

# --- tables
        .org    0x3000
        .long   0xf0003400              # segments of space 1
        .fill   15, 4, 1
        .long   0xf0003420              # and of space 2
        .fill   15, 4, 1
        .org    0x3400
        .short  0x0000, 0x0010, 0x0020, 0x0030, 0x0040, 0x0050, 0x0060, 0x0070, 0x0100, 0x0110
        .fill   6, 2, 8
        .short  0x0000, 0x0010, 0x0020, 0x0030, 0x0040, 0x0050, 0x0060, 0x0070, 0x0120, 0x0130
        .fill   6, 2, 8
        .org    0x4000                  # ASN first table
        .long   0x5000
        .fill   1023, 4, 0x80000000
        .org    0x5000                  # ASN second table
        .long   0x80000000, 0, 0, 0
        .long   0x5800, 0x00010000, 0x3000, 0x80006000
        .long   0x5800, 0x00020000, 0x3040, 0x80006000
        .org    0x5800                  # authority: indexes 1 and 2, both
        .long   0x3c000000
        .org    0x6000                  # linkage table, entry table
        .long   0x6080
        .fill   31, 4, 0x80000000
        .org    0x6080
        .long   0xffff0002, 0x8000, 0x1234, 0x40000000
# --- page 8 and 9 of space 1
        .org    0x10000
        basr    %r12, 0
here1:  lhi     %r5, 0
        l       %r10, times-here1(%r12)
1:      .short  0xb218, 0x0000          # PC 0
        lhi     %r0, 14
        c       %r4, parameter-here1(%r12)
        jne     2f
        brct    %r10, 1b
        l       %r1, back_at-here1(%r12)
        br      %r1
2:      l       %r1, failed_at-here1(%r12)
        br      %r1
        .align  4
times:  .long   TIMES
parameter: .long 0x1234
back_at: .long  back
failed_at: .long failed
        .org    0x11000
        .long   7, 0x1111
# --- page 8 and 9 of space 2
        .org    0x12000
        basr    %r11, 0
here2:  ahi     %r5, 1
        lhi     %r6, 4
        lhi     %r7, 0
        l       %r8, words2-here2(%r11)
        .short  0xda67, 0x8000, 0x8000  # MVCP 0(6,8),0(8),7
        l       %r9, 0(%r8)
        ahi     %r9, 1
        st      %r9, 0(%r8)
        .short  0xdb67, 0x8000, 0x8000  # MVCS 0(6,8),0(8),7
        .short  0xb228, 0x003e          # PT 3,14
        .align  4
words2: .long   WORDS
        .org    0x13000
        .long   0, 0x2222

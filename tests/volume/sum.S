# A nucleus for the test of IPL: adds up the words of its own image (three tracks and a bit),
# stores the sum at X'200' and the address of the IPL device behind it, and stops.  Plain System/370.
    .globl _start
_start:
    balr %r12, 0
0:  l %r2, begin-0b(%r12)
    l %r3, count-0b(%r12)
    slr %r4, %r4
1:  al %r4, 0(%r2)
    la %r2, 4(%r2)
    bct %r3, 1b-0b(%r12)
    st %r4, 0x200
    lh %r5, 2
    st %r5, 0x204
    lpsw stop-0b(%r12)
    .balign 8
stop: .long 0x00020000, 0x00000ace
begin: .long pattern
count: .long 13000
pattern:
    .set n, 1
    .rept 13000
    .long n
    .set n, (n * 5 + 3) & 0x7ffffff
    .endr

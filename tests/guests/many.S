/* A guest that needs ten megabytes: twice it gives each page a key and a mark at both ends, then looks whether
 * all is still there.  Two of them in a machine of 24M use real storage beyond 16M.
 *
 * Ends with a disabled wait PSW: 00600D, or BAD001 contents, BAD002 keys. */
    .text
    .globl _start
_start:
    basr %r12, 0
base:
    lhi %r10, 2                        /* rounds */
round:
    lhi %r2, 0x2000
write:
    lr %r4, %r2
    xr %r4, %r10
    st %r4, 0(%r2)
    st %r4, 0xffc(%r2)
    lr %r5, %r2
    srl %r5, 8                         /* page number's low digit is the key */
    n %r5, key_mask-base(%r12)
    lr %r6, %r2
    ahi %r6, 2048
    .insn rr,0x0800,%r5,%r2
    .insn rr,0x0800,%r5,%r6
    ahi %r2, 0x1000
    c %r2, end-base(%r12)
    jl write
    lhi %r2, 0x2000
check:
    lhi %r11, 1
    lr %r4, %r2
    xr %r4, %r10
    c %r4, 0(%r2)
    jne bad
    c %r4, 0xffc(%r2)
    jne bad
    lhi %r11, 2
    lr %r5, %r2
    srl %r5, 8
    n %r5, key_mask-base(%r12)
    .insn rr,0x0900,%r6,%r2
    n %r6, key_mask-base(%r12)
    cr %r5, %r6
    jne bad
    ahi %r2, 0x1000
    c %r2, end-base(%r12)
    jl check
    brct %r10, round
    lpsw done-base(%r12)
bad:
    o %r11, bad_bits-base(%r12)
    st %r11, stop+4-base(%r12)
    lpsw stop-base(%r12)
    .balign 8
done: .long 0x00020000, 0x0000600d
stop: .long 0x00020000, 0
bad_bits: .long 0x00bad000
key_mask: .long 0xf0
end: .long 0x00a00000

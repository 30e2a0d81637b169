/* A guest that takes ten megabytes, writes to every page, and keeps them. */
    .text
    .globl _start
_start:
    basr %r12, 0
base:
    lhi %r2, 0x2000
0:  st %r2, 0(%r2)
    ahi %r2, 0x1000
    c %r2, end-base(%r12)
    jl 0b
    lpsw done-base(%r12)
    .balign 8
done: .long 0x00020000, 0x0000600d
end: .long 0x00a00000

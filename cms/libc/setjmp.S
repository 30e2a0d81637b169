/* setjmp and longjmp: registers 6 to 15 are what a C function keeps. */
    .text
/* int setjmp(jmp_buf at) */
    .globl  setjmp
setjmp:
    stm     %r6,%r15,0(%r2)
    lhi     %r2,0
    br      %r14

/* void longjmp(jmp_buf at, int value) */
    .globl  longjmp
longjmp:
    lm      %r6,%r15,0(%r2)
    lr      %r2,%r3
    ltr     %r2,%r2
    jnz     1f
    lhi     %r2,1
1:  br      %r14

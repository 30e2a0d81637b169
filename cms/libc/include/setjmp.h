#ifndef _SETJMP_H
#define _SETJMP_H

typedef unsigned jmp_buf[10]; /* registers 6 to 15 */
int setjmp(jmp_buf at) __attribute__((returns_twice));
void longjmp(jmp_buf at, int value) __attribute__((noreturn));

#endif

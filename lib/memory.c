/* The memory and string functions that the compiler expects, for System/370 (the host has its C
 * library's).  Bytes are moved and compared by MVC and CLC, up to 256 at a time; EXECUTE gives
 * them their length. */
#include "lib/str.h"

#define PIECE 256u /* what one MVC or CLC does */

/* Executes the storage-to-storage instruction with `n` bytes, 1 to 256. */
#define EXECUTE(instruction, to, from, n)                                                          \
    __asm__ volatile("bras %%r1,0f\n\t" instruction "\n0:\tex %2,0(%%r1)"                          \
                     :                                                                             \
                     : "a"(to), "a"(from), "a"((n)-1)                                              \
                     : "1", "cc", "memory")

void *memcpy(void *to, const void *from, size_t n)
{
    char *t = to;
    const char *f = from;
    for (; n > PIECE; n -= PIECE, t += PIECE, f += PIECE)
        EXECUTE("mvc 0(1,%0),0(%1)", t, f, PIECE);
    if (n)
        EXECUTE("mvc 0(1,%0),0(%1)", t, f, n);
    return to;
}

void *memmove(void *to, const void *from, size_t n)
{
    char *t = to;
    const char *f = from;
    if (t <= f || t >= f + n)
        return memcpy(to, from, n);
    while (n--)
        t[n] = f[n];
    return to;
}

/* MVC goes from left to right: moving to the next byte repeats the first one. */
void *memset(void *to, int c, size_t n)
{
    char *t = to;
    if (!n)
        return to;
    *t = (char)c;
    for (n--; n > PIECE; n -= PIECE, t += PIECE)
        EXECUTE("mvc 1(1,%0),0(%1)", t, t, PIECE);
    if (n)
        EXECUTE("mvc 1(1,%0),0(%1)", t, t, n);
    return to;
}

/* The sign of the first difference in up to 256 bytes. */
static int compare(const char *x, const char *y, size_t n)
{
    int condition;
    __asm__ volatile("bras %%r1,0f\n\tclc 0(1,%1),0(%2)\n0:\tex %3,0(%%r1)\n\tipm %0\n\tsrl %0,28"
                     : "=d"(condition)
                     : "a"(x), "a"(y), "a"(n - 1)
                     : "1", "cc", "memory");
    return condition == 0 ? 0 : condition == 1 ? -1 : 1;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const char *x = a, *y = b;
    for (; n > PIECE; n -= PIECE, x += PIECE, y += PIECE) {
        int c = compare(x, y, PIECE);
        if (c)
            return c;
    }
    return n ? compare(x, y, n) : 0;
}

void *memchr(const void *s, int c, size_t n)
{
    const unsigned char *p = s;

    for (; n; n--, p++)
        if (*p == (unsigned char)c)
            return (void *)(uintptr_t)p;
    return NULL;
}

size_t strlen(const char *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}

int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
    for (; n && *a && *a == *b; n--)
        a++, b++;
    return n ? (unsigned char)*a - (unsigned char)*b : 0;
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++)
        if (!*s)
            return NULL;
    return (char *)s;
}

char *strcpy(char *to, const char *from)
{
    char *t = to;
    while ((*t++ = *from++))
        ;
    return to;
}

/* Numbers, sorting, and what is left of stdlib.h. */
#include "cms/kit/cms.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

int abs(int n)
{
    return n < 0 ? -n : n;
}

long labs(long n)
{
    return n < 0 ? -n : n;
}

static int digit(int c)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *at = strchr(digits, toupper(c));

    return c && at ? (int)(at - digits) : INT_MAX;
}

/* The number without its sign; *end is `s` if there is none. */
static unsigned long magnitude(const char *s, char **end, int base, bool *negative, bool *overflow)
{
    const char *p = s;
    unsigned long n = 0;
    bool any = false;

    while (isspace((unsigned char)*p))
        p++;
    *negative = *p == '-';
    *overflow = false;
    p += *p == '-' || *p == '+';
    if ((!base || base == 16) && p[0] == '0' && (p[1] == 'x' || p[1] == 'X') &&
        digit((unsigned char)p[2]) < 16) {
        p += 2;
        base = 16;
    }
    if (!base)
        base = *p == '0' ? 8 : 10;
    for (; digit((unsigned char)*p) < base; p++, any = true) {
        unsigned long d = (unsigned long)digit((unsigned char)*p);
        if (n > (ULONG_MAX - d) / (unsigned long)base)
            *overflow = true;
        n = n * (unsigned long)base + d;
    }
    if (end)
        *end = (char *)(uintptr_t)(any ? p : s);
    return n;
}

unsigned long strtoul(const char *s, char **end, int base)
{
    bool negative, overflow;
    unsigned long n = magnitude(s, end, base, &negative, &overflow);

    if (overflow) {
        errno = ERANGE;
        return ULONG_MAX;
    }
    return negative ? -n : n;
}

long strtol(const char *s, char **end, int base)
{
    bool negative, overflow;
    unsigned long n = magnitude(s, end, base, &negative, &overflow);

    if (overflow || n > (unsigned long)LONG_MAX + negative) {
        errno = ERANGE;
        return negative ? LONG_MIN : LONG_MAX;
    }
    return negative ? (long)-n : (long)n;
}

int atoi(const char *s)
{
    return (int)strtol(s, NULL, 10);
}

long atol(const char *s)
{
    return strtol(s, NULL, 10);
}

static unsigned random_state = 1;

void srand(unsigned seed)
{
    random_state = seed;
}

int rand(void)
{
    random_state = random_state * 1103515245 + 12345;
    return (int)(random_state >> 16 & RAND_MAX);
}

static void swap(char *a, char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char c = a[i];
        a[i] = b[i];
        b[i] = c;
    }
}

static void sift(char *base, size_t from, size_t count, size_t size,
                 int (*compare)(const void *, const void *))
{
    for (size_t child; (child = 2 * from + 1) < count; from = child) {
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
            child++;
        if (compare(base + from * size, base + child * size) >= 0)
            return;
        swap(base + from * size, base + child * size, size);
    }
}

/* Heap sort: no recursion, no bad cases; the stack has 16K bytes. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    for (size_t i = count / 2; i-- > 0;)
        sift(base, i, count, size, compare);
    while (count-- > 1) {
        swap(base, (char *)base + count * size, size);
        sift(base, 0, count, size, compare);
    }
}

void *bsearch(const void *key, const void *base, size_t count, size_t size,
              int (*compare)(const void *, const void *))
{
    while (count) {
        const char *middle = (const char *)base + count / 2 * size;
        int r = compare(key, middle);
        if (!r)
            return (void *)(uintptr_t)middle;
        if (r > 0) {
            base = middle + size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}

int system(const char *line)
{
    if (!line)
        return 1;
    fflush(stdout);
    return cms_command(line, strlen(line), COMMAND_IMPLIED);
}

#define ABORTED 0xfff

void abort(void)
{
    fflush(stdout);
    cms_error(0, "DMSLIB155T PROGRAM ABORTED");
    cms_exit(ABORTED);
}

void assert_failed(const char *condition, const char *file, int line)
{
    fflush(stdout);
    cms_error(0, "DMSLIB155T ASSERTION FAILED: %s, %s LINE %d", condition, file, line);
    cms_exit(ABORTED);
}

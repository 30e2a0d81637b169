/* Kernel: what programs do with text: fold case, search, replace, format numbers, justify
 * lines, match patterns with wild cards. */
#include "tests/target/bench_c/kernel.h"

#define LENGTH 24000
#define WIDTH  72

static char text[LENGTH + 1], other[2 * LENGTH];

static uint32_t length_of(const char *s)
{
    uint32_t n = 0;
    while (s[n])
        n++;
    return n;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static uint32_t find(const char *in, const char *what)
{
    uint32_t count = 0;
    for (; *in; in++) {
        uint32_t k = 0;
        while (what[k] && in[k] == what[k])
            k++;
        count += !what[k];
    }
    return count;
}

/* '*' matches any bytes, '?' one. */
static int matches(const char *pattern, const char *s, uint32_t length)
{
    for (; *pattern; pattern++, s++, length--) {
        if (*pattern == '*') {
            for (uint32_t k = 0; k <= length; k++) {
                if (matches(pattern + 1, s + k, length - k))
                    return 1;
            }
            return 0;
        }
        if (!length || (*pattern != '?' && *pattern != *s))
            return 0;
    }
    return !length;
}

static char *number(char *to, uint32_t n)
{
    char digits[12];
    int k = 0;
    do
        digits[k++] = (char)('0' + n % 10);
    while (n /= 10);
    while (k)
        *to++ = digits[--k];
    return to;
}

/* Lines of WIDTH characters at most, each with its number before it. */
static uint32_t justify(void)
{
    char *out = other;
    uint32_t line = 0, column = 0;
    for (const char *p = text; *p;) {
        uint32_t n = 0;
        while (p[n] && p[n] != ' ' && p[n] != '\n')
            n++;
        if (!column || column + 1 + n > WIDTH) {
            *out++ = '\n';
            out = number(out, ++line * 10);
            column = 8;
        }
        *out++ = ' ';
        for (uint32_t k = 0; k < n; k++)
            *out++ = upper(p[k]);
        column += n + 1;
        p += n + (p[n] != 0);
    }
    *out = 0;
    return (uint32_t)(out - other);
}

static uint32_t words_like(const char *pattern)
{
    uint32_t count = 0, start = 0;
    for (uint32_t k = 0; k < LENGTH; k++) {
        if (text[k] != ' ' && text[k] != '\n')
            continue;
        count += (uint32_t)matches(pattern, text + start, k - start);
        start = k + 1;
    }
    return count;
}

uint32_t kernel(void)
{
    static const char *const patterns[] = {"ka*", "*ron", "?e*", "*i*a*", "lo*te*", "*"};
    uint32_t sum = 0;
    make_text(text, LENGTH, 17);
    text[LENGTH] = 0;
    for (int pass = 0; pass < 6; pass++) {
        sum = mix(sum, length_of(text));
        sum = mix(sum, find(text, "ronka") + find(text, "ka lo"));
        sum = mix(sum, justify());
        for (const char *p = other; *p; p++)
            sum += (uint8_t)*p;
        for (unsigned k = 0; k < sizeof patterns / sizeof patterns[0]; k++)
            sum = mix(sum, words_like(patterns[k]));
        text[pass] = 'x';
    }
    return sum;
}

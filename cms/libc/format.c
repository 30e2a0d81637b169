/* printf: flags, width, precision, h l ll z, and d i u x X o c s p n %.  No floating point. */
#include "cms/libc/internal.h"

#include <stdbool.h>
#include <string.h>

struct conversion {
    bool left, zero, plus, space, alternate;
    int width, precision; /* precision -1: none */
    int longs;            /* ll: 2 */
};

static void pad(struct sink *s, char c, int n)
{
    while (n-- > 0)
        s->put(s, c);
}

static int number(const char **p, va_list *args)
{
    int n = 0;

    if (**p == '*') {
        ++*p;
        return va_arg(*args, int);
    }
    for (; **p >= '0' && **p <= '9'; ++*p)
        n = n * 10 + (**p - '0');
    return n;
}

static void parse(struct conversion *c, const char **p, va_list *args)
{
    memset(c, 0, sizeof(*c));
    for (;; ++*p) {
        if (**p == '-')
            c->left = true;
        else if (**p == '0')
            c->zero = true;
        else if (**p == '+')
            c->plus = true;
        else if (**p == ' ')
            c->space = true;
        else if (**p == '#')
            c->alternate = true;
        else
            break;
    }
    c->width = number(p, args);
    if (c->width < 0) {
        c->left = true;
        c->width = -c->width;
    }
    c->precision = -1;
    if (**p == '.') {
        ++*p;
        c->precision = number(p, args);
    }
    while (**p == 'l' || **p == 'h' || **p == 'z')
        c->longs += *(*p)++ == 'l';
}

/* Digits from behind; the compiler's own 64-bit division cannot be in a MODULE. */
static char *digits(char *end, unsigned long long n, unsigned base, const char *set)
{
    unsigned high = (unsigned)(n >> 32), low = (unsigned)n;

    while (high || low) {
        unsigned rest = high % base;
        high /= base;
        unsigned middle = rest << 16 | low >> 16;
        unsigned last = (middle % base) << 16 | (low & 0xffff);
        low = (middle / base) << 16 | last / base;
        *--end = set[last % base];
    }
    return end;
}

static void put_number(struct sink *s, struct conversion *c, unsigned long long n, bool negative,
                       char kind)
{
    char text[32], *end = text + sizeof(text);
    const char *set = kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    const char *prefix = negative ? "-" : c->plus ? "+" : c->space ? " " : "";
    char *at = digits(end, n, kind == 'o' ? 8 : kind == 'x' || kind == 'X' ? 16 : 10, set);

    if (c->alternate && n)
        prefix = kind == 'x' ? "0x" : kind == 'X' ? "0X" : kind == 'o' ? "0" : prefix;
    int length = (int)(end - at), zeros = (c->precision < 0 ? 1 : c->precision) - length;
    zeros = zeros > 0 ? zeros : 0;
    int all = length + zeros + (int)strlen(prefix);
    if (c->zero && !c->left && c->precision < 0 && all < c->width) {
        zeros += c->width - all;
        all = c->width;
    }
    if (!c->left)
        pad(s, ' ', c->width - all);
    while (*prefix)
        s->put(s, *prefix++);
    pad(s, '0', zeros);
    while (at < end)
        s->put(s, *at++);
    if (c->left)
        pad(s, ' ', c->width - all);
}

static void put_text(struct sink *s, const struct conversion *c, const char *text, int length)
{
    if (!c->left)
        pad(s, ' ', c->width - length);
    for (int i = 0; i < length; i++)
        s->put(s, text[i]);
    if (c->left)
        pad(s, ' ', c->width - length);
}

static void put_string(struct sink *s, const struct conversion *c, const char *text)
{
    int length = 0;

    if (!text)
        text = "(null)";
    while ((c->precision < 0 || length < c->precision) && text[length])
        length++;
    put_text(s, c, text, length);
}

static void convert(struct sink *s, struct conversion *c, char kind, va_list *args)
{
    char one;

    switch (kind) {
    case 'd':
    case 'i': {
        long long n = c->longs > 1 ? va_arg(*args, long long) : va_arg(*args, int);
        put_number(s, c, n < 0 ? -(unsigned long long)n : (unsigned long long)n, n < 0, kind);
        break;
    }
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        c->plus = c->space = false;
        put_number(s, c, c->longs > 1 ? va_arg(*args, unsigned long long) : va_arg(*args, unsigned),
                   false, kind);
        break;
    case 'p':
        c->precision = 6;
        put_number(s, c, va_arg(*args, unsigned), false, 'X');
        break;
    case 's':
        put_string(s, c, va_arg(*args, const char *));
        break;
    case 'c':
        one = (char)va_arg(*args, int);
        put_text(s, c, &one, 1);
        break;
    case 'n':
        *va_arg(*args, int *) = (int)s->length;
        break;
    default: /* %% and what is not known */
        s->put(s, kind);
    }
}

void format_to(struct sink *s, const char *format, va_list args)
{
    struct conversion c;
    va_list copy;

    va_copy(copy, args);
    while (*format) {
        if (*format != '%') {
            s->put(s, *format++);
            continue;
        }
        format++;
        parse(&c, &format, &copy);
        if (*format)
            convert(s, &c, *format++, &copy);
    }
    va_end(copy);
}

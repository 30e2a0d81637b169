/* The formatter: see fmt.h. */
#include "lib/fmt.h"

#include "lib/str.h"

struct output {
    char *to;
    size_t size, used;
};

struct spec {
    bool left, zero;
    int width, precision; /* precision -1: none given */
};

static void put(struct output *out, char c)
{
    if (out->used + 1 < out->size)
        out->to[out->used++] = c;
}

static void put_field(struct output *out, const struct spec *spec, const char *s, int n)
{
    int fill = spec->width > n ? spec->width - n : 0;
    bool zero = spec->zero && !spec->left;
    if (zero && n && *s == '-') {
        put(out, '-');
        s++, n--;
    }
    if (!spec->left)
        for (; fill > 0; fill--)
            put(out, zero ? '0' : ' ');
    for (; n > 0; n--)
        put(out, *s++);
    for (; fill > 0; fill--)
        put(out, ' ');
}

static void put_number(struct output *out, const struct spec *spec, uint32_t v, uint32_t base,
                       bool negative, bool upper)
{
    char digits[12];
    int at = sizeof digits;
    do {
        digits[--at] = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[v % base];
        v /= base;
    } while (v);
    if (negative)
        digits[--at] = '-';
    put_field(out, spec, digits + at, (int)sizeof digits - at);
}

static int take_number(const char **format, va_list *args)
{
    int v = 0;
    if (**format == '*') {
        (*format)++;
        return va_arg(*args, int);
    }
    for (; str_is_digit(**format); (*format)++)
        v = v * 10 + (**format - '0');
    return v;
}

static struct spec take_spec(const char **format, va_list *args)
{
    struct spec spec = {.precision = -1};
    for (;; (*format)++) {
        if (**format == '-')
            spec.left = true;
        else if (**format == '0')
            spec.zero = true;
        else
            break;
    }
    spec.width = take_number(format, args);
    if (**format == '.') {
        (*format)++;
        spec.precision = take_number(format, args);
    }
    while (**format == 'l' || **format == 'z')
        (*format)++;
    return spec;
}

static void put_string(struct output *out, const struct spec *spec, const char *s)
{
    int n = 0;
    if (!s)
        s = "(null)";
    while ((spec->precision < 0 || n < spec->precision) && s[n])
        n++;
    put_field(out, spec, s, n);
}

size_t vfmt(char *to, size_t size, const char *format, va_list list)
{
    struct output out = {to, size, 0};
    va_list args;
    va_copy(args, list);
    for (; *format; format++) {
        if (*format != '%') {
            put(&out, *format);
            continue;
        }
        format++;
        struct spec spec = take_spec(&format, &args);
        int v;
        switch (*format) {
        case 's':
            put_string(&out, &spec, va_arg(args, const char *));
            break;
        case 'c': {
            char c = (char)va_arg(args, int);
            put_field(&out, &spec, &c, 1);
            break;
        }
        case 'd':
            v = va_arg(args, int);
            put_number(&out, &spec, v < 0 ? 0u - (uint32_t)v : (uint32_t)v, 10, v < 0, false);
            break;
        case 'u':
            put_number(&out, &spec, va_arg(args, unsigned), 10, false, false);
            break;
        case 'x':
        case 'X':
            put_number(&out, &spec, va_arg(args, unsigned), 16, false, *format == 'X');
            break;
        case 0:
            format--;
            break;
        default:
            put(&out, *format);
        }
    }
    va_end(args);
    if (size)
        to[out.used] = 0;
    return out.used;
}

size_t fmt(char *to, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t n = vfmt(to, size, format, args);
    va_end(args);
    return n;
}

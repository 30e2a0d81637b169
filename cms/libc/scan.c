/* scanf: * width h l, and d i u x o s c [set] %. */
#include "cms/libc/internal.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MOST 40 /* characters of a number */

static int next(struct source *s)
{
    int c = s->held;

    s->held = EOF;
    return c != EOF ? c : s->get(s);
}

static void skip_spaces(struct source *s)
{
    int c;

    while ((c = next(s)) != EOF && isspace(c))
        ;
    s->held = c;
}

struct field {
    bool ignored;
    int width; /* 0: any */
    bool half;
    char kind;
    const char *set, *set_end; /* of [ */
};

static const char *parse(struct field *f, const char *p)
{
    memset(f, 0, sizeof(*f));
    if (*p == '*') {
        f->ignored = true;
        p++;
    }
    for (; isdigit((unsigned char)*p); p++)
        f->width = f->width * 10 + (*p - '0');
    for (; *p == 'h' || *p == 'l'; p++)
        f->half = *p == 'h';
    f->kind = *p ? *p++ : 0;
    if (f->kind != '[')
        return p;
    f->set = p;
    p += *p == '^';
    p += *p == ']'; /* a bracket in first place belongs to the set */
    while (*p && *p != ']')
        p++;
    f->set_end = p;
    return *p ? p + 1 : p;
}

static bool in_set(const struct field *f, int c)
{
    const char *p = f->set;
    bool other = *p == '^';

    for (p += other; p < f->set_end; p++) {
        if (p + 2 < f->set_end && p[1] == '-') {
            if (c >= (unsigned char)p[0] && c <= (unsigned char)p[2])
                return !other;
            p += 2;
        } else if (c == (unsigned char)*p) {
            return !other;
        }
    }
    return other;
}

static bool belongs(const struct field *f, int c)
{
    return f->kind == 'c' || (f->kind == '[' ? in_set(f, c) : !isspace(c));
}

/* Characters into `to`, with a zero unless it is %c; how many. */
static int take_text(struct source *s, const struct field *f, char *to)
{
    int n = 0, c = EOF, most = f->width ? f->width : f->kind == 'c' ? 1 : 0;

    while ((!most || n < most) && (c = next(s)) != EOF && belongs(f, c)) {
        if (to)
            to[n] = (char)c;
        n++;
        c = EOF;
    }
    s->held = c;
    if (to && n && f->kind != 'c')
        to[n] = 0;
    return n;
}

static int base_of(char kind)
{
    return kind == 'x' || kind == 'X' ? 16 : kind == 'o' ? 8 : kind == 'i' ? 0 : 10;
}

static bool digit_of(int c, int base)
{
    return base == 8 ? c >= '0' && c <= '7' : base == 10 ? isdigit(c) : isxdigit(c);
}

static bool take_number(struct source *s, const struct field *f, unsigned long *value)
{
    char text[NUMBER_MOST + 1], *end;
    int n = 0, c, base = base_of(f->kind), most = NUMBER_MOST;

    if (f->width && f->width < most)
        most = f->width;
    while ((c = next(s)) != EOF && n < most) {
        bool sign = !n && (c == '-' || c == '+');
        bool x = (c == 'x' || c == 'X') && n && text[n - 1] == '0' && (base == 16 || !base);
        if (!sign && !x && !digit_of(c, base ? base : 16))
            break;
        text[n++] = (char)c;
    }
    s->held = c;
    text[n] = 0;
    *value = strtoul(text, &end, base);
    return end != text;
}

/* 1 converted, 0 not, EOF: nothing was left. */
static int convert(struct source *s, const struct field *f, va_list *args)
{
    unsigned long value;

    if (f->kind != 'c' && f->kind != '[')
        skip_spaces(s);
    int c = next(s);
    s->held = c;
    if (c == EOF)
        return EOF;
    if (f->kind == 's' || f->kind == 'c' || f->kind == '[')
        return take_text(s, f, f->ignored ? NULL : va_arg(*args, char *)) > 0;
    if (!strchr("diuxXo", f->kind) || !take_number(s, f, &value))
        return 0;
    if (f->ignored)
        return 1;
    if (f->half)
        *va_arg(*args, short *) = (short)value;
    else
        *va_arg(*args, unsigned long *) = value;
    return 1;
}

int scan_from(struct source *s, const char *format, va_list args)
{
    int done = 0, r = 1, c;
    struct field f;
    va_list copy;

    va_copy(copy, args);
    while (*format && r > 0) {
        if (isspace((unsigned char)*format)) {
            skip_spaces(s);
            format++;
        } else if (*format != '%' || format[1] == '%') {
            format += *format == '%';
            c = next(s);
            r = c == (unsigned char)*format++;
            if (!r)
                s->held = c;
        } else {
            format = parse(&f, format + 1);
            r = convert(s, &f, &copy);
            done += r > 0 && !f.ignored;
        }
    }
    va_end(copy);
    return r == EOF && !done ? EOF : done;
}

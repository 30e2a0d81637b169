/* printf's and scanf's functions: where characters go to and come from. */
#include "cms/libc/internal.h"

#include <stdint.h>

static void put_stream(struct sink *s, char c)
{
    s->length++;
    fputc((unsigned char)c, s->f);
}

static void put_string(struct sink *s, char c)
{
    if (s->length + 1 < s->size)
        s->to[s->length] = c;
    s->length++;
}

int vfprintf(FILE *f, const char *format, va_list args)
{
    struct sink s = {put_stream, f, NULL, 0, 0};

    format_to(&s, format, args);
    return ferror(f) ? EOF : (int)s.length;
}

int vsnprintf(char *to, size_t size, const char *format, va_list args)
{
    struct sink s = {put_string, NULL, to, size, 0};

    format_to(&s, format, args);
    if (size)
        to[s.length < size ? s.length : size - 1] = 0;
    return (int)s.length;
}

int vsprintf(char *to, const char *format, va_list args)
{
    return vsnprintf(to, INT32_MAX, format, args);
}

int vprintf(const char *format, va_list args)
{
    return vfprintf(stdout, format, args);
}

#define WITH_ARGUMENTS(call)                                                                       \
    va_list args;                                                                                  \
    va_start(args, format);                                                                        \
    int result = call;                                                                             \
    va_end(args);                                                                                  \
    return result

int printf(const char *format, ...)
{
    WITH_ARGUMENTS(vfprintf(stdout, format, args));
}

int fprintf(FILE *f, const char *format, ...)
{
    WITH_ARGUMENTS(vfprintf(f, format, args));
}

int sprintf(char *to, const char *format, ...)
{
    WITH_ARGUMENTS(vsprintf(to, format, args));
}

int snprintf(char *to, size_t size, const char *format, ...)
{
    WITH_ARGUMENTS(vsnprintf(to, size, format, args));
}

static int get_stream(struct source *s)
{
    return fgetc(s->f);
}

static int get_string(struct source *s)
{
    return *s->at ? (unsigned char)*s->at++ : EOF;
}

static int scan_stream(FILE *f, const char *format, va_list args)
{
    struct source s = {get_stream, f, NULL, EOF};
    int n = scan_from(&s, format, args);

    ungetc(s.held, f);
    return n;
}

static int scan_string(const char *text, const char *format, va_list args)
{
    struct source s = {get_string, NULL, text, EOF};

    return scan_from(&s, format, args);
}

int scanf(const char *format, ...)
{
    WITH_ARGUMENTS(scan_stream(stdin, format, args));
}

int fscanf(FILE *f, const char *format, ...)
{
    WITH_ARGUMENTS(scan_stream(f, format, args));
}

int sscanf(const char *s, const char *format, ...)
{
    WITH_ARGUMENTS(scan_string(s, format, args));
}

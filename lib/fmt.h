/* A small formatter for both sides: what printf does with %s %c %d %u %x %X %%,
 * with '-', '0', width, precision for %s, '*' for both, and 'l' (ignored: all
 * numbers are 32 bits).  No allocation, no locale, no floating point. */
#ifndef LIB_FMT_H
#define LIB_FMT_H

#include <stdarg.h>
#include <stddef.h>

/* The compiler can check a format only in the host's own character set. */
#if defined __GNUC__ && !defined TARGET
#define FMT_CHECK(template, first) __attribute__((format(printf, template, first)))
#else
#define FMT_CHECK(template, first)
#endif

/* Writes at most size-1 characters and a zero; returns the length of what was written. */
size_t fmt(char *to, size_t size, const char *format, ...) FMT_CHECK(3, 4);
size_t vfmt(char *to, size_t size, const char *format, va_list args);

#endif

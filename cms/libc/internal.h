/* Between the C library's own files. */
#ifndef CMS_LIBC_INTERNAL_H
#define CMS_LIBC_INTERNAL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Where formatted characters go. */
struct sink {
    void (*put)(struct sink *s, char c);
    FILE *f;
    char *to;
    size_t size, length; /* length: what would have been written */
};
void format_to(struct sink *s, const char *format, va_list args);
/* Where scanf's characters come from. */
struct source {
    int (*get)(struct source *s); /* EOF at the end */
    FILE *f;
    const char *at;
    int held; /* read one too far; EOF: none.  Of a file it goes back by ungetc. */
};
int scan_from(struct source *s, const char *format, va_list args);
void streams_close(void);

#endif

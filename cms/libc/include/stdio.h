/* Input and output on CMS's files and the terminal; docs/c-programs.md.  No floating point. */
#ifndef _STDIO_H
#define _STDIO_H

#include <stdarg.h>
#include <stddef.h>

#define EOF          (-1)
#define BUFSIZ       4096
#define FOPEN_MAX    16
#define FILENAME_MAX 24

typedef struct cms_stream FILE;
typedef struct {
    unsigned record, at;
} fpos_t;
extern FILE *const stdin, *const stdout, *const stderr;

/* "fn ft [fm]" or "fn.ft[.fm]"; "*" is the terminal.  mode: r w a, b for bytes; w and a may go on
 * with
 * ",recfm=f,lrecl=n" (F records, filled with blanks; zeros with b). */
FILE *fopen(const char *name, const char *mode);
int fclose(FILE *f);
int fflush(FILE *f);
int remove(const char *name);
int rename(const char *from, const char *to);

int fgetc(FILE *f);
int ungetc(int c, FILE *f);
char *fgets(char *line, int size, FILE *f);
size_t fread(void *to, size_t size, size_t count, FILE *f);
int fputc(int c, FILE *f);
int fputs(const char *s, FILE *f);
size_t fwrite(const void *from, size_t size, size_t count, FILE *f);
#define getc(f)    fgetc(f)
#define putc(c, f) fputc(c, f)
int getchar(void);
int putchar(int c);
int puts(const char *s);

/* Of files that are read. */
int fgetpos(FILE *f, fpos_t *pos);
int fsetpos(FILE *f, const fpos_t *pos);
void rewind(FILE *f);

int feof(FILE *f);
int ferror(FILE *f);
void clearerr(FILE *f);
void perror(const char *s);

int printf(const char *format, ...);
int fprintf(FILE *f, const char *format, ...);
int sprintf(char *to, const char *format, ...);
int snprintf(char *to, size_t size, const char *format, ...);
int vprintf(const char *format, va_list args);
int vfprintf(FILE *f, const char *format, va_list args);
int vsprintf(char *to, const char *format, va_list args);
int vsnprintf(char *to, size_t size, const char *format, va_list args);
int scanf(const char *format, ...);
int fscanf(FILE *f, const char *format, ...);
int sscanf(const char *s, const char *format, ...);

#endif

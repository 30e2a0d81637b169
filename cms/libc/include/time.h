/* Time is CMS's: that of CP, or of the machine's clock. */
#ifndef _TIME_H
#define _TIME_H

#include <stddef.h>

typedef unsigned long time_t;  /* seconds since 1970 */
typedef unsigned long clock_t; /* microseconds of CPU time */
#define CLOCKS_PER_SEC 1000000

struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};

time_t time(time_t *at);
clock_t clock(void);
struct tm *gmtime(const time_t *t);
struct tm *localtime(const time_t *t); /* as gmtime: CMS knows no zones */
time_t mktime(struct tm *tm);
char *asctime(const struct tm *tm);
char *ctime(const time_t *t);
/* %a %A %b %B %d %H %j %m %M %p %I %S %w %y %Y %x %X %c %% */
size_t strftime(char *to, size_t size, const char *format, const struct tm *tm);

#endif

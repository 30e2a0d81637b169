/* The TOD clock as people read it: date, weekday and time of day, and lengths of time, in
 * the forms of CP's responses.  Portable.  All times are those of the TOD clock's own zone
 * (UTC, unless the operator set it otherwise).  Source: GA22-7000, "Time-of-Day Clock":
 * bit 51 is a microsecond, the epoch is 1900-01-01 0:00. */
#ifndef CP_TEXT_CLOCK_H
#define CP_TEXT_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define CLOCK_ZONE       "UTC"
#define TOD_MICROSECONDS 12 /* shift */

struct clock_date {
    unsigned year, month, day;     /* 1970.., 1..12, 1..31 */
    unsigned weekday, day_of_year; /* 0 is Sunday; 1..366 */
    unsigned hour, minute, second, microsecond;
};

/* Good for 1970 to 2042, where the clock wraps. */
struct clock_date clock_date(uint64_t tod);

/* Whole seconds in an interval of the clock, cut at 32 bits; no 64-bit division. */
uint32_t clock_seconds(uint64_t interval);
uint32_t clock_milliseconds(uint64_t interval);

#define CLOCK_TIME_SIZE  9  /* "hh:mm:ss" */
#define CLOCK_DATE_SIZE  9  /* "mm/dd/yy" */
#define CLOCK_STAMP_SIZE 40 /* "hh:mm:ss UTC TUESDAY 11/24/26" */
#define CLOCK_CPU_SIZE   12 /* "mmm:ss.hs" */

void clock_format_time(char *to, uint64_t tod);
void clock_format_date(char *to, uint64_t tod);
void clock_format_stamp(char *to, uint64_t tod);
/* An interval as hh:mm:ss (CONNECT=), and one in microseconds as mmm:ss.hs (VIRTCPU=). */
void clock_format_length(char *to, uint64_t interval);
void clock_format_cpu(char *to, uint64_t microseconds);

#endif

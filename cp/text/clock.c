/* The TOD clock as people read it: see clock.h.  A 64-bit division is a long subroutine on
 * System/370, and the clock can be split by hand: its left word counts units of 1.048576 s,
 * and 15625 of them are exactly 16384 s. */
#include "cp/text/clock.h"

#include "lib/fmt.h"

#define SECONDS_1900_TO_1970 UINT32_C(2208988800)

static uint32_t split_seconds(uint64_t interval, uint32_t *microseconds)
{
    uint32_t units = (uint32_t)(interval >> 32);
    uint32_t low = (uint32_t)interval >> TOD_MICROSECONDS;
    uint32_t rest = units % 15625 * 48576 + low;
    *microseconds = rest % 1000000;
    return units + units / 15625 * 759 + rest / 1000000;
}

uint32_t clock_seconds(uint64_t interval)
{
    uint32_t microseconds;
    return split_seconds(interval, &microseconds);
}

uint32_t clock_milliseconds(uint64_t interval)
{
    uint32_t microseconds;
    uint32_t seconds = split_seconds(interval, &microseconds);
    return seconds * 1000 + microseconds / 1000;
}

/* Days since 1970-01-01 to a date of the Gregorian calendar, by years from March on, so
 * that the leap day is the last of its year. */
static void civil_date(uint32_t days, struct clock_date *date)
{
    static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    uint32_t from_march_1968 = days + 671; /* 1968-03-01 is 671 days before */
    uint32_t four = from_march_1968 / 1461, in_four = from_march_1968 % 1461;
    uint32_t year = in_four / 365 < 3 ? in_four / 365 : 3;
    uint32_t in_year = in_four - year * 365;
    uint32_t month = (5 * in_year + 2) / 153;
    date->day = in_year - (153 * month + 2) / 5 + 1;
    date->month = month < 10 ? month + 3 : month - 9;
    date->year = 1968 + 4 * four + year + (date->month < 3);
    date->day_of_year =
        before[date->month - 1] + date->day + (date->month > 2 && date->year % 4 == 0);
    date->weekday = (days + 4) % 7;
}

struct clock_date clock_date(uint64_t tod)
{
    struct clock_date date;
    uint32_t microsecond;
    uint32_t seconds = split_seconds(tod, &microsecond) - SECONDS_1900_TO_1970;
    uint32_t of_day = seconds % 86400;
    civil_date(seconds / 86400, &date);
    date.hour = of_day / 3600;
    date.minute = of_day / 60 % 60;
    date.second = of_day % 60;
    date.microsecond = microsecond;
    return date;
}

void clock_format_time(char *to, uint64_t tod)
{
    struct clock_date d = clock_date(tod);
    fmt(to, CLOCK_TIME_SIZE, "%02u:%02u:%02u", d.hour, d.minute, d.second);
}

void clock_format_date(char *to, uint64_t tod)
{
    struct clock_date d = clock_date(tod);
    fmt(to, CLOCK_DATE_SIZE, "%02u/%02u/%02u", d.month, d.day, d.year % 100);
}

void clock_format_stamp(char *to, uint64_t tod)
{
    static const char *const weekdays[] = {"SUNDAY",   "MONDAY", "TUESDAY", "WEDNESDAY",
                                           "THURSDAY", "FRIDAY", "SATURDAY"};
    struct clock_date d = clock_date(tod);
    fmt(to, CLOCK_STAMP_SIZE, "%02u:%02u:%02u " CLOCK_ZONE " %s %02u/%02u/%02u", d.hour, d.minute,
        d.second, weekdays[d.weekday], d.month, d.day, d.year % 100);
}

void clock_format_length(char *to, uint64_t interval)
{
    uint32_t s = clock_seconds(interval);
    fmt(to, CLOCK_CPU_SIZE, "%02u:%02u:%02u", (unsigned)(s / 3600), (unsigned)(s / 60 % 60),
        (unsigned)(s % 60));
}

void clock_format_cpu(char *to, uint64_t microseconds)
{
    uint32_t part;
    uint32_t s = split_seconds(microseconds << TOD_MICROSECONDS, &part);
    fmt(to, CLOCK_CPU_SIZE, "%03u:%02u.%02u", (unsigned)(s / 60), (unsigned)(s % 60),
        (unsigned)(part / 10000));
}

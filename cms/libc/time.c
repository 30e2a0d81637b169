/* time.h over CMS's clock. */
#include "cms/kit/cms.h"

#include <stdio.h>
#include <time.h>

#define DAY 86400u

static const char days[7][10] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                 "Thursday", "Friday", "Saturday"};
static const char months[12][10] = {"January",   "February", "March",    "April",
                                    "May",       "June",     "July",     "August",
                                    "September", "October",  "November", "December"};

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int month, int year)
{
    static const uint8_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return lengths[month] + (month == 1 && leap(year));
}

time_t mktime(struct tm *tm)
{
    int year = tm->tm_year + 1900, month = tm->tm_mon;
    time_t n = 0;

    for (; month < 0; month += 12)
        year--;
    for (; month > 11; month -= 12)
        year++;
    if (year < 1970 || year > 2105)
        return (time_t)-1;
    for (int y = 1970; y < year; y++)
        n += leap(y) ? 366 : 365;
    for (int m = 0; m < month; m++)
        n += (time_t)days_in(m, year);
    n = (n + (time_t)tm->tm_mday - 1) * DAY + (time_t)tm->tm_hour * 3600 + (time_t)tm->tm_min * 60 +
        (time_t)tm->tm_sec;
    *tm = *gmtime(&n);
    return n;
}

time_t time(time_t *at)
{
    struct cms_clock c;
    cms_clock(&c);
    struct tm tm = {c.second, c.minute, c.hour, c.day, c.month - 1, c.year - 1900, 0, 0, 0};
    time_t now = mktime(&tm);

    if (at)
        *at = now;
    return now;
}

clock_t clock(void)
{
    struct cms_clock c;

    cms_clock(&c);
    return c.virtual_us;
}

struct tm *gmtime(const time_t *t)
{
    static struct tm tm;
    time_t day = *t / DAY, left = *t % DAY;
    int year = 1970;

    memset(&tm, 0, sizeof(tm));
    tm.tm_hour = (int)(left / 3600);
    tm.tm_min = (int)(left / 60 % 60);
    tm.tm_sec = (int)(left % 60);
    tm.tm_wday = (int)((day + 4) % 7);
    for (; day >= (leap(year) ? 366u : 365u); year++)
        day -= leap(year) ? 366 : 365;
    tm.tm_year = year - 1900;
    tm.tm_yday = (int)day;
    for (; day >= (time_t)days_in(tm.tm_mon, year); tm.tm_mon++)
        day -= (time_t)days_in(tm.tm_mon, year);
    tm.tm_mday = (int)day + 1;
    return &tm;
}

struct tm *localtime(const time_t *t)
{
    return gmtime(t);
}

char *asctime(const struct tm *tm)
{
    static char text[32];

    strftime(text, sizeof(text), "%c\n", tm);
    return text;
}

char *ctime(const time_t *t)
{
    return asctime(localtime(t));
}

/* One conversion into `to`, which has room for the longest. */
static void convert(char *to, char kind, const struct tm *tm)
{
    int hour = tm->tm_hour % 12 ? tm->tm_hour % 12 : 12;
    const struct {
        char kind;
        const char *format;
        int value;
    } numbers[] = {
        {'d', "%02d", tm->tm_mday},
        {'H', "%02d", tm->tm_hour},
        {'I', "%02d", hour},
        {'j', "%03d", tm->tm_yday + 1},
        {'m', "%02d", tm->tm_mon + 1},
        {'M', "%02d", tm->tm_min},
        {'S', "%02d", tm->tm_sec},
        {'w', "%d", tm->tm_wday},
        {'y', "%02d", tm->tm_year % 100},
        {'Y', "%d", tm->tm_year + 1900},
    };

    for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (numbers[i].kind == kind) {
            sprintf(to, numbers[i].format, numbers[i].value);
            return;
        }
    const char *day = days[tm->tm_wday % 7], *month = months[tm->tm_mon % 12];
    switch (kind) {
    case 'a':
    case 'A':
        sprintf(to, "%.*s", kind == 'a' ? 3 : 9, day);
        break;
    case 'b':
    case 'B':
        sprintf(to, "%.*s", kind == 'b' ? 3 : 9, month);
        break;
    case 'p':
        strcpy(to, tm->tm_hour < 12 ? "AM" : "PM");
        break;
    case 'x':
        sprintf(to, "%02d/%02d/%02d", tm->tm_mon + 1, tm->tm_mday, tm->tm_year % 100);
        break;
    case 'X':
        sprintf(to, "%02d:%02d:%02d", tm->tm_hour, tm->tm_min, tm->tm_sec);
        break;
    case 'c':
        sprintf(to, "%.3s %.3s %2d %02d:%02d:%02d %d", day, month, tm->tm_mday, tm->tm_hour,
                tm->tm_min, tm->tm_sec, tm->tm_year + 1900);
        break;
    default:
        to[0] = kind;
        to[1] = 0;
    }
}

size_t strftime(char *to, size_t size, const char *format, const struct tm *tm)
{
    size_t n = 0;
    char part[32];

    for (; *format; format++) {
        part[0] = *format;
        part[1] = 0;
        if (*format == '%' && format[1])
            convert(part, *++format, tm);
        size_t length = strlen(part);
        if (n + length >= size)
            return 0;
        memcpy(to + n, part, length);
        n += length;
    }
    if (size)
        to[n] = 0;
    return n;
}

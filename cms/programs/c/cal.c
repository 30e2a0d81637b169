/* CAL [month [year]]: a month's calendar; what is not said is as today.  A sample of the C library:
 * time. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    time_t now = time(NULL);
    struct tm day = *localtime(&now);
    int today = day.tm_mday, month = day.tm_mon, year = day.tm_year;
    char title[32];

    if (argc > 1)
        month = atoi(argv[1]) - 1;
    if (argc > 2)
        year = atoi(argv[2]) - 1900;
    if (month < 0 || month > 11 || year < 70 || year > 199) {
        fprintf(stderr, "usage: CAL [month [year]], 1970 to 2099\n");
        return 24;
    }
    if (month != day.tm_mon || year != day.tm_year)
        today = 0;
    day = (struct tm){.tm_mday = 1, .tm_mon = month, .tm_year = year};
    mktime(&day);
    size_t n = strftime(title, sizeof(title), "%B %Y", &day);
    printf("%*s\n  Su  Mo  Tu  We  Th  Fr  Sa\n%*s", 14 + (int)n / 2, title, 4 * day.tm_wday, "");
    while (day.tm_mon == month) {
        printf(day.tm_mday == today ? "%3d*" : "%4d", day.tm_mday);
        if (day.tm_wday == 6)
            putchar('\n');
        day.tm_mday++;
        mktime(&day);
    }
    if (day.tm_wday)
        putchar('\n');
    return 0;
}

/* Date, time and CPU time.  Under CP they come from DIAGNOSE 0C; on the bare machine from the
 * TOD clock, and CPU time is what passed outside wait states. */
#include "cms/nucleus/nucleus.h"
#include "s370/arch/lowcore.h"

#define US_PER_MINUTE   60000000u
#define MINUTES_PER_DAY 1440u

static uint64_t tod_us(void)
{
    uint64_t tod;

    __asm__ volatile("stck %0" : "=Q"(tod) : : "cc");
    return tod >> 12;
}

/* DIVIDE on the pair of registers in which the compiler keeps 64 bits (its own routine is long);
 * the quotient is less than 2^31. */
static uint32_t divide(uint64_t n, uint32_t by, uint32_t *rest)
{
    __asm__("dr %0,%1" : "+d"(n) : "d"(by));
    *rest = (uint32_t)(n >> 32);
    return (uint32_t)n;
}

void clock_wait_begins(void)
{
    nuc.wait_began = tod_us();
}

void clock_wait_ends(void)
{
    nuc.waited += tod_us() - nuc.wait_began;
}

static bool leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static uint32_t days_in(unsigned year, unsigned month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && leap(year));
}

/* Days since 1 January 1900, a Monday. */
static void set_date(struct cms_clock *c, uint32_t days)
{
    c->weekday = (uint8_t)((days + 1) % 7);
    for (c->year = 1900; days >= (leap(c->year) ? 366u : 365u); c->year++)
        days -= leap(c->year) ? 366 : 365;
    for (c->month = 1; days >= days_in(c->year, c->month); c->month++)
        days -= days_in(c->year, c->month);
    c->day = (uint8_t)(days + 1);
}

static uint32_t days_before(const struct cms_clock *c)
{
    uint32_t days = (uint32_t)(c->year - 1900) * 365 + (uint32_t)(c->year - 1901) / 4;

    for (unsigned month = 1; month < c->month; month++)
        days += days_in(c->year, month);
    return days + c->day - 1;
}

static uint8_t two_digits(const char *s)
{
    return (uint8_t)((s[0] & 15) * 10 + (s[1] & 15));
}

static void clock_from_cp(struct cms_clock *c)
{
    struct {
        char date[8], time[8];
        uint64_t virtual_us, total_us;
    } cp __attribute__((aligned(8)));

    diagnose_0c(&cp);
    memcpy(c->date, cp.date, 8);
    memcpy(c->time, cp.time, 8);
    c->month = two_digits(cp.date);
    c->day = two_digits(cp.date + 3);
    c->year = two_digits(cp.date + 6);
    c->year = (uint16_t)(c->year + (c->year < 70 ? 2000 : 1900));
    c->hour = two_digits(cp.time);
    c->minute = two_digits(cp.time + 3);
    c->second = two_digits(cp.time + 6);
    c->weekday = (uint8_t)((days_before(c) + 1) % 7);
    c->virtual_us = (uint32_t)cp.virtual_us;
    c->total_us = (uint32_t)cp.total_us;
}

void clock_now(struct cms_clock *c)
{
    char text[12];

    memset(c, 0, sizeof(*c));
    if (nuc.under_cp) {
        clock_from_cp(c);
        return;
    }
    uint64_t now = tod_us();
    uint32_t us, minutes = divide(now, US_PER_MINUTE, &us);

    set_date(c, minutes / MINUTES_PER_DAY);
    c->hour = (uint8_t)(minutes % MINUTES_PER_DAY / 60);
    c->minute = (uint8_t)(minutes % 60);
    c->second = (uint8_t)(us / 1000000);
    c->virtual_us = c->total_us = (uint32_t)(now - nuc.started - nuc.waited);
    fmt(text, sizeof(text), "%02u/%02u/%02u", c->month, c->day, c->year % 100);
    memcpy(c->date, text, 8);
    fmt(text, sizeof(text), "%02u:%02u:%02u", c->hour, c->minute, c->second);
    memcpy(c->time, text, 8);
}

void clock_start(void)
{
    nuc.started = tod_us();
}

static uint8_t packed(unsigned n)
{
    return (uint8_t)(n / 10 << 4 | n % 10);
}

/* As the file system dates files: century, year, month, day, hour, minute, second. */
void clock_packed(uint8_t date[7])
{
    struct cms_clock c;

    clock_now(&c);
    date[0] = packed(c.year / 100);
    date[1] = packed(c.year % 100);
    date[2] = packed(c.month);
    date[3] = packed(c.day);
    date[4] = packed(c.hour);
    date[5] = packed(c.minute);
    date[6] = packed(c.second);
}

/* Location 80 counts down 300 times a second in bits 0 to 23.  GA22-7000, "Interval Timer". */
#define INTERVAL_SECOND (300u << 8)
#define INTERVAL_MOST   0x7fffffffu

void clock_limit(uint32_t seconds)
{
    nuc.time_limited = seconds && seconds < INTERVAL_MOST / INTERVAL_SECOND;
    store_be32(page_zero + offsetof(struct lowcore, interval_timer),
               nuc.time_limited ? seconds * INTERVAL_SECOND : INTERVAL_MOST);
}

/* Without an alarm the comparator is where the clock never comes. */
void clock_alarm(uint64_t tod)
{
    if (!tod)
        tod = UINT64_MAX;
    set_comparator(&tod);
}

void clock_alarm_seconds(uint32_t seconds)
{
    clock_alarm((tod_us() + seconds * UINT64_C(1000000)) << 12);
}

void clock_alarm_in(uint32_t us)
{
    clock_alarm((tod_us() + us) << 12);
}

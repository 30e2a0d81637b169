/* WTO, WTOR, TIME, the timers, events, TGET and TPUT. */
#include "cms/os/command/os.h"

enum os_answer os_nothing(struct os_call *c)
{
    c->r[15] = 0;
    return OS_DONE;
}

/* A message: length of it and of these 4 bytes, flags, text. */
static void write_message(const uint8_t *message)
{
    uint32_t length = load_be16(message);

    if (length > LENGTH_WORD)
        cms_write((const char *)message + LENGTH_WORD, length - LENGTH_WORD);
}

/* WTOR's list has length and address of the reply and its ECB before the message. */
enum os_answer os_wto(struct os_call *c)
{
    const uint8_t *list = (const uint8_t *)os_address(c->r[1]);
    char line[CMS_LINE_MAX];

    c->r[15] = 0;
    if (!list[0]) {
        write_message(list);
        return OS_DONE;
    }
    char *reply = (char *)load_be24(list + 1);
    write_message(list + 8);
    int length = cms_read(line, sizeof(line), READ_UPPER);
    memset(reply, ' ', list[0]);
    memcpy(reply, line, length < list[0] ? (size_t)length : list[0]);
    store_be32((void *)load_be24(list + 5), (uint32_t)ECB_POSTED << 24);
    return OS_DONE;
}

/* R1: address of the text, 80 in the high byte: TGET; R0: its length. */
enum os_answer os_terminal(struct os_call *c)
{
    char *buffer = (char *)os_address(c->r[1]);
    uint32_t size = c->r[0] & 0xffff;

    c->r[15] = 0;
    if (c->r[1] >> 31)
        c->r[1] = (uint32_t)cms_read(buffer, size, READ_UPPER);
    else
        cms_write(buffer, size);
    return OS_DONE;
}

/* ---- events ---- */

static bool posted(const uint8_t *ecb)
{
    return ecb[0] & ECB_POSTED;
}

/* R0: how many of the events; R1 -> the ECB, or complemented: -> a list of their addresses, the
 * last one with 80. */
enum os_answer os_wait_ecb(struct os_call *c)
{
    uint32_t wanted = c->r[0] ? c->r[0] & 0xff : 1, found = 0;

    if (!(c->r[1] >> 31)) {
        found = posted((const uint8_t *)os_address(c->r[1])) ? wanted : 0;
    } else {
        const uint32_t *list = (const uint32_t *)os_address(-c->r[1]);
        do
            found += posted((const uint8_t *)os_address(*list));
        while (!(*list++ >> 31));
    }
    if (found < wanted)
        os_wait(c);
    return OS_DONE;
}

/* R1 -> the ECB, R0 the code. */
enum os_answer os_post(struct os_call *c)
{
    uint32_t code = c->r[0] & 0x3fffffff;

    store_be32((void *)os_address(c->r[1]), (uint32_t)ECB_POSTED << 24 | code);
    c->r[15] = 0;
    return OS_DONE;
}

/* ---- time ---- */

enum { UNIT_TIMER = 0, UNIT_BINARY = 1, UNIT_DECIMAL = 2 };
/* A timer unit is 26.0416 us: 24 of them 625 us. */
enum { UNITS_24 = 24, US_24 = 625 };

static uint64_t units_to_us(uint32_t n)
{
    return (uint64_t)(n / UNITS_24) * US_24 + n % UNITS_24 * US_24 / UNITS_24;
}

/* The compiler's own 64-bit division cannot be in a MODULE. */
static uint32_t us_to_units(uint64_t us)
{
    uint64_t n = us * UNITS_24;
    uint32_t high = (uint32_t)(n >> 32), low = (uint32_t)n;
    uint32_t upper = high % US_24 << 16 | low >> 16;
    uint32_t lower = upper % US_24 << 16 | (low & 0xffff);

    return (upper / US_24 << 16) + lower / US_24;
}

static uint32_t packed(uint32_t n, unsigned digits)
{
    uint32_t result = 0;

    for (unsigned i = 0; i < digits; i++, n /= 10)
        result |= n % 10 << 4 * i;
    return result;
}

static uint32_t day_of_year(const struct cms_clock *t)
{
    static const uint16_t before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    bool leap = t->year % 4 == 0 && (t->year % 100 != 0 || t->year % 400 == 0);

    return before[t->month - 1] + t->day + (leap && t->month > 2);
}

static uint32_t hundredths_of_day(const struct cms_clock *t)
{
    return (t->hour * 3600u + t->minute * 60u + t->second) * 100;
}

/* R1: the unit; R0 gets the time, R1 the date: 00YYDDDF. */
enum os_answer os_time(struct os_call *c)
{
    struct cms_clock t;

    cms_clock(&t);
    switch (c->r[1] & 0xff) {
    case UNIT_TIMER:
        c->r[0] = hundredths_of_day(&t) * 384;
        break;
    case UNIT_BINARY:
        c->r[0] = hundredths_of_day(&t);
        break;
    case UNIT_DECIMAL:
        c->r[0] = packed(t.hour, 2) << 24 | packed(t.minute, 2) << 16 | packed(t.second, 2) << 8;
        break;
    default:
        return OS_NOT_MINE;
    }
    c->r[1] = packed(t.year % 100, 2) << 16 | packed(day_of_year(&t), 3) << 4 | 0xf;
    c->r[15] = 0;
    return OS_DONE;
}

static uint64_t tod_us(void)
{
    uint64_t tod;

    __asm__ volatile("stck %0" : "=Q"(tod) : : "cc");
    return tod >> 12;
}

static void set_alarm(uint64_t tod)
{
    uint32_t p[5] = {(uint32_t)(tod >> 32), (uint32_t)tod};

    os.alarm = tod;
    cms_service(SERVICE_ALARM, p);
}

static uint32_t digits(const uint8_t *d)
{
    return (d[0] & 15u) * 10 + (d[1] & 15u);
}

/* HHMMSSth in hundredths of a second. */
static uint32_t decimal_time(const uint8_t *d)
{
    return ((digits(d) * 60 + digits(d + 2)) * 60 + digits(d + 4)) * 100 + digits(d + 6);
}

#define DAY (24u * 3600 * 100)

static uint64_t until(const uint8_t *time_of_day)
{
    struct cms_clock t;

    cms_clock(&t);
    return UINT64_C(10000) * ((decimal_time(time_of_day) + DAY - hundredths_of_day(&t)) % DAY);
}

/* R0: kind of interval and what to do in its high byte, the exit; R1 -> the interval. */
enum { STIMER_UNIT = 0x70, STIMER_BINARY = 0x10, STIMER_DECIMAL = 0x30, STIMER_TOD = 0x70 };
enum { STIMER_WHAT = 0x03, STIMER_WAIT = 0x01 };

static bool interval(uint8_t unit, const uint8_t *at, uint64_t *us)
{
    switch (unit) {
    case 0:
        *us = units_to_us(load_be32(at));
        return true;
    case STIMER_BINARY:
        *us = UINT64_C(10000) * load_be32(at);
        return true;
    case STIMER_DECIMAL:
        *us = UINT64_C(10000) * decimal_time(at);
        return true;
    case STIMER_TOD:
        *us = until(at);
        return true;
    default:
        return false;
    }
}

/* With WAIT the call is made again after every interruption, until the alarm has come. */
enum os_answer os_stimer(struct os_call *c)
{
    uint8_t flags = (uint8_t)(c->r[0] >> 24);
    uint64_t us;

    c->r[15] = 0;
    if (os.waits_for_alarm) {
        os.waits_for_alarm = os.alarm != 0;
        if (os.waits_for_alarm)
            os_wait(c);
        return OS_DONE;
    }
    if (!interval(flags & STIMER_UNIT, (const uint8_t *)os_address(c->r[1]), &us))
        return OS_NOT_MINE;
    set_alarm((tod_us() + us) << 12);
    os.waits_for_alarm = (flags & STIMER_WHAT) == STIMER_WAIT;
    os.alarm_exit = os.waits_for_alarm ? 0 : os_address(c->r[0]);
    if (os.waits_for_alarm)
        os_wait(c);
    return OS_DONE;
}

/* R0: what is left, in timer units; R1 1: and no more. */
enum os_answer os_ttimer(struct os_call *c)
{
    uint64_t now = tod_us(), then = os.alarm >> 12;

    c->r[0] = then > now ? us_to_units(then - now) : 0;
    if (c->r[1] == 1) {
        set_alarm(0);
        os.alarm_exit = 0;
    }
    c->r[15] = 0;
    return OS_DONE;
}

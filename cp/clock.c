/* Requests to be called at a time, by the clock comparator; and dates. */
#include "cp/s370.h"
#include "cp/state.h"
#include "cp/task.h"

static void set_comparator(void)
{
    uint64_t when = UINT64_MAX;
    if (!list_empty(&cp.clock_requests))
        when = LIST_ENTRY(cp.clock_requests.next, struct clock_request, link)->when;
    s370_sckc(when);
}

void clock_cancel(struct clock_request *request)
{
    if (!request->link.next || list_empty(&request->link))
        return;
    list_remove(&request->link);
    set_comparator();
}

void clock_request(struct clock_request *request, uint64_t when)
{
    struct list *at;
    if (request->link.next)
        list_remove(&request->link);
    request->when = when;
    for (at = cp.clock_requests.next; at != &cp.clock_requests; at = at->next)
        if (LIST_ENTRY(at, struct clock_request, link)->when > when)
            break;
    list_insert_before(at, &request->link);
    set_comparator();
}

void clock_expire(void)
{
    while (!list_empty(&cp.clock_requests)) {
        struct clock_request *request =
            LIST_ENTRY(cp.clock_requests.next, struct clock_request, link);
        if (request->when > tod_now())
            break;
        list_remove(&request->link);
        request->expired(request);
    }
    set_comparator();
}

/* Days since 1900-01-01, to a date of the Gregorian calendar: by years, then months. */
void civil_from_tod(uint64_t tod, struct civil_time *to)
{
    static const uint8_t month_days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    /* Bit 31 of the TOD clock counts 1.048576 seconds: 2^20 microseconds. */
    uint64_t seconds = (tod >> 12) / 1000000u;
    uint32_t local = (uint32_t)(seconds + (uint64_t)(int64_t)cp.zone);
    uint32_t days = local / 86400u, left = local % 86400u;
    to->hour = (uint8_t)(left / 3600);
    to->minute = (uint8_t)(left / 60 % 60);
    to->second = (uint8_t)(left % 60);
    to->weekday = (uint8_t)((days + 1) % 7); /* 1900-01-01 was a Monday */
    uint32_t year = 1900;
    for (;; year++) {
        uint32_t length = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365;
        if (days < length)
            break;
        days -= length;
    }
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    uint32_t month = 0;
    for (; month < 11; month++) {
        uint32_t length = month_days[month] + (month == 1 && leap);
        if (days < length)
            break;
        days -= length;
    }
    to->year = (uint16_t)year;
    to->month = (uint8_t)(month + 1);
    to->day = (uint8_t)(days + 1);
}

/* NETDATA: any bytes as cards; and the same bytes as a file's records, which must come back. */
#include "spool/nje/netdata.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t record[NETDATA_RECORD_MAX], cards[1 << 16];
static size_t length;

static bool take_card(void *context, const uint8_t *card)
{
    if (length + NETDATA_CARD > sizeof cards)
        return false;
    memcpy(cards + length, card, NETDATA_CARD);
    length += NETDATA_CARD;
    return true;
}

static enum netdata_event next(struct netdata_reader *r, const uint8_t *data, size_t size,
                               size_t *at)
{
    enum netdata_event e;
    while ((e = netdata_next(r)) == NETDATA_MORE && *at < size) {
        size_t n = size - *at < NETDATA_CARD ? size - *at : NETDATA_CARD;
        netdata_card(r, data + *at, n);
        *at += n;
    }
    return e;
}

static void read_any(const uint8_t *data, size_t size)
{
    struct netdata_reader r;
    size_t at = 0;
    enum netdata_event e;
    netdata_open(&r, record, 600);
    do
        e = next(&r, data, size, &at);
    while (e == NETDATA_START || e == NETDATA_DATA);
    if (e == NETDATA_BAD && !r.why)
        abort();
}

/* Records as long as their first bytes say. */
static void there_and_back(const uint8_t *data, size_t size)
{
    struct netdata_file f = {.name = "F", .type = "T", .recfm = 'V', .lrecl = 1000};
    struct netdata_writer w = {.card = take_card};
    struct netdata_reader r;
    size_t at = 0, n;
    length = 0;
    netdata_begin(&w, &f);
    for (size_t i = 0; i < size; i += 1 + n) {
        n = data[i] * 4u < size - i - 1 ? data[i] * 4u : size - i - 1;
        netdata_record(&w, data + i + 1, n);
    }
    if (!netdata_end(&w))
        return; /* longer than `cards` */
    netdata_open(&r, record, sizeof record);
    if (next(&r, cards, length, &at) != NETDATA_START)
        abort();
    for (size_t i = 0; i < size; i += 1 + n) {
        n = data[i] * 4u < size - i - 1 ? data[i] * 4u : size - i - 1;
        if (next(&r, cards, length, &at) != NETDATA_DATA || r.length != n ||
            (n && memcmp(record, data + i + 1, n) != 0))
            abort();
    }
    if (next(&r, cards, length, &at) != NETDATA_END)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_any(data, size);
    there_and_back(data, size);
    return 0;
}

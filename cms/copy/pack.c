/* Packing and unpacking: see pack.h. */
#include "cms/copy/pack.h"

#include "lib/str.h"

#define FIXED       0xc6
#define VARYING     0xe5
#define RUN         0x80
#define RUN_LEAST   3 /* shorter ones cost as much as they save */
#define RUN_MOST    129
#define PLAIN_MOST  128
#define LENGTH_MOST 65535

bool pack_header_is_good(const struct pack_header *h)
{
    uint32_t lrecl = get32(h->lrecl);

    return get32(h->magic) == PACK_MAGIC && h->version == 1 &&
           (h->recfm == FIXED || h->recfm == VARYING) && lrecl && lrecl <= LENGTH_MOST;
}

static bool put_bytes(const struct pack_writer *w, const uint8_t *bytes, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!w->put(w->context, bytes[i]))
            return false;
    return true;
}

bool pack_begin(const struct pack_writer *w, const struct pack_header *h)
{
    return put_bytes(w, (const uint8_t *)h, sizeof(*h));
}

static uint32_t run_at(const uint8_t *record, uint32_t at, uint32_t length)
{
    uint32_t n = 1;

    while (n < RUN_MOST && at + n < length && record[at + n] == record[at])
        n++;
    return n;
}

/* Bytes from `at` on that are no run worth one. */
static uint32_t plain_at(const uint8_t *record, uint32_t at, uint32_t length)
{
    uint32_t n = 1;

    while (n < PLAIN_MOST && at + n < length && run_at(record, at + n, length) < RUN_LEAST)
        n++;
    return n;
}

bool pack_record(const struct pack_writer *w, const struct pack_header *h, const uint8_t *record,
                 uint32_t length)
{
    bool good = true;

    if (h->recfm == VARYING)
        good = w->put(w->context, (uint8_t)(length >> 8)) && w->put(w->context, (uint8_t)length);
    for (uint32_t at = 0, n; good && at < length; at += n) {
        n = run_at(record, at, length);
        if (n >= RUN_LEAST) {
            good = w->put(w->context, (uint8_t)(RUN | (n - 2))) && w->put(w->context, record[at]);
        } else {
            n = plain_at(record, at, length);
            good = w->put(w->context, (uint8_t)(n - 1)) && put_bytes(w, record + at, n);
        }
    }
    return good;
}

static bool get_bytes(const struct pack_reader *r, uint8_t *to, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!r->get(r->context, to + i))
            return false;
    return true;
}

bool unpack_begin(const struct pack_reader *r, struct pack_header *h)
{
    return get_bytes(r, (uint8_t *)h, sizeof(*h)) && pack_header_is_good(h);
}

bool unpack_record(const struct pack_reader *r, const struct pack_header *h, uint8_t *to,
                   uint32_t *length)
{
    uint8_t prefix[2], group, byte;

    *length = get32(h->lrecl);
    if (h->recfm == VARYING) {
        if (!get_bytes(r, prefix, sizeof(prefix)))
            return false;
        if (load_be16(prefix) > *length || !load_be16(prefix))
            return false;
        *length = load_be16(prefix);
    }
    for (uint32_t at = 0, n; at < *length; at += n) {
        if (!r->get(r->context, &group))
            return false;
        n = group & RUN ? (group & ~(unsigned)RUN) + 2u : group + 1u;
        if (n > *length - at)
            return false;
        if (!(group & RUN)) {
            if (!get_bytes(r, to + at, n))
                return false;
            continue;
        }
        if (!r->get(r->context, &byte))
            return false;
        memset(to + at, byte, n);
    }
    return true;
}

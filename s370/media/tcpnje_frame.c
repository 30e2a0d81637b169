/* The framing of NJE over TCP. */
#include "s370/media/tcpnje_frame.h"

#include "lib/be.h"
#include "lib/ebcdic.h"

#include <string.h>

#define TTB 8u
#define TTR 4u

static const char *const type_names[TCPNJE_TYPES] = {"OPEN", "ACK", "NAK"};

void tcpnje_control_put(uint8_t *to, const struct tcpnje_control *c)
{
    ebcdic_put_field(to, type_names[c->type], 8);
    ebcdic_put_field(to + 8, c->sender, 8);
    store_be32(to + 16, c->sender_address);
    ebcdic_put_field(to + 20, c->target, 8);
    store_be32(to + 28, c->target_address);
    to[32] = c->reason;
}

bool tcpnje_control_get(struct tcpnje_control *c, const uint8_t *from)
{
    char type[9];
    ebcdic_get_field(type, from, 8);
    ebcdic_get_field(c->sender, from + 8, 8);
    c->sender_address = load_be32(from + 16);
    ebcdic_get_field(c->target, from + 20, 8);
    c->target_address = load_be32(from + 28);
    c->reason = from[32];
    for (int i = 0; i < TCPNJE_TYPES; i++)
        if (!strcmp(type, type_names[i])) {
            c->type = (enum tcpnje_type)i;
            return true;
        }
    return false;
}

size_t tcpnje_block_put(uint8_t *to, const void *record, size_t length)
{
    size_t total = length + TCPNJE_BLOCK_HEADS;
    memset(to, 0, TTB + TTR);
    store_be16(to + 2, (uint32_t)total);
    store_be16(to + TTB + 2, (uint32_t)length);
    memcpy(to + TTB + TTR, record, length);
    memset(to + TTB + TTR + length, 0, TTR);
    return total;
}

int32_t tcpnje_block_length(const uint8_t *from, size_t length)
{
    if (length < TTB)
        return 0;
    uint16_t total = load_be16(from + 2);
    return total >= TTB + TTR ? total : -1;
}

int tcpnje_block_next(const uint8_t *block, size_t length, size_t *at, const uint8_t **record,
                      size_t *record_length)
{
    if (length - *at < TTR)
        return -1;
    size_t n = load_be16(block + *at + 2);
    if (!n)
        return 0;
    if (n > TCPNJE_RECORD_MAX || n > length - *at - TTR)
        return -1;
    *record = block + *at + TTR;
    *record_length = n;
    *at += TTR + n;
    return 1;
}

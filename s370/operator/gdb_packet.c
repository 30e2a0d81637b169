/* Frames of GDB's remote serial protocol, byte by byte: a frame may come in any pieces, and
 * what comes may be anything. */
#include "s370/operator/gdb_packet.h"

#include <string.h>

#define ESCAPE     '}'
#define ESCAPE_XOR 0x20
#define CTRL_C     0x03

static int digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum gdb_event outside(struct gdb_reader *r, uint8_t byte)
{
    switch (byte) {
    case '$':
        r->state = GDB_INSIDE;
        r->too_long = false;
        r->sum = 0;
        r->length = 0;
        return GDB_NOTHING;
    case '+':
        return GDB_ACK;
    case '-':
        return GDB_NAK;
    case CTRL_C:
        return GDB_BREAK;
    default:
        return GDB_NOTHING;
    }
}

static void add(struct gdb_reader *r, uint8_t byte)
{
    if (r->length < GDB_PACKET_MOST)
        r->payload[r->length++] = (char)byte;
    else
        r->too_long = true;
}

static enum gdb_event inside(struct gdb_reader *r, uint8_t byte)
{
    if (byte == '$') /* the rest of the frame before was lost */
        return outside(r, byte);
    if (byte == '#') {
        r->state = GDB_SUM_FIRST;
        return GDB_NOTHING;
    }
    r->sum = (uint8_t)(r->sum + byte);
    if (r->state == GDB_ESCAPED) {
        r->state = GDB_INSIDE;
        add(r, byte ^ ESCAPE_XOR);
    } else if (byte == ESCAPE) {
        r->state = GDB_ESCAPED;
    } else {
        add(r, byte);
    }
    return GDB_NOTHING;
}

static enum gdb_event checksum(struct gdb_reader *r, uint8_t byte)
{
    int value = digit(byte);
    bool last = r->state == GDB_SUM_SECOND;
    r->state = last || value < 0 ? GDB_OUTSIDE : GDB_SUM_SECOND;
    if (value < 0)
        return GDB_BAD_PACKET;
    r->given_sum = (uint8_t)(last ? r->given_sum << 4 | value : value);
    if (!last)
        return GDB_NOTHING;
    r->payload[r->length] = 0;
    return r->given_sum == r->sum && !r->too_long ? GDB_PACKET : GDB_BAD_PACKET;
}

enum gdb_event gdb_reader_byte(struct gdb_reader *r, uint8_t byte)
{
    switch (r->state) {
    case GDB_INSIDE:
    case GDB_ESCAPED:
        return inside(r, byte);
    case GDB_SUM_FIRST:
    case GDB_SUM_SECOND:
        return checksum(r, byte);
    default:
        return outside(r, byte);
    }
}

size_t gdb_frame(char *frame, const char *payload, size_t length)
{
    uint8_t sum = 0;
    char *to = frame, *start;
    *to++ = '$';
    start = to;
    for (size_t i = 0; i < length; i++) {
        bool special = memchr("$#}*", payload[i], 4) != NULL; /* * would mean a run of bytes */
        if (special)
            *to++ = ESCAPE;
        *to++ = (char)(special ? payload[i] ^ ESCAPE_XOR : payload[i]);
    }
    for (; start < to; start++)
        sum = (uint8_t)(sum + (uint8_t)*start);
    *to++ = '#';
    return (size_t)(gdb_hex(to, &sum, 1) - frame);
}

bool gdb_number(const char **at, uint32_t *value)
{
    const char *s = *at;
    uint32_t v = 0;
    for (int d; (d = digit((uint8_t)*s)) >= 0; s++) {
        if (v >> 28)
            return false;
        v = v << 4 | (uint32_t)d;
    }
    if (s == *at)
        return false;
    *at = s;
    *value = v;
    return true;
}

bool gdb_bytes(const char *text, uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        int high = digit((uint8_t)text[2 * i]);
        int low = high < 0 ? -1 : digit((uint8_t)text[2 * i + 1]);
        if (low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return text[2 * length] == 0;
}

char *gdb_hex(char *text, const void *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *from = bytes;
    for (size_t i = 0; i < length; i++) {
        *text++ = digits[from[i] >> 4];
        *text++ = digits[from[i] & 15];
    }
    *text = 0;
    return text;
}

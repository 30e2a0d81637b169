/* The control unit's view of 3270 data streams; see display_stream.h.  Source: GA23-0059,
 * "Buffer Control Orders" and "Structured Fields". */
#include "s370/devices/display_stream.h"

#include "lib/be.h"

#include <string.h>

enum order {
    ORDER_PT = 0x05,
    ORDER_GE = 0x08,
    ORDER_SBA = 0x11,
    ORDER_EUA = 0x12,
    ORDER_IC = 0x13,
    ORDER_SF = 0x1d,
    ORDER_SA = 0x28,
    ORDER_SFE = 0x29,
    ORDER_MF = 0x2c,
    ORDER_RA = 0x3c,
};

/* Six bits as a graphic character: the table of "Control Character I/O Codes". */
static uint8_t graphic(unsigned six)
{
    static const char letters[] =
        "\x40\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\x4a\x4b\x4c\x4d\x4e\x4f"
        "\x50\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\x5a\x5b\x5c\x5d\x5e\x5f"
        "\x60\x61\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\x6a\x6b\x6c\x6d\x6e\x6f"
        "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\x7a\x7b\x7c\x7d\x7e\x7f";
    return (uint8_t)letters[six & 0x3f];
}

unsigned display_address_decode(const uint8_t bytes[2])
{
    if ((bytes[0] & 0xc0) == 0)
        return (unsigned)(bytes[0] << 8 | bytes[1]);
    return (unsigned)((bytes[0] & 0x3f) << 6 | (bytes[1] & 0x3f));
}

void display_address_encode(uint8_t bytes[2], unsigned address, unsigned cells)
{
    if (cells > 4096 || address >= 4096) {
        bytes[0] = (uint8_t)(address >> 8 & 0x3f);
        bytes[1] = (uint8_t)address;
        return;
    }
    bytes[0] = graphic(address >> 6);
    bytes[1] = graphic(address);
}

static int after(int position, unsigned cells)
{
    if (position == POSITION_UNKNOWN)
        return position;
    position++;
    return cells && (unsigned)position >= cells ? 0 : position;
}

/* The length of the order or character at `s`, or 0 if it is not whole. */
static size_t order_length(const uint8_t *s, size_t left)
{
    size_t length = 1;
    switch (s[0]) {
    case ORDER_SF:
    case ORDER_GE:
        length = 2;
        break;
    case ORDER_SBA:
    case ORDER_EUA:
    case ORDER_SA:
        length = 3;
        break;
    case ORDER_RA:
        length = left > 3 && s[3] == ORDER_GE ? 5 : 4;
        break;
    case ORDER_SFE:
    case ORDER_MF:
        length = left > 1 ? 2 + 2 * (size_t)s[1] : 2;
        break;
    default:
        break;
    }
    return length <= left ? length : 0;
}

bool display_walk(const uint8_t *stream, size_t length, unsigned cells, int *position)
{
    for (size_t at = 0, n; at < length; at += n) {
        const uint8_t *s = stream + at;
        n = order_length(s, length - at);
        if (n == 0)
            return false;
        if (*s == ORDER_SBA || *s == ORDER_EUA || *s == ORDER_RA) {
            unsigned address = display_address_decode(s + 1);
            if (cells && address >= cells)
                return false;
            *position = (int)address;
        } else if (*s == ORDER_PT) {
            *position = POSITION_UNKNOWN; /* depends on the fields */
        } else if (*s != ORDER_SA && *s != ORDER_IC) {
            *position = after(*position, cells);
        }
    }
    return true;
}

/* --- structured fields --- */

enum field_id {
    FIELD_RESET_PARTITION = 0x00,
    FIELD_READ_PARTITION = 0x01,
    FIELD_ERASE_RESET = 0x03,
    FIELD_SET_REPLY_MODE = 0x09,
    FIELD_OUTBOUND_3270DS = 0x40,
    FIELD_TRANSFER_DATA = 0xd0,
};

static bool outbound_good(const uint8_t *field, size_t length, unsigned cells)
{
    int position = POSITION_UNKNOWN;
    if (length < 5)
        return false;
    if (field[4] == 0x6f)
        return true;
    if (field[4] == 0xf5 || field[4] == 0x7e)
        cells = 0; /* changes the size: left to the terminal */
    else if (field[4] != 0xf1)
        return false;
    return length < 6 || display_walk(field + 6, length - 6, cells, &position);
}

static bool field_good(const uint8_t *field, size_t length, unsigned cells)
{
    switch (field[2]) {
    case FIELD_READ_PARTITION:
    case FIELD_SET_REPLY_MODE:
        return length >= 5;
    case FIELD_RESET_PARTITION:
    case FIELD_ERASE_RESET:
        return length >= 4;
    case FIELD_OUTBOUND_3270DS:
        return outbound_good(field, length, cells);
    case FIELD_TRANSFER_DATA:
        return true;
    default:
        return false;
    }
}

bool display_fields_good(const uint8_t *stream, size_t length, unsigned cells)
{
    for (size_t at = 0, n; at < length; at += n) {
        if (length - at < 3)
            return false;
        n = load_be16(stream + at);
        if (n == 0)
            n = length - at;
        if (n < 3 || n > length - at || !field_good(stream + at, n, cells))
            return false;
    }
    return true;
}

/* --- answers --- */

/* Bytes of READ BUFFER's data before the cell `position`. */
static size_t cells_before(const uint8_t *data, size_t length, unsigned position)
{
    size_t at = 0;
    while (at < length && position > 0) {
        size_t n = order_length(data + at, length - at);
        if (n == 0)
            break;
        position -= data[at] != ORDER_SA;
        at += n;
    }
    return at;
}

/* Bytes of READ MODIFIED's fields whose attribute lies before `position`.  An unformatted
 * screen's characters have no addresses: all stay. */
static size_t fields_before(const uint8_t *data, size_t length, unsigned position)
{
    size_t at = 0;
    while (length - at >= 3 && data[at] == ORDER_SBA &&
           display_address_decode(data + at + 1) <= position) {
        size_t n = 3;
        while (at + n < length && data[at + n] != ORDER_SBA) {
            size_t step = order_length(data + at + n, length - at - n);
            n += step ? step : 1;
        }
        at += n;
    }
    return at;
}

size_t display_from_position(uint8_t *record, size_t length, bool whole_buffer, unsigned position)
{
    if (length <= 3 || position == 0)
        return length;
    uint8_t *data = record + 3;
    size_t skipped = whole_buffer ? cells_before(data, length - 3, position)
                                  : fields_before(data, length - 3, position);
    memmove(data, data + skipped, length - 3 - skipped);
    return length - skipped;
}

/* The 3270 data stream as CP speaks it: see datastream.h. */
#include "lib/datastream.h"

#include "lib/be.h"
#include "lib/str.h"

#define CODE_LOWEST  0x40 /* of characters */
#define CODE_HIGHEST 0xfe
#define LARGE        4096 /* cells: 12 bits do not reach them all */

/* Types of attributes. */
#define TYPE_FIELD     0xc0
#define TYPE_COLOUR    0x42
#define TYPE_HIGHLIGHT 0x41

#define QUERY_REPLY     0x81
#define REPLY_USABLE    0x81
#define REPLY_COLOUR    0x86
#define REPLY_HIGHLIGHT 0x87
#define REPLY_IMPLICIT  0xa6
#define ROWS_LEAST      24
#define COLUMNS_LEAST   80
#define CELLS_MOST      16383

const uint8_t ds_query[5] = {0x00, 0x05, 0x01, 0xff, 0x02};

/* Six bits as a graphic character: the table of GA23-0059, "Buffer Address". */
static uint8_t graphic(unsigned bits)
{
    static const uint8_t table[64] = {
        0x40, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0x4a, 0x4b, 0x4c,
        0x4d, 0x4e, 0x4f, 0x50, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9,
        0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f, 0x60, 0x61, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6,
        0xe7, 0xe8, 0xe9, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0xf0, 0xf1, 0xf2, 0xf3,
        0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0x7a, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f};
    return table[bits & 63];
}

unsigned ds_pf_key(uint8_t aid)
{
    static const uint8_t keys[24] = {0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
                                     0xf9, 0x7a, 0x7b, 0x7c, 0xc1, 0xc2, 0xc3, 0xc4,
                                     0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0x4a, 0x4b, 0x4c};
    for (unsigned i = 0; i < sizeof keys; i++)
        if (keys[i] == aid)
            return i + 1;
    return 0;
}

unsigned ds_model(const struct ds_size *d)
{
    static const uint8_t sizes[4][2] = {{24, 80}, {32, 80}, {43, 80}, {27, 132}};
    for (unsigned i = 0; i < 4; i++)
        if (sizes[i][0] == d->rows && sizes[i][1] == d->columns)
            return i + 2;
    return 2;
}

/* --- writing --- */

static void put(struct ds_stream *s, uint8_t byte)
{
    if (s->used < s->size)
        s->bytes[s->used++] = byte;
}

static void put_location(struct ds_stream *s, unsigned at)
{
    if (s->cells > LARGE) {
        put(s, (uint8_t)(at >> 8 & 0x3f));
        put(s, (uint8_t)at);
    } else {
        put(s, graphic(at >> 6));
        put(s, graphic(at));
    }
}

void ds_put_wcc(struct ds_stream *s, uint8_t wcc)
{
    put(s, graphic(wcc));
}

void ds_put_address(struct ds_stream *s, unsigned at)
{
    put(s, ORDER_SBA);
    put_location(s, at);
}

void ds_put_field(struct ds_stream *s, unsigned at, uint8_t attribute)
{
    ds_put_address(s, at);
    put(s, ORDER_SF);
    put(s, graphic(attribute));
}

void ds_put_coloured(struct ds_stream *s, unsigned at, uint8_t attribute, uint8_t colour,
                     uint8_t highlight)
{
    ds_put_address(s, at);
    put(s, ORDER_SFE);
    put(s, 3);
    put(s, TYPE_FIELD);
    put(s, graphic(attribute));
    put(s, TYPE_COLOUR);
    put(s, colour);
    put(s, TYPE_HIGHLIGHT);
    put(s, highlight);
}

static bool is_character(uint8_t code)
{
    return code >= CODE_LOWEST && code <= CODE_HIGHEST;
}

void ds_put_text(struct ds_stream *s, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        put(s, is_character((uint8_t)text[i]) ? (uint8_t)text[i] : CODE_LOWEST);
}

void ds_put_nulls(struct ds_stream *s, unsigned to)
{
    put(s, ORDER_RA);
    put_location(s, to);
    put(s, 0);
}

void ds_put_cursor(struct ds_stream *s, unsigned at)
{
    ds_put_address(s, at);
    put(s, ORDER_IC);
}

void ds_put_look(struct ds_stream *s, uint8_t colour, uint8_t highlight)
{
    put(s, ORDER_SA);
    put(s, TYPE_COLOUR);
    put(s, colour);
    put(s, ORDER_SA);
    put(s, TYPE_HIGHLIGHT);
    put(s, highlight);
}

void ds_clean(uint8_t *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ORDER_SF && i + 1 < length)
            i++;
        else if (!is_character(text[i]) && text[i] != 0)
            text[i] = CODE_LOWEST;
    }
}

/* --- reading --- */

/* A buffer address of two bytes: 14 bits if the first two are zero, else 12. */
static unsigned location(const uint8_t *at)
{
    if (!(at[0] & 0xc0))
        return (unsigned)(at[0] & 0x3f) << 8 | at[1];
    return (unsigned)(at[0] & 0x3f) << 6 | (at[1] & 0x3f);
}

bool ds_parse_key(const uint8_t *record, size_t length, struct ds_key *key)
{
    memset(key, 0, sizeof *key);
    if (!length)
        return false;
    key->aid = record[0];
    if (length < 3)
        return true; /* PA keys and CLEAR */
    key->cursor = location(record + 1);
    size_t at = 3;
    if (length >= 6 && record[at] == ORDER_SBA)
        at += 3;
    key->text = record + at;
    while (at + key->length < length && key->text[key->length] != ORDER_SBA)
        key->length++;
    return true;
}

/* How many bytes the order at `at` has, and whether it stands for a cell. 0: it is no order. */
static size_t order_length(const uint8_t *at, size_t length, bool *is_cell)
{
    *is_cell = true;
    switch (at[0]) {
    case ORDER_SF:
        return 2;
    case ORDER_SFE:
        return length > 1 ? 2 + 2u * at[1] : 2;
    case ORDER_SA:
        *is_cell = false;
        return 3;
    default:
        return 0;
    }
}

/* The attribute byte of a field that begins at `at`; 0: there is none. */
static uint8_t field_attribute(const uint8_t *at, size_t length)
{
    if (length > 1 && at[0] == ORDER_SF)
        return at[1];
    for (size_t i = 2; i + 1 < length && i < 2 + 2u * at[1]; i += 2)
        if (at[i] == TYPE_FIELD)
            return at[i + 1];
    return 0;
}

void ds_parse_buffer(const uint8_t *record, size_t length, uint8_t *cells, size_t count)
{
    size_t used = 0, at = 3; /* behind AID and cursor */
    bool hidden = false, is_cell;
    memset(cells, CODE_LOWEST, count);
    while (at < length && used < count) {
        size_t order = order_length(record + at, length - at, &is_cell);
        if (order) {
            if (is_cell) {
                hidden = (field_attribute(record + at, length - at) & FIELD_HIDDEN) == FIELD_HIDDEN;
                used++;
            }
            at += order;
            continue;
        }
        at += record[at] == ORDER_GE && at + 1 < length;
        if (!hidden && record[at] >= CODE_LOWEST && record[at] <= CODE_HIGHEST)
            cells[used] = record[at];
        used++;
        at++;
    }
}

/* Rows and columns if a screen can have them and all its cells have an address. */
static void take_size(struct ds_size *to, unsigned rows, unsigned columns)
{
    if (rows < ROWS_LEAST || columns < COLUMNS_LEAST || rows * columns > CELLS_MOST)
        return;
    to->rows = (uint16_t)rows;
    to->columns = (uint16_t)columns;
}

static void take_reply(struct ds_size *to, const uint8_t *field, size_t length)
{
    switch (field[3]) {
    case REPLY_USABLE:
        if (length >= 10) {
            to->flags |= field[4] & 0x0f ? DS_14_BIT : 0;
            take_size(to, load_be16(field + 8), load_be16(field + 6));
        }
        break;
    case REPLY_IMPLICIT: /* with the self-defining parameter of sizes: the alternate one */
        if (length >= 17 && field[7] == 0x01)
            take_size(to, load_be16(field + 15), load_be16(field + 13));
        break;
    case REPLY_COLOUR:
        to->flags |= DS_COLOUR;
        break;
    case REPLY_HIGHLIGHT:
        to->flags |= DS_HIGHLIGHT;
        break;
    default:
        break;
    }
}

bool ds_parse_query(const uint8_t *record, size_t length, struct ds_size *to)
{
    struct ds_size size = *to;
    size_t at = 1;
    if (!length || record[0] != AID_STRUCTURED)
        return false;
    size.flags = 0;
    while (at + 4 <= length) {
        size_t field = load_be16(record + at);
        if (field < 4 || field > length - at)
            break; /* the rest was cut off */
        if (record[at + 2] == QUERY_REPLY)
            take_reply(&size, record + at, field);
        at += field;
    }
    if (at == 1)
        return false;
    size.extended = true;
    *to = size;
    return true;
}

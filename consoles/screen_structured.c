/* Structured fields that a screen takes, and what it says of itself.  GA23-0059, "Structured
 * Fields" and "Query Reply". */
#include "consoles/screen.h"

#include "lib/be.h"
#include "s370/devices/display.h"

#include <string.h>

enum field_id {
    FIELD_READ_PARTITION = 0x01,
    FIELD_ERASE_RESET = 0x03,
    FIELD_SET_REPLY_MODE = 0x09,
    FIELD_OUTBOUND_3270DS = 0x40,
};

enum reply_code {
    REPLY_SUMMARY = 0x80,
    REPLY_USABLE_AREA = 0x81,
    REPLY_ALPHANUMERIC = 0x84,
    REPLY_CHARACTER_SETS = 0x85,
    REPLY_COLOR = 0x86,
    REPLY_HIGHLIGHT = 0x87,
    REPLY_MODES = 0x88,
    REPLY_IMPLICIT_PARTITION = 0xa6,
    REPLY_NULL = 0xff,
};

#define CELL_WIDTH  9 /* of a character, points */
#define CELL_HEIGHT 12

static unsigned most_cells(const struct screen *s)
{
    return s->alternate_rows * s->alternate_columns;
}

/* Each gives the reply's data behind the code and returns its length (64 bytes at most). */

static size_t summary(const struct screen *s, uint8_t *to);

static size_t usable_area(const struct screen *s, uint8_t *to)
{
    static const uint8_t fixed[] = {0x01, 0x00,       0,           0,    0,    0,    0x01,
                                    0x00, 0x0a,       0x02,        0xe5, 0x00, 0x02, 0x00,
                                    0x6f, CELL_WIDTH, CELL_HEIGHT, 0,    0};
    memcpy(to, fixed, sizeof fixed);
    store_be16(to + 2, s->alternate_columns);
    store_be16(to + 4, s->alternate_rows);
    store_be16(to + 17, most_cells(s));
    return sizeof fixed;
}

static size_t alphanumeric(const struct screen *s, uint8_t *to)
{
    to[0] = to[3] = 0;
    store_be16(to + 1, most_cells(s));
    return 4;
}

/* Code page 1047 as base, and the APL set for GE. */
static size_t character_sets(const struct screen *s, uint8_t *to)
{
    static const uint8_t sets[] = {0x82, 0x00, CELL_WIDTH, CELL_HEIGHT, 0,    0,    0,    0,
                                   0x07, 0x00, 0x10,       0x00,        0x02, 0xb9, 0x04, 0x17,
                                   0x01, 0x00, 0xf1,       0x03,        0xc3, 0x01, 0x36};
    memcpy(to, sets, sizeof sets);
    return sizeof sets;
}

static size_t color(const struct screen *s, uint8_t *to)
{
    static const uint8_t head[] = {0x00, 0x08, 0x00, 0xf4};
    memcpy(to, head, sizeof head);
    for (unsigned i = 0; i < 7; i++)
        to[4 + 2 * i] = to[5 + 2 * i] = (uint8_t)(0xf1 + i);
    return 18;
}

static size_t highlight(const struct screen *s, uint8_t *to)
{
    static const uint8_t kinds[] = {0x05, 0x00, 0xf0, 0xf1, 0xf1, 0xf2,
                                    0xf2, 0xf4, 0xf4, 0xf8, 0xf8};
    memcpy(to, kinds, sizeof kinds);
    return sizeof kinds;
}

static size_t modes(const struct screen *s, uint8_t *to)
{
    memcpy(to, "\x00\x01\x02", 3);
    return 3;
}

static size_t implicit_partition(const struct screen *s, uint8_t *to)
{
    static const uint8_t head[] = {0x00, 0x00, 0x0b, 0x01, 0x00, 0x00, 80, 0x00, 24};
    memcpy(to, head, sizeof head);
    store_be16(to + 9, s->alternate_columns);
    store_be16(to + 11, s->alternate_rows);
    return 13;
}

static const struct {
    uint8_t code;
    size_t (*give)(const struct screen *s, uint8_t *to);
} replies[] = {
    {REPLY_SUMMARY, summary},
    {REPLY_USABLE_AREA, usable_area},
    {REPLY_ALPHANUMERIC, alphanumeric},
    {REPLY_CHARACTER_SETS, character_sets},
    {REPLY_COLOR, color},
    {REPLY_HIGHLIGHT, highlight},
    {REPLY_MODES, modes},
    {REPLY_IMPLICIT_PARTITION, implicit_partition},
};
#define REPLIES (sizeof replies / sizeof *replies)

static size_t summary(const struct screen *s, uint8_t *to)
{
    for (unsigned i = 0; i < REPLIES; i++)
        to[i] = replies[i].code;
    return REPLIES;
}

static void reply(const struct screen *s, unsigned i, struct screen_answer *answer)
{
    uint8_t field[4 + 64];
    size_t n = 4 + replies[i].give(s, field + 4);
    store_be16(field, (uint32_t)n);
    field[2] = 0x81;
    field[3] = replies[i].code;
    screen_put(answer, field, n);
}

static void begin_reply(struct screen *s, struct screen_answer *answer)
{
    static const uint8_t aid = AID_STRUCTURED;
    answer->length = 0;
    screen_put(answer, &aid, 1);
    s->aid = AID_STRUCTURED;
}

static bool read_partition(struct screen *s, const uint8_t *field, size_t length,
                           struct screen_answer *answer)
{
    static const uint8_t none[] = {0x00, 0x04, 0x81, REPLY_NULL};
    uint8_t type = field[4];
    bool all = type == 0x02 || (type == 0x03 && length > 5 && field[5] != 0x00);
    if (type == 0x02 || type == 0x03) {
        if (field[3] != 0xff || (type == 0x03 && length < 6))
            return false;
        begin_reply(s, answer);
        for (unsigned i = 0; i < REPLIES; i++)
            if (all || memchr(field + 6, replies[i].code, length - 6))
                reply(s, i, answer);
        if (answer->length == 1)
            screen_put(answer, none, sizeof none);
        return true;
    }
    answer->length = 0;
    if (type == DISPLAY_READ_BUFFER)
        screen_read_buffer(s, answer);
    else if (type == DISPLAY_READ_MODIFIED || type == 0x6e)
        screen_read_modified(s, type == 0x6e, answer);
    return answer->length > 0;
}

static bool set_reply_mode(struct screen *s, const uint8_t *field, size_t length)
{
    if (field[4] > REPLY_CHARACTER)
        return false;
    s->reply_mode = (enum screen_reply_mode)field[4];
    memset(s->reply_attributes, 0, sizeof s->reply_attributes);
    for (size_t i = 5; i < length; i++) {
        enum screen_attribute a = screen_attribute_of(field[i]);
        if (a < ATTRIBUTES)
            s->reply_attributes[a] = true;
    }
    return true;
}

/* The commands of a partition: they leave its size, which Erase/Reset sets. */
static bool outbound(struct screen *s, const uint8_t *field, size_t length)
{
    switch (field[4]) {
    case DISPLAY_ERASE_WRITE:
    case DISPLAY_ERASE_WRITE_ALTERNATE:
        screen_clear(s);
        s->reply_mode = REPLY_FIELD;
        return screen_write(s, DISPLAY_WRITE, field + 5, length - 5);
    case DISPLAY_WRITE:
        return screen_write(s, DISPLAY_WRITE, field + 5, length - 5);
    case DISPLAY_ERASE_ALL_UNPROTECTED:
        screen_erase_unprotected(s);
        return true;
    default:
        return false;
    }
}

static bool take_field(struct screen *s, const uint8_t *field, size_t length,
                       struct screen_answer *answer)
{
    if (field[2] == FIELD_ERASE_RESET && length >= 4) {
        screen_set_size(s, field[3] & 0x80);
        s->reply_mode = REPLY_FIELD;
        return true;
    }
    if (length < 5)
        return false;
    switch (field[2]) {
    case FIELD_READ_PARTITION:
        return read_partition(s, field, length, answer);
    case FIELD_SET_REPLY_MODE:
        return set_reply_mode(s, field, length);
    case FIELD_OUTBOUND_3270DS:
        return outbound(s, field, length);
    default:
        return false;
    }
}

bool screen_structured(struct screen *s, const uint8_t *data, size_t length,
                       struct screen_answer *answer)
{
    for (size_t at = 0, n; at < length; at += n) {
        if (!s->extended || length - at < 3)
            return false;
        n = load_be16(data + at);
        if (n == 0)
            n = length - at;
        if (n < 3 || n > length - at || !take_field(s, data + at, n, answer))
            return false;
    }
    return true;
}

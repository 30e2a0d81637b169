/* The screen's buffer, and the commands and orders that write it; see screen.h. */
#include "consoles/screen.h"

#include "s370/devices/display.h"
#include "s370/devices/display_stream.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_DEFAULT    24
#define COLUMNS_DEFAULT 80

#define FIELD_BITS 0x3d /* of a field attribute; 02 is reserved */

#define WCC_RESET_MODIFIED 0x01
#define WCC_RESTORE        0x02
#define WCC_ALARM          0x04

#define CODE_FIRST 0x40
#define CODE_LAST  0xfe

struct screen *screen_create(unsigned rows, unsigned columns, bool extended)
{
    struct screen *s = calloc(1, sizeof *s);
    if (rows < ROWS_DEFAULT || columns < COLUMNS_DEFAULT || rows * columns > SCREEN_CELLS_MOST) {
        rows = ROWS_DEFAULT;
        columns = COLUMNS_DEFAULT;
    }
    if (s)
        s->cells = calloc(rows * columns, sizeof *s->cells);
    if (!s || !s->cells) {
        free(s);
        return NULL;
    }
    s->alternate_rows = rows;
    s->alternate_columns = columns;
    s->extended = extended;
    s->aid = AID_NONE;
    screen_set_size(s, false);
    return s;
}

void screen_free(struct screen *s)
{
    if (s)
        free(s->cells);
    free(s);
}

void screen_clear(struct screen *s)
{
    memset(s->cells, 0, s->cells_in_use * sizeof *s->cells);
    memset(s->character, 0, sizeof s->character);
    s->cursor = s->address = 0;
}

void screen_set_size(struct screen *s, bool alternate)
{
    s->rows = alternate ? s->alternate_rows : ROWS_DEFAULT;
    s->columns = alternate ? s->alternate_columns : COLUMNS_DEFAULT;
    s->cells_in_use = s->rows * s->columns;
    screen_clear(s);
}

struct screen_cell *screen_field(const struct screen *s, unsigned at)
{
    unsigned i = at;
    do {
        if (s->cells[i].is_field)
            return &s->cells[i];
        i = i ? i - 1 : s->cells_in_use - 1;
    } while (i != at);
    return NULL;
}

int screen_next_unprotected(const struct screen *s, unsigned at)
{
    for (unsigned n = 0; n < s->cells_in_use; n++) {
        unsigned i = (at + n) % s->cells_in_use, next = (i + 1) % s->cells_in_use;
        if (s->cells[i].is_field && !(s->cells[i].field & FIELD_PROTECTED) &&
            !s->cells[next].is_field)
            return (int)next;
    }
    return -1;
}

/* --- attributes --- */

static const uint8_t attribute_types[ATTRIBUTES] = {0x42, 0x45, 0x41, 0x43};

enum screen_attribute screen_attribute_of(uint8_t type)
{
    unsigned a = 0;
    while (a < ATTRIBUTES && attribute_types[a] != type)
        a++;
    return (enum screen_attribute)a;
}

uint8_t screen_attribute_type(enum screen_attribute attribute)
{
    return attribute_types[attribute];
}

/* The value that is kept of one that a program gives: what means nothing is the default. */
static uint8_t attribute_value(enum screen_attribute attribute, uint8_t value)
{
    if (attribute == ATTRIBUTE_HIGHLIGHT)
        return value & 0x0f ? 0xf0 | value : 0;
    if (attribute == ATTRIBUTE_CHARSET)
        return value == CHARSET_GRAPHIC ? value : 0;
    return value >= 0xf0 ? value : 0;
}

/* --- orders --- */

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

/* A stream being written; the orders take their bytes from it. */
struct stream {
    const uint8_t *at, *end;
    bool after_text;    /* the last was a character */
    bool after_filling; /* only PTs since one that filled and came to the end of the screen */
};

static void advance(struct screen *s)
{
    s->address = (s->address + 1) % s->cells_in_use;
}

static void put_character(struct screen *s, uint8_t code, bool graphic)
{
    struct screen_cell *cell = &s->cells[s->address];
    *cell = (struct screen_cell){.code = code, .graphic = graphic};
    memcpy(cell->extended, s->character, sizeof cell->extended);
    if (graphic)
        cell->extended[ATTRIBUTE_CHARSET] = 0;
    advance(s);
}

static void put_null(struct screen_cell *cell)
{
    memset(cell, 0, sizeof *cell);
}

/* Erasing leaves the character's colours and highlighting, as s3270 does. */
void screen_erase_cell(struct screen_cell *cell)
{
    cell->code = 0;
    cell->graphic = false;
    cell->extended[ATTRIBUTE_CHARSET] = 0;
}

static bool take_address(struct screen *s, struct stream *in, unsigned *address)
{
    if (in->end - in->at < 2)
        return false;
    *address = display_address_decode(in->at);
    in->at += 2;
    return *address < s->cells_in_use;
}

static bool order_sba(struct screen *s, struct stream *in)
{
    unsigned address;
    if (!take_address(s, in, &address))
        return false;
    s->address = address;
    return true;
}

static bool order_ic(struct screen *s, struct stream *in)
{
    s->cursor = s->address;
    return true;
}

static bool order_ra(struct screen *s, struct stream *in)
{
    unsigned stop;
    bool graphic = false;
    if (!take_address(s, in, &stop) || in->at == in->end)
        return false;
    if (*in->at == ORDER_GE) {
        graphic = true;
        if (++in->at == in->end)
            return false;
    }
    do
        put_character(s, *in->at, graphic);
    while (s->address != stop);
    in->at++;
    return true;
}

static bool order_eua(struct screen *s, struct stream *in)
{
    unsigned stop;
    if (!take_address(s, in, &stop))
        return false;
    const struct screen_cell *field = screen_field(s, s->address);
    do {
        struct screen_cell *cell = &s->cells[s->address];
        if (cell->is_field)
            field = cell;
        else if (!field || !(field->field & FIELD_PROTECTED))
            screen_erase_cell(cell);
        advance(s);
    } while (s->address != stop);
    return true;
}

/* Program tab: to the first position of the next unprotected field, or to 0 if there is none up
 * to the end of the screen.  Behind text it fills the rest of the field, protected or not, with
 * nulls; if that took it to 0, the next PTs go on with it.  From the attribute of an unprotected
 * field it is one step.  Where the manual leaves open what a second PT fills, this is what s3270
 * does: nothing if there is no other place to go to. */
static bool order_pt(struct screen *s, struct stream *in)
{
    unsigned at = s->address;
    if (s->cells[at].is_field && !(s->cells[at].field & FIELD_PROTECTED)) {
        in->after_text = in->after_filling = false;
        advance(s);
        return true;
    }
    bool fills = in->after_text || in->after_filling;
    int found = screen_next_unprotected(s, at);
    unsigned next = found < (int)at ? 0 : (unsigned)found;
    while (fills && at != next && at < s->cells_in_use && !s->cells[at].is_field)
        put_null(&s->cells[at++]);
    in->after_filling = fills && (next == 0 || in->after_filling);
    in->after_text = false;
    s->address = next;
    return true;
}

static bool order_ge(struct screen *s, struct stream *in)
{
    if (in->at == in->end)
        return false;
    put_character(s, *in->at++, true);
    return true;
}

static bool order_sf(struct screen *s, struct stream *in)
{
    if (in->at == in->end)
        return false;
    s->cells[s->address] = (struct screen_cell){.is_field = true, .field = *in->at++ & FIELD_BITS};
    advance(s);
    return true;
}

static bool take_pairs(struct stream *in, const uint8_t **pairs, unsigned *n)
{
    if (in->at == in->end)
        return false;
    *n = *in->at++;
    *pairs = in->at;
    if ((size_t)(in->end - in->at) < 2 * (size_t)*n)
        return false;
    in->at += 2 * *n;
    return true;
}

static void set_pairs(struct screen_cell *cell, const uint8_t *pairs, unsigned n)
{
    for (; n > 0; n--, pairs += 2) {
        enum screen_attribute a = screen_attribute_of(pairs[0]);
        if (pairs[0] == 0xc0)
            cell->field = pairs[1] & FIELD_BITS;
        else if (a < ATTRIBUTES)
            cell->extended[a] = attribute_value(a, pairs[1]);
    }
}

static bool order_sfe(struct screen *s, struct stream *in)
{
    const uint8_t *pairs;
    unsigned n;
    if (!take_pairs(in, &pairs, &n))
        return false;
    s->cells[s->address] = (struct screen_cell){.is_field = true};
    set_pairs(&s->cells[s->address], pairs, n);
    advance(s);
    return true;
}

static bool order_mf(struct screen *s, struct stream *in)
{
    const uint8_t *pairs;
    unsigned n;
    if (!take_pairs(in, &pairs, &n) || !s->cells[s->address].is_field)
        return false;
    set_pairs(&s->cells[s->address], pairs, n);
    advance(s);
    return true;
}

static bool order_sa(struct screen *s, struct stream *in)
{
    if (in->end - in->at < 2)
        return false;
    enum screen_attribute a = screen_attribute_of(in->at[0]);
    if (in->at[0] == 0)
        memset(s->character, 0, sizeof s->character);
    else if (a < ATTRIBUTES)
        s->character[a] = attribute_value(a, in->at[1]);
    in->at += 2;
    return true;
}

static const struct {
    uint8_t code;
    bool (*execute)(struct screen *s, struct stream *in);
} orders[] = {
    {ORDER_PT, order_pt}, {ORDER_GE, order_ge}, {ORDER_SBA, order_sba}, {ORDER_EUA, order_eua},
    {ORDER_IC, order_ic}, {ORDER_SF, order_sf}, {ORDER_SA, order_sa},   {ORDER_SFE, order_sfe},
    {ORDER_MF, order_mf}, {ORDER_RA, order_ra},
};

static bool is_text(uint8_t code)
{
    return code == 0 || (code >= CODE_FIRST && code <= CODE_LAST);
}

/* The control characters that have a place on the screen: FF, CR, SO, SI, NL, EM, DUP, FM, LF,
 * SUB, EO.  Other codes that are no orders mean nothing. */
static bool is_control(uint8_t code)
{
    static const uint8_t controls[] = {0x0c, 0x0d, 0x0e, 0x0f, 0x15, 0x19,
                                       0x1c, 0x1e, 0x25, 0x3f, 0xff};
    return memchr(controls, code, sizeof controls) != NULL;
}

bool screen_orders(struct screen *s, const uint8_t *data, size_t length)
{
    struct stream in = {data, data + length, false, false};
    memset(s->character, 0, sizeof s->character);
    while (in.at < in.end) {
        uint8_t code = *in.at++;
        size_t i = 0, n = sizeof orders / sizeof *orders;
        while (i < n && orders[i].code != code)
            i++;
        if (code != ORDER_PT) {
            in.after_text = code == ORDER_GE || is_text(code);
            in.after_filling = false;
        }
        if (i < n && !orders[i].execute(s, &in))
            return false;
        if (i == n && (is_text(code) || is_control(code)))
            put_character(s, code, false);
    }
    return true;
}

/* --- commands --- */

static void reset_modified(struct screen *s)
{
    for (unsigned i = 0; i < s->cells_in_use; i++)
        s->cells[i].field &= (uint8_t)~FIELD_MODIFIED;
}

static void restore_keyboard(struct screen *s)
{
    s->lock = SCREEN_UNLOCKED;
    s->aid = AID_NONE;
    s->insert = false;
}

bool screen_write(struct screen *s, uint8_t command, const uint8_t *data, size_t length)
{
    bool erase = command != DISPLAY_WRITE;
    if (length == 0 && !erase)
        return true;
    s->address = s->cursor;
    if (erase) {
        screen_set_size(s, command == DISPLAY_ERASE_WRITE_ALTERNATE);
        s->reply_mode = REPLY_FIELD;
    }
    if (length == 0)
        return true;
    if (data[0] & WCC_RESET_MODIFIED)
        reset_modified(s);
    bool good = screen_orders(s, data + 1, length - 1);
    if (data[0] & WCC_ALARM)
        s->alarms++;
    if (data[0] & WCC_RESTORE)
        restore_keyboard(s);
    return good;
}

void screen_erase_unprotected(struct screen *s)
{
    const struct screen_cell *field = screen_field(s, 0);
    int first = -1;
    if (!field)
        memset(s->cells, 0, s->cells_in_use * sizeof *s->cells);
    for (unsigned i = 0; i < s->cells_in_use; i++) {
        struct screen_cell *cell = &s->cells[i];
        if (cell->is_field) {
            field = cell;
            if (cell->field & FIELD_PROTECTED)
                continue;
            cell->field &= (uint8_t)~FIELD_MODIFIED;
            if (first < 0)
                first = (int)((i + 1) % s->cells_in_use);
        } else if (field && !(field->field & FIELD_PROTECTED)) {
            screen_erase_cell(cell);
        }
    }
    s->cursor = s->address = first >= 0 ? (unsigned)first : 0;
    restore_keyboard(s);
}

bool screen_execute(struct screen *s, const uint8_t *record, size_t length,
                    struct screen_answer *answer)
{
    bool good = false;
    answer->length = 0;
    switch (length ? record[0] : 0) {
    case DISPLAY_WRITE:
    case DISPLAY_ERASE_WRITE:
    case DISPLAY_ERASE_WRITE_ALTERNATE:
        good = screen_write(s, record[0], record + 1, length - 1);
        break;
    case DISPLAY_ERASE_ALL_UNPROTECTED:
        screen_erase_unprotected(s);
        good = true;
        break;
    case DISPLAY_WRITE_STRUCTURED:
        good = screen_structured(s, record + 1, length - 1, answer);
        break;
    case DISPLAY_READ_BUFFER:
        screen_read_buffer(s, answer);
        good = true;
        break;
    case DISPLAY_READ_MODIFIED:
        screen_read_modified(s, false, answer);
        good = true;
        break;
    default:
        break;
    }
    s->errors += !good;
    return good;
}

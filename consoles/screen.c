/* The screen's buffer, and the commands and orders that write it; see screen.h. */
#include "consoles/screen.h"

#include "lib/ebcdic.h"
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

#define CODE_DUP   0x1c
#define CODE_FM    0x1e
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

static const uint8_t attribute_types[ATTRIBUTES] = {0x42, 0x45, 0x41, 0x43, 0xc1, 0xc2};

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
    bool after_text; /* the last was a character, or a PT that filled and wrapped */
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
    advance(s);
}

static void put_null(struct screen_cell *cell)
{
    memset(cell, 0, sizeof *cell);
}

/* Erasing leaves the character's attributes, as s3270 does. */
static void erase_code(struct screen_cell *cell)
{
    cell->code = 0;
    cell->graphic = false;
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
            erase_code(cell);
        advance(s);
    } while (s->address != stop);
    return true;
}

/* Program tab: to the first position of the next unprotected field, or to 0 if there is none
 * up to the end of the screen.  Behind text it fills the rest of the field with nulls; if
 * that was unprotected, and it went to 0, the next PT goes on with it.  The only field that can be
 * tabbed to is found again from its own first position, as s3270 does. */
static bool order_pt(struct screen *s, struct stream *in)
{
    unsigned at = s->address;
    bool here = s->cells[at].is_field && !(s->cells[at].field & FIELD_PROTECTED);
    int next = here ? (int)(at + 1) : screen_next_unprotected(s, at);
    while (in->after_text && at < s->cells_in_use && !s->cells[at].is_field)
        put_null(&s->cells[at++]);
    bool wraps = next < (int)s->address;
    const struct screen_cell *field = screen_field(s, s->address);
    in->after_text = in->after_text && wraps && field && !(field->field & FIELD_PROTECTED);
    s->address = wraps ? 0 : (unsigned)next % s->cells_in_use;
    return true;
}

static bool order_ge(struct screen *s, struct stream *in)
{
    if (in->at == in->end)
        return false;
    put_character(s, *in->at++, true);
    in->after_text = true;
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
            cell->extended[a] = pairs[1];
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
    else if (a <= ATTRIBUTE_CHARSET)
        s->character[a] = in->at[1];
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

bool screen_orders(struct screen *s, const uint8_t *data, size_t length)
{
    struct stream in = {data, data + length, false};
    memset(s->character, 0, sizeof s->character);
    while (in.at < in.end) {
        uint8_t code = *in.at++;
        size_t i = 0, n = sizeof orders / sizeof *orders;
        while (i < n && orders[i].code != code)
            i++;
        if (i == n) {
            put_character(s, code, false);
            in.after_text = true;
            continue;
        }
        if (code != ORDER_PT && code != ORDER_GE)
            in.after_text = false;
        if (!orders[i].execute(s, &in))
            return false;
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
            erase_code(cell);
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

/* --- what a person sees --- */

char screen_character(uint8_t code, unsigned code_page)
{
    /* Code page 037 against 1047: the only graphics that differ. */
    static const uint8_t differs[][2] = {{0x5f, 0xac}, {0xb0, 0x5e}, {0xad, 0xdd},
                                         {0xbd, 0xa8}, {0xba, 0x5b}, {0xbb, 0x5d}};
    if (code == CODE_DUP)
        return '*';
    if (code == CODE_FM)
        return ';';
    if (code < CODE_FIRST || code > CODE_LAST)
        return ' ';
    for (unsigned i = 0; code_page == 37 && i < sizeof differs / sizeof *differs; i++)
        if (differs[i][0] == code)
            return (char)differs[i][1];
    return (char)ebcdic_to_latin1(code);
}

void screen_row(const struct screen *s, unsigned row, unsigned code_page, char *to)
{
    unsigned at = row * s->columns, length = 0;
    const struct screen_cell *field = screen_field(s, at);
    for (unsigned i = 0; i < s->columns; i++) {
        const struct screen_cell *cell = &s->cells[at + i];
        if (cell->is_field)
            field = cell;
        bool hidden = field && (field->field & FIELD_INTENSITY) == FIELD_NONDISPLAY;
        to[i] = cell->is_field || hidden ? ' ' : screen_character(cell->code, code_page);
        if (to[i] != ' ')
            length = i + 1;
    }
    to[length] = 0;
}

/* The keyboard of a 3270.  GA23-0218, "Keyboard Operations". */
#include "consoles/screen.h"

#include "lib/str.h"
#include "s370/devices/display.h"

#include <string.h>

#define CODE_DUP        0x1c
#define CODE_FIELD_MARK 0x1e

/* Designators: ? > & and blank. */
#define CODE_NOT_SELECTED 0x6f
#define CODE_SELECTED     0x6e
#define CODE_ATTENTION    0x50
#define CODE_BLANK        0x40

#define AID_SELECTED 0x7e

static const struct {
    const char *name;
    uint8_t aid; /* 0: the key doesn't call the host */
} keys[KEYS] = {
    [KEY_ENTER] = {"ENTER", 0x7d},
    [KEY_CLEAR] = {"CLEAR", 0x6d},
    [KEY_PA1] = {"PA1", AID_PA1},
    [KEY_PA2] = {"PA2", 0x6e},
    [KEY_PA3] = {"PA3", 0x6b},
    [KEY_SYSREQ] = {"SYSREQ", 0xf0},
    [KEY_TAB] = {"TAB", 0},
    [KEY_BACKTAB] = {"BACKTAB", 0},
    [KEY_NEWLINE] = {"NEWLINE", 0},
    [KEY_HOME] = {"HOME", 0},
    [KEY_UP] = {"UP", 0},
    [KEY_DOWN] = {"DOWN", 0},
    [KEY_LEFT] = {"LEFT", 0},
    [KEY_RIGHT] = {"RIGHT", 0},
    [KEY_DELETE] = {"DELETE", 0},
    [KEY_BACKSPACE] = {"BACKSPACE", 0},
    [KEY_ERASE_EOF] = {"ERASE-EOF", 0},
    [KEY_ERASE_INPUT] = {"ERASE-INPUT", 0},
    [KEY_INSERT] = {"INSERT", 0},
    [KEY_RESET] = {"RESET", 0},
    [KEY_DUP] = {"DUP", 0},
    [KEY_FIELD_MARK] = {"FIELD-MARK", 0},
    [KEY_CURSOR_SELECT] = {"CURSOR-SELECT", 0},
};

static uint8_t aid_of(enum screen_key key)
{
    static const uint8_t pf[24] = {0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
                                   0xf9, 0x7a, 0x7b, 0x7c, 0xc1, 0xc2, 0xc3, 0xc4,
                                   0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0x4a, 0x4b, 0x4c};
    return key >= KEY_PF1 && key <= KEY_PF24 ? pf[key - KEY_PF1] : keys[key].aid;
}

enum screen_key screen_key_named(const char *name)
{
    uint32_t number;
    if (str_upper(name[0]) == 'P' && str_upper(name[1]) == 'F' && str_decimal(name + 2, &number))
        return number >= 1 && number <= 24 ? (enum screen_key)(KEY_PF1 + number - 1) : KEYS;
    for (int key = 0; key < KEYS; key++)
        if (keys[key].name && str_equal(keys[key].name, name))
            return (enum screen_key)key;
    return KEYS;
}

const char *screen_key_name(enum screen_key key)
{
    return keys[key].name;
}

static unsigned after(const struct screen *s, unsigned at)
{
    return (at + 1) % s->cells_in_use;
}

static unsigned before(const struct screen *s, unsigned at)
{
    return (at ? at : s->cells_in_use) - 1;
}

/* The attribute of the cursor's field if one may type there.  `open`: whether. */
static struct screen_cell *field_here(struct screen *s, bool *open)
{
    struct screen_cell *field = screen_field(s, s->cursor);
    *open = !s->cells[s->cursor].is_field && !(field && field->field & FIELD_PROTECTED);
    if (!*open)
        s->lock = SCREEN_INHIBITED;
    return field;
}

/* The length of the field from the cursor to its end; an unformatted screen's to the end. */
static unsigned rest_of_field(const struct screen *s, bool formatted)
{
    unsigned n = 1;
    if (!formatted)
        return s->cells_in_use - s->cursor;
    while (!s->cells[(s->cursor + n) % s->cells_in_use].is_field)
        n++;
    return n;
}

/* Makes room at the cursor by moving characters up to the next null.  False: none. */
static bool make_room(struct screen *s, bool formatted)
{
    unsigned cells = s->cells_in_use, most = rest_of_field(s, formatted), n = 0;
    while (n < most && s->cells[(s->cursor + n) % cells].code)
        n++;
    if (n == most)
        return false;
    for (; n > 0; n--)
        s->cells[(s->cursor + n) % cells] = s->cells[(s->cursor + n - 1) % cells];
    return true;
}

/* Behind a character the cursor does not stay on attributes. */
static void skip(struct screen *s)
{
    for (unsigned n = 0; n < s->cells_in_use && s->cells[s->cursor].is_field; n++) {
        const struct screen_cell *cell = &s->cells[s->cursor];
        int next = screen_next_unprotected(s, s->cursor);
        if ((cell->field & FIELD_SKIP) == FIELD_SKIP && next >= 0)
            s->cursor = (unsigned)next;
        else
            s->cursor = after(s, s->cursor);
    }
}

void screen_type(struct screen *s, uint8_t code)
{
    bool open;
    if (s->lock != SCREEN_UNLOCKED)
        return;
    struct screen_cell *field = field_here(s, &open);
    if (!open)
        return;
    if (s->insert && !make_room(s, field != NULL)) {
        s->lock = SCREEN_INHIBITED;
        return;
    }
    struct screen_cell *cell = &s->cells[s->cursor];
    *cell = (struct screen_cell){.code = code};
    if (field)
        field->field |= FIELD_MODIFIED;
    s->cursor = after(s, s->cursor);
    skip(s);
}

static void erase(struct screen *s, bool to_the_end)
{
    bool open;
    struct screen_cell *field = field_here(s, &open);
    if (!open)
        return;
    unsigned n = rest_of_field(s, field != NULL), cells = s->cells_in_use;
    if (!field && !to_the_end)
        n = s->columns - s->cursor % s->columns; /* without fields a row is one */
    if (field)
        field->field |= FIELD_MODIFIED;
    if (!to_the_end) /* one character: the rest moves */
        for (unsigned i = 0; i + 1 < n; i++)
            s->cells[(s->cursor + i) % cells] = s->cells[(s->cursor + i + 1) % cells];
    for (unsigned i = to_the_end ? 0 : n - 1; i < n; i++)
        screen_erase_cell(&s->cells[(s->cursor + i) % cells]);
}

static void erase_input(struct screen *s)
{
    uint8_t aid = s->aid;
    bool insert = s->insert;
    screen_erase_unprotected(s);
    s->aid = aid;
    s->insert = insert;
}

static void tab(struct screen *s, unsigned from)
{
    int next = screen_next_unprotected(s, from);
    s->cursor = next >= 0 ? (unsigned)next : 0;
}

static void backtab(struct screen *s)
{
    unsigned at = before(s, s->cursor), cells = s->cells_in_use;
    if (s->cells[at].is_field) /* at the beginning of a field: to the one before */
        at = before(s, at);
    for (unsigned n = 0; n < cells; n++, at = before(s, at)) {
        const struct screen_cell *cell = &s->cells[at];
        if (cell->is_field && !(cell->field & FIELD_PROTECTED) &&
            !s->cells[after(s, at)].is_field) {
            s->cursor = after(s, at);
            return;
        }
    }
    s->cursor = 0;
}

/* To the first unprotected position from the next row on. */
static void newline(struct screen *s)
{
    unsigned at = (s->cursor / s->columns + 1) % s->rows * s->columns;
    const struct screen_cell *field = screen_field(s, at);
    if (!field || (!s->cells[at].is_field && !(field->field & FIELD_PROTECTED)))
        s->cursor = at;
    else
        tab(s, at);
}

static void duplicate(struct screen *s)
{
    unsigned from = s->cursor;
    screen_type(s, CODE_DUP);
    if (s->lock == SCREEN_UNLOCKED)
        tab(s, from);
}

/* The field at the cursor is selected by what its first character, the designator, says: ? and >
 * are exchanged, with the field modified or not; others call the host: & as ENTER does, blank and
 * null with the addresses of modified fields only.  GA23-0059, "Cursor Select Key". */
static void cursor_select(struct screen *s, struct screen_answer *answer)
{
    struct screen_cell *field = screen_field(s, s->cursor);
    uint8_t intensity = field ? field->field & FIELD_INTENSITY : 0;
    struct screen_cell *designator =
        field ? &s->cells[after(s, (unsigned)(field - s->cells))] : NULL;
    if (!field || intensity == 0 || intensity == FIELD_NONDISPLAY || designator->is_field ||
        s->cells[s->cursor].is_field) {
        s->lock = SCREEN_INHIBITED;
        return;
    }
    switch (designator->code) {
    case CODE_NOT_SELECTED:
        designator->code = CODE_SELECTED;
        field->field |= FIELD_MODIFIED;
        break;
    case CODE_SELECTED:
        designator->code = CODE_NOT_SELECTED;
        field->field &= (uint8_t)~FIELD_MODIFIED;
        break;
    case CODE_ATTENTION:
    case CODE_BLANK:
    case 0:
        field->field |= FIELD_MODIFIED;
        s->aid = designator->code == CODE_ATTENTION ? keys[KEY_ENTER].aid : AID_SELECTED;
        s->lock = SCREEN_LOCKED;
        s->insert = false;
        screen_read_modified(s, false, answer);
        break;
    default:
        s->lock = SCREEN_INHIBITED;
        break;
    }
}

static void press_local(struct screen *s, enum screen_key key)
{
    unsigned cells = s->cells_in_use, columns = s->columns;
    switch (key) {
    case KEY_TAB:
        tab(s, s->cursor);
        break;
    case KEY_BACKTAB:
        backtab(s);
        break;
    case KEY_NEWLINE:
        newline(s);
        break;
    case KEY_HOME:
        tab(s, cells - 1);
        break;
    case KEY_UP:
        s->cursor = (s->cursor + cells - columns) % cells;
        break;
    case KEY_DOWN:
        s->cursor = (s->cursor + columns) % cells;
        break;
    case KEY_LEFT:
    case KEY_BACKSPACE:
        s->cursor = before(s, s->cursor);
        break;
    case KEY_RIGHT:
        s->cursor = after(s, s->cursor);
        break;
    case KEY_DELETE:
        erase(s, false);
        break;
    case KEY_ERASE_EOF:
        erase(s, true);
        break;
    case KEY_ERASE_INPUT:
        erase_input(s);
        break;
    case KEY_INSERT:
        s->insert = !s->insert;
        break;
    case KEY_DUP:
        duplicate(s);
        break;
    case KEY_FIELD_MARK:
        screen_type(s, CODE_FIELD_MARK);
        break;
    default:
        break;
    }
}

void screen_press(struct screen *s, enum screen_key key, struct screen_answer *answer)
{
    answer->length = 0;
    if (key == KEY_RESET) {
        s->insert = false;
        if (s->lock == SCREEN_INHIBITED)
            s->lock = SCREEN_UNLOCKED;
        return;
    }
    if (s->lock != SCREEN_UNLOCKED)
        return;
    if (key == KEY_CURSOR_SELECT) {
        cursor_select(s, answer);
        return;
    }
    if (aid_of(key) == 0) {
        press_local(s, key);
        return;
    }
    if (key == KEY_CLEAR) {
        screen_clear(s);
        s->reply_mode = REPLY_FIELD;
    }
    s->aid = aid_of(key);
    s->lock = SCREEN_LOCKED;
    s->insert = false;
    screen_read_modified(s, false, answer);
}

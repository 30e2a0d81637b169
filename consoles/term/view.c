/* What is drawn: tabs, the body (a 3270's screen, or paper with the line being typed), the status
 * line, and the line of help.  In a window that is too small for all of it, status and help share
 * a line, and the body shows the part of the screen where the cursor is. */
#include "consoles/term/internal.h"
#include "consoles/term/paper_view.h"

#include <stdio.h>
#include <string.h>

#define TABS_FROM_ROWS 27 /* with one session, tabs are shown only where there is room */

static const struct tty_style plain = {0};
static const struct tty_style bar = {.reverse = true};

void view_spot(struct term *t, unsigned row, unsigned from, unsigned to, enum action action,
               int tab)
{
    if (t->spot_count < SPOTS_MOST)
        t->spots[t->spot_count++] = (struct spot){row, from, to, action, tab};
}

static void fill(unsigned row, unsigned from, unsigned to, struct tty_style style)
{
    while (from < to)
        tty_put(row, from++, ' ', style);
}

/* --- where everything lies --- */

static bool row_is_blank(const struct screen *s, unsigned row)
{
    for (unsigned i = 0; i < s->columns; i++) {
        const struct screen_cell *cell = &s->cells[row * s->columns + i];
        if (!cell->is_field && cell->code != 0 && cell->code != 0x40)
            return false;
    }
    return true;
}

/* Chooses which rows of the screen are not shown: blank ones at an end, else those that are far
 * from the cursor. */
static unsigned first_row(const struct screen *s, unsigned shown)
{
    unsigned cursor = s->cursor / s->columns, hidden = s->rows > shown ? s->rows - shown : 0;
    unsigned above = 0, below = 0;
    while (above < hidden && above < cursor && row_is_blank(s, above))
        above++;
    while (below < hidden && s->rows - 1 - below > cursor && row_is_blank(s, s->rows - 1 - below))
        below++;
    unsigned top = above >= hidden ? hidden : above;
    if (below >= hidden)
        top = 0;
    else if (above < hidden && cursor >= s->rows / 2)
        top = hidden - below;
    if (top > cursor)
        top = cursor;
    if (shown && cursor >= top + shown)
        top = cursor - shown + 1;
    return top;
}

static void lay_out(struct term *t)
{
    const struct session *s = term_session(t);
    const struct screen *screen = session_is_display(s) ? s->screen : NULL;
    struct layout *l = &t->layout;
    unsigned rows = tty_rows(), wanted = screen ? screen->rows : 5;
    bool asked = t->question || t->message[0] || tty_escape_waits() || t->marking;
    bool trouble = screen && (screen->lock != SCREEN_UNLOCKED || s->state != SESSION_OPEN);
    l->columns = tty_columns();
    l->tabs = rows >= wanted + 3 && (t->tab_count > 1 || rows >= TABS_FROM_ROWS) ? 0 : -1;
    l->body = l->tabs >= 0;
    unsigned left = rows - l->body;
    l->help = l->status = -1;
    if (t->help && left >= wanted + 2) {
        l->help = (int)rows - 1;
        l->status = (int)rows - 2;
    } else if (t->help) {
        l->help = l->status = (int)rows - 1;
    } else if (left > wanted || asked || trouble) {
        l->status = (int)rows - 1;
    }
    l->body_rows = (l->status >= 0 ? (unsigned)l->status : rows) - l->body;
    l->top = screen ? first_row(screen, l->body_rows) : 0;
    l->left = 0;
    if (screen && screen->columns > l->columns) {
        unsigned column = screen->cursor % screen->columns;
        l->left = column < l->columns ? 0 : column - l->columns + 1;
    }
}

/* --- the 3270's screen --- */

/* The colours of a 3279 for fields without a colour of their own (GA23-0059, "Color"). */
static uint8_t base_colour(uint8_t field)
{
    bool bright = (field & FIELD_INTENSITY) == FIELD_HIGH;
    if (field & FIELD_PROTECTED)
        return bright ? COLOUR_WHITE : COLOUR_BLUE;
    return bright ? COLOUR_RED : COLOUR_GREEN;
}

static uint8_t colour_of(uint8_t value)
{
    return value >= 0xf1 && value <= 0xf7 ? (uint8_t)(COLOUR_BLUE + value - 0xf1) : COLOUR_DEFAULT;
}

static struct tty_style style_of(const struct screen_cell *field, const struct screen_cell *cell)
{
    static const struct screen_cell none;
    struct tty_style style = {0};
    const uint8_t *of_field = field ? field->extended : none.extended;
    uint8_t values[ATTRIBUTES];
    for (unsigned a = 0; a < ATTRIBUTES; a++)
        values[a] = !cell->is_field && cell->extended[a] ? cell->extended[a] : of_field[a];
    style.foreground = colour_of(values[ATTRIBUTE_FOREGROUND]);
    style.background = colour_of(values[ATTRIBUTE_BACKGROUND]);
    if (!style.foreground)
        style.foreground = base_colour(field ? field->field : 0);
    style.bold = field && (field->field & FIELD_INTENSITY) == FIELD_HIGH;
    switch (values[ATTRIBUTE_HIGHLIGHT]) {
    case 0xf1:
        style.blink = true;
        break;
    case 0xf2:
        style.reverse = true;
        break;
    case 0xf4:
        style.underline = true;
        break;
    case 0xf8:
        style.bold = true;
        break;
    default:
        break;
    }
    return style;
}

/* Line drawing of the APL set (code page 310), as far as Unicode has it. */
static char32_t graphic(uint8_t code)
{
    static const struct {
        uint8_t code;
        char16_t character;
    } drawn[] = {
        {0x85, u'\u2502'}, {0xa2, u'\u2500'}, {0xc4, u'\u2514'}, {0xc5, u'\u250c'},
        {0xc6, u'\u251c'}, {0xc7, u'\u2534'}, {0xd3, u'\u253c'}, {0xd4, u'\u2518'},
        {0xd5, u'\u2510'}, {0xd6, u'\u2524'}, {0xd7, u'\u252c'}, {0xa3, u'\u2022'},
        {0xad, u'['},      {0xbd, u']'},
    };
    for (unsigned i = 0; i < sizeof drawn / sizeof *drawn; i++)
        if (drawn[i].code == code)
            return drawn[i].character;
    return code >= 0x40 ? (uint8_t)screen_character(code, 1047) : ' ';
}

static char32_t shown_character(const struct session *s, const struct screen_cell *field,
                                const struct screen_cell *cell)
{
    bool hidden = field && (field->field & FIELD_INTENSITY) == FIELD_NONDISPLAY;
    if (cell->is_field || hidden)
        return ' ';
    return cell->graphic ? graphic(cell->code)
                         : (uint8_t)screen_character(cell->code, s->options.code_page);
}

static void draw_screen(const struct term *t, const struct session *s)
{
    const struct screen *screen = s->screen;
    const struct layout *l = &t->layout;
    for (unsigned row = 0; row < l->body_rows && l->top + row < screen->rows; row++) {
        unsigned at = (l->top + row) * screen->columns;
        const struct screen_cell *field = screen_field(screen, at);
        for (unsigned i = 0; i < screen->columns; i++) {
            const struct screen_cell *cell = &screen->cells[at + i];
            if (cell->is_field)
                field = cell;
            if (i >= l->left)
                tty_put(l->body + row, i - l->left, shown_character(s, field, cell),
                        cell->is_field ? plain : style_of(field, cell));
        }
    }
}

/* --- paper --- */

static void draw_paper(struct term *t, const struct session *s)
{
    const struct paper_box box = {t->layout.body, 0, t->layout.body_rows, t->layout.columns};
    t->cursor_shown = paper_draw(s->paper, &box, s->back, s->tn.host_echoes ? NULL : &s->input,
                                 &s->match, &t->cursor_row, &t->cursor_column);
}

bool view_cursor(struct term *t, unsigned *row, unsigned *column)
{
    const struct session *s = term_session(t);
    const struct layout *l = &t->layout;
    if (session_is_display(s)) {
        const struct screen *screen = s->screen;
        *row = l->body + screen->cursor / screen->columns - l->top;
        *column = screen->cursor % screen->columns - l->left;
        return *row < l->body + l->body_rows;
    }
    *row = t->cursor_row;
    *column = t->cursor_column;
    return t->cursor_shown;
}

int view_address(const struct term *t, unsigned row, unsigned column)
{
    const struct session *s = t->tabs[t->current];
    const struct layout *l = &t->layout;
    if (row < l->body || row >= l->body + l->body_rows)
        return -1;
    row += l->top - l->body;
    column += l->left;
    if (row >= s->screen->rows || column >= s->screen->columns)
        return -1;
    return (int)(row * s->screen->columns + column);
}

/* --- tabs, status, help --- */

#define TAB_TEXT (SESSION_HOST + TN_NAME + 64)

static void tab_text(const struct term *t, unsigned i, bool brief, char text[TAB_TEXT])
{
    const struct session *s = t->tabs[i];
    const char *state = s->state == SESSION_CLOSED ? " (closed)" : t->marked_new[i] ? " *" : "";
    const char *name = s->tn.connected[0] ? s->tn.connected : s->lu;
    if (brief)
        snprintf(text, TAB_TEXT, " %u%s ", i + 1, t->marked_new[i] ? "*" : "");
    else
        snprintf(text, TAB_TEXT, " %u %s%s:%u%s%s%s ", i + 1, s->tls_wanted ? "tls://" : "",
                 s->host, s->port, name[0] ? " " : "", name, state);
}

/* If there is no room for all, the others are numbers only. */
static void draw_tabs(struct term *t)
{
    unsigned row = (unsigned)t->layout.tabs, column = 0, columns = t->layout.columns;
    char text[TAB_TEXT];
    size_t all = 0;
    for (unsigned i = 0; i < t->tab_count; i++) {
        tab_text(t, i, false, text);
        all += strlen(text);
    }
    fill(row, 0, columns, bar);
    for (unsigned i = 0; i < t->tab_count; i++) {
        struct tty_style style = i == t->current ? plain : bar;
        style.bold = i == t->current;
        tab_text(t, i, all > columns && i != t->current, text);
        unsigned end = tty_text(row, column, text, style);
        view_spot(t, row, column, end, ACTION_NONE, (int)i);
        column = end;
    }
    if (t->tab_count == 1) {
        static const char hint[] = " Alt-n: one more session ";
        if (column + sizeof hint < columns) {
            unsigned from = columns - (unsigned)sizeof hint;
            view_spot(t, row, from, tty_text(row, from, hint, bar), ACTION_NEW, -1);
        }
    }
}

/* VM's screens say at the lower right what goes on, in words that help those who know them.
 * brief: only where a key is needed to go on.  False: nothing to explain. */
static bool vm_status(const struct term *t, const struct session *s, bool brief, char *text,
                      size_t size)
{
    static const struct {
        const char *word, *hint;
        bool clear; /* ... is the key for it */
    } words[] = {
        {"MORE...", "shows the rest, ENTER holds it", true},
        {"HOLDING", "goes on", true},
        {"CP READ", "CP waits for a command", false},
        {"VM READ", "your program waits for a line", false},
        {"NOT ACCEPTED", "the line was not taken yet: ENTER once more", false},
    };
    char row[SCREEN_CELLS_MOST + 1], key[TTY_NAME];
    screen_row(s->screen, s->screen->rows - 1, s->options.code_page, row);
    size_t middle = s->screen->columns / 2;
    for (unsigned i = 0; strlen(row) > middle && i < sizeof words / sizeof *words; i++) {
        if (!strstr(row + middle, words[i].word) || (brief && !words[i].clear))
            continue;
        tty_key_name(bindings_key(&t->bindings, (enum action)KEY_CLEAR, MODE_DISPLAY), key);
        if (words[i].clear)
            snprintf(text, size, "%s: %s (CLEAR) %s", words[i].word, key, words[i].hint);
        else
            snprintf(text, size, "%s", words[i].hint);
        return true;
    }
    return false;
}

/* Why the keyboard is locked: a place where nothing can be typed, or a field that is full (in
 * insert mode) or does not take the character. */
static const char *mistake(const struct screen *s)
{
    const struct screen_cell *field = screen_field(s, s->cursor);
    bool open = !s->cells[s->cursor].is_field && !(field && field->field & FIELD_PROTECTED);
    return !open       ? "nothing can be typed here"
           : s->insert ? "there is no more room in this field"
                       : "a 3270 can't type that here";
}

static void status_of_display(struct term *t, const struct session *s, char *text, size_t size)
{
    char key[TTY_NAME];
    if (s->screen->lock == SCREEN_LOCKED && s->ahead_count)
        snprintf(text, size, "X SYSTEM  the host works; %u keys wait", s->ahead_count);
    else if (s->screen->lock == SCREEN_LOCKED)
        snprintf(text, size, "X SYSTEM  the host works");
    else if (s->screen->lock == SCREEN_INHIBITED) {
        tty_key_name(bindings_key(&t->bindings, (enum action)KEY_RESET, MODE_DISPLAY), key);
        snprintf(text, size, "X  %s: %s, Tab goes to a field", mistake(s->screen), key);
    } else if (s->with_host) {
        tty_key_name(bindings_key(&t->bindings, (enum action)KEY_SYSREQ, MODE_DISPLAY), key);
        snprintf(text, size, "you talk to the host itself; %s (SYSREQ) goes back", key);
    } else if (!s->tn.bound && s->tn.mode == TN_ENHANCED)
        snprintf(text, size, "no program has this terminal");
    else
        text[0] = 0;
}

static void status_text(struct term *t, char *text, size_t size)
{
    const struct session *s = term_session(t);
    if (t->message[0])
        snprintf(text, size, "%s", t->message);
    else if (tty_escape_waits())
        snprintf(text, size, "Alt + ...  (a key now is as with Alt; Esc again: RESET)");
    else if (t->marking)
        snprintf(text, size, "MARK  arrows to the other corner, Enter copies, Esc leaves");
    else if (s->state == SESSION_CONNECTS)
        snprintf(text, size, "connecting to %s:%u ...", s->host, s->port);
    else if (s->state == SESSION_CLOSED)
        snprintf(text, size, "%s.  Enter connects again", s->error);
    else if (session_is_display(s))
        status_of_display(t, s, text, size);
    else if (s->back)
        snprintf(text, size, "%u lines more below", s->back);
    else if (s->tn.host_echoes)
        snprintf(text, size, "what you type is not shown");
    else
        text[0] = 0;
    bool shared = t->layout.help == t->layout.status;
    if (text[0] || !t->help || (session_is_display(s) && vm_status(t, s, shared, text, size)) ||
        t->touched || shared)
        return;
    /* Until the first key: what it is all about. */
    snprintf(text, size, "%s",
             session_is_display(s)
                 ? "A form: fill in its fields, Tab goes to the next, ENTER sends it"
                 : "Type a line, Enter sends it");
}

/* The right end: modes, and where the cursor is. */
static unsigned draw_modes(struct term *t)
{
    const struct session *s = term_session(t);
    char text[96], which[32] = "", place[32] = "line";
    unsigned row = (unsigned)t->layout.status;
    bool display = session_is_display(s);
    unsigned at = s->screen->cursor, columns = s->screen->columns;
    if (t->tab_count > 1 && t->layout.tabs < 0) /* there is no room for tabs */
        snprintf(which, sizeof which, "%u of %u  ", t->current + 1, t->tab_count);
    if (display)
        snprintf(place, sizeof place, "%03u/%03u", at / columns + 1, at % columns + 1);
    snprintf(text, sizeof text, " %s%s%s%s%s ", t->macro ? "MACRO " : "", s->trace ? "TRACE " : "",
             display && s->screen->insert ? "INSERT " : "", which, place);
    unsigned length = (unsigned)strlen(text);
    if (length > t->layout.columns)
        return t->layout.columns;
    tty_text(row, t->layout.columns - length, text, bar);
    return t->layout.columns - length;
}

/* What a newcomer has to know, in the order of need. */
static const struct {
    enum action action;
    uint8_t modes;
    const char *label;
} hints[] = {
    {(enum action)KEY_ENTER, MODE_DISPLAY, "ENTER"},
    {(enum action)KEY_CLEAR, MODE_DISPLAY, "CLEAR"},
    {(enum action)KEY_PA1, MODE_DISPLAY, "PA1-3"},
    {(enum action)KEY_PF1, MODE_DISPLAY, "PF1-12"},
    {ACTION_PF, MODE_DISPLAY, "PF"},
    {(enum action)KEY_TAB, MODE_DISPLAY, "field"},
    {(enum action)KEY_RESET, MODE_DISPLAY, "RESET"},
    {ACTION_SEND, MODE_LINE, "send"},
    {ACTION_ATTENTION, MODE_LINE, "attention"},
    {ACTION_PAGE_BACK, MODE_LINE, "back"},
    {ACTION_SEARCH, MODE_LINE, "search"},
    {ACTION_QUIT, MODE_LINE, "quit"},
};

static void hint_text(struct term *t, enum action action, const char *label, char text[48])
{
    char key[TTY_NAME];
    tty_key_name(bindings_key(&t->bindings, action, term_mode(t)), key);
    if ((unsigned)action == KEY_PF1 && !strcmp(key, "F1"))
        snprintf(key, sizeof key, "F1-12");
    if ((unsigned)action == KEY_PA1 && !strcmp(key, "Alt-1"))
        snprintf(key, sizeof key, "Alt-1..3");
    snprintf(text, 48, "%s %s", key, label);
}

/* A hint: the key in reverse, then what it does. */
static unsigned draw_hint(struct term *t, unsigned row, unsigned column, enum action action,
                          const char *label)
{
    char text[48];
    hint_text(t, action, label, text);
    char *blank = strchr(text, ' ');
    *blank = 0;
    unsigned from = column;
    struct tty_style key = {.bold = true};
    column = tty_text(row, column, text, key);
    column = tty_text(row, column + 1, blank + 1, (struct tty_style){0});
    view_spot(t, row, from, column, action, -1);
    return column + 2;
}

static void draw_hints(struct term *t, unsigned row, unsigned column, unsigned end)
{
    char text[48], last[48];
    hint_text(t, ACTION_KEYPAD, "keys", last);
    unsigned reserved = (unsigned)strlen(last) + 1;
    if (column + reserved > end)
        return;
    for (unsigned i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (!(hints[i].modes & term_mode(t)) ||
            !bindings_key(&t->bindings, hints[i].action, term_mode(t)))
            continue;
        hint_text(t, hints[i].action, hints[i].label, text);
        if (column + strlen(text) + 2 + reserved > end)
            break;
        column = draw_hint(t, row, column, hints[i].action, hints[i].label);
    }
    draw_hint(t, row, column, ACTION_KEYPAD, "keys");
}

static void draw_status(struct term *t)
{
    char text[MESSAGE + SESSION_ERROR];
    unsigned row = (unsigned)t->layout.status, column = 1;
    bool shared = t->layout.help == t->layout.status;
    status_text(t, text, sizeof text);
    if (!shared)
        fill(row, 0, t->layout.columns, bar);
    unsigned end = draw_modes(t);
    if (text[0]) {
        column = tty_text(row, 0, " ", bar);
        column = tty_text(row, column, text, bar);
        column = tty_text(row, column, " ", bar) + 1;
        if (column > end)
            draw_modes(t);
    }
    if (t->layout.help >= 0)
        draw_hints(t, (unsigned)t->layout.help, shared ? column : 1,
                   shared ? end : t->layout.columns);
}

void view_draw(struct term *t)
{
    struct session *s = term_session(t);
    unsigned row, column;
    t->spot_count = 0;
    tty_clear();
    lay_out(t);
    s->page = t->layout.body_rows > 2 ? t->layout.body_rows - 2 : 1;
    if (session_is_display(s))
        draw_screen(t, s);
    else
        draw_paper(t, s);
    if (t->layout.tabs >= 0)
        draw_tabs(t);
    if (t->layout.status >= 0)
        draw_status(t);
    if (t->marking)
        copy_draw(t);
    else if (t->keypad)
        keypad_draw(t);
    else if (t->commands)
        commands_draw(t);
    else if (t->question)
        dialog_draw(t);
    else if (s->state == SESSION_OPEN && view_cursor(t, &row, &column))
        tty_cursor(row, column, session_is_display(s) && !s->screen->insert);
    else
        tty_hide_cursor();
    tty_show();
}

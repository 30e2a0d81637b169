/* What is written on a screen in the modes of CP: the logo, or lines of output, the input area
 * and the status area.  Only what has changed is written, so that a line that the user is typing
 * stays as it is. */
#include "cp/screen.h"

#include "cp/commands/state.h"
#include "cp/session.h"
#include "lib/str.h"

#define SYSTEM_NAME   "DATBOX"
#define LINE_OVERHEAD 24                       /* bytes of orders around a line */
#define BUFFER_SPARE  (SCREEN_INPUT_MOST + 64) /* for what follows the lines */

static const char *status_text(const struct screen *s)
{
    const struct terminal *t = s->t;
    if (s->refused)
        return "NOT ACCEPTED";
    if (s->hold == HOLD_HOLDING)
        return "HOLDING";
    if (s->hold)
        return "MORE...";
    if (t->read_wanted && !t->input_ready)
        return t->read_by_guest ? "VM READ" : "CP READ";
    return "RUNNING";
}

/* What an area is to look like; the default where there is nobody, or no colours. */
static struct screen_look look_of(const struct screen *s, enum screen_area area)
{
    const struct vmblok *vm = s->t->vm;
    struct screen_look look = {0, 0};
    if (vm && s->size.flags & DS_COLOUR)
        look.colour = vm->set.look[area].colour;
    if (vm && s->size.flags & DS_HIGHLIGHT)
        look.highlight = vm->set.look[area].highlight;
    return look;
}

static bool is_plain(struct screen_look look)
{
    return !look.colour && !look.highlight;
}

static void put_field(struct screen *s, struct ds_stream *to, unsigned at, uint8_t attribute,
                      enum screen_area area)
{
    struct screen_look look = look_of(s, area);
    if (is_plain(look))
        ds_put_field(to, at, attribute);
    else
        ds_put_coloured(to, at, attribute, look.colour, look.highlight);
}

static void put_status(struct screen *s, struct ds_stream *to, const char *text)
{
    char field[SCREEN_STATUS_SIZE + 1];
    fmt(field, sizeof field, "%-12.12s%8.8s", text, SYSTEM_NAME);
    put_field(s, to, ds_cells(&s->size) - SCREEN_STATUS_SIZE - 1, FIELD_SKIP, AREA_STATUS);
    ds_put_text(to, field, SCREEN_STATUS_SIZE);
    s->status = text;
}

/* The attribute of the input area says "modified": so it is always sent, also after it was written
 * anew. */
static void put_input_field(struct screen *s, struct ds_stream *to)
{
    unsigned at = screen_input_at(&s->size), end = screen_input_end(&s->size);
    s->hidden = s->t->read_hidden;
    put_field(s, to, at - 1, s->hidden ? FIELD_HIDDEN | FIELD_MODIFIED : FIELD_MODIFIED,
              AREA_INPUT);
    if (s->fill_length > end - at)
        s->fill_length = (uint16_t)(end - at);
    ds_put_text(to, s->fill, s->fill_length);
    if (at + s->fill_length < end)
        ds_put_nulls(to, end);
    ds_put_field(to, end, FIELD_SKIP);
    s->fill_length = 0;
    s->erase_due = false;
}

static unsigned rows_of(const struct screen *s, const struct output_line *line)
{
    unsigned rows = ((unsigned)line->length + s->size.columns - 1) / s->size.columns;
    return rows ? rows : 1;
}

static struct screen_look look_of_line(const struct screen *s, const struct output_line *line)
{
    bool typed = line->flags & TERMINAL_TYPED;
    struct screen_look look = look_of(s, typed                          ? AREA_INREDISP
                                         : line->flags & TERMINAL_GUEST ? AREA_VMOUT
                                                                        : AREA_CPOUT);
    const struct vmblok *vm = s->t->vm;
    if (typed && vm && vm->set.hilight && !look.highlight && s->size.flags & DS_HIGHLIGHT)
        look.highlight = HIGHLIGHT_BRIGHT;
    return look;
}

static void put_line(struct screen *s, struct ds_stream *to, const struct output_line *line)
{
    struct screen_look look = look_of_line(s, line);
    ds_put_address(to, s->row * (unsigned)s->size.columns);
    if (!is_plain(look))
        ds_put_look(to, look.colour, look.highlight);
    ds_put_text(to, line->text, line->length);
    if (!is_plain(look))
        ds_put_look(to, 0, 0);
    s->row = (uint16_t)(s->row + rows_of(s, line));
    s->alarm_due |= (line->flags & TERMINAL_ALARM) != 0;
    s->unseen |= !(line->flags & TERMINAL_TYPED);
}

/* As many lines of the queue as the screen and the buffer have room for. */
static void put_lines(struct screen *s, struct ds_stream *to)
{
    LIST_EACH(it, &s->t->output)
    {
        const struct output_line *line = LIST_ENTRY(it, struct output_line, link);
        if (s->hold || s->writing == UINT8_MAX)
            return;
        if (s->row + rows_of(s, line) > screen_output_rows(&s->size)) {
            screen_more(s);
            return;
        }
        if (ds_room(to) < (size_t)line->length + LINE_OVERHEAD + BUFFER_SPARE)
            return;
        put_line(s, to, line);
        s->writing++;
    }
}

static uint8_t erase_command(const struct screen *s)
{
    return ds_is_alternate(&s->size) ? COMMAND_ERASE_WRITE_ALTERNATE : COMMAND_ERASE_WRITE;
}

/* --- the logo --- */

static void put_centered(struct screen *s, struct ds_stream *to, unsigned row, const char *text,
                         size_t length, size_t width)
{
    unsigned column = s->size.columns > width ? (unsigned)(s->size.columns - width) / 2 : 0;
    ds_put_address(to, row * s->size.columns + column);
    ds_put_text(to, text, length);
}

static void put_logo(struct screen *s, struct ds_stream *to)
{
    static const char help[] = "Press ENTER or CLEAR, then type LOGON and your userid.";
    char text[80];
    unsigned row = (s->size.rows - SESSION_LOGO_LINES) / 2u - 4;
    for (int i = 0; i < SESSION_LOGO_LINES; i++)
        put_centered(s, to, row + (unsigned)i, session_logo[i], strlen(session_logo[i]), 36);
    row += SESSION_LOGO_LINES + 2;
    size_t length = session_online(text, sizeof text, s->t);
    put_centered(s, to, row, text, length, length);
    put_centered(s, to, row + 2, help, sizeof help - 1, sizeof help - 1);
}

static uint8_t compose_logo(struct screen *s, struct ds_stream *to)
{
    ds_put_wcc(to, WCC_RESTORE);
    put_logo(s, to);
    put_input_field(s, to);
    put_status(s, to, "RUNNING");
    ds_put_cursor(to, screen_input_at(&s->size));
    s->mode = SCREEN_LOGO;
    s->logo_due = s->unformatted = s->clear_due = s->locked = s->unseen = false;
    s->row = 0;
    return erase_command(s);
}

/* --- all of it --- */

/* The logo comes when what the last user has read is off the screen. */
static bool logo_is_next(struct screen *s)
{
    if (!s->logo_due || !list_empty(&s->t->output) || s->hold)
        return false;
    if (!s->row)
        return true;
    screen_more(s);
    return false;
}

static bool is_changed(const struct screen *s)
{
    return s->unformatted || s->clear_due || s->writing || s->alarm_due || s->erase_due ||
           s->fill_length || s->cursor >= 0 || s->hidden != s->t->read_hidden ||
           (s->locked && !s->refused) || s->status != status_text(s);
}

static uint8_t compose_rest(struct screen *s, struct ds_stream *to)
{
    bool all = s->unformatted;
    if (all || s->erase_due || s->fill_length || s->hidden != s->t->read_hidden) {
        if (s->cursor < 0)
            s->cursor = (int16_t)s->fill_length;
        put_input_field(s, to);
    }
    if (all || s->status != status_text(s))
        put_status(s, to, status_text(s));
    if (s->cursor >= 0)
        ds_put_cursor(to, screen_input_at(&s->size) + (unsigned)s->cursor);
    uint8_t wcc = (s->locked || all) && !s->refused ? WCC_RESTORE : 0;
    if (s->alarm_due)
        wcc |= WCC_ALARM;
    struct ds_stream first = {s->buffer, 0, 1, to->cells};
    ds_put_wcc(&first, wcc);
    s->locked &= s->refused;
    s->unformatted = s->clear_due = s->alarm_due = false;
    s->cursor = -1;
    return all ? erase_command(s) : COMMAND_WRITE;
}

uint8_t screen_compose(struct screen *s, size_t *length)
{
    struct terminal *t = s->t;
    struct ds_stream to = {s->buffer, 0, SCREEN_BUFFER, ds_cells(&s->size)};
    uint8_t command;
    if (s->mode == SCREEN_GUEST && !screen_may_take(s))
        return 0;
    if (s->mode == SCREEN_LOGO && list_empty(&t->output))
        return 0;
    if (s->mode != SCREEN_CP) {
        s->mode = SCREEN_CP;
        s->unformatted = true;
        s->row = 0;
    }
    if (logo_is_next(s)) {
        command = compose_logo(s, &to);
        *length = to.used;
        return command;
    }
    ds_put_wcc(&to, 0); /* its place; compose_rest knows which */
    if (s->clear_due && !s->unformatted) {
        ds_put_address(&to, 0);
        ds_put_nulls(&to, screen_input_at(&s->size) - 1);
    }
    put_lines(s, &to);
    if (s->message && s->writing) { /* which took the screen from a guest: until it has been read */
        clock_cancel(&s->timer);
        s->hold = HOLD_HOLDING;
        s->message = false;
    }
    if (!is_changed(s))
        return 0;
    command = compose_rest(s, &to);
    *length = to.used;
    return command;
}

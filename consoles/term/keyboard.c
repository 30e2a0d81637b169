/* What keys do in a session: those of a 3270 (GA23-0218, "Keyboard Operations") by the screen
 * model, with what people of today expect in addition: typing ahead, a backspace that erases,
 * field exit; those of a line by the line editor. */
#include "consoles/term/session_internal.h"

#include "lib/ebcdic.h"
#include "s370/devices/display.h"

#include <string.h>

bool session_is_locked(const struct session *s)
{
    return session_is_display(s) && s->screen->lock == SCREEN_LOCKED;
}

static uint8_t code_of(const struct session *s, char32_t character)
{
    if (character > 0xff || character < ' ')
        return 0;
    uint8_t usual = latin1_to_ebcdic((uint8_t)character);
    if ((uint8_t)screen_character(usual, s->options.code_page) == character)
        return usual;
    for (unsigned code = 0x40; code < 0xff; code++)
        if ((uint8_t)screen_character((uint8_t)code, s->options.code_page) == character)
            return (uint8_t)code;
    return 0;
}

/* --- the host itself (RFC 2355, section 11): lines on a screen without fields --- */

#define CODE_NEW_LINE 0x15

void keyboard_host_text(struct session *s, const uint8_t *text, size_t n)
{
    struct screen *screen = s->screen;
    static const uint8_t erase[] = {DISPLAY_ERASE_WRITE, 0xc2}, restore[] = {DISPLAY_WRITE, 0xc2};
    if (!s->with_host) {
        screen_execute(screen, erase, sizeof erase, &s->answer);
        s->host_at = 0;
    }
    for (size_t i = 0; i < n; i++) {
        if (text[i] == CODE_NEW_LINE)
            s->host_at = (s->host_at / screen->columns + 1) * screen->columns;
        else if (text[i] >= 0x40)
            screen->cells[s->host_at++].code = text[i];
        s->host_at %= screen->cells_in_use;
    }
    screen_execute(screen, restore, sizeof restore, &s->answer);
    screen->cursor = s->host_at;
    s->with_host = true;
}

/* ENTER sends what stands from the last output on; no other key means anything to the host. */
static void press_for_host(struct session *s, enum screen_key key)
{
    struct screen *screen = s->screen;
    uint8_t text[SCREEN_CELLS_MOST];
    size_t n = 0;
    if (key != KEY_ENTER) {
        s->owner->bell(s->context, s);
        return;
    }
    for (unsigned i = s->host_at; i < screen->cells_in_use; i++)
        if (screen->cells[i].code)
            text[n++] = screen->cells[i].code;
    s->host_at = (screen->cursor / screen->columns + 1) % screen->rows * screen->columns;
    screen->lock = SCREEN_LOCKED;
    trace_note(s, "ENTER to the host");
    tn_client_host_text(&s->tn, text, n);
}

static bool calls_host(enum screen_key key)
{
    return key <= KEY_SYSREQ || key == KEY_CURSOR_SELECT;
}

static void press(struct session *s, enum screen_key key)
{
    if (s->with_host && calls_host(key)) {
        press_for_host(s, key);
        return;
    }
    screen_press(s->screen, key, &s->answer);
    if (s->answer.length == 0)
        return;
    char name[TTY_NAME];
    action_name((enum action)key, name);
    trace_note(s, name);
    tn_client_record(&s->tn, s->answer.bytes, s->answer.length);
    s->answer.length = 0;
}

/* Whether the character before the cursor is of the cursor's field, or could be typed anew. */
static bool may_rub_out(const struct screen *s)
{
    unsigned before = (s->cursor ? s->cursor : s->cells_in_use) - 1;
    const struct screen_cell *field = screen_field(s, before);
    return !s->cells[before].is_field && !(field && field->field & FIELD_PROTECTED);
}

static void rub_out(struct session *s)
{
    if (!may_rub_out(s->screen))
        return;
    press(s, KEY_LEFT);
    press(s, KEY_DELETE);
}

static void end_of_field(struct screen *s)
{
    const struct screen_cell *field = screen_field(s, s->cursor);
    unsigned cells = s->cells_in_use, at = s->cursor, end;
    if (s->cells[at].is_field || (field && field->field & FIELD_PROTECTED))
        return;
    unsigned first = field ? (unsigned)(field - s->cells) + 1 : 0, n = field ? 0 : cells;
    while (field && n < cells - 1 && !s->cells[(first + n) % cells].is_field)
        n++;
    for (end = n; end > 0; end--) {
        uint8_t code = s->cells[(first + end - 1) % cells].code;
        if (code != 0 && code != 0x40)
            break;
    }
    s->cursor = (first + (end < n ? end : n - 1)) % cells;
}

static void attention(struct session *s)
{
    trace_note(s, "ATTN");
    s->ahead_count = 0;
    tn_client_attention(&s->tn);
}

/* Keys that work although the host has the keyboard. */
static bool do_at_once(struct session *s, enum action action)
{
    if (action == ACTION_ATTENTION)
        attention(s);
    else if ((unsigned)action == KEY_SYSREQ && tn_client_sysreq(&s->tn))
        trace_note(s, "SYSREQ");
    else if ((unsigned)action == KEY_RESET) {
        s->ahead_count = 0;
        press(s, KEY_RESET);
    } else
        return false;
    return true;
}

static void do_on_screen(struct session *s, enum action action)
{
    if ((unsigned)action < KEYS)
        press(s, (enum screen_key)action);
    else if (action == ACTION_RUBOUT)
        rub_out(s);
    else if (action == ACTION_END_OF_FIELD)
        end_of_field(s->screen);
    else if (action == ACTION_FIELD_EXIT) {
        press(s, KEY_ERASE_EOF);
        press(s, KEY_TAB);
    }
}

static void type_on_screen(struct session *s, char32_t character)
{
    uint8_t code = code_of(s, character);
    if (code)
        screen_type(s->screen, code);
    else
        s->screen->lock = SCREEN_INHIBITED;
}

static void keep(struct session *s, enum action action, char32_t character)
{
    if (s->ahead_count < AHEAD_MOST)
        s->ahead[s->ahead_count++] = (struct ahead){action, character};
    else
        s->owner->bell(s->context, s);
}

void keyboard_unlocked(struct session *s)
{
    while (s->ahead_count > 0 && s->screen->lock == SCREEN_UNLOCKED) {
        struct ahead first = s->ahead[0];
        memmove(s->ahead, s->ahead + 1, --s->ahead_count * sizeof *s->ahead);
        if (first.action == ACTION_NONE)
            type_on_screen(s, first.character);
        else
            do_on_screen(s, first.action);
    }
    if (s->screen->lock == SCREEN_INHIBITED)
        s->ahead_count = 0; /* what followed a mistake was meant for another place */
}

static bool is_screen_action(enum action action)
{
    return (unsigned)action < KEYS || action == ACTION_RUBOUT || action == ACTION_END_OF_FIELD ||
           action == ACTION_FIELD_EXIT || action == ACTION_ATTENTION;
}

static bool do_display(struct session *s, enum action action)
{
    if (!is_screen_action(action))
        return false;
    if (do_at_once(s, action))
        return true;
    if (session_is_locked(s))
        keep(s, action, 0);
    else
        do_on_screen(s, action);
    return true;
}

/* --- lines --- */

static void send_line(struct session *s)
{
    char text[4 * EDIT_MOST + 1];
    size_t n = line_edit_utf8(&s->input, text);
    s->back = 0;
    s->match.found = false;
    if (!s->tn.host_echoes) {
        for (unsigned i = 0; i < s->input.length; i++)
            paper_put(s->paper, s->input.text[i]);
        paper_put(s->paper, '\n');
        if (s->trace)
            fprintf(s->trace, "%s\n", text);
        line_edit_remember(&s->input);
    }
    line_edit_clear(&s->input);
    tn_client_line(&s->tn, text, n);
    memset(text, 0, sizeof text); /* it may be a password */
}

static void page(struct session *s, bool back)
{
    unsigned most = s->paper->count - 1, lines = s->page;
    if (back)
        s->back = s->back + lines < most ? s->back + lines : most;
    else
        s->back = s->back > lines ? s->back - lines : 0;
    s->match.found = false;
}

static bool do_line(struct session *s, enum action action)
{
    switch ((int)action) {
    case ACTION_SEND:
    case KEY_ENTER:
        send_line(s);
        return true;
    case ACTION_ATTENTION:
    case KEY_PA1:
        line_edit_clear(&s->input);
        s->back = 0;
        attention(s);
        return true;
    case KEY_CLEAR:
        paper_clear(s->paper);
        s->back = 0;
        s->match.found = false;
        return true;
    case ACTION_PAGE_BACK:
    case ACTION_PAGE_ON:
        page(s, action == ACTION_PAGE_BACK);
        return true;
    default:
        return line_edit_do(&s->input, action);
    }
}

bool session_do(struct session *s, enum action action)
{
    if (s->state == SESSION_CLOSED && ((unsigned)action == KEY_ENTER || action == ACTION_SEND)) {
        session_connect(s);
        return true;
    }
    if (s->state != SESSION_OPEN && session_is_display(s))
        return is_screen_action(action);
    return session_is_display(s) ? do_display(s, action) : do_line(s, action);
}

void session_type(struct session *s, char32_t character)
{
    if (!session_is_display(s)) {
        s->back = 0;
        if (!line_edit_type(&s->input, character))
            s->owner->bell(s->context, s);
    } else if (s->state == SESSION_OPEN) {
        if (session_is_locked(s))
            keep(s, ACTION_NONE, character);
        else
            type_on_screen(s, character);
    }
}

void session_paste_newline(struct session *s)
{
    session_do(s, session_is_display(s) ? (enum action)KEY_NEWLINE : ACTION_SEND);
}

/* Marking text in the body of the window, and pasting.  What is marked is a rectangle of a 3270's
 * screen, or running text of a paper. */
#include "consoles/term/internal.h"

#include <stdlib.h>
#include <string.h>

static bool is_marked(const struct term *t, unsigned row, unsigned column, bool rectangle)
{
    unsigned r1 = t->mark_row, c1 = t->mark_column, r2 = t->mark_end_row, c2 = t->mark_end_column;
    if (r1 > r2 || (r1 == r2 && c1 > c2)) {
        r1 = t->mark_end_row;
        c1 = t->mark_end_column;
        r2 = t->mark_row;
        c2 = t->mark_column;
    }
    if (row < r1 || row > r2)
        return false;
    if (rectangle)
        return column >= (c1 < c2 ? c1 : c2) && column <= (c1 > c2 ? c1 : c2);
    return (row > r1 || column >= c1) && (row < r2 || column <= c2);
}

static bool rectangular(struct term *t)
{
    return session_is_display(term_session(t));
}

/* The marked text as UTF-8, rows without blanks at their end; freed by the caller. */
static char *marked_text(struct term *t)
{
    const struct layout *l = &t->layout;
    char *text = malloc((size_t)l->body_rows * (l->columns * 4 + 1) + 1), *to = text, *kept = text;
    if (!text)
        return NULL;
    for (unsigned row = l->body; row < l->body + l->body_rows; row++) {
        bool any = false;
        for (unsigned column = 0; column < l->columns; column++) {
            if (!is_marked(t, row, column, rectangular(t)))
                continue;
            char32_t character = tty_at(row, column);
            any = true;
            to += utf8_encode(character, to);
            if (character != ' ')
                kept = to;
        }
        to = kept;
        if (any)
            *to++ = '\n';
        kept = to;
    }
    if (to > text)
        to--; /* no newline behind the last */
    *to = 0;
    return text;
}

static void leave(struct term *t)
{
    t->marking = false;
    tty_escape_alone(false);
}

static void take(struct term *t)
{
    char *text = marked_text(t);
    leave(t);
    if (!text)
        return;
    free(t->clipboard);
    t->clipboard = text;
    tty_clipboard(text, strlen(text));
    char key[TTY_NAME];
    tty_key_name(bindings_key(&t->bindings, ACTION_PASTE, term_mode(t)), key);
    term_say(t, "copied; %s pastes it", key);
}

void copy_begin(struct term *t)
{
    const struct layout *l = &t->layout;
    unsigned row, column;
    if (!view_cursor(t, &row, &column)) {
        row = l->body + l->body_rows - 1;
        column = 0;
    }
    t->marking = true;
    t->mark_row = t->mark_end_row = row;
    t->mark_column = t->mark_end_column = column;
    tty_escape_alone(true);
}

void copy_key(struct term *t, const struct tty_input *input)
{
    const struct layout *l = &t->layout;
    unsigned *row = &t->mark_end_row, *column = &t->mark_end_column;
    switch (input->key) {
    case TTY_UP:
    case TTY_SHIFT_UP:
        *row -= *row > l->body;
        break;
    case TTY_DOWN:
    case TTY_SHIFT_DOWN:
        *row += *row + 1 < l->body + l->body_rows;
        break;
    case TTY_LEFT:
    case TTY_SHIFT_LEFT:
        *column -= *column > 0;
        break;
    case TTY_RIGHT:
    case TTY_SHIFT_RIGHT:
        *column += *column + 1 < l->columns;
        break;
    case TTY_HOME:
        *column = 0;
        break;
    case TTY_END:
        *column = l->columns - 1;
        break;
    case ' ': /* the first corner is here */
        t->mark_row = *row;
        t->mark_column = *column;
        break;
    case TTY_ENTER:
    case 'c':
        take(t);
        break;
    case TTY_MOUSE_DOWN:
    case TTY_MOUSE_UP:
        copy_mouse(t, input);
        break;
    default:
        leave(t);
        break;
    }
}

/* Pressed: perhaps the first corner.  Released somewhere else: that was marked. */
void copy_mouse(struct term *t, const struct tty_input *input)
{
    const struct layout *l = &t->layout;
    bool inside = input->row >= l->body && input->row < l->body + l->body_rows;
    if (input->key == TTY_MOUSE_DOWN) {
        t->mouse_held = inside;
        t->mark_row = t->mark_end_row = input->row;
        t->mark_column = t->mark_end_column = input->column;
        return;
    }
    bool moved = input->row != t->mark_row || input->column != t->mark_column;
    if (!t->mouse_held || !inside)
        return;
    t->mouse_held = false;
    if (moved) {
        t->mark_end_row = input->row;
        t->mark_end_column = input->column;
        take(t);
    } else if (session_is_display(term_session(t))) {
        int at = view_address(t, input->row, input->column);
        if (at >= 0)
            term_session(t)->screen->cursor = (unsigned)at;
    }
}

void copy_draw(struct term *t)
{
    const struct layout *l = &t->layout;
    for (unsigned row = l->body; row < l->body + l->body_rows; row++)
        for (unsigned column = 0; column < l->columns; column++)
            if (is_marked(t, row, column, rectangular(t)))
                tty_reverse(row, column);
    tty_cursor(t->mark_end_row, t->mark_end_column, true);
}

void copy_paste(struct term *t)
{
    struct utf8_decoder decoder = {0};
    struct tty_input input = {.pasted = true};
    if (!t->clipboard) {
        term_say(t, "nothing was copied yet (Alt-m marks; your terminal pastes its own, too)");
        return;
    }
    for (const char *c = t->clipboard; *c; c++) {
        int32_t character = utf8_decode(&decoder, (uint8_t)*c);
        if (character < 0)
            continue;
        input.key = (tty_key)character;
        term_key(t, &input);
    }
}

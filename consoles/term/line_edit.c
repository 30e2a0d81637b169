/* A line being typed, with history; see line_edit.h. */
#include "consoles/term/line_edit.h"

#include <stdlib.h>
#include <string.h>

void line_edit_free(struct line_edit *e)
{
    for (unsigned i = 0; i < e->count; i++)
        free(e->history[i]);
    e->count = 0;
}

void line_edit_clear(struct line_edit *e)
{
    e->length = e->cursor = e->back = e->kept_length = 0;
}

bool line_edit_type(struct line_edit *e, char32_t character)
{
    if (e->length == EDIT_MOST - 1)
        return false;
    memmove(e->text + e->cursor + 1, e->text + e->cursor,
            (e->length - e->cursor) * sizeof *e->text);
    e->text[e->cursor++] = character;
    e->length++;
    return true;
}

static void erase(struct line_edit *e, unsigned from, unsigned to)
{
    memmove(e->text + from, e->text + to, (e->length - to) * sizeof *e->text);
    e->length -= to - from;
    e->cursor = from;
}

static unsigned word_left(const struct line_edit *e)
{
    unsigned at = e->cursor;
    while (at > 0 && e->text[at - 1] == ' ')
        at--;
    while (at > 0 && e->text[at - 1] != ' ')
        at--;
    return at;
}

static unsigned word_right(const struct line_edit *e)
{
    unsigned at = e->cursor;
    while (at < e->length && e->text[at] == ' ')
        at++;
    while (at < e->length && e->text[at] != ' ')
        at++;
    return at;
}

static void show(struct line_edit *e, unsigned back)
{
    if (back > e->count)
        return;
    if (e->back == 0) {
        memcpy(e->kept, e->text, e->length * sizeof *e->text);
        e->kept_length = e->length;
    }
    e->back = back;
    if (back == 0) {
        memcpy(e->text, e->kept, e->kept_length * sizeof *e->text);
        e->length = e->kept_length;
    } else {
        const char32_t *line = e->history[e->count - back];
        for (e->length = 0; line[e->length]; e->length++)
            e->text[e->length] = line[e->length];
    }
    e->cursor = e->length;
}

bool line_edit_do(struct line_edit *e, enum action action)
{
    switch ((int)action) {
    case KEY_LEFT:
        e->cursor -= e->cursor > 0;
        break;
    case KEY_RIGHT:
        e->cursor += e->cursor < e->length;
        break;
    case KEY_HOME:
        e->cursor = 0;
        break;
    case ACTION_END_OF_FIELD:
        e->cursor = e->length;
        break;
    case KEY_DELETE:
        if (e->cursor < e->length)
            erase(e, e->cursor, e->cursor + 1);
        break;
    case ACTION_RUBOUT:
        if (e->cursor > 0)
            erase(e, e->cursor - 1, e->cursor);
        break;
    case ACTION_WORD_LEFT:
        e->cursor = word_left(e);
        break;
    case ACTION_WORD_RIGHT:
        e->cursor = word_right(e);
        break;
    case ACTION_ERASE_WORD:
        erase(e, word_left(e), e->cursor);
        break;
    case ACTION_ERASE_REST:
        erase(e, e->cursor, e->length);
        break;
    case ACTION_ERASE_LINE:
        erase(e, 0, e->length);
        break;
    case ACTION_OLDER:
        show(e, e->back + 1);
        break;
    case ACTION_NEWER:
        if (e->back > 0)
            show(e, e->back - 1);
        break;
    default:
        return false;
    }
    return true;
}

static bool is_last(const struct line_edit *e)
{
    if (e->count == 0)
        return false;
    const char32_t *last = e->history[e->count - 1];
    unsigned i = 0;
    while (i < e->length && last[i] == e->text[i])
        i++;
    return i == e->length && last[i] == 0;
}

void line_edit_remember(struct line_edit *e)
{
    if (e->length == 0 || is_last(e))
        return;
    char32_t *line = malloc((e->length + 1) * sizeof *line);
    if (!line)
        return;
    memcpy(line, e->text, e->length * sizeof *line);
    line[e->length] = 0;
    if (e->count == EDIT_HISTORY) {
        free(e->history[0]);
        memmove(e->history, e->history + 1, --e->count * sizeof *e->history);
    }
    e->history[e->count++] = line;
}

size_t line_edit_utf8(const struct line_edit *e, char *to)
{
    size_t n = 0;
    for (unsigned i = 0; i < e->length; i++)
        n += utf8_encode(e->text[i], to + n);
    to[n] = 0;
    return n;
}

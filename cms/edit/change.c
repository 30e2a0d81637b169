/* Subcommands that change lines. */
#include "cms/edit/internal.h"

#include "lib/str.h"

/* One replacement in `text` (length *n) at `at`: false if it would exceed the record. */
static bool splice(struct edit *e, char *text, size_t *n, size_t at, size_t old, const char *new,
                   size_t new_length)
{
    if (*n - old + new_length > e->lrecl) {
        edit_type(e, "TRUNCATED");
        return false;
    }
    memmove(text + at + new_length, text + at + old, *n - at - old);
    memcpy(text + at, new, new_length);
    *n = *n - old + new_length;
    return true;
}

struct change {
    const char *old, *new;
    size_t old_length, new_length;
    bool all; /* each occurrence in a line */
};

static bool change_line(struct edit *e, struct edit_line **line, const struct change *c)
{
    char text[EDIT_LRECL + 1];
    size_t n = (*line)->length;
    int at = edit_search(e, *line, c->old, c->old_length, 0);
    if (at < 0)
        return false;
    memcpy(text, (*line)->text, n);
    for (;;) {
        if (!splice(e, text, &n, (size_t)at, c->old_length, c->new, c->new_length))
            break;
        if (!edit_replace(e, line, text, n) || !c->all || !c->old_length)
            break;
        at = edit_search(e, *line, c->old, c->old_length, (uint32_t)at + (uint32_t)c->new_length);
        if (at < 0)
            break;
    }
    return true;
}

/* Changes up to n lines from the current one, which moves to the last of them. */
static void change_lines(struct edit *e, const struct change *c, uint32_t n)
{
    bool found = false;
    if (!edit_is_line(e, e->current) && e->current != e->end)
        e->current = e->current->next;
    for (uint32_t i = 0; i < n && e->current != e->end; i++) {
        struct edit_line *line = e->current;
        if (change_line(e, &line, c)) {
            found = true;
            e->current = line;
            edit_verify(e);
        }
        if (i + 1 < n)
            e->current = line->next;
    }
    if (!found)
        edit_not_found(e);
    if (e->current == e->end)
        edit_verify(e);
}

/* CHANGE /old/new/ [n|* [G|*]] */
void edit_change(struct edit *e, const char *operands)
{
    struct change c = {.all = false};
    char old[EDIT_INPUT], new[EDIT_INPUT];
    uint32_t n;
    const char *p = operands;
    if (!edit_string(&p, &c.old, &c.old_length))
        goto wrong;
    str_copy(old, c.old, c.old_length + 1);
    p = c.old + c.old_length;
    c.new = "";
    if (*p && !edit_string(&p, &c.new, &c.new_length))
        goto wrong;
    str_copy(new, c.new, c.new_length + 1);
    c.old = old;
    c.new = new;
    if (e->settings.upper_case) {
        str_upcase(old, c.old_length);
        str_upcase(new, c.new_length);
    }
    if (!edit_count(e, &p, 1, &n))
        return;
    c.all = str_equal(p, "G") || str_equal(p, "*");
    if (*p && !c.all)
        goto wrong;
    change_lines(e, &c, n);
    return;
wrong:
    edit_reject(e);
}

static bool take_character(const char **operands, char *c)
{
    char word[EDIT_INPUT];
    uint32_t code;
    if (!str_word(operands, word, sizeof word))
        return false;
    if (!word[1])
        *c = word[0];
    else if (!word[2] && str_hex(word, &code))
        *c = (char)code;
    else
        return false;
    return true;
}

/* ALTER c1 c2 [n|* [G|*]]: single characters, also as two hexadecimal digits. */
void edit_alter(struct edit *e, const char *operands)
{
    char old, new;
    struct change c = {.old = &old, .new = &new, .old_length = 1, .new_length = 1};
    uint32_t n;
    if (!take_character(&operands, &old) || !take_character(&operands, &new)) {
        edit_reject(e);
        return;
    }
    if (!edit_count(e, &operands, 1, &n))
        return;
    c.all = str_equal(operands, "G") || str_equal(operands, "*");
    change_lines(e, &c, n);
}

void edit_delete_lines(struct edit *e, const char *operands)
{
    uint32_t n;
    if (!edit_count(e, &operands, 1, &n))
        return;
    if (e->current == e->top)
        e->current = e->top->next;
    while (n-- && e->current != e->end)
        edit_delete(e, e->current);
    if (e->current == e->end)
        edit_verify(e);
}

/* DSTRING /string/: deletes from the current line down to the line that holds it, exclusive. */
void edit_delete_to(struct edit *e, const char *operands)
{
    const char *string;
    size_t length;
    struct edit_line *line = e->current->next;
    if (!edit_string(&operands, &string, &length)) {
        edit_reject(e);
        return;
    }
    while (line && line != e->end && edit_search(e, line, string, length, 0) < 0)
        line = line->next;
    if (!line || line == e->end) {
        edit_type(e, "STRING NOT FOUND, NO DELETIONS MADE");
        return;
    }
    if (e->current == e->top)
        e->current = e->top->next;
    while (e->current != line)
        edit_delete(e, e->current);
    edit_verify(e);
}

/* Inserts one line behind the current one and makes it the current one. */
static void insert_text(struct edit *e, const char *text)
{
    char to[EDIT_LRECL + 1];
    size_t length = edit_prepare(e, text, to);
    struct edit_line *line = edit_insert(e, e->current, to, length);
    if (line)
        e->current = line;
}

void edit_input(struct edit *e, const char *operands)
{
    if (*operands)
        insert_text(e, operands);
    else {
        e->input_mode = true;
        edit_type(e, "INPUT:");
    }
}

void edit_replace_line(struct edit *e, const char *operands)
{
    char to[EDIT_LRECL + 1];
    if (!edit_is_line(e, e->current)) {
        edit_verify(e);
        return;
    }
    if (*operands) {
        size_t length = edit_prepare(e, operands, to);
        edit_replace(e, &e->current, to, length);
        return;
    }
    struct edit_line *before = e->current->previous;
    edit_delete(e, e->current);
    e->current = before;
    edit_input(e, "");
}

/* The operand's characters that are not blank replace those in the same columns; an
 * underscore makes a blank. */
static void overlay_line(struct edit *e, const char *mask, size_t length)
{
    char text[EDIT_LRECL + 1];
    size_t n = e->current->length;
    memcpy(text, e->current->text, n);
    for (; n < length; n++)
        text[n] = ' ';
    for (size_t i = 0; i < length; i++)
        if (mask[i] != ' ')
            text[i] = mask[i] == '_' ? ' ' : mask[i];
    edit_replace(e, &e->current, text, n);
    edit_verify(e);
}

void edit_overlay(struct edit *e, const char *operands)
{
    char mask[EDIT_LRECL + 1];
    size_t length = edit_prepare(e, operands, mask);
    uint32_t n = e->repeat ? e->repeat : 1;
    e->repeat = 0;
    if (e->current == e->top)
        e->current = e->top->next;
    while (e->current != e->end) {
        overlay_line(e, mask, length);
        if (!--n)
            return;
        e->current = e->current->next;
    }
    edit_verify(e);
}

void edit_repeat(struct edit *e, const char *operands)
{
    uint32_t n;
    if (edit_count(e, &operands, 1, &n))
        e->repeat = n;
}

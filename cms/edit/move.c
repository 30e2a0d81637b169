/* Subcommands that move the line pointer and show lines. */
#include "cms/edit/internal.h"

#include "lib/str.h"

void edit_top(struct edit *e, const char *operands)
{
    e->current = e->top;
    edit_verify(e);
}

void edit_bottom(struct edit *e, const char *operands)
{
    e->current = e->end->previous;
    edit_verify(e);
}

void edit_down(struct edit *e, const char *operands)
{
    uint32_t n;
    if (!edit_count(e, &operands, 1, &n))
        return;
    while (n-- && e->current != e->end)
        e->current = e->current->next;
    edit_verify(e);
}

void edit_up(struct edit *e, const char *operands)
{
    uint32_t n;
    if (!edit_count(e, &operands, 1, &n))
        return;
    while (n-- && e->current != e->top)
        e->current = e->current->previous;
    edit_verify(e);
}

/* TYPE [n|*] [columns]: the last line typed becomes the current one. */
void edit_type_lines(struct edit *e, const char *operands)
{
    uint32_t n, columns;
    if (!edit_count(e, &operands, 1, &n) || !edit_count(e, &operands, EDIT_ALL, &columns))
        return;
    if (e->current == e->end && n)
        edit_type(e, "EOF:");
    while (n && e->current != e->end) {
        edit_type_line(e, e->current, columns);
        if (!--n)
            break;
        e->current = e->current->next;
        if (e->current == e->end)
            edit_type(e, "EOF:");
    }
}

int edit_search(const struct edit *e, const struct edit_line *line, const char *string,
                size_t length, uint32_t from)
{
    uint32_t last = line->length < e->settings.zone_last ? line->length : e->settings.zone_last;
    if (from + 1 < e->settings.zone_first)
        from = e->settings.zone_first - 1;
    for (; from + length <= last; from++)
        if (!memcmp(line->text + from, string, length))
            return (int)from;
    return -1;
}

bool edit_string(const char **operands, const char **string, size_t *length)
{
    const char *p = *operands;
    char delimiter = *p;
    if (!delimiter)
        return false;
    *string = ++p;
    while (*p && *p != delimiter)
        p++;
    *length = (size_t)(p - *string);
    *operands = *p ? p + 1 : p;
    return true;
}

/* Where a search begins: the next line, or the first one when all has been searched. */
static struct edit_line *search_start(struct edit *e)
{
    return e->current == e->end ? e->top->next : e->current->next;
}

static void search_ended(struct edit *e, struct edit_line *line)
{
    e->current = line;
    if (line == e->end)
        edit_not_found(e);
    edit_verify(e);
}

void edit_locate(struct edit *e, const char *operands)
{
    const char *string;
    size_t length;
    char text[EDIT_INPUT];
    struct edit_line *line = search_start(e);
    if (!edit_string(&operands, &string, &length)) {
        edit_reject(e);
        return;
    }
    str_copy(text, string, length + 1);
    if (e->settings.upper_case)
        str_upcase(text, length);
    while (line != e->end && edit_search(e, line, text, length, 0) < 0)
        line = line->next;
    search_ended(e, line);
}

/* The characters of the operand that are not blank must stand in the same columns. */
static bool line_matches(const struct edit_line *line, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ' && (i >= line->length || line->text[i] != text[i]))
            return false;
    return true;
}

void edit_find(struct edit *e, const char *operands)
{
    char text[EDIT_INPUT];
    size_t length = edit_prepare(e, operands, text);
    struct edit_line *line = search_start(e);
    while (line != e->end && !line_matches(line, text, length))
        line = line->next;
    search_ended(e, line);
}

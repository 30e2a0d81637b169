/* The lines in storage: a chain between two null lines, in rooms of 16 bytes' steps that are
 * used again when lines go. */
#include "cms/edit/internal.h"

#include "lib/str.h"

static size_t class_of(size_t length)
{
    return (length + 15) / 16;
}

static struct edit_line *line_new(struct edit *e, size_t length)
{
    size_t class = class_of(length ? length : 1);
    struct edit_line *line = e->unused[class];
    if (line) {
        e->unused[class] = line->next;
        return line;
    }
    size_t size = sizeof *line + class * 16;
    if (size > e->left) {
        /* A larger room does as well. */
        for (size_t c = class + 1; c < EDIT_CLASSES; c++)
            if ((line = e->unused[c])) {
                e->unused[c] = line->next;
                return line;
            }
        return NULL;
    }
    line = (struct edit_line *)(void *)e->storage;
    e->storage += size;
    e->left -= size;
    line->room = (uint16_t)(class * 16);
    return line;
}

static void line_free(struct edit *e, struct edit_line *line)
{
    size_t class = line->room / 16;
    line->next = e->unused[class];
    e->unused[class] = line;
}

void edit_buffer_init(struct edit *e, void *storage, size_t size)
{
    size_t skip = (size_t)(-(uintptr_t)storage) & 15;
    e->storage = (char *)storage + skip;
    e->left = size > skip ? size - skip : 0;
    e->top = line_new(e, 0);
    e->end = line_new(e, 0);
    if (!e->end)
        return;
    e->top->length = e->end->length = 0;
    e->top->previous = e->end->next = NULL;
    e->top->next = e->end;
    e->end->previous = e->top;
    e->current = e->top;
}

bool edit_is_line(const struct edit *e, const struct edit_line *line)
{
    return line != e->top && line != e->end;
}

static size_t fit(const struct edit *e, size_t length)
{
    return length > e->lrecl ? e->lrecl : length;
}

struct edit_line *edit_insert(struct edit *e, struct edit_line *after, const char *text,
                              size_t length)
{
    length = fit(e, length);
    struct edit_line *line = line_new(e, length);
    if (!line) {
        edit_type(e, "AVAILABLE STORAGE IS NOW FULL");
        return NULL;
    }
    if (after == e->end)
        after = e->end->previous;
    memcpy(line->text, text, length);
    line->length = (uint16_t)length;
    line->previous = after;
    line->next = after->next;
    after->next->previous = line;
    after->next = line;
    edit_changed(e);
    return line;
}

bool edit_replace(struct edit *e, struct edit_line **at, const char *text, size_t length)
{
    struct edit_line *line = *at;
    length = fit(e, length);
    if (length <= line->room) {
        memmove(line->text, text, length);
        line->length = (uint16_t)length;
        edit_changed(e);
        return true;
    }
    struct edit_line *new = edit_insert(e, line, text, length);
    if (!new)
        return false;
    if (e->current == line)
        e->current = new;
    *at = new;
    edit_delete(e, line);
    return true;
}

void edit_delete(struct edit *e, struct edit_line *line)
{
    if (e->current == line)
        e->current = line->next;
    line->previous->next = line->next;
    line->next->previous = line->previous;
    line_free(e, line);
    edit_changed(e);
}

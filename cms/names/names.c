/* Entries of NAMES files and their tags: see names.h. */
#include "cms/names/names.h"

#include "lib/str.h"

/* The length of `:name.` at the text's beginning, or 0: letters, digits and a few others. */
static size_t tag_length(const char *text, size_t length)
{
    size_t n = 1;

    if (!length || text[0] != ':')
        return 0;
    while (n < length && (str_is_alnum(text[n]) || text[n] == '_' || text[n] == '-'))
        n++;
    return n > 1 && n < length && text[n] == '.' ? n + 1 : 0;
}

static bool same(const char *a, size_t length, const char *b)
{
    size_t i = 0;

    while (i < length && b[i] && str_upper(a[i]) == str_upper(b[i]))
        i++;
    return i == length && !b[i];
}

bool names_begins_entry(const char *line, size_t length)
{
    while (length && *line == ' ')
        line++, length--;
    size_t n = tag_length(line, length);
    return n && same(line + 1, n - 2, "NICK");
}

void names_add(struct names_entry *e, const char *line, size_t length)
{
    if (e->length && e->length < NAMES_ENTRY)
        e->text[e->length++] = ' ';
    if (length > NAMES_ENTRY - e->length)
        length = NAMES_ENTRY - e->length;
    memcpy(e->text + e->length, line, length);
    e->length += length;
}

/* Only a colon behind a blank begins a tag: values may have times in them. */
static size_t next_tag(const struct names_entry *e, size_t at, size_t *tag)
{
    for (; at < e->length; at++)
        if ((!at || e->text[at - 1] == ' ') &&
            (*tag = tag_length(e->text + at, e->length - at)) != 0)
            return at;
    *tag = 0;
    return at;
}

bool names_tag(const struct names_entry *e, const char *tag, const char **value, size_t *length)
{
    size_t n, at = next_tag(e, 0, &n);

    *length = 0;
    while (n) {
        size_t begin = at + n, next, end = next_tag(e, begin, &next);
        if (same(e->text + at + 1, n - 2, tag)) {
            size_t last = end;
            while (begin < last && e->text[begin] == ' ')
                begin++;
            while (last > begin && e->text[last - 1] == ' ')
                last--;
            *value = e->text + begin;
            *length = last - begin;
            return *length != 0;
        }
        at = end;
        n = next;
    }
    return false;
}

bool names_is(const struct names_entry *e, const char *tag, const char *value)
{
    const char *has;
    size_t length;

    return names_tag(e, tag, &has, &length) && same(has, length, value);
}

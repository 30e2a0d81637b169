/* COPYFILE's specifications and translations: see specs.h. */
#include "cms/copy/specs.h"

#include "lib/str.h"

static const char *skip_blanks(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

/* The end of the line, or "++" before it. */
static bool at_end(const char *at, bool *more)
{
    *more = at[0] == '+' && at[1] == '+' && !*skip_blanks(at + 2);
    return *more || !*at;
}

static bool hex_byte(const char *at, uint8_t *byte)
{
    char two[3] = {at[0], at[0] ? at[1] : 0, 0};
    uint32_t value;

    if (!two[1] || !str_hex(two, &value))
        return false;
    *byte = (uint8_t)value;
    return true;
}

static enum specs_error store(struct specs *s, char c)
{
    if (s->used == SPECS_TEXT)
        return SPECS_NO_ROOM;
    s->strings[s->used++] = c;
    s->spec[s->count].length++;
    return SPECS_OK;
}

static enum specs_error take_string(struct specs *s, const char **at)
{
    enum specs_error e = SPECS_OK;
    char delimiter = *(*at)++;

    for (; **at && **at != delimiter && !e; ++*at)
        e = store(s, **at);
    if (e || !s->spec[s->count].length || *(*at)++ != delimiter)
        return e ? e : SPECS_BAD;
    return SPECS_OK;
}

static enum specs_error take_hex(struct specs *s, const char **at)
{
    enum specs_error e = SPECS_OK;
    uint8_t byte;

    for (++*at; !e && **at && **at != ' '; *at += e ? 0 : 2)
        e = hex_byte(*at, &byte) ? store(s, (char)byte) : SPECS_BAD;
    return e ? e : s->spec[s->count].length ? SPECS_OK : SPECS_BAD;
}

static bool number(const char **at, uint32_t *value)
{
    char digits[8];
    unsigned n = 0;

    while (str_is_digit((*at)[n]) && n + 1 < sizeof(digits)) {
        digits[n] = (*at)[n];
        n++;
    }
    digits[n] = 0;
    *at += n;
    return str_decimal(digits, value) && *value && *value <= SPECS_COLUMN;
}

static enum specs_error take_columns(struct specs *s, const char **at)
{
    uint32_t last;

    s->spec[s->count].text = -1;
    if (!number(at, &s->spec[s->count].from))
        return SPECS_BAD;
    last = s->spec[s->count].from;
    if (**at == '-') {
        ++*at;
        if (!number(at, &last) || last < s->spec[s->count].from)
            return SPECS_BAD;
    }
    s->spec[s->count].length = last - s->spec[s->count].from + 1;
    return SPECS_OK;
}

static enum specs_error take_spec(struct specs *s, const char **at)
{
    enum specs_error e;

    s->spec[s->count].text = (int32_t)s->used;
    s->spec[s->count].length = 0;
    if (str_is_digit(**at))
        e = take_columns(s, at);
    else if (str_upper(**at) == 'H')
        e = take_hex(s, at);
    else
        e = str_is_alnum(**at) ? SPECS_BAD : take_string(s, at);
    if (e)
        return e;
    *at = skip_blanks(*at);
    if (!number(at, &s->spec[s->count].to) || (**at && **at != ' ') ||
        s->spec[s->count].to + s->spec[s->count].length - 1 > SPECS_COLUMN)
        return SPECS_BAD;
    s->count++;
    return SPECS_OK;
}

enum specs_error specs_add(struct specs *s, const char *line, bool *more, const char **at)
{
    for (*at = skip_blanks(line); !at_end(*at, more); *at = skip_blanks(*at)) {
        const char *begin = *at;
        enum specs_error e = s->count == SPECS_MAX ? SPECS_TOO_MANY : take_spec(s, at);
        if (e) {
            *at = begin;
            return e;
        }
    }
    return SPECS_OK;
}

uint32_t specs_width(const struct specs *s)
{
    uint32_t width = 0;

    for (unsigned i = 0; i < s->count; i++)
        if (s->spec[i].to + s->spec[i].length - 1 > width)
            width = s->spec[i].to + s->spec[i].length - 1;
    return width;
}

uint32_t specs_apply(const struct specs *s, const char *record, uint32_t length, char *to,
                     uint32_t size)
{
    uint32_t end = 1;

    for (unsigned i = 0; i < s->count; i++) {
        uint32_t n = s->spec[i].length, from = s->spec[i].from, at = s->spec[i].to - 1;
        const char *source = s->strings;
        if (s->spec[i].text >= 0) {
            source += s->spec[i].text;
        } else {
            if (from > length)
                continue;
            source = record + from - 1;
            if (n > length - from + 1)
                n = length - from + 1;
        }
        if (at >= size)
            continue;
        if (n > size - at)
            n = size - at;
        memcpy(to + at, source, n);
        if (at + n > end)
            end = at + n;
    }
    return end;
}

static bool character(const char **at, uint8_t *c)
{
    const char *word = *at;

    if (!*word)
        return false;
    if (!word[1] || word[1] == ' ') {
        *c = (uint8_t)*word;
        *at += 1;
        return true;
    }
    *at += 2;
    return hex_byte(word, c) && (!**at || **at == ' ');
}

enum specs_error trans_add(uint8_t table[256], const char *line, bool *more, const char **at)
{
    uint8_t from, to;

    for (*at = skip_blanks(line); !at_end(*at, more); *at = skip_blanks(*at)) {
        const char *begin = *at;
        bool good = character(at, &from);
        *at = skip_blanks(*at);
        if (!good || !character(at, &to)) {
            *at = begin;
            return SPECS_BAD;
        }
        table[from] = to;
    }
    return SPECS_OK;
}

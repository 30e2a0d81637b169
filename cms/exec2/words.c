/* Words: how EXEC 2 splits a statement and replaces the variables in it. */
#include "cms/exec2/internal.h"

#include "lib/str.h"

static int add(struct exec2_statement *s, const char *from, size_t length, size_t raw)
{
    if (s->count == EXEC2_WORDS || s->used + length + 1 > EXEC2_TEXT)
        return EXEC2_TOO_LONG;
    s->word[s->count] = s->used;
    s->raw[s->count++] = (uint8_t)raw;
    memcpy(s->text + s->used, from, length);
    s->text[s->used + length] = 0;
    s->used = (uint16_t)(s->used + length + 1);
    return EXEC2_OK;
}

int exec2_split(struct exec2_statement *s, const char *line)
{
    size_t at = 0;

    s->count = 0;
    s->used = 0;
    str_copy(s->line, line, sizeof s->line);
    for (;;) {
        while (str_is_space(s->line[at]))
            at++;
        if (!s->line[at])
            return EXEC2_OK;
        size_t end = at;
        while (s->line[end] && !str_is_space(s->line[end]))
            end++;
        int error = add(s, s->line + at, end - at, at);
        if (error)
            return error;
        at = end;
    }
}

const char *exec2_word(const struct exec2_statement *s, int i)
{
    return i < s->count ? s->text + s->word[i] : "";
}

/* From right to left, each name reaching to the word's end: &X&I with &I = 2 becomes &X2 and then
 * its value. */
int exec2_substitute_word(struct exec2 *e, struct exec2_statement *s, int i, size_t keep)
{
    char word[EXEC2_WORD], value[EXEC2_WORD];
    bool changed = false;

    str_copy(word, exec2_word(s, i), sizeof word);
    for (size_t at = strlen(word); at-- > keep;) {
        if (word[at] != '&' || !word[at + 1])
            continue;
        exec2_variable_get(e, word + at + 1, value);
        if (at + strlen(value) >= sizeof word)
            return EXEC2_TOO_LONG;
        str_copy(word + at, value, sizeof word - at);
        changed = true;
    }
    size_t n = strlen(word) + 1;
    if (!changed)
        return EXEC2_OK;
    if (s->used + n > EXEC2_TEXT)
        return EXEC2_TOO_LONG;
    s->word[i] = s->used;
    memcpy(s->text + s->used, word, n);
    s->used = (uint16_t)(s->used + n);
    return EXEC2_OK;
}

int exec2_substitute(struct exec2 *e, struct exec2_statement *s, int first, int end)
{
    int error = EXEC2_OK;

    for (int i = first; i < end && i < s->count && !error; i++)
        error = exec2_substitute_word(e, s, i, 0);
    return error;
}

int exec2_join(const struct exec2_statement *s, int first, char *to, size_t size)
{
    size_t n = 0;

    to[0] = 0;
    for (int i = first; i < s->count; i++) {
        const char *word = exec2_word(s, i);
        size_t length = strlen(word);
        if (!length)
            continue;
        if (n + (n > 0) + length >= size)
            return EXEC2_TOO_LONG;
        if (n)
            to[n++] = ' ';
        memcpy(to + n, word, length + 1);
        n += length;
    }
    return EXEC2_OK;
}

const char *exec2_raw(const struct exec2_statement *s, int first)
{
    return first < s->count ? s->line + s->raw[first] : "";
}

int exec2_number(const char *text, int32_t *value)
{
    bool negative = *text == '-';
    int64_t v = 0;

    if (*text == '-' || *text == '+')
        text++;
    if (!*text)
        return EXEC2_CONVERSION;
    for (; *text; text++) {
        if (!str_is_digit(*text))
            return EXEC2_CONVERSION;
        v = v * 10 + (*text - '0');
        if (v > INT32_MAX)
            return EXEC2_CONVERSION;
    }
    *value = (int32_t)(negative ? -v : v);
    return EXEC2_OK;
}

/* Character classes, comparison, fixed fields, numbers, words: see str.h. */
#include "lib/str.h"

char str_upper(char c)
{
    if (c < 'a' || c > 'z')
        return c;
    if ((c >= 'a' && c <= 'i') || (c >= 'j' && c <= 'r') || (c >= 's' && c <= 'z'))
        return (char)(c + ('A' - 'a'));
    return c;
}

char str_lower(char c)
{
    if ((c >= 'A' && c <= 'I') || (c >= 'J' && c <= 'R') || (c >= 'S' && c <= 'Z'))
        return (char)(c + ('a' - 'A'));
    return c;
}

bool str_is_alpha(char c)
{
    return str_lower(c) != str_upper(c);
}

bool str_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool str_is_alnum(char c)
{
    return str_is_alpha(c) || str_is_digit(c);
}

bool str_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void str_upcase(char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        s[i] = str_upper(s[i]);
}

bool str_equal(const char *a, const char *b)
{
    while (*a && str_upper(*a) == str_upper(*b))
        a++, b++;
    return str_upper(*a) == str_upper(*b);
}

bool str_abbrev(const char *word, const char *name, size_t least)
{
    size_t n = 0;
    while (word[n] && name[n] && str_upper(word[n]) == str_upper(name[n]))
        n++;
    return !word[n] && n >= least && n > 0;
}

void str_copy(char *to, const char *from, size_t size)
{
    size_t i = 0;
    if (!size)
        return;
    while (i + 1 < size && from[i])
        i++;
    memmove(to, from, i); /* a string may be shifted within itself */
    to[i] = 0;
}

void str_pad(char *field, const char *from, size_t size)
{
    size_t i = 0;
    for (; i < size && from[i]; i++)
        field[i] = from[i];
    for (; i < size; i++)
        field[i] = ' ';
}

void str_unpad(char *to, const char *field, size_t size)
{
    while (size && (field[size - 1] == ' ' || !field[size - 1]))
        size--;
    memmove(to, field, size);
    to[size] = 0;
}

bool str_field_equal(const char *field, const char *s, size_t size)
{
    size_t i = 0;
    for (; i < size && s[i]; i++)
        if (field[i] != s[i])
            return false;
    if (i == size)
        return !s[i];
    for (; i < size; i++)
        if (field[i] != ' ')
            return false;
    return true;
}

static int digit_value(char c)
{
    if (str_is_digit(c))
        return c - '0';
    c = str_upper(c);
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

static bool number(const char *s, uint32_t base, uint32_t *value)
{
    uint32_t v = 0;
    if (!*s)
        return false;
    for (; *s; s++) {
        uint32_t d = (uint32_t)digit_value(*s);
        if (d >= base || v > (UINT32_MAX - d) / base)
            return false;
        v = v * base + d;
    }
    *value = v;
    return true;
}

bool str_hex(const char *s, uint32_t *value)
{
    return number(s, 16, value);
}

bool str_decimal(const char *s, uint32_t *value)
{
    return number(s, 10, value);
}

bool str_word(const char **line, char *word, size_t size)
{
    const char *p = *line;
    size_t n = 0;
    while (str_is_space(*p))
        p++;
    if (!*p) {
        *line = p;
        return false;
    }
    for (; *p && !str_is_space(*p); p++)
        if (n + 1 < size)
            word[n++] = *p;
    word[n] = 0;
    while (str_is_space(*p))
        p++;
    *line = p;
    return true;
}

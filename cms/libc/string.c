/* What lib/ has not of string.h, and ctype.h. */
#include "lib/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *strncpy(char *to, const char *from, size_t n)
{
    size_t i = 0;

    for (; i < n && from[i]; i++)
        to[i] = from[i];
    memset(to + i, 0, n - i);
    return to;
}

char *strcat(char *to, const char *from)
{
    strcpy(to + strlen(to), from);
    return to;
}

char *strncat(char *to, const char *from, size_t n)
{
    char *end = to + strlen(to);

    while (n-- && *from)
        *end++ = *from++;
    *end = 0;
    return to;
}

char *strrchr(const char *s, int c)
{
    for (const char *p = s + strlen(s); p >= s; p--)
        if (*p == (char)c)
            return (char *)(uintptr_t)p;
    return NULL;
}

size_t strspn(const char *s, const char *set)
{
    size_t n = 0;

    while (s[n] && strchr(set, s[n]))
        n++;
    return n;
}

size_t strcspn(const char *s, const char *set)
{
    size_t n = 0;

    while (s[n] && !strchr(set, s[n]))
        n++;
    return n;
}

char *strpbrk(const char *s, const char *set)
{
    s += strcspn(s, set);
    return *s ? (char *)(uintptr_t)s : NULL;
}

char *strstr(const char *s, const char *part)
{
    size_t n = strlen(part);

    for (; strlen(s) >= n; s++)
        if (!memcmp(s, part, n))
            return (char *)(uintptr_t)s;
    return NULL;
}

char *strtok(char *s, const char *set)
{
    static char *rest;

    if (!s)
        s = rest;
    if (!s)
        return NULL;
    s += strspn(s, set);
    if (!*s) {
        rest = NULL;
        return NULL;
    }
    rest = s + strcspn(s, set);
    if (*rest)
        *rest++ = 0;
    else
        rest = NULL;
    return s;
}

char *strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    char *to = malloc(n);

    return to ? memcpy(to, s, n) : NULL;
}

char *strerror(int number)
{
    static const struct {
        int number;
        char text[28];
    } texts[] = {
        {0, "no error"},
        {ENOENT, "no such file"},
        {EINVAL, "bad name or mode"},
        {ENOSPC, "disk is full"},
        {EROFS, "disk cannot be written"},
        {ERANGE, "number too large"},
        {EDOM, "out of range"},
        {104, "no storage"},
        {3, "input or output error"},
        {8, "record too long"},
        {15, "record length is wrong"},
    };

    for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (texts[i].number == number)
            return (char *)(uintptr_t)texts[i].text;
    return (char *)(uintptr_t) "error of CMS";
}

/* ---- ctype.h ---- */

int isalpha(int c)
{
    return c != -1 && str_is_alpha((char)c);
}

int isdigit(int c)
{
    return c != -1 && str_is_digit((char)c);
}

int isalnum(int c)
{
    return isalpha(c) || isdigit(c);
}

int isxdigit(int c)
{
    return c > 0 && strchr("0123456789abcdefABCDEF", c) != NULL;
}

int isspace(int c)
{
    return c > 0 && strchr(" \t\n\v\f\r", c) != NULL;
}

int isupper(int c)
{
    return isalpha(c) && str_upper((char)c) == (char)c;
}

int islower(int c)
{
    return isalpha(c) && str_lower((char)c) == (char)c;
}

int ispunct(int c)
{
    return c > 0 && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", c) != NULL;
}

int isprint(int c)
{
    return c == ' ' || isalnum(c) || ispunct(c);
}

int iscntrl(int c)
{
    return c >= 0 && c < ' ';
}

int toupper(int c)
{
    return isalpha(c) ? (unsigned char)str_upper((char)c) : c;
}

int tolower(int c)
{
    return isalpha(c) ? (unsigned char)str_lower((char)c) : c;
}

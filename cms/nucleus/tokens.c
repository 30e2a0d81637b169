/* A command line becomes 8-character tokens. */
#include "cms/nucleus/tokens.h"
#include "lib/str.h"

static bool ends_word(char c)
{
    return c == ' ' || c == '(' || c == ')';
}

int tokenize(const char *line, size_t length, char (*tokens)[8], int max)
{
    int n = 0;
    size_t i = 0;

    while (n < max - 1) {
        while (i < length && line[i] == ' ')
            i++;
        if (i == length)
            break;
        memset(tokens[n], ' ', 8);
        if (ends_word(line[i])) {
            tokens[n][0] = line[i++];
        } else {
            for (size_t at = 0; i < length && !ends_word(line[i]); i++, at++)
                if (at < 8)
                    tokens[n][at] = str_upper(line[i]);
        }
        n++;
    }
    memset(tokens[n], 0xff, 8);
    return n;
}

size_t tokens_arguments(const char *line, size_t length)
{
    size_t i = 0;

    while (i < length && line[i] == ' ')
        i++;
    while (i < length && !ends_word(line[i]))
        i++;
    while (i < length && line[i] == ' ')
        i++;
    return i;
}

/* Tokens: how EXEC splits a line and replaces the variables in it. */
#include "cms/exec/internal.h"

#include "lib/fmt.h"
#include "lib/str.h"

static bool is_parenthesis(char c)
{
    return c == '(' || c == ')';
}

/* This runs for every character of every line.  In both codes blanks of all kinds come first. */
static bool ends_token(char c)
{
    return (uint8_t)c > (uint8_t)' ' ? is_parenthesis(c) : !c || str_is_space(c);
}

int exec_tokenize(struct exec *e, const char *text)
{
    e->token_count = 0;
    while (*text) {
        int n = 0;
        while (str_is_space(*text))
            text++;
        if (!*text)
            break;
        if (e->token_count == EXEC_TOKENS)
            return EXEC_TOO_MANY_TOKENS;
        char *to = e->tokens[e->token_count++].text;
        if (is_parenthesis(*text))
            to[n++] = *text++;
        else
            for (; !ends_token(*text); text++)
                if (n < 8)
                    to[n++] = *text;
        to[n] = 0;
    }
    return EXEC_OK;
}

int exec_substitute_token(struct exec *e, struct exec_token *token, int keep)
{
    /* From right to left, and each name reaches to the token's end: &X&I with &I = 2 becomes
     * &X2 and then its value. */
    for (int at = (int)strlen(token->text) - 1; at >= keep; at--) {
        char value[9];
        if (token->text[at] != '&' || !token->text[at + 1])
            continue;
        if (at == 0 && (exec_is_control_word(token->text) || exec_is_function(token->text)))
            continue;
        int error = exec_variable_get(e, token->text + at + 1, value, sizeof value);
        if (error)
            return error;
        str_copy(token->text + at, value, sizeof token->text - (size_t)at);
    }
    return EXEC_OK;
}

void exec_drop_tokens(struct exec *e, int first, int count)
{
    for (int i = first; i + count < e->token_count; i++)
        e->tokens[i] = e->tokens[i + count];
    e->token_count -= count;
}

/* Behind X' stands a decimal number: its hexadecimal digits take the token's place. */
static void show_hexadecimal(struct exec_token *token)
{
    int value;

    if (exec_is_hexadecimal(token->text) && exec_number(token->text + 2, &value) && value >= 0)
        fmt(token->text, sizeof token->text, "%X", (unsigned)value);
}

bool exec_is_hexadecimal(const char *text)
{
    return str_upper(text[0]) == 'X' && text[1] == '\'' && text[2];
}

int exec_substitute(struct exec *e, int first)
{
    for (int i = first; i < e->token_count;) {
        if (str_equal(e->tokens[i].text, "&LITERAL")) {
            i += 2;
            continue;
        }
        int error = exec_substitute_token(e, &e->tokens[i], 0);
        if (error)
            return error;
        if (e->hexadecimal && !e->assigning)
            show_hexadecimal(&e->tokens[i]);
        if (e->tokens[i].text[0])
            i++;
        else
            exec_drop_tokens(e, i, 1);
    }
    return EXEC_OK;
}

const char *exec_join(struct exec *e, int first)
{
    size_t n = 0;
    e->output[0] = 0;
    for (int i = first; i < e->token_count; i++) {
        if (n && n + 1 < sizeof e->output)
            e->output[n++] = ' ';
        str_copy(e->output + n, e->tokens[i].text, sizeof e->output - n);
        n += strlen(e->output + n);
    }
    return e->output;
}

bool exec_number(const char *text, int *value)
{
    bool negative = *text == '-';
    uint32_t v;
    if (*text == '-' || *text == '+')
        text++;
    if (strlen(text) > 9 || !str_decimal(text, &v))
        return false;
    *value = negative ? -(int)v : (int)v;
    return true;
}

const void *exec_find_word(const char *word, const void *table, size_t size, size_t count)
{
    char upper[24];
    if (*word != '&')
        return NULL;
    str_copy(upper, word, sizeof upper);
    str_upcase(upper, strlen(upper));
    for (const char *row = table; count--; row += size) {
        const char *name = *(const char *const *)row;
        if (name[1] == upper[1] && !strcmp(name, upper))
            return row;
    }
    return NULL;
}

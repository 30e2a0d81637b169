/* Operands of CP commands: see operands.h. */
#include "cp/text/operands.h"

#include "lib/str.h"

bool operand_device(const char *word, uint32_t *address)
{
    uint32_t value;
    if (strlen(word) > 4 || !str_hex(word, &value) || value > 0xfff)
        return false;
    *address = value;
    return true;
}

bool operand_device_range(const char *word, uint32_t *first, uint32_t *last)
{
    char text[WORD_SIZE];
    str_copy(text, word, sizeof text);
    char *dash = strchr(text, '-');
    if (!dash) {
        if (!operand_device(text, first))
            return false;
        *last = *first;
        return true;
    }
    *dash = 0;
    return operand_device(text, first) && operand_device(dash + 1, last) && *first <= *last;
}

bool operand_storage(const char *word, uint32_t *bytes)
{
    char text[WORD_SIZE];
    size_t n = strlen(word);
    uint32_t value;
    if (n < 2 || n >= sizeof text)
        return false;
    str_copy(text, word, sizeof text);
    char unit = str_upper(text[n - 1]);
    text[n - 1] = 0;
    if ((unit != 'K' && unit != 'M') || !str_decimal(text, &value) || value > 1024 * 1024)
        return false;
    if (unit == 'M' && value > 1024)
        return false;
    value *= unit == 'M' ? 1024 : 1;
    *bytes = (value + 3) / 4 * 4096;
    return value > 0;
}

bool operand_userid(const char *word, char *userid)
{
    size_t n = strlen(word);
    if (n < 1 || n > 8)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!str_is_alnum(word[i]) && !strchr("$#@-_", word[i]))
            return false;
    str_copy(userid, word, USERID_SIZE);
    str_upcase(userid, n);
    return true;
}

bool operand_on_off(const char *word, bool *on)
{
    *on = str_equal(word, "ON");
    return *on || str_equal(word, "OFF");
}

bool operand_range(const char *word, struct operand_range *range)
{
    char text[WORD_SIZE];
    size_t at = 0;
    uint32_t count;
    if (strlen(word) >= sizeof text)
        return false;
    str_copy(text, word, sizeof text);
    while (text[at] && !strchr("-:.", text[at]))
        at++;
    char separator = text[at];
    const char *second = separator ? text + at + 1 : text + at;
    text[at] = 0;
    range->first = 0;
    if (at && !str_hex(text, &range->first))
        return false;
    range->last = range->first;
    range->to_end = separator && (!*second || str_abbrev(second, "END", 3));
    if (!separator || range->to_end)
        return at || separator;
    if (separator != '.')
        return str_hex(second, &range->last) && range->last >= range->first;
    if (!str_hex(second, &count) || !count || count - 1 > UINT32_MAX - range->first)
        return false;
    range->last = range->first + count - 1;
    return true;
}

const struct keyword *keyword_find(const struct keyword *table, const char *word)
{
    for (; table->name; table++)
        if (str_abbrev(word, table->name, table->least))
            return table;
    return NULL;
}

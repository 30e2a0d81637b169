/* SET: CMS's switches; anything else is CP's SET. */
#include "cms/kit/cms.h"

#define MODULE "SET"

static int bad_parameter(const char *word, const char *function)
{
    if (!*word)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "050E PARAMETER MISSING AFTER '%s'",
                         function);
    return cms_error(RC_BAD_OPERAND, "DMS" MODULE "026E INVALID PARAMETER '%s' FOR '%s' FUNCTION",
                     word, function);
}

/* SET INPUT|OUTPUT [from to]: characters, or two hexadecimal digits; nothing: as they are. */
static bool character(const char token[8], uint8_t *c)
{
    char word[9];
    uint32_t value;

    str_unpad(word, token, 8);
    if (strlen(word) == 1) {
        *c = (uint8_t)word[0];
        return true;
    }
    if (strlen(word) != 2 || !str_hex(word, &value))
        return false;
    *c = (uint8_t)value;
    return true;
}

static int set_translation(const struct cms_call *call, uint8_t table[256])
{
    uint8_t from, to;

    if (call->tokens == 2) {
        for (unsigned i = 0; i < 256; i++)
            table[i] = (uint8_t)i;
        return RC_OK;
    }
    if (call->tokens != 4 || !character(call->token[2], &from) || !character(call->token[3], &to))
        return cms_bad_operand(MODULE, call->token[2]);
    table[from] = to;
    return RC_OK;
}

static int set_cp(const struct cms_call *call)
{
    char line[CMS_LINE_MAX + 8], arguments[CMS_LINE_MAX + 1];

    cms_arguments(call, 1, arguments);
    return cms_cp(line, fmt(line, sizeof(line), "SET %s", arguments), NULL, 0, NULL);
}

static int set_switch(struct cms_switches *s, unsigned i, const struct cms_call *call)
{
    char word[9] = "";

    if (call->tokens > 2)
        str_unpad(word, call->token[2], 8);
    uint8_t *at = (uint8_t *)s + cms_switch_names[i].at;
    if (!strcmp(word, cms_switch_names[i].on))
        *at = 1;
    else if (!strcmp(word, cms_switch_names[i].off))
        *at = 0;
    else
        return bad_parameter(word, cms_switch_names[i].name);
    cms_set_switches(s);
    return RC_OK;
}

/* Of the next LOAD. */
static int set_loader_tables(struct cms_switches *s, const struct cms_call *call)
{
    char word[9] = "";
    uint32_t pages = 0;

    if (call->tokens > 2)
        str_unpad(word, call->token[2], 8);
    if (!str_decimal(word, &pages) || !pages || pages > 127)
        return bad_parameter(word, "LDRTBLS");
    s->loader_pages = (uint8_t)pages;
    cms_set_switches(s);
    return RC_OK;
}

int command_main(const struct cms_call *call)
{
    struct cms_switches s;
    char word[9];

    if (call->tokens < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E NO FUNCTION SPECIFIED");
    str_unpad(word, call->token[1], 8);
    cms_get_switches(&s);
    for (unsigned i = 0; cms_switch_names[i].name; i++)
        if (!strcmp(word, cms_switch_names[i].name))
            return set_switch(&s, i, call);
    if (!strcmp(word, "LDRTBLS"))
        return set_loader_tables(&s, call);
    bool input = !strcmp(word, "INPUT");
    if (input || !strcmp(word, "OUTPUT")) {
        int rc = set_translation(call, input ? s.input : s.output);
        if (!rc)
            cms_set_switches(&s);
        return rc;
    }
    if (s.under_cp && s.implied_cp) {
        int rc = set_cp(call);
        if (rc != RC_UNKNOWN_CP)
            return rc;
    }
    return cms_error(RC_BAD_OPERAND, "DMS" MODULE "014E INVALID FUNCTION '%s'", word);
}

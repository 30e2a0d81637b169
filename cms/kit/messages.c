/* Options, and the messages that many commands share, with VM/370's numbers and texts
 * (CMS Command and Macro Reference, GC20-1818; System Messages, GC20-1808). */
#include "cms/kit/kit.h"

int cms_operands_end(const struct cms_call *call)
{
    int i = 1;

    while (i < call->tokens && !(call->token[i][0] == '(' && call->token[i][1] == ' '))
        i++;
    return i;
}

static int find_option(const char *word, const struct cms_option *options, int count)
{
    for (int i = 0; i < count; i++) {
        char name[9];
        str_copy(name, options[i].name, sizeof(name));
        if (str_abbrev(word, name, options[i].least))
            return i;
    }
    return -1;
}

int cms_parse_options(const struct cms_call *call, const char *module,
                      const struct cms_option *options, int count, const char *found[])
{
    for (int i = 0; i < count; i++)
        found[i] = NULL;
    for (int t = cms_operands_end(call) + 1; t < call->tokens; t++) {
        char word[9];
        str_unpad(word, call->token[t], 8);
        if (!strcmp(word, ")"))
            break;
        int i = find_option(word, options, count);
        if (i < 0)
            return cms_error(RC_BAD_OPERAND, "DMS%s003E INVALID OPTION '%s'", module, word);
        if (options[i].has_value && ++t >= call->tokens)
            return cms_error(RC_BAD_OPERAND,
                             "DMS%s029E INVALID PARAMETER '' IN THE OPTION '%s' "
                             "FIELD",
                             module, word);
        found[i] = call->token[t];
    }
    return RC_OK;
}

int cms_no_options(const struct cms_call *call, const char *module)
{
    return cms_parse_options(call, module, NULL, 0, NULL);
}

int cms_only_fileid(struct cms_fileid *id, const struct cms_call *call, const char *module, int n,
                    const char *fm)
{
    if (!cms_fileid_of(id, call, n, fm))
        return cms_incomplete(module);
    if (cms_operands_end(call) > n + 3)
        return cms_bad_operand(module, call->token[n + 3]);
    return cms_no_options(call, module);
}

bool cms_number(const char token[8], uint32_t *value)
{
    char word[9];

    str_unpad(word, token, 8);
    return str_decimal(word, value);
}

/* Under &CONTROL NOMSG, for ERASE, LISTFILE, RENAME and STATE. */
bool cms_is_quiet(const char *module)
{
    static const char *const modules[] = {"ERS", "LST", "RNM", "STT"};

    for (unsigned i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
        if (!strcmp(module, modules[i]))
            return cms_view_switches()->no_file_quiet;
    return false;
}

int cms_no_file(const char *module, const struct cms_fileid *id)
{
    char name[24];

    if (cms_is_quiet(module))
        return RC_NOT_FOUND;
    return cms_error(RC_NOT_FOUND, "DMS%s002E FILE '%s' NOT FOUND", module,
                     cms_fileid_text(name, id));
}

int cms_incomplete(const char *module)
{
    return cms_error(RC_BAD_OPERAND, "DMS%s054E INCOMPLETE FILEID SPECIFIED", module);
}

int cms_bad_operand(const char *module, const char token[8])
{
    char word[9];

    str_unpad(word, token, 8);
    return cms_error(RC_BAD_OPERAND, "DMS%s070E INVALID PARAMETER '%s'", module, word);
}

int cms_not_accessed(const char *module, char letter)
{
    return cms_error(RC_NO_DISK, "DMS%s069E DISK '%c' NOT ACCESSED", module, letter);
}

int cms_disk_read_only(const char *module, char letter)
{
    return cms_error(RC_NO_DISK, "DMS%s037E DISK '%c' IS READ/ONLY", module, letter);
}

int cms_file_exists(const char *module, const struct cms_fileid *id)
{
    char name[24];

    return cms_error(RC_NOT_FOUND, "DMS%s024E FILE '%s' ALREADY EXISTS", module,
                     cms_fileid_text(name, id));
}

int cms_state_error(const char *module, int rc, const struct cms_fileid *id)
{
    if (rc == RC_NO_DISK)
        return cms_not_accessed(module, id->fm[0]);
    return cms_no_file(module, id);
}

int cms_can_write(const char *module, char letter)
{
    struct cms_disk disk;

    if (cms_disk(letter, &disk))
        return cms_not_accessed(module, letter);
    if (disk.read_only)
        return cms_disk_read_only(module, letter);
    return RC_OK;
}

int cms_can_create(const char *module, const struct cms_fileid *id)
{
    char name[24];
    int rc = cms_can_write(module, id->fm[0]);

    if (!rc && !(cms_valid_name(id->fn) && cms_valid_name(id->ft)))
        rc = cms_error(RC_BAD_CHARACTER, "DMS%s062E INVALID CHARACTER IN FILEID '%s'", module,
                       cms_fileid_text(name, id));
    return rc;
}

/* The rename makes it and the erase permanent together. */
int cms_replace_file(const struct cms_fileid *from, const struct cms_fileid *to)
{
    int rc = cms_file_erase(to);

    if (rc && rc != RC_NOT_FOUND)
        return rc;
    return cms_file_rename(from, to);
}

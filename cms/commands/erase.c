/* ERASE fn ft [fm] [(TYPE|NOTYPE]: "*" in name or type erases all that fit. */
#include "cms/kit/cms.h"

#define MODULE "ERS"

enum { TYPE, NOTYPE, OPTIONS };
static const struct cms_option options[OPTIONS] = {[TYPE] = {"TYPE", 1}, [NOTYPE] = {"NOTYPE", 3}};

static int erase_one(const struct cms_fileid *id, bool typed)
{
    char name[24];
    int rc = cms_file_erase(id);

    if (rc == RC_NO_DISK)
        return cms_disk_read_only(MODULE, id->fm[0]);
    if (rc)
        return cms_no_file(MODULE, id);
    if (typed)
        cms_printf("%s", cms_fileid_text(name, id));
    return RC_OK;
}

static bool generic(const char field[8])
{
    for (int i = 0; i < 8; i++)
        if (field[i] == '*' || field[i] == '%')
            return true;
    return false;
}

/* Erasing changes the list, so it is taken from the start after each. */
static int erase_many(const struct cms_fileid *pattern, bool typed)
{
    struct cms_list at;
    bool any = false;
    int rc = RC_OK;

    cms_list_start(&at);
    while (rc == RC_OK && cms_list_next(&at, pattern->fm[0]) == RC_OK) {
        if (!cms_match(at.info.id.fn, pattern->fn) || !cms_match(at.info.id.ft, pattern->ft))
            continue;
        if (str_is_digit(pattern->fm[1]) && pattern->fm[1] != at.info.id.fm[1])
            continue;
        rc = erase_one(&at.info.id, typed);
        any = true;
        cms_list_start(&at);
    }
    return any ? rc : cms_no_file(MODULE, pattern);
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (!cms_fileid_of(&id, call, 1, "A"))
        return cms_incomplete(MODULE);
    if (cms_operands_end(call) > 4)
        return cms_bad_operand(MODULE, call->token[4]);
    if (id.fm[0] == '*')
        id.fm[0] = 'A';
    rc = cms_can_write(MODULE, id.fm[0]);
    if (rc)
        return rc;
    if (generic(id.fn) || generic(id.ft))
        return erase_many(&id, found[TYPE] != NULL);
    rc = cms_state(&id, &info);
    if (rc)
        return cms_state_error(MODULE, rc, &id);
    return erase_one(&id, found[TYPE] != NULL);
}

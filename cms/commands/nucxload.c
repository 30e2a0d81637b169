/* NUCXLOAD name [fn] [(SYSTEM SERVICE PUSH]: a MODULE becomes a nucleus extension: it stays in
 * storage and is found before any MODULE or nucleus function of that name. */
#include "cms/kit/cms.h"
#include "cms/kit/scblock.h"

#define MODULE "NXL"

enum { SYSTEM, SERVICE, PUSH, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [SYSTEM] = {"SYSTEM", 3}, [SERVICE] = {"SERVICE", 3}, [PUSH] = {"PUSH", 4}};

static bool is_loaded(const char name[8])
{
    struct scblock s;

    for (uint32_t i = 0; cms_extension(i, &s); i++)
        if (!memcmp(s.name, name, 8))
            return true;
    return false;
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    const char *found[OPTIONS];
    int end = cms_operands_end(call);
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (end < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "001E NO FILENAME SPECIFIED");
    if (end > 3)
        return cms_bad_operand(MODULE, call->token[3]);
    cms_fileid(&id, "", "MODULE", "*");
    memcpy(id.fn, call->token[end - 1], 8);
    if (!found[PUSH] && is_loaded(call->token[1]))
        return RC_WARNING; /* as VM/SP does: it is there already */
    uint8_t flags =
        (uint8_t)((found[SYSTEM] ? SCBLOCK_SYSTEM : 0) | (found[SERVICE] ? SCBLOCK_SERVICE : 0));
    rc = cms_extension_load(call->token[1], &id, flags);
    if (rc == RC_NOT_FOUND)
        return cms_no_file(MODULE, &id);
    if (rc == RC_NO_STORAGE)
        return cms_error(rc, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    return rc;
}

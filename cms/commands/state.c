/* STATE fn ft [fm]: is there such a file? */
#include "cms/kit/cms.h"

#define MODULE "STT"

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;

    if (!cms_fileid_of(&id, call, 1, "*"))
        return cms_incomplete(MODULE);
    if (cms_operands_end(call) > 4)
        return cms_bad_operand(MODULE, call->token[4]);
    int rc = cms_state(&id, &info);
    return rc ? cms_state_error(MODULE, rc, &id) : RC_OK;
}

/* STATE fn ft [fm]: is there such a file? */
#include "cms/kit/cms.h"

#define MODULE "STT"

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;

    int rc = cms_only_fileid(&id, call, MODULE, 1, "*");
    if (rc)
        return rc;
    rc = cms_state(&id, &info);
    return rc ? cms_state_error(MODULE, rc, &id) : RC_OK;
}

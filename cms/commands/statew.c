/* STATEW fn ft [fm]: is there such a file on a disk that can be written? */
#include "cms/kit/cms.h"

#define MODULE "STT"

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    struct cms_disk disk;
    char letter;

    int rc = cms_only_fileid(&id, call, MODULE, 1, "*");
    if (rc)
        return rc;
    letter = id.fm[0];
    rc = letter != '*' ? cms_can_write(MODULE, letter) : RC_OK;
    if (rc)
        return rc;
    for (const char *l = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"; *l; l++) {
        if ((letter != '*' && letter != *l) || cms_disk(*l, &disk) || disk.read_only)
            continue;
        id.fm[0] = *l;
        if (cms_state(&id, &info) == RC_OK && info.id.fm[0] == *l)
            return RC_OK;
    }
    id.fm[0] = letter;
    return cms_no_file(MODULE, &id);
}

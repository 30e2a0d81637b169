/* FCOPY fn ft newfn newft: reads one CMS file and writes another, record by record, in upper
 * case: how a program in C works with files. */
#include "cms/kit/cms.h"

#define MODULE "FCP"

int command_main(const struct cms_call *call)
{
    struct cms_fileid from, to;
    struct cms_fileinfo info;
    struct fscb in, out;
    uint32_t records = 0;
    int rc;

    if (call->tokens != 5)
        return cms_incomplete(MODULE);
    cms_fileid(&from, "", "", "*");
    memcpy(from.fn, call->token[1], 16);
    cms_fileid(&to, "", "", "A1");
    memcpy(to.fn, call->token[3], 16);
    rc = cms_state(&from, &info);
    if (rc)
        return cms_state_error(MODULE, rc, &from);
    char *record = cms_alloc(info.lrecl);
    if (!record)
        return RC_NO_STORAGE;
    cms_file_erase(&to);
    cms_file(&in, &from);
    cms_file(&out, &to);
    while ((rc = cms_file_read(&in, record, info.lrecl)) == 0) {
        str_upcase(record, in.nord);
        rc = cms_file_write(&out, record, in.nord, info.recfm);
        if (rc)
            return cms_file_error(MODULE, &out, rc, true);
        records++;
    }
    cms_file_close(&in);
    cms_file_close(&out);
    cms_free(record, info.lrecl);
    cms_printf("%u RECORDS COPIED", records);
    return rc == FILE_END ? RC_OK : cms_file_error(MODULE, &in, rc, false);
}

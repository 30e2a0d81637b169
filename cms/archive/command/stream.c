/* Files as streams of bytes. */
#include "cms/archive/command/stream.h"

#define PREFIX 2 /* a V record's length */

static int no_storage(const char *module)
{
    return cms_error(RC_NO_STORAGE, "DMS%s109S VIRTUAL STORAGE CAPACITY EXCEEDED", module);
}

int stream_file(const char *module, const struct cms_fileinfo *info,
                int (*put)(void *context, const char *bytes, uint32_t length), void *context)
{
    struct fscb f;
    uint32_t size = (info->lrecl ? info->lrecl : 1) + PREFIX;
    uint32_t prefix = info->recfm == 'V' ? PREFIX : 0;
    char *record = cms_alloc(size);
    int got = 0, rc = RC_OK;

    if (!record)
        return no_storage(module);
    cms_file(&f, &info->id);
    while (!rc && (got = cms_file_read(&f, record + prefix, size - prefix)) == 0) {
        if (prefix)
            store_be16(record, f.nord);
        rc = put(context, record, f.nord + prefix);
    }
    cms_file_close(&f);
    cms_free(record, size);
    if (!rc && got != FILE_END)
        rc = cms_file_error(module, &f, got, false);
    return rc;
}

static int copy_records(const char *module, const struct cms_fileinfo *info, struct fscb *out,
                        char *record, int (*get)(void *context, char *to, uint32_t length),
                        void *context)
{
    int rc = RC_OK;

    for (uint32_t i = 0; i < info->records && !rc; i++) {
        char prefix[PREFIX];
        uint32_t length = info->lrecl;
        if (info->recfm == 'V') {
            rc = get(context, prefix, PREFIX);
            length = load_be16(prefix);
        }
        if (!rc && (!length || length > info->lrecl))
            return cms_error(RC_BAD_FILE,
                             "DMS%s096E FILE '%.8s %.8s %.2s' DATA BLOCK COUNT INCORRECT", module,
                             info->id.fn, info->id.ft, info->id.fm);
        if (!rc)
            rc = get(context, record, length);
        if (!rc && (rc = cms_file_write(out, record, length, info->recfm)) != 0)
            return cms_write_error(module, &info->id, rc);
    }
    return rc;
}

int stream_build(const char *module, const struct cms_fileinfo *info,
                 int (*get)(void *context, char *to, uint32_t length), void *context)
{
    struct cms_fileid work;
    struct fscb out;
    char *record = cms_alloc(info->lrecl);

    if (!record)
        return no_storage(module);
    cms_fileid(&work, "STREAM", "CMSUT1", "A1");
    work.fm[0] = info->id.fm[0];
    work.fm[1] = info->id.fm[1];
    cms_file_erase(&work);
    cms_file(&out, &work);
    int rc = copy_records(module, info, &out, record, get, context);
    cms_file_close(&out);
    cms_free(record, info->lrecl);
    if (!rc)
        rc = cms_file_redate(&work, info);
    if (!rc)
        rc = cms_replace_file(&work, &info->id);
    if (rc)
        cms_file_erase(&work);
    return rc;
}

/* GENMOD [fn [MODULE [fm]]] [(NOMAP]: what LOADMOD loaded at fixed storage, as it is now,
 * becomes a MODULE again. */
#include "cms/kit/cms.h"
#include "cms/kit/module.h"

#define MODULE "MOD"

enum { NOMAP, OPTIONS };
static const struct cms_option options[OPTIONS] = {[NOMAP] = {"NOMAP", 3}};

static int write_image(struct fscb *f, const struct cms_switches *s, const char name[8], bool nomap)
{
    struct module_header h;
    uint32_t size = s->module_end - s->module_begin, at = 0;

    memset(&h, 0, sizeof(h));
    put32(&h.magic, MODULE_MAGIC);
    h.version = 1;
    h.flags = nomap ? MODULE_NOMAP : 0;
    put32(&h.origin, s->module_begin);
    put32(&h.image_size, size);
    put32(&h.total_size, size);
    put32(&h.entry, s->module_entry);
    memcpy(h.name, name, 8);
    int rc = cms_file_write(f, &h, sizeof(h), 'V');
    while (!rc && at < size) {
        uint32_t piece = size - at < MODULE_RECORD ? size - at : MODULE_RECORD;
        rc = cms_file_write(f, (const char *)s->module_begin + at, piece, 'V');
        at += piece;
    }
    return rc;
}

int command_main(const struct cms_call *call)
{
    struct cms_switches s;
    struct cms_fileid id, work;
    struct fscb f;
    const char *found[OPTIONS];
    int end = cms_operands_end(call);
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    cms_get_switches(&s);
    if (end < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "001E NO FILENAME SPECIFIED");
    if (end > 4)
        return cms_bad_operand(MODULE, call->token[4]);
    if (!s.module_entry || s.module_begin != MODULE_USER_AREA)
        return cms_error(40, "DMS" MODULE "021E NOTHING IS LOADED AT 020000: USE LOADMOD");
    cms_fileid(&id, "", "MODULE", "A1");
    memcpy(id.fn, call->token[1], 8);
    if (end > 2)
        memcpy(id.ft, call->token[2], 8);
    if (end > 3)
        id.fm[0] = call->token[3][0];
    rc = cms_can_write(MODULE, id.fm[0]);
    if (rc)
        return rc;
    cms_fileid(&work, "GENMOD", "CMSUT1", "A1");
    work.fm[0] = id.fm[0];
    cms_file_erase(&work);
    cms_file(&f, &work);
    rc = write_image(&f, &s, id.fn, found[NOMAP] != NULL);
    cms_file_close(&f);
    if (!rc)
        rc = cms_replace_file(&work, &id);
    if (rc) {
        rc = cms_write_error(MODULE, &id, rc);
        cms_file_erase(&work);
    }
    return rc;
}

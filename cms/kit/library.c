/* Reading MACLIBs and TXTLIBs: the directory in storage, the members by record number. */
#include "cms/kit/cms.h"

#define RECORD 80

static int read_directory(struct cms_library *l, uint32_t item, uint32_t size)
{
    char record[RECORD];
    uint32_t at = 0;

    l->count = size / sizeof(struct library_member);
    l->members = cms_alloc(size ? size : 8);
    if (!l->members)
        return RC_NO_STORAGE;
    while (at < size) {
        uint32_t piece = size - at < RECORD ? size - at : RECORD;
        if (cms_file_read_at(&l->file, item++, record, RECORD))
            return RC_BAD_FILE;
        memcpy((char *)l->members + at, record, piece);
        at += piece;
    }
    return RC_OK;
}

int cms_library_open(struct cms_library *l, const struct cms_fileid *id)
{
    struct library_header h;
    struct cms_fileinfo info;

    memset(l, 0, sizeof(*l));
    if (cms_state(id, &info))
        return RC_NOT_FOUND;
    if (info.recfm != 'F' || info.lrecl != RECORD)
        return RC_BAD_FILE;
    cms_file(&l->file, &info.id);
    if (cms_file_read_at(&l->file, 1, &h, sizeof(h)) || !library_header_is_good(&h, info.records))
        return RC_BAD_FILE;
    return read_directory(l, get32(h.directory_item), get32(h.directory_size));
}

void cms_library_close(struct cms_library *l)
{
    if (l->members)
        cms_free(l->members, l->count ? l->count * sizeof(struct library_member) : 8);
    if (l->file.fn[0])
        cms_file_close(&l->file);
    memset(l, 0, sizeof(*l));
}

const struct library_member *cms_library_find(const struct cms_library *l, const char name[8])
{
    for (uint32_t i = 0; i < l->count; i++)
        if (!memcmp(l->members[i].name, name, 8))
            return &l->members[i];
    return NULL;
}

static int each_member(const struct cms_library *l, const char *module, const char member[8],
                       int (*each)(void *context, const struct cms_part *part), void *context)
{
    bool all = str_field_equal(member, "*", 8);
    struct cms_part part;
    int found = 0, rc = RC_OK;

    for (uint32_t i = 0; i < l->count && !rc; i++) {
        const struct library_member *m = &l->members[i];
        if (!all && memcmp(m->name, member, 8) != 0)
            continue;
        memcpy(part.name, m->name, 8);
        part.first = get32(m->item);
        part.count = get32(m->records);
        found++;
        rc = each(context, &part);
    }
    if (found || all)
        return rc;
    return cms_error(RC_NOT_FOUND, "DMS%s013E MEMBER '%.8s' NOT FOUND IN LIBRARY '%.8s %.8s'",
                     module, member, l->file.fn, l->file.ft);
}

int cms_parts(const char *module, const struct cms_fileinfo *info, const char *member,
              int (*each)(void *context, const struct cms_part *part), void *context)
{
    struct cms_part whole = {"        ", 1, info->records};
    struct cms_library l;
    char text[24];

    if (!member)
        return each(context, &whole);
    int rc = cms_library_open(&l, &info->id);
    if (rc == RC_NO_STORAGE)
        rc = cms_error(rc, "DMS%s109S VIRTUAL STORAGE CAPACITY EXCEEDED", module);
    else if (rc)
        rc = cms_error(RC_BAD_FILE, "DMS%s033E FILE '%s' IS NOT A LIBRARY", module,
                       cms_fileid_text(text, &info->id));
    else
        rc = each_member(&l, module, member, each, context);
    cms_library_close(&l);
    return rc;
}

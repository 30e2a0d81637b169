/* RENAME fileid1 fileid2 [(TYPE|NOTYPE]: "=" in the new id keeps a part, "*" in the old
 * one means all files that fit. */
#include "cms/kit/cms.h"

#define MODULE "RNM"

enum { TYPE, NOTYPE, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [TYPE] = {"TYPE", 1},
    [NOTYPE] = {"NOTYPE", 3},
};

static void take(char *part, const char *asked, const char *old, size_t size)
{
    memcpy(part, asked[0] == '=' || asked[0] == '*' ? old : asked, size);
}

static int rename_one(const struct cms_fileid *from, const struct cms_fileid *asked, bool typed)
{
    struct cms_fileid to;
    struct cms_fileinfo info;
    char name[24];

    take(to.fn, asked->fn, from->fn, 8);
    take(to.ft, asked->ft, from->ft, 8);
    take(to.fm, asked->fm, from->fm, 2);
    if (to.fm[1] == ' ')
        to.fm[1] = from->fm[1];
    if (to.fm[0] != from->fm[0])
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "051E INVALID MODE CHANGE");
    bool same = !memcmp(to.fn, from->fn, 16);
    if (!same && cms_state(&to, &info) == RC_OK && info.id.fm[0] == to.fm[0])
        return cms_file_exists(MODULE, &to);
    int rc = cms_file_rename(from, &to);
    if (rc == RC_BAD_CHARACTER)
        return cms_error(rc, "DMS" MODULE "062E INVALID CHARACTER IN FILEID '%s'",
                         cms_fileid_text(name, &to));
    if (rc == RC_NO_DISK)
        return cms_disk_read_only(MODULE, from->fm[0]);
    if (rc)
        return cms_no_file(MODULE, from);
    if (typed)
        cms_printf("%s", cms_fileid_text(name, &to));
    return RC_OK;
}

/* The ids are collected first: renaming changes the list. */
static int rename_many(const struct cms_fileid *pattern, const struct cms_fileid *asked, bool typed)
{
    struct cms_list at;
    struct cms_disk disk;
    uint32_t count = 0, i;
    int rc = RC_OK;

    cms_disk(pattern->fm[0], &disk);
    size_t size = (disk.files + 1) * sizeof(struct cms_fileid);
    struct cms_fileid *ids = cms_alloc(size);
    if (!ids)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    for (cms_list_start(&at); cms_list_next(&at, pattern->fm[0]) == RC_OK;)
        if (cms_match(at.info.id.fn, pattern->fn) && cms_match(at.info.id.ft, pattern->ft) &&
            count <= disk.files)
            ids[count++] = at.info.id;
    if (!count)
        rc = cms_no_file(MODULE, pattern);
    for (i = 0; i < count && rc == RC_OK; i++)
        rc = rename_one(&ids[i], asked, typed);
    cms_free(ids, size);
    return rc;
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid from, to;
    struct cms_fileinfo info;
    const char *found[OPTIONS];
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (cms_operands_end(call) != 7)
        return cms_incomplete(MODULE);
    cms_fileid_of(&from, call, 1, "A");
    cms_fileid_of(&to, call, 4, "A");
    if (from.fm[0] == '*')
        from.fm[0] = 'A';
    rc = cms_can_write(MODULE, from.fm[0]);
    if (rc)
        return rc;
    if (from.fn[0] == '*' || from.ft[0] == '*')
        return rename_many(&from, &to, found[TYPE] != NULL);
    rc = cms_state(&from, &info);
    if (rc || info.id.fm[0] != from.fm[0])
        return cms_no_file(MODULE, &from);
    return rename_one(&info.id, &to, found[TYPE] != NULL);
}

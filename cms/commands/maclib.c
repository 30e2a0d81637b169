/* MACLIB GEN|ADD|REP lib fn ... | DEL lib member ... | COMP lib | MAP lib [(TERM|DISK|PRINT]: macro
 * libraries.  What goes in is fn MACRO, every definition a member of its name, and fn COPY, a
 * member of its own name or those that its *COPY cards name. */
#include "cms/library/command/building.h"

#define MODULE "LBM"

static int add_file(struct building *b, const struct cms_fileinfo *info, bool macro)
{
    struct fscb f;
    char card[LIBRARY_RECORD];
    enum library_error e = LIBRARY_OK;
    int rc;

    if (info->lrecl > LIBRARY_RECORD || info->recfm != 'F')
        return cms_error(RC_BAD_FILE,
                         "DMS" MODULE "056E FILE '%.8s %.8s' CONTAINS INVALID RECORD "
                         "FORMATS",
                         info->id.fn, info->id.ft);
    cms_file(&f, &info->id);
    if (!macro)
        e = library_member_begin(&b->writer, (const uint8_t *)info->id.fn);
    memset(card, ' ', sizeof(card));
    while (!e && !(rc = cms_file_read(&f, card, sizeof(card))))
        e = macro ? library_macro_card(&b->writer, card, (const uint8_t *)card)
                  : library_copy_card(&b->writer, card, (const uint8_t *)card);
    cms_file_close(&f);
    if (!e && b->writer.depth)
        e = LIBRARY_OPEN;
    if (e)
        return building_error(b, e, info->id.fn);
    return rc == FILE_END ? RC_OK : cms_file_error(MODULE, &f, rc, false);
}

static int add(struct building *b, const char name[8])
{
    static const char *const types[] = {"MACRO", "COPY"};
    struct cms_fileid id;
    struct cms_fileinfo info;
    bool any = false;
    int rc = RC_OK;

    for (int i = 0; i < 2 && !rc; i++) {
        cms_fileid(&id, "", types[i], "*");
        memcpy(id.fn, name, 8);
        if (cms_state(&id, &info))
            continue;
        any = true;
        rc = add_file(b, &info, i == 0);
    }
    if (!any)
        return cms_error(RC_NOT_FOUND, "DMS" MODULE "002E FILE '%.8s MACRO|COPY' NOT FOUND", name);
    return rc;
}

/* The names that the files of REP define: they are written to nothing first. */
static bool write_nowhere(void *context, uint32_t item, const uint8_t record[LIBRARY_RECORD])
{
    (void)context, (void)item, (void)record;
    return true;
}

static int names_in_files(struct building *b, const struct cms_call *call, int end,
                          char (*names)[8], int *count)
{
    struct building dry = *b;
    int rc = RC_OK;

    dry.writer.write = write_nowhere;
    dry.writer.count = 0;
    dry.writer.members = cms_alloc(MEMBERS_MAX * sizeof(struct library_member));
    if (!dry.writer.members)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    for (int i = 3; i < end && !rc; i++)
        rc = add(&dry, call->token[i]);
    *count = (int)dry.writer.count;
    for (int i = 0; i < *count; i++)
        memcpy(names[i], dry.writer.members[i].name, 8);
    cms_free(dry.writer.members, MEMBERS_MAX * sizeof(struct library_member));
    return rc;
}

enum { GEN, ADD, REP, DEL, COMP, MAP };
static const char *const functions[] = {"GEN", "ADD", "REP", "DEL", "COMP", "MAP", NULL};

static int build(const struct cms_call *call, int function, struct cms_library *old, int end)
{
    static struct building b;
    static char names[MEMBERS_MAX][8];
    int count = 0;
    char letter = function == GEN ? 'A' : old->file.fm[0];
    int rc = building_begin(&b, MODULE, call->token[2], "MACLIB", letter);

    if (rc)
        return rc;
    if (function == DEL)
        for (; count < end - 3 && count < MEMBERS_MAX; count++)
            memcpy(names[count], call->token[3 + count], 8);
    else if (function == REP)
        rc = names_in_files(&b, call, end, names, &count);
    if (!rc && function != GEN)
        rc = building_copy(&b, old, (const char(*)[8])names, count);
    if (function != DEL && function != COMP)
        for (int i = 3; i < end && !rc; i++)
            rc = add(&b, call->token[i]);
    return building_end(&b, rc);
}

int command_main(const struct cms_call *call)
{
    static const struct library_command command = {MODULE, "MACLIB", functions, DEL, MAP, build};

    return library_main(call, &command);
}

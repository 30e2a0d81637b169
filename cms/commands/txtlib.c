/* TXTLIB GEN|ADD lib fn ... | DEL lib name ... | MAP lib [(TERM|DISK|PRINT]: libraries of TEXT
 * files, in which LOAD and INCLUDE find control sections and entry points by their names. */
#include "cms/library/command/building.h"

#define MODULE "LBT"

/* The names on an ESD card; the member's own comes first, the others are more names of it. */
static enum library_error esd_names(struct building *b, const uint8_t *card, bool *named)
{
    uint32_t length = load_be16(card + 10);
    enum library_error e = LIBRARY_OK;

    for (uint32_t at = 0; at + 16 <= length && at < 48 && !e; at += 16) {
        const uint8_t *item = card + 16 + at;
        if ((item[8] != 0 && item[8] != 1) || item[0] == ' ')
            continue; /* neither a control section nor an entry point */
        if (!*named)
            memcpy(b->writer.members[b->writer.count - 1].name, item, 8);
        else
            e = library_alias(&b->writer, item);
        *named = true;
    }
    return e;
}

static int add(struct building *b, const char name[8])
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    struct fscb f;
    uint8_t card[LIBRARY_RECORD];
    bool named = false;
    int rc;

    cms_fileid(&id, "", "TEXT", "*");
    memcpy(id.fn, name, 8);
    if (cms_state(&id, &info))
        return cms_no_file(MODULE, &id);
    if (info.recfm != 'F' || info.lrecl != LIBRARY_RECORD)
        return cms_error(RC_BAD_FILE,
                         "DMS" MODULE "056E FILE '%.8s TEXT' CONTAINS INVALID RECORD "
                         "FORMATS",
                         id.fn);
    cms_file(&f, &info.id);
    enum library_error e = library_member_begin(&b->writer, (const uint8_t *)name);
    while (!e && !(rc = cms_file_read(&f, card, sizeof(card)))) {
        if (card[0] == 0x02 && !memcmp(card + 1, "ESD", 3))
            e = esd_names(b, card, &named);
        if (!e)
            e = library_record(&b->writer, card);
    }
    cms_file_close(&f);
    if (e)
        return building_error(b, e, name);
    return rc == FILE_END ? RC_OK : cms_file_error(MODULE, &f, rc, false);
}

enum { GEN, ADD, DEL, MAP };
static const char *const functions[] = {"GEN", "ADD", "DEL", "MAP", NULL};

static int build(const struct cms_call *call, int function, struct cms_library *old, int end)
{
    static struct building b;
    char letter = function == GEN ? 'A' : old->file.fm[0];
    int rc = building_begin(&b, MODULE, call->token[2], "TXTLIB", letter);

    if (rc)
        return rc;
    if (function != GEN)
        rc = building_copy(&b, old, call->token + 3, function == DEL ? end - 3 : 0);
    if (function != DEL)
        for (int i = 3; i < end && !rc; i++)
            rc = add(&b, call->token[i]);
    return building_end(&b, rc);
}

int command_main(const struct cms_call *call)
{
    static const struct library_command command = {MODULE, "TXTLIB", functions, DEL, MAP, build};

    return library_main(call, &command);
}

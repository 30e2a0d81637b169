/* Building a library file, and its map. */
#include "cms/library/command/building.h"

static bool write_record(void *context, uint32_t item, const uint8_t record[LIBRARY_RECORD])
{
    struct building *b = context;

    if (!b->rc) {
        int rc = cms_file_write_at(&b->file, item, record, LIBRARY_RECORD, 'F');
        if (rc)
            b->rc = cms_write_error(b->module, &b->id, rc);
    }
    return !b->rc;
}

int building_begin(struct building *b, const char *module, const char name[8], const char *type,
                   char letter)
{
    memset(b, 0, sizeof(*b));
    b->module = module;
    cms_fileid(&b->id, "", type, "A1");
    memcpy(b->id.fn, name, 8);
    b->id.fm[0] = letter;
    int rc = cms_can_create(module, &b->id);
    if (rc)
        return rc;
    b->work = b->id;
    memcpy(b->work.ft, "CMSUT1  ", 8);
    cms_file_erase(&b->work);
    cms_file(&b->file, &b->work);
    b->writer.context = b;
    b->writer.write = write_record;
    b->writer.most = MEMBERS_MAX;
    b->writer.members = cms_alloc(MEMBERS_MAX * sizeof(struct library_member));
    if (!b->writer.members)
        return cms_error(RC_NO_STORAGE, "DMS%s109S VIRTUAL STORAGE CAPACITY EXCEEDED", module);
    return building_error(b, library_begin(&b->writer), "        ");
}

int building_error(struct building *b, enum library_error e, const char name[8])
{
    switch (e) {
    case LIBRARY_OK:
        return RC_OK;
    case LIBRARY_FULL:
        return cms_error(88, "DMS%s157S %.8s LIMIT EXCEEDED, LAST MEMBER ADDED WAS '%.8s'",
                         b->module, b->id.ft,
                         (const char *)b->writer.members[b->writer.count - 1].name);
    case LIBRARY_WRITE:
        return b->rc;
    default:
        return cms_error(RC_BAD_FILE, "DMS%s056E FILE '%.8s' CONTAINS INVALID RECORD FORMATS",
                         b->module, name);
    }
}

static int index_of(const char (*names)[8], int count, const uint8_t name[8])
{
    for (int i = 0; i < count; i++)
        if (!memcmp(names[i], name, 8))
            return i;
    return -1;
}

static int copy_member(struct building *b, struct cms_library *old, const struct library_member *m,
                       bool alias)
{
    uint8_t record[LIBRARY_RECORD];
    enum library_error e =
        alias ? library_alias(&b->writer, m->name) : library_member_begin(&b->writer, m->name);

    for (uint32_t i = 0; !alias && !e && i < get32(m->records); i++) {
        int rc = cms_file_read_at(&old->file, get32(m->item) + i, record, sizeof(record));
        if (rc)
            return cms_file_error(b->module, &old->file, rc, false);
        e = library_record(&b->writer, record);
    }
    return building_error(b, e, (const char *)m->name);
}

int building_copy(struct building *b, struct cms_library *old, const char (*without)[8], int count)
{
    uint32_t last = 0;
    int rc = RC_OK;

    for (int i = 0; i < count; i++)
        if (!cms_library_find(old, without[i]))
            return cms_error(RC_NOT_FOUND,
                             "DMS%s013E MEMBER '%.8s' NOT FOUND IN LIBRARY '%.8s %.8s'", b->module,
                             without[i], b->id.fn, b->id.ft);
    for (uint32_t i = 0; i < old->count && !rc; i++) {
        const struct library_member *m = &old->members[i];
        if (index_of(without, count, m->name) >= 0)
            continue;
        bool alias = b->writer.count && get32(m->item) == last;
        rc = copy_member(b, old, m, alias);
        last = get32(m->item);
    }
    return rc;
}

int building_end(struct building *b, int rc)
{
    if (!rc)
        rc = building_error(b, library_end(&b->writer), b->id.fn);
    int closed = cms_file_close(&b->file);
    if (!rc && closed)
        rc = cms_write_error(b->module, &b->id, closed);
    if (!rc)
        return cms_replace_file(&b->work, &b->id);
    cms_file_erase(&b->work);
    return rc;
}

/* At the terminal, or into fn MAP A5, or to the printer. */
static int map(const char *module, const struct cms_library *l, const char name[8], char where)
{
    struct cms_fileid id;
    struct fscb f;
    char line[80];
    int rc = RC_OK;

    cms_fileid(&id, "", "MAP", "A5");
    memcpy(id.fn, name, 8);
    if (where == 'D') {
        rc = cms_can_create(module, &id);
        if (rc)
            return rc;
        cms_file_erase(&id);
        cms_file(&f, &id);
    }
    for (uint32_t i = 0; i <= l->count && !rc; i++) {
        if (!i)
            fmt(line, sizeof(line), "MEMBER      INDEX    SIZE");
        else
            fmt(line, sizeof(line), "%.8s  %7u %7u", (const char *)l->members[i - 1].name,
                get32(l->members[i - 1].item), get32(l->members[i - 1].records));
        if (where == 'T') {
            cms_write(line, strlen(line));
        } else if (where == 'P') {
            cms_print(line, strlen(line), 0x09);
        } else {
            size_t n = strlen(line);
            memset(line + n, ' ', sizeof(line) - n);
            rc = cms_file_write(&f, line, sizeof(line), 'F');
            if (rc)
                rc = cms_file_error(module, &f, rc, true);
        }
    }
    if (where == 'D')
        cms_file_close(&f);
    return rc;
}

enum { TERM, DISK, PRINT, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [TERM] = {"TERM", 2}, [DISK] = {"DISK", 2}, [PRINT] = {"PRINT", 2}};

static int run(const struct cms_call *call, const struct library_command *c, int function, int end,
               const char *found[])
{
    struct cms_library old;
    struct cms_fileid id;

    cms_fileid(&id, "", c->type, "*");
    memcpy(id.fn, call->token[2], 8);
    memset(&old, 0, sizeof(old));
    int rc = function ? cms_library_open(&old, &id) : RC_OK;
    if (rc == RC_NOT_FOUND)
        return cms_no_file(c->module, &id);
    if (rc == RC_BAD_FILE)
        return cms_error(rc, "DMS%s056E FILE '%.8s %s' CONTAINS INVALID RECORD FORMATS", c->module,
                         id.fn, c->type);
    if (rc)
        return rc;
    if (function == c->map)
        rc = map(c->module, &old, id.fn, found[TERM] ? 'T' : found[PRINT] ? 'P' : 'D');
    else
        rc = c->build(call, function, &old, end);
    cms_library_close(&old);
    return rc;
}

int library_main(const struct cms_call *call, const struct library_command *c)
{
    const char *found[OPTIONS];
    int function = 0, end = cms_operands_end(call);
    int rc = cms_parse_options(call, c->module, options, OPTIONS, found);

    if (rc)
        return rc;
    if (end < 2)
        return cms_error(RC_BAD_OPERAND, "DMS%s047E NO FUNCTION SPECIFIED", c->module);
    while (c->functions[function] && !cms_token_is(call, 1, c->functions[function]))
        function++;
    if (!c->functions[function])
        return cms_error(RC_BAD_OPERAND, "DMS%s014E INVALID FUNCTION '%.8s'", c->module,
                         call->token[1]);
    if (end < 3)
        return cms_error(RC_BAD_OPERAND, "DMS%s046E NO LIBRARY NAME SPECIFIED", c->module);
    if (function <= c->with_operands && end < 4)
        return cms_incomplete(c->module);
    if (function > c->with_operands && end > 3)
        return cms_bad_operand(c->module, call->token[3]);
    return run(call, c, function, end, found);
}

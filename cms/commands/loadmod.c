/* LOADMOD fn [MODULE [fm]]: a MODULE to where it was made for, a relocatable one to X'20000'.  Its
 * load map becomes the loader's table, so that INCLUDE may go on with it and START has its names.
 */
#include "cms/load/command/map.h"

#define MODULE "MOD"

/* A table of the module's names, behind it; 0: there is no map, or no room for it. */
static uint32_t make_table(struct fscb *f, const struct module_header *h, uint32_t begin,
                           uint32_t end)
{
    struct cms_switches s;
    struct module_symbol symbol;

    cms_get_switches(&s);
    uint32_t size = s.loader_pages * LOAD_TABLE_PAGE;
    uint32_t behind = ((s.user_end > end ? s.user_end : end) + 15) & ~15u;
    struct load_table *table = (struct load_table *)behind;

    if (behind < MODULE_USER_AREA || !get32(h->symbols) || behind + size > s.user_top)
        return 0;
    load_begin(table, size, begin);
    table->next = end;
    table->entry = get32(h->entry);
    table->has_entry = true;
    for (uint32_t i = 0; i < get32(h->symbols); i++) {
        if (module_symbol(f, h, i, &symbol))
            return 0;
        struct load_symbol *to =
            load_add(table, (const uint8_t *)symbol.name, (enum load_kind)symbol.kind);
        if (!to)
            return 0;
        to->address = get32(symbol.address);
        to->length = get32(symbol.length);
    }
    return behind;
}

static int load(const struct cms_fileinfo *info)
{
    uint32_t p[5] = {(uint32_t)&info->id, 0, 0, 0, 2};
    struct cms_switches s;
    struct module_header h;
    struct fscb f;
    int rc = module_header(&f, info, MODULE, &h);

    cms_file_close(&f); /* the nucleus reads it from the beginning */
    if (!rc)
        rc = cms_service(SERVICE_LOAD, p);
    if (rc)
        return rc;
    cms_get_switches(&s);
    uint32_t table = make_table(&f, &h, p[2], p[3]);
    uint32_t keep = s.user_end > p[3] ? s.user_end : p[3];
    uint32_t program[5] = {p[2], p[3], p[1],
                           table ? table + s.loader_pages * LOAD_TABLE_PAGE : keep, table};
    cms_file_close(&f);
    return cms_service(SERVICE_PROGRAM, program);
}

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    int end = cms_operands_end(call);

    if (end < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "001E NO FILENAME SPECIFIED");
    if (end > 4)
        return cms_bad_operand(MODULE, call->token[4]);
    int rc = cms_no_options(call, MODULE);
    if (rc)
        return rc;
    cms_fileid(&id, "", "MODULE", "*");
    memcpy(id.fn, call->token[1], 8);
    if (end > 2)
        memcpy(id.ft, call->token[2], 8);
    if (end > 3)
        memcpy(id.fm, call->token[3], 2);
    rc = cms_state(&id, &info);
    if (rc)
        return cms_state_error(MODULE, rc, &id);
    return load(&info);
}

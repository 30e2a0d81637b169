/* GENMOD [fn [MODULE [fm]]] [(options]: what LOAD or LOADMOD brought to fixed storage, as it is
 * now, becomes a MODULE.  VM/370 CMS Command and Macro Reference, GENMOD. */
#include "cms/load/command/map.h"

#define MODULE "MOD"

enum { FROM, MAP, NOMAP, NOSTR, STR, SYSTEM, TO, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [FROM] = {"FROM", 2, 1}, [MAP] = {"MAP", 2},  [NOMAP] = {"NOMAP", 3},  [NOSTR] = {"NOSTR", 3},
    [STR] = {"STR", 3},      [TO] = {"TO", 2, 1}, [SYSTEM] = {"SYSTEM", 2}};

struct making {
    struct cms_switches switches;
    const struct load_table *table;
    const char *found[OPTIONS];
    uint32_t begin, end, entry;
};

static uint32_t map_names(const struct making *m)
{
    uint32_t n = 0;

    for (uint32_t i = 0; m->table && !m->found[NOMAP] && i < m->table->symbols; i++)
        n += load_is_defined(load_symbol(m->table, i));
    return n;
}

static int write_map(struct fscb *f, const struct making *m)
{
    struct module_symbol to;
    int rc = 0;

    for (uint32_t i = 0; !rc && map_names(m) && i < m->table->symbols; i++) {
        const struct load_symbol *s = load_symbol(m->table, i);
        if (!load_is_defined(s))
            continue;
        memset(&to, 0, sizeof(to));
        memcpy(to.name, s->name, 8);
        put32(&to.address, s->address);
        put32(&to.length, s->length);
        to.kind = s->kind;
        rc = cms_file_write(f, &to, sizeof(to), 'V');
    }
    return rc;
}

static int write_module(struct fscb *f, const struct making *m, const char name[8])
{
    struct module_header h;
    uint32_t size = m->end - m->begin, at = 0;

    memset(&h, 0, sizeof(h));
    put32(&h.magic, MODULE_MAGIC);
    h.version = 1;
    h.flags = (uint8_t)((m->found[STR] ? MODULE_STR : 0) | (m->found[SYSTEM] ? MODULE_SYSTEM : 0));
    put32(&h.origin, m->begin);
    put32(&h.image_size, size);
    put32(&h.total_size, size);
    put32(&h.entry, m->entry);
    put32(&h.symbols, map_names(m));
    memcpy(h.name, name, 8);
    int rc = cms_file_write(f, &h, sizeof(h), 'V');
    while (!rc && at < size) {
        uint32_t piece = size - at < MODULE_RECORD ? size - at : MODULE_RECORD;
        rc = cms_file_write(f, (const char *)m->begin + at, piece, 'V');
        at += piece;
    }
    return rc ? rc : write_map(f, m);
}

static int no_entry(const char name[8])
{
    char word[9];

    str_unpad(word, name, 8);
    return cms_error(RC_FAILED, "DMS" MODULE "021E ENTRY POINT '%s' NOT FOUND", word);
}

/* What is to be kept: FROM and TO are names of what is loaded, or addresses. */
static int choose_range(struct making *m)
{
    uint32_t entry = m->switches.module_entry;

    if (!entry)
        return cms_error(RC_FAILED, "DMS" MODULE "021E NOTHING IS LOADED: USE LOAD OR LOADMOD");
    m->begin = m->switches.module_begin;
    m->end = m->switches.module_end;
    if (m->found[FROM] && !loaded_address(m->table, m->found[FROM], &m->begin))
        return no_entry(m->found[FROM]);
    if (m->found[TO] && !loaded_address(m->table, m->found[TO], &m->end))
        return no_entry(m->found[TO]);
    m->entry = entry < m->begin || entry >= m->end ? m->begin : entry;
    if (m->begin >= m->end || m->begin < m->switches.module_begin ||
        m->end > m->switches.module_end || (m->entry & 1))
        return cms_error(RC_FAILED, "DMS" MODULE "039E NOTHING TO KEEP BETWEEN %06X AND %06X",
                         m->begin, m->end);
    return RC_OK;
}

static int make(const struct making *m, const struct cms_fileid *id)
{
    struct cms_fileid work;
    struct fscb f;

    cms_fileid(&work, "GENMOD", "CMSUT1", "A1");
    work.fm[0] = id->fm[0];
    cms_file_erase(&work);
    cms_file(&f, &work);
    int rc = write_module(&f, m, id->fn);
    cms_file_close(&f);
    if (!rc)
        rc = cms_replace_file(&work, id);
    if (rc) {
        rc = cms_write_error(MODULE, id, rc);
        cms_file_erase(&work);
    }
    return rc;
}

/* Without a name, that of the first control section. */
static bool name_module(const struct making *m, const struct cms_call *call, int end,
                        struct cms_fileid *id)
{
    cms_fileid(id, "", "MODULE", "A1");
    if (end > 1)
        memcpy(id->fn, call->token[1], 8);
    else if (m->table && m->table->first_section)
        memcpy(id->fn, load_symbol(m->table, m->table->first_section - 1)->name, 8);
    else
        return false;
    if (end > 2)
        memcpy(id->ft, call->token[2], 8);
    if (end > 3)
        id->fm[0] = call->token[3][0];
    return cms_valid_name(id->fn);
}

int command_main(const struct cms_call *call)
{
    static struct making m;
    struct cms_fileid id;
    int end = cms_operands_end(call);
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, m.found);

    if (rc)
        return rc;
    cms_get_switches(&m.switches);
    m.table = loaded_table(&m.switches);
    if (end > 4)
        return cms_bad_operand(MODULE, call->token[4]);
    if (!name_module(&m, call, end, &id))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "001E NO FILENAME SPECIFIED");
    rc = choose_range(&m);
    if (!rc)
        rc = cms_can_write(MODULE, id.fm[0]);
    return rc ? rc : make(&m, &id);
}

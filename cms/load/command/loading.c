/* The commands LOAD and INCLUDE: files and libraries are read, names that are missing are looked
 * for (a file of that name, then the TXTLIBs of GLOBAL), the map is written, and with START the
 * program begins.  VM/370 CMS Command and Macro Reference, LOAD and INCLUDE. */
#include "cms/load/command/loading.h"
#include "cms/kit/module.h"
#include "cms/load/load.h"

#define MODULE   "LIO"
#define MAP_LINE 80

enum {
    AUTO,
    CLEAR,
    DUP,
    INV,
    LIBE,
    MAP,
    NOAUTO,
    NOCLEAR,
    NODUP,
    NOINV,
    NOLIBE,
    NOMAP,
    NOREP,
    NOTYPE,
    ORIGIN,
    REP,
    RESET,
    START,
    TYPE,
    OPTIONS
};
static const struct cms_option options[OPTIONS] = {
    [AUTO] = {"AUTO", 2},     [CLEAR] = {"CLEAR", 2},     [DUP] = {"DUP", 3},
    [INV] = {"INV", 3},       [LIBE] = {"LIBE", 2},       [MAP] = {"MAP", 2},
    [NOAUTO] = {"NOAUTO", 3}, [NOCLEAR] = {"NOCLEAR", 5}, [NODUP] = {"NODUP", 3},
    [NOINV] = {"NOINV", 3},   [NOLIBE] = {"NOLIBE", 3},   [NOMAP] = {"NOMAP", 3},
    [NOREP] = {"NOREP", 3},   [NOTYPE] = {"NOTYPE", 3},   [ORIGIN] = {"ORIGIN", 2, 1},
    [REP] = {"REP", 3},       [RESET] = {"RESET", 5, 1},  [START] = {"START", 2},
    [TYPE] = {"TYPE", 2},
};

struct loading {
    struct loader loader;
    struct cms_switches switches;
    struct load_table *table;
    struct fscb map;
    const char *found[OPTIONS];
    bool write_map;
    uint32_t table_size; /* of the loader's table */
    uint32_t duplicates, invalid;
};

static void map_line(struct loading *l, const char *text)
{
    char line[MAP_LINE];

    if (l->found[TYPE])
        cms_write(text, strlen(text));
    if (!l->write_map)
        return;
    str_pad(line, text, sizeof(line));
    if (cms_file_write(&l->map, line, sizeof(line), 'F'))
        l->write_map = false; /* no map is no reason not to run the program */
}

static int note(struct loading *l, enum load_result r, const uint8_t card[LOAD_CARD])
{
    char text[MAP_LINE];

    switch (r) {
    case LOAD_INVALID:
        l->invalid++;
        fmt(text, sizeof(text), "INVALID CARD...%.60s", (const char *)card);
        if (!l->found[NOINV])
            map_line(l, text);
        return RC_OK;
    case LOAD_DUPLICATE:
        l->duplicates++;
        if (l->found[NODUP])
            return RC_OK;
        fmt(text, sizeof(text), "DMS" MODULE "202W DUPLICATE IDENTIFIER '%.8s'",
            (const char *)l->loader.name);
        return cms_error(RC_OK, "%s", text);
    case LOAD_NO_ROOM:
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    case LOAD_FULL:
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "116S LOADER TABLE OVERFLOW");
    default:
        return RC_OK;
    }
}

/* Loads `left` records from `item` on (0: all of the file). */
static int load_records(struct loading *l, struct fscb *f, uint32_t item, uint32_t left)
{
    uint8_t card[LOAD_CARD];
    int rc;

    load_new_deck(&l->loader);
    for (uint32_t n = 0; !left || n < left; n++) {
        rc = item ? cms_file_read_at(f, item + n, card, sizeof(card))
                  : cms_file_read(f, card, sizeof(card));
        if (rc == FILE_END && !left)
            return RC_OK;
        if (rc)
            return cms_file_error(MODULE, f, rc, false);
        if (f->nord < LOAD_CARD)
            memset(card + f->nord, ' ', LOAD_CARD - f->nord);
        enum load_result r = load_card(&l->loader, card);
        if (card[0] == 0x02 && !memcmp(card + 1, "REP", 3) && !l->found[NOREP]) {
            char text[MAP_LINE];
            fmt(text, sizeof(text), "REPLACE CARD...%.60s", (const char *)card + 1);
            map_line(l, text);
        }
        if (r == LOAD_END)
            load_new_deck(&l->loader);
        rc = note(l, r, card);
        if (rc)
            return rc;
    }
    return RC_OK;
}

static int load_file(struct loading *l, const struct cms_fileinfo *info)
{
    struct fscb f;

    cms_file(&f, &info->id);
    int rc = load_records(l, &f, 0, 0);
    cms_file_close(&f);
    return rc;
}

/* 28 without a message if no library has it. */
static int load_member(struct loading *l, const char name[8])
{
    struct cms_fileid id;
    struct cms_library library;

    for (unsigned i = 0; i < CMS_LIBRARIES && l->switches.txtlibs[i][0]; i++) {
        cms_fileid(&id, "", "TXTLIB", "*");
        memcpy(id.fn, l->switches.txtlibs[i], 8);
        int rc = cms_library_open(&library, &id);
        const struct library_member *m = rc ? NULL : cms_library_find(&library, name);
        if (m)
            rc = load_records(l, &library.file, get32(m->item), get32(m->records));
        cms_library_close(&library);
        if (m)
            return rc;
    }
    return RC_NOT_FOUND;
}

static int load_name(struct loading *l, const char name[8], bool files, bool libraries)
{
    struct cms_fileid id;
    struct cms_fileinfo info;

    cms_fileid(&id, "", "TEXT", "*");
    memcpy(id.fn, name, 8);
    if (files && !cms_state(&id, &info))
        return load_file(l, &info);
    return libraries ? load_member(l, name) : RC_NOT_FOUND;
}

/* Looks for what is missing until nothing more is found. */
static int search(struct loading *l)
{
    for (uint32_t i = 0; i < l->table->symbols; i++) {
        struct load_symbol *s = load_symbol(l->table, i);
        if (s->kind != LOAD_UNDEFINED || s->searched)
            continue;
        s->searched = true;
        int rc = load_name(l, (const char *)s->name, !l->found[NOAUTO], !l->found[NOLIBE]);
        if (rc && rc != RC_NOT_FOUND)
            return rc;
    }
    return RC_OK;
}

static int undefined_names(struct loading *l)
{
    unsigned n = 0;

    for (uint32_t i = 0; i < l->table->symbols; i++) {
        const struct load_symbol *s = load_symbol(l->table, i);
        if (s->kind != LOAD_UNDEFINED)
            continue;
        if (!n++)
            cms_error(RC_OK, "DMS" MODULE "201W THE FOLLOWING NAMES ARE UNDEFINED:");
        cms_printf("%.8s", (const char *)s->name);
    }
    return n ? RC_WARNING : RC_OK;
}

static void write_names(struct loading *l)
{
    char text[MAP_LINE];

    for (uint32_t i = 0; i < l->table->symbols; i++) {
        const struct load_symbol *s = load_symbol(l->table, i);
        if (load_is_defined(s))
            fmt(text, sizeof(text), "%.8s  %s AT %06X", (const char *)s->name,
                s->kind == LOAD_SECTION ? "SD" : "LR", s->address);
        else
            fmt(text, sizeof(text), "%.8s  ** UNDEFINED **", (const char *)s->name);
        map_line(l, text);
    }
}

static int choose_entry(struct loading *l, uint32_t *entry)
{
    char name[9];

    *entry = 0;
    if (!l->found[RESET]) {
        if (!load_entry(l->table, entry))
            return cms_error(RC_FAILED, "DMS" MODULE "021E NO ENTRY POINT: NOTHING WAS LOADED");
        return RC_OK;
    }
    const struct load_symbol *s = load_find(l->table, (const uint8_t *)l->found[RESET]);
    str_unpad(name, l->found[RESET], 8);
    if (!s || !load_is_defined(s))
        return cms_error(RC_FAILED, "DMS" MODULE "021E ENTRY POINT '%s' NOT FOUND", name);
    *entry = s->address;
    l->table->entry = *entry;
    l->table->has_entry = true;
    return RC_OK;
}

/* The table to go on with: INCLUDE's from the user area, else an empty one. */
static int prepare(struct loading *l, bool include)
{
    const struct load_table *old = (const struct load_table *)l->switches.loader_table;
    uint32_t origin = MODULE_USER_AREA;
    char text[9];

    if (!include)
        l->table_size = l->switches.loader_pages * LOAD_TABLE_PAGE;
    else if (l->switches.loader_table && load_table_is_good(old))
        l->table_size = old->size;
    else
        return cms_error(RC_FAILED, "DMS" MODULE "021E NOTHING IS LOADED: USE LOAD FIRST");
    l->table = cms_alloc(l->table_size);
    if (!l->table)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    if (include) {
        memcpy(l->table, old, l->table_size);
        for (uint32_t i = 0; i < l->table->symbols; i++)
            load_symbol(l->table, i)->searched = false;
        origin = l->table->origin;
    } else if (l->found[ORIGIN] && str_field_equal(l->found[ORIGIN], "TRANS", 8)) {
        origin = TRANSIENT_AREA;
    } else if (l->found[ORIGIN]) {
        str_unpad(text, l->found[ORIGIN], 8);
        if (!str_hex(text, &origin) || origin < MODULE_USER_AREA ||
            origin + l->table_size >= l->switches.user_top)
            return cms_error(RC_BAD_OPERAND,
                             "DMS" MODULE "029E INVALID PARAMETER '%s' IN THE OPTION "
                             "'ORIGIN' FIELD",
                             text);
        origin = (origin + 7) & ~7u;
    }
    if (!include)
        load_begin(l->table, l->table_size, origin);
    cms_get_switches(&l->switches); /* the table has taken of the storage */
    uint32_t limit =
        origin < MODULE_USER_AREA ? TRANSIENT_END : l->switches.user_top - l->table_size - 16;
    load_open(&l->loader, l->table, (uint8_t *)origin, limit);
    if (l->found[CLEAR] && !include)
        memset((void *)origin, 0, limit - origin);
    return RC_OK;
}

static void open_map(struct loading *l)
{
    struct cms_fileid id;

    cms_fileid(&id, "LOAD", "MAP", "A5");
    struct cms_disk disk;
    l->write_map = !l->found[NOMAP] && !cms_disk('A', &disk) && !disk.read_only;
    if (!l->write_map)
        return;
    cms_file_erase(&id);
    cms_file(&l->map, &id);
}

static int load_all(struct loading *l, const struct cms_call *call)
{
    int rc = RC_OK, end = cms_operands_end(call);
    struct cms_fileid id;

    for (int i = 1; i < end && !rc; i++) {
        rc = load_name(l, call->token[i], true, true);
        if (rc == RC_NOT_FOUND) {
            cms_fileid(&id, "", "TEXT", "*");
            memcpy(id.fn, call->token[i], 8);
            return cms_no_file(MODULE, &id);
        }
    }
    if (!rc && !(l->found[NOAUTO] && l->found[NOLIBE]))
        rc = search(l);
    if (!rc)
        rc = note(l, load_finish(&l->loader), NULL);
    return rc;
}

/* Tells CMS what is loaded; the table goes behind it, for INCLUDE and START. */
static int keep(struct loading *l, uint32_t entry)
{
    uint32_t behind = (l->table->next + 15) & ~15u;

    if (behind < MODULE_USER_AREA) /* of a program in the transient area */
        behind = MODULE_USER_AREA;

    uint32_t p[5] = {l->table->origin, l->table->next, entry, behind + l->table_size, behind};

    memcpy((void *)behind, l->table, l->table_size);
    int rc = cms_service(SERVICE_PROGRAM, p);
    if (rc)
        return cms_error(rc, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    return RC_OK;
}

int load_command(const struct cms_call *call, bool include)
{
    static struct loading l;
    uint32_t entry;
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, l.found);

    if (rc)
        return rc;
    if (cms_operands_end(call) < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "001E NO FILENAME SPECIFIED");
    cms_get_switches(&l.switches);
    rc = prepare(&l, include);
    if (rc)
        return rc;
    open_map(&l);
    rc = load_all(&l, call);
    int warning = rc ? rc : undefined_names(&l);
    write_names(&l);
    if (l.write_map)
        cms_file_close(&l.map);
    if (!rc)
        rc = choose_entry(&l, &entry);
    if (!rc)
        rc = keep(&l, entry);
    if (rc || !l.found[START])
        return rc ? rc : warning;
    return cms_command("START *", 7, COMMAND_QUIET);
}

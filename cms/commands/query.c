/* QUERY: what CMS knows about disks and its switches; anything else is CP's QUERY. */
#include "cms/kit/cms.h"

#define MODULE "QRY"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static void disk_line(const struct cms_disk *d)
{
    char line[CMS_LINE_MAX], used[20], mode[4] = {d->letter, 0, 0, 0};
    uint32_t percent = d->blocks ? d->used * 100 / d->blocks : 0;

    if (d->extends != ' ') {
        mode[1] = '/';
        mode[2] = d->extends;
    }
    fmt(used, sizeof(used), "%u-%02u", d->used, percent);
    size_t n = fmt(line, sizeof(line), "%.6s %03X %-3s %s %4u %04X %4u %8u %13s %11u %10u",
                   d->label, d->address, mode, d->read_only ? "R/O" : "R/W", d->cylinders, d->type,
                   d->block_size, d->files, used, d->blocks - d->used, d->blocks);
    cms_write(line, n);
}

static void disk_title(void)
{
    static const char title[] =
        "LABEL  CUU M  STAT  CYL TYPE BLKSIZE  FILES  BLKS USED-(%) BLKS LEFT  BLK TOTAL";

    cms_write(title, sizeof(title) - 1);
}

static int query_disk(const struct cms_call *call)
{
    struct cms_disk disk;

    if (call->tokens < 3 || call->token[2][0] == '*') {
        disk_title();
        for (const char *l = letters; *l; l++)
            if (cms_disk(*l, &disk) == RC_OK)
                disk_line(&disk);
        return RC_OK;
    }
    if (call->token[2][1] != ' ' || !str_is_alpha(call->token[2][0]))
        return cms_bad_operand(MODULE, call->token[2]);
    if (cms_disk(call->token[2][0], &disk))
        return cms_not_accessed(MODULE, call->token[2][0]);
    disk_title();
    disk_line(&disk);
    return RC_OK;
}

static int query_search(const struct cms_call *call)
{
    struct cms_disk d;
    char mode[4];

    for (const char *l = letters; *l; l++) {
        if (cms_disk(*l, &d))
            continue;
        fmt(mode, sizeof(mode), d.extends == ' ' ? "%c" : "%c/%c", d.letter, d.extends);
        cms_printf("%.6s  %03X  %-3s  %s", d.label, d.address, mode, d.read_only ? "R/O" : "R/W");
    }
    return RC_OK;
}

static int query_synonym(const struct cms_call *call)
{
    struct cms_synonym table[CMS_SYNONYMS];
    struct cms_switches s;
    uint32_t p[5] = {(uint32_t)table, CMS_SYNONYMS, 2};

    cms_get_switches(&s);
    cms_printf("SYSTEM ABBREVIATIONS %s", s.abbreviate ? "IN EFFECT" : "NOT IN EFFECT");
    if (cms_service(SERVICE_SYNONYMS, p) || !p[1]) {
        cms_printf("NO USER SYNONYMS IN EFFECT");
        return RC_OK;
    }
    cms_printf("SYSTEM   USER     SHORTEST");
    cms_printf("COMMAND  SYNONYM  FORM (IF ANY)");
    for (uint32_t i = 0; i < p[1]; i++)
        cms_printf("%.8s %.8s %.*s", table[i].command, table[i].synonym, table[i].least,
                   table[i].synonym);
    return RC_OK;
}

static int query_level(const struct cms_call *call)
{
    struct cms_switches s;

    cms_get_switches(&s);
    cms_printf("DATBOX CMS RELEASE 1%s", s.under_cp ? "" : ", WITHOUT CP");
    return RC_OK;
}

/* SET INPUT and SET OUTPUT: the characters that are not themselves. */
static void translations(const char *name, const uint8_t table[256])
{
    bool any = false;

    for (unsigned i = 0; i < 256; i++)
        if (table[i] != i) {
            cms_printf("%s %02X %02X", name, i, table[i]);
            any = true;
        }
    if (!any)
        cms_printf("%s = NONE", name);
}

static int query_input(const struct cms_call *call)
{
    struct cms_switches s;

    cms_get_switches(&s);
    translations("INPUT", s.input);
    return RC_OK;
}

static int query_output(const struct cms_call *call)
{
    struct cms_switches s;

    cms_get_switches(&s);
    translations("OUTPUT", s.output);
    return RC_OK;
}

static void libraries(const char *kind, const char (*list)[8])
{
    char line[CMS_LIBRARIES * 9 + 16];
    size_t n = fmt(line, sizeof(line), "%s =", kind);

    for (int i = 0; i < CMS_LIBRARIES && list[i][0]; i++)
        n += fmt(line + n, sizeof(line) - n, " %.8s", list[i]);
    cms_printf("%s%s", line, list[0][0] ? "" : " NONE");
}

static int query_maclib(const struct cms_call *call)
{
    struct cms_switches s;

    cms_get_switches(&s);
    libraries("MACLIB", (const char(*)[8])s.maclibs);
    return RC_OK;
}

static int query_txtlib(const struct cms_call *call)
{
    struct cms_switches s;

    cms_get_switches(&s);
    libraries("TXTLIB", (const char(*)[8])s.txtlibs);
    return RC_OK;
}

static int query_library(const struct cms_call *call)
{
    query_maclib(call);
    return query_txtlib(call);
}

static int query_filedef(const struct cms_call *call)
{
    cms_type_filedefs(MODULE);
    return RC_OK;
}

static int query_loader_tables(const struct cms_call *call)
{
    cms_printf("LDRTBLS = %u", cms_view_switches()->loader_pages);
    return RC_OK;
}

static const struct {
    const char *name;
    uint8_t least;
    int (*query)(const struct cms_call *call);
} functions[] = {
    {"DISK", 4, query_disk},
    {"SEARCH", 6, query_search},
    {"SYNONYM", 3, query_synonym},
    {"CMSLEVEL", 5, query_level},
    {"INPUT", 5, query_input},
    {"OUTPUT", 6, query_output},
    {"MACLIB", 6, query_maclib},
    {"TXTLIB", 6, query_txtlib},
    {"LIBRARY", 3, query_library},
    {"FILEDEF", 4, query_filedef},
    {"LDRTBLS", 5, query_loader_tables},
};

static bool query_switch(const char *word)
{
    struct cms_switches s;

    cms_get_switches(&s);
    for (unsigned i = 0; cms_switch_names[i].name; i++) {
        if (strcmp(word, cms_switch_names[i].name))
            continue;
        bool on = *((const uint8_t *)&s + cms_switch_names[i].at);
        cms_printf("%s = %s", cms_switch_names[i].name,
                   on ? cms_switch_names[i].on : cms_switch_names[i].off);
        return true;
    }
    return false;
}

/* The words of the call for CP. */
static int query_cp(const struct cms_call *call)
{
    char line[CMS_LINE_MAX + 8], arguments[CMS_LINE_MAX + 1];

    cms_arguments(call, 1, arguments);
    return cms_cp(line, fmt(line, sizeof(line), "QUERY %s", arguments), NULL, 0, NULL);
}

int command_main(const struct cms_call *call)
{
    struct cms_switches s;
    char word[9];

    if (call->tokens < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E NO FUNCTION SPECIFIED");
    str_unpad(word, call->token[1], 8);
    for (unsigned i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        if (str_abbrev(word, functions[i].name, functions[i].least))
            return functions[i].query(call);
    if (query_switch(word))
        return RC_OK;
    cms_get_switches(&s);
    if (s.under_cp && s.implied_cp) {
        int rc = query_cp(call);
        if (rc != RC_UNKNOWN_CP)
            return rc;
    }
    return cms_error(RC_BAD_OPERAND, "DMS" MODULE "014E INVALID FUNCTION '%s'", word);
}

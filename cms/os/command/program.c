/* Programs by name: what LOAD and INCLUDE brought; else INCLUDE looks for a TEXT file, or a member
 * of GLOBAL's TXTLIBs.  Once there, a program stays until CMS loads another. */
#include "cms/load/load.h"
#include "cms/os/command/os.h"

#define ABEND_NO_PROGRAM 0x806

static uint32_t loaded(const char name[8])
{
    struct cms_switches s;

    cms_get_switches(&s);
    const struct load_table *table = (const struct load_table *)s.loader_table;
    if (!s.loader_table || !load_table_is_good(table))
        return 0;
    const struct load_symbol *symbol = load_find(table, (const uint8_t *)name);
    bool good = symbol && load_is_defined(symbol);
    return good ? symbol->address : 0;
}

static uint32_t find(const char name[8])
{
    char line[40], word[9];
    uint32_t entry = loaded(name);

    if (entry)
        return entry;
    str_unpad(word, name, 8);
    size_t n = fmt(line, sizeof(line), "INCLUDE %s (NOMAP", word);
    cms_command(line, n, COMMAND_QUIET);
    return loaded(name);
}

/* LINK's and XCTL's list, at R15: A(name), A(DCB of the library: CMS has GLOBAL). */
static uint32_t named_by_list(const struct os_call *c)
{
    const uint32_t *list = (const uint32_t *)os_address(c->r[15]);

    return find((const char *)os_address(list[0]));
}

enum os_answer os_link(struct os_call *c)
{
    uint32_t entry = named_by_list(c);

    if (!entry || !context_call(c, CONTEXT_LINK, entry))
        return abend_system(c, ABEND_NO_PROGRAM);
    return OS_DONE;
}

/* R14 is where the program that leaves would have returned to. */
enum os_answer os_xctl(struct os_call *c)
{
    uint32_t entry = named_by_list(c);

    if (!entry)
        return abend_system(c, ABEND_NO_PROGRAM);
    c->r[15] = entry;
    os_go(c, entry);
    return OS_DONE;
}

enum os_answer os_load(struct os_call *c)
{
    uint32_t entry = find((const char *)os_address(c->r[0]));

    if (!entry)
        return abend_system(c, ABEND_NO_PROGRAM);
    c->r[0] = entry;
    c->r[15] = 0;
    return OS_DONE;
}

/* Its storage is not needed again: only tells whether there was such a program. */
enum os_answer os_delete(struct os_call *c)
{
    c->r[15] = loaded((const char *)os_address(c->r[0])) ? 0 : 4;
    return OS_DONE;
}

/* SAVESYS, and QUERY NSS: named systems. */
#include "cp/commands/commands.h"
#include "cp/saved.h"
#include "cp/text/operands.h"
#include "cp/userdir.h"
#include "lib/str.h"

int command_savesys(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFG", NULL);
    str_upcase(word, strlen(word));
    enum saved_result result = saved_save(vm, word);
    if (result != SAVED_OK)
        return saved_error(vm, "CFG", word, result);
    cp_printf(vm, "SYSTEM SAVED");
    return 0;
}

static unsigned segments_of(const struct directory_system *system)
{
    unsigned n = 0;
    for (unsigned i = 0; i < 256; i++)
        n += (system->shared[i / 8] & 0x80 >> i % 8) != 0;
    return n;
}

static void show(struct vmblok *vm, const struct directory_system *system)
{
    struct saved_use use;
    unsigned pages = 0;
    for (unsigned i = 0; i < system->ranges; i++)
        pages += system->range[i].last - system->range[i].first + 1u;
    saved_count(vm, system->name, &use);
    cp_printf(vm, "%-8s %-6s %04u %03u  %04u  %03u %s  %03u   %04u%s", system->name, system->volume,
              system->cylinder, system->page, pages, segments_of(system),
              system->protect ? "R/O" : "R/W", use.users, use.resident, use.mine ? " *" : "");
}

int query_nss(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    struct directory_system system;
    bool one = str_word(&operands, word, sizeof word);
    if (one && userdir_find_system(word, &system) != DIRECTORY_OK) {
        str_upcase(word, strlen(word));
        return cp_error(vm, "CQG", 44, "%s DOES NOT EXIST", word);
    }
    cp_printf(vm, "NAME     VOLUME CYL  PAGE PAGES SHARED  USERS RESIDENT");
    if (one)
        show(vm, &system);
    for (uint32_t n = 0; !one && userdir_system_at(n, &system) == DIRECTORY_OK; n++)
        show(vm, &system);
    return 0;
}

/* FILEDEF's table, which lasts from command to command: in storage of the nucleus, as much as it
 * needs.  In the order in which the definitions were made. */
#include "cms/nucleus/nucleus.h"

#define FILEDEFS_FIRST 32 /* they fill one block of storage with a key of its own */

static int find(const char ddname[8])
{
    for (unsigned i = 0; i < nuc.filedefs.count; i++)
        if (!memcmp(nuc.filedefs.table[i].ddname, ddname, 8))
            return (int)i;
    return -1;
}

static bool grow(struct filedef_table *t)
{
    uint32_t room = t->room ? t->room * 2 : FILEDEFS_FIRST;
    struct cms_filedef *table = storage_get(room * sizeof(*table), OWNER_NUCLEUS);

    if (!table)
        return false;
    if (t->room) {
        memcpy(table, t->table, t->count * sizeof(*table));
        storage_free(t->table, t->room * sizeof(*table));
    }
    t->table = table;
    t->room = room;
    return true;
}

static void drop(unsigned i)
{
    struct filedef_table *t = &nuc.filedefs;

    t->count--;
    memmove(&t->table[i], &t->table[i + 1], (t->count - i) * sizeof(t->table[0]));
}

static int set(const struct cms_filedef *def)
{
    struct filedef_table *t = &nuc.filedefs;
    int i = find(def->ddname);

    if (i < 0) {
        if (t->count == t->room && !grow(t))
            return RC_NO_STORAGE;
        i = (int)t->count++;
    }
    t->table[i] = *def;
    return RC_OK;
}

int filedef_service(unsigned function, struct cms_filedef *def, uint32_t number)
{
    int i = function == FILEDEF_NUMBER ? (int)number : find(def->ddname);

    if (function == FILEDEF_SET)
        return set(def);
    if (i < 0 || (uint32_t)i >= nuc.filedefs.count)
        return RC_NOT_FOUND;
    if (function == FILEDEF_CLEAR)
        drop((unsigned)i);
    else
        *def = nuc.filedefs.table[i];
    return RC_OK;
}

void filedefs_clear(void)
{
    for (unsigned i = nuc.filedefs.count; i-- > 0;)
        if (!(nuc.filedefs.table[i].flags & FILEDEF_PERMANENT))
            drop(i);
}

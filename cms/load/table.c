/* The loader's table: external symbols and the address constants that wait for them. */
#include "cms/load/load.h"
#include "lib/str.h"

#define MAGIC UINT32_C(0x4c4f4144)

void load_begin(struct load_table *table, uint32_t size, uint32_t origin)
{
    memset(table, 0, sizeof(*table));
    table->magic = MAGIC;
    table->size = size;
    table->origin = table->next = origin;
}

bool load_table_is_good(const struct load_table *table)
{
    return table && table->magic == MAGIC && table->size >= sizeof(*table) &&
           table->symbols <= table->size / sizeof(struct load_symbol) &&
           table->references <= table->size / sizeof(struct load_reference) &&
           load_has_room(table, 0);
}

struct load_symbol *load_symbol(const struct load_table *table, uint32_t number)
{
    return (struct load_symbol *)(uintptr_t)(table + 1) + number;
}

bool load_has_room(const struct load_table *table, size_t more)
{
    return sizeof(*table) + table->symbols * sizeof(struct load_symbol) +
               table->references * sizeof(struct load_reference) + more <=
           table->size;
}

struct load_symbol *load_add(struct load_table *table, const uint8_t name[8], enum load_kind kind)
{
    if (table->symbols >= 0xfffe || !load_has_room(table, sizeof(struct load_symbol)))
        return NULL;
    struct load_symbol *s = load_symbol(table, table->symbols++);
    memset(s, 0, sizeof(*s));
    memcpy(s->name, name, 8);
    s->kind = (uint8_t)kind;
    return s;
}

struct load_symbol *load_find(const struct load_table *table, const uint8_t name[8])
{
    for (uint32_t i = 0; i < table->symbols; i++)
        if (!memcmp(load_symbol(table, i)->name, name, 8))
            return load_symbol(table, i);
    return NULL;
}

bool load_entry(const struct load_table *table, uint32_t *entry)
{
    if (table->has_entry)
        *entry = table->entry;
    else if (table->first_section)
        *entry = load_symbol(table, table->first_section - 1)->address;
    else
        return false;
    return true;
}

/* The load map in a MODULE file: behind its header, its image and its relocations. */
#include "cms/load/command/map.h"

const struct load_table *loaded_table(const struct cms_switches *s)
{
    const struct load_table *table = (const struct load_table *)s->loader_table;

    return s->loader_table && load_table_is_good(table) ? table : NULL;
}

bool loaded_address(const struct load_table *table, const char name[8], uint32_t *address)
{
    const struct load_symbol *s = table ? load_find(table, (const uint8_t *)name) : NULL;
    char word[9];

    if (s && load_is_defined(s)) {
        *address = s->address;
        return true;
    }
    str_unpad(word, name, 8);
    return str_hex(word, address) && *address < 0x1000000;
}

int module_header(struct fscb *f, const struct cms_fileinfo *info, const char *module,
                  struct module_header *h)
{
    char text[24];

    cms_file(f, &info->id);
    int rc = cms_file_read_at(f, 1, h, sizeof(*h));
    if (!rc && f->nord == sizeof(*h) && get32(h->magic) == MODULE_MAGIC)
        return RC_OK;
    return cms_error(RC_BAD_FILE, "DMS%s032E INVALID FORM OF FILE '%s'", module,
                     cms_fileid_text(text, &info->id));
}

static uint32_t records(uint32_t bytes)
{
    return (bytes + MODULE_RECORD - 1) / MODULE_RECORD;
}

int module_symbol(struct fscb *f, const struct module_header *h, uint32_t number,
                  struct module_symbol *symbol)
{
    uint32_t before = 1 + records(get32(h->image_size)) + records(get32(h->relocations) * 4);
    int rc = cms_file_read_at(f, before + number + 1, symbol, sizeof(*symbol));

    return !rc && f->nord != sizeof(*symbol) ? FILE_CUT : rc;
}

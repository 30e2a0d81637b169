/* MODULE files from ELF programs: cms/kit/module.h. */
#include "cms/kit/module.h"

#include "tools/volume/volume.h"

#include <stdlib.h>
#include <string.h>

struct relocations {
    uint8_t *list; /* fullwords */
    uint32_t count, base;
};

static void add_relocation(void *context, uint32_t address)
{
    struct relocations *r = context;
    r->list = realloc(r->list, 4 * (size_t)(r->count + 1));
    store_be32(r->list + 4 * r->count++, address - r->base);
}

static enum edf_error put_bytes(struct edf_file *f, const uint8_t *bytes, uint32_t size)
{
    enum edf_error e = EDF_OK;
    for (uint32_t at = 0; e == EDF_OK && at < size; at += MODULE_RECORD)
        e = edf_write(f, 0, bytes + at, size - at < MODULE_RECORD ? size - at : MODULE_RECORD);
    return e;
}

/* A relocatable program is linked at 0, any other runs only where it was linked. */
static bool put(struct cms_disk *c, const struct elf *e, const char *path,
                const struct edf_name *name, struct edf_file *f)
{
    struct module_header h;
    struct relocations r = {.base = e->base};
    bool relocatable = e->base < MODULE_USER_AREA;
    if (e->base && e->base != MODULE_USER_AREA)
        return volume_fail(c->volume, "%s: is linked at X'%X', not at 0 or X'20000'", path,
                           e->base);
    if (relocatable && !elf_relocations(c->volume, e, path, add_relocation, &r)) {
        free(r.list);
        return false;
    }
    memset(&h, 0, sizeof h);
    put32(&h.magic, MODULE_MAGIC);
    h.version = 1;
    h.flags = relocatable ? MODULE_RELOCATABLE : 0;
    put32(&h.origin, e->base);
    put32(&h.image_size, e->end - e->base);
    put32(&h.total_size, e->total_end - e->base);
    put32(&h.entry, e->entry);
    put32(&h.relocations, r.count);
    memcpy(h.name, name->fn, sizeof h.name);
    enum edf_error error = edf_write(f, 0, &h, sizeof h);
    if (error == EDF_OK)
        error = put_bytes(f, e->image, e->end - e->base);
    if (error == EDF_OK)
        error = put_bytes(f, r.list, 4 * r.count);
    free(r.list);
    return error == EDF_OK || volume_fail(c->volume, "%s: %s", path, edf_error_text(error));
}

bool module_put(struct cms_disk *c, const char *path, const struct edf_name *name,
                struct edf_file *f)
{
    struct elf e;
    if (!elf_open(c->volume, &e, path))
        return false;
    bool ok = put(c, &e, path, name, f);
    elf_close(&e);
    return ok;
}

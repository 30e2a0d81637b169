/* FILEDEF's definitions, as programs see them. */
#include "cms/kit/cms.h"

int cms_filedef(const char ddname[8], struct cms_filedef *def)
{
    uint32_t p[5] = {FILEDEF_GET, (uint32_t)def};

    memcpy(def->ddname, ddname, 8);
    return cms_service(SERVICE_FILEDEF, p);
}

static void type_one(const struct cms_filedef *def)
{
    static const char names[][9] = {
        [FILEDEF_DISK] = "DISK",   [FILEDEF_TERMINAL] = "TERMINAL", [FILEDEF_READER] = "READER",
        [FILEDEF_PUNCH] = "PUNCH", [FILEDEF_PRINTER] = "PRINTER",   [FILEDEF_TAPE] = "TAPE",
        [FILEDEF_DUMMY] = "DUMMY",
    };
    const struct cms_fileid *id = &def->id;

    if (def->device == FILEDEF_DISK)
        cms_printf("%.8s  %-8s  %.8s %.8s %.2s  %.8s", def->ddname, names[def->device], id->fn,
                   id->ft, id->fm, def->member);
    else if (def->device == FILEDEF_TAPE)
        cms_printf("%.8s  TAP%X", def->ddname, def->tape & 0xfu);
    else
        cms_printf("%.8s  %s", def->ddname, names[def->device]);
}

void cms_type_filedefs(const char *module)
{
    struct cms_filedef def;
    uint32_t p[5] = {FILEDEF_NUMBER, (uint32_t)&def, 0};

    if (cms_service(SERVICE_FILEDEF, p))
        cms_error(0, "DMS%s324I NO USER DEFINED FILEDEF'S IN EFFECT", module);
    for (; !cms_service(SERVICE_FILEDEF, p); p[2]++)
        type_one(&def);
}

/* Nucleus extensions: loading, finding and dropping them. */
#include "cms/kit/kit.h"
#include "cms/kit/scblock.h"

static int nucext(struct scblock_plist *p, const char name[8])
{
    memcpy(p->command, "NUCEXT  ", 8);
    memcpy(p->name, name, 8);
    return cms_svc202(p);
}

int cms_extension_load(const char name[8], const struct cms_fileid *id, uint8_t flags)
{
    struct cms_fileinfo info;
    struct scblock_plist p = {.mask = 0xff, .key = 0xe0, .flags = flags};

    if (cms_state(id, &info))
        return RC_NOT_FOUND;
    uint32_t load[5] = {(uint32_t)&info.id, 0, 0, 0, 1};
    int rc = cms_service(SERVICE_LOAD, load);
    if (rc)
        return rc == RC_NO_STORAGE ? rc : RC_LOAD_FAILED;
    p.entry = load[1];
    if (load[4]) {
        p.origin = load[2];
        p.length = load[3] - load[2];
    }
    return nucext(&p, name) ? RC_NO_STORAGE : RC_OK;
}

bool cms_extension(uint32_t n, struct scblock *s)
{
    uint32_t p[5] = {RESIDENT_EXTENSION, n, (uint32_t)s};

    return cms_service(SERVICE_RESIDENT, p) == RC_OK;
}

static const struct scblock *find(const char name[8])
{
    struct scblock_plist p = {.entry = SCBLOCK_QUERY};

    return nucext(&p, name) ? NULL : (const struct scblock *)load_be32(&p.mask);
}

int cms_extension_drop(const char name[8])
{
    struct scblock_plist p = {.entry = 0};
    const struct scblock *s = find(name);
    char words[3][8];

    if (s && s->flags & SCBLOCK_SERVICE) {
        memcpy(words[0], name, 8);
        memcpy(words[1], "RESET   ", 8);
        memset(words[2], 0xff, 8);
        cms_svc202_as(words, CALL_SERVICE, NULL);
    }
    return nucext(&p, name);
}

bool cms_stay(const char *name, const struct cms_call *call, int *rc)
{
    char field[8];
    struct cms_fileid id;

    str_pad(field, name, 8);
    const struct scblock *s = find(field);
    if (s && (uint32_t)cms_stay - s->origin < s->length)
        return true;
    cms_fileid(&id, name, "MODULE", "*");
    *rc = s ? RC_OK : cms_extension_load(field, &id, SCBLOCK_SYSTEM);
    if (*rc)
        return false;
    struct extended_plist e = {(uint32_t)call->line, (uint32_t)call->line,
                               (uint32_t)call->line + call->length, 0};
    *rc = cms_svc202_as(call->token, call->kind, &e);
    return false;
}

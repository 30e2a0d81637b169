/* Variables of the EXEC that runs: asking for them, and, in an interpreter, offering them.  Both by
 * the subcommand environment EXECCOMM and its SHVBLOCKs (cms/kit/scblock.h). */
#include "cms/kit/kit.h"
#include "cms/kit/scblock.h"

static const char environment[2][8] = {
    "EXECCOMM", {'\xff', '\xff', '\xff', '\xff', '\xff', '\xff', '\xff', '\xff'}};

static int request(struct shvblock *block)
{
    struct extended_plist extended = {(uint32_t)environment, 0, 0, (uint32_t)block};
    int rc = cms_svc202_as(environment, CALL_SUBCOMMAND, &extended);

    return rc < 0 ? rc : block->result;
}

int cms_variable_get(const char *name, size_t name_length, char *value, size_t size, size_t *length)
{
    struct shvblock block = {.code = SHV_FETCH,
                             .size = size,
                             .name = (uint32_t)name,
                             .name_length = name_length,
                             .value = (uint32_t)value};
    int rc = request(&block);

    *length = block.length < size ? block.length : size;
    return rc;
}

int cms_variable_set(const char *name, size_t name_length, const char *value, size_t length)
{
    struct shvblock block = {.code = SHV_SET,
                             .name = (uint32_t)name,
                             .name_length = name_length,
                             .value = (uint32_t)value,
                             .length = length};

    return request(&block);
}

/* ---- offering ---- */

static const struct cms_variables *offered;

/* Entered by subcommand.S. All requests of the chain are tried. */
int kit_variables(const struct extended_plist *extended)
{
    int rc = 0;

    if (!offered || !extended)
        return RC_UNKNOWN_CP;
    for (struct shvblock *b = (struct shvblock *)extended->zero; b;
         b = (struct shvblock *)b->next) {
        b->result = (uint8_t)offered->handle(offered->context, b);
        rc |= b->result;
    }
    return rc;
}

static int declare(uint32_t entry)
{
    struct scblock_plist p = {.mask = 0xff, .key = 0xe0, .entry = entry};

    memcpy(p.command, "SUBCOM  ", 8);
    memcpy(p.name, environment[0], 8);
    return cms_svc202(&p);
}

int cms_offer_variables(const struct cms_variables *v)
{
    offered = v;
    return declare((uint32_t)kit_variables_entry);
}

void cms_withdraw_variables(void)
{
    declare(0);
    offered = NULL;
}

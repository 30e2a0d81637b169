/* NUCXDROP name ...|*: gives up nucleus extensions; "*" all but those of the system. */
#include "cms/kit/cms.h"
#include "cms/kit/scblock.h"

#define MODULE "NXD"

static void drop_all(void)
{
    struct scblock s;

    for (uint32_t i = 0; cms_extension(i, &s);)
        if (s.flags & SCBLOCK_SYSTEM)
            i++;
        else
            cms_extension_drop(s.name);
}

int command_main(const struct cms_call *call)
{
    char word[9];
    int end = cms_operands_end(call), rc = cms_no_options(call, MODULE);

    if (rc)
        return rc;
    if (end < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "385E NO NAME SPECIFIED");
    if (cms_token_is(call, 1, "*")) {
        drop_all();
        return RC_OK;
    }
    for (int i = 1; i < end; i++) {
        if (!cms_extension_drop(call->token[i]))
            continue;
        str_unpad(word, call->token[i], 8);
        rc = cms_error(RC_NOT_FOUND, "DMS" MODULE "616W %s DOES NOT EXIST", word);
    }
    return rc;
}

/* MODMAP fn: the names in a MODULE and where they are, as GENMOD has kept them. */
#include "cms/load/command/map.h"

#define MODULE "MDP"

int command_main(const struct cms_call *call)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    struct module_header h;
    struct module_symbol symbol;
    struct fscb f;

    if (call->tokens < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "001E NO FILENAME SPECIFIED");
    if (call->tokens > 2)
        return cms_bad_operand(MODULE, call->token[2]);
    cms_fileid(&id, "", "MODULE", "*");
    memcpy(id.fn, call->token[1], 8);
    if (cms_state(&id, &info))
        return cms_no_file(MODULE, &id);
    int rc = module_header(&f, &info, MODULE, &h);
    if (!rc && !get32(h.symbols))
        rc = cms_error(RC_FAILED, "DMS" MODULE "018E NO LOAD MAP AVAILABLE");
    for (uint32_t i = 0; !rc && i < get32(h.symbols); i++) {
        rc = module_symbol(&f, &h, i, &symbol);
        if (rc)
            rc = cms_file_error(MODULE, &f, rc, false);
        else
            cms_printf("%.8s  %06X", symbol.name, get32(symbol.address));
    }
    cms_file_close(&f);
    return rc;
}

/* GLOBAL MACLIB|TXTLIB [name ...]: the libraries in which ASSEMBLE looks for macros, and LOAD and
 * INCLUDE for what they miss; without names there are none. */
#include "cms/kit/cms.h"

#define MODULE "GLB"

int command_main(const struct cms_call *call)
{
    struct cms_switches s;
    struct cms_fileid id;
    struct cms_fileinfo info;
    int end = cms_operands_end(call), missing = cms_no_options(call, MODULE);

    if (missing)
        return missing;
    if (end < 2)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E NO FUNCTION SPECIFIED");
    bool maclib = cms_token_is(call, 1, "MACLIB"), txtlib = cms_token_is(call, 1, "TXTLIB");
    if (!maclib && !txtlib)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "014E INVALID FUNCTION '%.8s'",
                         call->token[1]);
    if (end - 2 > CMS_LIBRARIES)
        return cms_error(88, "DMS" MODULE "108S MORE THAN %d LIBRARIES SPECIFIED", CMS_LIBRARIES);
    cms_get_switches(&s);
    char(*list)[8] = maclib ? s.maclibs : s.txtlibs;
    memset(list, 0, sizeof(s.maclibs));
    for (int i = 2; i < end; i++) {
        cms_fileid(&id, "", maclib ? "MACLIB" : "TXTLIB", "*");
        memcpy(id.fn, call->token[i], 8);
        if (cms_state(&id, &info))
            missing = cms_no_file(MODULE, &id);
        memcpy(list[i - 2], call->token[i], 8);
    }
    cms_set_switches(&s);
    return missing;
}

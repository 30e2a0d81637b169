/* SUBSET: commands until RETURN, for a program or EXEC that waits meanwhile. */
#include "cms/kit/cms.h"

#define MODULE "SUB"

int command_main(const struct cms_call *call)
{
    if (call->tokens > 1)
        return cms_bad_operand(MODULE, call->token[1]);
    cms_subset();
    return RC_OK;
}

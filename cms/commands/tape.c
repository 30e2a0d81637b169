/* TAPE function [operands] [(options]: files to and from tape, as VM/370's TAPE has them there. */
#include "cms/tape/command/tape.h"

static const struct tape_form form = {"TPE", "CMS ", "CMSN", false, TAPE_DATA};

int command_main(const struct cms_call *call)
{
    return tape_command(call, &form);
}

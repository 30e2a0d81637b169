/* VMFPLC2 function [operands] [(options]: as TAPE, in the form in which VM/370 was distributed:
 * faster, since a tape block has more of a file. */
#include "cms/tape/command/tape.h"

static const struct tape_form form = {"PLC", "PLCD", "PLCH", true, TAPE_BLOCKS *TAPE_DATA};

int command_main(const struct cms_call *call)
{
    return tape_command(call, &form);
}

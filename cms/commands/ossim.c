/* OSSIM MODULE: OS/360's supervisor calls and sequential access methods for programs in CMS.  The
 * nucleus calls it, nobody else can; what is to be done lies behind the list's fence. */
#include "cms/os/command/os.h"

int command_main(const struct cms_call *call)
{
    if (call->kind != CALL_SIMULATION)
        return cms_error(RC_BAD_OPERAND, "DMSSVT014E OSSIM IS NO COMMAND: PROGRAMS CALL IT");
    return os_simulate((struct os_call *)call->token[call->tokens + 1]);
}

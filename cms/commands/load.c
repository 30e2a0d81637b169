/* LOAD fn ... [(options]: TEXT files into the user area, from X'20000' on. */
#include "cms/load/command/loading.h"

int command_main(const struct cms_call *call)
{
    return load_command(call, false);
}

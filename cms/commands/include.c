/* INCLUDE fn ... [(options]: more TEXT files behind those that LOAD has loaded. */
#include "cms/load/command/loading.h"

int command_main(const struct cms_call *call)
{
    return load_command(call, true);
}

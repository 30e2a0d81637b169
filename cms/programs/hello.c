/* The smallest program: HELLO [name]. */
#include "cms/kit/cms.h"

int command_main(const struct cms_call *call)
{
    char name[9];

    str_unpad(name, call->tokens > 1 ? call->token[1] : "WORLD   ", 8);
    cms_printf("HELLO, %s", name);
    return 0;
}

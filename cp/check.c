/* The ordinary nucleus checks nothing: see cp/check.h. */
#include "cp/check.h"

__attribute__((weak)) void check_blocks(void)
{
}

/* CRASH: a program that ends by a program check, to see what CMS and the batch monitor do
 * about it. */
#include "cms/kit/cms.h"

int command_main(const struct cms_call *call)
{
    __asm__ volatile(".short 0"); /* no instruction has this code */
    return 0;
}

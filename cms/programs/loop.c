/* LOOP: a program that never ends and never gives the CPU away: LA 1,0 and B *-4, as an
 * assembler programmer would write it.  HX stops it. */
#include "cms/kit/cms.h"

int command_main(const struct cms_call *call)
{
    __asm__ volatile("basr %%r1,0\n\t"
                     "0: .insn rx,0x41000000,%%r2,0\n\t"
                     ".insn rx,0x47000000,15,0(%%r1)"
                     :
                     :
                     : "1", "2");
    return 0;
}

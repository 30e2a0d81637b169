/* DIAGNOSE 14: the files in a virtual reader, without reading them as cards. */
#include "cms/kit/cms.h"

int cms_spool_file(uint32_t rx, unsigned device, unsigned function)
{
    register uint32_t r2 __asm__("2") = rx;
    register uint32_t r4 __asm__("4") = device;
    register uint32_t r5 __asm__("5") = function;
    int cc;

    __asm__ volatile(".insn rs,0x83000000,%1,%2,0x0014\n\tipm %0\n\tsrl %0,28"
                     : "=d"(cc), "+d"(r2), "+d"(r4), "+d"(r5)
                     :
                     : "cc", "memory");
    return cc;
}

/* DIAGNOSE 14: the files in a virtual reader, without reading them as cards; 4C: accounting. */
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

#define ACCOUNT_RECORD 0x10 /* one of its own */

void cms_account(const void *data, size_t length)
{
    register uint32_t r2 __asm__("2") = (uint32_t)data;
    register uint32_t r4 __asm__("4") = ACCOUNT_RECORD;
    register uint32_t r5 __asm__("5") = length;

    __asm__ volatile(".insn rs,0x83000000,%0,%1,0x004c"
                     : "+d"(r2), "+d"(r4), "+d"(r5)
                     :
                     : "cc", "memory");
}

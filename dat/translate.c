/* Dynamic address translation for those who do it now and then. */
#include "dat/walk.h"

uint32_t dat_page_size(uint32_t cr0)
{
    unsigned shift = dat_format(cr0).page_shift;
    return shift ? 1u << shift : 0;
}

int dat_translate(const struct storage *s, uint32_t prefix, uint32_t cr0, uint32_t cr1,
                  uint32_t virtual_address, struct dat_result *result)
{
    return dat_walk(s, prefix, dat_format(cr0), cr1, virtual_address, result);
}

int dat_fault(const struct dat_result *result)
{
    return dat_fault_of(result);
}

/* Quotients: see ratio.h. */
#include "cp/text/ratio.h"

/* Numerator and denominator keep so many bits that a remainder times the scale fits in 32. */
#define BITS 18

uint32_t ratio(uint64_t part, uint64_t whole, uint32_t scale)
{
    while (whole >> BITS) {
        whole >>= 1;
        part >>= 1;
    }
    if (!whole)
        return 0;
    uint32_t divisor = (uint32_t)whole;
    /* The part may be larger than 32 bits only if its quotient is not. */
    uint32_t quotient = 0;
    while (part >> 32) {
        unsigned shift = 0;
        while ((uint64_t)divisor << (shift + 1) <= part)
            shift++;
        part -= (uint64_t)divisor << shift;
        quotient += 1u << shift;
    }
    quotient += (uint32_t)part / divisor;
    uint32_t rest = (uint32_t)part % divisor;
    return quotient * scale + (rest * scale + divisor / 2) / divisor;
}

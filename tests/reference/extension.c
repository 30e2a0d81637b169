/* The compiler's extension (relative and immediate instructions and what came with them): not
 * part of System/370; ../shared/reference/s370-facts.md section 9 says what each does. */
#include "tests/reference/reference.h"

#define R1 r->gr[o->r1]
#define R2 r->gr[o->r2]

static int test_bits(struct reference *r, uint32_t bits, uint32_t mask)
{
    uint32_t first = 0x8000;
    bits &= mask;
    while (first && !(first & mask))
        first >>= 1;
    r->cc = bits == 0 ? 0 : bits == mask ? 3 : bits & first ? 2 : 1;
    return COMPLETED;
}

BODY(tmh)
{
    return test_bits(r, R1 >> 16, (uint16_t)o->immediate);
}

BODY(tml)
{
    return test_bits(r, R1 & 0xffff, (uint16_t)o->immediate);
}

BODY(brc)
{
    return o->r1 & 8 >> r->cc ? ref_branch(r, o->target) : COMPLETED;
}

BODY(brcl)
{
    return ref_brc(r, o);
}

BODY(bras)
{
    R1 = o->next;
    return ref_branch(r, o->target);
}

BODY(brasl)
{
    return ref_bras(r, o);
}

BODY(brct)
{
    R1 -= 1;
    return R1 ? ref_branch(r, o->target) : COMPLETED;
}

BODY(brxh)
{
    int32_t comparand = (int32_t)r->gr[o->r2 | 1];
    R1 += R2;
    return (int32_t)R1 > comparand ? ref_branch(r, o->target) : COMPLETED;
}

BODY(brxle)
{
    int32_t comparand = (int32_t)r->gr[o->r2 | 1];
    R1 += R2;
    return (int32_t)R1 > comparand ? COMPLETED : ref_branch(r, o->target);
}

BODY(larl)
{
    R1 = o->target;
    return COMPLETED;
}

BODY(ipm)
{
    R1 = (R1 & 0x00ffffff) | (uint32_t)r->cc << 28 | (uint32_t)r->program_mask << 24;
    return COMPLETED;
}

static uint32_t reversed(uint32_t x)
{
    return x << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24;
}

BODY(lrvr)
{
    R1 = reversed(R2);
    return COMPLETED;
}

BODY(lrv)
{
    uint32_t b;
    OPERAND(b, o->address2, 4);
    R1 = reversed(b);
    return COMPLETED;
}

BODY(lrvh)
{
    uint32_t b;
    OPERAND(b, o->address2, 2);
    R1 = (R1 & 0xffff0000) | (b & 0xff) << 8 | b >> 8;
    return COMPLETED;
}

BODY(strv)
{
    RESULT(o->address2, 4, reversed(R1));
    return COMPLETED;
}

BODY(strvh)
{
    RESULT(o->address2, 2, reversed(R1) >> 16);
    return COMPLETED;
}

BODY(rll)
{
    uint32_t value = r->gr[o->r2];
    for (unsigned k = 0; k < (o->address2 & 31); k++)
        value = value << 1 | value >> 31;
    R1 = value;
    return COMPLETED;
}

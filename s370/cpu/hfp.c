/* Hexadecimal floating-point arithmetic: division, rounding, and extended numbers.  Fractions are
 * kept at the right of a 128-bit number; addition has one hexadecimal guard digit more. */
#include "s370/cpu/hfp.h"

#define LOW56 HFP_LOW56

int hfp_divide(struct hfp a, struct hfp b, enum hfp_width width, unsigned mask, struct hfp *result)
{
    if (!b.fraction)
        return PGM_FLOATING_DIVIDE;
    if (!a.fraction) {
        *result = (struct hfp){0};
        return 0;
    }
    hfp_normalize(&a, width);
    hfp_normalize(&b, width);
    struct hfp quotient = {a.negative != b.negative, a.exponent - b.exponent + 64, 0};
    unsigned shift = width;
    if (a.fraction >= b.fraction) {
        shift -= 4;
        quotient.exponent++;
    }
    quotient.fraction = (uint64_t)(((hfp_fraction)a.fraction << shift) / b.fraction);
    return hfp_deliver(quotient, mask, result);
}

/* `dropped` bits at the right of a long or extended number. */
static int round_to(struct hfp_extended a, unsigned dropped, enum hfp_width width,
                    struct hfp *result)
{
    uint64_t fraction = (uint64_t)(((a.fraction >> (dropped - 1)) + 1) >> 1);
    struct hfp rounded = {a.negative, a.exponent, fraction};
    if (fraction >> width) {
        rounded.fraction >>= 4;
        rounded.exponent++;
    }
    return hfp_deliver(rounded, 0, result);
}

int hfp_round(struct hfp a, struct hfp *result)
{
    struct hfp_extended wide = {a.negative, a.exponent, a.fraction};
    return round_to(wide, HFP_LONG - HFP_SHORT, HFP_SHORT, result);
}

int hfp_extended_round(const struct hfp_extended *a, struct hfp *result)
{
    return round_to(*a, HFP_EXTENDED - HFP_LONG, HFP_LONG, result);
}

/* --- extended precision --- */

struct hfp_extended hfp_unpack_extended(uint64_t high, uint64_t low)
{
    struct hfp a = hfp_unpack(high, HFP_LONG);
    return (struct hfp_extended){a.negative, a.exponent,
                                 (hfp_fraction)a.fraction << 56 | (low & LOW56)};
}

/* The low-order part has the sign, and an exponent that is 14 less, modulo 128.  A true
 * zero is zero in both parts. */
void hfp_pack_extended(const struct hfp_extended *a, uint64_t *high, uint64_t *low)
{
    struct hfp part = {a->negative, a->exponent, (uint64_t)(a->fraction >> 56)};
    *high = hfp_pack(&part, HFP_LONG);
    part.fraction = (uint64_t)a->fraction & LOW56;
    part.exponent -= a->fraction || a->exponent || a->negative ? 14 : 0;
    *low = hfp_pack(&part, HFP_LONG);
}

static int deliver(struct hfp_extended *a, unsigned mask)
{
    bool vanishes;
    int code = hfp_range(&a->exponent, mask, &vanishes);
    if (vanishes)
        *a = (struct hfp_extended){0};
    return code;
}

/* Shifts left until the leftmost of `width` bits' digits is not zero. */
static void normalize(struct hfp_extended *a, unsigned width)
{
    uint64_t high = (uint64_t)(a->fraction >> 64), low = (uint64_t)a->fraction;
    if (!(high | low))
        return;
    int zeros = high ? __builtin_clzll(high) : 64 + __builtin_clzll(low);
    int digits = (zeros - (128 - (int)width)) / 4;
    if (digits > 0) {
        a->fraction <<= 4 * digits;
        a->exponent -= digits;
    }
}

/* The sum with a guard digit at the right, not normalized; a carry may be at the left. */
static struct hfp_extended sum_with_guard(const struct hfp_extended *a,
                                          const struct hfp_extended *b)
{
    const struct hfp_extended *big = a->exponent >= b->exponent ? a : b;
    const struct hfp_extended *small = big == a ? b : a;
    unsigned shift = 4u * (unsigned)(big->exponent - small->exponent);
    hfp_fraction x = big->fraction << 4, y = shift < 128 ? small->fraction << 4 >> shift : 0;
    if (big->negative == small->negative)
        return (struct hfp_extended){big->negative, big->exponent, x + y};
    if (x >= y)
        return (struct hfp_extended){big->negative, big->exponent, x - y};
    return (struct hfp_extended){small->negative, big->exponent, y - x};
}

int hfp_extended_add(struct hfp_extended *a, const struct hfp_extended *b, unsigned mask)
{
    struct hfp_extended sum = sum_with_guard(a, b);
    if (!sum.fraction) {
        bool significance = mask & PMASK_SIGNIFICANCE;
        /* 128 more is the same in a register, but no true zero: the low-order part has its
         * exponent too. */
        *a = (struct hfp_extended){false, significance ? sum.exponent + 128 : 0, 0};
        return significance ? PGM_SIGNIFICANCE : 0;
    }
    if (sum.fraction >> (HFP_EXTENDED + 4)) {
        sum.fraction >>= 4;
        sum.exponent++;
    } else {
        normalize(&sum, HFP_EXTENDED + 4);
    }
    sum.fraction >>= 4;
    *a = sum;
    return deliver(a, mask);
}

/* The leftmost bits of the product of two fractions of 2 * 56 bits each, and one digit more, for
 * normalization. */
static hfp_fraction product_extended(hfp_fraction x, hfp_fraction y)
{
    hfp_fraction x1 = x >> 56, x0 = x & LOW56, y1 = y >> 56, y0 = y & LOW56;
    hfp_fraction low = x0 * y0, middle1 = x1 * y0, middle2 = x0 * y1, high = x1 * y1;
    hfp_fraction carry = (low >> 56) + (middle1 & LOW56) + (middle2 & LOW56);
    return (high << 4) + (middle1 >> 56 << 4) + (middle2 >> 56 << 4) + (carry >> 52);
}

int hfp_extended_multiply(struct hfp_extended *a, const struct hfp_extended *b, unsigned mask)
{
    struct hfp_extended x = *a, y = *b;
    if (!x.fraction || !y.fraction) {
        *a = (struct hfp_extended){0};
        return 0;
    }
    normalize(&x, HFP_EXTENDED);
    normalize(&y, HFP_EXTENDED);
    a->negative = x.negative != y.negative;
    a->exponent = x.exponent + y.exponent - 64;
    a->fraction = product_extended(x.fraction, y.fraction);
    normalize(a, HFP_EXTENDED + 4);
    a->fraction >>= 4;
    return deliver(a, mask);
}

int hfp_extended_product(struct hfp a, struct hfp b, unsigned mask, struct hfp_extended *result)
{
    *result = (struct hfp_extended){0};
    if (!a.fraction || !b.fraction)
        return 0;
    hfp_normalize(&a, HFP_LONG);
    hfp_normalize(&b, HFP_LONG);
    result->negative = a.negative != b.negative;
    result->exponent = a.exponent + b.exponent - 64;
    result->fraction = (hfp_fraction)a.fraction * b.fraction;
    normalize(result, HFP_EXTENDED);
    return deliver(result, mask);
}

/* x * 2^shift / y, a bit at a time: the dividend has up to 224 bits. */
static hfp_fraction divide(hfp_fraction x, hfp_fraction y, unsigned shift)
{
    hfp_fraction quotient = x / y, rest = x % y;
    while (shift--) {
        rest <<= 1;
        quotient <<= 1;
        if (rest >= y) {
            rest -= y;
            quotient |= 1;
        }
    }
    return quotient;
}

int hfp_extended_divide(struct hfp_extended *a, const struct hfp_extended *b, unsigned mask)
{
    struct hfp_extended x = *a, y = *b;
    if (!y.fraction)
        return PGM_FLOATING_DIVIDE;
    if (!x.fraction) {
        *a = (struct hfp_extended){0};
        return 0;
    }
    normalize(&x, HFP_EXTENDED);
    normalize(&y, HFP_EXTENDED);
    unsigned shift = HFP_EXTENDED;
    a->negative = x.negative != y.negative;
    a->exponent = x.exponent - y.exponent + 64;
    if (x.fraction >= y.fraction) {
        shift -= 4;
        a->exponent++;
    }
    a->fraction = divide(x.fraction, y.fraction, shift);
    return deliver(a, mask);
}

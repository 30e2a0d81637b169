/* Hexadecimal floating-point arithmetic.  Fractions are kept at the right of a 128-bit
 * number; addition has one hexadecimal guard digit more. */
#include "s370/cpu/hfp.h"

#include "s370/arch/codes.h"
#include "s370/arch/psw.h"

#define LOW56 HFP_LOW56
#define ONE   ((hfp_fraction)1)

struct hfp hfp_unpack_extended(uint64_t high, uint64_t low)
{
    struct hfp a = hfp_unpack(high, HFP_LONG);
    a.fraction = a.fraction << 56 | (low & LOW56);
    return a;
}

/* The low-order part has the sign, and an exponent that is 14 less, modulo 128.  A true
 * zero is zero in both parts. */
void hfp_pack_extended(const struct hfp *a, uint64_t *high, uint64_t *low)
{
    struct hfp part = *a;
    part.fraction = a->fraction >> 56;
    *high = hfp_pack(&part, HFP_LONG);
    part.fraction = a->fraction & LOW56;
    part.exponent -= a->fraction || a->exponent || a->negative ? 14 : 0;
    *low = hfp_pack(&part, HFP_LONG);
}

static void true_zero(struct hfp *a)
{
    *a = (struct hfp){0};
}

/* Shifts left until the leftmost of `width` bits' digits is not zero. */
static inline void normalize(struct hfp *a, unsigned width)
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

/* Exponents out of range wrap; underflow gives a true zero if it is masked. */
static int deliver(struct hfp *a, unsigned mask)
{
    if (a->exponent > 127) {
        a->exponent -= 128;
        return PGM_EXPONENT_OVERFLOW;
    }
    if (a->exponent < 0) {
        if (!(mask & PMASK_EXPONENT_UNDERFLOW)) {
            true_zero(a);
            return 0;
        }
        a->exponent += 128;
        return PGM_EXPONENT_UNDERFLOW;
    }
    return 0;
}

/* The sum with a guard digit at the right, not normalized; a carry may be at the left. */
#define SUM_WITH_GUARD(name, type, bits)                                                           \
    static inline struct hfp name(const struct hfp *a, const struct hfp *b)                        \
    {                                                                                              \
        const struct hfp *big = a->exponent >= b->exponent ? a : b;                                \
        const struct hfp *small = big == a ? b : a;                                                \
        unsigned shift = 4u * (unsigned)(big->exponent - small->exponent);                         \
        type x = (type)big->fraction << 4;                                                         \
        type y = shift < (bits) ? (type)small->fraction << 4 >> shift : 0;                         \
        struct hfp sum = {big->negative, big->exponent, 0};                                        \
        if (big->negative == small->negative) {                                                    \
            sum.fraction = (type)(x + y);                                                          \
        } else if (x >= y) {                                                                       \
            sum.fraction = (type)(x - y);                                                          \
        } else {                                                                                   \
            sum.fraction = (type)(y - x);                                                          \
            sum.negative = small->negative;                                                        \
        }                                                                                          \
        return sum;                                                                                \
    }
SUM_WITH_GUARD(sum_short, uint64_t, 64) /* and long: 56 bits and a guard digit fit */
SUM_WITH_GUARD(sum_extended, hfp_fraction, 128)

static inline struct hfp sum_with_guard(const struct hfp *a, const struct hfp *b,
                                        enum hfp_width width)
{
    return width == HFP_EXTENDED ? sum_extended(a, b) : sum_short(a, b);
}

int hfp_add(struct hfp *a, const struct hfp *b, enum hfp_width width, bool normalized,
            unsigned mask)
{
    struct hfp sum = sum_with_guard(a, b, width);
    /* The guard digit takes part in the test for zero only if it may come back. */
    if (!(normalized ? sum.fraction : sum.fraction >> 4)) {
        sum.fraction = 0;
        sum.negative = false;
        *a = sum;
        if (mask & PMASK_SIGNIFICANCE)
            return PGM_SIGNIFICANCE;
        true_zero(a);
        return 0;
    }
    if (sum.fraction >> (width + 4)) {
        sum.fraction >>= 4;
        sum.exponent++;
    } else if (normalized) {
        normalize(&sum, width + 4u);
    }
    sum.fraction >>= 4;
    *a = sum;
    return deliver(a, mask);
}

int hfp_compare(const struct hfp *a, const struct hfp *b, enum hfp_width width)
{
    struct hfp minus = *b;
    minus.negative = !b->negative;
    struct hfp difference = sum_with_guard(a, &minus, width);
    if (!difference.fraction)
        return 0;
    return difference.negative ? -1 : 1;
}

/* The leftmost `result` bits of the product of two fractions of 2 * 56 bits each. */
static hfp_fraction product_extended(hfp_fraction x, hfp_fraction y)
{
    hfp_fraction x1 = x >> 56, x0 = x & LOW56, y1 = y >> 56, y0 = y & LOW56;
    hfp_fraction low = x0 * y0, middle1 = x1 * y0, middle2 = x0 * y1, high = x1 * y1;
    hfp_fraction carry = (low >> 56) + (middle1 & LOW56) + (middle2 & LOW56);
    /* One digit more than the result has, for normalization. */
    return (high << 4) + (middle1 >> 56 << 4) + (middle2 >> 56 << 4) + (carry >> 52);
}

int hfp_multiply(struct hfp *a, const struct hfp *b, enum hfp_width width, enum hfp_width result,
                 unsigned mask)
{
    struct hfp x = *a, y = *b;
    if (!x.fraction || !y.fraction) {
        true_zero(a);
        return 0;
    }
    normalize(&x, width);
    normalize(&y, width);
    struct hfp product = {x.negative != y.negative, x.exponent + y.exponent - 64, 0};
    unsigned bits = 2 * width;
    if (width == HFP_EXTENDED) {
        product.fraction = product_extended(x.fraction, y.fraction);
        bits = HFP_EXTENDED + 4;
    } else {
        product.fraction = x.fraction * y.fraction;
    }
    normalize(&product, bits);
    if (bits > result)
        product.fraction >>= bits - result;
    else
        product.fraction <<= result - bits;
    *a = product;
    return deliver(a, mask);
}

/* x * 2^shift / y, a bit at a time: the dividend has up to 224 bits. */
static hfp_fraction divide_extended(hfp_fraction x, hfp_fraction y, unsigned shift)
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

int hfp_divide(struct hfp *a, const struct hfp *b, enum hfp_width width, unsigned mask)
{
    struct hfp x = *a, y = *b;
    if (!y.fraction)
        return PGM_FLOATING_DIVIDE;
    if (!x.fraction) {
        true_zero(a);
        return 0;
    }
    normalize(&x, width);
    normalize(&y, width);
    struct hfp quotient = {x.negative != y.negative, x.exponent - y.exponent + 64, 0};
    unsigned shift = width;
    if (x.fraction >= y.fraction) {
        shift -= 4;
        quotient.exponent++;
    }
    quotient.fraction = width == HFP_EXTENDED ? divide_extended(x.fraction, y.fraction, shift)
                                              : (x.fraction << shift) / y.fraction;
    *a = quotient;
    return deliver(a, mask);
}

int hfp_halve(struct hfp *a, enum hfp_width width, unsigned mask)
{
    if (!a->fraction) {
        true_zero(a);
        return 0;
    }
    a->fraction = a->fraction << 4 >> 1;
    normalize(a, width + 4u);
    a->fraction >>= 4;
    return deliver(a, mask);
}

int hfp_round(struct hfp *a, enum hfp_width width, enum hfp_width result)
{
    unsigned dropped = (unsigned)width - (unsigned)result;
    a->fraction = (a->fraction >> (dropped - 1)) + 1;
    a->fraction >>= 1;
    if (a->fraction >> result) {
        a->fraction >>= 4;
        a->exponent++;
    }
    return deliver(a, 0);
}

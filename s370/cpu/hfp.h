/* Hexadecimal floating point: the arithmetic on numbers taken apart, without registers or
 * storage.  Short and long numbers have fractions of 64 bits, and their arithmetic is here, to be
 * part of the fast loop's threads; extended numbers have 128 bits (hfp.c).  GA22-7000,
 * "Floating-Point Instructions".
 *
 * What computes returns 0 or the program interruption code of a completing exception (exponent
 * overflow or underflow, significance), and *result is to be delivered in any case. */
#ifndef S370_CPU_HFP_H
#define S370_CPU_HFP_H

#include "s370/arch/codes.h"
#include "s370/arch/psw.h"

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 hfp_fraction;

/* (-1)^negative * fraction / 2^width * 16^(exponent - 64) */
struct hfp {
    bool negative;
    int exponent; /* 0-127 in a register; results may be out of that until delivered */
    uint64_t fraction;
};

struct hfp_extended {
    bool negative;
    int exponent;
    hfp_fraction fraction;
};

/* Bits in the fraction of each format. */
enum hfp_width {
    HFP_SHORT = 24,
    HFP_LONG = 56,
    HFP_EXTENDED = 112,
};

#define HFP_LOW56 ((UINT64_C(1) << 56) - 1)

/* SHORT: in the left half. */
static inline struct hfp hfp_unpack(uint64_t number, enum hfp_width width)
{
    uint64_t fraction = (number & HFP_LOW56) >> (HFP_LONG - width);
    return (struct hfp){number >> 63, number >> 56 & 127, fraction};
}

/* SHORT: the right half of the result is zero. */
static inline uint64_t hfp_pack(const struct hfp *a, enum hfp_width width)
{
    return (uint64_t)a->negative << 63 | (uint64_t)(a->exponent & 127) << 56 |
           a->fraction << (HFP_LONG - width);
}

/* An exponent out of range wraps, unless underflow is masked: then *vanishes, the result is a
 * true zero. */
static inline int hfp_range(int *exponent, unsigned mask, bool *vanishes)
{
    *vanishes = false;
    if (__builtin_expect(!(*exponent & ~127), 1))
        return 0;
    if (*exponent > 127) {
        *exponent -= 128;
        return PGM_EXPONENT_OVERFLOW;
    }
    *exponent += 128;
    *vanishes = !(mask & PMASK_EXPONENT_UNDERFLOW);
    return *vanishes ? 0 : PGM_EXPONENT_UNDERFLOW;
}

static inline int hfp_deliver(struct hfp a, unsigned mask, struct hfp *result)
{
    bool vanishes;
    int code = hfp_range(&a.exponent, mask, &vanishes);
    *result = vanishes ? (struct hfp){0} : a;
    return code;
}

/* Shifts left until the leftmost of `width` bits' digits is not zero; the fraction is not zero. */
static inline void hfp_normalize(struct hfp *a, unsigned width)
{
    unsigned digits = ((unsigned)__builtin_clzll(a->fraction) - (64 - width)) / 4;
    a->fraction <<= 4 * digits;
    a->exponent -= (int)digits;
}

/* The sum with a guard digit at the right, not normalized; a carry may be at the left. */
static inline struct hfp hfp_sum(struct hfp a, struct hfp b)
{
    bool swap = a.exponent < b.exponent;
    struct hfp big = swap ? b : a, small = swap ? a : b;
    unsigned shift = 4u * (unsigned)(big.exponent - small.exponent);
    uint64_t x = big.fraction << 4, y = shift < 64 ? small.fraction << 4 >> shift : 0;
    if (big.negative == small.negative)
        return (struct hfp){big.negative, big.exponent, x + y};
    if (x >= y)
        return (struct hfp){big.negative, big.exponent, x - y};
    return (struct hfp){small.negative, big.exponent, y - x};
}

static inline int hfp_add(struct hfp a, struct hfp b, enum hfp_width width, bool normalized,
                          unsigned mask, struct hfp *result)
{
    struct hfp sum = hfp_sum(a, b);
    /* The guard digit takes part in the test for zero only if it may come back. */
    if (!(normalized ? sum.fraction : sum.fraction >> 4)) {
        bool significance = mask & PMASK_SIGNIFICANCE;
        *result = (struct hfp){false, significance ? sum.exponent : 0, 0};
        return significance ? PGM_SIGNIFICANCE : 0;
    }
    if (sum.fraction >> (width + 4)) {
        sum.fraction >>= 4;
        sum.exponent++;
    } else if (normalized) {
        hfp_normalize(&sum, width + 4u);
    }
    sum.fraction >>= 4;
    return hfp_deliver(sum, mask, result);
}

/* -1, 0, 1 */
static inline int hfp_compare(struct hfp a, struct hfp b)
{
    b.negative = !b.negative;
    struct hfp difference = hfp_sum(a, b);
    return !difference.fraction ? 0 : difference.negative ? -1 : 1;
}

/* The product is a long number. */
static inline int hfp_multiply(struct hfp a, struct hfp b, enum hfp_width width, unsigned mask,
                               struct hfp *result)
{
    if (!a.fraction || !b.fraction) {
        *result = (struct hfp){0};
        return 0;
    }
    hfp_normalize(&a, width);
    hfp_normalize(&b, width);
    struct hfp product = {a.negative != b.negative, a.exponent + b.exponent - 64, 0};
    hfp_fraction all = (hfp_fraction)(a.fraction << (HFP_LONG - width)) * b.fraction;
    bool short_one = !(all >> (HFP_LONG + width - 4)); /* the leftmost digit is zero */
    product.fraction = (uint64_t)(all >> (width - 4 * short_one));
    product.exponent -= short_one;
    return hfp_deliver(product, mask, result);
}

/* PGM_FLOATING_DIVIDE: there is no result. */
int hfp_divide(struct hfp a, struct hfp b, enum hfp_width width, unsigned mask, struct hfp *result);

static inline int hfp_halve(struct hfp a, enum hfp_width width, unsigned mask, struct hfp *result)
{
    if (!a.fraction) {
        *result = (struct hfp){0};
        return 0;
    }
    a.fraction = a.fraction << 4 >> 1;
    hfp_normalize(&a, width + 4u);
    a.fraction >>= 4;
    return hfp_deliver(a, mask, result);
}

/* Long to short. */
int hfp_round(struct hfp a, struct hfp *result);

/* --- extended precision --- */

struct hfp_extended hfp_unpack_extended(uint64_t high, uint64_t low);
void hfp_pack_extended(const struct hfp_extended *a, uint64_t *high, uint64_t *low);

int hfp_extended_add(struct hfp_extended *a, const struct hfp_extended *b, unsigned mask);
int hfp_extended_multiply(struct hfp_extended *a, const struct hfp_extended *b, unsigned mask);
/* The product of long numbers is an extended one. */
int hfp_extended_product(struct hfp a, struct hfp b, unsigned mask, struct hfp_extended *result);
int hfp_extended_divide(struct hfp_extended *a, const struct hfp_extended *b, unsigned mask);
/* Extended to long. */
int hfp_extended_round(const struct hfp_extended *a, struct hfp *result);

#endif

/* Hexadecimal floating point: the arithmetic on numbers taken apart, without registers or
 * storage.  GA22-7000, "Floating-Point Instructions". */
#ifndef S370_CPU_HFP_H
#define S370_CPU_HFP_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 hfp_fraction;

/* (-1)^negative * fraction / 2^width * 16^(exponent - 64) */
struct hfp {
    bool negative;
    int exponent; /* 0-127 in a register; results may be out of that until delivered */
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

struct hfp hfp_unpack_extended(uint64_t high, uint64_t low);
/* SHORT: the right half of the result is zero. */
static inline uint64_t hfp_pack(const struct hfp *a, enum hfp_width width)
{
    return (a->negative ? UINT64_C(1) << 63 : 0) | (uint64_t)(a->exponent & 127) << 56 |
           (uint64_t)a->fraction << (HFP_LONG - width);
}

void hfp_pack_extended(const struct hfp *a, uint64_t *high, uint64_t *low);

/* All take the program mask and return 0 or the program interruption code of a completing
 * exception (exponent overflow or underflow, significance); *a is the result to deliver
 * in any case.  hfp_divide may return PGM_FLOATING_DIVIDE: nothing is delivered then. */
int hfp_add(struct hfp *a, const struct hfp *b, enum hfp_width width, bool normalize,
            unsigned mask);
int hfp_compare(const struct hfp *a, const struct hfp *b, enum hfp_width width); /* -1, 0, 1 */
/* `width` of the operands; the product has `result` bits. */
int hfp_multiply(struct hfp *a, const struct hfp *b, enum hfp_width width, enum hfp_width result,
                 unsigned mask);
int hfp_divide(struct hfp *a, const struct hfp *b, enum hfp_width width, unsigned mask);
int hfp_halve(struct hfp *a, enum hfp_width width, unsigned mask);
/* From `width` to the next shorter format. */
int hfp_round(struct hfp *a, enum hfp_width width, enum hfp_width result);

#endif

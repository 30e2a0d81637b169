/* Floating-point instructions, on arrays of hexadecimal digits.
 * GA22-7000, "Floating-Point Instructions". */
#include "tests/reference/reference.h"

#include <string.h>

#define SHORT    6u /* digits of the fraction */
#define LONG     14u
#define EXTENDED 28u
#define MOST     60u

/* digit[0] is the leftmost of the fraction. */
struct number {
    bool minus;
    int exponent; /* characteristic: excess 64 */
    uint8_t digit[MOST];
};

/* --- registers --- */

static uint64_t *reg(struct reference *r, unsigned n)
{
    return &r->fpr[n / 2];
}

/* Registers 0, 2, 4, 6; of pairs the first, 0 or 4. */
static bool is_register(unsigned n, unsigned width)
{
    return width == EXTENDED ? n == 0 || n == 4 : n == 0 || n == 2 || n == 4 || n == 6;
}

#define REGISTERS(width1, width2)                                                                  \
    if (!is_register(o->r1, width1) || !is_register(o->r2, width2))                                \
    return PGM_SPECIFICATION
#define REGISTER(width1)                                                                           \
    if (!is_register(o->r1, width1))                                                               \
    return PGM_SPECIFICATION

static struct number number_of(uint64_t bits, unsigned width)
{
    struct number x = {.minus = bits >> 63, .exponent = (int)(bits >> 56 & 127)};
    for (unsigned k = 0; k < width; k++)
        x.digit[k] = bits >> (52 - 4 * k) & 15;
    return x;
}

/* Of an extended number the low-order part's sign and characteristic are ignored. */
static struct number get(struct reference *r, unsigned n, unsigned width)
{
    struct number x = number_of(*reg(r, n), width == EXTENDED ? LONG : width);
    if (width == EXTENDED) {
        struct number low = number_of(*reg(r, n + 2), LONG);
        memcpy(x.digit + LONG, low.digit, LONG);
    }
    return x;
}

static uint64_t bits_of(const struct number *x, unsigned from, unsigned width, unsigned exponent)
{
    uint64_t bits = (uint64_t)x->minus << 63 | (uint64_t)(exponent & 127) << 56;
    for (unsigned k = 0; k < width; k++)
        bits |= (uint64_t)x->digit[from + k] << (52 - 4 * k);
    return bits;
}

static bool is_zero(const struct number *x, unsigned width)
{
    for (unsigned k = 0; k < width; k++) {
        if (x->digit[k])
            return false;
    }
    return true;
}

static bool is_true_zero(const struct number *x, unsigned width)
{
    return !x->minus && x->exponent == 0 && is_zero(x, width);
}

/* A short result leaves the right half of the register. */
static void put(struct reference *r, unsigned n, unsigned width, const struct number *x)
{
    uint64_t bits = bits_of(x, 0, width == SHORT ? SHORT : LONG, (unsigned)x->exponent);
    if (width == SHORT) {
        *reg(r, n) = bits | (*reg(r, n) & 0xffffffff);
        return;
    }
    *reg(r, n) = bits;
    if (width == EXTENDED)
        *reg(r, n + 2) =
            is_true_zero(x, EXTENDED) ? 0 : bits_of(x, LONG, LONG, (unsigned)(x->exponent - 14));
}

static void sign_code(struct reference *r, const struct number *x, unsigned width)
{
    r->cc = is_zero(x, width) ? 0 : x->minus ? 1 : 2;
}

/* --- digits --- */

static void shift_right(struct number *x, unsigned width)
{
    for (unsigned k = width - 1; k > 0; k--)
        x->digit[k] = x->digit[k - 1];
    x->digit[0] = 0;
}

static void shift_left(struct number *x, unsigned width)
{
    for (unsigned k = 0; k + 1 < width; k++)
        x->digit[k] = x->digit[k + 1];
    x->digit[width - 1] = 0;
}

static void normalize(struct number *x, unsigned width)
{
    if (is_zero(x, width))
        return;
    while (x->digit[0] == 0) {
        shift_left(x, width);
        x->exponent--;
    }
}

static int order(const uint8_t *a, const uint8_t *b, unsigned width)
{
    return memcmp(a, b, width);
}

static bool add_digits(uint8_t *a, const uint8_t *b, unsigned width)
{
    unsigned carry = 0;
    for (unsigned k = width; k-- > 0;) {
        unsigned sum = a[k] + b[k] + carry;
        a[k] = sum & 15;
        carry = sum >> 4;
    }
    return carry;
}

/* a is not smaller. */
static void subtract_digits(uint8_t *a, const uint8_t *b, unsigned width)
{
    int borrow = 0;
    for (unsigned k = width; k-- > 0;) {
        int difference = a[k] - b[k] - borrow;
        borrow = difference < 0;
        a[k] = (uint8_t)(difference & 15);
    }
}

/* The sum with a guard digit; true if there is a carry out of the leftmost digit. */
static bool sum(const struct number *a, const struct number *b, unsigned width,
                struct number *result)
{
    const struct number *big = a->exponent >= b->exponent ? a : b;
    struct number small = big == a ? *b : *a;
    bool carry = false;
    *result = *big;
    result->digit[width] = small.digit[width] = 0;
    for (int n = big->exponent - small.exponent; n > 0 && !is_zero(&small, width + 1); n--)
        shift_right(&small, width + 1);
    if (result->minus == small.minus) {
        carry = add_digits(result->digit, small.digit, width + 1);
    } else if (order(result->digit, small.digit, width + 1) >= 0) {
        subtract_digits(result->digit, small.digit, width + 1);
    } else {
        struct number other = *result;
        memcpy(result->digit, small.digit, width + 1);
        subtract_digits(result->digit, other.digit, width + 1);
        result->minus = small.minus;
    }
    if (carry) {
        shift_right(result, width + 1);
        result->digit[0] = 1;
        result->exponent++;
    }
    return carry;
}

/* --- ends of operations --- */

/* Stores a result whose characteristic may be out of range; the condition code if asked for. */
static int deliver(struct reference *r, unsigned n, unsigned width, struct number x, bool code)
{
    int exception = COMPLETED;
    if (x.exponent > 127) {
        x.exponent -= 128;
        exception = PGM_EXPONENT_OVERFLOW;
    } else if (x.exponent < 0) {
        if (r->program_mask & 2) {
            x.exponent += 128;
            exception = PGM_EXPONENT_UNDERFLOW;
        } else {
            x = (struct number){0};
        }
    }
    put(r, n, width, &x);
    if (code)
        sign_code(r, &x, width);
    return exception;
}

/* The sum is zero: significance. */
static int insignificant(struct reference *r, unsigned n, unsigned width, const struct number *sum)
{
    struct number zero = {.exponent = sum->exponent};
    int exception = PGM_SIGNIFICANCE;
    if (!(r->program_mask & 1)) {
        zero.exponent = 0;
        exception = COMPLETED;
    }
    put(r, n, width, &zero);
    /* No true zero, though the exponent may be zero: the low-order part has 14 less. */
    if (exception && width == EXTENDED)
        *reg(r, n + 2) = bits_of(&zero, LONG, LONG, (unsigned)(zero.exponent - 14));
    r->cc = 0;
    return exception;
}

static int add(struct reference *r, unsigned n, unsigned width, const struct number *b)
{
    struct number a = get(r, n, width), result;
    bool carry = sum(&a, b, width, &result);
    if (!carry && is_zero(&result, width + 1))
        return insignificant(r, n, width, &result);
    if (!carry)
        normalize(&result, width + 1);
    return deliver(r, n, width, result, true);
}

/* "The guard digit does not participate in the recognition of a zero result." */
static int add_unnormalized(struct reference *r, unsigned n, unsigned width, const struct number *b)
{
    struct number a = get(r, n, width), result;
    (void)sum(&a, b, width, &result);
    if (is_zero(&result, width))
        return insignificant(r, n, width, &result);
    return deliver(r, n, width, result, true);
}

static int compare(struct reference *r, unsigned n, unsigned width, struct number b)
{
    struct number a = get(r, n, width), result;
    b.minus = !b.minus;
    (void)sum(&a, &b, width, &result);
    sign_code(r, &result, width + 1);
    return COMPLETED;
}

/* The exact product of numbers of `width` digits, normalized; `result` digits are kept. */
static int multiply(struct reference *r, unsigned n, unsigned width, unsigned result,
                    struct number b)
{
    struct number a = get(r, n, width), product = {.minus = a.minus != b.minus};
    if (is_zero(&a, width) || is_zero(&b, width)) {
        product.minus = false;
        put(r, n, result, &product);
        return COMPLETED;
    }
    normalize(&a, width);
    normalize(&b, width);
    unsigned cells[2 * EXTENDED] = {0};
    for (unsigned i = 0; i < width; i++) {
        for (unsigned k = 0; k < width; k++)
            cells[i + k + 1] += a.digit[i] * b.digit[k];
    }
    for (unsigned k = 2 * width - 1; k > 0; k--) {
        cells[k - 1] += cells[k] >> 4;
        cells[k] &= 15;
    }
    for (unsigned k = 0; k < 2 * width; k++)
        product.digit[k] = (uint8_t)cells[k];
    product.exponent = a.exponent + b.exponent - 64;
    normalize(&product, 2 * width);
    return deliver(r, n, result, product, false);
}

/* Digit by digit; the remainder is lost. */
static int divide(struct reference *r, unsigned n, unsigned width, struct number b)
{
    struct number a = get(r, n, width), quotient = {.minus = a.minus != b.minus};
    if (is_zero(&b, width))
        return PGM_FLOATING_DIVIDE;
    if (is_zero(&a, width)) {
        quotient.minus = false;
        put(r, n, width, &quotient);
        return COMPLETED;
    }
    normalize(&a, width);
    normalize(&b, width);
    quotient.exponent = a.exponent - b.exponent + 64;
    /* One digit more at the left, so that the remainder can be shifted. */
    uint8_t remainder[EXTENDED + 2] = {0}, divisor[EXTENDED + 2] = {0};
    memcpy(remainder + 1, a.digit, width);
    memcpy(divisor + 1, b.digit, width);
    if (order(remainder, divisor, width + 1) >= 0) {
        quotient.exponent++; /* the first digit is that of the sixteenth */
    } else {
        memmove(remainder, remainder + 1, width);
        remainder[width] = 0;
    }
    for (unsigned k = 0; k < width; k++) {
        while (order(remainder, divisor, width + 1) >= 0) {
            subtract_digits(remainder, divisor, width + 1);
            quotient.digit[k]++;
        }
        memmove(remainder, remainder + 1, width);
        remainder[width] = 0;
    }
    return deliver(r, n, width, quotient, false);
}

/* --- the instructions --- */

#define TWO(name_rr, name_rx, width, operation)                                                    \
    BODY(name_rr)                                                                                  \
    {                                                                                              \
        REGISTERS(width, width);                                                                   \
        struct number b = get(r, o->r2, width);                                                    \
        operation;                                                                                 \
    }                                                                                              \
    BODY(name_rx)                                                                                  \
    {                                                                                              \
        uint64_t bits;                                                                             \
        REGISTER(width);                                                                           \
        OPERAND(bits, o->address2, (width) == SHORT ? 4 : 8);                                      \
        struct number b = number_of((width) == SHORT ? bits << 32 : bits, width);                  \
        operation;                                                                                 \
    }
#define MINUS(number) (number).minus = !(number).minus

TWO(aer, ae, SHORT, return add(r, o->r1, SHORT, &b))
TWO(adr, ad, LONG, return add(r, o->r1, LONG, &b))
TWO(ser, se, SHORT, MINUS(b); return add(r, o->r1, SHORT, &b))
TWO(sdr, sd, LONG, MINUS(b); return add(r, o->r1, LONG, &b))
TWO(aur, au, SHORT, return add_unnormalized(r, o->r1, SHORT, &b))
TWO(awr, aw, LONG, return add_unnormalized(r, o->r1, LONG, &b))
TWO(sur, su, SHORT, MINUS(b); return add_unnormalized(r, o->r1, SHORT, &b))
TWO(swr, sw, LONG, MINUS(b); return add_unnormalized(r, o->r1, LONG, &b))
TWO(cer, ce, SHORT, return compare(r, o->r1, SHORT, b))
TWO(cdr, cd, LONG, return compare(r, o->r1, LONG, b))
TWO(mer, me, SHORT, return multiply(r, o->r1, SHORT, LONG, b))
TWO(mdr, md, LONG, return multiply(r, o->r1, LONG, LONG, b))
TWO(der, de, SHORT, return divide(r, o->r1, SHORT, b))
TWO(ddr, dd, LONG, return divide(r, o->r1, LONG, b))
TWO(ler, le, SHORT, put(r, o->r1, SHORT, &b); return COMPLETED)
TWO(ldr, ld, LONG, put(r, o->r1, LONG, &b); return COMPLETED)

BODY(mxd)
{
    uint64_t bits;
    REGISTER(EXTENDED);
    OPERAND(bits, o->address2, 8);
    return multiply(r, o->r1, LONG, EXTENDED, number_of(bits, LONG));
}

BODY(mxdr)
{
    REGISTERS(EXTENDED, LONG);
    return multiply(r, o->r1, LONG, EXTENDED, get(r, o->r2, LONG));
}

BODY(mxr)
{
    REGISTERS(EXTENDED, EXTENDED);
    return multiply(r, o->r1, EXTENDED, EXTENDED, get(r, o->r2, EXTENDED));
}

BODY(dxr)
{
    REGISTERS(EXTENDED, EXTENDED);
    return divide(r, o->r1, EXTENDED, get(r, o->r2, EXTENDED));
}

BODY(axr)
{
    REGISTERS(EXTENDED, EXTENDED);
    struct number b = get(r, o->r2, EXTENDED);
    return add(r, o->r1, EXTENDED, &b);
}

BODY(sxr)
{
    REGISTERS(EXTENDED, EXTENDED);
    struct number b = get(r, o->r2, EXTENDED);
    MINUS(b);
    return add(r, o->r1, EXTENDED, &b);
}

BODY(ste)
{
    REGISTER(SHORT);
    RESULT(o->address2, 4, *reg(r, o->r1) >> 32);
    return COMPLETED;
}

BODY(std)
{
    REGISTER(LONG);
    RESULT(o->address2, 8, *reg(r, o->r1));
    return COMPLETED;
}

/* Loads that test: the sign is changed, nothing is normalized. */
#define LOADS(name_short, name_long, change)                                                       \
    BODY(name_short)                                                                               \
    {                                                                                              \
        REGISTERS(SHORT, SHORT);                                                                   \
        struct number x = get(r, o->r2, SHORT);                                                    \
        change;                                                                                    \
        put(r, o->r1, SHORT, &x);                                                                  \
        sign_code(r, &x, SHORT);                                                                   \
        return COMPLETED;                                                                          \
    }                                                                                              \
    BODY(name_long)                                                                                \
    {                                                                                              \
        REGISTERS(LONG, LONG);                                                                     \
        struct number x = get(r, o->r2, LONG);                                                     \
        change;                                                                                    \
        put(r, o->r1, LONG, &x);                                                                   \
        sign_code(r, &x, LONG);                                                                    \
        return COMPLETED;                                                                          \
    }
LOADS(lter, ltdr, (void)0)
LOADS(lcer, lcdr, MINUS(x))
LOADS(lper, lpdr, x.minus = false)
LOADS(lner, lndr, x.minus = true)

/* One bit to the right; the bit that leaves goes into the guard digit; normalized. */
static int halve(struct reference *r, const struct operands *o, unsigned width)
{
    struct number x = get(r, o->r2, width);
    if (is_zero(&x, width)) {
        x = (struct number){0};
        put(r, o->r1, width, &x);
        return COMPLETED;
    }
    for (unsigned k = width + 1; k-- > 0;) {
        unsigned digit = k < width ? x.digit[k] : 0, left = k ? x.digit[k - 1] : 0;
        x.digit[k] = (uint8_t)(digit >> 1 | (left & 1) << 3);
    }
    normalize(&x, width + 1);
    return deliver(r, o->r1, width, x, false);
}

BODY(her)
{
    REGISTERS(SHORT, SHORT);
    return halve(r, o, SHORT);
}

BODY(hdr)
{
    REGISTERS(LONG, LONG);
    return halve(r, o, LONG);
}

/* One is added to the first bit that is dropped; not normalized. */
static int round_to(struct reference *r, const struct operands *o, unsigned from, unsigned width)
{
    struct number x = get(r, o->r2, from);
    uint8_t one[MOST] = {0};
    one[width] = 8;
    if (add_digits(x.digit, one, width + 1)) {
        shift_right(&x, width + 1);
        x.digit[0] = 1;
        x.exponent++;
    }
    return deliver(r, o->r1, width, x, false);
}

BODY(lrer)
{
    REGISTERS(SHORT, LONG);
    return round_to(r, o, LONG, SHORT);
}

BODY(lrdr)
{
    REGISTERS(LONG, EXTENDED);
    return round_to(r, o, EXTENDED, LONG);
}

/* Decimal instructions, on arrays of digits, as one does it with a pencil.
 * GA22-7000, "Decimal Instructions". */
#include "tests/reference/reference.h"

#include <string.h>

#define DIGITS 64 /* more than any intermediate result has */
#define L1     (o->r1 + 1u)
#define L2     (o->r2 + 1u)

/* digit[0] is the units. */
struct decimal {
    bool minus;
    uint8_t digit[DIGITS];
};

static bool is_plus(unsigned code)
{
    return code == 0xa || code == 0xc || code == 0xe || code == 0xf;
}

static bool is_sign(unsigned code)
{
    return code >= 0xa;
}

/* Reads a packed field that is accessible.  False: a bad digit or sign. */
static bool get(struct reference *r, uint32_t address, unsigned bytes, struct decimal *d)
{
    bool good = true;
    memset(d, 0, sizeof *d);
    for (unsigned k = 0; k < bytes; k++) {
        uint8_t b = ref_fetch(r, PLUS(address, bytes - 1 - k));
        unsigned left = b >> 4, right = b & 15;
        if (k == 0) {
            good &= is_sign(right);
            d->minus = !is_plus(right);
        } else {
            good &= right <= 9;
            d->digit[2 * k - 1] = (uint8_t)right;
        }
        good &= left <= 9;
        d->digit[2 * k] = (uint8_t)left;
    }
    return good;
}

static void put(struct reference *r, uint32_t address, unsigned bytes, const struct decimal *d)
{
    for (unsigned k = 0; k < bytes; k++) {
        unsigned right = k == 0 ? (d->minus ? 0xd : 0xc) : d->digit[2 * k - 1];
        ref_store(r, PLUS(address, bytes - 1 - k), (uint8_t)(d->digit[2 * k] << 4 | right));
    }
}

static bool is_zero(const struct decimal *d)
{
    for (unsigned k = 0; k < DIGITS; k++) {
        if (d->digit[k])
            return false;
    }
    return true;
}

/* The order of magnitudes: -1, 0, 1. */
static int order(const struct decimal *a, const struct decimal *b)
{
    for (unsigned k = DIGITS; k-- > 0;) {
        if (a->digit[k] != b->digit[k])
            return a->digit[k] < b->digit[k] ? -1 : 1;
    }
    return 0;
}

static struct decimal add_magnitudes(const struct decimal *a, const struct decimal *b)
{
    struct decimal sum = {.minus = a->minus};
    unsigned carry = 0;
    for (unsigned k = 0; k < DIGITS; k++) {
        unsigned digit = a->digit[k] + b->digit[k] + carry;
        carry = digit > 9;
        sum.digit[k] = (uint8_t)(carry ? digit - 10 : digit);
    }
    return sum;
}

/* a is not smaller. */
static struct decimal subtract_magnitudes(const struct decimal *a, const struct decimal *b)
{
    struct decimal difference = {.minus = a->minus};
    int borrow = 0;
    for (unsigned k = 0; k < DIGITS; k++) {
        int digit = a->digit[k] - b->digit[k] - borrow;
        borrow = digit < 0;
        difference.digit[k] = (uint8_t)(borrow ? digit + 10 : digit);
    }
    return difference;
}

static struct decimal add(const struct decimal *a, const struct decimal *b)
{
    if (a->minus == b->minus)
        return add_magnitudes(a, b);
    return order(a, b) >= 0 ? subtract_magnitudes(a, b) : subtract_magnitudes(b, a);
}

/* Stores as many digits as there is room for.  A result of zero is plus, unless digits are
 * lost: then it has the sign of the true result. */
static int deliver(struct reference *r, uint32_t address, unsigned bytes, struct decimal result)
{
    bool overflow = false;
    if (is_zero(&result))
        result.minus = false;
    for (unsigned k = 2 * bytes - 1; k < DIGITS; k++) {
        overflow |= result.digit[k] != 0;
        result.digit[k] = 0;
    }
    put(r, address, bytes, &result);
    if (!overflow) {
        r->cc = is_zero(&result) ? 0 : result.minus ? 1 : 2;
        return COMPLETED;
    }
    r->cc = 3;
    return r->program_mask & 4 ? PGM_DECIMAL_OVERFLOW : COMPLETED;
}

/* Access exceptions and bad codes are of equal priority: a bad code counts if the operand is
 * accessible. */
static bool operand(struct reference *r, uint32_t address, unsigned bytes, struct decimal *d)
{
    unsigned before = r->found_count;
    ref_probe(r, address, bytes, REF_FETCH);
    if (r->found_count == before && !get(r, address, bytes, d))
        ref_note(r, PGM_DATA, address);
    return r->found_count == before;
}

/* Both operands; the first will be stored.  True if both are known. */
static bool operands(struct reference *r, const struct operands *o, struct decimal *a,
                     struct decimal *b)
{
    bool known = operand(r, o->address2, L2, b);
    known &= operand(r, o->address1, L1, a);
    ref_probe(r, o->address1, L1, REF_STORE);
    return known;
}

BODY(ap)
{
    struct decimal a = {0}, b = {0};
    (void)operands(r, o, &a, &b);
    RAISE();
    return deliver(r, o->address1, L1, add(&a, &b));
}

BODY(sp)
{
    struct decimal a = {0}, b = {0};
    (void)operands(r, o, &a, &b);
    RAISE();
    b.minus = !b.minus;
    return deliver(r, o->address1, L1, add(&a, &b));
}

BODY(zap)
{
    struct decimal b = {0};
    (void)operand(r, o->address2, L2, &b);
    ref_probe(r, o->address1, L1, REF_STORE);
    RAISE();
    return deliver(r, o->address1, L1, b);
}

BODY(cp)
{
    struct decimal a = {0}, b = {0};
    (void)operand(r, o->address2, L2, &b);
    (void)operand(r, o->address1, L1, &a);
    RAISE();
    b.minus = !b.minus;
    struct decimal difference = add(&a, &b);
    r->cc = is_zero(&difference) ? 0 : difference.minus ? 1 : 2;
    return COMPLETED;
}

BODY(mp)
{
    struct decimal a = {0}, b = {0}, product = {0};
    if (o->r2 > 7 || o->r2 >= o->r1)
        return PGM_SPECIFICATION;
    (void)operands(r, o, &a, &b);
    /* The multiplicand needs as many bytes of zeros as the multiplier has bytes: they are the
     * high-order ones, and with the sign its digits are 2 * (L1 - L2) - 1. */
    for (unsigned k = 2 * (L1 - L2) - 1; k < DIGITS; k++) {
        if (a.digit[k])
            ref_note(r, PGM_DATA, o->address1);
    }
    RAISE();
    for (unsigned n = 0; n < 2 * L2; n++) { /* multiplier's digits */
        for (unsigned times = 0; times < b.digit[n]; times++) {
            struct decimal shifted = {0};
            memcpy(shifted.digit + n, a.digit, DIGITS - 16);
            product = add_magnitudes(&product, &shifted);
        }
    }
    product.minus = a.minus != b.minus; /* even if it is zero */
    put(r, o->address1, L1, &product);
    return COMPLETED;
}

BODY(dp)
{
    struct decimal a = {0}, b = {0}, quotient = {0};
    if (o->r2 > 7 || o->r2 >= o->r1)
        return PGM_SPECIFICATION;
    bool known = operands(r, o, &a, &b);
    unsigned room = 2 * (L1 - L2) - 1; /* digits of the quotient */
    if (known && is_zero(&b))
        ref_note(r, PGM_DECIMAL_DIVIDE, o->address2);
    struct decimal remainder = a;
    for (unsigned n = is_zero(&b) ? 0 : 32; n-- > 0;) {
        struct decimal shifted = {0};
        memcpy(shifted.digit + n, b.digit, DIGITS - 32);
        while (order(&remainder, &shifted) >= 0) {
            remainder = subtract_magnitudes(&remainder, &shifted);
            quotient.digit[n]++;
        }
    }
    for (unsigned n = room; n < DIGITS; n++) {
        if (quotient.digit[n] && known)
            ref_note(r, PGM_DECIMAL_DIVIDE, o->address2);
    }
    RAISE();
    quotient.minus = a.minus != b.minus;
    remainder.minus = a.minus;
    put(r, o->address1, L1 - L2, &quotient);
    put(r, PLUS(o->address1, L1 - L2), L2, &remainder);
    return COMPLETED;
}

/* Bits 26-31 of the address: how many digits to the left, or if the first is one, to the right
 * (two's complement). */
BODY(srp)
{
    struct decimal a = {0}, result = {0};
    int amount = (int)(o->address2 & 63);
    (void)operand(r, o->address1, L1, &a);
    ref_probe(r, o->address1, L1, REF_STORE);
    if (o->r2 > 9)
        ref_note(r, PGM_DATA, o->address1);
    RAISE();
    if (amount < 32) {
        for (int k = 0; k + amount < DIGITS; k++)
            result.digit[k + amount] = a.digit[k];
    } else {
        struct decimal carry = {0};
        amount = 64 - amount;
        for (int k = amount; k < DIGITS; k++)
            result.digit[k - amount] = a.digit[k];
        carry.digit[0] = a.digit[amount - 1] + o->r2 > 9;
        result = add_magnitudes(&result, &carry);
    }
    result.minus = a.minus;
    return deliver(r, o->address1, L1, result);
}

BODY(cvb)
{
    struct decimal d = {0};
    (void)operand(r, o->address2, 8, &d);
    RAISE();
    int64_t value = 0;
    for (unsigned k = 15; k-- > 0;)
        value = 10 * value + d.digit[k];
    if (d.minus)
        value = -value;
    r->gr[o->r1] = (uint32_t)value;
    return value > INT32_MAX || value < INT32_MIN ? PGM_FIXED_DIVIDE : COMPLETED;
}

BODY(cvd)
{
    int64_t value = (int32_t)r->gr[o->r1];
    struct decimal d = {.minus = value < 0};
    ref_probe(r, o->address2, 8, REF_STORE);
    RAISE();
    if (value < 0)
        value = -value;
    for (unsigned k = 0; k < 15; k++, value /= 10)
        d.digit[k] = (uint8_t)(value % 10);
    put(r, o->address2, 8, &d);
    return COMPLETED;
}

/* --- editing --- */

struct edit {
    uint32_t source;
    bool significance;  /* the indicator */
    bool right_is_next; /* a digit of the byte at `source` has been used */
    bool field_not_zero;
    bool marked;
    uint32_t mark;
};

/* A digit select or significance start character at `at`.  The result is the digit, or the
 * fill byte; or -1 with an exception noted. */
static int edit_digit(struct reference *r, struct edit *e, bool start, uint32_t at, uint8_t fill)
{
    unsigned digit;
    bool plus = false;
    if (e->right_is_next) {
        digit = ref_fetch(r, e->source) & 15;
        e->source = NEXT(e->source);
        e->right_is_next = false;
    } else {
        unsigned before = r->found_count;
        ref_probe(r, e->source, 1, REF_FETCH);
        if (r->found_count > before)
            return -1;
        uint8_t byte = ref_fetch(r, e->source);
        digit = byte >> 4;
        if (digit > 9) {
            ref_note(r, PGM_DATA, e->source);
            return -1;
        }
        if (is_sign(byte & 15)) { /* the digit is the last of its number */
            plus = is_plus(byte & 15);
            e->source = NEXT(e->source);
        } else {
            e->right_is_next = true;
        }
    }
    uint8_t result = e->significance || digit ? (uint8_t)(0xf0 + digit) : fill;
    if (digit && !e->significance) {
        e->marked = true;
        e->mark = at;
    }
    if (digit)
        e->field_not_zero = true;
    if (digit || start)
        e->significance = true;
    if (plus)
        e->significance = false;
    return result;
}

static int edit(struct reference *r, const struct operands *o, struct edit *e)
{
    uint8_t result[256], fill = 0;
    unsigned length = o->i + 1;
    *e = (struct edit){.source = o->address2};
    ref_may_look(r, o->address2, length);
    ref_probe(r, o->address1, length, REF_FETCH);
    RAISE();
    ref_probe(r, o->address1, length, REF_STORE);
    for (unsigned k = 0; k < length; k++) {
        uint8_t byte = ref_fetch(r, PLUS(o->address1, k));
        if (k == 0)
            fill = byte;
        if (byte == 0x20 || byte == 0x21) {
            int digit = edit_digit(r, e, byte == 0x21, PLUS(o->address1, k), fill);
            if (digit < 0)
                return ref_raise(r);
            result[k] = (uint8_t)digit;
        } else if (byte == 0x22) {
            result[k] = fill;
            e->significance = e->field_not_zero = false;
        } else {
            result[k] = e->significance ? byte : fill;
        }
    }
    RAISE();
    uint32_t used = e->right_is_next ? NEXT(e->source) : e->source;
    for (uint32_t at = o->address2; at != used; at = NEXT(at)) {
        for (unsigned k = 0; k < length; k++) {
            if (ref_place(r, at) == ref_place(r, PLUS(o->address1, k)))
                r->open = "ED with operands that overlap";
        }
    }
    for (unsigned k = 0; k < length; k++)
        ref_store(r, PLUS(o->address1, k), result[k]);
    r->cc = !e->field_not_zero ? 0 : e->significance ? 1 : 2;
    return COMPLETED;
}

BODY(ed)
{
    struct edit e;
    return edit(r, o, &e);
}

BODY(edmk)
{
    struct edit e;
    int code = edit(r, o, &e);
    if (!code && e.marked) {
        ref_alters(r, 1);
        r->gr[1] = (r->gr[1] & 0xff000000) | e.mark;
    }
    return code;
}

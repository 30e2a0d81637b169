/* Decimal numbers as fixed point, packed and System/370 floating point constants.  Arithmetic is
 * with whole numbers of 16-bit limbs, so that every digit of an extended constant is right on both
 * sides without a floating point unit.  GC33-4010, "DC": F, H, E, D, L, P, Z. */
#include "cms/asm/internal.h"

#define LIMBS      80 /* 1280 bits */
#define DIGITS_MAX 60
#define POWER_MAX  160 /* of ten */

struct big {
    uint16_t limb[LIMBS]; /* lowest first */
};

static void multiply_add(struct big *b, uint32_t by, uint32_t carry)
{
    for (unsigned i = 0; i < LIMBS; i++) {
        carry += b->limb[i] * by;
        b->limb[i] = (uint16_t)carry;
        carry >>= 16;
    }
}

/* Returns the remainder. */
static uint32_t divide(struct big *b, uint32_t by)
{
    uint32_t rest = 0;

    for (unsigned i = LIMBS; i-- > 0;) {
        rest = rest << 16 | b->limb[i];
        b->limb[i] = (uint16_t)(rest / by);
        rest %= by;
    }
    return rest;
}

static unsigned bit_length(const struct big *b)
{
    for (unsigned i = LIMBS; i-- > 0;)
        for (unsigned bit = 16; b->limb[i] && bit-- > 0;)
            if (b->limb[i] >> bit & 1)
                return i * 16 + bit + 1;
    return 0;
}

static bool bit(const struct big *b, unsigned n)
{
    return n < LIMBS * 16 && (b->limb[n / 16] >> n % 16 & 1);
}

static void shift_left(struct big *b, unsigned n)
{
    unsigned limbs = n / 16, bits = n % 16;

    for (unsigned i = LIMBS; i-- > 0;) {
        uint32_t high = i >= limbs ? b->limb[i - limbs] : 0;
        uint32_t low = i > limbs ? b->limb[i - limbs - 1] : 0;
        b->limb[i] = (uint16_t)((high << 16 | low) >> (16 - bits));
    }
}

static void shift_right(struct big *b, unsigned n)
{
    unsigned limbs = n / 16, bits = n % 16;

    for (unsigned i = 0; i < LIMBS; i++) {
        uint32_t low = i + limbs < LIMBS ? b->limb[i + limbs] : 0;
        uint32_t high = i + limbs + 1 < LIMBS ? b->limb[i + limbs + 1] : 0;
        b->limb[i] = (uint16_t)((high << 16 | low) >> bits);
    }
}

/* Shifts right by n bits (left if n is negative), a half is rounded up. */
static void shift_rounded(struct big *b, int n)
{
    if (n <= 0) {
        shift_left(b, (unsigned)-n);
        return;
    }
    bool up = bit(b, (unsigned)n - 1);
    shift_right(b, (unsigned)n);
    if (up)
        multiply_add(b, 1, 1);
}

/* [+-]digits[.digits][E[+-]digits]: a whole number times a power of ten. */
static bool parse(struct slice text, struct big *b, int32_t *power, bool *minus)
{
    unsigned i = 0, digits = 0, significant = 0;
    bool point = false;

    memset(b, 0, sizeof(*b));
    *power = 0;
    *minus = text.length && text.at[0] == '-';
    if (text.length && (text.at[0] == '-' || text.at[0] == '+'))
        i++;
    for (; i < text.length && (str_is_digit(text.at[i]) || (text.at[i] == '.' && !point)); i++) {
        if (text.at[i] == '.') {
            point = true;
            continue;
        }
        digits++;
        significant += significant || text.at[i] != '0';
        if (significant > DIGITS_MAX)
            return false;
        multiply_add(b, 10, (uint32_t)(text.at[i] - '0'));
        *power -= point;
    }
    if (!digits)
        return false;
    if (i < text.length && text.at[i] == 'E') {
        bool down = ++i < text.length && text.at[i] == '-';
        int32_t exponent = 0;
        if (i < text.length && (text.at[i] == '-' || text.at[i] == '+'))
            i++;
        if (i == text.length)
            return false;
        for (; i < text.length && str_is_digit(text.at[i]) && exponent < 1000; i++)
            exponent = exponent * 10 + (text.at[i] - '0');
        *power += down ? -exponent : exponent;
    }
    return i == text.length;
}

/* Multiplies by ten to the power; what a division leaves out is below the rounding. */
static void scale_by_ten(struct big *b, int32_t power)
{
    for (; power >= 4; power -= 4)
        multiply_add(b, 10000, 0);
    for (; power > 0; power--)
        multiply_add(b, 10, 0);
    for (; power <= -4; power += 4)
        divide(b, 10000);
    for (; power < 0; power++)
        divide(b, 10);
}

/* text * 10**exponent * 2**scale, rounded, as a two's complement number.  False if the text is no
 * number; *overflow if it does not fit (the low-order bytes are stored). */
bool asm_fixed(struct slice text, int32_t scale, int32_t exponent, unsigned bytes, uint8_t *to,
               bool *overflow)
{
    struct big b;
    int32_t power;
    bool minus;

    if (!parse(text, &b, &power, &minus))
        return false;
    power += exponent;
    if (power > POWER_MAX || power < -POWER_MAX || scale > 346 || scale < -187)
        return false;
    /* floor(2x) + 1, halved, is x with a half rounded up. */
    if (scale >= 0)
        shift_left(&b, (unsigned)scale + 1);
    else
        shift_left(&b, 1);
    scale_by_ten(&b, power);
    shift_rounded(&b, scale >= 0 ? 1 : 1 - scale);
    unsigned bits = bit_length(&b);
    bool lowest = minus && bits == 8 * bytes; /* -2**(n-1) fits */
    for (unsigned i = 0; lowest && i + 1 < bits; i++)
        lowest = !bit(&b, i);
    *overflow = bits >= 8 * bytes && !lowest;
    uint32_t carry = minus;
    for (unsigned i = 0; i < bytes; i++) {
        uint32_t byte = b.limb[i / 2] >> i % 2 * 8 & 0xff;
        if (minus)
            byte = (~byte & 0xff) + carry;
        carry = byte >> 8;
        to[bytes - 1 - i] = (uint8_t)byte;
    }
    return true;
}

/* A whole number `b` of `digits` hexadecimal digits as the fraction of a floating point number. */
static void put_fraction(const struct big *b, unsigned digits, uint8_t *to)
{
    for (unsigned i = 0; i < digits; i++) {
        unsigned at = (digits - 1 - i) * 4;
        unsigned digit = b->limb[at / 16] >> at % 16 & 15;
        to[i / 2] = (uint8_t)(i % 2 ? to[i / 2] | digit : digit << 4);
    }
}

/* Hexadecimal floating point in `bytes` bytes; more than 8: extended, in two parts. */
bool asm_float(struct slice text, int32_t scale, int32_t exponent, unsigned bytes, uint8_t *to)
{
    struct big b;
    int32_t power, shifted = 0;
    bool minus;
    uint8_t fraction[32];

    memset(to, 0, bytes);
    if (!parse(text, &b, &power, &minus))
        return false;
    power += exponent;
    if (power > POWER_MAX || power < -POWER_MAX || scale < 0 || scale > 28)
        return false;
    unsigned digits = bytes > 8 ? 28 : 2 * (bytes - 1); /* of the fraction */
    if (bit_length(&b) && digits) {
        if (power < 0) { /* enough bits that the division leaves more than are wanted */
            shifted = (int32_t)(((uint32_t)-power * 10 / 3 + 132) / 4 * 4);
            shift_left(&b, (unsigned)shifted);
        }
        scale_by_ten(&b, power);
        int32_t have = (int32_t)(bit_length(&b) + 3) / 4;
        int32_t characteristic = have - shifted / 4 + 64 + scale;
        shift_rounded(&b, (have - (int32_t)digits + scale) * 4);
        if (bit_length(&b) > digits * 4) {
            shift_right(&b, 4);
            characteristic++;
        }
        if (characteristic < 0 || characteristic > 127)
            return false;
        memset(fraction, 0, sizeof(fraction));
        put_fraction(&b, digits, fraction);
        to[0] = (uint8_t)(characteristic | (minus ? 0x80 : 0));
        memcpy(to + 1, fraction, bytes > 8 ? 7 : bytes - 1);
        if (bytes > 8) {
            to[8] = (uint8_t)(((characteristic - 14) & 127) | (minus ? 0x80 : 0));
            memcpy(to + 9, fraction + 7, bytes - 9);
        }
    } else if (minus) {
        to[0] = 0x80;
    }
    return true;
}

/* The digits of a P or Z constant: [+-]digits with a point anywhere, which is ignored. */
bool asm_decimal_digits(struct slice text, char *digits, unsigned size, unsigned *count,
                        bool *minus)
{
    unsigned i = 0;
    bool point = false;

    *count = 0;
    *minus = text.length && text.at[0] == '-';
    if (text.length && (text.at[0] == '-' || text.at[0] == '+'))
        i++;
    for (; i < text.length; i++) {
        if (text.at[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (!str_is_digit(text.at[i]) || *count == size)
            return false;
        digits[(*count)++] = text.at[i];
    }
    return *count > 0;
}

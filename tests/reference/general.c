/* General instructions: branches, fixed point, logic, shifts, moves of bytes.
 * GA22-7000, "General Instructions". */
#include "tests/reference/reference.h"

#define R1 r->gr[o->r1]
#define R2 r->gr[o->r2]
#define R3 r->gr[o->r2]

/* --- branches and linkage --- */

int ref_branch(struct reference *r, uint32_t target)
{
    r->ia = target & ADDRESS;
    r->branched = true;
    return COMPLETED;
}

static bool selected(const struct reference *r, const struct operands *o)
{
    return o->r1 & 8 >> r->cc;
}

/* BAL and BALR: ILC, condition code, program mask, address. */
static uint32_t link(const struct reference *r, const struct operands *o)
{
    return o->length / 2 << 30 | (uint32_t)r->cc << 28 | (uint32_t)r->program_mask << 24 | o->next;
}

BODY(spm)
{
    r->cc = R1 >> 28 & 3;
    r->program_mask = R1 >> 24 & 15;
    return COMPLETED;
}

BODY(balr)
{
    uint32_t target = R2;
    R1 = link(r, o);
    return o->r2 ? ref_branch(r, target) : COMPLETED;
}

BODY(bal)
{
    R1 = link(r, o);
    return ref_branch(r, o->address2);
}

BODY(basr)
{
    uint32_t target = R2;
    R1 = o->next;
    return o->r2 ? ref_branch(r, target) : COMPLETED;
}

BODY(bas)
{
    R1 = o->next;
    return ref_branch(r, o->address2);
}

BODY(bcr)
{
    return o->r2 && selected(r, o) ? ref_branch(r, R2) : COMPLETED;
}

BODY(bc)
{
    return selected(r, o) ? ref_branch(r, o->address2) : COMPLETED;
}

BODY(bctr)
{
    uint32_t target = R2;
    R1 -= 1;
    return o->r2 && R1 ? ref_branch(r, target) : COMPLETED;
}

BODY(bct)
{
    R1 -= 1;
    return R1 ? ref_branch(r, o->address2) : COMPLETED;
}

/* The comparand is in the odd register of R3's pair, as it was before. */
static bool index_is_high(struct reference *r, const struct operands *o)
{
    int32_t comparand = (int32_t)r->gr[o->r2 | 1];
    R1 += R3;
    return (int32_t)R1 > comparand;
}

BODY(bxh)
{
    return index_is_high(r, o) ? ref_branch(r, o->address2) : COMPLETED;
}

BODY(bxle)
{
    return index_is_high(r, o) ? COMPLETED : ref_branch(r, o->address2);
}

/* I2 bits 8-11 of the instruction must be zero; class and address are stored in both modes. */
BODY(mc)
{
    if (o->i & 0xf0)
        return PGM_SPECIFICATION;
    if (!(r->cr[8] >> (15 - o->i) & 1))
        return COMPLETED;
    ref_store_real(r, 0x94, 2, o->i);
    ref_store_real(r, 0x9c, 4, o->address1);
    return PGM_MONITOR;
}

/* --- arithmetic --- */

int ref_overflow(struct reference *r)
{
    r->cc = 3;
    return r->program_mask & 8 ? PGM_FIXED_OVERFLOW : COMPLETED;
}

/* A signed result that may be too great for the register. */
static int signed_result(struct reference *r, unsigned n, int64_t result)
{
    r->gr[n] = (uint32_t)result;
    if (result > INT32_MAX || result < INT32_MIN)
        return ref_overflow(r);
    r->cc = result == 0 ? 0 : result < 0 ? 1 : 2;
    return COMPLETED;
}

static int compare(struct reference *r, int64_t a, int64_t b)
{
    r->cc = a == b ? 0 : a < b ? 1 : 2;
    return COMPLETED;
}

static int add_logical(struct reference *r, unsigned n, uint64_t a, uint64_t b, unsigned carry)
{
    uint64_t sum = a + b + carry;
    r->gr[n] = (uint32_t)sum;
    r->cc = (sum >> 32 ? 2 : 0) + ((uint32_t)sum ? 1 : 0);
    return COMPLETED;
}

static int logical(struct reference *r, unsigned n, uint32_t result)
{
    r->gr[n] = result;
    r->cc = result != 0;
    return COMPLETED;
}

/* Each operation once over (first operand, second operand), in its forms. */
#define SIGNED(x)   ((int64_t)(int32_t)(x))
#define UNSIGNED(x) ((uint64_t)(uint32_t)(x))
#define FORM_RR(name, ...)                                                                         \
    BODY(name)                                                                                     \
    {                                                                                              \
        uint32_t b = R2;                                                                           \
        __VA_ARGS__                                                                                \
    }
#define FETCH(variable, address, length)                                                           \
    ref_probe(r, address, length, REF_FETCH);                                                      \
    RAISE();                                                                                       \
    uint32_t variable = (uint32_t)ref_fetch_number(r, address, length)
#define FORM_RX(name, ...)                                                                         \
    BODY(name)                                                                                     \
    {                                                                                              \
        FETCH(b, o->address2, 4);                                                                  \
        __VA_ARGS__                                                                                \
    }
#define FORM_RH(name, ...)                                                                         \
    BODY(name)                                                                                     \
    {                                                                                              \
        FETCH(h, o->address2, 2);                                                                  \
        uint32_t b = (uint32_t)(int32_t)(int16_t)h;                                                \
        __VA_ARGS__                                                                                \
    }
#define FORM_RI(name, ...)                                                                         \
    BODY(name)                                                                                     \
    {                                                                                              \
        uint32_t b = (uint32_t)o->immediate;                                                       \
        __VA_ARGS__                                                                                \
    }

#define ADD return signed_result(r, o->r1, SIGNED(R1) + SIGNED(b));
FORM_RR(ar, ADD)
FORM_RX(a, ADD)
FORM_RH(ah, ADD)
FORM_RI(ahi, ADD)
#define SUBTRACT return signed_result(r, o->r1, SIGNED(R1) - SIGNED(b));
FORM_RR(sr, SUBTRACT)
FORM_RX(s, SUBTRACT)
FORM_RH(sh, SUBTRACT)
#define ADD_LOGICAL return add_logical(r, o->r1, R1, b, 0);
FORM_RR(alr, ADD_LOGICAL)
FORM_RX(al, ADD_LOGICAL)
/* The complement, and one. */
#define SUBTRACT_LOGICAL return add_logical(r, o->r1, R1, UNSIGNED(~b), 1);
FORM_RR(slr, SUBTRACT_LOGICAL)
FORM_RX(sl, SUBTRACT_LOGICAL)
#define ADD_WITH_CARRY return add_logical(r, o->r1, R1, b, r->cc >> 1);
FORM_RR(alcr, ADD_WITH_CARRY)
FORM_RX(alc, ADD_WITH_CARRY)
#define SUBTRACT_WITH_BORROW return add_logical(r, o->r1, R1, UNSIGNED(~b), r->cc >> 1);
FORM_RR(slbr, SUBTRACT_WITH_BORROW)
FORM_RX(slb, SUBTRACT_WITH_BORROW)
#define COMPARE return compare(r, SIGNED(R1), SIGNED(b));
FORM_RR(cr, COMPARE)
FORM_RX(c, COMPARE)
FORM_RH(ch, COMPARE)
FORM_RI(chi, COMPARE)
#define COMPARE_LOGICAL return compare(r, (int64_t)UNSIGNED(R1), (int64_t)UNSIGNED(b));
FORM_RR(clr, COMPARE_LOGICAL)
FORM_RX(cl, COMPARE_LOGICAL)
#define AND return logical(r, o->r1, R1 & b);
FORM_RR(nr, AND)
FORM_RX(n, AND)
#define OR return logical(r, o->r1, R1 | b);
FORM_RR(or, OR)
FORM_RX(o, OR)
#define EXCLUSIVE_OR return logical(r, o->r1, R1 ^ b);
FORM_RR(xr, EXCLUSIVE_OR)
FORM_RX(x, EXCLUSIVE_OR)
#define LOAD                                                                                       \
    R1 = b;                                                                                        \
    return COMPLETED;
FORM_RR(lr, LOAD)
FORM_RX(l, LOAD)
FORM_RH(lh, LOAD)
FORM_RI(lhi, LOAD)
#define MULTIPLY_SINGLE                                                                            \
    R1 = (uint32_t)((uint64_t)R1 * b);                                                             \
    return COMPLETED;
FORM_RR(msr, MULTIPLY_SINGLE)
FORM_RX(ms, MULTIPLY_SINGLE)
FORM_RH(mh, MULTIPLY_SINGLE)
FORM_RI(mhi, MULTIPLY_SINGLE)

static void set_pair(struct reference *r, unsigned n, uint64_t value)
{
    r->gr[n] = (uint32_t)(value >> 32);
    r->gr[n + 1] = (uint32_t)value;
}

static uint64_t get_pair(const struct reference *r, unsigned n)
{
    return (uint64_t)r->gr[n] << 32 | r->gr[n + 1];
}

/* Operations on a pair: the specification exception comes before the access. */
#define PAIR_FORM_RR(name, operation)                                                              \
    BODY(name)                                                                                     \
    {                                                                                              \
        return o->r1 & 1 ? PGM_SPECIFICATION : operation(r, o->r1, R2);                            \
    }
#define PAIR_FORM_RX(name, operation)                                                              \
    BODY(name)                                                                                     \
    {                                                                                              \
        if (o->r1 & 1)                                                                             \
            return PGM_SPECIFICATION;                                                              \
        FETCH(b, o->address2, 4);                                                                  \
        return operation(r, o->r1, b);                                                             \
    }

static int multiply(struct reference *r, unsigned n, uint32_t b)
{
    set_pair(r, n, (uint64_t)(SIGNED(r->gr[n + 1]) * SIGNED(b)));
    return COMPLETED;
}
PAIR_FORM_RR(mr, multiply)
PAIR_FORM_RX(m, multiply)

static int multiply_logical(struct reference *r, unsigned n, uint32_t b)
{
    set_pair(r, n, UNSIGNED(r->gr[n + 1]) * b);
    return COMPLETED;
}
PAIR_FORM_RR(mlr, multiply_logical)
PAIR_FORM_RX(ml, multiply_logical)

/* On magnitudes; the remainder has the dividend's sign, the quotient that of algebra. */
static int divide(struct reference *r, unsigned n, uint32_t b)
{
    uint64_t dividend = get_pair(r, n);
    uint64_t divisor = b >> 31 ? UNSIGNED(0u - b) : b;
    bool minus = dividend >> 63, opposite = minus != (b >> 31);
    if (minus)
        dividend = 0u - dividend;
    if (divisor == 0)
        return PGM_FIXED_DIVIDE;
    uint64_t quotient = dividend / divisor, remainder = dividend % divisor;
    if (quotient > (opposite ? UINT64_C(0x80000000) : UINT64_C(0x7fffffff)))
        return PGM_FIXED_DIVIDE;
    r->gr[n] = (uint32_t)(minus ? 0u - remainder : remainder);
    r->gr[n + 1] = (uint32_t)(opposite ? 0u - quotient : quotient);
    return COMPLETED;
}
PAIR_FORM_RR(dr, divide)
PAIR_FORM_RX(d, divide)

static int divide_logical(struct reference *r, unsigned n, uint32_t b)
{
    uint64_t dividend = get_pair(r, n);
    if (b == 0 || dividend / b > UINT32_MAX)
        return PGM_FIXED_DIVIDE;
    r->gr[n] = (uint32_t)(dividend % b);
    r->gr[n + 1] = (uint32_t)(dividend / b);
    return COMPLETED;
}
PAIR_FORM_RR(dlr, divide_logical)
PAIR_FORM_RX(dl, divide_logical)

BODY(lpr)
{
    int64_t b = SIGNED(R2);
    return signed_result(r, o->r1, b < 0 ? -b : b);
}

BODY(lnr)
{
    int64_t b = SIGNED(R2);
    return signed_result(r, o->r1, b < 0 ? b : -b);
}

BODY(ltr)
{
    return signed_result(r, o->r1, SIGNED(R2));
}

BODY(lcr)
{
    return signed_result(r, o->r1, -SIGNED(R2));
}

/* --- registers and storage --- */

BODY(la)
{
    R1 = o->address2;
    return COMPLETED;
}

BODY(ic)
{
    FETCH(b, o->address2, 1);
    R1 = (R1 & 0xffffff00) | b;
    return COMPLETED;
}

BODY(st)
{
    RESULT(o->address2, 4, R1);
    return COMPLETED;
}

BODY(sth)
{
    RESULT(o->address2, 2, R1);
    return COMPLETED;
}

BODY(stc)
{
    RESULT(o->address2, 1, R1);
    return COMPLETED;
}

static unsigned count(const struct operands *o)
{
    return o->r1 <= o->r2 ? o->r2 - o->r1 + 1 : o->r2 + 16 - o->r1 + 1;
}

BODY(lm)
{
    ref_probe(r, o->address2, 4 * count(o), REF_FETCH);
    RAISE();
    for (unsigned k = 0; k < count(o); k++)
        r->gr[(o->r1 + k) % 16] = (uint32_t)ref_fetch_number(r, PLUS(o->address2, 4 * k), 4);
    return COMPLETED;
}

BODY(stm)
{
    ref_probe(r, o->address2, 4 * count(o), REF_STORE);
    RAISE();
    for (unsigned k = 0; k < count(o); k++)
        ref_store_number(r, PLUS(o->address2, 4 * k), 4, r->gr[(o->r1 + k) % 16]);
    return COMPLETED;
}

static unsigned ones(unsigned mask)
{
    return (mask >> 3 & 1) + (mask >> 2 & 1) + (mask >> 1 & 1) + (mask & 1);
}

/* With a mask of zero one byte is looked at. */
BODY(icm)
{
    unsigned mask = o->r2, n = 0;
    ref_probe(r, o->address2, mask ? ones(mask) : 1, REF_FETCH);
    RAISE();
    bool first = false, any = false;
    if (mask)
        ref_alters(r, o->r1);
    if (!mask)
        (void)ref_fetch(r, o->address2);
    for (unsigned k = 0; k < 4; k++) {
        if (!(mask & 8 >> k))
            continue;
        uint8_t b = ref_fetch(r, PLUS(o->address2, n));
        if (n == 0)
            first = b >> 7;
        any |= b != 0;
        R1 = (R1 & ~(0xff000000u >> 8 * k)) | (uint32_t)b << (24 - 8 * k);
        n++;
    }
    r->cc = !any ? 0 : first ? 1 : 2;
    return COMPLETED;
}

BODY(stcm)
{
    unsigned n = 0;
    ref_probe(r, o->address2, ones(o->r2), REF_STORE);
    RAISE();
    for (unsigned k = 0; k < 4; k++) {
        if (o->r2 & 8 >> k)
            ref_store(r, PLUS(o->address2, n++), (uint8_t)(R1 >> (24 - 8 * k)));
    }
    return COMPLETED;
}

BODY(clm)
{
    unsigned n = 0;
    ref_probe(r, o->address2, o->r2 ? ones(o->r2) : 1, REF_FETCH);
    RAISE();
    if (!o->r2)
        (void)ref_fetch(r, o->address2);
    r->cc = 0;
    for (unsigned k = 0; k < 4; k++) {
        if (!(o->r2 & 8 >> k))
            continue;
        unsigned a = R1 >> (24 - 8 * k) & 0xff, b = ref_fetch(r, PLUS(o->address2, n++));
        if (!r->cc && a != b)
            r->cc = a < b ? 1 : 2;
    }
    return COMPLETED;
}

/* Storage is accessed for a store in any case; unequal, the change bit may be set. */
BODY(cs)
{
    uint32_t at = o->address2;
    if (at % 4)
        return PGM_SPECIFICATION;
    ref_probe(r, at, 4, REF_STORE);
    RAISE();
    uint32_t b = (uint32_t)ref_fetch_number(r, at, 4);
    r->cc = b != R1;
    if (r->cc == 0) {
        ref_store_number(r, at, 4, R3);
        return COMPLETED;
    }
    r->changed[ref_place(r, at) / REF_BLOCK] = 1;
    ref_alters(r, o->r1);
    R1 = b;
    return COMPLETED;
}

BODY(cds)
{
    uint32_t at = o->address2;
    if (o->r1 & 1 || o->r2 & 1 || at % 8)
        return PGM_SPECIFICATION;
    ref_probe(r, at, 8, REF_STORE);
    RAISE();
    uint64_t b = ref_fetch_number(r, at, 8);
    r->cc = b != get_pair(r, o->r1);
    if (r->cc == 0) {
        ref_store_number(r, at, 8, get_pair(r, o->r2));
        return COMPLETED;
    }
    r->changed[ref_place(r, at) / REF_BLOCK] = 1;
    ref_alters(r, o->r1);
    ref_alters(r, o->r1 + 1);
    set_pair(r, o->r1, b);
    return COMPLETED;
}

BODY(ts)
{
    ref_probe(r, o->address2, 1, REF_STORE);
    RAISE();
    r->cc = ref_fetch(r, o->address2) >> 7;
    ref_store(r, o->address2, 0xff);
    return COMPLETED;
}

BODY(stck)
{
    ref_probe(r, o->address2, 8, REF_STORE);
    RAISE();
    ref_store_time(r, o->address2, 0);
    r->cc = 0;
    return COMPLETED;
}

/* --- shifts: bit by bit --- */

static unsigned amount(const struct operands *o)
{
    return o->address2 & 63;
}

BODY(srl)
{
    for (unsigned k = 0; k < amount(o); k++)
        R1 >>= 1;
    return COMPLETED;
}

BODY(sll)
{
    for (unsigned k = 0; k < amount(o); k++)
        R1 <<= 1;
    return COMPLETED;
}

BODY(sra)
{
    int64_t value = SIGNED(R1);
    for (unsigned k = 0; k < amount(o); k++)
        value = value >> 1;
    return signed_result(r, o->r1, value);
}

/* The sign stays; a bit unlike it that leaves position 1 is an overflow. */
BODY(sla)
{
    uint32_t sign = R1 & 0x80000000, bits = R1 & 0x7fffffff;
    bool overflow = false;
    for (unsigned k = 0; k < amount(o); k++) {
        overflow |= (bits >> 30 & 1) != sign >> 31;
        bits = bits << 1 & 0x7fffffff;
    }
    R1 = sign | bits;
    if (overflow)
        return ref_overflow(r);
    r->cc = R1 == 0 ? 0 : sign ? 1 : 2;
    return COMPLETED;
}

BODY(srdl)
{
    if (o->r1 & 1)
        return PGM_SPECIFICATION;
    for (unsigned k = 0; k < amount(o); k++)
        set_pair(r, o->r1, get_pair(r, o->r1) >> 1);
    return COMPLETED;
}

BODY(sldl)
{
    if (o->r1 & 1)
        return PGM_SPECIFICATION;
    for (unsigned k = 0; k < amount(o); k++)
        set_pair(r, o->r1, get_pair(r, o->r1) << 1);
    return COMPLETED;
}

static void pair_sign(struct reference *r, unsigned n)
{
    uint64_t value = get_pair(r, n);
    r->cc = value == 0 ? 0 : value >> 63 ? 1 : 2;
}

BODY(srda)
{
    if (o->r1 & 1)
        return PGM_SPECIFICATION;
    for (unsigned k = 0; k < amount(o); k++) {
        uint64_t value = get_pair(r, o->r1);
        set_pair(r, o->r1, (value & UINT64_C(0x8000000000000000)) | value >> 1);
    }
    pair_sign(r, o->r1);
    return COMPLETED;
}

BODY(slda)
{
    bool overflow = false;
    if (o->r1 & 1)
        return PGM_SPECIFICATION;
    for (unsigned k = 0; k < amount(o); k++) {
        uint64_t value = get_pair(r, o->r1), sign = value & UINT64_C(0x8000000000000000);
        overflow |= (value >> 62 & 1) != value >> 63;
        set_pair(r, o->r1, sign | (value << 1 & UINT64_C(0x7fffffffffffffff)));
    }
    if (overflow)
        return ref_overflow(r);
    pair_sign(r, o->r1);
    return COMPLETED;
}

/* --- a byte of storage and an immediate byte --- */

BODY(tm)
{
    FETCH(b, o->address1, 1);
    unsigned bits = b & o->i;
    r->cc = bits == 0 ? 0 : bits == o->i ? 3 : 1;
    return COMPLETED;
}

BODY(mvi)
{
    RESULT(o->address1, 1, o->i);
    return COMPLETED;
}

BODY(cli)
{
    FETCH(b, o->address1, 1);
    return compare(r, b, o->i);
}

#define IMMEDIATE(name, operator)                                                                  \
    BODY(name)                                                                                     \
    {                                                                                              \
        ref_probe(r, o->address1, 1, REF_STORE);                                                   \
        RAISE();                                                                                   \
        uint8_t b = ref_fetch(r, o->address1) operator(uint8_t) o->i;                              \
        ref_store(r, o->address1, b);                                                              \
        r->cc = b != 0;                                                                            \
        return COMPLETED;                                                                          \
    }
IMMEDIATE(ni, &)
IMMEDIATE(oi, |)
IMMEDIATE(xi, ^)

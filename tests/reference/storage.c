/* General instructions on fields in storage: byte by byte, in the order that the manual gives.
 * GA22-7000, "General Instructions". */
#include "tests/reference/reference.h"

#define LENGTH (o->i + 1u)
#define L1     (o->r1 + 1u) /* bytes */
#define L2     (o->r2 + 1u)

/* Both operands are looked at as a whole. */
#define BOTH(length1, access1, length2)                                                            \
    ref_probe(r, o->address2, length2, REF_FETCH);                                                 \
    ref_probe(r, o->address1, length1, access1);                                                   \
    RAISE()

/* From left to right; `expression` is of the bytes a and b. */
#define FIELD(name, expression, code)                                                              \
    BODY(name)                                                                                     \
    {                                                                                              \
        bool any = false;                                                                          \
        BOTH(LENGTH, REF_STORE, LENGTH);                                                           \
        for (unsigned k = 0; k < LENGTH; k++) {                                                    \
            uint8_t b = ref_fetch(r, PLUS(o->address2, k)),                                        \
                    a = ref_fetch(r, PLUS(o->address1, k));                                        \
            uint8_t result = (uint8_t)(expression);                                                \
            (void)a;                                                                               \
            ref_store(r, PLUS(o->address1, k), result);                                            \
            any |= result != 0;                                                                    \
        }                                                                                          \
        code;                                                                                      \
        return COMPLETED;                                                                          \
    }
#define KEEP     (void)any
#define NOT_ZERO r->cc = any
FIELD(mvc, b, KEEP)
FIELD(mvn, (a & 0xf0) | (b & 0x0f), KEEP)
FIELD(mvz, (a & 0x0f) | (b & 0xf0), KEEP)
FIELD(nc, a &b, NOT_ZERO)
FIELD(oc, a | b, NOT_ZERO)
FIELD(xc, a ^ b, NOT_ZERO)

/* The second operand's address is that of its rightmost byte. */
BODY(mvcin)
{
    uint32_t left = PLUS(o->address2, 0u - o->i);
    ref_probe(r, left, LENGTH, REF_FETCH);
    ref_probe(r, o->address1, LENGTH, REF_STORE);
    RAISE();
    /* "When the operands overlap by more than one byte, the contents of the overlapped portion
     * of the result field are unpredictable." */
    unsigned common = 0;
    for (unsigned k = 0; k < LENGTH; k++) {
        for (unsigned n = 0; n < LENGTH; n++)
            common += ref_place(r, PLUS(left, k)) == ref_place(r, PLUS(o->address1, n));
    }
    if (common > 1)
        r->open = "MVCIN with operands that overlap";
    for (unsigned k = 0; k < LENGTH; k++)
        ref_store(r, PLUS(o->address1, k), ref_fetch(r, PLUS(o->address2, 0u - k)));
    return COMPLETED;
}

/* What lies behind the first unequal bytes need not be accessible. */
BODY(clc)
{
    unsigned k, faults;
    ref_probe(r, o->address1, LENGTH, REF_FETCH);
    ref_probe(r, o->address2, LENGTH, REF_FETCH);
    faults = r->found_count;
    for (k = 0; k < LENGTH; k++) {
        unsigned before = r->found_count;
        if (faults) {
            ref_probe(r, PLUS(o->address1, k), 1, REF_FETCH);
            ref_probe(r, PLUS(o->address2, k), 1, REF_FETCH);
            if (r->found_count > before) /* needed, and not there */
                return ref_raise(r);
        }
        uint8_t a = ref_fetch(r, PLUS(o->address1, k)), b = ref_fetch(r, PLUS(o->address2, k));
        if (a == b && k + 1 < LENGTH)
            continue;
        int code = ref_raise_optional(r);
        if (code)
            return code;
        r->cc = a == b ? 0 : a < b ? 1 : 2;
        return COMPLETED;
    }
    return COMPLETED;
}

/* Only the bytes of the table that are selected need be accessible. */
BODY(tr)
{
    bool seen[2] = {false}; /* the blocks of 512 bytes that the table lies in */
    ref_probe(r, o->address1, LENGTH, REF_STORE);
    for (unsigned k = 0; k < LENGTH; k++) {
        unsigned before = r->found_count;
        ref_probe(r, PLUS(o->address1, k), 1, REF_FETCH);
        if (r->found_count > before) /* the argument itself */
            break;
        uint32_t at = PLUS(o->address2, r->storage[ref_place(r, PLUS(o->address1, k))]);
        if (!seen[at / 512 % 2])
            ref_probe(r, at, 1, REF_FETCH);
        seen[at / 512 % 2] = true;
    }
    RAISE();
    for (unsigned k = 0; k < LENGTH; k++) {
        uint8_t argument = ref_fetch(r, PLUS(o->address1, k));
        ref_probe(r, PLUS(o->address2, argument), 1, REF_FETCH);
        if (r->found_count) { /* an argument that has been translated already */
            r->open = "TR whose table is changed by itself";
            return ref_raise(r);
        }
        ref_store(r, PLUS(o->address1, k), ref_fetch(r, PLUS(o->address2, argument)));
    }
    return COMPLETED;
}

BODY(trt)
{
    ref_probe(r, o->address1, LENGTH, REF_FETCH);
    unsigned faults = r->found_count;
    for (unsigned k = 0; k < LENGTH; k++) {
        uint32_t at = PLUS(o->address1, k);
        unsigned before = r->found_count;
        if (faults) {
            ref_probe(r, at, 1, REF_FETCH);
            if (r->found_count > before)
                return ref_raise(r);
        }
        uint32_t entry = PLUS(o->address2, ref_fetch(r, at));
        before = r->found_count;
        ref_probe(r, entry, 1, REF_FETCH);
        if (r->found_count > before)
            return ref_raise(r);
        uint8_t function = ref_fetch(r, entry);
        if (!function)
            continue;
        int code = ref_raise_optional(r);
        if (code)
            return code;
        ref_alters(r, 1);
        ref_alters(r, 2);
        r->gr[1] = (r->gr[1] & 0xff000000) | at;
        r->gr[2] = (r->gr[2] & 0xffffff00) | function;
        r->cc = k + 1 < LENGTH ? 1 : 2;
        return COMPLETED;
    }
    r->cc = 0;
    return COMPLETED;
}

/* --- from right to left --- */

/* The next byte to the left of a field of which `*left` bytes remain, or zero. */
static uint8_t leftwards(struct reference *r, uint32_t address, unsigned *left)
{
    return *left ? ref_fetch(r, PLUS(address, --*left)) : 0;
}

BODY(pack)
{
    unsigned n = L2;
    BOTH(L1, REF_STORE, L2);
    uint8_t b = leftwards(r, o->address2, &n);
    ref_store(r, PLUS(o->address1, o->r1), (uint8_t)((b & 15) << 4 | b >> 4));
    for (unsigned k = o->r1; k-- > 0;) {
        uint8_t low = leftwards(r, o->address2, &n) & 15;
        uint8_t high = leftwards(r, o->address2, &n) & 15;
        ref_store(r, PLUS(o->address1, k), (uint8_t)(high << 4 | low));
    }
    return COMPLETED;
}

/* One byte of the second operand makes two of the first. */
BODY(unpk)
{
    unsigned n = L2;
    BOTH(L1, REF_STORE, L2);
    uint8_t b = leftwards(r, o->address2, &n);
    ref_store(r, PLUS(o->address1, o->r1), (uint8_t)((b & 15) << 4 | b >> 4));
    for (unsigned k = o->r1, half = 0; k-- > 0; half ^= 1) {
        if (!half)
            b = leftwards(r, o->address2, &n);
        ref_store(r, PLUS(o->address1, k), 0xf0 | (half ? b >> 4 : b & 15));
    }
    return COMPLETED;
}

BODY(mvo)
{
    unsigned n = L2;
    BOTH(L1, REF_STORE, L2);
    uint8_t right = ref_fetch(r, PLUS(o->address1, o->r1)) & 15;
    for (unsigned k = L1; k-- > 0;) {
        uint8_t b = leftwards(r, o->address2, &n);
        ref_store(r, PLUS(o->address1, k), (uint8_t)((b & 15) << 4 | right));
        right = b >> 4;
    }
    return COMPLETED;
}

/* --- long operands --- */

static unsigned relation(uint32_t a, uint32_t b)
{
    return a == b ? 0 : a < b ? 1 : 2;
}

struct pair {
    uint32_t address, length;
};

/* Moves byte by byte until the first operand is full, or one of its bytes is not accessible. */
static int move(struct reference *r, struct pair *a, struct pair *b, uint8_t pad)
{
    while (a->length) {
        uint8_t byte = pad;
        if (b->length)
            ref_probe(r, b->address, 1, REF_FETCH);
        ref_probe(r, a->address, 1, REF_STORE);
        RAISE();
        if (b->length) {
            byte = ref_fetch(r, b->address);
            b->address = NEXT(b->address);
            b->length--;
        }
        ref_store(r, a->address, byte);
        a->address = NEXT(a->address);
        a->length--;
    }
    return COMPLETED;
}

static int compare(struct reference *r, struct pair *a, struct pair *b, uint8_t pad)
{
    unsigned cc = 0;
    while (a->length || b->length) {
        if (a->length)
            ref_probe(r, a->address, 1, REF_FETCH);
        if (b->length)
            ref_probe(r, b->address, 1, REF_FETCH);
        RAISE();
        uint8_t x = a->length ? ref_fetch(r, a->address) : pad;
        uint8_t y = b->length ? ref_fetch(r, b->address) : pad;
        if (x != y) {
            cc = x < y ? 1 : 2;
            break;
        }
        if (a->length) {
            a->address = NEXT(a->address);
            a->length--;
        }
        if (b->length) {
            b->address = NEXT(b->address);
            b->length--;
        }
    }
    r->cc = (uint8_t)cc;
    return COMPLETED;
}

static void get_short(const struct reference *r, unsigned n, struct pair *p)
{
    p->address = r->gr[n] & ADDRESS;
    p->length = r->gr[n + 1] & 0xffffff;
}

/* Bits 0-7 of an address are zero at the end; before it, that is open. */
static void put_short(struct reference *r, unsigned n, const struct pair *p, int code)
{
    r->undefined[n] = code ? 0xff000000 : 0;
    r->gr[n] = p->address;
    r->gr[n + 1] = (r->gr[n + 1] & 0xff000000) | p->length;
}

/* Destructive: the first byte of operand 1 is one of the bytes 2 to n of operand 2 that take
 * part, by logical addresses that wrap. */
static bool destructive(const struct pair *a, const struct pair *b)
{
    uint32_t n = a->length < b->length ? a->length : b->length;
    uint32_t distance = (a->address - b->address) & ADDRESS;
    return n > 1 && distance >= 1 && distance <= n - 1;
}

BODY(mvcl)
{
    struct pair a, b;
    if (o->r1 & 1 || o->r2 & 1)
        return PGM_SPECIFICATION;
    get_short(r, o->r1, &a);
    get_short(r, o->r2, &b);
    unsigned cc = relation(a.length, b.length);
    int code = COMPLETED;
    if (destructive(&a, &b))
        cc = 3;
    else
        code = move(r, &a, &b, (uint8_t)(r->gr[o->r2 + 1] >> 24));
    put_short(r, o->r1, &a, code);
    put_short(r, o->r2, &b, code);
    if (!code)
        r->cc = (uint8_t)cc;
    return code;
}

BODY(clcl)
{
    struct pair a, b;
    if (o->r1 & 1 || o->r2 & 1)
        return PGM_SPECIFICATION;
    get_short(r, o->r1, &a);
    get_short(r, o->r2, &b);
    int code = compare(r, &a, &b, (uint8_t)(r->gr[o->r2 + 1] >> 24));
    put_short(r, o->r1, &a, code);
    put_short(r, o->r2, &b, code);
    return code;
}

/* --- the compiler's extension: 32-bit lengths, strings --- */

static void get_long(const struct reference *r, unsigned n, struct pair *p)
{
    p->address = r->gr[n] & ADDRESS;
    p->length = r->gr[n + 1];
}

static void put_long(struct reference *r, unsigned n, const struct pair *p, int code)
{
    r->undefined[n] = code ? 0xff000000 : 0;
    r->gr[n] = p->address;
    r->gr[n + 1] = p->length;
}

BODY(mvcle)
{
    struct pair a, b;
    if (o->r1 & 1 || o->r2 & 1)
        return PGM_SPECIFICATION;
    get_long(r, o->r1, &a);
    get_long(r, o->r2, &b);
    unsigned cc = relation(a.length, b.length);
    if (destructive(&a, &b))
        r->open = "MVCLE with operands that overlap destructively";
    int code = move(r, &a, &b, (uint8_t)o->address2);
    put_long(r, o->r1, &a, code);
    put_long(r, o->r2, &b, code);
    if (!code)
        r->cc = (uint8_t)cc;
    return code;
}

BODY(clcle)
{
    struct pair a, b;
    if (o->r1 & 1 || o->r2 & 1)
        return PGM_SPECIFICATION;
    get_long(r, o->r1, &a);
    get_long(r, o->r2, &b);
    int code = compare(r, &a, &b, (uint8_t)o->address2);
    put_long(r, o->r1, &a, code);
    put_long(r, o->r2, &b, code);
    return code;
}

/* An exception in the middle of a string: the registers are advanced, and condition code 3 has
 * said that there is more to do. */
static int stopped(struct reference *r, const struct operands *o, uint32_t a, uint32_t b,
                   bool progress)
{
    int code = ref_raise(r);
    if (progress) {
        r->gr[o->r1] = a;
        r->gr[o->r2] = b;
        r->undefined[o->r1] = r->undefined[o->r2] = 0xff000000;
        r->cc = 3;
    }
    return code;
}

/* Condition code 3 has advanced a register that the instruction leaves alone otherwise.  If that is
 * register 0, there is no end byte any more. */
#define UNITS UINT32_MAX
#define NOT_REGISTER_0()                                                                           \
    do {                                                                                           \
        if (!o->r1 || !o->r2)                                                                      \
            r->open = "a string in register 0";                                                    \
    } while (0)

BODY(mvst)
{
    uint32_t a = r->gr[o->r1] & ADDRESS, b = r->gr[o->r2] & ADDRESS, moved = 0;
    NOT_REGISTER_0();
    if (r->gr[0] & 0xffffff00)
        return PGM_SPECIFICATION;
    for (bool progress = false;; progress = true) {
        ref_probe(r, b, 1, REF_FETCH);
        ref_probe(r, a, 1, REF_STORE);
        if (r->found_count)
            return stopped(r, o, a, b, progress);
        uint8_t byte = ref_fetch(r, b);
        ref_store(r, a, byte);
        if (byte == (uint8_t)r->gr[0])
            break;
        a = NEXT(a);
        b = NEXT(b);
        if (++moved > ADDRESS) {
            r->open = "a string that has overwritten its own end";
            return COMPLETED;
        }
    }
    r->gr[o->r1] = a;
    if (o->r1 != o->r2)
        r->undefined[o->r2] = UNITS;
    r->cc = 1;
    return COMPLETED;
}

BODY(clst)
{
    uint8_t end = (uint8_t)r->gr[0];
    uint32_t a = r->gr[o->r1] & ADDRESS, b = r->gr[o->r2] & ADDRESS;
    NOT_REGISTER_0();
    if (r->gr[0] & 0xffffff00)
        return PGM_SPECIFICATION;
    for (bool progress = false;; progress = true) {
        ref_probe(r, a, 1, REF_FETCH);
        ref_probe(r, b, 1, REF_FETCH);
        if (r->found_count)
            return stopped(r, o, a, b, progress);
        uint8_t x = ref_fetch(r, a), y = ref_fetch(r, b);
        if (x == end && y == end) {
            r->undefined[o->r1] = r->undefined[o->r2] = UNITS;
            r->cc = 0;
            return COMPLETED;
        }
        if (x != y) {
            bool low = x == end || (y != end && x < y);
            r->gr[o->r1] = a;
            r->gr[o->r2] = b;
            r->cc = low ? 1 : 2;
            return COMPLETED;
        }
        a = NEXT(a);
        b = NEXT(b);
    }
}

BODY(srst)
{
    uint32_t end = r->gr[o->r1] & ADDRESS, at = r->gr[o->r2] & ADDRESS;
    NOT_REGISTER_0();
    if (r->gr[0] & 0xffffff00)
        return PGM_SPECIFICATION;
    for (bool progress = false; at != end; progress = true) {
        ref_probe(r, at, 1, REF_FETCH);
        if (r->found_count)
            return stopped(r, o, r->gr[o->r1], at, progress);
        if (ref_fetch(r, at) == (uint8_t)r->gr[0]) {
            r->gr[o->r1] = at;
            if (o->r1 != o->r2)
                r->undefined[o->r2] = UNITS;
            r->cc = 1;
            return COMPLETED;
        }
        at = NEXT(at);
    }
    r->undefined[o->r2] = UNITS;
    r->cc = 2;
    return COMPLETED;
}

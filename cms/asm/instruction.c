/* Machine instructions: which operands a format has and where their fields go; base registers from
 * the USINGs.  GC33-4010, "Machine Instruction Statements"; GA22-7000, "Instruction Formats". */
#include "cms/asm/internal.h"

/* An operand as it is written, and the bytes of the instruction it goes to. */
enum field {
    RH,
    RL, /* register or mask: high, low half of byte 1 */
    R3H,
    R3L, /* the same of byte 3 */
    IB,  /* a byte in byte 1 */
    IL,  /* a digit in the low half of byte 1 */
    XA,  /* D(X,B): X in the low half of byte 1, B and D in bytes 2 and 3 */
    BA,
    BA4, /* D(B) in bytes 2 and 3; 4 and 5 */
    LA8, /* D(L,B): L-1 in byte 1, B and D in bytes 2 and 3 */
    LAH,
    LAL, /* L-1 in the high half, address in bytes 2 and 3; low half and 4 and 5 */
    KA,  /* D(R,B): R in the high half of byte 1, address in bytes 2 and 3 */
};

static const struct {
    uint8_t count, field[3];
} formats[] = {
    [FMT_NONE] = {0, {0}},
    [FMT_RR] = {2, {RH, RL}},
    [FMT_R] = {1, {RH}},
    [FMT_MR] = {2, {RH, RL}},
    [FMT_BR] = {1, {RL}},
    [FMT_I] = {1, {IB}},
    [FMT_RX] = {2, {RH, XA}},
    [FMT_MX] = {2, {RH, XA}},
    [FMT_BX] = {1, {XA}},
    [FMT_RS] = {3, {RH, RL, BA}},
    [FMT_RSH] = {2, {RH, BA}},
    [FMT_SI] = {2, {BA, IB}},
    [FMT_S] = {1, {BA}},
    [FMT_SS1] = {2, {LA8, BA4}},
    [FMT_SS2] = {2, {LAH, LAL}},
    [FMT_SSI] = {3, {LAH, BA4, IL}},
    [FMT_SSK] = {3, {KA, BA4, RL}},
    [FMT_SSE] = {2, {BA, BA4}},
    [FMT_RRE] = {2, {R3H, R3L}},
    [FMT_RRE1] = {1, {R3H}},
};

/* Registers that must be even (1), floating point (2), the first of an extended pair (4), for
 * the first and the second operand. */
static const struct {
    uint16_t from, to;
    uint8_t first, second;
} registers[] = {
    {0x1c, 0x1d, 1, 0}, {0x5c, 0x5d, 1, 0},     {0x0e, 0x0f, 1, 1}, {0x8c, 0x8f, 1, 0},
    {0xbb, 0xbb, 1, 1}, {0x25, 0x25, 2, 4},     {0x26, 0x26, 4, 4}, {0x27, 0x27, 4, 2},
    {0x36, 0x37, 4, 4}, {0x20, 0x3f, 2, 2},     {0x67, 0x67, 4, 0}, {0x60, 0x70, 2, 0},
    {0x78, 0x7f, 2, 0}, {0xb22d, 0xb22d, 4, 4},
};

struct address {
    struct value v;
    struct slice text;
    bool parenthesis, has[2];
    int32_t sub[2];
};

uint32_t asm_instruction_size(const struct operation *op)
{
    unsigned first = op->code > 0xff ? op->code >> 8 : op->code;

    return first < 0x40 ? 2 : first < 0xc0 ? 4 : 6;
}

/* First pass: operands that are literals go to the pool. */
void asm_find_literals(struct assembler *a, struct slice operands)
{
    struct slice rest = operands, operand;

    if (!memchr(operands.at, '=', operands.length))
        return;
    while (asm_operand(&rest, &operand))
        if (operand.length > 1 && operand.at[0] == '=')
            asm_literal(
                a, (struct slice){operand.at + 1,
                                  asm_literal_length(operand.at + 1, operand.at + operand.length)});
}

static bool number(struct assembler *a, struct slice text, int32_t least, int32_t most,
                   enum asm_message m, int32_t *value)
{
    const char *p = text.at, *end = p + text.length;

    if (!asm_absolute(a, &p, end, value))
        return false;
    if (p != end) {
        asm_error(a, M_SYNTAX, (struct slice){p, (unsigned)(end - p)});
        return false;
    }
    if (*value < least || *value > most) {
        asm_error(a, m, text);
        return false;
    }
    return true;
}

static bool parse_address(struct assembler *a, struct slice text, struct address *x)
{
    const char *p = text.at, *end = p + text.length;
    bool good = true;

    memset(x, 0, sizeof(*x));
    x->text = text;
    if (p < end && *p == ',') /* cannot be: operands are cut at commas */
        return false;
    if (!asm_expression(a, &p, end, &x->v) || x->v.undefined)
        return false;
    if (p < end && *p == '(') {
        x->parenthesis = true;
        p++;
        if (p < end && *p != ',' && *p != ')') {
            good = asm_absolute(a, &p, end, &x->sub[0]);
            x->has[0] = true;
        }
        if (good && p < end && *p == ',') {
            p++;
            good = asm_absolute(a, &p, end, &x->sub[1]);
            x->has[1] = true;
        }
        if (!good)
            return false;
        if (p == end || *p++ != ')')
            p = p > text.at ? p - 1 : p;
    }
    if (p != end) {
        asm_error(a, M_SYNTAX, (struct slice){p, (unsigned)(end - p)});
        return false;
    }
    return true;
}

/* The base register for a value that is written without one: the smallest displacement, among
 * equals the highest register. */
bool asm_base(struct assembler *a, const struct value *v, unsigned *base, uint32_t *displacement)
{
    struct section *section = asm_simple_section(v);
    uint32_t best = 4096;

    *base = *displacement = 0;
    if (v->terms && !section) {
        asm_error_text(a, M_RELOCATABILITY, "");
        return false;
    }
    for (unsigned r = 0; r < USING_MAX; r++) {
        const struct using *u = &a->usings[r];
        uint32_t distance = (uint32_t)v->value - u->value;
        if (u->active && u->section == section && distance < 4096 && distance <= best) {
            best = distance;
            *base = r;
        }
    }
    if (best < 4096) {
        *displacement = best;
        return true;
    }
    if (!section && (uint32_t)v->value < 4096) {
        *displacement = (uint32_t)v->value;
        return true;
    }
    asm_error_text(a, M_NOT_ADDRESSABLE, "");
    return false;
}

/* Puts base and displacement into code[at], and notes the address for the listing. */
static void put_address(struct assembler *a, const struct address *x, bool has_base, int32_t base,
                        unsigned align, uint8_t *code, unsigned at, bool second)
{
    unsigned b = 0;
    uint32_t d = 0;

    if (has_base) {
        if (base < 0 || base > 15)
            asm_error(a, M_REGISTER, x->text);
        if (x->v.terms)
            asm_error(a, M_RELOCATABILITY, x->text);
        else if (x->v.value < 0 || x->v.value > 4095)
            asm_error(a, M_DISPLACEMENT, x->text);
        b = (unsigned)base & 15;
        d = (uint32_t)x->v.value & 0xfff;
    } else {
        asm_base(a, &x->v, &b, &d);
        if (align > 1 && x->v.terms && (uint32_t)x->v.value % align && a->options->align)
            asm_error(a, M_ALIGNMENT, x->text);
    }
    code[at] = (uint8_t)(b << 4 | d >> 8);
    code[at + 1] = (uint8_t)d;
    if (second) {
        a->has_address2 = true;
        a->address2 = (uint32_t)x->v.value & 0xffffff;
    } else {
        a->has_address1 = true;
        a->address1 = (uint32_t)x->v.value & 0xffffff;
    }
}

static bool in_range(struct assembler *a, const struct address *x, int32_t value, int32_t most,
                     enum asm_message m)
{
    if (value >= 0 && value <= most)
        return true;
    asm_error(a, m, x->text);
    return false;
}

/* D(L,B), D(L), D(,B) and D alone, with 8 or 4 bits for L-1. */
static void length_operand(struct assembler *a, const struct address *x, enum field f,
                           uint8_t *code)
{
    int32_t most = f == LA8 ? 256 : 16;
    int32_t length = x->has[0] ? x->sub[0] : (int32_t)x->v.length;

    if (!in_range(a, x, length, most, M_LENGTH))
        length = 1;
    unsigned coded = length ? (unsigned)length - 1 : 0;
    code[1] |= (uint8_t)(f == LAH ? coded << 4 : coded);
    put_address(a, x, x->has[1], x->sub[1], 0, code, f == LAL ? 4 : 2, f == LAL);
}

static void address_operand(struct assembler *a, const struct operation *op, struct slice text,
                            enum field f, uint8_t *code)
{
    struct address x;
    bool second = op->format != FMT_SI && op->format != FMT_S;

    if (!parse_address(a, text, &x))
        return;
    switch (f) {
    case XA:
        if (x.has[0] && in_range(a, &x, x.sub[0], 15, M_REGISTER))
            code[1] |= (uint8_t)x.sub[0];
        /* D(X) with an absolute D has no base; without a USING for it, that is what comes out. */
        put_address(a, &x, x.has[1], x.sub[1], op->align, code, 2, true);
        break;
    case KA:
        if (!x.has[0])
            asm_error(a, M_SYNTAX, text);
        if (in_range(a, &x, x.sub[0], 15, M_REGISTER))
            code[1] |= (uint8_t)(x.sub[0] << 4);
        put_address(a, &x, x.has[1], x.sub[1], 0, code, 2, false);
        break;
    case LA8:
    case LAH:
    case LAL:
        length_operand(a, &x, f, code);
        break;
    default:
        if (x.has[1] || (x.parenthesis && !x.has[0]))
            asm_error(a, M_SYNTAX, text);
        put_address(a, &x, x.has[0], x.sub[0], op->align, code, f == BA4 ? 4 : 2,
                    f == BA4 || (second && op->format != FMT_SSE));
    }
}

static void check_register(struct assembler *a, const struct operation *op, unsigned operand,
                           struct slice text, int32_t r)
{
    bool bad = false;

    for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
        if (op->code < registers[i].from || op->code > registers[i].to)
            continue;
        unsigned rule = operand ? registers[i].second : registers[i].first;
        bad = ((rule & 1) && r % 2) || ((rule & 2) && (r % 2 || r > 6)) ||
              ((rule & 4) && r != 0 && r != 4);
        break;
    }
    if (bad)
        asm_error(a, M_EVEN_REGISTER, text);
}

static void operand_into(struct assembler *a, const struct operation *op, unsigned n,
                         struct slice text, uint8_t *code)
{
    enum field f = formats[op->format].field[n];
    int32_t value;

    if (!text.length) {
        asm_error_text(a, M_MISSING_OPERAND, "");
        return;
    }
    if (f >= XA) {
        address_operand(a, op, text, f, code);
        return;
    }
    if (f == IB) {
        if (number(a, text, -128, 255, M_VALUE_RANGE, &value))
            code[1] = (uint8_t)value;
        return;
    }
    if (!number(a, text, 0, 15, M_REGISTER, &value))
        return;
    if (f != IL && op->format != FMT_MR && op->format != FMT_MX)
        check_register(a, op, n, text, value);
    unsigned byte = f == R3H || f == R3L ? 3 : 1;
    code[byte] |= (uint8_t)(f == RH || f == R3H ? value << 4 : value);
}

/* Second pass: assembles the statement and puts its bytes out. */
void asm_instruction(struct assembler *a, const struct record *r)
{
    const struct operation *op = r->code;
    uint8_t code[6] = {0};
    struct slice rest = r->operands, operand;
    unsigned n = 0, count = formats[op->format].count;

    if (op->code > 0xff) {
        code[0] = (uint8_t)(op->code >> 8);
        code[1] = (uint8_t)op->code;
    } else {
        code[0] = (uint8_t)op->code;
    }
    if (op->format == FMT_BR || op->format == FMT_BX)
        code[1] = (uint8_t)(op->mask << 4);
    for (; n < count && asm_operand(&rest, &operand); n++)
        operand_into(a, op, n, operand, code);
    if (n < count)
        asm_error_text(a, M_MISSING_OPERAND, "");
    if (count && rest.at)
        asm_error(a, M_TOO_MANY_OPERANDS, rest);
    asm_bytes(a, code, asm_instruction_size(op));
}

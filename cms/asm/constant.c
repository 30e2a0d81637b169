/* DC and DS: constants and areas.  GC33-4010, "DC -- Define Constant". */
#include "cms/asm/internal.h"

#define CONSTANT_MAX 256 /* bytes of one DC constant */
#define AREA_MAX     65535

static const struct type {
    char type;
    uint8_t length; /* 0: as long as its value */
    uint8_t align, least, most;
    bool parentheses;   /* around the value; else quotes */
    char explicit_type; /* T' if a length was given */
} types[] = {
    {'C', 0, 1, 1, 0, false, 'C'},  {'X', 0, 1, 1, 0, false, 'X'},   {'B', 0, 1, 1, 0, false, 'B'},
    {'F', 4, 4, 1, 8, false, 'G'},  {'H', 2, 2, 1, 8, false, 'G'},   {'E', 4, 4, 1, 8, false, 'K'},
    {'D', 8, 8, 1, 8, false, 'K'},  {'L', 16, 8, 1, 16, false, 'K'}, {'P', 0, 1, 1, 16, false, 'P'},
    {'Z', 0, 1, 1, 16, false, 'Z'}, {'A', 4, 4, 1, 4, true, 'R'},    {'Y', 2, 2, 1, 2, true, 'R'},
    {'S', 2, 2, 2, 2, true, 'R'},   {'V', 4, 4, 3, 4, true, 'V'},
};

static const struct type *type_of(char c)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (types[i].type == c)
            return &types[i];
    return NULL;
}

/* A number, or an expression in parentheses, in front of the type or behind a modifier. */
static bool modifier(struct assembler *a, const char **at, const char *end, int32_t *value)
{
    bool previous = a->previous_only, good;
    const char *start = *at;
    bool minus = false;

    if (*at < end && (**at == '-' || **at == '+'))
        minus = *(*at)++ == '-';
    if (*at < end && **at == '(') {
        ++*at;
        a->previous_only = true;
        good = asm_absolute(a, at, end, value) && *at < end && **at == ')';
        a->previous_only = previous;
        if (good)
            ++*at;
    } else {
        good = *at < end && str_is_digit(**at) && asm_self_defining(a, at, end, value);
    }
    if (!good)
        asm_error(a, M_BAD_FIELD, (struct slice){start, (unsigned)(end - start)});
    if (minus)
        *value = -*value;
    return good;
}

static bool length_modifier(struct assembler *a, const char **at, const char *end,
                            struct constant *c)
{
    int32_t value;

    ++*at;
    if (*at < end && **at == '.') {
        c->bits = true;
        ++*at;
    }
    if (!modifier(a, at, end, &value))
        return false;
    if (value < 0 || value > AREA_MAX) {
        asm_error_text(a, M_LENGTH, "");
        return false;
    }
    c->has_length = true;
    c->length = (uint32_t)value;
    return true;
}

/* The value in quotes or parentheses, without them. */
static bool nominal(struct assembler *a, const char **at, const char *end, const struct type *t,
                    struct constant *c)
{
    const char *start = *at, *p = start;
    unsigned depth = 0;
    bool quoted = false;

    if (p == end || *p == ',')
        return true;
    if (*p != (t->parentheses ? '(' : '\'')) {
        asm_error(a, M_SYNTAX, (struct slice){start, (unsigned)(end - start)});
        return false;
    }
    if (t->parentheses) {
        for (; p < end; p++) {
            if (*p == '\'')
                quoted = !quoted &&
                         asm_quote_starts(start, (unsigned)(p - start), (unsigned)(end - start));
            else if (!quoted && *p == '(')
                depth++;
            else if (!quoted && *p == ')' && --depth == 0)
                break;
        }
    } else {
        for (p++; p < end && !(*p == '\'' && (p + 1 == end || p[1] != '\'')); p++)
            if (*p == '\'')
                p++;
    }
    if (p >= end) {
        asm_error(a, M_SYNTAX, (struct slice){start, (unsigned)(end - start)});
        return false;
    }
    c->has_nominal = true;
    c->nominal = (struct slice){start + 1, (unsigned)(p - start - 1)};
    *at = p + 1;
    return true;
}

/* Cuts the next value off: C is one, the others are separated by commas. */
static bool next_value(const struct constant *c, struct slice *rest, struct slice *value)
{
    unsigned i = 0;

    if (!rest->at)
        return false;
    if (c->type == 'A' || c->type == 'Y' || c->type == 'S' || c->type == 'V')
        return asm_operand(rest, value);
    while (c->type != 'C' && i < rest->length && rest->at[i] != ',')
        i++;
    if (c->type == 'C')
        i = rest->length;
    *value = (struct slice){rest->at, i};
    *rest = i < rest->length ? (struct slice){rest->at + i + 1, rest->length - i - 1}
                             : (struct slice){NULL, 0};
    return true;
}

static uint32_t character_count(struct slice text)
{
    uint32_t n = 0;

    for (unsigned i = 0; i < text.length; i++, n++)
        if ((text.at[i] == '\'' || text.at[i] == '&') && i + 1 < text.length &&
            text.at[i + 1] == text.at[i])
            i++;
    return n;
}

/* Bytes of one value without a length modifier. */
static uint32_t implied_length(const struct constant *c, struct slice value)
{
    uint32_t n = 0;

    switch (c->type) {
    case 'C':
        return character_count(value);
    case 'X':
        return (value.length + 1) / 2;
    case 'B':
        return (value.length + 7) / 8;
    case 'P':
    case 'Z':
        for (unsigned i = 0; i < value.length; i++)
            n += str_is_digit(value.at[i]);
        return c->type == 'P' ? n / 2 + 1 : n;
    default:
        return c->length;
    }
}

/* Parses one operand of DC or DS, or a literal, up to its end or a comma. */
bool asm_constant(struct assembler *a, const char **at, const char *end, struct constant *c)
{
    struct slice rest, value;

    memset(c, 0, sizeof(*c));
    c->duplication = 1;
    if (*at < end && (str_is_digit(**at) || **at == '(') && !modifier(a, at, end, &c->duplication))
        return false;
    const struct type *t = *at < end ? type_of(**at) : NULL;
    if (!t) {
        asm_error(a, M_CONSTANT_TYPE, (struct slice){*at, *at < end ? 1 : 0});
        return false;
    }
    if (c->duplication < 0) {
        asm_error_text(a, M_VALUE_RANGE, "");
        return false;
    }
    c->type = *(*at)++;
    c->length = t->length;
    c->align = t->align;
    if (*at < end && **at == 'L' && !length_modifier(a, at, end, c))
        return false;
    if (*at < end && **at == 'S') {
        ++*at;
        if (!modifier(a, at, end, &c->scale))
            return false;
    }
    if (*at < end && **at == 'E') {
        ++*at;
        if (!modifier(a, at, end, &c->exponent))
            return false;
    }
    if (c->has_length)
        c->align = 1;
    if (!nominal(a, at, end, t, c))
        return false;
    rest = c->nominal;
    if (!c->has_nominal) {
        c->count = 1;
        if (!c->has_length && !t->length)
            c->length = 1;
    } else {
        while (next_value(c, &rest, &value))
            if (!c->count++ && !c->has_length)
                c->length = implied_length(c, value);
    }
    uint32_t bytes = c->bits ? (c->length + 7) / 8 : c->length;
    if ((t->most && (bytes > t->most || bytes < t->least)) ||
        (c->has_nominal && (bytes > CONSTANT_MAX || !bytes))) {
        asm_error_text(a, M_LENGTH, "");
        return false;
    }
    return true;
}

/* Bytes (bits, if c->bits) of all its values and repetitions. */
uint32_t asm_constant_size(const struct constant *c)
{
    struct slice rest = c->nominal, value;
    uint32_t once = 0;

    if (!c->has_nominal || c->has_length)
        once = c->length * c->count;
    else
        while (next_value(c, &rest, &value))
            once += implied_length(c, value);
    if (once && (uint32_t)c->duplication > 0xffffff / once)
        return 0x1000000; /* too large wherever it stands */
    return once * (uint32_t)c->duplication;
}

/* V-type constants make external references, which the first pass must know. */
static void note_externals(struct assembler *a, const struct constant *c)
{
    struct slice rest = c->nominal, name;

    if (c->type != 'V' || a->second)
        return;
    while (asm_operand(&rest, &name)) {
        if (!asm_room(a, ASM_RESERVE))
            return;
        if (asm_is_symbol(name))
            asm_section(a, name, SECTION_EXTERN);
    }
}

/* First pass: places, and the name's attributes. */
void asm_define_constants(struct assembler *a, struct slice operands, bool storage_only,
                          struct slice label)
{
    struct slice rest = operands, operand;
    struct constant c;
    bool first = true;
    uint32_t bits = 0;

    while (asm_operand(&rest, &operand)) {
        const char *p = operand.at, *end = p + operand.length;
        if (!asm_constant(a, &p, end, &c))
            continue;
        if (p != end)
            asm_error(a, M_SYNTAX, (struct slice){p, (unsigned)(end - p)});
        if (!c.has_nominal && !storage_only)
            asm_error(a, M_CONSTANT, operand);
        if (!c.bits) {
            asm_advance(a, (bits + 7) / 8);
            bits = 0;
            asm_align(a, c.align);
        }
        if (first) {
            struct section *s = asm_current(a);
            const struct type *t = type_of(c.type);
            if (a->record) {
                a->record->gap = (uint8_t)(s->location - a->record->location);
                a->record->location = s->location;
            }
            asm_define(a, label, s->location, s, c.bits ? (c.length + 7) / 8 : c.length,
                       c.has_length ? t->explicit_type : t->type);
            first = false;
        }
        note_externals(a, &c);
        uint32_t size = asm_constant_size(&c);
        if (c.bits)
            bits += size;
        else
            asm_advance(a, size);
    }
    asm_advance(a, (bits + 7) / 8);
    if (first)
        asm_define(a, label, asm_current(a)->location, asm_current(a), 1, 'U');
}

/* Takes characters into bytes, the rest of which are blanks. */
static void characters(struct assembler *a, struct slice text, uint8_t *to, uint32_t length)
{
    uint32_t n = 0;

    memset(to, asm_ebcdic(a, ' '), length);
    for (unsigned i = 0; i < text.length && n < length; i++) {
        to[n++] = asm_ebcdic(a, text.at[i]);
        if ((text.at[i] == '\'' || text.at[i] == '&') && i + 1 < text.length &&
            text.at[i + 1] == text.at[i])
            i++;
    }
}

/* Hexadecimal or binary digits, right-justified. */
static bool digits(struct slice text, unsigned bits_each, uint8_t *to, uint32_t length)
{
    static const char names[] = "0123456789ABCDEF";
    uint32_t at = 0;

    memset(to, 0, length);
    if (!text.length)
        return false;
    for (unsigned i = text.length; i-- > 0;) {
        const char *p = text.at[i] ? strchr(names, str_upper(text.at[i])) : NULL;
        if (!p || p - names >= 1 << bits_each)
            return false;
        if (at / 8 < length)
            to[length - 1 - at / 8] |= (uint8_t)((unsigned)(p - names) << at % 8);
        at += bits_each;
    }
    return true;
}

static bool decimal(struct assembler *a, char type, struct slice text, uint8_t *to, uint32_t length)
{
    char d[2 * 16];
    unsigned n;
    bool minus;

    if (!asm_decimal_digits(text, d, sizeof(d) - 1, &n, &minus))
        return false;
    unsigned room = type == 'P' ? 2 * length - 1 : length;
    if (n > room)
        asm_error(a, M_TRUNCATED, text);
    unsigned sign = minus ? 0xd : 0xc;
    memset(to, type == 'P' ? 0 : 0xf0, length);
    if (type == 'P')
        to[length - 1] = (uint8_t)sign;
    for (unsigned i = 0; i < n && i < room; i++) {
        unsigned digit = (unsigned)(d[n - 1 - i] - '0');
        if (type == 'Z')
            to[length - 1 - i] = (uint8_t)((i ? 0xf0 : sign << 4) | digit);
        else
            to[length - 1 - (i + 1) / 2] |= (uint8_t)(i % 2 ? digit : digit << 4);
    }
    return true;
}

/* A, Y, V and S. */
static void address(struct assembler *a, const struct constant *c, struct slice text, uint8_t *to,
                    uint32_t length)
{
    struct value v;
    const char *p = text.at, *end = p + text.length;
    unsigned base = 0;
    uint32_t displacement = 0;

    memset(to, 0, length);
    if (c->type == 'V') {
        memset(&v, 0, sizeof(v));
        if (asm_is_symbol(text)) {
            v.terms = 1;
            v.term[0].count = 1;
            v.term[0].section = asm_section(a, text, SECTION_EXTERN);
            asm_relocate(a, &v, length, 'V');
        } else {
            asm_error(a, M_INVALID_SYMBOL, text);
        }
        return;
    }
    if (!asm_expression(a, &p, end, &v) || v.undefined)
        return;
    if (c->type == 'S') {
        int32_t b;
        if (p < end && *p == '(') {
            p++;
            if (!asm_absolute(a, &p, end, &b) || p == end || *p++ != ')')
                asm_error(a, M_CONSTANT, text);
            base = (unsigned)b & 15;
            displacement = (uint32_t)v.value;
            if (displacement > 4095)
                asm_error(a, M_DISPLACEMENT, text);
        } else {
            asm_base(a, &v, &base, &displacement);
        }
        v.value = (int32_t)(base << 12 | (displacement & 0xfff));
    } else if (v.terms) {
        if (c->bits || (length < 2 && v.terms))
            asm_error(a, M_RELOCATABILITY, text);
        else
            asm_relocate(a, &v, length, 'A');
    }
    if (p != end)
        asm_error(a, M_SYNTAX, (struct slice){p, (unsigned)(end - p)});
    uint32_t value = (uint32_t)v.value;
    for (uint32_t i = length; i-- > 0; value >>= 8)
        to[i] = (uint8_t)value;
}

static void make_value(struct assembler *a, const struct constant *c, struct slice text,
                       uint8_t *to, uint32_t length)
{
    bool good = true, overflow = false;

    switch (c->type) {
    case 'C':
        characters(a, text, to, length);
        break;
    case 'X':
    case 'B':
        good = digits(text, c->type == 'X' ? 4 : 1, to, length);
        break;
    case 'F':
    case 'H':
        memset(to, 0, length);
        good = asm_fixed(text, c->scale, c->exponent, length, to, &overflow);
        break;
    case 'E':
    case 'D':
    case 'L':
        good = asm_float(text, c->scale, c->exponent, length, to);
        break;
    case 'P':
    case 'Z':
        memset(to, 0, length);
        good = decimal(a, c->type, text, to, length);
        break;
    default:
        address(a, c, text, to, length);
    }
    if (!good)
        asm_error(a, M_CONSTANT, text);
    if (overflow)
        asm_error(a, M_TRUNCATED, text);
}

static void flush_bits(struct assembler *a)
{
    if (a->bit_count)
        asm_byte(a, (uint8_t)(a->bits << (8 - a->bit_count)));
    a->bit_count = a->bits = 0;
}

static void put_bits(struct assembler *a, const uint8_t *from, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++) {
        a->bits = a->bits << 1 | (from[i / 8] >> (7 - i % 8) & 1);
        if (++a->bit_count == 8) {
            asm_byte(a, (uint8_t)a->bits);
            a->bit_count = a->bits = 0;
        }
    }
}

/* Second pass: the bytes of one operand. */
void asm_emit_constant(struct assembler *a, const struct constant *c)
{
    uint8_t buffer[CONSTANT_MAX];
    struct slice rest, value;

    if (!c->has_nominal) {
        asm_skip(a, asm_constant_size(c));
        return;
    }
    for (int32_t i = 0; i < c->duplication; i++) {
        rest = c->nominal;
        while (next_value(c, &rest, &value)) {
            uint32_t length = c->has_length ? c->length : implied_length(c, value);
            if (c->bits)
                length = (length + 7) / 8;
            if (!length || length > CONSTANT_MAX)
                continue;
            make_value(a, c, value, buffer, length);
            if (c->bits)
                put_bits(a, buffer, c->type == 'C' ? 0 : 8 * length - c->length, c->length);
            else
                asm_bytes(a, buffer, length);
        }
    }
}

void asm_emit_constants(struct assembler *a, struct slice operands, bool storage_only)
{
    struct slice rest = operands, operand;
    struct constant c;

    if (a->record->gap && !storage_only) { /* what DC skips is zero */
        a->current->location -= a->record->gap;
        for (unsigned i = 0; i < a->record->gap; i++)
            asm_byte(a, 0);
        a->listed_length = 0;
    }

    while (asm_operand(&rest, &operand)) {
        const char *p = operand.at, *end = p + operand.length;
        if (!asm_constant(a, &p, end, &c))
            continue;
        if (!c.bits)
            flush_bits(a);
        uint32_t over = a->current->location & (c.align - 1);
        if (over && !c.bits) {
            if (storage_only)
                asm_skip(a, c.align - over);
            else
                for (; over < c.align; over++)
                    asm_byte(a, 0);
        }
        if (storage_only)
            asm_skip(a, c.bits ? (asm_constant_size(&c) + 7) / 8 : asm_constant_size(&c));
        else
            asm_emit_constant(a, &c);
    }
    flush_bits(a);
}

/* Assembly-time expressions over ordinary symbols: absolute, relocatable, and (for address
 * constants) with several sections in them.  GC33-4010, "Expressions". */
#include "cms/asm/internal.h"

#define NEST_MAX 40

static bool wrong(struct assembler *a, const char *at, const char *end)
{
    asm_error(a, M_SYNTAX, (struct slice){at, end - at > 16 ? 16 : (unsigned)(end - at)});
    return false;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *p = c ? strchr(digits, str_upper(c)) : NULL;

    return p ? (int)(p - digits) : -1;
}

/* C'text': up to four characters. */
static bool character_term(struct assembler *a, const char **at, const char *end, uint32_t *value)
{
    const char *p = *at;
    unsigned n = 0;

    for (; p < end; p++) {
        if (*p == '\'' && (p + 1 == end || p[1] != '\''))
            break;
        if ((*p == '\'' || *p == '&') && p + 1 < end && p[1] == *p)
            p++;
        *value = *value << 8 | asm_ebcdic(a, *p);
        n++;
    }
    if (p >= end || !n || n > 4)
        return false;
    *at = p + 1;
    return true;
}

/* Digits of base 2 or 16 up to the closing quote. */
static bool digit_term(const char **at, const char *end, int base, uint32_t *value)
{
    const char *p = *at;
    int digit;
    unsigned n = 0;

    for (; p < end && *p != '\''; p++, n++) {
        digit = hex_digit(*p);
        if (digit < 0 || digit >= base || n == (base == 2 ? 32u : 8u))
            return false;
        *value = *value * (unsigned)base + (unsigned)digit;
    }
    if (p == end || !n)
        return false;
    *at = p + 1;
    return true;
}

/* A number, or C'..', X'..', B'..'.  False, and *at unchanged, if it is none. */
bool asm_self_defining(struct assembler *a, const char **at, const char *end, int32_t *value)
{
    const char *p = *at;
    uint32_t v = 0;
    bool good;

    if (p == end)
        return false;
    if (str_is_digit(*p)) {
        for (; p < end && str_is_digit(*p); p++) {
            uint32_t digit = (uint32_t)(*p - '0');
            if (v > (0x7fffffffu - digit) / 10)
                return false;
            v = v * 10 + digit;
        }
        good = true;
    } else if (end - p > 2 && p[1] == '\'') {
        char kind = *p;
        p += 2;
        good = kind == 'C'   ? character_term(a, &p, end, &v)
               : kind == 'X' ? digit_term(&p, end, 16, &v)
               : kind == 'B' ? digit_term(&p, end, 2, &v)
                             : false;
    } else {
        good = false;
    }
    if (!good)
        return false;
    *value = (int32_t)v;
    *at = p;
    return true;
}

static void set_relocatable(struct value *v, struct section *section, uint32_t offset)
{
    v->value = (int32_t)(offset + (section ? section->origin : 0));
    if (section) {
        v->terms = 1;
        v->term[0].section = section;
        v->term[0].count = 1;
    }
}

static void use_symbol(struct assembler *a, struct slice name, struct value *v)
{
    struct symbol *s = asm_symbol(a, name, false);
    bool known = s && s->defined &&
                 !(a->previous_only && s->statement >= (a->record ? a->record->number : 0));

    if (!known) {
        asm_error(a, a->previous_only ? M_NOT_PREVIOUS : M_UNDEFINED_SYMBOL, name);
        v->undefined = true;
        return;
    }
    asm_refer(a, s);
    v->length = s->length;
    set_relocatable(v, s->section, s->value);
}

static struct slice symbol_at(const char **at, const char *end)
{
    struct slice s = {*at, 0};

    while (*at < end && asm_symbol_char(**at))
        ++*at;
    s.length = (unsigned)(*at - s.at);
    return s;
}

/* L'NAME, L'*: the current statement's length is not known while it is made; 1. */
static bool length_attribute(struct assembler *a, const char **at, const char *end, struct value *v)
{
    const char *start = *at;

    *at += 2;
    if (*at < end && **at == '*') {
        ++*at;
        v->value = a->record && a->record->code && a->record->code->kind == OP_MACHINE
                       ? (int32_t)asm_instruction_size(a->record->code)
                       : 1;
        return true;
    }
    struct slice name = symbol_at(at, end);
    if (!asm_is_symbol(name))
        return wrong(a, start, end);
    struct symbol *s = asm_symbol(a, name, false);
    if (s && s->defined) {
        asm_refer(a, s);
        v->value = (int32_t)s->length;
    } else if (s && s->ahead && !a->second) {
        v->value = (int32_t)s->length;
    } else {
        asm_error(a, M_UNDEFINED_SYMBOL, name);
        v->undefined = true;
    }
    return true;
}

static bool use_literal(struct assembler *a, const char **at, const char *end, struct value *v)
{
    const char *start = *at + 1;
    unsigned length = asm_literal_length(start, end);
    struct literal *l = NULL;

    if (a->second && a->record && a->record->pool)
        for (l = a->record->pool->first; l; l = l->next)
            if (l->text.length == length && !memcmp(l->text.at, start, length) &&
                (!l->owner || l->owner == a->record))
                break;
    *at = start + length;
    if (!l) {
        asm_error(a, M_LITERAL, (struct slice){start, length});
        v->undefined = true;
        return length > 0;
    }
    v->length = l->length;
    set_relocatable(v, l->section, l->location);
    return true;
}

static bool sum(struct assembler *a, const char **at, const char *end, struct value *v,
                unsigned depth);

static bool primary(struct assembler *a, const char **at, const char *end, struct value *v,
                    unsigned depth)
{
    const char *start = *at;

    memset(v, 0, sizeof(*v));
    v->length = 1;
    if (start == end || depth > NEST_MAX)
        return wrong(a, start, end);
    if (*start == '(') {
        ++*at;
        if (!sum(a, at, end, v, depth + 1))
            return false;
        if (*at == end || **at != ')')
            return wrong(a, start, end);
        ++*at;
        return true;
    }
    if (*start == '*') {
        ++*at;
        if (a->literal_owner) { /* in a literal: the place of the statement that has it */
            set_relocatable(v, a->literal_owner->section, a->literal_owner->location);
            return true;
        }
        struct section *here = asm_current(a);
        if (a->record && a->record->code && a->record->code->kind == OP_MACHINE)
            v->length = asm_instruction_size(a->record->code);
        set_relocatable(v, here, here->location);
        return true;
    }
    if (*start == '=')
        return use_literal(a, at, end, v);
    if (end - start > 2 && *start == 'L' && start[1] == '\'')
        return length_attribute(a, at, end, v);
    if (asm_self_defining(a, at, end, &v->value))
        return true;
    struct slice name = symbol_at(at, end);
    if (!asm_is_symbol(name))
        return wrong(a, start, end);
    use_symbol(a, name, v);
    return true;
}

static bool factor(struct assembler *a, const char **at, const char *end, struct value *v,
                   unsigned depth)
{
    bool minus = false;

    for (; *at < end && (**at == '+' || **at == '-'); ++*at)
        minus ^= **at == '-';
    if (!primary(a, at, end, v, depth))
        return false;
    if (minus) {
        v->value = (int32_t)(0u - (uint32_t)v->value);
        for (unsigned i = 0; i < v->terms; i++)
            v->term[i].count = -v->term[i].count;
    }
    return true;
}

static bool product(struct assembler *a, const char **at, const char *end, struct value *v,
                    unsigned depth)
{
    struct value right;

    if (!factor(a, at, end, v, depth))
        return false;
    while (*at < end && (**at == '*' || **at == '/')) {
        char op = *(*at)++;
        const char *start = *at;
        if (!factor(a, at, end, &right, depth))
            return false;
        if (v->terms || right.terms)
            asm_error(a, M_RELOCATABILITY, (struct slice){start, (unsigned)(*at - start)});
        v->undefined |= right.undefined;
        v->terms = 0;
        if (op == '*')
            v->value = (int32_t)((uint32_t)v->value * (uint32_t)right.value);
        else if (!right.value)
            v->value = 0; /* the manual: division by zero gives zero */
        else if (right.value == -1)
            v->value = (int32_t)(0u - (uint32_t)v->value);
        else
            v->value /= right.value;
    }
    return true;
}

static void add_term(struct assembler *a, struct value *v, struct section *section, int count)
{
    unsigned i = 0;

    while (i < v->terms && v->term[i].section != section)
        i++;
    if (i == v->terms) {
        if (v->terms == TERMS_MAX) {
            asm_error_text(a, M_RELOCATABILITY, "");
            return;
        }
        v->term[v->terms].section = section;
        v->term[v->terms++].count = 0;
    }
    v->term[i].count += count;
    if (!v->term[i].count)
        v->term[i] = v->term[--v->terms];
}

static bool sum(struct assembler *a, const char **at, const char *end, struct value *v,
                unsigned depth)
{
    struct value right;

    if (!product(a, at, end, v, depth))
        return false;
    while (*at < end && (**at == '+' || **at == '-')) {
        bool minus = *(*at)++ == '-';
        if (!product(a, at, end, &right, depth))
            return false;
        v->undefined |= right.undefined;
        v->value = (int32_t)(minus ? (uint32_t)v->value - (uint32_t)right.value
                                   : (uint32_t)v->value + (uint32_t)right.value);
        for (unsigned i = 0; i < right.terms; i++)
            add_term(a, v, right.term[i].section,
                     minus ? -right.term[i].count : right.term[i].count);
    }
    return true;
}

/* Evaluates the expression at *at and moves *at behind it.  False, after a message, if it is no
 * expression; an undefined symbol is reported and sets v->undefined. */
bool asm_expression(struct assembler *a, const char **at, const char *end, struct value *v)
{
    return sum(a, at, end, v, 0);
}

bool asm_is_absolute(const struct value *v)
{
    return v->terms == 0;
}

struct section *asm_simple_section(const struct value *v)
{
    return v->terms == 1 && v->term[0].count == 1 ? v->term[0].section : NULL;
}

/* An absolute expression; zero after an error. */
bool asm_absolute(struct assembler *a, const char **at, const char *end, int32_t *value)
{
    struct value v;
    const char *start = *at;

    *value = 0;
    if (!asm_expression(a, at, end, &v) || v.undefined)
        return false;
    if (!asm_is_absolute(&v)) {
        asm_error(a, M_RELOCATABILITY, (struct slice){start, (unsigned)(*at - start)});
        return false;
    }
    *value = v.value;
    return true;
}

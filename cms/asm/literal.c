/* Literals: collected in the first pass, placed by LTORG or at the end, largest alignment first. */
#include "cms/asm/internal.h"

/* The length of the constant at `at` (behind =): up to the end of its value. */
unsigned asm_literal_length(const char *at, const char *end)
{
    const char *p = at;
    unsigned depth = 0;
    bool quoted = false;

    /* Duplication, type and modifiers; expressions in parentheses may be among them. */
    while (p < end && *p != '\'' && *p != ',') {
        if (*p == '(') {
            const char *type = p;
            bool value =
                type > at && strchr("AYSV", type[-1]) && (type - at < 2 || type[-2] != 'L');
            for (; p < end; p++) {
                if (*p == '\'')
                    quoted =
                        !quoted && asm_quote_starts(at, (unsigned)(p - at), (unsigned)(end - at));
                else if (!quoted && *p == '(')
                    depth++;
                else if (!quoted && *p == ')' && --depth == 0)
                    break;
            }
            if (p == end)
                return (unsigned)(end - at);
            p++;
            /* AL3(X): the digits stand between the type and its value. */
            if (value)
                return (unsigned)(p - at);
            continue;
        }
        if (str_is_digit(*p) && p + 1 < end && p[1] == '(' && p > at) {
            const char *q = p;
            while (q > at && str_is_digit(*q))
                q--;
            if (*q == 'L' && q > at && strchr("AYSV", q[-1])) {
                p++;
                for (; p < end; p++) {
                    if (*p == '(')
                        depth++;
                    else if (*p == ')' && --depth == 0)
                        return (unsigned)(p + 1 - at);
                }
                return (unsigned)(end - at);
            }
        }
        p++;
    }
    if (p == end || *p == ',')
        return (unsigned)(p - at);
    for (p++; p < end; p++)
        if (*p == '\'') {
            if (p + 1 == end || p[1] != '\'')
                return (unsigned)(p + 1 - at);
            p++;
        }
    return (unsigned)(end - at);
}

static bool names_location(struct slice text)
{
    for (unsigned i = 1; i < text.length; i++)
        if (text.at[i] == '*' && strchr("(,+-", text.at[i - 1]))
            return strchr("AYS", text.at[0]) != NULL;
    return false;
}

/* First pass: notes a literal that the current statement uses. */
struct literal *asm_literal(struct assembler *a, struct slice text)
{
    struct constant c;
    const char *p = text.at;
    bool own = names_location(text);

    for (struct literal *l = a->pool->first; l; l = l->next)
        if (!own && !l->owner && l->text.length == text.length &&
            !memcmp(l->text.at, text.at, text.length))
            return l;
    if (!asm_constant(a, &p, text.at + text.length, &c))
        return NULL;
    if (!c.has_nominal || c.bits || !c.duplication || p != text.at + text.length) {
        asm_error(a, M_LITERAL, text);
        return NULL;
    }
    struct slice rest = c.nominal, name;
    while (c.type == 'V' && asm_operand(&rest, &name))
        if (asm_is_symbol(name))
            asm_section(a, name, SECTION_EXTERN);
    struct literal *l = asm_alloc(a, sizeof(*l));
    l->text = text;
    l->owner = own ? a->record : NULL;
    l->length = c.length;
    if (a->pool->last)
        a->pool->last->next = l;
    else
        a->pool->first = l;
    a->pool->last = l;
    return l;
}

static uint32_t size_of(struct assembler *a, const struct literal *l)
{
    struct constant c;
    const char *p = l->text.at;

    return asm_constant(a, &p, p + l->text.length, &c) ? asm_constant_size(&c) : 0;
}

static uint32_t boundary(uint32_t size)
{
    return size % 8 == 0 ? 8 : size % 4 == 0 ? 4 : size % 2 == 0 ? 2 : 1;
}

/* First pass: gives the pool's literals their places, here, and begins a new pool. */
void asm_place_literals(struct assembler *a, struct record *r)
{
    struct pool *pool = a->pool;
    struct literal *sorted = NULL, **last = &sorted;

    asm_align(a, 8);
    r->location = asm_current(a)->location;
    r->section = asm_current(a);
    r->pool = pool;
    a->pool = asm_alloc(a, sizeof(*a->pool));
    for (uint32_t align = 8; align; align /= 2)
        for (struct literal **at = &pool->first; *at;) {
            struct literal *l = *at;
            uint32_t size = size_of(a, l);
            if (boundary(size) != align) {
                at = &l->next;
                continue;
            }
            *at = l->next;
            l->next = NULL;
            *last = l;
            last = &l->next;
            l->section = asm_current(a);
            l->location = l->section->location;
            asm_advance(a, size);
        }
    pool->first = sorted;
    r->size = asm_current(a)->location - r->location;
}

/* Second pass: their code and their lines of the listing. */
void asm_emit_literals(struct assembler *a, struct record *r)
{
    struct constant c;

    for (struct literal *l = r->pool->first; l; l = l->next) {
        const char *p = l->text.at;
        a->current = l->section;
        a->current->location = l->location;
        a->listed_length = 0;
        a->literal_owner = l->owner;
        if (asm_constant(a, &p, p + l->text.length, &c))
            asm_emit_constant(a, &c);
        a->literal_owner = NULL;
        asm_list_literal(a, r, l);
    }
}

/* Ordinary symbols and control sections. */
#include "cms/asm/internal.h"

/* The letters of the assembler: A to Z, and $ # @ (and _, which later assemblers took up). */
bool asm_symbol_start(char c)
{
    return str_is_alpha(c) || c == '$' || c == '#' || c == '@' || c == '_';
}

bool asm_symbol_char(char c)
{
    return asm_symbol_start(c) || str_is_digit(c);
}

bool asm_is_symbol(struct slice s)
{
    if (!s.length || s.length > NAME_MAX_ || !asm_symbol_start(s.at[0]))
        return false;
    for (unsigned i = 1; i < s.length; i++)
        if (!asm_symbol_char(s.at[i]))
            return false;
    return true;
}

struct symbol *asm_symbol(struct assembler *a, struct slice name, bool make)
{
    unsigned h = asm_hash(name.at, name.length, HASH_SIZE);
    struct symbol *s = a->symbols[h];

    while (s && !slice_is(name, s->name))
        s = s->next;
    if (s || !make)
        return s;
    s = asm_alloc(a, sizeof(*s));
    memcpy(s->name, name.at, name.length < NAME_MAX_ ? name.length : NAME_MAX_);
    s->type = 'U';
    s->length = 1;
    s->next = a->symbols[h];
    a->symbols[h] = s;
    return s;
}

/* Notes that the current statement uses the symbol, for the cross-reference. */
void asm_refer(struct assembler *a, struct symbol *s)
{
    if (!a->second || !a->options->xref || !a->record)
        return;
    if (s->last_reference && s->last_reference->statement == a->record->number)
        return;
    if (!asm_room(a, ASM_RESERVE)) {
        a->out_of_storage = false; /* the cross-reference is not worth the program */
        return;
    }
    struct reference *r = asm_alloc(a, sizeof(*r));
    r->statement = a->record->number;
    if (s->last_reference)
        s->last_reference->next = r;
    else
        s->references = r;
    s->last_reference = r;
}

/* Gives the symbol in a name field its value (first pass).  An empty field or a sequence symbol
 * defines nothing: NULL, as after an error. */
struct symbol *asm_define(struct assembler *a, struct slice label, uint32_t value,
                          struct section *section, uint32_t length, char type)
{
    if (!label.length || label.at[0] == '.')
        return NULL;
    if (!asm_is_symbol(label)) {
        asm_error(a, M_INVALID_SYMBOL, label);
        return NULL;
    }
    struct symbol *s = asm_symbol(a, label, true);
    if (s->defined) {
        s->duplicate = true;
        asm_error(a, M_DUPLICATE_SYMBOL, label);
        return NULL;
    }
    s->defined = true;
    s->value = value;
    s->section = section;
    s->length = length;
    s->type = type;
    s->statement = a->record ? a->record->number : 0;
    return s;
}

/* Finds or makes a section.  An unnamed one (private code, blank common) has an empty name. */
struct section *asm_section(struct assembler *a, struct slice name, enum section_kind kind)
{
    struct section **last = &a->sections;

    for (; *last; last = &(*last)->next)
        if ((*last)->kind == kind && slice_is(name, (*last)->name))
            return *last;
    struct section *s = asm_alloc(a, sizeof(*s));
    memcpy(s->name, name.at, name.length < NAME_MAX_ ? name.length : NAME_MAX_);
    s->kind = (uint8_t)kind;
    if (kind != SECTION_DSECT)
        s->esdid = ++a->last_esdid;
    *last = s;
    return s;
}

void asm_enter_section(struct assembler *a, struct section *s)
{
    a->current = s;
}

/* The section that code goes into; without any CSECT it is private code. */
struct section *asm_current(struct assembler *a)
{
    struct slice none = {"", 0};

    if (!a->current)
        a->current = asm_section(a, none, SECTION_PRIVATE);
    return a->current;
}

void asm_advance(struct assembler *a, uint32_t size)
{
    struct section *s = asm_current(a);

    if (size > 0xffffff || s->location + size > 0xffffff) {
        asm_error_text(a, M_LOCATION, "");
        return;
    }
    s->location += size;
    if (s->location > s->end)
        s->end = s->location;
}

void asm_align(struct assembler *a, uint32_t boundary)
{
    uint32_t over = asm_current(a)->location & (boundary - 1);

    if (over)
        asm_advance(a, boundary - over);
}

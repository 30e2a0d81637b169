/* Attributes of ordinary symbols for conditional assembly.  A symbol that is not defined yet gets
 * its type and length from looking ahead: the first time one is wanted, the rest of the open code
 * is read, and the statements with names are noted.  GC33-4010, "Lookahead". */
#include "cms/asm/internal.h"

/* The type and length of the first constant of a DC or DS, as far as they can be seen now. */
static void constant_attributes(struct assembler *a, struct slice operands, struct symbol *s)
{
    struct constant c;
    const char *p = operands.at;

    if (!operands.length || !asm_constant(a, &p, p + operands.length, &c))
        return;
    s->type = c.type;
    s->length = c.bits ? (c.length + 7) / 8 : c.length;
}

static void note(struct assembler *a, const struct statement *t)
{
    const struct operation *o = asm_operation(a, t->operation);

    if (!asm_is_symbol(t->label))
        return;
    struct symbol *s = asm_symbol(a, t->label, true);
    if (s->defined || s->ahead)
        return;
    s->ahead = true;
    s->type = 'M';
    s->length = 1;
    if (!o || o->kind == OP_MACRO)
        return;
    s->type = 'U';
    if (o->kind == OP_MACHINE) {
        s->type = 'I';
        s->length = asm_instruction_size(o);
    } else if (o->code == D_DC || o->code == D_DS) {
        constant_attributes(a, t->operands, s);
    } else if (o->code == D_CCW) {
        s->type = 'W';
        s->length = 8;
    } else if (o->code == D_CSECT || o->code == D_DSECT || o->code == D_START || o->code == D_COM) {
        s->type = 'J';
    }
}

static void look_ahead(struct assembler *a)
{
    struct line **at = a->next_line;
    struct statement t;
    unsigned depth = 0;
    struct record *now = a->record, nobody;
    int severity = a->result->severity;

    memset(&nobody, 0, sizeof(nobody)); /* errors belong to the statements, later */
    nobody.number = now ? now->number : 0;
    a->record = &nobody;
    a->ahead_done = true;
    while (asm_room(a, ASM_RESERVE) && asm_read_statement(a, &at, &t)) {
        if (t.comment || t.macro_comment)
            continue;
        if (slice_is(t.operation, "MACRO"))
            depth++;
        else if (slice_is(t.operation, "MEND"))
            depth -= depth > 0;
        else if (!depth && slice_is(t.operation, "END"))
            break;
        else if (!depth)
            note(a, &t);
    }
    a->record = now;
    a->result->severity = severity;
}

/* The symbol, if it is defined or will be. */
struct symbol *asm_look_ahead(struct assembler *a, struct slice name)
{
    struct symbol *s = asm_symbol(a, name, false);

    if (s && (s->defined || s->ahead))
        return s;
    if (a->ahead_done)
        return NULL;
    look_ahead(a);
    s = asm_symbol(a, name, false);
    return s && (s->defined || s->ahead) ? s : NULL;
}

/* T' of a macro operand: O omitted, N a number, a symbol's own, or U. */
char asm_type_of(struct assembler *a, struct slice operand)
{
    int32_t value;
    const char *p = operand.at, *end = p + operand.length;

    if (!operand.length)
        return 'O';
    if (asm_is_symbol(operand)) {
        struct symbol *s = asm_look_ahead(a, operand);
        return s ? s->type : 'U';
    }
    if (asm_self_defining(a, &p, end, &value) && p == end)
        return 'N';
    return 'U';
}

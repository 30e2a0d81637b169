/* Macro definitions and macro calls. */
#include "cms/asm/internal.h"

static void complain(struct assembler *a, bool library, const char *name, struct slice detail)
{
    char text[80];

    if (!library) {
        asm_error(a, M_MACRO_HEADER, detail);
        return;
    }
    fmt(text, sizeof(text), "%s: %.*s", name, (int)(detail.length < 60 ? detail.length : 60),
        detail.at);
    asm_error_text(a, M_MACRO_HEADER, text);
}

static struct parameter *add_parameter(struct assembler *a, struct macro *m, struct slice text,
                                       bool *good)
{
    const char *p = text.at, *end = p + text.length, *name;
    size_t length;
    struct parameter **last = &m->parameters;

    *good = p < end && *p++ == '&' && asm_variable_name(&p, end, &name, &length) &&
            (p == end || *p == '=');
    if (!*good)
        return NULL;
    while (*last)
        last = &(*last)->next;
    struct parameter *q = asm_alloc(a, sizeof(*q));
    memcpy(q->name, name, length);
    if (p < end) {
        q->keyword = true;
        q->initial = (struct slice){p + 1, (unsigned)(end - p - 1)};
    }
    return *last = q;
}

static bool prototype(struct assembler *a, struct macro *m, const struct statement *s, bool library)
{
    struct slice rest = s->operands, operand;
    bool good = true;
    struct parameter *p;
    unsigned position = 0;

    if (s->label.length && s->label.at[0] == '&')
        add_parameter(a, m, s->label, &good);
    while (good && s->operands.length && asm_operand(&rest, &operand)) {
        if (!asm_room(a, ASM_RESERVE))
            return false;
        if (!operand.length) { /* an omitted parameter keeps its place */
            position++;
            continue;
        }
        p = add_parameter(a, m, operand, &good);
        if (p && !p->keyword)
            p->position = (uint8_t)++position;
    }
    if (!good || position > 240)
        complain(a, library, m->name, s->operands);
    return good && position <= 240;
}

static const struct operation *language(struct assembler *a, struct slice operation)
{
    const struct operation *o = asm_operation(a, operation);

    return o && o->kind == OP_ASSEMBLER && o->code >= D_MACRO ? o : NULL;
}

/* The next statement of a definition: from cards, or (at NULL) from the macro that has it inside.
 */
static bool definition_line(struct assembler *a, struct line ***at, struct statement *s)
{
    if (at)
        return asm_read_statement(a, at, s);
    if (!a->call->at)
        return false;
    *s = a->call->at->statement;
    a->call->at = a->call->at->next;
    return true;
}

/* Reads a definition: *at is behind its MACRO statement, and comes behind MEND.  In the open code
 * each of its statements gets a record for the listing. */
void asm_define_macro(struct assembler *a, struct line ***at, bool library)
{
    struct statement s;
    struct macro *m = NULL;
    struct model **last = NULL;
    unsigned depth = 0;
    bool keep = false;

    while (asm_room(a, ASM_RESERVE) && definition_line(a, at, &s)) {
        const struct operation *code =
            s.comment || s.macro_comment ? NULL : language(a, s.operation);
        const struct operation *any = s.comment ? NULL : asm_operation(a, s.operation);
        if (!library)
            asm_record(a, &s, NULL);
        if (any && any->kind == OP_ASSEMBLER && any->code == D_COPY) {
            if (!at || !asm_insert_member(a, *at, s.operands))
                asm_error(a, M_NO_MEMBER, s.operands);
            continue;
        }
        if (!m) {
            if (s.comment || s.macro_comment)
                continue;
            m = asm_alloc(a, sizeof(*m));
            memcpy(m->name, s.operation.at,
                   s.operation.length < NAME_MAX_ ? s.operation.length : NAME_MAX_);
            keep = asm_is_symbol(s.operation) && prototype(a, m, &s, library);
            if (!asm_is_symbol(s.operation))
                complain(a, library, m->name, s.operation);
            last = &m->first;
            continue;
        }
        if (code && code->code == D_MEND && depth-- == 0) {
            m->end = s.label;
            break;
        }
        if (code && code->code == D_MACRO)
            depth++;
        if (s.macro_comment)
            continue;
        *last = asm_alloc(a, sizeof(**last));
        (*last)->statement = s;
        (*last)->code = code;
        last = &(*last)->next;
    }
    if (!m || !keep || a->out_of_storage)
        return;
    struct operation *o = asm_add_operation(a, (struct slice){m->name, (unsigned)strlen(m->name)});
    o->kind = OP_MACRO;
    o->macro = m;
}

/* Looks for a macro in the libraries and defines it.  False if there is none. */
bool asm_library_macro(struct assembler *a, struct slice name)
{
    struct line *lines = NULL, **at = &lines;
    struct statement s;

    if (!asm_is_symbol(name) || !asm_insert_member(a, at, name))
        return false;
    while (asm_read_statement(a, &at, &s))
        if (!s.comment && !s.macro_comment) {
            if (!slice_is(s.operation, "MACRO"))
                break;
            asm_define_macro(a, &at, true);
            struct operation *o = asm_operation(a, name);
            return o && o->kind == OP_MACRO;
        }
    asm_error(a, M_MACRO_HEADER, name);
    return false;
}

static struct argument *add_argument(struct assembler *a, struct call *c, const struct parameter *p,
                                     unsigned position, struct slice text)
{
    struct argument *x = asm_alloc(a, sizeof(*x));

    x->parameter = p;
    x->position = position;
    x->text = text;
    x->next = c->arguments;
    c->arguments = x;
    if (text.length > VALUE_MAX) {
        x->text.length = VALUE_MAX;
        asm_error_text(a, M_TOO_LONG, "");
    }
    return x;
}

static const struct parameter *parameter_at(const struct macro *m, unsigned position)
{
    const struct parameter *p = m->parameters;

    while (p && (p->keyword || p->position != position))
        p = p->next;
    return p;
}

/* NAME=value: the keyword parameter it names; *is_keyword if it has that form. */
static const struct parameter *keyword(const struct macro *m, struct slice operand,
                                       struct slice *value, bool *is_keyword)
{
    unsigned n = 0;

    while (n < operand.length && asm_symbol_char(operand.at[n]))
        n++;
    *is_keyword = n && n <= NAME_MAX_ && n < operand.length && operand.at[n] == '=' &&
                  asm_symbol_start(operand.at[0]);
    if (!*is_keyword)
        return NULL;
    *value = (struct slice){operand.at + n + 1, operand.length - n - 1};
    const struct parameter *p = m->parameters;
    while (p &&
           !(p->keyword && !strncmp(p->name, operand.at, n) && (n == NAME_MAX_ || !p->name[n])))
        p = p->next;
    return p;
}

static bool given(const struct call *c, const struct parameter *p)
{
    for (const struct argument *x = c->arguments; x; x = x->next)
        if (x->parameter == p)
            return true;
    return false;
}

static void take_arguments(struct assembler *a, struct call *c, struct slice label,
                           struct slice operands)
{
    struct slice rest = operands, operand, value;
    bool is_keyword;

    add_argument(a, c, parameter_at(c->macro, 0), 0, label);
    while (operands.length && asm_operand(&rest, &operand) && asm_room(a, ASM_RESERVE)) {
        const struct parameter *p = keyword(c->macro, operand, &value, &is_keyword);
        if (p && !given(c, p)) {
            add_argument(a, c, p, 0, value);
        } else if (is_keyword) {
            asm_error(a, M_KEYWORD, operand);
        } else {
            c->positional++;
            add_argument(a, c, parameter_at(c->macro, c->positional), c->positional, operand);
        }
    }
    for (const struct parameter *p = c->macro->parameters; p; p = p->next)
        if (!given(c, p) && asm_room(a, ASM_RESERVE))
            add_argument(a, c, p, p->position, p->keyword ? p->initial : (struct slice){"", 0});
}

/* Begins the expansion; `label` and `operands` stay where they are. */
void asm_call_macro(struct assembler *a, struct macro *macro, struct slice label,
                    struct slice operands)
{
    if (a->call->depth == MACRO_DEPTH) {
        asm_error_text(a, M_MACRO_DEPTH, macro->name);
        return;
    }
    struct call *c = asm_alloc(a, sizeof(*c));
    c->outer = a->call;
    c->depth = a->call->depth + 1;
    c->macro = macro;
    c->at = macro->first;
    c->index = ++a->macro_index;
    c->actr = ACTR_DEFAULT;
    if (a->current)
        memcpy(c->section, a->current->name, sizeof(c->section));
    take_arguments(a, c, label, operands);
    a->call = c;
}

void asm_end_macro(struct assembler *a)
{
    a->call = a->call->outer;
}

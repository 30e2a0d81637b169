/* Assembler instructions: what the second pass does for each (code, USINGs, the listing). */
#include "cms/asm/internal.h"

/* USING address,register[,register]... */
static void using(struct assembler *a, struct record *r)
{
    struct slice rest = r->operands, operand;
    struct value v;
    int32_t reg;

    if (!asm_operand(&rest, &operand))
        return;
    const char *p = operand.at;
    if (!asm_expression(a, &p, operand.at + operand.length, &v) || v.undefined)
        return;
    struct section *section = asm_simple_section(&v);
    if (v.terms && !section) {
        asm_error(a, M_RELOCATABILITY, operand);
        return;
    }
    r->flags |= R_VALUE;
    r->value = (uint32_t)v.value;
    uint32_t value = (uint32_t)v.value;
    unsigned n = 0;
    for (; asm_operand(&rest, &operand); value += 4096, n++) {
        p = operand.at;
        if (!asm_absolute(a, &p, operand.at + operand.length, &reg) || reg < 0 || reg > 15) {
            asm_error(a, M_REGISTER, operand);
            return;
        }
        a->usings[reg].active = true;
        a->usings[reg].section = reg ? section : NULL; /* as a base, register 0 is zero */
        a->usings[reg].value = reg ? value : 0;
    }
    if (!n)
        asm_error_text(a, M_MISSING_OPERAND, "");
}

static void drop(struct assembler *a, struct slice rest)
{
    struct slice operand;
    int32_t reg;

    if (!rest.length)
        memset(a->usings, 0, sizeof(a->usings));
    while (rest.length && asm_operand(&rest, &operand)) {
        const char *p = operand.at;
        if (!asm_absolute(a, &p, operand.at + operand.length, &reg) || reg < 0 || reg > 15)
            asm_error(a, M_REGISTER, operand);
        else
            a->usings[reg].active = false;
    }
}

/* PUSH and POP of USING and PRINT. */
static void stack(struct assembler *a, struct slice rest, bool push)
{
    struct slice operand;

    while (asm_operand(&rest, &operand)) {
        bool is_using = slice_is(operand, "USING");
        if (!is_using && !slice_is(operand, "PRINT")) {
            asm_error(a, M_BAD_FIELD, operand);
            continue;
        }
        unsigned *depth = is_using ? &a->using_depth : &a->print_depth;
        if (push ? *depth == STACK_MAX : *depth == 0) {
            asm_error_text(a, M_STACK, "");
            continue;
        }
        if (!push)
            --*depth;
        if (is_using) {
            struct using *saved = a->using_stack[*depth];
            memcpy(push ? saved : a->usings, push ? a->usings : saved, sizeof(a->usings));
        } else if (push) {
            a->print_stack[*depth] = a->print;
        } else {
            a->print = a->print_stack[*depth];
        }
        if (push)
            ++*depth;
    }
}

static void print(struct assembler *a, struct slice rest)
{
    static const struct {
        const char *name;
        uint8_t set, clear;
    } words[] = {{"ON", PRINT_ON, 0},     {"OFF", 0, PRINT_ON},    {"GEN", PRINT_GEN, 0},
                 {"NOGEN", 0, PRINT_GEN}, {"DATA", PRINT_DATA, 0}, {"NODATA", 0, PRINT_DATA}};
    struct slice operand;

    while (asm_operand(&rest, &operand)) {
        size_t i = 0;
        while (i < 6 && !slice_is(operand, words[i].name))
            i++;
        if (i == 6)
            asm_error(a, M_BAD_FIELD, operand);
        else
            a->print = (uint8_t)((a->print & ~words[i].clear) | words[i].set);
    }
}

/* The text between quotes, two of which stand for one; and two ampersands. */
static struct slice quoted(struct assembler *a, struct slice text, char *to, unsigned size)
{
    unsigned n = 0;

    if (text.length < 2 || text.at[0] != '\'' || text.at[text.length - 1] != '\'') {
        asm_error(a, M_SYNTAX, text);
        return (struct slice){"", 0};
    }
    for (unsigned i = 1; i + 1 < text.length && n < size; i++) {
        to[n++] = text.at[i];
        if ((text.at[i] == '\'' || text.at[i] == '&') && i + 2 < text.length &&
            text.at[i + 1] == text.at[i])
            i++;
    }
    return (struct slice){to, n};
}

/* CCW command,address,flags,count */
static void channel_command(struct assembler *a, struct record *r)
{
    struct slice rest = r->operands, operand;
    uint8_t ccw[8] = {0};
    struct value v;
    int32_t value;

    for (unsigned n = 0; n < 4; n++) {
        if (!asm_operand(&rest, &operand)) {
            asm_error_text(a, M_MISSING_OPERAND, "");
            break;
        }
        const char *p = operand.at, *end = p + operand.length;
        if (n == 1) {
            if (!asm_expression(a, &p, end, &v) || v.undefined)
                continue;
            ccw[1] = (uint8_t)(v.value >> 16);
            ccw[2] = (uint8_t)(v.value >> 8);
            ccw[3] = (uint8_t)v.value;
            if (v.terms) {
                a->current->location++;
                asm_relocate(a, &v, 3, 'A');
                a->current->location--;
            }
        } else if (asm_absolute(a, &p, end, &value)) {
            if (value < 0 || value > (n == 3 ? 65535 : 255))
                asm_error(a, M_VALUE_RANGE, operand);
            ccw[n == 0 ? 0 : n == 2 ? 4 : 7] = (uint8_t)value;
            if (n == 3)
                ccw[6] = (uint8_t)(value >> 8);
        }
        if (p != end)
            asm_error(a, M_SYNTAX, operand);
    }
    asm_bytes(a, ccw, sizeof(ccw));
}

static void no_operations(struct assembler *a, const struct record *r)
{
    static const uint8_t nopr[2] = {0x07, 0x00};

    for (uint32_t i = 0; i < r->size; i += 2)
        asm_bytes(a, nopr, 2);
}

static void end_of_program(struct assembler *a, struct record *r)
{
    const char *p = r->operands.at, *end = p + r->operands.length;

    if (p == end)
        return;
    if (!asm_expression(a, &p, end, &a->entry_point) || a->entry_point.undefined)
        return;
    if (!asm_simple_section(&a->entry_point)) {
        asm_error(a, M_RELOCATABILITY, r->operands);
        return;
    }
    a->has_entry_point = true;
    r->flags |= R_VALUE;
    r->value = (uint32_t)a->entry_point.value;
}

static void listing_control(struct assembler *a, struct record *r)
{
    char text[TEXT_MAX];
    const char *p = r->operands.at, *end = p + r->operands.length;
    int32_t lines = 1;

    switch (r->code->code) {
    case D_TITLE:
        asm_list_title(a, quoted(a, r->operands, text, 100));
        break;
    case D_EJECT:
        asm_eject(a);
        break;
    default:
        if (p == end || asm_absolute(a, &p, end, &lines))
            asm_space(a, lines < 0 ? 0 : lines > 99 ? 99 : (unsigned)lines);
    }
}

static void punch(struct assembler *a, struct record *r)
{
    char text[TEXT_MAX];
    struct slice s = r->remark;

    if (r->code->code == D_PUNCH)
        s = quoted(a, r->operands, text, ASM_CARD);
    asm_punch(a, s.at, s.length);
}

void asm_emit_directive(struct assembler *a, struct record *r)
{
    switch (r->code->code) {
    case D_USING:
        using(a, r);
        break;
    case D_DROP:
        drop(a, r->operands);
        break;
    case D_PUSH:
    case D_POP:
        stack(a, r->operands, r->code->code == D_PUSH);
        break;
    case D_PRINT:
        print(a, r->operands);
        break;
    case D_DC:
    case D_DS:
        asm_emit_constants(a, r->operands, r->code->code == D_DS);
        break;
    case D_CCW:
        channel_command(a, r);
        break;
    case D_CNOP:
        no_operations(a, r);
        break;
    case D_TITLE:
    case D_EJECT:
    case D_SPACE:
        listing_control(a, r);
        break;
    case D_PUNCH:
    case D_REPRO:
        punch(a, r);
        break;
    case D_END:
        end_of_program(a, r);
        break;
    default: /* done in the first pass */
        break;
    }
}

/* TERMINAL: the editing characters, the line size, what the attention key does. */
#include "cp/commands/commands.h"
#include "cp/text/operands.h"
#include "lib/str.h"

typedef bool terminal_function(struct vmblok *vm, const char *value);

/* A character, two hexadecimal digits for one, ON (the usual one) or OFF. */
static bool character(uint8_t *to, const char *value, char usual)
{
    uint32_t code;
    bool on;
    if (operand_on_off(value, &on))
        *to = on ? (uint8_t)usual : 0;
    else if (strlen(value) == 1)
        *to = (uint8_t)value[0];
    else if (strlen(value) == 2 && str_hex(value, &code) && code)
        *to = (uint8_t)code;
    else
        return false;
    return true;
}

static bool set_chardel(struct vmblok *vm, const char *value)
{
    return character(&vm->set.chardel, value, '@');
}

static bool set_linedel(struct vmblok *vm, const char *value)
{
    return character(&vm->set.linedel, value, (char)0x4a); /* cent */
}

static bool set_lineend(struct vmblok *vm, const char *value)
{
    return character(&vm->set.lineend, value, '#');
}

static bool set_escape(struct vmblok *vm, const char *value)
{
    return character(&vm->set.escape, value, '"');
}

static bool set_linesize(struct vmblok *vm, const char *value)
{
    uint32_t size;
    if (str_equal(value, "OFF"))
        size = 0;
    else if (!str_decimal(value, &size) || size < 1 || size > 255)
        return false;
    vm->set.linesize = (uint16_t)size;
    return true;
}

static bool set_mode(struct vmblok *vm, const char *value)
{
    vm->set.attn_vm = str_equal(value, "VM");
    return vm->set.attn_vm || str_equal(value, "CP");
}

/* What other terminals have and a 3215 has not. */
static bool set_absent(struct vmblok *vm, const char *value)
{
    return str_equal(value, "OFF");
}

static const struct {
    const char *name;
    uint8_t least;
    terminal_function *set;
} operands_table[] = {
    {"CHARDEL", 2, set_chardel}, {"LINEDEL", 5, set_linedel},   {"LINEND", 5, set_lineend},
    {"ESCAPE", 2, set_escape},   {"LINESIZE", 5, set_linesize}, {"MODE", 1, set_mode},
    {"ATTN", 2, set_absent},     {"TABCHAR", 1, set_absent},    {"MASK", 3, set_absent},
    {"APL", 3, set_absent},      {"TEXT", 3, set_absent},       {0},
};

int command_terminal(struct vmblok *vm, const char *operands)
{
    char name[WORD_SIZE], value[WORD_SIZE];
    if (!*operands)
        return error_operand(vm, "CFT", NULL);
    while (str_word(&operands, name, sizeof name)) {
        unsigned i = 0;
        while (operands_table[i].name &&
               !str_abbrev(name, operands_table[i].name, operands_table[i].least))
            i++;
        if (!operands_table[i].name)
            return error_operand(vm, "CFT", name);
        if (!str_word(&operands, value, sizeof value))
            return error_operand(vm, "CFT", NULL);
        if (!operands_table[i].set(vm, value))
            return error_operand(vm, "CFT", value);
    }
    return 0;
}

/* TERMINAL: editing characters, line size, what the attention key does, how a screen behaves.
 * Source: CP Command Reference for General Users, GC20-1820; HILIGHT, CONMODE and BREAKIN as in
 * VM/SP, MORE, HOLD and TIMESTAMP as the VM/370 community's CP has them. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/text/operands.h"
#include "cp/vdev.h"
#include "lib/str.h"

/* Sets what `value` says; *rest are the words behind it.  False: it is not valid. */
typedef bool terminal_function(struct vmblok *vm, const char *value, const char **rest);

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

static bool set_chardel(struct vmblok *vm, const char *value, const char **rest)
{
    return character(&vm->set.chardel, value, '@');
}

static bool set_linedel(struct vmblok *vm, const char *value, const char **rest)
{
    return character(&vm->set.linedel, value, (char)0x4a); /* cent */
}

static bool set_lineend(struct vmblok *vm, const char *value, const char **rest)
{
    return character(&vm->set.lineend, value, '#');
}

static bool set_escape(struct vmblok *vm, const char *value, const char **rest)
{
    return character(&vm->set.escape, value, '"');
}

static bool set_tabchar(struct vmblok *vm, const char *value, const char **rest)
{
    return character(&vm->set.tabchar, value, (char)0x6a); /* broken bar */
}

static bool set_linesize(struct vmblok *vm, const char *value, const char **rest)
{
    uint32_t size;
    if (str_equal(value, "OFF"))
        size = 0;
    else if (!str_decimal(value, &size) || size < 1 || size > 255)
        return false;
    vm->set.linesize = (uint16_t)size;
    return true;
}

static bool set_mode(struct vmblok *vm, const char *value, const char **rest)
{
    vm->set.attn_vm = str_equal(value, "VM");
    return vm->set.attn_vm || str_equal(value, "CP");
}

static bool set_hold(struct vmblok *vm, const char *value, const char **rest)
{
    return operand_on_off(value, &vm->set.hold);
}

static bool set_hilight(struct vmblok *vm, const char *value, const char **rest)
{
    return operand_on_off(value, &vm->set.hilight);
}

static bool set_timestamp(struct vmblok *vm, const char *value, const char **rest)
{
    return operand_on_off(value, &vm->set.timestamp);
}

/* MORE nn nn: seconds until the alarm, and from it to the next screen. */
static bool set_more(struct vmblok *vm, const char *value, const char **rest)
{
    char word[WORD_SIZE];
    uint32_t first, second;
    if (!str_word(rest, word, sizeof word) || !str_decimal(value, &first) ||
        !str_decimal(word, &second) || first > 255 || second > 255)
        return false;
    vm->set.more_first = (uint8_t)first;
    vm->set.more_second = (uint8_t)second;
    return true;
}

/* What the console is for the guest.  It does not matter what terminal the user sits at. */
static bool set_conmode(struct vmblok *vm, const char *value, const char **rest)
{
    bool display = str_equal(value, "3270");
    if (!display && !str_equal(value, "3215"))
        return false;
    vm->set.conmode_3270 = display;
    if (vm->console)
        vm->console->type = display ? 0x3278 : 0x3215;
    return true;
}

static bool set_breakin(struct vmblok *vm, const char *value, const char **rest)
{
    vm->set.breakin_guest = str_abbrev(value, "GUESTCTL", 5);
    return vm->set.breakin_guest || str_abbrev(value, "IMMED", 5);
}

/* What other terminals have and ours have not. */
static bool set_absent(struct vmblok *vm, const char *value, const char **rest)
{
    return str_equal(value, "OFF");
}

static const struct {
    const char *name;
    uint8_t least;
    terminal_function *set;
} operands_table[] = {
    {"CHARDEL", 2, set_chardel},
    {"LINEDEL", 5, set_linedel},
    {"LINEND", 5, set_lineend},
    {"ESCAPE", 2, set_escape},
    {"TABCHAR", 1, set_tabchar},
    {"LINESIZE", 5, set_linesize},
    {"MODE", 1, set_mode},
    {"MORE", 3, set_more},
    {"HOLD", 2, set_hold},
    {"HILIGHT", 2, set_hilight},
    {"TIMESTAMP", 2, set_timestamp},
    {"CONMODE", 4, set_conmode},
    {"BREAKIN", 3, set_breakin},
    {"ATTN", 2, set_absent},
    {"MASK", 3, set_absent},
    {"APL", 3, set_absent},
    {"TEXT", 3, set_absent},

    {0},
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
        if (!operands_table[i].set(vm, value, &operands))
            return error_operand(vm, "CFT", value);
    }
    return 0;
}

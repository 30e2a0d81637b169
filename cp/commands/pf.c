/* SET PFnn and QUERY PFnn: the program function keys of a 3270.  Source: CP Command Reference for
 * General Users, GC20-1820; RETRIEVE as the VM/370 community's CP has it. */
#include "cp/commands/commands.h"
#include "cp/pfkeys.h"
#include "cp/terminal.h"
#include "cp/text/operands.h"
#include "lib/str.h"

#define MODULE "CFS"

/* The number behind PF: 1 to 24. */
static bool key_number(const char *word, uint32_t *number)
{
    return str_decimal(word, number) && *number >= 1 && *number <= PF_KEYS;
}

static int no_storage(struct vmblok *vm)
{
    return cp_error(vm, MODULE, 92, "PF KEY NOT DEFINED; NO STORAGE");
}

/* TAB n1 n2 ...: columns of the input area, each beyond the one before. */
static int set_tabs(struct vmblok *vm, uint32_t number, const char *operands)
{
    uint8_t tabs[PF_TABS];
    unsigned count = 0;
    char word[WORD_SIZE];
    while (str_word(&operands, word, sizeof word)) {
        uint32_t column;
        if (!str_decimal(word, &column) || !column || column > TERMINAL_LINE || count == PF_TABS ||
            (count && column <= tabs[count - 1]))
            return error_operand(vm, MODULE, word);
        tabs[count++] = (uint8_t)column;
    }
    return pf_set(vm, number, PF_TAB, "", tabs, count) ? 0 : no_storage(vm);
}

/* SET PFnn [IMMED | DELAYED] [text] | TAB n ... | RETRIEVE | COPY; nothing: the key is undefined.
 * `operands` begins with the number. */
int set_pf(struct vmblok *vm, const char *operands)
{
    static const struct keyword kinds[] = {{"IMMED", 2, PF_IMMEDIATE}, {"DELAYED", 3, PF_DELAYED},
                                           {"TAB", 3, PF_TAB},         {"RETRIEVE", 3, PF_RETRIEVE},
                                           {"COPY", 4, PF_COPY},       {0}};
    char word[WORD_SIZE];
    uint32_t number;
    if (!str_word(&operands, word, sizeof word) || !key_number(word, &number))
        return error_operand(vm, MODULE, word);
    const char *rest = operands;
    enum pf_kind kind = *operands ? PF_DELAYED : PF_UNDEFINED;
    const struct keyword *named = NULL;
    if (str_word(&rest, word, sizeof word) && (named = keyword_find(kinds, word)) != NULL) {
        kind = (enum pf_kind)named->value;
        operands = rest;
    }
    if (kind == PF_TAB)
        return set_tabs(vm, number, operands);
    if ((kind == PF_RETRIEVE || kind == PF_COPY) && *operands)
        return error_operand(vm, MODULE, operands);
    return pf_set(vm, number, kind, operands, NULL, 0) ? 0 : no_storage(vm);
}

static void show_key(struct vmblok *vm, unsigned number)
{
    static const char *const names[] = {[PF_IMMEDIATE] = "IMMED ", [PF_DELAYED] = "DELAYED "};
    const struct pf_key *key = pf_find(vm, number);
    char line[TERMINAL_LINE];
    size_t used = 0;
    if (!key) {
        cp_printf(vm, "PF%02u UNDEFINED", number);
    } else if (key->kind == PF_RETRIEVE || key->kind == PF_COPY) {
        cp_printf(vm, "PF%02u %s", number, key->kind == PF_COPY ? "COPY" : "RETRIEVE");
    } else if (key->kind == PF_TAB) {
        line[0] = 0;
        for (unsigned i = 0; i < key->tab_count; i++)
            used += fmt(line + used, sizeof line - used, " %03u", key->tabs[i]);
        cp_printf(vm, "PF%02u TAB%s", number, line);
    } else {
        cp_printf(vm, "PF%02u %s%s", number, names[key->kind], key->text);
    }
}

/* QUERY PF or PFnn: `operands` begins with the number, if there is one. */
int query_pf(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t number;
    if (!str_word(&operands, word, sizeof word)) {
        for (unsigned i = 1; i <= PF_KEYS; i++)
            show_key(vm, i);
        return 0;
    }
    if (!key_number(word, &number))
        return error_operand(vm, "CQG", word);
    show_key(vm, number);
    return 0;
}

const char *pf_operand(const char *operands)
{
    if (str_upper(operands[0]) == 'P' && str_upper(operands[1]) == 'F' && str_is_digit(operands[2]))
        return operands + 2;
    return NULL;
}

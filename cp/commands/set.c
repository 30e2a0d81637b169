/* SET: finds the operand's row in set_operands. */
#include "cp/commands/commands.h"

#include "lib/str.h"

const struct command set_operands[] = {
    {0},
};

int command_set(struct vmblok *vm, const char *operands)
{
    char word[18];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFS", NULL);
    const struct command *row = command_find(set_operands, word, vm->classes);
    if (!row)
        return error_operand(vm, "CFS", word);
    return row->run(vm, operands);
}

/* QUERY: finds the operand's row in query_operands; a device address stands for QUERY VIRTUAL of
 * that device. */
#include "cp/commands/commands.h"

#include "lib/str.h"

const struct command query_operands[] = {
    {0},
};

int command_query(struct vmblok *vm, const char *operands)
{
    char word[18];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, "CFC", NULL);
    const struct command *row = command_find(query_operands, word, vm->classes);
    if (!row)
        return error_operand(vm, "CFC", word);
    return row->run(vm, operands);
}

/* QUERY: finds the operand's row in query_operands; a device address stands for QUERY VIRTUAL of
 * that device. */
#include "cp/commands/commands.h"
#include "cp/spool/commands.h"

#include "lib/str.h"

const struct command query_operands[] = {
    {"READER", 1, CLASS_G | CLASS_D, false, query_reader, "[spoolid|CLASS c|ALL|userid]"},
    {"RDR", 3, CLASS_G | CLASS_D, false, query_reader, "as READER"},
    {"PRINTER", 1, CLASS_G | CLASS_D, false, query_printer, "[spoolid|CLASS c|ALL|userid]"},
    {"PRT", 3, CLASS_G | CLASS_D, false, query_printer, "as PRINTER"},
    {"PUNCH", 2, CLASS_G | CLASS_D, false, query_punch, "[spoolid|CLASS c|ALL|userid]"},
    {"PCH", 3, CLASS_G | CLASS_D, false, query_punch, "as PUNCH"},
    {"FILES", 1, CLASS_G | CLASS_D, false, query_files, "[userid|SYSTEM]: counts of spool files"},
    {"HOLD", 2, CLASS_D, false, query_hold, "users whose output is held"},
    {"UR", 2, CLASS_B, false, query_real_ur, "the real unit record devices"},
    {"UR", 2, CLASS_G, false, query_virtual_ur, "the virtual unit record devices"},
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

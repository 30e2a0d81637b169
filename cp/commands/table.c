/* The table of CP's commands.  A new command is a file in this directory, its function's
 * name in commands.h, and a row here (docs/add-a-cp-command.md).  Names, abbreviations and
 * classes are those of VM/370's table (DMKCFC). */
#include "cp/commands/commands.h"

#define ANY CLASS_ANY

const struct command commands[] = {
    {"HELP", 1, ANY, true, command_help, "[command]: this list, or one command's operands"},
    {"QUERY", 1, ANY, false, command_query, "operand: see below"},
    {"SET", 3, ANY, false, command_set, "operand [setting]: see below"},
    {0},
};

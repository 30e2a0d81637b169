/* The functions of CP's commands, for the tables: one line for each row. */
#ifndef CP_COMMANDS_COMMANDS_H
#define CP_COMMANDS_COMMANDS_H

#include "cp/command.h"

command_function command_help;
command_function command_query;
command_function command_set;

#endif

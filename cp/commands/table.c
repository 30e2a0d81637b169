/* The table of CP's commands.  A new command is a file in this directory, its function's
 * name in commands.h, and a row here (docs/add-a-cp-command.md).  Names, abbreviations and
 * classes are those of VM/370's table (DMKCFC). */
#include "cp/commands/commands.h"
#include "cp/spool/commands.h"

#define ANY CLASS_ANY

const struct command commands[] = {
    {"HELP", 1, ANY, true, command_help, "[command]: this list, or one command's operands"},
    {"QUERY", 1, ANY, false, command_query, "operand: see below"},
    {"SET", 3, ANY, false, command_set, "operand [setting]: see below"},
    {"SPOOL", 2, CLASS_G, false, command_spool, "device options: attributes of its spool files"},
    {"CLOSE", 2, CLASS_G, false, command_close, "device [options]: ends the file at hand"},
    {"TAG", 3, CLASS_G, false, command_tag, "DEV vaddr text, FILE spoolid text, QUERY ..."},
    {"CHANGE", 2, CLASS_G | CLASS_D, false, command_change,
     "queue spoolid|CLASS c|ALL options: attributes of closed spool files"},
    {"ORDER", 3, CLASS_G | CLASS_D, false, command_order,
     "queue spoolid|CLASS c ...: puts in front"},
    {"PURGE", 3, CLASS_G | CLASS_D, false, command_purge, "queue spoolid|CLASS c|ALL ...: deletes"},
    {"TRANSFER", 4, CLASS_G | CLASS_D, false, command_transfer,
     "[queue] spoolid|CLASS c|ALL [TO] userid|FROM userid"},
    {"START", 3, CLASS_D, false, command_start,
     "raddr|RDR|PRT|PUN|ALL [CLASS abcd] [NOSEP] [MANUAL]: starts unit record devices"},
    {"DRAIN", 2, CLASS_D, false, command_drain, "raddr|RDR|PRT|PUN|ALL: stops after this file"},
    {"FLUSH", 2, CLASS_D, false, command_flush, "raddr [ALL|HOLD]: ends the file at hand"},
    {"BACKSPAC", 2, CLASS_D, false, command_backspac,
     "raddr [FILE|pages]: prints again from there"},
    {"REPEAT", 3, CLASS_D, false, command_repeat,
     "raddr [copies]: more copies of the file at hand"},
    {"SPACE", 3, CLASS_D, false, command_space, "raddr: prints the file at hand single-spaced"},
    {"LOADBUF", 4, CLASS_D, false, command_loadbuf, "raddr FCB|UCS name: loads a forms buffer"},
    {"HOLD", 4, CLASS_D, false, command_hold, "userid [PRT|PUN|ALL]: keeps output from printing"},
    {"FREE", 3, CLASS_D, false, command_free, "userid [PRT|PUN|ALL]: ends HOLD"},
    {0},
};

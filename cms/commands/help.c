/* HELP [command]: the commands by group, or how one is written. */
#include "cms/kit/cms.h"

static const struct {
    const char *name, *form, *does;
} commands[] = {
    {"ACCESS", "ACCESS cuu mode[/ext] [(ERASE]", "give a disk a mode letter"},
    {"ASSEMBLE", "ASSEMBLE fn [(NOLIST NOXREF PRINT NOTERM ...]",
     "a program into fn TEXT, fn LISTING"},
    {"BROWSE", "BROWSE fn ft [fm]", "look at a file, full screen on a 3270"},
    {"COMPARE", "COMPARE fileid1 fileid2 [(COL mmm-nnn]", "type the records that differ"},
    {"COPYFILE", "COPYFILE fileid1 [fileid2 ...] outid [(options]", "copy, join, convert files"},
    {"CP", "CP command", "run a command in CP"},
    {"DISK", "DISK DUMP fileid | DISK LOAD", "any file as cards, and back"},
    {"EDIT", "EDIT fn ft [fm]", "change a file, or write one"},
    {"ERASE", "ERASE fn ft [fm] [(TYPE]", "erase files"},
    {"EXEC", "EXEC fn [arguments]", "run a file of commands"},
    {"FORMAT", "FORMAT cuu mode [nocyl] [(BLKSIZE n | LABEL]", "make a disk ready for files"},
    {"GENMOD", "GENMOD fn", "make a MODULE of what is loaded"},
    {"GLOBAL", "GLOBAL MACLIB|TXTLIB [lib ...]", "libraries for ASSEMBLE, and for LOAD"},
    {"HELP", "HELP [command]", "this"},
    {"IND$FILE", "IND$FILE GET|PUT fn ft [fm] [(options]",
     "a file to or from a 3270 emulator, which types this"},
    {"INCLUDE", "INCLUDE fn ... [(options of LOAD]", "more TEXT files to what is loaded"},
    {"LISTFILE", "LISTFILE [fn [ft [fm]]] [(DATE LABEL EXEC ...]", "list files"},
    {"LOAD", "LOAD fn ... [(START ORIGIN n RESET name TYPE NOAUTO]", "TEXT files into storage"},
    {"LOADMOD", "LOADMOD fn", "load a MODULE"},
    {"MACLIB", "MACLIB GEN|ADD|REP|DEL|COMP|MAP lib [fn ...]", "libraries of macros"},
    {"PRINT", "PRINT fn ft [fm] [(CC LINECOUN n UPCASE HEX]", "print a file"},
    {"PUNCH", "PUNCH fn ft [fm] [(NOHEADER]", "punch a file"},
    {"QUERY", "QUERY DISK | SEARCH | switch | ...", "what is set; else CP's QUERY"},
    {"READCARD", "READCARD fn ft [fm] | *", "make a file of the cards in the reader"},
    {"RELEASE", "RELEASE cuu|mode [(DET]", "give up a disk"},
    {"RENAME", "RENAME fileid1 fileid2", "give a file another name"},
    {"SET", "SET switch value", "change a switch; else CP's SET"},
    {"SORT", "SORT fileid1 fileid2", "sort records; asks for the columns"},
    {"START", "START [entry]", "begin what is loaded"},
    {"STATE", "STATE fn ft [fm]", "does the file exist?"},
    {"SYNONYM", "SYNONYM fn [(CLEAR]", "names of your own for commands"},
    {"TXTLIB", "TXTLIB GEN|ADD|DEL|MAP lib [fn ...]", "libraries of TEXT files"},
    {"TYPE", "TYPE fn ft [fm [first [last]]] [(HEX COL a-b]", "show a file"},
};

int command_main(const struct cms_call *call)
{
    char word[9] = "";
    bool any = false;

    if (call->tokens > 1)
        str_unpad(word, call->token[1], 8);
    for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (word[0] && !str_equal(word, commands[i].name))
            continue;
        any = true;
        cms_printf("%-9s %s", commands[i].name, commands[i].does);
        if (word[0])
            cms_printf("          %s", commands[i].form);
    }
    if (!any)
        return cms_error(RC_NOT_FOUND, "DMSHLP002E NO HELP FOR '%s'", word);
    if (!word[0])
        cms_printf("HELP command shows how it is written. Typed while a command runs: HT stops "
                   "typing, HX stops the command.");
    return RC_OK;
}

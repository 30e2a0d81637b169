/* QUERY: finds the operand's row in query_operands; a device address stands for QUERY VIRTUAL of
 * that device. */
#include "cp/commands/commands.h"
#include "cp/spool/commands.h"
#include "cp/text/operands.h"

#include "lib/str.h"

#define ANY CLASS_ANY
#define B   CLASS_B
#define G   CLASS_G

const struct command query_operands[] = {
    {"LOGMSG", 3, ANY, false, query_logmsg, "the message that users read at LOGON"},
    {"NAMES", 1, ANY, false, query_names, "who is logged on, and where"},
    {"USERS", 1, ANY, false, query_users, "[userid]: how many are logged on"},
    {"TIME", 1, ANY, false, query_time, "the time, and what this session has used"},
    {"READER", 1, G | CLASS_D, false, query_reader, "[spoolid|CLASS c|ALL|userid]"},
    {"RDR", 3, G | CLASS_D, false, query_reader, "as READER"},
    {"PRINTER", 1, G | CLASS_D, false, query_printer, "[spoolid|CLASS c|ALL|userid]"},
    {"PRT", 3, G | CLASS_D, false, query_printer, "as PRINTER"},
    {"PUNCH", 2, G | CLASS_D, false, query_punch, "[spoolid|CLASS c|ALL|userid]"},
    {"PCH", 3, G | CLASS_D, false, query_punch, "as PUNCH"},
    {"FILES", 1, G | CLASS_D, false, query_files, "[userid|SYSTEM]: counts of spool files"},
    {"HOLD", 2, CLASS_D, false, query_hold, "users whose output is held"},
    {"NSS", 3, G | CLASS_E, false, query_nss,
     "[name]: saved systems, where they are kept, their users, shared pages in storage"},
    {"PAGING", 2, CLASS_A | CLASS_E, false, query_paging, "page space and paging so far"},
    {"PRIORITY", 3, CLASS_A | CLASS_E, false, query_priority, "userid: its dispatching priority"},
    {"JOURNAL", 4, CLASS_A, false, query_journal, "whether wrong passwords are recorded"},
    {"MAXIMUM", 3, CLASS_A | B, false, query_maximum, "how many users may be logged on"},
    {"SASSIST", 2, CLASS_A | CLASS_E, false, query_sassist, "microcode assists of the machine"},
    {"CPASSIST", 3, CLASS_A | CLASS_E, false, query_cpassist, "microcode assists of CP"},
    {"AFFINITY", 4, CLASS_A | CLASS_E | G, false, query_affinity, "the processor to run on"},
    {"ALLOC", 5, B, false, query_alloc,
     "[TEMP|PAGE|TDSK|DRCT|PERM|CKPT|NUCL|DUMP|ALL|MAP]: what CP's volumes are used for"},
    {"DUMP", 4, B, false, query_dump, "where CP is dumped if it fails, and how much"},
    {"DASD", 2, B, false, query_real_dasd, "the real DASD"},
    {"LINES", 2, B, false, query_real_lines, "the terminals and who is at them"},
    {"STORAGE", 2, B, false, query_real_storage, "the size of real storage"},
    {"SYSTEM", 2, B, false, query_system, "raddr: who uses the volume there"},
    {"TDSK", 4, B, false, query_tdsk, "the temporary disks, and how much space is left"},
    {"UR", 2, B, false, query_real_ur, "the real unit record devices"},
    {"GRAF", 4, B, false, query_real_graf, "the real displays"},
    {"TAPES", 2, B, false, query_real_tapes, "the real tape drives"},
    {"ALL", 3, B, false, query_real_all, "all real devices"},
    {"VIRTUAL", 1, G, false, query_virtual, "[vaddr | part]: the virtual machine, or part of it"},
    {"ALL", 3, G, false, query_virtual, "as VIRTUAL"},
    {"CHANNELS", 4, G, false, query_channels, "the mode of the virtual channels"},
    {"CONSOLE", 3, G, false, query_console, "the virtual console"},
    {"DASD", 2, G, false, query_virtual_dasd, "the virtual disks"},
    {"STORAGE", 2, G, false, query_storage, "the size of virtual storage"},
    {"UR", 2, G, false, query_virtual_ur, "the virtual unit record devices"},
    {"LINES", 3, G, false, query_lines, "the virtual console and displays"},
    {"TAPES", 2, G, false, query_tapes, "the tapes that are attached"},
    {"PROCESSR", 4, G, false, query_processr, "the processor"},
    {"LINKS", 2, G, false, query_links, "vaddr: who has a link to this disk"},
    {"CPLEVEL", 3, G, false, query_cplevel, "which CP this is, and since when it runs"},
    {"CPUID", 4, G, false, query_cpuid, "the identification that STIDP stores"},
    {"GRAF", 4, G, false, query_graf, "the virtual displays"},
    {"PER", 3, G, false, query_per, "the traces of PER"},
    {"PF", 2, G, false, query_pf, "[nn]: the program function keys, or PFnn"},
    {"PRIV", 4, G, false, query_priv, "your privilege classes"},
    {"SCREEN", 3, G, false, query_screen, "the colours of SCREEN"},
    {"SET", 2, G, false, query_set, "the settings of SET"},
    {"TERMINAL", 2, G, false, query_terminal, "the settings of TERMINAL"},
    {"USERID", 6, G, false, query_userid, "who you are"},
    {0},
};

int command_query(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address;
    const char *rest = operands, *key = pf_operand(operands);
    if (key && vm->classes & G)
        return query_pf(vm, key);
    if (!str_word(&rest, word, sizeof word))
        return error_operand(vm, "CFC", NULL);
    const struct command *row = command_find(query_operands, word, vm->classes);
    if (row)
        return row->run(vm, rest);
    if (operand_device(word, &address) && vm->classes & G)
        return query_virtual(vm, operands);
    return error_operand(vm, "CFC", word);
}

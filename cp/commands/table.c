/* The table of CP's commands.  A new command is a file in this directory, its function's
 * name in commands.h, and a row here (docs/add-a-cp-command.md).  Names, abbreviations and
 * classes are those of VM/370's table (DMKCFC). */
#include "cp/commands/commands.h"
#include "cp/spool/commands.h"

#define ANY CLASS_ANY
#define G   CLASS_G

const struct command commands[] = {
    /* The session. */
    {"LOGOFF", 3, ANY, false, command_logoff, "[HOLD]: ends the session and the virtual machine"},
    {"LOGOUT", 4, ANY, false, command_logoff, "as LOGOFF"},
    {"LOGON", 1, ANY, true, command_logon, "userid [password] [NOIPL]: starts a session"},
    {"LOGIN", 5, ANY, true, command_logon, "as LOGON"},
    {"DISCONNECT", 4, ANY, false, command_disconn,
     "[HOLD]: the virtual machine goes on without you"},
    {"DIAL", 4, ANY, true, command_dial, "userid [vaddr]: to a display of a virtual machine"},
    {"MESSAGE", 1, ANY, true, command_msg, "userid|*|ALL|OPERATOR text: a line to a user"},
    {"MSG", 1, ANY, true, command_msg, "as MESSAGE"},
    {"SMSG", 2, G, false, command_smsg,
     "userid|* text: to the program in a virtual machine, which takes it with VMCF"},
    {"SEND", 3, G, false, command_send,
     "[CP] userid text: a line for the console, or for CP, of a disconnected user whose second "
     "console you "
     "are"},
    {"SLEEP", 2, ANY, false, command_sleep, "[nn [SEC|MIN|HRS]]: until then, or a line is typed"},
    {"HELP", 1, ANY, true, command_help, "[command]: this list, or one command's operands"},
    {"QUERY", 1, ANY, false, command_query, "operand: HELP QUERY shows them"},
    {"SET", 3, ANY, false, command_set, "operand setting: HELP SET shows them"},
    {"TERMINAL", 4, G, false, command_terminal,
     "CHARDEL|LINEDEL|LINEND|ESCAPE|TABCHAR|LINESIZE|MODE|MORE|HOLD|HILIGHT|TIMESTAMP|CONMODE|"
     "BREAKIN "
     "setting ..."},
    {"SCREEN", 3, G, false, command_screen,
     "ALL|INAREA|STATAREA|OUTAREA|CPOUT|VMOUT|INREDISP colour [NONE|BLINK|REVVIDEO|UNDERLINE] ..."},
    {"ECHO", 2, G, false, command_echo, "[n]: a terminal test; END ends it"},

    /* The virtual machine. */
    {"IPL", 1, G, false, command_ipl,
     "vaddr|system [CLEAR] [STOP] [PARM text]: loads a system from a device, or a saved one"},
    {"BEGIN", 1, G, false, command_begin, "[hexloc]: the guest goes on, from there"},
    {"DISPLAY", 1, G, false, command_display,
     "[L|T|K]hexloc[-hexloc|.count] Greg Xreg Yreg PSW CAW CSW ..."},
    {"STORE", 2, G, false, command_store,
     "hexloc word ... | Shexloc bytes | Greg word ... | Xreg | Yreg | PSW [word] word | STATUS"},
    {"DUMP", 2, G, false, command_dump,
     "[hexloc[-hexloc|-END|.count]] ... [*text]: registers and storage to the virtual printer"},
    {"VMDUMP", 6, G, false, command_vmdump,
     "[hexloc[-hexloc|.count] ...] [TO userid|*|SYSTEM] [FORMAT name] [DSS] [*dumpid]: as DUMP, to "
     "a "
     "reader; DSS: with saved segments"},
    {"TRACE", 2, G, false, command_trace,
     "SVC|I/O|PROGRAM|EXTERNAL|PRIV|SIO|CCW|CSW|BRANCH|INSTRUCT|ALL ... "
     "[PRINTER|TERMINAL|BOTH] [RUN|NORUN|OFF] | END: shows what the guest does"},
    {"PER", 3, G, false, command_per,
     "INSTRUCT|BRANCH [INTO range]|STORE [INTO range]|G [n[-n]]|MASK hex [RANGE range] [STEP n] "
     "[RUN|NORUN] [CMD command] | COUNT | SAVE name | GET name | END: traces by program events"},
    {"ADSTOP", 2, G, false, command_adstop, "hexloc|OFF: stops before the instruction there"},
    {"SYSTEM", 3, G, false, command_system, "RESET|CLEAR|RESTART"},
    {"EXTERNAL", 1, G, false, command_external,
     "[code]: an external interruption; 40 is the interruption key, 1004 and 1005 are the clock "
     "comparator's "
     "and the CPU timer's"},
    {"ATTN", 2, G, false, command_attn, "an attention interruption from the console"},
    {"REQUEST", 3, G, false, command_attn, "as ATTN"},
    {"READY", 3, G, false, command_ready, "vaddr: a device end interruption"},
    {"NOTREADY", 4, G, false, command_notready, "vaddr: the device needs intervention"},
    {"RESET", 5, G, false, command_reset, "vaddr: clears a device"},
    {"REWIND", 3, G, false, command_rewind, "vaddr: rewinds a tape"},
    {"DEFINE", 3, G, false, command_define,
     "STORAGE nK|nM | CHANNELS SEL|BMX | device vaddr | T3350 vaddr [CYL] n | vaddr AS vaddr: "
     "changes the "
     "configuration; "
     "STORAGE resets"},
    {"COUPLE", 3, G, false, command_couple,
     "vaddr [TO] userid|* vaddr: joins two channel-to-channel adapters"},
    {"DETACH", 3, CLASS_B, false, command_detach_real,
     "raddr [FROM] userid|SYSTEM [LEAVE] | CHANNEL c [FROM] userid: takes real devices back (a "
     "tape is unloaded); "
     "vaddr[-vaddr]: removes own devices"},
    {"DETACH", 3, G, false, command_detach, "vaddr[-vaddr] | CHANNEL c: removes devices"},
    {"LINK", 3, G, false, command_link,
     "[TO] userid vaddr [AS] vaddr [R|RR|W|WR|M|MR|MW] [[PASS=]password]: a user's minidisk"},
    {"INDICATE", 3, G | CLASS_E, false, command_indicate,
     "[LOAD | USER [userid] | EXITS [userid|ALL] | QUEUES | I/O | PAGING [WAIT|ALL]]: the load; "
     "what "
     "a user uses; why guests leave their virtual machines; who waits for what"},

    /* Of the operator. */
    {"WARNING", 1, CLASS_A | CLASS_B, false, command_wng,
     "userid|ALL text: cannot be refused by MSG OFF"},
    {"WNG", 3, CLASS_A | CLASS_B, false, command_wng, "as WARNING"},
    {"MSGNOH", 4, CLASS_A | CLASS_B, false, command_msgnoh, "userid text: without a heading"},
    {"AUTOLOG", 2, CLASS_A | CLASS_B, false, command_autolog,
     "userid [password]: logs a user on without a terminal"},
    {"ATTACH", 3, CLASS_B, false, command_attach,
     "raddr [TO] userid|* [AS] vaddr [R/O]: gives a real device to a user; CHANNEL c [TO] "
     "userid|*: all "
     "of a channel; raddr [TO] SYSTEM [AS] volid: a volume for everybody's minidisks"},
    {"VARY", 4, CLASS_B, false, command_vary, "ONLINE|OFFLINE raddr ...: devices that may be used"},
    {"FORCE", 5, CLASS_A, false, command_force, "userid: logs a user off"},
    {"ENABLE", 2, CLASS_A | CLASS_B, false, command_enable, "raddr[-raddr] ...|ALL: opens lines"},
    {"DISABLE", 5, CLASS_A | CLASS_B, false, command_disable,
     "raddr[-raddr] ...|ALL: closes lines to new users"},
    {"ACNT", 4, CLASS_A, false, command_acnt, "userid|ALL: punches accounting records"},
    {"LOCK", 4, CLASS_A, false, command_lock,
     "userid firstpage lastpage [MAP]: keeps pages (hexadecimal numbers) in storage"},
    {"UNLOCK", 3, CLASS_A, false, command_unlock,
     "userid firstpage lastpage | VIRT=REAL: ends LOCK, or OPTION VIRT=REAL of the user who has "
     "it"},
    {"MONITOR", 3, CLASS_A | CLASS_E, false, command_monitor,
     "ENABLE|DISABLE class ...|ALL | START [SPOOL [TO userid] [BUFFS n] | TAPE raddr [MODE "
     "density] "
     "[BUFFS n]] | STOP [SPOOL|TAPE] | CLOSE | INTERVAL n [SEC|MIN] | LIMIT n [NOSTOP|STOP|SAMPLE] "
     "| "
     "TIME ALL|NONE|FROM hh:mm TO|FOR hh:mm | AUTODISK ON|OFF | SEEKS "
     "INCLUDE|EXCLUDE|DELETE|DISPLAY "
     "[raddr ...] | DISPLAY [SPOOL|TAPE|ALL]: a stream of records about what CP does; classes "
     "PERFORM, "
     "RESPONSE, SCHEDULE, USER, INSTSIM, DASTAP, SEEKS, SYSPROF"},
    {"SAVESYS", 4, CLASS_E, false, command_savesys,
     "name: keeps this virtual machine's pages and registers as NAMESYS in the directory says"},
    {"LOCATE", 3, CLASS_C | CLASS_E, false, command_locate,
     "userid [vaddr] | raddr: addresses of control blocks"},
    {"DCP", 3, CLASS_C | CLASS_E, false, command_dcp,
     "hexloc[-hexloc|.count]: displays CP's storage"},
    {"DMCP", 4, CLASS_C | CLASS_E, false, command_dmcp,
     "[hexloc[-hexloc|-END|.count]] ... [*text]: CP's storage to your virtual printer"},
    {"STCP", 4, CLASS_C, false, command_stcp,
     "hexloc word ... | Shexloc bytes: changes CP's storage"},
    {"HALT", 4, CLASS_A, false, command_halt, "raddr: ends the channel program of a real device"},
    {"SHUTDOWN", 8, CLASS_A, false, command_shutdown,
     "[REIPL]: logs everybody off and stops, or starts anew"},

    /* The spool. */
    {"SPOOL", 2, CLASS_G, false, command_spool, "device options: attributes of its spool files"},
    {"LOADVFCB", 5, CLASS_G, false, command_loadvfcb,
     "vaddr FCB name: a forms buffer of a virtual 3203 or 3211"},
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
    {"LOADBUF", 4, CLASS_D, false, command_loadbuf,
     "raddr FCB name [INDEX [nn]] | UCS name [FOLD]: loads a forms buffer or character set of a "
     "drained printer"},
    {"HOLD", 4, CLASS_D, false, command_hold, "userid [PRT|PUN|ALL]: keeps output from printing"},
    {"FREE", 3, CLASS_D, false, command_free, "userid [PRT|PUN|ALL]: ends HOLD"},
    {0},
};

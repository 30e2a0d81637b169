/* The functions of CP's commands, for the tables: those of the spool are in cp/spool/commands.h. */
#ifndef CP_COMMANDS_COMMANDS_H
#define CP_COMMANDS_COMMANDS_H

#include "cp/command.h"

/* The session: session.c, message.c, terminal.c, cp/logon.c. */
command_function command_disconn, command_echo, command_help, command_logoff, command_logon,
    command_screen, command_sleep, command_terminal, query_screen;
command_function command_msg, command_msgnoh, command_send, command_smsg, command_wng;
command_function command_dial;
/* The virtual machine: run_guest.c, define.c, link.c, display.c, adstop.c, trace.c. */
command_function command_attn, command_begin, command_external, command_ipl, command_notready,
    command_ready, command_reset, command_system;
command_function command_couple, command_define, command_detach, command_link;
command_function command_display, command_dump, command_vmdump, command_store;
command_function command_trace, command_adstop, command_per, query_per;
/* Of the operator: operator.c, attach.c, indicate.c, indicate_exits.c. */
command_function command_dmcp, command_halt, command_stcp;
command_function command_attach, command_detach_real, command_rewind, command_vary;
command_function command_acnt, command_autolog, command_disable, command_enable, command_force,
    command_shutdown;
command_function command_lock, command_unlock, set_favored, set_reserve; /* storage.c */
command_function set_record, set_check_mode, set_dump, query_dump;       /* recording.c */
command_function command_monitor;                                        /* monitor.c */
command_function command_savesys, query_nss;                             /* savesys.c */
command_function command_dcp, command_indicate, command_locate;
command_function indicate_exits;
/* The user that INDICATE is about: the one named, or oneself.  NULL after a message, its number in
 * *error. */
struct vmblok *indicate_whom(struct vmblok *vm, const char *operands, int *error);

struct rdev;
/* May this device be given away?  0, or the number of the message.  attach.c. */
int device_check_free(struct vmblok *vm, const char *module, const struct rdev *rdev);

command_function command_query, command_set;
/* pf.c: their operands begin with the key's number. */
command_function set_pf, query_pf;
/* The number in "PFnn ...", or NULL. */
const char *pf_operand(const char *operands);
/* query_session.c */
command_function query_cplevel, query_cpuid, query_logmsg, query_names, query_priv, query_set,
    query_terminal, query_time, query_userid, query_users;
/* query_virtual.c */
command_function query_channels, query_console, query_graf, query_lines, query_links,
    query_processr, query_tapes, query_storage, query_virtual, query_virtual_dasd;
/* query_real.c */
command_function query_affinity, query_alloc, query_cpassist, query_journal, query_maximum,
    query_sassist;
command_function query_paging, query_priority, query_real_all, query_real_dasd, query_real_graf,
    query_real_lines, query_real_storage, query_real_tapes, query_system, query_tdsk;

#endif

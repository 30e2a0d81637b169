/* What the commands, terminals and accounting keep: part of CP's state (cp.commands), and what
 * they keep for each VM (vm->command_data). */
#ifndef CP_COMMANDS_STATE_H
#define CP_COMMANDS_STATE_H

#include "cp/command.h"
#include "cp/state.h"
#include "cp/terminal.h"
#include "cp/text/clock.h"
#include "cp/text/linedit.h"

#define LOGMSG_LINES    8
#define LOGMSG_SIZE     80
#define CONSOLE_STACK   512                        /* bytes of lines typed ahead for a guest */
#define DISCONNECT_WAIT (UINT64_C(15) * 60 * 1000) /* ms in CP READ until logoff */

struct command_state {
    struct list terminals;    /* struct terminal, by address */
    struct terminal *console; /* the first of them: the system operator's */
    char logmsg[LOGMSG_LINES][LOGMSG_SIZE];
    uint64_t logmsg_tod;
    /* Accounting cards that have not been punched yet, the oldest first: cp/account.c. */
    struct list cards;
    unsigned card_count;
    uint32_t users;     /* logged on */
    uint32_t users_max; /* SET MAXIMUM; 0: any number */
    bool journal;       /* SET JOURNAL: wrong passwords are recorded */
};

enum trace_output { TRACE_TO_TERMINAL = 1, TRACE_TO_PRINTER = 2 };

/* What TERMINAL, TRACE, IPL and the console keep for each VM. */
struct command_vm {
    uint32_t ipl_count;      /* how often the guest's CPU was reset: DIAGNOSE 8 looks at it */
    bool adstop;             /* one is set */
    uint32_t adstop_address; /* ... here ... */
    uint8_t adstop_saved[2]; /* ... over these bytes */
    uint16_t trace_kinds;    /* 1 << enum trace_kind: what TRACE shows; and SHOW_... of trace.c */
    uint8_t trace_output;    /* enum trace_output */
    bool trace_runs;         /* and the guest runs on */
    bool guest_reads;        /* the guest's console waits for a line */
    bool fullscreen;         /* a command of the guest's for its screen goes on */
    bool screen_taken;       /* CP has the screen that a program of the guest had */
    struct per_traces *per;  /* NULL: no PER yet (cp/commands/per.c) */
    struct pf_keys *pf;      /* NULL: none were set, no lines remembered */
    uint32_t dump_next, dump_pages; /* DIAGNOSE 34: the page that it reads next, of how many */
    bool no_prompts;                /* DIAGNOSE 8 does not let commands ask for passwords */
    bool by_diagnose;               /* the guest itself tells its user of an unknown command */
    unsigned link_errors;           /* wrong LINK passwords */
    char sent_command[TERMINAL_LINE + 1]; /* SEND CP: to be run */
    char first_command[80];               /* to run before anything else: the IPL of an AUTOLOG */
    /* What has been accounted for already. */
    struct vm_counters accounted;
    char charge_userid[9], charge_account[9]; /* DIAGNOSE 4C: who is charged; "": the user */
    uint64_t account_tod, account_total, account_virtual;
    uint64_t cp_read_tod; /* since when it is in CP READ without a terminal; 0: it is not */
    uint16_t stack_used;  /* lines for the guest's console, each ended by a zero */
    char stack[CONSOLE_STACK];
};

static inline struct command_vm *command_vm(struct vmblok *vm)
{
    return vm->command_data;
}

/* The users logged on, in the order of logging on: after NULL comes the first.  A user may be gone
 * once the caller has slept. */
static inline struct vmblok *user_next(struct vmblok *after)
{
    struct list *at = after ? after->link.next : cp.vms.next;
    for (; at != &cp.vms; at = at->next) {
        struct vmblok *vm = LIST_ENTRY(at, struct vmblok, link);
        if (vm->logged_on)
            return vm;
    }
    return NULL;
}

#endif

/* Why a guest leaves its virtual machine, how often, and how much CPU time CP then takes until it
 * is back in: what trap-and-emulate costs, for INDICATE EXITS and MONITOR.  An exit's time is that
 * of the virtual machine's own task; what CP does meanwhile for others, and while the task sleeps,
 * is not in it.  It ends when the next one begins, so the last one is not counted yet. */
#ifndef CP_EXITS_H
#define CP_EXITS_H

#include <stdint.h>

enum exit_reason {
    EXIT_PRIVILEGED, /* a privileged operation, simulated; by kind, too */
    EXIT_PAGE,       /* a page that was not in a frame, brought in */
    EXIT_SHADOW,     /* an entry of the shadow tables, filled; the page was in a frame */
    EXIT_SVC,        /* given to the guest */
    EXIT_PROGRAM,    /* any other program interruption: the guest's own affair */
    EXIT_IO,         /* an I/O interruption, whoever's it is */
    EXIT_TIMER,      /* its time slice is over, or somebody's timer came */
    EXIT_CONSOLE,    /* not an exit: its user's commands */
    EXIT_REASONS
};
#define PRIVOP_KINDS 30 /* rows of the table in cp/privop.c */

struct exits {
    uint8_t reason, kind; /* of the exit that goes on */
    uint64_t from;        /* task->total when it began */
    uint32_t times[EXIT_REASONS], kind_times[PRIVOP_KINDS];
    uint64_t time[EXIT_REASONS], kind_time[PRIVOP_KINDS]; /* CPU time, TOD units */
    uint64_t own;                                         /* how long the guest had run before it */
};

struct vmblok;

/* The exit that went on is over, the next one begins.  `outside` of the CPU time since then was
 * not CP's, but the guest's own. */
void exits_next(struct vmblok *vm, enum exit_reason reason, uint64_t outside);
/* The exit that goes on is an EXIT_PRIVILEGED of this kind. */
void exits_privileged(struct vmblok *vm, unsigned kind);
/* At most eight letters: "PRIV", "PAGED". */
const char *exits_name(unsigned reason);

/* What EXITS_ROUNDS privileged instructions take where nobody traps them: on the machine that CP
 * has. Measured now. */
#define EXITS_ROUNDS 4096u
uint64_t exits_privileged_time(void);
/* How long the guest's work since LOGON would take on the bare machine, with that measurement. */
uint64_t exits_bare_time(const struct vmblok *vm, uint64_t privileged);

#endif

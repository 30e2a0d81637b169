/* CP's whole state, in one structure: what is here is all there is.  Other data of CP are
 * constant, on a task's stack, or reached from here. */
#ifndef CP_STATE_H
#define CP_STATE_H

#include "cp/errors.h"
#include "cp/frames.h"
#include "cp/load.h"
#include "cp/message.h"
#include "cp/recover.h"
#include "cp/rio.h"
#include "cp/slot.h"
#include "cp/task.h"
#include "cp/vmblok.h"
#include "lib/list.h"

#include <stdbool.h>
#include <stdint.h>

struct spool_state;   /* cp/spool */
struct command_state; /* cp/commands, cp/terminal.c */
struct directory;
struct monitor; /* cp/monitor */

struct cp_state {
    /* Real storage. */
    uint32_t storage_size;
    struct frame *frames; /* by frame number, from 0 */
    uint32_t frame_count;
    uint32_t low_count; /* those below 16M: all the following but high_... count these */
    uint32_t frames_free, frames_cp;
    uint32_t high_free, high_next, high_hand; /* those beyond: cp/high.h */
    uint16_t *high_window;                    /* the page table entry of the window */
    uint32_t high_cr[2];
    uint32_t frame_hand; /* where the search for a page to steal goes on */
    uint32_t frame_next; /* where the search for a free frame goes on */
    bool pager_wanted;
    bool page_space_full;        /* the operator knows; until a slot is freed */
    uint32_t frame_reserve;      /* frames kept free for CP */
    uint32_t frames_locked;      /* by LOCK */
    uint32_t set_pages;          /* working sets of those in the queues, cp/sched.c */
    uint32_t eligible;           /* how many wait for room there */
    struct list free_blocks[16]; /* free storage by size class */

    /* Tasks. */
    struct list ready[QUEUE_COUNT];
    struct list sleeping;
    struct list tasks;
    struct task *current;
    struct task *ended; /* its stack can be freed */
    uint32_t dispatcher_sp;
    struct list clock_requests;
    uint64_t idle_time;    /* TOD units in the idle wait */
    uint64_t virtual_time; /* TOD units in guests: the rest is CP's */
    uint64_t charge_from;  /* CPU timer when CPU time was last charged */
    int32_t zone;          /* seconds east of UTC */
    uint64_t ipl_tod;

    struct list saved_systems; /* in use: struct saved_system */
    bool saved_busy;           /* saved_lock() */

    /* Devices. */
    struct list rdevs;
    uint16_t ipl_address;
    uint16_t console_address; /* first 3215: the operator, panic messages; 0: none */
    struct rdev *residence;
    unsigned rio_retries; /* devices whose start was refused as busy */
    struct clock_request rio_clock;
    struct volume volumes[VOLUME_MAX];
    unsigned volume_count;
    struct sysres *sysres;      /* the residence's record, cp/sysres.h */
    enum start_kind start_kind; /* how CP came up */
    uint32_t slot_rotor;        /* cylinder where the search for a free slot goes on */
    bool tdisk_task;            /* one clears temporary disks */

    /* Users. */
    struct list vms;
    struct vmblok *operator_vm; /* NULL: not logged on */
    bool shutting_down;
    bool up;            /* the operator is logged on: a CP that fails now is IPLed anew */
    bool failing;       /* in panic already */
    uint16_t cpu_model; /* as STIDP gives it: hex digits */
    uint32_t next_serial;

    /* Errors: cp/errors.h. */
    struct list errors_waiting; /* records that are not on disk yet */
    unsigned errors_count;
    bool errors_task, errors_full;
    struct error_intensive errors_intensive;
    bool dump_all; /* SET DUMP: pages of guests are dumped, too */

    /* Of the other rooms of CP: NULL until they are started. */
    struct spool_state *spool;
    struct command_state *commands;
    struct directory *directory;
    struct monitor *monitor;

    /* Counters for INDICATE. */
    uint32_t page_reads, page_writes, page_steals, real_io, dispatches, exits;
    struct load_sample load[2]; /* the one before the last, and the last */
};

extern struct cp_state cp;

#endif

/* The records of MONITOR, as they are on tape or in a spool file: variable-length records in blocks
 * of at most 4096 bytes.  A block begins with its length and two zero bytes, a record with the
 * header below.  Header, classes and codes are VM/370's (System Programmer's Guide, GC20-1807,
 * Appendix C); of the data of a record those that this CP has.  Two codes are its own: USER 1 and
 * INSTSIM 1, which tell why guests leave their virtual machines.  Text is EBCDIC, filled with
 * blanks; times without another unit are TOD clock units. */
#ifndef CP_MONITOR_RECORD_H
#define CP_MONITOR_RECORD_H

#include "lib/be.h"

#define MONITOR_BLOCK      4096u /* longest block, with its four bytes */
#define MONITOR_BLOCK_HEAD 4u
#define MONITOR_CARD       80u /* a spool file has the block in so many cards as it needs */

enum monitor_class {
    MONITOR_PERFORM,
    MONITOR_RESPONSE,
    MONITOR_SCHEDULE,
    MONITOR_USER = 4,
    MONITOR_INSTSIM,
    MONITOR_DASTAP,
    MONITOR_SEEKS,
    MONITOR_SYSPROF,
    MONITOR_CLASSES,
};

/* Codes, by class. */
enum monitor_code {
    PERFORM_STATISTICS = 0,
    PERFORM_START = 97,
    PERFORM_STOP = 98,
    PERFORM_SUSPENDED = 99,
    RESPONSE_READ = 0,
    RESPONSE_OUTPUT,
    RESPONSE_INPUT,
    RESPONSE_SLEEP,
    RESPONSE_LOGON,
    RESPONSE_LOGOFF,
    SCHEDULE_DROP = 2,
    SCHEDULE_ADD,
    SCHEDULE_ELIGIBLE,
    USER_STATISTICS = 0,
    USER_EXITS,
    INSTSIM_START = 0,
    INSTSIM_EXIT,
    DASTAP_START = 0,
    DASTAP_ACTIVITY,
    SEEKS_REQUEST = 0,
    SYSPROF_DROP = 2,
};

struct monitor_header {
    be16 size; /* of the record, with this header */
    be16 zero;
    uint8_t class;
    be16 code;
    uint8_t tod[5]; /* bits 8 to 47 of the clock: units of 16 microseconds */
};
LAYOUT(struct monitor_header, 12);
#define MONITOR_DATA (MONITOR_BLOCK - MONITOR_BLOCK_HEAD - sizeof(struct monitor_header))

/* PERFORM */

struct monitor_start {
    be64 cpu; /* as STIDP stores it */
    char level[8], date[8], time[8];
    char userid[8]; /* who gave MONITOR START */
    be32 classes;   /* control register 8 */
    be32 nucleus;   /* bytes */
    be32 cp_pages;  /* control blocks and buffers, now; bytes */
    be32 paging;    /* for pages of guests; bytes */
    be64 tod;       /* the whole clock: the headers have a part of it */
};
LAYOUT(struct monitor_start, 64);

struct monitor_stop {
    char userid[8];
};

/* All buffers were full: so many events from then on are not in the stream. */
struct monitor_suspended {
    uint8_t tod[5];
    be32 events;
};
LAYOUT(struct monitor_suspended, 9);

struct monitor_perform {
    be64 idle, in_guests, in_cp; /* CPU time since IPL */
    be32 page_reads, page_writes, page_steals, real_io, dispatches, exits;
    be32 frames, frames_free, frames_cp;
    be32 working_sets; /* pages of those in the queues, together */
    be16 users, in_q1, in_q2, eligible_q1, eligible_q2;
    be16 interval; /* seconds */
};
LAYOUT(struct monitor_perform, 76);

/* RESPONSE: the first two for all of them, then of lines their length and text. */

#define MONITOR_LINE 128u
struct monitor_terminal {
    char userid[8];
    be16 line; /* device address; FFFF: none */
    uint8_t length;
    char text[MONITOR_LINE];
};
LAYOUT(struct monitor_terminal, 139);

/* SCHEDULE: an ADD ends before cp_time, an ELIGIBLE before page_reads. */

struct monitor_schedule {
    char userid[8];
    be32 pageable; /* frames */
    be32 working_sets;
    be32 in_q1, in_q2;
    be16 eligible_q1, eligible_q2;
    be16 working_set; /* the user's own */
    uint8_t queue;    /* 1, 2 */
    uint8_t processor;
    be64 cp_time, virtual_time;
    be16 priority;
    be16 page_reads; /* while in queue */
    be16 resident;
    be32 sio, punched, printed, read;
};
LAYOUT(struct monitor_schedule, 70);
FIELD_AT(struct monitor_schedule, cp_time, 32);
FIELD_AT(struct monitor_schedule, page_reads, 50);

/* USER */

struct monitor_user {
    char userid[8];
    be64 cp_time, virtual_time;
    be32 page_reads, page_writes, sio, punched, printed, read;
    uint8_t state; /* enum task_state */
    uint8_t queue; /* enum task_queue */
    uint8_t flags; /* enum monitor_user_flag */
    uint8_t priority;
    be16 resident, on_disk, working_set;
    be16 interval; /* seconds */
};
LAYOUT(struct monitor_user, 60);
enum monitor_user_flag {
    MONITOR_USER_ELIGIBLE = 0x80,
    MONITOR_USER_PAGE_WAIT = 0x40,
    MONITOR_USER_CP_MODE = 0x20,
    MONITOR_USER_DISCONNECTED = 0x10,
};

/* Why it left its virtual machine since LOGON: a row for each reason, then for each kind of
 * privileged operation. */
struct monitor_exits {
    char userid[8];
    be64 virtual_time;
    be64 bare_time;      /* ... that the same work would take without CP */
    be16 reasons, kinds; /* rows */
};
LAYOUT(struct monitor_exits, 28);
struct monitor_exit_row {
    char name[8];
    be32 times;
    be64 time; /* CP's */
};
LAYOUT(struct monitor_exit_row, 20);

/* INSTSIM */

struct monitor_instruction {
    char userid[8];
    be32 instruction;
    be32 address;
    be64 cp_time; /* of the user so far */
};
LAYOUT(struct monitor_instruction, 24);

/* An exit is over, and the guest about to go on. */
struct monitor_exit {
    char userid[8];
    char reason[8];
    be64 time; /* CP's part */
    be64 own;  /* how long the guest had run before */
};
LAYOUT(struct monitor_exit, 32);

/* DASTAP, and SYSPROF after the userid */

struct monitor_device {
    be16 address;
    be16 type; /* hexadecimal digits: 3350 */
    char volser[6];
    be32 io; /* channel programs since IPL */
};
LAYOUT(struct monitor_device, 14);
struct monitor_devices {
    be16 count;
    struct monitor_device device[];
};

/* SEEKS */

struct monitor_seek {
    char userid[8];
    be16 device, cylinder;
    be16 arm;                      /* where the arm was */
    uint8_t queued;                /* requests that wait for the device */
    uint8_t control_unit, channel; /* the same for these: CP queues at devices */
    uint8_t outward;               /* 0: to a lower cylinder, 1: to a higher one */
};
LAYOUT(struct monitor_seek, 18);

#endif

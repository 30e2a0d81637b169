/* The VMBLOK: all that CP knows of one virtual machine.  It begins with the registers, at
 * offsets that entry.S knows.  A terminal gets a VMBLOK at its first attention, before
 * anybody is logged on: then `userid` is empty and only CP commands can run. */
#ifndef CP_VMBLOK_H
#define CP_VMBLOK_H

#include "cp/directory/directory.h"
#include "cp/exits.h"
#include "cp/per.h"
#include "cp/task.h"
#include "lib/list.h"

#include <stdbool.h>
#include <stdint.h>

struct rdev;
struct vdev;
struct segment;
struct command_vm;
struct terminal;
struct vmcf;
struct pagex;

/* What entry.S loads and stores around the guest's turn.  Offsets are in cp/entry.S. */
struct guest_regs {
    uint32_t gr[16];  /* 00 */
    uint64_t fpr[4];  /* 40: floating-point registers 0, 2, 4, 6 */
    uint64_t run_psw; /* 60: the real PSW the guest runs with, and its old PSW */
    uint32_t run_cr0; /* 68: the real control register 0: the page size of these tables */
    uint32_t run_cr1; /* 6C: the real control register 1: guest's or shadow segment table */
    uint32_t run_cr8; /* 70: the real control register 8: the guest's monitor masks */
    uint32_t run_cr9, run_cr10, run_cr11; /* 74: program event recording */
};
_Static_assert(sizeof(struct guest_regs) == 0x80, "entry.S knows the layout");

/* What a VM must do in its own task before the guest goes on: set by vm_post. */
enum vm_work {
    WORK_TERMINAL = 0x01, /* terminal_work(vm) */
    WORK_CONSOLE = 0x02,  /* vconsole_sent(vm) */
    WORK_FORCE = 0x04,    /* log off: vm_force(vm) */
    WORK_TIMER = 0x08,    /* a virtual timer may be due: recompute */
    WORK_STOP = 0x10,     /* enter CP mode (ATTN, ADSTOP, ...) */
    WORK_CLEAR = 0x20,    /* paging space is full, and it has the most: clear its storage */
    WORK_ALTERED = 0x40,  /* it has altered a shared page: saved_tell_altered(vm) */
    WORK_DEVICE = 0x80,   /* vdev_work(vm) */
};

/* Privilege classes, one bit each: class A is 80, B is 40, ... H is 01. */
#define CLASS_BIT(letter_index) (0x80 >> (letter_index))
#define CLASS_LETTERS           "ABCDEFGH"
enum vm_class {
    CLASS_A = 0x80,
    CLASS_B = 0x40,
    CLASS_C = 0x20,
    CLASS_D = 0x10,
    CLASS_E = 0x08,
    CLASS_F = 0x04,
    CLASS_G = 0x02,
    CLASS_H = 0x01,
    CLASS_ANY = 0xff,
};

/* The parts of a screen that SCREEN gives a look; codes of the 3270 data stream, 0: default. */
enum screen_area {
    AREA_INPUT,
    AREA_STATUS,
    AREA_CPOUT,    /* output of CP ... */
    AREA_VMOUT,    /* ... and of the virtual machine */
    AREA_INREDISP, /* typed lines, shown again */
    SCREEN_AREAS
};
struct screen_look {
    uint8_t colour, highlight;
};

/* Settings that SET, TERMINAL and SCREEN change. */
struct vm_settings {
    bool msg, wng, imsg, smsg, acnt; /* messages are wanted */
    bool emsg_code, emsg_text;       /* parts of error messages */
    bool linedit, run, timer, pagex;
    uint8_t chardel, linedel, lineend, escape, tabchar; /* 0: OFF */
    bool attn_vm; /* TERMINAL MODE: one attention goes to the VM */
    uint16_t linesize;
    /* Of screens. */
    uint8_t more_first, more_second; /* TERMINAL MORE: seconds until the alarm, and after it */
    bool hold;                       /* ENTER in MORE... holds */
    bool hilight;                    /* what was typed is shown brightly */
    bool timestamp;
    bool conmode_3270;  /* the console is a 3270 for the guest */
    bool breakin_guest; /* messages wait until the guest leaves full screen mode */
    struct screen_look look[SCREEN_AREAS];
    bool pa2_external; /* DIAGNOSE 54: PA2 is the external interruption key */
};

struct vm_counters {
    uint32_t page_reads, page_writes;
    uint32_t sio; /* virtual start I/Os */
    uint32_t cards_read, cards_punched, lines_printed;
    uint32_t privops, svcs, diagnoses; /* simulated and reflected */
};

struct vmblok {
    struct guest_regs regs; /* must be first */

    /* The virtual CPU. */
    uint64_t psw; /* virtual PSW; code and ILC fields are not kept */
    uint32_t cr[16];
    uint8_t pending_external; /* codes of EXTERNAL, bits of the low byte: EXT_... */
    bool pending_comparator, pending_cpu_timer; /* EXTERNAL 1004, 1005 */
    bool pending_timer;                         /* interval timer ran out */
    uint64_t clock_comparator;
    uint64_t cpu_timer;        /* as of the last stop of the guest */
    uint64_t interval_residue; /* guest CPU time not yet taken from the interval timer, TOD units */
    uint32_t translation_address; /* of the last guest translation exception */
    uint32_t channels_pending;    /* bit n from the left: a vdev of channel n has status pending */
    struct clock_request clock;   /* the next virtual timer that is due */
    bool has_clock_area;          /* DIAGNOSE 70: at ... */
    uint64_t clocks_turn;         /* task->turn when they were last stored */
    uint32_t clock_area;          /* ... here, CPU time and TOD are stored at a dispatch */
    uint64_t waiting_since;       /* TOD of the wait that goes on; 0: none */

    /* Storage. */
    uint32_t storage_size, storage_max; /* bytes */
    uint32_t segment_count;
    uint32_t *segment_table;   /* for the machine; entries of absent segments are invalid */
    struct segment **segments; /* NULL: not touched yet */
    struct pagex *pagex;       /* NULL: no page has been awaited, cp/pagex.h */
    struct shadows *shadows;   /* NULL unless the guest has used DAT */
    uint32_t resident;         /* pages in frames */
    uint32_t reserved;         /* SET RESERVE: so many of them stay */
    uint32_t brought;          /* pages that came in since it entered the queues */
    uint32_t working_set;      /* estimate of the pages it needs, cp/sched.c */
    uint32_t in_set;      /* ... as it was counted when it entered the queues; 0: it is in none */
    struct list attached; /* saved systems: struct attachment, cp/saved.h */
    uint32_t altered;     /* WORK_ALTERED: the address */

    /* State. */
    struct task *task;
    struct list link; /* cp.vms */
    uint8_t work;     /* enum vm_work */
    bool cp_mode;     /* stopped, in console function mode: no guest instruction runs */
    bool logged_on;
    bool disconnected;
    bool leaving;   /* LOGOFF has begun */
    bool page_wait; /* its task brings a page in for the guest */
    bool eligible;  /* it is ready, but there is no room for its working set */
    bool stays;     /* OPTION VIRT=REAL: its pages are not taken from it */
    bool favored;   /* SET FAVORED: it is never only eligible ... */
    uint8_t
        favored_share; /* ... and has so many percent of the CPU if it wants to; 0: no promise */

    /* Who it is: from the directory. */
    char userid[9], account[9], distribution[9];
    char secondary[9];   /* who has its console while it is disconnected; "": nobody */
    uint8_t classes;     /* enum vm_class ... */
    uint8_t all_classes; /* ... of those that the directory gives: SET PRIV */
    uint16_t options;    /* enum directory_option */
    uint8_t priority;    /* 1-99, from the directory or SET PRIORITY; lower is better */
    uint16_t cpu_id;
    uint32_t serial; /* CPU serial for STIDP, 24 bits */
    struct vm_settings set;

    /* Devices. */
    struct list vdevs;    /* struct vdev, by address */
    struct vdev *console; /* NULL: none */
    struct vmcf *vmcf;    /* cp/vmcf.c: NULL until it is authorized */

    /* The terminal and the commands (cpcmd's): NULL while disconnected. */
    struct terminal *terminal;
    char *response; /* DIAGNOSE 8: replies go here instead of to the terminal */
    uint32_t response_size, response_length;
    bool response_overflow;
    uint32_t trace_events; /* 1 << enum trace_kind: trace_report is to be called for these */
    struct command_vm *command_data; /* cp/commands/state.h */

    /* Accounting: TOD units. */
    uint64_t logon_tod;
    uint64_t virtual_time;            /* as a guest; task->total has all */
    uint64_t slice;                   /* CPU time left in its time slice */
    uint64_t queue1_left;             /* CPU time left in Q1 before it goes to Q2 */
    uint64_t usage;                   /* decaying average for the deadline */
    uint64_t share_from, share_total; /* favored_share is measured from here: TOD, task->total */
    struct vm_counters count;
    struct exits exits;
    struct per per;
};

/* Makes an empty virtual machine (no userid, no storage, no devices) in CP mode.  NULL
 * if there is no storage.  Never sleeps. */
struct vmblok *vm_create(void);
/* Creates its task, which runs vm_main. */
bool vm_start(struct vmblok *vm);
/* Takes back all it has (pages, devices); only in its own task, which then must end by
 * task_exit.  May sleep. */
void vm_destroy(struct vmblok *vm);
struct vmblok *vm_find(const char *userid); /* logged on or disconnected; NULL: not there */
struct vmblok *vm_virt_real(void);          /* the one with OPTION VIRT=REAL in force, or NULL */
/* The VM whose task is running, NULL in system tasks. */
struct vmblok *vm_current(void);

/* The body of a virtual machine's task. */
void vm_main(void *vm);

#endif

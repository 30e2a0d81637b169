/* The CMS nucleus: its whole state is `struct nucleus nuc`, in start.c.  The files:
 *   entry.S    interruptions, calling programs, privileged instructions
 *   start.c    after IPL: what machine is this; disks; PROFILE EXEC
 *   command.c  reading and finding commands, Ready
 *   svc.c      SVC 202 and 203: what programs ask for
 *   functions.c, services.c  the nucleus functions and services by name and number
 *   loader.c   MODULE files
 *   resident.c nucleus extensions and subcommand environments
 *   trace.c    SVCTRACE
 *   simulation.c, filedefs.c  OS/360's supervisor calls, FILEDEF's table
 *   abend.c    program checks, HX, recovery;  debug.c  DEBUG, breakpoints
 *   console.c, stack.c, unit.c, dasd.c, io.c  devices; runs.c  blocks of disks, some at a time
 *   handlers.c a program's own routines for interruptions
 *   event.c    waiting for several things at once
 *   disks.c, files.c  disks by mode letter, open files, over the file system of cms/fs
 *   storage.c, clock.c, tokens.c
 * Return codes are those of cms/kit/cms.h. */
#ifndef CMS_NUCLEUS_NUCLEUS_H
#define CMS_NUCLEUS_NUCLEUS_H

#include "cms/fs/edf.h"
#include "cms/kit/cms.h"
#include "cms/kit/module.h"
#include "cms/kit/scblock.h"
#include "cms/kit/simulation.h"
#include "cms/nucleus/nucon.h"
#include "cms/nucleus/tokens.h"
#include "s370/arch/ccw.h"

struct interrupt_frame {
    uint32_t r[16];
    uint8_t psw[8]; /* BC mode */
};

/* ---- entry.S ---- */
void _start(void);
void restart_nucleus(void (*next)(void)) __attribute__((noreturn));
void io_entry(void);
void ext_entry(void);
void pgm_entry(void);
void svc_entry(void);
int run_program(uint32_t registers[16], const uint32_t psw[2]);
void return_svc(void); /* to where programs return: no function */
void wait_for_io(void);
bool wait_for_any(void); /* an external interruption came, not one of I/O */
bool storage_exists(uint32_t address);
int sio(unsigned device);
int tio(unsigned device);
int hio(unsigned device);
void set_key(uint32_t address, unsigned key);
void store_cpu_id(uint8_t id[8]);
/* Sets the clock comparator and lets it interrupt. */
void set_comparator(const uint64_t *tod);
int diagnose_08(const char *command, char *response, uint32_t lengths[2]);
void diagnose_0c(void *buffer);
int diagnose_18(uint32_t device, const struct ccw *ccws, uint32_t transfers);
int diagnose_24(uint32_t *device, uint32_t information[2]);
int diagnose_58(uint32_t ccws, uint32_t console);
int diagnose_8c(uint8_t *size, uint32_t length);
const char *diagnose_5c(const char *message, uint32_t *length);
void diagnose_10(uint32_t first_page, uint32_t last_page);
uint32_t diagnose_60(void);
extern char nucleus_stack[];
extern uint8_t page_zero[0x1000]; /* at 0; cms.ld */

/* Called by entry.S. */
void cms_start(uint32_t ipl_device, uint32_t parm_0, uint32_t parm_1) __attribute__((noreturn));
void svc_interrupt(struct interrupt_frame *frame);
void io_interrupt(struct interrupt_frame *frame);
void external_interrupt(struct interrupt_frame *frame);
void program_interrupt(struct interrupt_frame *frame);

/* ---- stack.c ---- */
struct line_queue {
    char *ring;
    uint32_t size, head, used, lines;
};
bool queue_add(struct line_queue *q, const char *text, uint32_t length, bool at_front);
int queue_take(struct line_queue *q, char *to); /* length, or -1: empty */
void queue_clear(struct line_queue *q);
/* The program stack: buffers, of which MAKEBUF begins a new one.  Lines come from the newest buffer
 * that has any; new ones go into the newest. */
#define STACK_BUFFERS 64
bool stack_add(const char *text, uint32_t length, bool at_front);
int stack_take(char *to); /* as queue_take() */
uint32_t stack_lines(void);
void stack_clear(void);           /* all buffers but the first are gone, too */
uint32_t stack_make(void);        /* the new buffer's number; 0: there are too many */
bool stack_drop(uint32_t buffer); /* it and those behind it; false: there is no such */

/* ---- storage.c ---- */
#define STORAGE_BLOCKS 256
enum storage_owner {
    OWNER_PROGRAM = 0,  /* freed when the command ends */
    OWNER_NUCLEUS = 1,  /* whole 2K blocks with the nucleus's key */
    OWNER_RESIDENT = 2, /* a program's that is kept when the command ends */
};
struct storage_block {
    uint32_t address;
    uint32_t size_owner; /* a multiple of 8, and the owner */
};
void *storage_get(uint32_t size, uint8_t owner);
bool storage_free(void *at, uint32_t size);
void storage_free_owner(uint8_t owner);
uint32_t storage_lowest_taken(void);
/* Tells CP which pages of free storage the last command used and nobody needs any more. */
void storage_release_pages(void);
/* True if a program may have the nucleus write there. */
bool storage_is_program(uint32_t address, uint32_t size);
void storage_set_keys(void);

/* ---- io.c: channel programs; returns 0, 1 with errors, 3 ---- */
#define IO_NOT_OPERATIONAL 3
int io_run(struct cms_io *io);
int io_run_display(struct cms_io *io); /* of the console, by DIAGNOSE 58 */
void io_note(void);                    /* an interruption has come: what it says is kept */
void io_wait(void);                    /* for any interruption of a device that nobody uses */
int io_simple(uint32_t device, uint8_t command, const void *data, uint32_t count,
              struct cms_io *io);

/* ---- event.c: channel programs that nobody waits for, and waiting for several things ---- */
#define EVENT_DEVICES 32
struct event_device {
    uint16_t address;
    bool active, ended;
    bool listens; /* its attention is an event, also while nothing is started */
    uint8_t unit_status, channel_status;
    uint16_t residual;
    uint32_t last_ccw;
};
int event_start(uint32_t device, uint32_t ccws);
/* Takes a device's status if it is one of these. */
bool event_note(uint32_t device, const struct csw *csw);
void event_wait(uint32_t *p);
void event_forget(void); /* the program is gone */

/* ---- handlers.c: HNDSVC, HNDINT, HNDEXT ---- */
#define HANDLERS 12
enum handler_kind { HANDLER_SVC, HANDLER_IO, HANDLER_EXTERNAL };
struct handler {
    uint32_t routine; /* 0: the place is free */
    uint8_t kind;     /* enum handler_kind */
    bool at_once;     /* ASAP: not only when the program waits */
    bool pending;     /* psw and csw are to be shown to the routine */
    bool done;        /* it has said that this was all */
    uint16_t number;  /* SVC's, or the device's address */
    char name[4];     /* the device's, for WAIT */
    uint8_t psw[8], csw[8];
};
struct call;
int handler_request(enum handler_kind kind, const struct call *c);
int handler_wait(const struct call *c);
/* False: the program has no routine for it. */
bool handler_svc(unsigned number, struct interrupt_frame *frame);
bool handler_external(struct interrupt_frame *frame);
bool handler_io(unsigned device, const struct csw *csw);

/* ---- clock.c ---- */
void clock_start(void);
void clock_wait_begins(void);
void clock_wait_ends(void);
void clock_now(struct cms_clock *c);
/* Sets the interval timer to run out after so many seconds; 0: never. */
void clock_limit(uint32_t seconds);
void clock_packed(uint8_t date[7]);
/* An external interruption when the TOD clock has passed `tod` (0: none), or in so many
 * microseconds: for simulation_alarm. */
void clock_alarm(uint64_t tod);
void clock_alarm_in(uint32_t us);
void clock_alarm_seconds(uint32_t seconds);

/* ---- console.c ---- */
bool console_find(void);
void console_write(const char *text, uint32_t length, unsigned flags);
void console_print(const char *format, ...) FMT_CHECK(1, 2);
int console_message(int rc, const char *text, uint32_t length);
int console_error(int rc, const char *format, ...) FMT_CHECK(2, 3);
int console_read(char *line, unsigned flags); /* to CMS_LINE_MAX bytes; enum read_flag */
void console_attention(void);
void console_take_line(void); /* one line to those typed ahead, waiting for it */
bool console_immediate(const char *line, int length);

/* ---- screen.c: the whole screen; 4: CP had it, 40: there is none ---- */
int screen_size(uint32_t *columns, uint32_t *rows, uint32_t *flags);
int screen_write(const void *stream, uint32_t length, uint8_t control);
/* Waits for a key.  *length: of the buffer, then of what came. */
int screen_read(void *buffer, uint32_t *length, uint8_t control);
void screen_leave(void);

/* ---- unit.c ---- */
#define CARD_READER 0x00cu
int card_read(char *card, uint32_t size, uint32_t *length);
void output_limit(uint32_t lines, uint32_t cards);
void reader_wait(void); /* until it has become ready */
void card_hold(const char *card, uint32_t length);
int card_punch(const char *card, uint32_t length);
int printer_line(const char *line, uint32_t length, uint8_t carriage);

/* ---- dasd.c: blocks of a minidisk ---- */
struct geometry {
    uint16_t type; /* 0x3350 */
    uint8_t model;
    uint16_t heads;     /* 0: a fixed-block disk */
    uint16_t cylinders; /* of the whole pack */
    uint32_t blocks;    /* of a fixed-block disk, of 512 bytes */
    uint16_t per_track; /* records of the block size */
};
struct track_address {
    uint8_t bb[2];
    uint8_t id[5]; /* CCHHR */
};
/* Blocks in a row, in storage. */
struct block_run {
    uint32_t first, count;
    uint8_t *bytes;
};
/* A channel program for a run. */
struct block_program {
    struct ccw *ccws;             /* four for a block */
    struct track_address *places; /* one for a block */
};
struct disk {
    char letter, extends; /* extends: ' ' if it is none */
    bool read_only;
    uint16_t address;
    uint16_t block_size;
    struct edf_name only; /* patterns: the files that are seen; all zeros: all are */
    uint8_t only_mode;    /* mode number, or 0 */
    struct geometry geometry;
    uint32_t memory; /* size of this allocation, the buffers included */
    uint32_t run_room;
    uint32_t read_last;                   /* the block that was read last */
    struct block_run read_run, write_run; /* read ahead; not written yet */
    struct block_program program;         /* for run_room blocks */
    struct edf_disk fs;
};
bool dasd_identify(uint16_t address, struct geometry *g, bool *read_only);
/* The block size by the label record: 0 if there is none, -1 if the device failed. */
int dasd_block_size(uint16_t address, const struct geometry *g);
bool dasd_is_protected(uint16_t address, const struct geometry *g, uint16_t block_size);
unsigned dasd_records_per_track(uint16_t type, unsigned block_size);
/* Fixed-block: its blocks. */
uint32_t dasd_cylinders(uint16_t address, const struct geometry *g);
/* The run's blocks to or from its bytes, by one channel program; at most d->run_room. */
bool dasd_transfer(struct disk *d, const struct block_run *r, bool writing);

/* ---- runs.c: what the file system reads and writes, some blocks at a time ---- */
#define RUN_MOST 32                                      /* blocks */
uint32_t runs_room(uint32_t block_size);                 /* how many blocks a run has */
uint32_t runs_memory(uint32_t block_size);               /* bytes, of a multiple of 8 */
void runs_begin(struct disk *d, uint8_t *memory);        /* empty runs in this memory */
bool disk_read(void *disk, uint32_t block, void *bytes); /* as struct edf_io has them */
bool disk_write(void *disk, uint32_t block, const void *bytes);

/* ---- disks.c ---- */
#define DISK_LETTERS 26
int disk_letter_index(char letter); /* -1 if it is none */
struct disk *disk_by_letter(char letter);
int disk_access(uint32_t address, char letter, char extends, unsigned flags, char *replaced);
void disk_show_only(struct disk *d, const struct cms_fileid *pattern);
bool disk_shows(const struct disk *d, const struct edf_status *s);
int disk_release(char letter);
int disk_query(char letter, struct cms_disk *q);
void disk_commit_all(void);

/* ---- files.c ---- */
#define OPEN_FILES 16
struct open_file {
    struct disk *disk; /* NULL: the slot is free */
    bool writing;
    bool made; /* created by this opening */
    uint32_t read_next;
    struct edf_file file;
};
int file_find(const struct cms_fileid *id, struct cms_fileinfo *info);
int file_list(char letter, struct cms_list *list);
int file_read(struct fscb *f);
int file_write(struct fscb *f);
int file_finis(const struct fscb *f);
int file_point(const struct fscb *f);
int file_erase(const struct cms_fileid *id);
int file_rename(const struct cms_fileid *from, const struct cms_fileid *to);
int file_redate(const struct cms_fileid *id, const uint8_t date[7]);
void file_close_all(void);
void file_close_disk(const struct disk *d);

/* ---- loader.c ---- */
struct loaded {
    uint32_t origin, entry, size;
    bool relocatable; /* its storage is to be freed */
    bool system;      /* runs with storage key 0 */
};
/* A relocatable module goes to free storage of that owner, or with LOAD_USER_AREA to X'20000'. */
#define LOAD_USER_AREA 0xff
int load_module(const struct cms_fileid *id, uint8_t owner, struct loaded *loaded);
/* Enters a program; r0, r1 as it will see them.  Returns its return code. */
int enter_program(uint32_t entry, const char name[8], uint32_t r0, uint32_t r1);
struct entry_point {
    uint32_t address, r2;
    uint32_t psw; /* first word of the PSW, BC mode */
};
uint32_t program_psw(bool system); /* first word */
int enter_at(const struct entry_point *at, const char name[8], uint32_t r0, uint32_t r1);

/* ---- resident.c ---- */
#define SCBLOCKS 48
struct call;
/* NULL: there is none. */
const struct scblock *resident_find(enum resident_kind kind, const char name[8]);
const struct scblock *resident_at(enum resident_kind kind, uint32_t index);
int resident_request(enum resident_kind kind, const struct call *c); /* NUCEXT, SUBCOM */
int resident_enter(const struct scblock *s, uint32_t r0, uint32_t r1);
void resident_end_of_command(void); /* environments of programs that are gone now */
void resident_purge(void);          /* after an abnormal end */

/* ---- command.c ---- */
#define NOT_A_COMMAND INT32_MIN
int command_line(const char *line, uint32_t length, unsigned flags, uint8_t kind);
/* Runs what a parameter list names: nucleus function or MODULE; NOT_A_COMMAND if neither. */
int command_plist(uint32_t plist, uint8_t kind, uint32_t r0);
void command_loop(void) __attribute__((noreturn));
int cp_command(const char *text, uint32_t length, char *response, uint32_t size,
               uint32_t *response_length);

/* ---- functions.c: SVC 202 by name ---- */
struct call {
    uint8_t *plist;
    uint8_t kind;
    uint32_t r0;
};
typedef int nucleus_function(const struct call *call);
nucleus_function *function_find(const char name[8], uint8_t kind);

/* ---- services.c: SVC 203 ---- */
int service_run(unsigned service, uint32_t *p);

/* ---- simulation.c: false if it is not OS's ---- */
struct simulation {
    uint32_t entry; /* 0: not in storage */
    uint32_t origin, size, level;
    bool busy;
    struct simulation_list *list;
};
bool simulation_svc(unsigned number, struct interrupt_frame *frame);
bool simulation_program_check(struct interrupt_frame *frame);
void simulation_alarm(struct interrupt_frame *frame);
void simulation_end(void); /* a program has returned: was it the one that began it? */

/* ---- trace.c ---- */
/* 0: this call is not traced. */
uint32_t trace_call(const struct interrupt_frame *frame, unsigned svc);
void trace_return(const struct interrupt_frame *frame, unsigned svc, uint32_t number);
void trace_off(void); /* HO */

/* ---- debug.c: true if the program goes on ---- */
bool debug_after_abend(struct interrupt_frame *frame);
bool debug_breakpoint(struct interrupt_frame *frame);
int debug_service(unsigned function, struct cms_debug *state);

/* ---- filedefs.c ---- */
struct filedef_table {
    struct cms_filedef *table;
    uint32_t count, room;
};
int filedef_service(unsigned function, struct cms_filedef *def, uint32_t number);
void filedefs_clear(void); /* but the permanent ones */

/* ---- abend.c ---- */
void abend_halt(void); /* HX: does not return if a program runs */
void abend_give_up(void) __attribute__((noreturn));
/* A program that waits (OS's WAIT) looks again at what it waits for after any interruption. */
void end_wait(struct interrupt_frame *frame);
enum stop_code { STOP_NO_CONSOLE = 0x0c1, STOP_STORAGE = 0x0c2, STOP_NUCLEUS = 0x0c3 };
void stop_nucleus(enum stop_code code) __attribute__((noreturn)); /* disabled wait */

struct nucleus {
    bool under_cp;
    struct event_device event_devices[EVENT_DEVICES];
    bool message;      /* VMCF's buffer is filled */
    bool time_over;    /* the clock has passed event_wait's time */
    bool reader_ready; /* the card reader has presented device end by itself */
    bool attention;    /* the console's attention key waits for a read */
    bool screen;       /* a program has the whole screen: attention is a key for it */
    bool reading;      /* the channel program under way is the console's READ */
    /* Lines and cards that may still be written, and one more; 0: any number. */
    uint32_t lines_left, cards_left;
    uint8_t output_exceeded; /* enum output_limit */
    bool time_limited;       /* the interval timer ends the program */
    bool halt_program;       /* HX */
    bool in_command;         /* a command is being executed */
    uint8_t empty_reads;
    uint16_t console, ipl_device;
    uint32_t storage_size;
    uint32_t user_end; /* end of what is loaded at X'20000', or 0 */
    struct handler handlers[HANDLERS];
    uint32_t handler_save[26];  /* what R13 of a routine points to */
    uint8_t keys[8], key_depth; /* DMSKEY's: the keys before */
    uint32_t svc_count;         /* supervisor calls that were traced */
    uint32_t levels;            /* programs running, one having called the other */
    char program[8];            /* the one running, for messages */
    char system_disk[6];
    uint64_t started, waited, wait_began; /* clock.c, in microseconds */
    struct cms_clock command_start;
    struct line_queue stack[STACK_BUFFERS], typed;
    uint32_t stack_top;                 /* the newest buffer */
    uint32_t residents[RESIDENT_KINDS]; /* A(the first struct scblock) of each list, or 0 */
    struct scblock scblocks[SCBLOCKS];  /* of both lists; entry 0: free */
    struct storage_block blocks[STORAGE_BLOCKS];
    unsigned block_count;
    uint32_t low_water; /* lowest storage that the command has taken */
    struct disk *disks[DISK_LETTERS];
    struct open_file files[OPEN_FILES];
    struct cms_fst state_copy; /* what the last STATE gave a program the address of */
    struct cms_switches sw;
    struct cms_synonym synonyms[CMS_SYNONYMS];
    unsigned synonym_count;
    bool system_synonyms;
    struct simulation os;
    struct filedef_table filedefs;
    struct cms_debug debug;
    bool prompted; /* "CMS" has been typed after an abnormal end */
    char recovery[80];
    uint32_t recovery_length;
    char held_card[80];
    uint32_t held_length;
    bool held;
};
extern struct nucleus nuc;

#endif

/* The OS simulation's own: OSSIM MODULE.  The files:
 *   entry.S    where programs enter it without a supervisor call: GET, PUT, READ, WRITE, CHECK, ...
 *   calls.c    the table of supervisor calls
 *   task.c     LINK, XCTL and the other ways of going somewhere and coming back; exits; SPIE, STAE
 *   program.c  finding programs: LINK, LOAD, DELETE
 *   service.c  WTO, WTOR, TIME, timers, WAIT, POST and the like
 *   storage.c  GETMAIN, FREEMAIN;  linedit.c  CMS's own LINEDIT
 *   open.c     OPEN, CLOSE
 *   dataset.c  blocks of a data set: what FILEDEF says it is;  records.c  records in them
 *   queued.c   GET, PUT;  basic.c  READ, WRITE, CHECK, NOTE, POINT
 * All of it is in the storage of the program that it serves, under the program's key, as OS's
 * access methods were.  Its state is `struct simulation os`. */
#ifndef CMS_OS_COMMAND_OS_H
#define CMS_OS_COMMAND_OS_H

#include "cms/kit/cms.h"
#include "cms/kit/simulation.h"
#include "cms/os/command/dataset.h"

/* ---- calls.c ---- */
typedef enum os_answer os_function(struct os_call *c);

static inline uint32_t os_address(uint32_t word)
{
    return word & 0x00ffffff;
}
static inline uint32_t psw_address(const struct os_call *c)
{
    return load_be24(c->psw + 5);
}
/* The address of the supervisor call. */
static inline uint32_t os_caller(const struct os_call *c)
{
    return psw_address(c) - 2;
}
enum os_answer os_simulate(struct os_call *c);
/* Goes on at `address` as at a program's entry. */
void os_go(struct os_call *c, uint32_t address);
/* Tries the call again after the next interruption. */
void os_wait(struct os_call *c);

/* ---- task.c ---- */
enum context_kind {
    CONTEXT_LINK,  /* a program that was called: registers 2-14 and the PSW come back */
    CONTEXT_OPEN,  /* OPEN goes on behind the DCB's exit */
    CONTEXT_ALARM, /* all comes back as it was */
    CONTEXT_SPIE,
    CONTEXT_STAE,
};
struct context {
    uint8_t kind;
    uint32_t r[16];
    uint8_t psw[8];
};
/* Calls a routine of the program's: it returns by R14 to context_return.  False: too deep. */
bool context_call(struct os_call *c, enum context_kind kind, uint32_t routine);
os_function os_exit, os_abend, os_spie, os_stae, os_program_check, os_alarm;
/* Ends the program, or lets its STAE exit.  Types the message. */
enum os_answer abend_system(struct os_call *c, unsigned code);

/* ---- program.c ---- */
os_function os_link, os_xctl, os_load, os_delete;

/* ---- service.c ---- */
os_function os_wto, os_time, os_stimer, os_ttimer, os_wait_ecb, os_post, os_terminal, os_nothing;

/* ---- linedit.c ---- */
os_function os_linedit;

/* ---- storage.c ---- */
os_function os_getmain_list, os_freemain_list, os_main_register;
void *getmain(uint32_t size, uint8_t subpool);
bool freemain(void *at, uint32_t size, uint8_t subpool);
void storage_end(void);

/* ---- open.c ---- */
os_function os_open, os_close, os_close_temporarily, os_devtype;
enum os_answer open_go_on(struct os_call *c);
struct dataset *dataset_of(const struct dcb *dcb); /* NULL: it is not open */
void datasets_end(void);

/* ---- queued.c, basic.c: called by entry.S; the result is where to go instead of back ---- */
uint32_t queued_get_put(uint32_t r0, struct dcb *dcb, uint32_t *save);
bool queued_finish(struct dataset *d); /* the last block */
uint32_t basic_read_write(uint32_t r0, struct decb *decb, uint32_t *save);
uint32_t basic_check(uint32_t r0, struct decb *decb, uint32_t *save);
uint32_t basic_note(uint32_t r0, struct dcb *dcb, uint32_t *save);
uint32_t basic_point(uint32_t r0, struct dcb *dcb, uint32_t *save);
os_function os_backspace;
/* Words of the caller's save area: R14 at 3, R15, R0, ... */
enum save_word { SAVE_R14 = 3, SAVE_R15 = 4, SAVE_R0 = 5, SAVE_R1 = 6 };
/* An error in GET, PUT or CHECK: where SYNAD is; or EROPT says to go on (0); or the end. */
uint32_t access_error(struct dataset *d, bool output, uint32_t *save);
uint32_t access_end(struct dataset *d);

/* ---- entry.S ---- */
void enter_queued(void);
void enter_basic(void);
void enter_check(void);
void enter_note(void);
void context_return(void); /* an SVC 3 */
void issue_abend(uint32_t code) __attribute__((noreturn));

#define CONTEXTS 16
struct simulation {
    struct context contexts[CONTEXTS];
    unsigned depth;
    struct dataset *datasets;
    struct chunk *chunks;
    uint32_t caller;  /* of the access method that ends the program */
    uint32_t opening; /* OPEN's list: the entry that its exit belongs to */
    struct pica *pica;
    struct pie pie;
    uint32_t stae_exit, stae_list; /* 0: none */
    uint32_t stae_work[26];
    uint64_t alarm; /* when, TOD clock; 0: none */
    uint32_t alarm_exit;
    bool waits_for_alarm;
};
extern struct simulation os;

#endif

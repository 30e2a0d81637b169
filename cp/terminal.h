/* Terminals.  A terminal is what a person sits at: a 3215 (the operator's console, a telnet
 * line) or a 3270.  Its `struct terminal` is made once and kept; a VM is connected to it while
 * somebody uses it.
 *
 * Output is a queue of lines that is written by interruptions, so anybody may add to it
 * without sleeping.  What kind of terminal it is only its operations know: cp/typewriter.c
 * prints line after line and has a READ outstanding while somebody waits for a line;
 * cp/screen.c fills a screen and reads when a key is pressed.  CP's other parts see lines.
 *
 * What devices say unasked: device end = somebody connected; attention = there is something to
 * be read; unit check = the connection is lost. */
#ifndef CP_TERMINAL_H
#define CP_TERMINAL_H

#include "cp/rio.h"
#include "cp/vmblok.h"
#include "lib/fmt.h"

#define TERMINAL_LINE 240 /* longest line, in and out */

enum terminal_flag {
    TERMINAL_NO_RETURN = 0x01, /* the carriage stays behind the text: a prompt */
    TERMINAL_ALARM = 0x02,     /* ring the bell first */
    TERMINAL_TYPED = 0x04,     /* what the user has typed, shown again */
    TERMINAL_GUEST = 0x10,     /* from the virtual machine, not from CP */
    TERMINAL_PRIORITY = 0x08,  /* from somebody else: not lost on a screen that is the guest's */
};

enum terminal_state { TERMINAL_IDLE, TERMINAL_WRITING, TERMINAL_MASKING, TERMINAL_READING };

struct terminal_ops;
struct screen;

struct terminal {
    struct list link; /* cp.commands->terminals, by address */
    const struct terminal_ops *ops;
    struct rdev *rdev;
    struct vmblok *vm;  /* NULL: nobody */
    bool enabled;       /* ENABLE, DISABLE: may be logged on to */
    bool connected;     /* as far as CP knows somebody is there */
    bool reconnected;   /* somebody new came before the loss of the last one was seen */
    bool lost;          /* the VM has to be told that nobody is */
    bool losing;        /* the loss was told while a request was active: it ends first */
    bool active;        /* `request` is */
    bool lent;          /* the device is a guest's: attached, or dialed to */
    bool broke;         /* the attention key was pressed */
    bool cp_lines;      /* SET RUN ON: in CP while the guest runs; lines are commands */
    bool greeted;       /* the logo has been written */
    bool read_wanted;   /* somebody waits for a line ... */
    bool read_hidden;   /* ... that is not to be seen */
    bool read_by_guest; /* ... and it is the guest who does */
    bool input_ready;   /* a line has been read and nobody took it yet */
    bool in_line;       /* the last text has no return behind it, and nobody typed one */
    unsigned password_errors;
    struct ioreq request;
    struct list output; /* struct output_line */
    unsigned queued;
    uint16_t input_length;
    char input[TERMINAL_LINE + 1];

    /* Of typewriters. */
    bool line_waits;    /* the device has a line */
    bool masked;        /* the mask was the last thing written */
    bool halting;       /* the READ is being halted for output */
    bool for_attention; /* the READ fetches the line that waits */
    enum terminal_state state;
    struct ccw program[2];

    struct screen *screen; /* of displays: cp/screen.c's, while somebody is there */
};

/* The `unsolicited` handler of terminals.  Makes a VM for a terminal that has none.  Must not
 * sleep. */
void terminal_attention(struct rdev *rdev, uint8_t status);

/* In the VM's task, after vm_post(vm, WORK_TERMINAL): looks what the terminal brought.  May put
 * the VM into CP mode, queue a line for the guest's console, and so on.  May sleep. */
void terminal_work(struct vmblok *vm);

/* CP READ: reads one line from the VM's terminal (sleeping until there is one, or until the
 * VM is posted work) and runs it as a CP command.  vm_main calls it as long as vm->cp_mode is
 * set. */
void console_function(struct vmblok *vm);

/* The terminal of a real console, made if it is new; NULL if there is no storage. */
struct terminal *terminal_of(struct rdev *rdev);
/* "CONS 009", "LINE 0C0", "GRAF 080": for messages; "***" where there is no terminal.  Returns
 * `to`. */
#define TERMINAL_NAME_SIZE 12
const char *terminal_name(char to[TERMINAL_NAME_SIZE], const struct terminal *t);
/* Connects and disconnects a VM.  A terminal that is left behind gets a new VM to log on
 * with, if it may and somebody is there.  Never sleep. */
void terminal_connect(struct terminal *t, struct vmblok *vm);
void terminal_leave(struct vmblok *vm);
/* The device of a terminal where nobody is logged on becomes a guest's, for ATTACH and DIAL, and
 * CP's again; `connected`: perhaps somebody sits there. */
bool terminal_may_be_lent(const struct rdev *rdev);
void terminal_lend(struct terminal *t);
void terminal_take_back(struct terminal *t, bool connected);
unsigned terminals_dialed(void); /* how many are lent to virtual displays */
/* Opens a line to users, or closes it to new ones. */
void terminal_enable(struct terminal *t, bool enabled);

/* Adds a line (at most TERMINAL_LINE bytes; new lines in it are X'15').  Never sleeps. */
void terminal_write(struct terminal *t, const char *text, size_t length, unsigned flags);
/* A line to the VM's terminal even while its replies go to a DIAGNOSE 8 buffer: messages of
 * others.  Split at the line size.  Never sleeps. */
void terminal_tell(struct vmblok *vm, const char *format, ...) FMT_CHECK(2, 3);
/* Sleeps as long as the queue of the VM's terminal is long.  In the VM's own task. */
void terminal_throttle(struct vmblok *vm);
/* The same, between the lines of a long answer, and lets others run: true if the user has seen
 * enough (the attention key), or there is nobody any more, or the guest's buffer is full. */
bool terminal_stopped(struct vmblok *vm);
/* Text of any length with X'15' between lines, as a guest writes it. Never sleeps. */
void terminal_write_text(struct vmblok *vm, const char *text, size_t length, unsigned flags);

/* Asks and reads a line in the VM's own task, unedited and without regard to its mode.  The
 * length, or -1 if there is no terminal, it is lost or the VM is forced.  May sleep. */
int terminal_ask(struct vmblok *vm, const char *prompt, bool hidden, char *to, size_t size);
/* Sleeps until a line or attention comes, or `tod` is reached (UINT64_MAX: no limit). */
void terminal_wait(struct vmblok *vm, uint64_t tod);
/* CP wants a line for a command (or not any more): unlocks the keyboard. */
void terminal_cp_reads(struct terminal *t, bool reads);
/* The guest wants a line (or not any more): its console's READ. */
void terminal_guest_reads(struct vmblok *vm, bool reads);

#endif

/* Screens: a 3270 as the terminal of a virtual machine.  Between cp/screen.c (what is due, what
 * ends), cp/screen_write.c (what is written), cp/screen_keys.c (what keys do) and
 * cp/screen_guest.c (full screen: DIAGNOSE 58 and TERMINAL CONMODE 3270). */
#ifndef CP_SCREEN_H
#define CP_SCREEN_H

#include "cp/terminal_ops.h"
#include "lib/datastream.h"

/* The parts of a screen that is CP's (GC20-1810, "VM/370: Terminal User's Guide"):
 *
 *     rows 1 to n-2     output area; its last cell is the attribute of the input area
 *     row  n-1          input area ...
 *     row  n            ... to 21 cells before the end; attribute and text of the status area */
#define SCREEN_STATUS_SIZE 20
#define SCREEN_INPUT_MOST  TERMINAL_LINE

static inline unsigned screen_output_rows(const struct ds_size *d)
{
    return d->rows - 2u;
}
static inline unsigned screen_input_at(const struct ds_size *d)
{
    return screen_output_rows(d) * d->columns;
}
/* The cell behind the input area: the attribute of what follows. */
static inline unsigned screen_input_end(const struct ds_size *d)
{
    unsigned end = ds_cells(d) - SCREEN_STATUS_SIZE - 1;
    unsigned most = screen_input_at(d) + SCREEN_INPUT_MOST;
    return end < most ? end : most;
}

/* How long NOT ACCEPTED is shown, and how long CP waits for a terminal to say what it is. */
#define SCREEN_REFUSED TOD_MILLISECONDS(3000)
#define SCREEN_ASKING  TOD_MILLISECONDS(2000)

enum display_command {
    COMMAND_WRITE = 0x01,
    COMMAND_ERASE_WRITE = 0x05,
    COMMAND_ERASE_WRITE_ALTERNATE = 0x0d,
    COMMAND_ERASE_UNPROTECTED = 0x0f,
    COMMAND_WRITE_STRUCTURED = 0x11,
    COMMAND_READ_BUFFER = 0x02,
    COMMAND_READ_MODIFIED = 0x06,
};

/* Whose the screen is. */
enum screen_mode {
    SCREEN_NEW,   /* somebody has come */
    SCREEN_ASKED, /* and was asked what the terminal is: the answer comes as an attention */
    SCREEN_LOGO,
    SCREEN_CP,
    SCREEN_GUEST, /* full screen mode: a virtual machine's program has it */
};

enum screen_hold {
    HOLD_NONE,
    HOLD_MORE,    /* MORE...: the screen is full and there is more */
    HOLD_ALARMED, /* ... and the alarm has sounded */
    HOLD_HOLDING, /* HOLDING: until the user clears it */
};

enum screen_request {
    REQUEST_NONE,
    REQUEST_WRITE,
    REQUEST_READ,  /* of a key */
    REQUEST_QUERY, /* what are you? */
    REQUEST_SENSE, /* after a unit check that nobody asked for */
    REQUEST_GUEST,
    REQUEST_COPY,
};

#define SCREEN_PAGE   4096u
#define SCREEN_PAGES  16
#define SCREEN_BUFFER 2560

/* One command of a guest's program for its console, with the data in frames of CP's: so no page
 * of the guest is held while a slow terminal takes them. */
struct screen_guest {
    bool wanted;          /* the guest has asked, the terminal is not started yet */
    bool strict;          /* DIAGNOSE 58: whoever has lost the screen is told, X'8E' */
    bool over;            /* the terminal has ended it: `status` is for the guest */
    bool rows;            /* X'19': rows of the output area, not full screen */
    bool wait;            /* X'19': MORE... first */
    bool keeps_attention; /* X'10' in the control byte: PA1 is the guest's */
    uint8_t command, status, sense;
    uint32_t length; /* of the data; for a read: of the buffer, then of what came */
    uint16_t row;
    uint8_t *pages[SCREEN_PAGES];
};

/* What a COPY key has read. */
#define SCREEN_COPY_BYTES 8000
struct screen_copy {
    size_t length; /* 0: nothing yet */
    uint8_t record[SCREEN_COPY_BYTES];
};

struct screen {
    struct terminal *t;
    struct ds_size size;
    enum screen_mode mode;
    enum screen_hold hold;
    enum screen_request doing;
    struct clock_request timer;   /* of MORE..., and of the answer to the query */
    struct clock_request refusal; /* of NOT ACCEPTED */
    bool key_waits;               /* an attention that was not read yet */
    bool sense_due;               /* a unit check, ditto */
    bool unformatted;             /* the screen is not CP's: it is to be written anew */
    bool clear_due;               /* the output area is to be cleared */
    bool logo_due;                /* when the output has been seen */
    bool alarm_due;
    bool refused;         /* NOT ACCEPTED */
    bool locked;          /* the keyboard is: by a key */
    bool erase_due;       /* the input area is to be cleared */
    bool unseen;          /* there is output that came after the last key */
    bool copy_due;        /* a COPY key was pressed */
    bool hidden;          /* the input area is a field that is not displayed */
    uint16_t row;         /* next row of the output area */
    uint8_t failed;       /* writes in a row that the terminal could not do */
    uint8_t writing;      /* lines of the queue that the active write has */
    const char *status;   /* that is shown; NULL: none */
    uint16_t fill_length; /* for the input area: of a PF key */
    int16_t cursor;       /* and where the cursor goes there; -1: it stays */
    char fill[SCREEN_INPUT_MOST];

    /* Full screen mode. */
    struct screen_guest guest;
    bool guest_has_attention; /* PA1 is the guest's ... */
    bool attention_unread;    /* ... who has not read since it was pressed */
    bool told;                /* the guest was told that a message waits */
    bool message;             /* which made CP take the screen: hold it */

    struct screen_copy *copy; /* NULL: none */

    struct ccw program[SCREEN_PAGES + 2];
    uint8_t buffer[SCREEN_BUFFER] __attribute__((aligned(8)));
};

/* cp/screen.c */
/* NOT ACCEPTED, for a time. */
void screen_refuse(struct screen *s);
void screen_timer(struct screen *s, uint64_t units);
void screen_advance(struct terminal *t);
/* The screen is full: MORE..., and the time runs. */
void screen_more(struct screen *s);
/* SCREEN has changed how it is to look: from the next line on. */
void screen_restyle(struct screen *s);
/* The user (or the time) says that it has been seen. */
void screen_clear(struct screen *s);

/* cp/screen_write.c: composes what is due into s->buffer; the command that writes it, or 0 if
 * nothing is due.  *length is of the data. */
uint8_t screen_compose(struct screen *s, size_t *length);

/* cp/screen_keys.c: the record of a READ MODIFIED, in the modes of CP. */
void screen_key(struct screen *s, const uint8_t *record, size_t length);

/* cp/screen_copy.c: the program that reads the screen, NULL if there is no storage; it has ended;
 * in the task of the VM, which prints it and may sleep. */
const struct ccw *screen_copy_program(struct screen *s);
void screen_copy_read(struct screen *s);
void screen_copy_print(struct vmblok *vm);
void screen_copy_free(struct screen *s);

/* cp/screen_guest.c */
void screen_guest_free(struct screen_guest *g);
/* Forgets the guest's command; one that is active at the terminal is halted. */
void screen_guest_cancel(struct screen *s);
bool screen_guest_due(struct screen *s);
const struct ccw *screen_guest_program(struct screen *s);
void screen_guest_ended(struct screen *s);
void screen_guest_lost(struct screen *s);
/* A key in full screen mode. */
void screen_guest_key(struct screen *s, uint8_t aid);
/* CP has something to show while the guest has the screen: may it? */
bool screen_may_take(struct screen *s);

#endif

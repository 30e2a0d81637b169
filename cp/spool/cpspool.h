/* The spool in CP: its state, the virtual unit record devices that write and read spool
 * files, and the tasks of the real ones.  The form of the files is in spool/; this joins it
 * to slots, virtual machines and real devices. */
#ifndef CP_SPOOL_CPSPOOL_H
#define CP_SPOOL_CPSPOOL_H

#include "cp/recover.h"
#include "cp/rio.h"
#include "cp/text/forms.h"
#include "cp/vdev.h"
#include "cp/vmblok.h"
#include "spool/spool.h"
#include "spool/writer.h"

#include <stdbool.h>
#include <stdint.h>

/* Where a device's files go: SPOOL TO, FOR. */
enum spool_destination {
    TO_SYSTEM, /* the queue of the device's kind, the user's own */
    TO_USER,   /* SPOOL ... TO userid: into that user's reader */
    FOR_USER,  /* SPOOL ... FOR userid: as SYSTEM, but owned by that user */
};

/* What SPOOL sets for a device. */
struct vspool_settings {
    char class; /* reader: '*' is any */
    uint8_t copies;
    bool hold;
    bool cont;           /* reader: files follow each other without an end; else CLOSE is ignored */
    bool eof;            /* reader: end of file is a unit exception, else intervention required */
    bool started;        /* console: lines are spooled */
    bool terminal;       /* console: lines also go to the terminal */
    bool purge;          /* files are thrown away when closed */
    uint8_t destination; /* enum spool_destination */
    char user[9];        /* of the destination */
};

/* A virtual reader, punch, printer, or the spooling of a console. */
struct vspool {
    struct list link; /* cp.spool->vspools */
    struct vmblok *vm;
    struct vdev *vdev;
    uint8_t kind; /* enum spool_kind */
    struct vspool_settings set;
    char tag[SPOOL_TAG + 1];
    bool full_told; /* the spool was full, and the user knows */
    bool writing;   /* console: a task is at the writer; others sleep on the vspool */
    struct spool_writer writer;
    struct spool_reader reader;
    uint8_t repeats;    /* reader: how often the file at hand is to be read again */
    struct forms forms; /* printer: its forms control buffer, if one was loaded */
    /* Reader: the card at hand, if it was read without feeding. */
    bool kept;
    uint8_t card_flags;
    uint16_t card_length;
    uint8_t card[SPOOL_RECORD_MAX];
};

/* Types for vspool_create beside the numbers: the 2540 is two devices. */
#define VSPOOL_2540R 0x2540
#define VSPOOL_2540P 0x2541

/* Options of one CLOSE, over those of the device. */
struct close_options {
    bool force; /* in spite of SPOOL CONT: the device goes away, or SPOOL CLOSE */
    bool purge, hold, nohold;
    const char *name, *type, *dist; /* NULL: not given */
};

/* A user whose output the operator holds (HOLD userid). */
struct held_user {
    struct list link;
    char userid[9];
    uint8_t kinds; /* 1 << enum spool_kind */
};

struct spool_state {
    struct spool spool;
    struct spool_store store;
    struct list vspools; /* struct vspool */
    struct list units;   /* struct unit: real devices (cp/spool/unit.h) */
    struct list held;    /* struct held_user */
    bool full_told;      /* the operator knows that the spool is full */
    bool loaded;         /* the checkpoint has been read */
};

/* --- cp/spool/state.c --- */

struct spool *the_spool(void);
/* Coming up, in this order.  spool_load: false if files cannot be restored; nothing is lost then,
 * and it may be called again.  All may sleep. */
void spool_init_state(void);
bool spool_load(enum start_kind kind);
void spool_begin(const char *kind, bool drained);
/* Keeps a user's output (1 << enum spool_kind) from printing: HOLD at a warm start. */
void spool_hold(const char *userid, uint8_t kinds);
/* Something is new for the real devices: a file, a started device. */
void spool_wake_units(void);
/* True if the directory has this user.  May sleep. */
bool spool_user_exists(const char *userid);
/* Fills in date and time. */
void spool_stamp_date(struct spool_file *f);
/* The operator reads that there is no space, once until there is some again. */
void spool_tell_full(enum spool_result result);
/* Gives the device end of a reader made ready to the owner's virtual readers that have no
 * file. */
void spool_ready_readers(const struct spool_file *f);
/* Tells the new owner of a file in a reader queue, and makes their readers ready.  May sleep:
 * the file may be gone then. */
void spool_arrived(struct spool_file *f, const char *from);
/* Puts an accounting card (80 bytes, EBCDIC) into the punch queue, class C.  False if the spool is
 * full.  May sleep. */
bool spool_account_card(const void *card);

/* --- cp/spool/vspool.c --- */

/* The device's spool data; NULL if it is no spooled device. */
struct vspool *vspool_of(struct vdev *vdev);
/* The console spooling of a VM; `make`: create it if there is none.  May be NULL. */
struct vspool *vspool_console(struct vmblok *vm, bool make);
/* A line that went to the VM's console, from CP or from the guest: into its console spool file
 * if SPOOL CONSOLE START was given.  May sleep. */
void spool_console_line(struct vmblok *vm, const char *text, size_t length);
/* Closes the console spool file.  May sleep. */
void spool_console_close(struct vmblok *vm, const struct close_options *options);
/* SPOOL CONSOLE START NOTERM: what the guest writes is not to go to the terminal. */
bool spool_console_is_quiet(struct vmblok *vm);
/* "TERM STOP" and the like: how the console is spooled, for QUERY. */
const char *spool_console_state(struct vmblok *vm);
/* LOGOFF: closes the console spool file and ends spooling.  May sleep. */
void spool_console_end(struct vmblok *vm);
/* Closes the open file.  May sleep. */
void vspool_close(struct vspool *v, const struct close_options *options);
/* Writes one record to the open file, opening one if need be: SPOOL_OK or what is wrong. */
enum spool_result vspool_put(struct vspool *v, const struct spool_record *record);
/* The first virtual printer, for lines of CP's; NULL: there is none. */
struct vspool *vprinter_of(struct vmblok *vm);
/* Unit status of a command whose record could not be stored. */
unsigned vspool_failed(struct vspool *v, enum spool_result result);

extern const struct vdev_ops vreader_ops, vpunch_ops, vprinter_ops;
void vspool_detach(struct vdev *vdev);

/* --- cp/spool/vreader.c --- */

/* Makes `f` the file that the reader reads, or NULL: the next in the queue. */
enum spool_result vreader_open(struct vspool *v, struct spool_file *f);
void vreader_close(struct vspool *v, const struct close_options *options);
/* At the end of the file at hand: true if it begins again, as DIAGNOSE 14 wants. */
bool vreader_again(struct vspool *v);

#endif

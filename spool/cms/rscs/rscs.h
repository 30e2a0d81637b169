/* RSCS, the program in the virtual machine of that name.  The files:
 *   ../rscs.c    start, and what happens: lines, console, special messages, files that arrive
 *   commands.c   commands of operators and users; files.c those about files
 *   query.c      QUERY's answers
 *   messages.c   messages and commands from node to node, and to users here
 *   queue.c      the files in RSCS's reader: whose turn it is, delivery, what was received already
 *   reading.c, writing.c  records of spool files out and in
 *   line.c       what all kinds of lines have in common; bsc.c, ctca.c, printer.c: the kinds
 *   account.c    accounting records
 * What a link is, and the protocol, are in spool/rscs and spool/nje. */
#ifndef SPOOL_CMS_RSCS_H
#define SPOOL_CMS_RSCS_H

#include "cms/kit/cms.h"
#include "s370/arch/ccw.h"
#include "spool/checkpoint.h"
#include "spool/rscs/config.h"
#include "spool/rscs/link.h"

enum line_state {
    LINE_STOPPED,
    LINE_ENABLING, /* the partner, or the printer, is not there yet */
    LINE_READING,  /* nothing is to be sent: what comes is waited for */
    LINE_WRITING,
    LINE_TAKING,  /* an adapter: what the partner has announced is read */
    LINE_HALTING, /* a READ, since there is something to write */
    LINE_WORKING, /* what has come is being looked at; then it goes on */
    LINE_DROPPING,
};

struct circuit;

/* What the kinds of links do differently. */
struct line_kind {
    void (*start)(struct circuit *c);              /* it was stopped, and has its device */
    void (*stop)(struct circuit *c, bool at_once); /* else when what is on its way has gone */
    void (*event)(struct circuit *c, const struct cms_event *e);
    void (*work)(struct circuit *c); /* there may be something to send */
    /* Seconds after which tick() is wanted; 0: not at all. */
    uint32_t (*patience)(const struct circuit *c);
    void (*tick)(struct circuit *c, uint32_t seconds); /* so many have passed */
};
extern const struct line_kind line_bsc, line_ctca, line_printer;

/* A file that goes out: its blocks. */
struct reading {
    uint16_t device; /* virtual reader; 0: none yet */
    uint16_t id;     /* of the file that is open, or 0 */
    uint8_t *page;
    uint32_t blocks_left, offset;
    bool loaded;
    bool purge; /* FLUSH: if it is not sent, it goes */
};

/* A file that comes in. */
struct writing {
    uint16_t punch, printer; /* virtual devices; 0: none yet */
    uint16_t open;           /* the one that has it, or 0 */
    bool written;            /* to: CP makes no file of nothing */
    struct rscs_file file;
};

struct rscs;
struct printing; /* printer.c */

/* What belongs to a link of the configuration. */
struct circuit {
    struct rscs *rscs;
    unsigned number;
    struct rscs_link link;
    enum line_state state;
    bool wanted; /* started: the partner is waited for, again and again */
    bool look;   /* a file may be there for it */
    bool holds;  /* no file goes out until FREE */
    bool traced; /* its blocks are shown on the console */
    struct ccw ccws[3] __attribute__((aligned(8)));
    uint8_t *block;    /* NJE_BLOCK_MAX: what is written or read */
    uint8_t *outgoing; /* CTCA: what is to be written, if something comes before */
    size_t outgoing_length;
    unsigned outgoing_session; /* in which it was made */
    uint8_t sensed, takes;     /* CTCA: the partner's command */
    const char *told;          /* why the session before this one has failed; the operator knows */
    uint32_t waited;           /* seconds, for what the kind of link waits for */
    struct printing *printing;
    struct reading reading[NJE_STREAMS];
    struct writing writing[RSCS_INCOMING];
    uint32_t files_sent, files_received;
};

/* Who gave a command, and gets its answer. */
struct origin {
    char node[9], user[9]; /* user "": RSCS's console */
    bool authorized;
};

#define RECEIVED_MOST 512 /* keys of received files that are remembered */

struct rscs {
    struct rscs_config config;
    struct circuit *circuits[RSCS_LINKS]; /* NULL: not made yet */
    char me[9];
    char received[RECEIVED_MOST][RSCS_KEY];
    uint32_t received_next, received_count, received_number;
    bool ending;
    uint32_t now;                                          /* seconds, when it was last looked */
    uint8_t message[40 + 256] __attribute__((aligned(8))); /* VMCF's buffer */
};

/* --- ../rscs.c --- */
/* A CP command; its answer is thrown away. CP's return code. */
int rscs_cp(const char *format, ...) FMT_CHECK(1, 2);
/* The same, its answer for the caller (with a zero behind it). */
int rscs_ask(char *answer, size_t size, const char *format, ...) FMT_CHECK(3, 4);
void rscs_operator(const char *format, ...) FMT_CHECK(1, 2); /* a line on RSCS's console */
void rscs_tell(const char *format, ...) FMT_CHECK(1, 2);     /* ... and to the operator */
struct circuit *rscs_circuit(struct rscs *r, unsigned link); /* makes it; NULL: no storage */
void rscs_look(struct rscs *r);                              /* files may be there for all links */

/* --- line.c --- */
const struct rscs_link_config *line_config(const struct circuit *c);
void line_start(struct circuit *c);
void line_stop(struct circuit *c, bool at_once);
void line_event(struct circuit *c, const struct cms_event *e);
void line_work(struct circuit *c);
uint32_t line_patience(const struct circuit *c);
void line_tick(struct circuit *c, uint32_t seconds);
/* For the kinds: has the real device, if there is one of this address that nobody else has. */
bool line_attach(const struct circuit *c);
/* Starts the channel program; false: there is no such device, it is stopped. */
bool line_start_io(struct circuit *c, const struct ccw *ccws, enum line_state state);
void line_halt(struct circuit *c, enum line_state state);
void line_lost(struct circuit *c); /* tells, and has the files back */
void line_ended(struct circuit *c);
/* TRACE: the beginning of a block, as it is on the line. */
void line_trace(const struct circuit *c, const char *way, const uint8_t *block, size_t length);

/* --- printer.c --- */
/* Goes on some pages later, or earlier; `all`: at the beginning.  False: nothing is printed now. */
bool printer_space(struct circuit *c, int pages, bool all);
/* The file at hand is kept, and printed from its beginning another time. */
void printer_give_back(struct circuit *c);
/* Stops printing a file, which is held, or purged.  False: that one is not being printed. */
bool printer_flush(struct circuit *c, uint16_t id, bool purge);

/* --- account.c --- */
enum account_kind { ACCOUNT_SENT = 'S', ACCOUNT_RECEIVED = 'R', ACCOUNT_PRINTED = 'P' };
void account_file(const struct circuit *c, const struct rscs_file *f, enum account_kind kind);

/* --- queue.c --- */
/* The next file in RSCS's reader behind *e (its id zero: the first).  False: there are no more. */
bool queue_next(struct spool_entry *e);
/* What the file is to the network; false: its TAG does not say where it goes. */
bool queue_file(const struct rscs *r, const struct spool_entry *e, struct rscs_file *f);
bool queue_is_active(const struct rscs *r, uint16_t id);
/* Where it goes: a link's number, RSCS_HERE, RSCS_NOWHERE. */
int queue_way(const struct rscs *r, const struct rscs_file *f);
/* The file of this number, if it is in the reader. */
bool queue_find(const struct rscs *r, uint16_t id, struct rscs_file *f, struct spool_entry *e);
/* The file that goes over the link next. */
bool queue_select(struct circuit *c, struct rscs_file *f);
/* Gives files to users here, and back those that go nowhere; tells the links that files are there.
 */
void queue_arrived(struct rscs *r);
bool queue_was_received(const struct rscs *r, const char *key);
/* True if it is on disk. */
bool queue_note_received(struct rscs *r, const char *key);
void queue_load_received(struct rscs *r);
/* Is the file with this key in the reader? */
bool queue_has(const struct rscs *r, const char *key);

/* To whoever has sent the file: what has become of it. */
void queue_tell_origin(struct rscs *r, const struct rscs_file *f, const char *what);

/* --- reading.c --- */
bool reading_open(struct circuit *c, unsigned stream, uint16_t id);
int reading_next(struct circuit *c, unsigned stream, struct rscs_record *record);
/* sent: it is not kept any more. */
void reading_close(struct circuit *c, unsigned stream, bool sent);

/* --- writing.c --- */
bool writing_open(struct circuit *c, unsigned stream, const struct rscs_file *f);
bool writing_put(struct circuit *c, unsigned stream, const struct rscs_record *record);
bool writing_close(struct circuit *c, unsigned stream);
void writing_purge(struct circuit *c, unsigned stream);

/* --- messages.c --- */
/* A line for a user somewhere. */
void message_send(struct rscs *r, const char *node, const char *user, const char *from,
                  const char *text);
/* What has come over a link, or was made here. */
void message_route(struct rscs *r, const struct nje_nmr *n);
/* An answer to a command. */
void message_answer(struct rscs *r, const struct origin *o, const char *format, ...)
    FMT_CHECK(3, 4);

/* --- commands.c, files.c, query.c --- */
typedef void command_function(struct rscs *r, const struct origin *o, const char *operands);

void command_run(struct rscs *r, const struct origin *o, const char *line);
/* The link that is named; NULL after a message. */
struct circuit *command_link(struct rscs *r, const struct origin *o, const char **operands);
/* A node's or user's name, in capitals; "" if there is none.  `to` has room for 9 bytes. */
void command_name(const char **operands, char *to);
bool command_may(const struct origin *o, const struct rscs_file *f); /* touch it */
command_function command_query, command_change, command_flush, command_free, command_hold,
    command_order, command_purge, command_transfer;

extern const struct rscs_link_calls circuit_calls;

#endif

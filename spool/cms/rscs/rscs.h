/* RSCS, the program in the virtual machine of that name.  The files:
 *   ../rscs.c    start, and what happens: lines, console, special messages, files that arrive
 *   commands.c   commands of operators and users
 *   query.c      QUERY's answers
 *   messages.c   messages and commands from node to node, and to users here
 *   queue.c      the files in RSCS's reader: whose turn it is, delivery, what was received already
 *   reading.c, writing.c  records of spool files out and in
 *   line.c       the lines: channel programs, and when they are dropped
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
    LINE_ENABLING, /* the partner is not there yet */
    LINE_READING,
    LINE_WRITING,
    LINE_HALTING, /* a READ, since there is something to write */
    LINE_WORKING, /* what has come is being looked at; then it goes on */
    LINE_DROPPING,
};

/* A file that goes out: its blocks. */
struct reading {
    uint16_t device; /* virtual reader; 0: none yet */
    uint16_t id;     /* of the file that is open, or 0 */
    uint8_t *page;
    uint32_t blocks_left, offset;
    bool loaded;
};

/* A file that comes in. */
struct writing {
    uint16_t punch, printer; /* virtual devices; 0: none yet */
    uint16_t open;           /* the one that has it, or 0 */
    struct rscs_file file;
};

struct rscs;

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
    struct ccw ccws[2] __attribute__((aligned(8)));
    uint8_t *block; /* NJE_BLOCK_MAX: what is written or read */
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
    uint32_t received_next, received_count;
    bool ending;
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
void line_start(struct circuit *c);
void line_stop(struct circuit *c, bool at_once); /* else when what is on its way has gone */
void line_event(struct circuit *c, const struct cms_event *e);
/* There may be something to send. */
void line_work(struct circuit *c);

/* --- queue.c --- */
/* The next file in RSCS's reader behind *e (its id zero: the first).  False: there are no more. */
bool queue_next(struct spool_entry *e);
/* What the file is to the network; false: its TAG does not say where it goes. */
bool queue_file(const struct rscs *r, const struct spool_entry *e, struct rscs_file *f);
bool queue_is_active(const struct rscs *r, uint16_t id);
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

/* --- reading.c --- */
bool reading_open(struct circuit *c, unsigned stream, uint16_t id);
int reading_next(struct circuit *c, unsigned stream, struct rscs_record *record);
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

/* --- commands.c, query.c --- */
void command_run(struct rscs *r, const struct origin *o, const char *line);
void command_query(struct rscs *r, const struct origin *o, const char *operands);

extern const struct rscs_link_calls circuit_calls;

#endif

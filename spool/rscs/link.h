/* A link: NJE's session with the partner at the other end of a line, and the streams of files that
 * go both ways.  It is told when the line is there and what has come, and is asked for the next
 * block to send whenever the line can take one; files, messages and people are its user's, by
 * calls.
 *
 * A file is the partner's when the partner says that its stream is complete: it has it safe then.
 * Until then it is unsent, whatever happens. */
#ifndef SPOOL_RSCS_LINK_H
#define SPOOL_RSCS_LINK_H

#include "lib/fmt.h"
#include "spool/nje/block.h"
#include "spool/nje/signon.h"
#include "spool/rscs/file.h"

#define RSCS_BUFFER   4096u /* that a partner is offered */
#define RSCS_CONTROLS 32u
#define RSCS_INCOMING (2 * NJE_STREAMS) /* streams that come in: SYSOUT's, then SYSIN's */
#define RSCS_MESSAGES 100u

enum rscs_take {
    RSCS_TAKE,
    RSCS_SKIP,   /* it is here already: its records are read and forgotten */
    RSCS_REFUSE, /* it cannot be taken now */
};

struct rscs_link_calls {
    /* The next file that is to go over a stream of this link (0 to 6); it is the stream's until
     * sent() or unsent(). False: there is none. */
    bool (*next_file)(void *context, unsigned stream, struct rscs_file *f);
    /* Its next record: 1; 0: there are no more; -1: it cannot be read. */
    int (*read)(void *context, unsigned stream, struct rscs_record *r);
    void (*sent)(void *context, unsigned stream);
    /* why: NULL if the line was lost; else the file is not to be sent again by itself. */
    void (*unsent)(void *context, unsigned stream, const char *why);
    /* Files that come in have streams 0 to RSCS_INCOMING - 1. */
    enum rscs_take (*begin)(void *context, unsigned stream, const struct rscs_file *f);
    bool (*write)(void *context, unsigned stream, const struct rscs_record *r);
    /* It has come to its end: true if it is kept, whatever may happen from now on. */
    bool (*end)(void *context, unsigned stream);
    void (*abandon)(void *context, unsigned stream);
    void (*message)(void *context, const struct nje_nmr *n);
    /* The partner has signed on: what waits for it can go. */
    void (*signed_on)(void *context);
    void (*say)(void *context, const char *text); /* to the operator */
};

enum rscs_state {
    RSCS_DOWN,    /* there is no line */
    RSCS_OPENING, /* there is, and the partner has been asked */
    RSCS_SIGNED_ON,
};

enum rscs_sending {
    RSCS_IDLE,
    RSCS_REQUESTED, /* waits for the permission */
    RSCS_JOB_HEADER,
    RSCS_DATA_SET,
    RSCS_DATA,
    RSCS_TRAILER,
    RSCS_END,
    RSCS_WAITING, /* for the partner to have it safe */
    RSCS_ABORTING,
};

struct rscs_sender {
    enum rscs_sending state;
    struct rscs_file file;
    uint8_t header[NJE_DATA_SET]; /* that is being sent */
    uint16_t header_length;
    uint8_t segment;
    bool have_record; /* that did not fit into the last block */
    struct rscs_record record;
    uint16_t offset;  /* its bytes that have gone, if it goes in segments */
    uint32_t records; /* sent */
    const char *why;  /* it is being aborted */
};

struct rscs_receiver {
    bool permitted, has_job, file_open;
    bool ignoring; /* the file's rest: it was here already, or cannot be taken */
    bool refused;  /* its end is no completion */
    bool spanned;  /* a record is in `line` of which more segments must come */
    struct rscs_file file;
    struct rscs_record line; /* that is not written yet */
    uint32_t records;
    struct nje_job job;
    struct nje_joiner joiner;
};

struct rscs_link {
    const struct rscs_link_calls *calls;
    void *context;
    char local[9], node[9]; /* this system's and the partner's name */
    char password[9];       /* of the line, both ways; "" none */
    uint8_t streams;        /* 1 to NJE_STREAMS, for sending */
    uint32_t timeout;       /* seconds for which a partner that must speak may be silent; 0: any */
    bool draining;          /* no further file is begun */

    enum rscs_state state;
    bool broken;     /* the session cannot go on: the line is to be dropped */
    const char *why; /* it is, for people; NULL: the line was lost */
    bool enquiry, ack, signon, response, signoff; /* are still to be sent */
    bool asked;                                   /* the enquiry was answered */
    bool unanswered;                              /* nothing has come since something was sent */
    uint32_t silent;                              /* seconds for which what must come has not */
    uint16_t fcs;                                 /* the partner's: which streams may send */
    unsigned session;                             /* counts them */
    uint8_t next_out, next_in;
    uint16_t buffer; /* the partner's */
    struct {
        uint8_t rcb, srcb;
    } controls[RSCS_CONTROLS];
    unsigned control_count;
    struct {
        uint8_t length;
        uint8_t bytes[NJE_NMR_MAX];
    } messages[RSCS_MESSAGES];
    unsigned first_message, message_count;
    unsigned turn; /* the stream that has the next block */
    struct rscs_sender senders[NJE_STREAMS];
    struct rscs_receiver receivers[RSCS_INCOMING];
};

/* The line is there. */
void rscs_link_up(struct rscs_link *l);
/* It is lost: files on their way are unsent and abandoned. */
void rscs_link_down(struct rscs_link *l);
/* What has come in. False: the session is broken, the line is to be dropped. */
bool rscs_link_receive(struct rscs_link *l, const void *block, size_t length);
/* The next block to send; block has room for NJE_BLOCK_MAX bytes. 0: there is none now. */
size_t rscs_link_send(struct rscs_link *l, uint8_t *block);
/* Puts a message or command in front of the files.  False: the partner is not there, or too many
 * wait. */
bool rscs_link_message(struct rscs_link *l, const struct nje_nmr *n);
/* Ends the session when what is queued has gone. */
void rscs_link_sign_off(struct rscs_link *l);
/* Time goes by.  False: the partner has been silent too long, and the session is broken. */
bool rscs_link_tick(struct rscs_link *l, uint32_t seconds);
/* Something must come from the partner: rscs_link_tick wants to know of the time. */
bool rscs_link_is_waiting(const struct rscs_link *l);
/* Stops sending the file of a stream; `why` must stay; NULL: it is sent again. */
void rscs_link_flush(struct rscs_link *l, unsigned stream, const char *why);
bool rscs_link_is_idle(const struct rscs_link *l); /* no file is on its way */

/* --- between the files of the link --- */
void rscs_control(struct rscs_link *l, enum nje_rcb rcb, uint8_t srcb);
/* Puts what the stream has into a block, as much as it may and as there is room. */
void rscs_fill(struct rscs_link *l, unsigned stream, struct nje_writer *w);
void rscs_request_files(struct rscs_link *l);
void rscs_permitted(struct rscs_link *l, unsigned stream);
void rscs_cancelled(struct rscs_link *l, unsigned stream);
void rscs_completed(struct rscs_link *l, unsigned stream);
void rscs_senders_lost(struct rscs_link *l);
void rscs_requested(struct rscs_link *l, unsigned stream);
void rscs_take_record(struct rscs_link *l, unsigned stream, const struct nje_record *r);
void rscs_receivers_lost(struct rscs_link *l);
void rscs_say(struct rscs_link *l, const char *format, ...) FMT_CHECK(2, 3);

#endif

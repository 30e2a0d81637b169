/* What goes with a file through the network: job header, data set header, job trailer, and the
 * nodal message record.  The structures here hold what RSCS uses of them, as text of the
 * compilation's character set and numbers; sections and fields that it does not know are skipped,
 * so headers of other systems are read.  Times are those of the TOD clock, GMT.  Source: GG22-9373,
 * "Network Job Headers" and "Nodal Message Record". */
#ifndef SPOOL_NJE_HEADER_H
#define SPOOL_NJE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NJE_HEADER_MAX 1024u /* longest header, its segments put together */
#define NJE_TAG        136

/* Sizes of those made here. */
#define NJE_JOB_HEADER  204u
#define NJE_DATA_SET    296u
#define NJE_JOB_TRAILER 48u

enum nje_job_flag {
    NJE_JOB_KEEP_PRIORITY = 0x80,
    NJE_JOB_ID_SET = 0x40,
    NJE_JOB_NO_FORWARDED = 0x08, /* no messages about its way */
    NJE_JOB_NO_ACCEPTED = 0x04,
};

struct nje_job {
    uint16_t id;
    char class, message_class;
    uint8_t flags, priority; /* priority: 0 lowest to 15 */
    uint8_t qualifier, copies, lines_per_page;
    char account[9], name[9], user[9], password[9], new_password[9];
    uint64_t entered; /* when the job came into the network */
    char origin_node[9], origin_user[9];
    char execution_node[9], execution_user[9];
    char print_node[9], print_user[9], punch_node[9], punch_user[9];
    char form[9];
    uint32_t cards, seconds, lines, cards_out; /* estimates */
    char programmer[21], room[9], department[9], building[9];
    uint32_t records;
};

enum nje_data_set_flag {
    NJE_DATA_SET_SPIN = 0x80, /* it goes out before the job has ended */
    NJE_DATA_SET_HOLD = 0x40,
    NJE_DATA_SET_LOG = 0x20,
    NJE_DATA_SET_OVERFLOW = 0x10,
    NJE_DATA_SET_PUNCH = 0x08,
};
enum nje_output { NJE_OUTPUT_PRINT = 0x80, NJE_OUTPUT_PUNCH = 0x40 };
enum nje_device { NJE_DEVICE_PUNCH = 0x82, NJE_DEVICE_PRINTER = 0x41 };

struct nje_data_set {
    char node[9], user[9]; /* where it goes */
    char procedure[9], step[9], dd[9];
    uint16_t number;
    char class;
    uint32_t records;
    uint8_t flags, recfm;
    uint16_t lrecl;
    uint8_t copies, fcb_index, lines_per_page;
    char form[9], fcb[9], ucs[9], writer[9];
    uint8_t output; /* enum nje_output */
    uint8_t ucs_options;
    char mode[9];
    /* RSCS's section. */
    bool has_rscs;
    uint8_t rscs_flags;
    char rscs_class;
    uint8_t device; /* enum nje_device */
    uint8_t page_length;
    char distribution[9], file_name[13], file_type[13];
    uint16_t priority; /* lower goes first */
    uint8_t version, release;
    char tag[NJE_TAG + 1];
};

struct nje_trailer {
    uint8_t flags;
    char class;
    uint64_t started, stopped;
    uint32_t cpu, lines, cards, excp;
    /* For its selection as asked for and as given, for its output likewise. */
    uint8_t priority, last_priority, output_priority, last_output_priority;
};

/* Each writes its header into `to`, which has room for it (sizes above), and returns its length. */
size_t nje_job_put(uint8_t *to, const struct nje_job *job);
size_t nje_data_set_put(uint8_t *to, const struct nje_data_set *d);
size_t nje_trailer_put(uint8_t *to, const struct nje_trailer *t);
/* False: its sections do not fit together, or there is no general one. */
bool nje_job_get(struct nje_job *job, const uint8_t *from, size_t length);
bool nje_data_set_get(struct nje_data_set *d, const uint8_t *from, size_t length);
bool nje_trailer_get(struct nje_trailer *t, const uint8_t *from, size_t length);

/* --- segments: a header travels as records of at most 256 bytes --- */

/* Segment `number` (from 0) of a header; its length, 0: there is none.  `to` needs 256 bytes. */
size_t nje_segment_put(uint8_t *to, const uint8_t *header, size_t length, unsigned number);

/* A header that comes in.  All zero at first. */
struct nje_joiner {
    uint8_t header[NJE_HEADER_MAX];
    uint16_t length;
    uint8_t next;  /* number of the segment that must come */
    bool complete; /* its last one has come: header and length can be used */
};

/* False: not the next segment, or too long. */
bool nje_segment_get(struct nje_joiner *j, const uint8_t *record, size_t length);

/* --- messages and commands --- */

#define NJE_NMR_HEAD 30u
#define NJE_NMR_TEXT 132u
#define NJE_NMR_MAX  (NJE_NMR_HEAD + NJE_NMR_TEXT + 16u)

enum nje_nmr_flag { NJE_NMR_COMMAND = 0x80, NJE_NMR_USER = 0x20 };
enum nje_nmr_type {
    NJE_NMR_SENDER = 0x08,   /* the sender's userid is in the text */
    NJE_NMR_NO_TIME = 0x04,  /* no time stamp is */
    NJE_NMR_DELIVERED = 0xc, /* both: what RSCS sends */
};
#define NJE_NMR_LEVEL 0x77

struct nje_nmr {
    uint8_t flags, level, type;
    char to_node[9];
    uint8_t to_qualifier;
    char user[9]; /* a message's addressee, a command's sender */
    char from_node[9];
    uint8_t from_qualifier;
    char sender[9]; /* from the text: who sent a message; "" nobody */
    char text[NJE_NMR_TEXT + 1];
};

/* `to` needs NJE_NMR_MAX bytes; text beyond NJE_NMR_TEXT is cut. */
size_t nje_nmr_put(uint8_t *to, const struct nje_nmr *n);
bool nje_nmr_get(struct nje_nmr *n, const uint8_t *from, size_t length);

#endif

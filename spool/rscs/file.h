/* A file on its way through the network, as RSCS sees it: where it came from, where it goes, and
 * what tells it from every other file (origin node, number there, time of its making).
 *
 * In RSCS's own reader a file waits with a TAG.  A user's is "node user [priority]".  That of a
 * file which came over a link says the rest, too: "node user priority < node user number time".
 * When it has come to its end it is turned round, so that the user sees the sender in front: "node
 * user priority > node user number time". */
#ifndef SPOOL_RSCS_FILE_H
#define SPOOL_RSCS_FILE_H

#include "spool/nje/header.h"

#include <stdbool.h>
#include <stdint.h>

#define RSCS_PRIORITY      50 /* if the TAG says none; 0 goes first, 99 last */
#define RSCS_PRIORITY_MOST 99
#define RSCS_KEY           36 /* bytes of what tells files apart, as text, with a zero */

struct rscs_file {
    uint16_t id;  /* spool id here */
    bool transit; /* it came over a link */
    bool arrived; /* its TAG has been turned round */
    bool print;   /* a printer made it, not a punch */
    char class;
    uint8_t copies;
    uint16_t priority;
    uint32_t records;
    char name[13], type[13], distribution[9];
    char to_node[9], to_user[9];
    char from_node[9], from_user[9];
    uint16_t number;  /* at its origin */
    uint64_t entered; /* TOD clock */
};

/* "NODE 0012 D6A1B2C3D4E5F607": to needs RSCS_KEY bytes. */
void rscs_file_key(char *to, const struct rscs_file *f);

/* Takes a TAG: destination and priority; if `transit`, the origin as well, whichever way round.
 * False: it says no node. */
bool rscs_tag_get(struct rscs_file *f, const char *tag, bool transit);
/* The TAG of a file that came over a link, or has arrived; to needs NJE_TAG + 1 bytes. */
void rscs_tag_put(char *to, const struct rscs_file *f);

/* The headers with which it travels, and back.  False: no destination is in them. */
void rscs_headers_put(const struct rscs_file *f, struct nje_job *job, struct nje_data_set *d);
/* A job: a deck for the user JOB, which goes over a SYSIN stream and has no data set header. */
#define RSCS_JOB "JOB"
bool rscs_is_job(const struct rscs_file *f);
bool rscs_job_get(struct rscs_file *f, const struct nje_job *job);
bool rscs_headers_get(struct rscs_file *f, const struct nje_job *job, const struct nje_data_set *d);

/* A record of a spool file: what one channel command moved. */
#define RSCS_RECORD 256
struct rscs_record {
    uint8_t command;
    uint16_t length;
    uint8_t data[RSCS_RECORD];
};

#endif

/* TN3270 (RFC 1576, RFC 1646) and TN3270E (RFC 2355), the client's side, and telnet's plain lines
 * (RFC 854) for hosts that offer neither.  It works on a libtelnet tracker and knows neither
 * sockets nor screens; consoles/tn3270.h is the other side. */
#ifndef CONSOLES_TERM_TN_CLIENT_H
#define CONSOLES_TERM_TN_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libtelnet.h> /* needs stddef.h before it */

#define TN_NAME        64     /* device type or LU name */
#define TN_RECORD_MOST 65536u /* longest record, bytes; who sends more is dropped */

enum tn_mode {
    TN_LINE,     /* lines of text */
    TN_PLAIN,    /* TN3270: records */
    TN_ENHANCED, /* TN3270E: records with a header */
};

struct tn_owner {
    void (*send)(void *context, const char *bytes, size_t n);
    /* A record of the data stream, command first.  False: it can't be done. */
    bool (*record)(void *context, const uint8_t *record, size_t length);
    void (*text)(void *context, const char *bytes, size_t n);
    /* TN3270E: EBCDIC text of the host itself, which SYSREQ has turned to (SSCP-LU data).  The next
     * record is the program's again. */
    void (*host_text)(void *context, const uint8_t *text, size_t n);
    void (*mode_changed)(void *context);
    /* Nothing more can come of this connection, for this reason (a text for people). */
    void (*failed)(void *context, const char *reason);
};

struct tn_client {
    telnet_t *telnet;
    const struct tn_owner *owner;
    void *context;
    enum tn_mode mode;
    bool lines_only;         /* do not be a 3270 */
    bool host_echoes;        /* so what is typed now is not shown here: a password */
    bool tells_type;         /* TTYPE was asked for and told */
    unsigned options;        /* agreed of those that TN3270 is made of */
    unsigned functions;      /* of TN3270E, agreed */
    bool bound;              /* a session with a program, as far as the host says */
    unsigned tries;          /* of the host to bargain */
    uint16_t sequence;       /* of what we send */
    char type[TN_NAME];      /* IBM-3278-2-E ... */
    char wanted[TN_NAME];    /* LU or group that is asked for; "": any */
    char connected[TN_NAME]; /* LU that the host tells */
    uint8_t *bytes;          /* of the record being received */
    size_t length;
    bool receiving; /* ... and what that causes is sent at its end */
    char *out;      /* collected, to be sent in one piece */
    size_t out_length, out_size;
};

/* `type` as in RFC 1340 ("IBM-3278-2-E", "IBM-DYNAMIC"); NULL: lines only.  False: no storage. */
bool tn_client_open(struct tn_client *tn, const char *type, const char *lu,
                    const struct tn_owner *owner, void *context);
void tn_client_close(struct tn_client *tn);
void tn_client_receive(struct tn_client *tn, const char *bytes, size_t n);

/* A key's or an answer's record, in the modes that have records. */
void tn_client_record(struct tn_client *tn, const uint8_t *record, size_t length);
/* An answer to the host itself, EBCDIC. */
void tn_client_host_text(struct tn_client *tn, const uint8_t *text, size_t length);
/* A line that was typed, without its end. */
void tn_client_line(struct tn_client *tn, const char *text, size_t length);
/* The attention key, and SYSREQ: false if the host takes it as a record only. */
void tn_client_attention(struct tn_client *tn);
bool tn_client_sysreq(struct tn_client *tn);

#endif

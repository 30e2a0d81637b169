/* TN3270 (RFC 1576) and TN3270E (RFC 2355), the server's side of the protocol: finds out what
 * a client is, negotiates, and turns what passes into records of the 3270 data stream.  It
 * works on a libtelnet tracker and knows neither sockets nor devices. */
#ifndef CONSOLES_TN3270_H
#define CONSOLES_TN3270_H

#include "s370/devices/display.h"

#include <libtelnet.h>

#define TN3270_NAME 64 /* device type or LU name */
/* So many records that must be answered may be unanswered. */
#define TN3270_ASKED_MOST 2

struct tn3270_owner {
    /* The client is no 3270, or there is none for it: from now on it is plain telnet. */
    void (*is_line)(void *context);
    /* Reserves a display for a terminal that asked for `name` ("": any), and tells what it
     * is called.  On DISPLAY_FOUND `ready` or the connection's end follows. */
    enum display_found (*reserve)(void *context, const struct display_terminal *terminal,
                                  const char *name, char called[TN3270_NAME]);
    /* The negotiation is over: records may pass. */
    void (*ready)(void *context);
    void (*record)(void *context, const uint8_t *record, size_t length);
    /* The client could not do what a record said; a sense byte says why. */
    void (*error)(void *context, uint8_t sense);
    /* After tn3270_send has returned false: the client has caught up. */
    void (*caught_up)(void *context);
    /* The user wants to leave: close the connection when all is sent. */
    void (*leave)(void *context);
    /* The client can't be served, for this reason (a text for it, or NULL): drop it. */
    void (*refuse)(void *context, const char *reason);
};

enum tn3270_state {
    TN_ASKED,       /* DO TN3270E and DO TTYPE */
    TN_ASKED_TYPE,  /* TTYPE SEND */
    TN_BASIC,       /* EOR and BINARY, both ways */
    TN_DEVICE_TYPE, /* TN3270E: SEND DEVICE-TYPE */
    TN_FUNCTIONS,   /* TN3270E: functions are bargained for */
    TN_READY,       /* records pass */
    TN_NOT,         /* is_line or refuse was called */
};

struct tn3270 {
    telnet_t *telnet;
    const struct tn3270_owner *owner;
    void *context;
    enum tn3270_state state;
    bool extended;     /* TN3270E: records have a header */
    bool has_answered; /* the client negotiates, so it will say what it is */
    bool tells_type;   /* WILL TTYPE */
    unsigned options;  /* of TN_BASIC that are agreed */
    unsigned tries;    /* of the client to bargain */
    unsigned functions;
    uint16_t sequence;
    unsigned records;                  /* sent */
    uint16_t asked[TN3270_ASKED_MOST]; /* the sequence numbers of those that must be answered */
    unsigned unanswered;               /* how many of these wait */
    bool suspended; /* SYSREQ: the user talks to us, the program's records wait */
    bool waits;     /* tn3270_send has returned false */
    struct tn3270_held *held, **held_end;
    size_t held_size;
    struct display_terminal terminal;
    char called[TN3270_NAME];
    uint8_t *record; /* being received; NULL until needed */
    size_t length;
};

/* What libtelnet must know to let a client be a 3270. */
extern const telnet_telopt_t tn3270_options[];

/* Begins to negotiate. */
void tn3270_start(struct tn3270 *tn, telnet_t *telnet, const struct tn3270_owner *owner,
                  void *context);
void tn3270_free(struct tn3270 *tn);
/* Takes libtelnet's events of received things while the state isn't TN_NOT.  False: the event
 * is data of a client that is now known to be plain; it is the caller's. */
bool tn3270_event(struct tn3270 *tn, const telnet_event_t *event);
/* The client has said nothing for too long: it is plain, or it is dropped. */
void tn3270_timeout(struct tn3270 *tn);
/* Sends a record; only when ready.  False: it was taken, but the client is behind with its answers,
 * or its user has turned away; `caught_up` will be called. */
bool tn3270_send(struct tn3270 *tn, const uint8_t *record, size_t length);
/* Says good-bye in TN3270E's way. */
void tn3270_unbind(struct tn3270 *tn);

#endif

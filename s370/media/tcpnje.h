/* A link of NJE over TCP, as a line adapter needs it: while it is enabled it listens for its
 * partner and, if it is told where that is, calls it again and again; who gets through first has
 * the line. Then records go both ways.  What is not this protocol closes the connection, with a
 * message.  Links may share a port; each connection may be one of TLS. */
#ifndef S370_MEDIA_TCPNJE_H
#define S370_MEDIA_TCPNJE_H

#include "s370/media/tcpnje_frame.h"

struct tcpnje;
struct uv_loop_s;

struct tcpnje_options {
    char local[9], remote[9]; /* node names */
    const char *listen;       /* [HOST:]PORT, or NULL: nobody can call */
    const char *connect;      /* or NULL: it does not call */
    const char *host;         /* that is called, as its certificate names it */
    /* TLS (PEM files), or NULL: whom this side trusts when it calls, and what it shows when it is
     * called. */
    const char *authorities, *certificate, *key;
};

struct tcpnje_calls {
    void (*up)(void *context);      /* the partner is there */
    void (*down)(void *context);    /* it is not any more */
    void (*arrived)(void *context); /* a record is there */
    void (*drained)(void *context); /* what was sent is on its way: see tcpnje_may_send */
    void (*message)(void *context, const char *text);
};

/* NULL with `message` filled in if that is not possible. `calls` and the options' texts must
 * stay.  beside: a link that is called at the same port, or NULL. */
struct tcpnje *tcpnje_create(struct uv_loop_s *loop, const struct tcpnje_options *options,
                             const struct tcpnje *beside, const struct tcpnje_calls *calls,
                             void *context, char *message, size_t size);
void tcpnje_destroy(struct tcpnje *t); /* NULL is allowed; no call comes any more */

/* Begins or ends to look for the partner.  Ending closes the connection, without down().  When a
 * connection is lost, looking for it has ended, so that what comes over another one is not taken
 * for what belongs to this one; what has come can still be read. */
void tcpnje_enable(struct tcpnje *t, bool on);
bool tcpnje_is_up(const struct tcpnje *t);

/* Sends a record of at most TCPNJE_RECORD_MAX bytes.  False: the connection is gone. */
bool tcpnje_send(struct tcpnje *t, const void *record, size_t length);
/* False while the partner is too slow: drained() comes. */
bool tcpnje_may_send(const struct tcpnje *t);

/* The record that has waited longest, or NULL; it stays until it is dropped. */
const uint8_t *tcpnje_first(const struct tcpnje *t, size_t *length);
void tcpnje_drop_first(struct tcpnje *t);

#endif

/* What the files of the telnet server share: a connection, and who it belongs to: telnet.c
 * (sockets, and the negotiation's end), telnet_line.c (a 3215's line), telnet_display.c (a
 * 3270). */
#ifndef CONSOLES_CONNECTION_H
#define CONSOLES_CONNECTION_H

#include "s370/media/tls.h"
#include "consoles/tn3270.h"
#include "consoles/utf8.h"
#include "lib/list.h"
#include "s370/machine.h"

#include <libtelnet.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define LINE_SIZE 256 /* longest line of input */

struct telnet_server {
    struct machine *m;
    uv_tcp_t listener;
    uv_timer_t watch; /* looks at who negotiates; runs only while somebody does */
    uint16_t port;
    struct tls_identity *identity; /* NULL: connections are not encrypted */
    struct list connections;
    unsigned count, negotiating; /* connections; those that have no seat yet */
    unsigned handles;            /* of the server itself, open */
    bool closing;
};

enum connection_kind {
    CONNECTION_ENCRYPTS,   /* the TLS handshake goes on */
    CONNECTION_NEGOTIATES, /* what the client is will be known soon */
    CONNECTION_LINE,
    CONNECTION_DISPLAY,
};

struct connection {
    struct list link;
    struct telnet_server *server;
    uv_tcp_t tcp;
    uv_shutdown_t shutdown;
    struct tls *tls; /* or NULL */
    telnet_t *telnet;
    enum connection_kind kind;
    uint64_t deadline; /* of the negotiation, ms of the loop's time */
    char received[2048];
    char *held; /* output that is collected, or NULL */
    size_t held_length, held_size;

    /* A line. */
    struct line *line; /* NULL: the line let go of us, or there was none */
    bool echo_off;     /* a password is read, and the client has agreed not to echo */
    bool after_return; /* a line feed or zero after a carriage return is part of it */
    struct utf8_decoder decoder;
    char input[LINE_SIZE];
    size_t length;
    bool refused;  /* the device does not take `input` now; what follows is in `pending` */
    char *pending; /* what was received meanwhile; allocated when first needed */
    size_t pending_length;
    struct event resume; /* offers the refused line again */

    /* A display. */
    struct tn3270 tn;
    struct display *display; /* NULL: the display let go of us, or there was none */
    bool behind;             /* the device waits for us: the client doesn't take its bytes, */
    bool unanswered;         /* or doesn't answer records, or its user has turned away */
};

/* telnet.c */
/* What the client is has been found out, or another step on the way to it. */
void connection_become(struct connection *c, enum connection_kind kind);
bool connection_is_closing(const struct connection *c);
void connection_drop(struct connection *c);
/* Sends what waits, then closes. */
void connection_finish(struct connection *c);
void connection_send(struct connection *c, const char *bytes, size_t n);
/* Collects what is sent until it is released: one packet instead of many. */
void connection_hold(struct connection *c);
void connection_release(struct connection *c);
/* Bytes that the client has not taken yet. */
size_t connection_backlog(const struct connection *c);
void connection_read_on(struct connection *c);
void connection_read_stop(struct connection *c);

/* telnet_line.c */
void connection_text(struct connection *c, const char *text, size_t length);
/* Sits down at a free line, or says that there is none. */
void line_seat_take(struct connection *c);
void line_seat_event(struct connection *c, telnet_event_t *event);
/* Called after bytes were received: stops reading while too many wait. */
void line_seat_received(struct connection *c);
void line_seat_leave(struct connection *c);

/* telnet_display.c */
void display_seat_start(struct connection *c);
void display_seat_drained(struct connection *c);
void display_seat_leave(struct connection *c);

#endif

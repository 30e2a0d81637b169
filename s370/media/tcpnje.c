/* A link of NJE over TCP.
 *
 * A connection begins with OPEN from who has called and ACK or NAK from who was called.  If both
 * call at once, the call of the node whose name is lower is taken and the other one refused.
 *
 * Several links may be called at one port: which of them is meant the names in OPEN say.  With TLS
 * all of this is inside of its session. */
#include "s370/media/tcpnje.h"

#include "lib/be.h"
#include "lib/str.h"
#include "s370/media/endpoint.h"
#include "s370/media/tls.h"

#include <stdio.h>
#include <stdlib.h>

#define RETRY_MS     1000
#define HANDSHAKE_MS 10000 /* for OPEN or ACK to come */
#define KEEPALIVE_S  60    /* of silence, before TCP asks whether the partner is there */
#define RECORDS_MOST 16    /* that wait to be taken; then the partner has to wait */
#define SENDING_MOST (4u * TCPNJE_RECORD_MAX)
#define CALLS_MOST   16 /* at a port, that have not said yet whom they mean */
#define CIPHER_BLOCK 16384u

/* A record that waits. */
struct record {
    struct record *next;
    size_t length;
    uint8_t bytes[];
};

struct call {
    union endpoint_stream stream;
    uv_connect_t request;
    uv_timer_t timer;         /* for the handshake */
    struct tcpnje *owner;     /* NULL: it is closing, or at a port */
    struct tcpnje_port *port; /* has it until it says whom it means */
    struct call *next;        /* at the port */
    unsigned closing;         /* handles that are not closed yet */
    bool outgoing, opened;    /* opened: it has sent its OPEN */
    struct tls *tls;          /* or NULL */
    char cipher[CIPHER_BLOCK];
    size_t length; /* of what has been received */
    uint8_t bytes[TCPNJE_BLOCK_MAX + TCPNJE_CONTROL];
};

/* Where links are called. */
struct tcpnje_port {
    struct uv_loop_s *loop;
    struct endpoint here;
    union endpoint_stream listener;
    bool listening;
    struct tls_identity *identity; /* or NULL: no TLS */
    struct tcpnje *links;
    struct call *calls;
};

struct tcpnje {
    struct uv_loop_s *loop;
    struct tcpnje_options options;
    struct tcpnje_port *port; /* or NULL */
    struct tcpnje *next;      /* at the port */
    struct endpoint there;    /* if the options have it */
    struct tls_identity *trust;
    const struct tcpnje_calls *calls;
    void *context;
    uv_timer_t retry;
    bool enabled;
    bool lost;             /* the last connection was: the other side may not have seen it yet */
    struct call *outgoing; /* in its handshake */
    struct call *line;     /* the connection that is open */
    struct record *first, **last;
    unsigned waiting;
    bool stopped; /* reading was, until there is room */
};

/* --- ending calls --- */

static void call_closed(uv_handle_t *handle)
{
    struct call *c = handle->data;
    if (--c->closing)
        return;
    tls_close(c->tls);
    free(c);
}

static void try_again(uv_timer_t *timer);

static bool is_open(const struct call *c)
{
    return c->owner || c->port;
}

/* The port does not have it any more. */
static void leave_port(struct call *c)
{
    struct call **at = &c->port->calls;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    c->port = NULL;
}

/* Nobody knows of it any more. */
static void call_close(struct call *c)
{
    if (c->port)
        leave_port(c);
    c->owner = NULL;
    c->closing = 2;
    uv_close(&c->stream.handle, call_closed);
    uv_close((uv_handle_t *)&c->timer, call_closed);
}

static void call_later(struct tcpnje *t)
{
    if (t->enabled && t->options.connect && !t->line)
        uv_timer_start(&t->retry, try_again, RETRY_MS, 0);
}

/* The call is over, whatever it was. */
static void call_drop(struct call *c)
{
    struct tcpnje *t = c->owner;
    bool was_line = t && t->line == c;
    if (!is_open(c))
        return;
    call_close(c);
    if (!t)
        return;
    if (t->outgoing == c)
        t->outgoing = NULL;
    if (!was_line) {
        if (c->outgoing)
            call_later(t);
        return;
    }
    t->line = NULL;
    t->enabled = false;
    t->lost = true;
    t->calls->down(t->context);
}

static void complain(struct call *c, const char *what)
{
    struct tcpnje *t = c->owner ? c->owner : c->port->links;
    char text[320];
    if (c->owner)
        snprintf(text, sizeof text, "link to %s: %s", t->options.remote, what);
    else
        snprintf(text, sizeof text, "a call at %s: %s", t->options.listen, what);
    t->calls->message(t->context, text);
    call_drop(c);
}

static void handshake_over(uv_timer_t *timer)
{
    complain(timer->data, "the other side says nothing");
}

/* --- sending --- */

struct outgoing {
    uv_write_t request;
    bool last; /* the call is closed behind it */
    uint8_t bytes[];
};

static void written(uv_write_t *request, int status)
{
    struct outgoing *o = request->data;
    struct call *c = request->handle->data;
    bool last = o->last;
    free(o);
    if (last)
        call_close(c);
    if (!is_open(c))
        return;
    if (status != 0)
        call_drop(c);
    else if (c->owner && c->owner->line == c && tcpnje_may_send(c->owner))
        c->owner->calls->drained(c->owner->context);
}

static struct outgoing *outgoing_new(size_t length)
{
    struct outgoing *o = malloc(sizeof *o + length);
    if (o)
        o->last = false;
    return o;
}

static bool write_bytes(struct call *c, struct outgoing *o, size_t length)
{
    if (!o)
        return false;
    uv_buf_t buffer = uv_buf_init((char *)o->bytes, (unsigned)length);
    o->request.data = o;
    if (uv_write(&o->request, &c->stream.stream, &buffer, 1, written) == 0)
        return true;
    free(o);
    return false;
}

/* What TLS has for the other side; `last` closes the call behind it. */
static bool write_cipher(struct call *c, bool last)
{
    char *bytes = c->cipher;
    size_t n;
    bool good = true;
    while (good && (n = tls_output(c->tls, bytes, CIPHER_BLOCK)) > 0) {
        struct outgoing *o = outgoing_new(n);
        if (o)
            memcpy(o->bytes, bytes, n);
        if (o && n < CIPHER_BLOCK) /* there is no more */
            o->last = last;
        good = write_bytes(c, o, n);
    }
    return good;
}

/* Sends them; they are not needed any more. */
static bool send_bytes(struct call *c, struct outgoing *o, size_t length)
{
    if (!c->tls || !o)
        return write_bytes(c, o, length);
    bool last = o->last;
    tls_send(c->tls, (const char *)o->bytes, length);
    free(o);
    return write_cipher(c, last);
}

static uint32_t ipv4_of(const struct sockaddr_storage *address, int failed)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)address;
    return !failed && address->ss_family == AF_INET ? ntohl(in->sin_addr.s_addr) : 0;
}

static void send_control(struct call *c, enum tcpnje_type type, uint8_t reason, const char *sender,
                         const char *target)
{
    struct tcpnje_control control = {.type = type, .reason = reason};
    struct outgoing *o = outgoing_new(TCPNJE_CONTROL);
    struct sockaddr_storage address;
    int size = sizeof address;
    str_copy(control.sender, sender, sizeof control.sender);
    str_copy(control.target, target, sizeof control.target);
    if (c->stream.handle.type == UV_TCP) {
        int failed = uv_tcp_getsockname(&c->stream.tcp, (struct sockaddr *)&address, &size);
        control.sender_address = ipv4_of(&address, failed);
        size = sizeof address;
        failed = uv_tcp_getpeername(&c->stream.tcp, (struct sockaddr *)&address, &size);
        control.target_address = ipv4_of(&address, failed);
    }
    if (o) {
        o->last = type == TCPNJE_NAK;
        tcpnje_control_put(o->bytes, &control);
    }
    if (!send_bytes(c, o, TCPNJE_CONTROL))
        call_drop(c);
}

bool tcpnje_send(struct tcpnje *t, const void *record, size_t length)
{
    if (!t->line)
        return false;
    struct outgoing *o = outgoing_new(length + TCPNJE_BLOCK_HEADS);
    return o && send_bytes(t->line, o, tcpnje_block_put(o->bytes, record, length));
}

bool tcpnje_may_send(const struct tcpnje *t)
{
    return !t->line || t->line->stream.stream.write_queue_size < SENDING_MOST;
}

/* --- the handshake --- */

/* The line is this call's; the other one, if there is one, is over. */
static void become_line(struct tcpnje *t, struct call *c)
{
    struct call *other = c->outgoing ? NULL : t->outgoing;
    t->outgoing = NULL;
    t->line = c;
    uv_timer_stop(&c->timer);
    uv_timer_stop(&t->retry);
    if (other)
        call_close(other);
    t->calls->up(t->context);
}

/* Why the OPEN of the other side is refused; 0: it is not. */
static uint8_t refusal(const struct tcpnje *t)
{
    if (t->line)
        return TCPNJE_ACTIVE;
    bool both = t->outgoing && uv_is_active((const uv_handle_t *)&t->outgoing->timer);
    return both && strcmp(t->options.local, t->options.remote) < 0 ? TCPNJE_BOTH_OPEN : 0;
}

/* The call ends when the answer is written, and is nobody's until then. */
static void refuse(struct call *c, uint8_t reason, const struct tcpnje_control *open)
{
    uv_timer_stop(&c->timer);
    uv_read_stop(&c->stream.stream);
    send_control(c, TCPNJE_NAK, reason, open->target, open->sender);
    if (c->port)
        leave_port(c);
}

/* The link at the port that is meant, or NULL. */
static struct tcpnje *find_link(const struct tcpnje_port *port, const struct tcpnje_control *open)
{
    struct tcpnje *t = port->links;
    while (t && (strcmp(open->sender, t->options.remote) || strcmp(open->target, t->options.local)))
        t = t->next;
    return t;
}

/* Somebody has called. */
static void take_open(struct call *c, const struct tcpnje_control *open)
{
    struct tcpnje *t = find_link(c->port, open);
    if (open->type != TCPNJE_OPEN) {
        complain(c, "the other side has not opened a link");
    } else if (!t) {
        refuse(c, TCPNJE_NO_LINK, open);
    } else if (!t->enabled) {
        call_drop(c); /* it calls again */
    } else if (refusal(t)) {
        refuse(c, refusal(t), open);
    } else {
        leave_port(c);
        c->owner = t;
        send_control(c, TCPNJE_ACK, 0, t->options.local, t->options.remote);
        if (c->owner)
            become_line(t, c);
    }
}

static void take_control(struct call *c, const struct tcpnje_control *control)
{
    static const char *const reasons[] = {"without a reason", "it knows no such link",
                                          "the link is active there", "both sides opened at once"};
    if (!c->outgoing) {
        take_open(c, control);
    } else if (control->type == TCPNJE_ACK) {
        become_line(c->owner, c);
    } else if (control->type == TCPNJE_NAK && control->reason == TCPNJE_BOTH_OPEN) {
        call_drop(c); /* its own call will come, or this side tries again */
    } else {
        char text[80];
        snprintf(text, sizeof text, "the other side refuses: %s",
                 reasons[control->reason <= 3 ? control->reason : 0]);
        complain(c, text);
    }
}

/* --- receiving --- */

static bool keep_record(struct tcpnje *t, const uint8_t *bytes, size_t length)
{
    struct record *r = malloc(sizeof *r + length);
    if (!r)
        return false;
    r->next = NULL;
    r->length = length;
    memcpy(r->bytes, bytes, length);
    *t->last = r;
    t->last = &r->next;
    t->waiting++;
    return true;
}

/* A complete block of the line.  False: the call is over. */
static bool take_block(struct call *c, const uint8_t *block, size_t length)
{
    struct tcpnje *t = c->owner;
    const uint8_t *record;
    size_t at = 8, n;
    int more;
    while ((more = tcpnje_block_next(block, length, &at, &record, &n)) > 0)
        if (!keep_record(t, record, n))
            more = -1;
    if (more < 0) {
        complain(c, "a block came that cannot be");
        return false;
    }
    return true;
}

/* Takes what is complete at the beginning of the bytes; how many, 0 if nothing is, -1 if the call
 * is over. */
static int32_t take_some(struct call *c, const uint8_t *bytes, size_t length)
{
    struct tcpnje_control control;
    if (c->owner && c->owner->line == c) {
        int32_t n = tcpnje_block_length(bytes, length);
        if (n < 0) {
            complain(c, "a block came that cannot be");
            return -1;
        }
        if (!n || (size_t)n > length)
            return 0;
        return take_block(c, bytes, (size_t)n) ? n : -1;
    }
    if (length < TCPNJE_CONTROL)
        return 0;
    if (!tcpnje_control_get(&control, bytes)) {
        complain(c, "whoever is there does not speak NJE");
        return -1;
    }
    take_control(c, &control);
    return is_open(c) ? (int32_t)TCPNJE_CONTROL : -1;
}

static void allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct call *c = handle->data;
    if (c->tls)
        *buffer = uv_buf_init(c->cipher, CIPHER_BLOCK);
    else
        *buffer =
            uv_buf_init((char *)c->bytes + c->length, (unsigned)(sizeof c->bytes - c->length));
}

/* `n` bytes more are behind those that were there.  False: the call is over. */
static bool take_bytes(struct call *c, size_t n)
{
    size_t at = 0;
    int32_t taken = 0;
    c->length += n;
    while (is_open(c) && (taken = take_some(c, c->bytes + at, c->length - at)) > 0)
        at += (size_t)taken;
    if (taken < 0 || !is_open(c))
        return false;
    c->length -= at;
    memmove(c->bytes, c->bytes + at, c->length);
    return true;
}

static void send_open(struct call *c)
{
    c->opened = true;
    send_control(c, TCPNJE_OPEN, 0, c->owner->options.local, c->owner->options.remote);
}

/* What TLS makes of `n` bytes. */
static void take_cipher(struct call *c, size_t n)
{
    tls_received(c->tls, c->cipher, n);
    if (c->outgoing && !c->opened && tls_is_established(c->tls))
        send_open(c);
    while (is_open(c) &&
           (n = tls_input(c->tls, (char *)c->bytes + c->length, sizeof c->bytes - c->length)) > 0)
        if (!take_bytes(c, n))
            return;
    if (!is_open(c))
        return;
    bool was_line = c->owner && c->owner->line == c;
    if (!write_cipher(c, false) || (tls_has_ended(c->tls) && was_line)) {
        call_drop(c);
    } else if (tls_has_ended(c->tls)) {
        char text[240];
        snprintf(text, sizeof text, "no TLS session: %s", tls_failure(c->tls));
        complain(c, text);
    }
}

static void received(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct call *c = stream->data;
    unsigned before = c->owner ? c->owner->waiting : 0;
    (void)buffer;
    if (!is_open(c))
        return;
    if (n < 0) {
        call_drop(c);
        return;
    }
    struct tcpnje *known = c->owner;
    if (c->tls)
        take_cipher(c, (size_t)n);
    else
        take_bytes(c, (size_t)n);
    struct tcpnje *t = c->owner ? c->owner : known;
    if (!t)
        return;
    if (t->line == c && t->waiting >= RECORDS_MOST) {
        t->stopped = true;
        uv_read_stop(stream);
    }
    if (t->waiting > before)
        t->calls->arrived(t->context);
}

static void start_reading(struct call *c)
{
    if (uv_read_start(&c->stream.stream, allocate, received) != 0)
        call_drop(c);
}

const uint8_t *tcpnje_first(const struct tcpnje *t, size_t *length)
{
    if (!t->first)
        return NULL;
    *length = t->first->length;
    return t->first->bytes;
}

void tcpnje_drop_first(struct tcpnje *t)
{
    struct record *r = t->first;
    t->first = r->next;
    if (!t->first)
        t->last = &t->first;
    t->waiting--;
    free(r);
    if (t->stopped && t->waiting < RECORDS_MOST / 2) {
        t->stopped = false;
        if (t->line)
            start_reading(t->line);
    }
}

static void forget_records(struct tcpnje *t)
{
    t->stopped = false;
    while (t->first)
        tcpnje_drop_first(t);
}

/* --- calls --- */

/* tls: its session, or NULL if it has none. */
static struct call *call_new(struct uv_loop_s *loop, const struct endpoint *e, struct tls *tls)
{
    struct call *c = calloc(1, sizeof *c);
    if (!c || endpoint_stream_init(e, loop, &c->stream) != 0) {
        free(c);
        tls_close(tls);
        return NULL;
    }
    uv_timer_init(loop, &c->timer);
    c->stream.handle.data = c->timer.data = c;
    c->tls = tls;
    return c;
}

static void begin_handshake(struct call *c)
{
    if (c->stream.handle.type == UV_TCP) {
        uv_tcp_nodelay(&c->stream.tcp, 1);
        uv_tcp_keepalive(&c->stream.tcp, 1, KEEPALIVE_S);
    }
    uv_timer_start(&c->timer, handshake_over, HANDSHAKE_MS, 0);
    start_reading(c);
}

static bool is_awaited(const struct tcpnje_port *port)
{
    unsigned calls = 0;
    for (const struct call *c = port->calls; c; c = c->next)
        calls++;
    for (const struct tcpnje *t = port->links; t; t = t->next)
        if (t->enabled)
            return calls < CALLS_MOST;
    return false;
}

/* Whoever cannot be heard now is shown out, and calls again. */
static void connection(uv_stream_t *stream, int status)
{
    struct tcpnje_port *port = stream->data;
    struct tls *tls = port->identity ? tls_open(port->identity) : NULL;
    struct call *c =
        status == 0 && (tls || !port->identity) ? call_new(port->loop, &port->here, tls) : NULL;
    if (!c)
        return;
    if (uv_accept(stream, &c->stream.stream) != 0 || !is_awaited(port)) {
        call_close(c);
        return;
    }
    c->port = port;
    c->next = port->calls;
    port->calls = c;
    begin_handshake(c);
}

static void connected(uv_connect_t *request, int status)
{
    struct call *c = request->handle->data;
    if (!c->owner)
        return;
    if (status != 0) {
        call_drop(c);
        return;
    }
    begin_handshake(c);
    if (!c->owner)
        return;
    if (!c->tls)
        send_open(c);
    else if (!write_cipher(c, false))
        call_drop(c);
}

static void try_again(uv_timer_t *timer)
{
    struct tcpnje *t = timer->data;
    if (!t->enabled || t->line || t->outgoing)
        return;
    struct tls *tls = t->trust ? tls_open_client(t->trust, t->options.host) : NULL;
    t->outgoing = tls || !t->trust ? call_new(t->loop, &t->there, tls) : NULL;
    if (!t->outgoing) {
        call_later(t);
        return;
    }
    t->outgoing->owner = t;
    t->outgoing->outgoing = true;
    if (endpoint_connect(&t->there, &t->outgoing->stream, &t->outgoing->request, connected))
        call_drop(t->outgoing);
}

void tcpnje_enable(struct tcpnje *t, bool on)
{
    struct call *calls[] = {t->outgoing, t->line};
    if (t->enabled && on)
        return;
    t->enabled = on;
    uv_timer_stop(&t->retry);
    t->outgoing = t->line = NULL;
    for (int i = 0; i < 2; i++)
        if (calls[i])
            call_close(calls[i]);
    forget_records(t);
    if (!on || !t->options.connect)
        return;
    if (t->lost)
        call_later(t);
    else
        try_again(&t->retry);
    t->lost = false;
}

bool tcpnje_is_up(const struct tcpnje *t)
{
    return t->line != NULL;
}

/* --- ports --- */

static void port_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* Its last link is gone. */
static void port_destroy(struct tcpnje_port *port)
{
    while (port->calls)
        call_close(port->calls);
    tls_identity_free(port->identity);
    if (port->listening)
        uv_close(&port->listener.handle, port_closed);
    else
        free(port);
}

static bool same_file(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

/* The port at which the link is called: that of `beside`, if it is the same, or its own. */
static const char *port_join(struct tcpnje *t, const struct tcpnje *beside, char *message,
                             size_t size)
{
    const struct tcpnje_options *o = &t->options;
    struct tcpnje_port *port = beside ? beside->port : calloc(1, sizeof *port);
    if (!port)
        return "no memory";
    if (beside && (!same_file(o->certificate, beside->options.certificate) ||
                   !same_file(o->key, beside->options.key)))
        return "links at one port show one certificate";
    t->port = port;
    t->next = port->links;
    port->links = t;
    if (beside)
        return NULL;
    port->loop = t->loop;
    if (o->certificate &&
        !(port->identity = tls_identity_load(o->certificate, o->key, message, size)))
        return message;
    const char *wrong = endpoint_parse(&port->here, o->listen, message, size);
    if (!wrong)
        wrong = endpoint_listen(&port->here, t->loop, &port->listener, connection, &port->listening,
                                message, size);
    if (port->listening)
        port->listener.handle.data = port;
    return wrong;
}

static void port_leave(struct tcpnje *t)
{
    struct tcpnje **at = &t->port->links;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    if (!t->port->links)
        port_destroy(t->port);
    t->port = NULL;
}

/* --- the link --- */

static void link_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void tcpnje_destroy(struct tcpnje *t)
{
    if (!t)
        return;
    tcpnje_enable(t, false);
    if (t->port)
        port_leave(t);
    tls_identity_free(t->trust);
    uv_close((uv_handle_t *)&t->retry, link_closed);
}

struct tcpnje *tcpnje_create(struct uv_loop_s *loop, const struct tcpnje_options *options,
                             const struct tcpnje *beside, const struct tcpnje_calls *calls,
                             void *context, char *message, size_t size)
{
    struct tcpnje *t = calloc(1, sizeof *t);
    const char *wrong = NULL;
    if (!t) {
        snprintf(message, size, "no memory");
        return NULL;
    }
    t->loop = loop;
    t->options = *options;
    t->calls = calls;
    t->context = context;
    t->last = &t->first;
    uv_timer_init(loop, &t->retry);
    t->retry.data = t;
    if (options->connect)
        wrong = endpoint_parse(&t->there, options->connect, message, size);
    if (!wrong && options->authorities &&
        !(t->trust = tls_trust(options->authorities, true, message, size)))
        wrong = message;
    if (!wrong && options->listen)
        wrong = port_join(t, beside, message, size);
    if (!wrong)
        return t;
    if (wrong != message)
        snprintf(message, size, "%s", wrong);
    tcpnje_destroy(t);
    return NULL;
}

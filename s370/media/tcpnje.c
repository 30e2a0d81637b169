/* A link of NJE over TCP.
 *
 * A connection begins with OPEN from who has called and ACK or NAK from who was called.  If both
 * call at once, the call of the node whose name is lower is taken and the other one refused. */
#include "s370/media/tcpnje.h"

#include "lib/be.h"
#include "lib/str.h"
#include "s370/media/endpoint.h"

#include <stdio.h>
#include <stdlib.h>

#define RETRY_MS     1000
#define HANDSHAKE_MS 10000 /* for OPEN or ACK to come */
#define KEEPALIVE_S  60    /* of silence, before TCP asks whether the partner is there */
#define RECORDS_MOST 16    /* that wait to be taken; then the partner has to wait */
#define SENDING_MOST (4u * TCPNJE_RECORD_MAX)

/* A record that waits. */
struct record {
    struct record *next;
    size_t length;
    uint8_t bytes[];
};

struct call {
    union endpoint_stream stream;
    uv_connect_t request;
    uv_timer_t timer;     /* for the handshake */
    struct tcpnje *owner; /* NULL: it is closing */
    unsigned closing;     /* handles that are not closed yet */
    bool outgoing;
    size_t length; /* of what has been received */
    uint8_t bytes[TCPNJE_BLOCK_MAX + TCPNJE_CONTROL];
};

struct tcpnje {
    struct uv_loop_s *loop;
    struct tcpnje_options options;
    struct endpoint here, there; /* if the options have them */
    const struct tcpnje_calls *calls;
    void *context;
    union endpoint_stream listener;
    uv_timer_t retry;
    unsigned closing;
    bool listening, enabled;
    struct call *incoming, *outgoing; /* in their handshake */
    struct call *line;                /* the connection that is open */
    struct record *first, **last;
    unsigned waiting;
    bool stopped; /* reading was, until there is room */
};

/* --- ending calls --- */

static void call_closed(uv_handle_t *handle)
{
    struct call *c = handle->data;
    if (!--c->closing)
        free(c);
}

static void try_again(uv_timer_t *timer);

/* Nobody knows of it any more. */
static void call_close(struct call *c)
{
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
    if (!t)
        return;
    call_close(c);
    if (t->incoming == c)
        t->incoming = NULL;
    if (t->outgoing == c)
        t->outgoing = NULL;
    if (was_line)
        t->line = NULL;
    if (c->outgoing || was_line)
        call_later(t);
    if (was_line)
        t->calls->down(t->context);
}

static void complain(struct call *c, const char *what)
{
    struct tcpnje *t = c->owner;
    char text[160];
    snprintf(text, sizeof text, "link to %s: %s", t->options.remote, what);
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
    if (!c->owner)
        return;
    if (status != 0)
        call_drop(c);
    else if (c->owner->line == c && tcpnje_may_send(c->owner))
        c->owner->calls->drained(c->owner->context);
}

static struct outgoing *outgoing_new(size_t length)
{
    struct outgoing *o = malloc(sizeof *o + length);
    if (o)
        o->last = false;
    return o;
}

static bool send_bytes(struct call *c, struct outgoing *o, size_t length)
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

static uint32_t ipv4_of(const struct sockaddr_storage *address, int failed)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)address;
    return !failed && address->ss_family == AF_INET ? ntohl(in->sin_addr.s_addr) : 0;
}

static void send_control(struct call *c, enum tcpnje_type type, uint8_t reason)
{
    struct tcpnje *t = c->owner;
    struct tcpnje_control control = {.type = type, .reason = reason};
    struct outgoing *o = outgoing_new(TCPNJE_CONTROL);
    struct sockaddr_storage address;
    int size = sizeof address;
    str_copy(control.sender, t->options.local, sizeof control.sender);
    str_copy(control.target, t->options.remote, sizeof control.target);
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
    struct call *other = c == t->incoming ? t->outgoing : t->incoming;
    t->incoming = t->outgoing = NULL;
    t->line = c;
    uv_timer_stop(&c->timer);
    uv_timer_stop(&t->retry);
    if (other)
        call_close(other);
    t->calls->up(t->context);
}

/* Why the OPEN of the other side is refused; 0: it is not. */
static uint8_t refusal(const struct tcpnje *t, const struct tcpnje_control *c)
{
    if (strcmp(c->sender, t->options.remote) != 0 || strcmp(c->target, t->options.local) != 0)
        return TCPNJE_NO_LINK;
    if (t->line)
        return TCPNJE_ACTIVE;
    bool both = t->outgoing && uv_is_active((const uv_handle_t *)&t->outgoing->timer);
    return both && strcmp(t->options.local, t->options.remote) < 0 ? TCPNJE_BOTH_OPEN : 0;
}

/* The call ends when the answer is written, and is nobody's until then. */
static void refuse(struct call *c, uint8_t reason)
{
    uv_timer_stop(&c->timer);
    uv_read_stop(&c->stream.stream);
    send_control(c, TCPNJE_NAK, reason);
    c->owner = NULL;
}

static void take_control(struct call *c, const struct tcpnje_control *control)
{
    static const char *const reasons[] = {"without a reason", "it knows no such link",
                                          "the link is active there", "both sides opened at once"};
    struct tcpnje *t = c->owner;
    if (!c->outgoing) {
        uint8_t reason = refusal(t, control);
        if (control->type != TCPNJE_OPEN) {
            complain(c, "the other side has not opened the link");
        } else if (reason) {
            t->incoming = NULL;
            refuse(c, reason);
        } else {
            send_control(c, TCPNJE_ACK, 0);
            if (c->owner)
                become_line(t, c);
        }
    } else if (control->type == TCPNJE_ACK) {
        become_line(t, c);
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
    if (c->owner->line == c) {
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
    return c->owner ? (int32_t)TCPNJE_CONTROL : -1;
}

static void allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct call *c = handle->data;
    *buffer = uv_buf_init((char *)c->bytes + c->length, (unsigned)(sizeof c->bytes - c->length));
}

static void received(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct call *c = stream->data;
    struct tcpnje *t = c->owner;
    size_t at = 0;
    int32_t taken = 0;
    unsigned before = t ? t->waiting : 0;
    if (!t)
        return;
    if (n < 0) {
        call_drop(c);
        return;
    }
    c->length += (size_t)n;
    while (c->owner && (taken = take_some(c, c->bytes + at, c->length - at)) > 0)
        at += (size_t)taken;
    if (taken >= 0 && c->owner) {
        c->length -= at;
        memmove(c->bytes, c->bytes + at, c->length);
        if (t->line == c && t->waiting >= RECORDS_MOST) {
            t->stopped = true;
            uv_read_stop(stream);
        }
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

static struct call *call_new(struct tcpnje *t, const struct endpoint *e, bool outgoing)
{
    struct call *c = calloc(1, sizeof *c);
    if (!c || endpoint_stream_init(e, t->loop, &c->stream) != 0) {
        free(c);
        return NULL;
    }
    uv_timer_init(t->loop, &c->timer);
    c->stream.handle.data = c->timer.data = c;
    c->owner = t;
    c->outgoing = outgoing;
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

/* One call at a time is in its handshake; a second one waits for its turn no longer than the first
 * one's takes: it is shown out, and tries again. */
static void connection(uv_stream_t *stream, int status)
{
    struct tcpnje *t = stream->data;
    struct call *c = status == 0 ? call_new(t, &t->here, false) : NULL;
    if (!c)
        return;
    if (uv_accept(stream, &c->stream.stream) != 0 || !t->enabled || t->incoming) {
        call_close(c);
        return;
    }
    t->incoming = c;
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
    if (c->owner)
        send_control(c, TCPNJE_OPEN, 0);
}

static void try_again(uv_timer_t *timer)
{
    struct tcpnje *t = timer->data;
    if (!t->enabled || t->line || t->outgoing)
        return;
    t->outgoing = call_new(t, &t->there, true);
    if (!t->outgoing)
        call_later(t);
    else if (endpoint_connect(&t->there, &t->outgoing->stream, &t->outgoing->request, connected))
        call_drop(t->outgoing);
}

void tcpnje_enable(struct tcpnje *t, bool on)
{
    struct call *calls[] = {t->incoming, t->outgoing, t->line};
    if (t->enabled == on)
        return;
    t->enabled = on;
    if (on) {
        if (t->options.connect)
            try_again(&t->retry);
        return;
    }
    uv_timer_stop(&t->retry);
    t->incoming = t->outgoing = t->line = NULL;
    for (int i = 0; i < 3; i++)
        if (calls[i])
            call_close(calls[i]);
    forget_records(t);
}

bool tcpnje_is_up(const struct tcpnje *t)
{
    return t->line != NULL;
}

/* --- the link --- */

static void link_closed(uv_handle_t *handle)
{
    struct tcpnje *t = handle->data;
    if (!--t->closing)
        free(t);
}

void tcpnje_destroy(struct tcpnje *t)
{
    if (!t)
        return;
    tcpnje_enable(t, false);
    t->closing = 1 + t->listening;
    uv_close((uv_handle_t *)&t->retry, link_closed);
    if (t->listening)
        uv_close(&t->listener.handle, link_closed);
}

struct tcpnje *tcpnje_create(struct uv_loop_s *loop, const struct tcpnje_options *options,
                             const struct tcpnje_calls *calls, void *context, char *message,
                             size_t size)
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
    if (!wrong && options->listen)
        wrong = endpoint_parse(&t->here, options->listen, message, size);
    if (!wrong && options->listen)
        wrong =
            endpoint_listen(&t->here, loop, &t->listener, connection, &t->listening, message, size);
    if (t->listening)
        t->listener.handle.data = t;
    if (!wrong)
        return t;
    tcpnje_destroy(t);
    return NULL;
}

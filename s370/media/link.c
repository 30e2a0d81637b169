/* A connection between two datboxes that carries messages. */
#include "s370/media/link.h"

#include "lib/be.h"
#include "s370/media/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD          8u
#define KIND_GREETING 0
#define GREETING_MOST 32u
#define RETRY_MS      1000
#define WAITING_MOST  (16u * LINK_DATA_MOST) /* bytes that the other side may be behind */

struct peer {
    union endpoint_stream stream;
    uv_connect_t request;
    struct link *link; /* NULL: it is not the link's any more */
    bool greeted;
    size_t length; /* of what has been received of the next message */
    uint8_t bytes[HEAD + LINK_DATA_MOST];
};

struct link {
    struct endpoint endpoint;
    bool listens;
    const char *greeting;
    const struct link_calls *calls;
    void *context;
    union endpoint_stream listener; /* if it listens */
    uv_timer_t retry;               /* if it connects */
    struct peer *peer;              /* connected, or connecting; or NULL */
};

/* A message on its way. */
struct outgoing {
    uv_write_t request;
    uint8_t bytes[];
};

/* --- the end of a connection --- */

static void peer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void try_again(uv_timer_t *timer);

/* Lets go of the connection; a link that connects tries again later. */
static void peer_drop(struct peer *p)
{
    struct link *l = p->link;
    bool was_up = p->greeted;
    if (!l)
        return;
    p->link = NULL;
    l->peer = NULL;
    uv_close(&p->stream.handle, peer_closed);
    if (!l->listens)
        uv_timer_start(&l->retry, try_again, RETRY_MS, 0);
    if (was_up)
        l->calls->down(l->context);
}

static void complain(struct peer *p, const char *what)
{
    struct link *l = p->link;
    char text[256];
    snprintf(text, sizeof text, "%s: %s", l->endpoint.text, what);
    l->calls->message(l->context, text);
    peer_drop(p);
}

/* --- sending --- */

static void written(uv_write_t *request, int status)
{
    struct peer *p = request->handle->data;
    free(request->data);
    if (status != 0)
        peer_drop(p);
}

static void send_to(struct peer *p, const struct link_message *m, const void *data)
{
    struct outgoing *o = malloc(sizeof *o + HEAD + m->length);
    if (!o || p->stream.stream.write_queue_size > WAITING_MOST) {
        free(o);
        complain(p, "the other side does not take messages");
        return;
    }
    o->bytes[0] = m->kind;
    o->bytes[1] = m->code;
    store_be16(o->bytes + 2, m->sequence);
    store_be32(o->bytes + 4, m->length);
    if (m->length > 0)
        memcpy(o->bytes + HEAD, data, m->length);
    o->request.data = o;
    uv_buf_t buffer = uv_buf_init((char *)o->bytes, HEAD + m->length);
    if (uv_write(&o->request, &p->stream.stream, &buffer, 1, written) != 0) {
        free(o);
        peer_drop(p);
    }
}

void link_send(struct link *l, const struct link_message *m, const void *data)
{
    if (link_is_up(l))
        send_to(l->peer, m, data);
}

/* --- receiving --- */

/* Takes a whole message.  False: the connection is closed. */
static bool take_message(struct peer *p, const struct link_message *m, const uint8_t *data)
{
    struct link *l = p->link;
    if (!p->greeted) {
        p->greeted = m->kind == KIND_GREETING && m->length == strlen(l->greeting) &&
                     !memcmp(data, l->greeting, m->length);
        if (p->greeted)
            l->calls->up(l->context);
        else
            complain(p, "whoever is there does not speak this device's language");
    } else if (m->kind == KIND_GREETING || !l->calls->receive(l->context, m, data)) {
        if (p->link)
            complain(p, "a message came that cannot be");
    }
    return p->link != NULL;
}

/* Takes the messages that are complete.  The buffer holds the longest one. */
static void take_messages(struct peer *p)
{
    size_t at = 0;
    while (p->length - at >= HEAD) {
        const uint8_t *head = p->bytes + at;
        struct link_message m = {head[0], head[1], load_be16(head + 2), load_be32(head + 4)};
        if (m.length > (p->greeted ? LINK_DATA_MOST : GREETING_MOST)) {
            complain(p, "a message came that is too long");
            return;
        }
        if (p->length - at - HEAD < m.length)
            break;
        if (!take_message(p, &m, head + HEAD))
            return;
        at += HEAD + m.length;
    }
    p->length -= at;
    memmove(p->bytes, p->bytes + at, p->length);
}

static void allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct peer *p = handle->data;
    (void)suggested;
    *buffer = uv_buf_init((char *)p->bytes + p->length, (unsigned)(sizeof p->bytes - p->length));
}

static void received(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct peer *p = stream->data;
    (void)buffer;
    if (n < 0) {
        peer_drop(p);
        return;
    }
    p->length += (size_t)n;
    take_messages(p);
}

/* --- the connection --- */

static void greet(struct peer *p)
{
    struct link *l = p->link;
    struct link_message m = {.kind = KIND_GREETING, .length = (uint32_t)strlen(l->greeting)};
    if (!l->endpoint.is_path)
        uv_tcp_nodelay(&p->stream.tcp, 1);
    if (uv_read_start(&p->stream.stream, allocate, received) != 0)
        peer_drop(p);
    else
        send_to(p, &m, l->greeting);
}

/* A stream for a new connection, which is the link's then. */
static struct peer *peer_new(struct link *l, struct uv_loop_s *loop)
{
    struct peer *p = calloc(1, sizeof *p);
    if (!p || endpoint_stream_init(&l->endpoint, loop, &p->stream) != 0) {
        free(p);
        return NULL;
    }
    p->stream.handle.data = p;
    p->link = l;
    return p;
}

/* A second client, while one is connected, is shown out. */
static void connection(uv_stream_t *stream, int status)
{
    struct link *l = stream->data;
    struct peer *p = status == 0 ? peer_new(l, stream->loop) : NULL;
    if (!p)
        return;
    if (uv_accept(stream, &p->stream.stream) != 0 || l->peer) {
        p->link = NULL;
        uv_close(&p->stream.handle, peer_closed);
        return;
    }
    l->peer = p;
    greet(p);
}

static void connected(uv_connect_t *request, int status)
{
    struct peer *p = request->handle->data;
    if (!p->link)
        return;
    if (status != 0)
        peer_drop(p);
    else
        greet(p);
}

static void try_again(uv_timer_t *timer)
{
    struct link *l = timer->data;
    struct peer *p = peer_new(l, timer->loop);
    if (!p) {
        uv_timer_start(&l->retry, try_again, RETRY_MS, 0);
        return;
    }
    l->peer = p;
    if (endpoint_connect(&l->endpoint, &p->stream, &p->request, connected) != 0)
        peer_drop(p);
}

static void link_closed(uv_handle_t *handle)
{
    free(handle->data);
}

struct link *link_open(struct uv_loop_s *loop, bool listens, const char *address,
                       const char *greeting, const struct link_calls *calls, void *context,
                       char *message, size_t size)
{
    struct link *l = calloc(1, sizeof *l);
    bool initialized = false;
    if (!l) {
        snprintf(message, size, "%s: no memory", address);
        return NULL;
    }
    l->listens = listens;
    l->greeting = greeting;
    l->calls = calls;
    l->context = context;
    if (!endpoint_parse(&l->endpoint, address, message, size)) {
        l->listener.handle.data = l->retry.data = l;
        if (!listens) {
            uv_timer_init(loop, &l->retry);
            l->retry.data = l;
            try_again(&l->retry);
            return l;
        }
        if (!endpoint_listen(&l->endpoint, loop, &l->listener, connection, &initialized, message,
                             size)) {
            l->listener.handle.data = l;
            return l;
        }
    }
    if (initialized) {
        l->listener.handle.data = l;
        uv_close(&l->listener.handle, link_closed);
    } else {
        free(l);
    }
    return NULL;
}

void link_close(struct link *l)
{
    if (!l)
        return;
    if (l->peer) {
        l->peer->link = NULL;
        uv_close(&l->peer->stream.handle, peer_closed);
        l->peer = NULL;
    }
    uv_close(l->listens ? &l->listener.handle : (uv_handle_t *)&l->retry, link_closed);
}

bool link_is_up(const struct link *l)
{
    return l->peer && l->peer->greeted;
}

const char *link_address(const struct link *l)
{
    return l->endpoint.text;
}

/* A socket that a printer or punch writes to.
 *
 * What the client's connection takes at once is its own; a piece of the rest is given to libuv,
 * which sends it when the client has read on.  If the client leaves before, the piece is kept for
 * the next one. */
#include "s370/media/output_socket.h"

#include "s370/media/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_MOST 4096u

struct client {
    union endpoint_stream stream;
    uv_write_t request;
    struct output_socket *socket; /* NULL: it does not send any more */
    size_t piece;                 /* length of what libuv sends now; 0 = nothing */
    char bytes[PIECE_MOST];       /* the piece */
    char received[64];            /* and ignored */
};

struct output_socket {
    struct endpoint endpoint;
    const struct output_socket_calls *calls;
    void *context;
    union endpoint_stream listener;
    bool waiting; /* a client that has not been accepted */
    struct client *client;
};

static void accept_next(struct output_socket *s);

static void client_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void client_close(struct client *c)
{
    struct output_socket *s = c->socket;
    if (uv_is_closing(&c->stream.handle))
        return;
    c->socket = NULL;
    uv_close(&c->stream.handle, client_closed);
    if (s) {
        s->client = NULL;
        accept_next(s);
    }
}

static void sent(uv_write_t *request, int status)
{
    struct client *c = request->data;
    struct output_socket *s = c->socket;
    size_t piece = c->piece;
    c->piece = 0;
    if (!s)
        return;
    if (status != 0) {
        client_close(c);
        return;
    }
    s->calls->taken(s->context, piece);
    output_socket_send(s);
}

void output_socket_send(struct output_socket *s)
{
    struct client *c = s->client;
    const char *bytes;
    size_t length;
    if (!c || c->piece > 0)
        return;
    while ((length = s->calls->waiting(s->context, &bytes)) > 0) {
        uv_buf_t buffer = uv_buf_init((char *)bytes, (unsigned)(length & 0x7fffffff));
        int n = uv_try_write(&c->stream.stream, &buffer, 1);
        if (n == UV_EAGAIN)
            break;
        if (n < 0) {
            client_close(c);
            return;
        }
        s->calls->taken(s->context, (size_t)n);
    }
    if (length == 0)
        return;
    c->piece = length < PIECE_MOST ? length : PIECE_MOST;
    memcpy(c->bytes, bytes, c->piece);
    c->request.data = c;
    uv_buf_t piece = uv_buf_init(c->bytes, (unsigned)c->piece);
    if (uv_write(&c->request, &c->stream.stream, &piece, 1, sent) != 0) {
        c->piece = 0;
        client_close(c);
    }
}

/* What a client sends has no meaning; that it leaves has. */
static void allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct client *c = handle->data;
    (void)suggested;
    *buffer = uv_buf_init(c->received, sizeof c->received);
}

static void received(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    (void)buffer;
    if (n < 0)
        client_close(stream->data);
}

static void accept_next(struct output_socket *s)
{
    if (!s->waiting || s->client || uv_is_closing(&s->listener.handle))
        return;
    struct client *c = calloc(1, sizeof *c);
    if (!c || endpoint_stream_init(&s->endpoint, s->listener.handle.loop, &c->stream) != 0) {
        free(c);
        return;
    }
    s->waiting = false;
    c->stream.handle.data = c;
    c->socket = s;
    s->client = c;
    if (uv_accept(&s->listener.stream, &c->stream.stream) != 0 ||
        uv_read_start(&c->stream.stream, allocate, received) != 0)
        client_close(c);
    else
        output_socket_send(s);
}

static void connection(uv_stream_t *stream, int status)
{
    struct output_socket *s = stream->data;
    if (status < 0)
        return;
    s->waiting = true;
    accept_next(s);
}

static void listener_closed(uv_handle_t *handle)
{
    free(handle->data);
}

struct output_socket *output_socket_open(struct uv_loop_s *loop, const char *address,
                                         const struct output_socket_calls *calls, void *context,
                                         char *message, size_t size)
{
    bool initialized = false;
    struct output_socket *s = calloc(1, sizeof *s);
    if (!s) {
        snprintf(message, size, "%s: no memory", address);
        return NULL;
    }
    s->calls = calls;
    s->context = context;
    s->listener.handle.data = s;
    if (!endpoint_parse(&s->endpoint, address, message, size) &&
        !endpoint_listen(&s->endpoint, loop, &s->listener, connection, &initialized, message,
                         size)) {
        s->listener.handle.data = s;
        return s;
    }
    if (initialized) {
        s->listener.handle.data = s;
        uv_close(&s->listener.handle, listener_closed);
    } else {
        free(s);
    }
    return NULL;
}

void output_socket_close(struct output_socket *s)
{
    uv_close(&s->listener.handle, listener_closed);
    if (s->client) {
        s->client->socket = NULL;
        uv_close(&s->client->stream.handle, client_closed);
    }
}

void output_socket_set_context(struct output_socket *s, void *context)
{
    s->context = context;
}

bool output_socket_is_connected(const struct output_socket *s)
{
    return s->client != NULL;
}

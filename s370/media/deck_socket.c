/* A socket that takes decks.  Clients get their turn as long as there is room for decks; the others
 * wait in the host's queue. */
#include "s370/media/deck_socket.h"

#include "s370/media/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS_MOST 8

struct client {
    union endpoint_stream stream;
    uv_write_t request;
    struct deck_socket *socket; /* NULL: it has been closed */
    struct client *next;
    unsigned number; /* for messages */
    uint8_t *bytes;
    size_t length, room;
    char answer[400];
};

struct deck_socket {
    struct endpoint endpoint;
    struct deck_options options;
    const struct deck_socket_calls *calls;
    void *context;
    union endpoint_stream listener;
    bool waiting; /* a client that has not been accepted */
    struct client *clients;
    unsigned count, connections;
};

/* --- clients --- */

static void client_closed(uv_handle_t *handle)
{
    struct client *c = handle->data;
    free(c->bytes);
    free(c);
}

static void client_close(struct client *c)
{
    struct deck_socket *s = c->socket;
    if (s) {
        struct client **at = &s->clients;
        while (*at != c)
            at = &(*at)->next;
        *at = c->next;
        s->count--;
        c->socket = NULL;
    }
    if (!uv_is_closing(&c->stream.handle))
        uv_close(&c->stream.handle, client_closed);
}

static void answered(uv_write_t *request, int status)
{
    struct client *c = request->data;
    (void)status;
    client_close(c);
}

/* Says what is wrong, to both sides, and closes. */
static void refuse(struct client *c, const char *what)
{
    struct deck_socket *s = c->socket;
    snprintf(c->answer, sizeof c->answer, "%s\n", what);
    s->calls->message(s->context, what);
    uv_read_stop(&c->stream.stream);
    uv_buf_t buffer = uv_buf_init(c->answer, (unsigned)strlen(c->answer));
    c->request.data = c;
    if (uv_write(&c->request, &c->stream.stream, &buffer, 1, answered) != 0)
        client_close(c);
}

static void client_name(const struct client *c, char *name, size_t size)
{
    snprintf(name, size, "%.100s client %u", c->socket->endpoint.text, c->number);
}

static void take_deck(struct client *c)
{
    struct deck_socket *s = c->socket;
    char name[160], message[320];
    client_name(c, name, sizeof name);
    if (c->length == 0) { /* somebody looked whether we are there */
        client_close(c);
        deck_socket_room(s);
        return;
    }
    struct deck *deck = deck_parse(name, c->bytes, c->length, &s->options, message, sizeof message);
    if (deck) {
        client_close(c);
        s->calls->deck(s->context, deck);
    } else {
        refuse(c, message);
    }
    deck_socket_room(s);
}

static void broken(struct client *c, const char *why)
{
    struct deck_socket *s = c->socket;
    char name[160], message[320];
    client_name(c, name, sizeof name);
    snprintf(message, sizeof message, "%s: the connection broke behind %zu bytes, no deck: %s",
             name, c->length, why);
    s->calls->message(s->context, message);
    client_close(c);
    deck_socket_room(s);
}

static void allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct client *c = handle->data;
    if (c->length == c->room) {
        size_t room = c->room ? 2 * c->room : 16384;
        uint8_t *bytes = realloc(c->bytes, room);
        if (bytes) {
            c->bytes = bytes;
            c->room = room;
        }
    }
    (void)suggested;
    *buffer = uv_buf_init(c->bytes ? (char *)c->bytes + c->length : NULL,
                          (unsigned)(c->room - c->length));
}

static void received(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct client *c = stream->data;
    (void)buffer;
    if (n > 0)
        c->length += (size_t)n;
    if (n == UV_EOF)
        take_deck(c);
    else if (n < 0)
        broken(c, uv_strerror((int)n));
    else if (c->length > DECK_MAX)
        broken(c, "a deck has at most 64 MB");
}

/* --- the listener --- */

void deck_socket_room(struct deck_socket *s)
{
    while (s->waiting && s->count < CLIENTS_MOST && s->calls->room(s->context)) {
        struct client *c = calloc(1, sizeof *c);
        if (!c || endpoint_stream_init(&s->endpoint, s->listener.handle.loop, &c->stream) != 0) {
            free(c);
            return;
        }
        s->waiting = false;
        c->stream.handle.data = c;
        c->socket = s;
        c->next = s->clients;
        c->number = ++s->connections;
        s->clients = c;
        s->count++;
        if (uv_accept(&s->listener.stream, &c->stream.stream) != 0 ||
            uv_read_start(&c->stream.stream, allocate, received) != 0)
            client_close(c);
    }
}

static void connection(uv_stream_t *stream, int status)
{
    struct deck_socket *s = stream->data;
    if (status < 0)
        return;
    s->waiting = true;
    deck_socket_room(s);
}

static void listener_closed(uv_handle_t *handle)
{
    free(handle->data);
}

struct deck_socket *deck_socket_open(struct uv_loop_s *loop, const char *address,
                                     const struct deck_options *options,
                                     const struct deck_socket_calls *calls, void *context,
                                     char *message, size_t size)
{
    bool initialized = false;
    struct deck_socket *s = calloc(1, sizeof *s);
    if (!s) {
        snprintf(message, size, "%s: no memory", address);
        return NULL;
    }
    s->options = *options;
    s->calls = calls;
    s->context = context;
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

void deck_socket_close(struct deck_socket *s)
{
    if (!s)
        return;
    while (s->clients)
        client_close(s->clients);
    uv_close(&s->listener.handle, listener_closed);
}

const char *deck_socket_address(const struct deck_socket *s)
{
    return s->endpoint.text;
}

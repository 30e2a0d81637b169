/* The telnet server: sockets, and finding out what a client is.  Negotiation is libtelnet's.
 * If the machine has 3270s, a client is asked whether it is one; who says no, types, or
 * says nothing at all for a moment, gets a line.
 *
 * The machine never waits for a terminal: what a client doesn't take is kept up to a limit,
 * then the client is dropped.  Devices call us in the middle of their commands, so a
 * connection leaves its device only later, from the event loop. */
#include "consoles/telnet.h"

#include "consoles/connection.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#define LOOPBACK          "127.0.0.1"
#define BACKLOG           256
#define OUTPUT_MOST       (256u << 10) /* bytes that a slow client may be behind */
#define CONNECTIONS_MOST  1024
#define NEGOTIATING_MOST  256
#define WATCH_MS          50
#define SILENCE_MS        400   /* of a client that is asked what it is */
#define NEGOTIATION_MS    5000  /* at most, once it has begun to answer */
#define KEEPALIVE_SECONDS 60    /* of silence; then a client must show that it is there */
#define LOST_MS           60000 /* sent data may stay unconfirmed so long */

/* Bytes on their way to a client that did not take them at once. */
struct output {
    uv_write_t request;
    char bytes[];
};

static void server_free(struct telnet_server *server)
{
    if (!server->closing || !list_empty(&server->connections) || server->handles > 0)
        return;
    tls_identity_free(server->identity);
    free(server);
}

/* --- what a connection is --- */

static bool is_seated(enum connection_kind kind)
{
    return kind == CONNECTION_LINE || kind == CONNECTION_DISPLAY;
}

void connection_become(struct connection *c, enum connection_kind kind)
{
    c->server->negotiating -= !is_seated(c->kind);
    c->server->negotiating += !is_seated(kind);
    c->kind = kind;
}

/* --- the end of a connection --- */

static void send_encrypted(struct connection *c);

static void connection_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    line_seat_leave(c);
    display_seat_leave(c);
    tn3270_free(&c->tn);
    list_remove(&c->link);
    c->server->count--;
    c->server->negotiating -= !is_seated(c->kind);
    telnet_free(c->telnet);
    tls_close(c->tls);
    free(c->held);
    server_free(c->server);
    free(c);
}

bool connection_is_closing(const struct connection *c)
{
    return uv_is_closing((const uv_handle_t *)&c->tcp);
}

void connection_drop(struct connection *c)
{
    if (!connection_is_closing(c))
        uv_close((uv_handle_t *)&c->tcp, connection_closed);
}

static void all_sent(uv_shutdown_t *request, int status)
{
    connection_drop(LIST_ENTRY(request, struct connection, shutdown));
}

void connection_finish(struct connection *c)
{
    if (c->tls && !connection_is_closing(c)) {
        tls_finish(c->tls);
        send_encrypted(c);
    }
    if (!connection_is_closing(c) && uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, all_sent))
        connection_drop(c);
}

/* --- output --- */

size_t connection_backlog(const struct connection *c)
{
    return uv_stream_get_write_queue_size((const uv_stream_t *)&c->tcp);
}

static void written(uv_write_t *request, int status)
{
    struct connection *c = request->handle->data;
    free(LIST_ENTRY(request, struct output, request));
    if (status < 0)
        connection_drop(c);
    else
        display_seat_drained(c);
}

static void send_raw(struct connection *c, const char *bytes, size_t n)
{
    uv_stream_t *stream = (uv_stream_t *)&c->tcp;
    uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)n);
    int sent = uv_try_write(stream, &buffer, 1);
    if (sent == (int)n)
        return;
    if (sent < 0 && sent != UV_EAGAIN) {
        connection_drop(c);
        return;
    }
    size_t done = sent > 0 ? (size_t)sent : 0;
    struct output *output = malloc(sizeof *output + n - done);
    if (!output || connection_backlog(c) > OUTPUT_MOST) {
        free(output);
        connection_drop(c); /* too far behind */
        return;
    }
    memcpy(output->bytes, bytes + done, n - done);
    buffer = uv_buf_init(output->bytes, (unsigned)(n - done));
    if (uv_write(&output->request, stream, &buffer, 1, written)) {
        free(output);
        connection_drop(c);
    }
}

static void send_encrypted(struct connection *c)
{
    char block[16384];
    size_t n;
    while (!connection_is_closing(c) && (n = tls_output(c->tls, block, sizeof block)) > 0)
        send_raw(c, block, n);
}

static void send_now(struct connection *c, const char *bytes, size_t n)
{
    if (!c->tls) {
        send_raw(c, bytes, n);
        return;
    }
    tls_send(c->tls, bytes, n);
    send_encrypted(c);
}

void connection_send(struct connection *c, const char *bytes, size_t n)
{
    if (connection_is_closing(c))
        return;
    if (!c->held) {
        send_now(c, bytes, n);
        return;
    }
    if (c->held_length + n > c->held_size) {
        c->held_size = 2 * c->held_size + n;
        c->held = realloc(c->held, c->held_size);
        if (!c->held)
            abort();
    }
    memcpy(c->held + c->held_length, bytes, n);
    c->held_length += n;
}

void connection_hold(struct connection *c)
{
    if (c->held)
        return;
    c->held_size = 4096;
    c->held_length = 0;
    c->held = malloc(c->held_size);
    if (!c->held)
        abort();
}

void connection_release(struct connection *c)
{
    char *held = c->held;
    c->held = NULL;
    if (held && c->held_length && !connection_is_closing(c))
        send_now(c, held, c->held_length);
    free(held);
}

/* --- input --- */

static void begin(struct connection *c);

static void telnet_event(telnet_t *telnet, telnet_event_t *event, void *context)
{
    struct connection *c = context;
    if (event->type == TELNET_EV_SEND)
        connection_send(c, event->data.buffer, event->data.size);
    else if (connection_is_closing(c))
        return;
    else if (event->type == TELNET_EV_ERROR)
        connection_drop(c);
    else if (c->kind == CONNECTION_LINE || !tn3270_event(&c->tn, event))
        line_seat_event(c, event);
}

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct connection *c = handle->data;
    *buffer = uv_buf_init(c->received, sizeof c->received);
}

static void received_encrypted(struct connection *c, const char *bytes, size_t n)
{
    char clear[2048];
    tls_received(c->tls, bytes, n);
    send_encrypted(c);
    if (c->kind == CONNECTION_ENCRYPTS && tls_is_established(c->tls))
        begin(c);
    while (!connection_is_closing(c) && (n = tls_input(c->tls, clear, sizeof clear)) > 0)
        telnet_recv(c->telnet, clear, n);
    if (connection_is_closing(c))
        return;
    send_encrypted(c);
    if (tls_has_ended(c->tls))
        connection_drop(c);
}

static void received(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct connection *c = stream->data;
    if (n < 0)
        connection_drop(c);
    else if (c->tls)
        received_encrypted(c, buffer->base, (size_t)n);
    else
        telnet_recv(c->telnet, buffer->base, (size_t)n);
    line_seat_received(c);
}

void connection_read_on(struct connection *c)
{
    uv_read_start((uv_stream_t *)&c->tcp, give_buffer, received);
}

void connection_read_stop(struct connection *c)
{
    uv_read_stop((uv_stream_t *)&c->tcp);
}

/* --- connections --- */

/* The client refuses all that is not in this table: nothing. */
static const telnet_telopt_t no_options[] = {{-1, 0, 0}};

static void look_at_negotiations(uv_timer_t *timer)
{
    struct telnet_server *server = timer->data;
    uint64_t now = uv_now(server->m->loop);
    LIST_EACH(it, &server->connections)
    {
        struct connection *c = LIST_ENTRY(it, struct connection, link);
        if (is_seated(c->kind) || connection_is_closing(c) || now < c->deadline)
            continue;
        if (c->kind == CONNECTION_ENCRYPTS)
            connection_drop(c);
        else if (!c->tn.has_answered || now >= c->deadline + NEGOTIATION_MS)
            tn3270_timeout(&c->tn);
    }
    if (server->negotiating == 0)
        uv_timer_stop(timer);
}

static void watch(struct connection *c, enum connection_kind kind, uint64_t ms)
{
    struct telnet_server *server = c->server;
    connection_become(c, kind);
    c->deadline = uv_now(server->m->loop) + ms;
    if (!uv_is_active((uv_handle_t *)&server->watch))
        uv_timer_start(&server->watch, look_at_negotiations, WATCH_MS, WATCH_MS);
}

/* From here on the client can be talked to. */
static void begin(struct connection *c)
{
    if (display_any(c->server->m)) {
        watch(c, CONNECTION_NEGOTIATES, SILENCE_MS);
        display_seat_start(c);
    } else {
        connection_become(c, CONNECTION_LINE);
        line_seat_take(c);
    }
}

/* A client that has gone without a word is found out in some minutes at most. */
static void detect_loss(struct connection *c)
{
    int fd, lost = LOST_MS, interval = 15, probes = 4;
    uv_tcp_nodelay(&c->tcp, 1);
    uv_tcp_keepalive(&c->tcp, 1, KEEPALIVE_SECONDS);
    if (uv_fileno((uv_handle_t *)&c->tcp, &fd))
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &lost, sizeof lost);
}

static void connected(uv_stream_t *listener, int status)
{
    struct telnet_server *server = listener->data;
    struct connection *c = status < 0 ? NULL : calloc(1, sizeof *c);
    if (!c)
        return;
    c->server = server;
    c->kind = CONNECTION_LINE; /* nobody waits for it yet */
    c->telnet =
        telnet_init(display_any(server->m) ? tn3270_options : no_options, telnet_event, 0, c);
    c->tls = server->identity ? tls_open(server->identity) : NULL;
    uv_tcp_init(server->m->loop, &c->tcp);
    c->tcp.data = c;
    list_append(&server->connections, &c->link);
    server->count++;
    if (!c->telnet || (server->identity && !c->tls) ||
        uv_accept(listener, (uv_stream_t *)&c->tcp) || server->count > CONNECTIONS_MOST ||
        server->negotiating >= NEGOTIATING_MOST) {
        connection_drop(c);
        return;
    }
    detect_loss(c);
    connection_read_on(c);
    if (c->tls)
        watch(c, CONNECTION_ENCRYPTS, NEGOTIATION_MS);
    else
        begin(c);
}

static void handle_closed(uv_handle_t *handle)
{
    struct telnet_server *server = handle->data;
    server->handles--;
    server_free(server);
}

/* Tells why nobody can connect, and what to do. */
static void explain(const struct telnet_server *server, const char *host, uint16_t port, int error)
{
    const char *other = server->identity ? "CNSLTLS in the configuration"
                                         : "--port N, or CNSLPORT in a configuration";
    if (error == UV_EADDRINUSE)
        machine_message(server->m,
                        "port %u on %s is in use by another program: end that, or choose another "
                        "port (%s)",
                        port, host, other);
    else
        machine_message(server->m, "can't listen on port %u of %s: %s (another port: %s)", port,
                        host, uv_strerror(error), other);
}

static struct telnet_server *listen_on(struct machine *m, const char *host, uint16_t port,
                                       struct tls_identity *identity)
{
    struct sockaddr_storage address;
    int length = sizeof address;
    struct telnet_server *server = calloc(1, sizeof *server);
    if (!server)
        abort();
    if (!host)
        host = LOOPBACK;
    server->m = m;
    server->identity = identity;
    list_init(&server->connections);
    uv_tcp_init(m->loop, &server->listener);
    uv_timer_init(m->loop, &server->watch);
    server->listener.data = server->watch.data = server;
    server->handles = 2;
    int error = strchr(host, ':') ? uv_ip6_addr(host, port, (struct sockaddr_in6 *)&address)
                                  : uv_ip4_addr(host, port, (struct sockaddr_in *)&address);
    if (!error)
        error = uv_tcp_bind(&server->listener, (struct sockaddr *)&address, 0);
    if (!error)
        error = uv_listen((uv_stream_t *)&server->listener, BACKLOG, connected);
    if (error) {
        explain(server, host, port, error);
        telnet_close(server);
        return NULL;
    }
    uv_tcp_getsockname(&server->listener, (struct sockaddr *)&address, &length);
    server->port = ntohs(((struct sockaddr_in *)&address)->sin_port); /* same place in IPv6 */
    return server;
}

struct telnet_server *telnet_listen(struct machine *m, const char *host, uint16_t port)
{
    return listen_on(m, host, port, NULL);
}

struct telnet_server *telnet_listen_tls(struct machine *m, const char *host, uint16_t port,
                                        const char *certificate, const char *key)
{
    char message[512];
    struct tls_identity *identity = tls_identity_load(certificate, key, message, sizeof message);
    if (identity)
        return listen_on(m, host, port, identity);
    machine_message(m, "CNSLTLS: %s", message);
    return NULL;
}

uint16_t telnet_port(const struct telnet_server *server)
{
    return server->port;
}

void telnet_close(struct telnet_server *server)
{
    if (!server)
        return;
    server->closing = true;
    LIST_EACH(it, &server->connections)
    connection_drop(LIST_ENTRY(it, struct connection, link));
    uv_close((uv_handle_t *)&server->listener, handle_closed);
    uv_close((uv_handle_t *)&server->watch, handle_closed);
}

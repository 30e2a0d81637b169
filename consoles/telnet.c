/* The telnet server.  Negotiation is libtelnet's: every option that a client asks for is
 * refused, so that it stays in line mode with its own echo; WILL ECHO is offered only
 * while a password is read.
 *
 * The machine never waits for a terminal: what a client doesn't take is kept up to a limit,
 * then the client is dropped.  Devices call us in the middle of their commands, so a
 * connection leaves its line only later, from the event loop. */
#include "consoles/telnet.h"

#include "consoles/utf8.h"
#include "lib/list.h"
#include "s370/devices/line.h"
#include "s370/machine.h"

#include <libtelnet.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define LOOPBACK          "127.0.0.1"
#define BACKLOG           64
#define LINE_SIZE         256          /* longest line of input */
#define OUTPUT_MOST       (256u << 10) /* bytes that a slow client may be behind */
#define KEEPALIVE_SECONDS 60
#define PENDING_MOST      (64u << 10) /* input that waits until the device takes lines again */

#define KEY_ATTENTION 0x03 /* Ctrl-C */
#define KEY_BACKSPACE 0x08
#define KEY_KILL_LINE 0x15 /* Ctrl-U */
#define KEY_DELETE    0x7f

struct telnet_server {
    struct machine *m;
    uv_tcp_t listener;
    uint16_t port;
    struct list connections;
    bool closing;
};

struct connection {
    struct list link;
    struct telnet_server *server;
    uv_tcp_t tcp;
    uv_shutdown_t shutdown;
    telnet_t *telnet;
    struct line *line; /* NULL: the line let go of us, or there was none */
    bool echo_off;     /* a password is read, and the client has agreed not to echo */
    bool after_return; /* a line feed or zero after a carriage return is part of it */
    struct utf8_decoder decoder;
    char input[LINE_SIZE];
    size_t length;
    bool refused;  /* the device does not take `input` now; what follows is in `pending` */
    char *pending; /* PENDING_MOST bytes when first needed */
    size_t pending_length;
    struct event resume; /* offers the refused line again */
    char received[2048];
};

/* Bytes on their way to a client that did not take them at once. */
struct output {
    uv_write_t request;
    char bytes[];
};

static void server_free(struct telnet_server *server)
{
    if (server->closing && list_empty(&server->connections) && !server->listener.data)
        free(server);
}

/* --- the end of a connection --- */

static void connection_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    if (c->line)
        line_disconnect(c->line);
    list_remove(&c->link);
    event_cancel(&c->server->m->events, &c->resume);
    telnet_free(c->telnet);
    free(c->pending);
    server_free(c->server);
    free(c);
}

static bool is_closing(const struct connection *c)
{
    return uv_is_closing((const uv_handle_t *)&c->tcp);
}

static void drop(struct connection *c)
{
    if (!is_closing(c))
        uv_close((uv_handle_t *)&c->tcp, connection_closed);
}

static void all_sent(uv_shutdown_t *request, int status)
{
    drop(LIST_ENTRY(request, struct connection, shutdown));
}

/* Sends what waits, then closes. */
static void finish(struct connection *c)
{
    if (!is_closing(c) && uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, all_sent))
        drop(c);
}

/* --- output --- */

static void written(uv_write_t *request, int status)
{
    struct connection *c = request->handle->data;
    free(LIST_ENTRY(request, struct output, request));
    if (status < 0)
        drop(c);
}

static void send_bytes(struct connection *c, const char *bytes, size_t n)
{
    uv_stream_t *stream = (uv_stream_t *)&c->tcp;
    if (is_closing(c))
        return;
    uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)n);
    int sent = uv_try_write(stream, &buffer, 1);
    if (sent == (int)n)
        return;
    if (sent < 0 && sent != UV_EAGAIN) {
        drop(c);
        return;
    }
    size_t done = sent > 0 ? (size_t)sent : 0;
    struct output *output = malloc(sizeof *output + n - done);
    if (!output || uv_stream_get_write_queue_size(stream) > OUTPUT_MOST) {
        free(output);
        drop(c); /* too far behind */
        return;
    }
    memcpy(output->bytes, bytes + done, n - done);
    buffer = uv_buf_init(output->bytes, (unsigned)(n - done));
    if (uv_write(&output->request, stream, &buffer, 1, written)) {
        free(output);
        drop(c);
    }
}

static void send_text(struct connection *c, const char *text, size_t length)
{
    char block[1024];
    while (length && !is_closing(c)) {
        size_t n = 0, i;
        for (i = 0; i < length && n < sizeof block - 2; i++) {
            if (text[i] == '\n')
                block[n++] = '\r';
            n += utf8_from_latin1(block + n, text + i, 1);
        }
        telnet_send(c->telnet, block, n);
        text += i;
        length -= i;
    }
}

/* --- the device's side --- */

static void device_writes(void *context, const char *text, size_t length)
{
    send_text(context, text, length);
}

static void read_started(void *context, bool hidden)
{
    struct connection *c = context;
    if (hidden && !is_closing(c))
        telnet_negotiate(c->telnet, TELNET_WILL, TELNET_TELOPT_ECHO);
}

static void read_ended(void *context)
{
    struct connection *c = context;
    if (is_closing(c))
        return;
    if (c->echo_off)
        send_text(c, "\n", 1); /* nobody else moved the cursor */
    c->echo_off = false;
    telnet_negotiate(c->telnet, TELNET_WONT, TELNET_TELOPT_ECHO);
}

static void bell(void *context)
{
    send_text(context, "\a", 1);
}

static void hang_up(void *context)
{
    struct connection *c = context;
    c->line = NULL;
    finish(c);
}

static void room(void *context)
{
    struct connection *c = context;
    struct machine *m = c->server->m;
    if (c->refused && !is_closing(c))
        event_schedule(&m->events, &c->resume, machine_now(m));
}

static const struct line_backend backend = {
    .write = device_writes,
    .read_started = read_started,
    .read_ended = read_ended,
    .bell = bell,
    .room = room,
    .hang_up = hang_up,
};

/* --- input --- */

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer);
static void received(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer);

/* Also forgets what was typed ahead and not yet taken. */
static void attention(struct connection *c)
{
    c->length = c->pending_length = 0;
    c->refused = false;
    if (c->line)
        line_attention(c->line);
}

static void take_character(struct connection *c, int32_t character)
{
    if (character == KEY_ATTENTION) {
        attention(c);
    } else if (character == '\r' || character == '\n') {
        c->refused = c->line && !line_input(c->line, c->input, c->length);
        if (!c->refused)
            c->length = 0;
    } else if (character == KEY_BACKSPACE || character == KEY_DELETE) {
        c->length -= c->length > 0;
    } else if (character == KEY_KILL_LINE) {
        c->length = 0;
    } else if (character >= ' ' && c->length < sizeof c->input) {
        c->input[c->length++] = character < 0x100 ? (char)character : '?';
    } else if (character == '\t' && c->length < sizeof c->input) {
        c->input[c->length++] = ' ';
    }
}

/* Keeps bytes for later.  A client that goes on all the same is dropped. */
static void keep_bytes(struct connection *c, const char *bytes, size_t n)
{
    if (!c->pending)
        c->pending = malloc(PENDING_MOST);
    if (!c->pending || n > PENDING_MOST - c->pending_length) {
        drop(c);
        return;
    }
    memcpy(c->pending + c->pending_length, bytes, n);
    c->pending_length += n;
}

static void take_bytes(struct connection *c, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n && !is_closing(c); i++) {
        if (c->refused) {
            /* Ctrl-C is not behind the lines that wait. */
            const char *key = memrchr(bytes + i, KEY_ATTENTION, n - i);
            if (!key) {
                keep_bytes(c, bytes + i, n - i);
                return;
            }
            i = (size_t)(key - bytes);
        }
        bool second = c->after_return && (bytes[i] == '\n' || bytes[i] == 0);
        c->after_return = bytes[i] == '\r';
        if (second)
            continue;
        int32_t character = utf8_decode(&c->decoder, (uint8_t)bytes[i]);
        if (character >= 0)
            take_character(c, character);
    }
}

static void resume(struct machine *m, struct event *event)
{
    struct connection *c = LIST_ENTRY(event, struct connection, resume);
    char *bytes = c->pending;
    size_t n = c->pending_length;
    if (!c->refused || !c->line || is_closing(c) || !line_input(c->line, c->input, c->length))
        return;
    c->refused = false;
    c->length = c->pending_length = 0;
    c->pending = NULL;
    if (bytes)
        take_bytes(c, bytes, n);
    free(bytes);
    if (!c->refused)
        uv_read_start((uv_stream_t *)&c->tcp, give_buffer, received);
}

static void take_command(struct connection *c, unsigned command)
{
    switch (command) {
    case TELNET_IP:
        send_text(c, "\n", 1); /* the client has echoed the key */
        attention(c);
        break;
    case TELNET_BREAK:
        attention(c);
        break;
    case TELNET_EC:
        c->length -= c->length > 0;
        break;
    case TELNET_EL:
        c->length = 0;
        break;
    case TELNET_AYT:
        send_text(c, "\n[datbox is here]\n", 18);
        break;
    default:
        break;
    }
}

static void telnet_event(telnet_t *telnet, telnet_event_t *event, void *context)
{
    struct connection *c = context;
    switch (event->type) {
    case TELNET_EV_DATA:
        take_bytes(c, event->data.buffer, event->data.size);
        break;
    case TELNET_EV_SEND:
        send_bytes(c, event->data.buffer, event->data.size);
        break;
    case TELNET_EV_IAC:
        take_command(c, event->iac.cmd);
        break;
    case TELNET_EV_DO:
        if (event->neg.telopt == TELNET_TELOPT_ECHO)
            c->echo_off = true;
        break;
    case TELNET_EV_DONT:
        if (event->neg.telopt == TELNET_TELOPT_ECHO)
            c->echo_off = false;
        break;
    case TELNET_EV_ERROR:
        drop(c);
        break;
    default:
        break;
    }
}

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct connection *c = handle->data;
    *buffer = uv_buf_init(c->received, sizeof c->received);
}

static void received(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct connection *c = stream->data;
    if (n < 0)
        drop(c);
    else
        telnet_recv(c->telnet, buffer->base, (size_t)n);
    if (c->pending_length > PENDING_MOST / 2 && !is_closing(c))
        uv_read_stop(stream); /* until the device takes lines again */
}

/* --- connections --- */

/* The client refuses all that is not in this table: nothing. */
static const telnet_telopt_t no_options[] = {{-1, 0, 0}};

static void connected(uv_stream_t *listener, int status)
{
    static const char full[] = "datbox: all lines are in use; try again later\n";
    struct telnet_server *server = listener->data;
    struct connection *c = status < 0 ? NULL : calloc(1, sizeof *c);
    if (!c)
        return;
    c->server = server;
    c->resume.happen = resume;
    c->telnet = telnet_init(no_options, telnet_event, 0, c);
    uv_tcp_init(server->m->loop, &c->tcp);
    c->tcp.data = c;
    list_append(&server->connections, &c->link);
    if (!c->telnet || uv_accept(listener, (uv_stream_t *)&c->tcp)) {
        drop(c);
        return;
    }
    uv_tcp_nodelay(&c->tcp, 1);
    uv_tcp_keepalive(&c->tcp, 1, KEEPALIVE_SECONDS);
    uv_read_start((uv_stream_t *)&c->tcp, give_buffer, received);
    struct line *line = line_find_free(server->m);
    if (line && line_connect(line, &backend, c)) {
        c->line = line;
        return;
    }
    send_text(c, full, sizeof full - 1);
    finish(c);
}

static void listener_closed(uv_handle_t *handle)
{
    struct telnet_server *server = handle->data;
    handle->data = NULL;
    server_free(server);
}

struct telnet_server *telnet_listen(struct machine *m, const char *host, uint16_t port)
{
    struct sockaddr_storage address;
    int length = sizeof address;
    struct telnet_server *server = calloc(1, sizeof *server);
    if (!server)
        abort();
    if (!host)
        host = LOOPBACK;
    server->m = m;
    list_init(&server->connections);
    uv_tcp_init(m->loop, &server->listener);
    server->listener.data = server;
    int error = strchr(host, ':') ? uv_ip6_addr(host, port, (struct sockaddr_in6 *)&address)
                                  : uv_ip4_addr(host, port, (struct sockaddr_in *)&address);
    if (!error)
        error = uv_tcp_bind(&server->listener, (struct sockaddr *)&address, 0);
    if (!error)
        error = uv_listen((uv_stream_t *)&server->listener, BACKLOG, connected);
    if (error == UV_EADDRINUSE)
        machine_message(m,
                        "port %u on %s is in use by another program: end that, or choose another "
                        "port with --port N (CNSLPORT in a configuration)",
                        port, host);
    else if (error)
        machine_message(m, "can't listen on port %u of %s: %s (--port N chooses another port)",
                        port, host, uv_strerror(error));
    if (error) {
        telnet_close(server);
        return NULL;
    }
    uv_tcp_getsockname(&server->listener, (struct sockaddr *)&address, &length);
    server->port = ntohs(((struct sockaddr_in *)&address)->sin_port); /* same place in IPv6 */
    return server;
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
    drop(LIST_ENTRY(it, struct connection, link));
    uv_close((uv_handle_t *)&server->listener, listener_closed);
}

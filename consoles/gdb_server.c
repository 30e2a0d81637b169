/* The port for debuggers (see gdb_server.h), on the host's event loop. */
#include "consoles/gdb_server.h"

#include "lib/str.h"
#include "s370/machine.h"
#include "s370/operator/gdb.h"
#include "s370/operator/operator.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define LOOPBACK     "127.0.0.1"
#define BACKLOG      2
#define OUTPUT_LIMIT (1u << 20) /* bytes that wait for a debugger which does not read */

struct debugger {
    uv_tcp_t tcp;
    struct gdb_server *server;
    struct gdb *gdb;
    bool busy;   /* its bytes are being looked at: it must not go now, */
    bool doomed; /* but directly behind */
};

struct listener {
    uv_tcp_t tcp;
    struct gdb_server *server;
};

struct gdb_server {
    struct machine *m;
    struct oper *oper;
    struct listener *listener; /* NULL: nowhere */
    struct debugger *debugger; /* NULL: nobody */
};

/* --- one debugger --- */

static void free_data(uv_handle_t *handle)
{
    free(handle->data);
}

static void drop(struct debugger *d)
{
    d->doomed = true;
    if (d->busy)
        return;
    gdb_destroy(d->gdb);
    d->server->debugger = NULL;
    uv_close((uv_handle_t *)&d->tcp, free_data);
}

struct output {
    uv_write_t request;
    char bytes[];
};

static void written(uv_write_t *request, int status)
{
    free(request->data);
}

static void send_bytes(void *context, const char *bytes, size_t length)
{
    struct debugger *d = context;
    if (d->doomed || uv_stream_get_write_queue_size((uv_stream_t *)&d->tcp) > OUTPUT_LIMIT)
        return;
    struct output *out = malloc(sizeof *out + length);
    if (!out)
        return;
    memcpy(out->bytes, bytes, length);
    out->request.data = out;
    uv_buf_t buffer = uv_buf_init(out->bytes, (unsigned)length);
    if (uv_write(&out->request, (uv_stream_t *)&d->tcp, &buffer, 1, written) != 0)
        free(out);
}

static void hang_up(void *context)
{
    drop(context);
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    buffer->base = malloc(suggested);
    buffer->len = buffer->base ? suggested : 0;
}

static void has_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct debugger *d = stream->data;
    d->busy = true;
    if (n > 0)
        gdb_input(d->gdb, (const uint8_t *)buffer->base, (size_t)n);
    d->busy = false;
    free(buffer->base);
    if (n < 0 || d->doomed)
        drop(d);
    else
        cpu_break(d->server->m->cpu); /* the loop looks at what has changed */
}

static void connected(uv_stream_t *stream, int status)
{
    static const struct gdb_link gdb_link = {send_bytes, hang_up};
    struct listener *listener = stream->data;
    struct gdb_server *s = listener->server;
    struct debugger *d = status < 0 ? NULL : calloc(1, sizeof *d);
    if (!d)
        return;
    uv_tcp_init(s->m->loop, &d->tcp);
    d->tcp.data = d;
    d->server = s;
    bool accepted = uv_accept(stream, (uv_stream_t *)&d->tcp) == 0;
    if (accepted && !s->debugger)
        d->gdb = gdb_create(s->oper, &gdb_link, d);
    if (!d->gdb) {
        machine_message(s->m, "gdb: refused a second debugger");
        uv_close((uv_handle_t *)&d->tcp, free_data);
        return;
    }
    s->debugger = d;
    uv_tcp_nodelay(&d->tcp, 1);
    uv_read_start((uv_stream_t *)&d->tcp, give_room, has_read);
}

/* --- the port --- */

static void stop_listening(struct gdb_server *s)
{
    if (s->listener)
        uv_close((uv_handle_t *)&s->listener->tcp, free_data);
    s->listener = NULL;
}

/* "PORT", "ADDRESS:PORT", "[ADDRESS]:PORT".  False if it is none of these. */
static bool parse(const char *where, char *host, size_t size, uint32_t *port)
{
    const char *colon = strrchr(where, ':');
    str_copy(host, LOOPBACK, size);
    if (colon) {
        bool brackets = where[0] == '[' && colon > where && colon[-1] == ']';
        size_t n = (size_t)(colon - where) - (brackets ? 2 : 0);
        if (n == 0 || n >= size)
            return false;
        memcpy(host, where + brackets, n);
        host[n] = 0;
    }
    return str_decimal(colon ? colon + 1 : where, port) && *port <= 65535;
}

static int bind_to(struct listener *l, const char *host, uint16_t port, uint16_t *bound)
{
    struct sockaddr_storage address;
    int length = sizeof address;
    int error = strchr(host, ':') ? uv_ip6_addr(host, port, (struct sockaddr_in6 *)&address)
                                  : uv_ip4_addr(host, port, (struct sockaddr_in *)&address);
    if (!error)
        error = uv_tcp_bind(&l->tcp, (struct sockaddr *)&address, 0);
    if (!error)
        error = uv_listen((uv_stream_t *)&l->tcp, BACKLOG, connected);
    if (!error)
        error = uv_tcp_getsockname(&l->tcp, (struct sockaddr *)&address, &length);
    if (!error)
        *bound = ntohs(((struct sockaddr_in *)&address)->sin_port); /* same place in IPv6 */
    return error;
}

bool gdb_server_listen(struct gdb_server *s, const char *where)
{
    char host[64];
    uint32_t port;
    uint16_t bound = 0;
    if (!where) {
        stop_listening(s);
        return true;
    }
    if (!parse(where, host, sizeof host, &port)) {
        machine_message(s->m, "gdb %s: give a port (0 to 65535), or ADDRESS:PORT", where);
        return false;
    }
    struct listener *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    uv_tcp_init(s->m->loop, &l->tcp);
    l->tcp.data = l;
    l->server = s;
    int error = bind_to(l, host, (uint16_t)port, &bound);
    if (error) {
        machine_message(s->m, "gdb: can't listen on port %u of %s: %s", port, host,
                        uv_strerror(error));
        uv_close((uv_handle_t *)&l->tcp, free_data);
        return false;
    }
    stop_listening(s);
    s->listener = l;
    machine_message(s->m,
                    strchr(host, ':') ? "gdb: connect with: target remote [%s]:%u"
                                      : "gdb: connect with: target remote %s:%u",
                    host, bound);
    return true;
}

static bool listen_command(void *context, const char *where)
{
    return gdb_server_listen(context, where);
}

struct gdb_server *gdb_server_create(struct machine *m, struct oper *o)
{
    struct gdb_server *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->m = m;
    s->oper = o;
    operator_set_gdb(o, listen_command, s);
    return s;
}

void gdb_server_destroy(struct gdb_server *s)
{
    if (!s)
        return;
    operator_set_gdb(s->oper, NULL, NULL);
    stop_listening(s);
    if (s->debugger)
        drop(s->debugger);
    free(s);
}

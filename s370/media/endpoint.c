/* Where a device meets other programs of the host. */
#include "s370/media/endpoint.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 16

/* Splits HOST:PORT, [HOST]:PORT or PORT.  False: it has not this form. */
static bool split(const char *text, char *host, size_t size, long *port)
{
    const char *colon = strrchr(text, ':');
    const char *digits = colon ? colon + 1 : text;
    size_t length = colon ? (size_t)(colon - text) : 0;
    char *end;
    if (*digits < '0' || *digits > '9')
        return false;
    *port = strtol(digits, &end, 10);
    if (*end || *port < 0 || *port > 65535)
        return false;
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    }
    if (length >= size)
        return false;
    memcpy(host, text, length);
    host[length] = 0;
    if (!*host || !strcmp(host, "localhost"))
        strcpy(host, "127.0.0.1");
    return true;
}

const char *endpoint_parse(struct endpoint *e, const char *text, char *message, size_t size)
{
    char host[64];
    long port;
    memset(e, 0, sizeof *e);
    if (strlen(text) >= sizeof e->text) {
        snprintf(message, size, "%s: is too long for an address", text);
        return message;
    }
    strcpy(e->text, text);
    e->is_path = strchr(text, '/') != NULL;
    if (e->is_path)
        return NULL;
    if (split(text, host, sizeof host, &port) &&
        (!uv_ip4_addr(host, (int)port, (struct sockaddr_in *)&e->address) ||
         !uv_ip6_addr(host, (int)port, (struct sockaddr_in6 *)&e->address)))
        return NULL;
    snprintf(message, size,
             "'%s' is no address (PORT, HOST:PORT with localhost or a numeric HOST, or the path "
             "of a socket)",
             text);
    return message;
}

int endpoint_stream_init(const struct endpoint *e, struct uv_loop_s *loop, union endpoint_stream *s)
{
    return e->is_path ? uv_pipe_init(loop, &s->pipe, 0) : uv_tcp_init(loop, &s->tcp);
}

/* Removes the socket at `path` if nobody listens there. */
static void remove_stale(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat st;
    strcpy(address.sun_path, path);
    if (stat(path, &st) != 0 || !S_ISSOCK(st.st_mode))
        return;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0 && errno == ECONNREFUSED)
        unlink(path);
    close(fd);
}

const char *endpoint_listen(const struct endpoint *e, struct uv_loop_s *loop,
                            union endpoint_stream *s, uv_connection_cb connection,
                            bool *initialized, char *message, size_t size)
{
    int error = endpoint_stream_init(e, loop, s);
    *initialized = error == 0;
    if (!error && e->is_path) {
        remove_stale(e->text);
        error = uv_pipe_bind(&s->pipe, e->text);
    } else if (!error) {
        error = uv_tcp_bind(&s->tcp, (const struct sockaddr *)&e->address, 0);
    }
    if (!error)
        error = uv_listen(&s->stream, BACKLOG, connection);
    if (!error)
        return NULL;
    snprintf(message, size, "%s: cannot listen there: %s", e->text, uv_strerror(error));
    return message;
}

int endpoint_connect(const struct endpoint *e, union endpoint_stream *s, uv_connect_t *request,
                     uv_connect_cb connected)
{
    if (!e->is_path)
        return uv_tcp_connect(request, &s->tcp, (const struct sockaddr *)&e->address, connected);
    uv_pipe_connect(request, &s->pipe, e->text, connected);
    return 0;
}

/* Where a device meets other programs of the host: a TCP port or a socket in the file system.
 *
 *     3505               TCP port 3505 of the loopback interface
 *     localhost:3505     the same; or a numeric address, [::1]:3505 for version 6
 *     /run/reader        a socket's path (it contains a slash)
 *
 * Nothing but loopback is used unless an address says so. */
#ifndef S370_MEDIA_ENDPOINT_H
#define S370_MEDIA_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <uv.h>

struct endpoint {
    char text[sizeof((struct sockaddr_un *)0)->sun_path]; /* as it was given; a path */
    bool is_path;
    struct sockaddr_storage address; /* unless it is a path */
};

/* A stream of either kind. */
union endpoint_stream {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
};

/* NULL, or `message` filled in. */
const char *endpoint_parse(struct endpoint *e, const char *text, char *message, size_t size);
/* Initializes a stream of the endpoint's kind.  0 or libuv's error. */
int endpoint_stream_init(const struct endpoint *e, struct uv_loop_s *loop,
                         union endpoint_stream *s);
/* Initializes `s` and listens.  NULL, or `message` filled in; `s` is then to be closed only if
 * *initialized. A socket that a killed program has left in the file system is removed. */
const char *endpoint_listen(const struct endpoint *e, struct uv_loop_s *loop,
                            union endpoint_stream *s, uv_connection_cb connection,
                            bool *initialized, char *message, size_t size);
/* Connects an initialized stream. 0 or libuv's error. */
int endpoint_connect(const struct endpoint *e, union endpoint_stream *s, uv_connect_t *request,
                     uv_connect_cb connected);

#endif

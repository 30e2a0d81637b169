/* A socket that a printer or punch writes to: whoever connects receives, one client at a time;
 * others wait.  It sends as fast as the client takes; the bytes that wait are its owner's. */
#ifndef S370_MEDIA_OUTPUT_SOCKET_H
#define S370_MEDIA_OUTPUT_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

struct output_socket;
struct uv_loop_s;

struct output_socket_calls {
    /* The bytes that wait, and how many of them; *bytes stays until something is put to them. */
    size_t (*waiting)(void *context, const char **bytes);
    /* The first `length` of them are the client's now. */
    void (*taken)(void *context, size_t length);
};

/* Listens at `address` (s370/media/endpoint.h).  NULL with `message` filled in if that is not
 * possible.  `calls` must stay. */
struct output_socket *output_socket_open(struct uv_loop_s *loop, const char *address,
                                         const struct output_socket_calls *calls, void *context,
                                         char *message, size_t size);
void output_socket_close(struct output_socket *s);
void output_socket_set_context(struct output_socket *s, void *context);
/* There are bytes: sends what the client takes. */
void output_socket_send(struct output_socket *s);
bool output_socket_is_connected(const struct output_socket *s);

#endif

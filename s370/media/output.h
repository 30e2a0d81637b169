/* Where a printer or punch writes to: a host file, at its end, or a socket.  What the host refuses
 * (a full disk), or no client takes, stays in memory: nothing is lost. */
#ifndef S370_MEDIA_OUTPUT_H
#define S370_MEDIA_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output_socket;
struct uv_loop_s;

#define OUTPUT_WAITING_MOST (1u << 20) /* bytes that may wait for a socket's client */

struct output {
    char *path;    /* or a socket's address; NULL: closed */
    int fd;        /* -1: a socket */
    bool had_text; /* the file was not empty when it was opened */
    char *bytes;   /* what is not in the file yet */
    size_t length, room;
    struct output_socket *socket;   /* or NULL */
    void (*drained)(void *context); /* a socket's client has taken something */
    void *context;
};

/* Opens or creates the file; `clear` empties it.  NULL, or `message` filled in. */
const char *output_open(struct output *o, const char *path, bool clear, char *message, size_t size);
/* Listens at `address` for clients. The same. */
const char *output_listen(struct output *o, struct uv_loop_s *loop, const char *address,
                          void (*drained)(void *context), void *context, char *message,
                          size_t size);
void output_put(struct output *o, const char *bytes, size_t length);
/* False with errno set if the host refuses; the rest is kept.  What waits for a socket's client is
 * not refused. */
bool output_flush(struct output *o);
/* As much waits for a client as may. */
bool output_is_full(const struct output *o);
bool output_is_connected(const struct output *o); /* a client, to the socket */
/* `from` is closed then; `to` was. */
void output_move(struct output *to, struct output *from);
/* Bytes in the file so far; 0 if it is none that has a length. */
uint64_t output_size(const struct output *o);
/* Saves what is not in the file yet, or takes it in place of what is not now (what waits for a
 * socket's client goes before it). */
struct saved;
void output_saved(struct output *o, struct saved *s);
/* Flushes and closes.  Returns how many bytes the host, or a client, would not take. */
size_t output_close(struct output *o);

#endif

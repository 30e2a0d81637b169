/* A socket that takes decks: what a client sends until it closes the connection is one deck.
 * It is looked at as a whole before any of its cards is read; what is wrong with it is said to
 * the operator and to the client.  The deck of a connection that breaks is dropped. */
#ifndef S370_MEDIA_DECK_SOCKET_H
#define S370_MEDIA_DECK_SOCKET_H

#include "s370/media/deck.h"

struct deck_socket;
struct uv_loop_s;

struct deck_socket_calls {
    /* Is there room for another deck?  If not, clients wait until deck_socket_room(). */
    bool (*room)(void *context);
    void (*deck)(void *context, struct deck *deck); /* now the callee's */
    void (*message)(void *context, const char *text);
};

/* Listens at `address` (s370/media/endpoint.h).  NULL with `message` filled in if that is not
 * possible.  `calls` must stay. */
struct deck_socket *deck_socket_open(struct uv_loop_s *loop, const char *address,
                                     const struct deck_options *options,
                                     const struct deck_socket_calls *calls, void *context,
                                     char *message, size_t size);
void deck_socket_close(struct deck_socket *s); /* NULL is allowed */
/* There is room again: clients that wait get their turn. */
void deck_socket_room(struct deck_socket *s);
const char *deck_socket_address(const struct deck_socket *s);

#endif

/* A connection between two datboxes that carries messages: one side listens, the other connects,
 * and again whenever the connection is lost.  A message has a head of eight bytes: kind, code,
 * sequence (2 bytes), length of the data (4), big-endian.  The first one in each direction is a
 * greeting.
 *
 * Messages are few and answered by the other side, so those that wait for a slow connection are
 * bounded by what is sent here. */
#ifndef S370_MEDIA_LINK_H
#define S370_MEDIA_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINK_DATA_MOST 65536u

struct link;
struct uv_loop_s;

struct link_message {
    uint8_t kind; /* not 0, which is the greeting's */
    uint8_t code;
    uint16_t sequence;
    uint32_t length;
};

struct link_calls {
    void (*up)(void *context); /* the other side is there */
    void (*down)(void *context);
    /* False: no such message can come; the connection is closed, with a message. */
    bool (*receive)(void *context, const struct link_message *m, const uint8_t *data);
    void (*message)(void *context, const char *text);
};

/* Listens at, or connects to, `address` (s370/media/endpoint.h).  `greeting` is what the other side
 * must be (at most 32 bytes).  NULL with `message` filled in if that is not possible. `calls` and
 * `greeting` must stay. */
struct link *link_open(struct uv_loop_s *loop, bool listens, const char *address,
                       const char *greeting, const struct link_calls *calls, void *context,
                       char *message, size_t size);
void link_close(struct link *l); /* NULL is allowed; no call comes any more */
/* Sends; nothing happens if the link is not up. */
void link_send(struct link *l, const struct link_message *m, const void *data);
bool link_is_up(const struct link *l);
const char *link_address(const struct link *l);

#endif

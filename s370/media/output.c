/* Where a printer or punch writes to. */
#include "s370/media/output.h"

#include "s370/media/output_socket.h"
#include "s370/saved.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *output_open(struct output *o, const char *path, bool clear, char *message, size_t size)
{
    struct stat st;
    memset(o, 0, sizeof *o);
    o->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | (clear ? O_TRUNC : 0), 0666);
    if (o->fd >= 0)
        o->path = strdup(path);
    if (o->fd < 0 || !o->path) {
        snprintf(message, size, "%s: cannot write the file: %s", path, strerror(errno));
        return message;
    }
    o->had_text = fstat(o->fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
    return NULL;
}

static size_t waiting(void *context, const char **bytes)
{
    struct output *o = context;
    *bytes = o->bytes;
    return o->length;
}

static void drop(struct output *o, size_t length)
{
    o->length -= length;
    memmove(o->bytes, o->bytes + length, o->length);
}

static void taken(void *context, size_t length)
{
    struct output *o = context;
    drop(o, length);
    o->drained(o->context);
}

const char *output_listen(struct output *o, struct uv_loop_s *loop, const char *address,
                          void (*drained)(void *context), void *context, char *message, size_t size)
{
    static const struct output_socket_calls calls = {waiting, taken};
    memset(o, 0, sizeof *o);
    o->fd = -1;
    o->drained = drained;
    o->context = context;
    o->path = strdup(address);
    if (!o->path) {
        snprintf(message, size, "%s: no memory", address);
        return message;
    }
    o->socket = output_socket_open(loop, address, &calls, o, message, size);
    if (o->socket)
        return NULL;
    free(o->path);
    o->path = NULL;
    return message;
}

void output_put(struct output *o, const char *bytes, size_t length)
{
    if (length > o->room - o->length) {
        size_t room = 2 * (o->length + length) + 4096;
        char *more = realloc(o->bytes, room);
        if (!more)
            abort(); /* the host is out of memory */
        o->bytes = more;
        o->room = room;
    }
    if (length)
        memcpy(o->bytes + o->length, bytes, length);
    o->length += length;
}

bool output_flush(struct output *o)
{
    size_t done = 0;
    bool ok = true;
    if (o->socket) {
        output_socket_send(o->socket);
        return true;
    }
    while (ok && done < o->length) {
        ssize_t n = write(o->fd, o->bytes + done, o->length - done);
        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            ok = false;
    }
    if (done > 0)
        drop(o, done);
    return ok;
}

bool output_is_full(const struct output *o)
{
    return o->socket && o->length >= OUTPUT_WAITING_MOST;
}

bool output_is_connected(const struct output *o)
{
    return o->socket && output_socket_is_connected(o->socket);
}

void output_move(struct output *to, struct output *from)
{
    *to = *from;
    memset(from, 0, sizeof *from);
    if (to->socket)
        output_socket_set_context(to->socket, to);
}

uint64_t output_size(const struct output *o)
{
    struct stat st;
    bool has = o->path && !o->socket && fstat(o->fd, &st) == 0 && S_ISREG(st.st_mode);
    return has ? (uint64_t)st.st_size : 0;
}

void output_saved(struct output *o, struct saved *s)
{
    /* What the host takes is in its file: whoever has saved may go on and write it, too. */
    if (!s->reading)
        output_flush(o);
    uint64_t length = s->reading ? 0 : o->length;
    saved_u64(s, &length);
    if (!s->reading) {
        saved_bytes(s, o->bytes, o->length);
        return;
    }
    if (length > saved_left(s)) {
        saved_refuse(s, "the output for %s is too long", o->path ? o->path : "a file");
        length = 0;
    }
    if (!o->socket)
        o->length = 0;
    output_put(o, (const char *)s->bytes + s->at, (size_t)length);
    s->at += (size_t)length;
}

size_t output_close(struct output *o)
{
    if (!o->path)
        return 0;
    output_flush(o);
    size_t lost = o->length;
    if (o->socket)
        output_socket_close(o->socket);
    else
        close(o->fd);
    free(o->bytes);
    free(o->path);
    memset(o, 0, sizeof *o);
    return lost;
}

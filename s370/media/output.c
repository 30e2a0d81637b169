/* A host file that a printer or punch writes to. */
#include "s370/media/output.h"

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
    memcpy(o->bytes + o->length, bytes, length);
    o->length += length;
}

bool output_flush(struct output *o)
{
    size_t done = 0;
    bool ok = true;
    while (ok && done < o->length) {
        ssize_t n = write(o->fd, o->bytes + done, o->length - done);
        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            ok = false;
    }
    if (done > 0) {
        o->length -= done;
        memmove(o->bytes, o->bytes + done, o->length);
    }
    return ok;
}

size_t output_close(struct output *o)
{
    if (!o->path)
        return 0;
    output_flush(o);
    size_t lost = o->length;
    close(o->fd);
    free(o->bytes);
    free(o->path);
    memset(o, 0, sizeof *o);
    return lost;
}

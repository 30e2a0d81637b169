/* The panel's end of the local socket. */
#include "consoles/panel/panel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool link_open(struct link *link, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memset(link, 0, sizeof *link);
    link->fd = -1;
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    strcpy(address.sun_path, path);
    link->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (link->fd < 0)
        return false;
    if (connect(link->fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return true;
    int error = errno;
    link_close(link);
    errno = error;
    return false;
}

bool link_read(struct link *link, panel_take *take, void *context)
{
    uint8_t bytes[16384];
    ssize_t n;
    while (link->fd >= 0 && (n = recv(link->fd, bytes, sizeof bytes, MSG_DONTWAIT)) != 0) {
        if (n < 0)
            return errno == EAGAIN || errno == EINTR;
        if (!panel_input_add(&link->input, bytes, (size_t)n, take, context))
            return false;
    }
    return false;
}

bool link_send(struct link *link, enum panel_message kind, const char *text)
{
    uint8_t bytes[PANEL_HEADER + 256];
    size_t length = strlen(text);
    if (link->fd < 0 || length > sizeof bytes - PANEL_HEADER)
        return false;
    panel_header(bytes, kind, length);
    memcpy(bytes + PANEL_HEADER, text, length);
    length += PANEL_HEADER;
    for (size_t done = 0; done < length;) {
        ssize_t n = send(link->fd, bytes + done, length - done, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

void link_wait(const struct link *link, int ms)
{
    struct pollfd p = {.fd = link->fd, .events = POLLIN};
    (void)poll(&p, 1, ms);
}

void link_close(struct link *link)
{
    if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
}

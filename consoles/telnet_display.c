/* Telnet connections that are 3270s: between tn3270.c and a display of the machine.  A client
 * that is slow to take what is sent makes its device wait, and nobody else. */
#include "consoles/connection.h"
#include "lib/str.h"

#include <ctype.h>
#include <stdio.h>

#define BEHIND (32u << 10) /* bytes from which on a client is slow */

static bool send_record(void *context, const uint8_t *record, size_t length)
{
    struct connection *c = context;
    connection_hold(c);
    bool may_go_on = tn3270_send(&c->tn, record, length);
    connection_release(c);
    c->behind = connection_backlog(c) > BEHIND;
    c->unanswered = !may_go_on;
    return !c->behind && may_go_on;
}

static void hang_up(void *context)
{
    struct connection *c = context;
    c->display = NULL;
    if (connection_is_closing(c))
        return;
    tn3270_unbind(&c->tn);
    connection_finish(c);
}

static const struct display_backend backend = {send_record, hang_up};

static void is_line(void *context)
{
    struct connection *c = context;
    display_seat_leave(c);
    connection_become(c, CONNECTION_LINE);
    line_seat_take(c);
}

static enum display_found reserve(void *context, const struct display_terminal *terminal,
                                  const char *name, char called[TN3270_NAME])
{
    struct connection *c = context;
    struct display *display;
    uint32_t address;
    display_seat_leave(c);
    if (toupper(name[0]) == 'L' && strlen(name) == 5 && str_hex(name + 1, &address))
        name++; /* as we call it */
    enum display_found found = display_find(c->server->m, name, &display);
    if (found != DISPLAY_FOUND || !display_connect(display, terminal, &backend, c))
        return found == DISPLAY_FOUND ? DISPLAY_IN_USE : found;
    c->display = display;
    snprintf(called, TN3270_NAME, "L%04X", display_address(display));
    return DISPLAY_FOUND;
}

static void ready(void *context)
{
    struct connection *c = context;
    connection_become(c, CONNECTION_DISPLAY);
    if (c->display)
        display_ready(c->display);
}

static void record(void *context, const uint8_t *bytes, size_t length)
{
    struct connection *c = context;
    if (c->display && !connection_is_closing(c))
        display_input(c->display, bytes, length);
}

static void error(void *context, uint8_t sense)
{
    struct connection *c = context;
    if (c->display && !connection_is_closing(c))
        display_error(c->display, sense);
}

static void drained(struct connection *c)
{
    if (!c->behind && !c->unanswered && c->display)
        display_drained(c->display);
}

static void caught_up(void *context)
{
    struct connection *c = context;
    c->unanswered = false;
    drained(c);
}

static void leave(void *context)
{
    struct connection *c = context;
    display_seat_leave(c);
    connection_finish(c);
}

static void refuse(void *context, const char *reason)
{
    struct connection *c = context;
    if (!reason) {
        connection_drop(c);
        return;
    }
    connection_text(c, "datbox: ", 8);
    connection_text(c, reason, strlen(reason));
    connection_text(c, "\n", 1);
    connection_finish(c);
}

static const struct tn3270_owner owner = {
    .is_line = is_line,
    .reserve = reserve,
    .ready = ready,
    .record = record,
    .error = error,
    .caught_up = caught_up,
    .leave = leave,
    .refuse = refuse,
};

void display_seat_start(struct connection *c)
{
    tn3270_start(&c->tn, c->telnet, &owner, c);
}

void display_seat_drained(struct connection *c)
{
    if (!c->behind || connection_backlog(c) > 0)
        return;
    c->behind = false;
    drained(c);
}

void display_seat_leave(struct connection *c)
{
    struct display *display = c->display;
    c->display = NULL;
    c->behind = c->unanswered = false;
    if (display)
        display_disconnect(display);
}

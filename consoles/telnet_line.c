/* Telnet connections that are lines of 3215 consoles.  Every option that a client asks for is
 * refused, so that it stays in line mode with its own echo; WILL ECHO is offered only while
 * a password is read. */
#include "consoles/connection.h"
#include "s370/devices/line.h"

#define PENDING_MOST (64u << 10) /* input that waits until the device takes lines again */

#define KEY_ATTENTION 0x03 /* Ctrl-C */
#define KEY_BACKSPACE 0x08
#define KEY_KILL_LINE 0x15 /* Ctrl-U */
#define KEY_DELETE    0x7f

void connection_text(struct connection *c, const char *text, size_t length)
{
    char block[1024];
    while (length && !connection_is_closing(c)) {
        size_t n = 0, i;
        for (i = 0; i < length && n < sizeof block - 2; i++) {
            if (text[i] == '\n')
                block[n++] = '\r';
            n += utf8_from_latin1(block + n, text + i, 1);
        }
        telnet_send(c->telnet, block, n);
        text += i;
        length -= i;
    }
}

/* --- the device's side --- */

static void device_writes(void *context, const char *text, size_t length)
{
    connection_text(context, text, length);
}

static void read_started(void *context, bool hidden)
{
    struct connection *c = context;
    if (hidden && !connection_is_closing(c))
        telnet_negotiate(c->telnet, TELNET_WILL, TELNET_TELOPT_ECHO);
}

static void read_ended(void *context)
{
    struct connection *c = context;
    if (connection_is_closing(c))
        return;
    if (c->echo_off)
        connection_text(c, "\n", 1); /* nobody else moved the cursor */
    c->echo_off = false;
    telnet_negotiate(c->telnet, TELNET_WONT, TELNET_TELOPT_ECHO);
}

static void bell(void *context)
{
    connection_text(context, "\a", 1);
}

static void hang_up(void *context)
{
    struct connection *c = context;
    c->line = NULL;
    connection_finish(c);
}

static void room(void *context)
{
    struct connection *c = context;
    struct machine *m = c->server->m;
    if (c->refused && !connection_is_closing(c))
        event_schedule(&m->events, &c->resume, machine_now(m));
}

static const struct line_backend backend = {
    .write = device_writes,
    .read_started = read_started,
    .read_ended = read_ended,
    .bell = bell,
    .room = room,
    .hang_up = hang_up,
};

/* --- input --- */

/* Also forgets what was typed ahead and not yet taken. */
static void attention(struct connection *c)
{
    c->length = c->pending_length = 0;
    c->refused = false;
    if (c->line)
        line_attention(c->line);
}

static void take_character(struct connection *c, int32_t character)
{
    if (character == KEY_ATTENTION) {
        attention(c);
    } else if (character == '\r' || character == '\n') {
        c->refused = c->line && !line_input(c->line, c->input, c->length);
        if (!c->refused)
            c->length = 0;
    } else if (character == KEY_BACKSPACE || character == KEY_DELETE) {
        c->length -= c->length > 0;
    } else if (character == KEY_KILL_LINE) {
        c->length = 0;
    } else if (character >= ' ' && c->length < sizeof c->input) {
        c->input[c->length++] = character < 0x100 ? (char)character : '?';
    } else if (character == '\t' && c->length < sizeof c->input) {
        c->input[c->length++] = ' ';
    }
}

/* Keeps bytes for later.  A client that goes on all the same is dropped. */
static void keep_bytes(struct connection *c, const char *bytes, size_t n)
{
    if (!c->pending)
        c->pending = malloc(PENDING_MOST);
    if (!c->pending || n > PENDING_MOST - c->pending_length) {
        connection_drop(c);
        return;
    }
    memcpy(c->pending + c->pending_length, bytes, n);
    c->pending_length += n;
}

static void take_bytes(struct connection *c, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n && !connection_is_closing(c); i++) {
        if (c->refused) {
            /* Ctrl-C is not behind the lines that wait. */
            const char *key = memrchr(bytes + i, KEY_ATTENTION, n - i);
            if (!key) {
                keep_bytes(c, bytes + i, n - i);
                return;
            }
            i = (size_t)(key - bytes);
        }
        bool second = c->after_return && (bytes[i] == '\n' || bytes[i] == 0);
        c->after_return = bytes[i] == '\r';
        if (second)
            continue;
        int32_t character = utf8_decode(&c->decoder, (uint8_t)bytes[i]);
        if (character >= 0)
            take_character(c, character);
    }
}

static void resume(struct machine *m, struct event *event)
{
    struct connection *c = LIST_ENTRY(event, struct connection, resume);
    char *bytes = c->pending;
    size_t n = c->pending_length;
    if (!c->refused || !c->line || connection_is_closing(c) ||
        !line_input(c->line, c->input, c->length))
        return;
    c->refused = false;
    c->length = c->pending_length = 0;
    c->pending = NULL;
    if (bytes)
        take_bytes(c, bytes, n);
    free(bytes);
    if (!c->refused)
        connection_read_on(c);
}

static void take_command(struct connection *c, unsigned command)
{
    switch (command) {
    case TELNET_IP:
        connection_text(c, "\n", 1); /* the client has echoed the key */
        attention(c);
        break;
    case TELNET_BREAK:
        attention(c);
        break;
    case TELNET_EC:
        c->length -= c->length > 0;
        break;
    case TELNET_EL:
        c->length = 0;
        break;
    case TELNET_AYT:
        connection_text(c, "\n[datbox is here]\n", 18);
        break;
    default:
        break;
    }
}

void line_seat_event(struct connection *c, telnet_event_t *event)
{
    switch (event->type) {
    case TELNET_EV_DATA:
        take_bytes(c, event->data.buffer, event->data.size);
        break;
    case TELNET_EV_IAC:
        take_command(c, event->iac.cmd);
        break;
    case TELNET_EV_DO:
        if (event->neg.telopt == TELNET_TELOPT_ECHO)
            c->echo_off = true;
        break;
    case TELNET_EV_DONT:
        if (event->neg.telopt == TELNET_TELOPT_ECHO)
            c->echo_off = false;
        break;
    default:
        break;
    }
}

void line_seat_received(struct connection *c)
{
    if (c->pending_length > PENDING_MOST / 2 && !connection_is_closing(c))
        connection_read_stop(c); /* until the device takes lines again */
}

void line_seat_take(struct connection *c)
{
    static const char full[] = "datbox: all lines are in use; try again later\n";
    struct line *line = line_find_free(c->server->m);
    c->resume.happen = resume;
    if (line && line_connect(line, &backend, c)) {
        c->line = line;
        return;
    }
    connection_text(c, full, sizeof full - 1);
    connection_finish(c);
}

void line_seat_leave(struct connection *c)
{
    if (c->line)
        line_disconnect(c->line);
    c->line = NULL;
    event_cancel(&c->server->m->events, &c->resume);
    free(c->pending);
    c->pending = NULL;
}

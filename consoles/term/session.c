/* A session: sockets, and what comes through them; see session.h.  What keys do is in
 * keyboard.c. */
#include "consoles/term/session_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The sockets of one try to connect: they outlive the session until the loop has closed them. */
struct link {
    struct session *session; /* NULL: nobody is interested any more */
    uv_getaddrinfo_t resolve;
    uv_connect_t connect;
    uv_tcp_t tcp;
    unsigned uses;             /* by the loop: the socket, and the look-up of the host's address */
    struct addrinfo *all, *at; /* the host's addresses, and the one that is tried */
    bool failed;               /* closed as soon as libtelnet has returned */
};

struct output {
    uv_write_t request;
    uv_buf_t buffer;
    char bytes[];
};

static void release(struct link *link)
{
    if (--link->uses > 0)
        return;
    uv_freeaddrinfo(link->all);
    free(link);
}

static void link_closed(uv_handle_t *handle)
{
    release(handle->data);
}

static void unlink_session(struct session *s)
{
    struct link *link = s->link;
    s->link = NULL;
    if (!link)
        return;
    link->session = NULL;
    tls_close(s->tls);
    s->tls = NULL;
    if (link->uses > 1)
        uv_cancel((uv_req_t *)&link->resolve);
    if (!uv_is_closing((uv_handle_t *)&link->tcp))
        uv_close((uv_handle_t *)&link->tcp, link_closed);
}

static void closed(struct session *s, const char *why)
{
    s->state = SESSION_CLOSED;
    if (why && !s->error[0])
        snprintf(s->error, sizeof s->error, "%s", why);
    s->ahead_count = 0;
    unlink_session(s);
    s->owner->changed(s->context, s);
}

static void failed(struct session *s, int error)
{
    const char *why = error == UV_ECONNREFUSED ? "nobody listens there" : uv_strerror(error);
    snprintf(s->error, sizeof s->error, "%s:%u: %s", s->host, s->port, why);
    closed(s, NULL);
}

/* --- what the telnet client has found out --- */

static void written(uv_write_t *request, int status)
{
    free(request->data);
}

static void send_now(struct session *s, const char *bytes, size_t n)
{
    struct output *out = malloc(sizeof *out + n);
    if (!out)
        return;
    memcpy(out->bytes, bytes, n);
    out->request.data = out;
    out->buffer = uv_buf_init(out->bytes, (unsigned)n);
    if (uv_write(&out->request, (uv_stream_t *)&s->link->tcp, &out->buffer, 1, written) != 0)
        free(out);
}

/* What the TLS session has for the host. */
static void flush_tls(struct session *s)
{
    char bytes[4096];
    size_t n;
    while ((n = tls_output(s->tls, bytes, sizeof bytes)) > 0)
        send_now(s, bytes, n);
}

static void send_bytes(void *context, const char *bytes, size_t n)
{
    struct session *s = context;
    if (!s->link || s->state != SESSION_OPEN)
        return;
    if (!s->tls) {
        send_now(s, bytes, n);
        return;
    }
    tls_send(s->tls, bytes, n);
    flush_tls(s);
}

static bool record(void *context, const uint8_t *record, size_t length)
{
    struct session *s = context;
    s->with_host = false;
    bool good = screen_execute(s->screen, record, length, &s->answer);
    if (s->answer.length)
        tn_client_record(&s->tn, s->answer.bytes, s->answer.length);
    if (s->screen->alarms != s->alarms)
        s->owner->bell(s->context, s);
    s->alarms = s->screen->alarms;
    trace_screen(s);
    keyboard_unlocked(s);
    return good;
}

static void host_text(void *context, const uint8_t *bytes, size_t n)
{
    struct session *s = context;
    keyboard_host_text(s, bytes, n);
    trace_screen(s);
    keyboard_unlocked(s);
}

static void text(void *context, const char *bytes, size_t n)
{
    struct session *s = context;
    for (size_t i = 0; i < n; i++) {
        int32_t character = utf8_decode(&s->decoder, (uint8_t)bytes[i]);
        if (character == '\a')
            s->owner->bell(s->context, s);
        else if (character >= 0)
            paper_put(s->paper, (char32_t)character);
    }
    if (s->trace) {
        fwrite(bytes, 1, n, s->trace);
        fflush(s->trace);
    }
}

static void mode_changed(void *context)
{
    struct session *s = context;
    s->ahead_count = 0;
    s->back = 0;
}

static void hopeless(void *context, const char *reason)
{
    struct session *s = context;
    snprintf(s->error, sizeof s->error, "%s", reason);
    s->link->failed = true;
}

static const struct tn_owner tn_owner = {send_bytes, record,       text,
                                         host_text,  mode_changed, hopeless};

/* --- the connection --- */

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct link *link = handle->data;
    *buffer = uv_buf_init(link->session->received, sizeof link->session->received);
}

static void received_tls(struct session *s, const char *bytes, size_t n)
{
    char plain[4096];
    bool established = tls_is_established(s->tls);
    tls_received(s->tls, bytes, n);
    while (!s->link->failed && (n = tls_input(s->tls, plain, sizeof plain)) > 0)
        tn_client_receive(&s->tn, plain, n);
    flush_tls(s);
    if (!tls_has_ended(s->tls) || s->link->failed)
        return;
    s->link->failed = true;
    snprintf(s->error, sizeof s->error, "%s:%u, TLS: %s", s->host, s->port,
             established ? "the host has closed the connection" : tls_failure(s->tls));
}

static void received(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct link *link = stream->data;
    struct session *s = link->session;
    if (!s || n == 0)
        return;
    if (n < 0) {
        closed(s, n == UV_EOF ? "the host has closed the connection" : uv_strerror((int)n));
        return;
    }
    if (s->tls)
        received_tls(s, buffer->base, (size_t)n);
    else
        tn_client_receive(&s->tn, buffer->base, (size_t)n);
    if (link->failed)
        closed(s, NULL);
    else
        s->owner->changed(s->context, s);
}

static void opened(struct session *s)
{
    struct link *link = s->link;
    s->state = SESSION_OPEN;
    uv_tcp_nodelay(&link->tcp, 1);
    uv_tcp_keepalive(&link->tcp, 1, 60);
    uv_read_start((uv_stream_t *)&link->tcp, give_buffer, received);
    if (s->tls_wanted) {
        s->tls = tls_open_client(s->trust, s->host);
        if (!s->tls)
            abort();
        flush_tls(s);
    }
    s->owner->changed(s->context, s);
}

/* A new socket for the session. */
static struct link *new_link(struct session *s)
{
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        abort();
    link->session = s;
    link->uses = 1;
    link->resolve.data = link->connect.data = link->tcp.data = link;
    uv_tcp_init(s->loop, &link->tcp);
    s->link = link;
    return link;
}

static void try_address(struct session *s);

/* The host's next address is tried with another socket. */
static void try_next(struct session *s, int error)
{
    struct link *link = s->link;
    if (!link->at->ai_next) {
        failed(s, error);
        return;
    }
    struct addrinfo *all = link->all, *next = link->at->ai_next;
    link->all = NULL;
    unlink_session(s);
    link = new_link(s);
    link->all = all;
    link->at = next;
    try_address(s);
}

static void connected(uv_connect_t *request, int status)
{
    struct link *link = request->data;
    if (!link->session)
        return;
    if (status < 0)
        try_next(link->session, status);
    else
        opened(link->session);
}

static void try_address(struct session *s)
{
    struct link *link = s->link;
    int status = uv_tcp_connect(&link->connect, &link->tcp, link->at->ai_addr, connected);
    if (status < 0)
        try_next(s, status);
}

static void resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
    struct link *link = request->data;
    struct session *s = link->session;
    link->all = link->at = found;
    release(link);
    if (s && status < 0)
        failed(s, status);
    else if (s)
        try_address(s);
}

/* "IBM-3278-2-E" and its like for the sizes that have a model, else IBM-DYNAMIC. */
static const char *terminal_type(const struct session_options *o)
{
    if (o->lines_only)
        return NULL;
    if (o->rows == 24 && o->columns == 80)
        return "IBM-3278-2-E";
    if (o->rows == 32 && o->columns == 80)
        return "IBM-3278-3-E";
    if (o->rows == 43 && o->columns == 80)
        return "IBM-3278-4-E";
    if (o->rows == 27 && o->columns == 132)
        return "IBM-3278-5-E";
    return "IBM-DYNAMIC";
}

static void prepare(struct session *s)
{
    tn_client_close(&s->tn);
    screen_free(s->screen);
    s->screen = screen_create(s->options.rows, s->options.columns, true);
    if (!s->screen || !tn_client_open(&s->tn, terminal_type(&s->options), s->lu, &tn_owner, s))
        abort();
    s->alarms = 0;
    s->with_host = false;
    s->error[0] = 0;
    s->decoder = (struct utf8_decoder){0};
    line_edit_clear(&s->input);
    s->state = SESSION_CONNECTS;
}

void session_connect(struct session *s)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    char service[8];
    unlink_session(s);
    prepare(s);
    struct link *link = new_link(s);
    snprintf(service, sizeof service, "%u", s->port);
    link->uses = 2;
    int status = uv_getaddrinfo(s->loop, &link->resolve, resolved, s->host, service, &hints);
    if (status < 0) {
        link->uses = 1;
        failed(s, status);
    }
}

struct session *session_create(uv_loop_t *loop, const struct session_options *options,
                               const struct host_name *name, struct tls_identity *trust,
                               const struct session_owner *owner, void *context)
{
    struct session *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->loop = loop;
    s->options = *options;
    s->owner = owner;
    s->context = context;
    s->port = name->port;
    s->tls_wanted = name->tls;
    s->trust = trust;
    s->page = 1;
    snprintf(s->host, sizeof s->host, "%s", name->host);
    snprintf(s->lu, sizeof s->lu, "%s", name->lu);
    s->paper = paper_create(PAPER_LINES);
    s->answer.size = SCREEN_RECORD_MOST(options->rows * options->columns);
    s->answer.bytes = malloc(s->answer.size);
    if (!s->paper || !s->answer.bytes)
        abort();
    session_connect(s);
    return s;
}

void session_free(struct session *s)
{
    unlink_session(s);
    tn_client_close(&s->tn);
    screen_free(s->screen);
    paper_free(s->paper);
    line_edit_free(&s->input);
    session_trace(s, NULL);
    free(s->answer.bytes);
    free(s);
}

bool session_is_display(const struct session *s)
{
    return s->tn.mode != TN_LINE;
}

/* --- what it shows, as text --- */

static void write_rows(const struct session *s, FILE *to)
{
    char row[SCREEN_CELLS_MOST + 1], utf8[2 * SCREEN_CELLS_MOST + 1];
    for (unsigned i = 0; i < s->screen->rows; i++) {
        screen_row(s->screen, i, s->options.code_page, row);
        size_t n = utf8_from_latin1(utf8, row, strlen(row));
        fprintf(to, "%.*s\n", (int)n, utf8);
    }
}

bool session_save(const struct session *s, FILE *to)
{
    char bytes[4];
    if (session_is_display(s)) {
        write_rows(s, to);
        return !ferror(to);
    }
    for (unsigned n = 0; n < s->paper->count; n++) {
        const struct paper_line *line = paper_line(s->paper, n);
        for (unsigned i = 0; i < line->length; i++)
            fwrite(bytes, 1, utf8_encode(line->text[i], bytes), to);
        fputc('\n', to);
    }
    return !ferror(to);
}

void session_trace(struct session *s, FILE *to)
{
    if (s->trace)
        fclose(s->trace);
    s->trace = to;
    if (to && session_is_display(s))
        trace_screen(s);
}

void trace_note(struct session *s, const char *what)
{
    char at[32];
    time_t now = time(NULL);
    struct tm parts;
    if (!s->trace)
        return;
    strftime(at, sizeof at, "%Y-%m-%d %H:%M:%S", localtime_r(&now, &parts));
    fprintf(s->trace, "--- %s %s, cursor at row %u column %u\n", at, what,
            s->screen->cursor / s->screen->columns + 1, s->screen->cursor % s->screen->columns + 1);
    fflush(s->trace);
}

void trace_screen(struct session *s)
{
    if (!s->trace)
        return;
    trace_note(s, "the host has written");
    write_rows(s, s->trace);
    fflush(s->trace);
}

/* --- for macros and searches --- */

static bool screen_shows(const struct session *s, const char *text)
{
    size_t n = 0, size = (size_t)s->screen->rows * (2 * s->screen->columns + 2) + 1;
    char row[SCREEN_CELLS_MOST + 1], *all = malloc(size);
    if (!all)
        return false;
    for (unsigned i = 0; i < s->screen->rows; i++) {
        screen_row(s->screen, i, s->options.code_page, row);
        n += utf8_from_latin1(all + n, row, strlen(row));
        all[n++] = '\n';
    }
    all[n] = 0;
    bool found = strstr(all, text) != NULL;
    free(all);
    return found;
}

static unsigned decode(const char *text, char32_t *to, unsigned most)
{
    struct utf8_decoder decoder = {0};
    unsigned n = 0;
    for (; *text && n < most; text++) {
        int32_t character = utf8_decode(&decoder, (uint8_t)*text);
        if (character >= 0)
            to[n++] = (char32_t)character;
    }
    return n;
}

bool session_shows(struct session *s, const char *text)
{
    char32_t sought[EDIT_MOST];
    unsigned column, length = decode(text, sought, EDIT_MOST);
    const struct paper *p = s->paper;
    if (session_is_display(s))
        return screen_shows(s, text);
    uint64_t from = s->expected > p->dropped ? s->expected - p->dropped : 0;
    for (int n = (int)from; n < (int)p->count; n++) {
        n = paper_search(p, sought, length, n, false, &column);
        if (n < 0)
            return false;
        if (p->dropped + (uint64_t)n == s->expected && column < s->expected_column)
            continue; /* in the same line, before */
        s->expected = p->dropped + (uint64_t)n;
        s->expected_column = column + length;
        return true;
    }
    return false;
}

bool session_search(struct session *s, const char32_t *text, unsigned length, bool older)
{
    return paper_find(s->paper, &s->match, &s->back, text, length, older);
}

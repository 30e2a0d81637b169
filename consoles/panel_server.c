/* The machine's side of its front panels (see panel_server.h).  A timer of the host's event
 * loop looks at PSW, registers, storage and channels between slices of instructions and counts
 * how often each light is lit; every SAMPLES looks a frame goes to each panel.  Looking changes
 * nothing.  What a panel's keys do are operator commands, and answers go to all panels, too.
 *
 * A panel that does not read loses frames, not the machine its time: a frame is left out for
 * it while more than OUTPUT_LIMIT bytes wait. */
#include "consoles/panel_server.h"

#include "consoles/panel_beside.h"
#include "consoles/panel_frame.h"
#include "lib/be.h"
#include "s370/io/device.h"
#include "s370/machine.h"
#include "s370/operator/operator.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#define SAMPLE_MS    2
#define SAMPLES      16 /* to a frame */
#define PANELS_MAX   16
#define BESIDE       4 /* frames between looks at what stands beside */
#define OUTPUT_LIMIT 65536
#define BACKLOG      4

struct panel {
    uv_pipe_t pipe;
    struct panel_server *server;
    struct panel *next;
    struct panel_input input;
    bool view;                        /* looks on only */
    unsigned screen_seen, cards_seen; /* changes that it has */
};

/* How often each light was lit: the same order as struct panel_lights. */
struct counts {
    uint16_t psw[64], address[24], data[32], gr[16][32], lamps[LAMP_COUNT];
    uint16_t channels[PANEL_CHANNELS];
};
_Static_assert(sizeof(struct counts) == 2 * sizeof(struct panel_lights), "one count a light");

struct panel_server {
    uv_pipe_t listener;
    uv_timer_t sampler;
    unsigned closing; /* handles that the event loop still has to close */
    struct machine *m;
    struct oper *oper;
    struct panel *panels;
    unsigned panel_count;
    struct counts counts;
    unsigned samples, frames;
    struct beside *beside;
    uint8_t bytes[PANEL_SCREEN_SIZE];                 /* of what stands there */
    void (*message)(void *context, const char *line); /* who was told before us */
    void *message_context;
    char *path;
};

struct output {
    uv_write_t request;
    uv_buf_t buffer;
    uint8_t bytes[];
};

/* --- to the panels --- */

static void written(uv_write_t *request, int status)
{
    free(request->data);
}

static void send_message(struct panel *panel, enum panel_message kind, const void *content,
                         size_t length)
{
    if (uv_stream_get_write_queue_size((uv_stream_t *)&panel->pipe) > OUTPUT_LIMIT)
        return;
    struct output *out = malloc(sizeof *out + PANEL_HEADER + length);
    if (!out)
        return;
    panel_header(out->bytes, kind, length);
    memcpy(out->bytes + PANEL_HEADER, content, length);
    out->request.data = out;
    out->buffer = uv_buf_init((char *)out->bytes, (unsigned)(PANEL_HEADER + length));
    if (uv_write(&out->request, (uv_stream_t *)&panel->pipe, &out->buffer, 1, written) != 0)
        free(out);
}

static void tell(void *context, const char *line)
{
    struct panel_server *s = context;
    size_t length = strlen(line);
    if (s->message)
        s->message(s->message_context, line);
    for (struct panel *p = s->panels; p; p = p->next)
        send_message(p, PANEL_TEXT, line, length < PANEL_MESSAGE ? length : PANEL_MESSAGE);
}

/* --- sampling --- */

static void count_bits(uint16_t *counts, uint64_t value, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++)
        counts[i] += value >> (bits - 1 - i) & 1;
}

/* The word at the instruction address, 0 if there is none. */
static uint32_t word_at(const struct machine *m, uint32_t address)
{
    uint8_t bytes[4] = {0};
    uint32_t real;
    if (cpu_translate(m->cpu, address, &real) == 0)
        (void)storage_peek(&m->storage, real, bytes, sizeof bytes);
    return load_be32(bytes);
}

static void sample(struct panel_server *s)
{
    struct machine *m = s->m;
    struct counts *c = &s->counts;
    uint64_t psw = cpu_psw(m->cpu);
    uint32_t address = psw & 0xffffff;
    enum cpu_state state = cpu_get_state(m->cpu);
    count_bits(c->psw, psw, 64);
    count_bits(c->address, address, 24);
    count_bits(c->data, word_at(m, address), 32);
    for (int i = 0; i < 16; i++)
        count_bits(c->gr[i], cpu_regs(m->cpu)->gr[i], 32);
    bool busy = false;
    for (struct device *d = NULL; (d = device_next(m, d));) {
        /* A console waits for its operator in a read: that is no channel at work. */
        if (d->active && strcmp(d->type->class, "CON") != 0) {
            c->channels[d->address >> 8 & 15] = (uint16_t)(s->samples + 1);
            busy = true;
        }
    }
    c->lamps[LAMP_SYSTEM] += state == CPU_RUNNING || busy;
    c->lamps[LAMP_MANUAL] += state == CPU_STOPPED;
    c->lamps[LAMP_WAIT] += state == CPU_WAIT || state == CPU_DISABLED_WAIT;
    c->lamps[LAMP_TEST] += cpu_is_check_stopped(m->cpu);
    c->lamps[LAMP_LOAD] += m->loading;
    s->samples++;
}

static void make_frame(struct panel_server *s, uint8_t bytes[PANEL_FRAME_SIZE])
{
    const struct cpu_state_regs *regs = cpu_regs(s->m->cpu);
    struct panel_frame frame = {.instructions = cpu_instructions(s->m->cpu),
                                .now = machine_now(s->m),
                                .psw = cpu_psw(s->m->cpu)};
    memcpy(frame.fpr, regs->fpr, sizeof frame.fpr);
    memcpy(frame.gr, regs->gr, sizeof frame.gr);
    memcpy(frame.cr, regs->cr, sizeof frame.cr);
    const uint16_t *counts = (const uint16_t *)&s->counts;
    uint8_t *lights = (uint8_t *)&frame.lights;
    for (size_t i = 0; i < sizeof frame.lights; i++)
        lights[i] = (uint8_t)(255u * counts[i] / s->samples);
    panel_frame_encode(&frame, bytes);
    memset(&s->counts, 0, sizeof s->counts);
    s->samples = 0;
}

/* What stands beside the panel goes to those who have not seen it yet. */
static void send_beside(struct panel_server *s)
{
    uint8_t *bytes = s->bytes;
    beside_look(s->beside);
    unsigned screen = beside_screen_changes(s->beside), cards = beside_card_changes(s->beside);
    for (struct panel *p = s->panels; p; p = p->next) {
        if (p->screen_seen != screen) {
            size_t n = beside_screen(s->beside, bytes);
            if (n)
                send_message(p, PANEL_SCREEN, bytes, n);
        }
        if (p->cards_seen != cards) {
            beside_cards(s->beside, bytes);
            send_message(p, PANEL_CARDS, bytes, PANEL_CARDS_SIZE);
        }
        p->screen_seen = screen;
        p->cards_seen = cards;
    }
}

static void sample_due(uv_timer_t *timer)
{
    struct panel_server *s = timer->data;
    sample(s);
    if (s->samples < SAMPLES)
        return;
    uint8_t bytes[PANEL_FRAME_SIZE];
    make_frame(s, bytes);
    for (struct panel *p = s->panels; p; p = p->next)
        send_message(p, PANEL_FRAME, bytes, sizeof bytes);
    if (s->beside && s->frames++ % BESIDE == 0)
        send_beside(s);
}

/* --- from the panels --- */

static void panel_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void drop(struct panel *panel)
{
    struct panel_server *s = panel->server;
    struct panel **p = &s->panels;
    if (uv_is_closing((uv_handle_t *)&panel->pipe))
        return;
    while (*p != panel)
        p = &(*p)->next;
    *p = panel->next;
    if (--s->panel_count == 0)
        uv_timer_stop(&s->sampler);
    uv_close((uv_handle_t *)&panel->pipe, panel_closed);
}

static void take(void *context, enum panel_message kind, const uint8_t *content, size_t length)
{
    struct panel *panel = context;
    struct panel_server *s = panel->server;
    static const char refused[] = "this panel only looks on";
    char line[256];
    if (kind == PANEL_VIEW)
        panel->view = true;
    if (kind != PANEL_COMMAND || length == 0 || length >= sizeof line)
        return;
    if (panel->view) {
        send_message(panel, PANEL_TEXT, refused, strlen(refused));
        return;
    }
    memcpy(line, content, length);
    line[length] = 0;
    (void)operator_command(s->oper, line); /* a message told why, if it failed */
    cpu_break(s->m->cpu);
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    buffer->base = malloc(suggested);
    buffer->len = buffer->base ? suggested : 0;
}

static void has_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct panel *panel = stream->data;
    if (n < 0 ||
        !panel_input_add(&panel->input, (const uint8_t *)buffer->base, (size_t)n, take, panel))
        drop(panel);
    free(buffer->base);
}

static void connected(uv_stream_t *listener, int status)
{
    struct panel_server *s = listener->data;
    struct panel *panel = calloc(1, sizeof *panel);
    if (status < 0 || !panel) {
        free(panel);
        return;
    }
    uv_pipe_init(listener->loop, &panel->pipe, 0);
    panel->pipe.data = panel;
    panel->server = s;
    if (uv_accept(listener, (uv_stream_t *)&panel->pipe) != 0 || s->panel_count >= PANELS_MAX) {
        uv_close((uv_handle_t *)&panel->pipe, panel_closed);
        return;
    }
    panel->next = s->panels;
    s->panels = panel;
    if (s->panel_count++ == 0)
        uv_timer_start(&s->sampler, sample_due, SAMPLE_MS, SAMPLE_MS);
    uv_read_start((uv_stream_t *)&panel->pipe, give_room, has_read);
}

/* --- the server --- */

static void server_closed(uv_handle_t *handle)
{
    struct panel_server *s = handle->data;
    if (--s->closing > 0)
        return;
    free(s->path);
    free(s);
}

static void close_handles(struct panel_server *s)
{
    s->closing = 2;
    uv_close((uv_handle_t *)&s->listener, server_closed);
    uv_close((uv_handle_t *)&s->sampler, server_closed);
}

struct panel_server *panel_listen(struct machine *m, struct oper *o, const char *path)
{
    struct panel_server *s = calloc(1, sizeof *s);
    if (!s || !(s->path = strdup(path))) {
        free(s);
        machine_message(m, "panel: the host has no memory for it");
        return NULL;
    }
    s->m = m;
    s->oper = o;
    uv_pipe_init(m->loop, &s->listener, 0);
    uv_timer_init(m->loop, &s->sampler);
    s->listener.data = s->sampler.data = s;
    (void)unlink(path);
    mode_t mask = umask(0177);
    int error = uv_pipe_bind(&s->listener, path);
    umask(mask);
    if (!error)
        error = uv_listen((uv_stream_t *)&s->listener, BACKLOG, connected);
    if (error) {
        machine_message(m, "panel: no panel can connect, %s: %s", path, uv_strerror(error));
        close_handles(s);
        return NULL;
    }
    uv_unref((uv_handle_t *)&s->listener);
    s->beside = beside_create(m);
    s->message = m->message;
    s->message_context = m->message_context;
    m->message = tell;
    m->message_context = s;
    return s;
}

void panel_close(struct panel_server *s)
{
    if (!s)
        return;
    while (s->panels)
        drop(s->panels);
    if (s->m->message == tell) {
        s->m->message = s->message;
        s->m->message_context = s->message_context;
    }
    beside_destroy(s->beside);
    s->beside = NULL;
    (void)unlink(s->path);
    close_handles(s);
}

/* The operator's console on the whole screen; see console.h.  It runs in the machine's event loop,
 * like the line console: a key never makes the machine wait. */
#include "consoles/term/console_internal.h"

#include "consoles/term/history.h"
#include "consoles/term/tty.h"
#include "s370/devices/display.h"
#include "s370/devices/line.h"
#include "s370/io/device.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAPER_KEPT  5000 /* lines */
#define LOOK_MS     500
#define QUIET_LOOKS 60 /* a guest without an exit for so long is not shown */
#define DRAW_MS     20 /* between two drawings at least */

static void close_one(uv_handle_t *handle)
{
    struct full_console *c = handle->data;
    if (--c->handles == 0)
        free(c);
}

/* --- what is printed --- */

static void print(struct full_console *c, enum pane_name which, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) /* ISO 8859-1 */
        paper_put(c->panes[which].paper, (uint8_t)text[i]);
    c->changed = true;
}

static void message(void *context, const char *line)
{
    struct full_console *c = context;
    print(c, PANE_OPERATOR, line, strlen(line));
    print(c, PANE_OPERATOR, "\n", 1);
}

static void device_writes(void *context, const char *text, size_t length)
{
    struct full_console *c = context;
    completion_note(c->completion, text, length);
    print(c, PANE_GUEST, text, length);
}

static void read_started(void *context, bool hidden)
{
    struct full_console *c = context;
    c->hidden |= hidden;
    c->changed = true;
}

static void read_ended(void *context)
{
    struct full_console *c = context;
    if (c->hidden)
        paper_put(c->panes[PANE_GUEST].paper, '\n');
    c->hidden = false;
    c->changed = true;
}

static void bell(void *context)
{
    tty_bell();
}

static void hang_up(void *context)
{
    struct full_console *c = context;
    seat_leave(&c->seat);
}

static const struct line_backend backend = {.write = device_writes,
                                            .read_started = read_started,
                                            .read_ended = read_ended,
                                            .bell = bell,
                                            .hang_up = hang_up};

/* --- looking at the machine --- */

static int by_rate(const void *a, const void *b)
{
    const struct guest_rate *x = a, *y = b;
    if (x->each_second != y->each_second)
        return x->each_second < y->each_second ? 1 : -1;
    if (x->quiet != y->quiet)
        return x->quiet < y->quiet ? -1 : 1;
    return x->segment_table < y->segment_table ? -1 : x->segment_table > y->segment_table;
}

static const struct guest_rate *guest_before(const struct machine_view *v,
                                             const struct operator_exits *row)
{
    for (unsigned i = 0; i < v->guest_count; i++)
        if (v->guests[i].segment_table == row->segment_table && v->guests[i].count <= row->count &&
            !strcmp(v->guests[i].name, row->name))
            return &v->guests[i];
    return NULL;
}

/* Guests that have been quiet for long, or are gone, come last and are not shown. */
static void look_at_guests(struct full_console *c, double seconds)
{
    struct machine_view *v = &c->view;
    const struct operator_exits *rows;
    struct guest_rate now[GUESTS_SHOWN] = {0};
    unsigned n = operator_exits(c->o, &rows);
    n = n < GUESTS_SHOWN ? n : GUESTS_SHOWN;
    for (unsigned i = 0; i < n; i++) {
        const struct guest_rate *before = guest_before(v, &rows[i]);
        uint64_t exits = rows[i].count - (before ? before->count : 0);
        now[i].segment_table = rows[i].segment_table;
        now[i].count = rows[i].count;
        now[i].each_second = seconds > 0 ? (double)exits / seconds : 0;
        now[i].quiet = exits || !before ? 0 : before->quiet + (before->quiet < QUIET_LOOKS);
        memcpy(now[i].name, rows[i].name, sizeof now[i].name);
    }
    qsort(now, n, sizeof now[0], by_rate);
    memcpy(v->guests, now, sizeof now);
    v->guest_count = n;
    for (v->guests_shown = 0; v->guests_shown < n && now[v->guests_shown].quiet < QUIET_LOOKS;)
        v->guests_shown++;
}

/* Terminals at which nobody sits are left out. */
static bool is_interesting(struct full_console *c, struct device *d)
{
    struct line *line = line_of_device(c->m, d->address);
    struct display *display = display_of_device(c->m, d->address);
    if (line)
        return line_is_connected(line);
    return !display || display_is_connected(display);
}

static void look_at_devices(struct full_console *c)
{
    struct machine_view *v = &c->view;
    v->device_count = 0;
    for (struct device *d = NULL; (d = device_next(c->m, d)) && v->device_count < DEVICES_SHOWN;) {
        char what[160] = "";
        if (!is_interesting(c, d))
            continue;
        struct device_state *s = &v->devices[v->device_count++];
        if (d->type->ops->describe)
            d->type->ops->describe(d, what, sizeof what);
        /* The end of a path says more than its beginning. */
        const char *slash = strrchr(what, '/');
        s->address = d->address;
        s->active = d->active && strcmp(d->type->class, "CON") != 0;
        snprintf(s->text, sizeof s->text, "%s %.60s", d->type->name, slash ? slash + 1 : what);
    }
}

static void look_at_cpu(struct full_console *c, struct cpu *cpu, struct cpu_view *v)
{
    v->state = cpu_get_state(cpu);
    v->check_stop = cpu_is_check_stopped(cpu);
    v->psw = cpu_psw(cpu);
    operator_symbol(c->o, (uint32_t)(v->psw & 0xffffff), v->where, sizeof v->where);
}

static void look(struct full_console *c)
{
    struct machine_view *v = &c->view, before = *v;
    const struct machine *m = c->m;
    uint64_t now = machine_now(m), instructions = 0;
    for (unsigned i = 0; i < m->cpu_count; i++) {
        instructions += cpu_instructions(m->cpus[i]);
        look_at_cpu(c, m->cpus[i], &v->cpus[i]);
    }
    v->cpu_count = m->cpu_count;
    double seconds = (double)(now - v->at) / 1e9;
    v->mips = seconds > 0 ? (double)(instructions - v->instructions) / seconds / 1e6 : 0;
    v->at = now;
    v->instructions = instructions;
    v->loading = m->loading;
    look_at_guests(c, seconds);
    look_at_devices(c);
    c->changed |= memcmp(&before, v, sizeof before) != 0;
}

static void look_due(uv_timer_t *timer)
{
    look(timer->data);
}

/* --- what is typed --- */

static void type_at_guest(struct full_console *c, const char *text)
{
    struct line *line = seat_line(&c->seat);
    if (line && !line_input(line, text, strlen(text)))
        machine_message(c->m, "the guest has too many lines to read; this one was not taken");
}

/* ISO 8859-1, as lines of consoles are. */
static void latin1(const struct line_edit *e, char text[EDIT_MOST])
{
    for (unsigned i = 0; i < e->length; i++)
        text[i] = e->text[i] < 0x100 ? (char)e->text[i] : '?';
    text[e->length] = 0;
}

static void echo(struct full_console *c, enum pane_name which, const char *text)
{
    print(c, which, text, strlen(text));
    print(c, which, "\n", 1);
}

static void finish_line(struct full_console *c)
{
    struct pane *pane = &c->panes[c->focus];
    char text[EDIT_MOST];
    bool hidden = c->focus == PANE_GUEST && c->hidden;
    latin1(&pane->input, text);
    if (!hidden) {
        echo(c, c->focus, text);
        line_edit_remember(&pane->input);
        if (c->options.history && c->focus == PANE_GUEST)
            history_save(&pane->input, c->options.history);
    }
    line_edit_clear(&pane->input);
    pane->back = 0;
    pane->match.found = false;
    if (c->focus == PANE_OPERATOR || (text[0] == '!' && !hidden)) {
        (void)operator_command(c->o, text + (text[0] == '!'));
    } else {
        if (!hidden) {
            completion_note(c->completion, text, strlen(text));
            completion_note(c->completion, "\n", 1);
        }
        type_at_guest(c, text);
    }
    memset(text, 0, sizeof text);
}

static void list_words(struct full_console *c, const struct completed *found)
{
    char line[COMPLETION_MOST * (COMPLETION_WORD + 1) + 1];
    size_t n = 0;
    for (unsigned i = 0; i < found->count; i++)
        n += (size_t)snprintf(line + n, sizeof line - n, "%s ", found->words[i]);
    message(c, line);
}

/* The Tab key: completes; with nothing typed it goes to the other pane. */
static void tab(struct full_console *c)
{
    struct pane *pane = &c->panes[c->focus];
    struct completed found;
    char text[EDIT_MOST];
    if (pane->input.length == 0) {
        c->focus = c->focus == PANE_GUEST ? PANE_OPERATOR : PANE_GUEST;
        return;
    }
    if (c->focus == PANE_GUEST && c->hidden)
        return;
    latin1(&pane->input, text);
    bool marked = text[0] == '!', command = marked || (c->focus == PANE_OPERATOR && text[0] != '/');
    completion_find(c->completion, text + marked, pane->input.cursor - marked, command, &found);
    for (const char *i = found.insert; *i; i++)
        (void)line_edit_type(&pane->input, (uint8_t)*i);
    if (!found.insert[0] && found.count > 1)
        list_words(c, &found);
    else if (!found.insert[0])
        tty_bell();
}

/* Searching: as far as it is typed; Enter or Up goes further back, Down on, Esc ends it. */
static void search(struct full_console *c, bool older)
{
    struct pane *pane = &c->panes[c->focus];
    if (c->sought.length && !paper_find(pane->paper, &pane->match, &pane->back, c->sought.text,
                                        c->sought.length, older))
        tty_bell();
}

static void set_searching(struct full_console *c, bool on)
{
    c->searching = on;
    c->panes[c->focus].match.found = false;
    line_edit_clear(&c->sought);
    tty_escape_alone(on);
}

static void search_key(struct full_console *c, tty_key key)
{
    if (key == TTY_ENTER || key == TTY_UP || key == TTY_CTRL('F')) {
        search(c, true);
    } else if (key == TTY_DOWN) {
        search(c, false);
    } else if (key == TTY_BACKSPACE) {
        (void)line_edit_do(&c->sought, ACTION_RUBOUT);
    } else if (key >= ' ' && key < TTY_SPECIAL) {
        (void)line_edit_type(&c->sought, key);
        c->panes[c->focus].match.found = false;
        search(c, true);
    } else {
        set_searching(c, false);
    }
}

static void page(struct pane *pane, bool back)
{
    unsigned most = pane->paper->count - 1;
    if (back)
        pane->back = pane->back + pane->page < most ? pane->back + pane->page : most;
    else
        pane->back = pane->back > pane->page ? pane->back - pane->page : 0;
}

static void attention(struct full_console *c)
{
    struct line *line = seat_line(&c->seat);
    line_edit_clear(&c->panes[PANE_GUEST].input);
    c->panes[PANE_GUEST].back = 0;
    if (line)
        line_attention(line);
}

static const struct {
    tty_key key;
    const char *command;
} buttons[] = {
    {TTY_F1, "help"},    {TTY_F1 + 1, "start"},   {TTY_F1 + 2, "stop"},
    {TTY_F1 + 3, "ext"}, {TTY_F1 + 4, "devlist"},
};

static bool press_button(struct full_console *c, tty_key key)
{
    for (unsigned i = 0; i < sizeof buttons / sizeof *buttons; i++) {
        if (buttons[i].key != key)
            continue;
        echo(c, PANE_OPERATOR, buttons[i].command);
        (void)operator_command(c->o, buttons[i].command);
        return true;
    }
    return false;
}

static void edit_key(struct full_console *c, struct pane *pane, tty_key key)
{
    enum action action = bindings_find(&c->bindings, key, MODE_LINE);
    if (key >= ' ' && key < TTY_SPECIAL) {
        pane->back = 0;
        (void)line_edit_type(&pane->input, key);
    } else if (action == ACTION_PAGE_BACK || action == ACTION_PAGE_ON) {
        page(pane, action == ACTION_PAGE_BACK);
    } else if (action == ACTION_REDRAW) {
        tty_redraw();
    } else if ((unsigned)action == KEY_CLEAR) {
        paper_clear(pane->paper);
    } else if (!line_edit_do(&pane->input, action)) {
        tty_bell();
    }
}

static void take_key(struct full_console *c, const struct tty_input *input)
{
    struct pane *pane = &c->panes[c->focus];
    tty_key key = input->key;
    c->changed = true;
    if (c->searching) {
        search_key(c, key);
        return;
    }
    if (key == TTY_CTRL('D') && pane->input.length == 0) {
        seat_end(&c->seat);
        return;
    }
    c->seat.leaving = false;
    if (key == TTY_ENTER || key == '\n')
        finish_line(c);
    else if (key == TTY_TAB && !input->pasted)
        tab(c);
    else if (key == TTY_BACKTAB || key == TTY_CTRL('O'))
        c->focus = c->focus == PANE_GUEST ? PANE_OPERATOR : PANE_GUEST;
    else if (key == TTY_CTRL('C') || key == (TTY_ALT | '1') || key == (TTY_ALT | 'a'))
        attention(c);
    else if (key == TTY_CTRL('F'))
        set_searching(c, true);
    else if (key == TTY_CTRL('Z'))
        tty_suspend();
    else if (!press_button(c, key))
        edit_key(c, pane, key == TTY_TAB ? ' ' : key);
}

static void keys_readable(uv_poll_t *poll, int status, int events)
{
    struct full_console *c = poll->data;
    struct tty_input input;
    bool any = false;
    while (!c->m->quit && tty_read(&input)) {
        any = true;
        take_key(c, &input);
    }
    if (status < 0 || (!any && tty_is_gone()))
        machine_quit(c->m, 1);
    cpu_break(c->m->cpu);
}

/* --- beginning and end --- */

static void draw_later(uv_timer_t *timer)
{
    /* The loop has come round: draw_if_changed is called next. */
}

static void draw_if_changed(uv_prepare_t *prepare)
{
    struct full_console *c = prepare->data;
    uint64_t now = uv_now(c->m->loop);
    if (!c->changed)
        return;
    if (now < c->drawn_at + DRAW_MS) {
        if (!uv_is_active((uv_handle_t *)&c->later))
            uv_timer_start(&c->later, draw_later, DRAW_MS, 0);
        return;
    }
    c->changed = false;
    c->drawn_at = now;
    console_draw(c);
}

static void window_resized(uv_signal_t *handle, int number)
{
    struct full_console *c = handle->data;
    tty_resized();
    c->changed = true;
}

static void was_continued(uv_signal_t *handle, int number)
{
    struct full_console *c = handle->data;
    tty_resized();
    tty_redraw();
    c->changed = true;
}

static void watch_signal(struct full_console *c, uv_signal_t *handle, int number,
                         uv_signal_cb callback)
{
    uv_signal_init(c->m->loop, handle);
    uv_signal_start(handle, callback, number);
}

static void open_handles(struct full_console *c)
{
    uv_poll_init(c->m->loop, &c->keys, tty_descriptor());
    uv_timer_init(c->m->loop, &c->clock);
    uv_timer_init(c->m->loop, &c->later);
    uv_prepare_init(c->m->loop, &c->draws);
    watch_signal(c, &c->resized, SIGWINCH, window_resized);
    watch_signal(c, &c->continued, SIGCONT, was_continued);
    c->keys.data = c->clock.data = c->later.data = c->draws.data = c;
    c->resized.data = c->continued.data = c;
    c->handles = 6;
    uv_poll_start(&c->keys, UV_READABLE, keys_readable);
    uv_timer_start(&c->clock, look_due, 0, LOOK_MS);
    uv_prepare_start(&c->draws, draw_if_changed);
}

struct full_console *full_console_create(struct machine *m, struct oper *o,
                                         const struct full_console_options *options)
{
    const char *wrong = tty_open(false);
    if (wrong) {
        fprintf(stderr, "datbox run: --console curses: %s\n", wrong);
        return NULL;
    }
    struct full_console *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->m = m;
    c->o = o;
    c->options = *options;
    c->completion = completion_create(m);
    bindings_default(&c->bindings);
    for (unsigned i = 0; i < PANES; i++)
        if (!(c->panes[i].paper = paper_create(PAPER_KEPT)))
            abort();
    if (options->history)
        history_load(&c->panes[PANE_GUEST].input, options->history);
    m->message = message;
    m->message_context = c;
    operator_count_exits(o, true);
    open_handles(c);
    c->seat = (struct seat){.m = m, .device = options->device, .backend = &backend, .context = c};
    seat_take(&c->seat);
    c->changed = true;
    return c;
}

void full_console_destroy(struct full_console *c)
{
    if (!c)
        return;
    seat_leave(&c->seat);
    operator_count_exits(c->o, false);
    c->m->message = NULL;
    tty_close();
    for (unsigned i = 0; i < PANES; i++) {
        paper_free(c->panes[i].paper);
        line_edit_free(&c->panes[i].input);
    }
    completion_free(c->completion);
    uv_close((uv_handle_t *)&c->keys, close_one);
    uv_close((uv_handle_t *)&c->clock, close_one);
    uv_close((uv_handle_t *)&c->later, close_one);
    uv_close((uv_handle_t *)&c->draws, close_one);
    uv_close((uv_handle_t *)&c->resized, close_one);
    uv_close((uv_handle_t *)&c->continued, close_one);
}

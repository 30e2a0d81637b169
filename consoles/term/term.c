/* The full-screen terminal: its event loop, its sessions, and where a key goes. */
#include "consoles/term/internal.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DRAW_MS 15 /* between two drawings at least */

struct session *term_session(struct term *t)
{
    return t->tabs[t->current];
}

enum key_mode term_mode(struct term *t)
{
    return session_is_display(term_session(t)) ? MODE_DISPLAY : MODE_LINE;
}

void term_say(struct term *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(t->message, sizeof t->message, format, arguments);
    va_end(arguments);
}

/* --- drawing, once for all that has come --- */

static void draw_now(uv_timer_t *timer)
{
    struct term *t = timer->data;
    t->drawn_at = uv_now(&t->loop);
    if (!t->quit)
        view_draw(t);
}

/* Also the place where a macro goes on, since something has changed. */
static void settle(uv_idle_t *idle)
{
    struct term *t = idle->data;
    uint64_t now = uv_now(&t->loop), due = t->drawn_at + DRAW_MS;
    uv_idle_stop(idle);
    macro_step(t);
    if (t->quit)
        uv_stop(&t->loop);
    else if (!uv_is_active((uv_handle_t *)&t->draws))
        uv_timer_start(&t->draws, draw_now, due > now ? due - now : 0, 0);
}

void term_draw_soon(struct term *t)
{
    uv_idle_start(&t->settles, settle);
}

/* --- sessions --- */

static unsigned tab_of(const struct term *t, const struct session *s)
{
    unsigned i = 0;
    while (i < t->tab_count && t->tabs[i] != s)
        i++;
    return i;
}

static void session_changed(void *context, struct session *s)
{
    struct term *t = context;
    unsigned tab = tab_of(t, s);
    if (tab < t->tab_count && tab != t->current)
        t->marked_new[tab] = true;
    term_draw_soon(t);
}

static void session_bell(void *context, struct session *s)
{
    tty_bell();
}

/* The size of the screen, if the options leave it to the window. */
static struct session_options sized(const struct term *t)
{
    static const uint8_t models[][2] = {{24, 80}, {32, 80}, {43, 80}, {27, 132}};
    struct session_options o = t->options.session;
    unsigned rows = tty_rows() - 2, columns = tty_columns(), best = 0;
    if (o.rows)
        return o;
    o.rows = 24;
    o.columns = 80;
    if (t->options.fit) {
        o.columns = columns < 80 ? 80 : columns > 255 ? 255 : columns;
        o.rows = tty_rows() < 26 ? 24 : rows;
        while (o.rows * o.columns > SCREEN_CELLS_MOST)
            o.rows--;
        return o;
    }
    for (unsigned i = 0; tty_rows() > 2 && i < sizeof models / sizeof *models; i++) {
        unsigned cells = models[i][0] * models[i][1];
        if (models[i][0] <= rows && models[i][1] <= columns && cells > best) {
            best = cells;
            o.rows = models[i][0];
            o.columns = models[i][1];
        }
    }
    return o;
}

bool term_open_session(struct term *t, const struct host_name *name)
{
    char error[MESSAGE];
    if (t->tab_count == TABS_MOST) {
        term_say(t, "%u sessions are enough", TABS_MOST);
        return false;
    }
    if (name->tls && !t->trust)
        t->trust = tls_trust(t->options.authorities, !t->options.trust_all, error, sizeof error);
    if (name->tls && !t->trust) {
        term_say(t, "%s", error);
        return false;
    }
    struct session_options options = sized(t);
    struct session *s = session_create(&t->loop, &options, name, t->trust, &t->session_owner, t);
    t->current = t->tab_count;
    t->tabs[t->tab_count++] = s;
    return true;
}

void term_go_to(struct term *t, unsigned tab)
{
    t->current = tab;
    t->marked_new[tab] = false;
}

void term_close_session(struct term *t)
{
    unsigned tab = t->current;
    if (t->tab_count == 1) {
        t->quit = true;
        return;
    }
    session_free(t->tabs[tab]);
    t->tab_count--;
    for (unsigned i = tab; i < t->tab_count; i++) {
        t->tabs[i] = t->tabs[i + 1];
        t->marked_new[i] = t->marked_new[i + 1];
    }
    t->marked_new[t->tab_count] = false;
    term_go_to(t, tab < t->tab_count ? tab : t->tab_count - 1);
}

static bool any_open(const struct term *t)
{
    for (unsigned i = 0; i < t->tab_count; i++)
        if (t->tabs[i]->state == SESSION_OPEN)
            return true;
    return false;
}

/* --- keys --- */

/* What is the terminal's own.  False: a session's. */
static bool do_here(struct term *t, enum action action)
{
    switch (action) {
    case ACTION_COMMAND:
        dialog_ask(t, QUESTION_COMMAND);
        break;
    case ACTION_SEARCH:
        dialog_ask(t, QUESTION_SEARCH);
        break;
    case ACTION_PF:
        dialog_ask(t, QUESTION_PF);
        break;
    case ACTION_NEW:
        dialog_ask(t, QUESTION_NEW);
        break;
    case ACTION_KEYPAD:
        keypad_open(t);
        break;
    case ACTION_MARK:
        copy_begin(t);
        break;
    case ACTION_PASTE:
        copy_paste(t);
        break;
    case ACTION_NEXT:
        term_go_to(t, (t->current + 1) % t->tab_count);
        break;
    case ACTION_PREVIOUS:
        term_go_to(t, (t->current + t->tab_count - 1) % t->tab_count);
        break;
    case ACTION_CLOSE:
        term_close_session(t);
        break;
    case ACTION_HELP:
        t->help = !t->help;
        break;
    case ACTION_REDRAW:
        tty_redraw();
        break;
    case ACTION_SUSPEND:
        tty_suspend();
        break;
    case ACTION_QUIT:
        if (any_open(t))
            dialog_ask(t, QUESTION_QUIT);
        else
            t->quit = true;
        break;
    default:
        return false;
    }
    return true;
}

void term_do(struct term *t, enum action action)
{
    char name[TTY_NAME];
    bool paper = !session_is_display(term_session(t));
    if (action == ACTION_SEARCH && !paper) {
        term_say(t, "there is nothing to search: a 3270 has no paper");
        return;
    }
    if (do_here(t, action) || session_do(term_session(t), action))
        return;
    action_name(action, name);
    term_say(t, paper ? "%s is a key of a 3270; this is a line" : "%s is for lines; this is a 3270",
             name);
}

static void clicked(struct term *t, const struct tty_input *input)
{
    for (unsigned i = 0; i < t->spot_count; i++) {
        const struct spot *spot = &t->spots[i];
        if (input->row != spot->row || input->column < spot->from || input->column >= spot->to)
            continue;
        if (spot->tab >= 0)
            term_go_to(t, (unsigned)spot->tab);
        else
            term_do(t, spot->action);
        return;
    }
    copy_mouse(t, input);
}

static void pasted(struct term *t, tty_key key)
{
    struct session *s = term_session(t);
    if (key == '\r' || key == '\n')
        session_paste_newline(s);
    else if (key == '\t' && session_is_display(s))
        session_do(s, (enum action)KEY_TAB);
    else if (key >= ' ' && key < TTY_SPECIAL)
        session_type(s, key);
    else if (key == '\t')
        session_type(s, ' ');
}

static void session_key(struct term *t, const struct tty_input *input)
{
    char name[TTY_NAME];
    enum action action = bindings_find(&t->bindings, input->key, term_mode(t));
    t->message[0] = 0;
    if (input->key == TTY_MOUSE_DOWN) {
        clicked(t, input);
    } else if (input->key == TTY_MOUSE_UP) {
        copy_mouse(t, input);
    } else if (input->pasted) {
        pasted(t, input->key);
    } else if (action != ACTION_NONE) {
        term_do(t, action);
    } else if (input->key >= ' ' && input->key < TTY_SPECIAL) {
        session_type(term_session(t), input->key);
    } else {
        tty_key_name(input->key, name);
        term_say(t, "%s does nothing here (Ctrl-K shows what keys do)", name);
    }
}

void term_key(struct term *t, const struct tty_input *input)
{
    if (t->marking)
        copy_key(t, input);
    else if (t->keypad)
        keypad_key(t, input);
    else if (t->commands)
        commands_key(t, input);
    else if (t->question)
        dialog_key(t, input);
    else
        session_key(t, input);
}

static void keys_readable(uv_poll_t *poll, int status, int events)
{
    struct term *t = poll->data;
    struct tty_input input;
    bool any = false;
    while (!t->quit && tty_read(&input)) {
        any = t->touched = true;
        term_key(t, &input);
    }
    if (status < 0 || (!any && tty_is_gone()))
        t->quit = true;
    term_draw_soon(t);
}

/* --- beginning and end --- */

static void window_resized(uv_signal_t *handle, int number)
{
    struct term *t = handle->data;
    tty_resized();
    t->marking = false;
    term_draw_soon(t);
}

static void was_continued(uv_signal_t *handle, int number)
{
    tty_resized();
    tty_redraw();
    term_draw_soon(handle->data);
}

static void end_asked(uv_signal_t *handle, int number)
{
    struct term *t = handle->data;
    t->quit = true;
    term_draw_soon(t);
}

static void watch(struct term *t, uv_signal_t *handle, int number, uv_signal_cb callback)
{
    uv_signal_init(&t->loop, handle);
    handle->data = t;
    uv_signal_start(handle, callback, number);
}

static void open_loop(struct term *t)
{
    uv_loop_init(&t->loop);
    uv_idle_init(&t->loop, &t->settles);
    uv_timer_init(&t->loop, &t->draws);
    uv_timer_init(&t->loop, &t->deadline);
    uv_poll_init(&t->loop, &t->keys, tty_descriptor());
    t->settles.data = t->draws.data = t->deadline.data = t->keys.data = t;
    watch(t, &t->resized, SIGWINCH, window_resized);
    watch(t, &t->continued, SIGCONT, was_continued);
    watch(t, &t->ended, SIGTERM, end_asked);
    watch(t, &t->hung_up, SIGHUP, end_asked);
    uv_poll_start(&t->keys, UV_READABLE, keys_readable);
}

static void close_handle(uv_handle_t *handle, void *context)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void close_all(struct term *t)
{
    while (t->tab_count)
        session_free(t->tabs[--t->tab_count]);
    uv_walk(&t->loop, close_handle, NULL);
    uv_run(&t->loop, UV_RUN_DEFAULT);
    uv_loop_close(&t->loop);
    macro_free(t->macro);
    tls_identity_free(t->trust);
    free(t->clipboard);
    for (unsigned i = 0; i < sizeof t->answers / sizeof *t->answers; i++)
        line_edit_free(&t->answers[i]);
    free(t);
}

static void start_trace(struct term *t, const char *path)
{
    FILE *f = fopen(path, "a");
    if (f)
        session_trace(term_session(t), f);
    else
        term_say(t, "%s: the trace can't be written there", path);
}

int term_run(const struct term_options *options)
{
    struct term *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->options = *options;
    t->help = !options->no_help;
    t->session_owner = (struct session_owner){session_changed, session_bell};
    bindings_default(&t->bindings);
    const char *wrong = tty_open(!options->no_mouse);
    if (wrong) {
        fprintf(stderr, "datbox term: %s\n", wrong);
        free(t);
        return 1;
    }
    signal(SIGPIPE, SIG_IGN);
    open_loop(t);
    if (!term_open_session(t, &options->host)) {
        tty_close();
        fprintf(stderr, "datbox term: %s\n", t->message);
        close_all(t);
        return 1;
    }
    if (options->trace)
        start_trace(t, options->trace);
    if (options->macro)
        macro_start(t, options->macro);
    term_draw_soon(t);
    uv_run(&t->loop, UV_RUN_DEFAULT);
    close_all(t);
    tty_close();
    return 0;
}

/* The operator's console.  libedit never reads the terminal itself: the machine's one
 * thread must not wait for the rest of a key's bytes.  So bytes are collected here, and
 * libedit is called once for each complete key (its unbuffered mode).
 *
 * What the guest prints comes at any time, also while a line is being typed: the typed
 * line is erased, the text printed, the line drawn again.  An unfinished line of output (a
 * prompt) becomes libedit's prompt. */
#include "consoles/line.h"

#include "consoles/completion.h"
#include "consoles/seat.h"
#include "consoles/utf8.h"
#include "lib/list.h"
#include "s370/devices/line.h"
#include "s370/machine.h"
#include "s370/operator/operator.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <uv.h>
#include <wchar.h>

#define HISTORY_LINES 500
#define INPUT_SIZE    1024 /* longest line */
#define PROMPT_SIZE   512
#define REDRAW_NS     UINT64_C(2000000) /* output follows output for so long */

struct line_console {
    struct machine *m;
    struct oper *o;
    struct line_console_options options;
    struct seat seat;
    bool terminal; /* standard input and output are one: libedit edits */
    bool hidden;   /* the guest reads a password */
    struct termios found;
    EditLine *el;
    HistoryW *history;
    struct completion *completion;
    uint8_t keys[256]; /* typed, not yet given to libedit */
    size_t key_count, key_next;
    char prompt[PROMPT_SIZE];               /* the unfinished line of output */
    char prompt_shown[2 * PROMPT_SIZE + 1]; /* the same as libedit gets it */
    char input[INPUT_SIZE];                 /* of a line that libedit doesn't edit */
    size_t input_length;
    struct utf8_decoder decoder;
    /* The handles are closed before the console is freed. */
    uv_poll_t poll;
    int terminal_input; /* the terminal, opened once more; -1 */
    uv_pipe_t pipe;
    uv_fs_t file;
    char block[4096]; /* from the pipe or file */
    bool refused;     /* the device takes no line now: `input`, and what follows in `block` */
    size_t held_from, held_to;
    struct event resume; /* offers the line again */
    bool erased;         /* the line being typed, to make place for output */
    struct event redraw;
    uv_signal_t interrupt, resized, continued;
    int handles; /* ... and requests under way, and the owner */
    bool closing;
};

static void release(struct line_console *c)
{
    if (--c->handles > 0)
        return;
    if (c->terminal_input >= 0)
        close(c->terminal_input);
    completion_free(c->completion);
    free(c);
}

static void close_one(uv_handle_t *handle)
{
    release(handle->data);
}

/* --- output --- */

/* Applies backspaces: a password mask vanishes.  Control characters are left out. */
static void clean_prompt(const char *from, char *to)
{
    size_t n = 0;
    char plain[PROMPT_SIZE];
    for (; *from; from++) {
        if (*from == '\b')
            n -= n > 0;
        else if (*from == '\r')
            n = 0;
        else if ((uint8_t)*from >= 0x20)
            plain[n++] = *from;
    }
    to[utf8_from_latin1(to, plain, n)] = 0;
}

static char *give_prompt(EditLine *el)
{
    struct line_console *c;
    el_get(el, EL_CLIENTDATA, &c);
    clean_prompt(c->prompt, c->prompt_shown);
    return c->prompt_shown;
}

static void put(const char *text, size_t length)
{
    char block[512];
    while (length) {
        size_t n = length < sizeof block / 2 ? length : sizeof block / 2;
        fwrite(block, 1, utf8_from_latin1(block, text, n), stdout);
        text += n;
        length -= n;
    }
}

/* Erases the line being edited, which may take several rows of the screen. */
static void erase_edited(struct line_console *c)
{
    struct winsize window = {0};
    const LineInfoW *line = el_wline(c->el);
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &window);
    unsigned width = window.ws_col ? window.ws_col : 80;
    mbstate_t state = {0};
    const char *prompt = give_prompt(c->el);
    size_t columns = mbsrtowcs(NULL, &prompt, 0, &state);
    columns = (columns == (size_t)-1 ? 0 : columns) + (size_t)(line->cursor - line->buffer);
    fputc('\r', stdout);
    for (unsigned rows = (unsigned)columns / width; rows > 0; rows--)
        fputs("\033[A", stdout);
    fputs("\033[J", stdout);
}

static bool is_editing(const struct line_console *c)
{
    return c->terminal && !c->hidden;
}

/* Draws the line being typed again, behind the unfinished line of output. */
static void redraw(struct line_console *c)
{
    event_cancel(&c->m->events, &c->redraw);
    fflush(stdout);
    if (c->erased)
        el_wset(c->el, EL_REFRESH);
    c->erased = false;
}

static void redraw_now(struct machine *m, struct event *event)
{
    redraw(LIST_ENTRY(event, struct line_console, redraw));
}

/* Erases the line being typed; it comes back when no more output follows for a moment. */
static void erase(struct line_console *c)
{
    if (!c->erased)
        erase_edited(c);
    c->erased = true;
    event_schedule(&c->m->events, &c->redraw, machine_now(c->m) + REDRAW_NS);
}

static void print(struct line_console *c, const char *text, size_t length)
{
    bool editing = is_editing(c);
    if (editing)
        erase(c);
    while (length) {
        const char *end = memchr(text, '\n', length);
        size_t n = end ? (size_t)(end - text) : length;
        size_t used = strlen(c->prompt);
        bool whole = end || used + n >= sizeof c->prompt;
        if (!editing) {
            put(text, n + (end != NULL));
        } else if (whole) {
            put(c->prompt, used);
            put(text, n);
            fputc('\n', stdout);
        }
        if (whole) {
            c->prompt[0] = 0;
        } else {
            memcpy(c->prompt + used, text, n);
            c->prompt[used + n] = 0;
        }
        text += n + (end != NULL);
        length -= n + (end != NULL);
    }
    if (!editing)
        fflush(stdout);
}

/* A line of the machine's own, between the guest's. */
static void message(void *context, const char *line)
{
    struct line_console *c = context;
    char kept[PROMPT_SIZE];
    if (c->prompt[0] && !is_editing(c))
        print(c, "\n", 1);
    memcpy(kept, c->prompt, sizeof kept);
    c->prompt[0] = 0;
    print(c, line, strlen(line));
    print(c, "\n", 1);
    memcpy(c->prompt, kept, sizeof kept);
}

/* --- the device's side --- */

static void device_writes(void *context, const char *text, size_t length)
{
    struct line_console *c = context;
    completion_note(c->completion, text, length);
    print(c, text, length);
}

static void set_echo(bool on)
{
    struct termios mode;
    if (tcgetattr(STDIN_FILENO, &mode))
        return;
    if (on)
        mode.c_lflag |= ECHO;
    else
        mode.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}

/* Passwords are read by the terminal's own line mode without echo, not by libedit. */
static void read_started(void *context, bool hidden)
{
    struct line_console *c = context;
    if (!hidden || !c->terminal || c->hidden)
        return;
    char shown[2 * PROMPT_SIZE + 1];
    event_cancel(&c->m->events, &c->redraw);
    if (!c->erased)
        erase_edited(c);
    c->erased = false;
    el_wset(c->el, EL_UNBUFFERED, 0);
    set_echo(false);
    c->hidden = true;
    clean_prompt(c->prompt, shown);
    fputs(shown, stdout);
    fflush(stdout);
}

static void read_ended(void *context)
{
    struct line_console *c = context;
    if (!c->hidden)
        return;
    set_echo(true);
    c->hidden = false;
    c->prompt[0] = 0;
    fputc('\n', stdout);
    fflush(stdout);
    el_wset(c->el, EL_UNBUFFERED, 1);
}

static void bell(void *context)
{
    fputc('\a', stdout);
    fflush(stdout);
}

static void hang_up(void *context)
{
    struct line_console *c = context;
    seat_leave(&c->seat);
}

static void room(void *context)
{
    struct line_console *c = context;
    if (c->refused)
        event_schedule(&c->m->events, &c->resume, machine_now(c->m));
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

/* False if the device takes no more lines now. */
static bool line_typed(struct line_console *c, const char *text)
{
    if (c->options.panel_commands || text[0] == '!') {
        operator_command(c->o, text + !c->options.panel_commands);
        return true;
    }
    struct line *line = seat_line(&c->seat);
    if (!line || line_input(line, text, strlen(text)))
        return true;
    if (c->terminal)
        machine_message(c->m, "the guest has too many lines to read; this one was not taken");
    return c->terminal;
}

/* Bytes of lines that libedit has nothing to do with.  Stops at a line that the device does
 * not take; returns how many bytes were used. */
static size_t take_bytes(struct line_console *c, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t character = utf8_decode(&c->decoder, (uint8_t)bytes[i]);
        if (character == '\n') {
            c->input[c->input_length] = 0;
            c->refused = !line_typed(c, c->input);
            if (c->refused)
                return i + 1;
            c->input_length = 0;
        } else if (character >= 0 && character != '\r' && c->input_length < INPUT_SIZE - 1) {
            c->input[c->input_length++] = character < 0x100 ? (char)character : '?';
        }
    }
    return n;
}

/* libedit wants a character: the next of the key it was called for. */
static int next_character(EditLine *el, wchar_t *to)
{
    struct line_console *c;
    el_get(el, EL_CLIENTDATA, &c);
    while (c->key_next < c->key_count) {
        int32_t character = utf8_decode(&c->decoder, c->keys[c->key_next++]);
        if (character >= 0) {
            *to = (wchar_t)character;
            return 1;
        }
    }
    errno = EAGAIN;
    return -1;
}

static void list_words(struct line_console *c, const struct completed *found)
{
    char line[80];
    size_t n = 0;
    for (unsigned i = 0; i < found->count; i++) {
        if (n + strlen(found->words[i]) + 2 > sizeof line) {
            message(c, line);
            n = 0;
        }
        n += (size_t)snprintf(line + n, sizeof line - n, "%s ", found->words[i]);
    }
    message(c, line);
}

/* The Tab key: completes the word at the cursor, or lists what it could be. */
static unsigned char complete(EditLine *el, int key)
{
    struct line_console *c;
    struct completed found;
    char text[INPUT_SIZE];
    wchar_t insert[sizeof found.insert];
    size_t n = 0, i;
    el_get(el, EL_CLIENTDATA, &c);
    const LineInfoW *line = el_wline(el);
    for (const wchar_t *at = line->buffer; at < line->cursor && n < sizeof text; at++)
        text[n++] = *at < 0x100 ? (char)*at : '?';
    bool panel = c->options.panel_commands, marked = n > 0 && text[0] == '!';
    bool command = panel ? n == 0 || text[0] != '/' : marked;
    size_t skip = command && !panel;
    completion_find(c->completion, text + skip, n - skip, command, &found);
    for (i = 0; found.insert[i]; i++)
        insert[i] = (wchar_t)(uint8_t)found.insert[i];
    insert[i] = 0;
    if (i > 0 && el_winsertstr(el, insert) == 0)
        return CC_REFRESH;
    if (found.count > 1)
        list_words(c, &found);
    return found.count > 1 ? CC_NORM : CC_REFRESH_BEEP;
}

/* The length of the key (a character or an escape sequence) that `keys` begin with; 0 if it
 * is not complete. */
static size_t key_length(const uint8_t *keys, size_t n)
{
    size_t i = 1;
    if (n == 0)
        return 0;
    if (keys[0] != 0x1b) {
        size_t length = keys[0] >= 0xf0 ? 4 : keys[0] >= 0xe0 ? 3 : keys[0] >= 0xc2 ? 2 : 1;
        return length <= n ? length : 0;
    }
    if (n < 2)
        return 0;
    if (keys[1] != '[' && keys[1] != 'O')
        return 2;
    for (i = 2; i < n; i++)
        if (keys[i] >= 0x40 && keys[i] <= 0x7e)
            return i + 1;
    return n < 16 ? 0 : n;
}

static void remember(struct line_console *c, const wchar_t *line)
{
    HistEventW event;
    if (line[0] == '\n')
        return;
    history_w(c->history, &event, H_ENTER, line);
    if (c->options.history)
        history_w(c->history, &event, H_SAVE, c->options.history);
}

static void edited(struct line_console *c, const wchar_t *line, int count)
{
    char text[INPUT_SIZE];
    size_t n = 0;
    for (int i = 0; i < count - 1 && n < sizeof text - 1; i++)
        text[n++] = line[i] < 0x100 ? (char)line[i] : '?';
    text[n] = 0;
    remember(c, line);
    if (text[0] != '!') {
        completion_note(c->completion, text, n);
        completion_note(c->completion, "\n", 1);
    }
    c->prompt[0] = 0;
    /* Off and on again begins a new line. */
    el_wset(c->el, EL_UNBUFFERED, 0);
    el_wset(c->el, EL_UNBUFFERED, 1);
    line_typed(c, text);
}

static void take_keys(struct line_console *c)
{
    size_t from = 0, length;
    uint8_t all[sizeof c->keys];
    size_t n = c->key_count;
    memcpy(all, c->keys, n);
    while (!c->hidden && (length = key_length(all + from, n - from)) > 0) {
        const LineInfoW *now = el_wline(c->el);
        bool empty = now->lastchar == now->buffer;
        bool ends = length == 1 && all[from] == 4 && empty;
        if (ends) {
            seat_end(&c->seat);
            from++;
            continue;
        }
        c->seat.leaving = false;
        if (c->erased)
            redraw(c); /* the key before was a line that was answered */
        memcpy(c->keys, all + from, length);
        c->key_count = length;
        c->key_next = 0;
        from += length;
        int count = 0;
        const wchar_t *line = el_wgets(c->el, &count);
        if (line && count > 0 && (line[count - 1] == '\n' || line[count - 1] == '\r'))
            edited(c, line, count);
    }
    if (c->hidden && from < n) { /* typed ahead of the password prompt */
        take_bytes(c, (char *)all + from, n - from);
        from = n;
    }
    c->key_count = n - from;
    memmove(c->keys, all + from, n - from);
}

static void terminal_readable(uv_poll_t *poll, int status, int events)
{
    struct line_console *c = poll->data;
    ssize_t n = read(STDIN_FILENO, c->keys + c->key_count, sizeof c->keys - c->key_count);
    if (n <= 0) {
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n == 0 && c->hidden) {
            seat_end(&c->seat);
            return;
        }
        uv_poll_stop(poll); /* the terminal is gone; the machine goes on */
        return;
    }
    if (c->hidden) {
        take_bytes(c, (char *)c->keys + c->key_count, (size_t)n);
        return;
    }
    c->key_count += (size_t)n;
    if (c->erased)
        redraw(c);
    take_keys(c);
}

static void give_block(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct line_console *c = handle->data;
    *buffer = uv_buf_init(c->block, sizeof c->block);
}

/* Lines from a pipe or file; what the device does not take is held. */
static void take_block(struct line_console *c)
{
    c->held_from += take_bytes(c, c->block + c->held_from, c->held_to - c->held_from);
}

static void pipe_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct line_console *c = stream->data;
    c->held_from = 0;
    c->held_to = n > 0 ? (size_t)n : 0;
    take_block(c);
    if (n < 0 || c->refused)
        uv_read_stop(stream); /* at the end, the machine goes on without */
}

/* --- beginning and end --- */

static void interrupted(uv_signal_t *handle, int number)
{
    struct line_console *c = handle->data;
    struct line *line = seat_line(&c->seat);
    if (line)
        line_attention(line);
}

static void window_resized(uv_signal_t *handle, int number)
{
    struct line_console *c = handle->data;
    el_resize(c->el);
}

static void was_continued(uv_signal_t *handle, int number)
{
    struct line_console *c = handle->data;
    c->erased = false; /* the line is drawn anew below */
    if (c->hidden) {
        set_echo(false);
        return;
    }
    el_wset(c->el, EL_UNBUFFERED, 0);
    el_wset(c->el, EL_UNBUFFERED, 1);
}

static void watch_signal(struct line_console *c, uv_signal_t *handle, int number,
                         uv_signal_cb callback)
{
    uv_signal_init(c->m->loop, handle);
    handle->data = c;
    uv_signal_start(handle, callback, number);
    c->handles++;
}

/* The event loop makes its descriptor non-blocking; standard input may be the same open file as
 * standard output, where that would lose output, and as that of who started us. */
static void watch_terminal(struct line_console *c, uv_poll_cb readable)
{
    const char *name = ttyname(STDIN_FILENO);
    c->terminal_input = name ? open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
    uv_poll_init(c->m->loop, &c->poll, c->terminal_input < 0 ? STDIN_FILENO : c->terminal_input);
    c->poll.data = c;
    c->handles++;
    uv_poll_start(&c->poll, UV_READABLE, readable);
}

static void open_terminal(struct line_console *c)
{
    HistEventW event;
    setlocale(LC_CTYPE, "");
    /* Ctrl-S would stop the machine with its output. */
    struct termios mode = c->found;
    mode.c_iflag &= ~(tcflag_t)IXON;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
    c->el = el_init("datbox", stdin, stdout, stderr);
    c->history = history_winit();
    if (!c->el || !c->history) {
        fprintf(stderr, "datbox: no line editing: %s\n", strerror(errno));
        exit(1);
    }
    history_w(c->history, &event, H_SETSIZE, HISTORY_LINES);
    history_w(c->history, &event, H_SETUNIQUE, 1);
    if (c->options.history)
        history_w(c->history, &event, H_LOAD, c->options.history);
    el_wset(c->el, EL_CLIENTDATA, c);
    el_set(c->el, EL_PROMPT, give_prompt);
    el_wset(c->el, EL_EDITOR, L"emacs");
    el_wset(c->el, EL_HIST, history_w, c->history);
    el_wset(c->el, EL_GETCFN, next_character);
    el_wset(c->el, EL_ADDFN, L"datbox-complete", L"complete the word", complete);
    el_wset(c->el, EL_BIND, L"^I", L"datbox-complete", NULL);
    /* Commands that would wait for more keys by themselves do something else here. */
    el_wset(c->el, EL_BIND, L"^R", L"ed-search-prev-history", NULL);
    el_wset(c->el, EL_BIND, L"^V", L"ed-unassigned", NULL);
    el_wset(c->el, EL_BIND, L"^Q", L"ed-unassigned", NULL);
    el_wset(c->el, EL_BIND, L"^X", L"ed-unassigned", NULL);
    el_wset(c->el, EL_UNBUFFERED, 1);
    watch_terminal(c, terminal_readable);
    watch_signal(c, &c->interrupt, SIGINT, interrupted);
    watch_signal(c, &c->resized, SIGWINCH, window_resized);
    watch_signal(c, &c->continued, SIGCONT, was_continued);
}

static void file_read(uv_fs_t *request);

static void read_file(struct line_console *c)
{
    uv_buf_t buffer = uv_buf_init(c->block, sizeof c->block);
    c->file.data = c;
    c->handles++;
    uv_fs_read(c->m->loop, &c->file, STDIN_FILENO, &buffer, 1, -1, file_read);
}

static void file_read(uv_fs_t *request)
{
    struct line_console *c = request->data;
    ssize_t n = request->result;
    uv_fs_req_cleanup(request);
    if (n > 0 && !c->closing) {
        c->held_from = 0;
        c->held_to = (size_t)n;
        take_block(c);
        if (!c->refused)
            read_file(c);
    }
    release(c);
}

/* The device has room again. */
static void resume(struct machine *m, struct event *event)
{
    struct line_console *c = LIST_ENTRY(event, struct line_console, resume);
    if (!c->refused || !line_typed(c, c->input))
        return;
    c->refused = false;
    c->input_length = 0;
    take_block(c);
    if (c->refused)
        return;
    if (c->pipe.loop)
        uv_read_start((uv_stream_t *)&c->pipe, give_block, pipe_read);
    else
        read_file(c);
}

/* The terminal's own line mode, when output goes elsewhere. */
static void lines_readable(uv_poll_t *poll, int status, int events)
{
    struct line_console *c = poll->data;
    ssize_t n = read(STDIN_FILENO, c->block, sizeof c->block);
    if (n > 0)
        take_bytes(c, c->block, (size_t)n);
    else if (n == 0 || errno != EINTR)
        uv_poll_stop(poll);
}

static void open_stream(struct line_console *c)
{
    uv_handle_type type = uv_guess_handle(STDIN_FILENO);
    watch_signal(c, &c->interrupt, SIGINT, interrupted);
    if (type == UV_NAMED_PIPE || type == UV_TCP) {
        uv_pipe_init(c->m->loop, &c->pipe, 0);
        c->pipe.data = c;
        c->handles++;
        uv_pipe_open(&c->pipe, STDIN_FILENO);
        uv_read_start((uv_stream_t *)&c->pipe, give_block, pipe_read);
    } else if (type == UV_TTY) {
        watch_terminal(c, lines_readable);
    } else if (type == UV_FILE) {
        read_file(c);
    }
}

struct line_console *line_console_create(struct machine *m, struct oper *o,
                                         const struct line_console_options *options)
{
    struct line_console *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->m = m;
    c->o = o;
    c->options = *options;
    c->completion = completion_create(m);
    c->terminal_input = -1;
    c->poll.data = c->pipe.data = c;
    c->handles = 1; /* the owner's, until line_console_destroy */
    c->resume.happen = resume;
    c->redraw.happen = redraw_now;
    c->terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !tcgetattr(0, &c->found);
    if (c->terminal)
        open_terminal(c);
    else
        open_stream(c);
    m->message = message;
    m->message_context = c;
    c->seat = (struct seat){.m = m, .device = options->device, .backend = &backend, .context = c};
    seat_take(&c->seat);
    return c;
}

static void close_handle(uv_handle_t *handle)
{
    if (handle->loop && !uv_is_closing(handle))
        uv_close(handle, close_one);
}

void line_console_destroy(struct line_console *c)
{
    if (!c)
        return;
    seat_leave(&c->seat);
    c->m->message = NULL;
    event_cancel(&c->m->events, &c->resume);
    event_cancel(&c->m->events, &c->redraw);
    if (c->terminal) {
        if (!c->hidden && !c->erased)
            erase_edited(c);
        fflush(stdout);
        el_wset(c->el, EL_UNBUFFERED, 0);
        el_end(c->el);
        history_wend(c->history);
        tcsetattr(STDIN_FILENO, TCSADRAIN, &c->found);
    }
    c->closing = true;
    close_handle((uv_handle_t *)&c->poll);
    close_handle((uv_handle_t *)&c->pipe);
    close_handle((uv_handle_t *)&c->interrupt);
    close_handle((uv_handle_t *)&c->resized);
    close_handle((uv_handle_t *)&c->continued);
    release(c);
}

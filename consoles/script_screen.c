/* The screens that scripts see; see script_screen.h.  The model follows the records that the
 * device sends to whoever sits there (its tap).  If it is the script, what the screen
 * answers goes back to the device from an event: not in the middle of its command. */
#include "consoles/script_screen.h"

#include "consoles/screen.h"
#include "lib/ebcdic.h"
#include "lib/list.h"
#include "s370/devices/display.h"
#include "s370/machine.h"

#include <stdlib.h>
#include <string.h>

#define CODE_PAGE 1047

struct operator_screen {
    struct machine *m;
    uint16_t device;
    void (*changed)(void *context);
    void *context;
    bool connected; /* the script sits there */
    struct screen *model;
    struct screen_answer answer; /* for the device; length 0: none */
    struct event deliver;
};

static const uint8_t sizes[][2] = {{24, 80}, {32, 80}, {43, 80}, {27, 132}};

static void set_size(struct operator_screen *s, unsigned rows, unsigned columns)
{
    screen_free(s->model);
    free(s->answer.bytes);
    s->model = screen_create(rows, columns, true);
    s->answer.length = 0;
    s->answer.size =
        s->model ? SCREEN_RECORD_MOST(s->model->alternate_rows * s->model->alternate_columns) : 0;
    s->answer.bytes = malloc(s->answer.size);
    if (!s->model || !s->answer.bytes)
        abort();
}

static void deliver(struct machine *m, struct event *event)
{
    struct operator_screen *s = LIST_ENTRY(event, struct operator_screen, deliver);
    struct display *display = display_of_device(m, s->device);
    size_t length = s->answer.length;
    s->answer.length = 0;
    if (display && s->connected && length)
        display_input(display, s->answer.bytes, length);
}

static void answer_soon(struct operator_screen *s)
{
    if (s->answer.length && s->connected)
        event_schedule(&s->m->events, &s->deliver, machine_now(s->m));
}

static void follow(void *context, const uint8_t *record, size_t length)
{
    struct operator_screen *s = context;
    const struct display_terminal *terminal =
        display_terminal_of(display_of_device(s->m, s->device));
    if (!s->connected && terminal->rows &&
        (terminal->rows != s->model->alternate_rows ||
         terminal->columns != s->model->alternate_columns))
        set_size(s, terminal->rows, terminal->columns); /* somebody else sits there now */
    screen_execute(s->model, record, length, &s->answer);
    answer_soon(s);
    s->changed(s->context);
}

/* Writes have come through the tap already. */
static bool send_record(void *context, const uint8_t *record, size_t length)
{
    struct operator_screen *s = context;
    if (record[0] == DISPLAY_READ_BUFFER || record[0] == DISPLAY_READ_MODIFIED) {
        screen_execute(s->model, record, length, &s->answer);
        answer_soon(s);
    }
    return true;
}

static void leave(struct operator_screen *s)
{
    struct display *display = display_of_device(s->m, s->device);
    bool was = s->connected;
    s->connected = false;
    event_cancel(&s->m->events, &s->deliver);
    if (was && display)
        display_disconnect(display);
}

static void hang_up(void *context)
{
    struct operator_screen *s = context;
    s->connected = false;
    event_cancel(&s->m->events, &s->deliver);
}

static const struct display_backend backend = {send_record, hang_up};

static struct operator_screen *create(struct machine *m, uint16_t device,
                                      void (*changed)(void *context), void *context)
{
    struct operator_screen *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->m = m;
    s->device = device;
    s->changed = changed;
    s->context = context;
    s->deliver.happen = deliver;
    set_size(s, sizes[0][0], sizes[0][1]);
    display_tap(display_of_device(m, device), follow, s);
    return s;
}

static void destroy(struct operator_screen *s)
{
    struct display *display = display_of_device(s->m, s->device);
    leave(s);
    if (display)
        display_untap(display, s);
    screen_free(s->model);
    free(s->answer.bytes);
    free(s);
}

static bool sit_down(struct operator_screen *s, unsigned model)
{
    struct display *display = display_of_device(s->m, s->device);
    struct display_terminal terminal = {sizes[model - 2][0], sizes[model - 2][1], true};
    if (!display || !display_connect(display, &terminal, &backend, s))
        return false;
    set_size(s, terminal.rows, terminal.columns);
    display_tap(display, follow, s); /* again: the device may be a new one */
    s->connected = true;
    display_ready(display);
    return true;
}

static char *text(const struct operator_screen *s)
{
    const struct screen *model = s->model;
    char *rows = malloc((size_t)model->rows * (model->columns + 2) + 1), *to = rows;
    if (!rows)
        abort();
    *to = 0;
    for (unsigned row = 0; row < model->rows; row++) {
        screen_row(model, row, CODE_PAGE, to);
        to += strlen(to);
        *to++ = '\n';
        *to = 0;
    }
    return rows;
}

static bool locked(const struct operator_screen *s)
{
    return s->model->lock == SCREEN_LOCKED;
}

static const char *inhibited(struct operator_screen *s)
{
    if (s->model->lock != SCREEN_INHIBITED)
        return NULL;
    screen_press(s->model, KEY_RESET, &s->answer);
    return "the cursor is in no field that takes this";
}

static const char *type(struct operator_screen *s, const char *characters)
{
    for (; *characters && s->model->lock == SCREEN_UNLOCKED; characters++)
        screen_type(s->model, latin1_to_ebcdic((uint8_t)*characters));
    return inhibited(s);
}

static const char *press(struct operator_screen *s, const char *name)
{
    enum screen_key key = screen_key_named(name);
    if (key == KEYS)
        return "there is no such key (ENTER, CLEAR, PA1 to PA3, PF1 to PF24, SYSREQ, TAB, BACKTAB, "
               "NEWLINE, HOME, UP, DOWN, LEFT, RIGHT, DELETE, BACKSPACE, ERASE-EOF, ERASE-INPUT, "
               "INSERT, RESET, DUP, FIELD-MARK, CURSOR-SELECT)";
    screen_press(s->model, key, &s->answer);
    answer_soon(s);
    return inhibited(s);
}

const struct operator_screens script_screens = {
    .create = create,
    .destroy = destroy,
    .connect = sit_down,
    .disconnect = leave,
    .text = text,
    .locked = locked,
    .type = type,
    .key = press,
};

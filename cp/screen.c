/* Screens: what is due on a 3270, and what is over.  One request at a time; each that ends looks
 * for the next thing, so a terminal that is slow or silent holds nobody but its user.
 *
 * When somebody connects, CP asks the terminal what it is (a Query), then shows the logo.  A key
 * is an attention: it is read before anything is written.  Output fills the screen from the
 * top; when the next line has no room, it waits: MORE... */
#include "cp/screen.h"

#include "cp/commands/state.h"
#include "cp/vmrun.h"
#include "lib/str.h"

#define FAILURES_MOST 3 /* writes of the whole screen */
#define MORE_SECOND   TOD_MILLISECONDS(1000)

static void start(struct screen *s, enum screen_request what)
{
    s->doing = what;
    terminal_start(s->t, s->program);
}

static void start_one(struct screen *s, enum screen_request what, uint8_t command, size_t length)
{
    ccw_set(&s->program[0], command, s->buffer, CCW_SUPPRESS_LENGTH, (uint16_t)length);
    start(s, what);
}

static void expired(struct clock_request *request);

void screen_timer(struct screen *s, uint64_t units)
{
    s->timer.expired = expired;
    clock_request(&s->timer, tod_now() + units);
}

static struct screen *create(struct terminal *t)
{
    struct screen *s = cp_alloc(sizeof *s);
    if (!s)
        return NULL;
    s->t = t;
    s->size = (struct ds_size){24, 80, false, 0};
    s->cursor = -1;
    s->unformatted = true;
    t->screen = s;
    return s;
}

/* The terminal does not take structured fields, or has answered: CP's work begins. */
static void size_known(struct screen *s)
{
    clock_cancel(&s->timer);
    s->mode = SCREEN_CP;
    s->unformatted = true;
    s->row = 0;
    if (s->t->vm && !s->t->vm->logged_on)
        s->t->vm->set.linesize = s->size.columns;
}

void screen_more(struct screen *s)
{
    const struct vmblok *vm = s->t->vm;
    s->hold = HOLD_MORE;
    screen_timer(s, (vm ? vm->set.more_first : 50) * MORE_SECOND);
}

void screen_clear(struct screen *s)
{
    if (s->hold)
        clock_cancel(&s->timer);
    s->hold = HOLD_NONE;
    s->clear_due = true;
    s->unseen = false;
    s->row = 0;
}

static void expired(struct clock_request *request)
{
    struct screen *s = LIST_ENTRY(request, struct screen, timer);
    const struct vmblok *vm = s->t->vm;
    if (s->mode == SCREEN_ASKED) {
        size_known(s);
    } else if (s->hold == HOLD_MORE) {
        s->hold = HOLD_ALARMED;
        s->alarm_due = true;
        screen_timer(s, (vm ? vm->set.more_second : 10) * MORE_SECOND);
    } else if (s->hold == HOLD_ALARMED) {
        screen_clear(s);
    }
    screen_advance(s->t);
}

static void refusal_expired(struct clock_request *request)
{
    struct screen *s = LIST_ENTRY(request, struct screen, refusal);
    s->refused = false;
    screen_advance(s->t);
}

void screen_refuse(struct screen *s)
{
    s->refused = true;
    s->refusal.expired = refusal_expired;
    clock_request(&s->refusal, tod_now() + SCREEN_REFUSED);
}

void screen_restyle(struct screen *s)
{
    s->status = NULL;
    s->erase_due = true;
    screen_advance(s->t);
}

static void ask(struct screen *s)
{
    memcpy(s->buffer, ds_query, sizeof ds_query);
    start_one(s, REQUEST_QUERY, COMMAND_WRITE_STRUCTURED, sizeof ds_query);
}

static void start_write(struct screen *s)
{
    size_t length;
    uint8_t command = screen_compose(s, &length);
    if (command)
        start_one(s, REQUEST_WRITE, command, length);
}

void screen_advance(struct terminal *t)
{
    struct screen *s = t->screen;
    if (t->active || !t->connected || t->lost)
        return;
    if (!s && !(s = create(t)))
        return;
    if (s->sense_due) {
        s->sense_due = false;
        start_one(s, REQUEST_SENSE, CCW_SENSE, 1);
    } else if (s->key_waits) {
        s->key_waits = false;
        s->failed = 0;
        start_one(s, REQUEST_READ, COMMAND_READ_MODIFIED, SCREEN_BUFFER);
    } else if (s->mode == SCREEN_NEW) {
        if (t->vm)
            ask(s);
    } else if (s->copy_due && s->mode == SCREEN_CP && screen_copy_program(s)) {
        start(s, REQUEST_COPY);
    } else if (screen_guest_due(s)) {
        s->doing = REQUEST_GUEST;
        terminal_start(t, screen_guest_program(s));
    } else if (s->mode != SCREEN_ASKED && s->failed <= FAILURES_MOST) {
        start_write(s);
    }
}

/* --- what is over --- */

static void key_read(struct screen *s)
{
    size_t length = SCREEN_BUFFER - get16(s->t->request.csw.count);
    if (!length || s->buffer[0] == AID_NONE)
        return;
    if (s->mode == SCREEN_GUEST)
        screen_guest_key(s, s->buffer[0]);
    else if (s->buffer[0] == AID_STRUCTURED && s->mode == SCREEN_ASKED) {
        ds_parse_query(s->buffer, length, &s->size);
        size_known(s);
    } else if (s->mode != SCREEN_ASKED && s->buffer[0] != AID_STRUCTURED) {
        s->locked = true;
        s->unseen = false;
        screen_key(s, s->buffer, length);
    }
}

static void write_over(struct screen *s)
{
    for (; s->writing; s->writing--)
        terminal_drop_line(s->t);
}

/* A request that ended well, or with an error that the terminal has survived.  The next one may
 * start from here. */
static void request_over(struct screen *s, bool good)
{
    enum screen_request done = s->doing;
    s->doing = REQUEST_NONE;
    switch (done) {
    case REQUEST_WRITE:
        if (good)
            s->failed = 0;
        write_over(s);
        break;
    case REQUEST_READ:
        if (good)
            key_read(s);
        break;
    case REQUEST_QUERY:
        if (good) {
            s->mode = SCREEN_ASKED;
            screen_timer(s, SCREEN_ASKING);
        } else {
            size_known(s);
        }
        break;
    case REQUEST_GUEST:
        screen_guest_ended(s);
        break;
    case REQUEST_COPY:
        if (good)
            screen_copy_read(s);
        break;
    default:
        break;
    }
}

/* The terminal could not do what was written: all is written anew, perhaps it is smaller than it
 * says.  If even that is too much nothing is, until a key is pressed. */
static void not_done(struct screen *s)
{
    s->unformatted = true;
    s->failed++;
    if (s->failed > 1)
        s->size = (struct ds_size){24, 80, false, 0};
}

static bool screen_ended(struct terminal *t)
{
    struct screen *s = t->screen;
    const struct ioreq *request = &t->request;
    bool check = request->csw.unit_status & UNIT_CHECK;
    if (t->losing || request->cc == 3 || (check && request->sense[0] & SENSE_INTERVENTION))
        return true;
    if (s->doing == REQUEST_SENSE && s->buffer[0] & SENSE_INTERVENTION)
        return true;
    if (s->doing == REQUEST_SENSE || (s->doing == REQUEST_WRITE && check))
        not_done(s);
    request_over(s, !check);
    return false;
}

/* A unit check may be a loss, or a record that the terminal can't do: its sense tells, unless a
 * new terminal has come meanwhile. */
static bool arrived(struct terminal *t, uint8_t status)
{
    if (t->connected && status & UNIT_DEVICE_END)
        return true;
    struct screen *s = t->screen ? t->screen : create(t);
    if (!s)
        return status & UNIT_CHECK;
    if (status & UNIT_CHECK) {
        if (!t->connected)
            return true;
        s->sense_due = true;
    } else if (status & UNIT_ATTENTION) {
        s->key_waits = true;
    }
    return false;
}

static void hurry(struct terminal *t)
{
    rio_halt(t->rdev);
}

static void forget(struct terminal *t)
{
    struct screen *s = t->screen;
    if (!s)
        return;
    clock_cancel(&s->timer);
    clock_cancel(&s->refusal);
    screen_guest_lost(s);
    screen_copy_free(s);
    t->screen = NULL;
    cp_free(s, sizeof *s);
}

static unsigned line_size(const struct terminal *t)
{
    return t->screen ? t->screen->size.columns : 80;
}

static void greet(struct terminal *t)
{
    if (t->screen)
        t->screen->logo_due = true;
    screen_advance(t);
}

const struct terminal_ops screen_ops = {
    .name = "GRAF",
    .line_size = line_size,
    .advance = screen_advance,
    .arrived = arrived,
    .ended = screen_ended,
    .hurry = hurry,
    .forget = forget,
    .greet = greet,
};

/* Terminals: what typewriters and screens share: the queue of output, who is connected, and what
 * comes unasked: see terminal.h.  All of this runs at any time, also in interruption handlers,
 * and does not sleep unless noted. */
#include "cp/terminal.h"

#include "cp/commands/state.h"
#include "cp/dial.h"
#include "cp/monitor/monitor.h"
#include "cp/screen.h"
#include "cp/session.h"
#include "cp/spool/cpspool.h"
#include "cp/terminal_ops.h"
#include "cp/vmrun.h"
#include "lib/str.h"

#define NEW_LINE ((char)0x15)

/* More lines than this are not kept for a terminal that does not take them. */
#define QUEUE_MAX 400
/* The VM's own output waits until the queue is shorter than this. */
#define QUEUE_LONG 24

static void advance(struct terminal *t)
{
    if (!t->lent)
        t->ops->advance(t);
}

void terminal_start(struct terminal *t, const struct ccw *program)
{
    t->active = true;
    t->request.rdev = t->rdev;
    t->request.program = program;
    rio_start(&t->request);
}

void terminal_drop_line(struct terminal *t)
{
    struct output_line *line = LIST_ENTRY(t->output.next, struct output_line, link);
    list_remove(&line->link);
    cp_free(line, line->size);
    t->queued--;
    if (t->queued == QUEUE_LONG / 2)
        task_wake(&t->queued);
}

void terminal_notify(struct terminal *t)
{
    if (t->vm)
        vm_post(t->vm, WORK_TERMINAL);
}

void terminal_typed(struct terminal *t, const void *line, size_t length)
{
    if (length > TERMINAL_LINE)
        length = TERMINAL_LINE;
    memmove(t->input, line, length);
    t->input_length = (uint16_t)length;
    t->input[length] = 0;
    t->input_ready = true;
    if (t->vm) {
        /* A password is nobody's business. */
        const struct monitor_line event = {t->vm, t->input, t->read_hidden ? 0 : length};
        MONITOR_CALL(MONITOR_RESPONSE, RESPONSE_INPUT, &event);
        vm_interactive(t->vm);
    }
    terminal_notify(t);
}

static void connection_lost(struct terminal *t)
{
    t->connected = t->reconnected;
    t->reconnected = false;
    t->lost = t->vm != NULL;
    t->input_ready = t->broke = false;
    t->greeted = false;
    t->ops->forget(t);
    while (!list_empty(&t->output))
        terminal_drop_line(t);
    task_wake(&t->queued);
    terminal_notify(t);
}

/* A VM for somebody to log on with. */
static void open_for_logon(struct terminal *t)
{
    struct vmblok *vm;
    if (t->vm || !t->enabled || !t->connected || t->lent || cp.shutting_down)
        return;
    vm = session_new();
    if (!vm)
        return;
    struct command_vm *data = command_vm(vm);
    terminal_connect(t, vm);
    if (vm_start(vm))
        return;
    /* No storage for its task; the next attention tries again. */
    t->vm = NULL;
    t->rdev->owner = NULL;
    vm_destroy(vm); /* it has nothing that could make this sleep */
    cp_free(data, sizeof *data);
}

static void request_completed(struct ioreq *request)
{
    struct terminal *t = request->context;
    t->active = false;
    if (t->ops->ended(t)) {
        t->losing = false;
        connection_lost(t);
        open_for_logon(t);
        if (!t->connected)
            return;
    }
    advance(t);
}

struct terminal *terminal_of(struct rdev *rdev)
{
    struct terminal *t = rdev->context;
    if (t)
        return t;
    t = cp_alloc(sizeof *t);
    if (!t)
        return NULL;
    t->rdev = rdev;
    t->ops = rdev->class == CLASS_GRAPHIC ? &screen_ops : &typewriter_ops;
    t->connected = rdev->first_status & UNIT_DEVICE_END; /* somebody was there before CP */
    t->request.completed = request_completed;
    t->request.context = t;
    list_init(&t->output);
    rdev->context = t;
    rdev->unsolicited = terminal_attention;
    rdev->is_system = true;
    struct list *at = cp.commands->terminals.next;
    while (at != &cp.commands->terminals &&
           LIST_ENTRY(at, struct terminal, link)->rdev->address < rdev->address)
        at = at->next;
    list_insert_before(at, &t->link);
    return t;
}

/* The connection was lost, and with `again` somebody else has come meanwhile: what is active goes
 * to the wrong person and has to end. */
static void loss_told(struct terminal *t, bool again)
{
    t->reconnected = again;
    if (t->active) {
        t->losing = true;
        t->ops->hurry(t);
        return;
    }
    connection_lost(t);
    open_for_logon(t);
    advance(t);
}

void terminal_attention(struct rdev *rdev, uint8_t status)
{
    struct terminal *t = rdev->context;
    if (t->ops->arrived(t, status)) {
        loss_told(t, status & UNIT_DEVICE_END);
        return;
    }
    if (t->connected && t->active && status == UNIT_DEVICE_END)
        t->reconnected = true;
    t->connected = true;
    if (t->vm)
        terminal_notify(t);
    else
        open_for_logon(t);
    if (!t->vm)
        t->broke = t->line_waits = false;
    advance(t);
}

const char *terminal_name(char to[TERMINAL_NAME_SIZE], const struct terminal *t)
{
    if (t)
        fmt(to, TERMINAL_NAME_SIZE, "%s %03X", t == cp.commands->console ? "CONS" : t->ops->name,
            t->rdev->address);
    else
        str_copy(to, "***", TERMINAL_NAME_SIZE);
    return to;
}

void terminal_connect(struct terminal *t, struct vmblok *vm)
{
    t->vm = vm;
    vm->terminal = t;
    t->rdev->owner = vm;
    t->broke = false; /* that was for whoever came before */
    t->read_wanted = t->read_hidden = t->read_by_guest = t->cp_lines = false;
    vm->set.linesize = (uint16_t)t->ops->line_size(t);
}

void terminal_leave(struct vmblok *vm)
{
    struct terminal *t = vm->terminal;
    if (!t)
        return;
    if (t->screen)
        screen_guest_cancel(t->screen);
    vm->terminal = NULL;
    t->vm = NULL;
    t->rdev->owner = NULL;
    t->lost = t->broke = t->input_ready = t->cp_lines = t->greeted = false;
    t->read_wanted = t->read_hidden = t->read_by_guest = false;
    t->password_errors = 0;
    task_wake(&t->queued);
    open_for_logon(t);
    advance(t);
}

void terminal_enable(struct terminal *t, bool enabled)
{
    t->enabled = enabled;
    open_for_logon(t);
    advance(t);
}

/* --- devices that are a guest's for a time --- */

bool terminal_may_be_lent(const struct rdev *rdev)
{
    const struct terminal *t = rdev->context;
    return rdev->unsolicited == terminal_attention && rdev->class == CLASS_GRAPHIC && !t->vm &&
           !t->active;
}

void terminal_lend(struct terminal *t)
{
    while (!list_empty(&t->output))
        terminal_drop_line(t);
    t->ops->forget(t);
    t->lent = true;
}

void terminal_take_back(struct terminal *t, bool connected)
{
    t->rdev->owner = NULL;
    t->rdev->unsolicited = terminal_attention;
    t->rdev->context = t;
    t->lent = t->lost = t->greeted = false;
    t->connected = connected;
    open_for_logon(t);
    advance(t);
}

unsigned terminals_dialed(void)
{
    unsigned n = 0;
    LIST_EACH(it, &cp.commands->terminals)
    {
        const struct terminal *t = LIST_ENTRY(it, struct terminal, link);
        if (t->lent && t->rdev->context && ((struct vdev *)t->rdev->context)->ops == &dial_ops)
            n++;
    }
    return n;
}

/* --- output --- */

void terminal_write(struct terminal *t, const char *text, size_t length, unsigned flags)
{
    if (!t->connected || t->lost || t->queued >= QUEUE_MAX)
        return;
    if (length > TERMINAL_LINE)
        length = TERMINAL_LINE;
    if (!length && flags & TERMINAL_NO_RETURN)
        return;
    size_t size = sizeof(struct output_line) + length + 1;
    struct output_line *line = cp_alloc(size);
    if (!line)
        return;
    line->size = (uint16_t)size;
    line->length = (uint8_t)(length ? length : 1); /* a CCW moves at least one byte */
    if (vm_current() != t->vm)
        flags |= TERMINAL_PRIORITY;
    line->flags = (uint8_t)flags;
    line->text[0] = ' ';
    memcpy(line->text, text, length);
    if (t->vm) {
        const struct monitor_line event = {t->vm, text, length};
        MONITOR_CALL(MONITOR_RESPONSE, RESPONSE_OUTPUT, &event);
    }
    t->in_line = flags & TERMINAL_NO_RETURN && !t->screen; /* each text has a row of its own */
    list_append(&t->output, &line->link);
    t->queued++;
    advance(t);
}

/* One line of a text; TERMINAL TIMESTAMP ON puts the time before it. */
static void write_piece(struct vmblok *vm, const char *text, size_t length, unsigned flags)
{
    char line[TERMINAL_LINE + CLOCK_TIME_SIZE];
    if (!vm->set.timestamp) {
        terminal_write(vm->terminal, text, length, flags);
        return;
    }
    clock_format_time(line, tod_now());
    size_t used = strlen(line);
    line[used++] = ' ';
    memcpy(line + used, text, length);
    terminal_write(vm->terminal, line, used + length, flags);
}

/* The console of a user who is disconnected, at the terminal of another one: each line with his
 * name. */
static void secondary_text(struct vmblok *vm, const char *text, size_t length)
{
    char line[TERMINAL_LINE + 1];
    struct vmblok *user = vm->logged_on && vm->secondary[0] ? vm_find(vm->secondary) : NULL;
    if (!user || user == vm || !user->terminal)
        return;
    size_t name = fmt(line, sizeof line, "%s: ", vm->userid);
    while (length) {
        size_t n = 0;
        while (n < length && name + n < TERMINAL_LINE && text[n] != NEW_LINE)
            n++;
        memcpy(line + name, text, n);
        terminal_write_text(user, line, name + n, TERMINAL_PRIORITY);
        n += n < length && text[n] == NEW_LINE;
        text += n;
        length -= n;
    }
}

void terminal_write_text(struct vmblok *vm, const char *text, size_t length, unsigned flags)
{
    struct terminal *t = vm->terminal;
    if (!t) {
        secondary_text(vm, text, length);
        return;
    }
    size_t size =
        vm->set.linesize && vm->set.linesize < TERMINAL_LINE ? vm->set.linesize : TERMINAL_LINE;
    if (vm->set.timestamp)
        size = size > 2 * CLOCK_TIME_SIZE ? size - CLOCK_TIME_SIZE : CLOCK_TIME_SIZE;
    for (;;) {
        size_t n = 0;
        while (n < length && n < size && text[n] != NEW_LINE)
            n++;
        bool ended = n < length && text[n] == NEW_LINE;
        bool last = n + ended == length;
        write_piece(vm, text, n, last && !ended ? flags : flags & ~(unsigned)TERMINAL_NO_RETURN);
        if (last)
            return;
        text += n + ended;
        length -= n + ended;
        flags &= ~(unsigned)TERMINAL_ALARM;
    }
}

/* A line of CP's own begins at the left margin. */
static void write_line(struct vmblok *vm, const char *text, size_t length)
{
    if (vm->terminal && vm->terminal->in_line)
        terminal_write(vm->terminal, "", 0, 0);
    terminal_write_text(vm, text, length, 0);
}

/* Replies of a DIAGNOSE 8 go to its buffer, with X'15' after each line, as far as it reaches. */
static void respond(struct vmblok *vm, const char *text, size_t length)
{
    size_t room = vm->response_size - vm->response_length;
    char *to = vm->response + vm->response_length;
    if (length + 1 > room) {
        vm->response_overflow = true;
        memcpy(to, text, room);
        vm->response_length = vm->response_size;
        return;
    }
    memcpy(to, text, length);
    to[length] = NEW_LINE;
    vm->response_length += (uint32_t)length + 1;
}

void cp_printf(struct vmblok *vm, const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    size_t length = vfmt(text, sizeof text, format, args);
    va_end(args);
    if (vm->response && vm_current() == vm) {
        respond(vm, text, length);
        return;
    }
    write_line(vm, text, length);
    spool_console_line(vm, text, length);
}

void terminal_tell(struct vmblok *vm, const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    size_t length = vfmt(text, sizeof text, format, args);
    va_end(args);
    write_line(vm, text, length);
}

void operator_printf(const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list args;
    clock_format_time(text, tod_now());
    size_t used = strlen(text);
    text[used++] = ' ';
    va_start(args, format);
    used += vfmt(text + used, sizeof text - used, format, args);
    va_end(args);
    if (cp.operator_vm)
        write_line(cp.operator_vm, text, used);
    else if (cp.commands && cp.commands->console) /* nobody is logged on there yet, or any more */
        terminal_write(cp.commands->console, text, used, 0);
    else
        early_printf("%s", text);
}

void terminal_throttle(struct vmblok *vm)
{
    while (vm->terminal && vm->terminal->queued > QUEUE_LONG && !(vm->work & WORK_FORCE))
        task_sleep(&vm->terminal->queued);
}

bool terminal_stopped(struct vmblok *vm)
{
    terminal_throttle(vm);
    task_yield(); /* the others do not wait for a long answer */
    if (vm->work & WORK_FORCE)
        return true;
    if (vm->response)
        return vm->response_overflow;
    return !vm->terminal || vm->terminal->broke || vm->terminal->lost;
}

/* --- input, in the VM's task --- */

/* The terminal is to read now, if `reads`, for the guest or for CP. */
static void want_read(struct terminal *t, bool reads, bool by_guest)
{
    const struct monitor_line event = {.vm = t->vm};
    if (reads && t->vm && (!t->read_wanted || t->read_by_guest != by_guest))
        MONITOR_CALL(MONITOR_RESPONSE, RESPONSE_READ, &event);
    t->read_wanted = reads;
    t->read_by_guest = by_guest;
}

void terminal_cp_reads(struct terminal *t, bool reads)
{
    want_read(t, reads, false);
    advance(t);
}

void terminal_guest_reads(struct vmblok *vm, bool reads)
{
    command_vm(vm)->guest_reads = reads;
    if (!vm->terminal)
        return;
    reads = reads && !vm->cp_mode;
    want_read(vm->terminal, reads, reads);
    advance(vm->terminal);
}

/* Sleeps until there is a line, or something else to look at. */
static void wait_for_line(struct vmblok *vm, struct terminal *t, uint64_t tod)
{
    want_read(t, true, false);
    advance(t);
    if (tod == UINT64_MAX)
        task_sleep(vm);
    else
        task_sleep_until(vm, tod);
}

static void end_read(struct vmblok *vm, struct terminal *t)
{
    t->read_hidden = false;
    t->read_wanted = t->read_by_guest = command_vm(vm)->guest_reads && !vm->cp_mode;
    advance(t);
}

int terminal_ask(struct vmblok *vm, const char *prompt, bool hidden, char *to, size_t size)
{
    struct terminal *t = vm->terminal;
    int length = -1;
    if (!t || t->lost)
        return -1;
    if (*prompt)
        terminal_write(t, prompt, strlen(prompt), 0);
    t->read_hidden = hidden;
    t->broke = false;
    while (vm->terminal == t && !t->lost && !t->input_ready && !(vm->work & WORK_FORCE))
        wait_for_line(vm, t, UINT64_MAX);
    if (vm->terminal != t)
        return -1;
    if (t->input_ready && !t->lost) {
        t->input_ready = false;
        str_copy(to, t->input, size);
        memset(t->input, 0, sizeof t->input); /* it may be a password */
        length = (int)strlen(to);
    }
    end_read(vm, t);
    return length;
}

void terminal_wait(struct vmblok *vm, uint64_t tod)
{
    struct terminal *t = vm->terminal;
    while (t && vm->terminal == t && !t->lost && !t->input_ready && !t->broke &&
           !(vm->work & WORK_FORCE) && tod_now() < tod)
        wait_for_line(vm, t, tod);
    if (t && vm->terminal == t) {
        t->broke = false;
        end_read(vm, t);
    }
}

/* A screen in full screen mode: the terminal's side.  A guest's program writes and reads the whole
 * screen; CP takes it back when the user or CP itself has something to say, and the program is
 * told at its next command (X'8E'), unless that writes the whole screen anyway.  SC19-6203,
 * "Full Screen Interactions". */
#include "cp/screen.h"

#include "cp/commands/state.h"
#include "cp/vdev.h"
#include "cp/vmrun.h"
#include "lib/str.h"

#define GOOD       (UNIT_CHANNEL_END | UNIT_DEVICE_END)
#define TAKEN_AWAY (UNIT_ATTENTION | GOOD | UNIT_CHECK) /* X'8E' */

static bool is_erase(uint8_t command)
{
    return command == COMMAND_ERASE_WRITE || command == COMMAND_ERASE_WRITE_ALTERNATE;
}

static void over(struct screen *s, uint8_t status, uint8_t sense)
{
    s->guest.wanted = false;
    s->guest.over = true;
    s->guest.status = status;
    s->guest.sense = sense;
    terminal_notify(s->t);
}

static void tell_guest(struct screen *s)
{
    if (s->t->vm && s->t->vm->console)
        vdev_attention(s->t->vm->console, UNIT_ATTENTION);
}

/* --- whose is the screen? --- */

/* CP waits for a command, or has been asked for one. */
static bool is_for_cp(const struct terminal *t)
{
    return !t->vm || t->vm->cp_mode || (t->read_wanted && !t->read_by_guest);
}

static void take(struct screen *s, bool from_guest)
{
    if (s->t->vm)
        command_vm(s->t->vm)->screen_taken = from_guest;
    s->guest_has_attention = s->attention_unread = s->told = false;
}

bool screen_may_take(struct screen *s)
{
    struct terminal *t = s->t;
    bool empty = list_empty(&t->output);
    if (empty && !t->read_wanted && t->vm && !s->logo_due)
        return false;
    bool priority =
        !empty && LIST_ENTRY(t->output.next, struct output_line, link)->flags & TERMINAL_PRIORITY;
    if (is_for_cp(t)) {
        take(s, true);
        return true;
    }
    if (t->read_wanted || !priority) { /* the guest itself */
        take(s, false);
        return true;
    }
    if (t->vm->set.breakin_guest)
        return false;
    if (s->locked) {
        take(s, true);
        s->message = true;
        return true;
    }
    /* What the user has typed is not to be lost: the program reads it first. */
    if (!s->told) {
        s->told = true;
        tell_guest(s);
    }
    return false;
}

/* --- a command --- */

/* Lines that the program has not read are waiting. */
static bool has_lines(const struct screen *s)
{
    const struct terminal *t = s->t;
    return t->input_ready || (t->vm && command_vm(t->vm)->stack_used);
}

static bool rows_due(struct screen *s)
{
    if (s->mode != SCREEN_CP || s->unformatted || s->clear_due) {
        if (s->mode == SCREEN_GUEST) {
            take(s, false);
            s->mode = SCREEN_CP;
            s->unformatted = true;
            s->row = 0;
        }
        return false;
    }
    if (s->guest.wait && s->row) {
        screen_more(s);
        return false;
    }
    if (s->guest.command != COMMAND_WRITE) { /* X'FF' and X'FE': CP's own work */
        s->unformatted |= s->guest.command == COMMAND_ERASE_WRITE;
        screen_clear(s);
        over(s, GOOD, 0);
        return false;
    }
    return true;
}

/* A program that speaks to its 3270 (CONMODE 3270) does not know that CP had it. */
static bool restore(struct screen *s)
{
    struct screen_guest *g = &s->guest;
    if (CCW_IS_READ(g->command)) { /* as if the user had cleared the screen */
        g->pages[0][0] = AID_CLEAR;
        g->length = 1;
        over(s, GOOD, 0);
        return false;
    }
    if (g->command == COMMAND_WRITE)
        g->command = COMMAND_ERASE_WRITE;
    return true;
}

static bool full_screen_due(struct screen *s)
{
    struct screen_guest *g = &s->guest;
    if (s->mode == SCREEN_GUEST && !(is_erase(g->command) && has_lines(s) && g->strict))
        return true;
    if (g->command == COMMAND_WRITE_STRUCTURED)
        return true;
    if (g->strict && (!is_erase(g->command) || has_lines(s))) {
        over(s, TAKEN_AWAY, 0);
        return false;
    }
    if (s->mode == SCREEN_CP && s->unseen && s->row) {
        screen_more(s);
        return false;
    }
    return g->strict || restore(s);
}

bool screen_guest_due(struct screen *s)
{
    struct list *output = &s->t->output;
    if (!s->guest.wanted || s->hold || s->mode == SCREEN_ASKED)
        return false;
    /* First what was to be seen before; messages wait until the guest has read. */
    if (!list_empty(output) &&
        (s->mode != SCREEN_GUEST ||
         !(LIST_ENTRY(output->next, struct output_line, link)->flags & TERMINAL_PRIORITY)))
        return false;
    return s->guest.rows ? rows_due(s) : full_screen_due(s);
}

/* --- the channel program --- */

/* The rows of X'19' go behind an address. */
static struct ccw *put_rows(struct screen *s, struct ccw *ccw)
{
    struct screen_guest *g = &s->guest;
    struct ds_stream to = {s->buffer, 0, SCREEN_BUFFER, ds_cells(&s->size)};
    unsigned columns = s->size.columns, rows = screen_output_rows(&s->size);
    if (g->row >= rows)
        g->row = (uint16_t)(rows - 1);
    uint32_t most = (rows - g->row) * columns - 1;
    if (g->length > most)
        g->length = most;
    ds_clean(g->pages[0], g->length < SCREEN_PAGE ? g->length : SCREEN_PAGE);
    ds_put_wcc(&to, s->locked ? WCC_RESTORE : 0);
    ds_put_address(&to, g->row * columns);
    ccw_set(ccw, COMMAND_WRITE, s->buffer, CCW_CHAIN_DATA | CCW_SUPPRESS_LENGTH, (uint16_t)to.used);
    unsigned next = g->row + (g->length + columns - 1) / columns;
    if (s->row < next)
        s->row = (uint16_t)next;
    s->locked = false;
    return ccw + 1;
}

const struct ccw *screen_guest_program(struct screen *s)
{
    struct screen_guest *g = &s->guest;
    struct ccw *ccw = s->program;
    uint32_t left;
    g->wanted = false;
    if (g->rows)
        ccw = put_rows(s, ccw);
    left = g->length;
    for (unsigned n = 0; left; n++) {
        uint32_t piece = left < SCREEN_PAGE ? left : SCREEN_PAGE;
        left -= piece;
        ccw_set(ccw++, g->command, g->pages[n], CCW_SUPPRESS_LENGTH | (left ? CCW_CHAIN_DATA : 0),
                (uint16_t)piece);
    }
    if (ccw == s->program) { /* a command without data */
        ccw_set(ccw, g->command, s->buffer, CCW_SUPPRESS_LENGTH, 1);
        s->buffer[0] = 0x40;
    }
    return s->program;
}

/* How many bytes a read has brought: the CSW names the CCW at which it ended. */
static uint32_t bytes_read(const struct screen *s)
{
    const struct csw *csw = &s->t->request.csw;
    uint32_t next = get24(csw->address), first = (uint32_t)(uintptr_t)s->program;
    uint32_t whole = next >= first + 8 ? (next - first) / 8 - 1 : 0;
    uint32_t before = whole * SCREEN_PAGE;
    if (whole >= SCREEN_PAGES || before > s->guest.length)
        return 0;
    uint32_t count =
        s->guest.length - before < SCREEN_PAGE ? s->guest.length - before : SCREEN_PAGE;
    uint32_t residual = get16(csw->count);
    return residual <= count ? before + count - residual : before;
}

/* Is the keyboard the user's after this command? */
static bool unlocks(const struct screen_guest *g)
{
    if (g->command == COMMAND_WRITE_STRUCTURED || g->command == COMMAND_ERASE_UNPROTECTED)
        return true;
    return g->length && g->pages[0] && g->pages[0][0] & WCC_RESTORE;
}

void screen_guest_ended(struct screen *s)
{
    struct screen_guest *g = &s->guest;
    const struct ioreq *request = &s->t->request;
    bool good = !(request->csw.unit_status & UNIT_CHECK);
    if (!s->t->vm || !command_vm(s->t->vm)->fullscreen) { /* given up meanwhile */
        s->unformatted = true;
        screen_guest_free(g);
        terminal_notify(s->t);
        return;
    }
    if (CCW_IS_READ(g->command)) {
        g->length = good ? bytes_read(s) : 0;
        s->attention_unread = false;
        s->locked |= s->told;
    } else if (!g->rows && good) {
        s->mode = SCREEN_GUEST;
        s->message = command_vm(s->t->vm)->screen_taken = false;
        s->status = NULL;
        if (is_erase(g->command))
            s->guest_has_attention = g->keeps_attention;
        if (unlocks(g))
            s->locked = false;
    }
    over(s, request->csw.unit_status, request->sense[0]);
}

void screen_guest_cancel(struct screen *s)
{
    if (s->doing == REQUEST_GUEST)
        rio_halt(s->t->rdev); /* its end frees the pages */
    else
        screen_guest_free(&s->guest);
}

void screen_guest_lost(struct screen *s)
{
    if (s->mode == SCREEN_GUEST)
        take(s, true);
    screen_guest_free(&s->guest);
}

void screen_guest_key(struct screen *s, uint8_t aid)
{
    s->locked |= aid != AID_STRUCTURED;
    if (aid != AID_PA1) {
        tell_guest(s);
    } else if (s->guest_has_attention && !s->attention_unread) {
        s->attention_unread = true;
        tell_guest(s);
    } else {
        s->t->broke = true;
        terminal_notify(s->t);
    }
}

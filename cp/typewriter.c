/* Typewriter terminals: 3215s, at which a telnet connection sits.  A READ is outstanding while
 * somebody waits for a line (the keyboard is unlocked); it is halted when there is something to
 * write and started again after it.
 *
 * How our 3215 lines speak: device end = somebody connected; attention = a line was typed
 * while no READ was active, and the next READ gets it at once; attention with unit exception
 * (also as the end of a READ) = the attention key; unit check = the connection is lost. */
#include "cp/terminal_ops.h"

#include "lib/str.h"

#define CONSOLE_WRITE        0x01
#define CONSOLE_WRITE_RETURN 0x09
#define CONSOLE_READ         0x0a
#define CONSOLE_ALARM        0x0b

/* Eight marks and the carriage back under the first: what is typed over them cannot be read. */
static const char mask[] = "********\x16\x16\x16\x16\x16\x16\x16\x16";

static struct output_line *first_line(struct terminal *t)
{
    return LIST_ENTRY(t->output.next, struct output_line, link);
}

static void start(struct terminal *t, enum terminal_state state, uint8_t command, void *data,
                  unsigned length)
{
    struct ccw *ccw = t->program;
    t->state = state;
    if (state == TERMINAL_WRITING && first_line(t)->flags & TERMINAL_ALARM)
        ccw_set(ccw++, CONSOLE_ALARM, t->input, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, 1);
    ccw_set(ccw, command, data, CCW_SUPPRESS_LENGTH, (uint16_t)length);
    terminal_start(t, t->program);
    /* Status that the device had to give first may have asked for a halt before the READ ran. */
    if (t->state == TERMINAL_READING && t->halting)
        rio_halt(t->rdev);
}

static void start_write(struct terminal *t)
{
    struct output_line *line = first_line(t);
    t->masked = false;
    start(t, TERMINAL_WRITING,
          line->flags & TERMINAL_NO_RETURN ? CONSOLE_WRITE : CONSOLE_WRITE_RETURN, line->text,
          line->length);
}

static void hurry(struct terminal *t)
{
    if (t->state == TERMINAL_READING && !t->halting) {
        t->halting = true;
        rio_halt(t->rdev);
    }
}

/* Output goes before input. */
static void advance(struct terminal *t)
{
    bool read_due = !t->input_ready && (t->line_waits || t->read_wanted);
    if (t->state == TERMINAL_READING && (!list_empty(&t->output) || !read_due)) {
        hurry(t);
        return;
    }
    if (t->state != TERMINAL_IDLE || !t->connected || t->lost)
        return;
    if (!list_empty(&t->output)) {
        start_write(t);
    } else if (read_due && t->read_hidden && !t->masked) {
        t->masked = true;
        start(t, TERMINAL_MASKING, CONSOLE_WRITE, (void *)mask, sizeof mask - 1);
    } else if (read_due) {
        t->for_attention = t->line_waits;
        t->halting = false;
        start(t, TERMINAL_READING, CONSOLE_READ, t->input, TERMINAL_LINE);
    }
}

static void read_ended(struct terminal *t)
{
    struct csw *csw = &t->request.csw;
    unsigned length = TERMINAL_LINE - get16(csw->count);
    bool halted = t->halting;
    t->masked = t->halting = false;
    if (length || !halted)
        t->in_line = false;
    if (csw->unit_status & UNIT_EXCEPTION) {
        t->broke = true;
        terminal_notify(t);
    } else if (halted && !length) {
        t->masked = t->read_hidden; /* nobody wrote over it yet */
    } else {
        if (t->for_attention)
            t->line_waits = false;
        terminal_typed(t, t->input, length);
    }
}

static bool ended(struct terminal *t)
{
    enum terminal_state state = t->state;
    t->state = TERMINAL_IDLE;
    if (t->losing || t->request.cc == 3 || t->request.csw.unit_status & UNIT_CHECK) {
        t->halting = false;
        return true;
    }
    if (state == TERMINAL_WRITING)
        terminal_drop_line(t);
    else if (state == TERMINAL_READING)
        read_ended(t);
    return false;
}

static bool arrived(struct terminal *t, uint8_t status)
{
    if (status & UNIT_CHECK)
        return true;
    if (status & UNIT_ATTENTION && status & UNIT_EXCEPTION)
        t->broke = true;
    else if (status & UNIT_ATTENTION)
        t->line_waits = true;
    return false;
}

static void forget(struct terminal *t)
{
    t->line_waits = false;
}

static unsigned line_size(const struct terminal *t)
{
    return 130;
}

const struct terminal_ops typewriter_ops = {
    .name = "LINE",
    .line_size = line_size,
    .advance = advance,
    .arrived = arrived,
    .ended = ended,
    .hurry = hurry,
    .forget = forget,
};

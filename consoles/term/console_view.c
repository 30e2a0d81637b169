/* What the operator's console shows. In a window of 100 columns or more the machine stands beside
 * the papers, else above them. */
#include "consoles/term/console_internal.h"

#include "consoles/term/paper_view.h"
#include "consoles/term/tty.h"
#include "s370/arch/psw.h"

#include <stdio.h>
#include <string.h>

#define WIDE        110 /* columns */
#define SIDE        38  /* of the machine's state in a wide window */
#define GUEST_WIDTH 19

static const struct tty_style plain = {0};
static const struct tty_style bar = {.reverse = true};
static const struct tty_style bold = {.bold = true};

static void fill(unsigned row, unsigned from, unsigned to, struct tty_style style)
{
    while (from < to)
        tty_put(row, from++, ' ', style);
}

static void put(unsigned row, unsigned column, unsigned width, const char *text,
                struct tty_style style)
{
    for (unsigned i = 0; i < width && text[i]; i++) /* ISO 8859-1 */
        tty_put(row, column + i, (uint8_t)text[i], style);
}

/* Puts a CPU's state; returns the column behind it. */
static unsigned put_state(unsigned row, unsigned column, const struct machine_view *v,
                          const struct cpu_view *cpu)
{
    static const char *const names[] = {[CPU_STOPPED] = "STOPPED",
                                        [CPU_RUNNING] = "RUNNING",
                                        [CPU_WAIT] = "WAIT",
                                        [CPU_DISABLED_WAIT] = "DISABLED WAIT"};
    struct tty_style style = {.bold = true, .reverse = true};
    bool good = v->loading || cpu->state == CPU_RUNNING || cpu->state == CPU_WAIT;
    char text[24];
    style.foreground = good ? COLOUR_GREEN : COLOUR_RED;
    snprintf(text, sizeof text, " %s ",
             v->loading        ? "LOADING"
             : cpu->check_stop ? "CHECK STOP"
                               : names[cpu->state]);
    return tty_text(row, column, text, style);
}

static void time_text(uint64_t ns, char text[24])
{
    unsigned long long s = ns / 1000000000;
    snprintf(text, 24, "%llu:%02llu:%02llu", s / 3600, s / 60 % 60, s % 60);
}

static void guest_text(const struct guest_rate *g, char text[48])
{
    char name[16];
    if (g->name[0])
        snprintf(name, sizeof name, "%s", g->name);
    else
        snprintf(name, sizeof name, "CR1 %06X", (unsigned)(g->segment_table & 0xffffff));
    snprintf(text, 48, "%-10s%7.0f", name, g->each_second);
}

static void device_text(const struct device_state *d, char text[96])
{
    snprintf(text, 96, "%03X%c%s", d->address, d->active ? '*' : ' ', d->text);
}

/* --- above --- */

/* A line for each CPU, and a sixth of the window for guests and devices.  Returns the first row
 * below. */
static unsigned draw_above(const struct full_console *c)
{
    const struct machine_view *v = &c->view;
    unsigned columns = tty_columns(), rows = tty_rows() / 6, top = v->cpu_count;
    char text[160], time[24];
    for (unsigned i = 0; i < v->cpu_count; i++) {
        const struct cpu_view *cpu = &v->cpus[i];
        fill(i, 0, columns, bar);
        unsigned column = put_state(i, 0, v, cpu);
        int n = snprintf(text, sizeof text, "  PSW %08X %08X %-20.20s", (unsigned)(cpu->psw >> 32),
                         (unsigned)cpu->psw, cpu->where);
        time_text(v->at, time);
        if (i == 0)
            snprintf(text + n, sizeof text - n, " %7.2f MIPS  %s", v->mips, time);
        put(i, column, columns - column, text, bar);
    }
    unsigned guests = columns > 2 * GUEST_WIDTH ? 1 : 0, across = 0;
    put(top, 1, GUEST_WIDTH, "exits a second", bold);
    for (unsigned i = 0; i < v->guests_shown && i < rows - 1 && guests; i++) {
        guest_text(&v->guests[i], text);
        put(top + 1 + i, 1, GUEST_WIDTH, text, plain);
    }
    /* Devices go down and then to the right. */
    unsigned from = GUEST_WIDTH + 2, width = (columns - from) / 2;
    for (unsigned i = 0; i < v->device_count; i++) {
        across = i / rows;
        if (across >= 2)
            break;
        device_text(&v->devices[i], text);
        put(top + i % rows, from + across * width, width - 1, text,
            v->devices[i].active ? bold : plain);
    }
    return top + rows;
}

/* --- beside --- */

static void draw_beside(const struct full_console *c, unsigned from, unsigned rows)
{
    const struct machine_view *v = &c->view;
    char text[160], time[24];
    unsigned row = 0;
    for (unsigned i = 0; i < rows; i++)
        tty_put(i, from - 1, U'\u2502', plain);
    for (unsigned i = 0; i < v->cpu_count; i++) {
        const struct cpu_view *cpu = &v->cpus[i];
        unsigned column = put_state(row, from + 1, v, cpu);
        time_text(v->at, time);
        snprintf(text, sizeof text, " %.2f MIPS  %s", v->mips, time);
        if (i == 0)
            put(row, column, SIDE - 18, text, plain);
        snprintf(text, sizeof text, "PSW %08X %08X", (unsigned)(cpu->psw >> 32),
                 (unsigned)cpu->psw);
        put(++row, from + 1, SIDE, text, plain);
        snprintf(text, sizeof text, "    %s", cpu->where);
        put(++row, from + 1, SIDE, text, plain);
        row++;
    }
    put(++row, from + 1, SIDE, "guest         exits/s", bold);
    for (unsigned i = 0; i < v->guests_shown && ++row < rows / 2; i++) {
        guest_text(&v->guests[i], text);
        put(row, from + 1, SIDE, text, plain);
    }
    row += 2;
    if (row < rows)
        put(row, from + 1, SIDE, "devices (* at work)", bold);
    for (unsigned i = 0; i < v->device_count && ++row < rows; i++) {
        device_text(&v->devices[i], text);
        put(row, from + 1, SIDE - 1, text, v->devices[i].active ? bold : plain);
    }
}

/* --- the papers --- */

static void draw_pane(struct full_console *c, enum pane_name which, const struct paper_box *box)
{
    struct pane *pane = &c->panes[which];
    unsigned row = 0, column = 0;
    bool hidden = which == PANE_GUEST && c->hidden;
    bool shown = paper_draw(pane->paper, box, pane->back, hidden ? NULL : &pane->input,
                            &pane->match, &row, &column);
    pane->page = box->rows > 2 ? box->rows - 2 : 1;
    if (which != c->focus)
        return;
    if (shown)
        tty_cursor(row, column, true);
    else
        tty_hide_cursor();
}

static void draw_title(const struct full_console *c, unsigned row, unsigned width,
                       enum pane_name which)
{
    const struct pane *pane = &c->panes[which];
    char text[160], device[40];
    snprintf(device, sizeof device, "console %03X", c->options.device);
    snprintf(text, sizeof text, " %s%s", which == PANE_GUEST ? device : "operator of the machine",
             pane->back                         ? "  (more below)"
             : which == PANE_GUEST && c->hidden ? "  (what you type is not shown)"
                                                : "");
    struct tty_style style = {.reverse = true, .bold = which == c->focus, .dim = which != c->focus};
    fill(row, 0, width, style);
    put(row, 0, width, text, style);
    if (which == c->focus && width > 12)
        tty_text(row, width - 8, "typing", style);
}

static void draw_help(const struct full_console *c, unsigned row)
{
    static const char *const keys[][2] = {{"Tab", "complete, or other pane"},
                                          {"Ctrl-C", "attention"},
                                          {"PageUp", "back"},
                                          {"Ctrl-F", "search"},
                                          {"F2", "start"},
                                          {"F3", "stop"},
                                          {"F4", "interrupt"},
                                          {"Ctrl-D", "end"}};
    unsigned column = 1;
    if (c->searching) {
        column = tty_text(row, column, "search (Enter: further back, Down: on, Esc: end): ", bold);
        for (unsigned i = 0; i < c->sought.length; i++)
            tty_put(row, column++, c->sought.text[i], plain);
        tty_cursor(row, column, false);
        return;
    }
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (column + strlen(keys[i][0]) + strlen(keys[i][1]) + 1 > tty_columns())
            break;
        column = tty_text(row, column, keys[i][0], bold);
        column = tty_text(row, column + 1, keys[i][1], plain) + 2;
    }
}

void console_draw(struct full_console *c)
{
    unsigned rows = tty_rows(), columns = tty_columns(), top = 0, width = columns;
    bool wide = columns >= WIDE;
    tty_clear();
    if (wide) {
        width = columns - SIDE - 1;
        draw_beside(c, width + 1, rows - 1);
    } else if (rows >= 16) {
        top = draw_above(c);
    }
    /* A third for the operator, at least four rows. */
    unsigned left = rows > top + 3 ? rows - top - 3 : 2;
    unsigned commands = left / 3 > 4 ? left / 3 : left > 8 ? 4 : left / 2;
    struct paper_box guest = {top + 1, 0, left - commands, width};
    struct paper_box command = {guest.row + guest.rows + 1, 0, commands, width};
    draw_title(c, top, width, PANE_GUEST);
    draw_title(c, command.row - 1, width, PANE_OPERATOR);
    draw_pane(c, PANE_GUEST, &guest);
    draw_pane(c, PANE_OPERATOR, &command);
    draw_help(c, rows - 1);
    tty_show();
}

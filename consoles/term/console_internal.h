/* Between console.c (what happens) and console_view.c (what is drawn). */
#ifndef CONSOLES_TERM_CONSOLE_INTERNAL_H
#define CONSOLES_TERM_CONSOLE_INTERNAL_H

#include "consoles/completion.h"
#include "consoles/seat.h"
#include "consoles/term/console.h"
#include "consoles/term/line_edit.h"
#include "consoles/term/paper.h"
#include "s370/event.h"
#include "s370/machine.h"
#include "s370/operator/operator.h"

#include <uv.h>

#define GUESTS_SHOWN  64
#define DEVICES_SHOWN 64

/* A paper with the line that is typed on it. */
struct pane {
    struct paper *paper;
    struct line_edit input;
    unsigned back, page;
    struct paper_match match;
};

struct guest_rate {
    uint32_t segment_table;
    char name[9];
    uint64_t count; /* at the last look */
    double each_second;
    unsigned quiet; /* looks at which it had not left */
};

struct device_state {
    uint16_t address;
    bool active;
    char text[72]; /* type, and what is mounted or connected */
};

struct cpu_view {
    enum cpu_state state;
    bool check_stop;
    uint64_t psw;
    char where[48]; /* what the PSW points to, by name */
};

/* What is shown of the machine; made anew twice a second. */
struct machine_view {
    uint64_t at, instructions; /* at the last look: machine time, all CPUs */
    bool loading;
    struct cpu_view cpus[CPUS_MAX];
    unsigned cpu_count;
    double mips;
    struct guest_rate guests[GUESTS_SHOWN]; /* busiest first */
    unsigned guest_count, guests_shown;
    struct device_state devices[DEVICES_SHOWN];
    unsigned device_count;
};

enum pane_name { PANE_GUEST, PANE_OPERATOR, PANES };

struct full_console {
    struct machine *m;
    struct oper *o;
    struct full_console_options options;
    struct completion *completion;
    struct bindings bindings; /* the usual ones of a line */
    struct pane panes[PANES];
    enum pane_name focus;
    bool searching; /* in the focused pane, for: */
    struct line_edit sought;
    struct seat seat;
    bool hidden; /* the guest reads a password */
    struct machine_view view;
    uv_poll_t keys;
    uv_timer_t clock; /* looks at the machine */
    uv_signal_t resized, continued;
    uv_prepare_t draws; /* before the loop waits for something */
    uv_timer_t later;   /* ... but not too often */
    uint64_t drawn_at;
    bool changed;
    int handles; /* open */
};

void console_draw(struct full_console *c);

#endif

/* Who runs: GDB stops all CPUs and lets all go on, or steps one.  A CPU that the program, or
 * the operator, had stopped is left alone by that; GDB hears when one that it let go has
 * stopped, with the reason. */
#include "s370/operator/gdb_internal.h"

#include "lib/list.h"

static unsigned number_of(const struct gdb *g, const struct cpu *cpu)
{
    unsigned n = 0;
    while (g->m->cpus[n] != cpu)
        n++;
    return n;
}

static bool operates(const struct cpu *cpu)
{
    enum cpu_state state = cpu_get_state(cpu);
    return state == CPU_RUNNING || state == CPU_WAIT;
}

void gdb_hold(struct gdb *g)
{
    g->running = false;
    g->m->held = true;
    for (unsigned n = 0; n < g->m->cpu_count; n++) {
        if (!operates(g->m->cpus[n]))
            continue;
        g->halted |= (uint8_t)(1u << n);
        cpu_stop(g->m->cpus[n]);
    }
    operator_watch(g->o); /* nobody starts a CPU behind GDB's back */
}

void gdb_attach(struct gdb *g)
{
    if (g->attached)
        return;
    g->attached = true;
    g->signal = GDB_SIGNAL_TRAP;
    g->cpu = g->m->selected;
    gdb_hold(g);
}

void gdb_release(struct gdb *g)
{
    event_cancel(&g->m->events, &g->halt);
    g->attached = g->running = g->m->held = false;
    operator_watch(g->o);
    for (unsigned n = 0; n < g->m->cpu_count; n++) {
        if (g->halted >> n & 1)
            cpu_start(g->m->cpus[n]);
    }
    g->halted = 0;
}

/* --- stopping --- */

static void stopped(struct gdb *g, enum gdb_signal signal, unsigned cpu,
                    const struct gdb_point *point)
{
    g->running = false;
    g->signal = signal;
    g->cpu = cpu;
    g->point = point;
}

static void halt(struct machine *m, struct event *event)
{
    struct gdb *g = LIST_ENTRY(event, struct gdb, halt);
    gdb_hold(g);
    machine_select_cpu(m, g->cpu); /* commands of `monitor` are for the same */
    g->reply.length = 0;
    gdb_say_stop(g);
    gdb_send(g);
}

static void halt_soon(struct gdb *g)
{
    g->halt.happen = halt;
    event_schedule(&g->m->events, &g->halt, machine_now(g->m));
}

void gdb_interrupt(struct gdb *g)
{
    if (!g->running)
        return;
    stopped(g, GDB_SIGNAL_INT, g->cpu, NULL);
    gdb_hold(g);
    g->reply.length = 0;
    gdb_say_stop(g);
    gdb_send(g);
}

void gdb_say_stop(struct gdb *g)
{
    static const char *const kinds[] = {"swbreak", "hwbreak", "watch", "rwatch", "awatch"};
    const struct gdb_point *p = g->point;
    gdb_say(g, "T%02xthread:%x;", (unsigned)g->signal, g->cpu + 1);
    if (p && p->kind >= GDB_STORE)
        gdb_say(g, "%s:%x;", kinds[p->kind], p->logical);
    else if (p && g->tells_kinds)
        gdb_say(g, "%s:;", kinds[p->kind]);
    gdb_say_place(g);
}

bool gdb_wants_instructions(const struct gdb *g)
{
    if (!g || !g->attached)
        return false;
    bool steps = false;
    for (unsigned n = 0; n < CPUS_MAX; n++)
        steps |= g->steps[n];
    return !g->running || steps || g->point_count;
}

bool gdb_before_instruction(struct gdb *g, struct cpu *cpu, uint32_t address)
{
    if (!g || !g->attached)
        return false;
    unsigned n = number_of(g, cpu);
    if (!g->running) { /* an IPL has ended, or somebody has started it: it begins with GDB */
        g->halted |= (uint8_t)(1u << n);
        return true;
    }
    if (cpu_instructions(cpu) == g->started[n])
        return false;
    const struct gdb_point *point = gdb_find_watch(g);
    if (!point)
        point = gdb_find_break(g, cpu, address);
    bool stepped = g->steps[n] && (address < g->range_from[n] || address >= g->range_to[n]);
    if (!point && !stepped)
        return false;
    stopped(g, GDB_SIGNAL_TRAP, n, point);
    g->halted |= (uint8_t)(1u << n);
    halt_soon(g);
    return true;
}

bool gdb_state_changed(struct gdb *g, enum cpu_state state)
{
    if (!g || !g->attached || state == CPU_RUNNING || g->m->loading)
        return false;
    if (!g->running)
        return true;
    bool program = state == CPU_DISABLED_WAIT || cpu_is_check_stopped(g->m->cpu);
    stopped(g, program ? GDB_SIGNAL_ABRT : GDB_SIGNAL_INT, number_of(g, g->m->cpu), NULL);
    if (state == CPU_STOPPED && !program)
        g->halted |= (uint8_t)(1u << g->cpu);
    halt_soon(g);
    return false;
}

/* --- going on --- */

/* One action of vCont: which CPUs, and how. */
struct action {
    bool steps;
    uint32_t from, to;
    uint32_t cpu; /* + 1, 0: any */
    bool all;
};

/* "c", "C05", "s", "S05", "rFROM,TO", each perhaps with ":CPU".  Moves *at behind it. */
static bool parse_action(const char **at, struct action *a)
{
    uint32_t ignored;
    char word = *(*at)++;
    *a = (struct action){.steps = word == 's' || word == 'S' || word == 'r', .all = true};
    if (word == 'C' || word == 'S') {
        if (!gdb_number(at, &ignored)) /* a signal means nothing to the machine */
            return false;
    } else if (word == 'r') {
        if (!gdb_number(at, &a->from) || *(*at)++ != ',' || !gdb_number(at, &a->to))
            return false;
    } else if (word != 'c' && word != 's') {
        return false;
    }
    if (**at != ':')
        return true;
    ++*at;
    a->all = (*at)[0] == '-' && (*at)[1] == '1';
    if (a->all) {
        *at += 2;
        return true;
    }
    return gdb_number(at, &a->cpu);
}

/* Does the action concern CPU n, which GDB holds, or has none but it? */
static bool concerns(const struct gdb *g, const struct action *a, unsigned n)
{
    bool held = g->halted ? g->halted >> n & 1 : n == g->cpu;
    return held && (a->all || a->cpu == 0 || a->cpu == n + 1);
}

static void start(struct gdb *g, const struct action *actions)
{
    bool loading = g->m->loading;
    for (unsigned n = 0; n < g->m->cpu_count; n++) {
        const struct action *a = &actions[n];
        g->started[n] = cpu_instructions(g->m->cpus[n]);
        g->steps[n] = a->cpu && a->steps;
        g->range_from[n] = a->from;
        g->range_to[n] = a->to;
    }
    g->running = true;
    g->m->held = false;
    gdb_watch_again(g);
    operator_watch(g->o);
    bool any = loading;
    for (unsigned n = 0; n < g->m->cpu_count; n++) {
        if (actions[n].cpu && !loading) { /* the end of the IPL starts it */
            cpu_start(g->m->cpus[n]);
            g->halted &= (uint8_t) ~(1u << n);
        }
        any |= operates(g->m->cpus[n]);
    }
    if (any)
        return;
    stopped(g, GDB_SIGNAL_ABRT, g->cpu, NULL); /* a disabled wait, or the check stop */
    halt_soon(g);
}

void gdb_resume(struct gdb *g, const char *at)
{
    struct action actions[CPUS_MAX] = {{0}}; /* by CPU; cpu 0: none */
    if (g->running)
        return;    /* GDB must have lost a reply: it is told of the next stop */
    gdb_attach(g); /* it has not asked for the state before */
    while (*at++ == ';') {
        struct action a;
        if (!parse_action(&at, &a)) {
            gdb_say(g, "E16");
            gdb_send(g);
            return;
        }
        for (unsigned n = 0; n < g->m->cpu_count; n++) {
            if (!actions[n].cpu && concerns(g, &a, n)) {
                actions[n] = a;
                actions[n].cpu = n + 1;
            }
        }
    }
    start(g, actions);
}

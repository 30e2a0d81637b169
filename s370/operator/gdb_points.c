/* Breakpoints and watchpoints.
 *
 * Z0, GDB's `break`, is where the instruction lies in storage, whatever address leads to it: as
 * if an instruction there were replaced, which never happens.  So a breakpoint in a control
 * program does not stop its guests at the same address of theirs.  Z1, `hbreak`, is a logical
 * address in any address space.
 *
 * A watched store is one that has changed what is there, by whomever: CPU, channel, timer or
 * interruption.  A watched fetch is the CPU's (dat/gate.h).  Both are looked at before each
 * instruction, so the one that did it has just been executed. */
#include "s370/operator/gdb_internal.h"

static bool is_break(const struct gdb_point *p)
{
    return p->kind == GDB_BREAK_STORAGE || p->kind == GDB_BREAK_LOGICAL;
}

/* Gives the gates the places whose fetches count. */
static void watch_storage(struct gdb *g)
{
    g->watch_count = 0;
    for (const struct gdb_point *p = g->points; p < g->points + g->point_count; p++) {
        if (p->kind == GDB_FETCH || p->kind == GDB_ACCESS)
            g->watches[g->watch_count++] = (struct gate_watch){.address = p->absolute,
                                                               .length = p->length,
                                                               .fetch = true,
                                                               .store = p->kind == GDB_ACCESS};
    }
    for (unsigned n = 0; n < g->m->cpu_count; n++)
        cpu_set_storage_watches(g->m->cpus[n], false, g->watch_count ? g->watches : NULL,
                                g->watch_count);
}

static void changed(struct gdb *g)
{
    watch_storage(g);
    gdb_watch_again(g);
    operator_watch(g->o);
}

/* "ADDRESS,LENGTH" behind Zn, perhaps with conditions, which are not for us. */
static bool parse(const char *at, struct gdb_point *p)
{
    unsigned kind = (unsigned)(*at - '0');
    if (kind > GDB_ACCESS || at[1] != ',')
        return false;
    at += 2;
    p->kind = (enum gdb_kind)kind;
    return gdb_number(&at, &p->logical) && *at++ == ',' && gdb_number(&at, &p->length) &&
           (*at == 0 || *at == ';');
}

static struct gdb_point *find(struct gdb *g, const struct gdb_point *like)
{
    for (struct gdb_point *p = g->points; p < g->points + g->point_count; p++) {
        if (p->kind == like->kind && p->logical == like->logical && p->length == like->length)
            return p;
    }
    return NULL;
}

/* Where it is in storage; false if it is not there, or not all in one piece. */
static bool locate(const struct gdb *g, struct gdb_point *p)
{
    uint8_t bytes[GDB_WATCH_MOST];
    uint32_t end;
    if (p->kind == GDB_BREAK_LOGICAL)
        return p->logical <= ADDRESS_MASK;
    if (p->logical > ADDRESS_MASK || cpu_translate(gdb_cpu(g), p->logical, &p->absolute))
        return false;
    if (is_break(p))
        return true;
    if (p->length == 0 || p->length > GDB_WATCH_MOST ||
        cpu_translate(gdb_cpu(g), (p->logical + p->length - 1) & ADDRESS_MASK, &end))
        return false;
    return end == p->absolute + p->length - 1 &&
           storage_peek(&g->m->storage, p->absolute, bytes, p->length);
}

void gdb_set_point(struct gdb *g, const char *at)
{
    struct gdb_point point = {0};
    if (!parse(at, &point)) {
        gdb_say(g, "E16");
        return;
    }
    if (!find(g, &point)) {
        if (g->point_count == GDB_POINTS || !locate(g, &point)) {
            gdb_say(g, g->point_count == GDB_POINTS ? "E1c" : "E0e");
            return;
        }
        g->points[g->point_count++] = point;
        changed(g);
    }
    gdb_say(g, "OK");
}

void gdb_clear_point(struct gdb *g, const char *at)
{
    struct gdb_point point = {0};
    if (!parse(at, &point)) {
        gdb_say(g, "E16");
        return;
    }
    struct gdb_point *p = find(g, &point);
    if (p) {
        *p = g->points[--g->point_count];
        g->point = NULL; /* it may have moved */
        changed(g);
    }
    gdb_say(g, "OK");
}

void gdb_clear_points(struct gdb *g)
{
    g->point_count = 0;
    g->point = NULL;
    changed(g);
}

const struct gdb_point *gdb_find_break(const struct gdb *g, struct cpu *cpu, uint32_t address)
{
    for (const struct gdb_point *p = g->points; p < g->points + g->point_count; p++) {
        uint32_t absolute;
        if (p->kind == GDB_BREAK_LOGICAL && p->logical == address)
            return p;
        /* Translation leaves the place in the block as it is. */
        if (p->kind == GDB_BREAK_STORAGE &&
            p->absolute % STORAGE_BLOCK == address % STORAGE_BLOCK &&
            !cpu_translate(cpu, address, &absolute) && absolute == p->absolute)
            return p;
    }
    return NULL;
}

const struct gdb_point *gdb_find_watch(struct gdb *g)
{
    const struct gdb_point *met = NULL;
    const struct gate_watch *w = g->watches;
    for (struct gdb_point *p = g->points; p < g->points + g->point_count; p++) {
        if (is_break(p))
            continue;
        bool hit = (p->kind == GDB_FETCH || p->kind == GDB_ACCESS) && w++->hit;
        hit |= p->kind != GDB_FETCH &&
               memcmp(p->before, g->m->storage.main + p->absolute, p->length) != 0;
        if (hit && !met)
            met = p;
    }
    if (met)
        gdb_watch_again(g);
    return met;
}

void gdb_watch_again(struct gdb *g)
{
    for (struct gdb_point *p = g->points; p < g->points + g->point_count; p++) {
        if (!is_break(p))
            memcpy(p->before, g->m->storage.main + p->absolute, p->length);
    }
    for (unsigned n = 0; n < g->watch_count; n++)
        g->watches[n].hit = 0;
}

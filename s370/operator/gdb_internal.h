/* What gdb.c (the protocol), gdb_target.c (registers, storage), gdb_points.c (breakpoints and
 * watchpoints) and gdb_run.c (who runs, who has stopped, and why) share. */
#ifndef S370_OPERATOR_GDB_INTERNAL_H
#define S370_OPERATOR_GDB_INTERNAL_H

#include "dat/gate.h"
#include "s370/operator/gdb.h"
#include "s370/operator/gdb_packet.h"
#include "s370/operator/internal.h"

#define GDB_POINTS     64
#define GDB_WATCH_MOST 256u /* bytes of one watchpoint */

/* The signals that say why the machine has stopped, by GDB's numbers. */
enum gdb_signal {
    GDB_SIGNAL_INT = 2,  /* Ctrl-C, or the operator's stop */
    GDB_SIGNAL_TRAP = 5, /* a step, a breakpoint, a watchpoint */
    GDB_SIGNAL_ABRT = 6, /* a disabled wait, or the check stop */
};

/* A breakpoint or watchpoint, by GDB's numbers: Z0 to Z4. */
enum gdb_kind { GDB_BREAK_STORAGE, GDB_BREAK_LOGICAL, GDB_STORE, GDB_FETCH, GDB_ACCESS };

struct gdb_point {
    enum gdb_kind kind;
    uint32_t logical;  /* as GDB gave it */
    uint32_t absolute; /* where that was then; not for GDB_BREAK_LOGICAL */
    uint32_t length;
    uint8_t before[GDB_WATCH_MOST]; /* of a store: what was there */
};

struct gdb_reply {
    char text[GDB_PACKET_MOST + 1];
    size_t length;
};

struct gdb {
    struct oper *o;
    struct machine *m;
    const struct gdb_link *link;
    void *context;
    struct gdb_reader reader;
    struct gdb_reply reply;
    char frame[GDB_FRAME_MOST]; /* the last one that was sent, */
    size_t frame_length;        /* for when it got lost */
    bool no_ack;
    bool tells_kinds; /* GDB knows swbreak and hwbreak in stop replies */
    bool attached;    /* GDB has asked for the state, or goes on: it decides who runs */
    bool running;
    unsigned cpu;   /* the one that registers and addresses belong to */
    unsigned next;  /* of the list of CPUs */
    uint8_t halted; /* a bit (1 << n) for each CPU that would run if there were no debugger */

    /* How the machine runs. */
    uint64_t started[CPUS_MAX]; /* instructions of the CPU then */
    bool steps[CPUS_MAX];       /* one instruction, or as long as in the range: */
    uint32_t range_from[CPUS_MAX], range_to[CPUS_MAX];
    struct event halt; /* stops the other CPUs, and tells GDB */

    /* Why it has stopped. */
    enum gdb_signal signal;
    const struct gdb_point *point; /* or NULL */

    struct gdb_point points[GDB_POINTS];
    unsigned point_count;
    struct gate_watch watches[GDB_POINTS]; /* of the points that need some */
    unsigned watch_count;
};

/* --- replies --- */
void gdb_say(struct gdb *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gdb_say_hex(struct gdb *g, const void *bytes, size_t length);
void gdb_send(struct gdb *g); /* the reply, as a frame */
static inline struct cpu *gdb_cpu(const struct gdb *g)
{
    return g->m->cpus[g->cpu];
}

/* --- gdb_target.c: each puts an answer into the reply --- */
void gdb_read_registers(struct gdb *g, const char *at);
void gdb_write_registers(struct gdb *g, const char *at);
void gdb_read_register(struct gdb *g, const char *at);
void gdb_write_register(struct gdb *g, const char *at);
void gdb_read_storage(struct gdb *g, const char *at);
void gdb_write_storage(struct gdb *g, const char *at);
void gdb_write_binary(struct gdb *g, const char *at);
void gdb_describe(struct gdb *g, const char *at); /* a part of target.xml */
/* "NUMBER:VALUE;" of the registers that GDB wants first at a stop. */
void gdb_say_place(struct gdb *g);

/* --- gdb_points.c --- */
void gdb_set_point(struct gdb *g, const char *at);
void gdb_clear_point(struct gdb *g, const char *at);
void gdb_clear_points(struct gdb *g);
const struct gdb_point *gdb_find_break(const struct gdb *g, struct cpu *cpu, uint32_t address);
/* A watched place that was met since the last call, or NULL. */
const struct gdb_point *gdb_find_watch(struct gdb *g);
void gdb_watch_again(struct gdb *g); /* what happened while the machine was stopped is no hit */

/* --- gdb_run.c --- */
void gdb_attach(struct gdb *g); /* if it is not yet: from now on GDB decides who runs */
void gdb_hold(struct gdb *g);   /* stops all CPUs */
void gdb_release(struct gdb *g);
void gdb_interrupt(struct gdb *g);                  /* Ctrl-C */
void gdb_resume(struct gdb *g, const char *action); /* of vCont, behind the word */
void gdb_say_stop(struct gdb *g);
/* For the CPU's hook and the operator: see step.c, commands.c. */
bool gdb_wants_instructions(const struct gdb *g);
bool gdb_before_instruction(struct gdb *g, struct cpu *cpu, uint32_t address);
/* True: GDB hears of it, nobody else has to. */
bool gdb_state_changed(struct gdb *g, enum cpu_state state);

#endif

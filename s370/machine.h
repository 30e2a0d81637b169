/* The machine: storage, CPU, channels with devices, clock, events, and the loop that runs
 * them.  One host thread runs it all: a slice of instructions, the events that are due,
 * then what the host has brought (sockets, the operator's terminal) through the event
 * loop.  Nothing here knows what program the machine runs. */
#ifndef S370_MACHINE_H
#define S370_MACHINE_H

#include "dat/storage.h"
#include "s370/cpu/cpu.h"
#include "s370/event.h"

#include <stdbool.h>
#include <stdint.h>

struct channels;
struct uv_loop_s;

enum clock_mode {
    CLOCK_HOST,    /* machine time follows the host's clock */
    CLOCK_VIRTUAL, /* machine time is the instruction count (of several CPUs: their mean), and
                      idle time is skipped */
};

/* The TOD clock at power-on under the virtual clock, as seconds since 1970-01-01 UTC:
 * 1980-01-01 12:00:00. */
#define VIRTUAL_TOD_START INT64_C(315576000)

/* Under the virtual clock an instruction lasts this long (ns). */
#define VIRTUAL_NS_PER_INSTRUCTION 100

#define CPUS_MAX 4

struct machine {
    struct storage storage;
    /* The CPU whose turn it is; between the turns, the one that the operator has selected. */
    struct cpu *cpu;
    struct cpu *cpus[CPUS_MAX]; /* by address; they take turns, a few instructions each */
    unsigned cpu_count;
    unsigned selected;   /* by the operator: index in cpus */
    uint64_t last_clock; /* last value that STORE CLOCK gave, on any CPU */
    struct channels *channels;
    struct event_queue events;
    enum clock_mode clock;
    bool timed_io;               /* devices take the time of their mechanics */
    uint64_t host_origin;        /* host monotonic ns at power-on (CLOCK_HOST) */
    uint64_t idle_ns;            /* skipped in wait states (CLOCK_VIRTUAL) */
    int64_t tod_origin;          /* ns to add to machine time for TOD: since 1900-01-01 UTC */
    uint32_t cpu_serial;         /* that STIDP stores, 24 bits */
    struct uv_loop_s *loop;      /* host event loop; callbacks run between slices */
    struct machine_alarm *alarm; /* wakes the loop at a time; private to machine.c */
    bool loading;                /* an IPL's channel program is running */
    bool held; /* by a debugger: under the virtual clock no time is skipped (but while loading) */
    bool quit;
    int quit_status;
    /* Messages for the machine's operator: full lines without newline. */
    void (*message)(void *context, const char *line);
    void *message_context;
    /* Called from the loop, unless NULL, when the CPU's state is another than at the last
     * call; running and enabled wait count as the same state (CPU_RUNNING). */
    void (*state_changed)(void *context, enum cpu_state state);
    void *state_context;
    enum cpu_state last_state;
};

/* Machine time now, in ns since power-on; moves between instructions only under the
 * virtual clock. */
uint64_t machine_now(const struct machine *m);
/* TOD clock value now (bit 51 = 1 microsecond). */
uint64_t machine_tod(const struct machine *m);
/* The same at machine time `now`, for who has asked the host for it already. */
uint64_t machine_tod_at(const struct machine *m, uint64_t now);
void machine_set_tod(struct machine *m, uint64_t tod);
/* The same with seconds since 1970-01-01 UTC, the host's way to count. */
void machine_set_tod_unix(struct machine *m, int64_t seconds);

/* Prints a message to the machine's operator. */
void machine_message(struct machine *m, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Power-on: storage of `size` bytes, one CPU, no devices, stopped.  NULL with a message on
 * stderr if the host refuses. */
struct machine *machine_create(uint32_t size, enum clock_mode clock);
/* Installs more CPUs, stopped, until there are `count` (at most CPUS_MAX).  False if the host
 * has no memory. */
bool machine_install_cpus(struct machine *m, unsigned count);
void machine_select_cpu(struct machine *m, unsigned address); /* for the operator's commands */
void machine_destroy(struct machine *m);                      /* closes all devices */
/* Runs until machine_quit is called; returns the status given there. */
int machine_run(struct machine *m);
void machine_quit(struct machine *m, int status);

void machine_system_reset(struct machine *m, bool clear);
/* Initial program loading from device `address`; starts the CPU when the channel program
 * ends.  Returns 0 or a message to print (static text). */
const char *machine_ipl(struct machine *m, uint16_t address, bool clear);

#endif

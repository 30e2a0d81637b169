/* MONITOR: what happens in CP, as a stream of records on a tape or in a spool file.
 *
 * At the points worth knowing CP executes MONITOR CALL (GA22-7000, "Monitor Call").  It costs one
 * instruction while the class is off in control register 8; else a program interruption comes, and
 * its handler makes the record (cp/monitor/events.c).  What is looked at once in an interval goes
 * the same way.  A task writes the buffers that are full (cp/monitor/collect.c). */
#ifndef CP_MONITOR_H
#define CP_MONITOR_H

#include "cp/monitor/record.h"
#include "cp/rio.h"
#include "cp/task.h"
#include "spool/writer.h"

#include <stdbool.h>
#include <stdint.h>

struct vmblok;

/* Executes MC `code`(0),`class`.  The event is about *object, whose type the row of the event in
 * events.c says.  Never sleeps.  The interruption overwrites what low storage has of a program
 * interruption: not for where a guest's is still to be read. */
#define MONITOR_CALL(class, code, object)                                                          \
    do {                                                                                           \
        register const void *monitor_object __asm__("2") = (object);                               \
        __asm__ volatile("mc %0(0),%1" : : "i"(code), "i"(class), "d"(monitor_object) : "memory"); \
    } while (0)

/* What RESPONSE events are about. */
struct monitor_line {
    const struct vmblok *vm;
    const char *text; /* NULL: none */
    size_t length;
};
/* ... and INSTSIM's START. */
struct monitor_privop {
    const struct vmblok *vm;
    uint32_t instruction, address;
};

enum monitor_limit { LIMIT_NOSTOP, LIMIT_STOP, LIMIT_SAMPLE };
#define MONITOR_BUFFERS_MAX  10
#define MONITOR_BUFFERS      4
#define MONITOR_INTERVAL     60u /* seconds */
#define MONITOR_INTERVAL_MIN 30u
#define MONITOR_INTERVAL_MAX 32400u
#define MONITOR_SEEK_DEVICES 16
#define MONITOR_NO_TIME      0xffff

/* What MONITOR sets, and what goes on. */
struct monitor {
    uint16_t classes; /* bits of control register 8: MONITOR_BIT */
    uint32_t interval;
    unsigned buffers_wanted;
    char recipient[9];  /* of spool files */
    uint32_t limit;     /* blocks in a spool file; 0: none */
    uint8_t at_limit;   /* enum monitor_limit */
    bool autodisk;      /* begin by itself in the time from ... */
    bool autodisk_task; /* one looks at the clock */
    uint16_t from,
        to; /* ... to: minutes of the day, the same two: always; MONITOR_NO_TIME: never */
    bool begun_by_itself;                /* ... and so it ends by itself */
    uint16_t seek[MONITOR_SEEK_DEVICES]; /* MONITOR SEEKS: addresses ... */
    unsigned seek_count;
    bool seek_excludes; /* ... that are left out; else no others are in */

    /* While it collects. */
    bool active, stopping;
    bool closing;      /* MONITOR CLOSE: when what is full has been written */
    bool sampling;     /* LIMIT SAMPLE: until the next interval nothing is recorded */
    bool failed;       /* the output did */
    char by[9];        /* who began */
    struct rdev *tape; /* NULL: spool */
    uint8_t density;   /* mode set command for the tape; 0: none */
    struct spool_writer writer;
    uint32_t blocks; /* written to the spool file */
    uint8_t *buffer[MONITOR_BUFFERS_MAX];
    unsigned buffers, oldest, full; /* full ones from `oldest` on; the next one is being filled */
    uint32_t suspended;             /* events that found no buffer ... */
    uint64_t suspended_tod;         /* ... since then */
    uint8_t data[MONITOR_DATA];     /* of the record that is being made */
    uint64_t privileged;            /* exits_privileged_time() of the last sample */
    struct clock_request clock;
    bool interval_over;
};
#define MONITOR_BIT(class) ((uint16_t)(0x8000 >> (class)))

/* The structure, made at first use; NULL: no storage. */
struct monitor *monitor_state(void);

/* Begins with what is set: `tape` or, if that is NULL, a spool file.  False: no storage.  May
 * sleep. */
bool monitor_start(const char *by, struct rdev *tape, uint8_t density);
/* Ends, and returns when all has been written; false if the output had failed.  May sleep. */
bool monitor_stop(const char *by);
/* The spool file that is being written goes to its reader, and another one is begun.  May sleep. */
void monitor_close(void);
/* The masks in control register 8 are those that apply now. */
void monitor_set_classes(void);
/* After AUTODISK or TIME: begins and ends by itself.  False: no storage. */
bool monitor_automatic(void);

/* The handler of MONITOR CALL in CP (cp/entry.S). */
void monitor_event(uint32_t class, uint32_t code, const void *object);
/* Makes a record of m->data. */
void monitor_put(struct monitor *m, uint32_t class, uint32_t code, uint32_t length);

#endif

/* A whole machine for the tests of the frame: it runs until a condition holds, which is
 * looked at every millisecond of machine time by an event; what the machine says to its
 * operator is collected. */
#ifndef TESTS_UNIT_MACHINE_FIXTURE_H
#define TESTS_UNIT_MACHINE_FIXTURE_H

#include "s370/arch/ccw.h"
#include "s370/io/channel.h"
#include "s370/machine.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 20000 /* a condition that does not come true by then fails the test */

static struct machine *machine;
static char said[65536]; /* the machine's messages */

static struct {
    struct event event;
    bool (*holds)(void);
    unsigned looks;
} condition;

static void collect(void *context, const char *line)
{
    size_t n = strlen(said);
    snprintf(said + n, sizeof said - n, "%s\n", line);
}

static void look(struct machine *m, struct event *event)
{
    if (condition.holds() || ++condition.looks == PATIENCE_MS)
        machine_quit(m, 0);
    else
        event_schedule(&m->events, event, machine_now(m) + 1000000);
}

/* Runs the machine until the condition holds. */
static inline void run_until(bool (*holds)(void))
{
    condition.holds = holds;
    condition.looks = 0;
    condition.event.happen = look;
    machine->quit = false;
    event_schedule(&machine->events, &condition.event, machine_now(machine));
    machine_run(machine);
    event_cancel(&machine->events, &condition.event);
    ck_assert_msg(condition.looks < PATIENCE_MS, "waited in vain; the machine said:\n%s", said);
}

static inline void fixture_open(enum clock_mode clock)
{
    machine = machine_create(1 << 20, clock);
    ck_assert_ptr_nonnull(machine);
    machine->message = collect;
    said[0] = 0;
}

static inline void fixture_close(void)
{
    machine_destroy(machine);
}

static inline void attach(uint16_t address, const char *type)
{
    ck_assert_ptr_null(device_attach(machine, address, type, 0, NULL));
}

/* Puts hexadecimal digits, blanks between them allowed, into real storage. */
static inline void poke(uint32_t address, const char *hex)
{
    for (; *hex; hex++) {
        char digits[3] = {hex[0], hex[1], 0};
        if (*hex == ' ')
            continue;
        uint8_t byte = (uint8_t)strtoul(digits, NULL, 16);
        ck_assert(storage_poke(&machine->storage, address++, &byte, 1));
        hex++;
    }
}

#endif

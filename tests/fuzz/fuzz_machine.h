/* A machine without a CPU for fuzz targets: storage, channels, events; time is what the
 * target makes it.  Stands in for machine.c and the CPU. */
#ifndef TESTS_FUZZ_FUZZ_MACHINE_H
#define TESTS_FUZZ_FUZZ_MACHINE_H

#include "s370/arch/ccw.h"
#include "s370/arch/control.h"
#include "s370/io/channel.h"
#include "s370/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct machine machine;
static uint64_t fuzz_now;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

uint64_t machine_now(const struct machine *m)
{
    (void)m;
    return fuzz_now;
}

void machine_message(struct machine *m, const char *format, ...)
{
    (void)m, (void)format;
}

uint32_t cpu_prefix(const struct cpu *cpu)
{
    (void)cpu;
    return 0;
}

static struct cpu_state_regs fuzz_regs;

struct cpu_state_regs *cpu_regs(struct cpu *cpu)
{
    (void)cpu;
    return &fuzz_regs;
}

void cpu_io_pending(struct cpu *cpu)
{
    (void)cpu;
}

static inline void machine_on(uint32_t size)
{
    memset(&machine, 0, sizeof machine);
    if (!storage_init(&machine.storage, size))
        abort();
    fuzz_regs.cr[0] = CR0_BLOCK_MULTIPLEX;
    machine.channels = channels_create(&machine);
}

static inline void machine_off(void)
{
    channels_destroy(machine.channels);
    storage_free(&machine.storage);
}

static inline void attach(uint16_t address, const char *type, int argc, char **argv)
{
    const char *wrong = device_attach(&machine, address, type, argc, argv);
    if (wrong) {
        fprintf(stderr, "%s\n", wrong);
        abort();
    }
}

/* Lets at most `limit` events happen; interruptions are taken as they come. */
static inline void run_events(unsigned limit)
{
    uint16_t address;
    while (machine.events.first && limit-- > 0) {
        fuzz_now = machine.events.first->when;
        struct event *event = event_take(&machine.events, fuzz_now);
        event->happen(&machine, event);
        while (channel_take_interrupt(&machine, 0xffffffff, &address))
            ;
    }
}

#endif
